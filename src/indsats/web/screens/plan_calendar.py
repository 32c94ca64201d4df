"""The calendar of a plan: all that runs beside each other, what the week asks for, and the days that clash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import polars as pl

from indsats.language import Lang, day, month_name
from indsats.measure import FULL_WEEK, LOADING, crowded_days, weekly_load
from indsats.programme import Programme
from indsats.workdays import day_off

from ..models import Case, Fact
from ..words import say
from .case_facts import History, current
from .case_words import plain_number, value_title

BACK, AHEAD = timedelta(weeks=13), timedelta(weeks=26)
"""How far the calendar reaches before and after today."""
WIDE: Final = 200
HIGH, MOST = 30.0, 1.5
"""The width of the drawing and the height of the load in it, in its own units; that height is so many full weeks."""
FULL: Final = f"{HIGH - HIGH / MOST:.1f}"
"""Where the line of a full week lies."""

Source = Literal["activity", "parallel_effort", "placement", "course", "pause"]
_SAID: Final = {
    "hours_per_week": pl.Float64(),
    "status": pl.String(),
    "outcome": pl.String(),
    "type": pl.String(),
    "evidence": pl.String(),
}
_SCHEMA: Final = {
    "person": pl.String(),
    "id": pl.String(),
    "occurred_from": pl.Date(),
    "occurred_to": pl.Date(),
    "recorded_at": pl.Datetime("us", "UTC"),
    **_SAID,
}
"""Columns of the tables that load and clashes are worked out from: those of every fact, and what facts say."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that runs; ``x`` and ``wide`` are its place in the drawing, ``cut`` says that it reaches beyond it."""

    source: Source
    title: str
    course: str
    """The course it belongs to, where that is another than the plan's."""
    by: str
    first: date
    last: date | None
    hours: str
    x: str
    wide: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month's first day in the drawing, and what it is called there."""

    x: str
    title: str


@dataclass(frozen=True, slots=True)
class Load:
    """From and to when a week asks for so many hours; ``over``: more than a full week by so many."""

    first: date
    last: date
    hours: str
    over: str
    untold: int
    x: str
    wide: str
    high: str
    top: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A day on which appointments cannot all be kept as they stand, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting that is planned."""

    day: date
    title: str
    course: str
    x: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the page shows of time; ``loads`` is None where the reader may not see what it rests on."""

    first: date
    last: date
    today: str
    months: tuple[Month, ...]
    spans: tuple[Span, ...]
    meetings: tuple[Appointment, ...]
    loads: tuple[Load, ...] | None
    now: Load | None
    clashes: tuple[Clash, ...]


def is_of(fact: Fact, case: Case) -> bool:
    """Whether a fact about a case's person is the case's own, or of its programme without naming an enrolment."""
    return fact.programme == case.programme and fact.enrolment in (None, case.enrolment)


def calendar_of(
    case: Case,
    programmes: Mapping[str, Programme],
    known: Sequence[History],
    others: Sequence[Case],
    today: date,
    lang: Lang,
    *,
    loaded: bool,
) -> Calendar:
    """All that runs from a quarter before today until half a year after.

    ``known`` are the facts of all the person's courses that the reader may see, ``others`` the courses beside the case.
    """
    first, last = today - BACK, today + AHEAD
    known = _ended(known, [case, *others])
    spans = [
        *(_span(one, kind, case, programmes, first, last, lang)
          for kind in ("activity", "parallel_effort", "placement", "pause")
          for one in reversed(current(known, kind)) if _shown(one, first, last)),
        *(_course(one, programmes[one.programme], first, last, lang) for one in others
          if one.start and one.start <= last and (one.end or last) >= first),
    ]  # fmt: skip
    loads = (
        _loads({kind: _table(current(known, kind)) for kind in LOADING}, first, last, lang)
        if loaded
        else None
    )
    meetings = current(known, "meeting")
    ahead = sorted(
        (one for one in meetings
         if one.payload["outcome"] == "planned" and today <= one.occurred_from <= last),
        key=lambda one: one.occurred_from,
    )  # fmt: skip
    crowded = crowded_days(_table(meetings), _table(current(known, "pause")), today)
    return Calendar(
        first,
        last,
        _drawn(_at(today, first, last)),
        tuple(_months(first, last, lang)),
        tuple(spans),
        tuple(_appointment(one, case, programmes, first, last, lang) for one in ahead),
        tuple(loads) if loads is not None else None,
        next((one for one in loads or () if one.first <= today <= one.last), None),
        tuple(
            sorted(
                [*_clashes(crowded, ahead, lang), *_full(loads or (), today, lang)], key=lambda one: one.day
            )
        ),
    )


def _ended(known: Sequence[History], cases: Sequence[Case]) -> list[History]:
    """What has no end of its own and belongs to a course that has ended, ended with it: nobody follows it any more."""
    ends = {(one.programme, one.enrolment): one.end for one in cases if one.enrolment and one.end}
    found: list[History] = []
    for one in known:
        end = ends.get((one.now.programme, one.now.enrolment or ""))
        if end is not None and one.now.occurred_to is None and one.now.kind not in ("plan", "meeting"):
            now = copy(one.now)
            now.occurred_to = max(end, now.occurred_from)
            one = History((*one.versions[:-1], now))
        found.append(one)
    return found


