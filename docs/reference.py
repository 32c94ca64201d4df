"""Writes the reference pages that are generated: definition, facts, replicated figures, the price book, and rights."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from price_page import prices_page
from pydantic import BaseModel
from rights_page import rights_page

from indsats import programme, record, replicate
from indsats.programme import Programme

HERE = Path(__file__).parent / "reference"


def main() -> None:
    """Write every generated page."""
    HERE.mkdir(exist_ok=True)
    (HERE / "definition.md").write_text(definition_page(), encoding="utf-8")
    (HERE / "facts.md").write_text(facts_page(), encoding="utf-8")
    (HERE / "replicated.md").write_text(replicated_page(), encoding="utf-8")
    (HERE / "prices.md").write_text(prices_page(), encoding="utf-8")
    (HERE / "rights.md").write_text(rights_page(), encoding="utf-8")


def definition_page() -> str:
    """One heading per part of a definition, with its keys, types and whether they must be given."""
    parts: dict[str, type[BaseModel]] = {}
    _collect(Programme, parts)
    lines = [
        "# A definition's parts",
        "",
        "Made from the schema. `indsats schema` prints the same as JSON Schema, for editors.",
        "",
    ]
    for name, model in parts.items():
        lines += [f"## {name}", "", _doc(model), "", "| key | type | must be given |", "|---|---|---|"]
        for key, field in model.model_fields.items():
            shown = field.alias or key
            lines.append(
                f"| `{shown}` | {_type(field.annotation)} | {'yes' if field.is_required() else 'no'} |"
            )
        lines.append("")
    return "\n".join(lines)


def facts_page() -> str:
    """One heading per kind of fact, with the columns an import file may have."""
    lines = [
        "# Kinds of facts",
        "",
        "An import file is named after its kind (`meeting.csv`). Every kind has the columns `person`, `enrolment`,",
        "`site`, `occurred_from` and `occurred_to`; `id`, `version`, `recorded_at`, `recorded_by`, `source` and",
        "`replaced_at` are filled in when they are left out.",
        "",
    ]
    with_forms = get_args(programme.Form.model_fields["kind"].annotation)
    for kind, model in record.KINDS.items():
        lines += [f"## {kind}", "", _doc(model), "", _needs(model), ""]
        rows = [
            (f"`{key}`", _type(field.annotation), "yes" if field.is_required() else "no")
            for key, field in model.model_fields.items()
            if key != "answers"
        ]
        if model.has_service:
            rows.append(("`service`", "text, a service of the definition", "no"))
        if kind in with_forms:
            rows.append(
                (
                    "`<field>`, one column per field of the programme's forms",
                    "as the form says",
                    "as the form says",
                )
            )
        if "answers" in model.model_fields:
            rows.append(
                ("`answer.<item>`, one column per item", "whole number, empty when not answered", "yes")
            )
        if rows:
            lines += ["| column | type | must be given |", "|---|---|---|"]
            lines += [f"| {name} | {shown} | {must} |" for name, shown, must in rows]
            lines.append("")
    return "\n".join(lines)


def _needs(model: type[record.FactPayload]) -> str:
    """Which of the common columns a kind cannot do without, in a sentence."""
    wanted = {"person": model.needs_person, "enrolment": model.needs_enrolment, "site": model.needs_site}
    needed = [f"`{name}`" for name, must in wanted.items() if must]
    said = f"Common columns it needs: {', '.join([*needed, '`occurred_from`'])}."
    for field, values in model.nameless_when.items():
        named = " or ".join(f"`{str(one).lower()}`" for one in values)
        said += f" Where `{field}` is {named}, `site` may stand instead of `person`."
    return said


def replicated_page() -> str:
    """Every printed figure that is recomputed, with the verdict."""
    rows = replicate.replicate()
    lines = [
        "# Replicated figures",
        "",
        f"{len(rows)} printed figures, recomputed through the functions the product uses (`indsats replicate`).",
        "",
        "Most are made from other *printed* figures, a few *derived* from a printed rule. For the *rebuilt* ones",
        "answers or people were made up that give the figure: it shows that the product counts as the document did,",
        "and no more.",
        "",
        "| figure | line | printed | recomputed | verdict | from | why |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        reason = row.reason.en.replace("|", "\\|") if row.reason else ""
        lines.append(
            f"| {row.id} | {row.lines} | {row.printed} | {row.shown} | {row.verdict.replace('_', ' ')} "
            f"| {row.basis} | {reason} |"
        )
    return "\n".join([*lines, ""])


def _collect(model: type[BaseModel], into: dict[str, type[BaseModel]]) -> None:
    if model.__name__ in into:
        return
    into[model.__name__] = model
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            _collect(inner, into)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _doc(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").replace("``", "`")


def _type(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _type(get_args(annotation)[0])
    if origin is Literal:
        return _either([f"`{value}`" for value in get_args(annotation)])
    if origin in (Union, UnionType):
        return _either([_type(inner) for inner in get_args(annotation) if inner is not NoneType])
    if origin is list:
        return f"list of {_type(get_args(annotation)[0])}"
    if origin is dict:
        return f"{_type(get_args(annotation)[1])} by name"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return (
            f"[{annotation.__name__}](#{annotation.__name__.lower()})"
            if annotation.__name__ in _PARTS
            else annotation.__name__
        )
    plain = {str: "text", int: "whole number", float: "number", bool: "yes or no"}
    return plain.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _either(words: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


_PARTS: dict[str, type[BaseModel]] = {}
_collect(programme.Programme, _PARTS)

if __name__ == "__main__":
    main()
