"""Definitions that lack most of what a programme usually has are simulated and imported all the same."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from indsats.programme import Programme
from indsats.record import read_record
from indsats.simulate import simulate
from invented_programme import bare_programme, invented_programme, part, phase, phased_programme

UNITS = {"one": part("One"), "two": part("Two")}
ENTERED = [{"kind": "enrolled"}]
CIRCLE = {
    "out": phase(
        [*ENTERED, {"event": "back-out"}],
        [{"event": "gone-in"}],
        entry=True,
        follows=["inside"],
        repeats=True,
    ),
    "inside": phase([{"event": "gone-in"}], [{"event": "back-out"}], follows=["out"], repeats=True),
}
TURNS = {"gone-in": part("In"), "back-out": part("Out")}
STRANGE = {
    "nothing but a service": bare_programme(),
    "units and nothing to do": bare_programme(units=UNITS),
    "two phases and no requirements": bare_programme(
        units=UNITS,
        events={"over": part("Over")},
        phases={
            "first": phase(ENTERED, [{"event": "over"}], entry=True),
            "second": phase([{"event": "over"}], [], follows=["first"]),
        },
    ),
    "phases in a circle": bare_programme(units=UNITS, events=TURNS, phases=CIRCLE),
    "a phase that only an exit ends": bare_programme(
        phases={
            "whole": phase(
                [{"kind": "placement", "where": "occurred_to is not missing"}],
                [{"kind": "exit", "where": 'reason == "ready"'}],
                entry=True,
            )
        },
        codes={
            "ends": part(
                "Ends",
                **{"for": ["exit.reason"]},
                values={"ready": part("Ready"), "left": part("Left")},
            )
        },
    ),
    "phases of work, pause and a talk that came to nothing": bare_programme(
        units=UNITS,
        phases={
            "working": phase([{"kind": "hours", "where": 'type == "flex"'}], [{"kind": "exit"}], entry=True),
            "resting": phase(
                [{"kind": "pause"}], [{"kind": "meeting", "where": 'outcome == "held"'}], follows=["working"]
            ),
            "missed": phase(
                [{"kind": "meeting", "where": 'outcome == "no_show"'}],
                [{"kind": "contact_attempt"}],
                repeats=True,
            ),
        },
    ),
    "nothing but a questionnaire about sites": bare_programme(
        units=UNITS,
        questionnaires={
            "sites": part(
                "Sites",
                about="site",
                scale={"low": 0, "high": 1},
                items={"only": part("Only")},
                raters=["head"],
            )
        },
    ),
    "a questionnaire about sites and no sites": bare_programme(
        questionnaires={
            "sites": part(
                "Sites", about="site", scale={"low": 0, "high": 4}, items={"only": part("O")}, raters=["head"]
            )
        },
    ),
    "requirements without phases": bare_programme(
        requirements={
            "made": part(
                "Made",
                ask={"da": "Lavet?", "en": "Made?"},
                measured={"how": "within", "what": [{"kind": "cv"}], "within": "P8W"},
            ),
            "each": part(
                "Each",
                ask={"da": "Hver?", "en": "Each?"},
                measured={"how": "each", "of": {"kind": "job_goal"}, "where": 'level == "A"'},
            ),
        }
    ),
    "a draw and nothing else": bare_programme(
        draws={"lot": part("Lot", about={"da": "L", "en": "L"}, arms={"yes": part("Yes"), "no": part("No")})}
    ),
    "everything but means": phased_programme(
        codes={
            key: {**codes.model_dump(by_alias=True), "values": {name: part(name) for name in codes.values}}
            for key, codes in phased_programme().codes.items()
        }
    ),
    "no visitation": phased_programme(visitation=None),
    "no draw, no exclusions, no cadence": phased_programme(
        draws={}, exclusions={}, cadences={}, requirements={}, targets=[]
    ),
    "everything": phased_programme(),
    "an evaluation of company placements on another benefit": invented_programme(),
}


@pytest.mark.parametrize("name", STRANGE)
def test_it_is_simulated_and_every_fact_is_accepted(name: str, tmp_path: Path) -> None:
    programme: Programme = STRANGE[name]
    made = simulate(programme, 150, 2, tmp_path / "data")
    record = read_record(made, programme)
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    assert record.table("enrolled").height > 10
    assert truth["phases"].keys() == programme.phases.keys()
    for key, units in truth["phases"].items():
        assert sum(unit["runs"] for unit in units.values()) > 0, key
    assert (made / "imports" / "visitation.csv").is_file()


def test_without_units_facts_name_no_site_and_there_are_no_sites(tmp_path: Path) -> None:
    made = simulate(bare_programme(), 100, 2, tmp_path / "data")
    assert not (made / "sites.parquet").exists()
    assert pl.read_parquet(made / "facts" / "enrolled.parquet")["site"].null_count() > 10
    assert json.loads((made / "truth.json").read_text())["meetings"]["units"].keys() == {"all"}


def test_a_circle_of_phases_is_walked_round_more_than_once(tmp_path: Path) -> None:
    made = simulate(STRANGE["phases in a circle"], 400, 2, tmp_path / "data")
    told = json.loads((made / "truth.json").read_text())["phases"]["inside"]
    assert sum(unit["again"] for unit in told.values()) > 5


def test_an_event_that_means_a_flex_job_falls_in_the_week_the_register_has_it(tmp_path: Path) -> None:
    programme = bare_programme(
        units=UNITS,
        events={"begun": part("Begun", values={"small": part("Small", means="flex")})},
        phases={
            "before": phase(ENTERED, [{"event": "begun"}], entry=True),
            "in-it": phase([{"event": "begun"}], [], follows=["before"]),
        },
    )
    made = simulate(programme, 3000, 2, tmp_path / "data")
    facts = read_record(made, programme).as_of().table("event").filter(pl.col("value").is_not_null())
    assert facts.height > 5
    register = pl.read_parquet(made / "register" / "dream.parquet")
    weeks = {name: register[name] for name in register.columns}
    row = {person: index for index, person in enumerate(register["person"])}
    for person, day in facts.select("person", "occurred_from").iter_rows():
        iso = day.isocalendar()
        assert weeks[f"y_{iso.year % 100:02d}{iso.week:02d}"][row[person]] == 771
