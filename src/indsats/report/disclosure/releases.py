"""Releases: what left before, with the true numbers behind it, so that the next one can be protected against it.

A release is a JSON file in a folder beside the facts, and as secret as they are: it holds the numbers that were hidden.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_args

from indsats.figure import Unit
from indsats.problem import InputRefused, Problem

from .graph import Quantity, Sum

try:
    import fcntl
except ImportError:  # no such locks on this system: one report is released at a time by agreement
    fcntl = None

_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,99}$")


@dataclass(frozen=True, slots=True)
class Released:
    """One figure of a release: its true parts, whether it was shown, and if so which reasons of exclusion were not.

    ``adds_up`` says that it counts what happened in the period its id ends with; ``period`` is the report's where
    the id names none, so that the same id in the report of another period is another thing.
    """

    id: str
    unit: Unit
    parts: tuple[tuple[str, float], ...]
    shown: bool
    few: tuple[str, ...] = ()
    adds_up: bool = False
    period: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept unknown: parts with their signs, and how much room it needs (``Need.margin``)."""

    figure: str
    part: str
    terms: tuple[tuple[Quantity, float], ...]
    margin: float | None


@dataclass(frozen=True, slots=True)
class Release:
    """What left at a time: true figures, what is the same thing, the sums that bind them, and what was kept.

    ``rounding`` is the base that counts were shown as multiples of. Raises ``ValueError`` for a name that is no file
    name, and for a time without a zone.
    """

    name: str
    at: datetime
    programme: str
    figures: tuple[Released, ...]
    same: tuple[tuple[Quantity, ...], ...] = ()
    sums: tuple[Sum, ...] = ()
    kept: tuple[Kept, ...] = ()
    rounding: int | None = None

    def __post_init__(self) -> None:
        if _NAME.match(self.name) is None:
            raise ValueError(f"release '{self.name}': use lower-case letters, digits, '.', '-' and '_'")
        if self.at.tzinfo is None:
            raise ValueError(f"release '{self.name}': the time needs a time zone")


def of_programme(releases: Sequence[Release], programme: str) -> list[Release]:
    """The releases of a programme, oldest first. Raises ``ValueError`` when two have the same name."""
    found = sorted(
        (one for one in releases if one.programme == programme), key=lambda one: (one.at, one.name)
    )
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise ValueError("two releases have the same name")
    return found


def read_releases(folder: Path) -> tuple[Release, ...]:
    """The releases in a folder, oldest first; none when there is no folder.

    Raises ``InputRefused`` naming every file that is no release.
    """
    found: list[Release] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(_release(file.stem, json.loads(file.read_text("utf-8"))))
        except (OSError, ValueError, KeyError, TypeError):
            remedy = "Restore it from a backup: without it what left before cannot be protected"
            problems.append(Problem("the file is no release, or is broken", remedy, str(file)))
    if problems:
        raise InputRefused(problems)
    return tuple(sorted(found, key=lambda one: (one.at, one.name)))


@contextmanager
def releasing(folder: Path) -> Iterator[None]:
    """Holds the folder while a report is protected against what is in it and noted: two at once would not know of each
    other. ``InputRefused`` while another process does so; the hold ends with the process."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / ".lock").open("a") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                what = "another report is being released from these data"
                raise InputRefused([Problem(what, "Wait until it is done", str(folder))]) from None
        yield


def add_release(folder: Path, release: Release) -> Path:
    """Write a release into the folder, for its owner alone; the path written.

    The file is whole or not there, and an earlier one is never overwritten: ``InputRefused`` when the name is taken.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{release.name}.json"
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".release.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(json.dumps(_told(release), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        Path(temporary).chmod(0o600)
        # a link is made only where there is none, in one step
        path.hardlink_to(temporary)
    except FileExistsError as taken:
        what = f"there is already a release '{release.name}'"
        raise InputRefused([Problem(what, "Give the release another name", str(path))]) from taken
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path


def _told(release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "at": release.at.astimezone(UTC).isoformat(),
        "programme": release.programme,
        "rounding": release.rounding,
        "figures": [
            {
                "id": one.id,
                "unit": one.unit,
                "parts": dict(one.parts),
                "shown": one.shown,
                "few": one.few,
                "adds_up": one.adds_up,
                "period": one.period,
            }
            for one in release.figures
        ],
        "same": release.same,
        "sums": release.sums,
        "kept": [
            {"figure": one.figure, "part": one.part, "terms": one.terms, "margin": one.margin}
            for one in release.kept
        ],
    }


def _release(name: str, told: dict[str, Any]) -> Release:
    if told["name"] != name:
        raise ValueError("the file has another name than the release")
    figures = tuple(
        Released(
            str(one["id"]),
            _unit(one["unit"]),
            tuple((str(part), float(value)) for part, value in one["parts"].items()),
            bool(one["shown"]),
            tuple(map(str, one["few"])),
            bool(one["adds_up"]),
            str(one["period"]),
        )
        for one in told["figures"]
    )
    known = {(one.id, part) for one in figures for part, _ in one.parts}

    def quantity(pair: Sequence[str]) -> Quantity:
        key, part = pair
        if (key, part) not in known:
            raise ValueError("a sum names a number that is not there")
        return key, part

    return Release(
        name,
        datetime.fromisoformat(told["at"]),
        str(told["programme"]),
        figures,
        tuple(tuple(map(quantity, group)) for group in told["same"]),
        tuple((quantity(total), tuple(map(quantity, parts))) for total, parts in told["sums"]),
        tuple(
            Kept(
                str(one["figure"]),
                str(one["part"]),
                tuple((quantity(pair), float(sign)) for pair, sign in one["terms"]),
                None if one["margin"] is None else float(one["margin"]),
            )
            for one in told["kept"]
        ),
        None if told["rounding"] is None else int(told["rounding"]),
    )


def _unit(told: str) -> Unit:
    if told not in get_args(Unit):
        raise ValueError("no unit of a figure")
    return cast("Unit", told)
