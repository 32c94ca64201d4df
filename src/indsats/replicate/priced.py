"""Amounts and break-even effects that follow from printed amounts, made as the product's own business cases are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from indsats.economy import (
    PERSPECTIVES,
    Case,
    Factors,
    Line,
    Perspective,
    Society,
    Uncertain,
    break_even,
    budget,
    society,
)
from indsats.programme import PAYERS, Part, Payer, Text

_UNIT = Text(da="kr.", en="DKK")


class Priced(Part):
    """What an amount is per person, or how many more must reach something that is worth ``worth`` to pay for it."""

    recipe: Literal["priced"]
    cost: float = Field(gt=0)
    people: float = Field(gt=0)
    worth: float | None = Field(default=None, gt=0)
    part: Literal["cost_per_person", "break_even"]


class Perspectives(Part):
    """The socio-economic result that benefits by perspective and a net cost add up to, per participant."""

    recipe: Literal["perspectives"]
    benefits: Mapping[Perspective, float]
    cost: float = Field(gt=0)
    part: Literal["total", "net", "ratio"]


def priced(make: Priced) -> float | None:
    """An amount per person, or how many more people in a year pay for it."""
    lines = [_line("cost", "cost", -make.cost / make.people, "municipality")]
    if make.worth is not None:
        lines.append(_line("job", "consequence", make.worth, "municipality", quantity=0.0))
    case = _case(lines, make.people)
    if make.part == "cost_per_person":
        return budget(case).cost
    found = break_even(case)
    return None if found is None else found * make.people


def perspectives(make: Perspectives) -> float | None:
    """One number of the socio-economic result; what taxes do to the economy is told and not made here."""
    payer: Mapping[Perspective, Payer] = {"taxpayers": "state", "participants": "citizen", "others": "others"}
    lines = [_line("cost", "cost", -make.cost, "state")]
    lines += [_line(name, "consequence", make.benefits.get(name, 0.0), payer[name]) for name in payer]
    found = society(_case(lines, 1), Factors(), make.benefits.get("indirect", 0.0))
    return _part(found, make.part)


def _part(found: Society, part: Literal["total", "net", "ratio"]) -> float | None:
    if part == "total":
        return sum(found.benefits[one] for one in PERSPECTIVES)
    return found.net if part == "net" else found.ratio


def _line(
    name: str,
    part: Literal["cost", "consequence"],
    amount: float,
    payer: Payer,
    quantity: float = 1.0,
) -> Line:
    shares = np.zeros((len(PAYERS), 1))
    shares[PAYERS.index(payer), 0] = 1 if amount >= 0 else -1
    return Line(
        id=name,
        of=name,
        title=_UNIT,
        part=part,
        quantity=Uncertain(quantity),
        price=Uncertain(abs(amount)),
        shares=shares,
        weights=np.ones(1),
        unit=_UNIT,
        price_of=name,
        errs_with=name,
        moves=part == "consequence",
    )


def _case(lines: list[Line], people: float) -> Case:
    return Case(
        scenario="printed",
        title=_UNIT,
        lines=tuple(lines),
        discount=np.ones(1),
        participants=people,
        price_year=0,
        yardstick="job",
    )
