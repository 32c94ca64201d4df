"""Properties of taxes and of a citizen's own gain, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.economy.tax import OwnGain, Taxes, own_gain

TAXES = Taxes(
    year=2022,
    labour_market=0.08,
    municipal=0.25,
    state=0.121,
    employment_allowance=0.1065,
    employment_allowance_max=43_500,
    personal_allowance=46_600,
)

KINDS = st.builds(
    Taxes,
    year=st.just(2022),
    labour_market=st.floats(0, 0.2),
    municipal=st.floats(0, 0.4),
    state=st.floats(0.1, 0.4),
    employment_allowance=st.floats(0, 0.2),
    employment_allowance_max=st.floats(0, 60_000),
    personal_allowance=st.floats(0, 60_000),
    health=st.floats(0, 0.1),
)
AMOUNT = st.floats(0, 400)
SITUATION = st.fixed_dictionaries(
    {
        "wage_an_hour": AMOUNT,
        "benefit_a_month": st.floats(0, 20_000),
        "exempt_an_hour": AMOUNT,
        "exempt_hours_a_month": st.floats(0, 200),
    }
)
HOURS = st.floats(0, 50)


@settings(deadline=None)
@given(taxes=KINDS)
def test_every_krone_is_somebodys(taxes: Taxes) -> None:
    for shares in (taxes.shares_of_transfer(), taxes.shares_of_wage()):
        assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
        assert min(shares.values()) >= 0


@settings(deadline=None)
@given(pay=st.floats(60_000, 300_000), benefit=st.floats(50_000, 150_000), more=st.floats(1, 50_000))
def test_shares_are_what_a_krone_more_does_to_the_tax_of_a_year(
    pay: float, benefit: float, more: float
) -> None:
    # Above the personal allowance and below the end of the employment allowance taxes are linear.
    before = TAXES.tax(pay=pay, benefit=benefit)
    of_wage, of_transfer = TAXES.shares_of_wage(), TAXES.shares_of_transfer()
    dearer = TAXES.tax(pay=pay + more, benefit=benefit) - before
    assert more - TAXES.labour_market * more - dearer == pytest.approx(of_wage["citizen"] * more, abs=1e-6)
    dearer = TAXES.tax(pay=pay, benefit=benefit + more) - before
    assert more - dearer == pytest.approx(of_transfer["citizen"] * more, abs=1e-6)


@settings(deadline=None)
@given(taxes=KINDS, situation=SITUATION, hours=st.tuples(HOURS, HOURS))
def test_more_hours_never_leave_less_where_the_benefit_is_taxed(
    taxes: Taxes, situation: dict[str, Any], hours: tuple[float, float]
) -> None:
    fewer, more = (own_gain(taxes, hours_a_week=some, **situation).gain for some in sorted(hours))
    assert more >= fewer - 1e-6


@settings(deadline=None)
@given(taxes=KINDS, situation=SITUATION, hours=HOURS, taxed=st.booleans())
def test_the_gain_is_never_more_than_the_pay(
    taxes: Taxes, situation: dict[str, Any], hours: float, taxed: bool
) -> None:
    found = own_gain(taxes, hours_a_week=hours, taxed=taxed, **situation)
    assert found.gain <= found.pay + 1e-6


@settings(deadline=None)
@given(taxes=KINDS, situation=SITUATION, hours=HOURS, taxed=st.booleans())
def test_the_gain_is_the_difference_between_two_purses(
    taxes: Taxes, situation: dict[str, Any], hours: float, taxed: bool
) -> None:
    found = own_gain(taxes, hours_a_week=hours, taxed=taxed, **situation)
    without = found.benefit_before - found.tax_before
    with_hours = found.pay - found.labour_market + found.benefit_left - found.tax_after
    assert found.gain == pytest.approx(with_hours - without, abs=1e-6)
    assert 0 <= found.benefit_left <= found.benefit_before
    gone = found.labour_market + found.benefit_lost + found.more_tax
    assert found.gain + gone == pytest.approx(found.pay, abs=1e-6)


@settings(deadline=None)
@given(taxes=KINDS, situation=SITUATION, taxed=st.booleans())
def test_no_hours_no_gain(taxes: Taxes, situation: dict[str, Any], taxed: bool) -> None:
    found = own_gain(taxes, hours_a_week=0, taxed=taxed, **situation)
    assert (found.gain, found.an_hour, found.kept) == (0, None, None)


@settings(deadline=None)
@given(situation=SITUATION, hours=st.floats(0.1, 37), more=st.floats(0, 100))
def test_a_larger_exempt_amount_never_leaves_less(
    situation: dict[str, Any], hours: float, more: float
) -> None:
    larger: dict[str, Any] = {**situation, "exempt_an_hour": situation["exempt_an_hour"] + more}
    before = own_gain(TAXES, hours_a_week=hours, **situation).gain
    assert own_gain(TAXES, hours_a_week=hours, **larger).gain >= before - 1e-6


def test_hours_without_pay_are_worth_nothing_an_hour() -> None:
    found: OwnGain = own_gain(
        TAXES,
        wage_an_hour=0,
        hours_a_week=10,
        benefit_a_month=12_000,
        exempt_an_hour=25,
        exempt_hours_a_month=160,
    )
    assert (found.gain, found.an_hour, found.kept) == (0, 0, None)


@pytest.mark.parametrize(
    "change",
    [
        {"municipal": 25.0},
        {"labour_market": -0.08},
        {"municipal": 0.5, "state": 0.5},
        {"health": 0.2},
        {"personal_allowance": -1},
        {"employment_allowance_max": -1},
    ],
)
def test_rates_that_are_none_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="2022"):
        replace(TAXES, **change)


@pytest.mark.parametrize(
    "name",
    ["wage_an_hour", "hours_a_week", "benefit_a_month", "exempt_an_hour", "exempt_hours_a_month"],
)
def test_negative_amounts_are_refused(name: str) -> None:
    amounts: dict[str, Any] = {
        "wage_an_hour": 150,
        "hours_a_week": 10,
        "benefit_a_month": 12_000,
        "exempt_an_hour": 25,
        "exempt_hours_a_month": 160,
    }
    amounts[name] = -1
    with pytest.raises(ValueError, match="cannot be negative"):
        own_gain(TAXES, **amounts)
