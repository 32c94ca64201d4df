"""What fills a case out beside its flow: pauses, plans, job goals, agreements, events, and the exit."""

from __future__ import annotations

import numpy as np

from indsats.programme import ChangeIndicator, Happening

from .calendar import weekday
from .filling import SUBGOAL
from .flow import make, makeable
from .streams import choose
from .wording import meanings
from .world import World

_EVENT_SHARE = 0.3
_RARER = 0.8
_RAREST = 0.05
"""Share of the cases with the first event of the definition, how much rarer each next one is, and the least."""

_ENOUGH = 0.08
_SOUGHT_SHARE = 0.35
"""A happening an indicator counts is made for this share of the cases where fewer than ``_ENOUGH`` have it."""

_OTHERWISE = frozenset({"placement", "walk_in", "questionnaire_answered", "visitation", "drawn", "excluded"})
"""Kinds that come from the register, from people themselves, or before the case."""

_MOST_LIKELY = 0.7
"""How often the first of several codes with one meaning is used."""


def pauses(world: World) -> None:
    """A pause for some main cases that the flow has given none."""
    rng = world.stream("pauses")
    ledger, cases = world.ledger, world.ledger.cases
    n = len(cases)
    length = rng.integers(14, 57, n)
    room = cases.last - cases.start - 60 - length
    begins = cases.start + 30 + np.floor(rng.random(n) * np.maximum(room, 0)).astype(np.int64)
    has = cases.main & (room > 0) & (rng.random(n) < world.profile.pause_share) & (ledger.pause_first < 0)
    rows = np.flatnonzero(has)
    ends = begins[rows] + length[rows] - 1
    made = world.quietly("pause", begins[rows], enrolment=rows, until=ends)
    paused = made["enrolment"].to_numpy()
    ledger.pause_first[paused], ledger.pause_last[paused] = (
        begins[paused],
        begins[paused] + length[paused] - 1,
    )


def exits(world: World) -> None:
    """The end of each case that ended, with a reason that stands for why: what a phase asked for, or the register."""
    cases, rng = world.ledger.cases, world.stream("exits")
    ended = np.flatnonzero(cases.exit >= 0)
    known = {
        concept: meanings(world.programme, "exit.reason", concept) for concept in set(cases.concept) - {""}
    }
    first = rng.random(len(ended)) < _MOST_LIKELY
    other = rng.random(len(ended))
    reason = np.full(len(ended), None, dtype=object)
    for index, enrolment in enumerate(ended.tolist()):
        codes = known[cases.concept[enrolment]]
        chosen = codes[0] if first[index] else codes[int(other[index] * len(codes))]
        reason[index] = world.reasons.get(enrolment, chosen)
    world.ledger.add("exit", cases.exit[ended], enrolment=ended, reason=reason)


def around_the_case(world: World) -> None:
    """Plans, reviews, CVs, job goals, agreements, efforts beside and events: what nobody asked for."""
    rng = world.stream("case facts")
    cases = world.ledger.cases
    n = len(cases)

    def some(share: float, earliest: int, latest: int) -> tuple[np.ndarray, np.ndarray]:
        days = weekday(cases.start + rng.integers(earliest, latest + 1, n))
        rows = np.flatnonzero((rng.random(n) < share) & (days <= cases.last) & (days >= cases.start))
        return rows, days[rows]

    rows, days = some(0.85, 7, 60)
    world.quietly("plan", days, enrolment=rows)
    rows, days = some(0.5, 90, 300)
    status = np.array(["not_started", "under_way", "reached", "dropped"], dtype=object)
    world.quietly("subgoal_reviewed", days, enrolment=rows, subgoal=SUBGOAL,
                  status=status[choose(rng, np.array([0.2, 0.5, 0.2, 0.1]), len(rows))])  # fmt: skip
    rows, days = some(0.6, 14, 200)
    world.quietly("cv", days, enrolment=rows)
    rows, days = some(0.7, 14, 120)
    world.quietly("job_goal", days, enrolment=rows)
    rows, days = some(0.12, 20, 300)
    world.quietly("agreement", days, enrolment=rows)
    rows, days = some(0.15, 20, 400)
    world.quietly("parallel_effort", days, enrolment=rows)
    for number, key in enumerate(world.programme.events):
        rows, days = some(max(_EVENT_SHARE * _RARER**number, _RAREST), 10, 500)
        world.quietly("event", days, enrolment=rows, event=key)


def sought(world: World) -> None:
    """What indicators count and hardly any case has yet: made for some, so that every figure has something to say."""
    for key, indicator in world.programme.indicators.items():
        parts: list[Happening] = []
        for name in ("what", "among", "since", "until"):
            listed = getattr(indicator, name, None)
            parts += listed if isinstance(listed, list) else []
        kind = getattr(indicator, "kind", None)
        if kind is not None:
            where, among = getattr(indicator, "where", "true"), getattr(indicator, "among", "true")
            parts.append(Happening(kind=kind, where=where if among == "true" else f"({among}) and ({where})"))
            if among != "true" and where != "true":
                parts.append(Happening(kind=kind, where=f"({among}) and not ({where})"))
        for number, one in enumerate(parts):
            _make_sought(world, f"{key} {number}", one, indicator.service)


def _make_sought(world: World, name: str, one: Happening, service: str | None) -> None:
    cases = world.ledger.cases
    rows = np.flatnonzero(cases.main)
    if service is not None:
        rows = np.flatnonzero(np.array(world.ledger.services, dtype=object)[cases.service] == service)
    if one.kind in _OTHERWISE or not makeable(world, [one]) or not len(rows):
        return
    there, _ = world.ledger.found([one])
    if len(np.intersect1d(there, rows)) >= _ENOUGH * len(rows):
        return
    rng = world.stream(f"sought {name}")
    rows = rows[rng.random(len(rows)) < _SOUGHT_SHARE]
    days = weekday(cases.start[rows] + 5 + np.floor(rng.lognormal(4.2, 0.8, len(rows))).astype(np.int64))
    inside = (days <= cases.last[rows]) & (days >= cases.start[rows])
    avoid = [other for other in world.flow if other.kind == one.kind]
    if any(world.ledger.implies(one, other) for other in avoid):
        return
    make(world, [one], rows[inside], days[inside], f"sought {name}", avoid)


def before_the_case(world: World) -> None:
    """Facts from the time before a case, where an indicator compares with it: placements and hours there were."""
    found = [part for part in world.programme.indicators.values() if isinstance(part, ChangeIndicator)]
    kinds = {one.kind for part in found for one in part.what}
    if "hours" not in kinds:
        return
    cases = world.ledger.cases
    rng = world.stream("before the case")
    days = weekday(cases.start - rng.integers(40, 360, len(cases)))
    rows = np.flatnonzero(cases.main & (rng.random(len(cases)) < 0.08))
    until = np.minimum(days[rows] + rng.integers(20, 120, len(rows)), cases.start[rows] - 1)
    hours = np.clip(np.round(rng.lognormal(1.6, 0.5, len(rows))), 1, 30)
    world.ledger.add("hours", days[rows], person=cases.person[rows], site=cases.site[rows], until=until,
                     hours_per_week=hours, type="ordinary", evidence="payslip", by="register")  # fmt: skip
