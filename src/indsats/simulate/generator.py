"""Makes a data folder for a programme: people, histories, cases, facts, register, and the planted truth."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.progress import Progress
from indsats.record import Record, write_record

from . import told, told_rounds, truth
from .activity import activation, placements_found, walk_ins, work
from .answers import answered
from .calendar import as_date, column_of, day, monday_of
from .cases import Cases, candidates, open_cases
from .casework import around_the_case, before_the_case, exits, pauses, sought
from .entry import decide, entry_facts
from .explaining import explained
from .extract import FILE, write_extract
from .filtering import only_what_was_asked
from .history import NEVER, Boost, History, no_boost, walk
from .ledger import Ledger
from .people import IMPOSSIBLE_MONTH, People, invent_people
from .phases import walk_phases
from .places import Places, invent_places
from .prices import write_prices
from .profile import SMALLEST, Profile, default_profile
from .recording import registered
from .repeated import cadence_facts
from .requirements import requirement_facts
from .residence import Residence, first_evaluation, index_week, settle
from .rounds import person_rounds
from .settings import chosen_settings, setting_facts
from .states import FLEX, JOB, SICK, UNKNOWN_CODE, Coding, coding
from .streams import stream
from .surveys import site_rounds
from .team import assignments, workers
from .wording import meanings
from .world import World

GENERATOR_VERSION = 5
"""Raised whenever the same seed gives other data."""

Format = Literal["csv", "parquet", "xlsx"]
_STEPS = 10


def simulate(
    programme: Programme,
    persons: int,
    seed: int,
    out: Path,
    progress: Progress | None = None,
    *,
    profile: Profile | None = None,
    format: Format = "parquet",  # noqa: A002 (the name users of tables expect)
) -> Path:
    """Writes a synthetic data folder to ``out`` and returns it.

    The folder holds facts, persons and sites (in ``format``), ``register/dream.parquet`` and
    ``register/hours.parquet``, ``dataset.json`` with ``"synthetic": true`` and ``truth.json`` with what was
    planted and what came of it; beside them ``imports/visitation.csv``, an extract with faults that an import
    refuses, and ``prices.csv`` where the programme leaves amounts to its user. The same programme, profile, number
    of persons and seed give the same bytes.
    ``progress(done, total, what)`` is told of each step; what it raises stops the work and nothing is left.
    A simulated folder already at ``out`` is replaced.

    Raises ``InputRefused`` for fewer than 50 persons, a programme without services or one that none of the
    persons can take part in, or an ``out`` that holds anything but simulated data.
    """
    if persons < SMALLEST:
        raise InputRefused(
            [
                Problem(
                    f"{persons} persons are too few to simulate: some units would have no cases",
                    f"Ask for {SMALLEST} persons or more.",
                )
            ]
        )
    _refuse_foreign_folder(out)
    settings = default_profile(programme) if profile is None else profile
    beside = out.absolute().with_name(f".{out.absolute().name}.simulating")
    if beside.exists():
        shutil.rmtree(beside)
    beside.mkdir(parents=True)
    try:
        _fill(
            programme,
            settings,
            persons,
            seed,
            beside,
            progress or (lambda _done, _total, _what: None),
            format,
        )
        _put_in_place(beside, out.absolute())
    finally:
        if beside.exists():
            shutil.rmtree(beside)
    return out


def _refuse_foreign_folder(out: Path) -> None:
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    said = out / "dataset.json"
    try:
        synthetic = json.loads(said.read_text(encoding="utf-8")).get("synthetic") is True
    except (OSError, ValueError, AttributeError):
        synthetic = False
    if not synthetic:
        problem = Problem(
            "there is something else than simulated data already, which would be overwritten",
            "Name a folder that does not exist yet.",
            file=str(out),
        )
        raise InputRefused([problem])


def _put_in_place(made: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.replaced")
    if old.exists():
        shutil.rmtree(old)
    if out.exists():
        out.rename(old)
    made.rename(out)
    if old.exists():
        shutil.rmtree(old)


def _fill(
    programme: Programme, profile: Profile, n: int, seed: int, out: Path, progress: Progress, format_: Format
) -> None:
    progress(0, _STEPS, "people and places")
    places = invent_places(programme, seed)
    people = invent_people(programme, profile, n, seed)
    codes = coding(programme)
    weeks = profile.register_last - profile.register_first + 1
    progress(1, _STEPS, "weekly histories without the effort")
    without = walk(people, profile.register_first, weeks, no_boost(n), seed, codes.core)
    found = first_evaluation(programme)
    evaluation = None if found is None else found[1]
    index = index_week(programme, profile, without.codes(codes), evaluation)
    residence = settle(programme, profile, people, places, without.codes(codes), index, seed)
    boost = _boost(profile, places, residence, index, seed)
    progress(2, _STEPS, "weekly histories with the effort")
    history = walk(people, profile.register_first, weeks, boost, seed, codes.core)
    progress(3, _STEPS, "cases")
    ahead = candidates(programme, profile, people, places, history, residence.served, seed)
    entry, main = decide(programme, profile, people, ahead, seed)
    cases = open_cases(programme, profile, places, main, boost, seed)
    _refuse_without_cases(programme, profile, cases, n)
    world = _world(programme, profile, people, places, history, cases, seed)
    ledger = world.ledger
    progress(4, _STEPS, "entry and phases")
    ledger.add("enrolled", cases.start, enrolment=np.arange(len(cases)), case_opened=True)
    setting_facts(world)
    entry_facts(programme, profile, ledger, entry)
    walk_phases(world)
    pauses(world)
    exits(world)
    placements_found(world)
    activation(world)
    progress(5, _STEPS, "meetings")
    chains, types = cadence_facts(world)
    progress(6, _STEPS, "questionnaires")
    more, sides = answered(world)
    chains.update(more)
    person_rounds(world)
    site_rounds(world)
    progress(7, _STEPS, "work, visits and requirements")
    assignments(world)
    around_the_case(world)
    work(world)
    before_the_case(world)
    walk_ins(world, residence.served)
    sought(world)
    asked = requirement_facts(world)
    only_what_was_asked(world)
    progress(8, _STEPS, "registrations")
    tables, counts = registered(programme, profile, ledger, people)
    progress(9, _STEPS, "writing")
    persons = people.table(places.names_of(residence.area)).sort("person")
    record = Record(programme, tables, persons, places.table(), synthetic=True)
    record, deviations = explained(record, seed, profile.first_day, profile.last_day)
    write_record(record, out, format=format_)
    changed = History(history.state, world.activity)
    unknown = _write_register(world, changed, codes, out / "register")
    placed = frozenset(code for concept in ("practice", "subsidy")
                       for code in meanings(programme, "placement.type", concept))  # fmt: skip
    said = {
        "generator": {
            "version": GENERATOR_VERSION,
            "seed": seed,
            "persons": n,
            "programme": programme.programme,
            "programme_version": programme.version,
            "person_numbers": f"day, month + {IMPOSSIBLE_MONTH} and year of birth: a month no calendar has",
        },
        "profile": asdict(profile),
        "effects": truth.effects(programme, profile, people, places, residence, codes, without, changed),
        "residence": _residence_truth(places, residence),
        "entry": told.entry(world, entry),
        "enrolments": truth.enrolments(cases, profile.services),
        "phases": told.phases(world),
        "requirements": told.requirements(world, asked),
        "meetings": truth.meetings(profile, places, ledger, types),
        "timeliness": told.timeliness(world, chains),
        "questionnaires": truth.questionnaires(profile, places, cases, sides),
        "rounds": told_rounds.rounds(world),
        "site_settings": told.site_settings(world),
        "deviations": deviations,
        "courses": truth.courses(profile, ledger, boost, placed),
        "walk_ins": truth.walk_ins(profile, ledger),
        "registrations": truth.registrations(profile, counts),
        "register": {"unknown_code": UNKNOWN_CODE, "weeks_with_unknown_code": unknown},
        "prices": write_prices(programme, seed, out, profile.last_day.year),
        FILE: write_extract(world, out),
    }
    text = json.dumps(said, indent=2, ensure_ascii=False, default=str)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")
    progress(_STEPS, _STEPS, "done")


def _world(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    history: History,
    cases: Cases,
    seed: int,
) -> World:
    last = day(profile.last_day)
    nobody = np.full(len(cases), -1)
    ledger = Ledger(programme, places, cases, profile.services, seed, workers(programme, cases, places, seed),
                    nobody, nobody.copy(), last)  # fmt: skip
    world = World(programme, profile, people, places, history, ledger, seed)
    world.chosen = chosen_settings(programme, places)
    return world


def _refuse_without_cases(programme: Programme, profile: Profile, cases: Cases, n: int) -> None:
    if len(cases):
        return
    group = programme.services[profile.main_service].group
    rule = f" and the rule of group '{group}'" if group is not None else ""
    raise InputRefused(
        [
            Problem(
                f"none of the {n} invented persons can be enrolled in '{profile.main_service}'",
                f"Ask for more persons, or check the entry rules about 'enrolled'{rule}.",
            )
        ]
    )


def _boost(profile: Profile, places: Places, residence: Residence, index: np.ndarray, seed: int) -> Boost:
    """What each person's serving unit does from their index week on, and when a course begins for some."""
    rng = stream(seed, "boost")
    behaviour = [profile.behaviour[unit] for unit in places.units]
    unit = places.unit[residence.served]
    served = places.treated[residence.served]
    n = len(index)
    offered = served & (index < NEVER) & (rng.random(n) < profile.course_share * len(profile.courses))
    facts_begin = (day(profile.first_day) - int(monday_of(profile.register_first))) // 7 + 3
    begins = np.maximum(index, facts_begin) + rng.integers(4, 80, n)
    return Boost(
        start=np.where(index < NEVER, index + 1, NEVER),
        placement_ratio=np.array([b.placement_ratio for b in behaviour])[unit],
        exit_ratio=np.array([b.exit_ratio for b in behaviour])[unit],
        activation=np.array([b.activation for b in behaviour])[unit],
        course_start=np.where(offered, begins, NEVER),
        course_chance=1 - (1 - profile.course_placed_26) ** (1 / 26),
    )


