"""Definition parts that say which effect is asked for, in whom, against whom, and how it is estimated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from .base import FieldType, Id, Item, Part, Period, RuleText, Text

CodeRange = Annotated[str, StringConstraints(pattern=r"^(blank|\d{3}(-\d{3})?)$")]
"""A register code (``651``), a range with both ends (``730-739``) or ``blank``, a week without a code."""


class RegisterState(Item):
    """A state a person can be in during a week, as register codes."""

    title: Text
    codes: list[CodeRange] = Field(min_length=1)


class Column(Part):
    """A column of a packaged table."""

    title: Text
    type: FieldType
    unit: Text | None = None


class PackagedTable(Item):
    """Public microdata that come with an installed package."""

    title: Text
    package: str
    file: str
    licence: str
    columns: dict[Id, Column]


class Rows(Part):
    """Rows of one packaged table that satisfy a rule."""

    table: Id
    where: RuleText = "true"


class IndexEvent(Part):
    """When a person's clock starts: the first week in ``state`` within ``window``."""

    state: Id
    window: Period | None = None


class StateOutcome(Item):
    """Whether a person is in ``state`` ``at_least_weeks`` of weeks 1..``within_weeks`` after index."""

    id: Id
    title: Text
    kind: Literal["state"]
    state: Id
    within_weeks: int = Field(gt=0)
    at_least_weeks: int = Field(default=1, gt=0)


class ColumnOutcome(Item):
    """A column of the data taken as it is, in ``unit``."""

    id: Id
    title: Text
    kind: Literal["column"]
    column: Id
    unit: Text


Outcome = Annotated[StateOutcome | ColumnOutcome, Field(discriminator="kind")]


class History(Part):
    """A covariate made from the register: weeks in ``state`` in the ``weeks`` before index."""

    id: Id
    title: Text
    state: Id
    weeks: int = Field(gt=0)


class Covariate(Part):
    """A characteristic that groups are compared on and matched by."""

    field: Id
    title: Text


class Matching(Item):
    """Pairs of one treated and one untreated with the nearest score.

    ``on: prognosis`` pairs on the predicted outcome (a model of the outcome among the untreated);
    ``on: propensity`` on the predicted treatment. ``caliper`` is in standard deviations of the logit score.
    """

    on: Literal["prognosis", "propensity"]
    ratio: int = Field(default=1, ge=1)
    replace: bool = False
    caliper: float | None = Field(default=None, gt=0)
    exact: list[Id] = []


class Regression(Item):
    """A least-squares regression of the outcome on treatment and ``adjust``."""

    id: Id
    title: Text
    adjust: list[Id] = []


class FurtherMethod(Item):
    """A part of the document's design that the estimates here do not make, told so that nobody misses it."""

    title: Text
    about: Text


class Evaluation(Item):
    """One question about effect, with the data, design and estimates that answer it."""

    title: Text
    ask: Text
    design: Literal["randomised", "matched", "regression"]
    rows: list[Rows] = []
    """Packaged tables stacked; left out when the data are facts and registers."""
    index: IndexEvent | None = None
    derive: dict[Id, RuleText] = {}
    """Columns made from others, such as ``age2: age * age``; computed in 64-bit floats."""
    population: RuleText = "true"
    treated: RuleText
    outcomes: list[Outcome] = Field(min_length=1)
    history: list[History] = []
    covariates: list[Covariate] = Field(min_length=1)
    matching: Matching | None = None
    regressions: list[Regression] = []
    time_to: Id | None = None
    """The outcome whose waiting time is drawn as a Kaplan-Meier curve."""
    further: list[FurtherMethod] = []

    @model_validator(mode="after")
    def _has_data(self) -> Evaluation:
        if bool(self.rows) == (self.index is not None):
            raise ValueError("an evaluation has either 'rows' (packaged tables) or an 'index' (registers)")
        return self
