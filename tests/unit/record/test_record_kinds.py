"""The kinds of facts and the vocabulary of rules say the same."""

import pytest
from pydantic import ValidationError

from indsats.programme import FIXED_VALUES, KIND_FIELDS, Programme
from indsats.record import COMMON, KINDS, payload_columns, payload_fields, schema
from indsats.record.tables import TYPES
from logbook import programme


def test_kinds_are_those_of_the_vocabulary_in_the_same_order() -> None:
    assert list(KINDS) == list(KIND_FIELDS)


@pytest.mark.parametrize("kind", KINDS)
def test_fields_and_types_are_those_of_the_vocabulary(kind: str) -> None:
    assert {field.name: field.type for field in payload_fields(kind)} == KIND_FIELDS[kind]


def test_values_that_are_the_same_everywhere_are_those_of_the_vocabulary() -> None:
    fixed = {f"{kind}.{field.name}": field.values for kind in KINDS for field in payload_fields(kind)}
    assert {place: values for place, values in fixed.items() if values} == FIXED_VALUES


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_every_common_and_payload_column_once(kind: str) -> None:
    columns = schema(kind, programme())
    assert set(COMMON) <= set(columns)
    for field, type_ in KIND_FIELDS[kind].items():
        assert columns[field] == TYPES[type_]


def test_only_an_enrolment_names_its_service_itself() -> None:
    assert [kind for kind in KINDS if "service" in payload_columns(kind, programme())] == ["enrolled"]


def test_answers_have_one_column_per_item_of_every_questionnaire_of_their_kind() -> None:
    asked = programme().questionnaires
    about_site = asked["wellbeing"].model_copy(update={"about": "site"})
    definition = programme(questionnaires={**asked, "model": about_site})
    assert answers("questionnaire_answered", definition) == ["answer.skills", "answer.health", "answer.calm"]
    assert answers("site_answered", definition) == ["answer.calm"]
    assert answers("meeting", definition) == []


def answers(kind: str, definition: Programme) -> list[str]:
    return [name for name in payload_columns(kind, definition) if name.startswith("answer.")]


def test_fixed_lists_bounds_and_required_fields_are_read_from_the_models() -> None:
    fields = {field.name: field for field in payload_fields("hours")}
    assert fields["type"].values == ("ordinary", "subsidised", "flex", "education", "unpaid")
    assert (fields["hours_per_week"].low, fields["hours_per_week"].high) == (0, 168)
    assert fields["hours_per_week"].required
    assert not fields["evidence"].required
    assert fields["evidence"].values == ("payslip", "register", "employer", "citizen", "estimate")


def test_a_payload_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        KINDS["meeting"].model_validate({"type": "talk", "outcome": "held", "colour": "red"})


def test_a_payload_without_a_required_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="outcome"):
        KINDS["meeting"].model_validate({"type": "talk"})
