"""Definition parts that say what is asked, how answers are scored and how answer patterns are classed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Item, Part, Period, RuleText, Text


class Scale(Part):
    """The answers of an item: whole numbers from ``low`` to ``high``, named in ``labels`` where they are."""

    low: int
    high: int
    better: str = Field(default="higher", pattern="^(higher|lower|neither)$")
    labels: dict[int, Text] = {}

    @model_validator(mode="after")
    def _in_order(self) -> Scale:
        if self.high <= self.low:
            raise ValueError(f"the scale ends ({self.high}) at or below its start ({self.low})")
        return self


class Question(Item):
    """One item of a questionnaire, with an optional text for each answer.

    ``title`` is a short label of ours. ``wording`` is what the respondent reads; for an instrument somebody
    owns it is left out, and is filled in by those who hold the licence.
    """

    title: Text
    wording: Text | None = None
    answers: dict[int, Text] = {}
    raters: list[Id] = []
    """Who answers this item; the questionnaire's raters when left out."""
    element: Id | None = None
    """The core element it is about."""
    advice: bool = False
    """True for a point of a checklist that gives advice rather than asks."""
    part_of: Id | None = None
    """The point of the document this question was split from."""


class AnswerClass(Item):
    """A class of answer patterns: ``when`` is a rule over the items; classes are tried in order."""

    id: str = Field(pattern="^[A-Za-z][A-Za-z0-9_-]*$")
    title: Text
    when: RuleText
    side: Id | None = None
    """The wider grouping the class belongs to (``good``, ``poor``)."""


class Side(Item):
    """A wider grouping of classes."""

    title: Text


class Level(Item):
    """Answers to an item that are told as one, such as 4 and 5 as high."""

    id: Id
    title: Text
    answers: list[int] = Field(min_length=1)


class Band(Item):
    """A range of a score with a name, both ends included; left out at an open end."""

    id: Id
    title: Text
    low: float | None = None
    high: float | None = None


class Reference(Item):
    """A level of a score to compare with, such as that of the population."""

    title: Text
    value: float


class Score(Item):
    """A number made from items: their sum or mean, times ``times``.

    Without ``at_least`` every item must be answered. With it, so many answered are enough, and a sum is then
    scaled up to all items by the mean of those answered (``prorate`` in the instrument's own rules).
    """

    title: Text
    items: list[Id] = []
    """All items when left out."""
    combine: Literal["sum", "mean"]
    times: float = 1.0
    at_least: int | None = Field(default=None, gt=0)
    bands: list[Band] = []
    references: list[Reference] = []


class Wave(Item):
    """One round of a questionnaire: in a calendar ``period``, or ``after`` so long from enrolment."""

    title: Text
    period: Period | None = None
    after: Duration | None = None


class Questionnaire(Item):
    """Items on one scale, who may answer, how often, and what answers amount to.

    ``about: person`` is answered for an enrolment (``questionnaire_answered``), ``about: site`` by those who
    work at a site (``site_answered``). ``owner`` names who holds the rights to the wording.
    """

    title: Text
    purpose: Literal["progression", "wellbeing", "fidelity", "survey", "checklist"] = "progression"
    about: Literal["person", "site"] = "person"
    owner: str | None = None
    scale: Scale
    items: dict[Id, Question] = Field(min_length=1)
    raters: list[Id] = Field(min_length=1)
    cadence: Id | None = None
    waves: dict[Id, Wave] = {}
    scores: dict[Id, Score] = {}
    levels: list[Level] = []
    sides: dict[Id, Side] = {}
    classes: list[AnswerClass] = []
    """First hit wins; an answer set with a missing item has no class."""
