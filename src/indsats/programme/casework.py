"""Definition parts that say who does what, for whom, where and how often."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Duration, Id, Item, RuleText, Text


class Document(Item):
    """A document the definition was taken from."""

    title: Text
    publisher: str
    year: int


class Role(Item):
    """Somebody who acts in the programme, in the municipality or outside it (``external``)."""

    title: Text
    does: Text
    external: bool = False
    positions: float | None = None
    """Full-time positions, where the document counts them."""


class Unit(Item):
    """Sites that report together and can be compared, such as an outreach department and the ordinary one."""

    title: Text
    in_effort: bool = True
    """False for a unit that only serves as comparison."""


class Site(Item):
    """A place where the programme runs: its unit, residents and open days a week."""

    title: Text
    unit: Id
    residents: int | None = None
    open_days_per_week: float | None = None


class Setting(Item):
    """A number a site may override without changing the programme, such as a caseload ceiling."""

    title: Text
    value: float
    unit: Text


class Group(Item):
    """A target group: a rule over a person's fields."""

    title: Text
    when: RuleText | None = None


class Service(Item):
    """Something the programme offers: a product, activity or core element people are enrolled in or visit."""

    title: Text
    about: Text
    group: Id | None = None
    core: bool = True


class CodeValue(Item):
    """One value of a code list."""

    title: Text


class CodeList(Item):
    """The values a field of a fact may take in this programme.

    ``for`` names the field as ``kind.field`` (``placement.type``). Fields without a list take any text.
    """

    title: Text
    applies_to: Annotated[list[str], Field(alias="for", min_length=1)]
    values: dict[Id, CodeValue]


class Event(Item):
    """A dated fact of the programme's own, beside the common kinds."""

    title: Text


class EntryRule(Item):
    """What must hold for a fact to be accepted. ``must`` is a rule over the fact's fields."""

    kind: Id
    must: RuleText
    say: Text


class Cadence(Item):
    """Something that must happen again and again while a person is enrolled.

    The clock starts at enrolment in ``service`` and anew at each fact of ``kind`` that satisfies ``where``;
    the next is due ``every`` later. While a pause runs nothing falls due.
    """

    title: Text
    service: Id | None = None
    kind: Id
    where: RuleText = "true"
    every: Duration


class Requirement(Item):
    """A minimum requirement: a question asked of each enrolment, with the reasons a "no" may have."""

    title: Text
    ask: Text
    element: Id | None = None
    if_no: list[Id] = []
    cadence: Id | None = None
    """The cadence that measures the same thing from dates, shown beside the answers."""
