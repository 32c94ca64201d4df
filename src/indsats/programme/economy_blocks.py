"""Definition parts that say what the tables and charts of a report about money are made from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Id, Part, Text


class PricesBlock(Part):
    """The prices that are used: amount, price year, who pays, where it is from, and those the reader has to give."""

    block: Literal["prices"]
    title: Text


class CostsBlock(Part):
    """What the effort cost: recorded dose times price, per participant, by unit or site, by month since the start."""

    block: Literal["costs"]
    title: Text
    by: Literal["unit", "site"] = "unit"


class CaseBlock(Part):
    """The budget-economic business case of one scenario: cash flow by payer and year, net result, break-even.

    The first scenario when left out.
    """

    block: Literal["business_case"]
    title: Text
    scenario: Id | None = None


class ScenariosBlock(Part):
    """Every scenario beside the others, what moves the result most, and how sure it is."""

    block: Literal["scenarios"]
    title: Text


class SocietyBlock(Part):
    """The socio-economic result of one scenario in four perspectives, apart from the budget-economic one."""

    block: Literal["society"]
    title: Text
    scenario: Id | None = None


class OwnGainBlock(Part):
    """What a citizen has left of the pay for ordinary hours beside a benefit: ``benefit`` and ``wage`` are prices."""

    block: Literal["own_gain"]
    title: Text
    benefit: Id
    wage: Id
    hours: list[float] = Field(default=[1, 3, 5, 10, 15, 20, 37], min_length=1)
