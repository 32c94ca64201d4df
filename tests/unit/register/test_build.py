"""Building a store: what went in comes out, whatever the files and the buckets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indsats.problem import InputRefused
from indsats.register.sources import open_source
from indsats.register.sources.source import Encoded, Part, Runs
from indsats.register.store.build import build
from indsats.register.store.hashing import fnv1a
from indsats.register.store.workers import Workers
from storebook import all_bytes, named, parquet, read_back, some_weeks

CODES = st.sampled_from([-1, 0, 111, 999])
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def registers(draw):
    """Weeks, and where persons and weeks are cut into files and row groups."""
    persons, weeks = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    row = st.lists(CODES, min_size=weeks, max_size=weeks) | st.just([-1] * weeks)
    matrix = np.array(draw(st.lists(row, min_size=persons, max_size=persons)), dtype=np.int16)
    by_person = draw(st.sets(st.integers(1, persons)))
    by_week = draw(st.sets(st.integers(1, weeks), max_size=2))
    cuts = sorted({0, persons, *by_person}), sorted({0, weeks, *by_week})
    return matrix, cuts, draw(st.integers(1, 4)), draw(st.integers(1, 5))


@FEW
@given(registers())
def test_wide_to_store_to_wide_is_the_identity(tmp_path_factory, register):
    weeks, (persons_at, weeks_at), rows, buckets = register
    folder = tmp_path_factory.mktemp("register")
    names = named(len(weeks))
    sources = [
        parquet(folder / f"{p}-{w}.parquet", names[p:q], weeks[p:q, w:x], first_week=430 + w, rows=rows)
        for p, q in pairwise(persons_at)
        for w, x in pairwise(weeks_at)
    ]
    store = build(sources, folder / "store", buckets=buckets)
    assert read_back(store) == dict(zip(names, weeks.tolist(), strict=True))
    assert (store.first_week, store.last_week) == (430, 430 + weeks.shape[1] - 1)
    assert (store.persons, store.person_weeks, store.buckets) == (len(weeks), weeks.size, buckets)
    # No two neighbouring spells have one code, not even across files.
    assert store.spells == len(weeks) + int((weeks[:, 1:] != weeks[:, :-1]).sum())


def test_the_tables_are_sorted_typed_and_hold_each_person_in_the_bucket_of_its_hash(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(50), some_weeks(50, 30), rows=20)
    store = build([source], tmp_path / "store", buckets=3)
    seen = 0
    for bucket in range(3):
        spells, people = (
            pl.read_parquet(store.spells_path(bucket)),
            pl.read_parquet(store.persons_path(bucket)),
        )
        assert spells.schema == {
            "person": pl.Int32,
            "first_week": pl.Int32,
            "last_week": pl.Int32,
            "code": pl.Int16,
        }
        assert people.schema == {
            "person": pl.Int32,
            "identity": pl.String,
            "first_week": pl.Int32,
            "last_week": pl.Int32,
        }
        assert spells.equals(spells.sort("person", "first_week"))
        assert people["person"].is_sorted()
        assert (fnv1a(people["identity"]) % 3 == bucket).all()
        # The number is given in reading order.
        assert people["identity"].to_list() == [f"p{number}" for number in people["person"]]
        seen += people.height
    assert seen == 50


def test_the_hash_is_the_published_one():
    # Test values of FNV-1a, 64 bit (draft-eastlake-fnv, appendix C).
    texts = pl.Series(["", "a", "foobar"])
    assert fnv1a(texts).tolist() == [0xCBF29CE484222325, 0xAF63DC4C8601EC8C, 0x85944171F73967E8]


def test_the_number_of_buckets_does_not_change_the_content(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(40), some_weeks(40, 20), rows=16)
    stores = [build([source], tmp_path / f"store{buckets}", buckets=buckets) for buckets in (1, 2, 7)]
    rows = []
    for store in stores:
        persons, spells = (
            pl.concat([pl.read_parquet(path(bucket)) for bucket in range(store.buckets)])
            for path in (store.persons_path, store.spells_path)
        )
        rows.append((persons.sort("person").rows(), spells.sort("person", "first_week").rows()))
        assert (store.persons, store.spells) == (len(rows[-1][0]), len(rows[-1][1]))
    assert rows[0] == rows[1] == rows[2]


def test_one_process_and_two_give_the_same_bytes(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(60), some_weeks(60, 20), rows=50_000)
    sources = [
        parquet(tmp_path / f"{part}.parquet", named(10, part * 10), some_weeks(10, 20, part))
        for part in range(6)
    ]
    assert len(source.parts()) == 1
    one = build(sources, tmp_path / "one", workers=1, buckets=3)
    two = build(sources, tmp_path / "two", workers=2, buckets=3)
    assert all_bytes(one.folder) == all_bytes(two.folder)


def test_weeks_that_no_file_tells_of_are_in_no_spell(tmp_path):
    early = parquet(tmp_path / "early.parquet", ["a", "b"], np.array([[1, 1], [2, 2]]), first_week=0)
    late = parquet(tmp_path / "late.parquet", ["b", "c"], np.array([[2, 2], [3, -1]]), first_week=4)
    store = build([early, late], tmp_path / "store")
    assert read_back(store) == {
        "a": [1, 1, -2, -2, -2, -2],
        "b": [2, 2, -2, -2, 2, 2],
        "c": [-2, -2, -2, -2, 3, -1],
    }
    people = pl.read_parquet(store.persons_path(0)).drop("person").rows()
    assert people == [("a", 0, 1), ("b", 0, 5), ("c", 4, 5)]
    assert store.person_weeks == 8


def test_files_given_in_another_order_hold_the_same_weeks(tmp_path):
    weeks = some_weeks(20, 12)
    early = parquet(tmp_path / "early.parquet", named(20), weeks[:, :5])
    late = parquet(tmp_path / "late.parquet", named(20), weeks[:, 5:], first_week=5)
    assert read_back(build([early, late], tmp_path / "one")) == read_back(
        build([late, early], tmp_path / "two")
    )


class Told:
    """A file that tells of some weeks only: ``parts`` holds rows (person, first, last, code) for each part."""

    whole = False
    left_out = ()
    repairs = ()

    def __init__(
        self, file: Path, first: int, last: int, parts: list[list[tuple[str, int, int, int]]]
    ) -> None:
        file.write_text("told")
        self.file, self.first_week, self.last_week, self._parts = file, first, last, parts

    def parts(self) -> list[Part]:
        return [Part(index, index, len(rows)) for index, rows in enumerate(self._parts)]

    def read(self, part: Part) -> Encoded:
        rows = sorted(self._parts[part.index])
        people = sorted({row[0] for row in rows})
        runs = [np.array(values, dtype=np.int32) for values in list(zip(*rows, strict=True))[1:]]
        person = np.array([people.index(row[0]) for row in rows], dtype=np.int32)
        return Encoded(
            pl.Series("person", people),
            np.arange(len(people), dtype=np.int64) + 2,
            Runs(person, runs[0], runs[1], runs[2].astype(np.int16)),
            [],
        )


def test_what_a_file_of_spells_leaves_out_is_without_a_code_between_its_ends(tmp_path):
    told = Told(tmp_path / "told", 2, 8, [[("a", 3, 4, 111), ("b", 2, 8, 0)], [("a", 6, 6, 730)]])
    store = build([told], tmp_path / "store")
    assert (store.first_week, store.last_week) == (2, 8)
    assert read_back(store) == {"a": [-1, 111, 111, -1, 730, -1, -1], "b": [0] * 7}


def test_rows_that_come_again_in_a_later_part_are_taken_once_and_counted(tmp_path):
    told = Told(tmp_path / "told", 0, 3, [[("a", 0, 2, 111)], [("a", 1, 3, 111), ("b", 1, 1, 5)]])
    store = build([told], tmp_path / "store")
    assert read_back(store) == {"a": [111] * 4, "b": [-1, 5, -1, -1]}
    assert [(repair.count, repair.file) for repair in store.repairs] == [(1, "told")]


def test_progress_tells_of_persons_and_buckets_and_ends_with_all(tmp_path):
    source = parquet(tmp_path / "dream.parquet", named(30), some_weeks(30, 10))
    told: list[tuple[int, int, str]] = []
    build([source], tmp_path / "store", buckets=2, progress=lambda *step: told.append(step))
    assert told[-1] == (2, 2, "buckets written")
    read = [step for step in told if step[2] == "persons read"]
    assert all(done <= total for done, total, _ in told)
    assert read[-1] == (30, 30, "persons read")


def test_a_key_makes_pseudonyms_and_neither_it_nor_a_person_stands_anywhere_in_the_store(tmp_path):
    key = b"k" * 32
    source = parquet(tmp_path / "dream.parquet", ["person-one", "person-two"], some_weeks(2, 10))
    kept: list[bytes] = []

    def look(_done: int, _total: int, what: str) -> None:
        building = tmp_path / ".store.building"
        kept.extend(path.read_bytes() for path in building.rglob("*") if path.is_file())

    store = build([source], tmp_path / "store", key=key, progress=look)
    assert store.pseudonymous
    people = pl.read_parquet(store.persons_path(0))
    assert people["identity"].str.len_chars().to_list() == [32, 32]
    everything = b"".join([*kept, *all_bytes(store.folder).values()])
    assert kept
    assert b"person-one" not in everything
    assert key not in everything


def test_a_script_without_a_main_guard_can_build_with_two_processes(tmp_path):
    for part in range(4):
        parquet(tmp_path / f"{part}.parquet", named(3, part * 3), some_weeks(3, 8, part))
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from indsats.register.sources.parquet import ParquetSource\n"
        "from indsats.register.store.build import build\n"
        f"files = sorted(Path({str(tmp_path)!r}).glob('*.parquet'))\n"
        f"store = build([ParquetSource(path) for path in files], Path({str(tmp_path / 'store')!r}), workers=2)\n"
        "print('built', store.persons)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stdout == "built 12\n", done.stderr


class Failing(Told):
    """A reader with a mistake in it."""

    def read(self, part: Part) -> Encoded:
        raise ZeroDivisionError(f"part {part.index}")


def test_a_mistake_in_a_reader_is_shown_as_it_is(tmp_path):
    failing = Failing(tmp_path / "told", 0, 1, [[("a", 0, 1, 1)], [("b", 0, 1, 1)]])
    with pytest.raises(ZeroDivisionError):
        build([failing], tmp_path / "store", buckets=1, workers=1)


def only_in(process: int) -> None:
    """A task that succeeds in one process, which takes its time with it."""
    if os.getpid() != process:
        raise ZeroDivisionError
    time.sleep(0.2)


@pytest.mark.parametrize("task", [only_in, lambda process: only_in(process)])
def test_what_fails_in_another_process_is_raised_here_instead_of_waited_for(task):
    # The second task cannot even be sent.
    with Workers(2) as team, pytest.raises(RuntimeError, match="Error"):
        list(team.results([(task, (os.getpid(),))] * 4))


@pytest.mark.parametrize("buckets", [0, 1001])
def test_a_number_of_buckets_out_of_range_is_refused(tmp_path, buckets):
    source = parquet(tmp_path / "dream.parquet", ["a"], some_weeks(1, 2))
    with pytest.raises(InputRefused, match="1 to 1000 buckets"):
        build([source], tmp_path / "store", buckets=buckets)
    assert not (tmp_path / ".store.building").exists()


def test_what_is_put_right_in_the_parts_of_a_long_file_is_counted_in_the_store(tmp_path: Path) -> None:
    long = tmp_path / "dream.csv"
    rows = ["a,y_1401,730", "a,y_1401,730", "a,y_1402,651", "b,y_1402,730", "b,y_1410,730"]
    long.write_text("\n".join(["person,week,code", *rows]) + "\n", encoding="utf-8")
    store = build([open_source(long, last_week="y_1402")], tmp_path / "store")
    told = {repair.what: (repair.count, repair.file) for repair in store.repairs}
    assert told == {
        "rows that repeat another one left out": (1, "dream.csv"),
        "rows outside the weeks asked for left out, or cut": (1, "dream.csv"),
    }
    assert (store.persons, store.person_weeks) == (2, 4)
