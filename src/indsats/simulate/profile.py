"""How a simulated programme behaves: the planted parameters, with defaults derived from its definition."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indsats.problem import InputRefused, Problem
from indsats.programme import ConsecutiveIndicator, Duration, Evaluation, Programme, StateOutcome, happenings

from .calendar import as_date, day, monday_of, week_of
from .places import NAMELESS

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
    """Everything that is planted. ``behaviour`` is by unit.

    ``tracks`` are services for other groups than the main service's: a case is in one of them or in the main
    service. ``courses`` begin within a case; ``course_*`` is about them. ``beside`` are other services within a
    case, which only a core element's requirements are asked in.
    """

    first_day: date
    last_day: date
    register_first: int
    """Register week (0 = the week of 1991-08-05) of the first column."""
    register_last: int
    main_service: str
    tracks: tuple[str, ...]
    courses: tuple[str, ...]
    beside: tuple[str, ...]
    behaviour: Mapping[str, Behaviour]
    comparison_enrolled: bool = True
    """Whether units that only serve as comparison record cases too, or are seen in the register alone."""
    intake_days: int = 14
    """Days over which those who are on the benefit on the first day are taken in."""
    treated_share: float = 0.25
    mismatch_share: float = 0.03
    """Share whose registered residence lies in another site's area than the site that serves them."""
    track_share: float = 0.35
    """Share of the cases that are in another track than the main service."""
    course_share: float = 0.12
    """Share of the persons served by units in the effort who are offered each course."""
    course_placed_26: float = 0.55
    """Chance of a placement within 26 weeks of the course's start for those who stay on the benefit."""
    beside_share: float = 0.35
    """Share of the cases in the effort with one of the services beside."""
    placed_share: float = 0.0
    """Share of the cases in the effort for which a placement is found beside what phases and requirements ask."""
    not_eligible_share: float = 0.05
    """Share of those outside the target group who are enrolled all the same."""
    excluded_share: float = 0.15
    """Share of those drawn or visited who are left out for one of the reasons of the definition."""
    deferred_share: float = 0.2
    """Share whose visitation was put off to a later window, where a group of the visitation says so."""
    several_records_share: float = 0.35
    """Share of those visited who have more than one record of it."""
    second_basis_share: float = 0.08
    """Share of visitations with two legal bases, where the definition has several."""
    goes_on_share: float = 0.92
    """Chance that somebody who has finished a phase goes on to one that follows it."""
    later_entry_share: float = 0.12
    """Share of the cases that begin in a later phase, where the definition has several people can begin in."""
    skipped_share: float = 0.15
    """Share of those who come to a phase that can be skipped who have what makes it needless."""
    relapse_share: float = 0.18
    """Chance that a phase which repeats begins anew after it has ended."""
    completes_share: float = 0.8
    """Share of those who have been through all their phases whose case is closed then."""
    answered_share: float = 0.94
    """Share of the requirements that came to be answered whose question was answered."""
    not_applicable_share: float = 0.04
    partly_share: float = 0.35
    """Share of "partly" among what is not met, where a requirement allows that answer."""
    yes_but_late: float = 0.08
    """Share of the requirements answered yes that the dated facts do not bear out."""
    no_but_done: float = 0.02
    """Share of the requirements answered no that the dated facts show as met."""
    wave_answered: float = 0.78
    """Chance that a person answers the first wave of a questionnaire; each later wave loses a tenth of them."""
    wave_rise: float = 0.25
    """What a wave adds to persons' and sites' level, in standard deviations of persons."""
    rater_gap: float = 0.45
    """How much lower each later rater of a questionnaire rates than the first, in standard deviations."""
    respondents_per_site: int = 5
    respondent_answers: float = 0.9
    """Chance that somebody who is asked about a site answers."""
    respondents_change: float = 0.25
    """Share of a site's respondents who are others in the next wave."""
    late_share: float = 0.04
    """Share of registrations made 31 to 200 days after the fact."""
    corrected_share: float = 0.02
    withdrawn_share: float = 0.005
    missing_item_share: float = 0.02
    """Share of answered questionnaires with one item left open."""
    beside_scale_share: float = 0.004
    """Share of single answers beside the scale (don't know and its like), where a questionnaire has such."""
    old_form_share: float = 0.05
    """Share filled in on the form before within two months of a new edition."""
    answered_twice_share: float = 0.01
    """Share of a round's answers about persons that the same rater gives again within a week."""
    other_rater_share: float = 0.15
    """Share of answers by another rater than the one who usually gives them, where one of several does."""
    round_late_share: float = 0.12
    """Share of a round's answers that come after it has closed, where somebody follows up."""
    reminded_share: float = 0.85
    """Share of the reminders a questionnaire asks for that were sent."""
    round_declined: float = 0.15
    """Share of those who did not answer a round who had said that they would not."""
    round_not_relevant: float = 0.05
    round_not_reached: float = 0.2
    pause_share: float = 0.05
    walk_ins_per_month: float = 0.3
    """Visits a month per open case at sites of units in the effort."""
    walk_ins_with_case: float = 0.94
    summoned_share: float = 0.36
    unknown_code_share: float = 0.004
    """Share of sickness spells that carry a code no list has."""

    @property
    def services(self) -> tuple[str, ...]:
        """The services people are enrolled in: the main one, other tracks, courses, those beside."""
        return (self.main_service, *self.tracks, *self.courses, *self.beside)


