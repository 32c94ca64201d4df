"""Draws of a business case: all at once against a plain loop over draws.

    python benchmarks/economy.py [DRAWS] [YEARS]

10,000 draws of 10 years and 5 payers when left out, for cases of 30 and 300 lines in which every quantity and price is
uncertain. The loop draws each input and adds up each line in turn, on a part of the draws, and is scaled. That both
come to the same is shown by tests/unit/economy/test_draws.py. Invented numbers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from indsats.economy.draws import ERRORS_WIDE, draws
from indsats.economy.lines import PUBLIC_ROWS, Case, Line, Uncertain
from indsats.programme import PAYERS, Text

SHARE = 10
"""The loop runs on one draw in so many."""


def main(n: int, years: int) -> None:
    """Time both for a usual and a large case, and print a table."""
    for size in (30, 300):
        made = case(size, years)
        fast = timed(lambda made=made: draws(made, n).chance(), times=5)
        slow = timed(lambda made=made: loop(made, n // SHARE), times=1)
        print(  # noqa: T201
            f"{size:4} lines × {years} years × {len(PAYERS)} payers × {n:,} draws: {fast:6.3f} s, "
            f"a loop takes {slow * SHARE / fast:.0f} times as long"
        )


def timed(step: Callable[[], object], times: int) -> float:
    """The shortest of some runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        step()
        found.append(time.perf_counter() - start)
    return min(found)


def case(size: int, years: int) -> Case:
    """A case of ``size`` lines, a third of them effects, each with a price and a chance error of its own."""
    rng = np.random.default_rng(size)
    lines = []
    for number in range(size):
        effect = number % 3 == 0
        value, price = rng.uniform(1, 10), rng.uniform(100, 1000)
        shares = np.repeat(rng.dirichlet(np.ones(len(PAYERS)))[:, None], years, axis=1)
        lines.append(
            Line(
                id=f"line-{number}",
                of=f"line-{number}",
                title=Text(da="Opdigtet linje", en="Invented line"),
                part="consequence" if effect else "cost",
                quantity=Uncertain(value, 0.5 * value, 1.5 * value, "interval"),
                price=Uncertain(price, 0.8 * price, 1.5 * price, "range"),
                shares=shares if effect else -shares,
                weights=np.ones(years) if effect else np.eye(years)[0],
                unit=Text(da="stk.", en="pieces"),
                price_of=f"price-{number}",
                errs_with=f"line-{number}",
                moves=effect,
            )
        )
    return Case(
        scenario="expected",
        title=Text(da="Opdigtet", en="Invented"),
        lines=tuple(lines),
        discount=np.power(1.035, -np.arange(years, dtype=np.float64)),
        participants=100,
        price_year=2024,
        yardstick="line-0",
    )


def loop(made: Case, n: int) -> float:
    """The chance of the public purse, one draw, line and payer after another; NumPy over years only."""
    rng = np.random.default_rng(3)
    net = np.zeros((n, len(PAYERS)))
    patterns = [line.pattern for line in made.lines]
    for draw in range(n):
        for line, pattern in zip(made.lines, patterns, strict=True):
            low, high = line.quantity.ends
            quantity = rng.normal(line.quantity.value, (high - low) / ERRORS_WIDE)
            cheap, dear = line.price.ends
            amount = quantity * rng.triangular(cheap, line.price.value, dear)
            for row in range(len(PAYERS)):
                net[draw, row] += float((amount * pattern[row] * made.discount).sum())
    return float(np.mean(net[:, PUBLIC_ROWS].sum(axis=1) > 0))


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(given[0] if given else 10_000, given[1] if len(given) > 1 else 10)
