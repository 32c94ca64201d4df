"""A build that was killed, stopped or left broken files goes on and ends with the same bytes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.register.sources import open_source
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store import workers as workers_module
from indsats.register.store.build import build
from indsats.register.store.building import Site
from indsats.register.store.store import Store, open_store
from storebook import all_bytes, named, parquet, read_back, some_weeks

PERSONS, WEEKS = 24, 15

KILLED_AT_A_RENAME = """
import os, pathlib, signal, sys
from pathlib import Path
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.build import build

folder, when, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0
real = {"replace": Path.replace, "rename": Path.rename}

def counted(name):
    def move(path, goal):
        global seen
        seen += 1
        if seen == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        moved = real[name](path, goal)
        if seen == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return moved
    return move

Path.replace, Path.rename = counted("replace"), counted("rename")
build([ParquetSource(path) for path in sorted(folder.glob("*.parquet"))], folder / "store", buckets=2, workers=1)
"""

KILLED_IN_PROGRESS = """
import os, signal, sys
from pathlib import Path
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.build import build

folder, count = Path(sys.argv[1]), int(sys.argv[2])
seen = 0

def kill(*_):
    global seen
    seen += 1
    if seen == count:
        os.kill(os.getpid(), signal.SIGKILL)

files = [ParquetSource(path) for path in sorted(folder.glob("*.parquet"))]
build(files, folder / "store", buckets=2, workers=2, progress=kill)
"""


@pytest.fixture
def sources(tmp_path: Path) -> list[ParquetSource]:
    """Four files of six persons."""
    weeks = some_weeks(PERSONS, WEEKS)
    return [
        parquet(tmp_path / f"{part}.parquet", named(6, part * 6), weeks[part * 6 : part * 6 + 6])
        for part in range(4)
    ]


@pytest.fixture
def undisturbed(tmp_path: Path, sources: list[ParquetSource]) -> dict[str, bytes]:
    """What a build that nothing disturbed writes."""
    return all_bytes(build(sources, tmp_path / "undisturbed", buckets=2, workers=1).folder)


def killed(script: str, *words: object) -> None:
    command = [sys.executable, "-c", script, *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def built_again(folder: Path, sources: list[ParquetSource]) -> Store:
    assert not (folder / "store").exists()
    with pytest.raises(InputRefused, match="not finished"):
        open_store(folder / "store")
    store = build(sources, folder / "store", buckets=2, workers=1)
    assert not (folder / ".store.building").exists()
    return store


# The renames of this build: the plan, four parts, three for each bucket, the manifest, the store.
@pytest.mark.parametrize(
    ("when", "count"),
    [("before", 1), ("before", 2), ("after", 3), ("before", 7), ("after", 8), ("after", 11), ("before", 13)],
)
def test_a_build_killed_at_a_rename_resumes_and_ends_with_the_same_bytes(
    tmp_path, sources, undisturbed, when, count
):
    killed(KILLED_AT_A_RENAME, tmp_path, when, count)
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


def test_a_build_killed_when_its_store_is_there_leaves_a_whole_store_and_is_tidied_up_after(
    tmp_path, sources, undisturbed
):
    killed(KILLED_AT_A_RENAME, tmp_path, "after", 13)
    assert all_bytes(open_store(tmp_path / "store").folder) == undisturbed
    with pytest.raises(InputRefused, match="holds a store already"):
        build(sources, tmp_path / "store")
    assert not (tmp_path / ".store.building").exists()
    assert all_bytes(tmp_path / "store") == undisturbed


@pytest.mark.parametrize("count", [2, 5, 6])
def test_a_build_killed_with_two_processes_at_work_resumes_and_ends_with_the_same_bytes(
    tmp_path, sources, undisturbed, count
):
    killed(KILLED_IN_PROGRESS, tmp_path, count)
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


class Stopped(Exception):
    """What a progress bar raises."""


def stopped_after(tmp_path: Path, sources: list[ParquetSource], what: str) -> Path:
    def stop(done: int, total: int, step: str) -> None:
        if step == what and done == total:
            raise Stopped

    with pytest.raises(Stopped):
        build(sources, tmp_path / "store", buckets=2, workers=1, progress=stop)
    return tmp_path / ".store.building"


def test_what_was_read_is_not_read_again(tmp_path, sources, undisturbed, monkeypatch):
    stopped_after(tmp_path, sources, "persons read")

    def read(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(ParquetSource, "read", read)
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


@pytest.mark.parametrize("broken", ["cut", "changed", "emptied", "removed"])
@pytest.mark.parametrize(
    "which", ["parts/002-00000", "store/spells/bucket=001.parquet", "merged/000.json", "plan.json"]
)
def test_a_broken_leftover_is_noticed_and_made_again(tmp_path, sources, undisturbed, broken, which):
    leftover = stopped_after(tmp_path, sources, "buckets written") / which
    data = leftover.read_bytes()
    middle = len(data) // 2
    if broken == "cut":
        leftover.write_bytes(data[:middle])
    elif broken == "changed":
        leftover.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    elif broken == "emptied":
        leftover.write_bytes(b"")
    else:
        leftover.unlink()
    if which.startswith("parts"):
        (tmp_path / ".store.building/merged/001.json").unlink()  # else parts are not needed any more
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


def test_leftovers_of_other_files_are_not_used(tmp_path, sources):
    stopped_after(tmp_path, sources, "buckets written")
    other = some_weeks(6, WEEKS, seed=9)
    changed = parquet(sources[1].file, named(6, 6), other)
    store = built_again(tmp_path, [sources[0], changed, *sources[2:]])
    assert [read_back(store)[name] for name in named(6, 6)] == other.tolist()


def test_leftovers_made_with_another_key_or_other_buckets_are_not_used(tmp_path, sources, undisturbed):
    stopped_after(tmp_path, sources, "buckets written")
    other = build(sources, tmp_path / "store", buckets=2, workers=1, key=b"k" * 32)
    assert "p1" not in read_back(other)


def test_two_builds_of_one_store_at_a_time_are_refused(tmp_path, sources):
    def build_also(*_: object) -> None:
        build(sources, tmp_path / "store", buckets=2, workers=1)

    with pytest.raises(InputRefused, match="being built by another process"):
        build(sources, tmp_path / "store", buckets=2, workers=1, progress=build_also)


def test_a_process_that_is_killed_is_told_with_what_to_do_and_the_build_can_go_on(
    tmp_path, sources, undisturbed, monkeypatch
):
    real = workers_module._start

    def start_and_kill() -> subprocess.Popen[bytes]:
        process = real()
        os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(workers_module, "_start", start_and_kill)
    with pytest.raises(InputRefused, match=r"ended from outside \(signal 9\).*memory"):
        build(sources, tmp_path / "store", buckets=2, workers=2)
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.build import build
from indsats.problem import InputRefused

folder = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # writing fails from here on, as on a full disk
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    build([ParquetSource(folder / "wide.parquet")], folder / "store", workers=1)
except InputRefused as refused:
    print(refused)
"""


