"""The socio-economic result in four perspectives, apart from the budget-economic one.

Taxpayers are the three public purses together, participants the citizens in the effort, others everybody else, and
indirect what taxes do to the economy: WSIPP's four perspectives with the two Danish factors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .lines import COSTS, PUBLIC_ROWS, Case, payer_rows

Perspective = Literal["taxpayers", "participants", "others", "indirect"]
PERSPECTIVES: tuple[Perspective, ...] = ("taxpayers", "participants", "others", "indirect")


@dataclass(frozen=True, slots=True)
class Factors:
    """``net_tax`` turns factor prices into market prices (1.28: resources are worth 28 % more to consumers);
    ``distortion`` is what raising one krone of tax loses."""

    net_tax: float = 1.0
    distortion: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Society:
    """The result for society in kroner per participant at present value, as a price level and year of the case.

    ``benefits`` is by perspective and without the effort's own cost, which is ``cost``; ``net`` is their difference
    and ``ratio`` benefit per krone of cost (None where it costs nothing).
    """

    benefits: Mapping[Perspective, float]
    cost: float
    net: float
    ratio: float | None
    factors: Factors


def society(case: Case, factors: Factors, further_indirect: float = 0.0) -> Society:
    """The socio-economic result of a case.

    Transfers move money and make nothing: they cancel out between taxpayers and participants, but the taxes they
    need or save are distorted. Where part of the effect displaces others (``case.displaced``) what participants gain
    by that part others lose. ``further_indirect`` is an indirect effect per participant told elsewhere.
    """
    present = case.present()
    spent = np.array([line.part in COSTS for line in case.lines], dtype=bool)
    # only effects displace anybody: costs and grants are what they are
    effect = np.array([line.part == "consequence" for line in case.lines], dtype=bool)
    kept = np.where(effect, 1.0 - case.displaced, 1.0)
    citizen, others = payer_rows(["citizen"])[0], payer_rows(["others"])[0]
    public = present[:, PUBLIC_ROWS].sum(axis=1)
    cost = -float(public[spent].sum())
    resources = float((present.sum(axis=1) * kept).sum())  # what only moves money sums to zero over payers
    public_gain = float((public * kept)[~spent].sum())
    lost = case.displaced * float(present[effect, citizen].sum())
    benefits: dict[Perspective, float] = {
        "taxpayers": public_gain,
        "participants": float(present[:, citizen].sum()),
        "others": float((present[:, others] * kept).sum()) - lost,
        "indirect": factors.distortion * (public_gain - cost)
        + (factors.net_tax - 1.0) * resources
        + further_indirect,
    }
    total = sum(benefits.values())
    return Society(
        benefits=benefits,
        cost=cost,
        net=total - cost,
        ratio=total / cost if cost > 0 else None,
        factors=factors,
    )
