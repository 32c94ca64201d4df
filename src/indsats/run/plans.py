"""Evaluation plans registered before outcomes are read: what was decided then, and what was added since.

A journal beside the facts, ``plans.jsonl``, holds a line for each plan registered and for the first time the
outcomes of each evaluation were read. Every line is sealed by a hash of its content and of the seal before it, so that
a line that is changed, or is taken out or put in before others, shows. Lines taken off the end do not show, and who
forges all that follow leaves no trace here: a seal kept elsewhere is what shows it. Which came first is told by the
order of the lines, not by the clock.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme, Sensitivity, states_of

try:
    import fcntl
except ImportError:  # Windows: a file that only one can make takes its place
    fcntl = None

JOURNAL = "plans.jsonl"

FORMAT = 1
"""How a line is written; it stands inside what is sealed."""

WAIT_SECONDS = 10.0
"""How long to wait for somebody else who writes, where there are no locks that end with their process."""

_WORDS = frozenset({"title", "about", "ask", "note", "source", "further", "unit"})
"""Keys of a definition that only tell: a plan is the same when they are worded otherwise."""

PARTS = (
    "population",
    "clock",
    "treatment",
    "outcomes",
    "covariates",
    "history",
    "estimates",
    "sensitivity",
    "main",
)
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
    every item of the two plans, those that stand as planned too. ``in_time`` says whether the plan stands in the
    journal before the reading; the clocks of two machines need not agree.
    """

    registered: Entry | None
    first_read: datetime | None
    deviations: tuple[Deviation, ...]
    in_time: bool


def plan_of(programme: Programme, evaluation: str) -> dict[str, Any]:
    """The plan of an evaluation as data: everything that decides a number, and nothing that only tells.

    Items with ids stand under them, and lists of names are sorted, so that their order does not matter; which outcome
    comes first does, for it is the one the checks try. Settings left at their default are not written, so that a
    setting that is added to the language later does not make older plans look changed.
    """
    asked = programme.evaluations[evaluation]
    told = _bare(asked.model_dump(mode="json", exclude_defaults=True))
    used = {state for outcome in asked.outcomes for _, state in states_of(outcome)}
    used |= {state for made in asked.history for state in (made.state, made.of) if state is not None}
    if asked.index is not None and asked.index.state is not None:
        used.add(asked.index.state)
    tried = (one.id for one in asked.outcomes if one.id not in asked.negative_controls)
    return {
        "population": {
            "rule": asked.population,
            "rows": told.get("rows", []),
            "states": {
                name: _bare(programme.states[name].model_dump(mode="json", exclude_defaults=True))
                for name in sorted(used)
            },
        },
        "clock": {key: told.get(key) for key in ("index", "effort_starts", "time_to")},
        "treatment": {"treated": asked.treated, "derive": dict(asked.derive), "cluster": asked.cluster},
        "outcomes": {one["id"]: one for one in told["outcomes"]},
        "covariates": {one["field"]: one for one in told["covariates"]},
        "history": {one["id"]: one for one in told.get("history", [])},
        "estimates": {one["id"]: one for one in told.get("estimates", [])}
        | ({"matched": told["matching"]} if asked.matching is not None else {}),
        "sensitivity": {
            _check_name(check): one
            for check, one in zip(asked.sensitivity, told.get("sensitivity", []), strict=True)
        },
        "main": {
            "main": asked.main_estimate,
            "outcome": next(tried, None),
            "multiplicity": asked.multiplicity,
            "design": asked.design,
        },
    }


def plan_hash(plan: Mapping[str, Any]) -> str:
    """SHA-256 of a plan, the same on every machine."""
    return hashlib.sha256(_canonical(plan)).hexdigest()


def register_plan(programme: Programme, evaluation: str, data: Path, at: datetime) -> Entry:
    """Adds the evaluation's plan to the journal of ``data``; ``at`` is now, with its time zone.

    Raises ``InputRefused`` for an evaluation the programme lacks, for one on packaged tables, and for a journal that
    was altered; ``ValueError`` for a time without a zone.
    """
    _known(programme, evaluation)
    if programme.evaluations[evaluation].rows:
        what = f"'{evaluation}' is on packaged tables: anybody can have read its outcomes, so no plan comes first"
        remedy = "Register evaluations on registers only"
        raise InputRefused([Problem(what, remedy, file="--evaluation")])
    plan = plan_of(programme, evaluation)
    entry = Entry(
        "registered", _zoned(at), programme.programme, programme.version, evaluation, plan_hash(plan), plan
    )
    _add(data, entry)
    return entry


def note_outcomes_read(programme: Programme, evaluations: Iterable[str], data: Path, at: datetime) -> None:
    """Notes in the journal that outcomes are read, the first time they are.

    Where the folder may not be written to nothing is noted: then the reading cannot be told from none. Raises
    ``ValueError`` for a time without a zone.
    """
    at, entries = _zoned(at), journal(data)
    for evaluation in evaluations:
        if not any(entry.what == "read" for entry in _of(entries, programme.programme, evaluation)):
            hashed = plan_hash(plan_of(programme, evaluation))
            entry = Entry("read", at, programme.programme, programme.version, evaluation, hashed, None)
            try:
                _add(data, entry)
            except OSError as fault:
                if fault.errno not in (errno.EACCES, errno.EROFS, errno.EPERM):
                    raise


