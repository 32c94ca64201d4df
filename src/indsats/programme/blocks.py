"""Definition parts that say what the tables and charts of a report are made from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Duration, Id, Part, Text
from .economy_blocks import CaseBlock, CostsBlock, OwnGainBlock, PricesBlock, ScenariosBlock, SocietyBlock
from .flow import Happenings


class TextBlock(Part):
    """A paragraph."""

    block: Literal["text"]
    text: Text


class TargetsBlock(Part):
    """Indicators with target, realised and status for a unit, a site, or (with neither) the whole programme."""

    block: Literal["targets"]
    title: Text
    unit: Id | None = None
    site: Id | None = None
    indicators: list[Id] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> TargetsBlock:
        _unit_or_site(self.unit, self.site)
        return self


class IndicatorsBlock(Part):
    """Indicators by unit, or by site, without targets; with ``site`` that one beside the whole of its unit."""

    block: Literal["indicators"]
    title: Text
    indicators: list[Id] = Field(min_length=1)
    by: Literal["unit", "site"] = "unit"
    site: Id | None = None


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
    """A programme theory drawn with what was measured on it, and its links as a table."""

    block: Literal["theory"]
    title: Text
    theory: Id


class PhasesBlock(Part):
    """How many enrolments began, skipped, ended and are in each phase, by unit."""

    block: Literal["phases"]
    title: Text


class RequirementsBlock(Part):
    """Fulfilment of minimum requirements, answered and measured, due and not yet due, by unit or site.

    With ``site`` it is each requirement as answered at that one, beside the whole of its unit.
    """

    block: Literal["requirements"]
    title: Text
    phase: Id | None = None
    element: Id | None = None
    by: Literal["unit", "site"] = "unit"
    site: Id | None = None


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
    """How many measurements are due, late and missed when the period ends, by unit or site, or at one ``site``."""

    block: Literal["due"]
    title: Text
    by: Literal["unit", "site"] = "site"
    site: Id | None = None


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


class BarometerBlock(Part):
    """The implementation barometer: each place beside all of them, by answer and by dates, with funnel limits.

    ``of`` is the share shown in the funnel: of participants with all applicable requirements met, or of
    requirements met. ``trend`` adds the months of the period.
    """

    block: Literal["barometer"]
    title: Text
    phase: Id | None = None
    element: Id | None = None
    of: Literal["participants", "requirements"] = "requirements"
    by: Literal["unit", "site"] = "site"
    trend: bool = True


class TrendBlock(Part):
    """Indicators month by month, and whether a shift is real or noise. ``months`` end with the report's period.

    The first ``baseline`` months set the line the others are held against; all of them when left out.
    """

    block: Literal["trend"]
    title: Text
    indicators: list[Id] = Field(min_length=1)
    unit: Id | None = None
    months: int = Field(default=24, ge=6)
    baseline: int | None = Field(default=None, ge=8)

    @model_validator(mode="after")
    def _something_follows(self) -> TrendBlock:
        if self.baseline is not None and self.baseline >= self.months:
            raise ValueError(
                f"a baseline of {self.baseline} months leaves none of {self.months} to hold against it"
            )
        return self


class BenchmarkBlock(Part):
    """Each site's level, distance and rank among all sites and among those with the same framework conditions."""

    block: Literal["benchmark"]
    title: Text
    indicators: list[Id] = Field(min_length=1)


class ReclassifiedBlock(Part):
    """Whether an indicator of one class of people moved because people moved, or because they were reclassified.

    The class of an enrolment is the value of its newest ``event``; ``value`` is the class looked at. The report's
    period is held against the one as long before it.
    """

    block: Literal["reclassified"]
    title: Text
    indicator: Id
    event: Id
    value: Id


class CourseBlock(Part):
    """Intake by month, and the way from draw to exit: how many reach each step, and the median wait for it."""

    block: Literal["course"]
    title: Text
    by: Literal["all", "unit"] = "all"


class SinceBlock(Part):
    """What changed since the report before, by cause: new people, late registrations, corrections, changed rules.

    The report before ended ``months`` earlier (the report's own length when left out) and knew what was recorded
    by ``known_after`` so long after its end.
    """

    block: Literal["since"]
    title: Text
    indicators: list[Id] = Field(min_length=1)
    unit: Id | None = None
    months: int | None = Field(default=None, gt=0)
    known_after: Duration = Duration(days=14)


class DeviationsBlock(Part):
    """Targets not met in a unit, a site, or (with neither) the whole programme: the explanation and the plan of action
    that are asked for, whether they came, and plans that are still open."""

    block: Literal["deviations"]
    title: Text
    unit: Id | None = None
    site: Id | None = None
    indicators: list[Id] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> DeviationsBlock:
        _unit_or_site(self.unit, self.site)
        return self


class RepresentativenessBlock(Part):
    """Those who started beside everybody else they were drawn from, field by field, with tests of the difference.

    ``population`` says who that is: everybody assigned to the programme, or everybody enrolled in any unit, of
    whom those in the units of the effort are held against the rest.
    """

    block: Literal["representativeness"]
    title: Text
    population: Literal["assigned", "enrolled"] = "assigned"
    fields: list[Id] = Field(min_length=1)


class PlanBlock(Part):
    """Whether an evaluation was planned before outcomes were read, and where it deviates from what was registered."""

    block: Literal["plan"]
    title: Text
    evaluation: Id


class MethodBlock(Part):
    """How an evaluation is made, from its definition: who, against whom, what is measured, and how it is estimated."""

    block: Literal["method"]
    title: Text
    evaluation: Id


class DefinitionsBlock(Part):
    """What the indicators of the report count and among whom, in words; only those named when some are."""

    block: Literal["definitions"]
    title: Text
    indicators: list[Id] = []


class PersonBlock(Part):
    """What the record holds about one citizen, for that citizen: in reports ``about: person`` only.

    ``citizen`` is the role in which the citizen answers questionnaires. Items that only others answer are the staff's
    own and left out.
    """

    block: Literal["person"]
    title: Text
    citizen: Id | None = None
    of: Literal["course", "plan", "meetings", "measurements", "work", "next"]


def _unit_or_site(unit: str | None, site: str | None) -> None:
    if unit is not None and site is not None:
        raise ValueError("the block is about a 'unit' or a 'site'; a site has its unit")


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
    | ValidityBlock
    | BarometerBlock
    | TrendBlock
    | BenchmarkBlock
    | ReclassifiedBlock
    | CourseBlock
    | SinceBlock
    | DeviationsBlock
    | PricesBlock
    | CostsBlock
    | CaseBlock
    | ScenariosBlock
    | SocietyBlock
    | OwnGainBlock
    | RepresentativenessBlock
    | PlanBlock
    | MethodBlock
    | DefinitionsBlock
    | PersonBlock,
    Field(discriminator="block"),
]
