"""Checks of what an effect is taken to be worth, and of the blocks that tell a business case."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import CaseBlock, CostsBlock, OwnGainBlock, PricesBlock, ScenariosBlock, SocietyBlock
from ..definition import Programme
from ..economy import EstimatedEffect, Per
from ..evaluation import ColumnOutcome, HoursOutcome, Outcome, WeeksOutcome
from .finding import Finding, check_named
from .references import unknown
from .report_checks import report_blocks

_OF_TIME: tuple[Per, ...] = ("hour", "week", "month", "year")

_WEEKS_A_YEAR = 52
_MONTHS_A_YEAR = 12


@check_named("effect-source")
def effects_are_estimated_somewhere(programme: Programme) -> Iterator[Finding]:
    """An estimated effect names an evaluation, an outcome of it and an estimate it makes."""
    for name, consequence in programme.economy.consequences.items():
        for number, effect in enumerate(consequence.effects):
            if not isinstance(effect, EstimatedEffect):
                continue
            path = ("economy", "consequences", name, "effects", number)
            evaluation = programme.evaluations.get(effect.evaluation)
            if evaluation is None:
                yield from unknown(
                    (*path, "evaluation"), effect.evaluation, programme.evaluations, "evaluation"
                )
                continue
            outcomes = [outcome.id for outcome in evaluation.outcomes]
            yield from unknown((*path, "outcome"), effect.outcome, outcomes, "outcome")
            made = [estimate.id for estimate in evaluation.estimates]
            made += ["matched"] if evaluation.matching is not None else []
            yield from unknown((*path, "estimate"), effect.estimate, made, "estimate")


@check_named("effect-years")
def effects_follow_year_by_year(programme: Programme) -> Iterator[Finding]:
    """Effects are told for year 1 and on, without a gap, and each year once."""
    for name, consequence in programme.economy.consequences.items():
        path = ("economy", "consequences", name, "effects")
        seen: set[int] = set()
        for number, effect in enumerate(consequence.effects):
            if effect.year in seen:
                what = f"the effect in year {effect.year} is told twice"
                yield Finding((*path, number, "year"), what, "Keep one, or give another year.", at_key=True)
            seen.add(effect.year)
        lacking = [year for year in range(1, max(seen) + 1) if year not in seen]
        if lacking:
            what = f"the effect of '{name}' is told for year {max(seen)} and not for year {lacking[0]}"
            remedy = f"Tell the effect of year {lacking[0]} too; it may be entered as 0 with a source."
            yield Finding(path, what, remedy, at_key=True)


@check_named("effect-unit")
def effects_are_counted_as_they_are_measured(programme: Programme) -> Iterator[Finding]:
    """What an effect is counted in is what its outcome measures, and its price can be paid for that."""
    for name, consequence in programme.economy.consequences.items():
        path = ("economy", "consequences", name)
        counted = consequence.counted_in
        price = programme.economy.prices.get(consequence.price)
        if price is not None and counted != "units" and price.per not in _OF_TIME:
            what = (
                f"the effect is counted in {counted}, and its price '{consequence.price}' is per {price.per}"
            )
            remedy = "Use a price per hour, week, month or year, or write 'counted_in: units'."
            yield Finding((*path, "price"), what, remedy)
        for number, outcome in _estimated(programme, name):
            measured = _measured_in(outcome)
            if counted not in ("units", *measured):
                what = f"the outcome '{outcome.id}' is no number of '{counted}'"
                remedy = f"Write 'counted_in: {measured[0]}', or name another outcome."
                yield Finding((*path, "effects", number, "outcome"), what, remedy)


@check_named("effect-window")
def effects_are_of_whole_years(programme: Programme) -> Iterator[Finding]:
    """An outcome that adds up or averages does so over the year the effect is told of."""
    for name, consequence in programme.economy.consequences.items():
        for number, outcome in _estimated(programme, name):
            year = consequence.effects[number].year
            if isinstance(outcome, WeeksOutcome):
                found, whole, unit = (outcome.from_week, outcome.to_week), _WEEKS_A_YEAR, "weeks"
            elif isinstance(outcome, HoursOutcome):
                found, whole, unit = (outcome.from_month, outcome.to_month), _MONTHS_A_YEAR, "months"
            else:
                continue
            wanted = ((year - 1) * whole + 1, year * whole)
            if found != wanted:
                what = (
                    f"the outcome is of {unit} {found[0]}-{found[1]}, and the effect is told of year {year}"
                )
                remedy = f"Use an outcome of {unit} {wanted[0]}-{wanted[1]}, or give another 'year'."
                path = ("economy", "consequences", name, "effects", number, "outcome")
                yield Finding(path, what, remedy, "warning")


def _estimated(programme: Programme, consequence: str) -> Iterator[tuple[int, Outcome]]:
    """The outcomes that the effects of a consequence are estimated on, each by its place among the effects."""
    for number, effect in enumerate(programme.economy.consequences[consequence].effects):
        if isinstance(effect, EstimatedEffect) and effect.evaluation in programme.evaluations:
            for outcome in programme.evaluations[effect.evaluation].outcomes:
                if outcome.id == effect.outcome:
                    yield number, outcome


def _measured_in(outcome: Outcome) -> tuple[str, ...]:
    """What a consequence can be counted in when its effect is on this outcome."""
    if isinstance(outcome, WeeksOutcome):
        return ("weeks",)
    if isinstance(outcome, HoursOutcome):
        return ("hours_a_week",)
    return ("units",) if isinstance(outcome, ColumnOutcome) else ("years",)


@check_named("consequence")
def consequences_hang_together(programme: Programme) -> Iterator[Finding]:
    """``main`` and ``moves_with`` name consequences, and none moves with itself, by way of others either."""
    consequences = programme.economy.consequences
    yield from unknown(("economy", "main"), programme.economy.main, consequences, "consequence")
    for name, consequence in consequences.items():
        path = ("economy", "consequences", name, "moves_with")
        yield from unknown(path, consequence.moves_with, consequences, "consequence")
        other = consequences.get(consequence.moves_with or "")
        if consequence.moves_with == name:
            yield Finding(path, f"'{name}' is said to move with itself", "Remove 'moves_with'.")
        elif other is not None and other.moves_with is not None:
            what = f"'{name}' moves with '{consequence.moves_with}', which itself moves with '{other.moves_with}'"
            remedy = "Let one consequence stand by itself, and the others move with that one."
            yield Finding(path, what, remedy)


@check_named("economy-block")
def shown_cases_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks of economy name scenarios that exist, and show what the definition has."""
    economy = programme.economy
    for path, block in report_blocks(programme):
        if isinstance(block, CaseBlock | SocietyBlock):
            yield from unknown((*path, "scenario"), block.scenario, economy.scenarios, "scenario")
        lacks = None
        if isinstance(block, CaseBlock | SocietyBlock | ScenariosBlock) and not economy.scenarios:
            lacks = "scenarios"
        elif isinstance(block, CostsBlock) and not economy.activities:
            lacks = "activities"
        elif isinstance(block, PricesBlock | OwnGainBlock) and not economy.prices:
            lacks = "prices"
        if lacks is not None:
            what = f"the block has nothing to show: the economy has no {lacks}"
            yield Finding((*path, "block"), what, f"Add '{lacks}' under 'economy', or remove the block.")
