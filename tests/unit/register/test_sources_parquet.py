"""The Parquet reader: the same runs whatever the types and row groups, bounded memory, and what it refuses."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indsats.problem import InputRefused
from indsats.register.sources import open_source
from indsats.register.sources import parquet as reader
from indsats.register.sources.encode import runs_of_rows
from indsats.register.sources.parquet import ParquetSource
from indsats.register.sources.source import Encoded, Runs
from storebook import named, parquet, some_weeks, wide_table


def rows(runs: Runs, person: pl.Series) -> list[tuple[object, ...]]:
    return list(
        zip(
            person.gather(runs.person),
            runs.first.tolist(),
            runs.last.tolist(),
            runs.code.tolist(),
            strict=True,
        )
    )


def everything(source: ParquetSource) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for part in source.parts():
        encoded = source.read(part)
        assert encoded.problems == []
        found += rows(encoded.runs, encoded.person)
    return found


def refused(path: Path, person: str = "person") -> str:
    with pytest.raises(InputRefused) as caught:
        ParquetSource(path, person)
    return str(caught.value)


@pytest.mark.parametrize("kind", [pl.Int16, pl.Int32, pl.Int64, pl.UInt16, pl.Float32, pl.Float64, pl.String])
@pytest.mark.parametrize("held", [1, 7, 64_000_000])
def test_every_type_of_column_gives_the_same_runs(tmp_path, monkeypatch, kind, held):
    monkeypatch.setattr(reader, "HELD_BYTES", held)
    weeks = some_weeks(30, 12)
    table = wide_table(named(30), weeks).with_columns(pl.exclude("person").cast(kind))
    table.write_parquet(tmp_path / "dream.parquet")
    expected = rows(runs_of_rows(weeks, 0), pl.Series(named(30)))
    assert everything(ParquetSource(tmp_path / "dream.parquet")) == expected


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(1, 8), st.integers(1, 6))
def test_parts_hold_every_row_once_whatever_the_row_groups(tmp_path_factory, sizes, most, limit):
    if not sum(sizes):
        sizes = [1]
    path = tmp_path_factory.mktemp("groups") / "dream.parquet"
    weeks = some_weeks(sum(sizes), 5)
    table = wide_table(named(len(weeks)), weeks).to_arrow()
    with pq.ParquetWriter(path, table.schema) as writer:
        start = 0
        for size in sizes:
            writer.write_table(table.slice(start, size), row_group_size=max(1, size))
            start += size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "PART_ROWS", limit)
        patch.setattr(reader, "MOST_PERSONS", most)
        source = ParquetSource(path)
        parts = source.parts()
        assert [part.index for part in parts] == list(range(len(parts)))
        assert [part.start for part in parts] == [sum(p.count for p in parts[:i]) for i in range(len(parts))]
        assert all(1 <= part.count <= max(limit, most) for part in parts)
        assert everything(source) == rows(runs_of_rows(weeks, 0), pl.Series(named(len(weeks))))


def test_one_huge_row_group_is_read_in_parts_and_blocks_of_bounded_size(tmp_path, monkeypatch):
    persons, weeks, held = 4_000, 60, 40_000
    path = tmp_path / "dream.parquet"
    matrix = some_weeks(persons, weeks)
    wide_table(named(persons), matrix).write_parquet(path, row_group_size=persons)
    assert pq.read_metadata(path).num_row_groups == 1
    monkeypatch.setattr(reader, "MOST_PERSONS", 1_000)
    monkeypatch.setattr(reader, "HELD_BYTES", held)
    cells: list[int] = []
    real = ParquetSource._block

    def counted(self: ParquetSource, part: reader.Part, names: list[str]) -> pl.DataFrame:
        block = real(self, part, names)
        if names != ["person"]:
            cells.append(block.height * block.width)
        return block

    monkeypatch.setattr(ParquetSource, "_block", counted)
    source = ParquetSource(path)
    assert [part.count for part in source.parts()] == [1_000] * 4
    assert everything(source) == rows(runs_of_rows(matrix, 0), pl.Series(named(persons)))
    assert sum(cells) == persons * weeks
    assert max(cells) * 2 <= held  # an Int16 has two bytes


def test_columns_out_of_the_order_of_time_are_put_in_order_and_counted(tmp_path):
    weeks = some_weeks(5, 460)  # from 1991-W32 into the year 2000: sorted by name y_0001 comes first
    table = wide_table(named(5), weeks)
    table.select("person", *sorted(table.columns[1:])).write_parquet(tmp_path / "dream.parquet")
    source = ParquetSource(tmp_path / "dream.parquet")
    assert everything(source) == rows(runs_of_rows(weeks, 0), pl.Series(named(5)))
    assert [(repair.what, repair.file) for repair in source.repairs] == [
        ("week columns put in the order of time", "dream.parquet")
    ]


def test_rows_without_a_person_are_skipped_if_empty_and_told_if_not(tmp_path):
    weeks = np.array([[1, 1], [-1, -1], [2, -1], [-1, 5]])
    source = parquet(tmp_path / "dream.parquet", ["a", None, "b", "c"], weeks)
    encoded = source.read(source.parts()[0])
    assert encoded.person.to_list() == ["a", "b", "c"]
    assert encoded.row.tolist() == [2, 4, 5]
    assert rows(encoded.runs, encoded.person) == rows(runs_of_rows(weeks[[0, 2, 3]], 0), encoded.person)
    source = parquet(tmp_path / "other.parquet", ["a", None, "b", ""], weeks)
    problems = source.read(source.parts()[0]).problems
    assert [(problem.what, problem.row) for problem in problems] == [("the row has no person", 5)]


def test_numbers_of_nine_or_ten_digits_as_persons_are_refused(tmp_path):
    table = pl.DataFrame({"person": [101901234, 1], "y_9132": [1, 2]})
    table.write_parquet(tmp_path / "dream.parquet")
    source = ParquetSource(tmp_path / "dream.parquet")
    (problem,) = source.read(source.parts()[0]).problems
    assert "loses a leading zero" in problem.what
    assert "101901234" not in str(problem)


def test_short_numbers_as_persons_are_read_as_text(tmp_path):
    pl.DataFrame({"lobenr": [17, 4], "y_9132": [1, 2]}).write_parquet(tmp_path / "dream.parquet")
    source = ParquetSource(tmp_path / "dream.parquet", "lobenr")
    assert source.read(source.parts()[0]).person.to_list() == ["17", "4"]


@pytest.mark.parametrize("kept", [0, 3, 100, 0.5, -1])
def test_a_file_cut_off_anywhere_is_refused(tmp_path, kept):
    source = parquet(tmp_path / "dream.parquet", named(50), some_weeks(50, 20))
    data = source.file.read_bytes()
    source.file.write_bytes(data[: int(len(data) * kept) if isinstance(kept, float) else kept])
    assert "cannot be read as Parquet. Export the register again and check that the copy is whole" in refused(
        source.file
    )


def test_a_file_that_was_damaged_inside_is_told_without_quoting_it(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(500), some_weeks(500, 20))
    data = bytearray(source.file.read_bytes())
    data[4 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4)
    source.file.write_bytes(data)
    (problem,) = source.read(source.parts()[0]).problems
    assert problem.what == "the file cannot be read as Parquet"


def test_what_is_missing_in_the_heading_is_refused(tmp_path):
    path = tmp_path / "dream.parquet"
    assert "there is no such file" in refused(path)
    wide_table([], np.empty((0, 3), dtype=np.int16)).write_parquet(path)
    assert "a heading but no persons" in refused(path)
    pl.DataFrame({"who": ["a"], "y_9132": [1]}).write_parquet(path)
    assert "there is no column 'person'" in refused(path)
    pl.DataFrame({"person": ["a"], "y_9132": [1], "y_9134": [1]}).write_parquet(path)
    assert "y_9133 is missing" in refused(path)
    two = pa.table([pa.array(["a"]), pa.array([1]), pa.array([2])], names=["person", "y_9132", "y_9132"])
    pq.write_table(two, path)
    assert "column 'y_9132': error: the column stands twice" in refused(path)


def test_a_source_can_be_sent_to_another_process(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(9), some_weeks(9, 5), rows=4)
    sent = pickle.loads(pickle.dumps(source))  # noqa: S301
    assert sent.parts() == source.parts()
    assert everything(sent) == everything(source)


def test_an_encoded_part_has_the_types_that_are_promised(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(3), some_weeks(3, 5))
    encoded = source.read(source.parts()[0])
    assert isinstance(encoded, Encoded)
    assert (encoded.person.dtype, encoded.person.name, encoded.row.dtype) == (pl.String, "person", "int64")


@pytest.mark.parametrize("name", ["dream[1].parquet", "dream?.parquet", "dream*.parquet"])
def test_a_name_that_looks_like_a_pattern_reads_no_neighbour(tmp_path, name):
    for file, code in ((name, 730), ("dream1.parquet", 111)):
        pl.DataFrame({"person": ["a"], "y_1401": [code]}).write_parquet(tmp_path / file)
    source = ParquetSource(tmp_path / name)
    assert source.read(source.parts()[0]).runs.code.tolist() == [730]


def test_blanks_around_the_names_of_columns_do_not_matter(tmp_path):
    path = tmp_path / "dream.parquet"
    pl.DataFrame({"PNR ": ["a"], "y_1401": [730], "y_1402 ": [651]}).write_parquet(path)
    source = open_source(path)
    assert source.read(source.parts()[0]).runs.code.tolist() == [730, 651]
    assert source.left_out == ()
