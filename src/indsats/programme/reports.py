"""Definition parts that say what a report tells: its sections, and the blocks its tables and charts are made from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Item, Part, Text
from .flow import Happenings


class TextBlock(Part):
    """A paragraph."""

    block: Literal["text"]
    text: Text


class TargetsBlock(Part):
    """Indicators with target, realised and status for one unit."""

    block: Literal["targets"]
    title: Text
    unit: Id
    indicators: list[Id] = Field(min_length=1)


class IndicatorsBlock(Part):
    """Indicators by unit, or by site, without targets."""

    block: Literal["indicators"]
    title: Text
    indicators: list[Id] = Field(min_length=1)
    by: Literal["unit", "site"] = "unit"


class ClassesBlock(Part):
    """The distribution over a questionnaire's classes, by unit, at the first measurement of the period."""

    block: Literal["classes"]
    title: Text
    questionnaire: Id


class TransitionsBlock(Part):
    """Transitions between sides of a questionnaire's classes, first to last measured in a year, by unit.

    ``level: class`` follows people from class to class instead.
    """

    block: Literal["transitions"]
    title: Text
    questionnaire: Id
    level: Literal["side", "class"] = "side"
    start_months: int | None = Field(default=None, gt=0)
    """Only those first measured in so many months from the start of the year; everybody when left out."""
    exits: dict[Id, list[Id]] = {}
    """Ends of the transition that are exits: name to exit reasons; other exits are ``other``."""
    exit_titles: dict[Id, Text] = {}


class EvaluationBlock(Part):
    """The balance, estimates and curves of one evaluation."""

    block: Literal["evaluation"]
    evaluation: Id


class TheoryBlock(Part):
    """A programme theory as a table of links with what the document found."""

    block: Literal["theory"]
    title: Text
    theory: Id


class PhasesBlock(Part):
    """How many enrolments began, skipped, ended and are in each phase, by unit."""

    block: Literal["phases"]
    title: Text


class RequirementsBlock(Part):
    """Fulfilment of minimum requirements, answered and measured, due and not yet due, by unit or site."""

    block: Literal["requirements"]
    title: Text
    phase: Id | None = None
    element: Id | None = None
    by: Literal["unit", "site"] = "unit"


class ScoresBlock(Part):
    """The scores of a questionnaire, and the distribution over its levels item by item, by unit."""

    block: Literal["scores"]
    title: Text
    questionnaire: Id


class ProfileBlock(Part):
    """Each item of a questionnaire as a row: where people stood at the baseline and where they stand now."""

    block: Literal["profile"]
    title: Text
    questionnaire: Id


class ChangeBlock(Part):
    """How scores moved from the baseline to the newest measurement, by unit, and who had neither."""

    block: Literal["change"]
    title: Text
    questionnaire: Id


class ResponseBlock(Part):
    """How many of those due in each round answered, declined or were missed, by unit or site, and who left."""

    block: Literal["response"]
    title: Text
    questionnaires: list[Id] = Field(min_length=1)
    by: Literal["unit", "site"] = "unit"


class QualityBlock(Part):
    """How well a questionnaire measures: reliability, floor and ceiling, the least change that is no noise."""

    block: Literal["quality"]
    title: Text
    questionnaire: Id


class DueBlock(Part):
    """How many measurements are due, late and missed when the period ends, by unit or site."""

    block: Literal["due"]
    title: Text
    by: Literal["unit", "site"] = "site"


class ValidityBlock(Part):
    """Whether a score, or an item such as a worker's belief, foretells what happens ``within`` so long after.

    ``what`` are facts of the person, such as a start in ordinary hours. Only those followed that long count.
    """

    block: Literal["validity"]
    title: Text
    questionnaire: Id
    scores: list[Id] = []
    items: list[Id] = []
    what: Happenings
    within: Duration

    @model_validator(mode="after")
    def _something_foretells(self) -> ValidityBlock:
        if not self.scores and not self.items:
            raise ValueError("name the scores or the items that are to foretell it")
        return self


Block = Annotated[
    TextBlock
    | TargetsBlock
    | IndicatorsBlock
    | ClassesBlock
    | TransitionsBlock
    | EvaluationBlock
    | TheoryBlock
    | PhasesBlock
    | RequirementsBlock
    | ScoresBlock
    | ProfileBlock
    | ChangeBlock
    | ResponseBlock
    | QualityBlock
    | DueBlock
    | ValidityBlock,
    Field(discriminator="block"),
]


class Section(Part):
    """A headed part of a report."""

    title: Text
    blocks: list[Block]


class Report(Item):
    """What a report tells, in order. Its period is ``months`` long and ends with the data."""

    title: Text
    months: int = Field(default=6, gt=0)
    sections: list[Section] = Field(min_length=1)
