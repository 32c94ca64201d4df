"""A register as a folder of spells, in buckets of persons: what every later question is asked of."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from indsats.problem import InputRefused, Problem

from ..sources.source import Repair

FORMAT = 1
"""The format written. It is raised when an older program could misread a store."""

MANIFEST = "manifest.json"

Check = list[int]
"""By what a file is known again: its bytes and their CRC-32. A list, as JSON gives it back."""

_COUNTS = ("first_week", "last_week", "buckets", "persons", "spells", "person_weeks")

_UNKNOWN = {"code": pl.Int16(), "weeks": pl.Int64(), "persons": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Store:
    """A weekly register in ``folder``: spells and persons in ``buckets`` pairs of Parquet files.

    Weeks are counted from 1991-W32. ``person_weeks`` are the weeks observed, with and without a code.
    ``files`` are the names of the files it was built from, ``left_out`` the columns of theirs that are neither
    person nor week, ``repairs`` what was put right unasked. ``unknown_codes`` counts codes that the code list lacks
    (``code``, ``weeks``, ``persons``). ``pseudonymous``: identifications were replaced by pseudonyms. ``checks`` has
    the size and checksum of each of its Parquet files by their names in ``folder``: other data, other checks.
    """

    folder: Path
    first_week: int
    last_week: int
    buckets: int
    persons: int
    spells: int
    person_weeks: int
    synthetic: bool
    pseudonymous: bool
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    unknown_codes: pl.DataFrame
    checks: Mapping[str, Check]

    def spells_path(self, bucket: int) -> Path:
        """The spells of a bucket: ``person``, ``first_week``, ``last_week`` (Int32), ``code`` (Int16, null for none).

        Sorted by person and week; weeks that no file tells of are in no spell.
        """
        return self.folder / bucket_files(bucket)[0]

    def persons_path(self, bucket: int) -> Path:
        """The persons of a bucket: ``person`` (Int32), ``identity`` (String), ``first_week``, ``last_week``.

        Sorted by person, a number given in reading order over the whole store (with gaps, where a person came
        again in a later file). The weeks are the first and the last one any file tells of.
        """
        return self.folder / bucket_files(bucket)[1]

    def read_spells(self, bucket: int) -> pl.DataFrame:
        """The table at ``spells_path``. Raises ``InputRefused`` when it is not the one that was built."""
        return pl.read_parquet(io.BytesIO(self._checked(bucket_files(bucket)[0])))

    def read_persons(self, bucket: int) -> pl.DataFrame:
        """The table at ``persons_path``. Raises ``InputRefused`` when it is not the one that was built."""
        return pl.read_parquet(io.BytesIO(self._checked(bucket_files(bucket)[1])))

    def verify(self, bucket: int) -> None:
        """Raises ``InputRefused`` unless the files of a bucket are, to the last byte, those that were built."""
        for name in bucket_files(bucket):
            self._checked(name)

    def _checked(self, name: str) -> bytes:
        try:
            data = (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise _missing(self.folder, name) from None
        if check_of(data) != self.checks[name]:
            raise _other(self.folder, name)
        return data

    def identities(self) -> pl.Series:
        """What the files, or the pseudonyms, call the persons of the store (String), bucket by bucket."""
        paths = [self.persons_path(bucket) for bucket in range(self.buckets)]
        return pl.scan_parquet(paths, glob=False).select("identity").collect()["identity"]

    def manifest(self) -> bytes:
        """What ``manifest.json`` holds: the same bytes for the same register."""
        content = {
            "format": FORMAT,
            "first_week": self.first_week,
            "last_week": self.last_week,
            "buckets": self.buckets,
            "persons": self.persons,
            "spells": self.spells,
            "person_weeks": self.person_weeks,
            "synthetic": self.synthetic,
            "pseudonymous": self.pseudonymous,
            "files": list(self.files),
            "left_out": list(self.left_out),
            "repairs": [[repair.what, repair.count, repair.file] for repair in self.repairs],
            "unknown_codes": [list(row) for row in self.unknown_codes.iter_rows()],
            "checks": dict(self.checks),
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def open_store(folder: Path | str) -> Store:
    """The store in ``folder``.

    Raises ``InputRefused`` when there is none, when it was not finished, when a file of it is missing or has another
    size than it was built with, or when a newer version of the program wrote it. What is in the files is checked
    when they are read.
    """
    folder = Path(folder)
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        version = int(content.pop("format"))
    except FileNotFoundError:
        raise _refused(folder, *_why_none(folder)) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable(folder) from None
    if version > FORMAT:
        what = f"a newer version of the program wrote it (format {version}, this one reads {FORMAT})"
        raise _refused(folder, what, "Update the program, or build the register again with this one")
    try:
        store = _told(folder, content)
    except (ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        raise _unreadable(folder) from None
    for name, (size, _) in store.checks.items():
        path = folder / name
        if not path.is_file():
            raise _missing(folder, name)
        if path.stat().st_size != size:
            raise _other(folder, name)
    return store


def _told(folder: Path, content: dict[str, Any]) -> Store:
    """The store a manifest tells of; ``ValueError``, ``KeyError`` or ``TypeError`` when it tells of none."""
    store = Store(
        folder=folder,
        files=tuple(content.pop("files")),
        left_out=tuple(content.pop("left_out")),
        repairs=tuple(Repair(*repair) for repair in content.pop("repairs")),
        unknown_codes=unknown_table(content.pop("unknown_codes")),
        **content,
    )
    if not all(type(getattr(store, name)) is int for name in _COUNTS):
        raise ValueError("a count is no whole number")
    names = [name for bucket in range(store.buckets) for name in bucket_files(bucket)]
    if sorted(store.checks) != sorted(names):
        raise ValueError("the checks are of other files")
    if not all(len(check) == 2 and set(map(type, check)) == {int} for check in store.checks.values()):
        raise ValueError("a check is no size and checksum")
    return store


def is_store(folder: Path) -> bool:
    """Whether a finished store lies in ``folder``."""
    return (folder / MANIFEST).is_file()


def bucket_files(bucket: int) -> tuple[str, str]:
    """The names of a bucket's spells and persons in the folder of the store."""
    return f"spells/bucket={bucket:03d}.parquet", f"persons/bucket={bucket:03d}.parquet"


def check_of(data: bytes) -> Check:
    """The check of a file's content."""
    return [len(data), zlib.crc32(data)]


def building_folder(goal: Path) -> Path:
    """Where a store is built before it appears at ``goal``."""
    return goal.parent / f".{goal.name}.building"


def unknown_table(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Codes that the code list lacks: ``code``, ``weeks``, ``persons``, those with most weeks first."""
    table = pl.DataFrame(rows, schema=_UNKNOWN, orient="row")
    return table.sort("weeks", "code", descending=[True, False])


def _why_none(folder: Path) -> tuple[str, str]:
    if building_folder(folder).exists():
        return "the store is not finished", "Build the register again: it goes on from where it stopped"
    if folder.exists():
        return "the folder is no store of a register", "Name the folder a register was built into"
    return "there is no such folder", "Build the register first, or correct the folder's name"


def _refused(folder: Path, what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, folder.name)])


def _unreadable(folder: Path) -> InputRefused:
    return _refused(
        folder, f"its {MANIFEST} cannot be read", "Remove the folder and build the register again"
    )


def _missing(folder: Path, name: str) -> InputRefused:
    return _refused(
        folder, f"its file {name} is missing", "Copy the whole folder, or build the register again"
    )


def _other(folder: Path, name: str) -> InputRefused:
    what = f"its file {name} is not the one that was built"
    return _refused(folder, what, "Copy the whole folder again, or build the register again")
