"""What a participant had of each activity: counted in facts, or where there are none what the definition says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from indsats.problem import InputRefused, Problem
from indsats.programme import Activity, FixedDose, ParticipantDose, Programme

from .costs import course, still_enrolled
from .dose import DAYS
from .lines import Array, Uncertain
from .units import DAYS_A_YEAR

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class Had:
    """The dose of an activity per participant, in units of its price: ``total``, and in each year since the start.

    ``over`` is the part of participants' courses that is over: so much of what they would have had otherwise is saved.
    """

    total: Uncertain
    by_year: Array
    over: float = 1.0


Spent = Mapping[str, Had]
"""What a participant had of each activity, by its id."""


def spent_on(programme: Programme, facts: Facts | None, least: int = 1) -> dict[str, Had]:
    """What a participant had of each activity, in the months that at least ``least`` people were followed through.

    Without facts people and fixed costs alone are known: ``participants`` of the definition are then those of a year,
    and fixed costs are a year's. Raises ``InputRefused`` naming the activities that have to be counted in facts.
    """
    activities = programme.economy.activities
    if facts is not None:
        over = 1 - still_enrolled(facts, least)[1]
        found = {name: course(facts, name, least=least) for name in activities}
        return {name: Had(one.total, one.by_year(), over) for name, one in found.items()}
    counted = [
        Problem(
            f"how much participants had of '{name}' is counted in facts, and there are none",
            "Give the folder with facts: --data FOLDER",
            file="economy.yaml",
            field=name,
        )
        for name, activity in activities.items()
        if not isinstance(activity.dose, FixedDose | ParticipantDose)
    ]
    if counted:
        raise InputRefused(counted)
    return {name: _said(programme, activity) for name, activity in activities.items()}


def participants_said(programme: Programme) -> int:
    """How many people the definition says take part. Raises ``InputRefused`` where it does not."""
    if programme.economy.participants is None:
        what = f"nothing says how many take part in '{programme.programme}'"
        remedy = "Give facts with --data, or write 'participants' under 'economy'"
        raise InputRefused([Problem(what, remedy, file="economy.yaml", field="participants")])
    return programme.economy.participants


def _said(programme: Programme, activity: Activity) -> Had:
    each = activity.dose.each
    if isinstance(activity.dose, FixedDose):
        days = DAYS.get(programme.economy.prices[activity.price].per)
        times = 1.0 if days is None else DAYS_A_YEAR / days
        each = each * times / participants_said(programme)
    return Had(Uncertain(each), np.array([each]))
