"""The budget-economic result keeps its promises on any case, and says what it may of whether the effort pays."""

import inspect
import math
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indsats.economy import budget as module
from indsats.economy.budget import (
    Budget,
    break_even,
    break_even_times,
    budget,
    effect_units,
    net_present,
    payback,
    verdict,
    with_effect,
    with_effects_times,
)
from indsats.economy.lines import Array, Case, Line, Uncertain, cash_flow
from indsats.programme import PAYERS, PUBLIC, Payer
from invented_case import YEARS, case, cases, gained, granted, interval, line, range_, spent, whole

some_payers = st.lists(st.sampled_from(PAYERS), min_size=1, unique=True)
MUNICIPALITY: dict[Payer, float] = {"municipality": 1.0}
PAID: dict[Payer, float] = {"municipality": -1.0}


def slow_net(made: Case, payers: Sequence[Payer]) -> float:
    """The net present value added up number by number, as one would on paper."""
    total = 0.0
    for one in made.lines:
        for number, payer in enumerate(PAYERS):
            for year in range(made.years):
                krone = float(one.shares[number, year]) * float(one.weights[year])
                worth = one.quantity.value * one.price.value * krone * float(made.discount[year])
                total += worth if payer in payers else 0.0
    return total


def with_price(made: Case, name: str, amount: float) -> Case:
    """The case with another price."""
    return replace(
        made,
        lines=tuple(
            replace(one, price=Uncertain(amount)) if one.price_of == name else one for one in made.lines
        ),
    )


def near(value: float, scale: Case) -> object:
    """Equal as far as rounding goes in a case of this size."""
    return pytest.approx(value, abs=1e-9 * (1 + float(np.abs(scale.flows()).sum())))


@settings(deadline=None)
@given(cases(), some_payers)
def test_net_is_what_paper_says(made: Case, payers: list[Payer]) -> None:
    found, slow = budget(made, payers), slow_net(made, payers)
    assert found.net == near(slow, made)
    assert found.net == near(found.gain - found.cost, made)
    assert sum(found.by_payer.values()) == near(slow, made)
    assert found.cumulative[-1] == near(slow, made)
    assert found.citizen == near(slow_net(made, ["citizen"]), made)
    assert made.worth(payers) @ made.amounts == near(slow, made)
    table = cash_flow(made)
    assert table.filter(table["payer"].is_in(payers))["present"].sum() == near(slow, made)


@settings(deadline=None)
@given(cases(), some_payers, st.integers(0, 2000), st.integers(0, 2000), st.data())
def test_net_is_linear_in_a_price(
    made: Case, payers: list[Payer], low: int, high: int, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([one.price_of for one in made.lines]))
    at = [
        net_present(with_price(made, name, amount), payers) for amount in (low, (low + high) / 2, high, 0, 2)
    ]
    assert at[1] == near((at[0] + at[2]) / 2, with_price(made, name, 2000))
    slope = (at[4] - at[3]) / 2
    assert at[2] == near(at[3] + slope * high, with_price(made, name, 2000))


@settings(deadline=None)
@given(st.lists(spent("cost"), min_size=1, max_size=3), gained(), some_payers)
def test_no_effect_leaves_the_cost(costs: list[Line], effect: Line, payers: list[Payer]) -> None:
    made = case(*costs, replace(effect, quantity=Uncertain(0.0)))
    found = budget(made, payers)
    assert found.gain == near(0, made)
    assert found.net == near(-found.cost, made)
    assert found.net == near(net_present(case(*costs), payers), made)


@settings(deadline=None)
@given(cases(), some_payers)
def test_the_break_even_effect_put_back_gives_zero(made: Case, payers: list[Payer]) -> None:
    times = break_even_times(made, payers)
    assume(times is not None and times < 1e4)
    assert times is not None
    paid = with_effects_times(made, times)
    assert net_present(paid, payers) == near(0, with_effects_times(made, max(times, 1)))
    told, first = break_even(made, payers), next(one for one in made.lines if one.moves)
    if first.quantity.value:
        assert told == pytest.approx(times * first.quantity.value)


