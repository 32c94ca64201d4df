"""What was planted and what came of it: the answers that measuring, steering and evaluating should find."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Evaluation, Programme, StateOutcome, parse_rule, rule_fields, with_rule

from .answers import Sides
from .calendar import as_date, day, monday_of
from .cases import Cases
from .history import NEVER, Boost, History
from .ledger import Ledger
from .people import People
from .places import Places
from .profile import Profile, register_evaluations
from .recording import Counts
from .residence import Residence, index_week, weeks_before
from .states import Coding, covered_codes

_NOT_OBSERVED = (997, 999)
"""Abroad or dead: from then on nothing is known, and the person leaves the share."""


def effects(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    residence: Residence,
    coding: Coding,
    without: History,
    actual: History,
) -> dict[str, Any]:
    """By evaluation and outcome, the realised effect from each person's two potential histories.

    ``effect`` is the mean difference between the histories with and without the effort among the treated of
    the evaluation's population (those its ``treated`` rule marks), ``effect_on_served`` among those whom the
    effort really served; ``raw_difference`` is what a comparison of the groups without adjustment shows.
    Only persons observed through the outcome's weeks are counted.
    """
    codes_without, codes = without.codes(coding), actual.codes(coding)
    told: dict[str, Any] = {}
    for key, evaluation in register_evaluations(programme).items():
        if not _followed(programme, key, evaluation):
            continue
        index = index_week(programme, profile, codes, evaluation)
        table = _persons_at_index(
            programme, profile, people, places, residence, codes, index, key, evaluation
        )
        inside = table["inside"].to_numpy() & (index < NEVER)
        treated = table["treated"].to_numpy()
        served = places.treated[residence.served]
        outcomes = {
            outcome.id: _outcome(programme, outcome, codes_without, codes, index, inside, treated, served)
            for outcome in evaluation.outcomes
            if isinstance(outcome, StateOutcome) and _counted(programme, outcome)
        }
        told[key] = {
            "persons": int(inside.sum()),
            "treated": int((inside & treated).sum()),
            "treated_not_served": int((inside & treated & ~served).sum()),
            "served_not_treated": int((inside & ~treated & served).sum()),
            "outcomes": outcomes,
        }
    return told


def _by_codes(programme: Programme, state: str) -> bool:
    """Whether the weeks in a state are those with its codes, and nothing more is asked."""
    found = programme.states[state]
    return not found.before_pension and not found.paid_hours and found.at_least_weeks == 1


def _followed(programme: Programme, key: str, evaluation: Evaluation) -> bool:
    """Whether who is in the evaluation, and when, follows from weeks and codes; else no truth is told of it."""
    index = evaluation.index
    if index is None or index.state is None or not _by_codes(programme, index.state):
        return False
    if index.at == "end" or index.new or index.gap_weeks:
        return False
    fields = rule_fields(programme, f"evaluation:{key}")
    rules = [evaluation.population, evaluation.treated, *evaluation.derive.values()]
    read = {name for text in rules for name in parse_rule(text, fields).fields}
    return all(
        part.measure == "weeks" and _by_codes(programme, part.state)
        for part in evaluation.history
        if part.id in read
    )


def _counted(programme: Programme, outcome: StateOutcome) -> bool:
    """Whether an outcome is a plain count of weeks with the codes of a state."""
    whole = outcome.from_week == 1 and not outcome.in_a_row and not outcome.ends
    return whole and _by_codes(programme, outcome.state)


def _persons_at_index(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    residence: Residence,
    codes: np.ndarray,
    index: np.ndarray,
    key: str,
    evaluation: Evaluation,
) -> pl.DataFrame:
    area = residence.area
    week = np.where(index < NEVER, index, 0) + profile.register_first
    table = people.table(places.names_of(area)).with_columns(
        site=pl.Series(places.names_of(area), dtype=pl.String),
        unit=pl.Series(places.units_of(area), dtype=pl.String),
        age=pl.Series(_whole_years(people.birth, monday_of(week))),
        index_date=pl.Series(monday_of(week).astype(np.int32)).cast(pl.Date),
    )
    for part in evaluation.history:
        if part.measure != "weeks":
            table = table.with_columns(pl.lit(None, pl.Float64).alias(part.id))
            continue
        inside = covered_codes(programme, part.state)[codes]
        table = table.with_columns(pl.Series(part.id, weeks_before(inside, index, part.weeks).astype(float)))
    fields = rule_fields(programme, f"evaluation:{key}")
    as_of = as_date(int(monday_of(profile.register_last)))
    for name, text in evaluation.derive.items():
        table = with_rule(table, name, parse_rule(text, fields), as_of)
    for name, text in (("inside", evaluation.population), ("treated", evaluation.treated)):
        table = with_rule(table, name, parse_rule(text, fields), as_of)
    return table.with_columns(pl.col("inside", "treated").fill_null(value=False))


def _whole_years(birth: np.ndarray, days: np.ndarray) -> np.ndarray:
    born, now = birth.astype("datetime64[D]"), days.astype("datetime64[D]")
    months = now.astype("datetime64[M]").astype(int) - born.astype("datetime64[M]").astype(int)
    in_month = (now - now.astype("datetime64[M]")) < (born - born.astype("datetime64[M]"))
    return ((months - in_month) // 12).astype(float)


def _outcome(
    programme: Programme,
    outcome: StateOutcome,
    codes_without: np.ndarray,
    codes: np.ndarray,
    index: np.ndarray,
    inside: np.ndarray,
    treated: np.ndarray,
    served: np.ndarray,
) -> dict[str, Any]:
    covered = covered_codes(programme, outcome.state)
    gone = np.isin(codes, [code for code in _NOT_OBSERVED if not covered[code]])
    at = np.where(inside & (index + outcome.within_weeks < codes.shape[1]), index, 0)
    lost = weeks_before(gone, at + outcome.within_weeks + 1, outcome.within_weeks) > 0
    seen = inside & (index + outcome.within_weeks < codes.shape[1]) & ~lost

    def reached(history: np.ndarray) -> np.ndarray:
        weeks = weeks_before(covered[history], at + outcome.within_weeks + 1, outcome.within_weeks)
        return (weeks >= outcome.at_least_weeks).astype(float)

    with_effort, without_effort = reached(codes), reached(codes_without)
    gain = with_effort - without_effort
    one, other = seen & treated, seen & ~treated

    def mean(values: np.ndarray, rows: np.ndarray) -> float | None:
        return float(values[rows].mean()) if rows.any() else None

    here, there = mean(with_effort, one), mean(with_effort, other)
    spill = mean(gain, other)
    effect = mean(gain, one)
    return {
        "unit": "share",
        "effect": effect,
        "effect_on_served": mean(gain, seen & served),
        "expected_from_comparison": None if effect is None else effect - (spill or 0.0),
        "raw_difference": None if here is None or there is None else here - there,
        "treated_with_effort": here,
        "treated_without_effort": mean(without_effort, one),
        "untreated": there,
        "treated": int(one.sum()),
        "untreated_n": int(other.sum()),
    }


def meetings(profile: Profile, places: Places, ledger: Ledger, types: list[str]) -> dict[str, Any]:
    """By unit the planted chances of each outcome, and the counts in the last versions, for ``types``.

    Other types of meetings happen too, by chances of their own that are not told.
    """
    table = ledger.table("meeting")
    if table is not None:
        table = table.filter(pl.col("type").is_in(types))
    told: dict[str, Any] = {}
    for index, unit in enumerate(places.units):
        behaviour = profile.behaviour[unit]
        planted = {name: getattr(behaviour, name) for name in ("no_show", "cancelled", "moved")}
        counts = {}
        if table is not None:
            of_unit = table.filter(pl.Series(places.unit[table["site"].to_numpy()] == index))
            counts = dict(of_unit["outcome"].value_counts().sort("outcome").iter_rows())
        told[unit] = {"planted": {**planted, "held": 1 - sum(planted.values())}, "counts": counts}
    return {"types": types, "units": told}


def questionnaires(profile: Profile, places: Places, cases: Cases, told: list[Sides]) -> dict[str, Any]:
    """By questionnaire and unit the planted chances of a step, the steps taken, and first to last by year."""
    result: dict[str, Any] = {}
    for one in told:
        unit = places.unit[cases.site[one.enrolment]]
        units: dict[str, Any] = {}
        for index, name in enumerate(places.units):
            rows = np.flatnonzero(unit == index)
            same = np.concatenate([[False], one.enrolment[rows][1:] == one.enrolment[rows][:-1]])[: len(rows)]
            steps = np.flatnonzero(same)
            before, after = one.side[rows][steps - 1], one.side[rows][steps]
            behaviour = profile.behaviour[name]
            units[name] = {
                "planted": {"up": behaviour.side_up, "down": behaviour.side_down},
                "steps": _square(before, after, len(one.sides)),
                "first_to_last": _by_year(one, rows),
            }
        result[one.questionnaire] = {
            "sides_from_worst": list(one.sides),
            "answered": len(one.day),
            "with_missing_item": int(one.open.sum()),
            "incomplete": int((~one.complete).sum()),
            "units": units,
        }
    return result


def _square(before: np.ndarray, after: np.ndarray, sides: int) -> list[list[int]]:
    return np.bincount(before * sides + after, minlength=sides * sides).reshape(sides, sides).tolist()


def _by_year(one: Sides, rows: np.ndarray) -> dict[str, list[list[int]]]:
    """Counts from the first to the last complete questionnaire of a calendar year, where there are two."""
    rows = rows[one.complete[rows]]
    year = one.day[rows].astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    told = {}
    for number in np.unique(year):
        these = rows[year == number]
        enrolment = one.enrolment[these]
        fresh = np.flatnonzero(np.concatenate([[True], enrolment[1:] != enrolment[:-1]]))
        last = np.concatenate([fresh[1:], [len(these)]]) - 1
        two = last > fresh
        told[str(number)] = _square(one.side[these[fresh[two]]], one.side[these[last[two]]], len(one.sides))
    return told


def courses(profile: Profile, ledger: Ledger, boost: Boost, placed: frozenset[str]) -> dict[str, Any]:
    """By course the enrolments observed 26 weeks and those of them with a company placement by then."""
    cases = ledger.cases
    table = ledger.table("placement")
    told: dict[str, Any] = {}
    for service in profile.courses:
        index = ledger.services.index(service)
        rows = np.flatnonzero((cases.service == index) & ~cases.main)
        observed = rows[cases.start[rows] + 26 * 7 <= day(profile.last_day)]
        reached = np.zeros(len(cases), dtype=bool)
        if table is not None:
            facts = table.filter(pl.col("type").is_in(list(placed)) & (pl.col("enrolment") >= 0))
            enrolment = facts["enrolment"].to_numpy()
            soon = facts["occurred_from"].to_numpy() <= cases.start[enrolment] + 26 * 7
            reached[enrolment[soon]] = True
        told[service] = {
            "planted_weekly_chance": boost.course_chance,
            "planted_26_week_share_if_staying": profile.course_placed_26,
            "enrolled": len(rows),
            "observed_26_weeks": len(observed),
            "placed_within_26_weeks": int(reached[observed].sum()),
        }
    return told


def registrations(profile: Profile, counts: dict[str, Counts]) -> dict[str, Any]:
    """Shares planted for late, corrected and withdrawn registrations, and the counts by kind."""
    return {
        "planted": {
            "late_share": profile.late_share,
            "corrected_share": profile.corrected_share,
            "withdrawn_share": profile.withdrawn_share,
        },
        "kinds": {kind: asdict(count) for kind, count in counts.items()},
    }


def walk_ins(profile: Profile, ledger: Ledger) -> dict[str, Any]:
    """Planted and realised shares of visitors with a case, and of those the share summoned."""
    table = ledger.table("walk_in")
    with_case = 0 if table is None else int(table["has_case"].sum())
    return {
        "planted": {"with_case": profile.walk_ins_with_case, "summoned_of_cases": profile.summoned_share},
        "visits": 0 if table is None else table.height,
        "with_case": with_case,
        "summoned": 0 if table is None else int(table["summoned"].fill_null(value=False).sum()),
    }


def enrolments(cases: Cases, services: tuple[str, ...]) -> dict[str, Any]:
    """How many cases there are, how many persons had several in the main service, and why cases ended."""
    main = cases.take(cases.main)
    _, times = np.unique(main.person, return_counts=True)
    concepts, number = np.unique(cases.concept[cases.exit >= 0].astype(str), return_counts=True)
    return {
        "by_service": {name: int((cases.service == index).sum()) for index, name in enumerate(services)},
        "persons_enrolled": len(times),
        "persons_enrolled_again": int((times > 1).sum()),
        "exits": {str(name): int(count) for name, count in zip(concepts, number, strict=True)},
    }
