"""Where the shipped data lie, and that the register code list holds together."""

from __future__ import annotations

import pytest
import yaml

from indsats.library import (
    definition_path,
    dream_codes_path,
    edge_cases_path,
    pension_ages_path,
    programmes,
    published,
    published_path,
    register_preset_path,
    register_presets,
    tables_path,
)


def test_programmes_and_publications_are_found() -> None:
    assert {"fremskudt-indsats", "supported-work"} <= set(programmes())
    assert {"004", "supported-work"} <= set(published())
    assert all(definition_path(name).is_dir() for name in programmes())
    assert all(published_path(key).is_file() for key in published())


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(KeyError, match="fremskudt-indsats"):
        definition_path("fremskudt")
    with pytest.raises(KeyError, match="004"):
        published_path("005")


def test_register_data_are_found() -> None:
    assert "employment-four-weeks" in register_presets()
    assert all(register_preset_path(name).is_file() for name in register_presets())
    assert pension_ages_path().is_file()
    assert (edge_cases_path() / "cases.yaml").is_file()


def test_every_table_s_source_and_licence_are_told() -> None:
    told = (tables_path() / "README.md").read_text("utf-8")
    tables = [path.name for path in tables_path().iterdir() if path.suffix != ".md"]
    assert tables == ["mpdta.csv"]
    assert all(f"`{name}`" in told for name in tables)
    assert "Permission is hereby granted" in told


def test_an_unknown_preset_says_which_there_are() -> None:
    with pytest.raises(KeyError, match="employment-four-weeks"):
        register_preset_path("employment")


def test_the_code_list_says_where_it_is_from_once() -> None:
    listed = yaml.safe_load(dream_codes_path().read_text("utf-8"))
    assert [one["licence"] for one in listed["sources"].values()] == ["MIT"]
    assert {code["source"] for code in listed["codes"]} == set(listed["sources"])


def test_every_group_activity_and_state_of_the_code_list_is_used() -> None:
    listed = yaml.safe_load(dream_codes_path().read_text("utf-8"))
    for kind, field in (("groups", "group"), ("activities", "activity"), ("states", "state")):
        assert {code[field] for code in listed["codes"]} == set(listed[kind])