@settings(deadline=None)
@given(cases(), some_payers)
def test_where_no_factor_breaks_even_every_factor_has_one_sign(made: Case, payers: list[Payer]) -> None:
    assume(break_even_times(made, payers) is None)
    nets = [net_present(with_effects_times(made, factor), payers) for factor in (1e-3, 0.5, 1, 7, 1000)]
    small = 1e-9 * (1 + float(np.abs(made.flows()).sum()) * 1000)
    assert all(net > -small for net in nets) or all(net < small for net in nets)


@settings(deadline=None)
@given(spent(), gained(), whole())
def test_without_an_effect_the_yardstick_s_price_has_to_pay(cost: Line, effect: Line, payers: Array) -> None:
    effect = replace(effect, quantity=Uncertain(0.0), shares=payers, transfer=False)
    made = case(cost, effect)
    found = break_even(made)
    if made.worth(PUBLIC)[1] * effect.price.value <= 1e-12:
        assert found is None
        return
    assert found is not None
    put_back = replace(made, lines=(cost, replace(effect, quantity=Uncertain(found))))
    assert net_present(put_back) == near(0, put_back)


def test_break_even_is_never_minus_zero() -> None:
    free = case(line("gain", 2, 100, MUNICIPALITY, [1, 0]))
    assert str(break_even_times(free)) == "0.0"
    assert str(break_even(free)) == "0.0"


@settings(deadline=None)
@given(st.one_of(spent(), gained()), st.data())
def test_the_flows_of_a_line_are_its_amount_over_the_years(one: Line, data: st.DataObject) -> None:
    # a line whose payers' parts sum to one is its amount times the weights; one that moves money is nothing at all
    flows = case(one).flows()[0].sum(axis=0)
    sign = 0 if one.transfer else (-1 if one.part == "cost" else 1)
    assert flows == pytest.approx(sign * one.amount * one.weights, abs=1e-6)


@settings(deadline=None)
@given(granted(), st.integers(0, 3))
def test_a_grant_is_nothing_to_the_public_purse(grant: Line, year: int) -> None:
    made = case(grant)
    assert net_present(made) == near(0, made)
    assert net_present(made, ["municipality"]) == near(grant.amount, made)
    assert net_present(made, ["state", "region"]) == near(-grant.amount, made)
    assert budget(made).cost == 0


@pytest.mark.parametrize("part", ["consequence", "grant"])
def test_what_only_moves_money_can_make_none(part: str) -> None:
    with pytest.raises(ValueError, match="do not sum to zero"):
        line("grant", 1, 1, {"municipality": 1.0, "state": -0.9}, [1.0], part=part, transfer=True)
    with pytest.raises(ValueError, match="do not sum to zero"):
        line("grant", 1, 1, {"municipality": 1.0}, [1.0], part="grant")


# payback ------------------------------------------------------------------------------------------------------------


def searched_payback(yearly: Sequence[int], steps: int) -> float | None:
    """The first moment, of ``steps`` a year from the end of the first, from which no later one is below zero."""
    running = np.cumsum(yearly)
    ends = np.arange(1, len(yearly) + 1)
    moments = np.linspace(1, len(yearly), (len(yearly) - 1) * steps + 1)
    level = np.interp(moments, ends, running)
    if running[-1] < 0:
        return None
    if (running >= 0).all():
        return 0.0
    good = [bool((level[number:] >= -1e-9).all()) for number in range(len(moments))]
    return float(moments[good.index(True)])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6))
def test_payback_is_the_moment_a_search_finds(yearly: list[int]) -> None:
    found, searched = payback(np.array(yearly, dtype=np.float64)), searched_payback(yearly, 500)
    if searched is None or found is None:
        assert found is None
        assert searched is None
    else:
        assert found == pytest.approx(searched, abs=1 / 500 + 1e-9)


@settings(deadline=None)
@given(st.lists(st.integers(-5_000_000, 5_000_000), min_size=2, max_size=10), st.integers(1, 1000))
def test_paid_back_exactly_at_the_end_is_paid_back(yearly: list[int], divisor: int) -> None:
    # thirds and sevenths do not sum to zero in a computer; that is rounding and no debt
    flows = [amount / divisor for amount in yearly]
    flows.append(-math.fsum(flows))
    assume(abs(flows[-1]) > 1e-3)
    assert payback(np.array(flows)) is not None


