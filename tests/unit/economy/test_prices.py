"""Prices at one level: what is refused, who pays, how it is taxed, and that levels behave as levels."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import item, programme, text
from indsats.economy.given import GivenPrice
from indsats.economy.prices import needed, quotes, refuse_missing
from indsats.problem import InputRefused
from pricebook import LEVELS, price, price_book, priced, rate

years = st.sampled_from(sorted(LEVELS))


@settings(deadline=None)
@given(amount=st.floats(0, 1e9), first=years, then=years, last=years)
def test_moving_twice_is_moving_once_and_back_again_is_nothing(
    amount: float, first: int, then: int, last: int
) -> None:
    def moved(value: float, start: int, end: int) -> float:
        definition = priced({"talk": price(amount=value, price_year=start)})
        return quotes(definition, price_book(), year=end).found["talk"].amount.value

    assert moved(moved(amount, first, then), then, last) == pytest.approx(moved(amount, first, last))
    assert moved(moved(amount, first, then), then, first) == pytest.approx(amount)


@settings(deadline=None)
@given(amount=st.floats(1, 1e6), times=st.floats(0, 100), year=years)
def test_an_amount_many_times_as_large_is_quoted_so_many_times_as_large(
    amount: float, times: float, year: int
) -> None:
    prices = {
        "one": price(amount=amount, low=amount / 2, high=amount * 2, price_year=2015),
        "many": price(
            amount=amount * times, low=amount * times / 2, high=amount * times * 2, price_year=2015
        ),
    }
    found = quotes(priced(prices), price_book(), year=year).found
    one, many = found["one"].amount, found["many"].amount
    assert many.value == pytest.approx(one.value * times)
    assert many.ends == pytest.approx(tuple(end * times for end in one.ends))


def test_a_range_told_from_one_side_ends_at_the_amount() -> None:
    prices = {"a": price(amount=10, low=8, price_year=2016), "b": price(amount=10, high=14, price_year=2016)}
    found = quotes(priced(prices), price_book()).found
    assert (found["a"].amount.ends, found["b"].amount.ends) == ((8, 10), (10, 14))


def test_the_municipality_pays_unless_somebody_else_is_named() -> None:
    prices: dict[str, Any] = {
        "own": price(amount=1, price_year=2016),
        "shared": price(amount=1, price_year=2016, paid_by={"region": 0.5, "state": 0.5}),
        "book": price("transfer", "month", book="benefit"),
        "said": price("transfer", "month", book="benefit", paid_by={"state": 1.0}),
    }
    found = quotes(priced(prices), price_book()).found
    assert {key: one.paid_by for key, one in found.items()} == {
        "own": {"municipality": 1.0},
        "shared": {"region": 0.5, "state": 0.5},
        "book": "ladder",
        "said": {"state": 1.0},
    }


def test_a_benefit_is_taxed_as_income_and_pay_as_pay_unless_the_book_says_otherwise() -> None:
    prices = {
        "help": price("transfer", "week", amount=1, price_year=2016),
        "pay": price("earnings", "hour", amount=1, price_year=2016),
        "talk": price(amount=1, price_year=2016),
        "free": price("transfer", "month", book="free"),
    }
    free = {"title": text("Free"), "flow": "transfer", "per": "month", "rates": [rate(1, 2016)]}
    found = quotes(priced(prices), price_book(free=free)).found
    assert {key: one.taxed for key, one in found.items()} == {
        "help": "income", "pay": "wage", "talk": "none", "free": "none",
    }  # fmt: skip


def test_an_amount_without_a_price_year_is_refused_where_it_is_used() -> None:
    prices = {"talk": price(amount=5), "rent": price(amount=5, price_year=2016)}
    with pytest.raises(InputRefused, match=r"economy\.yaml, 'talk'.*no price year.*Write 'price_year'"):
        quotes(priced(prices), price_book())
    assert set(quotes(priced(prices, unused=("talk",)), price_book()).found) == {"rent"}
    own = {"talk": GivenPrice(item="talk", amount=6, price_year=2016, source="x")}
    assert quotes(priced(prices), price_book(), own).found["talk"].stated == 6


def test_years_outside_the_index_are_refused_for_every_price_at_once() -> None:
    prices = {
        "talk": price(amount=5, price_year=1990),
        "rent": price(amount=5, price_year=1991),
        "ok": price(amount=5, price_year=2016),
        "own": price(),
    }
    own = {"own": GivenPrice(item="own", amount=6, price_year=1992, source="x")}
    with pytest.raises(InputRefused) as refused:
        quotes(priced(prices), price_book(), own)
    found = refused.value.problems
    assert [(one.file, one.field) for one in found] == [
        ("economy.yaml", "talk"), ("economy.yaml", "rent"), ("prices", "own"),
    ]  # fmt: skip
    assert "1990" in found[0].what
    assert "2015 to 2020" in found[0].remedy


def test_an_item_the_book_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputRefused, match=r"no item 'benefits'\. Did you mean 'benefit'"):
        quotes(priced({"help": price("transfer", "month", book="benefits")}), price_book())


def test_units_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(InputRefused, match=r"the price is per meeting.*'benefit' per month"):
        quotes(priced({"help": price("transfer", "meeting", book="benefit")}), price_book())


def test_the_level_is_the_one_asked_for_then_the_programmes_then_the_newest() -> None:
    prices = {"talk": price(amount=5, price_year=2016), "help": price("transfer", "month", book="benefit")}
    assert quotes(priced(prices, price_year=2018), price_book(), year=2019).year == 2019
    assert quotes(priced(prices, price_year=2018), price_book()).year == 2018
    assert quotes(priced(prices), price_book()).year == 2016
    own = {"talk": GivenPrice(item="talk", amount=6, price_year=2015, source="x")}
    assert quotes(priced(prices), price_book(), own).year == 2015
    assert quotes(priced({"help": prices["help"]}), price_book()).year == 2017
    assert quotes(priced({"talk": price()}), price_book()).year == 2020


def test_prices_of_an_own_gain_in_a_report_are_quoted_but_not_needed() -> None:
    block = {"block": "own_gain", "title": text("t"), "benefit": "help", "wage": "pay"}
    definition = programme(
        economy={
            "prices": {"help": price("transfer", "month", book="benefit"), "pay": price("earnings")},
        },
        reports={"r": item("Report", sections=[{"title": text("s"), "blocks": [block]}])},
    )
    found = quotes(definition, price_book(), year=2016)
    assert (set(found.found), found.missing, needed(definition)) == ({"help"}, ("pay",), ())
    refuse_missing(found, definition)


def test_every_missing_price_is_named_with_its_unit_and_how_to_give_it() -> None:
    definition = priced({"talk": price(), "rent": price(per="once"), "ok": price(amount=1, price_year=2016)})
    with pytest.raises(InputRefused) as refused:
        refuse_missing(quotes(definition, price_book()), definition)
    talk, rent = refused.value.problems
    assert "'talk'" in talk.what
    assert "DKK per hour: a row 'talk' in prices.csv" in talk.remedy
    assert "--prices" in talk.remedy
    assert "DKK once: a row 'rent'" in rent.remedy
    own = {key: GivenPrice(item=key, amount=1, price_year=2016, source="x") for key in ("talk", "rent")}
    refuse_missing(quotes(definition, price_book(), own), definition)
