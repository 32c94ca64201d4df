"""What a report leaves in a folder: the page, the figures and the tables, the same bytes every time."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Column, Section, Table, protect, results_json, table_csv, write
from sample_report import sample


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    write(sample(), out, "da")
    return out


def test_the_files_are_there_and_no_half_ones(folder: Path) -> None:
    tables = {f"tables/{name}.csv" for name in ("maal-ub", "klasser", "effekt", "kurve", "balance")}
    assert set(contents(folder)) == {"report.html", "results.json", "text.da.md", "text.en.md"} | tables


def test_the_same_document_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write(sample(), tmp_path, "da")
    assert contents(tmp_path) == contents(folder)


def test_results_hold_every_figure_once_with_its_parts(folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert list(results)[:5] == ["programme", "version", "report", "about", "title"]
    assert (results["period"], results["known"]) == ("2016-07-01/2016-12-31", "2017-01-15T07:10:00+00:00")
    ids = [figure["id"] for figure in results["figures"]]
    assert len(ids) == len(set(ids))
    by_id = {figure["id"]: figure for figure in results["figures"]}
    timely = by_id["indicator/rettidighed/ub"]
    assert timely["value"] == 841 / 978
    assert (timely["numerator"], timely["denominator"]) == (841, 978)
    assert timely["excluded"] == {"not_yet_due": 31, "exited_before_due": 12}
    assert {table["file"] for table in results["tables"]} == {
        name for name in contents(folder) if "/" in name
    }


def test_hidden_numbers_are_in_no_file(folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    small = next(figure for figure in results["figures"] if figure["id"] == "indicator/timer/ub")
    assert small["hidden"] is True
    assert [small[part] for part in ("value", "numerator", "denominator", "low", "high", "p")] == [None] * 6
    noshow = next(figure for figure in results["figures"] if figure["id"] == "indicator/udeblivelser/ub")
    assert (noshow["excluded"], noshow["few"]) == ({}, ["unknown_outcome"])
    with (folder / "tables/maal-ub.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hours = next(row for row in rows if row["indicator"].startswith("Ordinære"))
    assert (hours["realised"], hours["realised.numerator"], hours["realised.denominator"]) == ("•", "•", "•")
    assert hours["status"] == "too_few"


def test_other_files_stay_and_tables_no_longer_reported_go(tmp_path: Path) -> None:
    write(sample(), tmp_path, "da")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "tables" / "mine.csv").write_text("a\n1\n")
    shorter = replace(sample(), sections=sample().sections[:1])
    write(shorter, tmp_path, "en")
    assert set(contents(tmp_path)) == {
        "report.html", "results.json", "text.da.md", "text.en.md", "notes.txt", "tables/mine.csv",
        "tables/maal-ub.csv",
    }  # fmt: skip


def test_an_index_that_points_outside_deletes_nothing(tmp_path: Path) -> None:
    victim = tmp_path / "victim.csv"
    victim.write_text("kept")
    out = tmp_path / "out"
    out.mkdir()
    (out / "results.json").write_text(
        json.dumps({"tables": [{"file": "../victim.csv"}, {"file": "tables/../../victim.csv"}]})
    )
    write(replace(sample(), sections=()), out, "da")
    assert victim.read_text() == "kept"


def test_a_failed_write_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(replace(sample(), sections=()), tmp_path, "da")
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write(sample(), tmp_path, "da")
    monkeypatch.undo()
    assert contents(tmp_path) == before


def test_both_languages_side_by_side(tmp_path: Path) -> None:
    paths = write(replace(sample(), sections=()), tmp_path, "en", both=True)
    assert [path.name for path in paths[:2]] == ["report.html", "report.da.html"]
    assert '<html lang="en">' in paths[0].read_text(encoding="utf-8")
    assert '<html lang="da">' in paths[1].read_text(encoding="utf-8")


def test_a_text_that_looks_like_a_formula_is_text_in_a_spreadsheet() -> None:
    title = Text(da="x", en="x")
    columns = (Column("name", title), Column("n", title))
    table = Table("t", title, columns, (("=1+1", Figure.count("a", 9)), ("-", Figure("b", -0.5, "number"))))
    document = protect(replace(sample(), sections=(Section(title, (table,)),)))
    assert table_csv(document.tables()[0]).splitlines() == ["name,n", "'=1+1,9", "-,-0.5"]


def test_unprotected_figures_are_not_written() -> None:
    with pytest.raises(ValueError, match="protect"):
        results_json(sample())