def _residence_truth(places: Places, residence: Residence) -> dict[str, Any]:
    served, area = places.treated[residence.served], places.treated[residence.area]
    return {
        "served_by_effort": int(served.sum()),
        "living_in_area_of_effort": int(area.sum()),
        "served_elsewhere_than_area": int((residence.served != residence.area).sum()),
        "effort_and_area_differ": int((served != area).sum()),
    }


def _write_register(world: World, history: History, codes: Coding, folder: Path) -> int:
    """The wide weekly register and the monthly hours, ordered by person; returns the unknown code's weeks."""
    folder.mkdir()
    profile, people = world.profile, world.people
    weekly = history.codes(codes)
    odd = stream(world.seed, "unknown codes").random(len(weekly)) < profile.unknown_code_share
    strange = odd[:, None] & (history.state == SICK)
    weekly = np.where(strange, np.int16(UNKNOWN_CODE), weekly)
    order = np.argsort(people.number)
    columns = {"person": pl.Series(people.number[order])}
    for position in range(weekly.shape[1]):
        values = pl.Series(np.ascontiguousarray(weekly[order, position]))
        columns[column_of(position + profile.register_first)] = values.replace(0, None)
    pl.DataFrame(columns).write_parquet(folder / "dream.parquet", compression="zstd", statistics=False)
    _hours(world, history, order).write_parquet(
        folder / "hours.parquet", compression="zstd", statistics=False
    )
    return int(strange.sum())


