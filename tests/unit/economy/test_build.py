"""A case built from any definition: money falls where the definition says, and everything is in proportion."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import item, text
from drawn_business import RATE, TAX, YEAR, defined, economies, made, whole_book
from indsats.economy import Case, Had, Line, Uncertain, break_even, budget, case_of, net_present, quotes
from indsats.economy.build import units_of_price
from indsats.programme import PAYERS, Consequence, Per
from pricebook import price, price_book

WITHIN: dict[str, float] = {"hour": 1924, "week": 52, "month": 12, "year": 1}
"""How many of a unit of time a year of full-time work has: 52 weeks of 37 hours."""

few = settings(deadline=None, max_examples=40)


def near(value: float, scale: Case) -> object:
    """Equal as far as rounding goes in a case of this size."""
    return pytest.approx(value, rel=1e-9, abs=1e-9 * (1 + float(np.abs(scale.flows()).sum())))


def parts(found: Case, part: str) -> list[Line]:
    return [line for line in found.lines if line.part == part]


def plain_effect(asked: dict[str, Any], price_per: str) -> float:
    """How many units of the price one unit of the effect is, as one would say it."""
    each, per = asked["each"], WITHIN[price_per]
    return {
        "units": each,
        "years": each * per,
        "weeks": each * per / 52,
        # 1 hour a week is 52 hours of a year, one of 1,924 hours
        "hours_a_week": each * per * 52 / 1924,
    }[asked["counted_in"]]


@few
@given(economies())
def test_transfers_and_grants_cancel_over_payers(economy: dict[str, Any]) -> None:
    for line in made(economy).lines:
        if line.transfer:
            assert line.pattern.sum(axis=0) == pytest.approx(0, abs=1e-9)
    assert {line.of for line in made(economy).lines if line.transfer} == {
        "pool",
        *economy["consequences"].keys() & {"aid"},
    }


@few
@given(economies())
def test_costs_fall_on_their_payers_alone_and_wholly(economy: dict[str, Any]) -> None:
    found = made(economy)
    for line in [*parts(found, "cost"), *parts(found, "usual")]:
        paid = economy["prices"][line.price_of].get("paid_by", {"municipality": 1.0})
        sign = 1 if line.part == "usual" else -1
        by_payer = line.pattern.sum(axis=1)
        assert by_payer == pytest.approx([sign * paid.get(payer, 0.0) for payer in PAYERS])


@few
@given(economies())
def test_what_a_participant_costs_is_dose_times_price(economy: dict[str, Any]) -> None:
    """Rent is once, or a year of it, shared by the participants; a year is 365.25 days, 12 months, 365.25 / 7 weeks."""
    found, share = made(economy), economy["scenarios"]["drawn"]["cost_share"]
    prices, activities = economy["prices"], economy["activities"]
    times = {"year": 1, "month": 12, "week": 365.25 / 7}.get(prices["rent"]["per"], 1)
    rent = times * prices["rent"]["amount"] / economy["participants"]
    above = 1 + economy["overheads"]["management"]["share"]
    talks = activities["talks"]["dose"]["each"] * prices["talk"]["amount"] * above
    usual = activities["talks"].get("usual", {"quantity": 0})["quantity"] * prices["talk"]["amount"] * above
    assert budget(found, PAYERS).cost == near(share * (rent + talks) - usual, found)


@few
@given(economies())
def test_what_everybody_gains_is_care_and_work(economy: dict[str, Any]) -> None:
    """Year by year: benefits and pay of the effect, as much of it as is left; grants and transfers are nobody's."""
    found, scenario = made(economy), economy["scenarios"]["drawn"]
    left = made(economy, lasts=scenario.get("lasts"), effect="expected").lines
    told = np.zeros(economy["horizon"])
    for name, asked in economy["consequences"].items():
        if name == "aid":
            continue
        told_of = economy["prices"][name]
        each = told_of["amount"] * plain_effect(asked, told_of["per"]) * scenario.get("effect_share", 1.0)
        each *= scenario["hours_share"] if asked["worked"] else 1.0
        weights = sum(line.weights for line in left if line.of == name)
        for year in range(economy["horizon"]):
            before = [one for one in asked["effects"] if one["year"] <= year + 1]
            value = max(before, key=lambda one: one["year"])["value"] if before else 0.0
            told[year] += value * each * weights[year]
    gained = [line for line in found.lines if line.part in ("consequence", "grant")]
    flows = sum(line.amount * line.pattern.sum(axis=0) for line in gained)
    assert flows == pytest.approx(told, rel=1e-9, abs=1e-6)


