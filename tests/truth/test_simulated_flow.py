"""What a simulation says came of its cases is what the room of steering reads off the facts, programme by programme."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from indsats import library
from indsats.programme import Period, Programme, load
from indsats.record import Facts, one_group, read_record
from indsats.simulate import simulate
from indsats.steer import due_items, fulfilment, phase_runs, requirement_items
from invented_programme import phased_programme

INVENTED = "invented"
EVERY = [*library.programmes(), INVENTED]

Made = tuple[Programme, Facts, dict[str, Any], date]


@pytest.fixture(scope="module", params=EVERY)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    name = request.param
    programme = phased_programme() if name == INVENTED else load(library.definition_path(name))
    folder = simulate(programme, 400, 21, tmp_path_factory.mktemp(programme.programme) / "data")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    last = date.fromisoformat(truth["profile"]["last_day"])
    return programme, read_record(folder, programme).as_of(), truth, last


def test_the_phases_are_those_people_walked_through(made: Made) -> None:
    programme, facts, truth, last = made
    runs = phase_runs(facts, last)
    assert truth["phases"].keys() == programme.phases.keys()
    for key, units in truth["phases"].items():
        for unit, told in units.items():
            rows = runs.filter((pl.col("phase") == key) & (pl.col("unit") == unit))
            found = {
                "runs": rows.height,
                "again": rows.filter(pl.col("run") > 1).height,
                "skipped": int(rows["skipped"].sum()),
                "open": rows["end"].null_count(),
            }
            assert found == {name: told[name] for name in found}, (key, unit)


def test_requirements_are_answered_and_measured_as_told(made: Made) -> None:
    programme, facts, truth, last = made
    items = requirement_items(facts, last)
    for key, units in truth["requirements"]["requirements"].items():
        for unit, told in units.items():
            rows = items.filter((pl.col("requirement") == key) & (pl.col("unit") == unit))
            answered = Counter(answer or "none" for answer in rows["answered"])
            assert answered == told["answered"], (key, unit)
            if programme.requirements[key].measured is not None:
                # The truth knows what happened also where a form left open keeps the facts from telling.
                seen = Counter("not_met" if state == "unknown" else state for state in rows["measured"])
                assert seen == told["measured"], (key, unit)


def test_what_fell_due_is_what_fell_due(made: Made) -> None:
    _, facts, truth, last = made
    for key, told in truth["timeliness"].items():
        items = due_items(facts, key, last).filter(pl.col("due") <= last)
        for unit, part in told["units"].items():
            rows = items.filter(pl.col("unit") == unit)
            assert (rows.height, int(rows["timely"].sum())) == (part["due"], part["in_time"]), (key, unit)


def test_the_answers_disagree_with_the_facts_about_as_often_as_planted(made: Made) -> None:
    programme, _, truth, _ = made
    told = [
        unit
        for key, units in truth["requirements"]["requirements"].items()
        if getattr(programme.requirements[key].measured, "how", "") == "within"
        for unit in units.values()
    ]
    both = sum(unit["yes_and_measured"] for unit in told)
    if both < 200:
        pytest.skip("too few requirements told from a deadline")
    share = sum(unit["yes_but_not_met"] for unit in told) / both
    assert 0.02 < share < 0.2


def test_fulfilment_lies_where_it_was_planted(made: Made) -> None:
    programme, facts, truth, last = made
    if not programme.phases or not programme.requirements:
        pytest.skip("no requirements of phases")
    whole = Period(first=date.fromisoformat(truth["profile"]["first_day"]), last=last)
    effort = [unit for unit, part in programme.units.items() if part.in_effort]
    met = fulfilment(facts, whole, of="requirements", unit=effort[0])
    assert met.value is not None
    assert 0.45 < met.value < 0.95


def test_one_group_is_found_for_everybody_visited_in_the_windows(made: Made) -> None:
    programme, facts, truth, _ = made
    if programme.visitation is None:
        pytest.skip("no rule of visitation")
    records = facts.table("visitation")
    found = one_group(records, programme.visitation)
    assert found["person"].is_unique().all()
    assert truth["entry"]["persons_with_several_records"] > 10
    enrolled = facts.enrolments().select("person", "service").unique("person")
    both = found.select("person", "group").join(enrolled, on="person")
    meant = sum(programme.services[service].group == group for _, group, service in both.iter_rows())
    assert both.height > 20
    assert meant > 0.9 * both.height
    late = programme.visitation.windows[0].yields
    assert (
        found.filter(pl.col("group").is_in(late)).height < records.filter(pl.col("group").is_in(late)).height
    )
