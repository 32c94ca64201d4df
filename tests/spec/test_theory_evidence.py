"""What the numbers say of a programme theory, one sentence at a time, and whether a planted relation is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from casebook import Casebook, indicator, item, period, programme
from indsats.programme import Programme
from indsats.steer import ENOUGH_PEOPLE, WITHOUT, associations, theory_evidence

HALF = period("2016-01-01", "2016-06-30")


def node(level: str, *evidence: str) -> dict[str, Any]:
    return item(level, level=level, evidence=list(evidence))


def definition(sites: int = 1, **parts: Any) -> Programme:
    links = [
        {"cause": "talks", "effect": "started", "source": "L1"},
        {"cause": "visits", "effect": "started", "source": "L1"},
        {"cause": "trust", "effect": "started", "source": "L1"},
        {"cause": "missed", "effect": "started", "source": "L1"},
        {"cause": "open", "effect": "started", "source": "L1"},
        {"cause": "started", "effect": "again", "source": "L1"},
    ]
    return programme(
        units={"outreach": item("Outreach")},
        sites={
            f"s{number:02d}": item(f"S{number}", unit="outreach", open_days_per_week=2.0)
            for number in range(sites)
        },
        indicators={
            "talks": indicator("count", kind="meeting", where='type == "talk"'),
            "visits": indicator("count", kind="meeting", where='type == "visit"'),
            "missed": indicator("count", "lower", kind="meeting", where='type == "talk"'),
            "started": indicator("count", kind="placement"),
            "open": indicator("rate", kind="meeting", where='type == "talk"', per="open_day"),
        },
        theories={
            "change": item(
                "Change",
                nodes={
                    "talks": node("activity", "talks"),
                    "visits": node("activity", "visits"),
                    "open": node("activity", "open"),
                    "trust": node("mechanism"),
                    "missed": node("mechanism", "missed"),
                    "started": node("subgoal", "started"),
                    "again": node("result", "started"),
                },
                links=links,
            )
        },
        **parts,
    )


def planted(seed: int, people: int, sites: int = 1, **parts: Any) -> tuple[Casebook, np.ndarray]:
    """People with talks (mean 4), visits (mean 2) and placements, of which 1 + 0.5 for each talk are expected.

    So the variance of talks is 4, that of placements 3 + 0.25 · 4 = 4: the standardised slope is 0.5 · 2 / 2 = 0.5.
    """
    draw = np.random.default_rng(seed)
    talks, visits = draw.poisson(4, people), draw.poisson(2, people)
    started = draw.poisson(1 + 0.5 * talks)
    case = Casebook(definition(sites, **parts))
    day = date(2016, 2, 1)
    for number in range(people):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2016-01-01", site=f"s{number % sites:02d}", **who)
        for kind, times in (("talk", talks[number]), ("visit", visits[number])):
            for step in range(times):
                case.meet(day + timedelta(days=step), type=kind, **who)
        for step in range(started[number]):
            case.fact("placement", day + timedelta(days=step), **who)
    case.fact("exit", "2016-12-31", person="last", enrolment="last", reason="job")
    return case, np.column_stack([talks, visits, started])


def test_a_planted_relation_is_found_and_one_that_is_not_there_is_not() -> None:
    case, _ = planted(3, 300)
    talks, visits, *_ = associations(case.facts(), "change", HALF)
    assert talks.figure is not None and talks.figure.low is not None and talks.figure.high is not None  # noqa: PT018
    assert 0 < talks.figure.low < 0.5 < talks.figure.high
    assert talks.figure.denominator == 300
    assert visits.figure is not None and visits.figure.low is not None and visits.figure.high is not None  # noqa: PT018
    assert visits.figure.low < 0 < visits.figure.high


def test_the_interval_holds_the_planted_relation_as_often_as_it_says() -> None:
    found = [associations(planted(seed, 80)[0].facts(), "change", HALF)[:2] for seed in range(40)]
    for truth, place in ((0.5, 0), (0.0, 1)):
        figures = [one[place].figure for one in found]
        held = sum(one is not None and (one.low or 0) <= truth <= (one.high or 0) for one in figures)
        assert held >= 34  # 38 are expected; fewer than 34 comes once in 60


def test_it_is_the_slope_of_least_squares_between_standard_scores() -> None:
    case, numbers = planted(5, 60)
    found = associations(case.facts(), "change", HALF)[0].figure
    score = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0, ddof=1)
    plain = OLS(score[:, 2], np.column_stack([np.ones(60), score[:, 0]])).fit(cov_type="HC2", use_t=True)
    assert found is not None
    assert found.value == pytest.approx(plain.params[1], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(
        tuple(plain.conf_int()[1]), abs=2e-2
    )  # other degrees of freedom


def test_more_is_turned_to_better_where_the_indicator_says_lower_is() -> None:
    case, _ = planted(3, 100)
    talks, _, _, missed, *_ = associations(case.facts(), "change", HALF)
    assert talks.figure is not None
    assert missed.figure is not None
    assert missed.figure.value == pytest.approx(-(talks.figure.value or 0))


def test_what_cannot_be_told_says_why() -> None:
    case, _ = planted(3, 100)
    _, _, trust, _, opening, again = associations(case.facts(), "change", HALF)
    assert (trust.without, trust.figure) == ("no_indicator", None)
    assert opening.without == "no_people"  # a place is open, not a person, and there is one place
    assert again.without == "same_indicator"
    few = associations(planted(3, ENOUGH_PEOPLE - 1)[0].facts(), "change", HALF)[0]
    assert few.without == "few_people"
    assert {"no_indicator", "no_people", "same_indicator", "few_people"} <= WITHOUT.keys()


def test_nothing_is_told_where_everybody_is_alike_or_few_differ() -> None:
    def those_who_started(number: int) -> Casebook:
        case = Casebook(definition(disclosure_threshold=5))
        for person in range(60):
            who = {"person": f"p{person}", "enrolment": f"e{person}"}
            case.enrol("2016-01-01", site="s00", **who)
            for step in range(person % 3):
                case.meet(date(2016, 2, 1 + step), type="talk", **who)
            if person < number:
                case.fact("placement", "2016-03-01", **who)
        return case.fact("exit", "2016-12-31", person="last", enrolment="last", reason="job")

    assert associations(those_who_started(0).facts(), "change", HALF)[0].without == "no_variation"
    assert associations(those_who_started(4).facts(), "change", HALF)[0].without == "few_in_group"
    assert associations(those_who_started(30).facts(), "change", HALF)[0].without is None


def test_with_many_sites_errors_are_by_site_and_with_few_people_are_compared_within() -> None:
    many = associations(planted(3, 120, sites=12)[0].facts(), "change", HALF)[0]
    few = associations(planted(3, 120, sites=3)[0].facts(), "change", HALF)[0]
    assert many.figure is not None
    assert "site" in many.figure.method
    assert many.held == ()
    assert few.held == ("site",)


def test_what_only_places_have_is_compared_across_them() -> None:
    opening = associations(planted(3, 120, sites=12)[0].facts(), "change", HALF)[4]
    assert opening.level == "site"
    assert opening.figure is not None
    assert (opening.figure.denominator, opening.figure.of) == (12, "places")


def test_p_is_corrected_for_the_number_of_arrows_and_hidden_with_what_it_is_made_of() -> None:
    found = associations(planted(3, 100)[0].facts(), "change", HALF)
    tested = [one for one in found if one.figure is not None]
    assert len(tested) == 3
    smallest = min(one.figure.p or 0 for one in tested if one.figure)
    assert min(one.adjusted.value or 0 for one in tested if one.adjusted) == pytest.approx(3 * smallest)
    evidence = theory_evidence(planted(3, 100)[0].facts(), "change", HALF)
    levels = {evidence[name][0][1].id for name in ("talks", "started")}
    assert tested[0].figure is not None
    assert set(tested[0].figure.made_from) == levels
