"""One input at a time moves what it should, and its threshold put back gives nothing."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indsats.economy.budget import break_even, net_present
from indsats.economy.inputs import Input, inputs
from indsats.economy.lines import Case, Uncertain
from indsats.economy.sensitivity import threshold, tornado
from indsats.programme import PAYERS, Payer
from invented_case import case, cases, interval, line, range_

PURSE: dict[Payer, float] = {"municipality": 1.0}
PAID: dict[Payer, float] = {"municipality": -1.0}
some_payers = st.lists(st.sampled_from(PAYERS), min_size=1, unique=True)


def put(made: Case, one: Input, values: list[float]) -> Case:
    """The case with these values of an input in each of its lines."""
    lines = list(made.lines)
    for row, value in zip(one.rows, values, strict=True):
        number = Uncertain(value)
        if one.kind == "price":
            lines[row] = replace(lines[row], price=number)
        else:
            lines[row] = replace(lines[row], quantity=number)
    return replace(made, lines=tuple(lines))


@settings(deadline=None)
@given(cases(), some_payers)
def test_a_bar_is_the_case_with_that_input_at_its_ends(made: Case, payers: list[Payer]) -> None:
    table = tornado(made, payers)
    assert table["width"].is_sorted(descending=True)
    found = {(row["kind"], row["input"]): row for row in table.iter_rows(named=True)}
    for one in inputs(made):
        small, large = one.ends(made)
        row = found.pop((one.kind, one.id), None)
        if row is None:
            assert small.tolist() == large.tolist()
            continue
        nets = [net_present(put(made, one, list(end)), payers) for end in (small, large)]
        scale = 1e-9 * (1 + sum(abs(net) for net in nets) + abs(made.flows()).sum())
        assert sorted([row["net_low"], row["net_high"]]) == pytest.approx(sorted(nets), abs=scale)
        assert row["width"] == pytest.approx(abs(nets[1] - nets[0]), abs=scale)
        assert row["low"] <= row["high"]
    assert not found


@settings(deadline=None)
@given(cases(), some_payers, st.data())
def test_the_threshold_put_back_gives_zero(made: Case, payers: list[Payer], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(inputs(made)))
    found = threshold(made, one.kind, one.id, payers)
    assume(found is not None and abs(found) < 1e6)
    assert found is not None
    values = [number.value for number in one.of(made)]
    first = values[one.first(made)]
    put_back = [found * value / first if first else found for value in values]
    if not first:
        signs = one.signs * one.signs[one.first(made)]
        put_back = [found * sign for sign in signs]
    paid = put(made, one, put_back)
    assert net_present(paid, payers) == pytest.approx(
        0, abs=1e-8 * (1 + abs(paid.flows()).sum() + abs(made.flows()).sum())
    )
    assert one.kind == "effect" or found >= 0


def example() -> Case:
    """10 hours of 100 [90, 140] and 5 weeks [2, 8] of 180, which support of 30 a week goes with."""
    cost = line("mentor", range_(10, 8, 11), range_(100, 90, 140), PAID, [1.0], part="cost")
    weeks = line("job", interval(5, 2, 8), 180, PURSE, [1.0])
    support = line("support", interval(5, 2, 8), 30, PAID, [1.0], errs_with="job")
    return case(cost, weeks, support)


def test_a_tornado_by_hand() -> None:
    # Net: -1,000 + 5 × (180 - 30) = -250. Weeks at 2: -700, at 8: 200. Price of an hour at 90: -150, at 140: -650.
    # Hours at 8: -50, at 11: -350. The prices of a week are exact.
    table = tornado(example(), lang="en")
    assert table.rows() == [
        ("effect", "job", "job in English", 2, 8, -700, 200, 900),
        ("price", "mentor-price", "mentor in English", 90, 140, -150, -650, 500),
        ("quantity", "mentor", "mentor in English", 8, 11, -50, -350, 300),
    ]
    assert tornado(example())["title"][0] == "job på dansk"
    assert tornado(case(line("job", 5, 180, PURSE, [1.0]))).is_empty()


def test_thresholds_by_hand() -> None:
    # 1,000 / 150 = 6.67 weeks pay; an hour may cost 75, or there may be 7.5 of them; a week must save 1,150 / 5 = 230
    # or support cost nothing: even then it is 900 - 1,000, so no price of it will do
    made = example()
    assert threshold(made, "effect", "job") == pytest.approx(1000 / 150)
    assert threshold(made, "effect", "job") == pytest.approx(break_even(made))
    assert threshold(made, "price", "mentor-price") == pytest.approx(75)
    assert threshold(made, "quantity", "mentor") == pytest.approx(7.5)
    assert threshold(made, "price", "job-price") == pytest.approx(230)
    assert threshold(made, "price", "support-price") is None


def test_effects_of_several_years_keep_their_proportions() -> None:
    # 4 weeks in year one and 2 in year two, at 100: 600 against 900. Half as much again pays: 6 weeks in year one.
    cost = line("mentor", 9, 100, PAID, [1, 0], part="cost")
    first = line("job/1", 4, 100, PURSE, [1, 0], of="job", errs_with="job", price_of="week")
    second = line("job/2", 2, 100, PURSE, [0, 1], of="job", errs_with="job", price_of="week")
    made = case(cost, first, second, rate=0.0)
    assert threshold(made, "effect", "job") == pytest.approx(6)
    assert threshold(made, "price", "week") == pytest.approx(150)


def test_an_effect_is_told_in_its_own_unit_whatever_stands_first() -> None:
    support = line("support", interval(-10, -16, -4), 30, PURSE, [1.0], errs_with="job")
    job = line("job", interval(5, 2, 8), 180, PURSE, [1.0])
    row = tornado(case(support, job), lang="en").row(0, named=True)
    assert (row["title"], row["low"], row["high"]) == ("job in English", 2, 8)
    # fewer weeks in a job, fewer hours of support spared: 360 - 120, and 1,440 - 480
    assert (row["net_low"], row["net_high"]) == (240, 960)
    assert threshold(case(support, job), "effect", "job") == 0


def test_an_effect_may_have_to_be_negative_and_nothing_may_help() -> None:
    grant: dict[Payer, float] = {"municipality": 1.0, "state": -1.0}
    pool = line("pool", 1, 500, grant, [1.0], part="grant", transfer=True)
    made = case(pool, line("job", 0, 100, PURSE, [1.0]))
    assert threshold(made, "effect", "job", ["municipality"]) == pytest.approx(-5)
    assert threshold(made, "price", "job-price") is None
    with pytest.raises(ValueError, match="no price 'job'"):
        threshold(made, "price", "job")
