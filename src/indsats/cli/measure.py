"""The commands of measurement: due, and scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.table import Table

from .arguments import day, load, moment, must_be_one, out, progress_bars

if TYPE_CHECKING:
    from indsats.programme import Programme
    from indsats.record import Facts

app = typer.Typer(
    help="Questionnaires: who is to be asked now, and what was answered amounts to.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

Definition = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or the path of a definition folder.")
]
Data = Annotated[Path, typer.Option("--data", help="Data folder to read.")]
One = Annotated[str | None, typer.Option("--questionnaire", help="One questionnaire; all when left out.")]
Known = Annotated[
    str | None, typer.Option("--as-of", help="Use only what was recorded by then, such as 2016-06-30.")
]
_STATES = ("due", "late", "missed", "answered", "declined", "not_relevant", "upcoming", "ended")


@app.command("due")
def due_command(
    definition: Definition,
    data: Data,
    on: Annotated[
        str | None, typer.Option("--on", help="The day; the last of the data when left out.")
    ] = None,
    questionnaire: One = None,
    site: Annotated[str | None, typer.Option("--site", help="One site; all when left out.")] = None,
    as_of: Known = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--out", help="File for the list of those who are due or late (.csv, .parquet or .xlsx)."
        ),
    ] = None,
) -> None:
    """Tell how many measurements are due, late and missed at each site; with --out also of whom, and who asks."""
    from indsats import record, steer

    programme = load(definition)
    facts = _facts(programme, data, as_of)
    must_be_one(questionnaire, programme.questionnaires, "questionnaire", "--questionnaire")
    must_be_one(site, facts.sites["site"].to_list(), "site", "--site")
    until: date = day(on) if on is not None else facts.last_day
    asked = None if questionnaire is None else [questionnaire]
    rows = steer.measurements_due(facts, until, questionnaires=asked)
    if site is not None:
        rows = rows.filter(pl.col("site") == site)
    counts = (
        rows.group_by("questionnaire", "site", maintain_order=True)
        .agg((pl.col("status") == state).sum().alias(state) for state in _STATES)
        .sort("questionnaire", "site", maintain_order=True)
    )
    table = Table("Questionnaire", "Site", *(state.replace("_", " ") for state in _STATES))
    for name, place, *numbers in counts.iter_rows():
        table.add_row(escape(name), escape(place or ""), *(f"{number:,}" for number in numbers))
    out.print(f"{escape(programme.programme)}, {until}")
    out.print(table)
    if into is not None:
        listed = rows.filter(pl.col("status").is_in(steer.OPEN))
        record.write_table(listed, into)
        out.print(f"[green]✓[/] {listed.height:,} rounds that can be answered in {escape(str(into))}")


@app.command("scores")
def scores_command(
    definition: Definition,
    data: Data,
    into: Annotated[Path, typer.Option("--out", help="File to write (.csv, .parquet or .xlsx).")],
    questionnaire: One = None,
    as_of: Known = None,
) -> None:
    """Write every score and class of every answer, with the rule it was made by.

    The file tells of single persons, as an export of the facts does.
    """
    from indsats import measure, record

    programme = load(definition)
    must_be_one(questionnaire, programme.questionnaires, "questionnaire", "--questionnaire")
    made = measure.score_table(_facts(programme, data, as_of), questionnaire)
    record.write_table(made, into)
    out.print(f"[green]✓[/] {made.height:,} scores and classes in {escape(str(into))}")


def _facts(programme: Programme, data: Path, as_of: str | None) -> Facts:
    from indsats import record

    with progress_bars() as progress:
        return record.read_record(data, programme, progress).as_of(moment(as_of))
