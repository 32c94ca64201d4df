"""What a citizen on benefit has left of ordinary hours, one example per sentence.

Round rates: labour-market contribution 8 %, municipal tax 25 %, bottom tax 12 %, employment allowance 10 % of pay
up to 40,000 a year, personal allowance 48,000 a year. Benefit 12,000 a month before tax; 120 an hour; 25 an hour is
exempt for at most 160 hours a month. Twelve hours a week are 12 × 52 / 12 = 52 hours a month.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indsats.economy.tax import OwnGain, Taxes, own_gain

TAXES = Taxes(
    year=2022,
    labour_market=0.08,
    municipal=0.25,
    state=0.12,
    employment_allowance=0.10,
    employment_allowance_max=40_000,
    personal_allowance=48_000,
)


def gained(hours: float = 12, taxes: Taxes = TAXES, **other: Any) -> OwnGain:
    given = {
        "wage_an_hour": 120.0,
        "benefit_a_month": 12_000.0,
        "exempt_an_hour": 25.0,
        "exempt_hours_a_month": 160.0,
        **other,
    }
    return own_gain(taxes, hours_a_week=hours, **given)


def test_pay_is_hours_of_a_month_times_the_wage() -> None:
    # 52 hours at 120 are 6,240, of which 8 % are 499.20.
    found = gained()
    assert (found.hours, found.pay) == (52, 6_240)
    assert found.labour_market == pytest.approx(499.20)


def test_the_benefit_is_cut_krone_for_krone_beyond_what_is_exempt() -> None:
    # 6,240 - 499.20 = 5,740.80 count; 52 × 25 = 1,300 do not: the benefit falls by 4,440.80 to 7,559.20.
    found = gained()
    assert found.benefit_lost == pytest.approx(4_440.80)
    assert found.benefit_left == pytest.approx(7_559.20)


def test_tax_is_that_of_a_whole_year_before_and_after() -> None:
    # Before: 144,000 of benefit less 48,000 is 96,000; 37 % of it 35,520 a year, 2,960 a month. After: 12 ×
    # (7,559.20 + 5,740.80) = 159,600. Bottom tax 12 % of 111,600 is 13,392. The employment allowance is 10 %
    # of 74,880, 7,488; municipal tax 25 % of 104,112 is 26,028. Together 39,420 a year, 3,285 a month.
    found = gained()
    assert found.tax_before == pytest.approx(2_960)
    assert found.tax_after == pytest.approx(3_285)


def test_the_gain_is_pay_less_contribution_less_benefit_lost_less_tax() -> None:
    # 6,240 - 499.20 - 4,440.80 - 325 = 975 a month: 18.75 an hour, 15.6 % of the pay.
    found = gained()
    assert found.gain == pytest.approx(975)
    assert found.an_hour == pytest.approx(18.75)
    assert found.kept == pytest.approx(0.15625)


def test_no_more_hours_are_exempt_than_the_rule_allows() -> None:
    # Three hours a week less than the 12 count: 39 × 25 = 975 exempt, 325 more lost. Taxes: 37 % of it less.
    # 975 - 325 × 0.63 = 770.25.
    found = gained(exempt_hours_a_month=39.0)
    assert found.benefit_lost == pytest.approx(4_440.80 + 325)
    assert found.gain == pytest.approx(770.25)


def test_every_hour_is_exempt_where_the_rule_has_no_limit() -> None:
    # 74 hours a week are 320.67 a month: 160.67 beyond the limit of 160, at 25 each.
    free, limited = (gained(74.0, benefit_a_month=60_000.0, exempt_hours_a_month=to) for to in (None, 160.0))
    assert limited.benefit_lost - free.benefit_lost == pytest.approx(25 * (74 * 52 / 12 - 160))


def test_nothing_exempt_leaves_only_the_employment_allowance() -> None:
    # The income is the same with and without hours; 10 % of the pay is free of municipal tax: 624 × 25 % =
    # 156.
    assert gained(exempt_an_hour=0.0).gain == pytest.approx(156)


def test_pay_below_what_is_exempt_cuts_nothing() -> None:
    # 25 an hour: 52 × 25 = 1,300, after contribution 1,196, is below 1,300. Income rises by 1,196 taxed with
    # 37 %, and 130 are free of municipal tax: 1,196 × 0.63 + 130 × 0.25 = 753.48 + 32.50 = 785.98.
    found = gained(wage_an_hour=25.0)
    assert found.benefit_lost == 0
    assert found.gain == pytest.approx(785.98)


def test_the_benefit_is_never_below_zero_and_what_comes_after_is_kept_but_for_tax() -> None:
    # 37 hours a week at 150: 160.33 hours, 24,050, after contribution 22,126; less 160 × 25 = 4,000 it is
    # 18,126, more than the benefit. Income after 12 × 22,126 = 265,512: bottom tax 12 % of 217,512 is
    # 26,101.44; the allowance 10 % of 288,600 is 28,860; municipal tax 25 % of 188,652 is 47,163. A month:
    # 73,264.44 / 12 = 6,105.37. Gain 22,126 - 12,000 - (6,105.37 - 2,960) = 6,980.63.
    found = gained(hours=37, wage_an_hour=150.0)
    assert found.benefit_left == 0
    assert found.gain == pytest.approx(6_980.63)


def test_the_employment_allowance_ends_at_its_maximum() -> None:
    # 28,860 would be free; with a maximum of 20,000 it is 8,860 less, 25 % of them 2,215 a year, 184.58 a
    # month.
    capped = replace(TAXES, employment_allowance_max=20_000)
    assert gained(37, capped, wage_an_hour=150.0).gain == pytest.approx(6_980.63 - 2_215 / 12)


def test_the_employment_allowance_lowers_the_health_contribution_but_not_the_bottom_tax() -> None:
    # 5 of the 12 % are health contribution: 10 % of 6,240 are free of that too, 624 × 5 % = 31.20 more.
    assert gained(taxes=replace(TAXES, health=0.05)).gain == pytest.approx(975 + 31.20)


def test_a_benefit_that_is_not_taxed_is_replaced_by_pay_that_is_and_may_cost() -> None:
    # No tax before. After: 12 × 5,740.80 = 68,889.60 of pay. Bottom tax 12 % of 20,889.60 is 2,506.752;
    # municipal tax 25 % of 20,889.60 - 7,488 = 13,401.60 is 3,350.40. A month 488.096. The benefit falls by
    # 5,740.80 with nothing exempt: the gain is minus the tax.
    assert gained(taxed=False, exempt_an_hour=0.0).gain == pytest.approx(-488.096)


def test_no_tax_is_paid_below_the_personal_allowance() -> None:
    # 3,000 of benefit and 13 hours a month (3 a week) at 120, 1,560, after contribution 1,435.20, exempt 325:
    # the benefit falls to 1,889.80. 12 × 3,325 = 39,900 is below 48,000: the gain is all that is exempt.
    assert gained(hours=3, benefit_a_month=3_000.0).gain == pytest.approx(325)


def test_of_a_krone_of_benefit_the_citizen_keeps_63_ore() -> None:
    # 25 øre go to the municipality and 12 to the state.
    assert TAXES.shares_of_transfer() == pytest.approx({"municipality": 0.25, "state": 0.12, "citizen": 0.63})


def test_of_a_krone_of_pay_the_citizen_keeps_60_ore() -> None:
    # 8 øre are labour-market contribution. Of the 92 left 12 % are bottom tax: 11.04. Municipal tax is 25 %
    # of 92 - 10 øre of allowance: 20.50. The state has 19.04, the citizen 100 - 20.50 - 19.04 = 60.46.
    shares = {"municipality": 0.205, "state": 0.1904, "citizen": 0.6046}
    assert TAXES.shares_of_wage() == pytest.approx(shares)


def test_of_a_krone_of_pay_the_allowance_is_free_of_health_contribution_too() -> None:
    # 5 of the state's 12 % are health contribution: 10 øre of allowance are free of it, half an øre for the citizen.
    with_health = replace(TAXES, health=0.05).shares_of_wage()
    assert with_health == pytest.approx({"municipality": 0.205, "state": 0.1854, "citizen": 0.6096})
