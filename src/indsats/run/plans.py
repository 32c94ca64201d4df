"""Evaluation plans registered before outcomes are read: what was decided then, and what was added since.

A journal beside the facts, ``plans.jsonl``, holds a line for each plan registered and for the first time the
outcomes of each evaluation were read. Every line is sealed by a hash of its content and of the seal before it, so that
a line that is changed, taken out or put in afterwards shows. Who forges all that follow leaves no trace here: a seal
kept elsewhere is what shows it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme, states_of

JOURNAL = "plans.jsonl"

_WORDS = frozenset({"title", "about", "ask", "note", "source", "further", "unit"})
"""Keys of a definition that only tell: a plan is the same when they are worded otherwise."""

PARTS = ("population", "clock", "treatment", "outcomes", "covariates", "estimates", "sensitivity", "main")
"""The parts of a plan, as they are compared."""

Standing = Literal["as planned", "changed", "added", "left out"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``plan`` is None for the reading of outcomes."""

    what: Literal["registered", "read"]
    at: datetime
    programme: str
    version: int
    evaluation: str
    plan_hash: str
    plan: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Deviation:
    """How one item of a part of the plan stands against the plan that was registered."""

    part: str
    item: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Plan:
    """What the journal tells of one evaluation.

    ``registered`` is the newest plan registered before outcomes were first read, or else the oldest one
    registered afterwards; ``first_read`` is None when this reading is the first. ``deviations`` has a line for
    every item of the two plans, those that stand as planned too.
    """

    registered: Entry | None
    first_read: datetime | None
    deviations: tuple[Deviation, ...]

    @property
    def in_time(self) -> bool:
        """Whether a plan was registered before outcomes were first read."""
        return self.registered is not None and (
            self.first_read is None or self.registered.at < self.first_read
        )


def plan_of(programme: Programme, evaluation: str) -> dict[str, Any]:
    """The plan of an evaluation as data: everything that decides a number, and nothing that only tells.

    Items with ids stand under them, so that their order does not matter.
    """
    asked = programme.evaluations[evaluation]
    told = _bare(asked.model_dump(mode="json"))
    used = {state for outcome in asked.outcomes for _, state in states_of(outcome)}
    used |= {state for made in asked.history for state in (made.state, made.of) if state is not None}
    if asked.index is not None and asked.index.state is not None:
        used.add(asked.index.state)
    return {
        "population": {
            "rule": told["population"],
            "rows": told["rows"],
            "states": {name: _bare(programme.states[name].model_dump(mode="json")) for name in sorted(used)},
        },
        "clock": {"index": told["index"], "effort_starts": told["effort_starts"], "time_to": told["time_to"]},
        "treatment": {"treated": told["treated"], "derive": dict(asked.derive), "cluster": told["cluster"]},
        "outcomes": {one["id"]: one for one in told["outcomes"]},
        "covariates": {one["field"]: one for one in told["covariates"]}
        | {one["id"]: one for one in told["history"]},
        "estimates": {one["id"]: one for one in told["estimates"]}
        | ({"matched": told["matching"]} if told["matching"] else {}),
        "sensitivity": {_check_name(one): one for one in told["sensitivity"]},
        "main": {"main": asked.main_estimate, "multiplicity": told["multiplicity"], "design": told["design"]},
    }


def plan_hash(plan: Mapping[str, Any]) -> str:
    """SHA-256 of a plan, the same on every machine."""
    return hashlib.sha256(_canonical(plan)).hexdigest()


def register_plan(programme: Programme, evaluation: str, data: Path, at: datetime) -> Entry:
    """Adds the evaluation's plan to the journal of ``data``; ``at`` is now, with its time zone.

    Raises ``InputRefused`` for an evaluation the programme lacks, and for a journal that was altered.
    """
    _known(programme, evaluation)
    plan = plan_of(programme, evaluation)
    entry = Entry("registered", at, programme.programme, programme.version, evaluation, plan_hash(plan), plan)
    _add(data, entry)
    return entry


def note_outcomes_read(programme: Programme, evaluations: Iterable[str], data: Path, at: datetime) -> None:
    """Notes in the journal that outcomes are read, the first time they are.

    Where the folder may not be written to nothing is noted: then the reading cannot be told from none.
    """
    entries = journal(data)
    for evaluation in evaluations:
        if not any(entry.what == "read" for entry in _of(entries, programme, evaluation)):
            hashed = plan_hash(plan_of(programme, evaluation))
            entry = Entry("read", at, programme.programme, programme.version, evaluation, hashed, None)
            try:
                _add(data, entry)
            except OSError as fault:
                if fault.errno not in (errno.EACCES, errno.EROFS, errno.EPERM):
                    raise


