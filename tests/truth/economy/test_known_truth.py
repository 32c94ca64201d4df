"""A case made from data finds the money that was planted in them, and is as sure as it says.

People on benefit are drawn by lot for an effort of talks, which makes each of them work some weeks more in the year.
What that is worth, and what the talks cost, follows from how people were made by plain arithmetic; the case knows only
the register and the facts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulated
import weekbook
from casebook import Casebook, item, programme, text
from indsats import run, simulate
from indsats.economy import Case, break_even, budget, draws, net_present
from indsats.programme import Programme
from indsats.record import Record
from indsats.register import BLANK, Register, monday, spells_of, week_number
from indsats.run import Material
from pricebook import price

SEEDS = range(100)
PEOPLE = 300
WEEK_WORTH, HOUR, HOURS_A_TALK, ABOVE = 2_400, 500, 1.5, 0.1
MORE_WEEKS = 4
"""What the effort adds to the weeks worked in a year, in the mean: 0 to 8 with the same chance each."""
TALKS = 5
"""What a participant has, in the mean: 2 to 8 with the same chance each."""
RATE = 0.04
"""The discount rate for calculations from 2013 to 2020."""
FIRST = week_number(date(2015, 1, 5))
YEAR_WORTH = WEEK_WORTH * (1 + 1 / (1 + RATE))
"""A week more in the first year and as much in the second, at present value."""
COST = TALKS * HOURS_A_TALK * HOUR * (1 + ABOVE)
TRUE_NET = MORE_WEEKS * YEAR_WORTH - COST
"""4 × 2,400 × 1.96 less 5 × 1.5 × 500 × 1.1: 18,830.77 less 4,125 kr. a participant."""


def definition() -> Programme:
    level = {"price_year": 2016}
    return programme(
        states=weekbook.STATES,
        evaluations={
            "lot": item(
                "Lot",
                ask=text("ask"),
                design="randomised",
                index={"state": "benefit"},
                treated='unit == "outreach"',
                outcomes=[item("Worked", id="worked", kind="weeks", state="work", to_week=52)],
                covariates=[{"field": "age", "title": text("Age")}],
            )
        },
        economy={
            **level,
            "rules_year": 2016,
            "horizon": 2,
            "prices": {
                "hour": price(amount=HOUR, **level),
                "week": price(
                    "benefit", "week", amount=WEEK_WORTH, paid_by={"municipality": 0.6, "state": 0.4}, **level
                ),
            },
            "activities": {
                "talks": item(
                    "Talks",
                    price="hour",
                    dose={"how": "count", "what": [{"kind": "meeting"}], "each": HOURS_A_TALK},
                )
            },
            "overheads": {"management": item("Management", share=ABOVE)},
            "consequences": {
                "work": item(
                    "Work",
                    unit=text("weeks"),
                    price="week",
                    effects=[{"how": "estimated", "evaluation": "lot", "outcome": "worked"}],
                )
            },
            "scenarios": {"stays": item("Stays", about=text("for two years"), lasts="P2Y")},
        },
    )


@cache
def world(seed: int) -> tuple[Case, float]:
    """The case that the data of one lottery make, and the talks a participant had in them."""
    rng = np.random.default_rng(seed)
    asked = definition()
    names = [f"p{number:03d}" for number in range(PEOPLE)]
    drawn = rng.permutation(PEOPLE) < PEOPLE // 2
    worked = rng.integers(0, 21, PEOPLE) + drawn * rng.integers(0, 2 * MORE_WEEKS + 1, PEOPLE)
    weeks = np.arange(53)
    codes = np.where(weeks >= 53 - worked[:, None], BLANK, 733).astype(np.int16)
    register = Register.of(spells_of(names, codes, FIRST), FIRST, FIRST + 52)
    start = monday(FIRST)
    talks = np.where(drawn, rng.integers(2, 2 * TALKS - 1, PEOPLE), 0)
    facts = Casebook(asked).data_until(start + timedelta(days=400))
    for name, number in zip(names, talks, strict=True):
        if number:
            facts.enrol(start, person=name, enrolment=name)
            for talk in range(number):
                facts.meet(start + timedelta(days=20 * talk + 3), person=name, enrolment=name)
    record = facts.record()
    persons = weekbook.persons_of(names, area=["north" if one else "city" for one in drawn])
    tables = {kind: record.table(kind) for kind in ("enrolled", "meeting", "site_answered")}
    known = Record(asked, tables, persons, record.sites, True).as_of()
    made = Material(asked, known, register, None).pricing.case("stays")
    return made, float(talks[drawn].mean())


@pytest.mark.parametrize("seed", range(3))
def test_the_data_are_counted_as_they_were_made(seed: int) -> None:
    made, talks = world(seed)
    cost = talks * HOURS_A_TALK * HOUR * (1 + ABOVE)
    assert made.participants == PEOPLE // 2
    assert budget(made).cost == pytest.approx(cost)
    assert break_even(made) == pytest.approx(cost / YEAR_WORTH)


def test_the_interval_of_the_net_holds_the_true_net_as_often_as_it_says() -> None:
    held, off = 0, []
    for seed in SEEDS:
        net = draws(world(seed)[0]).total()
        low, high = np.quantile(net, [0.025, 0.975])
        held += low <= TRUE_NET <= high
        off.append((net_present(world(seed)[0]) - TRUE_NET) / net.std())
    assert 90 <= held <= 99, "95 are expected; fewer than 90, or all, come by chance once in fifty"
    assert abs(np.mean(off)) < 3 / np.sqrt(len(off))
    assert 0.8 < np.std(off) < 1.2, "no wider and no narrower than the errors made"


def test_the_break_even_effect_is_that_of_the_true_cost() -> None:
    """4,125 / 4,707.69 = 0.876 weeks: the mean over the seeds is as near as the number of talks drawn makes it."""
    found = [break_even(world(seed)[0]) for seed in SEEDS]
    told = np.array([one for one in found if one is not None])
    assert len(told) == len(found)
    error = np.std(told, ddof=1) / np.sqrt(len(told))
    assert abs(told.mean() - COST / YEAR_WORTH) < 3 * error
    assert error < 0.02 * told.mean()


def test_what_is_said_of_it_is_true() -> None:
    """It saves 14,706 kr., four times the error: nearly always that can be said, and never that it costs."""
    said = [budget(world(seed)[0]).verdict for seed in SEEDS]
    assert set(said) <= {"saves", "depends"}
    assert said.count("saves") >= 0.95 * len(said)


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> tuple[Material, float]:
    """A simulated municipality, and the effect planted on placements in it."""
    folder = simulate.simulate(simulated.definition(), 2500, 11, tmp_path_factory.mktemp("truth") / "data")
    truth = json.loads((Path(folder) / "truth.json").read_text(encoding="utf-8"))
    planted = truth["effects"]["virkning"]["outcomes"]["virksomhedsrettet"]["effect"]
    made = run.gather(simulated.definition(), data=folder)
    return replace(made, programme=priced(made.programme)), planted


PLACED = 100_000
"""What one more citizen with a placement is worth here, in the year it happens."""


def priced(of: Programme) -> Programme:
    """The programme with one price, on the outcome an effect is planted on, and nothing spent."""
    told: dict[str, Any] = {
        "price_year": 2016,
        "rules_year": 2016,
        "horizon": 1,
        "prices": {"placed": price("benefit", "once", amount=PLACED, price_year=2016)},
        "consequences": {
            "placed": item(
                "Placed",
                unit=text("citizens"),
                price="placed",
                counted_in="units",
                effects=[{"how": "estimated", "evaluation": "virkning", "outcome": "virksomhedsrettet"}],
            )
        },
        "scenarios": {"found": item("Found", about=text("as found"), lasts="P1Y")},
    }
    definition = of.model_dump(by_alias=True)
    return Programme.model_validate({**definition, "economy": told})


def test_a_simulated_municipality_gains_what_was_planted(municipality: tuple[Material, float]) -> None:
    made, planted = municipality
    case = made.pricing.case("found")
    net = draws(case).total()
    assert planted > 0.02
    assert abs(net_present(case) - planted * PLACED) < 3 * net.std()
    assert net.std() < 0.05 * PLACED
    assert break_even(case) == 0, "nothing is spent, so no effect is needed"