def test_a_full_disk_is_told_with_what_to_do_and_nothing_half_written_stays(tmp_path):
    source = parquet(tmp_path / "wide.parquet", named(100), some_weeks(100, 60))
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "there is no room left" in done.stdout, done.stderr
    assert "what is done is kept" in done.stdout
    assert not (tmp_path / "store").exists()
    assert build([source], tmp_path / "store").persons == 100


FULL_AT = """
import errno, os, sys
from pathlib import Path
from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.build import build
from indsats.problem import InputRefused

folder, where = Path(sys.argv[1]), sys.argv[2]
real = os.open

def opened(path, *arguments, **options):
    if where in str(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return real(path, *arguments, **options)

os.open = opened
try:
    build([ParquetSource(path) for path in sorted(folder.glob("*.parquet"))], folder / "store", buckets=2, workers=1)
except InputRefused as refused:
    print(refused)
"""


@pytest.mark.parametrize("where", ["plan.json", "000-00000", "bucket=001", "001.json", "manifest.json"])
def test_a_disk_that_is_full_at_any_step_is_told_and_the_build_goes_on_from_there(
    tmp_path, sources, undisturbed, where
):
    command = [sys.executable, "-c", FULL_AT, str(tmp_path), where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "there is no room left" in done.stdout, done.stderr
    assert all_bytes(built_again(tmp_path, sources).folder) == undisturbed


@pytest.mark.parametrize("broken", [b"", None])
def test_parts_are_not_needed_once_every_bucket_is_merged(tmp_path, broken):
    long = tmp_path / "dream.csv"
    long.write_text("person,week,code\na,y_1401,730\na,y_1401,730\nb,y_1402,730\n", encoding="utf-8")

    def stop(done: int, total: int, step: str) -> None:
        if step == "buckets written" and done == total:
            raise Stopped

    with pytest.raises(Stopped):
        build([open_source(long)], tmp_path / "store", progress=stop)
    for part in (tmp_path / ".store.building/parts").iterdir():
        part.unlink() if broken is None else part.write_bytes(broken)
    store = build([open_source(long)], tmp_path / "store")
    assert [repair.count for repair in store.repairs] == [1]
    assert store.manifest() == build([open_source(long)], tmp_path / "at once").manifest()


def test_a_store_that_was_finished_by_another_build_meanwhile_is_not_built_again(
    tmp_path, sources, monkeypatch
):
    real = Site.__enter__

    def enter_late(site: Site) -> Site:
        monkeypatch.setattr(Site, "__enter__", real)
        build(sources, tmp_path / "store", buckets=2, workers=1)
        monkeypatch.setattr(ParquetSource, "read", lambda *_: pytest.fail("read again"))
        return real(site)

    monkeypatch.setattr(Site, "__enter__", enter_late)
    with pytest.raises(InputRefused, match="holds a store already"):
        build(sources, tmp_path / "store", buckets=2, workers=1)
    assert not (tmp_path / ".store.building").exists()
    assert open_store(tmp_path / "store").persons == PERSONS


def test_a_lock_whose_folder_was_removed_in_between_locks_nothing(tmp_path, monkeypatch):
    real, late = os.open, []

    def open_late(path: Path, *arguments: int, **options: int) -> int:
        opened = real(path, *arguments, **options)
        if Path(path).name == "lock" and "dir_fd" not in options and not late:
            late.append(path)
            shutil.rmtree(tmp_path / ".store.building")  # as the build that had it does when it ends
        return opened

    monkeypatch.setattr(os, "open", open_late)
    with Site(tmp_path / "store", "inputs"), pytest.raises(InputRefused, match="by another process"):
        Site(tmp_path / "store", "inputs").__enter__()


@pytest.mark.skipif(os.name != "posix", reason="who may read is told by modes")
def test_what_a_build_writes_is_its_owners_alone(tmp_path, sources):
    def open_to_others(folder: Path) -> list[Path]:
        return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]

    assert open_to_others(stopped_after(tmp_path, sources, "buckets written")) == []
    assert open_to_others(built_again(tmp_path, sources).folder) == []
