"""Scores and levels against the instruments' own rules, and the tables the documents print of them."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, item, period, programme
from indsats.measure import answers, level_shares, score, score_rows
from indsats.programme import Questionnaire

BIP_LEVELS = [
    item("Low", id="low", answers=[1, 2]),
    item("Medium", id="medium", answers=[3]),
    item("High", id="high", answers=[4, 5]),
]
BIP = {
    "knows-what-to-do": (31, 35, 34),
    "energy": (22, 41, 37),
    "competences": (13, 33, 54),
    "support": (15, 19, 66),
    "job-within-a-year": (14, 16, 69),
    "cooperates": (7, 20, 72),
}
"""Per cent low, medium, high of 436 citizens: 000_6341e00c3065f9d6.txt L462-516. Two rows sum to 99 as printed."""
BY_THE_WORKER = "job-within-a-year"
FIDELITY = (17, 18, 19, 20, 20)
"""Sums over five municipalities behind the printed means 3.4, 3.6, 3.8, 4 and 4 (L716-738)."""


def instrument(number: int, low: int, high: int, **scored: object) -> Questionnaire:
    asked = item(
        "Instrument",
        scale={"low": low, "high": high},
        items={f"q{n}": item(str(n)) for n in range(1, number + 1)},
        raters=["citizen"],
        scores={"score": item("Score", **{"combine": "sum", **scored})},
    )
    return programme(questionnaires={"x": asked}).questionnaires["x"]


WHO_5 = instrument(
    5,
    0,
    5,
    times=4,
    bands=[
        item("Great risk", id="great-risk", high=35),
        item("Risk", id="risk", low=36, high=50),
        item("No risk", id="no-risk", low=51),
    ],
)
GSE = instrument(10, 1, 4)
GSE_SEVEN = instrument(10, 1, 4, at_least=7)


def scored(asked: Questionnaire, rows: list[tuple[int | None, ...]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(asked.items, pl.Int64), orient="row")
    return score(frame, asked, "score")


def test_every_pattern_of_the_well_being_index_is_four_times_its_sum() -> None:
    patterns = list(product(range(6), repeat=5))
    found = scored(WHO_5, patterns)
    assert found["value"].to_list() == [4.0 * sum(pattern) for pattern in patterns]
    assert (found["value"].min(), found["value"].max()) == (0, 100)
    bands = [
        "great-risk" if 4 * sum(p) <= 35 else "risk" if 4 * sum(p) <= 50 else "no-risk" for p in patterns
    ]
    assert found["band"].to_list() == bands


@settings(deadline=None)  # right or wrong, however busy the machine is
@given(st.lists(st.tuples(*[st.integers(1, 4)] * 10), min_size=1, max_size=5))
def test_self_efficacy_is_a_plain_sum_from_ten_to_forty(rows: list[tuple[int, ...]]) -> None:
    assert scored(GSE, list(rows))["value"].to_list() == [float(sum(row)) for row in rows]


@settings(deadline=None)
@given(st.tuples(*[st.none() | st.integers(1, 4)] * 10))
def test_with_seven_of_ten_the_missing_take_the_mean_of_the_others(row: tuple[int | None, ...]) -> None:
    given_answers = [answer for answer in row if answer is not None]
    [value] = scored(GSE_SEVEN, [row])["value"].to_list()
    if len(given_answers) < 7:
        assert value is None
    else:
        mean = sum(given_answers) / len(given_answers)
        filled = [mean if answer is None else answer for answer in row]
        assert value == pytest.approx(sum(filled))
        assert 10 <= value <= 40
    [strict] = scored(GSE, [row])["value"].to_list()
    assert (strict is None) == (len(given_answers) < 10)


def test_the_printed_table_of_the_employment_indicators() -> None:
    asked = item(
        "Indicators",
        scale={"low": 1, "high": 5},
        items={name: item(name) for name in BIP},
        raters=["citizen", "worker"],
        levels=BIP_LEVELS,
    )
    asked["items"][BY_THE_WORKER]["raters"] = ["worker"]
    definition = programme(questionnaires={"bip": asked})
    case = Casebook(definition)
    people = 436
    for number in range(people):
        who = {"person": f"p{number}", "enrolment": f"e{number}", "questionnaire": "bip"}
        case.enrol("2018-01-01", person=f"p{number}", enrolment=f"e{number}")
        said: dict[str, int | None] = {}
        for name, (low, medium, _) in BIP.items():
            place = number / people * 100
            # both answers of a level occur, so that a level is told from a single answer
            said[name] = (1 + number % 2) if place < low else 3 if place < low + medium else 4 + number % 2
        case.answer("2018-02-01", {n: said[n] for n in BIP if n != BY_THE_WORKER}, rater="citizen", **who)
        case.answer("2018-02-01", {BY_THE_WORKER: said[BY_THE_WORKER]}, rater="worker", **who)
    found = {
        (row.item, row.level): row.share
        for row in level_shares(answers(case.facts(), "bip"), definition.questionnaires["bip"], None)
    }
    for name, printed in BIP.items():
        shares = [found[name, level] for level in ("low", "medium", "high")]
        assert [figure.denominator for figure in shares] == [people] * 3
        assert sum(figure.value or 0 for figure in shares) == pytest.approx(1)
        for figure, per_cent in zip(shares, printed, strict=True):
            assert (figure.value or 0) * 100 == pytest.approx(per_cent, abs=1.2)


def test_the_printed_means_over_five_municipalities() -> None:
    names = [f"statement-{n}" for n in range(5)]
    asked = item(
        "Fidelity",
        about="site",
        scale={"low": 1, "high": 4},
        items={name: item(name) for name in names},
        raters=["leader"],
        scores={name: item(name, combine="mean", items=[name]) for name in names},
    )
    sites = {f"s{n}": item(f"Site {n}", unit="outreach") for n in range(5)}
    definition = programme(questionnaires={"fidelity": asked}, sites=sites)
    case = Casebook(definition)
    for number, site in enumerate(sites):
        given_answers = {
            f"answer.{name}": total // 5 + (number < total % 5)
            for name, total in zip(names, FIDELITY, strict=True)
        }
        case.fact(
            "site_answered",
            "2019-11-01",
            person=None,
            enrolment=None,
            site=site,
            questionnaire="fidelity",
            rater="leader",
            **given_answers,
        )
    found = answers(case.facts(), "fidelity")
    means = [
        score_rows(
            found,
            definition.questionnaires["fidelity"],
            name,
            None,
            period=period("2019-07-01", "2019-12-31"),
        )[0].mean
        for name in names
    ]
    assert [figure.value for figure in means] == pytest.approx([3.4, 3.6, 3.8, 4.0, 4.0])
    assert {figure.denominator for figure in means} == {5}
    assert sum(figure.value or 0 for figure in means) / 5 == pytest.approx(3.76)
