"""Rules, happenings and lengths of time told in Danish and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from indsats.programme import (
    COMMON_FIELDS,
    FIXED_VALUES,
    KIND_FIELDS,
    PERSON_FIELDS,
    Duration,
    Happening,
    Meaning,
    Programme,
    cadence_in_words,
    duration_in_words,
    every_in_words,
    facts_in_words,
    happening_in_words,
    happenings_in_words,
    load,
    measured_in_words,
    place_in_words,
    rule_in_words,
)
from indsats.programme.shape import keys_of
from indsats.programme.words import FIELDS, KEYS, KINDS, MEANINGS, VALUES
from indsats.programme.words.literals import LITERALS
from indsats.programme.words.names import YES_NO
from tiny_definition import write


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return load(write(tmp_path_factory.mktemp("tiny")))


def _models(model: Any, seen: set[Any]) -> Iterator[type[BaseModel]]:
    if model in seen:
        return
    if isinstance(model, type) and issubclass(model, BaseModel):
        seen.add(model)
        yield model
        for info in model.model_fields.values():
            yield from _models(info.annotation, seen)
    for inner in get_args(model):
        yield from _models(inner, seen)


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (value for value in get_args(annotation) if isinstance(value, str))
    for inner in get_args(annotation):
        yield from _literals(inner)


def test_everything_that_can_be_named_has_a_name() -> None:
    assert set(KINDS) == set(KIND_FIELDS)
    fields = {name for held in KIND_FIELDS.values() for name in held}
    assert fields | set(COMMON_FIELDS) | set(PERSON_FIELDS) <= set(FIELDS)
    assert {place: set(values) for place, values in VALUES.items()} == {
        place: set(values) for place, values in FIXED_VALUES.items()
    }
    assert set(MEANINGS) == set(get_args(Meaning))
    true_or_false = {name for held in KIND_FIELDS.values() for name, type_ in held.items() if type_ == "bool"}
    assert set(YES_NO) == true_or_false


def test_every_key_and_fixed_word_of_the_schema_has_a_name() -> None:
    models = list(_models(Programme, set()))
    assert {key for model in models for key in keys_of(model)} - {"days", "setting"} <= set(KEYS)
    told: set[str] = set()
    for model in models:
        for name, info in model.model_fields.items():
            if name not in ("block", "kind", "means"):
                told |= set(_literals(info.annotation))
    assert told <= set(LITERALS), sorted(told - set(LITERALS))


RULES = [
    ("meeting", 'outcome == "held"', "udfald er afholdt", "outcome is held"),
    ("meeting", 'outcome != "held"', "udfald er ikke afholdt", "outcome is not held"),
    (
        "agreement",
        'type == "deal" and signed',
        "type er »Aftale« og »Underskrevet« er ja",
        "type is “Deal” and “Signed” is yes",
    ),
    ("agreement", 'length == "short"', "»Længde« er »Kort«", "“Length” is “Short”"),
    (
        "meeting",
        'outcome in ["held", "no_show"] and worker is missing',
        "udfald er afholdt eller udeblivelse, og medarbejder er ikke oplyst",
        "outcome is held or no-show, and worker is not known",
    ),
    (
        "meeting",
        'outcome not in ["held", "no_show"]',
        "udfald er hverken afholdt eller udeblivelse",
        "outcome is neither held nor no-show",
    ),
    (
        "meeting",
        'outcome in ["held", missing]',
        "udfald er afholdt eller ikke oplyst",
        "outcome is held or not known",
    ),
    (
        "meeting",
        'not outcome in ["held", missing]',
        "udfald er oplyst, og udfald er ikke afholdt",
        "outcome is known, and outcome is not held",
    ),
    ("meeting", 'includes(participants, "mentor")', "»Mentor« deltager", "“Mentor” takes part"),
    (
        "meeting",
        'not includes(participants, "mentor")',
        "»Mentor« deltager ikke",
        "“Mentor” does not take part",
    ),
    ("person", "years_since(birth_date) >= 30", "alder er mindst 30", "age is at least 30"),
    ("person", "30 > age", "alder er under 30", "age is below 30"),
    ("person", "not age > 29.5", "alder er højst 29,5", "age is at most 29.5"),
    (
        "person",
        "birth_date < 1990-05-01",
        "fødselsdato er før 1. maj 1990",
        "date of birth is before 1 May 1990",
    ),
    ("person", "year(birth_date) == 1990", "årstal for fødselsdato er 1990", "year of date of birth is 1990"),
    (
        "placement",
        "days_between(occurred_from, occurred_to) / 7 >= 4",
        "antal dage fra startdato til slutdato / 7 er mindst 4",
        "days from start date to end date / 7 is at least 4",
    ),
    (
        "walk_in",
        "summoned and not has_case",
        "borgeren var indkaldt og borgeren har ingen sag",
        "the citizen was summoned and the citizen has no case",
    ),
    (
        "walk_in",
        "has_case is missing",
        "det er ikke oplyst, om borgeren har en sag",
        "it is not known whether the citizen has a case",
    ),
    (
        "meeting",
        'unit == "outreach" and (site == "north" or site == "city")',
        "enhed er »Opsøgende«, og (sted er »Nord« eller sted er »By«)",
        "unit is “Outreach”, and (site is “North” or site is “City”)",
    ),
    (
        "meeting",
        'not (unit == "outreach" and site == "city")',
        "enhed er ikke »Opsøgende« eller sted er ikke »By«",
        "unit is not “Outreach” or site is not “City”",
    ),
    ("questionnaire:mood", "answers_in(3, 3) == 2", "antal svar på 3 er 2", "number of answers of 3 is 2"),
    ("questionnaire:mood", "home >= 2", "»Hjem« er mindst 2", "“Home” is at least 2"),
    ("evaluation:earnings", "treat == 1", "»Hold« er 1", "“Arm” is 1"),
    ("evaluation:to-work", "earlier > 1000", "»Før« er over 1.000", "“Before” is above 1,000"),
    ("exit", 'reason == "job"', "årsag er »Job«", "reason is “Job”"),
    ("excluded", 'reason == "gone"', "årsag er »Væk«", "reason is “Gone”"),
    ("meeting", "true", "altid", "always"),
    ("meeting", "no such rule", "no such rule", "no such rule"),
    ("nothing", "true", "true", "true"),
]


@pytest.mark.parametrize(("table", "text", "da", "en"), RULES, ids=[f"{case[0]} {case[1]}" for case in RULES])
def test_a_rule_in_words(table: str, text: str, da: str, en: str, tiny: Programme) -> None:
    assert rule_in_words(tiny, table, text, "da") == da
    assert rule_in_words(tiny, table, text, "en") == en


def test_a_subordinate_clause_puts_not_before_the_verb(tiny: Programme) -> None:
    def told(text: str) -> str:
        return rule_in_words(tiny, "walk_in", text, "da", subordinate=True)

    assert told('topic != "x" and not summoned') == "emne ikke er »x« og borgeren ikke var indkaldt"
    assert told('topic not in ["x", "y"]') == "emne hverken er »x« eller »y«"
    assert told("topic is missing") == "emne ikke er oplyst"


@pytest.mark.parametrize(
    ("happening", "da", "en"),
    [
        ({"kind": "meeting"}, "et møde", "a meeting"),
        (
            {"kind": "meeting", "where": 'outcome == "held"'},
            "et møde, hvor udfald er afholdt",
            "a meeting where outcome is held",
        ),
        ({"event": "board"}, "»Møde«", "“Board”"),
        (
            {"event": "board", "where": 'value == "go"'},
            "»Møde«, hvor udfald er »Ja«",
            "“Board” where outcome is “Go”",
        ),
        (
            {"kind": "event", "where": 'event == "board" and value != "go"'},
            "»Møde«, hvor udfald ikke er »Ja«",
            "“Board” where outcome is not “Go”",
        ),
    ],
)
def test_a_happening_in_words(happening: dict[str, str], da: str, en: str, tiny: Programme) -> None:
    one = Happening.model_validate(happening)
    assert happening_in_words(tiny, one, "da") == da
    assert happening_in_words(tiny, one, "en") == en


def test_any_one_of_several(tiny: Programme) -> None:
    assert happenings_in_words(tiny, tiny.cadences["seek"].what) == "et møde eller et forsøg på kontakt"
    assert happenings_in_words(tiny, tiny.cadences["seek"].what, "en") == "a meeting or an attempt at contact"
    assert facts_in_words(tiny, "event", 'event == "board"', "da") == "tilfælde af »Møde«"
    assert facts_in_words(tiny, "meeting", "true", "en") == "meetings"


@pytest.mark.parametrize(
    ("written", "da", "en", "every_da", "every_en"),
    [
        ("P3M", "3 måneder", "3 months", "hver 3. måned", "every 3 months"),
        ("P1M", "1 måned", "1 month", "hver måned", "every month"),
        ("P1Y", "1 år", "1 year", "hvert år", "every year"),
        ("P24M", "2 år", "2 years", "hvert 2. år", "every 2 years"),
        ("P21D", "3 uger", "3 weeks", "hver 3. uge", "every 3 weeks"),
        ("P10D", "10 dage", "10 days", "hver 10. dag", "every 10 days"),
        ("P0D", "0 dage", "0 days", "hver 0. dag", "every 0 days"),
        (
            "P1M15D",
            "1 måned og 15 dage",
            "1 month and 15 days",
            "hver gang der er gået 1 måned og 15 dage",
            "every 1 month and 15 days",
        ),
        (
            "gap",
            "3 måneder (et sted kan vælge selv)",
            "3 months (a site may choose its own)",
            "hver 3. måned (et sted kan vælge selv)",
            "every 3 months (a site may choose its own)",
        ),
    ],
)
def test_a_duration_in_words(
    written: str, da: str, en: str, every_da: str, every_en: str, tiny: Programme
) -> None:
    duration = Duration.model_validate(written)
    assert duration_in_words(tiny, duration, "da") == da
    assert duration_in_words(tiny, duration, "en") == en
    assert every_in_words(tiny, duration, "da") == every_da
    assert every_in_words(tiny, duration, "en") == every_en


def test_cadences_in_words(tiny: Programme) -> None:
    assert cadence_in_words(tiny, tiny.cadences["talk"]) == (
        "Et møde, hvor udfald er afholdt, senest hver 3. måned (et sted kan vælge selv), regnet fra indskrivningen i "
        "»Samtaler« og på ny fra hver gang."
    )
    assert cadence_in_words(tiny, tiny.cadences["seek"], "en") == (
        "A meeting or an attempt at contact, at least every 3 weeks, counted from the beginning of the phase “Search” "
        "and anew from each time."
    )


def test_measures_in_words(tiny: Programme) -> None:
    def told(name: str) -> str:
        return measured_in_words(tiny, tiny.requirements[name], "da")

    assert told("swift") == (
        "Opfyldt, når der er en plan, hvor borgeren er enig, tidligst 1 uge efter »Møde« og senest 2 uger derefter."
    )
    assert told("both") == (
        "Opfyldt, når det hver gang der i fasen er et møde, hvor udfald er afholdt, gælder, at »Mentor« deltager."
    )
    assert told("early").startswith(
        "Opfyldt, når der i forløbet er et møde, hvor udfald er afholdt, senest hver 3. måned"
    )


def test_places_in_words(tiny: Programme) -> None:
    assert place_in_words(tiny, ("requirements", "swift", "due")) == "Krav › »Hurtigt« › frist"
    assert place_in_words(tiny, ("targets", 0, "value"), "en") == "Targets › “No-shows” in “Outreach” › value"
    assert place_in_words(tiny, ("theories", "change", "links", 1)) == (
        "Programteorier › »Forandring« › forbindelser › »Tillid« → »Arbejde«"
    )
    assert (
        place_in_words(tiny, ("visitation", "windows", 1, "prefer"))
        == "Visitation › vinduer › nr. 2 › rækkefølge"
    )
