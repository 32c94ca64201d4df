"""The main job: what a report holds, what decides it, and what it refuses."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

import simulated
from indsats import library, programme, record, run
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.report import Light, Order, Paragraph, protect


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def _figures(folder: Path) -> dict[str, dict]:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {figure["id"]: figure for figure in results["figures"]}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The main job's output on the simulated municipality."""
    out = tmp_path_factory.mktemp("out")
    run.run_programme(simulated.definition(), data=simulated.folder(), out=out)
    return out


def test_it_writes_the_report_the_figures_and_the_tables(written: Path) -> None:
    names = _hashes(written).keys()
    assert {"report.html", "report.en.html", "results.json", "tables/virkning-effects.csv"} <= names
    assert all(path.stat().st_size > 0 for path in written.rglob("*"))


def test_every_figure_names_what_it_is_made_of(written: Path) -> None:
    figures = _figures(written)
    assert len(figures) > 200
    for figure in figures.values():
        assert {"value", "numerator", "denominator", "excluded", "unit", "hidden"} <= figure.keys()
        if figure["unit"] == "share" and figure["numerator"] is not None and figure["denominator"]:
            assert figure["value"] == pytest.approx(figure["numerator"] / figure["denominator"])


def test_the_same_facts_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    run.run_programme(simulated.definition(), data=simulated.folder(), out=tmp_path)
    assert _hashes(tmp_path) == _hashes(written)


def test_no_count_below_the_threshold_leaves(written: Path) -> None:
    # the rounds a site has still to answer are its own and no person's
    shown = [
        figure
        for figure in _figures(written).values()
        if figure["unit"] == "count" and not figure["hidden"] and figure["of"] == "people"
    ]
    assert shown
    # a scaled target is not a count of people: it is judged by the count it was made from
    counts = [figure["numerator"] for figure in shown if figure["numerator"] is not None]
    assert not [count for count in counts if 0 < count < 5]


def test_a_correction_recorded_later_changes_the_report_now_and_not_as_it_was_known_before(
    tmp_path: Path,
) -> None:
    definition = simulated.definition()
    before = record.read_record(simulated.folder(), definition)
    period = programme.Period(first=date(2016, 7, 1), last=date(2016, 12, 31))
    meetings = (
        before.as_of()
        .table("meeting")
        .filter(
            (pl.col("type") == "opfoelgningssamtale")
            & (pl.col("outcome") == "held")
            & (pl.col("unit") == "ub")
            & pl.col("occurred_from").is_between(period.first, period.last)
        )
    )
    later = datetime(2017, 3, 1, 12, tzinfo=UTC)
    corrected = before.correct(
        meetings["id"][0],
        {"outcome": "no_show"},
        recorded_at=later,
        recorded_by="jobkonsulent",
        source="case system",
    )

    def no_shows(known: datetime | None) -> Figure:
        material = run.Material(definition, corrected.as_of(known), None, period)
        table = next(
            block
            for block in run.compose(_only(material, "targets")).tables()
            if any(isinstance(cell, Light) for row in block.rows for cell in row)
        )
        return next(f for f in table.figures() if f.id.startswith("indicator/udeblivelser/ub"))

    now, then = no_shows(None), no_shows(datetime(2017, 2, 28, tzinfo=UTC))
    assert now.numerator == (then.numerator or 0) + 1
    assert now.denominator == then.denominator


def _only(material: run.Material, kind: str) -> run.Material:
    """The same material with a report that has blocks of one kind."""
    report = next(iter(material.programme.reports.values()))
    blocks = [block for section in report.sections for block in section.blocks if block.block == kind]
    section = report.sections[0].model_copy(update={"blocks": blocks})
    reports = {"r": report.model_copy(update={"sections": [section]})}
    return run.Material(
        material.programme.model_copy(update={"reports": reports}),
        material.facts,
        material.register,
        material.period,
    )