def _table(facts: Sequence[Fact]) -> pl.DataFrame:
    """Facts of one person and kind as the record has them, with the columns that load and clashes are made of."""
    rows = [
        (
            "",
            one.fact,
            one.occurred_from,
            one.occurred_to,
            one.recorded_at,
            *(one.payload.get(name) for name in _SAID),
        )
        for one in facts
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _shown(fact: Fact, first: date, last: date) -> bool:
    if fact.kind == "activity" and fact.payload["status"] == "dropped":
        return False
    return fact.occurred_from <= last and (fact.occurred_to or last) >= first


def _at(on: date, first: date, last: date) -> float:
    """Where a day begins in the drawing; a day outside stands at its edge."""
    share = (min(max(on, first), last) - first) / (last - first)
    return share * WIDE


def _drawn(number: float) -> str:
    """A number as a drawing has it: with a point, whatever the language."""
    return f"{number:.1f}"


def _placed(begun: date, ended: date | None, first: date, last: date) -> tuple[str, str]:
    x = _at(begun, first, last)
    after = last if ended is None or ended >= last else ended + timedelta(days=1)
    return _drawn(x), _drawn(max(_at(after, first, last) - x, 1.0))


def _span(
    fact: Fact,
    kind: Source,
    case: Case,
    programmes: Mapping[str, Programme],
    first: date,
    last: date,
    lang: Lang,
) -> Span:
    programme, said = programmes[fact.programme], fact.payload
    field = {"activity": "activity", "pause": "reason"}.get(kind, "type")
    title = value_title(programme, kind, field, said[field], said, lang) if said.get(field) else ""
    who = said.get("employer" if kind == "placement" else "by") or ""
    hours = said.get("hours_per_week")
    return Span(
        kind,
        title or say(f"plan.source.{kind}", lang),
        _elsewhere(fact, case, programme, lang),
        who,
        fact.occurred_from,
        fact.occurred_to,
        "" if hours is None else plain_number(hours, lang),
        *_placed(fact.occurred_from, fact.occurred_to, first, last),
    )


def _course(case: Case, programme: Programme, first: date, last: date, lang: Lang) -> Span:
    service = value_title(programme, "enrolled", "service", case.service, {}, lang) if case.service else ""
    begun = case.start or first
    return Span(
        "course",
        service or programme.title.in_(lang),
        programme.title.in_(lang) if service else "",
        "",
        begun,
        case.end,
        "",
        *_placed(begun, case.end, first, last),
    )


def _elsewhere(fact: Fact, case: Case, programme: Programme, lang: Lang) -> str:
    """What the course of a fact is called, where it is another than the case's."""
    if is_of(fact, case):
        return ""
    if fact.programme == case.programme:
        return say("plan.course.same", lang)
    return say("plan.course", lang, of=programme.title.in_(lang))


def _appointment(
    fact: Fact, case: Case, programmes: Mapping[str, Programme], first: date, last: date, lang: Lang
) -> Appointment:
    programme = programmes[fact.programme]
    return Appointment(
        fact.occurred_from,
        value_title(programme, "meeting", "type", fact.payload["type"], fact.payload, lang),
        _elsewhere(fact, case, programme, lang),
        _drawn(_at(fact.occurred_from, first, last)),
    )


def _months(first: date, last: date, lang: Lang) -> list[Month]:
    found, on = [], date(first.year + first.month // 12, first.month % 12 + 1, 1)
    while on < last:
        found.append(Month(_drawn(_at(on, first, last)), month_name(on.month, lang)[:3]))
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return found


def _loads(facts: Mapping[str, pl.DataFrame], first: date, last: date, lang: Lang) -> list[Load]:
    rows = weekly_load(facts, first, last)
    found = []
    for row in rows.iter_rows(named=True):
        over = row["hours"] - FULL_WEEK
        x, wide = _placed(row["first"], row["last"], first, last)
        high = min(row["hours"] / FULL_WEEK, MOST) / MOST * HIGH
        found.append(
            Load(
                row["first"],
                row["last"],
                plain_number(row["hours"], lang),
                plain_number(over, lang) if over > 0 else "",
                row["untold"],
                x,
                wide,
                _drawn(high),
                _drawn(HIGH - high),
            )
        )
    return found


def _clashes(crowded: pl.DataFrame, ahead: Sequence[Fact], lang: Lang) -> list[Clash]:
    found: list[Clash] = []
    for row in crowded.iter_rows(named=True):
        if row["meetings"] > 1:
            found.append(Clash(row["day"], say("plan.clash.meetings", lang, n=row["meetings"])))
        if row["paused"]:
            found.append(Clash(row["day"], say("plan.clash.paused", lang)))
    for on in sorted({one.occurred_from for one in ahead}):
        if off := day_off(on, lang):
            found.append(Clash(on, say("plan.clash.off", lang, why=off)))
    return found


def _full(loads: Sequence[Load], today: date, lang: Lang) -> list[Clash]:
    """The times from today on with more than a full week, each told once however often the hours change in it."""
    found: list[tuple[date, date]] = []
    for one in loads:
        if not one.over or one.last < today:
            continue
        if found and found[-1][1] + timedelta(days=1) == one.first:
            found[-1] = (found[-1][0], one.last)
        else:
            found.append((max(one.first, today), one.last))
    return [Clash(first, say("plan.clash.full", lang, last=day(last, lang))) for first, last in found]
