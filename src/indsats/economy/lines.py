"""A business case as lines: a quantity, its price, and how a unit of money falls on payers and years.

Every result of the room is linear in quantities and prices, so a case is a matrix: what one krone of each line is
to each payer in each year. Net value, break-even, sensitivity and 10,000 draws are products with that matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indsats.evaluate import Caution
from indsats.programme import PAYERS, PUBLIC, Payer, Text

Array = NDArray[np.float64]
Part = Literal["cost", "usual", "grant", "consequence"]
"""``usual`` is what participants would have cost without the effort, which is not spent."""

COSTS: tuple[Part, ...] = ("cost", "usual")
"""The parts whose sum is what the effort costs more than none."""

Spread = Literal["exact", "interval", "range"]


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A number and how sure it is.

    ``interval``: ``low`` and ``high`` are a 95 % interval of something estimated. ``range``: they are the smallest and
    the largest it may be. ``exact``: it has no ends, because it was counted or because nothing is known of its error;
    of an effect it is always the latter. Raises ValueError when the three are not in order, or an exact number has
    ends.
    """

    value: float
    low: float | None = None
    high: float | None = None
    spread: Spread = "exact"

    def __post_init__(self) -> None:
        if self.spread == "exact":
            if self.low is not None or self.high is not None:
                raise ValueError("an exact number has no low or high")
            return
        if self.low is None or self.high is None or not self.low <= self.value <= self.high:
            raise ValueError(
                f"{self.low}, {self.value}, {self.high} are not low, value and high in that order"
            )

    @property
    def bounded(self) -> bool:
        """Whether anything tells how sure it is."""
        return self.spread != "exact"

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high, or the value twice where there are none."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high

    @property
    def holds_zero(self) -> bool:
        """Whether nothing at all lies between low and high."""
        low, high = self.ends
        return low <= 0 <= high

    def times(self, factor: float) -> Uncertain:
        """The same in other units; a negative factor turns low and high round."""
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        if factor < 0:
            low, high = high, low
        return replace(self, value=self.value * factor, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a case, per participant.

    ``shares`` (payers × years, in the order of ``PAYERS``) is what one krone of ``quantity × price`` is to each payer
    in each year, negative where it is spent; ``weights`` (years) is how much of the quantity falls in each year.
    ``of`` is the activity or consequence it belongs to, ``price_of`` the price (lines with the same one err together),
    ``errs_with`` the effect whose chance error it shares. ``moves`` tells whether the quantity is an effect, which
    break-even may change. ``transfer``: it moves money between payers and makes or uses nothing.
    """

    id: str
    of: str
    title: Text
    part: Part
    quantity: Uncertain
    price: Uncertain
    shares: Array
    weights: Array
    unit: Text
    price_of: str
    errs_with: str
    moves: bool = False
    transfer: bool = False

    def __post_init__(self) -> None:
        if self.shares.shape != (len(PAYERS), len(self.weights)):
            raise ValueError(f"line '{self.id}': shares are {self.shares.shape}, not payers × years")
        made = np.abs(self.shares.sum(axis=0)).max(initial=0.0)
        if (self.transfer or self.part == "grant") and made > 1e-9 * max(1.0, np.abs(self.shares).max()):
            raise ValueError(
                f"line '{self.id}' moves money between payers, but its shares do not sum to zero"
            )

    @property
    def pattern(self) -> Array:
        """What one krone of ``quantity × price`` is to each payer in each year: payers × years."""
        return self.shares * self.weights

    @property
    def amount(self) -> float:
        """Quantity times price, before it falls on anybody."""
        return self.quantity.value * self.price.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A business case per participant: lines over ``years``, with what a krone in each year is worth today.

    ``discount`` (one per year, the first 1) are the factors. ``yardstick`` is the consequence results are told in,
    ``yardstick_unit`` what it is counted in. ``displaced`` is the part of the effect that others lose.
    """

    scenario: str
    title: Text
    lines: tuple[Line, ...]
    discount: Array
    participants: float
    price_year: int
    yardstick: str | None = None
    yardstick_unit: Text | None = None
    displaced: float = 0.0
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        for line in self.lines:
            if line.pattern.shape[1] != self.years:
                raise ValueError(
                    f"line '{line.id}' tells {line.pattern.shape[1]} years of a case of {self.years}"
                )

    @property
    def years(self) -> int:
        """How many years are counted."""
        return len(self.discount)

    @property
    def patterns(self) -> Array:
        """The patterns of all lines: lines × payers × years."""
        if not self.lines:
            return np.zeros((0, len(PAYERS), self.years))
        return np.stack([line.pattern for line in self.lines])

    @property
    def amounts(self) -> Array:
        """Quantity times price of each line."""
        return np.array([line.amount for line in self.lines])

    def flows(self) -> Array:
        """Money per participant, not discounted: lines × payers × years; what a payer gains is positive."""
        return self.amounts[:, None, None] * self.patterns

    def present(self) -> Array:
        """Present value per participant of each line to each payer: lines × payers."""
        return self.flows() @ self.discount

    def worth(self, payers: Sequence[Payer]) -> Array:
        """Present value of one krone of each line to some payers together."""
        return (self.patterns[:, payer_rows(payers)] @ self.discount).sum(axis=1)


def payer_rows(payers: Sequence[Payer]) -> list[int]:
    """The rows of a pattern that are these payers."""
    return [PAYERS.index(payer) for payer in payers]


PUBLIC_ROWS = payer_rows(PUBLIC)
"""The rows of a pattern that are public."""


def cash_flow(case: Case) -> pl.DataFrame:
    """The case as a table: ``line``, ``of``, ``part``, ``payer``, ``year`` (from 1), ``amount``, ``present``.

    Amounts are in kroner of ``case.price_year`` per participant; ``present`` is discounted.
    """
    flows = case.flows()
    n_lines, n_payers, n_years = flows.shape
    return pl.DataFrame(
        {
            "line": np.repeat([line.id for line in case.lines], n_payers * n_years),
            "of": np.repeat([line.of for line in case.lines], n_payers * n_years),
            "part": np.repeat([line.part for line in case.lines], n_payers * n_years),
            "payer": np.tile(np.repeat(PAYERS, n_years), n_lines),
            "year": np.tile(np.arange(1, n_years + 1), n_lines * n_payers),
            "amount": flows.ravel(),
            "present": (flows * case.discount).ravel(),
        },
        schema={
            "line": pl.String,
            "of": pl.String,
            "part": pl.String,
            "payer": pl.String,
            "year": pl.Int64,
            "amount": pl.Float64,
            "present": pl.Float64,
        },
    )
