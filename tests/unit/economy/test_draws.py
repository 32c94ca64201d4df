"""Draws go as the inputs say: what errs together, what does not, and the same numbers as one draw after the other."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from indsats.economy.budget import budget, net_present
from indsats.economy.draws import Draws, acceptability, drawn, draws
from indsats.economy.inputs import Kind, inputs
from indsats.economy.lines import Array, Case, Uncertain
from indsats.programme import PAYERS, PUBLIC, Payer
from invented_case import case, cases, interval, line, range_

PURSE: dict[Payer, float] = {"municipality": 1.0}
PAID: dict[Payer, float] = {"municipality": -1.0}


def errors_of(kind: Kind, name: str, n: int, seed: int) -> Array:
    """The random numbers an input has: the promise that they hang on seed and name alone."""
    return np.random.default_rng([seed, *f"{kind} {name}".encode()]).standard_normal(n)


def one_number(number: Uncertain, error: float) -> float:
    """One draw of one number, by SciPy's own distributions."""
    if number.spread == "exact" or number.low is None or number.high is None or number.low == number.high:
        return number.value
    width, at = number.high - number.low, stats.norm.cdf(error)
    if number.spread == "interval":
        return float(stats.norm.ppf(at, number.value, width / 2 / stats.norm.ppf(0.975)))
    return float(stats.triang.ppf(at, (number.value - number.low) / width, number.low, width))


def slow_draws(made: Case, n: int, seed: int) -> Array:
    """Draw after draw, line after line: draws × payers × years."""
    found = np.zeros((n, len(PAYERS), made.years))
    for row, one in enumerate(made.lines):
        kind: Kind = "effect" if one.moves else "quantity"
        total = sum(
            sum(other.quantity.ends) * other.weights.sum()
            for other in made.lines
            if (other.of, other.moves) == (one.of, one.moves)
        )
        sign = -1 if total < 0 else 1
        quantities = errors_of(kind, one.errs_with, n, seed)
        prices = errors_of("price", one.price_of, n, seed)
        for number in range(n):
            quantity = one_number(one.quantity, sign * quantities[number])
            if kind == "quantity":
                quantity = max(quantity, 0.0)
            price = one_number(one.price, prices[number])
            found[number] += quantity * price * made.lines[row].pattern * made.discount
    return found


@settings(max_examples=25, deadline=None)
@given(cases(), st.integers(0, 1000))
def test_all_draws_at_once_are_one_after_the_other(made: Case, seed: int) -> None:
    fast, slow = draws(made, 7, seed).net, slow_draws(made, 7, seed)
    assert fast == pytest.approx(slow, abs=1e-7 * (1 + float(np.abs(slow).max())))


@settings(deadline=None)
@given(cases(), st.integers(1, 5))
def test_what_is_sure_does_not_vary(made: Case, n: int) -> None:
    lines = tuple(
        replace(one, quantity=Uncertain(one.quantity.value), price=Uncertain(one.price.value))
        for one in made.lines
    )
    sure = replace(made, lines=lines)
    found = draws(sure, n)
    scale = float(1e-9 * (1 + np.abs(sure.flows()).sum()))
    assert found.total(PAYERS) == pytest.approx(np.full(n, net_present(sure, PAYERS)), abs=scale)
    assert found.net.shape == (n, len(PAYERS), sure.years)
    assert found.units == pytest.approx(np.full(n, budget(sure).units))


def test_a_case_without_lines_can_be_drawn() -> None:
    found = draws(case(), 4)
    assert found.total().tolist() == [0, 0, 0, 0]
    assert found.units is None
    assert found.chance() == 0


def gains(effect: Uncertain, **changes: object) -> Case:
    """A cost of 1,000 and an effect worth 100 a unit."""
    cost = line("mentor", 10, 100, PAID, [1.0], part="cost")
    return case(cost, line("weeks", effect, 100, PURSE, [1.0], **changes))


