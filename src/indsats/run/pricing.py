"""What a report's money blocks are made from: prices, what was spent, the effects found, and the cases they make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import isfinite

import polars as pl

from indsats.economy import (
    Case,
    GivenPrice,
    Quotes,
    Spent,
    Uncertain,
    case_of,
    needed,
    participants,
    participants_said,
    price_book,
    quotes,
    refuse_missing,
    spent_on,
)
from indsats.evaluate import Effect
from indsats.programme import EstimatedEffect, Programme, Text
from indsats.record import Facts
from indsats.register import Register, Store

from .effects import study_of
from .estimators import matches, methods


class Pricing:
    """The money of one programme and its data; everything is made when first asked for, and once.

    ``facts`` and ``register`` are None where there are none: then only people and fixed costs are spent, and effects
    have to be entered. ``given`` are the user's own prices.
    """

    def __init__(
        self,
        programme: Programme,
        facts: Facts | None,
        register: Register | Store | None,
        hours: pl.DataFrame | None,
        given: Mapping[str, GivenPrice],
    ) -> None:
        self.programme, self.facts = programme, facts
        self._register, self._hours, self._given = register, hours, given

    @cached_property
    def quotes(self) -> Quotes:
        """The prices at the case's price level, and those that are missing."""
        return quotes(self.programme, price_book(), self._given)

    @property
    def lacking(self) -> list[Text]:
        """Titles of the prices a case needs and nobody has given."""
        prices = self.programme.economy.prices
        return [prices[one].title for one in needed(self.programme) if one in self.quotes.missing]

    @property
    def not_found(self) -> list[Text]:
        """Titles of the consequences whose effect is to be estimated and could not be, or may not be shown."""
        return [
            one.title
            for name, one in self.programme.economy.consequences.items()
            if any(
                isinstance(asked, EstimatedEffect) and (name, asked.year) not in self.effects
                for asked in one.effects
            )
        ]

    @cached_property
    def participants(self) -> float:
        """How many people it is about: those enrolled, or what the definition says where there are no facts."""
        if self.facts is None:
            return float(participants_said(self.programme))
        return float(participants(self.facts).height)

    @property
    def few(self) -> bool:
        """Whether so few take part that no amount about them may be shown."""
        return self.facts is not None and 0 < self.participants < self.programme.disclosure_threshold

    @cached_property
    def spent(self) -> Spent:
        """What a participant had of each activity."""
        return spent_on(self.programme, self.facts)

    @cached_property
    def effects(self) -> dict[tuple[str, int], Uncertain]:
        """Each effect that is to be estimated, by consequence and year, where the data can answer it.

        An effect that rests on few people is none: its money would give away what disclosure control hides.
        """
        found: dict[tuple[str, int], Uncertain] = {}
        for name, consequence in self.programme.economy.consequences.items():
            for asked in consequence.effects:
                if isinstance(asked, EstimatedEffect):
                    effect = self._estimated(asked)
                    if effect is not None:
                        found[name, asked.year] = _as_uncertain(effect)
        return found

    def _estimated(self, asked: EstimatedEffect) -> Effect | None:
        studied = study_of(self.programme, asked.evaluation, self.facts, self._register, self._hours)
        if studied is None:
            return None
        evaluation, study = studied
        outcome = next((one for one in evaluation.outcomes if one.id == asked.outcome), None)
        if outcome is None or study.table["treated"].n_unique() < 2:
            return None
        paired = matches(evaluation, study.table, [outcome]).get(outcome.id)
        wanted = asked.estimate or evaluation.main_estimate or "raw"
        made = {method.id: method for method in methods(evaluation, outcome, paired)}
        try:
            effects = [made[one].make(study.table) for one in ("raw", wanted if wanted in made else "raw")]
        except ValueError:
            return None
        # What a model makes is told where the plain levels beside it may be told.
        if any(_of_few(effect, self.programme.disclosure_threshold) for effect in effects):
            return None
        effect = effects[-1]
        return effect if effect.scale == "difference" and isfinite(effect.estimate) else None

    def case(self, scenario: str) -> Case:
        """The business case of a scenario. Raises ``InputRefused`` naming prices and effects that are missing."""
        refuse_missing(self.quotes, self.programme)
        return case_of(
            self.programme,
            scenario,
            quotes=self.quotes,
            book=price_book(),
            spent=self.spent,
            effects=self.effects,
            participants=self.participants,
        )


def _of_few(effect: Effect, threshold: int) -> bool:
    """Whether it compares few people, or few who reached the outcome or did not."""
    counts = [effect.n_treated, effect.n_control]
    for events, people in (
        (effect.events_treated, effect.n_treated),
        (effect.events_control, effect.n_control),
    ):
        if events is not None:
            counts += [events, people - events]
    return any(0 < count < threshold for count in counts)


def _as_uncertain(effect: Effect) -> Uncertain:
    low, high = effect.interval
    if not (isfinite(low) and isfinite(high)):
        return Uncertain(effect.estimate, known=False)
    return Uncertain(effect.estimate, low, high, "interval")