def standing(programme: Programme, evaluation: str, data: Path) -> Plan:
    """How the evaluation as it is now stands against what was registered for these data."""
    entries = _of(journal(data), programme, evaluation)
    first_read = next((entry.at for entry in entries if entry.what == "read"), None)
    registered = [entry for entry in entries if entry.what == "registered"]
    before = [entry for entry in registered if first_read is None or entry.at < first_read]
    chosen = before[-1] if before else registered[0] if registered else None
    deviations: tuple[Deviation, ...] = ()
    if chosen is not None and chosen.plan is not None:
        deviations = tuple(_compared(chosen.plan, plan_of(programme, evaluation)))
    return Plan(chosen, first_read, deviations)


def journal(data: Path) -> list[Entry]:
    """The lines of the journal of ``data``, oldest first; none when there is no journal.

    Raises ``InputRefused`` naming the first line that does not follow from the line before it.
    """
    return [entry for entry, _ in _sealed(data)]


def _sealed(data: Path) -> list[tuple[Entry, str]]:
    """The lines of the journal with the seal of each."""
    path = data / JOURNAL
    if not path.is_file():
        return []
    lines: list[tuple[Entry, str]] = []
    before = ""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            told = json.loads(line)
            seal = told.pop("seal")
            if seal != _seal(told, before):
                raise ValueError
            lines.append((Entry(**{**told, "at": datetime.fromisoformat(told["at"])}), seal))
        except (ValueError, KeyError, TypeError, AttributeError):
            what = "the journal of plans was altered: this line does not follow from those before it"
            remedy = "Put the journal back from a copy; do not edit it"
            raise InputRefused([Problem(what, remedy, str(path), line=number)]) from None
        before = seal
    return lines


def _seal(told: Mapping[str, Any], before: str) -> str:
    return hashlib.sha256(before.encode() + _canonical(told)).hexdigest()


def _add(data: Path, entry: Entry) -> None:
    """Appends one line; the whole line is written at once, so that two at a time do not mix."""
    lines = _sealed(data)
    told = {
        "what": entry.what,
        "at": entry.at.isoformat(timespec="microseconds"),
        "programme": entry.programme,
        "version": entry.version,
        "evaluation": entry.evaluation,
        "plan_hash": entry.plan_hash,
        "plan": entry.plan,
    }
    told["seal"] = _seal(told, lines[-1][1] if lines else "")
    opened = os.open(data / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(opened, "ab") as file:
        file.write(_canonical(told) + b"\n")


def _compared(planned: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Deviation]:
    for part in PARTS:
        then, here = planned.get(part, {}), now[part]
        for item in dict.fromkeys([*then, *here]):
            if item not in here:
                yield Deviation(part, item, "left out")
            elif item not in then:
                yield Deviation(part, item, "added")
            else:
                yield Deviation(part, item, "as planned" if then[item] == here[item] else "changed")


def _of(entries: Iterable[Entry], programme: Programme, evaluation: str) -> list[Entry]:
    asked = (programme.programme, evaluation)
    return [entry for entry in entries if (entry.programme, entry.evaluation) == asked]


def _check_name(check: Mapping[str, Any]) -> str:
    """A check by its kind and what it goes by: the same kind may be asked for twice."""
    by = check.get("by") or ", ".join(check.get("fields") or check.get("outcomes") or [])
    return f"{check['check']} ({by})" if by else str(check["check"])


def _known(programme: Programme, evaluation: str) -> None:
    if evaluation not in programme.evaluations:
        known = ", ".join(programme.evaluations) or "none"
        what = f"'{programme.programme}' has no evaluation '{evaluation}'"
        raise InputRefused([Problem(what, f"Ask for one of: {known}", file="--evaluation")])


def _canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _bare(told: Any) -> Any:
    """What was dumped, without the words that only tell."""
    if isinstance(told, dict):
        return {key: _bare(value) for key, value in told.items() if key not in _WORDS}
    if isinstance(told, list):
        return [_bare(value) for value in told]
    return told
