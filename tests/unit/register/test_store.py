"""A store as it is opened, laid out as weeks, and described."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register.follow.engines import duckdb_engine, polars_engine
from indsats.register.register import Register
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.build import build
from indsats.register.store.describe import describe
from indsats.register.store.store import Store, is_store, open_store
from indsats.register.store.wide import weeks_matrix
from indsats.register.weeks import week_number
from storebook import named, parquet, read_back, some_weeks


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Six persons over two years' end, three of them in a second file that goes on; codes 5 and 6 are on no list."""
    weeks = some_weeks(6, 10)
    weeks[0] = -1
    weeks[1, 2:5] = 5
    weeks[2, 3] = weeks[3, 3] = 6
    first = week_number(date(1998, 12, 7))
    one = parquet(tmp_path / "one.parquet", named(6), weeks, first_week=first)
    two = parquet(tmp_path / "two.parquet", named(3), some_weeks(3, 4), first_week=first + 12)
    return build([one, two], tmp_path / "store", buckets=2, synthetic=True)


def test_a_store_that_is_opened_is_the_one_that_was_built(store):
    opened = open_store(store.folder)
    for name in Store.__slots__:
        if name != "unknown_codes":
            assert getattr(opened, name) == getattr(store, name)
    assert opened.unknown_codes.equals(store.unknown_codes)
    assert opened.synthetic
    assert not opened.pseudonymous
    assert is_store(store.folder)


def test_codes_the_list_lacks_are_counted(store):
    weeks = np.array(list(read_back(store).values()))
    for code in (5, 6):
        found = store.unknown_codes.row(by_predicate=pl.col("code") == code, named=True)
        assert found["weeks"] == (weeks == code).sum()
        assert found["persons"] == (weeks == code).any(axis=1).sum()
    assert store.unknown_codes["code"].to_list() == [5, 6]


def test_the_manifest_names_files_without_their_folders_and_tells_no_time(store):
    content = json.loads((store.folder / "manifest.json").read_text())
    assert content["files"] == ["one.parquet", "two.parquet"]
    assert str(store.folder.parent) not in (store.folder / "manifest.json").read_text()
    assert sorted(content) == sorted(
        {"format", *Store.__slots__} - {"folder"},
    )


def test_what_is_no_store_is_refused_with_a_reason(tmp_path, store):
    with pytest.raises(
        InputRefused, match=r"nowhere: error: there is no such folder. Build the register first"
    ):
        open_store(tmp_path / "nowhere")
    with pytest.raises(InputRefused, match="is no store of a register"):
        open_store(tmp_path)
    (tmp_path / ".half.building").mkdir()
    with pytest.raises(InputRefused, match=r"not finished. Build the register again: it goes on"):
        open_store(tmp_path / "half")


