"""Payloads that satisfy a rule: found by trying the values a definition allows and those the rule speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain, combinations, islice, product
from typing import Any

import polars as pl

from indsats.programme import KIND_FIELDS, FieldType, Programme, keep, parse_rule, rule_fields
from indsats.programme.rules import Call, Compare, Constant, FieldRef, IsIn, IsMissing, Node, Rule, walk
from indsats.record import payload_fields

from .wording import values_of

TYPES: Mapping[FieldType, pl.DataType] = {
    "number": pl.Float64(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
}
_MOST = 10_000
"""Combinations tried for one rule; beyond it only the values the rule names and one other are."""

_LENGTHS = (7, 30, 91, 182, 365)
"""Days from a fact's first day to a date field that a rule asks about."""

_MOST_NAMES = 4
_SOMETHING = "uddybet i notat"
_PLACES = ("occurred_from", "service", "unit", "site")


def ways(programme: Programme, kind: str, rule_text: str, on: date, **given: Any) -> pl.DataFrame:
    """Payloads of a kind of fact that begins ``on`` a day and satisfies a rule, one per row.

    Columns are the fields the rule names and those ``given`` fixes; a field of dates, ``occurred_to`` among
    them, holds days after the fact (Int64, null: left empty). Where ``unit`` or ``service`` are named but not
    given any will do. One row without values where the rule names no field; none when nothing tried satisfies
    it. Numbers, truth values, dates and lists of names (``includes``) are tried around what the rule compares
    with.
    """
    fields = rule_fields(programme, kind)
    rule = parse_rule(rule_text, fields, expect="bool")
    names = _named(programme, kind, rule, given)
    choices = {
        name: [given[name]] if name in given else _choices(programme, kind, name, rule) for name in names
    }
    size = 1
    for values in choices.values():
        size *= len(values)
    if size > _MOST:
        choices = {name: _few(values, _constants(rule, name)) for name, values in choices.items()}
    rows = [dict(zip(choices, values, strict=True)) for values in islice(product(*choices.values()), _MOST)]
    rows = _possible(programme, kind, names, rows)
    shown = [name for name in names if name not in _PLACES]
    if not rows:
        return pl.DataFrame(schema={name: _column_type(fields, name) for name in shown})
    frame = pl.DataFrame({name: pl.Series([row[name] for row in rows], dtype=_column_type(fields, name), strict=False)
                          for name in names} or {"any": [True]})  # fmt: skip
    numbered = frame.with_row_index("way")
    seen = numbered.with_columns(
        (pl.lit(on) + pl.duration(days=pl.col(name))).alias(name)
        for name in names
        if fields.get(name) == "date" and name != "occurred_from"
    ).with_columns(pl.lit(on).alias("occurred_from"))
    lacking = [name for name in rule.fields if name not in seen.columns]
    seen = seen.with_columns(pl.lit(None, TYPES[fields[name]]).alias(name) for name in lacking)
    good = keep(seen, rule, as_of=on + timedelta(days=365))["way"]
    kept = numbered.filter(pl.col("way").is_in(good.to_list())).select(
        shown or pl.lit(value=True).alias("any")
    )
    kept = kept.unique(maintain_order=True)
    return kept if shown else kept.select(pl.col("any").alias("_any"))


def fields_of(found: pl.DataFrame) -> list[str]:
    """The payload fields a table of ways fixes."""
    return [name for name in found.columns if name != "_any"]


def _named(programme: Programme, kind: str, rule: Rule, given: Mapping[str, Any]) -> list[str]:
    """The fields to decide on: those of the rule, and those that decide whether they can be filled at all."""
    names = {*rule.fields, *given} - {"occurred_from"}
    if kind == "event" and "value" in names:
        names.add("event")
    if any(None not in allowed for allowed in _form_types(programme, kind, names).values()):
        names.add("type")
    return sorted(names)


def _form_types(programme: Programme, kind: str, names: Iterable[str]) -> dict[str, set[str | None]]:
    """By field of the programme's own among ``names``, the types of facts whose form has it; None is every type."""
    details = programme.details(kind)
    return {
        name: {form.type for form in programme.forms.values() if form.kind == kind and name in form.fields}
        for name in names
        if name in details
    }


