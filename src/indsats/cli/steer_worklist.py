"""The command that tells what is to be done on a day: items per queue and worker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.table import Table

from .arguments import Language, day, load, moment, must_be_one, out, progress_bars
from .steer import Definition, app

_HEADS = {
    "da": ("Kø", "Medarbejder", "På listen", "Fristen er gået", "Inden for 60 dage"),
    "en": ("Queue", "Worker", "On the list", "Overdue", "Within 60 days"),
}
_NOBODY = {"da": "ingen", "en": "nobody"}


@app.command("worklist")
def worklist_command(
    definition: Definition,
    data: Annotated[Path, typer.Option("--data", help="Data folder to read.")],
    on: Annotated[
        str | None, typer.Option("--on", help="The day; the last of the data when left out.")
    ] = None,
    queue: Annotated[str | None, typer.Option("--queue", help="One queue; all when left out.")] = None,
    site: Annotated[str | None, typer.Option("--site", help="One site; all when left out.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Use only what was recorded by then, such as 2016-06-30.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--out", help="File for the items themselves, with persons (.csv, .parquet or .xlsx)."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of what is told.")] = Language.da,
) -> None:
    """Tell what is to be done on a day: how many items each worker has in each queue; with --out also about whom."""
    from indsats import record, steer

    programme = load(definition)
    must_be_one(queue, steer.QUEUES, "queue", "--queue")
    asked = None if on is None else day(on)
    with progress_bars() as progress:
        facts = record.read_record(data, programme, progress).as_of(moment(as_of))
    must_be_one(site, facts.sites["site"].to_list(), "site", "--site")
    today = asked or facts.last_day
    rows = steer.worklist(facts, today)
    if queue is not None:
        rows = rows.filter(pl.col("queue") == queue)
    if site is not None:
        rows = rows.filter(pl.col("site") == site)
    there = pl.col("opens") <= today
    counts = (
        rows.group_by("queue", "worker", maintain_order=True)
        .agg(
            there.sum().alias("now"),
            (pl.col("due") < today).sum().alias("over"),
            (~there).sum().alias("soon"),
        )
        .with_columns(__place=pl.col("queue").rle_id())
        .sort("__place", "now", "over", "worker", descending=[False, True, True, False])
        .drop("__place")
    )
    shown = Table(*_HEADS[lang.value])
    before = ""
    for name, worker, *numbers in counts.iter_rows():
        title = "" if name == before else steer.QUEUES[name].title.in_(lang.value)
        who = _NOBODY[lang.value] if worker is None else worker
        shown.add_row(escape(title), escape(who), *(f"{number:,}" for number in numbers))
        before = name
    out.print(f"{escape(programme.programme)}, {today}")
    out.print(shown)
    if into is not None:
        record.write_table(rows, into)
        out.print(f"[green]✓[/] {rows.height:,} items in {escape(str(into))}")
