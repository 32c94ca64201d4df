"""Makes happenings come true: facts of the kind a happening names, with a payload that satisfies its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Happening, Programme

from .answering import answer_at
from .calendar import monday_of, weekday
from .cases import runs_of
from .ledger import where_true
from .satisfying import fields_of
from .states import FLEX, GUIDANCE, JOB, PRACTICE_PRIVATE, PRACTICE_PUBLIC, SUBSIDY_PRIVATE
from .team import named
from .wording import meanings
from .world import World

_NOT_MADE = frozenset(
    {
        *("enrolled", "exit", "requirement_answered", "site_setting"),
        *("site_answered", "questionnaire_asked", "site_asked"),
        *("deviation_explained", "action_planned"),
    }
)
"""Kinds that come from the course of a case itself, never because something asks for them."""

_FAILED = ("no_show", "cancelled", "moved")
_WORK = {"job": JOB, "flex": FLEX}
"""What an event's outcome can stand for that is a state of its own in the register."""

_FIRST_CHOICE = 0.7
"""How often the first of several happenings is what happens."""

_EMPTY = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Made:
    """What came true: position in the arrays that were asked for, and the day."""

    row: np.ndarray
    day: np.ndarray


def makeable(world: World, asked: Sequence[Happening]) -> list[Happening]:
    """The happenings that can be made: of a kind that is, with a payload that satisfies the rule.

    Meetings that came to nothing happen by themselves, as often as they are planted to.
    """
    on = world.ledger.cases.start[0] if len(world.ledger.cases) else world.last_day
    found = []
    for one in asked:
        ways = world.ledger.ways(one, int(on)) if one.kind not in _NOT_MADE else None
        if ways is None or ways.is_empty():
            continue
        if one.kind == "meeting" and "outcome" in ways.columns and set(ways["outcome"]) <= set(_FAILED):
            continue
        found.append(one)
    return found


def make(
    world: World,
    asked: Sequence[Happening],
    enrolment: np.ndarray,
    days: np.ndarray,
    name: str,
    avoid: Sequence[Happening] = (),
    floor: np.ndarray | None = None,
) -> Made:
    """Makes one of the happenings come true for each enrolment on its day, the first most often.

    A placement may begin some weeks later, when the register has the person on the benefit. Work in a flex
    job, and an event whose outcome means a job or a flex job, fall on the day the register has it, the first
    from ``floor`` on (the day itself where left out). What cannot be is left out, and so is a payload that
    would make something in ``avoid`` come true where another will do.
    """
    able = makeable(world, asked)
    rng = world.stream(f"make {name}")
    if not able or len(enrolment) == 0:
        return Made(_EMPTY, _EMPTY)
    which = np.where(
        rng.random(len(enrolment)) < _FIRST_CHOICE, 0, rng.integers(0, len(able), len(enrolment))
    )
    low = days if floor is None else floor
    parts = []
    for index, one in enumerate(able):
        rows = np.flatnonzero(which == index)
        made = _of_one(world, one, enrolment[rows], days[rows], low[rows], f"{name} {index}", avoid)
        parts.append(Made(rows[made.row], made.day))
    return Made(np.concatenate([part.row for part in parts]), np.concatenate([part.day for part in parts]))


def _of_one(
    world: World,
    happening: Happening,
    enrolment: np.ndarray,
    days: np.ndarray,
    floor: np.ndarray,
    name: str,
    avoid: Sequence[Happening],
) -> Made:
    ledger = world.ledger
    if len(enrolment) == 0:
        return Made(_EMPTY, _EMPTY)
    by_service = "service" in ledger.fields_read(happening)
    service = ledger.cases.service[enrolment]
    parts = []
    for index in np.unique(service) if by_service else [0]:
        rows = np.flatnonzero(service == index) if by_service else np.arange(len(enrolment))
        given = {"service": ledger.services[index]} if by_service else {}
        ways = ledger.ways(happening, int(np.median(days[rows])), **given)
        ways = quiet(world, happening.kind, ways, avoid)
        if ways.height == 0:
            continue
        picked = world.stream(f"ways {name} {index}").integers(0, ways.height, len(rows))
        made = _written(world, happening, ways, picked, enrolment[rows], days[rows], floor[rows], name)
        parts.append(Made(rows[made.row], made.day))
    if not parts:
        return Made(_EMPTY, _EMPTY)
    return Made(np.concatenate([part.row for part in parts]), np.concatenate([part.day for part in parts]))


