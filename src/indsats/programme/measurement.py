"""Definition parts that say what is asked, how answers are scored and how answer patterns are classed."""

from __future__ import annotations

from pydantic import Field, model_validator

from .base import Id, Item, Part, RuleText, Text


class Scale(Part):
    """The answers of an item: whole numbers from ``low`` to ``high``."""

    low: int
    high: int
    better: str = Field(default="higher", pattern="^(higher|lower)$")

    @model_validator(mode="after")
    def _in_order(self) -> Scale:
        if self.high <= self.low:
            raise ValueError(f"the scale ends ({self.high}) at or below its start ({self.low})")
        return self


class Question(Item):
    """One item of a questionnaire, with an optional text for each answer."""

    title: Text
    answers: dict[int, Text] = {}


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


class Questionnaire(Item):
    """Items on one scale, who may answer, how often, and the classes of answer patterns."""

    title: Text
    scale: Scale
    items: dict[Id, Question] = Field(min_length=1)
    raters: list[Id] = Field(min_length=1)
    cadence: Id | None = None
    sides: dict[Id, Side] = {}
    classes: list[AnswerClass] = []
    """First hit wins; an answer set with a missing item has no class."""
