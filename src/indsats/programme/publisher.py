"""Publishes a version: checks it, then writes the mark that makes any later change an error."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from indsats.problem import InputRefused, Problem

from .loader import published_before, read, unkept_problems, version_folder
from .published import MARK, content_hash, published_problems


def publish(path: Path, on: date) -> Path:
    """Writes ``published.json`` beside the newest version's files (or in ``path``, when that is a version).

    Returns the file's path. Raises InputRefused when the definition has errors, is published already, or does not
    keep the editions that published versions before it have (or one of those has changed since)."""
    folder = version_folder(Path(path), None)
    mark = folder / MARK
    if mark.exists():
        what, remedy = (
            "this version is already published",
            "Copy the folder to a new version and publish that.",
        )
        raise InputRefused([Problem(what, remedy, str(mark))])
    reading = read(folder)
    if reading.errors or reading.programme is None:
        raise InputRefused(reading.errors)
    programme = reading.programme
    kept = [problem for problem in unkept_problems(reading) if problem.severity == "error"]
    for other, before in published_before(reading).items():
        kept += published_problems(other, before)
    if kept:
        raise InputRefused(kept)
    content = {
        "programme": programme.programme,
        "version": programme.version,
        "published": on.isoformat(),
        "sha256": content_hash(programme),
    }
    unfinished = folder / f".{MARK}.part"
    unfinished.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    os.replace(unfinished, mark)  # noqa: PTH105 - one step, so that no half-written mark is ever seen
    return mark
