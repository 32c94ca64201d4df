"""The amounts a programme leaves to its user, invented so that the economy of invented data can be reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from indsats.economy import needed
from indsats.programme import Flow, Per, Price, Programme

from .streams import stream

FILE: Final = "prices.csv"
SOURCE: Final = "invented with the data"

_SPENT: Mapping[Per, float] = {
    "once": 400_000,
    "year": 550_000,
    "month": 45_000,
    "week": 10_500,
    "hour": 400,
    "participant": 20_000,
    "meeting": 700,
    "placement": 4_000,
    "course": 15_000,
}
"""About what resources cost, in kroner: a post, an hour of it, a meeting of an hour or two."""

_PAID: Mapping[Per, float] = {"year": 290_000, "month": 24_000, "week": 5_500, "hour": 150}
"""About what unskilled work is paid."""

_HELP: Mapping[Per, float] = {"year": 135_000, "month": 11_300, "week": 2_600, "hour": 70}
"""About what a benefit is, which is also what others gain when it is not paid."""

_BY_FLOW: Mapping[Flow, Mapping[Per, float]] = {"earnings": _PAID, "transfer": _HELP, "benefit": _HELP}


def write_prices(programme: Programme, seed: int, folder: Path, year: int) -> dict[str, float]:
    """Writes ``prices.csv`` with an invented amount and range for each price that is used and has none.

    Returns the amounts by price; nothing is written when there are none. They are in prices of the programme's price
    year, of ``year`` when it has none. A price has the same amount whatever other prices there are.
    """
    prices = programme.economy.prices
    lacking = [id_ for id_ in needed(programme) if prices[id_].amount is None and prices[id_].book is None]
    if not lacking:
        return {}
    amounts = {id_: _invented(id_, prices[id_], seed) for id_ in lacking}
    rows = {
        "item": lacking,
        "amount": list(amounts.values()),
        "price_year": [programme.economy.price_year or year] * len(lacking),
        "low": [_rounded(amount * 0.85) for amount in amounts.values()],
        "high": [_rounded(amount * 1.2) for amount in amounts.values()],
        "source": [SOURCE] * len(lacking),
    }
    pl.DataFrame(rows).write_csv(folder / FILE)
    return amounts


def _invented(id_: str, price: Price, seed: int) -> float:
    about = _BY_FLOW.get(price.flow, _SPENT).get(price.per, _SPENT[price.per])
    return _rounded(about * stream(seed, f"price {id_}").uniform(0.8, 1.25))


def _rounded(amount: float) -> float:
    """To two digits that tell: nobody should take it for an account."""
    return float(f"{amount:.2g}")
