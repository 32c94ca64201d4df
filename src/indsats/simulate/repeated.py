"""What happens again and again: cadences kept or missed with a planted chance, and meetings on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Cadence, Duration, Programme

from .calendar import after, weekday
from .ledger import Ledger
from .profile import Profile
from .streams import stream
from .wording import combinations, values_of

DEFAULT_EVERY = Duration.model_validate("P3M")
_MOST_FAILED = 6
_OTHER_MEETINGS = 0.08
_FAILED = ("no_show", "cancelled", "moved")


@dataclass(frozen=True, slots=True)
class Chain:
    """The items of one cadence: one entry each, for every item that fell due or was done.

    ``clock`` is the day the item's clock started, ``due`` when it should be done, ``done`` when it was (-1:
    not within the enrolment), ``counts`` whether it fell due within the enrolment, ``timely`` if in time.
    """

    enrolment: np.ndarray
    clock: np.ndarray
    due: np.ndarray
    done: np.ndarray
    counts: np.ndarray
    timely: np.ndarray

    @property
    def happened(self) -> np.ndarray:
        """Indices of the items that were done."""
        return np.flatnonzero(self.done >= 0)


def chain(ledger: Ledger, profile: Profile, name: str, every: Duration, service: str | None) -> Chain:
    """The items of a cadence for every enrolment in ``service`` (all when None).

    Whether an item is done in time is drawn before the day it is done, with the unit's chance, so the share
    in time among items fallen due has that chance as its expectation whatever ends the enrolment.
    """
    rng = stream(ledger.seed, f"cadence {name}")
    cases, places = ledger.cases, ledger.places
    chance = np.array([profile.behaviour[key].timely for key in places.units])[places.unit[cases.site]]
    wanted = np.ones(len(cases), dtype=bool)
    if service is not None:
        wanted = np.array(ledger.services)[cases.service] == service
    open_ = np.flatnonzero(wanted)
    clock = cases.start[open_]
    parts: list[tuple[np.ndarray, ...]] = []
    while len(open_):
        planned = after(clock, every)
        length = np.maximum(planned - clock, 1)
        due = _put_off(clock, planned, ledger.pause_first[open_], ledger.pause_last[open_])
        timely = rng.random(len(open_)) < chance[open_]
        spread = rng.random(len(open_))
        early = due - np.floor(spread * 0.3 * length).astype(np.int64)
        late = due + np.maximum(3, np.ceil((0.08 + 0.5 * spread) * length)).astype(np.int64)
        done = np.maximum(weekday(np.where(timely, early, late)), clock + 1)
        last = cases.last[open_]
        happens = done <= last
        known = happens | (due <= last)
        parts.append(
            tuple(
                array[known]
                for array in (open_, clock, due, np.where(happens, done, -1), due <= last, timely)
            )
        )
        open_, clock = open_[happens], done[happens]
    columns = (
        [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.empty(0, int)] * 6
    )
    return Chain(*columns)


def _put_off(clock: np.ndarray, planned: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Due days with the days of a pause after the clock's start added: in a pause the clock stands still."""
    paused = first >= 0
    ahead = paused & (clock < first) & (first <= planned)
    during = paused & (clock >= first) & (clock <= last)
    return planned + np.where(ahead, last - first + 1, 0) + np.where(during, last - clock, 0)


def cadence_facts(
    programme: Programme, profile: Profile, ledger: Ledger
) -> tuple[dict[str, Chain], list[str]]:
    """Facts for every cadence but those of placements, which follow from the register, and questionnaires.

    Returns the chains by cadence and the types of meetings the planted chances are about. A cadence of
    meetings also gets the meetings that came to nothing; other types of meetings are held now and then.
    """
    chains: dict[str, Chain] = {}
    followed: list[str] = []
    for key, cadence in programme.cadences.items():
        if cadence.kind in ("placement", "questionnaire_answered", "enrolled", "exit", "walk_in", "pause"):
            continue
        given = {"outcome": "held"} if cadence.kind == "meeting" else {}
        ways = combinations(programme, cadence.kind, cadence.where, **given)
        if ways.height == 0:
            continue
        items = chain(ledger, profile, key, cadence.every, cadence.service)
        chains[key] = items
        if cadence.kind == "meeting":
            types = (
                ways["type"].to_list() if "type" in ways.columns else values_of(programme, "meeting", "type")
            )
            followed += types or ["meeting"]
            _meetings(profile, ledger, key, items, types or ["meeting"])
        else:
            rows = items.happened
            picked = stream(ledger.seed, f"ways {key}").integers(0, ways.height, len(rows))
            payload = {name: ways[name].to_numpy()[picked] for name in ways.columns}
            ledger.add(cadence.kind, items.done[rows], enrolment=items.enrolment[rows], extra=None, **payload)
    if not any(cadence.kind == "meeting" for cadence in programme.cadences.values()):
        items = chain(ledger, profile, "meetings", DEFAULT_EVERY, ledger.services[0])
        followed = values_of(programme, "meeting", "type")[:1] or ["meeting"]
        _meetings(profile, ledger, "meetings", items, followed)
    _other_meetings(programme, ledger, sorted(set(followed)))
    return chains, sorted(set(followed))


