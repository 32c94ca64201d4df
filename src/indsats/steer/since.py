"""Why an indicator is another number than in the report before: its change taken apart by cause, to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, get_args

import polars as pl

from indsats.figure import Figure
from indsats.figure import Unit as Measure
from indsats.programme import Period, Programme
from indsats.record import ARRIVALS, Facts, Record, compare_views, last_day_looked_at

from .indicators import counted, figure_id, level
from .selection import Scope

Cause = Literal["unexplained", "late", "late_people", "corrected", "rules", "since", "new_people"]
"""``unexplained``: the record no longer gives what the last report said. ``rules``: another version of the definition.
``since``: the period moved on, and what has happened since to those known. The others are as ``Arrival``."""

ORDER: tuple[Cause, ...] = get_args(Cause)[1:]
"""The causes in the order they are taken in. The sum is the same in any order, the parts are not."""

_SIGNED: Mapping[Measure, Measure] = {"share": "points", "monthly": "points", "change": "points"}
"""The unit of a difference; where nothing is named it is a plain number."""


@dataclass(frozen=True)
class Frozen:
    """A report as it stands: its period, what was known, the definition it was made by and the day data reached to.

    Facts are never overwritten, so its figures can be made again at any time. ``written`` holds those it printed, by
    id: where they cannot be made again, that is told. ``known`` is a time with its zone, or None for everything
    recorded. ``through`` follows from the facts when left out. ``definition`` is the content hash of the definition it
    was made by, where that was written.
    """

    period: Period
    known: datetime | None
    programme: Programme
    through: date | None = None
    written: Mapping[str, Figure] = field(default_factory=dict)
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one cause did. ``level`` is the indicator with this cause and those before it taken in.

    ``change`` is how far the cause moved it: in ``points`` for shares, else in the indicator's own unit; its
    ``denominator`` is how many persons it rests on. No value when either report has none. ``facts`` is the number of
    facts that differ by this cause, of whatever kind, everywhere.
    """

    cause: Cause
    change: Figure
    level: Figure
    facts: Figure


@dataclass(frozen=True, slots=True)
class Since:
    """An indicator in the report before and now, and the steps between. ``change`` is the sum of theirs."""

    indicator: str
    before: Figure
    after: Figure
    change: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Passage:
    """The way from one report to the next: a view of the facts for each cause taken in, made once for all indicators.

    ``start`` is the report before, the last of ``steps`` the present one.
    """

    start: State
    steps: tuple[tuple[Cause, State], ...]
    written: Mapping[str, Figure]
    stem: str
    same_period: bool
    facts: Mapping[str, int]

    def of(self, indicator_id: str, *, unit: str | None = None, site: str | None = None) -> Since:
        """The indicator's change, of a unit, a site or everywhere.

        Raises KeyError for an indicator the present definition does not have.
        """
        return _since(self, indicator_id, Scope.of(unit, site))


@dataclass(frozen=True)
class State:
    """The facts with some causes taken in, and the period they are asked about."""

    facts: Facts
    period: Period


def since(
    record: Record,
    indicator_id: str,
    before: Frozen,
    after: Frozen,
    *,
    unit: str | None = None,
    site: str | None = None,
    order: Sequence[Cause] = ORDER,
) -> Since:
    """The change of an indicator from the report ``before`` to ``after``, by cause; the steps add up to it exactly.

    Each step is the difference between two views of the record that differ by one cause alone (``Passage``). ``order``
    is a convention: what a cause is given depends on what was taken in before it where causes work on the same persons.
    Raises KeyError for an unknown indicator, ValueError when ``before`` knew more than ``after``, or when ``order`` is
    not that of all causes.
    """
    return passage(record, before, after, order=order).of(indicator_id, unit=unit, site=site)


def passage(record: Record, before: Frozen, after: Frozen, *, order: Sequence[Cause] = ORDER) -> Passage:
    """The views between two reports of one record. Errors as ``since``."""
    if before.known is None or (after.known is not None and before.known > after.known):
        raise ValueError(
            "the report before must have known no more than the present one, at a time that is told"
        )
    return passage_between(
        seen_by(record, before),
        before.period,
        seen_by(record, after),
        after.period,
        written=before.written,
        order=order,
    )


