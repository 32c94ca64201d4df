"""The blocks of money say so where they have nothing to show, and show nothing that would tell of few."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from casebook import EFFORT_EVERYWHERE, Casebook, item, programme, text
from indsats import library
from indsats.economy import VERDICTS, VERDICTS_SHORT, cautions
from indsats.programme import (
    ScenariosBlock,
    load,
)
from indsats.report import Document, Paragraph, ProtectedFigure, Reading, Table, protect
from indsats.run import Material, document_of, gather
from indsats.run import case_words as words
from indsats.run.cost_words import still_in
from indsats.simulate import simulate
from moneybook import (
    BLOCKS,
    TITLE,
    YEAR,
    book,
    cell,
    defined,
    economy,
    english,
    figures,
    material,
    shown,
    table,
    texts,
)


@pytest.mark.parametrize("name", ["costs", "case", "scenarios", "society", "own_gain"])
def test_a_missing_price_is_a_sentence_and_no_number(name: str) -> None:
    prices = economy()["prices"]
    lacking = {**prices, "pay": item("Løn uden tal", flow="earnings", per="hour")}
    document = shown(material(book(defined(prices=lacking))), name)
    assert not document.tables()
    [said] = [block for section in document.sections for block in section.blocks]
    assert isinstance(said, Paragraph)
    assert "Løn uden tal" in said.text.en
    assert "prices.csv" in said.text.da
    assert "prices.csv" in said.text.en


def test_a_missing_price_stands_among_the_prices_as_one_to_give() -> None:
    prices = economy()["prices"]
    lacking = {**prices, "pay": item("Løn uden tal", flow="earnings", per="hour")}
    found = table(shown(material(book(defined(prices=lacking))), "prices"), "prices")
    assert cell(found, "Løn uden tal", "amount") is None
    assert "given by the user" in english(cell(found, "Løn uden tal", "source"))


@pytest.mark.parametrize("name", ["case", "scenarios", "society"])
def test_an_effect_that_nothing_tells_is_a_sentence_and_no_number(name: str) -> None:
    """The effect is to be estimated in a register, and there is none."""
    evaluation = item(
        "Trial",
        ask=text("ask"),
        design="randomised",
        index={"state": "benefit"},
        treated="age > 40",
        outcomes=[item("Weeks", id="weeks", kind="weeks", state="benefit", to_week=52)],
        covariates=[{"field": "age", "title": text("Age")}],
    )
    estimated = [{"how": "estimated", "evaluation": "trial", "outcome": "weeks"}]
    consequences = {"off": {**economy()["consequences"]["off"], "effects": estimated}}
    asked = programme(
        units=EFFORT_EVERYWHERE,
        economy=economy(consequences=consequences),
        evaluations={"trial": evaluation},
        states={"benefit": item("Benefit", codes=["730-739"])},
    )
    document = shown(material(book(asked)), name)
    assert not document.tables()
    assert [one.en for one in texts(document)] == [
        "The case cannot be made: the effect cannot be estimated in these data, or rests on too few people to be "
        "shown: Off."
    ]


@pytest.mark.parametrize("name", ["costs", "case", "scenarios", "society"])
def test_where_few_take_part_no_amount_and_no_verdict_is_told(name: str) -> None:
    document = shown(material(book(defined(), people=3, elsewhere=1)), name)
    assert not figures(document)
    assert not document.charts()
    [said] = texts(document)
    assert said.en == "There are fewer than 5 participants, so amounts about them are not shown."


def test_where_few_are_said_to_take_part_every_amount_is_hidden() -> None:
    """Without facts the number is the definition's; the boundary every number passes treats it the same."""
    talks = item("Talks", price="talk", dose={"how": "participants", "each": 2})
    asked = defined(participants=4, activities={"talks": talks})
    document = protect(document_of(Material(asked, None, None, None), BLOCKS["scenarios"]))
    assert figures(document)
    assert all(isinstance(one, ProtectedFigure) and one.hidden for one in figures(document))


@pytest.mark.parametrize("name", ["case", "scenarios", "society"])
def test_no_word_on_whether_it_pays_outlives_the_number_it_follows_from(name: str) -> None:
    """Four are said to take part, so every amount is hidden: verdict, payback, tipping price and doubts go too."""
    talks = item("Talks", price="talk", dose={"how": "participants", "each": 2})
    asked = defined(participants=4, activities={"talks": talks})
    about = Material(asked, None, None, None)
    made = document_of(about, BLOCKS[name])
    claims = {one.en for one in (*VERDICTS.values(), *VERDICTS_SHORT.values())}
    claims |= {caution.text.en for caution in about.pricing.case("found").cautions}
    claims |= {words.NEVER.en, words.FIRST_YEAR.en, words.PAYS_ANYWAY.en, words.NO_EFFECT_PAYS.en}
    assert claims & {one.en for one in texts(made)}
    document = protect(made)
    assert not [one.en for one in texts(document) if one.en.removeprefix("- ") in claims]
    if name == "scenarios":
        assert all(cell(document.table("tornado"), at, "turns") is None for at in prices_of(made))


def prices_of(made: Document) -> list[int]:
    """The rows of a tornado whose tipping point is a price."""
    rows = made.table("tornado").rows
    found = [at for at, row in enumerate(rows) if isinstance(row[-1], Reading)]
    assert found
    return found


