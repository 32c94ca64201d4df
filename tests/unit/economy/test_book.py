"""The price book: what is found in it, how it moves between years, and what it refuses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.economy.book import PriceBook, price_book
from indsats.problem import InputRefused

BOOK = price_book()
YEARS = st.sampled_from(sorted(BOOK.index))

SMALL = """\
title: {da: "Prisbog", en: "Price book"}
items:
  help:
    title: {da: "Hjælp", en: "Help"}
    flow: transfer
    per: month
    paid_by: ladder
    taxed: income
    rates:
      - {from: 2016-01-01, to: 2016-12-31, amount: 10000, source: "https://example.org/16"}
      - {from: 2020-01-01, to: 2020-12-31, amount: 12000, low: 11000, high: 13000, source: "https://example.org/20"}
exemptions:
  hours:
    title: {da: "Fradrag", en: "Exemption"}
    benefits: [help]
    rates:
      - {from: 2016-01-01, amount: 25, source: "https://example.org/hour"}
index:
  2016: {value: 100, source: "https://example.org/cpi"}
  2018: {value: 110, source: "https://example.org/cpi"}
  2019: {value: 115, source: "https://example.org/cpi"}
  2020: {value: 120, source: "https://example.org/cpi"}
ladder:
  - from: 2016-01-01
    steps:
      - {to_week: 4, state: 0.8}
      - {state: 0.2}
    reset_weeks: 52
    window_years: 3
    source: "https://example.org/act"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> PriceBook:
    return price_book(written(tmp_path, SMALL))


def test_a_rate_in_force_is_taken_as_it_stands() -> None:
    rate, doubt = BOOK.rate("kontanthjaelp-30", 2016)
    assert (rate.amount, doubt) == (10968, None)
    assert rate.source == ["http://bm.dk/da/Satser%20for%202018/Satser%20for%202016/Kontanthjaelp.aspx"]


def test_the_rate_of_1_july_is_the_year_s() -> None:
    """Unemployment insurance rose from 18,395 to 18,403 on 1 July 2017."""
    assert BOOK.rate("dagpenge", 2017)[0].amount == 18403


def test_a_missing_year_takes_the_nearest_rate_moved_by_prices(small: PriceBook) -> None:
    """2018 is as near to 2016 as to 2020: the older counts, 10,000 × 110/100. 2019 is nearer to 2020."""
    rate, doubt = small.rate("help", 2018)
    assert rate.amount == pytest.approx(11_000)
    assert rate.from_.year == 2016
    assert doubt is not None
    assert "2018" in doubt.text.da
    assert "2016 (10.000 kr.)" in doubt.text.da
    assert "2016 (DKK 10,000)" in doubt.text.en

    rate, doubt = small.rate("help", 2019)
    assert (rate.amount, rate.low, rate.high) == pytest.approx(
        (11_500, 11_000 * 115 / 120, 13_000 * 115 / 120)
    )
    assert doubt is not None


def test_an_item_that_is_not_there_and_a_year_out_of_reach(small: PriceBook) -> None:
    with pytest.raises(KeyError):
        small.rate("halp", 2016)
    with pytest.raises(InputRefused, match=r"consumer price index of 2025 .* 2016 to 2020"):
        small.rate("help", 2025)


@settings(deadline=None)
@given(YEARS, YEARS, YEARS)
def test_levels_compose(a: int, b: int, c: int) -> None:
    assert BOOK.level(a, b) * BOOK.level(b, c) == pytest.approx(BOOK.level(a, c))
    assert BOOK.level(a, a) == 1


def test_level_by_hand() -> None:
    """The index was 100 in 2015 and 117.21 in 2023."""
    assert BOOK.level(2015, 2023) == pytest.approx(1.1721)


