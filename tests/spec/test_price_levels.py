"""Prices at one level, one sentence at a time; the arithmetic stands in each test.

The small book's index is 100 in 2015, 102 in 2016, 105 in 2017, 110 in 2018 and 120 in 2019. Its benefit is 10,400 a
month in 2016 and 10,660 in 2017.
"""

from __future__ import annotations

import pytest

from casebook import item
from indsats.economy.given import GivenPrice
from indsats.economy.lines import Uncertain
from indsats.economy.prices import quotes
from pricebook import price, price_book, priced


def test_an_amount_is_told_at_the_level_asked_for_by_the_consumer_price_index() -> None:
    """500 in 2015 prices is 500 × 110 / 100 = 550 in 2018."""
    found = quotes(priced({"talk": price(amount=500, price_year=2015)}), price_book(), year=2018).found[
        "talk"
    ]
    assert found.amount.value == pytest.approx(550, abs=1e-9)
    assert (found.stated, found.price_year, found.year) == (500, 2015, 2018)


def test_an_amount_can_be_moved_back_in_time() -> None:
    """600 in 2019 prices is 600 × 105 / 120 = 525 in 2017."""
    found = quotes(priced({"talk": price(amount=600, price_year=2019)}), price_book(), year=2017).found[
        "talk"
    ]
    assert found.amount.value == pytest.approx(525, abs=1e-9)


def test_the_range_moves_with_the_amount() -> None:
    """100 (80 to 150) in 2015 prices is 120 (96 to 180) in 2019: everything times 1.2."""
    definition = priced({"talk": price(amount=100, low=80, high=150, price_year=2015)})
    amount = quotes(definition, price_book(), year=2019).found["talk"].amount
    assert amount.spread == "range"
    assert (amount.low, amount.value, amount.high) == pytest.approx((96, 120, 180), abs=1e-9)


def test_the_level_is_that_of_the_newest_amount_when_nobody_chose_one() -> None:
    """2015 and 2018 meet in 2018: 200 becomes 200 × 1.10 = 220, and 1,000 of 2018 stays."""
    found = quotes(
        priced({"old": price(amount=200, price_year=2015), "new": price(amount=1000, price_year=2018)}),
        price_book(),
    )
    assert found.year == 2018
    assert found.found["old"].amount.value == pytest.approx(220, abs=1e-9)
    assert found.found["new"].amount == Uncertain(1000)


def test_mixed_price_years_are_told_once_with_the_years() -> None:
    prices = {
        "a": price(amount=1, price_year=2015),
        "b": price(amount=1, price_year=2017),
        "c": price(amount=1, price_year=2016),
        "d": price(amount=1, price_year=2018),
    }
    cautions = quotes(priced(prices), price_book()).cautions
    assert [one.code for one in cautions] == ["mixed-price-years"]
    assert "2015, 2016 og 2017 er regnet om til 2018-priser" in cautions[0].text.da
    assert "2015, 2016 and 2017 are told in 2018 prices" in cautions[0].text.en


def test_a_monthly_rate_of_the_book_is_twelve_fifty_seconds_of_it_a_week() -> None:
    """10,400 a month is 10,400 × 12 / 52 = 2,400 a week; the book's own figure is kept beside it."""
    definition = priced({"benefit": price("transfer", "week", book="benefit")}, price_year=2016)
    found = quotes(definition, price_book()).found["benefit"]
    assert found.amount.value == pytest.approx(2400, abs=1e-9)
    assert (found.stated, found.stated_per, found.per) == (10400, "month", "week")


def test_a_yearly_price_by_the_hour_is_shared_by_the_hours_of_full_time() -> None:
    """384,800 a year is 384,800 / (52 × 37) = 200 an hour."""
    post = {"title": {"da": "x", "en": "x"}, "flow": "cost", "per": "year"}
    rates = [{"amount": 384800, "from": "2016-01-01", "source": "https://pay.example"}]
    definition = priced({"post": price(per="hour", book="post")}, price_year=2016)
    found = quotes(definition, price_book(post={**post, "rates": rates})).found["post"]
    assert found.amount.value == pytest.approx(200, abs=1e-9)


def test_the_book_is_asked_for_the_rate_in_force_and_it_is_not_moved() -> None:
    definition = priced({"benefit": price("transfer", "month", book="benefit")})
    for year, amount in ((2016, 10400), (2017, 10660)):
        found = quotes(definition, price_book(), year=year)
        assert (found.found["benefit"].amount.value, found.found["benefit"].price_year) == (amount, year)
        assert found.found["benefit"].sources == (f"https://rates.example/{year}",)
        assert found.cautions == ()


def test_a_rate_the_book_does_not_have_for_the_year_is_the_nearest_one_moved_with_a_doubt() -> None:
    """The rate of 2017, 10,660, is 10,660 × 120 / 105 = 12,182.857 in 2019."""
    definition = priced({"benefit": price("transfer", "month", book="benefit")})
    found = quotes(definition, price_book(), year=2019)
    one = found.found["benefit"]
    assert one.amount.value == pytest.approx(10660 * 120 / 105, abs=1e-9)
    assert (one.stated, one.price_year) == (10660, 2017)
    assert [caution.code for caution in found.cautions] == ["rate-moved"]


def test_what_the_user_gives_goes_before_programme_and_book() -> None:
    """300 in 2016 prices goes before 999; at the level of 2017 it is 300 × 105 / 102 = 308.8235…"""
    definition = priced(
        {"talk": price(amount=999, price_year=2017), "benefit": price("transfer", "week", book="benefit")}
    )
    given = {
        "talk": GivenPrice(item="talk", amount=300, price_year=2016, source="our budget"),
        "benefit": GivenPrice(item="benefit", amount=2500, price_year=2017, source="our account"),
    }
    found = quotes(definition, price_book(), given, year=2017).found
    assert found["talk"].amount.value == pytest.approx(300 * 105 / 102, abs=1e-9)
    assert (found["talk"].origin, found["talk"].sources) == ("given", ("our budget",))
    assert found["benefit"].amount == Uncertain(2500)
    assert found["benefit"].paid_by == "ladder"


def test_a_price_used_after_it_stopped_holding_is_doubted() -> None:
    prices = {"rent": price(amount=100, price_year=2016, valid="2016-01-01/2016-12-31")}
    assert quotes(priced(prices), price_book(), year=2016).cautions == ()
    later = quotes(priced(prices), price_book(), year=2018).cautions
    assert [one.code for one in later] == ["mixed-price-years", "price-not-valid"]
    assert "gælder 2016 og er brugt for 2018" in later[1].text.da


def test_a_price_without_an_amount_is_missing_and_not_zero() -> None:
    found = quotes(priced({"talk": price(), "rent": price(amount=5, price_year=2016)}), price_book())
    assert found.missing == ("talk",)
    assert set(found.found) == {"rent"}


def test_only_prices_that_are_used_are_asked_for() -> None:
    consequence = item(
        "Job",
        unit={"da": "uger", "en": "weeks"},
        price="worth",
        effects=[{"how": "entered", "value": 1, "source": "L1"}],
    )
    definition = priced(
        {"talk": price(amount=5, price_year=2016), "worth": price("benefit", "week"), "idle": price()},
        unused=("worth", "idle"),
        consequences={"job": consequence},
    )
    found = quotes(definition, price_book())
    assert (set(found.found), found.missing) == ({"talk"}, ("worth",))
