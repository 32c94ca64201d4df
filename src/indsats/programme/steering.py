"""Definition parts that say what is counted, what is aimed at and why it should work."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Item, Part, Period, RuleText, Text
from .flow import Happening, Happenings


class _Indicator(Item):
    title: Text
    about: Text
    better: Literal["higher", "lower", "neither"]
    service: Id | None = None
    """Only facts of enrolments in this service; all when left out."""
    group: Id | None = None
    """Only of persons in this target group, by what visitation said on the last day of the period; all when left
    out."""
    decimals: int | None = Field(default=None, ge=0, le=4)
    """How many decimals its level and its target are told with, and held against each other; as usual when left out."""


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


class MeanIndicator(_Indicator):
    """The mean of the number ``field`` over facts of ``kind`` in the period that satisfy ``where`` and tell it."""

    measures: Literal["mean"]
    kind: Id
    field: Id
    where: RuleText = "true"


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


class Step(Part):
    """One of the steps a case should have taken, or have ahead of it, in order."""

    title: Text
    what: Happenings


class MissingIndicator(_Indicator):
    """Among enrolments open on the last day observed of the period: the share whose first missing step is ``step``.

    Steps are taken in order; the first of which the enrolment has no fact yet is the one it lacks. Without ``step``
    it is the share that lacks any.
    """

    measures: Literal["missing"]
    steps: dict[Id, Step] = Field(min_length=1)
    step: Id | None = None


class CaseloadIndicator(_Indicator):
    """Mean number of open cases per worker who holds ``role`` on the last day observed of the period."""

    measures: Literal["caseload"]
    role: Id


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
    | MeanIndicator
    | TimelinessIndicator
    | WithinIndicator
    | StockIndicator
    | ReachedIndicator
    | BetweenIndicator
    | ConsecutiveIndicator
    | ChangeIndicator
    | MissingIndicator
    | CaseloadIndicator
    | FulfilmentIndicator
    | ScoreIndicator
    | AnswerIndicator,
    Field(discriminator="measures"),
]


class Target(Item):
    """A level an indicator should reach in a unit, a site, or (with neither) the whole programme.

    It is one of four: a fixed ``value`` (a share between 0 and 1 for shares); a ``comparator``, the realised level
    of the ``others`` (never the unit itself) or of ``all`` with the unit among them, for a count scaled to the
    unit's own person-months; or a part of the target called ``share_of``: ``share`` of it, or when left out as much
    of it as the unit has of the person-months. A target with a ``period`` holds for a report of that period only,
    one that is ``valid`` for reports whose period ends in it. ``band`` is the share of the target within which a
    missed target counts as near. Who ``set_by`` it, and ``set_on`` which day, is told beside it. Where it is not
    met an explanation and an action are asked for ``explain_within`` so long after the period.
    """

    id: Id | None = None
    indicator: Id
    unit: Id | None = None
    site: Id | None = None
    value: float | None = None
    comparator: Literal["others", "all"] | None = None
    share_of: Id | None = None
    share: float | None = Field(default=None, gt=0, le=1)
    period: Period | None = None
    valid: Period | None = None
    band: float = Field(default=0.10, ge=0, le=1)
    set_by: Text | None = None
    set_on: date | None = None
    explain_within: Duration = Duration(months=1)

    @model_validator(mode="after")
    def _one_level(self) -> Target:
        given = [name for name in ("value", "comparator", "share_of") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a target has one of 'value', 'comparator' and 'share_of'")
        if self.share is not None and self.share_of is None:
            raise ValueError("'share' is a share of the target named by 'share_of'")
        if self.unit is not None and self.site is not None:
            raise ValueError("a target is for a 'unit' or for a 'site'; a site has its unit")
        if self.period is not None and self.valid is not None:
            raise ValueError("a target has a 'period' of its own or is 'valid' for several; not both")
        return self


class Condition(Item):
    """A framework condition: the share of a site's participants for whom ``when`` holds at enrolment.

    ``when`` is a rule over a person's fields.
    """

    title: Text
    when: RuleText


class Comparable(Item):
    """Which sites have the same framework conditions, so that comparing them is fair.

    Where sites name their ``cluster`` that is taken. The others are put in ``clusters`` groups by how alike their
    ``conditions`` are.
    """

    conditions: dict[Id, Condition] = Field(min_length=1)
    clusters: int = Field(default=4, ge=2)


class CourseStep(Item):
    """One step of the way from the draw to the exit.

    ``what`` are the facts that take a person there: of the person before the enrolment (drawn, visited), else of the
    enrolment. ``leaves``: people leave the way here (excluded, exit) and are not waited for any further.
    """

    title: Text
    what: Happenings
    leaves: bool = False


class TheoryNode(Item):
    """A box of a programme theory."""

    title: Text
    level: Literal["activity", "mechanism", "step", "immediate_result", "subgoal", "result"]
    evidence: list[Id] = []
    """Indicators that show whether it happens: dose of activities, fidelity of mechanisms, progress on sub-goals. The
    first is what associations along arrows are told from."""
    evaluation: Id | None = None
    """The evaluation whose effect is shown at a final goal, on ``outcome`` of it (its first when left out)."""
    outcome: Id | None = None


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
    size: int | None = Field(default=None, gt=0)
    """How many people the target group holds."""
    adjust: list[Id] = []
    """Fields of a person that associations along arrows are adjusted for."""
    nodes: dict[Id, TheoryNode] = Field(min_length=1)
    links: list[TheoryLink] = []
