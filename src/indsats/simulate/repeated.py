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
_MOST_FAILED = 8
_OTHER_MEETINGS = 0.08
_FAILED = ("no_show", "cancelled", "moved")


@dataclass(frozen=True, slots=True)
class Chain:
    """The items of one cadence: one entry each, for every item that fell due or was done.

    ``clock`` is the day the item's clock started, ``due`` when it should be done, ``done`` when it was (-1:
    not within the enrolment), ``counts`` whether it fell due within the enrolment, ``timely`` if in time.
    ``failed`` are the attempts that came to nothing: enrolment and day.
    """

    enrolment: np.ndarray
    clock: np.ndarray
    due: np.ndarray
    done: np.ndarray
    counts: np.ndarray
    timely: np.ndarray
    failed: tuple[np.ndarray, np.ndarray]

    @property
    def happened(self) -> np.ndarray:
        """Indices of the items that were done."""
        return np.flatnonzero(self.done >= 0)


def chain(
    ledger: Ledger,
    profile: Profile,
    name: str,
    every: Duration,
    service: str | None,
    failing: np.ndarray | None = None,
) -> Chain:
    """The items of a cadence for every enrolment in ``service`` (all when None).

    Whether an item is done in time is drawn first, with the unit's chance. The days of the attempts follow
    from that and from the attempts before, each attempt fails with its unit's chance in ``failing``,
    independently. So in every period the expected shares are the planted ones, whatever cuts the chain off.
    """
    rng = stream(ledger.seed, f"cadence {name}")
    cases, places = ledger.cases, ledger.places
    unit = places.unit[cases.site]
    chance = np.array([profile.behaviour[key].timely for key in places.units])[unit]
    fails = np.zeros(len(cases)) if failing is None else failing[unit]
    wanted = np.ones(len(cases), dtype=bool)
    if service is not None:
        wanted = np.array(ledger.services)[cases.service] == service
    open_ = np.flatnonzero(wanted)
    clock = cases.start[open_]
    parts: list[tuple[np.ndarray, ...]] = []
    failed: list[tuple[np.ndarray, np.ndarray]] = [(open_[:0], clock[:0])]
    while len(open_):
        planned = after(clock, every)
        length = np.maximum(planned - clock, 1)
        due = _put_off(clock, planned, ledger.pause_first[open_], ledger.pause_last[open_])
        timely = rng.random(len(open_)) < chance[open_]
        spread = rng.random(len(open_))
        early = due - np.floor((0.02 + 0.28 * spread) * length).astype(np.int64)
        late = due + np.maximum(3, np.ceil((0.08 + 0.4 * spread) * length)).astype(np.int64)
        days = np.where(timely, early, late)
        last = cases.last[open_]
        again = np.minimum(rng.geometric(1 - fails[open_]) - 1, _MOST_FAILED)
        gap = np.maximum(1, np.minimum(10, length // 8))
        for attempt in range(int(again.max())):
            missed = again > attempt
            day_ = np.maximum(weekday(days), clock + 1)
            seen = missed & (day_ <= last)
            failed.append((open_[seen], day_[seen]))
            step = np.where(timely, np.minimum(gap, (due - days + 1) // 2), gap)
            days = np.where(missed, days + step, days)
        done = np.maximum(weekday(days), clock + 1)
        happens = done <= last
        known = happens | (due <= last)
        parts.append(
            tuple(
                array[known]
                for array in (open_, clock, due, np.where(happens, done, -1), due <= last, timely)
            )
        )
        open_, clock = open_[happens], done[happens]
    empty = np.empty(0, dtype=np.int64)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] or [empty] * 6
    who, when = (np.concatenate(column) for column in zip(*failed, strict=True))
    return Chain(*columns, failed=(who, when))


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
        failing = _failing(profile, ledger).sum(axis=1) if cadence.kind == "meeting" else None
        items = chain(ledger, profile, key, cadence.every, cadence.service, failing)
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
        failing = _failing(profile, ledger).sum(axis=1)
        items = chain(ledger, profile, "meetings", DEFAULT_EVERY, ledger.services[0], failing)
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


def _failing(profile: Profile, ledger: Ledger) -> np.ndarray:
    """By unit the chances of the ways a meeting comes to nothing, shape (units, 3)."""
    behaviour = [profile.behaviour[key] for key in ledger.places.units]
    return np.array([[b.no_show, b.cancelled, b.moved] for b in behaviour]).reshape(-1, 3)


def _meetings(profile: Profile, ledger: Ledger, name: str, items: Chain, types: list[str]) -> None:
    """The held meetings of a chain and those that came to nothing; some who stayed away are called."""
    rng = stream(ledger.seed, f"meetings {name}")
    rows = items.happened
    enrolment = items.enrolment[rows]
    type_ = np.array(types, dtype=object)
    ledger.add("meeting", items.done[rows], enrolment=enrolment, outcome="held", reason=None,
               type=type_[rng.integers(0, len(types), len(rows))], worker=ledger.workers[enrolment])  # fmt: skip
    who, days = items.failed
    chances = _failing(profile, ledger)[ledger.places.unit[ledger.cases.site[who]]]
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
    ledger.add("contact_attempt", called[inside], enrolment=cases[inside], reached=reached)
