"""Definition parts that say who does what, where, with which means and in which words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import Id, Item, RuleText, Text
from .vocabulary import Meaning


class Document(Item):
    """A document the definition was taken from."""

    title: Text
    publisher: str
    year: int
    lines: int | None = Field(default=None, gt=0)
    """How many lines its extracted text has; sources beyond are then refused."""


class Role(Item):
    """Somebody who acts in the programme, in the municipality or outside it (``external``)."""

    title: Text
    does: Text
    external: bool = False
    positions: float | None = None
    """Full-time positions, where the document counts them."""
    combines: list[Id] = []
    """Roles one person of this role fills at once: who is assigned this role is assigned them too."""
    continuity: list[Id] = []
    """Phases through which it should be the same person."""


class Organisation(Item):
    """A form of organisation a site may choose, with what the document found for and against it."""

    title: Text
    about: Text
    strengths: Text | None = None
    weaknesses: Text | None = None
    roles: list[Id] = []
    """Roles that only this form has, such as one that combines others."""


class Unit(Item):
    """Sites that report together and can be compared, such as an outreach department and the ordinary one."""

    title: Text
    in_effort: bool = True
    """False for a unit that only serves as comparison."""


class Site(Item):
    """A place where the programme runs: its unit, form of organisation, residents and open days a week.

    ``cluster`` names the sites it is fair to compare it with.
    """

    title: Text
    unit: Id
    cluster: Id | None = None
    organisation: Id | None = None
    residents: int | None = None
    open_days_per_week: float | None = None


class Setting(Item):
    """A number the programme runs by. With ``override`` a site may set its own, as a dated fact (``site_setting``).

    ``measures`` says what the number is; a length in days, weeks, months or years can stand wherever the
    definition takes a duration. ``low`` and ``high`` bound what a site may choose.
    """

    title: Text
    value: float
    unit: Text
    measures: Literal["days", "weeks", "months", "years", "number"] = "number"
    override: bool = False
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _holds(self) -> Setting:
        if self.measures != "number" and self.value != int(self.value):
            raise ValueError(f"a length is a whole number of {self.measures}, and this is {self.value:g}")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(
                f"the highest a site may choose ({self.high:g}) lies below the lowest ({self.low:g})"
            )
        return self


class Service(Item):
    """Something the programme offers: a product or course people are enrolled in, or a place they visit."""

    title: Text
    about: Text
    group: Id | None = None
    core: bool = True


class Element(Item):
    """A core element of the model: what has to be there for it to be this model."""

    title: Text
    about: Text
    block: Text | None = None
    """The part of the model it belongs to, such as start and plan."""
    service: Id | None = None
    phase: Id | None = None


class CodeValue(Item):
    """One value of a code list; ``means`` says it in the words every programme shares."""

    title: Text
    means: Meaning | None = None


class CodeList(Item):
    """The values a field of a fact may take in this programme.

    ``for`` names the field as ``kind.field`` (``placement.type``). Fields without a list take any text.
    """

    title: Text
    applies_to: Annotated[list[str], Field(alias="for", min_length=1)]
    values: dict[Id, CodeValue]


class Event(Item):
    """A dated fact of the programme's own, beside the common kinds; ``values`` are its possible outcomes.

    ``record_only``: it is kept for the story of the case, and nothing counts or waits for it.
    """

    title: Text
    values: dict[Id, CodeValue] = {}
    record_only: bool = False


class EntryRule(Item):
    """What must hold for a fact to be accepted. ``must`` is a rule over the fact's fields."""

    kind: Id
    must: RuleText
    say: Text


class Caseload(Item):
    """How many cases a full-time worker of a role has, at most (``most``) and as seen (``typical``)."""

    title: Text
    role: Id
    most: float | None = Field(default=None, gt=0)
    setting: Id | None = None
    """The setting that holds the ceiling where a site may choose its own."""
    typical: float | None = Field(default=None, gt=0)


class FormField(Item):
    """One field of a form. ``choice`` takes one of ``choices``."""

    title: Text
    type: Literal["text", "number", "bool", "date", "choice"]
    required: bool = False
    choices: dict[Id, CodeValue] = {}

    @model_validator(mode="after")
    def _choices_for_choice(self) -> FormField:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("a field of type 'choice' has 'choices', and no other field has")
        return self


class Form(Item):
    """The programme's own fields of a plan, CV, agreement, placement or meeting, beside those every programme has.

    What a CV is to hold at the least is a form of kind ``cv`` with a field of type ``bool`` for each thing: a page of
    the server shows which of them the last CV lacks.
    ``type`` limits it to facts of that type (``agreement.type``). Each field is a column of the kind's table and a
    field of its rules, by its id.
    """

    title: Text
    kind: Literal["plan", "cv", "agreement", "placement", "meeting"]
    type: Id | None = None
    fields: dict[Id, FormField] = Field(min_length=1)
