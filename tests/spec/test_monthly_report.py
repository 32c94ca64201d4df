"""The monthly status report of the 001 programme: every municipality, the same in both languages, told by rule."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from indsats import library, programme, simulate
from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang
from indsats.programme import Period, Text
from indsats.record import read_record
from indsats.report import Document, Passage, Table, protect, render_html
from indsats.run import Material, compose

REPORT = "maanedsrapport"
JUNE = Period(first=date(2019, 6, 1), last=date(2019, 6, 30))


@cache
def material() -> Material:
    """600 persons, seed 3, a month in the middle of the project."""
    definition = programme.load(library.definition_path("flere-skal-med"))
    folder = simulate.simulate(definition, 600, 3, Path(mkdtemp(prefix="indsats-")) / "data")
    record = read_record(folder, definition)
    return Material(definition, record.as_of(), None, JUNE, record=record)


@cache
def true() -> Document:
    return compose(material(), REPORT)


@cache
def report() -> Document:
    return protect(true())


@cache
def page(lang: Lang) -> str:
    return render_html(report(), lang)


def test_it_is_about_one_month() -> None:
    assert material().programme.reports[REPORT].months == 1
    assert report().period == JUNE


def test_every_municipality_has_its_results_beside_the_others() -> None:
    facts = material().facts
    assert facts is not None
    effort = facts.programme.effort_units
    names = facts.sites.filter(facts.sites["unit"].is_in(effort))["name"].to_list()
    table = report().table("indicators-site-virksomhedsforloeb-3-maaneder")
    assert [row[0].da for row in table.rows if isinstance(row[0], Text)] == names
    assert [column.id for column in table.columns[1:]] == [
        "virksomhedsforloeb-3-maaneder",
        "beroert-virksomhedsrettet",
        "beroert-ordinaere-timer",
        "udvikling-mod-baseline",
    ]


def test_the_target_is_the_printed_one_in_both_kinds_of_municipality() -> None:
    """L304: 40 per cent in each municipality."""
    for unit in ("casekommuner", "oevrige-deltagere"):
        table = report().table(f"targets-{unit}-virksomhedsforloeb-3-maaneder")
        target = table.rows[0][table.column("target")]
        assert isinstance(target, Figure)
        assert target.value == 0.40


def test_the_index_is_against_ones_own_baseline() -> None:
    """L380-392: 0 is as before, and without anybody before there is no number."""
    table = true().table("indicators-site-virksomhedsforloeb-3-maaneder")
    column = table.column("udvikling-mod-baseline")
    told = [row[column] for row in table.rows]
    assert any(isinstance(figure, Figure) and figure.value is not None for figure in told)
    for figure in told:
        assert isinstance(figure, Figure)
        assert figure.unit == "change"
        if figure.value is not None:
            assert figure.denominator
            assert figure.value == pytest.approx((figure.numerator or 0) / figure.denominator - 1)
        else:
            assert not figure.denominator


def test_last_month_is_told_once() -> None:
    """Nothing shows last month as it is known now beside what it was then (check report-since-trend)."""
    kinds = {block.block for _, block in material().programme.reports[REPORT].placed_blocks()}
    assert "since" in kinds
    assert "trend" not in kinds


def test_changes_by_cause_add_up_to_the_whole_change() -> None:
    changes, causes = (one for one in true().tables() if one.id.startswith("since"))
    for number, row in enumerate(changes.rows, start=1):
        whole = row[changes.column("change")]
        parts = [cells[number] for cells in causes.rows]
        assert isinstance(whole, Figure)
        if whole.value is not None:
            added = sum(part.value or 0.0 for part in parts if isinstance(part, Figure))
            assert added == pytest.approx(whole.value, abs=1e-9)


def test_findings_are_told_of_targets_and_stand_first() -> None:
    first = next(section for section in report().sections if section.title is not None)
    found = [block for block in first.blocks if isinstance(block, Passage) and block.found]
    assert len(found) == 3
    assert re.search(r"indfriet målet|tæt på målet|for få", found[0].text.da)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_block_is_in_the_page(lang: Lang) -> None:
    html = page(lang)
    for block in report().blocks():
        if isinstance(block, Table):
            assert f'id="{block.id}"' in html
    assert "{{" not in html


def test_no_small_number_is_left() -> None:
    for table in report().tables():
        for figure in table.figures():
            if figure.unit == "count" and not figure.given and figure.of == "people":
                assert figure.value is None or figure.value == 0 or figure.value >= 5, figure.id