def _other_meetings(programme: Programme, ledger: Ledger, followed: list[str]) -> None:
    """Now and then a meeting of a type no cadence follows, held or cancelled."""
    cases = ledger.cases
    for type_ in values_of(programme, "meeting", "type"):
        if type_ in followed:
            continue
        rng = stream(ledger.seed, f"other meetings {type_}")
        days = weekday(cases.start + rng.integers(20, 500, len(cases)))
        rows = np.flatnonzero((rng.random(len(cases)) < _OTHER_MEETINGS) & (days <= cases.last))
        outcome = np.where(rng.random(len(rows)) < 0.85, "held", "cancelled").astype(object)
        ledger.add("meeting", days[rows], enrolment=rows, type=type_, outcome=outcome)


def overlapping(programme: Programme, key: str) -> bool:
    """Whether facts made for others also satisfy this cadence: its planted chance is then not its truth."""
    this = programme.cadences[key]

    def same_facts(other: Cadence) -> bool:
        if other.kind != this.kind or (
            None not in (this.service, other.service) and this.service != other.service
        ):
            return False
        both = combinations(programme, this.kind, f"({this.where}) and ({other.where})")
        return both.height > 0

    others = any(same_facts(other) for name, other in programme.cadences.items() if name != key)
    if this.kind == "meeting":
        return others or any(
            combinations(programme, "meeting", this.where, outcome=o).height for o in _FAILED
        )
    return others


def _meetings(profile: Profile, ledger: Ledger, name: str, items: Chain, types: list[str]) -> None:
    """Held meetings of a chain, and before each those that came to nothing.

    Each meeting set up fails with the unit's chances, independently, until one is held; the day it is held
    does not depend on how many failed. Shares among all meetings therefore have the unit's chances as
    their expectation.
    """
    rng = stream(ledger.seed, f"meetings {name}")
    rows = items.happened
    enrolment, held = items.enrolment[rows], items.done[rows]
    unit = ledger.places.unit[ledger.cases.site[enrolment]]
    behaviour = [profile.behaviour[key] for key in ledger.places.units]
    chances = np.array([[b.no_show, b.cancelled, b.moved] for b in behaviour]).reshape(-1, 3)
    fails = chances.sum(axis=1)[unit]
    failed = np.minimum(rng.geometric(1 - fails) - 1, _MOST_FAILED)
    type_ = np.array(types, dtype=object)[rng.integers(0, len(types), len(rows))]
    ledger.add("meeting", held, enrolment=enrolment, type=type_, outcome="held", reason=None,
               worker=ledger.workers[enrolment])  # fmt: skip
    which = np.repeat(np.arange(len(rows)), failed)
    order = np.arange(len(which)) - np.repeat(np.cumsum(failed) - failed, failed) + 1
    room = (held - items.clock[rows])[which] - 1
    gap = np.minimum(14.0, room / (failed[which] + 1))
    days = np.maximum(
        weekday(held[which] - np.ceil(gap * order).astype(np.int64)), items.clock[rows][which] + 1
    )
    share = np.cumsum(chances / np.maximum(chances.sum(axis=1, keepdims=True), 1e-12), axis=1)
    kind = (rng.random(len(which))[:, None] >= share[unit[which]]).sum(axis=1)
    outcome = np.array(_FAILED, dtype=object)[np.minimum(kind, 2)]
    made = ledger.add("meeting", days, enrolment=enrolment[which], type=type_[which], outcome=outcome,
                      worker=ledger.workers[enrolment[which]])  # fmt: skip
    missed = made.filter(made["outcome"] == "no_show")
    follows = missed.filter(rng.random(missed.height) < 0.5)
    called = follows["occurred_from"].to_numpy() + 1
    cases = follows["enrolment"].to_numpy()
    inside = called <= ledger.cases.last[cases]
    ledger.add(
        "contact_attempt",
        called[inside],
        enrolment=cases[inside],
        reached=rng.random(int(inside.sum())) < 0.6,
    )
