"""How people come into the programme: draws, exclusions, visitation, and who is enrolled in what after that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Draw, Programme, happenings

from .calendar import day
from .cases import Cases, eligible, who
from .ledger import Ledger
from .people import People
from .profile import Profile
from .streams import choose, stream
from .visits import Visits, deferred_days, visits

_OTHER_GROUP_SHARE = 0.25
"""Share of those assessed whom the visitation finds to belong in a group no service is for."""

_OTHER_TRACK_ALL_THE_SAME = 0.02
"""Share of the cases in another service than the group they were visited to."""

_RULE_SEEN = 0.95
"""How often a reason for leaving somebody out that one can tell from the register is used."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was decided about each person before a case; one entry per person.

    ``first`` is the day the first case would begin (-1: none), ``draw``, ``arm`` and ``reason`` index the
    definition's draws, arms and exclusions (-1: none), ``group`` is the group the visitation ended with (""
    for none), ``goes_on`` whether the person is enrolled.
    """

    first: np.ndarray
    site: np.ndarray
    draw: np.ndarray
    arm: np.ndarray
    reason: np.ndarray
    group: np.ndarray
    goes_on: np.ndarray
    deferred: np.ndarray
    visited: np.ndarray
    """Day of the decisive visitation, -1 for none."""


def decide(
    programme: Programme, profile: Profile, people: People, found: Cases, seed: int
) -> tuple[Entry, Cases]:
    """Who of those with a case ahead (``found``) is drawn, left out, put off or in which group; and their cases.

    The first arm of a draw is the one that leads to a case, the others do not. Those found to belong in a
    group that has a service are enrolled there, the others nowhere. A case begins after the visitation.
    """
    rng = stream(seed, "entry")
    n = len(people.birth)
    first, site = np.full(n, -1), np.full(n, 0)
    order = np.lexsort((found.start, found.person))
    persons, at = np.unique(found.person[order], return_index=True)
    first[persons], site[persons] = found.start[order][at], found.site[order][at]
    there = first >= 0
    draw, arm = _drawn(programme, there, rng)
    goes_on = there & (arm <= 0)
    reason = _left_out(programme, profile, people, goes_on, rng)
    goes_on &= reason < 0
    group = _groups(programme, profile, people, there, rng)
    with_service = {programme.services[key].group for key in (profile.main_service, *profile.tracks)}
    if programme.visitation is not None or profile.tracks:
        goes_on &= np.isin(group, [key for key in with_service if key]) | (group == "")
    visited, deferred = np.full(n, -1), np.zeros(n, dtype=bool)
    if programme.visitation is not None:
        visited, deferred = deferred_days(programme, profile, first, rng)
    entry = Entry(first, site, draw, arm, reason, group, goes_on, deferred, visited)
    return entry, _begun(programme, profile, found, entry, rng)


def _drawn(
    programme: Programme, there: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The draw each person was in, by turns, and the arm it gave."""
    draw, arm = np.full(len(there), -1), np.full(len(there), -1)
    if not programme.draws:
        return draw, arm
    rows = np.flatnonzero(there)
    draw[rows] = rng.integers(0, len(programme.draws), len(rows))
    for index, part in enumerate(programme.draws.values()):
        these = np.flatnonzero(draw == index)
        arm[these] = choose(rng, shares_of(part), len(these))
    return draw, arm


def shares_of(draw: Draw) -> np.ndarray:
    """The chance of each arm; what the given shares leave is split evenly among the arms without one."""
    given = [arm.share for arm in draw.arms.values()]
    open_ = sum(share is None for share in given)
    rest = max(1.0 - sum(share or 0.0 for share in given), 0.0)
    each = rest / open_ if open_ else 0.0
    return np.array([each if share is None else share for share in given]) + 1e-9


