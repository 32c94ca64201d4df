"""Definition parts that say which effect is asked for, in whom, against whom, and how it is estimated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from .base import FieldType, Id, Item, Part, Period, RuleText, Text
from .estimates import Estimate, Matching, NegativeControls, Sensitivity
from .flow import Happening

CodeRange = Annotated[str, StringConstraints(pattern=r"^(blank|\d{3}(-\d{3})?)$")]
"""A register code (``651``), a range with both ends (``730-739``) or ``blank``, a week without a code."""


class RegisterState(Item):
    """A state a person can be in during a week: register codes, and what more the week must satisfy.

    A week without a code is not self-support by itself: that is a rule, which the settings below can make.
    Living in Denmark and being alive need no setting, for weeks abroad and after death have codes of their own.
    """

    title: Text
    codes: list[CodeRange] = Field(min_length=1)
    before_pension: bool = False
    """Weeks from the one in which the person reaches the state pension age do not count. Who has no date of
    birth is taken to be younger: the register has a code for those who draw the pension."""
    paid_hours: bool = False
    """Only weeks in months with paid hours count; a week lies in the month of its Thursday."""
    at_least_weeks: int = Field(default=1, gt=0)
    """Stays of fewer weeks without a break do not count."""


class Column(Part):
    """A column of a packaged table."""

    title: Text
    type: FieldType
    unit: Text | None = None


class PackagedTable(Item):
    """Public microdata that come with an installed package: a Stata file or a table with commas.

    The ending of ``file`` decides how it is read: ``.dta``, ``.csv`` or ``.csv.bz2``.
    """

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
    """When a person's clock starts: the first week within ``window`` in ``state``, or with ``happening``.

    A stay that goes on when the window opens starts the clock there, unless only ``new`` ones count. With
    ``at: end`` the clock starts in the first week after a stay.
    """

    state: Id | None = None
    happening: Happening | None = None
    """A dated fact instead of a state: a registration, a start, a draw."""
    at: Literal["start", "end"] = "start"
    new: bool = False
    """Only stays that begin within the window and the data count."""
    gap_weeks: int = Field(default=0, ge=0)
    """Stays with at most so many weeks between them are one stay."""
    window: Period | None = None

    @model_validator(mode="after")
    def _is_one_event(self) -> IndexEvent:
        if (self.state is None) == (self.happening is None):
            raise ValueError("an index is either a 'state' or a 'happening'")
        if self.happening is not None and (self.at == "end" or self.new or self.gap_weeks):
            raise ValueError("'at', 'new' and 'gap_weeks' tell of stays in a 'state', not of a 'happening'")
        return self


class StateOutcome(Item):
    """Whether a person is in ``state`` ``at_least_weeks`` of weeks ``from_week``..``within_weeks`` after index."""

    id: Id
    title: Text
    kind: Literal["state"]
    state: Id
    from_week: int = Field(default=1, gt=0)
    within_weeks: int = Field(gt=0)
    at_least_weeks: int = Field(default=1, gt=0)
    in_a_row: bool = False
    """The weeks must follow each other."""
    ends: list[Id] = []
    """States that end the wait without the outcome, as death and leaving the country always do."""


class StatusOutcome(Item):
    """Whether a person is in ``state`` in week number ``week`` after index."""

    id: Id
    title: Text
    kind: Literal["status"]
    state: Id
    week: int = Field(gt=0)


class WeeksOutcome(Item):
    """How many of the weeks ``from_week``..``to_week`` after index a person spends in ``state``."""

    id: Id
    title: Text
    kind: Literal["weeks"]
    state: Id
    from_week: int = Field(default=1, gt=0)
    to_week: int = Field(gt=0)


class HoursOutcome(Item):
    """Paid hours a week, on average over the calendar months ``from_month``..``to_month`` after index."""

    id: Id
    title: Text
    kind: Literal["hours"]
    from_month: int = Field(default=1, gt=0)
    to_month: int = Field(gt=0)


class MonthsOutcome(Item):
    """Whether ``in_a_row`` of the calendar months 1..``within_months`` after index follow each other, each touched.

    A month is touched when it has paid ``hours``, or a week in any of ``states``; the kinds combine.
    """

    id: Id
    title: Text
    kind: Literal["months"]
    within_months: int = Field(gt=0)
    in_a_row: int = Field(default=1, gt=0)
    hours: bool = True
    states: list[Id] = []

    @model_validator(mode="after")
    def _counts_something(self) -> MonthsOutcome:
        if not self.hours and not self.states:
            raise ValueError("'hours' is false and 'states' is empty, so no month can count")
        return self


class ColumnOutcome(Item):
    """A column of the data taken as it is, in ``unit``."""

    id: Id
    title: Text
    kind: Literal["column"]
    column: Id
    unit: Text


RegisterOutcome = StateOutcome | StatusOutcome | WeeksOutcome | HoursOutcome | MonthsOutcome
"""An outcome that registers answer."""

Outcome = Annotated[RegisterOutcome | ColumnOutcome, Field(discriminator="kind")]

AMOUNTS = (ColumnOutcome, WeeksOutcome, HoursOutcome)
"""Outcomes that are amounts with a mean; the others are yes or no with a share."""


def states_of(outcome: Outcome) -> list[tuple[tuple[str | int, ...], str]]:
    """The states an outcome names, each with where in the outcome it stands."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    if isinstance(outcome, (StateOutcome, StatusOutcome, WeeksOutcome)):
        found.append((("state",), outcome.state))
    if isinstance(outcome, StateOutcome):
        found += [(("ends", number), state) for number, state in enumerate(outcome.ends)]
    if isinstance(outcome, MonthsOutcome):
        found += [(("states", number), state) for number, state in enumerate(outcome.states)]
    return found


