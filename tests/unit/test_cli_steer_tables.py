"""The commands that print steering as tables, as a person at a terminal meets them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import simulated
from indsats import run
from indsats.cli.steer import show_document
from indsats.figure import Figure
from indsats.programme import Period, Text
from indsats.record import read_record
from indsats.report import Column, Document, Section, Table, protect, table_csv
from indsats.steer import fulfilment, indicator, indicator_rows
from terminal import indsats

WHOLE = ("--data", simulated.folder())


@pytest.fixture(scope="module")
def facts() -> object:
    return read_record(simulated.folder(), simulated.definition()).as_of()


def figures(said: str) -> dict[str, dict[str, object]]:
    return {figure["id"]: figure for figure in json.loads(said)["figures"]}


def test_the_barometer_tells_what_the_room_tells(facts) -> None:
    done = indsats("steer", "barometer", simulated.PROGRAMME, *WHOLE, "--by", "unit", "--json")
    assert done.returncode == 0, done.stderr
    period = run.last_whole_period(facts.programme, facts.last_day)
    told = fulfilment(facts, period, of="requirements", unit=facts.programme.effort_units[0])
    assert figures(done.stdout)[told.id]["value"] == pytest.approx(told.value)


def test_indicators_come_with_what_they_rest_on_and_the_facts_behind(facts, tmp_path: Path) -> None:
    into = tmp_path / "new" / "behind.csv"
    words = ("--indicator", "udeblivelser", "--facts", into, "--lang", "en")
    done = indsats("steer", "indicators", simulated.PROGRAMME, *WHOLE, *words)
    assert done.returncode == 0, done.stderr
    period = run.last_whole_period(facts.programme, facts.last_day)
    told = indicator(facts, "udeblivelser", period, unit=facts.programme.effort_units[0])
    assert f"{told.numerator:,.0f} of {told.denominator:,.0f}; 95% interval" in done.stdout
    assert pl.read_csv(into).height == indicator_rows(facts, "udeblivelser", period).height


def test_a_period_that_ends_before_it_begins_is_told_so() -> None:
    done = indsats("steer", "indicators", simulated.PROGRAMME, *WHOLE, "--period", "2016-12-31/2016-01-01")
    assert done.returncode == 1
    assert "'2016-12-31/2016-01-01' ends before it begins" in done.stderr


def test_a_comparison_and_the_course_are_tables(facts) -> None:
    words = ("--indicator", "udeblivelser", "--period", "2016-01-01/2016-12-31", "--lang", "en")
    done = indsats("steer", "benchmark", simulated.PROGRAMME, *WHOLE, *words)
    assert done.returncode == 0, done.stderr
    assert "No-shows" in done.stdout
    done = indsats("steer", "course", simulated.PROGRAMME, *WHOLE, "--lang", "en")
    assert done.returncode == 0, done.stderr
    first = next(iter(facts.programme.course.values())).title.en
    assert first in done.stdout


def test_a_rank_is_told_with_the_ranks_it_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    title = Text(da="Plads", en="Rank")
    rank = Figure("rank/x/site.a/all", 3.0, "number", low=1.0, high=7.0, of="places")
    table = Table("ranks", title, (Column("place", title), Column("rank", title)), (("a", rank), ("b", None)))
    whole = Period(first=date(2016, 1, 1), last=date(2016, 12, 31))
    document = Document(
        title=title,
        programme="any",
        version=1,
        period=whole,
        sections=(Section(None, (table,)),),
        threshold=5,
        synthetic=True,
    )
    show_document(protect(document), "en")
    assert "3 (1–7)" in capsys.readouterr().out
    rows = table_csv(table).splitlines()
    assert rows == ["place,rank,rank.low,rank.high", "a,3,1,7", "b,,,"]


def test_the_barometer_sets_places_beside_all_others_and_says_why_not() -> None:
    done = indsats("steer", "barometer", simulated.PROGRAMME, *WHOLE, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "why requirements are not met" in done.stdout
    assert "All other places are the whole effort without the place itself." in done.stdout


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("indicators", "--indicator", "udebliv"), "Did you mean 'udeblivelser'?"),
        (("indicators", "--facts", "behind.csv"), "name it with --indicator"),
        (("indicators", "--indicator", "udeblivelser", "--facts", "behind.doc"), ".parquet"),
        (("barometer", "--phase", "nowhere"), "there is no phase 'nowhere'"),
        (("benchmark", "--indicator", "nothing"), "there is no indicator 'nothing'"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(words: tuple[str, ...], remedy: str) -> None:
    command, *rest = words
    done = indsats("steer", command, simulated.PROGRAMME, *WHOLE, *rest)
    assert done.returncode != 0
    assert remedy in done.stderr
