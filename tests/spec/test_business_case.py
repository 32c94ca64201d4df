"""A business case from a definition, its prices and its effects: one worked example, computed by hand in the texts.

A hundred people get 10 hours of 400 kr. each, where they would otherwise have had 4; a fifth comes on top for
management, and 50,000 kr. were spent to begin. They are 2 weeks more in a job in the first year (95 %: 1 to 3) and half
of that in the second. Municipal tax is 25 %, state tax 10 %, labour-market contribution 8 %, the discount rate 4 %. A
week off benefit is 10,400 × 12 / 52 = 2,400 kr., a week's work 37 × 150 = 5,550 kr.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from casebook import item, programme, text
from drawn_business import whole_book
from indsats.economy import (
    Case,
    Factors,
    Uncertain,
    break_even,
    budget,
    case_of,
    cash_flow,
    quotes,
    society,
    spent_on,
    with_effects_times,
)
from indsats.problem import InputRefused
from pricebook import price

LATER = 1 / 1.04
"""What a krone in the second year is worth in the first, at 4 %."""


def effect(**rest: Any) -> dict[str, Any]:
    return {"how": "entered", "value": 2, "low": 1, "high": 3, "source": "L1", **rest}


def economy(**rest: Any) -> dict[str, Any]:
    return {
        "price_year": 2016,
        "horizon": 2,
        "participants": 100,
        "weeks_on_benefit": 26,
        "prices": {
            "hour": price(amount=400, price_year=2016),
            "begin": price(per="once", amount=50_000, price_year=2016),
            "benefit": price("transfer", "week", book="benefit"),
            "pay": price("earnings", amount=150, price_year=2016),
        },
        "activities": {
            "talks": item(
                "Talks",
                price="hour",
                dose={"how": "participants", "each": 10},
                usual={"quantity": 4, "source": "L1"},
            ),
            "begin": item("Begin", price="begin", phase="start_up", dose={"how": "fixed"}),
        },
        "overheads": {"management": item("Management", share=0.2)},
        "consequences": {
            "off-benefit": item(
                "Off benefit", unit=text("weeks in a job"), price="benefit", each=-1, effects=[effect()]
            ),
            "pay": item(
                "Pay",
                unit=text("weeks in a job"),
                price="pay",
                moves_with="off-benefit",
                worked=True,
                effects=[effect()],
            ),
        },
        "scenarios": {
            "fading": item("Fading", about=text("half is left in the second year"), lasts="P1Y", fades="P1Y"),
            "fewer-hours": item("Fewer hours", about=text("half the work"), lasts="P1Y", hours_share=0.5),
            "cautious": item("Cautious", about=text("the low end"), lasts="P1Y", effect="cautious"),
            "dearer": item("Dearer", about=text("costs a tenth more"), lasts="P1Y", cost_share=1.1),
        },
        **rest,
    }


def case(scenario: str = "fading", told: Sequence[float | None] = (), **rest: Any) -> Case:
    asked = programme(economy=economy(**rest))
    found = quotes(asked, whole_book())
    return case_of(
        asked,
        scenario,
        quotes=found,
        book=whole_book(),
        spent=spent_on(asked, None),
        effects={},
        participants=100,
        state_shares=told,
    )


def flow(of: Case, payer: str, year: int) -> float:
    return cash_flow(of).filter(payer=payer, year=year)["amount"].sum()


def test_the_effort_costs_what_is_more_than_usual() -> None:
    """Hours: (10 − 4) × 400 = 2,400. Management: a fifth, 480. Begun for 50,000 / 100 = 500. In all 3,380."""
    assert budget(case()).cost == pytest.approx(3380)


def test_the_municipality_saves_its_part_of_the_benefit_and_loses_the_tax_of_it() -> None:
    """First year: weeks 26 to 78 on benefit, 26 of them at 30 % and 26 at 20 %, so the state pays 25 %.

    Benefit: 2 × 2,400 × 0.75 = 3,600 saved, 4,800 × 0.25 = 1,200 tax lost. Pay: 2 × 5,550 × 0.92 × 0.25 = 2,553 tax.
    With the cost: 3,600 − 1,200 + 2,553 − 3,380 = 1,573. Second year, at 20 % and half the effect:
    2,400 × 0.8 − 600 + 1,276.5 = 2,596.5.
    """
    assert flow(case(), "municipality", 1) == pytest.approx(1573)
    assert flow(case(), "municipality", 2) == pytest.approx(2596.5)


def test_where_a_register_tells_the_states_part_of_a_year_it_is_that() -> None:
    """40 % in the first year: 4,800 × 0.6 − 1,200 + 2,553 − 3,380 = 853. The second is not told, so it is 20 %."""
    assert flow(case(told=[0.4]), "municipality", 1) == pytest.approx(853)
    assert flow(case(told=[0.4, None]), "municipality", 2) == pytest.approx(2596.5)


def test_the_state_saves_its_reimbursement_and_gains_tax_and_contribution() -> None:
    """Benefit: 4,800 × 0.25 − 480 = 720. Pay: 11,100 × (0.08 + 0.92 × 0.1) = 1,909.2. Second year 240 + 954.6."""
    assert flow(case(), "state", 1) == pytest.approx(2629.2)
    assert flow(case(), "state", 2) == pytest.approx(1194.6)


def test_the_citizen_gains_the_pay_and_loses_the_benefit_after_tax() -> None:
    """11,100 × 0.92 × 0.65 = 6,637.8 less 4,800 × 0.65 = 3,120."""
    assert flow(case(), "citizen", 1) == pytest.approx(3517.8)


def test_what_everybody_gains_together_is_the_work_less_the_cost() -> None:
    """The benefit only changes hands: 11,100 − 3,380 in the first year, 5,550 in the second."""
    in_all = [cash_flow(case()).filter(year=year)["amount"].sum() for year in (1, 2)]
    assert in_all == pytest.approx([7720, 5550])


def test_the_net_result_is_at_present_value() -> None:
    """1,573 + 2,629.2 in the first year and (2,596.5 + 1,194.6) / 1.04 in the second: 7,847.49."""
    assert budget(case()).net == pytest.approx(4202.2 + 3791.1 * LATER)
    assert budget(case()).by_payer["municipality"] == pytest.approx(1573 + 2596.5 * LATER)


def test_the_break_even_effect_put_back_gives_zero() -> None:
    """The gain is 3,380 + 7,847.49 = 11,227.49 for 2 weeks, so 3,380 / 11,227.49 of them pay: 0.602 weeks."""
    found = break_even(case())
    assert found == pytest.approx(2 * 3380 / (3380 + 4202.2 + 3791.1 * LATER))
    assert found is not None
    assert budget(with_effects_times(case(), found / 2)).net == pytest.approx(0)


def test_a_week_costs_the_cost_divided_by_the_weeks_of_all_years() -> None:
    """2 weeks in the first year and 1 in the second: 3,380 / 3 = 1,126.67 kr. a week."""
    assert budget(case()).per_unit == pytest.approx(3380 / 3)


def test_it_saves_when_it_does_so_at_the_low_end_of_the_interval() -> None:
    """At 1 week the gain is half, 5,613.74, which is still more than 3,380."""
    assert budget(case()).verdict == "saves"
    dear = case(
        activities={"talks": item("Talks", price="hour", dose={"how": "participants", "each": 20})},
        overheads={},
    )
    assert budget(dear).net > 0, "20 hours cost 8,000, less than the 11,227 of the point estimate"
    assert budget(dear).verdict == "depends"


def test_an_interval_that_holds_zero_yields_no_saving_whatever_the_amount() -> None:
    unsure = [effect(low=-1, high=5)]
    consequences = {name: {**one, "effects": unsure} for name, one in economy()["consequences"].items()}
    found = case(consequences=consequences)
    assert budget(found).net > 0
    assert budget(found).verdict == "unproven"
    assert "effect-unproven" in {one.code for one in found.cautions}


def test_an_effect_without_uncertainty_is_assumed_and_told_so() -> None:
    known = [{"how": "entered", "value": 2, "source": "L1"}]
    consequences = {name: {**one, "effects": known} for name, one in economy()["consequences"].items()}
    found = case(consequences=consequences)
    assert budget(found).verdict == "assumed"
    assert "no-uncertainty" in {one.code for one in found.cautions}


def test_years_nobody_followed_are_told_with_their_part_of_the_gain() -> None:
    """Second year: 3,791.1 / 1.04 of 11,227.49 is 32 %."""
    told = next(one for one in case().cautions if one.code == "beyond-data")
    assert "32" in told.text.en
    assert "beyond-data" not in {one.code for one in case("cautious").cautions}


def test_fewer_hours_leave_the_weeks_and_halve_the_work() -> None:
    """Off benefit as before: 2,400 to the municipality; tax of pay 2,553 / 2; less 3,380."""
    assert flow(case("fewer-hours"), "municipality", 1) == pytest.approx(2400 + 1276.5 - 3380)


def test_the_cautious_scenario_counts_on_the_low_end() -> None:
    """1 week: (2,400 + 2,553) / 2 − 3,380."""
    assert flow(case("cautious"), "municipality", 1) == pytest.approx(4953 / 2 - 3380)


def test_a_dearer_effort_costs_more_and_what_it_stands_instead_of_does_not() -> None:
    """(4,000 + 800 + 500) × 1.1 − (1,600 + 320) = 3,910."""
    assert budget(case("dearer")).cost == pytest.approx(3910)


def test_no_effect_leaves_minus_the_cost() -> None:
    nothing = [effect(value=0, low=-1, high=1)]
    consequences = {name: {**one, "effects": nothing} for name, one in economy()["consequences"].items()}
    found = case(consequences=consequences)
    assert budget(found).net == pytest.approx(-3380)
    assert break_even(found) is not None


def test_society_adds_distortion_and_net_tax_to_what_everybody_gains() -> None:
    """Taxpayers 11,227.49, participants 3,517.8 + 1,758.9 / 1.04. Indirect: a tenth of the public's net 7,847.49, and
    28 % of the work less the cost, 11,100 + 5,550 / 1.04 − 3,380."""
    found = society(case(), Factors(net_tax=1.28, distortion=0.1))
    net = 4202.2 + 3791.1 * LATER
    assert found.benefits["taxpayers"] == pytest.approx(net + 3380)
    assert found.benefits["participants"] == pytest.approx(3517.8 + 1758.9 * LATER)
    assert found.benefits["indirect"] == pytest.approx(0.1 * net + 0.28 * (11_100 + 5550 * LATER - 3380))


def test_where_a_half_displaces_others_they_lose_what_participants_gain_by_it() -> None:
    found = society(replace(case(), displaced=0.5), Factors())
    assert found.benefits["others"] == pytest.approx(-found.benefits["participants"] / 2)
    assert found.net == pytest.approx((11_100 + 5550 * LATER) / 2 - 3380)


def test_a_grant_from_the_state_is_the_municipalitys_and_nothing_to_the_public() -> None:
    """30,000 / 100 = 300."""
    grant = {"pool": item("Pool", price="pool", dose={"how": "fixed"})}
    asked = economy()
    prices = {
        **asked["prices"],
        "pool": price("grant", "once", amount=30_000, price_year=2016, paid_by={"state": 1}),
    }
    found = case(prices=prices, activities={**asked["activities"], **grant})
    assert flow(found, "municipality", 1) == pytest.approx(1573 + 300)
    assert budget(found).net == pytest.approx(budget(case()).net)


def test_an_effect_of_the_second_year_takes_over_from_the_first() -> None:
    told = [effect(), effect(year=2, value=1, low=0.5, high=1.5)]
    consequences = {name: {**one, "effects": told} for name, one in economy()["consequences"].items()}
    scenarios = {"all": item("All", about=text("whole"))}
    found = case("all", consequences=consequences, scenarios=scenarios)
    assert flow(found, "municipality", 2) == pytest.approx(2596.5), "1 week, as half of 2"


def test_an_effect_nobody_estimated_is_named() -> None:
    estimated = [{"how": "estimated", "evaluation": "trial", "outcome": "weeks"}]
    consequences = {name: {**one, "effects": estimated} for name, one in economy()["consequences"].items()}
    with pytest.raises(InputRefused, match="'off-benefit' in year 1 is not estimated") as refused:
        case(consequences=consequences)
    assert len(refused.value.problems) == 2


def test_a_price_for_no_time_cannot_price_weeks() -> None:
    consequences = economy()["consequences"]
    consequences["pay"] = {**consequences["pay"], "price": "begin"}
    with pytest.raises(InputRefused, match="per once"):
        case(consequences=consequences)


def test_the_price_is_in_the_result_in_proportion() -> None:
    """Pay is worth 2,553 + 1,909.2 and half of that later; a tenth more of it is a tenth more of that."""
    worth = 4462.2 * (1 + LATER / 2)
    dearer = economy()["prices"] | {"pay": price("earnings", amount=165, price_year=2016)}
    assert budget(case(prices=dearer)).net - budget(case()).net == pytest.approx(worth / 10)


def test_an_uncertain_dose_stands_in_the_case() -> None:
    found = case(overheads={"management": item("Management", share=0.2, low=0.1, high=0.3)})
    line = next(line for line in found.lines if line.id == "management/talks")
    assert line.quantity == Uncertain(2.0, 1.0, 3.0, "range")