@few
@given(economies(), st.sampled_from(["talk", "rent", "pool", "care", "aid", "pay"]), st.integers(0, 9000))
def test_net_is_linear_in_every_price(economy: dict[str, Any], name: str, amount: int) -> None:
    def net(of: float) -> float:
        changed = {**economy["prices"], name: {**economy["prices"][name], "amount": of}}
        return net_present(made({**economy, "prices": changed}))

    scale = made(economy)
    first, second = net(0), net(1000)
    assert net(amount) == near(first + (second - first) * amount / 1000, scale)


@few
@given(economies())
def test_net_is_linear_in_the_effects(economy: dict[str, Any]) -> None:
    nothing, once, twice = (net_present(made(times(economy, factor))) for factor in (0, 1, 2))
    assert twice - once == near(once - nothing, made(economy))


def times(economy: dict[str, Any], factor: float) -> dict[str, Any]:
    """The economy with all effects so many times as large."""
    ends = ("value", "low", "high")
    return {
        **economy,
        "consequences": {
            name: {
                **one,
                "effects": [
                    {key: told * factor if key in ends else told for key, told in effect.items()}
                    for effect in one["effects"]
                ],
            }
            for name, one in economy["consequences"].items()
        },
    }


@few
@given(economies())
def test_the_break_even_effect_written_in_the_definition_gives_zero(economy: dict[str, Any]) -> None:
    found = budget(made(economy))
    if found.times is None or found.times > 1e4:
        return
    paid = made(times(economy, found.times))
    assert net_present(paid) == near(0, paid)
    first = next(line for line in made(economy).lines if line.of == next(iter(economy["consequences"])))
    if first.quantity.value:
        assert break_even(made(economy)) == pytest.approx(found.times * first.quantity.value)


@few
@given(economies())
def test_a_scenario_that_counts_on_no_effect_leaves_the_cost_and_the_grants(economy: dict[str, Any]) -> None:
    """A grant moves money: from citizens and others to the public it is a gain, between public purses nothing."""
    found = made(economy, effect_share=0)
    pool = economy["prices"]["pool"]
    outside = sum(pool["paid_by"].get(payer, 0.0) for payer in ("citizen", "others"))
    granted = pool["amount"] / economy["participants"] * outside
    result = budget(found)
    assert result.net == near(granted - result.cost, found)
    assert result.verdict in ("costs", "unproven", "assumed")


@few
@given(economies())
def test_what_is_left_of_an_effect_is_never_more_than_before(economy: dict[str, Any]) -> None:
    found = made(economy)
    for name, asked in economy["consequences"].items():
        weights = sum(line.weights for line in found.lines if line.of == name)
        start = min(one["year"] for one in asked["effects"]) - 1
        assert np.all(weights >= 0)
        assert np.all(weights <= 1)
        assert not weights[:start].any()
        assert np.all(np.diff(weights[start:]) <= 1e-12)


@few
@given(economies())
def test_all_of_a_dose_falls_within_the_years(economy: dict[str, Any]) -> None:
    for line in made(economy).lines:
        if not line.moves:
            assert line.weights.sum() == pytest.approx(1)
            assert np.all(line.weights >= 0)


