"""Printed figures of steering: people told of in a publication's cases, whose facts the product counts itself."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from indsats.programme import Id, Part, Period


class Told(Part):
    """A fact of one kind that each person of a group has, ``on`` a day (and to another), ``with`` these fields."""

    kind: Id
    on: date
    to: date | None = None
    fields: dict[Id, str | float | bool] = Field(default={}, alias="with")


class People(Part):
    """So many persons who have the same facts: enrolled on a day at a site, unless they never were.

    They are enrolled in the ``service``, the programme's first when left out.
    """

    count: int = Field(gt=0)
    site: Id
    service: Id | None = None
    enrolled: date | None = None
    facts: list[Told] = []


class Case(Part):
    """People made up so that a programme's own indicators give what its document prints of them."""

    programme: str
    people: list[People] = Field(min_length=1)


class Steered(Part):
    """What an indicator, or its target, comes to over a case: in a unit, at a site, or in all.

    ``percent`` is the value times 100, ``index`` the same or ``*`` where there is nothing to compare with,
    ``per_month`` the value over the period's calendar months. ``target`` and ``target_percent`` are the level aimed
    at, ``reached`` what stands beside it: ``met``, ``too_few``, ``not_measurable``, and else ``not_met``, for a
    document with two statuses knows no ``near``. The last three need a ``unit``.
    """

    recipe: Literal["steered"]
    of: Id
    indicator: Id
    period: Period
    unit: Id | None = None
    site: Id | None = None
    part: Literal[
        "value",
        "percent",
        "index",
        "per_month",
        "numerator",
        "denominator",
        "target",
        "target_percent",
        "reached",
    ]


__all__ = ["Case", "People", "Steered", "Told"]
