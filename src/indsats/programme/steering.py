"""Definition parts that say what is counted, what is aimed at and why it should work."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Id, Item, Part, Period, RuleText, Text


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


Indicator = Annotated[
    CountIndicator | ShareIndicator | RateIndicator | TimelinessIndicator | WithinIndicator,
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
    level: Literal["activity", "step", "immediate_result", "result"]
    evidence: list[Id] = []
    """Indicators that show whether it happens."""


class TheoryLink(Item):
    """An arrow: ``cause`` leads to ``effect``; ``strength`` says what the document found for it."""

    cause: Id
    effect: Id
    strength: Literal["supported", "partly", "not_shown", "not_examined"] = "not_examined"


class Theory(Part):
    """How activities are thought to lead to results."""

    nodes: dict[Id, TheoryNode]
    links: list[TheoryLink]
