"""A figure: a value that carries the numerator, denominator and exclusions it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal[
    "count", "share", "points", "mean", "rate", "monthly", "weeks", "amount", "number", "p", "change"
]
Status = Literal["met", "near", "not_met", "too_few", "not_measurable"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it is made of.

    ``id`` is stable and unique in a run (``indicator/no-shows/north/2016-01-01..2016-06-30``). ``value`` is a
    share between 0 and 1 for unit ``share``, a count for ``count``, a difference of shares (0.02 is two percentage
    points) for ``points``, a share of the enrolled per month for ``monthly``, events per open day for ``rate``. For
    ``change`` it is what came to be as a share of what was before (2.0 is shown as +200 %): ``numerator`` counts
    people after, ``denominator`` people before, ``value == numerator / denominator - 1``. For shares
    ``value == numerator / denominator``; it is ``None`` when the denominator is zero or the number
    cannot be known yet. ``excluded`` counts, by reason, the rows that left the denominator. ``low`` and
    ``high`` bound a 95 % interval where there is one.
    ``made_from`` names the figures this one was computed from: when one of them may not be shown, neither may
    this one, because it would give the other away. ``given`` marks a number that was set, such as a fixed
    target, and not observed in people. ``of: places`` counts sites and not people, such as the mean of what sites
    answered about how they work: it may be shown however few they are. ``largest`` are the largest contributions of
    single persons (or firms) to a sum, largest first: a sum that one or two of them dominate is not told. ``decimals``
    are those it is told with; left out they follow the unit.
    """

    id: str
    value: float | None
    unit: Unit
    numerator: float | None = None
    denominator: float | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    p: float | None = None
    method: str = ""
    made_from: tuple[str, ...] = ()
    given: bool = False
    of: Literal["people", "places"] = "people"
    largest: tuple[float, ...] = ()
    decimals: int | None = None

    @classmethod
    def share(cls, id: str, numerator: float, denominator: float, **rest: object) -> Figure:
        """A share whose value follows from its parts; no value when the denominator is zero."""
        value = numerator / denominator if denominator else None
        return cls(id, value, "share", numerator, denominator, **rest)  # type: ignore[arg-type]

    @classmethod
    def count(cls, id: str, number: float, **rest: object) -> Figure:
        """A count: value and numerator are the same number."""
        return cls(id, float(number), "count", float(number), **rest)  # type: ignore[arg-type]
