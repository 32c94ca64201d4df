"""The blocks of a report show the numbers of the rooms that know them, and say whom they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats import programme
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.report import Chart, Document, Table
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
        update={
            "reports": {
                "r": programme.Report.model_validate(
                    {
                        "title": {"da": "x", "en": "x"},
                        "source": "L1",
                        "sections": [
                            {
                                "title": {"da": "x", "en": "x"},
                                "blocks": [
                                    {"block": "requirements", "title": {"da": "x", "en": "x"}, "by": by}
                                    for by in ("unit", "site")
                                ],
                            }
                        ],
                    }
                )
            }
        }
    )
    document = compose(Material(definition, material.facts, None, material.period))
    totals = {group.total: group.parts for group in document.groups}
    whole = shown(table(document, "requirements-unit"), 0, "answered")
    assert whole.id in totals
    by_site = [shown(table(document, "requirements-site"), row, "answered") for row in range(3)]
    assert sorted(totals[whole.id]) == sorted(figure.id for figure in by_site)
    assert whole.denominator == sum(figure.denominator or 0 for figure in by_site)


def test_a_report_that_does_not_exist_is_named(material: Material, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="maaned"):
        run_programme(material.programme, data=tmp_path, out=tmp_path / "out", report="yearly")
