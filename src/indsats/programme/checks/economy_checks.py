"""Checks of prices and scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..definition import Programme
from .finding import Finding, check_named


@check_named("price-range")
def prices_lie_in_their_range(programme: Programme) -> Iterator[Finding]:
    """The range of a price runs upwards and holds its amount."""
    for name, price in programme.economy.prices.items():
        path = ("economy", "prices", name)
        known = [
            (key, value) for key in ("low", "amount", "high") if (value := getattr(price, key)) is not None
        ]
        for (lower, value), (upper, other) in pairwise(known):
            if other < value:
                what = f"'{upper}' ({other:g}) lies below '{lower}' ({value:g})"
                yield Finding((*path, upper), what, "Give low, amount and high in that order.")


@check_named("scenario")
def scenarios_say_something(programme: Programme) -> Iterator[Finding]:
    """A scenario counts on a part of the effect, or for a time, and not on more than all of it."""
    for name, scenario in programme.economy.scenarios.items():
        path = ("economy", "scenarios", name)
        if scenario.effect_share is None and scenario.lasts is None:
            what = f"the scenario '{name}' changes nothing that is computed"
            yield Finding(path, what, "Give 'effect_share' or 'lasts'.", "warning", at_key=True)
        elif scenario.effect_share is not None and scenario.effect_share > 1:
            what = f"the scenario counts on {scenario.effect_share:g} times the effect that was found"
            remedy = "Write a share from 0 to 1, unless more is meant."
            yield Finding((*path, "effect_share"), what, remedy, "warning")
