"""A small effort with prices of every kind, its record, and its blocks of money, for tests of what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from casebook import EFFORT_EVERYWHERE, Casebook, item, period, programme, text
from indsats.economy import (
    Case,
)
from indsats.figure import Figure
from indsats.programme import (
    Block,
    CaseBlock,
    CostsBlock,
    OwnGainBlock,
    PricesBlock,
    Programme,
    ScenariosBlock,
    SocietyBlock,
    Text,
)
from indsats.report import Cell, Document, Findings, Paragraph, Passage, ProtectedFigure, Table, protect
from indsats.run import Material, document_of
from pricebook import price

YEAR = period("2016-01-01", "2016-12-31")
TITLE = Text(da="Penge", en="Money")
OWN_GAIN = {"block": "own_gain", "title": text("Own"), "benefit": "aid", "wage": "pay", "hours": [5, 10]}
BLOCKS: dict[str, Block] = {
    "prices": PricesBlock(block="prices", title=TITLE),
    "costs": CostsBlock(block="costs", title=TITLE, by="site"),
    "case": CaseBlock(block="business_case", title=TITLE, scenario="found"),
    "scenarios": ScenariosBlock(block="scenarios", title=TITLE),
    "society": SocietyBlock(block="society", title=TITLE),
    "own_gain": OwnGainBlock(block="own_gain", title=TITLE, benefit="aid", wage="pay", hours=[5, 10]),
}


def effect(**rest: Any) -> dict[str, Any]:
    return {"how": "entered", "value": 2, "low": 1, "high": 3, "source": "L1", **rest}


def economy(**changes: Any) -> dict[str, Any]:
    """Talks of 400 kr. an hour, a start of 30,000, weeks off benefit and in a job; ``talk`` is an uncertain price."""
    told = {"price_year": 2016}
    return {
        **told,
        "horizon": 3,
        "prices": {
            "talk": price(amount=400, low=300, high=500, **told),
            "begin": price(per="once", amount=30_000, **told),
            "aid": price("transfer", "month", book="kontanthjaelp-30"),
            "pay": price("earnings", amount=150, **told),
        },
        "activities": {
            "talks": item(
                "Talks",
                price="talk",
                dose={"how": "count", "what": [{"kind": "meeting"}], "each": 1.5},
                usual={"quantity": 1, "source": "L1"},
            ),
            "begin": item("Begin", price="begin", phase="start_up", dose={"how": "fixed"}),
        },
        "overheads": {"management": item("Management", share=0.2)},
        "consequences": {
            "off": item("Off", unit=text("weeks off"), price="aid", each=-1, effects=[effect()]),
            "work": item(
                "Work", unit=text("weeks"), price="pay", moves_with="off", worked=True, effects=[effect()]
            ),
        },
        "scenarios": {
            "found": item("Found", about=text("as found"), lasts="P1Y"),
            "longer": item("Longer", about=text("for longer"), lasts="P3Y", displaced=0.25),
            "cautious": item("Cautious", about=text("the low end"), lasts="P1Y", effect="cautious"),
        },
        **changes,
    }


def defined(**changes: Any) -> Programme:
    report = item("R", sections=[{"title": text("s"), "blocks": [OWN_GAIN]}])
    return programme(units=EFFORT_EVERYWHERE, economy=economy(**changes), reports={"half-year": report})


def book(definition: Programme, people: int = 30, elsewhere: int = 12) -> Casebook:
    """So many people at ``north`` with four talks each, and some in the ``city`` with two; all leave at year's end."""
    case = Casebook(definition).data_until(YEAR.last)
    for number in range(people + elsewhere):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        north = number < people
        case.enrol("2016-01-01", site="north" if north else "city", **who)
        for meeting in range(4 if north else 2):
            case.meet(date(2016, 1, 11) + timedelta(days=40 * meeting), **who)
        case.leave(YEAR.last, **who)
    return case


def material(case: Casebook) -> Material:
    return Material(case.programme, case.facts(), None, YEAR)


def shown(about: Material, block: str) -> Document:
    return protect(document_of(about, BLOCKS[block]))


def table(document: Document, name: str) -> Table:
    return document.table(name)


def cell(found: Table, row: int | str, column: str) -> Cell:
    """A cell of the row of a number, or whose heading begins so in English."""
    if isinstance(row, str):
        row = next(at for at, one in enumerate(found.rows) if english(one[0]).startswith(row))
    return found.rows[row][found.column(column)]


def english(of: Cell) -> str:
    return of.en if isinstance(of, Text) else str(of)


def value(of: Cell) -> float | None:
    assert isinstance(of, ProtectedFigure)
    assert not of.hidden
    return of.value


def engine(about: Material, scenario: str) -> Case:
    return about.pricing.case(scenario)


def texts(document: Document) -> Iterator[Text]:
    """Every text a reader meets."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph | Passage):
                yield block.text
            elif isinstance(block, Findings):
                yield from (sentence.text for sentence in block.sentences)
            elif isinstance(block, Table):
                yield from (block.title, *(column.title for column in block.columns), *block.notes)
                yield from (one for row in block.rows for one in row if isinstance(one, Text))
            else:
                yield from (block.title, block.alt)


def figures(document: Document) -> list[Figure]:
    return [one for found in document.tables() for one in found.figures()]
