"""Definitions with money in them, drawn at random, and the business cases they make. All amounts are invented."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from casebook import item, programme, text
from indsats.economy import Case, case_of, quotes, spent_on
from indsats.economy.book import PriceBook
from indsats.programme import PAYERS, Per, Programme
from pricebook import price, price_book

YEAR = 2016
TAX = {"contribution": 0.08, "municipal": 0.25, "bottom": 0.1}
RATE = 0.04
"""The rates of the small book below."""


def whole_book(**rest: Any) -> PriceBook:
    """The small price book with a ladder, taxes, a discount rate and factors of round numbers."""
    rules = {
        "ladder": [
            {
                "from": "2016-01-01",
                "steps": [
                    {"to_week": 4, "state": 0.8},
                    {"to_week": 26, "state": 0.4},
                    {"to_week": 52, "state": 0.3},
                    {"state": 0.2},
                ],
                "reset_weeks": 52,
                "window_years": 3,
                "source": "https://ladder.example",
            }
        ],
        "taxes": {
            YEAR: {
                "labour_market": TAX["contribution"],
                "municipal": TAX["municipal"],
                "bottom": TAX["bottom"],
                "personal_allowance": 0,
                "employment_allowance": 0,
                "employment_allowance_max": 0,
                "source": "https://tax.example",
            }
        },
        "discount": [{"from": "2016-01-01", "steps": [{"rate": RATE}], "source": "https://discount.example"}],
    }
    return PriceBook.model_validate({**price_book().model_dump(by_alias=True), **rules, **rest})


@cache
def _book() -> PriceBook:
    return whole_book()


TIMES: tuple[Per, ...] = ("hour", "week", "month", "year")
PUBLIC_AND_OTHERS = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any)


@st.composite
def payers(draw: st.DrawFn) -> dict[str, float]:
    """Shares that sum to one, of one to five payers."""
    parts = draw(PUBLIC_AND_OTHERS)
    return {payer: part / sum(parts) for payer, part in zip(PAYERS, parts, strict=True) if part}


AMOUNTS = st.integers(1, 5000)
FACTORS = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, 2.0])


@st.composite
def _prices(draw: st.DrawFn) -> dict[str, Any]:
    """A price of every flow: the costs in several units, the effects for a time."""
    told = {"price_year": YEAR}
    return {
        "talk": price(amount=draw(AMOUNTS), paid_by=draw(payers()), **told),
        "rent": price(per=draw(st.sampled_from(["once", *TIMES])), amount=draw(AMOUNTS), **told),
        "pool": price("grant", "once", amount=draw(AMOUNTS), paid_by=draw(payers()), **told),
        "care": price(
            "benefit",
            draw(st.sampled_from(TIMES)),
            amount=draw(AMOUNTS),
            paid_by=draw(st.just("ladder") | payers()),
            **told,
        ),
        "aid": price(
            "transfer",
            draw(st.sampled_from(TIMES)),
            amount=draw(AMOUNTS),
            paid_by=draw(st.just("ladder") | payers()),
            **told,
        ),
        "pay": price("earnings", draw(st.sampled_from(TIMES)), amount=draw(AMOUNTS), **told),
    }


@st.composite
def _effects(draw: st.DrawFn) -> list[dict[str, Any]]:
    """An effect of one to three of the first years, with an interval or without."""
    years = sorted(draw(st.sets(st.integers(1, 3), min_size=1)))
    sure = draw(st.booleans())
    told = []
    for year in years:
        value = draw(st.integers(-20, 20))
        ends = (
            {} if sure else {"low": value - draw(st.integers(0, 9)), "high": value + draw(st.integers(0, 9))}
        )
        told.append({"how": "entered", "year": year, "value": value, "source": "L1", **ends})
    return told


@st.composite
def _consequence(draw: st.DrawFn, of: str) -> dict[str, Any]:
    return item(
        of,
        unit=text("units"),
        price=of,
        effects=draw(_effects()),
        counted_in=draw(st.sampled_from(["weeks", "hours_a_week", "years", "units"])),
        each=draw(st.sampled_from([-1.0, 1.0, 0.5])),
        worked=draw(st.booleans()),
    )


@st.composite
def lengths(draw: st.DrawFn) -> str:
    """A length of up to six years, in years, months or weeks."""
    unit, most = draw(st.sampled_from([("Y", 6), ("M", 72), ("W", 312)]))
    return f"P{draw(st.integers(0, most))}{unit}"


@st.composite
def _scenario(draw: st.DrawFn) -> dict[str, Any]:
    told = {
        "lasts": draw(st.none() | lengths()),
        "fades": draw(st.none() | lengths()),
        "effect_share": draw(st.none() | FACTORS),
        "hours_share": draw(FACTORS),
        "cost_share": draw(FACTORS),
    }
    given = {key: value for key, value in told.items() if value is not None}
    return item("Drawn", about=text("drawn"), **given)


@st.composite
def economies(draw: st.DrawFn, most_years: int = 6) -> dict[str, Any]:
    """An economy with a price of every flow, spent and gained, and one scenario, ``drawn``."""
    usual = draw(st.none() | st.integers(0, 20))
    activities = {
        "talks": item("Talks", price="talk", dose={"how": "participants", "each": draw(st.integers(1, 20))}),
        "rent": item("Rent", price="rent", phase="start_up", dose={"how": "fixed"}),
        "pool": item("Pool", price="pool", dose={"how": "fixed"}),
    }
    if usual is not None:
        activities["talks"]["usual"] = {"quantity": usual, "source": "L1"}
    share = draw(st.integers(0, 9)) / 10
    overhead = item("Management", share=share)
    if draw(st.booleans()):
        overhead |= {"low": share / 2, "high": share * 2}
    asked = draw(st.lists(st.sampled_from(["care", "aid", "pay"]), min_size=1, unique=True))
    return {
        "price_year": YEAR,
        "horizon": draw(st.integers(1, most_years)),
        "participants": draw(st.integers(1, 500)),
        "weeks_on_benefit": draw(st.integers(0, 120)),
        "prices": draw(_prices()),
        "activities": activities,
        "overheads": {"management": overhead},
        "consequences": {name: draw(_consequence(name)) for name in asked},
        "scenarios": {"drawn": draw(_scenario())},
    }


def made(economy: dict[str, Any], scenario: str = "drawn", **changes: Any) -> Case:
    """The case of a scenario; ``changes`` are of the scenario."""
    told = {**economy["scenarios"][scenario], **changes}
    asked = defined({**economy, "scenarios": {scenario: told}})
    return case_of(
        asked,
        scenario,
        quotes=quotes(asked, _book()),
        book=_book(),
        spent=spent_on(asked, None),
        effects={},
        participants=float(economy["participants"]),
    )


def defined(economy: dict[str, Any]) -> Programme:
    """The definition with this economy."""
    return programme(economy=economy)
