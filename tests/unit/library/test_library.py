"""Where the shipped data lie, and that the register code list holds together."""

from __future__ import annotations

import polars as pl
import pytest

from indsats.library import definition_path, dream_codes_path, programmes, published, published_path


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


def test_the_code_list_has_each_code_once_with_its_source() -> None:
    codes = pl.read_csv(dream_codes_path())
    assert codes.height == 131
    assert codes["code"].n_unique() == codes.height
    assert codes["source"].null_count() == 0
    assert {"valid_from", "valid_to", "group_da", "activity_da"} <= set(codes.columns)
    official = codes.filter(pl.col("official_dream_code") == 0)["code"].to_list()
    assert official == [0, 100]


def test_cash_benefit_codes_end_in_their_activity() -> None:
    codes = pl.read_csv(dream_codes_path()).filter(pl.col("group_da") == "Kontanthjælp")
    placed = codes.filter(pl.col("activity_da").is_in(["Løntilskud", "Virksomhedspraktik"]))["code"].to_list()
    assert sorted(placed) == [135, 136, 137, 138, 735, 736, 737, 738]