def _hours(world: World, history: History, order: np.ndarray) -> pl.DataFrame:
    """Paid hours by person and month: weeks at work whose Thursday lies in the month, times weekly hours.

    Hours beside the benefit, which no weekly code shows, are those the facts tell of.
    """
    profile, people = world.profile, world.people
    rng = stream(world.seed, "hours")
    per_week = np.clip(np.round(rng.normal(30, 7, len(people.number))), 4, 45)
    in_flex = np.clip(np.round(rng.normal(9, 4, len(people.number))), 1, 20)
    weeks = np.arange(history.state.shape[1]) + profile.register_first
    months = (monday_of(weeks) + 3).astype("datetime64[D]").astype("datetime64[M]")
    kinds = np.unique(months)
    beside = _beside_the_benefit(world, kinds)
    parts = []
    for number, month in enumerate(kinds):
        inside = months == month
        worked = (history.state[:, inside] == JOB).sum(axis=1) * per_week
        worked = worked + (history.state[:, inside] == FLEX).sum(axis=1) * in_flex
        worked = np.where(worked > 0, worked, beside[:, number])[order]
        rows = np.flatnonzero(worked)
        first = as_date(int(month.astype("datetime64[D]").astype(int)))
        parts.append(
            pl.DataFrame(
                {
                    "person": people.number[order][rows],
                    "month": [first] * len(rows),
                    "hours": worked[rows].astype(float),
                }
            )
        )
    return pl.concat(parts).sort("person", "month")


def _beside_the_benefit(world: World, months: np.ndarray) -> np.ndarray:
    """Hours by person and month from the facts of ordinary hours, four weeks to a month."""
    hours = np.zeros((len(world.people.number), len(months)))
    facts = world.ledger.table("hours")
    if facts is None:
        return hours
    facts = facts.filter((pl.col("type") == "ordinary") & pl.col("hours_per_week").is_not_null())
    last = np.where(facts["occurred_to"].to_numpy() < 0, world.last_day, facts["occurred_to"].to_numpy())
    first = facts["occurred_from"].to_numpy().astype("datetime64[D]").astype("datetime64[M]")
    final = last.astype("datetime64[D]").astype("datetime64[M]")
    at, until = np.searchsorted(months, first), np.searchsorted(months, final, side="right")
    for person, low, high, weekly in zip(facts["person"].to_list(), at.tolist(), until.tolist(),
                                         facts["hours_per_week"].to_list(), strict=True):  # fmt: skip
        hours[person, low:high] += 4 * weekly
    return hours
