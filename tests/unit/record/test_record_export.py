"""What is written imports again unchanged, and a write that is killed leaves the old folder whole."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.record import Record, exporting, import_files, read_record, write_record
from logbook import LATER, everything, meeting, programme, small_record, write


def rich_record() -> Record:
    """Old versions, a withdrawal, awkward texts, long fractions, early dates and late microseconds."""
    by = {"recorded_by": "bo", "source": 'phone, "home"'}
    exact = LATER.replace(microsecond=123_457)
    record = small_record().correct("m1", {"place": "Nørrebro; 2. sal\nth."}, recorded_at=exact, **by)
    record = record.withdraw("m2", recorded_at=exact, **by)
    rows = [
        {
            "person": "0101801234",
            "type": "ordinary",
            "hours_per_week": value,
            "occurred_from": date(1967, 2, day),
            "evidence": "payslip",
        }
        for day, value in enumerate((37 / 3, 0.1 + 0.2, 1e-7, 12.5), 1)
    ]
    record = record.add("hours", rows, recorded_at=exact, **by)
    return record.add("meeting", [meeting(day="2016-02-09", place="=1+1")], recorded_at=exact, **by)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_record_written_read_and_written_again_gives_the_same_bytes(format_: str, tmp_path: Path) -> None:
    write_record(rich_record(), tmp_path / "a", format_)  # type: ignore[arg-type]
    write_record(read_record(tmp_path / "a", programme()), tmp_path / "b", format_)  # type: ignore[arg-type]
    first, second = everything(tmp_path / "a"), everything(tmp_path / "b")
    assert list(first) == list(second)
    assert first == second


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_every_format_gives_back_the_same_record(format_: str, tmp_path: Path) -> None:
    record = rich_record()
    write_record(record, tmp_path / "a", format_)  # type: ignore[arg-type]
    back = read_record(tmp_path / "a", programme())
    assert back.facts.keys() == record.facts.keys()
    for kind, table in record.facts.items():
        assert back.table(kind).equals(table.sort("id", "version")), kind
    assert back.sites.sort("site").equals(record.sites.sort("site"))


def test_exported_files_import_into_an_empty_record_unchanged(tmp_path: Path) -> None:
    write_record(rich_record(), tmp_path / "a")
    paths = sorted((tmp_path / "a/facts").iterdir())
    record = import_files(paths, programme(), recorded_at=LATER, recorded_by="someone else")
    for kind, table in rich_record().facts.items():
        assert record.table(kind).equals(table.sort("id", "version")), kind


def test_the_order_in_which_facts_came_does_not_show_in_the_files(tmp_path: Path) -> None:
    record = rich_record()
    turned = record.with_facts({kind: table.reverse() for kind, table in record.facts.items()})
    write_record(record, tmp_path / "a")
    write_record(turned, tmp_path / "b")
    assert everything(tmp_path / "a") == everything(tmp_path / "b")


def test_an_excel_cell_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    write_record(rich_record(), tmp_path / "a", "xlsx")
    assert "=1+1" in pl.read_excel(tmp_path / "a/facts/meeting.xlsx")["place"].to_list()


def test_synthetic_data_stay_marked(tmp_path: Path) -> None:
    record = small_record()
    marked = Record(record.programme, record.facts, record.persons, record.sites, synthetic=True)
    write_record(marked, tmp_path / "a")
    assert read_record(tmp_path / "a", programme()).synthetic is True


def test_what_else_lies_in_the_folder_stays_and_old_tables_go(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write(folder, "register/dream.csv", "person\n")
    write(folder, "notes.txt", "keep me")
    write(folder, "facts/walk_in.parquet", "old")
    write(folder, "sites.xlsx", "old")
    write_record(small_record(), folder)
    kept = everything(folder)
    assert kept["register/dream.csv"] == b"person\n"
    assert kept["notes.txt"] == b"keep me"
    assert not {"facts/walk_in.parquet", "sites.xlsx"} & set(kept)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("where", ["in the middle of the files", "between the renames"])
def test_a_write_that_is_killed_leaves_the_old_folder_whole(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_record(small_record(), folder)
    write(folder, "notes.txt", "keep me")
    before = everything(folder)
    write_record(rich_record(), tmp_path / "new")
    steps = {
        "in the middle of the files": "calls = []\n"
        "original = pl.DataFrame.write_csv\n"
        "def dies(self, *a, **k):\n"
        "    calls.append(1)\n"
        "    return os._exit(9) if len(calls) == 2 else original(self, *a, **k)\n"
        "pl.DataFrame.write_csv = dies\n",
        "between the renames": "original = Path.rename\n"
        "Path.rename = lambda self, to: os._exit(9) if 'writing' in self.name else original(self, to)\n",
    }
    program = (
        "import os, sys\nfrom pathlib import Path\nimport polars as pl\n"
        "from logbook import programme\nfrom indsats.record import read_record, write_record\n"
        "record = read_record(Path(sys.argv[1]), programme())\n"
        + steps[where]
        + "write_record(record, Path(sys.argv[2]))\n"
    )
    search = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, tmp_path / "new", folder],
        env={**os.environ, "PYTHONPATH": search},
        check=False,
    )
    assert ended.returncode == 9
    if where == "between the renames":
        # who did not see the old content must not replace it unseen
        with pytest.raises(InputRefused, match="interrupted"):
            write_record(rich_record(), folder)
    assert everything(folder) == before
    write_record(rich_record(), folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "new"]
    assert everything(folder)["notes.txt"] == b"keep me"


def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EXCEL_ROWS", 1)
    with pytest.raises(ValueError, match="write parquet"):
        write_record(small_record(), tmp_path / "a", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_reading_puts_an_interrupted_folder_back(tmp_path: Path) -> None:
    write_record(small_record(), tmp_path / ".data.old")
    assert read_record(tmp_path / "data", programme()).table("meeting").height == 2
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_table_is_written_into_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    exporting.write_table(pl.DataFrame({"a": [1]}), tmp_path / "new" / "rows.csv")
    assert (tmp_path / "new" / "rows.csv").read_text("utf-8") == "a\n1\n"


def test_a_table_that_has_no_place_to_stand_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, "file", "x")
    with pytest.raises(InputRefused, match="cannot be made"):
        exporting.write_table(pl.DataFrame({"a": [1]}), tmp_path / "file" / "rows.csv")
