"""Estimates that belong to a publication and not to a programme: their data, their design, and which number."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from indsats.programme import Id, Part, RuleText


class DidDesign(Part):
    """A difference in differences on a packaged table, with the plain errors of least squares."""

    kind: Literal["did"]
    table: Id
    where: RuleText = "true"
    outcome: Id
    site_treated: Id
    after: Id


class GroupTimeDesign(Part):
    """Effects by group and time on a packaged table with a row a unit and period; never treated units compare."""

    kind: Literal["group_time"]
    table: Id
    where: RuleText = "true"
    outcome: Id
    unit: Id
    period: Id
    first_treated: Id
    method: Literal["dr", "ipw", "reg"] = "dr"


Design = DidDesign | GroupTimeDesign


class DidPart(Part):
    """One number of a difference in differences; ``n`` counts the rows used."""

    recipe: Literal["did"]
    of: Id
    part: Literal["estimate", "se", "n"]


class GroupTimePart(Part):
    """The effect in units first treated in ``group``, seen in ``period``."""

    recipe: Literal["group_time"]
    of: Id
    group: float
    period: float


class GroupTimeMeanPart(Part):
    """Effects by group and time taken together: one line of ``by``, or the overall effect when ``at`` is left out.

    ``at`` is the time since the start when taken together ``by: dynamic``, a group ``by: group`` and a period
    ``by: calendar``.
    """

    recipe: Literal["group_time_mean"]
    of: Id
    by: Literal["simple", "dynamic", "group", "calendar"]
    at: float | None = None

    @model_validator(mode="after")
    def _has_lines(self) -> GroupTimeMeanPart:
        if self.by == "simple" and self.at is not None:
            raise ValueError("'simple' is one effect and has no lines for 'at'")
        return self


DesignPart = DidPart | GroupTimePart | GroupTimeMeanPart

DESIGN_OF: dict[type[DesignPart], type[Design]] = {
    DidPart: DidDesign,
    GroupTimePart: GroupTimeDesign,
    GroupTimeMeanPart: GroupTimeDesign,
}
"""The kind of design a number is a part of."""