def default_profile(programme: Programme) -> Profile:
    """The profile a definition gets without one of its own: three years from 2014 (or from its first day).

    The years are stretched to hold the definition's windows of visitation and rounds of questionnaires. Units
    in the effort miss fewer meetings, keep more deadlines and place more people than the others; where no
    evaluation looks for placements they help more people off the benefit. The register reaches back far enough
    for the history every evaluation asks for. Raises ``InputRefused`` for a definition without services.
    """
    _refuse_without_casework(programme)
    first = max(programme.first_day or date(2014, 1, 1), date(2014, 1, 1))
    windows = [window.period for window in programme.visitation.windows] if programme.visitation else []
    rounds = [wave.period for asked in programme.questionnaires.values() for wave in asked.waves.values()]
    first = min([first, *(period.first for period in windows)])
    last = as_date(day(Duration.model_validate("P3Y").after(first)) - 1)
    last = max([last, *(period.last for period in (*windows, *rounds) if period is not None)])
    reach = week_of(day(first)) - 52
    for evaluation in programme.evaluations.values():
        if evaluation.index is not None and evaluation.index.window is not None:
            longest = max((part.weeks for part in evaluation.history), default=52)
            reach = min(reach, week_of(day(evaluation.index.window.first)) - longest)
    end = week_of(day(last))
    if int(monday_of(end)) + 4 > day(last):  # a week that is mostly in the next year is not in the extract
        end -= 1
    main = _main_service(programme)
    tracks, courses = _other_services(programme, main)
    recorded = _comparison_recorded(programme)
    return Profile(
        first_day=first,
        last_day=last,
        register_first=max(reach, 0),
        register_last=end,
        main_service=main,
        tracks=tracks,
        courses=courses,
        beside=_beside(programme, (main, *tracks, *courses)),
        behaviour=_behaviour(programme),
        comparison_enrolled=recorded,
        intake_days=_intake_days(programme, first, last),
        treated_share=0.25 if recorded else 0.45,
        placed_share=0.45 if _asks_for_placements(programme) else 0.0,
    )


def with_changes(profile: Profile, **changes: object) -> Profile:
    """The profile with some parameters replaced."""
    return dataclasses.replace(profile, **changes)  # type: ignore[arg-type]


def register_evaluations(programme: Programme) -> dict[str, Evaluation]:
    """The evaluations whose data are registers, in the definition's order."""
    return {key: part for key, part in programme.evaluations.items() if part.index is not None}


def _refuse_without_casework(programme: Programme) -> None:
    if programme.services:
        return
    packaged = bool(programme.evaluations) and not register_evaluations(programme)
    tables = " The effects can be computed without a data folder: their tables come with the packages."
    raise InputRefused(
        [
            Problem(
                f"programme '{programme.programme}' has nothing to simulate: it defines no services",
                "Add the service people are enrolled in under 'services'." + (tables if packaged else ""),
            )
        ]
    )


def _main_service(programme: Programme) -> str:
    """The service with the most cadences and phases, else the first: the one people have a case in."""
    of = [part.service for part in (*programme.cadences.values(), *programme.phases.values())]
    return max(programme.services, key=of.count)


def _other_services(programme: Programme, main: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tracks for other groups, and courses: the services that cadences, phases or indicators follow by enrolment.

    A service nothing follows, or only visits without appointment, is not one people are enrolled in.
    """
    followed = {part.service for part in (*programme.cadences.values(), *programme.phases.values())}
    followed |= {
        part.service for part in programme.indicators.values() if getattr(part, "kind", "") != "walk_in"
    }
    others = [key for key in programme.services if key in followed and key != main]
    own = programme.services[main].group
    track = [own is not None and programme.services[key].group not in (None, own) for key in others]
    return (
        tuple(key for key, is_track in zip(others, track, strict=True) if is_track),
        tuple(key for key, is_track in zip(others, track, strict=True) if not is_track),
    )


def _beside(programme: Programme, taken: tuple[str, ...]) -> tuple[str, ...]:
    """Services of core elements whose requirements are asked of every enrolment in them."""
    asked = {part.element for part in programme.requirements.values() if part.phase is None}
    found = {part.service for key, part in programme.elements.items() if key in asked}
    return tuple(key for key in programme.services if key in found and key not in taken)


def _intake_days(programme: Programme, first: date, last: date) -> int:
    """A programme with phases takes people in little by little, in the first window of its visitation if it has one."""
    if programme.visitation is not None:
        return max(day(programme.visitation.windows[0].period.last) - day(first), 14)
    return (day(last) - day(first)) // 2 if programme.phases else 14


def _comparison_recorded(programme: Programme) -> bool:
    """Units of comparison record cases unless the programme has a course of its own that they are not part of."""
    compared = any(target.comparator is not None for target in programme.targets)
    return compared or not (programme.phases or programme.draws)


def _asks_for_placements(programme: Programme) -> bool:
    """Whether phases, requirements, or indicators of months in a row, look for placements."""
    for path, happening in happenings(programme):
        if happening.kind != "placement":
            continue
        if path[0] in ("phases", "requirements"):
            return True
        if path[0] == "indicators" and isinstance(programme.indicators[path[1]], ConsecutiveIndicator):
            return True
    return False


def _looked_for_in_placements(programme: Programme) -> bool:
    """Whether an evaluation has an outcome of weeks in a company: the last digits 5 to 8 of a benefit's codes."""
    outcomes = [
        outcome.state
        for part in register_evaluations(programme).values()
        for outcome in part.outcomes
        if isinstance(outcome, StateOutcome)
    ]
    codes = [code for state in outcomes for code in programme.states[state].codes]
    return not outcomes or any(code[-1] in "5678" and code[2] in "5678" for code in codes if code != "blank")


def _behaviour(programme: Programme) -> dict[str, Behaviour]:
    units = {key: unit.in_effort for key, unit in programme.units.items()} or {NAMELESS: True}
    effort = [key for key, in_effort in units.items() if in_effort]
    placements = _looked_for_in_placements(programme)
    result = {}
    for key in units:
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
                exit_ratio=1.0 if placements else 1.5,
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
