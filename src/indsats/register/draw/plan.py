"""What a draw is to give, and where a programme's definition says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from numbers import Integral, Real
from typing import Any

from indsats.programme import Programme

from .allocation import Allocation, Rounding

WAITING_LIST = "waiting_list"
"""The group of those who take the place of people left out after the draw."""

OUTSIDE, UNKNOWN = "outside_population", "population_unknown"
"""Why somebody is not drawn from: the rule says no, or cannot tell because something is missing."""


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """What a draw is to give.

    ``groups``: each group's size in persons (int) or as a share of all who can be drawn (float), in the order they
    are drawn. ``rest`` names the group of those who are not drawn; without it they have none. ``waiting``: how many
    wait to take the place of people left out after the draw.

    ``within``: a rule on the person's fields, who is drawn from; unknown leaves a person out. ``before`` and ``after``:
    reasons with a rule each for leaving people out before the draw (they cannot be drawn) and after it (they
    were drawn, and somebody on the waiting list takes their place); the first that holds is the reason, unknown
    leaves nobody out. ``as_of`` is the day ``weeks_since`` and its like count to.

    ``strata``: fields whose every combination of values is drawn from for itself; ``allocation`` and ``rounding``
    say how many (see ``allocate``). ``balance``: numbers, yes-or-no and text fields whose means in a group are to
    be those of all, within each stratum where there are any; a missing value counts as a value of its own.
    """

    groups: Mapping[str, int | float]
    rest: str | None = None
    waiting: int = 0
    within: str | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None
    strata: Sequence[str] = ()
    allocation: Allocation = "proportional"
    rounding: Rounding = "largest_remainder"
    balance: Sequence[str] = ()


def plan_of(
    programme: Programme,
    draw_id: str,
    sizes: Mapping[str, int | float],
    *,
    balance: Sequence[str] = (),
    waiting: int = 0,
    as_of: date | None = None,
    allocation: Allocation = "proportional",
    rounding: Rounding = "largest_remainder",
) -> DrawPlan:
    """The plan of a programme's draw: its target group, its strata and its arms, sizes as given here.

    An arm not in ``sizes`` has the share of the definition; one arm may have neither and gets the rest. The
    draw's fields are strata but for those named in ``balance``. The programme's exclusions that have a rule are
    applied after the draw; those without one are decided by people (``leave_out``). Raises ``ValueError`` for names
    the draw does not have, and when more than one arm has no size.
    """
    if draw_id not in programme.draws:
        known = ", ".join(programme.draws) or "none"
        raise ValueError(f"the programme defines no draw '{draw_id}'; it has: {known}")
    part = programme.draws[draw_id]
    odd = [name for name in sizes if name not in part.arms]
    odd += [name for name in balance if name not in {stratum.field for stratum in part.strata}]
    if odd:
        raise ValueError(f"the draw '{draw_id}' has no arm or field {', '.join(odd)}")
    wanted = {name: sizes.get(name, arm.share) for name, arm in part.arms.items()}
    without = [name for name, size in wanted.items() if size is None]
    if len(without) > 1:
        raise ValueError(f"give sizes to all but one of the arms {', '.join(without)}")
    return DrawPlan(
        groups={name: size for name, size in wanted.items() if size is not None},
        rest=without[0] if without else None,
        waiting=waiting,
        within=programme.groups[part.group].when if part.group else None,
        after={name: reason.when for name, reason in programme.exclusions.items() if reason.when},
        as_of=as_of,
        strata=[stratum.field for stratum in part.strata if stratum.field not in balance],
        balance=list(balance),
        allocation=allocation,
        rounding=rounding,
    )


def settled(plan: DrawPlan, seed: int) -> tuple[DrawPlan, int]:
    """The plan and the seed with their numbers as Python's own, which JSON can hold.

    Raises ``ValueError`` for a plan or a seed that means nothing whoever the persons are.
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or seed < 0:
        raise ValueError(f"the seed must be a whole number from 0, it is {seed}")
    plan = replace(
        plan,
        groups={name: _number(size) for name, size in plan.groups.items()},
        waiting=_number(plan.waiting),
    )
    names = [*plan.groups, WAITING_LIST, *([plan.rest] if plan.rest is not None else [])]
    if not plan.groups or len(set(names)) < len(names):
        raise ValueError(f"a draw needs groups with names of their own (not {WAITING_LIST}), it has {names}")
    for name, size in {**plan.groups, WAITING_LIST: plan.waiting}.items():
        if isinstance(size, bool) or not (
            0 <= size <= 1 if isinstance(size, float) else isinstance(size, int) and size >= 0
        ):
            raise ValueError(
                f"'{name}' is to have {size}: give persons (0, 1, 2 …) or a share from 0.0 to 1.0"
            )
    reasons = [*plan.before, *plan.after, OUTSIDE, UNKNOWN, "within"]
    if len(set(reasons)) < len(reasons):
        raise ValueError("every reason for leaving people out, before and after, needs a name of its own")
    return plan, int(seed)


def _number(size: Any) -> Any:
    """NumPy's numbers, and others, as Python's own; what is no number as it is."""
    if isinstance(size, bool) or not isinstance(size, Real):
        return size
    return int(size) if isinstance(size, Integral) else float(size)


def plan_as_json(plan: DrawPlan) -> dict[str, Any]:
    """The plan as JSON can hold it."""
    return {
        "groups": dict(plan.groups),
        "rest": plan.rest,
        "waiting": plan.waiting,
        "within": plan.within,
        "before": dict(plan.before),
        "after": dict(plan.after),
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "strata": list(plan.strata),
        "allocation": plan.allocation,
        "rounding": plan.rounding,
        "balance": list(plan.balance),
    }
