"""The Markdown a report is written in: its headings, its prose, and what is put in between and within.

Headings are lines that begin with ``#`` to ``###``. A line of its own ``{{ block: NAME }}`` puts in a block. In
prose ``{{ NAME }}`` stands for a number, a field or something the report knows of itself, and ``{{ ref: NAME }}`` for
what the first table of a block is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

InsertKind = Literal["block", "table", "findings"]
"""The whole of a block, its tables alone, or what its numbers say in sentences."""

BUILT_IN = ("programme", "version", "first", "last", "cut_off", "site", "threshold")
"""What every report knows of itself: title and version of the definition, first and last day of the period, the time
up to which registrations are known, the site of a letter, and the smallest count that is shown."""

_HEADING = re.compile(r"^(#{1,3})\s+(.*?)\s*#*\s*$")
_INSERT = re.compile(r"^\s*\{\{\s*([a-z_]+)\s*:\s*([a-z0-9][a-z0-9_-]*)\s*\}\}\s*$")
SLOT = re.compile(r"\{\{\s*(?:(ref)\s*:\s*)?([a-z0-9][a-z0-9_.-]*)\s*\}\}")
"""A slot in prose: group 1 is ``ref`` for the name of a table, group 2 what it stands for."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``offset`` counts characters from the start of the file, here and below."""

    level: int
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph or a list, as Markdown."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Insert:
    """A block that is put in; ``kind`` is what was written, known or not."""

    kind: str
    name: str
    offset: int

    @property
    def known(self) -> bool:
        """Whether the kind is one there is."""
        return self.kind in get_args(InsertKind)


Element = Heading | Prose | Insert


def parse_template(text: str) -> tuple[Element, ...]:
    """The elements of a template in order. A blank line ends a paragraph; one between points of a list does not."""
    return tuple(_joined(_elements(text)))


def _elements(text: str) -> Iterator[Element]:
    lines: list[str] = []
    began = offset = 0
    for line in [*text.splitlines(keepends=True), ""]:
        heading, insert = _HEADING.match(line.rstrip()), _INSERT.match(line)
        if (not line.strip() or heading or insert) and lines:
            yield Prose("".join(lines).strip(), began)
            lines = []
        if heading:
            yield Heading(len(heading.group(1)), heading.group(2), offset)
        elif insert:
            yield Insert(insert.group(1), insert.group(2), offset)
        elif line.strip():
            began = offset if not lines else began
            lines.append(line)
        offset += len(line)


_POINT = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+")


def _joined(elements: Iterator[Element]) -> Iterator[Element]:
    """Points of one list that stand with blank lines between them are one list."""
    before: Prose | None = None
    for one in elements:
        both = isinstance(one, Prose) and before is not None
        if (
            both
            and isinstance(one, Prose)
            and before
            and _POINT.match(one.text)
            and _POINT.match(before.text)
        ):
            before = Prose(f"{before.text}\n{one.text}", before.offset)
            continue
        if before is not None:
            yield before
        before = one if isinstance(one, Prose) else None
        if before is None:
            yield one
    if before is not None:
        yield before


def slots(text: str) -> Iterator[tuple[bool, str, int]]:
    """The slots of a prose: whether it names a table, what it stands for, and where it begins in the text."""
    for found in SLOT.finditer(text):
        yield found.group(1) is not None, found.group(2), found.start()
