"""Tells that one text became another, long ones by where they differ."""

from __future__ import annotations

from indsats.language import Lang

from .phrases import pick


def from_to(one: str, other: str, lang: Lang) -> str:
    """``ændret fra … til …``, ``changed from … to …``."""
    return pick(lang, f"ændret fra {one} til {other}", f"changed from {one} to {other}")


LONG = 70
"""Letters; longer texts are told by where they differ."""


def where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two texts shortened to where they part and meet again, with some words on both sides."""
    if max(len(one), len(other)) <= LONG:
        return one, other
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, one.rfind(" ", 0, max(0, start - 15)) + 1)
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    rest = text[start:]
    if len(rest) > LONG:
        rest = rest[:LONG].rsplit(" ", 1)[0] + " …"
    return ("… " if start else "") + rest
