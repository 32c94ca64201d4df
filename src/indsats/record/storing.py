"""Writes files and folders whole or not at all: beside the place first, then into it by renaming."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from indsats.problem import InputRefused, Problem


def written_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    beside.write_bytes(content)
    beside.replace(path)


def folder_written_whole(folder: Path, write: Callable[[Path], None], ours: Callable[[Path], bool]) -> None:
    """Replaces what is ``ours`` in a folder by what ``write`` puts into an empty one, whole or not at all.

    Everything else in the folder (registers, notes) is carried over. Killed at any moment, the old content is
    there in full: in the folder, or beside it as ``.<name>.old`` until ``recovered`` puts it back. Raises
    InputRefused when it had to be put back just now.
    """
    if recovered(folder):
        # whoever asks for this write did not see the old content, so it might not be in the new
        raise InputRefused(
            [
                Problem(
                    "an earlier write of the folder was interrupted; what was there before has been put back",
                    "Do the same once more: it now starts from what is in the folder.",
                    file=str(folder),
                )
            ]
        )
    beside, old = _beside(folder, "writing"), _beside(folder, "old")
    for left in (beside, old):
        if left.exists():
            shutil.rmtree(left)
    beside.mkdir(parents=True)
    write(beside)
    if folder.exists():
        for entry in folder.iterdir():
            if not ours(entry):
                _carried(entry, beside / entry.name)
        folder.rename(old)
    beside.rename(folder)
    if old.exists():
        shutil.rmtree(old)


def recovered(folder: Path) -> bool:
    """Puts a folder back whose replacement was interrupted between its two renames; whether there was one."""
    old = _beside(folder, "old")
    if not old.is_dir() or folder.exists():
        return False
    old.rename(folder)
    return True


def _beside(folder: Path, what: str) -> Path:
    folder = folder.absolute()
    return folder.with_name(f".{folder.name}.{what}")


def _carried(entry: Path, to: Path) -> None:
    """A link to the same file where the disk allows it (registers are large), else a copy."""

    def link(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    if entry.is_dir() and not entry.is_symlink():
        shutil.copytree(entry, to, copy_function=link, symlinks=True)
    elif entry.is_symlink():
        to.symlink_to(entry.readlink())
    else:
        link(str(entry), str(to))
