"""Definition parts that say what is asked, how answers are scored and how answer patterns are classed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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


class Beside(Item):
    """An answer that is no point on the scale, and what it means; it is written as a number off the scale."""

    title: Text
    means: Literal["dont_know", "not_relevant", "declined"]


class AskedOf(Part):
    """Whom a question is for: those who gave one of ``answers`` to ``item``.

    The item is one of the same questionnaire, or of another ``questionnaire`` answered by the same rater and
    respondent about the same person or site, at the same time or before.
    """

    questionnaire: Id | None = None
    item: Id
    answers: list[int] = Field(min_length=1)


class Question(Item):
    """One item of a questionnaire, with an optional text for each answer.

    ``title`` is a short label of ours. ``wording`` is what the respondent reads, ``easy`` the same in easy-read;
    for an instrument somebody owns both are left out, and are filled in by those who hold the licence.
    """

    title: Text
    wording: Text | None = None
    easy: Text | None = None
    answers: dict[int, Text] = {}
    options: list[int] = []
    """The points of the scale that can be chosen; all of them when left out."""
    asked_of: AskedOf | None = None
    """Whom the item is for; everybody when left out."""
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


class Reliability(Item):
    """What somebody found of how reliably a score is measured: the coefficient, and the spread it was found in.

    ``sd`` is the standard deviation between people; that of the baseline measured here when left out.
    """

    value: float = Field(gt=0, lt=1)
    sd: float | None = Field(default=None, gt=0)


class Score(Item):
    """A number made from items: their sum or mean, times ``times``.

    Without ``at_least`` every item must be answered. With it, so many answered are enough, and a sum is then
    scaled up to all items by the mean of those answered (``prorate`` in the instrument's own rules). An item that was
    not put to somebody (``asked_of``, ``raters``) is not answered by them: give ``at_least`` where that is no lack.
    ``smallest_change`` is the least change people themselves would call one.
    """

    title: Text
    items: list[Id] = []
    """All items when left out."""
    combine: Literal["sum", "mean"]
    times: float = 1.0
    at_least: int | None = Field(default=None, gt=0)
    bands: list[Band] = []
    references: list[Reference] = []
    reliability: Reliability | None = None
    smallest_change: float | None = Field(default=None, gt=0)


class Window(Part):
    """How long before and after the day it is due an answer belongs to a round and is in time.

    From ``early`` before it can be answered; ``late`` after it is late. Without ``late`` it is late the day after.
    """

    early: Duration = Duration()
    late: Duration = Duration()


class Baseline(Item):
    """What counts as measured at the start: the first measurement from ``before`` to ``within`` after enrolment."""

    within: Duration
    before: Duration = Duration()


class Wave(Item):
    """One round of a questionnaire: in a calendar ``period``, or ``after`` so long from enrolment."""

    title: Text
    period: Period | None = None
    after: Duration | None = None


class Asking(Item):
    """What a questionnaire asks and what answers amount to: the part that must not change under answers given.

    ``beside`` are answers that are no point on the scale. ``lacks_one_of``: the form was printed without one of
    these points, and which is not known (when one stands here it is); scores then have a range of what they could
    have been.
    """

    scale: Scale
    beside: dict[int, Beside] = {}
    lacks_one_of: list[int] = []
    items: dict[Id, Question] = Field(min_length=1)
    scores: dict[Id, Score] = {}
    levels: list[Level] = []
    sides: dict[Id, Side] = {}
    classes: list[AnswerClass] = []
    """First hit wins; an answer set with a missing item has no class."""


class Edition(Asking):
    """An edition no longer handed out: answers to it are read, scored and exported by its own rules.

    An answer that names no edition belongs to it when given up to ``until``. ``comparable`` says that its scores and
    classes may be compared with those of later editions, up to and with the first that does not say so itself.
    """

    until: date
    comparable: bool = False


class Questionnaire(Asking):
    """Items on one scale, who may answer, how often, and what answers amount to.

    ``about: person`` is answered for an enrolment (``questionnaire_answered``), ``about: site`` by those who
    work at a site (``site_answered``). ``owner`` names who holds the rights to the wording. ``by`` says whether one
    of the raters answers a round, or each of them.

    What is asked now is the edition named ``edition``; ``earlier`` holds those that came before, oldest first.
    A published edition never changes: a new wording, option, item or rule is a new edition.
    """

    title: Text
    purpose: Literal["progression", "wellbeing", "fidelity", "survey", "checklist"] = "progression"
    about: Literal["person", "site"] = "person"
    owner: str | None = None
    raters: list[Id] = Field(min_length=1)
    by: Literal["one", "each"] = "one"
    edition: Id = "first"
    earlier: dict[Id, Edition] = {}
    cadence: Id | None = None
    waves: dict[Id, Wave] = {}
    window: Window = Window()
    baseline: Baseline | None = None
    reminders: list[Duration] = []
    """How long after it was due an unanswered round is to be reminded of; none when left out."""

    @property
    def answer_kind(self) -> Literal["questionnaire_answered", "site_answered"]:
        """The kind of fact that holds answers to it."""
        return "site_answered" if self.about == "site" else "questionnaire_answered"

    @property
    def step_kind(self) -> Literal["questionnaire_asked", "site_asked"]:
        """The kind of fact that tells what was done about its rounds beside an answer."""
        return "site_asked" if self.about == "site" else "questionnaire_asked"

    @property
    def editions(self) -> Mapping[str, Asking]:
        """Every edition by its id, oldest first; the last is what is asked now."""
        return {**self.earlier, self.edition: self}

    @property
    def all_items(self) -> Mapping[str, Question]:
        """Every item of every edition; one that several have, as the newest of them has it."""
        found: dict[str, Question] = {}
        for asking in self.editions.values():
            found |= asking.items
        return found | dict(self.items)
