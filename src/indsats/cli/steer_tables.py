"""The commands of steering that print a table: barometer, indicators, benchmark and course."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from .arguments import Language, load, moment, must_be_one, out, period_of, progress_bars
from .steer import Definition, app, show_document

if TYPE_CHECKING:
    from indsats.language import Lang as Tongue
    from indsats.programme import Block, Programme
    from indsats.record import Facts
    from indsats.report import Document


class By(StrEnum):
    """What stands side by side."""

    unit = "unit"
    site = "site"


class CourseBy(StrEnum):
    """Whether units are told apart."""

    all = "all"
    unit = "unit"


Data = Annotated[Path, typer.Option("--data", help="Data folder to read.")]
Over = Annotated[
    str | None,
    typer.Option("--period", help="Period, 2016-01-01/2016-06-30; the last whole one when left out."),
]
Known = Annotated[
    str | None, typer.Option("--as-of", help="Use only what was recorded by then, such as 2016-06-30.")
]
Places = Annotated[By, typer.Option("--by", help="Units or sites.")]
Asked = Annotated[list[str] | None, typer.Option("--indicator", help="One or several; all when left out.")]
Lang = Annotated[Language, typer.Option(help="Language of what is told.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@app.command("barometer")
def barometer_command(
    definition: Definition,
    data: Data,
    period: Over = None,
    by: Places = By.site,
    phase: Annotated[str | None, typer.Option("--phase", help="One phase; all when left out.")] = None,
    element: Annotated[
        str | None, typer.Option("--element", help="One core element; all when left out.")
    ] = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell how far each place keeps to the model, by answers and by dates, and who stands out from chance."""
    from indsats.programme import BarometerBlock, Text

    programme = load(definition)
    must_be_one(phase, programme.phases, "phase", "--phase")
    must_be_one(element, programme.elements, "element", "--element")
    title = Text(da="Implementeringsbarometer", en="Implementation barometer")
    block = BarometerBlock(block="barometer", title=title, phase=phase, element=element, by=by.value)
    _print(programme, block, data, period, as_of, lang, as_json)


@app.command("indicators")
def indicators_command(
    definition: Definition,
    data: Data,
    period: Over = None,
    by: Places = By.unit,
    indicators: Asked = None,
    facts_to: Annotated[
        Path | None,
        typer.Option(
            "--facts",
            help="File for the facts behind, a row each, with persons (.csv, .parquet or .xlsx); with one --indicator.",
        ),
    ] = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell indicators with interval, numerator, denominator and what is left out; with --facts what they rest on."""
    from indsats.programme import IndicatorsBlock, Text

    programme = load(definition)
    for name in indicators or ():
        must_be_one(name, programme.indicators, "indicator", "--indicator")
    asked = indicators or list(programme.indicators)
    title = Text(da="Indikatorer", en="Indicators")
    block = IndicatorsBlock(block="indicators", title=title, indicators=asked, by=by.value)
    if facts_to is not None and len(asked) != 1:
        raise typer.BadParameter("the facts behind are those of one indicator: name it with --indicator")
    if facts_to is not None and facts_to.suffix not in (".csv", ".parquet", ".xlsx"):
        raise typer.BadParameter(f"'{facts_to.name}' must end in .csv, .parquet or .xlsx")
    facts = _print(programme, block, data, period, as_of, lang, as_json, listed=True)
    if facts_to is not None:
        from indsats import record, run, steer

        over = period_of(period) or run.last_whole_period(programme, facts.last_day)
        rows = steer.indicator_rows(facts, asked[0], over)
        record.write_table(rows, facts_to)
        out.print(f"[green]✓[/] {rows.height:,} rows behind '{escape(asked[0])}' in {escape(str(facts_to))}")


@app.command("benchmark")
def benchmark_command(
    definition: Definition,
    data: Data,
    indicators: Annotated[list[str], typer.Option("--indicator", help="One or several.")],
    period: Over = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell each site's level, distance and rank among all sites and those with the same framework conditions."""
    from indsats.programme import BenchmarkBlock, Text

    programme = load(definition)
    for name in indicators:
        must_be_one(name, programme.indicators, "indicator", "--indicator")
    title = Text(da="Sammenligning af steder", en="Comparison of sites")
    block = BenchmarkBlock(block="benchmark", title=title, indicators=indicators)
    _print(programme, block, data, period, as_of, lang, as_json)


@app.command("course")
def course_command(
    definition: Definition,
    data: Data,
    period: Over = None,
    by: Annotated[CourseBy, typer.Option("--by", help="All together, or unit by unit.")] = CourseBy.all,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell how many begin each month, how many reach each step from draw to exit, and how long they wait."""
    from indsats.programme import CourseBlock, Text

    programme = load(definition)
    title = Text(da="Vejen gennem indsatsen", en="The way through the effort")
    block = CourseBlock(block="course", title=title, by=by.value)
    _print(programme, block, data, period, as_of, lang, as_json)


def _print(
    programme: Programme,
    block: Block,
    data: Path,
    period: str | None,
    as_of: str | None,
    lang: Language,
    as_json: bool,
    *,
    listed: bool = False,
) -> Facts:
    """Compose the block as a report of its own, protect it and print it; gives the facts it was made from."""
    from indsats import record, run
    from indsats.report import protect, results_json

    with progress_bars() as progress:
        kept = record.read_record(data, programme, progress)
    facts = kept.as_of(moment(as_of))
    over = period_of(period) or run.last_whole_period(programme, facts.last_day)
    document = protect(run.document_of(run.Material(programme, facts, None, over, record=kept), block))
    if as_json:
        print(results_json(document), end="")  # noqa: T201
    elif listed:
        _list(document, lang.value)
    else:
        show_document(document, lang.value)
    return facts


def _list(document: Document, lang: Tongue) -> None:
    """Each figure on a line of its own, with what it is made of."""
    from indsats.figure import Figure
    from indsats.report import basis_text, cell_text

    heads = {"da": ("Værdi", "Bygger på"), "en": ("Value", "Rests on")}[lang]
    for table in document.tables():
        first, *columns = table.columns
        shown = Table(escape(first.title.in_(lang)), "", *heads)
        for row in table.rows:
            name = cell_text(row[0], first, lang)
            for column, cell in zip(columns, row[1:], strict=True):
                basis = basis_text(cell, lang) if isinstance(cell, Figure) else ""
                texts = (name, column.title.in_(lang), cell_text(cell, column, lang), basis)
                shown.add_row(*(escape(text) for text in texts))
        out.print(shown)
