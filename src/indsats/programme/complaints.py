"""Translates what pydantic finds wrong into sentences with the line of the offending place and a remedy."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from indsats.problem import Problem

from .base import Duration, Period, Source, Text
from .evaluation import CodeRange
from .rules import known_words, nearest, suggestion
from .shape import Spot, choices, field_of, keys_of, plain, spot, tagged
from .yaml_tree import Place, Tree

_ID = "Begin with a small letter and use a-z, 0-9, _ and inner hyphens, such as 'first-talk'."
_SOURCE = (
    "Write L911 or L911-923, another document's key before it (key L12), https://…, doi:…, "
    "'published: Author (year), place', or decision with a note."
)


def complaints(error: ValidationError, tree: Tree, root: type[BaseModel]) -> list[Problem]:
    """One Problem for each finding of pydantic, in the order of the files."""
    found = [_problem(detail, tree, root) for detail in error.errors(include_url=False)]
    return sorted(found, key=lambda problem: (problem.file, problem.line or 0, problem.column or 0))


def locate(tree: Tree, path: Sequence[Any], *, key: bool = False) -> tuple[Tree, Place]:
    """The deepest value on ``path`` that is in the file, and its place (with ``key`` that of its key)."""
    place = tree.place
    for step in path:
        child = tree.children.get(step)
        if child is None:
            break
        place = tree.keys.get(step, child.place) if key else child.place
        tree = child
    return tree, place


def named(path: Sequence[Any], tree: Tree) -> str:
    """A path as a reader finds it: ``indicators › no-shows › where``; places in lists count from 1."""
    words: list[str] = []
    at: Tree | None = tree
    for step in path:
        in_list = isinstance(step, int) and (at is None or isinstance(at.value, list))
        words.append(f"no. {step + 1}" if in_list else str(step))
        at = at.children.get(step) if at is not None else None
    return " › ".join(words)


def _problem(detail: ErrorDetails, tree: Tree, root: type[BaseModel]) -> Problem:
    here = spot(root, detail["loc"])
    kind = detail["type"]
    if kind == "missing":
        return _missing(here, tree)
    if kind in ("extra_forbidden", "invalid_key"):
        return _unknown_key(here, tree)
    at_key = kind == "string_pattern_mismatch" and "[key]" in detail["loc"]
    node, place = locate(tree, here.path, key=at_key)
    what, remedy = _said(detail, here, named(here.path, tree))
    value = None if isinstance(node.value, dict | list) and not at_key else _short(detail["input"])
    return Problem(what, remedy, place.file, place.line, place.column, value=value)


def _missing(here: Spot, tree: Tree) -> Problem:
    *above, key = here.path
    node, place = locate(tree, above, key=True)
    inside = f" in {named(above, tree)}" if above else ""
    remedy = f"Add '{key}: …'."
    info = field_of(here.model, key) if here.model is not None else None
    if info is not None and plain(info.annotation) is Text:
        remedy = f"Add '{key}: {{da: …, en: …}}'."
    if here.model is Text:
        remedy = f"Every text stands in Danish and English; add '{key}: …'."
    if key == "source":
        remedy = "Say where it comes from: the document's line (L911) or decision with a note."
    if here.model is not None:
        strange = [str(one) for one in node.children if str(one) not in keys_of(here.model)]
        meant = nearest(str(key), strange)
        if meant is not None:
            remedy = f"Is '{meant}' a slip for '{key}'? {remedy}"
    return Problem(f"'{key}' is missing{inside}", remedy, place.file, place.line, place.column)


def _unknown_key(here: Spot, tree: Tree) -> Problem:
    *above, key = here.path
    node, place = locate(tree, here.path, key=True)
    known = keys_of(here.model) if here.model is not None else []
    inside = f" in {named(above, tree)}" if above else ""
    remedy = suggestion(str(key), known)
    if here.model is Text and node.value is None:
        # In {da: one, two, en: …} the comma ends the text, and what follows is read as a key without a value.
        what = f"a comma has ended the text{inside} before '{key}'"
        return Problem(
            what, "Put texts with a comma in quotation marks.", place.file, place.line, place.column
        )
    return Problem(f"the key '{key}' is not known{inside}", remedy, place.file, place.line, place.column)


def _said(detail: ErrorDetails, here: Spot, path: str) -> tuple[str, str]:
    """What is wrong and the remedy, by pydantic's kind of error."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = path or "the definition"
    if kind == "literal_error":
        allowed = choices(here.wanted)
        return f"{name} has a value that is not known", suggestion(str(given), allowed)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _tag(kind, given, context, here, name)
    if kind in ("model_type", "model_attributes_type", "dict_type", "dict_attributes_type"):
        return _mapping(here, given, name)
    if kind == "list_type":
        return f"{name} is not a list", "Write the values in square brackets, or each on a line after '- '."
    if kind == "string_type":
        if isinstance(given, dict | list) or given is None:
            return f"{name} is not a text", "Write one text."
        return (
            f"{name} is read as {_kind(given)}, not as text",
            f'Put it in quotation marks: "{_yaml(given)}".',
        )
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern", "")), here, str(given), name)
    if kind == "string_too_short":
        return f"{name} is empty", "Write something, or remove the key."
    if kind == "too_short":
        return f"{name} is empty", f"Give it at least {context.get('min_length', 1)}."
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        limit = next(iter(context.values()))
        word = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}[next(iter(context))]
        return f"{name} is outside its bounds", f"Give a number {word} {limit}."
    if kind.startswith(("int_", "float_", "bool_")):
        wanted = {"i": "a whole number", "f": "a number", "b": "true or false"}[kind[0]]
        return f"{name} is not {wanted}", f"Write {wanted}, without quotation marks or unit."
    if kind.startswith("date"):
        return f"{name} is not a date", "Write it as 2014-01-31."
    if kind == "value_error":
        message = str(context.get("error", detail["msg"]))
        return f"{name}: {message}" if here.path else message, _remedy_for(message)
    return f"{name}: {detail['msg']}", "See the schema of definitions for what may stand here."


