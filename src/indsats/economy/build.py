"""From a definition, its prices, what was spent and the effects found, to the lines of a business case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from indsats.evaluate import Caution
from indsats.problem import InputRefused, Problem
from indsats.programme import PAYERS, Consequence, EnteredEffect, Payer, Programme, Scenario

from . import cautions
from .book import PriceBook
from .budget import with_effect, yardstick_lines
from .ladder import Ladder
from .lasting import lasting
from .lines import PUBLIC_ROWS, Array, Case, Line, Uncertain, payer_rows
from .prices import Quoted, Quotes
from .spent import Had, Spent
from .tax import Taxes
from .units import WEEKS_A_YEAR, per_year
from .words import COUNTED

Effects = Mapping[tuple[str, int], Uncertain]
"""What was found of each effect: by consequence and the year it is about, per participant in that year."""


def case_of(
    programme: Programme,
    scenario_id: str,
    *,
    quotes: Quotes,
    book: PriceBook,
    spent: Spent,
    effects: Effects,
    participants: float,
    state_shares: Sequence[float | None] = (),
) -> Case:
    """The business case of one scenario of the programme.

    ``effects`` are those of ``EstimatedEffect``; entered ones stand in the definition. ``state_shares`` is the
    state's part of benefits in each year, as registers tell it (``state_share_of_register``); what is missing of it
    follows from ``weeks_on_benefit``. Raises ``KeyError`` for an unknown scenario and ``InputRefused`` naming
    prices and effects that are missing.
    """
    economy, scenario = programme.economy, programme.economy.scenarios[scenario_id]
    found = _found(programme, effects)
    rules = _Rules(book, quotes.year, economy.weeks_on_benefit, economy.horizon, state_shares)
    lines = [*_cost_lines(programme, scenario, quotes, spent, economy.horizon)]
    left = lasting(programme, scenario, economy.horizon)
    for name, consequence in economy.consequences.items():
        lines += _consequence_lines(name, consequence, scenario, quotes, found, rules, left)
    yardstick = economy.yardstick
    case = Case(
        scenario=scenario_id,
        title=scenario.title,
        lines=tuple(lines),
        discount=book.discounting(rules_year(programme, book), economy.horizon),
        participants=participants,
        price_year=quotes.year,
        yardstick=yardstick,
        yardstick_unit=economy.consequences[yardstick].unit if yardstick else None,
        displaced=scenario.displaced,
    )
    case = with_effect(case, scenario.effect)
    return replace(case, cautions=(*quotes.cautions, *_doubts(programme, case, left)))


def rules_year(programme: Programme, book: PriceBook) -> int:
    """The year whose discount rate and socio-economic factors are used, whatever the price level."""
    return programme.economy.rules_year or book.rules_year


class _Rules:
    """Who pays and receives in a price year: the ladder and the taxes, as shares by payer and year."""

    def __init__(
        self, book: PriceBook, year: int, weeks: float, years: int, told: Sequence[float | None]
    ) -> None:
        self._book, self._year, self._weeks, self._told = book, year, weeks, told
        self.years = years

    @cached_property
    def _ladder(self) -> Ladder:
        # Made when a price asks for it: a case of years before the ladder may have none that does.
        return self._book.ladder_in(self._year)

    @cached_property
    def _taxes(self) -> Taxes:
        return self._book.taxes_in(self._year)

    def payers(self, price: Quoted) -> Array:
        """Each payer's part of one krone of the price: payers × years."""
        if price.paid_by != "ladder":
            return np.repeat(by_payer(price.paid_by)[:, None], self.years, axis=1)
        firsts = self._weeks + WEEKS_A_YEAR * np.arange(self.years)
        state = np.array([self._ladder.state_share(first, first + WEEKS_A_YEAR) for first in firsts])
        for year, share in enumerate(self._told[: self.years]):
            state[year] = state[year] if share is None else share
        shares = np.zeros((len(PAYERS), self.years))
        shares[payer_rows(["municipality"])[0]] = 1 - state
        shares[payer_rows(["state"])[0]] = state
        return shares

    def worth(self, price: Quoted) -> Array:
        """What one more unit is to each payer, for a price of one krone: payers × years."""
        if price.flow == "earnings":
            return np.repeat(by_payer(self._taxes.shares_of_wage())[:, None], self.years, axis=1)
        paid = self.payers(price)
        if price.flow == "benefit":
            return paid
        if price.flow == "cost":
            return -paid
        untaxed: Mapping[Payer, float] = {"citizen": 1.0}
        received = self._taxes.shares_of_transfer() if price.taxed == "income" else untaxed
        return by_payer(received)[:, None] - paid