def test_the_period_left_out_is_the_last_whole_half_year() -> None:
    definition = simulated.definition()
    assert str(run.last_whole_period(definition, date(2016, 12, 31))) == "2016-07-01/2016-12-31"
    assert str(run.last_whole_period(definition, date(2016, 12, 25))) == "2016-07-01/2016-12-31"
    assert str(run.last_whole_period(definition, date(2016, 12, 24))) == "2016-06-01/2016-11-30"
    assert str(run.last_whole_period(definition, date(2016, 3, 31))) == "2015-10-01/2016-03-31"


def test_real_peoples_data_need_no_folder_and_give_the_published_difference(tmp_path: Path) -> None:
    definition = programme.load(library.definition_path("supported-work"))
    run.run_programme(definition, data=None, out=tmp_path, order=Order("en", both=True))
    figures = _figures(tmp_path)
    # Dehejia and Wahba (1999): 1,794 with standard error 633; adjusted 1,672 (638)
    assert figures["effect/lodtraekning/indtaegt-1978/raw/difference"]["value"] == pytest.approx(
        1794.34, abs=0.01
    )
    assert figures["effect/lodtraekning/indtaegt-1978/raw/se"]["value"] == pytest.approx(632.85, abs=0.01)
    assert figures["effect/lodtraekning/indtaegt-1978/justeret/difference"]["value"] == pytest.approx(
        1672.20, abs=0.01
    )
    assert figures["effect/lodtraekning/indtaegt-1978/justeret/se"]["value"] == pytest.approx(
        638.40, abs=0.01
    )
    assert 'lang="en"' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_facts_that_are_missing_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="--data FOLDER"):
        run.run_programme(simulated.definition(), data=None, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_a_register_the_report_steers_and_says_that_the_effect_is_not_estimated(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    shutil.copytree(simulated.folder(), data)
    shutil.rmtree(data / "register")
    document = run.compose(run.gather(simulated.definition(), data=data))
    ids = {table.id for table in document.tables()}
    assert "targets-ub-afgange-job-uddannelse" in ids
    assert "virkning-effects" not in ids
    told = [block.text.en for block in document.blocks() if isinstance(block, Paragraph)]
    assert any("register/dream.parquet" in text for text in told)


def test_nobody_to_compare_with_is_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(simulated.folder(), data)
    persons = pl.read_parquet(data / "persons.parquet").with_columns(area=pl.lit(None, pl.String))
    persons.write_parquet(data / "persons.parquet")
    document = run.compose(run.gather(simulated.definition(), data=data))
    told = [block.text.en for block in document.blocks() if isinstance(block, Paragraph)]
    assert any("nobody to compare" in text for text in told)


def test_a_test_of_difference_is_hidden_with_any_count_it_was_made_from(written: Path) -> None:
    figures = _figures(written)
    counts = [
        figure
        for id, figure in figures.items()
        if id.startswith("transition/udviklingsmaal/") and "/poor/" in id and figure["unit"] == "count"
    ]
    assert any(figure["hidden"] for figure in counts)
    test = figures["transition/udviklingsmaal/poor/test/p"]
    assert test["hidden"]
    assert test["value"] is None


def test_levels_among_pairs_and_in_balance_carry_the_counts_that_disclosure_control_judges(
    written: Path,
) -> None:
    figures = _figures(written)
    judged = [
        {"id": id, **figure}
        for id, figure in figures.items()
        if figure["unit"] == "share" and id.startswith(("effect/", "balance/")) and not figure["hidden"]
    ]
    assert judged
    for figure in judged:
        if figure["numerator"] is None:  # modelled, so no count of people: the raw levels are judged for it
            assert "/raw/" not in figure["id"]
            continue
        assert not 0 < figure["numerator"] < 5
        assert not 0 < figure["denominator"] - figure["numerator"] < 5


def test_data_too_small_to_match_in_still_give_a_report_that_says_so(tmp_path: Path) -> None:
    definition = simulated.definition()
    document = run.compose(run.gather(definition, data=simulated.folder()))
    effects = document.table("virkning-effects")
    difference = effects.column("difference")
    missing = [
        row for row in effects.rows if isinstance(row[difference], Figure) and row[difference].value is None
    ]
    for row in missing:
        assert row[difference].method.startswith("not estimated: ")
    assert protect(document).protected