def test_discounting_by_hand() -> None:
    """3.5 per cent until 35 years after the first, then 2.5 until 70, then 1.5; 4 per cent in 2015."""
    factors = BOOK.discounting(2022, 80)
    assert factors[0] == 1
    assert factors[1] == pytest.approx(1 / 1.035)
    assert factors[35] == pytest.approx(1.035**-35)
    assert factors[36] == pytest.approx(1.035**-35 / 1.025)
    assert factors[71] == pytest.approx(1.035**-35 * 1.025**-35 / 1.015)
    assert BOOK.discounting(2015, 3) == pytest.approx([1, 1 / 1.04, 1 / 1.04**2])
    assert BOOK.discounting(2011, 2) == pytest.approx([1, 1 / 1.05])
    assert BOOK.discounting(2022, 1).tolist() == [1.0]
    with pytest.raises(ValueError, match="0 years"):
        BOOK.discounting(2022, 0)


@settings(deadline=None)
@given(st.integers(2010, 2030), st.integers(1, 90))
def test_later_years_are_worth_less(year: int, years: int) -> None:
    factors = BOOK.discounting(year, years)
    assert len(factors) == years
    assert (np.diff(factors) < 0).all()
    assert BOOK.discounting(year, years + 1)[:years] == pytest.approx(factors)


def test_the_ladder_by_hand() -> None:
    """Of the first 52 weeks the state pays 80 % of 4, 40 % of 22 and 30 % of 26; afterwards 20 %."""
    ladder = BOOK.ladder_in(2018)
    assert ladder.state_share(0, 52) == pytest.approx((4 * 0.8 + 22 * 0.4 + 26 * 0.3) / 52)
    assert ladder.state_share(53, 105) == pytest.approx(0.2)
    assert (ladder.reset_weeks, ladder.window_weeks) == (52, 156)


def test_no_ladder_before_2016() -> None:
    with pytest.raises(InputRefused, match=r"reimbursement ladder on 1 July 2015 .* 2016-01-01 on"):
        BOOK.ladder_in(2015)


def test_taxes_hold_bottom_tax_and_health_contribution() -> None:
    """2018: bottom tax 11.13 per cent and 1 per cent health contribution."""
    taxes = BOOK.taxes_in(2018)
    assert taxes.state == pytest.approx(0.1213)
    assert taxes.health == pytest.approx(0.01)
    assert taxes.municipal == pytest.approx(0.24913)
    assert (taxes.personal_allowance, taxes.employment_allowance_max) == (46000, 34300)
    with pytest.raises(InputRefused, match=r"income tax of 2035 .* 2014 to 2025"):
        BOOK.taxes_in(2035)


def test_every_tax_year_shares_out_a_krone() -> None:
    for year in BOOK.taxes:
        taxes = BOOK.taxes_in(year)
        assert sum(taxes.shares_of_transfer().values()) == pytest.approx(1)
        assert sum(taxes.shares_of_wage().values()) == pytest.approx(1)


def test_factors_follow_the_guide_in_force() -> None:
    assert BOOK.factors_in(2016).distortion == 0.2
    assert BOOK.factors_in(2020).distortion == 0.1
    assert (BOOK.factors_in(2024).distortion, BOOK.factors_in(2024).net_tax) == (0, 1.28)


def test_what_may_be_earned_beside_a_benefit() -> None:
    found = BOOK.exempt_an_hour("kontanthjaelp-30", 2022)
    assert found is not None
    assert (found[0].amount, found[1]) == (28.66, None)
    rule = BOOK.exemption("kontanthjaelp-30")
    assert rule is not None
    assert rule.hours_a_month == 160
    assert BOOK.exempt_an_hour("dagpenge", 2022) is None


def test_benefits_keep_their_unit_of_time() -> None:
    """A rate per week among monthly ones, or per year, would jump: law and wages move them a few per cent a year."""
    for key, item in BOOK.items.items():
        for first, then in pairwise(item.rates):
            years = max((then.from_ - first.from_).days / 365.25, 1)
            assert 0.97**years <= then.amount / first.amount <= 1.06**years, (key, first.from_)