def _left_out(
    programme: Programme, profile: Profile, people: People, there: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The reason each of those ``there`` is left out for, -1 for most."""
    reason = np.full(len(there), -1)
    free = [index for index, part in enumerate(programme.exclusions.values()) if part.when is None]
    if free:
        out = there & (rng.random(len(there)) < profile.excluded_share)
        reason[out] = np.array(free)[rng.integers(0, len(free), int(out.sum()))]
    for index, part in enumerate(programme.exclusions.values()):
        if part.when is not None:
            told = who(programme, profile, people, part.when) & there
            reason[told & (rng.random(len(there)) < _RULE_SEEN)] = index
    return reason


def _groups(
    programme: Programme, profile: Profile, people: People, there: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The group each person is found to belong in: those with a service, and a share in those without."""
    group = np.full(len(there), "", dtype=object)
    own = programme.services[profile.main_service].group
    if own is None:
        return group
    group[there] = own
    tracks = [key for key in (programme.services[track].group for track in profile.tracks) if key]
    to_track = there & (rng.random(len(there)) < profile.track_share)
    if tracks:
        drawn = np.array(tracks, dtype=object)[rng.integers(0, len(tracks), len(there))]
        for key in tracks:
            group[to_track & (drawn == key) & eligible(programme, profile, people, key)] = key
    if programme.visitation is not None:
        without = [key for key in _asked_groups(programme) if key not in {own, *tracks}]
        if without:
            rows = np.flatnonzero(there & (rng.random(len(there)) < _OTHER_GROUP_SHARE))
            group[rows] = np.array(without, dtype=object)[rng.integers(0, len(without), len(rows))]
    return group


def _asked_groups(programme: Programme) -> list[str]:
    """The groups a visitation can end with, those that only put it off left out."""
    assert programme.visitation is not None  # noqa: S101 - asked for where there is one
    put_off = {key for window in programme.visitation.windows for key in window.yields}
    named = [key for window in programme.visitation.windows for key in window.groups]
    return [key for key in dict.fromkeys(named) if key not in put_off]


def _begun(
    programme: Programme, profile: Profile, found: Cases, entry: Entry, rng: np.random.Generator
) -> Cases:
    """The cases of those who go on, each in the service for its group and begun after the visitation."""
    kept = found.take(entry.goes_on[found.person])
    n = len(kept)
    services = [profile.main_service, *profile.tracks]
    by_group = {programme.services[key].group: index for index, key in reversed(list(enumerate(services)))}
    service = np.array([by_group.get(key or None, 0) for key in entry.group[kept.person]], dtype=np.int64)
    astray = rng.random(n) < _OTHER_TRACK_ALL_THE_SAME
    service = np.where(astray, rng.integers(0, len(services), n), service)
    waits = np.floor(rng.lognormal(1.8, 0.6, len(entry.first))).astype(np.int64) + 1
    visited = entry.visited[kept.person]
    start = np.where(visited >= 0, np.maximum(visited + waits[kept.person], kept.start), kept.start)
    moved = Cases(kept.person, service, kept.site, start, kept.exit, kept.last, kept.concept, kept.main)
    return moved.take(start < kept.last)


def entry_facts(programme: Programme, profile: Profile, ledger: Ledger, entry: Entry) -> None:
    """Draws, exclusions and visitations, dated before the case they lead to."""
    rng = stream(ledger.seed, "entry facts")
    first_day = day(profile.first_day)
    n = len(entry.first)
    ahead = rng.integers(25, 80, n)
    decided = np.where(entry.visited >= 0, entry.visited, entry.first)
    drawn = np.maximum(decided - ahead, first_day - 60)
    draws = list(programme.draws.items())
    for index, (key, draw) in enumerate(draws):
        rows = np.flatnonzero(entry.draw == index)
        arms = np.array(list(draw.arms), dtype=object)[entry.arm[rows]]
        ledger.add(
            "drawn", drawn[rows], person=rows, site=entry.site[rows], draw=key, arm=arms, by="evaluator"
        )
    reasons = np.array([*programme.exclusions, ""], dtype=object)
    rows = np.flatnonzero(entry.reason >= 0)
    if len(rows):
        ledger.add("excluded", np.maximum(drawn[rows] + rng.integers(4, 20, len(rows)), first_day - 56),
                   person=rows, site=entry.site[rows], reason=reasons[entry.reason[rows]])  # fmt: skip
    if programme.visitation is not None:
        _visitations(profile, ledger, visits(programme, profile, ledger.seed, entry.first, entry.visited,
                                             entry.deferred, entry.group), entry)  # fmt: skip
    else:
        _at_the_start(programme, profile, ledger)


def _visitations(profile: Profile, ledger: Ledger, made: Visits, entry: Entry) -> None:
    """A fact for each record; some records have a second legal basis and so a second fact."""
    programme = ledger.programme
    rng = stream(ledger.seed, "legal bases")
    n = len(made.person)
    bases = list(programme.legal_bases)
    basis = rng.integers(0, max(len(bases), 1), n)
    second = np.flatnonzero((rng.random(n) < profile.second_basis_share) & (len(bases) > 1))
    rows = np.concatenate([np.arange(n), second])
    also = np.concatenate([np.zeros(n, dtype=np.int64), np.ones(len(second), dtype=np.int64)])
    legal = None
    if bases:
        legal = np.array(bases, dtype=object)[(basis[rows] + also) % len(bases)]
    person = made.person[rows]
    ledger.add("visitation", made.start[rows], person=person, site=entry.site[person], until=made.end[rows],
               group=made.group[rows], legal_basis=legal)  # fmt: skip


def _at_the_start(programme: Programme, profile: Profile, ledger: Ledger) -> None:
    """Without windows of visitation: the group, and the legal basis, on the day a case begins."""
    cases = ledger.cases
    rng = stream(ledger.seed, "legal bases")
    groups = [programme.services[key].group for key in ledger.services]
    if not any(groups) and not programme.legal_bases:
        return
    rows = np.flatnonzero(cases.main)
    if not programme.legal_bases:
        rows = rows[[groups[index] is not None for index in cases.service[rows]]]
    group = np.array(groups, dtype=object)[cases.service[rows]]
    bases = np.array(list(programme.legal_bases) or [None], dtype=object)
    basis = rng.integers(0, len(bases), len(rows))
    # Where phases or requirements wait for a visitation, the one before the case belongs to no case.
    waited_for = any(
        one.kind == "visitation" for path, one in happenings(programme) if path[0] != "indicators"
    )
    ahead = rng.integers(1, 15, len(rows)) if waited_for else np.zeros(len(rows), dtype=np.int64)
    several = len(bases) > 1
    for chosen, legal in (
        (np.arange(len(rows)), basis),
        (np.flatnonzero(rng.random(len(rows)) < profile.second_basis_share * several), basis + 1),
    ):
        who = rows[chosen]
        ledger.add("visitation", cases.start[who] - ahead[chosen], person=cases.person[who], site=cases.site[who],
                   enrolment=np.full(len(who), -1) if waited_for else who, group=group[chosen],
                   legal_basis=bases[legal[chosen] % len(bases)])  # fmt: skip
