"""A small price book and programmes with a few prices, with round numbers to reckon with by hand."""

from __future__ import annotations

from typing import Any

from casebook import item, programme, text
from indsats.economy.book import PriceBook
from indsats.programme import Programme

LEVELS = {2015: 100, 2016: 102, 2017: 105, 2018: 110, 2019: 120, 2020: 125}
"""The consumer price index of the small book."""


def price_book(**items: Any) -> PriceBook:
    """A book with the index of ``LEVELS`` and a monthly benefit with rates in 2016 and 2017; ``items`` are further."""
    benefit = {
        "title": text("Benefit"),
        "flow": "transfer",
        "per": "month",
        "paid_by": "ladder",
        "taxed": "income",
        "rates": [rate(10400, 2016), rate(10660, 2017)],
    }
    return PriceBook.model_validate(
        {
            "title": text("Small book"),
            "index": {
                year: {"value": value, "source": "https://index.example"} for year, value in LEVELS.items()
            },
            "items": {"benefit": benefit, **items},
        }
    )


def rate(amount: float, year: int, **rest: Any) -> dict[str, Any]:
    """The rate of one calendar year."""
    return {
        "amount": amount,
        "from": f"{year}-01-01",
        "to": f"{year}-12-31",
        "source": f"https://rates.example/{year}",
        **rest,
    }


def price(flow: str = "cost", per: str = "hour", **rest: Any) -> dict[str, Any]:
    return item("Price", flow=flow, per=per, **rest)


def priced(prices: dict[str, Any], unused: tuple[str, ...] = (), **economy: Any) -> Programme:
    """A programme with these prices, each used by an activity of its own but for those in ``unused``."""
    activities = {
        key: item("Activity", price=key, dose={"how": "participants"}) for key in prices if key not in unused
    }
    return programme(economy={"prices": prices, "activities": activities, **economy})
