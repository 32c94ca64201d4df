"""Published versions never change: the content's hash, and what tells that it no longer matches."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from indsats.problem import Problem

from .definition import Programme

MARK = "published.json"


def content_hash(programme: Programme) -> str:
    """SHA-256 of what the definition says, whatever its files, order of keys, comments or layout.

    Values that were not written are left out, so that a later edition of the schema with new optional keys
    gives the same hash.
    """
    written = programme.model_dump(mode="json", by_alias=True, exclude_unset=True)
    canonical = json.dumps(written, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def published_problems(folder: Path, programme: Programme) -> list[Problem]:
    """What is wrong with the mark of publication in ``folder``; nothing when it is not published."""
    mark = folder / MARK
    if not mark.exists():
        return []
    try:
        published = json.loads(mark.read_text("utf-8"))
        digest = published["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        what, remedy = "the mark of publication cannot be read", "Restore the file as it was when published."
        return [Problem(what, remedy, str(mark))]
    if digest == content_hash(programme):
        return []
    what = f"version {programme.version} was published and has changed since"
    remedy = f"Undo the change, or copy the folder to v{programme.version + 1} and change it there."
    return [Problem(what, remedy, str(mark))]