def test_rounding_is_no_debt() -> None:
    # 322.66 + 514.81 + 290.36 = 1,127.83
    flows = np.array([-1127.83, 322.66, 514.81, 290.36]) * 1000
    assert np.cumsum(flows)[-1] < -1e-11
    assert payback(flows) == pytest.approx(4)


# what may be said ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(cases(), some_payers)
def test_an_interval_that_holds_no_effect_never_saves(made: Case, payers: list[Payer]) -> None:
    first = next(one for one in made.lines if one.moves)
    value = first.quantity.value
    wide = Uncertain(value, -abs(value), abs(value), "interval")
    lines = tuple(replace(one, quantity=wide) if one is first else one for one in made.lines)
    for effect in ("cautious", "expected", "hopeful"):
        assert verdict(with_effect(replace(made, lines=lines), effect, payers), payers) != "saves"


@settings(deadline=None)
@given(cases(), some_payers)
def test_a_verdict_holds_at_both_ends(made: Case, payers: list[Payer]) -> None:
    said = verdict(made, payers)
    nets = [net_present(with_effect(made, effect, payers), payers) for effect in ("cautious", "hopeful")]
    assert nets[0] <= net_present(made, payers) + 1e-6
    assert net_present(made, payers) <= nets[1] + 1e-6
    if said == "saves":
        assert min(nets) > 0
    if said == "costs":
        assert max(nets) < 0


def judged(effect: Uncertain, price: float = 100) -> str:
    """The verdict on an effort of 1,000 kroner."""
    cost = line("mentor", 10, 100, PAID, [1.0], part="cost")
    return verdict(case(cost, line("weeks", effect, price, MUNICIPALITY, [1.0])))


def test_verdicts() -> None:
    assert judged(interval(20, 12, 28)) == "saves"
    assert judged(interval(20, 8, 32)) == "depends"
    assert judged(interval(20, -1, 41)) == "unproven"
    assert judged(interval(5, 2, 8)) == "costs"
    assert judged(interval(0, -5, 5)) == "costs"
    assert judged(Uncertain(20)) == "assumed"
    assert judged(Uncertain(5)) == "assumed"


def test_without_any_effect_the_sum_decides() -> None:
    cost = line("mentor", 10, 100, PAID, [1.0], part="cost")
    usual = line("course", 10, 150, MUNICIPALITY, [1.0], part="usual")
    assert verdict(case(cost)) == "costs"
    assert verdict(case(cost, usual)) == "saves"
    assert budget(case(cost, usual)).cost == -500


def test_money_that_only_moves_neither_saves_nor_costs() -> None:
    # over everybody a transfer is nothing, but 1/15 + 7/15 - 8/15 is a little more than that in a computer
    krone: dict[Payer, float] = {"state": 1 / 15, "citizen": 7 / 15, "others": -8 / 15}
    moving = case(line("benefit", interval(-1, -5, -1), 1, krone, [3.0], transfer=True))
    assert max(abs(net_present(with_effect(moving, end), PAYERS)) for end in ("cautious", "hopeful")) > 0
    assert verdict(moving, PAYERS) == "depends"


def test_two_effects_of_nothing_leave_the_yardstick_to_pay() -> None:
    cost = line("mentor", 10, 100, PAID, [1.0], part="cost")
    made = case(cost, line("job", 0, 50, MUNICIPALITY, [1.0]), line("hours", 0, 30, MUNICIPALITY, [1.0]))
    assert break_even_times(made) is None
    assert break_even(made) == 20


def test_effects_that_err_together_go_to_the_same_end() -> None:
    # More weeks in a job save 100 each and cost 60 each in support: both follow from the same people in the same jobs.
    # 5 [2, 8]: cautious 2 × (100 - 60) = 80, not 2 × 100 - 8 × 60 = -280. On their own they would each do their worst.
    job = line("job", interval(5, 2, 8), 100, MUNICIPALITY, [1.0])
    support = line("support", interval(5, 2, 8), 60, PAID, [1.0], errs_with="job")
    assert net_present(with_effect(case(job, support), "cautious")) == 80
    assert net_present(with_effect(case(job, support), "hopeful")) == 320
    alone = replace(support, errs_with="support")
    assert net_present(with_effect(case(job, alone), "cautious")) == -280