def _possible(
    programme: Programme, kind: str, names: Iterable[str], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows whose values go together: an event's own outcomes, a form's fields only where the form is used."""
    if kind == "event" and "value" in names:
        known = {key: set(event.values) or {None} for key, event in programme.events.items()}
        rows = [row for row in rows if row["value"] in known.get(row["event"], {None})]
    types = {
        name: allowed for name, allowed in _form_types(programme, kind, names).items() if None not in allowed
    }
    for name, allowed in types.items():
        rows = [row for row in rows if row[name] is None or row.get("type") in allowed]
    return rows


def _choices(programme: Programme, kind: str, name: str, rule: Rule) -> list[Any]:
    type_ = rule_fields(programme, kind)[name]
    told = _constants(rule, name)
    may_miss: list[Any] = [None] if _asks_if_missing(rule, name) or (kind, name) == ("event", "value") else []
    if name in KIND_FIELDS[kind] and any(
        part.name == name and part.required for part in payload_fields(kind)
    ):
        may_miss = []
    if type_ == "bool":
        return [True, False, *may_miss]
    if type_ == "number":
        return [*_numbers(kind, name, told), *may_miss]
    if type_ == "date":
        return [*_LENGTHS, *may_miss] if name != "occurred_to" else [None, *_LENGTHS]
    names = _included(rule, name)
    if names:
        sets = chain.from_iterable(
            combinations(names, size) for size in range(min(len(names), _MOST_NAMES) + 1)
        )
        return [*(";".join(one) or None for one in sets), *may_miss]
    known = values_of(programme, kind, name)
    if known:
        return [*known, *may_miss]
    return [*dict.fromkeys([*told, _SOMETHING]), *may_miss]


def _numbers(kind: str, name: str, told: list[Any]) -> list[float]:
    bounds = next((part for part in payload_fields(kind) if part.name == name), None)
    low = 0.0 if bounds is None or bounds.low is None else bounds.low
    high = 1e6 if bounds is None or bounds.high is None else bounds.high
    near = [float(number) + step for number in told for step in (0, -1, 1, 4)]
    return sorted({number for number in (*near, 10.0, 25.0) if low <= number <= high})


def _few(values: list[Any], told: list[Any]) -> list[Any]:
    """The values a rule names and one it does not; all of them when there are only a few."""
    if len(values) <= 3:
        return values
    named = [value for value in values if value in told]
    return [*named, *[value for value in values if value not in told][:1]]


def _constants(rule: Rule, name: str) -> list[Any]:
    """The values a rule compares a field with, in the order written."""
    found: list[Any] = []
    for node in walk(rule.tree):
        if isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if _reads(one, name):
                    found += [part.value for part in walk(other) if isinstance(part, Constant)]
        elif isinstance(node, IsIn) and _reads(node.value, name):
            found += [choice.value for choice in node.choices]
    return list(dict.fromkeys(found))


def _reads(node: Node, name: str) -> bool:
    return any(isinstance(part, FieldRef) and part.name == name for part in walk(node))


def _included(rule: Rule, name: str) -> list[str]:
    """The names a rule looks for in a field that lists several."""
    found: list[str] = []
    for node in walk(rule.tree):
        if isinstance(node, Call) and node.function == "includes" and _reads(node.arguments[0], name):
            found += [str(part.value) for part in node.arguments[1:] if isinstance(part, Constant)]
    return list(dict.fromkeys(found))


def _asks_if_missing(rule: Rule, name: str) -> bool:
    """Whether a rule asks if the field is missing; a value is then tried as well as none."""
    return any(
        (isinstance(node, IsMissing) and _reads(node.of, name))
        or (isinstance(node, IsIn) and node.or_missing and _reads(node.value, name))
        for node in walk(rule.tree)
    )


def _column_type(fields: Mapping[str, FieldType], name: str) -> pl.DataType:
    type_ = fields.get(name, "text")
    return pl.Int64() if type_ == "date" else TYPES[type_]
