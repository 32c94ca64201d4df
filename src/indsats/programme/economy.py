"""Definition parts that say what things cost and which futures are priced."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Duration, Id, Item, Part, Text


class Price(Item):
    """What something costs or is worth; ``amount`` is left out where the user has to give it.

    In ``unit`` (kroner unless said) per ``per``. ``low`` and ``high`` are the printed range.
    """

    title: Text
    flow: Literal["cost", "benefit", "grant"]
    amount: float | None = None
    unit: Text = Text(da="kr.", en="DKK")
    per: Literal["once", "year", "month", "week", "hour", "participant", "meeting", "placement", "course"]
    payer: Id | None = None
    """The role that pays or receives."""
    price_year: int | None = None
    low: float | None = None
    high: float | None = None


class Scenario(Item):
    """A future that is priced: how much of the estimated effect is counted on, and for how long."""

    title: Text
    about: Text
    effect_share: float | None = Field(default=None, ge=0)
    lasts: Duration | None = None


class Economy(Part):
    """The prices and scenarios of a programme."""

    prices: dict[Id, Price] = {}
    scenarios: dict[Id, Scenario] = {}
