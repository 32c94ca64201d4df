"""The effect a case counts on is the evaluation's own, and none where it may not be told or is no difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from typing import Any

import numpy as np
import pytest

import weekbook
from casebook import Casebook, item, programme, text
from indsats.economy import VERDICTS, Uncertain
from indsats.evaluate import Effect, caution, difference_in_means, regression
from indsats.evaluate.results import Interval
from indsats.figure import Figure
from indsats.programme import Evaluation, Programme
from indsats.programme.economy import Ladder
from indsats.record import Record
from indsats.register import BLANK, Cohort, Register, spells_of
from indsats.report import Column, ProtectedFigure, Section, Table, protect
from indsats.run import Material, document_of
from indsats.run.effects import study_of
from indsats.run.pricing import Pricing, _as_uncertain
from moneybook import BLOCKS, TITLE, texts
from pricebook import price

PEOPLE = 80
ESTIMATES = [
    item("Adjusted", id="adjusted", kind="regression", adjust=["age"]),
    item("By age", id="by-age", kind="dose", dose="age"),
]


def definition(
    of: str = "worked", estimate: str | None = None, main: str | None = None, plain: bool = False
) -> Programme:
    """A lottery with two outcomes; its estimates are ``ESTIMATES``, of which the first is the main one, or none."""
    effect = {"how": "estimated", "evaluation": "lot", "outcome": of}
    chosen = {} if estimate is None else {"estimate": estimate}
    return programme(
        states=weekbook.STATES,
        evaluations={
            "lot": item(
                "Lot",
                ask=text("ask"),
                design="randomised",
                index={"state": "benefit"},
                treated='unit == "outreach"',
                outcomes=[
                    item("Worked", id="worked", kind="weeks", state="work", to_week=52),
                    item("Job", id="job", kind="state", state="work", within_weeks=52),
                ],
                covariates=[{"field": "age", "title": text("Age")}],
                estimates=[] if plain else ESTIMATES,
                **({} if main is None else {"main": main}),
            )
        },
        economy={
            "price_year": 2016,
            "prices": {"week": price("benefit", "week", amount=2_400, price_year=2016)},
            "consequences": {
                "work": item("Work", unit=text("weeks"), price="week", effects=[{**effect, **chosen}]),
                "more": item("More", unit=text("weeks"), price="week", effects=[{**effect, **chosen}]),
            },
            "scenarios": {"found": item("Found", about=text("as found"))},
        },
    )


def material(asked: Programme, *, idle: int = 30) -> Material:
    """Eighty people, half of them in the effort, who work 0 to 20 weeks; the first ``idle`` of them never."""
    rng = np.random.default_rng(4)
    names = [f"p{number}" for number in range(PEOPLE)]
    worked = np.where(np.arange(PEOPLE) < idle, 0, rng.integers(1, 21, PEOPLE))
    codes = np.where(np.arange(53) >= 53 - worked[:, None], BLANK, 733).astype(np.int16)
    start = weekbook.START
    register = Register.of(spells_of(names, codes, start), start, start + 52)
    facts = Casebook(asked).data_until("2014-12-31")
    for name in names[::2]:
        facts.enrol(weekbook.monday_of_start(), person=name, enrolment=name)
    born = [np.datetime64("1960-01-01") + 200 * number for number in range(PEOPLE)]
    persons = weekbook.persons_of(
        names, area=["north", "city"] * (PEOPLE // 2), birth_date=[day.astype(object) for day in born]
    )
    record = facts.record()
    tables = {kind: record.table(kind) for kind in ("enrolled", "site_answered")}
    known = Record(asked, tables, persons, record.sites, True).as_of()
    return Material(asked, known, register, None)


def pricing(asked: Programme, *, idle: int = 30) -> Pricing:
    return material(asked, idle=idle).pricing


def study(found: Pricing) -> Cohort:
    studied = study_of(found.programme, "lot", found.facts, found._register)
    assert studied is not None
    return studied[1]


def test_the_effect_is_the_plain_difference_where_there_is_no_other() -> None:
    found = pricing(definition(plain=True))
    expected = difference_in_means(study(found).table, "worked")
    assert found.effects["work", 1] == Uncertain(expected.estimate, *expected.interval, "interval")


@pytest.mark.parametrize("asked", [{"estimate": "adjusted"}, {"main": "adjusted"}, {}])
def test_the_effect_is_the_estimate_asked_for_or_the_main_one(asked: dict[str, str]) -> None:
    found = pricing(definition(**asked))
    expected = regression(study(found).table, "worked", "treated", ["age"])
    assert found.effects["work", 1].value == pytest.approx(expected.estimate)
    assert found.effects["work", 1].value != pytest.approx(
        difference_in_means(study(found).table, "worked").estimate
    )


def test_what_is_no_difference_between_groups_is_no_effect() -> None:
    """A slope by age is not what the effort adds."""
    found = pricing(definition(estimate="by-age"))
    assert not found.effects
    assert [title.en for title in found.not_found] == ["Work", "More"]


@pytest.mark.parametrize(("idle", "told"), [(30, True), (8, False), (74, False), (0, True), (PEOPLE, True)])
def test_a_share_of_few_is_not_told_in_money(idle: int, told: bool) -> None:
    """Half of the idle are in each group: 4 without a job are few, and so are 3 with one; nobody is nobody."""
    found = pricing(definition("job", plain=True), idle=idle)
    assert (("work", 1) in found.effects) == told


def test_weeks_of_enough_people_are_told_however_few_work() -> None:
    assert ("work", 1) in pricing(definition("worked"), idle=74).effects


def test_an_interval_without_ends_is_no_interval() -> None:
    """Few clusters can leave an interval open: then nothing is known of how sure the effect is."""
    found = pricing(definition())
    closed = difference_in_means(study(found).table, "worked")
    told: dict[str, Any] = {name: getattr(closed, name) for name in Effect.__slots__}
    opened = Effect(**{**told, "interval": Interval(-inf, inf)})
    assert _as_uncertain(opened) == Uncertain(closed.estimate)
    assert _as_uncertain(closed).ends == tuple(closed.interval)


def test_few_and_nobody_have_no_case_and_a_number_that_was_written_has() -> None:
    found = pricing(definition())
    assert found.participants == PEOPLE / 2
    assert not found.few
    assert not Pricing(definition(), None, None, None, {}).few


def codes_of(found: Pricing) -> set[str]:
    return {doubt.code for doubt in found.case("found").cautions}


def test_the_case_says_what_its_estimate_and_its_courses_leave_in_doubt() -> None:
    """Everybody is still enrolled when the data end, and those the effect was found in are the participants."""
    told = codes_of(pricing(definition()))
    assert "courses-open" in told
    assert not told & {"other-people", "effect-as-now", "not-an-effect"}


def test_an_effect_found_in_others_than_take_part_is_told() -> None:
    found = pricing(definition())
    facts = found.facts
    assert facts is not None
    few = [f"p{number}" for number in range(0, PEOPLE, 8)]
    part = Material(found.programme, facts.of_persons(few), found._register, None).pricing
    told = next(
        (
            doubt
            for doubt in part._doubts_of(*studied_of(found), effect_of(found))
            if doubt.code == "other-people"
        ),
        None,
    )
    assert told is not None
    assert told.severity == "grave"
    assert "less than half of those" in told.text.en


def studied_of(found: Pricing) -> tuple[Evaluation, Cohort]:
    studied = study_of(found.programme, "lot", found.facts, found._register)
    assert studied is not None
    return studied


def effect_of(found: Pricing) -> Effect:
    return difference_in_means(study(found).table, "worked")


def test_an_estimate_that_must_not_be_read_as_an_effect_is_an_assumption() -> None:
    effect = effect_of(pricing(definition()))
    doubted: dict[str, Any] = {name: getattr(effect, name) for name in Effect.__slots__}
    grave = Effect(**{**doubted, "warnings": (caution("design", "grave", "Nej.", "No."),)})
    assert _as_uncertain(grave) == Uncertain(effect.estimate)


def test_a_case_of_an_earlier_time_says_that_its_effect_is_of_now() -> None:
    found = pricing(definition())
    assert found.facts is not None
    earlier = replace(found.facts, known=datetime(2014, 12, 1, tzinfo=UTC))
    told = Material(found.programme, earlier, found._register, None).pricing
    assert "effect-as-now" in codes_of(told)


def test_the_register_tells_the_states_part_of_each_year_it_reaches() -> None:
    """Everybody draws the benefit from the first week of the register, of which a year is told: 80 % to 30 %."""
    asked = definition()
    found = pricing(with_ladder(asked))
    first, *later = found.state_shares
    drawn = [0.8] * 4 + [0.4] * 22 + [0.3] * 26
    assert first is not None
    assert min(drawn) < first < max(drawn)
    assert all(share is None for share in later)
    assert pricing(asked).state_shares == []


def with_ladder(asked: Programme) -> Programme:
    ladder = Ladder(benefit="benefit", self_support="work")
    return asked.model_copy(update={"economy": asked.economy.model_copy(update={"ladder": ladder})})


@pytest.mark.parametrize("name", ["case", "scenarios", "society"])
def test_money_that_follows_from_an_effect_is_hidden_with_it(name: str) -> None:
    """The evaluation's difference beside it may not be shown; the cost, which needs no effect, stays."""
    about = material(definition())
    made = document_of(about, BLOCKS[name])
    [difference] = about.pricing.rests_on
    assert difference == "effect/lot/worked/adjusted/difference"
    few = Figure.count("of-few", 3)
    beside = Table(
        "beside",
        TITLE,
        (Column("name", TITLE), Column("few", TITLE, "count"), Column("difference", TITLE, "amount")),
        (("a", few, Figure(difference, 1.0, "amount", made_from=("of-few",))),),
    )
    document = protect(replace(made, sections=(*made.sections, Section(TITLE, (beside,)))))
    for found in document.tables():
        for one in found.figures():
            kept = one.id.endswith(("/cost", "/result/participants"))
            assert isinstance(one, ProtectedFigure)
            assert one.hidden != kept, one.id
    assert not [
        one for one in texts(document) if one.en.removeprefix("- ") in {v.en for v in VERDICTS.values()}
    ]