def quiet(world: World, kind: str, ways: pl.DataFrame, avoid: Sequence[Happening]) -> pl.DataFrame:
    """The payloads that make nothing in ``avoid`` come true; all of them where each would."""
    against = [one for one in avoid if one.kind == kind]
    if not against or ways.height == 0:
        return ways
    seen = ways.select(name for name in fields_of(ways) if name != "occurred_to")
    if not seen.width:
        return ways
    texts = [one.rule for one in against if world.ledger.fields_read(one) <= set(seen.columns)]
    if not texts:
        return ways
    noisy = np.logical_or.reduce(list(world.ledger.reading.marks(seen, kind, texts).values()))
    return ways if noisy.all() else ways.filter(pl.Series(~noisy))


def _written(
    world: World,
    happening: Happening,
    ways: pl.DataFrame,
    picked: np.ndarray,
    enrolment: np.ndarray,
    days: np.ndarray,
    floor: np.ndarray,
    name: str,
) -> Made:
    ledger, kind = world.ledger, happening.kind
    payload = {field: ways[field].to_numpy()[picked] for field in fields_of(ways)}
    until = None
    if "occurred_to" in payload:
        length = np.array(
            [-1 if value is None or value != value else int(value) for value in payload.pop("occurred_to")]
        )
        until = np.where(length >= 0, days + length, -1)
    if kind == "questionnaire_answered":
        return _asked(world, ways, picked, enrolment, days, name)
    rows = np.arange(len(enrolment))
    if kind == "placement":
        days, until, kept = _placed(world, payload, until, enrolment, days, name)
    elif kind == "hours":
        days, until, kept = _worked(world, payload, until, enrolment, days, floor, name)
    elif kind == "pause":
        days, until, kept = _paused(world, enrolment, days, name)
    else:
        days = _at_work(world, payload, enrolment, days, floor, name) if kind == "event" else days
        kept = (days >= 0) & (days <= ledger.cases.last[enrolment])
    rows, days = rows[kept], days[kept]
    if until is not None:
        until = until[kept]
    payload = {
        field: _as_entered(world.programme, kind, field, values[kept], days)
        for field, values in payload.items()
    }
    if kind == "meeting":
        payload.setdefault("worker", ledger.workers[enrolment[rows]])
    elif kind == "assigned":
        payload["worker"] = named(world, np.array(payload["role"], dtype=object), enrolment[rows])
    numbered = {"_asked": pl.Series(rows)}
    frame = ledger.add(kind, days, enrolment=enrolment[rows], until=until, extra=numbered, **payload)
    ledger.frames[kind][-1] = frame.drop("_asked")
    if kind == "meeting":
        _failed_before(world, ledger.frames[kind][-1], name)
    true = ledger.satisfies(frame.drop("_asked"), [happening])
    return Made(frame["_asked"].to_numpy()[true], frame["occurred_from"].to_numpy()[true])


