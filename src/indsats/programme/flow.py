"""Definition parts that say what should happen, in which phase, by when and how often."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Item, Part, RuleText, Text


class Happening(Part):
    """Facts of one kind that satisfy a rule: ``{kind: meeting, where: outcome == "held"}``.

    ``{event: some-event}`` is short for the programme's own event of that name.
    """

    kind: Id = "event"
    event: Id | None = None
    where: RuleText = "true"

    @model_validator(mode="after")
    def _event_of_events(self) -> Happening:
        if self.event is not None and self.kind != "event":
            raise ValueError(
                f"'event' names an event of the programme; it does not go with kind '{self.kind}'"
            )
        if self.event is None and "kind" not in self.model_fields_set:
            raise ValueError("a happening has a 'kind' of fact or an 'event' of the programme")
        return self

    @property
    def rule(self) -> str:
        """The rule over the fields of ``kind``, the event's name included."""
        if self.event is None:
            return self.where
        named = f'event == "{self.event}"'
        return named if self.where == "true" else f"{named} and ({self.where})"


Happenings = Annotated[list[Happening], Field(min_length=1)]
"""Facts of which any one will do."""


class Phase(Item):
    """A stretch of an enrolment, begun and ended by what happens to it.

    It runs from a fact in ``starts`` to the next fact in ``ends`` (or the exit). Phases do not depend on one
    another: an enrolment can begin in any of them, skip one and be in two at once. ``repeats``: it runs anew
    each time it starts. It is skipped (not applicable) where a fact in ``skipped_by`` lies on or before its
    start, and after the phase's run before it. ``follows`` names the phases it usually comes after and ``entry``
    whether people begin there; both are for readers and drawings.
    """

    title: Text
    about: Text
    service: Id | None = None
    """Only enrolments in this service have the phase; all when left out."""
    entry: bool = False
    follows: list[Id] = []
    starts: Happenings
    ends: list[Happening] = []
    skipped_by: list[Happening] = []
    repeats: bool = False


class Cadence(Item):
    """Something that must happen again and again while a person is enrolled, or while in a phase.

    The clock starts with the enrolment in ``service`` (with ``phase``: when the phase begins) and anew at each
    fact in ``what``; the next is due ``every`` later. While a pause runs, or outside the phase, nothing falls
    due.
    """

    title: Text
    service: Id | None = None
    phase: Id | None = None
    what: Happenings
    every: Duration


class WithinMeasure(Part):
    """Met when a fact in ``what`` lies within a duration of the clock's start.

    The clock starts at each first fact in ``of``; when left out, at the start of the phase, or of the enrolment
    for a requirement without a phase. With ``after`` only facts from so long after the clock's start count,
    and it is due ``after`` + ``within``; without it an earlier fact counts too. Nothing is due if the phase or
    enrolment ends first.
    """

    how: Literal["within"]
    what: Happenings
    within: Duration
    of: list[Happening] = []
    after: Duration | None = None


class EveryMeasure(Part):
    """Met when every item of a cadence that fell due in the phase, or enrolment, was done in time."""

    how: Literal["every"]
    cadence: Id


class EachMeasure(Part):
    """Met when every fact in ``of`` in the phase, or enrolment, satisfies ``where``: a role at each meeting."""

    how: Literal["each"]
    of: Happening
    where: RuleText


Measured = Annotated[WithinMeasure | EveryMeasure | EachMeasure, Field(discriminator="how")]


class Requirement(Item):
    """A minimum requirement: a question asked of each run of its phase, or without one of each enrolment (in the
    service of its core element, where that names one).

    ``answer: yes_partly_no`` allows "partly", which does not count as met. ``if_no`` are the reasons a "no" may
    have. It is not applicable where the phase is skipped, where that is the answer, or where a fact in
    ``not_applicable_when`` lies in the enrolment by the end of the run. Unanswered it is overdue ``due`` after
    the run began, or when the run has ended. ``measured`` is the same thing told from dated facts, shown beside
    the answer.
    """

    title: Text
    ask: Text
    phase: Id | None = None
    element: Id | None = None
    answer: Literal["yes_no", "yes_partly_no"] = "yes_no"
    if_no: list[Id] = []
    not_applicable_when: list[Happening] = []
    due: Duration | None = None
    measured: Measured | None = None
