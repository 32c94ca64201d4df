"""Many cases drawn at random within what is known of effects, doses and prices: how sure the result is.

Every input is drawn once in a draw (``inputs``); a case is linear in the amounts of its lines, so all draws are one
product of amounts (draws × lines) with the pattern of the case (lines × payers and years).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from indsats.programme import PAYERS, PUBLIC, Payer

from .budget import budget, effect_units
from .inputs import inputs
from .lines import Array, Case, Uncertain, payer_rows

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""The quantiles a fan has when none are named."""

ERRORS_WIDE = 2 * 1.959963984540054
"""How many standard errors a 95 % interval is wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws of a case. ``net`` is present value in kroner per participant: draws × ``PAYERS`` × years.

    ``units`` is the yardstick's effect over all years in each draw, as ``effect_units`` counts it; None without a
    yardstick. ``known`` is false where nothing is known of how sure an effect is: it does not vary, and the chance then
    says too much.
    """

    net: Array
    units: Array | None
    known: bool

    def total(self, payers: Sequence[Payer] = PUBLIC) -> Array:
        """Net present value for some payers in each draw."""
        return self.net[:, payer_rows(payers), :].sum(axis=(1, 2))

    def chance(self, payers: Sequence[Payer] = PUBLIC) -> float:
        """The share of draws in which the payers gain."""
        return float(np.mean(self.total(payers) > 0))

    def fan(self, payers: Sequence[Payer] = PUBLIC, quantiles: Sequence[float] = QUANTILES) -> pl.DataFrame:
        """Quantiles of the net after each year: ``year`` (from 1), and ``p2.5``, ``p50`` and so on in kroner.

        Quantiles are taken year by year: no single draw need follow one of them.
        """
        running = self.net[:, payer_rows(payers), :].sum(axis=1).cumsum(axis=1)
        found = np.quantile(running, list(quantiles), axis=0)
        named = {f"p{100 * quantile:g}": values for quantile, values in zip(quantiles, found, strict=True)}
        return pl.DataFrame({"year": np.arange(1, running.shape[1] + 1), **named})


def draws(case: Case, n: int = 10_000, seed: int = 1) -> Draws:
    """``n`` draws of a case; the same ``seed`` gives the same draws.

    An ``interval`` is drawn from the normal distribution around its value, a ``range`` from the triangular one with its
    value as the peak. An input has random numbers of its own, by its name: what else a case holds does not change
    them, so that scenarios drawn with one seed differ by what they count on and not by chance. Raises ValueError for
    ``n`` below 1 or a negative seed.
    """
    if n < 1:
        raise ValueError(f"{n} draws were asked for; at least 1 is needed")
    lines = case.lines
    quantity: list[Array | float] = [line.quantity.value for line in lines]
    price: list[Array | float] = [line.price.value for line in lines]
    for one in inputs(case):
        numbers = one.of(case)
        if all(number.spread == "exact" for number in numbers):
            continue
        errors = np.random.default_rng([seed, *f"{one.kind} {one.id}".encode()]).standard_normal(n)
        into = price if one.kind == "price" else quantity
        for row, number, sign in zip(one.rows, numbers, one.signs, strict=True):
            into[row] = drawn(number, sign * errors)
            if one.kind == "quantity":
                into[row] = np.maximum(into[row], 0.0)  # nobody has less than nothing
    varies = [
        row for row in range(len(lines)) if not np.isscalar(quantity[row]) or not np.isscalar(price[row])
    ]
    present = (case.patterns * case.discount).reshape(len(lines), len(PAYERS) * case.years)
    sure = np.ones(len(lines), dtype=bool)
    sure[varies] = False
    net = np.broadcast_to(case.amounts[sure] @ present[sure], (n, present.shape[1]))
    if varies:
        amounts = np.stack([np.multiply(quantity[row], price[row]) for row in varies])
        net = net + amounts.T @ present[varies]
    return Draws(
        net=net.reshape(n, len(PAYERS), case.years),
        units=_units(case, quantity, n),
        known=all(line.quantity.bounded for line in lines if line.moves),
    )


def drawn(number: Uncertain, errors: Array) -> Array:
    """The number at each standard normal error: exact ones stay, the others go as ``draws`` says."""
    if number.spread == "exact" or number.low is None or number.high is None:
        return np.full(len(errors), number.value)
    width = number.high - number.low
    if number.spread == "interval" or width == 0:
        return number.value + width / ERRORS_WIDE * errors
    at, below = ndtr(errors), number.value - number.low
    rising = number.low + np.sqrt(at * width * below)
    falling = number.high - np.sqrt((1 - at) * width * (width - below))
    return np.where(at * width < below, rising, falling)


def _units(case: Case, quantity: Sequence[Array | float], n: int) -> Array | None:
    if effect_units(case) is None:
        return None
    units = np.zeros(n)
    for line, values in zip(case.lines, quantity, strict=True):
        if line.of == case.yardstick:
            units += values * float(line.weights.sum())
    return units


def acceptability(
    case: Case, found: Draws, values: Array | None = None, payers: Sequence[Payer] = PUBLIC
) -> pl.DataFrame:
    """How sure it is that the effort is worth it, by what one unit of the yardstick is held to be worth besides.

    ``value`` in kroner per unit and ``chance``, the share of draws where value × units and the payers' net together are
    above zero; at 0 it is ``Draws.chance``. Values go from 0 to twice what makes up for the cost when left out.
    Raises ValueError for a case without a yardstick.
    """
    if found.units is None:
        raise ValueError("the case has no yardstick to put a value on")
    net, units = found.total(payers), found.units
    if values is None:
        values = np.linspace(0, 2 * _makes_up(case, units, payers), 31)
    chance = [float(np.mean(net + value * units > 0)) for value in values]
    return pl.DataFrame({"value": np.asarray(values, dtype=np.float64), "chance": chance})


def _makes_up(case: Case, units: Array, payers: Sequence[Payer]) -> float:
    """The value of a unit at which a typical draw's units are worth the cost; 0 where there are no units."""
    typical, result = float(np.median(np.abs(units))), budget(case, payers)
    return max(result.cost, -result.net, 0.0) / typical if typical > 0 else 0.0