def seen_by(record: Record, report: Frozen) -> Facts:
    """The facts a report was made from, in the version of the definition it was made by."""
    view = record.under(report.programme).as_of(report.known)
    return view if report.through is None else replace(view, through=report.through)


def passage_between(
    then: Facts,
    first: Period,
    now: Facts,
    second: Period,
    *,
    written: Mapping[str, Figure] | None = None,
    order: Sequence[Cause] = ORDER,
) -> Passage:
    """The views between two views of facts, each asked about its own period.

    They may be two extracts of which nobody kept the versions: what differs by id is compared by what it says.
    """
    if sorted(order) != sorted(ORDER):
        raise ValueError(f"the order must name each of {', '.join(ORDER)} once")
    found = compare_views(then, now, last_day_looked_at(then, first.last))
    steps: list[tuple[Cause, State]] = []
    taken: set[Cause] = set()
    for cause in order:
        taken.add(cause)
        read_by, last_day = (
            (now if "rules" in taken else then).programme,
            (now if "since" in taken else then).last_day,
        )
        view = found.view([one for one in ARRIVALS if one in taken], read_by, last_day)
        steps.append((cause, State(view, second if "since" in taken else first)))
    # With every cause taken in the view is the present one: the figures then are those of the report itself.
    steps[-1] = (steps[-1][0], State(now, second))
    counts = dict(found.arrived.group_by("arrival").len().iter_rows())
    at = then.known.strftime("%Y%m%dT%H%M%S%f") if then.known is not None else "extract"
    stem = f"{first.first}..{first.last}@{at}/{second.first}..{second.last}"
    return Passage(State(then, first), tuple(steps), written or {}, stem, first == second, counts)


def _since(way: Passage, indicator_id: str, scope: Scope) -> Since:
    made = _level(way.start, indicator_id, scope)
    after = _level(way.steps[-1][1], indicator_id, scope)
    if after is None:
        raise KeyError(indicator_id)
    stem = f"since/{indicator_id}/{scope.label}/{way.stem}"
    printed = way.written.get(figure_id("indicator", indicator_id, way.start.period, scope))
    if printed is not None and (made is None or _same(printed, made)):
        printed = None
    first = printed or made or Figure(after.id, None, after.unit)
    total = f"{stem}/change"
    # Of one period told twice, the last report's number and today's give the change away between them.
    tied = (total,) if way.same_period else ()
    before = replace(first, id=f"{stem}/before", made_from=(*first.made_from, *tied))
    ends = (before.id, after.id)
    steps: list[Step] = []
    if printed is not None and made is not None:
        basis = _least(printed, made, None)
        steps.append(_step("unexplained", stem, printed, made, basis, ends, 0))
    earlier, was = way.start, made
    for cause, state in way.steps:
        is_now = _level(state, indicator_id, scope)
        persons = _moved(earlier, state, indicator_id, scope)
        # What another month brings is told by how many persons it tells of, not by how near the two months are.
        moved_on = cause == "since" and not way.same_period
        basis = persons if moved_on else _least(was, is_now, persons)
        steps.append(_step(cause, stem, was, is_now or after, basis, ends, way.facts.get(cause, 0)))
        earlier, was = state, is_now
    steps = _carried(steps, before, after)
    value = None if before.value is None or after.value is None else after.value - before.value
    basis = sum(step.change.denominator or 0.0 for step in steps)
    change = _difference(total, value, after, basis, ends)
    return Since(indicator_id, before, after, change, tuple(steps))


def _level(state: State, indicator_id: str, scope: Scope) -> Figure | None:
    """The indicator in a view; none where its definition did not have it."""
    if indicator_id not in state.facts.programme.indicators:
        return None
    return level(state.facts, indicator_id, state.period, scope)


def _step(
    cause: Cause,
    stem: str,
    was: Figure | None,
    is_now: Figure,
    basis: float,
    ends: tuple[str, ...],
    facts: int,
) -> Step:
    value = None if was is None or was.value is None or is_now.value is None else is_now.value - was.value
    name = f"{stem}/{cause}"
    change = _difference(name, value, is_now, basis, ends)
    told = Figure.count(f"{name}/facts", facts, made_from=(name,))
    return Step(cause, change, replace(is_now, id=f"{name}/level"), told)


