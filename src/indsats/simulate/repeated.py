"""What happens again and again: cadences kept or missed with a planted chance, and meetings on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from indsats.programme import Duration, Happening

from .calendar import weekday
from .chains import Chain
from .due import Spans, put_off, spans_of
from .flow import make, makeable, quiet
from .satisfying import fields_of
from .wording import values_of
from .world import World

DEFAULT_EVERY = Duration.model_validate("P3M")
_MOST_FAILED = 8
_OTHER_MEETINGS = 0.08
_FAILED = ("no_show", "cancelled", "moved")
_ELSEWHERE = frozenset({"placement", "questionnaire_answered", "enrolled", "exit", "walk_in", "pause"})
"""Kinds whose cadences follow from the register, the questionnaires or the case itself."""


def chain(world: World, name: str, every: Duration, spans: Spans, failing: np.ndarray | None = None) -> Chain:
    """The items of a cadence in each of the spans.

    Whether an item is done in time is drawn first, with the unit's chance. The days of the attempts follow
    from that and from the attempts before, each attempt fails with its unit's chance in ``failing``,
    independently. So in every period the expected shares are the planted ones, whatever cuts the chain off.
    """
    rng = world.stream(f"cadence {name}")
    ledger = world.ledger
    cases = ledger.cases
    chance = world.behaviour("timely", spans.enrolment)
    fails = np.zeros(len(chance)) if failing is None else failing[ledger.unit(spans.enrolment)]
    open_ = np.flatnonzero(spans.start <= spans.last)
    clock = spans.start[open_]
    parts: list[tuple[np.ndarray, ...]] = []
    failed: list[tuple[np.ndarray, np.ndarray]] = [(open_[:0], clock[:0])]
    while len(open_):
        who = spans.enrolment[open_]
        planned = world.later(clock, every, cases.site[who])
        length = np.maximum(planned - clock, 1)
        due = put_off(clock, planned, ledger.pause_first[who], ledger.pause_last[who])
        timely = rng.random(len(open_)) < chance[open_]
        spread = rng.random(len(open_))
        early = due - np.floor((0.02 + 0.28 * spread) * length).astype(np.int64)
        late = due + np.maximum(3, np.ceil((0.08 + 0.4 * spread) * length)).astype(np.int64)
        days = np.where(timely, early, late)
        last = spans.last[open_]
        again = np.minimum(rng.geometric(1 - fails[open_]) - 1, _MOST_FAILED)
        gap = np.maximum(1, np.minimum(10, length // 8))
        for attempt in range(int(again.max())):
            missed = again > attempt
            day_ = np.maximum(weekday(days), clock + 1)
            seen = missed & (day_ <= last)
            failed.append((who[seen], day_[seen]))
            step = np.where(timely, np.minimum(gap, (due - days + 1) // 2), gap)
            days = np.where(missed, days + step, days)
        done = np.maximum(weekday(days), clock + 1)
        happens = done <= last
        known = happens | (due <= last)
        parts.append(
            tuple(
                array[known] for array in (who, clock, due, np.where(happens, done, -1), due <= last, timely)
            )
        )
        open_, clock = open_[happens], done[happens]
    empty = np.empty(0, dtype=np.int64)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] or [
        *([empty] * 4),
        *([empty.astype(bool)] * 2),
    ]
    who, when = (np.concatenate(column) for column in zip(*failed, strict=True))
    return Chain(*columns, failed=(who, when))


def cadence_facts(world: World) -> tuple[dict[str, Chain], list[str]]:
    """Facts for every cadence but those of placements, which follow from the register, and questionnaires.

    Returns the chains by cadence and the types of meetings the planted chances are about. A cadence of
    meetings also gets the meetings that came to nothing; other types of meetings are held now and then.
    """
    chains: dict[str, Chain] = {}
    followed: list[str] = []
    failing = _failing(world).sum(axis=1)
    for key, cadence in world.programme.cadences.items():
        able = [one for one in makeable(world, cadence.what) if one.kind not in _ELSEWHERE]
        if not able:
            continue
        avoid = [one for one in _phase_flow(world) if one not in able]
        spans = spans_of(world, cadence)
        if able[0].kind == "meeting":
            items = chain(world, key, cadence.every, spans, failing)
            types = _types(world, able[0], avoid)
            followed += types
            _meetings(world, key, items, able[0], avoid, types)
        else:
            items = chain(world, key, cadence.every, spans)
            rows = items.happened
            make(world, able, items.enrolment[rows], items.done[rows], f"cadence {key}", avoid)
        chains[key] = items
    if not any(
        one.kind == "meeting" for cadence in world.programme.cadences.values() for one in cadence.what
    ):
        held = Happening(kind="meeting", where='outcome == "held"')
        avoid = _phase_flow(world)
        items = chain(world, "meetings", DEFAULT_EVERY, spans_of(world, None), failing)
        followed = _types(world, held, avoid)[:1]
        _meetings(world, "meetings", items, held, avoid, followed)
    followed = sorted(set(followed))
    _other_meetings(world, followed)
    return chains, followed


def _phase_flow(world: World) -> list[Happening]:
    """What begins, ends or skips a phase, or makes a requirement needless: meetings on the way should not."""
    phases = world.programme.phases.values()
    found = [one for phase in phases for one in (*phase.starts, *phase.ends, *phase.skipped_by)]
    return found + [one for part in world.programme.requirements.values() for one in part.not_applicable_when]


def _types(world: World, happening: Happening, avoid: Sequence[Happening]) -> list[str]:
    """The types of meetings that make a happening come true, those that begin or end phases last resort."""
    ways = quiet(world, "meeting", _meeting_ways(world, happening), avoid)
    return sorted(set(ways["type"].to_list())) or ["meeting"]


def _meeting_ways(world: World, happening: Happening) -> pl.DataFrame:
    """Payloads of meetings of every type that make a happening come true."""
    known = values_of(world.programme, "meeting", "type") or ["meeting"]
    parts = [world.ledger.ways(happening, int(world.last_day), type=one) for one in known]
    return pl.concat([part for part in parts if part.height] or parts[:1], how="diagonal")


def _other_meetings(world: World, followed: list[str]) -> None:
    """Now and then a meeting of a type no cadence follows, held or cancelled."""
    ledger = world.ledger
    cases = ledger.cases
    for type_ in values_of(world.programme, "meeting", "type"):
        if type_ in followed:
            continue
        rng = world.stream(f"other meetings {type_}")
        days = weekday(cases.start + rng.integers(20, 500, len(cases)))
        rows = np.flatnonzero((rng.random(len(cases)) < _OTHER_MEETINGS) & (days <= cases.last))
        outcome = np.where(rng.random(len(rows)) < 0.85, "held", "cancelled").astype(object)
        world.quietly("meeting", days[rows], enrolment=rows, type=type_, outcome=outcome)


def _failing(world: World) -> np.ndarray:
    """By unit the chances of the ways a meeting comes to nothing, shape (units, 3)."""
    behaviour = [world.profile.behaviour[key] for key in world.places.units]
    return np.array([[b.no_show, b.cancelled, b.moved] for b in behaviour]).reshape(-1, 3)


def _meetings(
    world: World, name: str, items: Chain, happening: Happening, avoid: Sequence[Happening], types: list[str]
) -> None:
    """The held meetings of a chain and those that came to nothing; some who stayed away are called."""
    rng = world.stream(f"meetings {name}")
    ledger = world.ledger
    rows = items.happened
    enrolment = items.enrolment[rows]
    ways = quiet(world, "meeting", _meeting_ways(world, happening), avoid)
    type_ = np.array(types, dtype=object)
    if ways.height:
        picked = rng.integers(0, ways.height, len(rows))
        payload = {field: ways[field].to_numpy()[picked] for field in fields_of(ways)}
    else:
        payload = {"type": type_[rng.integers(0, len(types), len(rows))]}
    payload.pop("occurred_to", None)
    ledger.add("meeting", items.done[rows], enrolment=enrolment,
               **{"outcome": "held", "reason": None, "worker": ledger.workers[enrolment], **payload})  # fmt: skip
    who, days = items.failed
    chances = _failing(world)[ledger.unit(who)]
    share = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)
    kind = (rng.random(len(who))[:, None] >= share).sum(axis=1)
    outcome = np.array(_FAILED, dtype=object)[np.minimum(kind, 2)]
    made = ledger.add("meeting", days, enrolment=who, outcome=outcome,
                      type=type_[rng.integers(0, len(types), len(who))], worker=ledger.workers[who])  # fmt: skip
    missed = made.filter(made["outcome"] == "no_show")
    follows = missed.filter(rng.random(missed.height) < 0.5)
    called = follows["occurred_from"].to_numpy() + 1
    cases = follows["enrolment"].to_numpy()
    inside = called <= ledger.cases.last[cases]
    reached = rng.random(int(inside.sum())) < 0.6
    world.quietly("contact_attempt", called[inside], enrolment=cases[inside], reached=reached)
