"""Where each fact of a document stands in its programme's definition: reads the tables, resolves their paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from indsats import library, programme
from indsats.programme import Programme

HERE = Path(__file__).parent
TABLES = HERE / "coverage"


@dataclass(frozen=True, slots=True)
class Fact:
    """One numbered fact: what it says, the section of the digest it stands in, its lines in the document, the
    paths in the definition that hold it, and otherwise why it is not there."""

    fact: str
    section: str
    lines: tuple[str, ...]
    at: tuple[str, ...]
    why: str


def documents() -> list[str]:
    """The documents that have a table, by their three digits."""
    return sorted(path.stem for path in TABLES.glob("*.yaml"))


def facts(document: str) -> list[Fact]:
    """The facts of one document, in order. Raises ValueError for an entry that says neither where nor why."""
    entries = YAML(typ="safe").load((TABLES / f"{document}.yaml").read_text(encoding="utf-8"))
    return [_fact(entry, f"{document}.yaml, entry {number}") for number, entry in enumerate(entries, 1)]


def _fact(entry: dict[str, Any], where: str) -> Fact:
    unknown = set(entry) - {"fact", "digest", "lines", "at", "why"}
    if unknown:
        raise ValueError(f"{where}: unknown keys {', '.join(sorted(unknown))}")
    made = Fact(
        str(entry["fact"]),
        str(entry["digest"]),
        tuple(str(line) for line in _listed(entry.get("lines"))),
        tuple(str(path) for path in _listed(entry.get("at"))),
        str(entry.get("why") or ""),
    )
    if not made.at and not made.why:
        raise ValueError(f"{where}: say where it stands ('at') or why it does not ('why')")
    return made


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def programme_of(document: str) -> Programme:
    """The shipped programme whose main document begins with these digits."""
    for name in library.programmes():
        found = programme.load(library.definition_path(name))
        if found.document.startswith(f"{document}_"):
            return found
    raise ValueError(f"no programme has {document} as its document")


def resolve(definition: Programme, path: str) -> Any:
    """What stands at a dotted path such as ``requirements.talt-om-fleksjob`` or ``targets.0``.

    Parts in a list may also be named by their ``id``. Raises KeyError with the step that leads nowhere.
    """
    found: Any = definition
    for step in path.split("."):
        found = _below(found, step, path)
    if found is None or (isinstance(found, Sequence | dict) and not found):
        raise KeyError(f"{path}: nothing is filled in there")
    return found


def _below(part: Any, step: str, path: str) -> Any:
    if isinstance(part, dict) and step in part:
        return part[step]
    if isinstance(part, list):
        if step.isdigit() and int(step) < len(part):
            return part[int(step)]
        for one in part:
            if getattr(one, "id", None) == step:
                return one
    if isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if step in (name, info.alias):
                return getattr(part, name)
    raise KeyError(f"{path}: there is no '{step}'")


def _is_prose(path: str) -> bool:
    """Whether a path leads to a text rather than to something the product works with."""
    return path.rsplit(".", 1)[-1] in ("note", "about", "summary", "does") or path.startswith("documents.")


def page(document: str) -> str:
    """The table of one document as Markdown."""
    rows = facts(document)
    definition = programme_of(document)
    placed = sum(bool(row.at) for row in rows)
    told = sum(bool(row.at) and all(_is_prose(path) for path in row.at) for row in rows)
    lines = [
        f"# Coverage: {definition.title.en}",
        "",
        f"Every numbered fact of document {document} that bears on who the programme is for, what it does, what data",
        f"it has and how it is followed up: {len(rows)} facts, {placed} of them ({placed / len(rows):.1%}) in the",
        f"[definition](../programmes/{definition.programme}.md), {told} of those as a note or description only:",
        "nothing is computed from them. Lines are those of the document's text.",
        "",
        "| section | fact | lines | where in the definition, or why not |",
        "|---|---|---|---|",
    ]
    for row in rows:
        where = ", ".join(f"`{path}`" for path in row.at) or f"*not in it:* {row.why}"
        fact = row.fact.replace("|", "\\|").replace("\n", " ")
        where = where.replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {row.section} | {fact} | {', '.join(row.lines)} | {where} |")
    return "\n".join([*lines, ""])


__all__ = ["Fact", "documents", "facts", "page", "programme_of", "resolve"]
