"""What the tiny definition asks about mood, as an earlier edition, and lines of it for tests to change."""

from __future__ import annotations

from tiny_definition import FILES

WORK = "      work: {title: {da: Arbejde, en: Work}, source: L10}\n"
SUM = "combine: sum, at_least: 2, source: L27"
SCALE = "    scale: {low: 1, high: 3}\n    items:\n      home"
RATERS = "    raters: [caseworker]\n    cadence: asking\n"

_CASEWORK = FILES["casework.yaml"]
_MOOD = _CASEWORK[_CASEWORK.index("    scale: {low: 1, high: 3}\n") : _CASEWORK.index(RATERS)]
_REST = _CASEWORK[_CASEWORK.index("    scores:\n      sum") :]
FIRST = "".join(f"    {line}\n" for line in (_MOOD + _REST).rstrip().split("\n"))
"""What the tiny definition asks, as it stands under ``earlier``."""
KEPT = f"    edition: second\n    earlier:\n      first:\n        until: 2016-12-31\n        source: L10\n{FIRST}"
