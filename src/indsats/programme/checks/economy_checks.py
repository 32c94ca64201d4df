"""Checks of prices, of what an activity spends of them, and of scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ..base import Duration
from ..blocks import OwnGainBlock
from ..definition import Programme
from ..economy import Flow, Per, Price, Scenario
from .finding import Finding, check_named
from .references import unknown
from .report_checks import report_blocks

FITS: dict[str, tuple[Per, ...]] = {
    "count": ("meeting", "placement", "course", "hour", "once"),
    "time": ("week", "month", "year"),
    "hours": ("hour",),
    "participants": ("participant", "course", "once"),
    "fixed": ("once", "week", "month", "year", "course", "hour"),
}
"""What a price can be for, by how the dose is told, when each of it is one unit of the price."""

_FITS_TIMES: tuple[Per, ...] = ("hour", "week", "month", "year", "meeting", "course")
"""What a price can also be for where each of a count is told in so many of it: a course of six weeks."""

SPENT: tuple[Flow, ...] = ("cost", "grant")
"""What an activity can have a price of; gains, benefits and pay are consequences."""

_APART = 15
"""So many years of price rises may lie between two prices before somebody ought to look again."""


@check_named("price-range")
def prices_lie_in_their_range(programme: Programme) -> Iterator[Finding]:
    """The range of a price, and of an overhead, runs upwards and holds its amount."""
    economy = programme.economy
    for part, middle, items in (
        ("prices", "amount", economy.prices),
        ("overheads", "share", economy.overheads),
    ):
        for name, item in items.items():
            known = [
                (key, value) for key in ("low", middle, "high") if (value := getattr(item, key)) is not None
            ]
            for (lower, value), (upper, other) in pairwise(known):
                if other < value:
                    what = f"'{upper}' ({other:g}) lies below '{lower}' ({value:g})"
                    yield Finding(
                        ("economy", part, name, upper), what, f"Give low, {middle} and high in that order."
                    )


@check_named("economy-ladder")
def named_states_of_the_ladder_exist(programme: Programme) -> Iterator[Finding]:
    """The reimbursement ladder counts states that exist."""
    ladder = programme.economy.ladder
    if ladder is not None:
        for key in ("benefit", "self_support"):
            path = ("economy", "ladder", key)
            yield from unknown(path, getattr(ladder, key), programme.states, "state")


@check_named("economy-price")
def named_prices_exist(programme: Programme) -> Iterator[Finding]:
    """Activities, consequences and the blocks of a report name prices that exist."""
    economy = programme.economy
    for part, items in (("activities", economy.activities), ("consequences", economy.consequences)):
        for name, item in items.items():
            yield from unknown(("economy", part, name, "price"), item.price, economy.prices, "price")
    for path, block in report_blocks(programme):
        if isinstance(block, OwnGainBlock):
            yield from unknown((*path, "benefit"), block.benefit, economy.prices, "price")
            yield from unknown((*path, "wage"), block.wage, economy.prices, "price")


@check_named("economy-activity")
def activities_are_somewhere(programme: Programme) -> Iterator[Finding]:
    """Activities name services and units, and overheads name activities, that exist."""
    economy = programme.economy
    for name, activity in economy.activities.items():
        path = ("economy", "activities", name)
        yield from unknown((*path, "service"), activity.service, programme.services, "service")
        for number, unit in enumerate(getattr(activity.dose, "units", ())):
            yield from unknown((*path, "dose", "units", number), unit, programme.units, "unit")
    for name, overhead in economy.overheads.items():
        for number, activity in enumerate(overhead.of):
            path = ("economy", "overheads", name, "of", number)
            yield from unknown(path, activity, economy.activities, "activity")


@check_named("dose-unit")
def doses_are_in_the_units_of_the_price(programme: Programme) -> Iterator[Finding]:
    """A dose can be told in what its price is for: meetings are counted, and a wage by the year is paid for time."""
    for name, activity in programme.economy.activities.items():
        price = programme.economy.prices.get(activity.price)
        if price is None:
            continue
        how, fits = activity.dose.how, FITS[activity.dose.how]
        if how in ("count", "participants") and activity.dose.each != 1:
            fits = (*fits, *_FITS_TIMES)
        if price.per not in fits:
            what = f"the dose is told by '{how}', and its price '{activity.price}' is per {price.per}"
            others = [one for one, allowed in FITS.items() if price.per in allowed]
            remedy = f"Give a price per {_or(FITS[how])}"
            remedy += f", or tell the dose by {_or(others)}." if others else "."
            yield Finding(("economy", "activities", name, "dose", "how"), what, remedy)


@check_named("price-flow")
def prices_flow_the_right_way(programme: Programme) -> Iterator[Finding]:
    """What is spent is a cost or a grant, what an effect is worth is neither; own gain needs a benefit and a wage."""
    economy = programme.economy
    for name, activity in economy.activities.items():
        price = economy.prices.get(activity.price)
        if price is not None and price.flow not in SPENT:
            what = f"an activity spends money, and the price '{activity.price}' is of a '{price.flow}'"
            remedy = "Use a price of 'flow: cost' or 'grant'; tell gains, benefits and pay as consequences."
            yield Finding(("economy", "activities", name, "price"), what, remedy)
    for name, consequence in economy.consequences.items():
        price = economy.prices.get(consequence.price)
        if price is not None and price.flow == "grant":
            what = f"the price '{consequence.price}' is of a 'grant', which no effect is worth"
            remedy = "Let an activity receive it, or use another price."
            yield Finding(("economy", "consequences", name, "price"), what, remedy)
    for path, block in report_blocks(programme):
        if isinstance(block, OwnGainBlock):
            yield from _flow_of(economy.prices, block.benefit, "transfer", (*path, "benefit"))
            yield from _flow_of(economy.prices, block.wage, "earnings", (*path, "wage"))


def _flow_of(prices: dict[str, Price], name: str, flow: Flow, path: tuple[Any, ...]) -> Iterator[Finding]:
    price = prices.get(name)
    if price is not None and price.flow != flow:
        yield Finding(path, f"the price '{name}' is of a '{price.flow}'", f"Name a price of 'flow: {flow}'.")


@check_named("price-payer")
def payers_are_told_once(programme: Programme) -> Iterator[Finding]:
    """Who pays is told by the price book, or by taxes, or here: in one place, and nobody pays himself."""
    for name, price in programme.economy.prices.items():
        path = ("economy", "prices", name)
        if price.book is not None:
            for key in ("paid_by", "price_year", "low", "high"):
                if getattr(price, key) is not None:
                    what = f"'{key}' is told beside 'book', whose item tells it"
                    yield Finding((*path, key), what, f"Remove '{key}', or 'book'.", at_key=True)
        elif price.flow == "earnings" and price.paid_by is not None:
            what = "pay is the citizen's, and tax decides who else has part of it"
            yield Finding((*path, "paid_by"), what, "Remove 'paid_by'.", at_key=True)
        elif price.flow == "transfer" and isinstance(price.paid_by, dict) and price.paid_by.get("citizen"):
            what = "the citizen receives a public benefit and cannot pay part of it"
            remedy = "Divide it between the public payers; tax on the benefit is computed."
            yield Finding((*path, "paid_by"), what, remedy)


@check_named("price-year")
def amounts_have_their_year(programme: Programme) -> Iterator[Finding]:
    """Where one amount has a price year all have, and they are not a generation apart."""
    economy = programme.economy
    years = {name: price.price_year for name, price in economy.prices.items() if price.price_year}
    told = economy.price_year or max(years.values(), default=None)
    if told is None:
        return
    for name, price in economy.prices.items():
        path = ("economy", "prices", name)
        if price.amount is not None and price.price_year is None:
            what = f"the amount has no price year, and results are told at the prices of {told}"
            yield Finding((*path, "amount"), what, "Give 'price_year'.")
        elif price.price_year is not None and abs(price.price_year - told) > _APART:
            what = f"the amount is of {price.price_year}, and results are told at the prices of {told}"
            remedy = "Look for a newer amount, or give another 'price_year'."
            yield Finding((*path, "price_year"), what, remedy, "warning")


@check_named("price-unused")
def prices_are_used(programme: Programme) -> Iterator[Finding]:
    """A price is of something that is counted; a grant may stand for the record."""
    economy = programme.economy
    used = {item.price for item in (*economy.activities.values(), *economy.consequences.values())}
    for _, block in report_blocks(programme):
        if isinstance(block, OwnGainBlock):
            used |= {block.benefit, block.wage}
    for name, price in economy.prices.items():
        if name not in used and price.flow != "grant":
            what = f"no activity or consequence has the price '{name}'"
            remedy = "Tell under 'activities' what is spent, or under 'consequences' what it is worth."
            yield Finding(("economy", "prices", name), what, remedy, "warning", at_key=True)


@check_named("scenario")
def scenarios_say_something(programme: Programme) -> Iterator[Finding]:
    """A scenario differs from counting the whole effect for ever, and does not count on more than all of it."""
    for name, scenario in programme.economy.scenarios.items():
        path = ("economy", "scenarios", name)
        if _changes_nothing(scenario):
            what = f"the scenario '{name}' changes nothing that is computed"
            remedy = (
                "Say how much of the effect it counts on ('effect', 'effect_share') or how long it 'lasts'."
            )
            yield Finding(path, what, remedy, "warning", at_key=True)
        elif scenario.effect_share is not None and scenario.effect_share > 1:
            what = f"the scenario counts on {scenario.effect_share:g} times the effect that was found"
            remedy = "Write a share from 0 to 1, unless more is meant."
            yield Finding((*path, "effect_share"), what, remedy, "warning")
        elif scenario.fades is not None and scenario.lasts is None:
            what = "the effect is said to fade and not how long it is whole before that"
            yield Finding((*path, "fades"), what, "Give 'lasts'; P0D fades from the start.", at_key=True)


def _changes_nothing(scenario: Scenario) -> bool:
    told = ("effect", "effect_share", "lasts", "fades", "hours_share", "cost_share", "displaced")
    return all(getattr(scenario, key) == type(scenario).model_fields[key].default for key in told)


@check_named("scenario-horizon")
def scenarios_end_in_time(programme: Programme) -> Iterator[Finding]:
    """An effect does not last beyond the years that are counted."""
    horizon = programme.economy.horizon
    for name, scenario in programme.economy.scenarios.items():
        lasts = scenario.lasts
        if lasts is None or lasts.setting not in (None, *programme.settings):
            continue
        if _years(programme.length(lasts)) > horizon:
            what = f"the effect lasts longer than the {horizon} years that are counted"
            remedy = "Raise 'horizon', or leave 'lasts' out: then the effect is counted in every year."
            yield Finding(("economy", "scenarios", name, "lasts"), what, remedy, "warning")


def _years(length: Duration) -> float:
    return length.months / 12 + length.days / 365.25


def _or(names: tuple[str, ...] | list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
