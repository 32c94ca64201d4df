"""The commands of steering: since; those that print a table stand in ``steer_tables``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table as Drawn

from indsats.problem import InputRefused, Problem

from .arguments import Language, load, moment, must_be_one, out, period_of, progress_bars

if TYPE_CHECKING:
    from indsats import report
    from indsats.language import Lang
    from indsats.programme import Programme
    from indsats.steer import Frozen

app = typer.Typer(
    help="Steering: barometer, indicators, benchmark, course, and what changed since the last report.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


Definition = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or the path of a definition folder.")
]


@app.command("since")
def since_command(
    definition: Definition,
    data: Annotated[Path, typer.Option("--data", help="Data folder to read.")],
    last: Annotated[
        Path | None, typer.Option("--last", help="Folder of the last report, as 'indsats run' wrote it.")
    ] = None,
    last_known: Annotated[
        str | None,
        typer.Option(
            "--last-known", help="Without --last: when the last report was made, such as 2016-06-14."
        ),
    ] = None,
    last_period: Annotated[
        str | None,
        typer.Option("--last-period", help="Its period; the one told about now when left out."),
    ] = None,
    last_version: Annotated[
        int | None,
        typer.Option("--last-version", help="Its version of the definition; the present when left out."),
    ] = None,
    known: Annotated[
        str | None,
        typer.Option("--known", help="Use only what was recorded by then; everything when left out."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", help="Period told about, 2016-06-01/2016-06-30; the last whole one when left out."
        ),
    ] = None,
    indicators: Annotated[
        list[str] | None, typer.Option("--indicator", help="One or several; all when left out.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="One unit; all when left out.")] = None,
    site: Annotated[str | None, typer.Option("--site", help="One site; all when left out.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of what is told.")] = Language.da,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Tell how indicators moved since the last report, and by which cause. Small counts are not shown."""
    from indsats import record, run
    from indsats.report import protect, results_json

    programme = load(definition)
    with progress_bars() as progress:
        kept = record.read_record(data, programme, progress)
    facts = kept.as_of(moment(known, "--known"))
    must_be_one(unit, programme.units, "unit", "--unit")
    must_be_one(site, facts.sites["site"].to_list(), "site", "--site")
    for one in indicators or ():
        must_be_one(one, programme.indicators, "indicator", "--indicator")
    asked = period_of(period)
    if last is not None:
        if last_known or last_period or last_version:
            _refuse(
                "--last already tells period, time and version of the last report", "Leave out the others"
            )
        before = run.read_frozen(last, lambda version: load(definition, version))
        asked = asked or run.last_whole_period(programme, facts.last_day)
    else:
        asked = asked or run.last_whole_period(programme, facts.last_day)
        before = _told(definition, programme, last_known, last_period or str(asked), last_version)
    if facts.known is not None and before.known is not None and before.known > facts.known:
        _refuse("the last report knew more than --known", "Give a --known after the last report")
    way = run.passage_to(kept, before, facts, asked)
    document = protect(
        run.since_document(way, before, indicators or list(programme.indicators), unit=unit, site=site)
    )
    if as_json:
        print(results_json(document), end="")  # noqa: T201
    else:
        show_document(document, lang.value)


def _told(
    definition: str, programme: Programme, known: str | None, period: str, version: int | None
) -> Frozen:
    """The last report from what the options say of it."""
    from indsats.steer import Frozen

    at, over = moment(known, "--last-known"), period_of(period, "--last-period")
    if at is None or over is None:
        raise InputRefused(
            [
                Problem(
                    "nothing says which report was the last",
                    "Give its folder with --last, or the day it was made with --last-known 2016-06-14",
                    file="--last",
                )
            ]
        )
    return Frozen(over, at, programme if version is None else load(definition, version))


def show_document(document: report.Document, lang: Lang) -> None:
    """Print what a protected document says, and its tables with their notes, in order."""
    from indsats.report import Paragraph, Table

    out.print(f"[bold]{escape(document.title.in_(lang))}[/]", soft_wrap=True)
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Paragraph):
            out.print(escape(block.text.in_(lang)), soft_wrap=True)
        elif isinstance(block, Table):
            heads = (escape(column.title.in_(lang)) for column in block.columns)
            shown = Drawn(*heads, title=escape(block.title.in_(lang)), title_justify="left")
            for row in block.rows:
                cells = zip(row, block.columns, strict=True)
                shown.add_row(*(escape(_told_cell(cell, column, lang)) for cell, column in cells))
            out.print(shown)
            for note in block.notes:
                out.print(escape(note.in_(lang)), soft_wrap=True)


def _told_cell(cell: report.Cell, column: report.Column, lang: Lang) -> str:
    """What stands in a cell, with the ends of its interval in brackets: the ranks a site may have, say."""
    from indsats.figure import Figure
    from indsats.report import cell_text, interval_text

    ends = interval_text(cell, column, lang) if isinstance(cell, Figure) else ""
    return f"{cell_text(cell, column, lang)} {ends}".rstrip()


def _refuse(what: str, remedy: str) -> None:
    raise InputRefused([Problem(what, remedy, file="--last")])
