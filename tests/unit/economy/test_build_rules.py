"""The rules a case is built by, one at a time: ladder, tax, units, doses beyond the years, and what is doubted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import item, text
from drawn_business import TAX, YEAR, defined, made, whole_book
from indsats.economy import Case, Had, Uncertain, case_of, quotes
from indsats.economy.build import units_of_price
from indsats.programme import PAYERS, Consequence, Per
from pricebook import price, price_book


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