def _failed_before(world: World, held: pl.DataFrame, name: str) -> None:
    """For some meetings an earlier one that came to nothing, as often as meetings do in the unit."""
    rng = world.stream(f"failed before {name}")
    enrolment = held["enrolment"].to_numpy()
    chances = np.stack([world.behaviour(way, enrolment) for way in _FAILED], axis=1)
    total = chances.sum(axis=1)
    fails = rng.random(held.height) < total / np.maximum(1 - total, 0.1)
    way = (rng.random(held.height)[:, None] >= np.cumsum(chances / total[:, None], axis=1)).sum(axis=1)
    days = weekday(held["occurred_from"].to_numpy() - rng.integers(2, 15, held.height))
    rows = np.flatnonzero(
        fails & (held["outcome"] == "held").to_numpy() & (days >= world.ledger.cases.start[enrolment])
    )
    world.quietly("meeting", days[rows], enrolment=enrolment[rows], type=held["type"].to_numpy()[rows],
                  outcome=np.array(_FAILED, dtype=object)[np.minimum(way[rows], len(_FAILED) - 1)],
                  worker=held["worker"].to_numpy()[rows])  # fmt: skip


def _as_entered(programme: Programme, kind: str, field: str, values: np.ndarray, days: np.ndarray) -> Any:
    """Values as they stand in the table: a date of the programme's own is counted from the fact's day."""
    details = programme.details(kind)
    if field in details and details[field].type == "date":
        there = np.array([value is not None and value == value for value in values], dtype=bool)
        length = np.where(there, np.where(there, values, 0).astype(float), 0).astype(np.int64)
        dates = (days + length).astype("datetime64[D]").astype(object)
        return [date if known else None for date, known in zip(dates, there, strict=True)]
    return [None if value is None or value != value else value for value in values.tolist()]


def _asked(
    world: World,
    ways: pl.DataFrame,
    picked: np.ndarray,
    enrolment: np.ndarray,
    days: np.ndarray,
    name: str,
) -> Made:
    """Answered questionnaires; those with classes are left to their own rhythm, which has a truth to keep."""
    # The day says which edition is answered, whatever was looked for.
    fields = [field for field in fields_of(ways) if field not in ("occurred_to", "edition")]
    payload = {field: ways[field].to_numpy()[picked] for field in fields}
    inside = days <= world.ledger.cases.last[enrolment]
    asked = payload.pop("questionnaire", np.full(len(days), None, dtype=object))
    rows = []
    for key, questionnaire in world.programme.questionnaires.items():
        these = np.flatnonzero((asked == key) & inside)
        if len(these) and questionnaire.about == "person" and not questionnaire.classes:
            answer_at(world, key, enrolment[these], days[these], f"{key} for {name}",
                      **{field: values[these] for field, values in payload.items()})  # fmt: skip
            rows.append(these)
    row = np.concatenate(rows) if rows else _EMPTY
    return Made(row, days[row])