def test_a_store_of_a_newer_format_is_refused(store):
    manifest = store.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(InputRefused, match=r"format 2, this one reads 1\). Update the program"):
        open_store(store.folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x"}', "{"])
def test_a_manifest_that_is_none_is_refused(store, content):
    (store.folder / "manifest.json").write_text(content)
    with pytest.raises(InputRefused, match=r"manifest.json cannot be read"):
        open_store(store.folder)


def test_a_store_with_a_file_missing_is_refused(store):
    store.persons_path(1).unlink()
    with pytest.raises(InputRefused, match=r"persons/bucket=001.parquet is missing"):
        open_store(store.folder)


def test_a_matrix_has_the_persons_and_weeks_that_were_asked_for():
    spells = pl.DataFrame(
        {"person": [4, 4, 7], "first_week": [0, 3, 2], "last_week": [2, 5, 3], "code": [None, 730, 5]},
        schema={"person": pl.Int32, "first_week": pl.Int32, "last_week": pl.Int32, "code": pl.Int16},
    )
    assert weeks_matrix(spells, pl.Series([7, 4, 9]), 1, 4).tolist() == [
        [-2, 5, 5, -2],
        [-1, -1, 730, 730],
        [-2, -2, -2, -2],
    ]
    assert weeks_matrix(spells, pl.Series([4]), 7, 8).tolist() == [[-2, -2]]
    with pytest.raises(ValueError, match="asked for twice"):
        weeks_matrix(spells, pl.Series([4, 4]), 0, 1)
    with pytest.raises(ValueError, match="end before they begin"):
        weeks_matrix(spells, pl.Series([4]), 1, 0)


def test_a_description_counts_what_the_weeks_hold(store):
    weeks = np.array(list(read_back(store).values()))
    told = describe(store)
    observed = (weeks != -2).sum()
    row = told.coverage.row(0, named=True)
    assert row == {
        "first_week": "1998-W50",
        "last_week": "1999-W12",
        "from_monday": date(1998, 12, 7),
        "to_monday": date(1999, 3, 22),
        "persons": 6,
        "spells": store.spells,
        "person_weeks": observed,
        "spells_per_person": store.spells / 6,
        "share_blank": (weeks == -1).sum() / observed,
    }
    assert told.codes["weeks"].sum() == observed
    for code, meaning, count, persons, first, last in told.codes.iter_rows():
        there = weeks == (-1 if code is None else code)
        assert (count, persons) == (there.sum(), there.any(axis=1).sum())
        when = np.flatnonzero(there.any(axis=0))
        assert [int(week[-2:]) for week in (first, last)] == [
            date.fromordinal(date(1998, 12, 7).toordinal() + 7 * int(week)).isocalendar().week
            for week in (when[0], when[-1])
        ]
        assert (meaning is None) == (code in (None, 5, 6))
    assert told.codes["code"].to_list()[0] is None
    assert told.unknown_codes.equals(store.unknown_codes)


def test_a_description_counts_persons_not_observed_the_whole_time(store):
    told = dict(describe(store).not_observed.iter_rows())
    assert told == {
        "weeks before the first": 0,
        "weeks after the last": 3,
        "weeks in between": 3,
        "any of these": 6,
    }


def test_a_description_tells_repairs_and_columns_left_out(tmp_path):
    table = pl.DataFrame({"person": ["a"], "kon": [1], "y_9133": [1], "y_9132": [2]})
    table.write_parquet(tmp_path / "one.parquet")
    store = build([ParquetSource(tmp_path / "one.parquet")], tmp_path / "other")
    told = describe(store)
    assert told.left_out["column"].to_list() == ["kon"]
    assert told.repairs.rows() == [("one.parquet", "week columns put in the order of time", 2)]
    assert set(told.not_observed["persons"]) == {0}


def test_the_manifest_is_another_one_when_a_code_is(tmp_path):
    weeks = np.array([[730, 730, 651]])
    manifests = []
    for name, codes in (("old", weeks), ("corrected", np.array([[730, 651, 651]]))):
        (tmp_path / name).mkdir()
        source = parquet(tmp_path / name / "dream.parquet", ["a"], codes)
        manifests.append(build([source], tmp_path / name / "store").manifest())
    assert manifests[0] != manifests[1]


@pytest.mark.parametrize("which", ["spells", "persons"])
@pytest.mark.parametrize("content", ["empty", "another bucket's", "changed"])
def test_a_file_that_is_not_the_one_that_was_built_is_refused(store, which, content):
    own, other = ((store.folder / which / f"bucket=00{bucket}.parquet") for bucket in (0, 1))
    data = own.read_bytes()
    changed = data[:50] + bytes([data[50] ^ 1]) + data[51:]
    own.write_bytes({"empty": b"", "another bucket's": other.read_bytes(), "changed": changed}[content])
    what = rf"store: error: its file {which}/bucket=000.parquet is not the one that was built. Copy the whole"
    for ask in (describe, Register.load, lambda store: store.verify(0)):
        with pytest.raises(InputRefused, match=what):
            ask(open_store(store.folder))
    if len(own.read_bytes()) != len(data):
        with pytest.raises(InputRefused, match=what):
            open_store(store.folder)


def test_a_file_that_goes_away_after_opening_is_told(store):
    store.spells_path(0).unlink()
    with pytest.raises(InputRefused, match=r"spells/bucket=000.parquet is missing"):
        describe(store)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.pop("persons"),
        lambda content: content.update(more=1),
        lambda content: content.pop("checks"),
        lambda content: content.update(buckets=1),
        lambda content: content.update(buckets="2"),
        lambda content: content.update(repairs=[["what"]]),
        lambda content: content.update(unknown_codes=[["x", "y", "z"]]),
        lambda content: content["checks"].update({"spells/bucket=000.parquet": 5}),
        lambda content: content["checks"].update({"spells/bucket=000.parquet": [5]}),
    ],
)
def test_a_manifest_with_more_or_less_in_it_is_refused(store, change):
    manifest = store.folder / "manifest.json"
    content = json.loads(manifest.read_bytes())
    change(content)
    manifest.write_text(json.dumps(content))
    with pytest.raises(InputRefused, match=r"manifest.json cannot be read"):
        open_store(store.folder)


@pytest.mark.parametrize("name", ["store[1]", "store*", "store?", "**"])
def test_names_that_look_like_patterns_are_names(tmp_path, name):
    for folder, code in (("store1", 651), (name, 730)):
        source = parquet(tmp_path / f"{folder}.parquet", [f"p{code}"], np.array([[code, code]]))
        build([source], tmp_path / folder)
    store = open_store(tmp_path / name)
    assert store.identities().to_list() == ["p730"]
    assert describe(store).codes["code"].to_list() == [730]
    loaded = Register.load(store)
    assert (loaded.persons["person"].to_list(), loaded.spells["code"].to_list()) == (["p730"], [730])
    for engine in (polars_engine(), duckdb_engine()):
        assert engine.collect(engine.scan(store.spells_path(0)))["code"].to_list() == [730]
        engine.close()
