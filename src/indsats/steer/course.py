"""The course: how many come in each month, how far they come on the way from draw to exit, and how long it takes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from indsats.evaluate import kaplan_meier, median_time
from indsats.figure import Figure
from indsats.programme import CourseStep, Period

from .course_rows import course_left_out, course_rows, started_step, taken_by_enrolment
from .selection import Scope, counted

if TYPE_CHECKING:
    from indsats.record import Facts

Grain = Literal["month", "quarter", "year"]
_MONTHS: Final[Mapping[Grain, int]] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """How many came in the days of ``span``, and how many had come by its last day since the data begin.

    ``entered`` are those who came to the first step, none where that is the enrolment itself.
    """

    span: Period
    enrolled: Figure
    enrolled_so_far: Figure
    entered: Figure | None = None
    entered_so_far: Figure | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """What became of a step by the end of the period, among all courses begun by then.

    ``reached`` counts courses with a fact of the step; ``came_in`` those of them without a step before it, ``came_on``
    the others. ``share`` is told of those who could have come on to it, having been at a step before: they did, went
    ``past`` it to a later step, have ``left`` (for a step that ``leaves``: by another way out), or are
    ``under_way``. ``wait`` is the median number of days by Kaplan-Meier with its 95 % interval, ``arrived`` the plain
    median of those who came; both are None for a step that ``leaves``, which nobody waits for.
    """

    step: str
    leaves: bool
    reached: Figure
    came_in: Figure
    came_on: Figure
    share: Figure
    past: Figure
    left: Figure
    under_way: Figure
    wait: Figure | None
    arrived: Figure | None


@dataclass(frozen=True, slots=True)
class Course:
    """Intake in each span of a period, in all and per month; and the steps, in the order of the definition."""

    intake: tuple[IntakeRow, ...]
    enrolled: Figure
    enrolled_per_month: Figure
    entered: Figure | None
    entered_per_month: Figure | None
    steps: tuple[StepRow, ...]


def course(
    facts: Facts,
    period: Period,
    *,
    unit: str | None = None,
    site: str | None = None,
    by: Grain = "month",
) -> Course:
    """The flow of people through the steps of ``Programme.course``; without them only the intake.

    Told of a unit, a site, or (with neither) the whole effort: units that only serve as comparison are left out, a
    person who was drawn before any place was known is not. Everything is as known on the last day observed of the
    period, and the steps are told of all courses begun by then, not of the newest alone, for they have had no time.

    ``intake``: enrolments by the first day, in calendar months (quarters, years) of the period, and cumulated since the
    data begin. Only enrolments the course takes count, where one of its steps is the enrolment. A span without
    anybody is 0; one that begins after the data end has no value. Per month divides by the months observed, a part of
    a month as its part of the days.

    A step after the enrolment presupposes it: what came before the enrolment is no step before, so whoever was drawn
    and never began could not have come on. Where the course has no such step, or up to it, any earlier step is one.

    ``wait``: days from the latest earlier step on or before the day the step was come to, so no wait is negative and a
    step taken before its turn still counts. The wait ends, without the step, by going past to a later step, by
    leaving, or with the data: all three are censored (Kaplan & Meier 1958, JASA), with the interval of Brookmeyer &
    Crowley (1982, Biometrics). So it tells how long it takes those who still can come; how many never do is told by
    ``share``. No value where less than half come before all others are censored.

    Exclusions of ``reached`` and ``came_on``: facts that name no enrolment and lack a value (``course_left_out``). Ids:
    ``course/<step>/<unit or all>/<first>..<last>/<what>``, ``intake/enrolled/<unit or all>/<first>..<last>`` and
    ``intake-so-far/…``.
    """
    scope = Scope.of(unit, site)
    end = min(period.last, facts.last_day)
    rows = _inside(facts, course_rows(facts, end), scope)
    unused = _inside(facts, course_left_out(facts, end), scope)
    names = tuple(facts.programme.course)
    started = started_step(facts.programme)
    days = _days(facts, rows, scope, end, started)
    first = None if not names or names[0] == started else rows.get_column(f"day:{names[0]}").drop_nulls()
    spans = tuple(_spans(period, by))
    told = [_told("enrolled", days, spans, scope, facts.last_day)]
    if first is not None:
        told.append(_told("entered", first, spans, scope, facts.last_day))
    whole = [_per_month(name, series, period, scope, end) for name, series in _named(days, first)]
    return Course(
        intake=tuple(
            IntakeRow(span, *(figure for series in told for figure in series[place]))
            for place, span in enumerate(spans)
        ),
        enrolled=whole[0][0],
        enrolled_per_month=whole[0][1],
        entered=whole[1][0] if first is not None else None,
        entered_per_month=whole[1][1] if first is not None else None,
        steps=tuple(_step(facts, rows, unused, place, scope, period, end) for place in range(len(names))),
    )


def _inside(facts: Facts, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if not scope.everywhere:
        return scope.rows(rows)
    return rows.filter(pl.col("unit").is_in(facts.programme.effort_units).fill_null(value=True))


def _days(facts: Facts, rows: pl.DataFrame, scope: Scope, end: date, started: str | None) -> pl.Series:
    """The day each enrolment of the course began."""
    if started is not None:
        return rows.filter(pl.col("enrolment").is_not_null())[f"day:{started}"].drop_nulls()
    return _inside(facts, facts.enrolments().filter(pl.col("start") <= end), scope)["start"]


def _named(days: pl.Series, first: pl.Series | None) -> Iterator[tuple[str, pl.Series]]:
    yield "enrolled", days
    if first is not None:
        yield "entered", first


def _spans(period: Period, by: Grain) -> Iterator[Period]:
    """The calendar months, quarters or years of a period; the first and last no longer than the period."""
    day, months = period.first, _MONTHS[by]
    while day <= period.last:
        month = -(-day.month // months) * months
        last = min(date(day.year, month, monthrange(day.year, month)[1]), period.last)
        yield Period(first=day, last=last)
        day = last + timedelta(days=1)


def _told(
    name: str, days: pl.Series, spans: tuple[Period, ...], scope: Scope, last_day: date
) -> list[tuple[Figure, Figure]]:
    """The days that fall in each span, and up to its end."""
    found: list[tuple[Figure, Figure]] = []
    for span in spans:
        ids = (
            f"intake/{name}/{scope.label}/{span.first}..{span.last}",
            f"intake-so-far/{name}/{scope.label}/..{span.last}",
        )
        if span.first > last_day:
            found.append((Figure(ids[0], None, "count"), Figure(ids[1], None, "count")))
            continue
        within = int(days.is_between(span.first, span.last).sum())
        so_far = int((days <= span.last).sum())
        found.append((Figure.count(ids[0], within), Figure.count(ids[1], so_far)))
    return found


def _per_month(name: str, days: pl.Series, period: Period, scope: Scope, end: date) -> tuple[Figure, Figure]:
    stem = f"intake/{name}/{scope.label}/{period.first}..{period.last}"
    number = int(days.is_between(period.first, period.last).sum())
    months = sum(
        ((min(span.last, end) - span.first).days + 1) / monthrange(span.first.year, span.first.month)[1]
        for span in _spans(period, "month")
        if span.first <= end
    )
    if not months:
        return Figure(f"{stem}/all", None, "count"), Figure(f"{stem}/per-month", None, "rate")
    mean = Figure(
        f"{stem}/per-month",
        number / months,
        "rate",
        float(number),
        months,
        made_from=(f"{stem}/all",),
    )
    return Figure.count(f"{stem}/all", number), mean


def _step(
    facts: Facts,
    rows: pl.DataFrame,
    unused: pl.DataFrame,
    place: int,
    scope: Scope,
    period: Period,
    end: date,
) -> StepRow:
    steps = facts.programme.course
    names = list(steps)
    name, leaves = names[place], steps[names[place]].leaves
    stem = f"course/{name}/{scope.label}/{period.first}..{period.last}"
    waits = waiting(rows, steps, place, end)
    reached = waits.filter("reached")
    could = waits.filter(pl.col("days").is_not_null())
    came = could.filter("reached").height
    rest = could.filter(~pl.col("reached"))
    past, left = rest.filter("past"), rest.filter(~pl.col("past") & pl.col("gone"))
    excluded = counted(unused.filter(pl.col("step") == name))
    share = Figure.share(f"{stem}/share", came, could.height)
    wait, arrived = (None, None) if leaves else _waits(stem, could)
    return StepRow(
        name,
        leaves,
        Figure.count(f"{stem}/reached", reached.height, excluded=excluded),
        Figure.count(f"{stem}/came-in", reached.height - came),
        Figure.count(f"{stem}/came-on", came, excluded=excluded),
        share,
        Figure.count(f"{stem}/past", past.height),
        Figure.count(f"{stem}/left", left.height),
        Figure.count(f"{stem}/under-way", rest.height - past.height - left.height),
        wait,
        arrived,
    )


def waiting(rows: pl.DataFrame, steps: Mapping[str, CourseStep], place: int, end: date) -> pl.DataFrame:
    """What each course of ``course_rows`` tells of the step at ``place``: one row each.

    Columns: ``reached``, ``past`` (a later step without this one before it), ``gone`` (has left), ``days`` (from the
    latest earlier step to the step, to what ended the wait or to ``end``; null where there was no earlier step) and
    ``event`` (the wait ended with the step).
    """
    names = list(steps)
    on_the_way = [key for key in names if not steps[key].leaves]
    started = next((at for at, key in enumerate(names) if taken_by_enrolment(steps[key])), place)
    since = started if started < place else 0
    earlier = [pl.col(f"day:{key}") for key in names[since:place] if key in on_the_way]
    later = [pl.col(f"day:{key}") for key in names[place + 1 :] if key in on_the_way]
    never = pl.lit(None, dtype=pl.Date)
    dated = rows.with_columns(
        own=pl.col(f"day:{names[place]}"), beyond=pl.min_horizontal(later) if later else never
    ).with_columns(
        stop=pl.min_horizontal("own", "beyond", pl.coalesce("left", pl.lit(end))),
    )
    before = [pl.when(day <= pl.col("stop")).then(day) for day in earlier]
    return dated.with_columns(since=pl.max_horizontal(before) if before else never).select(
        reached=pl.col("own").is_not_null(),
        past=pl.col("beyond").is_not_null(),
        gone=pl.col("left").is_not_null(),
        days=(pl.col("stop") - pl.col("since")).dt.total_days(),
        event=(pl.col("own") == pl.col("stop")).fill_null(value=False),
    )


def _waits(stem: str, could: pl.DataFrame) -> tuple[Figure, Figure]:
    """The Kaplan-Meier median with its interval, and the plain one of those who came."""
    came = could.filter("event")["days"]
    plain = came.median()
    arrived = Figure(
        f"{stem}/arrived",
        None if plain is None else float(plain),  # type: ignore[arg-type]
        "number",
        None,
        float(came.len()),
        made_from=(f"{stem}/share", f"{stem}/came-on"),
    )
    middle: tuple[float | None, ...] = (None, None, None)
    if could.height:
        times = could.select(pl.col("days").cast(pl.Float64), "event")
        middle = median_time(kaplan_meier(times, "days", "event")).row(0)
    wait = Figure(
        f"{stem}/wait",
        middle[0],
        "number",
        None,
        float(could.height),
        low=middle[1],
        high=middle[2],
        method="Kaplan-Meier, log-log interval",
        made_from=(arrived.id, f"{stem}/share"),
    )
    return wait, arrived