def _difference(
    name: str, value: float | None, level: Figure, basis: float, made_from: tuple[str, ...]
) -> Figure:
    unit = _SIGNED.get(level.unit, "number")
    return Figure(name, value, unit, None, basis, made_from=made_from, of=level.of, method="change")


def _carried(steps: list[Step], before: Figure, after: Figure) -> list[Step]:
    """The steps told from the last level that could be told: where one view has no value the next is held against the
    one before it, so that the sum stays whole. Without a value at either end no cause can be told from another."""
    if before.value is None or after.value is None:
        return [replace(step, change=replace(step.change, value=None)) for step in steps]
    told: list[Step] = []
    last = before.value
    for step in steps:
        value = step.level.value
        moved = None if value is None else value - last
        last = last if value is None else value
        told.append(replace(step, change=replace(step.change, value=moved)))
    return told


def _same(one: Figure, other: Figure) -> bool:
    pairs = ((one.value, other.value), (one.numerator, other.numerator), (one.denominator, other.denominator))
    return all(
        a == b if a is None or b is None else abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b)) for a, b in pairs
    )


def _least(was: Figure | None, is_now: Figure | None, persons: float | None) -> float:
    """The fewest a difference tells of: the persons it rests on, or what numerator, denominator or the rest moved by.

    Six persons registered late of whom one had missed a meeting would tell of that one.
    """
    told = [] if persons is None else [persons]
    if was is not None and is_now is not None:
        unit = is_now.unit
        n, d = (
            abs((getattr(is_now, part) or 0.0) - (getattr(was, part) or 0.0))
            for part in ("numerator", "denominator")
        )
        if unit in ("count", "share", "rate", "monthly", "change"):
            told.append(n)
        if unit in ("share", "mean", "change"):
            told.append(d)
        if unit == "share":
            told.append(abs(_rest(is_now) - _rest(was)))
    return float(min((number for number in told if number > 1e-9), default=0.0))


def _rest(figure: Figure) -> float:
    return (figure.denominator or 0.0) - (figure.numerator or 0.0)


def _moved(earlier: State, state: State, indicator_id: str, scope: Scope) -> float:
    """How many persons count otherwise in one view than in the other: in the numerator or in what it is divided by."""
    sides = [
        _shares_of(one, indicator_id, scope)
        for one in (earlier, state)
        if indicator_id in one.facts.programme.indicators
    ]
    if len(sides) < 2:
        return float(sides[0].height) if sides else 0.0
    both = sides[0].join(sides[1], on="who", how="full", coalesce=True, suffix="_now")
    differs = pl.any_horizontal(
        (pl.col(name).fill_null(0.0) - pl.col(f"{name}_now").fill_null(0.0)).abs() > 1e-9
        for name in ("n", "d", "e")
    )
    return float(both.filter(differs).height)


def _shares_of(state: State, indicator_id: str, scope: Scope) -> pl.DataFrame:
    """What each person adds to an indicator: ``who``, ``n``, ``d`` and ``e``, the time or amount it is divided by.

    What is about no person is its key's, its place's or its own.
    """
    made = counted(state.facts, indicator_id, state.period)
    within = made if scope.everywhere else made.within(scope.holds)
    who = pl.coalesce("person", "key", "fact", "site").fill_null("")
    rows = (
        within.rows.filter(pl.col("reason").is_null())
        .group_by(who=who)
        .agg(pl.col("n").sum(), pl.col("d").sum())
    )
    if within.exposure is None:
        return rows.with_columns(e=pl.lit(0.0))
    time = (pl.col("stop") - pl.col("start")).dt.total_days().cast(pl.Float64)
    exposed = within.exposure.group_by(who=pl.coalesce("person", "site").fill_null("")).agg(
        e=pl.coalesce(time, "amount").sum()
    )
    return rows.join(exposed, on="who", how="full", coalesce=True)
