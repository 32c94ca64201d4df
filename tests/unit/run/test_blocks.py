"""The blocks of a report show the numbers of the rooms that know them, and say whom they are about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indsats import programme
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.report import Chart, Document, ProtectedFigure, Table, protect
from indsats.run import Material, compose, gather, run_programme
from indsats.simulate import simulate
from indsats.steer import fulfilment, phase_counts

SEVENTH = Path(__file__).parents[2] / "seventh_programme"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    definition = programme.load(SEVENTH)
    data = simulate(definition, 400, 3, tmp_path_factory.mktemp("seventh") / "data")
    return gather(definition, data=data)


@pytest.fixture(scope="module")
def document(material: Material) -> Document:
    return compose(material)


def _report(blocks: list[dict[str, Any]]) -> programme.Report:
    text = {"da": "x", "en": "x"}
    shown = [{**block, "title": text} for block in blocks]
    return programme.Report.model_validate(
        {"title": text, "source": "L1", "sections": [{"title": text, "blocks": shown}]}
    )


def table(document: Document, name: str) -> Table:
    return next(found for found in document.tables() if found.id == name)


def shown(table: Table, row: int, column: str) -> Figure:
    cell = table.rows[row][table.column(column)]
    assert isinstance(cell, Figure)
    return cell


def test_the_phase_table_has_a_row_for_each_phase_with_its_counts(
    material: Material, document: Document
) -> None:
    facts, period = material.facts, material.period
    assert facts is not None
    assert period is not None
    found = table(document, "phases-ordningen")
    for number, row in enumerate(phase_counts(facts, period, unit="ordningen")):
        assert shown(found, number, "begun") == row.begun
        assert shown(found, number, "open") == row.open_now
    assert any(isinstance(block, Chart) for block in document.sections[0].blocks)


def test_answered_and_measured_fulfilment_stand_side_by_side(material: Material, document: Document) -> None:
    facts, period = material.facts, material.period
    assert facts is not None
    assert period is not None
    each = table(document, "requirements-each")
    titles = [cell for cell in (row[0] for row in each.rows)]
    assert titles == [part.title for part in facts.programme.requirements.values()]
    for number, name in enumerate(facts.programme.requirements):
        asked = {"of": "requirements", "requirement": name, "unit": "ordningen"}
        assert shown(each, number, "answered") == fulfilment(facts, period, by="answered", **asked)  # type: ignore[arg-type]
    # the third requirement is only answered: nothing dated tells it
    assert each.rows[2][each.column("measured")] is None
    assert shown(each, 0, "measured").denominator


def test_the_two_fulfilment_shares_are_told_apart(document: Document) -> None:
    whole = table(document, "requirements-unit")
    participants, answered = shown(whole, 0, "participants"), shown(whole, 0, "answered")
    assert (participants.denominator or 0) < (answered.denominator or 0)
    assert (participants.value or 0) <= (answered.value or 0)


def test_the_sum_over_sites_is_known_to_disclosure_control(material: Material) -> None:
    definition = material.programme.model_copy(
        update={"reports": {"r": _report([{"block": "requirements", "by": by} for by in ("unit", "site")])}}
    )
    document = compose(Material(definition, material.facts, None, material.period))
    whole = shown(table(document, "requirements-unit"), 0, "answered")
    by_site = [shown(table(document, "requirements-site"), row, "answered") for row in range(3)]
    sums = [sorted(group.parts) for group in document.groups if group.total == whole.id]
    assert sorted(figure.id for figure in by_site) in sums
    assert whole.denominator == sum(figure.denominator or 0 for figure in by_site)


@pytest.mark.parametrize("year", [2022, 2023, 2024])
@pytest.mark.parametrize("months", ["01-01/{}-03-31", "04-01/{}-12-31"])
def test_nothing_hidden_is_what_is_left_of_a_sum(material: Material, year: int, months: str) -> None:
    period = programme.Period.model_validate(f"{year}-{months.format(year)}")
    true = compose(Material(material.programme, material.facts, None, period))
    numbers = {figure.id: figure for found in true.tables() for figure in found.figures()}
    shown = {figure.id: figure for found in protect(true).tables() for figure in found.figures()}
    hidden = {name for name, figure in shown.items() if isinstance(figure, ProtectedFigure) and figure.hidden}
    assert hidden, "a month of four hundred invented persons has small counts"
    for group in true.groups:
        if any(name not in numbers for name in (group.total, *group.parts)):
            continue
        for part in ("numerator", "denominator"):
            whole = getattr(numbers[group.total], part)
            parts = [getattr(numbers[name], part) for name in group.parts]
            if whole is None or None in parts or whole != sum(parts):
                continue
            unknown = [name for name in (group.total, *group.parts) if name in hidden]
            # those that are zero hide nothing: they may be alone
            assert len([name for name in unknown if getattr(numbers[name], part)]) != 1, (group, unknown)


def test_an_indicator_and_a_block_that_count_the_same_are_hidden_together(material: Material) -> None:
    definition = material.programme.model_copy(
        update={
            "indicators": {
                **material.programme.indicators,
                "i-trap": programme.StockIndicator.model_validate(
                    {
                        "title": {"da": "x", "en": "x"},
                        "about": {"da": "x", "en": "x"},
                        "better": "neither",
                        "measures": "stock",
                        "phase": "nedtrapning",
                        "source": "L1",
                    }
                ),
            },
            "reports": {
                "r": _report([{"block": "phases"}, {"block": "indicators", "indicators": ["i-trap"]}])
            },
        }
    )
    assert material.facts is not None
    facts = replace(material.facts, programme=definition)
    document = compose(Material(definition, facts, None, material.period))
    alone = {group.total: group.parts[0] for group in document.groups if len(group.parts) == 1}
    same = next(name for name in alone if name.startswith("indicator/i-trap/ordningen/"))
    numbers = {figure.id: figure for found in document.tables() for figure in found.figures()}
    assert alone[same].startswith("phase/nedtrapning/ordningen/")
    assert numbers[same].value == numbers[alone[same]].value


def test_a_report_that_does_not_exist_is_named(material: Material, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="maaned"):
        run_programme(material.programme, data=tmp_path, out=tmp_path / "out", report="yearly")