@few
@given(economies(), st.sampled_from([0.0, 0.5, 3.0]))
def test_the_share_of_the_cost_is_of_what_is_spent_and_of_nothing_else(
    economy: dict[str, Any], share: float
) -> None:
    whole, part = made(economy, cost_share=1), made(economy, cost_share=share)
    for one, other in zip(whole.lines, part.lines, strict=True):
        assert other.amount == pytest.approx(one.amount * (share if one.part == "cost" else 1))


@few
@given(economies(), st.sampled_from([0.0, 0.5, 3.0]))
def test_the_share_of_the_hours_is_of_work_and_of_nothing_else(economy: dict[str, Any], share: float) -> None:
    worked = {name for name, one in economy["consequences"].items() if one["worked"]}
    whole, part = made(economy, hours_share=1), made(economy, hours_share=share)
    for one, other in zip(whole.lines, part.lines, strict=True):
        factor = share if one.of in worked else 1
        assert other.amount == pytest.approx(one.amount * factor)
        assert other.quantity.ends == pytest.approx([end * factor for end in one.quantity.ends])


@few
@given(economies(), st.floats(0, 2))
def test_the_share_of_the_effect_is_of_every_effect(economy: dict[str, Any], share: float) -> None:
    whole, part = made(economy, effect_share=1), made(economy, effect_share=share)
    for one, other in zip(whole.lines, part.lines, strict=True):
        assert other.amount == pytest.approx(one.amount * (share if one.moves else 1))


@few
@given(economies())
def test_between_cautious_and_hopeful_lies_what_is_expected(economy: dict[str, Any]) -> None:
    cautious, expected, hopeful = (
        net_present(made(economy, effect=effect)) for effect in ("cautious", "expected", "hopeful")
    )
    small = 1e-9 * (1 + float(np.abs(made(economy).flows()).sum()))
    assert cautious - small <= expected <= hopeful + small


@few
@given(economies(most_years=1))
def test_a_horizon_of_one_year_is_not_discounted(economy: dict[str, Any]) -> None:
    found = made(economy)
    assert found.discount == pytest.approx([1.0])
    assert found.present().sum() == near(float(found.flows().sum()), found)
    assert budget(found).payback in (0.0, None)


@few
@given(economies())
def test_a_year_later_is_worth_less_by_the_rate(economy: dict[str, Any]) -> None:
    found = made(economy)
    assert found.discount == pytest.approx([1 / (1 + RATE) ** year for year in range(economy["horizon"])])


def paid_by_week(week: int) -> float:
    """The state's part of the n-th week on benefit in the small book."""
    return 0.8 if week <= 4 else 0.4 if week <= 26 else 0.3 if week <= 52 else 0.2


@settings(deadline=None)
@given(before=st.integers(0, 120), years=st.integers(1, 5))
def test_the_ladder_divides_every_krone_between_municipality_and_state(before: int, years: int) -> None:
    """Each year is the mean of its 52 weeks, counted one by one."""
    found = made(
        one_effect("care", price("benefit", "week", amount=1, price_year=YEAR, paid_by="ladder"))
        | {"weeks_on_benefit": before, "horizon": years}
    )
    [line] = found.lines
    state = [
        np.mean([paid_by_week(before + 52 * year + week) for week in range(1, 53)]) for year in range(years)
    ]
    shares = dict(zip(PAYERS, line.shares, strict=True))
    assert shares["state"] == pytest.approx(state)
    assert line.shares.sum(axis=0) == pytest.approx(1)
    assert shares["municipality"] == pytest.approx(1 - np.array(state))
    assert not any(shares[payer].any() for payer in ("region", "citizen", "others"))


def one_effect(name: str, of: dict[str, Any], **consequence: Any) -> dict[str, Any]:
    """An economy of one effect of one unit, and nothing spent."""
    told = {"how": "entered", "value": 1, "low": 0.5, "high": 1.5, "source": "L1"}
    return {
        "price_year": YEAR,
        "horizon": 1,
        "participants": 1,
        "prices": {name: of},
        "consequences": {
            name: item(name, unit=text("units"), price=name, effects=[told], counted_in="units") | consequence
        },
        "scenarios": {"drawn": item("Drawn", about=text("drawn"))},
    }


