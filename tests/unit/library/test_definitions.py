"""The shipped definitions load, cite lines that exist, and say everything in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import polars as pl
import pytest
from pydantic import BaseModel

from indsats.library import definition_path, programmes
from indsats.measure import classify
from indsats.programme import Item, Programme, Text, check, load
from indsats.record import KINDS


@pytest.fixture(scope="module", params=programmes())
def programme(request: pytest.FixtureRequest) -> Programme:
    return load(definition_path(request.param))


@pytest.fixture(scope="module")
def outreach() -> Programme:
    return load(definition_path("fremskudt-indsats"))


def parts(part: object) -> Iterator[BaseModel]:
    """Every part of a definition, however deep."""
    if isinstance(part, BaseModel):
        yield part
        for name in type(part).model_fields:
            yield from parts(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from parts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from parts(value)


def cited(programme: Programme, source: str) -> Iterator[tuple[str, int]]:
    found = re.fullmatch(r"(?:(\S+) )?L(\d+)(?:-L?(\d+))?", source)
    if found:
        document, first, last = found.groups()
        yield document or programme.document, int(first)
        yield document or programme.document, int(last or first)


@pytest.mark.parametrize("name", programmes())
def test_a_shipped_definition_has_neither_errors_nor_warnings(name: str) -> None:
    assert check(definition_path(name)) == []


def test_cited_lines_exist(programme: Programme) -> None:
    items = [part for part in parts(programme) if isinstance(part, Item)]
    places = [place for item in items for source in item.source for place in cited(programme, source)]
    for document, line in places:
        assert 1 <= line <= (programme.documents[document].lines or 0)
    assert not places or len(places) > 300


def test_lines_named_in_notes_exist(outreach: Programme) -> None:
    texts = [text for part in parts(outreach) if isinstance(part, Text) for text in (part.da, part.en)]
    named = [int(number) for text in texts for number in re.findall(r"\bL(\d+)\b", text)]
    assert named
    assert all(1 <= line <= (outreach.documents[outreach.document].lines or 0) for line in named)


def test_notes_name_the_same_lines_in_both_languages(outreach: Programme) -> None:
    for part in parts(outreach):
        if isinstance(part, Text):
            assert sorted(re.findall(r"\bL\d+", part.da)) == sorted(re.findall(r"\bL\d+", part.en)), part.en


def test_danish_is_written_with_its_own_letters(programme: Programme) -> None:
    transcribed = re.compile(
        r"\b(paa|foer|loen|raad|maal|aar(?!hus)|oekonomi|opfoelgning|foerste)\w*", re.IGNORECASE
    )
    for part in parts(programme):
        if isinstance(part, Text):
            # names of blocks and numbers stand in the text of a report, and are written as ids are
            words = re.sub(r"\{\{.*?\}\}", "", part.da)
            assert not transcribed.search(words), words


def test_code_lists_are_for_fields_that_exist(outreach: Programme) -> None:
    for codes in outreach.codes.values():
        for place in codes.applies_to:
            kind, field = place.split(".")
            assert field in KINDS[kind].model_fields


def test_the_document_s_staff_and_areas(outreach: Programme) -> None:
    positions = [role.positions for role in outreach.roles.values() if role.positions is not None]
    assert sorted(positions) == [2, 4, 15.5]
    areas = [site for site in outreach.sites.values() if site.unit == "ub"]
    assert len(areas) == 6
    assert sum(site.residents or 0 for site in areas) == 19_100
    assert sum(site.open_days_per_week or 0 for site in areas) == 16
    assert [name for name, unit in outreach.units.items() if not unit.in_effort] == [
        "jki-1",
        "jki-2",
        "jki-3",
    ]


def test_classes_are_tried_from_g_to_a_and_hold_all_patterns(outreach: Programme) -> None:
    questionnaire = outreach.questionnaires["udviklingsmaal"]
    assert "".join(one.id for one in questionnaire.classes) == "GFEDCBA"
    patterns = pl.DataFrame(
        list(product(range(1, 6), repeat=5)), schema=list(questionnaire.items), orient="row"
    )
    classed = classify(patterns, questionnaire)
    assert classed["class"].null_count() == 0
    assert classed["side"].value_counts().sort("side").rows() == [
        ("good", 32 + 160 + 51 + 648),
        ("poor", 1017 + 92 + 1125),
    ]


def test_every_report_s_printed_targets_are_there(outreach: Programme) -> None:
    periods = [str(target.period) for target in outreach.targets if target.period is not None]
    assert {period: periods.count(period) for period in periods} == {
        "2016-05-01/2016-05-31": 6,
        # The others of the second report, and all of the third, are the centre's level in the period (L1116, L1195).
        "2016-05-01/2016-09-30": 3,
    }
    standing = {target.indicator: target for target in outreach.targets if target.period is None}
    assert standing["forloeb-placering-26-uger"].value == 0.70
    assert standing["forloeb-job-52-uger"].value == 0.05
    assert standing["udeblivelser"].comparator == "others"


def test_public_data_hide_nothing() -> None:
    assert load(definition_path("supported-work")).disclosure_threshold == 0


def test_the_project_s_own_well_being_form_is_an_earlier_edition_that_cannot_be_compared() -> None:
    asked = load(definition_path("social-stoette-i-job")).questionnaires["who5"]
    own = asked.earlier["projektets-skema"]
    assert list(asked.editions) == ["projektets-skema", "hele-skemaet"]
    assert own.lacks_one_of == list(range(own.scale.low, own.scale.high + 1))
    assert not own.comparable
    assert own.items == asked.items
    assert not asked.lacks_one_of


def test_benefit_is_asked_of_those_who_used_the_measure() -> None:
    asked = load(definition_path("flere-skal-med")).questionnaires
    used, benefit = asked["implementeringsgreb-brug"], asked["implementeringsgreb-udbytte"]
    for name, question in benefit.items.items():
        assert question.asked_of is not None, name
        assert question.asked_of.questionnaire == "implementeringsgreb-brug"
        assert question.asked_of.item in used.items
        assert question.asked_of.answers == [1]
        assert set(question.raters or benefit.raters) <= set(
            used.items[question.asked_of.item].raters or used.raters
        )


def test_what_is_measured_of_persons_says_when_it_is_in_time_and_what_the_start_is(
    programme: Programme,
) -> None:
    for name, asked in programme.questionnaires.items():
        clocked = asked.cadence is not None or any(wave.after for wave in asked.waves.values())
        if asked.about == "person" and clocked:
            assert asked.baseline is not None, name
            assert asked.reminders, name
            assert (asked.window.late.months, asked.window.late.days) != (0, 0), name


def test_answers_beside_the_scale_have_the_same_number_in_every_form(programme: Programme) -> None:
    for name, asked in programme.questionnaires.items():
        for number, beside in asked.beside.items():
            assert {"not_relevant": 7, "dont_know": 8, "declined": 9}[beside.means] == number, name


def test_instruments_somebody_owns_have_neither_wording_nor_easy_read(programme: Programme) -> None:
    for asked in programme.questionnaires.values():
        if asked.owner is not None:
            assert not any(question.wording or question.easy for question in asked.all_items.values())
