"""Which fields a rule may use, by the table it is about, and where in a definition rules stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from .base import FieldType
from .definition import Programme
from .evaluation import Evaluation
from .flow import EachMeasure, Happening
from .measurement import Asking, Question, Questionnaire
from .vocabulary import COMMON_FIELDS, DERIVED_PERSON_FIELDS, KIND_FIELDS, PERSON_FIELDS


def rule_fields(programme: Programme, table: str) -> Mapping[str, FieldType]:
    """The fields a rule over ``table`` may use, with their types.

    ``table`` is a kind of fact (``meeting``), ``person`` (the person's fields and ``age``),
    ``evaluation:<id>`` (what population and treated may use: a person, or the columns of the packaged tables,
    with derived columns and history), ``rows:<table id>`` (one packaged table) or ``questionnaire:<id>`` (the
    items, for class rules; ``questionnaire:<id>@<edition>`` those of an earlier edition). Raises KeyError for a
    table that does not exist.
    """
    area, _, name = table.partition(":")
    if table == "person":
        return {**PERSON_FIELDS, "age": "number"}
    if table in KIND_FIELDS:
        return {**COMMON_FIELDS, **KIND_FIELDS[table], **detail_fields(programme, table)}
    if area == "evaluation" and name in programme.evaluations:
        return evaluation_fields(programme, programme.evaluations[name])
    if area == "rows" and name in programme.tables:
        return {column: what.type for column, what in programme.tables[name].columns.items()}
    if area == "questionnaire":
        return dict.fromkeys(asking_of(programme, table).items, "number")
    raise KeyError(table)


def detail_fields(programme: Programme, kind: str) -> dict[str, FieldType]:
    """The programme's own fields of a kind of fact, from its forms; a choice is a text."""
    return {
        name: "text" if field.type == "choice" else field.type
        for name, field in programme.details(kind).items()
    }


@dataclass(frozen=True)
class AskedHere:
    """One edition as it stands in a definition: at ``path``, of the questionnaire ``name``."""

    path: tuple[Any, ...]
    name: str
    edition: str
    questionnaire: Questionnaire
    asking: Asking

    @property
    def table(self) -> str:
        """The table of its items, as for ``rule_fields``."""
        return f"questionnaire:{self.name}" + (f"@{self.edition}" if "earlier" in self.path else "")


def askings(programme: Programme, name: str | None = None) -> Iterator[AskedHere]:
    """Every edition of every questionnaire (or of one of them), oldest first; the last of each is the current."""
    for key, asked in programme.questionnaires.items():
        if name not in (None, key):
            continue
        for edition, earlier in asked.earlier.items():
            yield AskedHere(("questionnaires", key, "earlier", edition), key, edition, asked, earlier)
        yield AskedHere(("questionnaires", key), key, asked.edition, asked, asked)


def items_asked(programme: Programme) -> Iterator[tuple[tuple[Any, ...], AskedHere, Question]]:
    """Every item of every edition: where it stands, the edition it is in, and the item."""
    for here in askings(programme):
        for item, question in here.asking.items.items():
            yield (*here.path, "items", item), here, question


def asking_of(programme: Programme, table: str) -> Asking:
    """The edition whose items a table ``questionnaire:<id>`` or ``questionnaire:<id>@<edition>`` holds.

    Raises KeyError when there is none."""
    name, _, edition = table.partition(":")[2].partition("@")
    asked = programme.questionnaires[name]
    return asked.earlier[edition] if edition else asked


def points(asking: Asking, item: str) -> list[int]:
    """The points of the scale that can be chosen for an item, from low to high."""
    low, high = asking.scale.low, asking.scale.high
    options = asking.items[item].options
    return sorted({one for one in options if low <= one <= high}) if options else list(range(low, high + 1))


Found = TypeVar("Found", bound=BaseModel)


def parts(
    part: Any, wanted: type[Found], path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Found]]:
    """Every part of one type in a definition, or below a part of it, and where it stands."""
    below: Iterable[tuple[Any, Any]] = ()
    if isinstance(part, BaseModel):
        if isinstance(part, wanted):
            yield path, part
        below = ((info.alias or name, getattr(part, name)) for name, info in type(part).model_fields.items())
    elif isinstance(part, dict):
        below = part.items()
    elif isinstance(part, list):
        below = enumerate(part)
    for key, value in below:
        if isinstance(value, BaseModel | dict | list):
            yield from parts(value, wanted, (*path, key))


def happenings(programme: Programme) -> Iterator[tuple[tuple[Any, ...], Happening]]:
    """Every happening of a definition and where it stands."""
    return parts(programme, Happening)


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
    for name, exclusion in programme.exclusions.items():
        if exclusion.when is not None:
            path = ("exclusions", name, "when")
            yield RulePlace(path, exclusion.when, "person", rule_fields(programme, "person"))
    if programme.comparable is not None:
        for name, condition in programme.comparable.conditions.items():
            path = ("comparable", "conditions", name, "when")
            yield RulePlace(path, condition.when, "person", rule_fields(programme, "person"))
    if programme.visitation is not None:
        yield from _of_kind(programme, ("visitation", "keep"), programme.visitation.keep, "visitation")
    for path, happening in happenings(programme):
        yield from _of_kind(programme, (*path, "where"), happening.where, happening.kind)
    for name, requirement in programme.requirements.items():
        if isinstance(requirement.measured, EachMeasure):
            path = ("requirements", name, "measured", "where")
            yield from _of_kind(programme, path, requirement.measured.where, requirement.measured.of.kind)
    for here in askings(programme):
        yield from _of_classes(here)
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


def _of_classes(here: AskedHere) -> Iterator[RulePlace]:
    items = tuple(here.asking.items)
    fields: dict[str, FieldType] = dict.fromkeys(items, "number")
    for number, found in enumerate(here.asking.classes):
        path = (*here.path, "classes", number, "when")
        yield RulePlace(path, found.when, here.table, fields, "bool", items)


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
