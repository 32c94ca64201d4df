"""The registers of a data folder: the weekly one, in whatever layout it lies there."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from .register import Register
from .sources import open_source
from .store import Store, build, is_store, open_store

ENDINGS = (".parquet", ".csv", ".tsv", ".txt", ".dat", ".sas7bdat", ".dta", ".sav")
"""What a register's file may end in; see ``open_source``."""


def has_register(folder: Path) -> bool:
    """Whether the data folder holds a weekly register."""
    return bool(_present(folder))


def read_register(folder: Path, progress: Progress | None = None) -> Register | Store:
    """The weekly register of a data folder: a file ``register/dream.*``, or a store ``register/dream``.

    A file is read into memory through the same build that makes a store, in a temporary folder: see
    ``open_source`` for the layouts and ``build`` for what is refused. A store that was built beforehand is only
    opened; questions are then answered bucket by bucket.

    While a file is read its identifications stand, as they are, in a temporary folder that only its owner can read
    (``$TMPDIR``, named ``indsats-…``). It is removed at the end, also after an error, but a process that is killed
    (``kill -9``, power) leaves it behind. Build a store with a key where that must not be.

    Raises ``InputRefused`` with every problem found; nothing is written in the data folder.
    """
    present = _present(folder)
    if len(present) > 1:
        names = " and ".join(path.name for path in present)
        raise InputRefused(
            [Problem("the weekly register is there twice", f"Keep one of {names}", "register/dream")]
        )
    if not present:
        remedy = "Put it in the data folder as register/dream.parquet or register/dream.csv"
        raise InputRefused([Problem("there is no weekly register", remedy, "register/dream")])
    if present[0].is_dir():
        return open_store(present[0])
    source = open_source(present[0], progress=progress)
    with TemporaryDirectory(prefix="indsats-") as temporary:
        return Register.load(build([source], Path(temporary) / "dream", progress=progress))


def _present(folder: Path) -> list[Path]:
    place = folder / "register"
    found = [path for ending in ENDINGS if (path := place / f"dream{ending}").is_file()]
    return [*found, place / "dream"] if is_store(place / "dream") else found
