"""Which fields a rule may use, by the table it is about, and where in a definition rules stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .base import FieldType
from .definition import Programme
from .evaluation import Evaluation
from .measurement import Questionnaire
from .vocabulary import COMMON_FIELDS, DERIVED_PERSON_FIELDS, KIND_FIELDS, PERSON_FIELDS


def rule_fields(programme: Programme, table: str) -> Mapping[str, FieldType]:
    """The fields a rule over ``table`` may use, with their types.

    ``table`` is a kind of fact (``meeting``), ``person`` (the person's fields and ``age``),
    ``evaluation:<id>`` (what population and treated may use: a person, or the columns of the packaged tables,
    with derived columns and history), ``rows:<table id>`` (one packaged table) or ``questionnaire:<id>`` (the
    items, for class rules). Raises KeyError for a table that does not exist.
    """
    area, _, name = table.partition(":")
    if table == "person":
        return {**PERSON_FIELDS, "age": "number"}
    if table in KIND_FIELDS:
        return {**COMMON_FIELDS, **KIND_FIELDS[table]}
    if area == "evaluation" and name in programme.evaluations:
        return evaluation_fields(programme, programme.evaluations[name])
    if area == "rows" and name in programme.tables:
        return {column: what.type for column, what in programme.tables[name].columns.items()}
    if area == "questionnaire" and name in programme.questionnaires:
        return dict.fromkeys(programme.questionnaires[name].items, "number")
    raise KeyError(table)


def source_fields(programme: Programme, evaluation: Evaluation) -> dict[str, FieldType]:
    """The fields an evaluation's data have before anything is derived."""
    if not evaluation.rows:
        history: dict[str, FieldType] = {made.id: "number" for made in evaluation.history}
        return {**PERSON_FIELDS, **DERIVED_PERSON_FIELDS, **history}
    found: dict[str, FieldType] = {}
    for rows in evaluation.rows:
        if rows.table in programme.tables:
            for column, what in programme.tables[rows.table].columns.items():
                found.setdefault(column, what.type)
    return found


def evaluation_fields(programme: Programme, evaluation: Evaluation) -> dict[str, FieldType]:
    """The fields of ``source_fields`` and the derived columns, all numbers; each may use those above it."""
    return {**source_fields(programme, evaluation), **dict.fromkeys(evaluation.derive, "number")}


@dataclass(frozen=True)
class RulePlace:
    """One rule of a definition: where it stands, what it is about and what it must give."""

    path: tuple[Any, ...]
    text: str
    table: str
    fields: Mapping[str, FieldType]
    expect: FieldType = "bool"
    answers: tuple[str, ...] = ()


def rule_places(programme: Programme) -> Iterator[RulePlace]:
    """Every rule of a definition whose table exists, in the order of the definition's parts."""
    for name, group in programme.groups.items():
        if group.when is not None:
            yield RulePlace(("groups", name, "when"), group.when, "person", rule_fields(programme, "person"))
    for name, entry in programme.entry_rules.items():
        yield from _of_kind(programme, ("entry_rules", name, "must"), entry.must, entry.kind)
    for name, cadence in programme.cadences.items():
        yield from _of_kind(programme, ("cadences", name, "where"), cadence.where, cadence.kind)
    for name, questionnaire in programme.questionnaires.items():
        yield from _of_classes(name, questionnaire)
    for name, indicator in programme.indicators.items():
        for key in ("among", "where"):
            text, kind = getattr(indicator, key, None), getattr(indicator, "kind", None)
            if text is not None and kind is not None:
                yield from _of_kind(programme, ("indicators", name, key), text, kind)
    for name, evaluation in programme.evaluations.items():
        yield from _of_evaluation(programme, name, evaluation)


def _of_kind(programme: Programme, path: tuple[Any, ...], text: str, kind: str) -> Iterator[RulePlace]:
    if kind in KIND_FIELDS:
        yield RulePlace(path, text, kind, rule_fields(programme, kind))


def _of_classes(name: str, questionnaire: Questionnaire) -> Iterator[RulePlace]:
    items = tuple(questionnaire.items)
    fields: dict[str, FieldType] = dict.fromkeys(items, "number")
    for number, found in enumerate(questionnaire.classes):
        path = ("questionnaires", name, "classes", number, "when")
        yield RulePlace(path, found.when, f"questionnaire:{name}", fields, "bool", items)


def _of_evaluation(programme: Programme, name: str, evaluation: Evaluation) -> Iterator[RulePlace]:
    at = ("evaluations", name)
    for number, rows in enumerate(evaluation.rows):
        if rows.table in programme.tables:
            table = f"rows:{rows.table}"
            yield RulePlace((*at, "rows", number, "where"), rows.where, table, rule_fields(programme, table))
    table = f"evaluation:{name}"
    known = source_fields(programme, evaluation)
    for column, text in evaluation.derive.items():
        yield RulePlace((*at, "derive", column), text, table, dict(known), "number")
        known[column] = "number"
    for key in ("population", "treated"):
        yield RulePlace((*at, key), getattr(evaluation, key), table, known)