def _remedy_for(message: str) -> str:
    remedies = {
        "a decision needs": "Add 'note: {da: …, en: …}'.",
        "duration": "Count months (P3M), weeks (P26W), days (P14D) or years (P1Y), or name a setting.",
        "period": "Write both days, the earlier first.",
        "scale": "Write the lowest answer as 'low' and the highest as 'high'.",
        "a target has": "Keep one of them.",
        "'event' names": "Write only 'event', or only 'kind'.",
        "a happening has": "Add 'kind: …', or 'event: …' for an event of the programme.",
        "whole number of": "Choose a smaller unit, such as days for half weeks.",
        "highest a site may": "Swap 'low' and 'high', or correct one.",
        "type 'choice'": "Write 'type: choice', or remove 'choices'.",
        "an evaluation has": "Keep the one the data come from.",
    }
    return next(
        (remedy for start, remedy in remedies.items() if start in message), "Correct it as described."
    )


def _tag(kind: str, given: Any, context: Any, here: Spot, name: str) -> tuple[str, str]:
    key = str(context.get("discriminator", "")).strip("'")
    known = [str(tag) for tag in tagged(here.wanted) or {}]
    if kind == "union_tag_not_found":
        if not isinstance(given, dict):
            return (
                f"{name} is not a mapping",
                f"Write its parts on lines of their own, '{key}: …' among them.",
            )
        near = get_close_matches(key, [str(other) for other in given], n=1)
        remedy = f"Add '{key}' with one of {known_words(known)}."
        return f"{name} lacks '{key}'", f"Did you mean it by '{near[0]}'? {remedy}" if near else remedy
    written = given.get(key) if isinstance(given, dict) else given
    return f"{name} has the unknown {key} '{_short(written)}'", suggestion(str(written), known)


def _mapping(here: Spot, given: Any, name: str) -> tuple[str, str]:
    wanted = plain(here.wanted)
    if wanted is Text:
        return f"{name} is not a text in two languages", "Write {da: …, en: …}."
    if wanted is Duration:
        return f"{name} is not a duration", "Write for example P3M, P26W or P14D."
    if wanted is Period:
        return f"{name} is not a period", "Write it as 2016-05-01/2016-09-30."
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        needed = [info.alias or key for key, info in wanted.model_fields.items() if info.is_required()]
        keys = [info.alias or key for key, info in wanted.model_fields.items()]
        what = f"it needs {known_words(needed)}" if needed else f"it may have {known_words(keys)}"
        return f"{name} is not a mapping", f"Write its parts as 'key: value'; {what}."
    what = "a list" if isinstance(given, list) else _kind(given)
    return f"{name} is {what} where names with values belong", "Write each as 'name: …' on a line of its own."


def _pattern(pattern: str, here: Spot, given: str, name: str) -> tuple[str, str]:
    if pattern == _pattern_of(Source):
        return f"{name} does not say where it comes from in a known way", _SOURCE
    if pattern == _pattern_of(CodeRange):
        return f"{name} is not a register code", 'Write "651", "730-739" or blank.'
    if here.path and here.path[-1] == "better":
        return f"{name} has a value that is not known", suggestion(given, ["higher", "lower"])
    return f"'{given}' cannot be a name in a definition", _ID


def _pattern_of(annotation: Any) -> str:
    return next(str(one.pattern) for one in get_args(annotation)[1:] if hasattr(one, "pattern"))


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a date" if isinstance(value, datetime.date) else "a text"


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(value: Any) -> str | None:
    if isinstance(value, dict | list):
        return None
    text = "nothing" if value is None else _yaml(value)
    return text if len(text) <= 60 else text[:57] + "…"