def standing(programme: Programme, evaluation: str, data: Path) -> Plan:
    """How the evaluation as it is now stands against what was registered for these data.

    Raises ``InputRefused`` for an evaluation the programme lacks, and for a journal that was altered.
    """
    _known(programme, evaluation)
    entries = _of(journal(data), programme.programme, evaluation)
    read = next((place for place, entry in enumerate(entries) if entry.what == "read"), None)
    before = [entry for entry in entries[:read] if entry.what == "registered"]
    registered = [entry for entry in entries if entry.what == "registered"]
    chosen = before[-1] if before else registered[0] if registered else None
    deviations: tuple[Deviation, ...] = ()
    if chosen is not None and chosen.plan is not None:
        deviations = tuple(_compared(chosen.plan, plan_of(programme, evaluation)))
    return Plan(chosen, None if read is None else entries[read].at, deviations, bool(before))


def journal(data: Path) -> list[Entry]:
    """The lines of the journal of ``data``, oldest first; none when there is no journal.

    A last line without its end was interrupted and is left out. Raises ``InputRefused`` naming the first whole line
    that does not follow from the line before it.
    """
    return [entry for entry, _ in _sealed(data / JOURNAL, _content(data))]


def interrupted(data: Path) -> bool:
    """Whether the journal of ``data`` ends in a line that was not written to its end; the next line replaces it."""
    content = _content(data)
    return _whole(content) < len(content)


def _content(data: Path) -> bytes:
    path = data / JOURNAL
    return path.read_bytes() if path.is_file() else b""


def _whole(content: bytes) -> int:
    """How many bytes the whole lines take."""
    return content.rfind(b"\n") + 1


def _sealed(path: Path, content: bytes) -> list[tuple[Entry, str]]:
    """The whole lines of the journal with the seal of each."""
    lines: list[tuple[Entry, str]] = []
    before = ""
    for number, line in enumerate(content[: _whole(content)].split(b"\n")[:-1], 1):
        try:
            told = json.loads(line)
            seal = told.pop("seal")
            if seal != _seal(told, before):
                raise ValueError
            written = told.pop("format")
            if written == FORMAT:
                lines.append((Entry(**{**told, "at": datetime.fromisoformat(told["at"])}), seal))
        except (ValueError, KeyError, TypeError, AttributeError):
            what = "the journal of plans was altered: this line does not follow from those before it"
            remedy = "Put the journal back from a copy; do not edit it"
            raise InputRefused([Problem(what, remedy, str(path), line=number)]) from None
        if written != FORMAT:
            what = f"the line is written in format {written}, and this version reads format {FORMAT}"
            raise InputRefused([Problem(what, "Use the version that wrote it", str(path), line=number)])
        before = seal
    return lines


def _seal(told: Mapping[str, Any], before: str) -> str:
    return hashlib.sha256(before.encode() + _canonical(told)).hexdigest()


def _add(data: Path, entry: Entry) -> None:
    """Appends one line; nobody else writes between what is read and what is added.

    An interrupted last line is cut off first. A reading is added once only, whoever came first.
    """
    path = data / JOURNAL
    with _alone(path) as file:
        content = file.read()
        lines = _sealed(path, content)
        of_same = _of((line for line, _ in lines), entry.programme, entry.evaluation)
        if entry.what == "read" and any(line.what == "read" for line in of_same):
            return
        told = {
            "format": FORMAT,
            "what": entry.what,
            "at": entry.at.isoformat(timespec="microseconds"),
            "programme": entry.programme,
            "version": entry.version,
            "evaluation": entry.evaluation,
            "plan_hash": entry.plan_hash,
            "plan": entry.plan,
        }
        told["seal"] = _seal(told, lines[-1][1] if lines else "")
        file.seek(_whole(content))
        file.truncate()
        file.write(_canonical(told) + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The journal open for reading and writing, while everybody else who wants to write waits.

    It is made with the permissions other new files get, so that several can write in a shared folder: nothing in it
    is about persons.
    """
    beside = None if fcntl is not None else _lock_file(path)
    try:
        opened = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(opened, "r+b") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)  # ends when the file is closed, or with the process
            yield file
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _lock_file(path: Path) -> Path:
    """Makes the file only one can make. Raises ``InputRefused`` when somebody else has it for too long."""
    lock = path.with_name(f"{path.name}.lock")
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except FileExistsError:
            if time.monotonic() > until:
                what = "somebody else has been writing to the journal of plans for too long"
                remedy = "Wait until they are done; remove the file if nobody is"
                raise InputRefused([Problem(what, remedy, str(lock))]) from None
            time.sleep(0.01)
        else:
            return lock


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


def _of(entries: Iterable[Entry], programme: str, evaluation: str) -> list[Entry]:
    return [entry for entry in entries if (entry.programme, entry.evaluation) == (programme, evaluation)]


def _check_name(check: Sensitivity) -> str:
    """A check by its kind and what it goes by: the same kind may be asked for twice."""
    named = getattr(check, "fields", None) or getattr(check, "outcomes", None) or []
    by = getattr(check, "by", None) or getattr(check, "start", None) or ", ".join(sorted(named))
    return f"{check.check} ({by})" if by else check.check


def _zoned(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"'at' ({at}) has no time zone: give it one, such as datetime.now(UTC)")
    return at


def _known(programme: Programme, evaluation: str) -> None:
    if evaluation not in programme.evaluations:
        known = ", ".join(programme.evaluations) or "none"
        what = f"'{programme.programme}' has no evaluation '{evaluation}'"
        raise InputRefused([Problem(what, f"Ask for one of: {known}", file="--evaluation")])


def _canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _bare(told: Any) -> Any:
    """What was dumped, without the words that only tell, and names in lists sorted."""
    if isinstance(told, dict):
        return {key: _bare(value) for key, value in told.items() if key not in _WORDS}
    if isinstance(told, list):
        values = [_bare(value) for value in told]
        return sorted(values) if all(isinstance(value, str) for value in values) else values
    return told
