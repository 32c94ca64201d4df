"""A whole register is answered bucket by bucket, can be stopped, and is taken up where it was."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.programme import HoursOutcome, IndexEvent, RegisterState, StateOutcome
from indsats.register import Register
from indsats.register.follow import Question, outcomes
from indsats.register.store import build, open_store
from storebook import parquet
from weekbook import START, item, register_of

COURSES = {"c": "2x730 6x-", "a": "1x- 3x730 4x113", "d": "8x-", "b": "2x730 2x- 2x730 2x-"}
BUCKET = {"a": 0, "b": 1, "c": 0, "d": 1}


@dataclass(frozen=True)
class Folder:
    """Buckets of files as a store has them."""

    folder: Path
    buckets: int = 2

    def spells_path(self, bucket: int) -> Path:
        return self.folder / f"spells{bucket}.parquet"

    def persons_path(self, bucket: int) -> Path:
        return self.folder / f"persons{bucket}.parquet"

    def read_persons(self, bucket: int) -> pl.DataFrame:
        return pl.read_parquet(self.persons_path(bucket))

    def identities(self) -> pl.Series:
        return pl.concat(self.read_persons(bucket)["identity"] for bucket in range(self.buckets))

    def manifest(self) -> bytes:
        return (self.folder / "manifest.json").read_bytes()

    def verify(self, bucket: int) -> None:
        assert bucket in range(self.buckets)


def stored(folder: Path, register: Register) -> Folder:
    """The register in two buckets, persons as numbers."""
    folder.mkdir()
    store = Folder(folder)
    numbers = register.persons.with_row_index("number").with_columns(pl.col("number").cast(pl.Int32))
    for bucket in range(store.buckets):
        own = numbers.filter(pl.col("person").replace_strict(BUCKET) == bucket)
        spells = register.spells.join(own.select("person", "number"), on="person")
        spells.select("first_week", "last_week", "code", person="number").write_parquet(
            store.spells_path(bucket)
        )
        people = own.select("first_week", "last_week", person="number", identity="person")
        people.write_parquet(store.persons_path(bucket))
    (folder / "manifest.json").write_text("{}")
    return store


def question(within: int = 4, **state: Any) -> Question:
    states = {
        "benefit": RegisterState(**item(codes=["730-739"])),
        "off": RegisterState(**item(codes=["blank"], **state)),
    }
    outcome = StateOutcome(**item(id="off-soon", kind="state", state="off", within_weeks=within))
    return Question(states, IndexEvent(state="benefit"), (), (outcome,))


@pytest.fixture
def register() -> Register:
    return register_of(COURSES)


@pytest.fixture
def store(tmp_path: Path, register: Register) -> Folder:
    return stored(tmp_path / "store", register)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_store_and_a_register_in_memory_give_the_same(
    store: Folder, register: Register, engine: str
) -> None:
    whole = outcomes(register, question(), engine=engine, every=True)
    assert whole.select("person", "index_week", "off-soon", "weeks:off-soon").rows() == [
        ("a", START + 1, False, 4),
        ("b", START, True, 2),
        ("b", START + 4, None, 2),
        ("c", START, True, 2),
    ]
    assert outcomes(store, question(), engine=engine, every=True).sort("person", "index_week").equals(whole)


def test_each_bucket_is_written_once_and_its_cases_are_told(store: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps: list[tuple[int, int, str]] = []
    told = outcomes(store, question(), out=out, progress=lambda *step: steps.append(step))
    assert told.rows() == [(0, 2), (1, 1)]
    assert steps == [(1, 2, "buckets followed"), (2, 2, "buckets followed")]
    assert sorted(path.name for path in out.iterdir()) == [
        "bucket=000.parquet",
        "bucket=001.parquet",
        "outcomes.json",
    ]
    written = pl.read_parquet(out / "bucket=*.parquet", hive_partitioning=False).sort("person")
    assert written.equals(outcomes(store, question()).sort("person"))


def test_what_was_stopped_goes_on_with_the_buckets_that_lack(store: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcomes(store, question(), out=out, progress=stop)
    assert [path.name for path in out.glob("bucket=*")] == ["bucket=000.parquet"]
    (out / ".bucket=001.parquet.99.unfinished").write_bytes(b"half")
    first = out / "bucket=000.parquet"
    before = first.stat().st_mtime_ns
    assert outcomes(store, question(), out=out).rows() == [(0, 2), (1, 1)]
    assert first.stat().st_mtime_ns == before
    assert pl.read_parquet(out / "bucket=001.parquet").height == 1
    assert not list(out.glob(".*"))


def test_answers_to_another_question_or_from_other_data_are_not_mixed(store: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcomes(store, question(), out=out)
    for change in ({"question": question(within=5)}, {"every": True}):
        with pytest.raises(InputRefused, match="another question, register or tables"):
            outcomes(store, **{"question": question(), **change}, out=out)  # type: ignore[arg-type]
    births = pl.DataFrame({"person": ["a"], "birth_date": [date(1980, 1, 1)]})
    with pytest.raises(InputRefused, match="another question, register or tables"):
        outcomes(store, question(), persons=births, out=out)
    (store.folder / "manifest.json").write_text('{"persons": 5}')
    with pytest.raises(InputRefused, match="another question, register or tables"):
        outcomes(store, question(), out=out)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_corrected_register_is_not_answered_with_what_the_old_one_said(tmp_path: Path, engine: str) -> None:
    stores = []
    for name, code in (("old", 730), ("corrected", 651)):
        (tmp_path / name).mkdir()
        # As many persons and spells, from a file of the same name.
        weeks = np.array([[111, 111, 730, 730, -1, -1, -1, -1], [111, 111, code, code, -1, -1, -1, -1]])
        source = parquet(tmp_path / name / "dream.parquet", ["a", "b"], weeks, first_week=START)
        stores.append(build([source], tmp_path / name / "store"))
    old, corrected = stores
    assert outcomes(old, question(), out=tmp_path / "out", engine=engine)["cases"].to_list() == [2]
    with pytest.raises(InputRefused, match="another question, register or tables"):
        outcomes(corrected, question(), out=tmp_path / "out", engine=engine)
    assert outcomes(corrected, question(), out=tmp_path / "new", engine=engine)["cases"].to_list() == [1]
    # Nor is a bucket of the one taken for one of the other.
    corrected.spells_path(0).write_bytes(old.spells_path(0).read_bytes())
    with pytest.raises(InputRefused, match=r"spells/bucket=000.parquet is not the one that was built"):
        outcomes(corrected, question(), engine=engine)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_store_in_a_folder_that_looks_like_a_pattern_is_answered_itself(
    tmp_path: Path, engine: str
) -> None:
    for name, code in (("s1", 651), ("s[1]", 730)):
        weeks = np.array([[111, 111, code, code, -1, -1, -1, -1]])
        source = parquet(tmp_path / f"{name}.parquet", ["a"], weeks, first_week=START)
        build([source], tmp_path / name)
    for out in (None, tmp_path / "o[1]", tmp_path / "o[1]"):
        found = outcomes(open_store(tmp_path / "s[1]"), question(), out=out, engine=engine)
        assert (found.height if out is None else found["cases"].sum()) == 1


def test_outcomes_do_not_go_into_the_store(store: Folder) -> None:
    before = sorted(store.folder.rglob("*"))
    for out in (store.folder, store.folder / "spells" / "out", store.folder / ".." / "store"):
        with pytest.raises(InputRefused, match="would lie in the folder of the store"):
            outcomes(store, question(), out=out)
    assert sorted(store.folder.rglob("*")) == before


@pytest.mark.parametrize("left", [b"", b"PAR1", None])
def test_a_bucket_that_is_not_whole_is_answered_again(
    store: Folder, tmp_path: Path, left: bytes | None
) -> None:
    out = tmp_path / "out"
    outcomes(store, question(), out=out)
    bucket = out / "bucket=000.parquet"
    whole = bucket.read_bytes()
    bucket.write_bytes(whole[: len(whole) // 2] if left is None else left)
    assert outcomes(store, question(), out=out).rows() == [(0, 2), (1, 1)]
    assert pl.read_parquet(bucket).height == 2


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"\xff"])
def test_a_folder_that_no_longer_tells_what_it_holds_is_not_gone_on_with(
    store: Folder, tmp_path: Path, broken: bytes
) -> None:
    out = tmp_path / "out"
    outcomes(store, question(), out=out)
    (out / "outcomes.json").write_bytes(broken)
    with pytest.raises(InputRefused, match="nothing tells what they are of"):
        outcomes(store, question(), out=out)
    for bucket in out.glob("bucket=*"):
        bucket.unlink()
    assert outcomes(store, question(), out=out).rows() == [(0, 2), (1, 1)]


@pytest.mark.parametrize("where", ["outcomes.json", "bucket=001"])
def test_a_full_disk_is_told_and_what_is_done_is_kept(
    store: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    out, real = tmp_path / "out", os.open

    def full(path: Any, *arguments: Any, **options: Any) -> int:
        if where in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(InputRefused, match=r"out: error: there is no room left for the outcomes. Make room"):
        outcomes(store, question(), out=out)
    assert not list(out.glob(".*"))
    monkeypatch.undo()
    assert outcomes(store, question(), out=out).rows() == [(0, 2), (1, 1)]


@pytest.mark.skipif(os.name != "posix", reason="who may read is told by modes")
def test_outcomes_are_their_owners_alone(store: Folder, tmp_path: Path) -> None:
    outcomes(store, question(), out=tmp_path / "out")
    paths = [tmp_path / "out", *(tmp_path / "out").iterdir()]
    assert [path for path in paths if path.stat().st_mode & 0o077] == []


def test_persons_that_are_numbers_are_a_mistake_of_the_caller(store: Folder) -> None:
    tables = {
        "persons": pl.DataFrame({"person": [1]}),
        "hours": pl.DataFrame({"person": [1], "month": [24_000], "hours": [1.0]}),
        "events": pl.DataFrame({"person": [1], "week": [5]}),
    }
    for name, table in tables.items():
        with pytest.raises(ValueError, match=f"'person' of the {name} must be text, found Int64"):
            outcomes(store, question(), **{name: table})  # type: ignore[arg-type]


def test_buckets_of_unknown_origin_are_not_taken_for_answers(store: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "bucket=000.parquet").write_bytes(b"")
    with pytest.raises(InputRefused, match="nothing tells what they are of"):
        outcomes(store, question(), out=out)


def test_births_and_hours_find_their_person_by_identity_in_every_bucket(tmp_path: Path) -> None:
    # February ends with the ninth week of the register.
    store = stored(tmp_path / "longer", register_of(COURSES, weeks=9))
    born = [None, None, date(1948, 1, 1), date(1948, 1, 1)]
    births = pl.DataFrame({"person": ["a", "b", "c", "zz"], "birth_date": born})
    found = outcomes(store, question(before_pension=True), persons=births)
    assert dict(found.select("person", "off-soon").rows()) == {"a": False, "b": True, "c": False}
    asked = question()
    hours = HoursOutcome(**item(id="hours", kind="hours", to_month=1))
    asked = Question(asked.states, asked.index, (), (hours,))
    # The hours reach to February because of somebody in another bucket: nobody in the first has any.
    worked = pl.DataFrame({"person": ["b", "b"], "month": [2013 * 12 + 1] * 2, "hours": [20.0, 8.0]})
    told = outcomes(store, asked, hours=worked)
    assert dict(told.select("person", "hours").rows()) == {"a": 0.0, "b": 7.0, "c": 0.0}


def test_a_person_given_twice_is_refused(store: Folder) -> None:
    births = pl.DataFrame({"person": ["a", "a"], "birth_date": [date(1980, 1, 1)] * 2})
    with pytest.raises(InputRefused, match="1 rows repeat a person"):
        outcomes(store, question(), persons=births)
