"""What a simulation planted is found again by plain counting in the files it wrote."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.library import definition_path
from indsats.programme import Duration, Programme, load
from indsats.record import read_record
from indsats.register import cohort, read_hours, read_register
from indsats.simulate import simulate
from indsats.steer import due_items

LAST_DAY = date(2016, 12, 31)
QUARTER = Duration.model_validate("P3M")


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load(definition_path("fremskudt-indsats"))


@pytest.fixture(scope="module")
def folder(programme: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(programme, 4000, 20140101, tmp_path_factory.mktemp("truth") / "data")


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def _current(folder: Path, kind: str) -> pl.DataFrame:
    units = pl.read_parquet(folder / "sites.parquet").select("site", "unit")
    return (
        pl.read_parquet(folder / "facts" / f"{kind}.parquet")
        .filter(pl.col("replaced_at").is_null())
        .join(units, on="site", how="left")
    )


def _within_3_se(count: int, of: int, planted: float) -> bool:
    return abs(count / of - planted) <= 3 * (planted * (1 - planted) / of) ** 0.5


def test_meetings_come_to_nothing_as_often_as_planted(folder: Path, truth: dict[str, Any]) -> None:
    talks = _current(folder, "meeting").filter(pl.col("type").is_in(truth["meetings"]["types"]))
    for unit, told in truth["meetings"]["units"].items():
        counts = dict(talks.filter(pl.col("unit") == unit)["outcome"].value_counts().iter_rows())
        assert counts == told["counts"]
        for outcome, planted in told["planted"].items():
            assert _within_3_se(counts[outcome], sum(counts.values()), planted), (unit, outcome)
    told = truth["meetings"]["units"]
    assert told["ub"]["planted"]["no_show"] < told["jki-1"]["planted"]["no_show"]


def test_shares_are_as_planted_in_the_last_half_year_too(folder: Path, truth: dict[str, Any]) -> None:
    talks = _current(folder, "meeting").filter(
        pl.col("type").is_in(truth["meetings"]["types"]) & (pl.col("occurred_from") >= date(2016, 7, 1))
    )
    in_effort = talks["unit"] == "ub"
    for rows, planted in ((talks.filter(in_effort), 0.07), (talks.filter(~in_effort), 0.14)):
        assert _within_3_se(int((rows["outcome"] == "no_show").sum()), rows.height, planted)


def _ends(folder: Path) -> dict[str, date]:
    return dict(_current(folder, "exit").select("enrolment", "occurred_from").iter_rows())


def test_talks_are_held_in_time_as_often_as_planted(folder: Path, truth: dict[str, Any]) -> None:
    held: dict[str, set[date]] = defaultdict(set)
    rows = _current(folder, "meeting").filter(
        (pl.col("type") == "opfoelgningssamtale") & (pl.col("outcome") == "held")
    )
    for enrolment, day in rows.select("enrolment", "occurred_from").iter_rows():
        held[enrolment].add(day)
    ends = _ends(folder)
    paused = set(_current(folder, "pause")["enrolment"])
    elsewhere = set().union(*truth["site_settings"].values())  # sites that chose another interval
    due: dict[str, list[bool]] = defaultdict(list)
    cases = _current(folder, "enrolled").filter(
        (pl.col("service") == "jobsamtaler") & ~pl.col("site").is_in(elsewhere)
    )
    for enrolment, unit, start in cases.select("enrolment", "unit", "occurred_from").iter_rows():
        if enrolment in paused:
            continue
        clocks = [start, *sorted(day for day in held[enrolment] if day > start), date(2999, 1, 1)]
        for clock, done in pairwise(clocks):
            deadline = QUARTER.after(clock)
            if deadline < ends.get(enrolment, date(2999, 1, 1)) and deadline <= LAST_DAY:
                due[unit].append(done <= deadline)
    for unit, told in truth["timeliness"]["samtale-hver-3-maaned"]["units"].items():
        assert _within_3_se(sum(due[unit]), len(due[unit]), told["planted"]), unit
        assert len(due[unit]) > 0.5 * told["due"]  # all but the paused and the sites with another interval


def test_due_items_finds_exactly_the_items_that_were_planted(
    folder: Path, programme: Programme, truth: dict[str, Any]
) -> None:
    facts = read_record(folder, programme).as_of()
    for cadence in ("samtale-hver-3-maaned", "skema-hver-3-maaned"):
        items = due_items(facts, cadence, LAST_DAY).filter(pl.col("due") <= LAST_DAY)
        found = {
            unit: (n, k) for unit, n, k in items.group_by("unit").agg(pl.len(), pl.sum("timely")).iter_rows()
        }
        told = truth["timeliness"][cadence]
        assert told["exact"]
        assert found == {unit: (part["due"], part["in_time"]) for unit, part in told["units"].items()}


def _side(answers: tuple[int, ...]) -> str:
    """Good or poor overall rating, after the classes of document 004 (L911-923), L742."""
    low = sum(answer <= 2 for answer in answers)
    return "poor" if 1 in answers[3:] or low >= 2 else "good"


def test_people_change_sides_as_often_as_planted(folder: Path, truth: dict[str, Any]) -> None:
    items = ["faglige_faerdigheder", "fokus", "kompetencer", "sociale_forhold", "helbred"]
    rows = _current(folder, "questionnaire_answered").sort("enrolment", "occurred_from")
    steps: dict[tuple[str, str], list[bool]] = defaultdict(list)
    before: tuple[str, str | None] = ("", None)
    for enrolment, unit, *answers in rows.select(
        "enrolment", "unit", *(f"answer.{item}" for item in items)
    ).iter_rows():
        # A code beside the scale, such as "don't know", is no point on it.
        incomplete = None in answers or max(answers) > 5
        side = None if incomplete else _side(tuple(answers))
        if before[0] == enrolment and before[1] and side:
            steps[unit, before[1]].append(side != before[1])
        before = (enrolment, side)
    told = truth["questionnaires"]["udviklingsmaal"]
    assert told["sides_from_worst"] == ["poor", "good"]
    for unit, part in told["units"].items():
        up, down = steps[unit, "poor"], steps[unit, "good"]
        assert _within_3_se(sum(up), len(up), part["planted"]["up"]), unit
        assert _within_3_se(sum(down), len(down), part["planted"]["down"]), unit
        assert len(up) > 0.9 * sum(part["steps"][0])
    missing = rows.filter(pl.any_horizontal(pl.col(f"answer.{item}").is_null() for item in items)).height
    assert missing == told["with_missing_item"]
    assert _within_3_se(missing, rows.height, truth["profile"]["missing_item_share"])


def test_visitors_have_a_case_as_often_as_planted(folder: Path, truth: dict[str, Any]) -> None:
    visits = _current(folder, "walk_in")
    told = truth["walk_ins"]
    assert (visits.height, visits["has_case"].sum()) == (told["visits"], told["with_case"])
    assert _within_3_se(told["with_case"], told["visits"], told["planted"]["with_case"])
    assert _within_3_se(told["summoned"], told["with_case"], told["planted"]["summoned_of_cases"])
    assert set(visits["unit"]) == {"ub"}
    assert visits.filter(~pl.col("has_case") & pl.col("summoned")).is_empty()
    assert set(visits.filter(~pl.col("has_case"))["action"]) <= {"vejledning", "henvisning", None}


def test_registrations_are_late_corrected_and_withdrawn_as_often_as_planted(
    folder: Path, truth: dict[str, Any]
) -> None:
    planted = truth["registrations"]["planted"]
    every = pl.read_parquet(folder / "facts" / "meeting.parquet")
    told = truth["registrations"]["kinds"]["meeting"]
    first = every.filter(pl.col("version") == 1)
    early = first.filter(pl.col("occurred_from") < LAST_DAY - timedelta(days=201))
    lag = (early["recorded_at"].dt.date() - early["occurred_from"]).dt.total_days()
    assert lag.min() == 0
    assert _within_3_se(int((lag >= 31).sum()), early.height, planted["late_share"])
    assert every["recorded_at"].dt.date().max() == LAST_DAY
    second = every.filter(pl.col("version") == 2)
    corrected = second.filter(pl.col("replaced_at").is_null()).height
    withdrawn = second.filter(pl.col("replaced_at") == pl.col("recorded_at")).height
    assert (corrected, withdrawn) == (told["corrected"], told["withdrawn"])
    assert corrected / told["facts"] == pytest.approx(planted["corrected_share"], abs=0.003)
    assert withdrawn / told["facts"] == pytest.approx(planted["withdrawn_share"], abs=0.0005)


def test_requirements_are_met_as_often_as_planted(
    folder: Path, programme: Programme, truth: dict[str, Any]
) -> None:
    # What facts of the case decide is answered as they came out; requirements of one case go together.
    free = [key for key, part in programme.requirements.items() if part.measured is None]
    answers = _current(folder, "requirement_answered").filter(
        (pl.col("answer") != "not_applicable") & pl.col("requirement").is_in(free)
    )
    counts = answers.group_by("requirement", "unit").agg((pl.col("answer") == "yes").sum(), pl.len())
    seen = [(unit, met, of) for _, unit, met, of in counts.iter_rows() if of > 100]
    assert len(seen) > 10
    for unit, met, of in seen:
        planted = truth["profile"]["behaviour"][unit]["requirement_yes"]
        assert abs(met / of - planted) < 4 * (planted * (1 - planted) / of) ** 0.5, unit


def test_placements_within_26_weeks_of_a_course_are_as_told(folder: Path, truth: dict[str, Any]) -> None:
    course = "virksomhedsforberedende-forloeb"
    told = truth["courses"][course]
    begun = _current(folder, "enrolled").filter(pl.col("service") == course)
    observed = begun.filter(pl.col("occurred_from") + timedelta(weeks=26) <= LAST_DAY)
    company = _current(folder, "placement").filter(
        pl.col("type").is_in(["virksomhedspraktik", "loentilskud"])
    )
    soon = observed.join(company, on="enrolment", suffix="_placed").filter(
        pl.col("occurred_from_placed") <= pl.col("occurred_from") + timedelta(weeks=26)
    )
    assert begun.height == told["enrolled"]
    assert observed.height == told["observed_26_weeks"]
    assert soon["enrolment"].n_unique() == told["placed_within_26_weeks"]
    assert 0.3 < told["placed_within_26_weeks"] / told["observed_26_weeks"] < 0.7


def test_residence_is_a_proxy_with_the_planted_share_of_mistakes(folder: Path, truth: dict[str, Any]) -> None:
    area = pl.read_parquet(folder / "persons.parquet").select("person", "area")
    cases = _current(folder, "enrolled").unique("person").join(area, on="person")
    wrong = cases.filter(pl.col("site") != pl.col("area")).height
    assert _within_3_se(wrong, cases.height, truth["profile"]["mismatch_share"])
    assert _within_3_se(
        truth["residence"]["served_elsewhere_than_area"], 4000, truth["profile"]["mismatch_share"]
    )


def _adjusted(table: pl.DataFrame, outcome: str) -> tuple[float, float]:
    """Treatment's coefficient and its standard error in a regression on all covariates and squares."""
    seen = table.filter(pl.col(outcome).is_not_null())
    numbers = ["age", "uger-selvforsoergelse", "uger-kontanthjaelp"]
    levels = seen.select("sex", "origin", "civil_status", "education").to_dummies(drop_first=True)
    x = np.column_stack(
        [
            np.ones(seen.height),
            seen["treated"].cast(pl.Float64),
            seen.select(numbers).to_numpy(),
            seen.select(pl.col(name) ** 2 for name in numbers).to_numpy(),
            levels.to_numpy(),
        ]
    )
    y = seen[outcome].cast(pl.Float64).to_numpy()
    solved, *_ = np.linalg.lstsq(x, y, rcond=None)
    spread = ((y - x @ solved) ** 2).sum() / (len(y) - x.shape[1])
    return float(solved[1]), float((spread * np.linalg.pinv(x.T @ x)[1, 1]) ** 0.5)


