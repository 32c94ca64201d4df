"""A folder of answers, one file for each bucket: what they are of, and which are there already."""

from __future__ import annotations

import io
import json
from contextlib import AbstractContextManager
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem

from ..writing import OWNERS_FOLDER, UNFINISHED, put, told_when_full

KEY = "outcomes.json"
"""The file that tells which question and register the answers are of."""


def claim(out: Path, store: Path | None, key: dict[str, str]) -> None:
    """Makes ``out`` the folder of the answers that ``key`` tells of, or finds that it is.

    Raises ``InputRefused`` when it holds others, when it lies in the folder ``store``, or when the disk is full.
    """
    if store is not None and out.resolve().is_relative_to(store.resolve()):
        what = "the outcomes would lie in the folder of the store"
        raise InputRefused([Problem(what, "Give a folder outside it", str(out))])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.mkdir(OWNERS_FOLDER, exist_ok=True)
    before = _told(out / KEY)
    if before is not None and before != key:
        what = "the folder holds outcomes of another question, register or tables"
        raise InputRefused([Problem(what, "Give another folder, or remove this one", str(out))])
    if before is None and any(out.glob("bucket=*.parquet")):
        what = "the folder holds buckets, but nothing tells what they are of"
        raise InputRefused([Problem(what, "Give another folder, or remove this one", str(out))])
    for unfinished in out.glob(f".*{UNFINISHED}"):  # left by a run that was killed
        unfinished.unlink(missing_ok=True)
    if before is None:
        with _room(out):
            put(out / KEY, f"{json.dumps(key, indent=1)}\n".encode(), durable=True)


def write(found: pl.DataFrame, path: Path) -> None:
    """Writes a bucket's cases; a file that bears the name is whole."""
    # Into memory first: a full disk is then told by Python, with its number.
    made = io.BytesIO()
    found.write_parquet(made)
    with _room(path.parent):
        put(path, made.getvalue(), durable=True)


def cases_in(path: Path) -> int | None:
    """The cases in a bucket written earlier; None when it is not there, or not whole."""
    try:
        return pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError):
        return None


def _told(path: Path) -> dict[str, str] | None:
    """What the answers in a folder are of; None where nothing tells, or what does is broken."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _room(out: Path) -> AbstractContextManager[None]:
    what = "there is no room left for the outcomes"
    return told_when_full(what, "Make room and ask again: what is done is kept", str(out))