def by_payer(shares: Mapping[Payer, float]) -> Array:
    """Shares as an array in the order of ``PAYERS``; who is not named has none."""
    return np.array([shares.get(payer, 0.0) for payer in PAYERS])


def units_of_price(consequence: Consequence, price: Quoted) -> float:
    """How many units of the price one unit of the effect is: 12/52 months to a week; 52 hours to an hour a week.

    Raises ``InputRefused`` where a price is for no time and the effect is counted in time.
    """
    if consequence.counted_in == "units":
        return consequence.each
    units = per_year(price.per)
    if units is None:
        raise InputRefused(
            [
                Problem(
                    f"the price '{price.id}' is per {price.per}, and the effect is counted in time",
                    "Use a price per hour, week, month or year, or write 'counted_in: units'",
                    file="economy.yaml",
                    field=price.id,
                )
            ]
        )
    if consequence.counted_in == "years":
        return consequence.each * units
    if consequence.counted_in == "hours_a_week" and price.per == "hour":
        return consequence.each * WEEKS_A_YEAR
    if consequence.counted_in == "hours_a_week":
        return consequence.each * units / (per_year("hour") or 1) * WEEKS_A_YEAR
    return consequence.each * units / WEEKS_A_YEAR


def _found(programme: Programme, effects: Effects) -> dict[tuple[str, int], Uncertain]:
    """Every effect of the definition as a number. Raises ``InputRefused`` naming those nobody estimated."""
    found: dict[tuple[str, int], Uncertain] = {}
    missing: list[Problem] = []
    for name, consequence in programme.economy.consequences.items():
        for effect in consequence.effects:
            key = (name, effect.year)
            if isinstance(effect, EnteredEffect):
                found[key] = _entered(effect)
            elif key in effects:
                found[key] = effects[key]
            else:
                what = f"the effect of '{name}' in year {effect.year} is not estimated in these data"
                remedy = (
                    f"Give data with which the outcome '{effect.outcome}' of '{effect.evaluation}' can be estimated, "
                    "or enter the effect with its source ('how: entered')"
                )
                missing.append(Problem(what, remedy, file="economy.yaml", field=name))
    if missing:
        raise InputRefused(missing)
    return found


def _entered(effect: EnteredEffect) -> Uncertain:
    if effect.low is None or effect.high is None:
        return Uncertain(effect.value)
    return Uncertain(effect.value, effect.low, effect.high, "interval")


def _cost_lines(
    programme: Programme, scenario: Scenario, quotes: Quotes, spent: Spent, years: int
) -> Iterator[Line]:
    economy = programme.economy
    for name, activity in economy.activities.items():
        price, had = quotes.found[activity.price], spent[name]
        grant = price.flow == "grant"
        paid = np.repeat(by_payer(_shares(price))[:, None], years, axis=1)
        municipality = by_payer({"municipality": 1.0})[:, None]
        line = Line(
            id=name,
            of=name,
            title=activity.title,
            part="grant" if grant else "cost",
            quantity=had.total.times(1 if grant else scenario.cost_share),
            price=price.amount,
            shares=municipality - paid if grant else -paid,
            weights=_weights(had, years),
            unit=COUNTED[price.per],
            price_of=activity.price,
            errs_with=name,
            transfer=grant,
        )
        yield line
        if activity.usual is not None and not grant:
            yield replace(
                line,
                id=f"{name}/usual",
                part="usual",
                quantity=Uncertain(activity.usual.quantity * had.over),
                shares=-line.shares,
                errs_with=f"{name}/usual",
            )
        for key, overhead in economy.overheads.items():
            among = overhead.of or [
                other for other, one in economy.activities.items() if one.dose.how != "fixed"
            ]
            if name not in among or grant:
                continue
            share = _overhead(overhead.share, overhead.low, overhead.high)
            added = replace(line, id=f"{key}/{name}", of=key, title=overhead.title)
            if share.spread == "exact":  # a sure share of a dose errs as the dose does
                added = replace(added, quantity=line.quantity.times(share.value))
            else:
                added = replace(added, quantity=share.times(line.quantity.value), errs_with=key)
            yield added
            if activity.usual is not None:
                yield replace(
                    added,
                    id=f"{key}/{name}/usual",
                    part="usual",
                    quantity=share.times(activity.usual.quantity * had.over),
                    shares=-line.shares,
                    errs_with=f"{name}/usual" if share.spread == "exact" else key,
                )


