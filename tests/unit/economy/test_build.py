"""A case built from any definition: money falls where the definition says, and everything is in proportion."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_business import RATE, economies, made
from indsats.economy import Case, Line, break_even, budget, net_present
from indsats.programme import PAYERS

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
