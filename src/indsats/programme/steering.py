"""Definition parts that say what is counted, what is aimed at and why it should work."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Item, Period, RuleText, Text
from .flow import Happening, Happenings


class _Indicator(Item):
    title: Text
    about: Text
    better: Literal["higher", "lower", "neither"]
    service: Id | None = None
    """Only facts of enrolments in this service; all when left out."""


class CountIndicator(_Indicator):
    """Facts of ``kind`` that begin in the period and satisfy ``where``."""

    measures: Literal["count"]
    kind: Id
    where: RuleText = "true"


class ShareIndicator(_Indicator):
    """Among facts of ``kind`` in the period that satisfy ``among``: the share that satisfies ``where``."""

    measures: Literal["share"]
    kind: Id
    among: RuleText = "true"
    where: RuleText


class RateIndicator(_Indicator):
    """Facts of ``kind`` that satisfy ``where``, per person-month of open enrolment or per open day."""

    measures: Literal["rate"]
    kind: Id
    where: RuleText = "true"
    per: Literal["person_month", "open_day"]


class TimelinessIndicator(_Indicator):
    """Among items of a cadence that fell due in the period: the share done no later than due."""

    measures: Literal["timeliness"]
    cadence: Id


class WithinIndicator(_Indicator):
    """Among enrolments observed ``weeks`` long: the share with a fact of ``kind`` that satisfies
    ``where`` by then.

    A Kaplan-Meier figure that uses every enrolment stands beside it.
    """

    measures: Literal["within"]
    kind: Id
    where: RuleText = "true"
    weeks: int = Field(gt=0)


class StockIndicator(_Indicator):
    """Persons with an open enrolment, or in an open ``phase``, on the last day observed of the period."""

    measures: Literal["stock"]
    phase: Id | None = None


class ReachedIndicator(_Indicator):
    """Among enrolments begun in the period (of those, with ``among``, that have such a fact): the share with a
    fact in ``what``, or with ``every: true`` one of each, by the end of the data."""

    measures: Literal["reached"]
    what: Happenings
    every: bool = False
    among: list[Happening] = []


class BetweenIndicator(_Indicator):
    """Mean days from the first fact in ``since`` (the enrolment's start when left out) to the first fact in
    ``until`` on or after it, among enrolments where that falls in the period."""

    measures: Literal["between"]
    since: list[Happening] = []
    until: Happenings


class ConsecutiveIndicator(_Indicator):
    """Among persons with an open enrolment in the period: the share with ``months`` calendar months in a row, from
    enrolment to the period's end, in each of which a fact in ``what`` ran (its kinds combined). One month is what
    is called touched."""

    measures: Literal["consecutive"]
    what: Happenings
    months: int = Field(default=1, gt=0)


class ChangeIndicator(_Indicator):
    """Persons touched by a fact in ``what`` from enrolment to the period's end against those of the same persons
    touched in the time ``before`` enrolment: (after − before) / before. No value when nobody was before."""

    measures: Literal["change"]
    what: Happenings
    before: Duration


class FulfilmentIndicator(_Indicator):
    """Fulfilment of the minimum requirements that fell due in the period.

    ``of: participants`` is the share of participants with all applicable requirements met, ``of: requirements``
    the share of applicable requirements met. ``by`` says whose word is taken: the answer, the dated facts, or
    the dated facts where they can tell and else the answer.
    """

    measures: Literal["fulfilment"]
    of: Literal["participants", "requirements"]
    by: Literal["answered", "measured", "either"] = "answered"
    phase: Id | None = None
    element: Id | None = None
    requirement: Id | None = None


class ScoreIndicator(_Indicator):
    """The mean of a score: for persons at each enrolment's first or last measurement of the period, for sites
    first within each site and then across sites."""

    measures: Literal["score"]
    questionnaire: Id
    score: Id
    at: Literal["first", "last"] = "first"
    wave: Id | None = None


class AnswerIndicator(_Indicator):
    """Among those who answered an item: the share whose answer is in ``answers`` or in the questionnaire's
    ``level``, at the first or last measurement of the period."""

    measures: Literal["answer"]
    questionnaire: Id
    item: Id
    answers: list[int] = []
    level: Id | None = None
    at: Literal["first", "last"] = "first"
    wave: Id | None = None


Indicator = Annotated[
    CountIndicator
    | ShareIndicator
    | RateIndicator
    | TimelinessIndicator
    | WithinIndicator
    | StockIndicator
    | ReachedIndicator
    | BetweenIndicator
    | ConsecutiveIndicator
    | ChangeIndicator
    | FulfilmentIndicator
    | ScoreIndicator
    | AnswerIndicator,
    Field(discriminator="measures"),
]


class Target(Item):
    """A level an indicator should reach in a unit.

    Either a fixed ``value`` (a share between 0 and 1 for shares) or a ``comparator``: ``others`` takes the
    realised level of the other units, for a count scaled to the unit's own person-months. A target with a
    ``period`` holds for a report of that period only. ``band`` is the share of the target within which a
    missed target counts as near.
    """

    indicator: Id
    unit: Id
    value: float | None = None
    comparator: Literal["others"] | None = None
    period: Period | None = None
    band: float = Field(default=0.10, ge=0, le=1)

    @model_validator(mode="after")
    def _one_level(self) -> Target:
        if (self.value is None) == (self.comparator is None):
            raise ValueError("a target has either a 'value' or a 'comparator'")
        return self


class TheoryNode(Item):
    """A box of a programme theory."""

    title: Text
    level: Literal["activity", "mechanism", "step", "immediate_result", "subgoal", "result"]
    evidence: list[Id] = []
    """Indicators that show whether it happens."""


class TheoryLink(Item):
    """An arrow: ``cause`` leads to ``effect``; ``strength`` says what the document found for it."""

    cause: Id
    effect: Id
    through: list[Id] = []
    """Nodes of level ``mechanism`` the arrow depends on."""
    strength: Literal["supported", "partly", "not_shown", "not_examined"] = "not_examined"


class Theory(Item):
    """How activities are thought to lead to results, for a target group."""

    title: Text
    group: Id | None = None
    nodes: dict[Id, TheoryNode] = Field(min_length=1)
    links: list[TheoryLink] = []
