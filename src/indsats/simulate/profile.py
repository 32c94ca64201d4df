"""How a simulated programme behaves: the planted parameters, with defaults derived from its definition."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indsats.problem import InputRefused, Problem
from indsats.programme import Duration, Evaluation, Programme

from .calendar import as_date, day, monday_of, week_of

SMALLEST = 50
"""Fewer persons leave units without cases; the traps and truths would be empty words."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one unit does, as probabilities.

    ``no_show``, ``cancelled`` and ``moved`` are per meeting set up; ``timely`` per item that falls due;
    ``side_up``/``side_down`` per step from one questionnaire to the next; ``activation`` per week without.
    ``placement_ratio`` and ``exit_ratio`` multiply the weekly chance of a company placement and of
    self-support, job or education from index on.
    """

    no_show: float
    cancelled: float
    moved: float
    timely: float
    side_up: float
    side_down: float
    requirement_yes: float
    activation: float
    placement_ratio: float
    exit_ratio: float


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is planted. ``behaviour`` is by unit, ``course_*`` for services beside the main one."""

    first_day: date
    last_day: date
    register_first: int
    """Register week (0 = the week of 1991-08-05) of the first column."""
    register_last: int
    main_service: str
    courses: tuple[str, ...]
    behaviour: Mapping[str, Behaviour]
    treated_share: float = 0.25
    mismatch_share: float = 0.03
    """Share whose registered residence lies in another site's area than the site that serves them."""
    course_share: float = 0.12
    """Share of the persons served by units in the effort who are offered each course."""
    course_placed_26: float = 0.55
    """Chance of a placement within 26 weeks of the course's start for those who stay on the benefit."""
    late_share: float = 0.04
    """Share of registrations made 31 to 200 days after the fact."""
    corrected_share: float = 0.02
    withdrawn_share: float = 0.005
    missing_item_share: float = 0.02
    """Share of answered questionnaires with one item left open."""
    pause_share: float = 0.05
    walk_ins_per_month: float = 0.3
    """Visits a month per open case at sites of units in the effort."""
    walk_ins_with_case: float = 0.94
    summoned_share: float = 0.36
    unknown_code_share: float = 0.004
    """Share of sickness spells that carry a code no list has."""


def default_profile(programme: Programme) -> Profile:
    """The profile a definition gets without one of its own: three years from 2014 (or from its first day).

    Units in the effort miss fewer meetings, keep more deadlines and place more people than the others. The
    register reaches back far enough for the history every evaluation asks for. Raises ``InputRefused`` for a
    definition that has no casework to simulate.
    """
    _refuse_without_casework(programme)
    first = max(programme.first_day or date(2014, 1, 1), date(2014, 1, 1))
    last = as_date(day(Duration.model_validate("P3Y").after(first)) - 1)
    reach = week_of(day(first)) - 52
    for evaluation in programme.evaluations.values():
        if evaluation.index is not None and evaluation.index.window is not None:
            longest = max((part.weeks for part in evaluation.history), default=52)
            reach = min(reach, week_of(day(evaluation.index.window.first)) - longest)
    end = week_of(day(last))
    if int(monday_of(end)) + 4 > day(last):  # a week that is mostly in the next year is not in the extract
        end -= 1
    main = _main_service(programme)
    return Profile(
        first_day=first,
        last_day=last,
        register_first=reach,
        register_last=end,
        main_service=main,
        courses=_courses(programme, main),
        behaviour=_behaviour(programme),
    )


def with_changes(profile: Profile, **changes: object) -> Profile:
    """The profile with some parameters replaced."""
    return dataclasses.replace(profile, **changes)  # type: ignore[arg-type]


def register_evaluations(programme: Programme) -> dict[str, Evaluation]:
    """The evaluations whose data are registers, in the definition's order."""
    return {key: part for key, part in programme.evaluations.items() if part.index is not None}


def _refuse_without_casework(programme: Programme) -> None:
    packaged = bool(programme.evaluations) and not register_evaluations(programme)
    missing = [name for name in ("units", "services") if not getattr(programme, name)]
    if not packaged and not missing:
        return
    what = (
        "its evaluations run only on packaged tables"
        if packaged
        else f"it defines no {' and no '.join(missing)}"
    )
    remedy = (
        "Run it without a data folder: the tables come with the installed packages"
        if packaged
        else "Add them to the definition, or simulate a programme that has them"
    )
    raise InputRefused(
        [Problem(f"programme '{programme.programme}' has nothing to simulate: {what}", f"{remedy}.")]
    )


def _main_service(programme: Programme) -> str:
    """The service with the most cadences, else the first: the one people have a case in."""
    of = [cadence.service for cadence in programme.cadences.values() if cadence.service in programme.services]
    return max(programme.services, key=of.count)


def _courses(programme: Programme, main: str) -> tuple[str, ...]:
    """Other services that indicators or cadences follow by enrolment; drop-in services are not among them."""
    followed = {cadence.service for cadence in programme.cadences.values()}
    followed |= {
        part.service for part in programme.indicators.values() if getattr(part, "kind", "") != "walk_in"
    }
    return tuple(key for key in programme.services if key in followed and key != main)


def _behaviour(programme: Programme) -> dict[str, Behaviour]:
    effort = [key for key, unit in programme.units.items() if unit.in_effort]
    result = {}
    for key in programme.units:
        if key in effort:
            place = effort.index(key) / max(len(effort) - 1, 1)  # several units differ, from 7 to 13 per cent
            result[key] = Behaviour(
                no_show=0.07 + 0.06 * place,
                cancelled=0.06 + 0.04 * place,
                moved=0.02,
                timely=0.84 - 0.04 * place,
                side_up=0.055,
                side_down=0.045,
                requirement_yes=0.78 - 0.06 * place,
                activation=0.10,
                placement_ratio=1.45,
                exit_ratio=1.0,
            )
        else:
            result[key] = Behaviour(
                no_show=0.14,
                cancelled=0.15,
                moved=0.02,
                timely=0.76,
                side_up=0.05,
                side_down=0.075,
                requirement_yes=0.62,
                activation=0.07,
                placement_ratio=1.0,
                exit_ratio=1.0,
            )
    return result
