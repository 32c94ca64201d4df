"""The price book: public rates, prices and rules of money as data, each with its source and when it holds.

``library/economy/denmark.yaml`` is the one that comes along; ``price_book`` reads it, or one of your own. Amounts are
kroner at the level of their own year. A year without a rate has none: ``PriceBook.rate`` then takes the nearest one,
moved by the consumer price index, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import Field, model_validator

from indsats.evaluate import Caution, caution
from indsats.language import number
from indsats.library import price_book_path
from indsats.problem import InputRefused, Problem
from indsats.programme import Id, Part, Text, load_part

from .entries import (
    BookItem,
    DiscountRates,
    Exemption,
    Holding,
    IndexYear,
    LadderRates,
    Rate,
    SocialFactors,
    TaxRates,
    ToBeGiven,
    refuse_overlap,
)
from .ladder import Ladder
from .lines import Array
from .society import Factors
from .tax import Taxes

AHEAD: Final = 3
"""How many years after its last the price book may be used for: this year's invoices come before this year's index."""

_Held = TypeVar("_Held", bound=Holding)


class PriceBook(Part):
    """Rates, prices and rules, each with its source and when it holds.

    ``items`` have rates; ``to_be_given`` have no public price and are named for the user. ``index`` is the consumer
    price index by year, ``ladder`` the state's share of benefits, ``taxes`` the income tax, ``exemptions`` what may be
    earned beside a benefit, ``discount`` and ``factors`` the Ministry of Finance's.
    """

    title: Text
    items: dict[Id, BookItem] = Field(min_length=1)
    to_be_given: dict[Id, ToBeGiven] = {}
    exemptions: dict[Id, Exemption] = {}
    index: dict[int, IndexYear] = Field(min_length=1)
    ladder: list[LadderRates] = []
    taxes: dict[int, TaxRates] = {}
    discount: list[DiscountRates] = []
    factors: list[SocialFactors] = []

    @model_validator(mode="after")
    def _agrees(self) -> PriceBook:
        for held in (self.ladder, self.discount, self.factors):
            refuse_overlap(held)
        both = sorted(self.items.keys() & self.to_be_given.keys())
        if both:
            raise ValueError(f"'{both[0]}' has a price and is to be given")
        for key, one in self.exemptions.items():
            unknown = [benefit for benefit in one.benefits if benefit not in self.items]
            if unknown:
                raise ValueError(f"the exemption '{key}' names no item there is: '{unknown[0]}'")
        return self

    @property
    def last_year(self) -> int:
        """The last year of the index. Prices and taxes of the next few are taken as its own (``AHEAD``)."""
        return max(self.index)

    @property
    def rules_year(self) -> int:
        """The first year in which the newest discount rates and factors are in force on 1 July."""
        newest = [held[-1].from_ for held in (self.discount, self.factors) if held]
        years = [day.year + (day > date(day.year, 7, 1)) for day in newest]
        return max(years, default=self.last_year)

    def level(self, from_year: int, to_year: int) -> float:
        """What an amount of ``from_year`` is multiplied by to stand at the prices of ``to_year``.

        Raises InputRefused naming the years there are when one of them is not among those.
        """
        from_year, to_year = self._within(from_year), self._within(to_year)
        if from_year == to_year:
            return 1.0
        absent = sorted({from_year, to_year} - self.index.keys())
        if absent:
            what = f"the consumer price index of {_row(absent)} is not in the price book"
            raise _refused(
                what, f"It has {min(self.index)} to {max(self.index)}: choose a price year among them"
            )
        return self.index[to_year].value / self.index[from_year].value

    def rate(self, item: str, year: int) -> tuple[Rate, Caution | None]:
        """The rate of an item that is in force on 1 July of a year.

        Where there is none it is the nearest one, of two as near the older, moved from the prices of its own year by
        the consumer price index, with a caution that names both years; ``from`` and ``to`` stay those it had. Raises
        KeyError when the book has no such item and InputRefused when the index does not reach.
        """
        return self._rate_of(self.items[item].rates, self.items[item].title, year)

    def exempt_an_hour(self, item: str, year: int) -> tuple[Rate, Caution | None] | None:
        """What may be earned an hour in a year beside a benefit, found as ``rate`` is; None where nothing is known."""
        found = self.exemption(item)
        return None if found is None else self._rate_of(found.rates, found.title, year)

    def exemption(self, item: str) -> Exemption | None:
        """The rule on what may be earned beside a benefit, None where none is known."""
        return next((one for one in self.exemptions.values() if item in one.benefits), None)

    def ladder_in(self, year: int) -> Ladder:
        """The reimbursement ladder on 1 July of a year. Raises InputRefused where none is known."""
        return _in_force(self.ladder, year, "reimbursement ladder").ladder()

    def taxes_in(self, year: int) -> Taxes:
        """The income tax of a year. Raises InputRefused naming the years there are."""
        if self.taxes and max(self.taxes) < year <= max(self.taxes) + AHEAD:
            year = max(self.taxes)
        if year not in self.taxes:
            years = f"It has {min(self.taxes)} to {max(self.taxes)}" if self.taxes else "It has none"
            what = f"the income tax of {year} is not in the price book"
            raise _refused(what, f"{years}: choose a price year among them")
        return self.taxes[year].taxes(year)

    def discounting(self, year: int, years: int) -> Array:
        """What a krone in each of ``years`` years is worth in the first, by the rates on 1 July of ``year``.

        The first is 1. Raises InputRefused where no rates are known, ValueError for less than one year.
        """
        if years < 1:
            raise ValueError(f"{years} years cannot be discounted")
        return _in_force(self.discount, year, "discount rate").factors(years)

    def factors_in(self, year: int) -> Factors:
        """Net tax factor and tax distortion on 1 July of a year. Raises InputRefused where none are known."""
        found = _in_force(self.factors, year, "net tax factor")
        return Factors(net_tax=found.net_tax, distortion=found.distortion)

    def _within(self, year: int) -> int:
        return self.last_year if self.last_year < year <= self.last_year + AHEAD else year

    def _rate_of(self, rates: Sequence[Rate], title: Text, year: int) -> tuple[Rate, Caution | None]:
        held = _held(rates, year)
        if held is not None:
            return held, None
        nearest = min(rates, key=lambda one: (_years_off(one, year), one.from_))
        own = nearest.own_year(year)
        return nearest.times(self.level(own, year)), _moved(title, nearest.amount, own, year)


def price_book(path: Path | None = None) -> PriceBook:
    """The price book that comes along, or the one in a file of the same form.

    Raises InputRefused with every fault of the file, its line and what to do.
    """
    return _shipped() if path is None else load_part(path, PriceBook)


@cache
def _shipped() -> PriceBook:
    return load_part(price_book_path(), PriceBook)


def _held(entries: Sequence[_Held], year: int) -> _Held | None:
    """The entry that holds on 1 July of a year, if any."""
    middle = date(year, 7, 1)
    return next((one for one in entries if one.from_ <= middle <= (one.to or date.max)), None)


def _in_force(entries: Sequence[_Held], year: int, what: str) -> _Held:
    held = _held(entries, year)
    if held is None:
        spans = [f"{one.from_} to {one.to}" if one.to else f"{one.from_} on" for one in entries]
        known = f"It has {_row(spans)}" if spans else "It has none"
        raise _refused(
            f"the {what} on 1 July {year} is not in the price book", f"{known}: choose another year"
        )
    return held


def _years_off(rate: Rate, year: int) -> int:
    return abs(rate.own_year(year) - year)


def _moved(title: Text, amount: float, own: int, year: int) -> Caution:
    digits = 0 if amount.is_integer() else 2
    return caution(
        "rate-moved",
        "doubt",
        f"{title.da}: satsen for {year} er ikke i prisbogen. Den for {own} ({number(amount, 'da', digits)} kr.) er "
        "flyttet med forbrugerpriserne; satser følger lønnen og nye love.",
        f"{title.en}: the rate of {year} is not in the price book. That of {own} (DKK {number(amount, 'en', digits)}) "
        "is moved by consumer prices; rates follow wages and new acts.",
    )


def _row(words: Sequence[Any]) -> str:
    return ", ".join(str(word) for word in words)


def _refused(what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, file="price book")])