def test_the_chance_is_the_normal_one() -> None:
    # 20 weeks [8, 32] of 100 against 1,000: net 1,000 with an error of 12 / 1.96 × 100 = 612.2; chance Φ(1.633) = 0.949
    found = draws(gains(interval(20, 8, 32)), 40_000)
    error = 1200 / 1.959964
    chance = float(stats.norm.cdf(1000 / error))
    assert found.total().mean() == pytest.approx(1000, abs=4 * error / 200)
    assert found.total().std() == pytest.approx(error, rel=0.02)
    assert found.chance() == pytest.approx(chance, abs=4 * (chance * (1 - chance) / 40_000) ** 0.5)
    assert stats.kstest(found.total(), "norm", args=(1000, error)).pvalue > 1e-4


def test_a_range_is_triangular() -> None:
    found = drawn(range_(3, 1, 9), np.random.default_rng(5).standard_normal(40_000))
    assert found.min() >= 1
    assert found.max() <= 9
    assert found.mean() == pytest.approx((1 + 3 + 9) / 3, abs=0.05)
    assert stats.kstest(found, "triang", args=((3 - 1) / 8, 1, 8)).pvalue > 1e-4
    for value in (1, 9):
        edge = drawn(range_(value, 1, 9), np.array([-8.0, 0.0, 8.0]))
        assert edge == pytest.approx(stats.triang.ppf(stats.norm.cdf([-8, 0, 8]), (value - 1) / 8, 1, 8))
    assert drawn(range_(4, 4, 4), np.array([-8.0, 8.0])).tolist() == [4, 4]


def test_a_larger_effect_is_a_larger_net_draw_by_draw() -> None:
    low, high = (draws(gains(interval(value, value - 9, value + 9)), 500) for value in (5, 6))
    assert (high.total() - low.total()) == pytest.approx(np.full(500, 100))


def test_what_else_is_counted_changes_no_draw() -> None:
    alone = gains(interval(20, 8, 32))
    more = line("other", interval(3, 1, 5), range_(10, 5, 20), PURSE, [1.0])
    beside = draws(case(more, *alone.lines), 500).total() - draws(case(more), 500).total()
    assert beside == pytest.approx(draws(alone, 500).total())


def test_seeds() -> None:
    made = gains(interval(20, 8, 32))
    assert np.array_equal(draws(made, 50, 4).net, draws(made, 50, 4).net)
    assert not np.array_equal(draws(made, 50, 4).net, draws(made, 50, 5).net)
    with pytest.raises(ValueError, match="at least 1"):
        draws(made, 0)
    with pytest.raises(ValueError, match="negative"):
        draws(made, 5, -1)


def spread_of_two(errs_with: str, price_of: str) -> tuple[float, float]:
    """The error of a net of two effects, one with an uncertain quantity, and of two with uncertain prices."""
    effects = [interval(5, 3, 7), interval(5, 3, 7)]
    two = [
        line(name, effect, 100, PURSE, [1.0], errs_with=error)
        for name, effect, error in zip(["a", "b"], effects, ["a", errs_with], strict=True)
    ]
    cheap = [
        line(name, 5, interval(100, 80, 120), PAID, [1.0], part="cost", price_of=price)
        for name, price in zip(["c", "d"], ["c", price_of], strict=True)
    ]
    return (
        float(draws(case(*two), 20_000).total().std()),
        float(draws(case(*cheap), 20_000).total().std()),
    )


def test_what_errs_together_adds_up_and_what_does_not_evens_out() -> None:
    alone = 200 / 1.959964
    together, prices = spread_of_two("a", "c")
    assert together == pytest.approx(2 * alone, rel=0.03)
    assert prices == pytest.approx(2 * 100 / 1.959964, rel=0.03)
    apart, own = spread_of_two("b", "d")
    assert apart == pytest.approx(np.sqrt(2) * alone, rel=0.03)
    assert own == pytest.approx(np.sqrt(2) * 100 / 1.959964, rel=0.03)


def test_opposite_effects_that_err_together_do_not_even_out() -> None:
    # More weeks in a job and fewer on benefit are each worth money: doubt about one is doubt about the other.
    job = line("job", interval(5, 3, 7), 100, PURSE, [1.0])
    benefit = line("benefit", interval(-5, -7, -3), 100, PAID, [1.0], errs_with="job")
    assert draws(case(job, benefit), 20_000).total().std() == pytest.approx(2 * 200 / 1.959964, rel=0.03)