def _overhead(share: float, low: float | None, high: float | None) -> Uncertain:
    if low is None and high is None:
        return Uncertain(share)
    return Uncertain(share, share if low is None else low, share if high is None else high, "range")


def _shares(price: Quoted) -> Mapping[Payer, float]:
    """Who pays for an activity; a benefit's ladder says nothing of meetings and rent."""
    return {"municipality": 1.0} if price.paid_by == "ladder" else price.paid_by


def _weights(had: Had, years: int) -> Array:
    """The part of a dose in each of ``years``; what comes later is put to the last year, so that no cost is lost."""
    dose = had.by_year
    if len(dose) > years:
        dose = np.append(dose[: years - 1], dose[years - 1 :].sum())
    dose = np.pad(dose, (0, years - len(dose)))
    return dose / dose.sum() if dose.sum() else np.eye(1, years)[0]


def _consequence_lines(
    name: str,
    consequence: Consequence,
    scenario: Scenario,
    quotes: Quotes,
    found: Mapping[tuple[str, int], Uncertain],
    rules: _Rules,
    left: Array,
) -> Iterator[Line]:
    """A line for each year an effect was told of; it holds until the next such year, or the end."""
    price = quotes.found[consequence.price]
    share = (1.0 if scenario.effect_share is None else scenario.effect_share) * (
        scenario.hours_share if consequence.worked else 1.0
    )
    told = sorted(effect.year for effect in consequence.effects)
    years = np.arange(1, rules.years + 1)
    for year, following in zip(told, [*told[1:], rules.years + 1], strict=True):
        yield Line(
            id=name if len(told) == 1 else f"{name}/{year}",
            of=name,
            title=consequence.title,
            part="consequence",
            quantity=found[name, year].times(share),
            price=price.amount,
            shares=rules.worth(price) * units_of_price(consequence, price),
            weights=np.where((years >= year) & (years < following), left, 0.0),
            unit=consequence.unit,
            price_of=consequence.price,
            errs_with=consequence.moves_with or name,
            moves=True,
            transfer=price.flow == "transfer",
        )


def _doubts(programme: Programme, case: Case, left: Array) -> Iterator[Caution]:
    economy = programme.economy
    effects = [line for line in case.lines if line.moves]
    if not effects:
        return
    followed = {
        name: max(effect.year for effect in one.effects) for name, one in economy.consequences.items()
    }
    shortest = min(followed.values())
    counted = int(np.flatnonzero(left)[-1]) + 1 if left.any() else 0
    if counted > shortest:
        yearly = [line.amount * line.pattern[PUBLIC_ROWS].sum(axis=0) * case.discount for line in effects]
        total = sum(float(worth.sum()) for worth in yearly)
        later = sum(
            float(worth[followed[line.of] :].sum()) for line, worth in zip(effects, yearly, strict=True)
        )
        # Where years go against each other no part of the sum is the later ones'.
        share = later / total if 0 <= later <= total and total > 0 else None
        yield cautions.beyond_data(shortest, counted, share)
    if not all(line.quantity.bounded for line in effects):
        yield cautions.effect_unsure()
    elif any(line.quantity.holds_zero for line in yardstick_lines(case) or effects):
        yield cautions.effect_unproven()
    own = {line.errs_with for line in effects}
    if len(own) > 1:
        yield cautions.own_errors(len(own))
    if economy.activities and not any(one.usual for one in economy.activities.values()):
        yield cautions.no_usual()
    flows = {economy.prices[one.price].flow for one in economy.consequences.values()}
    if flows & {"transfer", "earnings"}:
        yield cautions.linear_tax()
