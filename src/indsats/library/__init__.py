"""The room of data: programme definitions, register codes, printed figures and the tables they are made from."""

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
    """The list of weekly register codes (YAML), with meaning, source and validity of each."""
    return _HOME / "registers" / "dream.yaml"


def pension_ages_path() -> Path:
    """The state pension age by date of birth (YAML), with the law behind each line."""
    return _HOME / "registers" / "pension_age.yaml"


def register_presets() -> tuple[str, ...]:
    """Ids of the shipped presets: states, index, histories and outcomes that others have published."""
    return tuple(sorted(path.stem for path in (_HOME / "registers" / "presets").glob("*.yaml")))


def register_preset_path(preset_id: str) -> Path:
    """The file of a shipped preset.

    Raises ``KeyError`` naming the shipped presets when there is none with this id.
    """
    if preset_id not in register_presets():
        raise KeyError(f"no register preset '{preset_id}'; there are: {', '.join(register_presets())}")
    return _HOME / "registers" / "presets" / f"{preset_id}.yaml"


def edge_cases_path() -> Path:
    """The folder of invented persons whose outcomes are worked out by hand; ``cases.yaml`` tells of each."""
    return _HOME / "registers" / "edge_cases"


def price_book_path() -> Path:
    """The price book (YAML): rates, prices, taxes, reimbursement, price index, discount rates, each with its source."""
    return _HOME / "economy" / "denmark.yaml"


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


def tables_path() -> Path:
    """The folder of tables that come with the library; its ``README.md`` tells their sources and licences."""
    return _HOME / "tables"


__all__ = [
    "definition_path",
    "dream_codes_path",
    "edge_cases_path",
    "pension_ages_path",
    "price_book_path",
    "programmes",
    "published",
    "published_path",
    "register_preset_path",
    "register_presets",
    "tables_path",
]