def test_notes_on_open_courses_and_other_people_tell_no_share() -> None:
    """A share beside how many take part would be a number of people."""
    told = [
        cautions.courses_open(0.12, 11),
        cautions.courses_open(0.51, 11),
        cautions.other_people(0.03),
        cautions.other_people(0.51),
    ]
    for one in (*(caution.text for caution in told), still_in(11)):
        assert "%" not in one.da + one.en
        assert not re.findall(r"\d+", one.da.replace("11", ""))
    assert "Over halvdelen" in told[1].text.da
    assert "Over halvdelen" not in told[0].text.da


def hidden(found: Table, column: str) -> list[bool]:
    cells = [row[found.column(column)] for row in found.rows]
    return [isinstance(one, ProtectedFigure) and one.hidden for one in cells]


def test_a_place_of_few_cannot_be_found_from_the_other_places() -> None:
    """Months add up to the whole; the whole less the only other place would be the three people in the city."""
    document = shown(material(book(defined(), people=20, elsewhere=3)), "costs")
    places = table(document, "costs-places")
    assert all(all(hidden(places, column)) for column in ("months", "running", "amount", "a_month"))
    assert not any(hidden(table(document, "costs-months"), "amount"))


def test_places_of_enough_are_shown() -> None:
    document = shown(material(book(defined(), people=20, elsewhere=5)), "costs")
    assert not any(hidden(table(document, "costs-places"), "amount"))


def test_what_is_spent_where_few_come_is_theirs_though_nobody_is_enrolled_there() -> None:
    """Two from the north have a talk in the city, where nobody is enrolled."""
    case = book(defined(), people=20, elsewhere=0)
    for number in range(2):
        case.meet("2016-06-01", person=f"p{number}", enrolment=f"e{number}", site="city")
    places = table(shown(material(case), "costs"), "costs-places")
    assert len(places.rows) == 2
    assert all(hidden(places, "amount"))


def test_a_month_of_few_and_the_next_smallest_are_hidden() -> None:
    """20 people from July on, and three already in June: less them June would be what the others leave."""
    case = Casebook(defined()).data_until(YEAR.last)
    for number in range(20):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2016-06-01" if number < 3 else "2016-07-01", **who).meet("2016-07-11", **who)
        if number == 19:
            case.leave("2016-12-01", **who)  # the first day without
    months = table(shown(material(case), "costs"), "costs-months")
    told = dict(zip([english(row[0]) for row in months.rows], hidden(months, "amount"), strict=True))
    assert told == {
        "June 2016": True,
        "July 2016": False,
        "August 2016": False,
        "September 2016": False,
        "October 2016": False,
        "November 2016": False,
        "December 2016": True,
    }


def test_sites_that_only_compare_do_not_make_a_place_larger() -> None:
    """The centre is no part of the effort: its twenty people do not hide that three take part."""
    asked = programme(economy=economy())
    document = shown(material(book(asked, people=3, elsewhere=20)), "costs")
    assert not figures(document)


def test_a_case_of_effects_of_few_is_no_way_round_disclosure_control(tmp_path: Path) -> None:
    """Fewer than five of the participants reach a job: what the evaluation hides, the money does not tell."""
    definition = load(library.definition_path("fremskudt-indsats"))
    about = gather(definition, data=simulate(definition, 300, 5, tmp_path / "data"))
    document = protect(document_of(about, ScenariosBlock(block="scenarios", title=TITLE)))
    assert not document.tables()
    assert about.pricing.not_found


def test_a_place_where_one_person_had_nearly_everything_is_hidden_with_the_next() -> None:
    """Twenty in the city, and all but nothing is spent on one: the rule of dominance, not the number of people."""
    case = Casebook(defined(overheads={})).data_until(YEAR.last)
    for number in range(50):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        north = number < 30
        case.enrol("2016-01-01", site="north" if north else "city", **who)
        for meeting in range(40 if number == 30 else 8 if north else 0):
            case.meet(date(2016, 1, 11) + timedelta(days=(25 if north else 5) * meeting), **who)
        case.leave(YEAR.last, **who)
    places = table(shown(material(case), "costs"), "costs-places")
    assert hidden(places, "running") == [True, True]
    assert not any(hidden(table(shown(material(case), "costs"), "costs-months"), "running"))
    assert hidden(places, "months") == [False, False]


def test_an_activity_of_few_hides_another_and_the_dose_that_would_tell_it() -> None:
    """Three had a course; the total less the talks would be theirs, and so would talks times their price."""
    course = item("Course", price="talk", dose={"how": "count", "what": [{"kind": "placement"}], "each": 2})
    activities = {**economy()["activities"], "course": course}
    case = book(defined(activities=activities, overheads={}))
    for number in range(3):
        case.fact("placement", "2016-03-01", person=f"p{number}", enrolment=f"e{number}")
    found = table(shown(material(case), "costs"), "costs")
    amounts, doses = (
        dict(zip([english(row[0]) for row in found.rows], hidden(found, of), strict=True))
        for of in ("cost", "dose")
    )
    assert amounts["Course"]
    assert not amounts["Total"]
    assert sum(amounts.values()) > 1
    assert all(doses[name] for name, gone in amounts.items() if gone and name in ("Talks", "Course"))
