"""The folder a simulation writes: reproducible, importable, invented throughout, refused where senseless."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from indsats.library import definition_path
from indsats.problem import InputRefused
from indsats.programme import Programme, load
from indsats.record import read_record
from indsats.register import read_hours, read_register
from indsats.simulate import SMALLEST, default_profile, simulate, with_changes
from invented_programme import invented_programme, part

REAL_AREAS = [
    "tingbjerg",
    "hothers",
    "mjølnerparken",
    "mjoelnerparken",
    "aldersrogade",
    "lundtoftegade",
    "akacieparken",
    "urbanplanen",
    "nørrebro",
    "vesterbro",
    "østerbro",
    "amager",
    "valby",
    "vanløse",
    "brønshøj",
    "husum",
    "sydhavnen",
    "bispebjerg",
    "gellerup",
    "vollsmose",
]


@pytest.fixture(scope="module")
def outreach() -> Programme:
    return load(definition_path("fremskudt-indsats"))


@pytest.fixture(scope="module")
def folder(outreach: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(outreach, 300, 11, tmp_path_factory.mktemp("made") / "data")


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_data(
    outreach: Programme, tmp_path: Path, format_: str
) -> None:
    first, second, other = (
        _contents(simulate(outreach, 80, seed, tmp_path / name, format=format_))  # type: ignore[arg-type]
        for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    assert first == second
    assert first.keys() >= {f"persons.{format_}", f"facts/enrolled.{format_}", "register/dream.parquet"}
    assert first["register/dream.parquet"] != other["register/dream.parquet"]
    assert first[f"facts/meeting.{format_}"] != other[f"facts/meeting.{format_}"]


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_the_record_accepts_every_fact(outreach: Programme, tmp_path: Path, format_: str) -> None:
    made = simulate(outreach, 300, 3, tmp_path / "data", format=format_)  # type: ignore[arg-type]
    record = read_record(made, outreach)
    assert record.synthetic
    kinds = {kind for kind, table in record.facts.items() if table.height}
    assert kinds >= {
        "enrolled", "exit", "meeting", "placement", "walk_in", "questionnaire_answered", "requirement_answered",
        "pause", "assigned", "plan", "cv", "job_goal", "hours", "contact_attempt", "event", "visitation",
    }  # fmt: skip
    assert record.table("meeting").filter(pl.col("version") == 2).height > 0


def test_a_programme_of_other_words_and_codes_can_be_simulated_and_imported(tmp_path: Path) -> None:
    programme = invented_programme()
    made = simulate(programme, 600, 4, tmp_path / "data")
    record = read_record(made, programme)
    facts = record.as_of()
    enrolled = facts.table("enrolled")
    assert set(enrolled["service"]) == {"guidance", "workshop"}
    assert enrolled.filter(pl.col("occurred_from").dt.month() == 8).is_empty()
    advised = facts.table("walk_in").filter(~pl.col("has_case"))
    assert advised.height > 0
    assert set(advised["action"]) == {"advise"}
    register = read_register(made)
    codes = set(register.spells["code"].drop_nulls())
    assert {740, 743, 747} <= codes
    assert not codes & {730, 733, 737}
    truth = json.loads((made / "truth.json").read_text())
    assert truth["questionnaires"]["wellbeing"]["sides_from_worst"] == ["down", "middle", "up"]
    assert truth["effects"]["effect"]["outcomes"]["flex"]["effect"] == 0.0


def test_no_person_number_can_exist(folder: Path) -> None:
    persons = pl.read_parquet(folder / "persons.parquet")
    parts = (
        persons["person"].str.extract_groups(r"^(?<d>\d\d)(?<m>\d\d)(?<y>\d\d)-(?<r>\d{4})$").struct.unnest()
    )
    months = parts["m"].cast(pl.Int64)
    assert months.is_between(21, 32).all()
    assert (months - 20 == persons["birth_date"].dt.month()).all()
    assert (parts["d"].cast(pl.Int64) == persons["birth_date"].dt.day()).all()
    assert (parts["y"].cast(pl.Int64) == persons["birth_date"].dt.year() % 100).all()
    odd = parts["r"].cast(pl.Int64) % 2 == 1
    assert (odd == (persons["sex"] == "man")).all()
    assert persons["person"].n_unique() == 300


def test_sites_are_invented_in_the_units_of_the_definition(folder: Path, outreach: Programme) -> None:
    sites = pl.read_parquet(folder / "sites.parquet")
    assert set(sites["unit"]) == set(outreach.units)
    assert not set(sites["site"]) & set(outreach.sites)
    shown = " ".join([*sites["name"], *sites["site"]]).lower()
    assert not [name for name in REAL_AREAS if name in shown]
    assert set(pl.read_parquet(folder / "persons.parquet")["area"]) <= set(sites["site"])


def test_the_register_covers_the_history_the_evaluation_asks_for(folder: Path) -> None:
    register = read_register(folder)
    columns = pl.read_parquet_schema(folder / "register" / "dream.parquet")
    assert "y_1101" in columns  # two years before the window opens in 2013
    assert "y_1553" in columns
    assert list(columns)[-1] == "y_1652"
    assert register.unknown_codes["code"].to_list() in ([878], [])
    hours = read_hours(folder)
    assert hours is not None
    assert hours["hours"].min() > 0  # type: ignore[operator]


def test_placements_are_in_the_register_in_the_weeks_they_are_registered_for(
    folder: Path, outreach: Programme
) -> None:
    facts = read_record(folder, outreach).as_of().table("placement")
    practice = facts.filter(pl.col("type") == "virksomhedspraktik").select("person", "occurred_from")
    monday = pl.date(1991, 8, 5)
    weeks = practice.with_columns(week=(pl.col("occurred_from") - monday).dt.total_days() // 7)
    spells = read_register(folder).spells.filter(pl.col("code").is_in([737, 738]))
    both = weeks.join(spells, on="person").filter(pl.col("week") == pl.col("first_week"))
    assert practice.height > 5
    assert both.height == practice.height


def test_an_exit_to_a_job_is_followed_by_a_week_without_benefit(folder: Path, outreach: Programme) -> None:
    exits = read_record(folder, outreach).as_of().table("exit").filter(pl.col("reason") == "job")
    monday = pl.date(1991, 8, 5)
    weeks = exits.select("person", week=(pl.col("occurred_from") - monday).dt.total_days() // 7)
    blank = read_register(folder).spells.filter(pl.col("code").is_null())
    found = weeks.join(blank, on="person").filter(pl.col("week").is_between("first_week", "last_week"))
    assert exits.height > 5
    assert found.height == exits.height


def test_fewer_than_fifty_persons_are_refused_and_fifty_work(outreach: Programme, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="Ask for 50 persons or more"):
        simulate(outreach, SMALLEST - 1, 1, tmp_path / "few")
    assert not (tmp_path / "few").exists()
    assert read_record(simulate(outreach, SMALLEST, 1, tmp_path / "fifty"), outreach).facts


def test_a_programme_whose_effects_come_from_packaged_tables_has_cases_all_the_same(tmp_path: Path) -> None:
    programme = load(definition_path("supported-work"))
    record = read_record(simulate(programme, 400, 1, tmp_path / "data"), programme)
    assert record.table("enrolled").height > 30
    assert set(record.table("drawn")["arm"]) == {
        arm for draw in programme.draws.values() for arm in draw.arms
    }


def test_a_programme_without_services_is_told_what_is_missing(tmp_path: Path) -> None:
    programme = invented_programme(services={}, cadences={}, indicators={}, evaluations={})
    with pytest.raises(InputRefused, match=r"it defines no services.*Add the service") as refused:
        simulate(programme, 100, 1, tmp_path / "data")
    assert "packages" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_programme_nobody_can_take_part_in_is_told_which_rule_keeps_them_out(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"none of the 100.*group 'women'"):
        simulate(invented_programme(groups={"women": part("Women", when="age > 120")}), 100, 1, tmp_path / "d",
                 profile=with_changes(default_profile(invented_programme()), not_eligible_share=0.0))  # fmt: skip


def test_real_data_are_never_overwritten_and_simulated_data_are(outreach: Programme, tmp_path: Path) -> None:
    out = tmp_path / "data"
    out.mkdir()
    (out / "dataset.json").write_text('{"programme": "fremskudt-indsats", "version": 1, "synthetic": false}')
    with pytest.raises(InputRefused, match="would be overwritten"):
        simulate(outreach, 60, 1, out)
    assert [path.name for path in out.iterdir()] == ["dataset.json"]
    (out / "dataset.json").write_text('{"programme": "fremskudt-indsats", "version": 1, "synthetic": true}')
    simulate(outreach, 60, 1, out)
    assert (out / "truth.json").is_file()


def test_progress_is_told_and_can_stop_the_work_without_leaving_anything(
    outreach: Programme, tmp_path: Path
) -> None:
    steps: list[tuple[int, int, str]] = []
    simulate(outreach, 60, 1, tmp_path / "whole", lambda done, total, what: steps.append((done, total, what)))
    assert [done for done, _, _ in steps] == list(range(steps[0][1] + 1))

    def stop(done: int, total: int, what: str) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(outreach, 60, 1, tmp_path / "stopped", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]