def test_an_activity_and_a_consequence_of_one_name_err_apart() -> None:
    cost = line("job", interval(5, 3, 7), 100, PAID, [1.0], part="cost")
    gain = line("job", interval(5, 3, 7), 100, PURSE, [1.0])
    assert {one.kind for one in inputs(case(cost, gain))} == {"quantity", "effect", "price"}
    assert draws(case(cost, gain), 20_000).total().std() == pytest.approx(
        np.sqrt(2) * 200 / 1.959964, rel=0.03
    )


def test_the_fan_is_quantiles_of_the_running_net() -> None:
    cost = line("mentor", 10, 100, PAID, [1, 0, 0], part="cost")
    gain = line("weeks", interval(5, 1, 9), 100, {"state": 0.5, "citizen": 0.5}, [1, 1, 1])
    found = draws(case(cost, gain, rate=0.0))
    fan = found.fan()
    assert fan.columns == ["year", "p2.5", "p10", "p25", "p50", "p75", "p90", "p97.5"]
    assert fan["year"].to_list() == [1, 2, 3]
    middle = np.median(found.net[:, 0, :2].sum(axis=1) + found.net[:, 2, :2].sum(axis=1))
    assert fan["p50"][1] == pytest.approx(middle)
    assert all(sorted(row[1:]) == list(row[1:]) for row in fan.iter_rows())
    state = found.fan(["state"], quantiles=(0.5,))
    assert state.columns == ["year", "p50"]
    assert state["p50"].to_list() == pytest.approx([250, 500, 750], rel=0.04)


def accepted(net: Sequence[float], units: Sequence[float] | None) -> Draws:
    """Draws of the municipality's one year as given."""
    whole = np.zeros((len(net), len(PAYERS), 1))
    whole[:, 0, 0] = net
    return Draws(net=whole, units=None if units is None else np.array(units, dtype=np.float64), known=True)


def test_acceptability_counts_draws() -> None:
    made = gains(interval(20, 8, 32))
    four = accepted([-300, -100, 50, -400], [3, -1, 0, 2])
    # at 0 one of four gains; at 150 also the first (-300 + 450); at 250 also the last (-400 + 500); the second never
    found = acceptability(made, four, np.array([0, 100, 150, 250, 1e9]))
    assert found["chance"].to_list() == [0.25, 0.25, 0.5, 0.75, 0.75]
    assert found["value"].to_list() == [0, 100, 150, 250, 1e9]


def test_acceptability_begins_at_the_chance_and_goes_to_that_of_an_effect() -> None:
    made = gains(interval(6, 1, 11))
    found = draws(made, 5000)
    table = acceptability(made, found)
    assert table.height == 31
    assert table["chance"][0] == found.chance()
    # 1,000 of cost over 6 weeks is 166.7 a week, of which 100 come back of themselves
    assert table["value"][-1] == pytest.approx(2 * 1000 / 6, rel=0.03)
    endless = acceptability(made, found, np.array([1e12]))
    assert found.units is not None
    assert endless["chance"][0] == np.mean(found.units > 0)
    assert table["chance"].is_sorted()


def test_acceptability_needs_a_yardstick_and_bears_no_effect() -> None:
    none = case(line("mentor", 10, 100, PAID, [1.0], part="cost"))
    with pytest.raises(ValueError, match="no yardstick"):
        acceptability(none, draws(none, 5))
    nothing = gains(Uncertain(0.0))
    table = acceptability(nothing, draws(nothing, 5))
    assert table.select(pl.col("value", "chance").max()).row(0) == (0, 0)


def test_an_effect_of_which_nothing_is_known_is_told() -> None:
    assert draws(gains(interval(20, 8, 32)), 5).known
    unknown = draws(gains(Uncertain(20)), 5)
    assert not unknown.known
    assert unknown.chance(PUBLIC) == 1