def test_tax_of_a_krone_of_benefit_and_of_pay() -> None:
    """Benefit: 25 % to the municipality, 10 % to the state. Pay: 8 % first, and the same of the 92 left."""
    municipal, bottom, first = TAX["municipal"], TAX["bottom"], TAX["contribution"]
    aid = price("transfer", "week", amount=1, price_year=YEAR, paid_by={"state": 1})
    [line] = made(one_effect("aid", aid)).lines
    assert line.shares[:, 0] == pytest.approx([municipal, 0, bottom - 1, 1 - municipal - bottom, 0])
    [line] = made(one_effect("pay", price("earnings", amount=1, price_year=YEAR))).lines
    kept = (1 - first) * (1 - municipal - bottom)
    assert line.shares[:, 0] == pytest.approx(
        [(1 - first) * municipal, 0, first + (1 - first) * bottom, kept, 0]
    )


def test_a_benefit_that_is_not_taxed_is_the_citizens_whole() -> None:
    aid = {
        "title": text("Aid"),
        "flow": "transfer",
        "per": "week",
        "paid_by": {"region": 1},
        "taxed": "none",
        "rates": [{"amount": 3, "from": "2016-01-01", "source": "https://aid.example"}],
    }
    asked = defined(one_effect("aid", price("transfer", "week", book="aid")))
    items = {**price_book().model_dump(by_alias=True)["items"], "aid": aid}
    own = whole_book(items=items)
    found = case_of(asked, "drawn", quotes=quotes(asked, own), book=own, spent={}, effects={}, participants=1)
    assert found.lines[0].amount == 3
    assert found.lines[0].shares[:, 0] == pytest.approx([0, -1, 0, 1, 0])


@pytest.mark.parametrize(
    ("counted_in", "per", "units"),
    [
        ("weeks", "week", 1),
        ("weeks", "hour", 37),
        ("weeks", "month", 12 / 52),
        ("weeks", "year", 1 / 52),
        ("years", "year", 1),
        ("years", "month", 12),
        ("years", "week", 52),
        ("years", "hour", 52 * 37),
        ("hours_a_week", "hour", 52),
        ("hours_a_week", "week", 52 / 37),
        ("hours_a_week", "month", 12 / 37),
        ("hours_a_week", "year", 1 / 37),
        ("units", "hour", 1),
        ("units", "once", 1),
        ("units", "meeting", 1),
    ],
)
def test_what_an_effect_is_counted_in_in_units_of_the_price(counted_in: str, per: Per, units: float) -> None:
    """A week is 37 hours and 12/52 of a month; an hour a week is 52 hours of a year, and a 37th of all its weeks."""
    asked = defined(
        one_effect("care", price("benefit", per, amount=1, price_year=YEAR), counted_in=counted_in, each=-2)
    )
    found = quotes(asked, whole_book()).found["care"]
    of: Consequence = asked.economy.consequences["care"]
    assert units_of_price(of, found) == pytest.approx(-2 * units)


def test_a_dose_that_lasts_beyond_the_years_is_paid_in_the_last() -> None:
    """10, 20 and 30 hours in three years: a case of two has 10 in the first and 50 in the second."""
    assert cost_weights([10, 20, 30], 2) == pytest.approx([10 / 60, 50 / 60])
    assert cost_weights([10, 20, 30], 1) == pytest.approx([1])
    assert cost_weights([10, 30], 3) == pytest.approx([0.25, 0.75, 0])
    assert cost_weights([0, 0], 3) == pytest.approx([1, 0, 0])


