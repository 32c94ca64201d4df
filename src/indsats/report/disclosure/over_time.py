"""What earlier releases and a new one tell together: the same thing counted twice, and periods that share an end."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from indsats.figure import Unit

from .graph import EARLIER, UNSEEN, Graph, Quantities, Quantity, Sum, close
from .log import Rule
from .needs import Need, counts_in, is_rounded
from .releases import Release

REST = f"{UNSEEN}-"
"""What the ids of rests between two periods begin with: they follow from figures, and are never kept."""

_EPS = 1e-6
_PERIOD = re.compile(r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")
_DAY = timedelta(days=1)

Difference = tuple[str, str, str, tuple[tuple[Quantity, float], ...]]
"""A small count that two numbers leave: figure, part, the release it follows from, and the parts with their signs."""


@dataclass
class Past:
    """Earlier releases laid into the quantities of new documents.

    ``told`` is what the releases showed: 0 exactly, else the base it was rounded to. ``sums`` are further lines,
    ``differences`` what has to be judged once the nodes are numbered.
    """

    releases: Sequence[Release]
    told: dict[Quantity, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def lay_into(self, quantities: Quantities, adds_up: Mapping[str, str], threshold: int) -> None:
        """Add the releases' figures and lines, make equal what is equal, and find small differences.

        ``adds_up`` are those of the new figures that count what happened in a period, with the period where their id
        does not end with it.
        """
        same: dict[str, list[str]] = defaultdict(list)
        over: dict[str, list[str]] = defaultdict(list)
        for key in [key for key in quantities.parts if not key.startswith(UNSEEN)]:
            same[_thing(key, adds_up.get(key, ""))].append(key)
            if key in adds_up:
                over[key.rpartition("/")[0]].append(key)
        for release in self.releases:
            for figure in release.figures:
                key = _key(release, figure.id)
                parts = dict(figure.parts)
                quantities.add(key, figure.unit, parts)
                for part in parts if figure.shown else ():
                    if part.removeprefix("x:") not in figure.few or not part.startswith("x:"):
                        rounded = is_rounded(figure.unit, part)
                        self.told[key, part] = (release.rounding or 0) if rounded else 0
                if not figure.id.startswith(UNSEEN):
                    same[_thing(figure.id, figure.period)].append(key)
                    if figure.adds_up:
                        over[figure.id.rpartition("/")[0]].append(key)
            for first, *rest in ([_of(release, one) for one in group] for group in release.same):
                for other in rest:
                    quantities.link(first, other)
            self.sums += [
                (_of(release, total), tuple(_of(release, part) for part in parts))
                for total, parts in release.sums
            ]
        for keys in same.values():
            self._same_thing(keys, quantities, threshold)
        for keys in over.values():
            self._periods(keys, quantities, threshold, same)

    def needs(self, graph: Graph) -> Iterator[Need]:
        """What was kept unknown has to stay so, and small differences have to be."""
        for release in self.releases:
            for kept in release.kept:
                terms = tuple((graph.node[_of(release, one)], sign) for one, sign in kept.terms)
                figure = f"{EARLIER}{release.name}:{kept.figure}"
                yield Need(
                    figure,
                    kept.part,
                    "earlier release",
                    terms,
                    kept.margin,
                    at_once=False,
                    release=release.name,
                )
        for figure, part, release, signs in self.differences:
            terms = tuple((graph.node[one], sign) for one, sign in signs)
            rule: Rule = "earlier release" if release else "small count"
            yield Need(figure, part, rule, terms, at_once=False, release=release)

    def _same_thing(self, keys: list[str], quantities: Quantities, threshold: int) -> None:
        """The same figure in several releases: equal numbers are one, and a small difference is a small count."""
        for one, other in combinations(keys, 2):
            common = [part for part in quantities.parts[one] if part in quantities.parts[other]]
            for part in common:
                if close(quantities.true((one, part)), quantities.true((other, part))):
                    quantities.link((one, part), (other, part))
            for part, signs in counts_in(quantities.unit[one], common):
                change = tuple(
                    ((key, name), sign * way)
                    for key, way in ((one, 1.0), (other, -1.0))
                    for name, sign in signs
                )
                number = sum(sign * quantities.true(quantity) for quantity, sign in change)
                if _EPS < abs(number) < threshold - _EPS:
                    self.differences.append((one, part, _release_of(other), change))

    def _periods(
        self, keys: list[str], quantities: Quantities, threshold: int, same: dict[str, list[str]]
    ) -> None:
        """Two periods that share an end leave a third, which counts too."""
        spans = [(span, key) for key in keys if (span := _span(key)) is not None]
        for (span, key), (other_span, other) in combinations(spans, 2):
            if span == other_span:
                continue
            (long, whole), (short, part) = (
                ((span, key), (other_span, other))
                if _days(span) > _days(other_span)
                else ((other_span, other), (span, key))
            )
            rest = _rest(long, short)
            if rest is not None:
                self._leave(whole, part, rest, quantities, threshold, same)

    def _leave(
        self,
        whole: str,
        part: str,
        rest: tuple[date, date],
        quantities: Quantities,
        threshold: int,
        same: dict[str, list[str]],
    ) -> None:
        unit: Unit = quantities.unit[whole]
        left = {
            one: number - quantities.true((part, one))
            for one, number in quantities.parts[whole].items()
            if quantities.has((part, one)) and number > quantities.true((part, one)) - _EPS
        }
        key = f"{REST}{whole}-{part}"
        quantities.add(key, unit, left)
        stem = _plain(whole).rpartition("/")[0]
        for one, number in left.items():
            self.sums.append(((whole, one), ((part, one), (key, one))))
            for shown in same.get(f"{stem}/{rest[0]}..{rest[1]}", ()):
                if quantities.has((shown, one)) and close(quantities.true((shown, one)), number):
                    quantities.link((shown, one), (key, one))
        release = _release_of(part) or _release_of(whole)
        for name, signs in counts_in(unit, left):
            if _EPS < sum(sign * left[one] for one, sign in signs) < threshold - _EPS:
                terms = tuple(((key, one), sign) for one, sign in signs)
                self.differences.append(
                    (whole if release == _release_of(part) else part, name, release, terms)
                )


def _thing(figure: str, period: str) -> str:
    """What a figure counts: two of the same are compared."""
    return f"{figure}/{period}" if period else figure


def has_period(figure: str) -> bool:
    """Whether the id of a figure ends with the period it is about."""
    return _span(figure) is not None


def _key(release: Release, figure: str) -> str:
    return f"{EARLIER}{release.name}:{figure}"


def _of(release: Release, quantity: Quantity) -> Quantity:
    return _key(release, quantity[0]), quantity[1]


def _release_of(key: str) -> str:
    """The name of the release a figure is of; empty for a new one."""
    return key.removeprefix(EARLIER).partition(":")[0] if key.startswith(EARLIER) else ""


def _plain(key: str) -> str:
    """A figure's own id."""
    return key.partition(":")[2] if key.startswith(EARLIER) else key


def _span(key: str) -> tuple[date, date] | None:
    found = _PERIOD.match(key.rpartition("/")[2])
    return None if found is None else (date.fromisoformat(found[1]), date.fromisoformat(found[2]))


def _days(span: tuple[date, date]) -> int:
    return (span[1] - span[0]).days


def _rest(long: tuple[date, date], short: tuple[date, date]) -> tuple[date, date] | None:
    """What a longer period holds beside a shorter one that begins, or ends, with it."""
    if long[0] == short[0] and short[1] < long[1]:
        return short[1] + _DAY, long[1]
    if long[1] == short[1] and long[0] < short[0]:
        return long[0], short[0] - _DAY
    return None
