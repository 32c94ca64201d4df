"""The room of data: shipped programme definitions, register codes and the figures that publications print."""

from __future__ import annotations

from pathlib import Path

_HOME = Path(__file__).resolve().parent


def programmes() -> tuple[str, ...]:
    """Ids of the shipped programmes, in alphabetical order."""
    return tuple(sorted(folder.name for folder in (_HOME / "programmes").iterdir() if folder.is_dir()))


def definition_path(programme_id: str) -> Path:
    """The folder of a shipped programme, holding ``v1/``, ``v2/`` …

    Raises ``KeyError`` naming the shipped programmes when there is none with this id.
    """
    if programme_id not in programmes():
        raise KeyError(f"no shipped programme '{programme_id}'; there are: {', '.join(programmes())}")
    return _HOME / "programmes" / programme_id


def dream_codes_path() -> Path:
    """The table of weekly register codes (CSV, one row per code), with source and validity of each."""
    return _HOME / "registers" / "dream_codes.csv"


def published() -> tuple[str, ...]:
    """Keys of the publications whose printed figures are kept as data, in alphabetical order."""
    return tuple(sorted(path.stem for path in (_HOME / "published").glob("*.yaml")))


def published_path(key: str) -> Path:
    """The printed figures of one publication, with what they are recomputed from.

    Raises ``KeyError`` naming the publications there are when there is none with this key.
    """
    if key not in published():
        raise KeyError(f"no printed figures for '{key}'; there are: {', '.join(published())}")
    return _HOME / "published" / f"{key}.yaml"


__all__ = ["definition_path", "dream_codes_path", "programmes", "published", "published_path"]
