"""What a report's money blocks are made from: prices, what was spent, the effects found, and the cases they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    cautions,
    doses,
    needed,
    participants,
    participants_said,
    price_book,
    quotes,
    refuse_missing,
    spent_on,
    state_share_of_register,
    still_enrolled,
)
from indsats.evaluate import Caution, Effect
from indsats.language import local
from indsats.programme import (
    EstimatedEffect,
    Evaluation,
    FixedDose,
    ParticipantDose,
    Programme,
    Text,
)
from indsats.record import Facts
from indsats.register import Cohort, Register, Store

from .doubts import design_doubts, told_safely
from .effects import study_of
from .estimators import matches, methods

_NEARLY_ALL = 0.9
"""Where so many of those an effect was estimated in are participants, they are taken to be the same."""

_WEEKS_ENOUGH = 520
"""Ten person-years on benefit tell the part of a year; fewer are few people."""

_SOME = 0.05
"""So few open courses hardly change what a participant costs."""


@dataclass(frozen=True, slots=True)
class _Estimate:
    """An effect as a case counts on it, and what must be known of it."""

    effect: Uncertain
    doubts: tuple[Caution, ...]
    figure: str
    """The id it has where a report shows the evaluation."""


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
        self._studies: dict[str, tuple[Evaluation, Cohort] | None] = {}

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
        return self.facts is not None and self.participants < self.programme.disclosure_threshold

    @cached_property
    def had_by(self) -> dict[str, float]:
        """How many people had something of each activity; everybody of what is not counted in people's facts."""
        activities = self.programme.economy.activities
        if self.facts is None:
            return dict.fromkeys(activities, self.participants)
        return {
            name: self.participants
            if isinstance(activity.dose, FixedDose | ParticipantDose)
            else float(doses(self.facts, name)["person"].drop_nulls().n_unique())
            for name, activity in activities.items()
        }

    @property
    def few_had(self) -> list[str]:
        """The activities that so few people had something of that what they had may not be told."""
        threshold = self.programme.disclosure_threshold
        return [name for name, people in self.had_by.items() if 0 < people < threshold]

    @cached_property
    def spent(self) -> Spent:
        """What a participant had of each activity."""
        return spent_on(self.programme, self.facts, self.programme.disclosure_threshold)

    @property
    def effects(self) -> dict[tuple[str, int], Uncertain]:
        """Each effect that is to be estimated, by consequence and year, where the data can answer it.

        An effect that rests on few people is none: its money would give away what disclosure control hides.
        """
        return {key: found.effect for key, found in self._estimates.items()}

    @cached_property
    def rests_on(self) -> tuple[str, ...]:
        """The figures of evaluations that cases count on, by their ids: what follows from them is hidden with them."""
        return tuple(dict.fromkeys(found.figure for found in self._estimates.values()))

    @cached_property
    def _estimates(self) -> dict[tuple[str, int], _Estimate]:
        asked = {
            (name, one.year): self._estimated(one)
            for name, consequence in self.programme.economy.consequences.items()
            for one in consequence.effects
            if isinstance(one, EstimatedEffect)
        }
        return {key: found for key, found in asked.items() if found is not None}

    def _studied(self, evaluation: str) -> tuple[Evaluation, Cohort] | None:
        """The cohort of an evaluation, made once for all its outcomes."""
        if evaluation not in self._studies:
            self._studies[evaluation] = study_of(
                self.programme, evaluation, self.facts, self._register, self._hours
            )
        return self._studies[evaluation]

    def _estimated(self, asked: EstimatedEffect) -> _Estimate | None:
        studied = self._studied(asked.evaluation)
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
        if effect.scale != "difference" or not isfinite(effect.estimate):
            return None
        figure = f"effect/{asked.evaluation}/{outcome.id}/{wanted if wanted in made else 'raw'}/difference"
        return _Estimate(_as_uncertain(effect), tuple(self._doubts_of(evaluation, study, effect)), figure)

    def _doubts_of(self, evaluation: Evaluation, study: Cohort, effect: Effect) -> Iterator[Caution]:
        """What a reader must know of an estimate before believing a case that rests on it."""
        threshold = self.programme.disclosure_threshold
        smallest = min(effect.n_treated, effect.n_control)
        if not _as_uncertain(effect).bounded:
            yield cautions.no_effect_claimed()
        for doubt in (*effect.warnings, *(doubt for _, doubt in design_doubts(evaluation, study))):
            if doubt.severity != "note":
                yield replace(doubt, text=told_safely(doubt, threshold, smallest))
        if self.facts is None or "person" not in study.table.columns:
            return
        people = study.table.filter("treated").select("person").unique()
        among = people.join(participants(self.facts), on="person", how="semi").height
        if people.height - among >= threshold and among < _NEARLY_ALL * people.height:
            yield cautions.other_people(among / people.height)

    @cached_property
    def state_shares(self) -> list[float | None]:
        """The state's part of benefits in each year since the start, counted in the register; empty where it is not.

        Of all who are followed in the first evaluation that an effect is from, participants or not.
        """
        states, economy = self.programme.states, self.programme.economy
        told = [one.evaluation for one in _estimated_effects(self.programme)]
        studied = self._studied(told[0]) if told else None
        if economy.ladder is None or studied is None or not isinstance(self._register, Register):
            return []
        if "index_week" not in studied[1].table.columns:
            return []
        found = state_share_of_register(
            self._register,
            studied[1].table.select("person", "index_week"),
            price_book().ladder_in(self.quotes.year),
            benefit=states[economy.ladder.benefit].codes,
            self_support=states[economy.ladder.self_support].codes,
            years=economy.horizon,
        )
        enough = pl.col("weeks") >= _WEEKS_ENOUGH
        return found.with_columns(pl.when(enough).then("state_share"))["state_share"].to_list()

    @cached_property
    def _doubts(self) -> tuple[Caution, ...]:
        """What is to be known of the effects and costs of every case: from the estimates, and from open courses."""
        found = [doubt for estimate in self._estimates.values() for doubt in estimate.doubts]
        if self.facts is not None:
            months, share = still_enrolled(self.facts, self.programme.disclosure_threshold)
            if share > _SOME:
                found.append(cautions.courses_open(share, months))
            if self.facts.known is not None and self._estimates:
                found.append(cautions.effect_not_dated(local(self.facts.known).date()))
        return tuple(dict.fromkeys(found))

    def case(self, scenario: str) -> Case:
        """The business case of a scenario. Raises ``InputRefused`` naming prices and effects that are missing."""
        refuse_missing(self.quotes, self.programme)
        made = case_of(
            self.programme,
            scenario,
            quotes=self.quotes,
            book=price_book(),
            spent=self.spent,
            effects=self.effects,
            participants=self.participants,
            state_shares=self.state_shares,
        )
        return replace(made, cautions=(*made.cautions, *self._doubts))


def _estimated_effects(programme: Programme) -> Iterator[EstimatedEffect]:
    for consequence in programme.economy.consequences.values():
        yield from (one for one in consequence.effects if isinstance(one, EstimatedEffect))


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
    """The estimate with its interval; without one where it has none, or must not be read as an effect at all."""
    low, high = effect.interval
    grave = any(doubt.severity == "grave" for doubt in effect.warnings)
    if grave or not (isfinite(low) and isfinite(high)):
        return Uncertain(effect.estimate)
    return Uncertain(effect.estimate, low, high, "interval")