def _placed(
    world: World,
    payload: dict[str, np.ndarray],
    until: np.ndarray | None,
    enrolment: np.ndarray,
    days: np.ndarray,
    name: str,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Placements written into the register, so that the weekly codes and the facts say the same."""
    rng = world.stream(f"placed {name}")
    n = len(days)
    if "type" not in payload:
        types = [*meanings(world.programme, "placement.type", "practice")] * 3
        types += meanings(world.programme, "placement.type", "subsidy")
        payload["type"] = np.array(types, dtype=object)[rng.integers(0, len(types), n)]
    subsidised = set(meanings(world.programme, "placement.type", "subsidy"))
    unpaid = set(meanings(world.programme, "placement.type", "practice"))
    public = rng.random(n) < 0.33
    kind = np.where(public, PRACTICE_PUBLIC, PRACTICE_PRIVATE)
    kind = np.where(np.isin(payload["type"], list(subsidised - unpaid)), SUBSIDY_PRIVATE, kind)
    other = ~np.isin(payload["type"], list(subsidised | unpaid))
    kind = np.where(other, GUIDANCE, kind)
    weeks = np.clip(np.round(rng.lognormal(2.4, 0.5, n)), 2, 52).astype(np.int64)
    if until is not None:
        weeks = np.where(until >= 0, (until - days) // 7 + 1, weeks)
    begins, ends = world.place(enrolment, days, weeks, kind)
    if "employer" not in payload:
        firm = np.array([f"firm {value:03d}" for value in rng.integers(1, 400, n)], dtype=object)
        payload["employer"] = where_true(~other, firm)
    if until is not None:
        ends = np.where(until >= 0, np.maximum(ends, begins + (until - days)), -1)
    return begins, ends, begins >= 0


def _worked(
    world: World,
    payload: dict[str, np.ndarray],
    until: np.ndarray | None,
    enrolment: np.ndarray,
    days: np.ndarray,
    floor: np.ndarray,
    name: str,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hours beside the benefit, a few a week; hours in a flex job are weeks of their own in the register."""
    rng = world.stream(f"worked {name}")
    cases, n = world.ledger.cases, len(days)
    begins, ends = days.copy(), np.minimum(days + rng.integers(28, 240, n), cases.last[enrolment])
    ends = np.where((rng.random(n) < 0.3) | (ends < begins), -1, ends) if until is None else until
    types = payload.setdefault("type", np.full(n, "ordinary", dtype=object))
    if "hours_per_week" not in payload:
        payload["hours_per_week"] = np.clip(np.round(rng.lognormal(1.8, 0.5, n)), 1, 30)
    payload.setdefault("evidence", np.full(n, "payslip", dtype=object))
    flex = types == "flex"
    if flex.any():
        begins[flex], ends[flex] = next_spell(world, FLEX, enrolment[flex], floor[flex])
    return begins, ends, (begins >= 0) & (begins <= cases.last[enrolment])


def _paused(
    world: World, enrolment: np.ndarray, days: np.ndarray, name: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A pause of some weeks, for those who have had none: in a pause nothing falls due."""
    ledger, n = world.ledger, len(days)
    ends = np.minimum(days + world.stream(f"paused {name}").integers(14, 57, n), ledger.cases.last[enrolment])
    fresh = np.zeros(n, dtype=bool)
    fresh[np.unique(enrolment, return_index=True)[1]] = True
    kept = fresh & (ledger.pause_first[enrolment] < 0) & (ends > days)
    ledger.pause_first[enrolment[kept]], ledger.pause_last[enrolment[kept]] = days[kept], ends[kept]
    return days, ends, kept


def _at_work(
    world: World,
    payload: dict[str, np.ndarray],
    enrolment: np.ndarray,
    days: np.ndarray,
    floor: np.ndarray,
    name: str,
) -> np.ndarray:
    """The days, moved to where the register has the work that an event's outcome means; -1 where it never has."""
    if "event" not in payload:
        return days
    if "value" not in payload:
        payload["value"] = world.ledger.filling.outcomes(payload["event"], world.stream(f"outcomes {name}"))
    moved = days.copy()
    for key, event in world.programme.events.items():
        for value, code in event.values.items():
            rows = np.flatnonzero((payload["event"] == key) & (payload["value"] == value))
            if code.means in _WORK and len(rows):
                moved[rows], _ = next_spell(world, _WORK[code.means], enrolment[rows], floor[rows])
    return moved


def next_spell(
    world: World, state: int, enrolment: np.ndarray, days: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of the first spell in a state that begins within the case from a day on; -1 for none.

    The last day is -1 also where the spell outlasts the data.
    """
    runs = runs_of(world.history.state == state)
    start = monday_of(runs.first + world.profile.register_first)
    end = monday_of(runs.last + world.profile.register_first) + 6
    end = np.where(runs.last == world.history.state.shape[1] - 1, -1, end)
    key = runs.row * 1_000_000 + start
    cases = world.ledger.cases
    at = np.searchsorted(key, cases.person[enrolment] * 1_000_000 + days)
    found = np.minimum(at, max(len(key) - 1, 0))
    good = (at < len(key)) & (len(key) > 0)
    if len(key):
        good &= (runs.row[found] == cases.person[enrolment]) & (start[found] <= cases.last[enrolment])
        return np.where(good, start[found], -1), np.where(good, end[found], -1)
    return np.full(len(days), -1), np.full(len(days), -1)
