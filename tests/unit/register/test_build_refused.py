"""What a build refuses: each with where, what, and what to do, and nothing half-written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register.sources.parquet import ParquetSource
from indsats.register.sources.source import Source
from indsats.register.store.build import build
from storebook import named, parquet, read_back, some_weeks, wide_table


def refused(sources: Sequence[Source], folder: Path, **options: object) -> list[str]:
    with pytest.raises(InputRefused) as caught:
        build(sources, folder / "store", **options)  # type: ignore[arg-type]
    assert not (folder / "store").exists()
    assert not (folder / ".store.building").exists()
    return [str(problem) for problem in caught.value.problems]


def test_a_person_twice_in_one_part_is_told_with_both_rows(tmp_path):
    source = parquet(tmp_path / "dream.parquet", ["a", "b", "a"], some_weeks(3, 4))
    assert refused([source], tmp_path) == [
        "dream.parquet, row 4, column 'person': error: the person stands already in row 2. "
        "Keep one row for each person"
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_person_twice_in_two_parts_is_told_with_both_rows(tmp_path, monkeypatch, workers):
    monkeypatch.setattr("indsats.register.sources.parquet.PART_ROWS", 2)
    weeks = some_weeks(6, 4)
    source = parquet(tmp_path / "dream.parquet", ["a", "b", "c", "d", "b", "a"], weeks, rows=2)
    assert len(source.parts()) == 3
    problems = refused([source], tmp_path, buckets=2, workers=workers)
    assert [problem.split(". ")[0] for problem in problems] == [
        "dream.parquet, row 6, column 'person': error: the person stands already in row 3",
        "dream.parquet, row 7, column 'person': error: the person stands already in row 2",
    ]


def test_more_than_ten_problems_of_a_sort_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("indsats.register.sources.parquet.PART_ROWS", 20)
    source = parquet(tmp_path / "dream.parquet", named(20) * 2, some_weeks(40, 4), rows=20)
    problems = refused([source], tmp_path)
    assert len(problems) == 11
    assert "at least 10 more problems are of this kind" in problems[-1]


def test_a_person_in_two_files_whose_weeks_agree_is_taken_once_and_counted(tmp_path):
    weeks = some_weeks(3, 8)
    one = parquet(tmp_path / "one.parquet", named(3), weeks)
    same = parquet(tmp_path / "same.parquet", ["p1", "p9"], weeks[[1, 0]])
    later = parquet(tmp_path / "later.parquet", ["p2"], np.hstack([weeks[2:, 5:], [[7, 7]]]), first_week=5)
    store = build([one, same, later], tmp_path / "store", buckets=2)
    assert read_back(store)["p2"] == [*weeks[2].tolist(), 7, 7]
    assert (store.persons, store.first_week, store.last_week) == (4, 0, 9)
    assert [(repair.count, repair.file) for repair in store.repairs] == [
        (1, "one.parquet and same.parquet"),
        (1, "one.parquet and later.parquet"),
    ]


def test_files_that_tell_different_codes_of_one_week_are_refused_with_the_number_of_persons(tmp_path):
    weeks = some_weeks(5, 8)
    other = weeks.copy()
    other[1, 3] = 5
    other[2:4, 7] = 6
    one, two = (
        parquet(tmp_path / "one.parquet", named(5), weeks),
        parquet(tmp_path / "two.parquet", named(5), other),
    )
    assert refused([one, two], tmp_path, buckets=2) == [
        "two.parquet: error: 3 persons have other codes here than in one.parquet in weeks that both files tell of. "
        "Keep the file that is right for these weeks, or take the weeks out of the other"
    ]


def test_a_blank_against_a_code_is_a_difference(tmp_path):
    one = parquet(tmp_path / "one.parquet", ["a"], np.array([[730, -1]]))
    two = parquet(tmp_path / "two.parquet", ["a"], np.array([[730, 730]]))
    assert "1 persons have other codes" in refused([one, two], tmp_path)[0]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (1000, pl.Int16, "1000"),
        (-1, pl.Int16, "-1"),
        (-32_768, pl.Int16, "6 characters"),
        (70_001, pl.Int32, "5 characters"),
        (130.5, pl.Float64, "130.5"),
        ("A12", pl.String, "3 characters"),
        ("0101901234", pl.String, "10 characters"),
    ],
)
def test_a_value_that_is_no_code_is_told_with_row_column_and_value(tmp_path, value, kind, shown):
    table = wide_table(named(4), some_weeks(4, 5)).with_columns(
        y_9133=pl.Series([None, None, value, None], dtype=kind)
    )
    table.write_parquet(tmp_path / "dream.parquet")
    problems = refused([ParquetSource(tmp_path / "dream.parquet")], tmp_path)
    assert problems == [
        f"dream.parquet, row 4, column 'y_9133': error: this is no register code (found: {shown}). "
        "Codes are whole numbers from 0 to 999; leave a week without a code empty"
    ]


def test_problems_of_several_files_are_told_together(tmp_path):
    good = wide_table(named(4), some_weeks(4, 3))
    for number in range(5):
        bad = good.with_columns(person=pl.lit(f"f{number}-") + pl.col("person"))
        if number:
            bad = bad.with_columns(y_9132=pl.Series([2000, 1, 1, 1], dtype=pl.Int16))
        bad.write_parquet(tmp_path / f"{number}.parquet")
    sources = [ParquetSource(tmp_path / f"{number}.parquet") for number in range(5)]
    for workers in (1, 2):
        problems = refused(sources, tmp_path, workers=workers)
        assert [problem.split(",")[0] for problem in problems] == [
            f"{number}.parquet" for number in range(1, 5)
        ]


def test_a_goal_that_exists_is_refused_and_left_as_it_is(tmp_path):
    source = parquet(tmp_path / "dream.parquet", ["a"], some_weeks(1, 3))
    build([source], tmp_path / "store")
    before = (tmp_path / "store/manifest.json").read_bytes()
    with pytest.raises(InputRefused, match=r"holds a store already. Give another folder, or remove it"):
        build([source], tmp_path / "store")
    assert (tmp_path / "store/manifest.json").read_bytes() == before
    (tmp_path / "other").mkdir()
    with pytest.raises(InputRefused, match="exists already"):
        build([source], tmp_path / "other")


def test_the_same_file_twice_is_refused(tmp_path):
    source = parquet(tmp_path / "dream.parquet", ["a"], some_weeks(1, 3))
    assert "given twice" in refused([source, ParquetSource(source.file)], tmp_path)[0]


def test_a_file_whose_rows_are_all_empty_is_refused(tmp_path):
    source = parquet(tmp_path / "dream.parquet", [None, " "], np.full((2, 3), -1))
    assert "there is no person in it" in refused([source], tmp_path)[0]


def test_no_person_number_is_in_any_message(tmp_path):
    number = "0101901234"
    table = wide_table([number, number, None], np.array([[1, 2000], [1, 1], [1, 1]]))
    table.write_parquet(tmp_path / "dream.parquet")
    assert number not in "".join(refused([ParquetSource(tmp_path / "dream.parquet")], tmp_path))


@pytest.mark.parametrize("dash", ["-", " – -", "\u2212"])
def test_hyphens_alone_are_nobody_once_they_are_to_become_a_pseudonym(tmp_path, dash):
    source = parquet(tmp_path / "dream.parquet", ["a", dash, "b"], some_weeks(3, 3))
    # In a first part, which tells how large the register is, and in a later one.
    for sources in ([source], [parquet(tmp_path / "good.parquet", ["c"], some_weeks(1, 3)), source]):
        assert refused(sources, tmp_path, key=b"k" * 32) == [
            "dream.parquet, row 3: error: the row has no person. Fill in the person; hyphens alone name nobody"
        ]


def test_a_link_that_leads_nowhere_is_refused_before_anything_is_read(tmp_path, monkeypatch):
    source = parquet(tmp_path / "dream.parquet", ["a"], some_weeks(1, 3))
    (tmp_path / "store").symlink_to(tmp_path / "gone")
    monkeypatch.setattr(ParquetSource, "read", lambda *_: pytest.fail("the file was read"))
    assert "a link that leads nowhere" in refused([source], tmp_path)[0]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(3), some_weeks(3, 3))

    def change(*_: object) -> None:
        parquet(source.file, named(4), some_weeks(4, 3))

    assert "changed while it was read" in refused([source], tmp_path, progress=change)[0]