def test_fewer_weeks_on_benefit_go_with_more_in_a_job() -> None:
    # Cautious is the small effect in both: 2 weeks more in a job and 1 less on benefit.
    job = line("job", interval(5, 2, 8), 100, MUNICIPALITY, [1.0])
    benefit = line("benefit", interval(-4, -7, -1), 50, PAID, [1.0], errs_with="job")
    cautious = with_effect(case(job, benefit), "cautious")
    assert [one.quantity.value for one in cautious.lines] == [2, -1]
    again = with_effect(cautious, "hopeful")
    assert [one.quantity.value for one in again.lines] == [8, -7]


def test_an_end_that_is_better_than_expected_is_not_the_cautious_one() -> None:
    # 1 [1, 3] of 100 and 1 [0, 1] that costs 100, erring together: at the small end 100, at the large 200, expected 0
    gain = line("job", interval(1, 1, 3), 100, MUNICIPALITY, [1.0])
    loss = line("support", interval(1, 0, 1), 100, PAID, [1.0], errs_with="job")
    assert net_present(with_effect(case(gain, loss), "cautious")) == 0
    assert net_present(with_effect(case(gain, loss), "hopeful")) == 200


def test_years_of_one_effect_go_the_same_way() -> None:
    # Year two has turned a little negative, and still errs as year one does: the same people were followed.
    first = line("job/1", interval(5, 2, 8), 100, MUNICIPALITY, [1.0, 0], of="job", errs_with="job")
    second = line("job/2", interval(-1, -4, 2), 100, MUNICIPALITY, [0, 1.0], of="job", errs_with="job")
    cautious = with_effect(case(first, second, yardstick="job"), "cautious")
    assert [one.quantity.value for one in cautious.lines] == [2, -4]
    assert effect_units(cautious) == -2


def test_which_way_an_effect_goes_is_what_is_counted_of_it() -> None:
    # Fewer weeks on benefit in year one count whole, more in year two a tenth: fewer in all, so they go with the job.
    job = line("job", interval(5, 2, 8), 100, MUNICIPALITY, [1.0, 0])
    first = line("benefit/1", interval(-2, -4, 0), 50, PAID, [1.0, 0], of="benefit", errs_with="job")
    second = line("benefit/2", interval(3, 1, 5), 50, PAID, [0, 0.1], of="benefit", errs_with="job")
    cautious = with_effect(case(job, first, second), "cautious")
    assert [one.quantity.value for one in cautious.lines] == [2, 0, 5]


def test_gain_holds_grants_and_units_are_not_discounted() -> None:
    cost = line("mentor", 10, 100, PAID, [1, 0], part="cost")
    grant = line("pool", 1, 400, {"municipality": 1.0, "state": -1.0}, [1, 0], part="grant", transfer=True)
    weeks = line("weeks", 3, 200, MUNICIPALITY, [1.0, 0.5])
    found = budget(case(cost, grant, weeks, rate=0.25), ["municipality"])
    assert (found.cost, found.gain, found.net) == (1000, 400 + 600 + 600 * 0.5 / 1.25, 240)
    assert found.units == 4.5
    assert found.per_unit == pytest.approx(1000 / 4.5)


# apart from society -------------------------------------------------------------------------------------------------


def test_the_budget_knows_nothing_of_distortion_or_net_tax() -> None:
    names = set(inspect.signature(budget).parameters) | {one.name for one in fields(Budget)}
    assert not {name for name in names if "tax" in name or "distort" in name or "factor" in name}
    imported = {
        value for value in vars(module).values() if inspect.isclass(value) or inspect.isfunction(value)
    }
    assert not {one.__name__ for one in imported if one.__module__.endswith("society")}


def test_years_of_a_case_are_years_of_its_lines() -> None:
    with pytest.raises(ValueError, match="tells 2 years of a case of 4"):
        case(line("gain", 1, 1, MUNICIPALITY, [1.0, 1.0]), discount=np.ones(YEARS))
    with pytest.raises(ValueError, match="not low, value and high"):
        range_(3, 4, 5)


def test_other_units_turn_the_ends_round() -> None:
    # 5 weeks [2, 9] more in a job are -5 [-9, -2] on benefit
    assert interval(5, 2, 9).times(-1) == interval(-5, -9, -2)
    assert Uncertain(5).times(-2) == Uncertain(-10)
    assert interval(5, 2, 9).times(0).holds_zero
