"""What was hidden and why: for those who make a report, never for those who read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..document import Document, ProtectedFigure

Rule = Literal[
    "small count",
    "rest of a share",
    "zero",
    "everybody",
    "dominance",
    "close",
    "complementary",
    "made_from",
    "curve",
    "earlier release",
    "rounding",
    "given away",
]


@dataclass(frozen=True, slots=True)
class Hidden:
    """One thing that is not shown: a figure, or (``part`` begins with ``excluded:``) one number beside it.

    ``part`` is what the rule looked at: ``numerator``, ``denominator``, ``rest`` (denominator less numerator),
    ``excluded: <reason>`` or ``value``. ``because`` is the id of the figure it is hidden for, where that is another,
    or the name of the earlier release. Rule ``given away`` is nothing hidden: releases that are out already tell
    together what is behind this figure, and nothing can be done about it.
    """

    figure: str
    part: str
    rule: Rule
    because: str = ""


def log_csv(log: Iterable[Hidden]) -> str:
    """The log as CSV text with a heading, in its own order.

    It has no numbers, but tells which cells are small and which only stand in for them. Whoever holds it beside the
    report knows more than the report tells: it stays where the facts are.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("figure", "part", "rule", "because"))
    writer.writerows((one.figure, one.part, one.rule, one.because) for one in log)
    return target.getvalue()


def part_name(part: str) -> str:
    """A part of a figure in words."""
    if part.startswith("x:"):
        return f"excluded: {part.removeprefix('x:')}"
    return {"n": "numerator", "d": "denominator", "r": "rest", "v": "value"}[part]


def kept(document: Document) -> tuple[int, int]:
    """How many figures of a protected document are shown, and how many there are in all; each id counts once.

    Raises ``ValueError`` for a document that is not protected.
    """
    if not document.protected:
        raise ValueError("protect the document before asking what of it is kept")
    figures = document.figures()
    hidden = sum(isinstance(figure, ProtectedFigure) and figure.hidden for figure in figures.values())
    return len(figures) - hidden, len(figures)