def test_benefits_agree_with_each_other() -> None:
    """The highest sickness benefit, per week, is that of unemployment insurance, per month; the allowance for people
    referred to a fleksjob is 89 per cent of it, and the supplement at most 98."""
    for year in (2014, 2015, 2017, 2021, 2022, 2023, 2024):
        highest = BOOK.rate("dagpenge", year)[0].amount
        assert BOOK.rate("sygedagpenge", year)[0].amount * 52 / 12 == pytest.approx(highest, rel=0.005)
        assert BOOK.rate("foertidspension-enlig", year)[0].amount == pytest.approx(highest, rel=0.02)
    for year in (2014, 2015, 2023):
        highest = BOOK.rate("dagpenge", year)[0].amount
        assert BOOK.rate("ledighedsydelse", year)[0].amount == pytest.approx(0.89 * highest, rel=0.005)
    for year in (2022, 2023):
        highest = BOOK.rate("dagpenge", year)[0].amount
        assert BOOK.rate("fleksloentilskud", year)[0].amount == pytest.approx(0.98 * highest, abs=1)


def test_the_agreed_floor_adds_up_to_the_printed_one() -> None:
    """The floor of 2025 (139.85) is printed elsewhere; the one of 2022 is 108.70 plus nine agreed rises of 18.45."""
    assert BOOK.rate("earnings-minimum", 2022)[0].amount == pytest.approx(108.70 + 18.45)
    assert (
        BOOK.rate("earnings-minimum", 2022)[0].amount
        < BOOK.rate("earnings-minimum", 2025)[0].amount
        == 139.85
    )


def test_money_is_named_by_kind() -> None:
    for item in BOOK.items.values():
        assert (item.taxed == "income") == (item.flow == "transfer")
        assert item.flow != "transfer" or item.paid_by is not None
    assert BOOK.items["society-gain-of-job"].paid_by == {"others": 1}
    assert "caseworker-hour" in BOOK.to_be_given


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("per: month", "per: moth", 6, "Did you mean 'month'"),
        ("    taxed: income\n", "    taxed: income\n    prize: 3\n", 9, "'prize' is not known"),
        ("amount: 10000, ", "", 10, "'amount' is missing"),
        ("amount: 10000, source: ", "amount: 10000, src: ", 10, "'source' is missing"),
        ("amount: 10000", "amount: -1", 10, "at least 0"),
        ("to: 2016-12-31", "to: 2015-12-31", 10, "before it begins"),
        ("to: 2016-12-31", "to: 2020-01-01", 4, "runs into"),
        ("low: 11000", "low: 12500", 11, "in that order"),
        ("low: 11000, ", "", 11, "both 'low' and 'high'"),
        ("flow: transfer", "flow: cost", 4, "divided by the ladder"),
        ("taxed: income", "taxed: wage", 4, "go together"),
        ("benefits: [help]", "benefits: [hjaelp]", 1, "names no item there is: 'hjaelp'"),
        ("to_week: 4, ", "", 24, "'to_week'"),
        ("value: 110", "value: 0", 20, "above 0"),
    ],
)
def test_a_faulty_book_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert SMALL.count(old) == 1, "the fault is put in one place"
    path = written(tmp_path, SMALL.replace(old, new))
    with pytest.raises(InputRefused) as refused:
        price_book(path)
    found = [problem for problem in refused.value.problems if said in str(problem)]
    assert found, str(refused.value)
    assert found[0].file == str(path)
    assert abs((found[0].line or 0) - line) <= 1, str(found[0])
    assert found[0].remedy


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    faulty = SMALL.replace("per: month", "per: moth").replace("value: 110", "value: 0")
    with pytest.raises(InputRefused) as refused:
        price_book(written(tmp_path, faulty))
    assert len(refused.value.problems) == 2


def test_a_book_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="cannot be read"):
        price_book(tmp_path / "none.yaml")


def test_this_years_invoices_are_priced_before_this_years_index() -> None:
    book = price_book()
    last = book.last_year
    assert book.level(last, last + 3) == 1
    assert book.level(2016, last + 1) == book.level(2016, last)
    with pytest.raises(InputRefused, match=f"index of {last + 4}"):
        book.level(2016, last + 4)


def test_the_newest_rules_are_those_in_force_on_the_next_first_of_july() -> None:
    book = price_book()
    newest = max(book.discount[-1].from_, book.factors[-1].from_)
    assert book.rules_year in (newest.year, newest.year + 1)
    assert book.factors_in(book.rules_year).distortion == book.factors[-1].distortion
    assert book.discounting(book.rules_year, 2)[1] == book.discount[-1].factors(2)[1]