class History(Part):
    """A covariate made from the register: what ``measure`` says of ``state`` in the ``weeks`` before index.

    ``weeks`` counts the weeks in the state; ``share`` divides them by the weeks in ``of``; ``uninterrupted``
    counts the weeks up to index that are one stay, gaps of at most ``gap_weeks`` bridged and not counted;
    ``stays`` counts the stays that touch the window, gaps bridged alike.
    """

    id: Id
    title: Text
    state: Id
    weeks: int = Field(gt=0)
    measure: Literal["weeks", "share", "uninterrupted", "stays"] = "weeks"
    of: Id | None = None
    gap_weeks: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _fits_measure(self) -> History:
        if (self.measure == "share") != (self.of is not None):
            raise ValueError("'of' names what a share is of: give it with 'measure: share' and only there")
        if self.gap_weeks and self.measure not in ("uninterrupted", "stays"):
            raise ValueError("'gap_weeks' joins stays: it goes with 'measure: uninterrupted' or 'stays'")
        return self


class Covariate(Part):
    """A characteristic that groups are compared on and matched by."""

    field: Id
    title: Text


class FurtherMethod(Item):
    """A part of the document's design that the estimates here do not make, told so that nobody misses it."""

    title: Text
    about: Text


class Evaluation(Item):
    """One question about effect, with the data, design and estimates that answer it."""

    title: Text
    ask: Text
    design: Literal["randomised", "matched", "regression", "difference-in-differences"]
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
    cluster: Id | None = None
    """What the effort was given to as a whole, such as a site: errors allow for its people being alike."""
    effort_starts: date | None = None
    """The day the effort began among the treated. People before it are a comparison only as long as they are
    not followed into it."""
    matching: Matching | None = None
    estimates: list[Estimate] = []
    main: Id | None = None
    """The estimate the conclusion rests on and ``sensitivity`` tries: ``matched`` or the id of one of
    ``estimates``; when left out the pairs, or else the first estimate."""
    sensitivity: list[Sensitivity] = []
    multiplicity: Literal["holm", "benjamini-hochberg"] | None = None
    """How the p-values of the main estimate are adjusted for there being several outcomes."""
    time_to: Id | None = None
    """The outcome whose waiting time is drawn as a Kaplan-Meier curve and modelled by hazards."""
    further: list[FurtherMethod] = []

    @model_validator(mode="after")
    def _has_data(self) -> Evaluation:
        if bool(self.rows) == (self.index is not None):
            raise ValueError("an evaluation has either 'rows' (packaged tables) or an 'index' (registers)")
        return self

    def parts(self) -> Iterator[tuple[tuple[str | int, ...], Item]]:
        """The matching, the estimates and the checks of sensitivity, each with where it stands."""
        if self.matching is not None:
            yield ("matching",), self.matching
        yield from ((("estimates", number), part) for number, part in enumerate(self.estimates))
        yield from ((("sensitivity", number), part) for number, part in enumerate(self.sensitivity))

    @property
    def main_estimate(self) -> str | None:
        """The id of the estimate the conclusion rests on; ``matched`` is the pairs, None the plain difference."""
        if self.main is not None or self.matching is not None:
            return self.main or "matched"
        return self.estimates[0].id if self.estimates else None

    @property
    def negative_controls(self) -> frozenset[str]:
        """The outcomes that the treatment cannot have changed."""
        checks = (check for check in self.sensitivity if isinstance(check, NegativeControls))
        return frozenset(outcome for check in checks for outcome in check.outcomes)
