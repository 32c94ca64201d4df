"""The attack on protected documents: what a reader who subtracts finds out about the counts that are hidden.

For every hidden count the smallest and the largest whole number that agree with all that is shown, by linear and,
where the answer is no whole number, integer programming (HiGHS): the intruder of Fischetti and Salazar (2001). The
attack knows no true number and shares no code with what protects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from ..document import Document
from .intruder import ranges
from .reader import (
    Reader,
    contradicted,
    counts_people,
    figures,
    kind_of,
    read,
    rest_of,
    shown_parts,
    split_period,
)

How = Literal["sums", "difference"]
_ROUNDED = 3
"""Whole numbers that must stay possible where counts are rounded."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A count that a reader can pin down to fewer than t whole numbers, one of them small.

    ``part`` is ``n`` (numerator or count), ``d`` (denominator), ``rest`` (what is left of the denominator) or
    ``x:<reason>`` (rows left out). ``low`` and ``high`` are the smallest and the largest number possible; for the sum
    behind a mean or an amount, the sum itself. ``how`` is ``sums`` within what is shown of one day, or ``difference``
    between two documents; there the count is of those between the two.
    """

    figure: str
    part: str
    low: float
    high: float
    how: How


def attack(documents: Sequence[Document], *, threshold: int | None = None) -> tuple[Found, ...]:
    """What a reader of all these protected documents can find out that the threshold forbids, sorted.

    ``threshold`` t is the documents' highest when left out. A hidden count with fewer than t possible whole numbers is
    a finding (fewer than 3 where counts are rounded), unless all of them are t or more, or it can only be zero and the
    rules show zeros. A sum behind a mean is one when it is known exactly. So are small differences between what two
    documents show of one thing, and between periods that share an end.

    A reader may be wrong: sums that nobody named are those that hold wherever all their numbers are shown, and a
    total that counts each person once may look like one of them. Nothing is assumed about why a number is hidden.
    Raises ``ValueError`` for a document that is not protected.
    """
    if any(not document.protected for document in documents):
        raise ValueError("attack what leaves: protect the document first")
    t = max((document.threshold for document in documents), default=0) if threshold is None else threshold
    if t <= 1:
        return ()
    found: set[Found] = set()
    for view in _views(documents):
        rounded = any(document.rules.rounding for document in view)
        zeros = any(document.rules.zeros == "hide" for document in view)
        found |= _by_sums(read(view), t, _ROUNDED if rounded else t, zeros=zeros)
    known = {(one.figure, one.part) for one in found}
    for first, second in combinations(documents, 2):
        if first.programme == second.programme and not (first.rules.rounding or second.rules.rounding):
            apart = _by_difference(first, second, t)
            found |= {one for one in apart if (one.figure, one.part) not in known}
    return tuple(sorted(found))


def _shown(document: Document) -> dict[tuple[str, str], float]:
    """Counts of people by figure and part, what is left of a share too."""
    found: dict[tuple[str, str], float] = {}
    for figure in figures(document):
        if not counts_people(figure):
            continue
        parts = {part: number for part, number in shown_parts(figure).items() if number is not None}
        found |= {(figure.id, part): n for part, n in parts.items() if kind_of(figure, part) == "people"}
        if figure.unit == "share" and {"n", "d"} <= parts.keys():
            found[figure.id, "rest"] = parts["d"] - parts["n"]
    return found


def _views(documents: Sequence[Document]) -> list[list[Document]]:
    """All documents of a programme together and, where they contradict each other, each for itself as well: a reader
    who takes a number of one day for that of another may be wrong."""
    by_programme: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_programme[document.programme].append(document)
    views = list(by_programme.values())
    return views + [[document] for view in views if contradicted(view) for document in view]


def _by_sums(reader: Reader, t: int, least: int, *, zeros: bool) -> set[Found]:
    found: set[Found] = set()
    for (node, less), (low, high) in ranges(reader, least).items():
        figure, part = reader.quantities[node]
        if reader.kind[node] == "sum":
            found.add(Found(figure, part, low, high, "sums"))
        elif low < t and (high > 0 or zeros):
            found.add(Found(figure, "rest" if less is not None else part, low, high, "sums"))
    return found


def _by_difference(first: Document, second: Document, t: int) -> set[Found]:
    """Small differences between what two documents show of the same thing, and of periods that share an end."""
    one, other = _shown(first), _shown(second)
    found: set[Found] = set()
    for key in one.keys() & other.keys():
        if 0 < (apart := abs(one[key] - other[key])) < t:
            found.add(Found(*key, apart, apart, "difference"))
    adds_up = first.adds_up | second.adds_up
    periods: dict[str, list[tuple[date, date, float]]] = defaultdict(list)
    for (figure, part), number in other.items():
        if part == "n" and figure in adds_up and (split := split_period(figure)):
            periods[split[0]].append((*split[1:], number))
    for (figure, part), number in one.items():
        if part != "n" or figure not in adds_up or (split := split_period(figure)) is None:
            continue
        name, *period = split
        mine = period[0], period[1]
        for start, end, theirs in periods[name]:
            rest = rest_of(mine, (start, end)) or rest_of((start, end), mine)
            if rest is not None and 0 < (apart := abs(number - theirs)) < t:
                found.add(Found(f"{name}/{rest[0]}..{rest[1]}", "n", apart, apart, "difference"))
    return found