def spending(had: Had, years: int, **overhead: Any) -> Case:
    economy = {
        "price_year": YEAR,
        "horizon": years,
        "prices": {"talk": price(amount=100, price_year=YEAR)},
        "activities": {"talks": item("Talks", price="talk", dose={"how": "participants"})},
        "overheads": {"management": item("Management", **overhead)} if overhead else {},
        "scenarios": {"drawn": item("Drawn", about=text("drawn"))},
    }
    asked = defined(economy)
    return case_of(
        asked,
        "drawn",
        quotes=quotes(asked, whole_book()),
        book=whole_book(),
        spent={"talks": had},
        effects={},
        participants=1,
    )


def cost_weights(by_year: list[float], years: int) -> list[float]:
    had = Had(Uncertain(sum(by_year)), np.array(by_year, dtype=np.float64))
    [line] = spending(had, years).lines
    return line.weights.tolist()


def test_a_sure_share_of_a_dose_errs_as_the_dose_does() -> None:
    """A tenth of 20 hours (10 to 30) is 2 (1 to 3), and goes the way of the hours."""
    dose = Had(Uncertain(20, 10, 30, "interval"), np.array([20.0]))
    talks, management = spending(dose, 1, share=0.1).lines
    assert management.quantity.ends == pytest.approx((1, 3))
    assert management.errs_with == talks.errs_with


def test_an_unsure_share_of_a_dose_errs_by_itself() -> None:
    dose = Had(Uncertain(20, 10, 30, "interval"), np.array([20.0]))
    talks, management = spending(dose, 1, share=0.1, low=0.05, high=0.2).lines
    assert management.quantity == Uncertain(2, 1, 4, "range")
    assert management.errs_with != talks.errs_with


def doubts(economy: dict[str, Any]) -> dict[str, str]:
    return {one.code: one.text.en for one in made(economy).cautions}


def worked_and_aid(**first: Any) -> dict[str, Any]:
    """Two effects of two years, one krone each."""
    economy = one_effect("care", price("benefit", amount=1, price_year=YEAR, paid_by={"state": 1}), **first)
    other = one_effect("more", price("benefit", amount=1, price_year=YEAR, paid_by={"state": 1}))
    return {
        **economy,
        "horizon": 2,
        "prices": {**economy["prices"], **other["prices"]},
        "consequences": {**economy["consequences"], **other["consequences"]},
    }


def told(year: int, value: float) -> dict[str, Any]:
    return {"how": "entered", "year": year, "value": value, "low": 0.1, "high": 9, "source": "L1"}


def test_years_after_the_effect_followed_for_the_shortest_time_are_told_of() -> None:
    """One is followed for two years, the other for one: of 4 kroner the last (1 / 1.04 of 3.92) is assumed: 25 %."""
    found = doubts(worked_and_aid(effects=[told(1, 1), told(2, 1)]))
    assert "followed for 1 year and 2 are counted" in found["beyond-data"]
    assert "25% of the gain" in found["beyond-data"]
    both = worked_and_aid(effects=[told(1, 1), told(2, 1)])
    both["consequences"]["more"]["effects"] = [told(1, 1), told(2, 1)]
    assert "beyond-data" not in doubts(both)


def test_no_part_of_the_gain_is_told_where_years_go_against_each_other() -> None:
    """A loss of 9 in the first year and 9 each of the next two: 9 are more than the sum of all."""
    economy = one_effect(
        "care",
        price("benefit", amount=1, price_year=YEAR, paid_by={"state": 1}),
        effects=[
            {"how": "entered", "value": -9, "low": -12, "high": -1, "source": "L1"},
            told(2, 9),
        ],
    )
    found = doubts({**economy, "horizon": 3})
    assert "gain lies there" not in found["beyond-data"]
    assert "followed for 2 years and 3 are counted" in found["beyond-data"]


def test_effects_that_err_alone_are_told_of_and_those_that_move_together_are_not() -> None:
    economy = worked_and_aid()
    assert "independent-errors" in doubts(economy)
    economy["consequences"]["more"]["moves_with"] = "care"
    assert "independent-errors" not in doubts(economy)