def test_effects_are_recovered_when_adjusted_and_mislead_when_raw(
    folder: Path, programme: Programme, truth: dict[str, Any]
) -> None:
    told = truth["effects"]["virkning"]
    persons, sites = pl.read_parquet(folder / "persons.parquet"), pl.read_parquet(folder / "sites.parquet")
    hours = read_hours(folder)
    table = cohort(read_register(folder), programme, "virkning", persons, sites, hours=hours).table
    assert (table.height, int(table["treated"].sum())) == (told["persons"], told["treated"])
    for outcome, part in told["outcomes"].items():
        seen = table.filter(pl.col(outcome).is_not_null())
        share = dict(seen.group_by("treated").agg(pl.col(outcome).mean()).iter_rows())
        assert share[True] == pytest.approx(part["treated_with_effort"], abs=1e-12)
        assert share[False] == pytest.approx(part["untreated"], abs=1e-12)
        estimate, error = _adjusted(table, outcome)
        assert abs(estimate - part["expected_from_comparison"]) < 3 * error, outcome
    outcomes = told["outcomes"]
    assert outcomes["virksomhedsrettet"]["effect"] > 0.02
    assert outcomes["selvforsoergelse"]["effect"] == 0.0
    assert outcomes["job-uddannelse"]["effect"] == 0.0
    assert outcomes["selvforsoergelse"]["raw_difference"] < -0.03
