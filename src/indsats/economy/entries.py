"""What stands in a price book: amounts and rules, each with its source and the days it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import inf
from typing import Literal, Protocol

import numpy as np
from pydantic import Field, model_validator

from indsats.programme import Flow, Id, Item, Part, Per, Shares, Text

from .ladder import Ladder
from .lines import Array
from .tax import Taxes
from .units import WEEKS_A_YEAR

Taxed = Literal["none", "income", "wage"]
"""How the citizen taxes it: ``income`` as a public benefit, without labour-market contribution; ``wage`` with it."""


class Holding(Protocol):
    """What holds from a day to another, both included; without ``to`` it still does."""

    @property
    def from_(self) -> date: ...

    @property
    def to(self) -> date | None: ...


class Held(Item):
    """An entry that holds ``from`` a day ``to`` another, both included; without ``to`` it still does."""

    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Held:
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"it ends ({self.to}) before it begins ({self.from_})")
        return self


class Rate(Held):
    """An amount in kroner at the price level of the years it holds.

    ``low`` and ``high`` are the printed range, read as the smallest and the largest it may be.
    """

    amount: float = Field(ge=0)
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _inside(self) -> Rate:
        if (self.low is None) != (self.high is None):
            raise ValueError("a range has both 'low' and 'high'")
        if self.low is not None and self.high is not None and not self.low <= self.amount <= self.high:
            raise ValueError("'low', 'amount' and 'high' must be in that order")
        return self

    def times(self, factor: float) -> Rate:
        """The same at another price level."""
        moved = {
            key: None if value is None else value * factor
            for key, value in (("amount", self.amount), ("low", self.low), ("high", self.high))
        }
        return self.model_copy(update=moved)

    def own_year(self, year: int) -> int:
        """The year, among those it holds in, that is nearest to one in which it does not hold."""
        last = self.from_.year if self.to is None else self.to.year
        return min(max(year, self.from_.year), last)


class BookItem(Part):
    """What is priced, per what, and its rates, the oldest first.

    ``paid_by`` says whose money it is: shares, or ``ladder`` for a benefit that municipality and state divide by how
    long the citizen has been on benefit. It is left out where no source tells.
    """

    title: Text
    flow: Flow
    per: Per
    paid_by: Shares | Literal["ladder"] | None = None
    taxed: Taxed = "none"
    note: Text | None = None
    rates: list[Rate] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> BookItem:
        refuse_overlap(self.rates)
        if self.paid_by == "ladder" and self.flow != "transfer":
            raise ValueError("only a transfer is divided by the ladder")
        wanted = "wage" if self.flow == "earnings" else None
        if (self.taxed == "wage") != (wanted == "wage"):
            raise ValueError("'taxed: wage' and 'flow: earnings' go together")
        return self


class ToBeGiven(Part):
    """An item without a public price, which a user has to give: what it is, per what, and where to find it."""

    title: Text
    flow: Flow = "cost"
    per: Per
    where: Text


class IndexYear(Item):
    """The consumer price index of a year, on average."""

    value: float = Field(gt=0)


class LadderStep(Part):
    """Until week ``to_week`` on benefit (to the end without it) the state pays ``state`` of the benefit."""

    to_week: int | None = Field(default=None, gt=0)
    state: float = Field(ge=0, le=1)


class LadderRates(Held):
    """The reimbursement ladder, and that counting starts over after ``reset_weeks`` whole weeks of self-support
    within the latest ``window_years``."""

    steps: list[LadderStep] = Field(min_length=1)
    reset_weeks: int = Field(gt=0)
    window_years: int = Field(gt=0)

    @model_validator(mode="after")
    def _rises(self) -> LadderRates:
        *firsts, last = (step.to_week for step in self.steps)
        if last is not None or None in firsts:
            raise ValueError("every step but the last has a 'to_week'")
        self.ladder()
        return self

    def ladder(self) -> Ladder:
        """The rules as the engine uses them."""
        steps = tuple((inf if one.to_week is None else float(one.to_week), one.state) for one in self.steps)
        return Ladder(
            steps=steps, reset_weeks=self.reset_weeks, window_weeks=self.window_years * WEEKS_A_YEAR
        )


class TaxRates(Item):
    """Income tax in a year: rates as shares, allowances in kroner a year.

    ``municipal`` is the national average without church tax. ``bottom`` is bundskat, ``health`` the sundhedsbidrag
    there was until 2018. ``employment_allowance`` (beskæftigelsesfradrag) is a share of pay up to its ``_max``.
    """

    labour_market: float = Field(ge=0, lt=1)
    municipal: float = Field(ge=0, lt=1)
    bottom: float = Field(ge=0, lt=1)
    health: float = Field(default=0, ge=0, lt=1)
    personal_allowance: float = Field(ge=0)
    employment_allowance: float = Field(ge=0, lt=1)
    employment_allowance_max: float = Field(ge=0)

    def taxes(self, year: int) -> Taxes:
        """The rules as the engine uses them."""
        return Taxes(
            year=year,
            labour_market=self.labour_market,
            municipal=self.municipal,
            state=self.bottom + self.health,
            employment_allowance=self.employment_allowance,
            employment_allowance_max=self.employment_allowance_max,
            personal_allowance=self.personal_allowance,
            health=self.health,
        )


class DiscountStep(Part):
    """The yearly rate to and including year ``to_year`` after the first (to the end without it)."""

    to_year: int | None = Field(default=None, gt=0)
    rate: float = Field(ge=0, lt=1)


class DiscountRates(Held):
    """The socio-economic discount rate in force, real, by how far ahead a year lies."""

    steps: list[DiscountStep] = Field(min_length=1)

    @model_validator(mode="after")
    def _rises(self) -> DiscountRates:
        *firsts, last = (step.to_year for step in self.steps)
        if last is not None or any(year is None for year in firsts):
            raise ValueError("every step but the last has a 'to_year'")
        if any(a >= b for a, b in pairwise(year for year in firsts if year is not None)):
            raise ValueError("the steps' 'to_year' must rise")
        return self

    def factors(self, years: int) -> Array:
        """What a krone in each of ``years`` years is worth in the first one."""
        ahead = np.arange(1, years)
        ends = [step.to_year for step in self.steps if step.to_year is not None]
        rates = np.array([step.rate for step in self.steps])[np.searchsorted(ends, ahead)]
        return np.concatenate([[1.0], np.cumprod(1 / (1 + rates))])[:years]


class SocialFactors(Held):
    """What the Ministry of Finance's guide adds in a socio-economic calculation; see ``society.Factors``."""

    net_tax: float = Field(ge=1)
    distortion: float = Field(ge=0)


class Exemption(Part):
    """What a citizen on one of ``benefits`` may earn for each hour worked before the benefit is cut.

    It holds for at most ``hours_a_month``, for all hours when left out.
    """

    title: Text
    benefits: list[Id] = Field(min_length=1)
    hours_a_month: float | None = Field(default=None, gt=0)
    rates: list[Rate] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Exemption:
        refuse_overlap(self.rates)
        return self


def refuse_overlap(entries: Sequence[Holding]) -> None:
    """Raises ValueError unless entries stand in order of time and none runs into the next."""
    for first, then in pairwise(entries):
        if first.to is None or first.to >= then.from_:
            raise ValueError(f"what holds from {first.from_} runs into what holds from {then.from_}")
