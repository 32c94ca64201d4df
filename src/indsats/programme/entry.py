"""Definition parts that say who the programme is for and how people come into it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Duration, Id, Item, Part, Period, RuleText, Text


class Group(Item):
    """A target group: a rule over a person's fields, or a description where no register field tells it."""

    title: Text
    about: Text | None = None
    when: RuleText | None = None


class LegalBasis(Item):
    """The paragraph somebody is enrolled under; a person may have several (``visitation.legal_basis``)."""

    title: Text
    about: Text
    lasts: Duration | None = None


class Preference(Item):
    """One window of a visitation rule: whose records count, and which goes before which.

    A record lies in the window when it begins in ``period``. ``groups`` are those that count, the most
    preferred first. ``prefer`` is applied in order until one record is left; an open end is the latest.
    ``yields`` names groups that give way to any record of a later window, judged by the record that won.
    """

    id: Id
    period: Period
    groups: Annotated[list[Id], Field(min_length=1)]
    prefer: list[Literal["latest_start", "earliest_start", "latest_end", "group_order"]] = Field(min_length=1)
    yields: list[Id] = []


class Visitation(Item):
    """How several records of visitation become one group for each person.

    Records for which ``keep`` does not hold are left out. A record of the first window goes before one of the
    next.
    """

    keep: RuleText = "true"
    windows: list[Preference] = Field(min_length=1)


class Stratum(Part):
    """A characteristic a draw is made within or balanced on."""

    field: Id
    title: Text


class Arm(Item):
    """What a draw can give; ``share`` is the probability, where it is known."""

    title: Text
    share: float | None = Field(default=None, gt=0, le=1)


class Draw(Item):
    """A random draw of participants; recorded as ``drawn`` with its ``draw`` and ``arm``."""

    title: Text
    about: Text
    group: Id | None = None
    """The target group drawn from."""
    strata: list[Stratum] = []
    arms: dict[Id, Arm] = Field(min_length=1)


class Exclusion(Item):
    """A reason for leaving somebody out after a draw or visitation (``excluded.reason``)."""

    title: Text
    when: RuleText | None = None
    """A rule over the person's fields, where one can tell."""
