"""Writing files of persons: whole or not at all, for their owner alone, and a full disk told in a sentence."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indsats.problem import InputRefused, Problem

OWNERS_FOLDER, _OWNERS_FILE = 0o700, 0o600
"""Registers are about persons: nobody but who writes a file may read it, until its owner says otherwise."""

UNFINISHED = ".unfinished"
"""How the name of a file ends while it is written."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def put(path: Path, *chunks: bytes, durable: bool = False) -> None:
    """Writes a file that is there whole or not at all. ``durable``: also when the power goes the moment after."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    opened = os.open(
        unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), _OWNERS_FILE
    )
    try:
        with os.fdopen(opened, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk itself."""
    folder = path.is_dir()
    if folder and os.name != "posix":  # elsewhere a folder cannot be opened
        return
    opened = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def no_room(fault: OSError) -> bool:
    """Whether something could not be written because the disk, or what somebody may use of it, is full."""
    return fault.errno in _FULL


@contextmanager
def told_when_full(what: str, remedy: str, file: str = "") -> Iterator[None]:
    """Turns a full disk into ``InputRefused`` with these sentences."""
    try:
        yield
    except OSError as fault:
        if not no_room(fault):
            raise
        raise InputRefused([Problem(what, remedy, file)]) from None
