"""Programmes with something to spend, priced in round numbers, for tests of doses and costs."""

from __future__ import annotations

from typing import Any

from casebook import EFFORT_EVERYWHERE, Casebook, item, programme
from indsats.economy.prices import Quotes, quotes
from indsats.programme import Programme
from pricebook import price, price_book

MEETING = {"kind": "meeting"}
AMOUNTS: dict[str, tuple[str, float]] = {
    "talk": ("hour", 500),
    "week": ("week", 700),
    "month": ("month", 3_043.75),
    "year": ("year", 730_500),
    "head": ("participant", 800),
    "once": ("once", 12_000),
}
"""The unit and the amount of each price: 3,043.75 a month are 100 a day, 730,500 a year are 2,000 a day."""


def activity(cost: str, how: str, *what: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """An activity at one of ``AMOUNTS``; ``each`` and ``units`` go to its dose."""
    dose = {"how": how, **({"what": list(what)} if what else {})}
    dose |= {key: rest.pop(key) for key in ("each", "units") if key in rest}
    return item("Activity", price=cost, dose=dose, **rest)


def costed(times: float = 1, *, overheads: dict[str, Any] | None = None, **activities: Any) -> Programme:
    """A programme with these activities; every price ``times`` as high as in ``AMOUNTS``."""
    prices = {
        name: price(per=per, amount=amount * times, price_year=2016)
        for name, (per, amount) in AMOUNTS.items()
    }
    prices["grant"] = price("grant", "once", amount=1_000, price_year=2016)
    economy = {"prices": prices, "activities": activities, "overheads": overheads or {}}
    return programme(units=EFFORT_EVERYWHERE, economy=economy)


def book(definition: Programme, until: str = "2016-12-31") -> Casebook:
    """An empty casebook whose data end on a day."""
    return Casebook(definition).data_until(until)


def quoted(definition: Programme) -> Quotes:
    """The prices of the programme as they stand in it, in the prices of 2016."""
    return quotes(definition, price_book())
