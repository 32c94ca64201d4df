"""The register's commands: build, describe, outcomes, and key."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.table import Table

from indsats.problem import InputRefused, Problem

from .arguments import err, load, out, progress_bars, show

if TYPE_CHECKING:
    from indsats.register import Question

app = typer.Typer(
    help="Weekly registers: from files to spells, and from spells to cohorts with outcomes.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

StoreFolder = Annotated[Path, typer.Argument(metavar="STORE", help="A folder that `register build` made.")]


class EngineName(StrEnum):
    """What the questions are answered on."""

    duckdb = "duckdb"
    polars = "polars"
    spark = "spark"


@app.command()
def build(
    files: Annotated[
        list[Path],
        typer.Argument(help="Files: Parquet, CSV, text of fixed width or SAS7BDAT; wide, long or spells."),
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder of the store; must not exist.")],
    person: Annotated[str, typer.Option(help="Column of the person's identification.")] = "person",
    layout: Annotated[
        Path | None, typer.Option(help="Layout (YAML or JSON) of a text file of fixed width.")
    ] = None,
    first_week: Annotated[
        str | None, typer.Option(help="First week the data tell of, y_YYWW: for long files and spells.")
    ] = None,
    last_week: Annotated[str | None, typer.Option(help="Last week, likewise.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="Key file: identifications become pseudonyms before they are written.")
    ] = None,
    buckets: Annotated[
        int | None, typer.Option(min=1, help="Number of buckets; one for each 250,000 persons when left out.")
    ] = None,
    synthetic: Annotated[bool, typer.Option(help="Mark the store as made of simulated data.")] = False,
) -> None:
    """Turn a register into spells, all or nothing. A build that was stopped goes on where it was."""
    from indsats import register

    first, last = _week(first_week, "--first-week"), _week(last_week, "--last-week")
    secret = None
    if key is not None:
        secret = register.read_key(key, data=folder)
        show(register.key_warnings(key))
    with progress_bars() as progress:
        sources = [
            register.open_source(
                path, layout=layout, first_week=first, last_week=last, person=person, progress=progress
            )
            for path in files
        ]
        store = register.build(
            sources, folder, buckets=buckets, key=secret, synthetic=synthetic, progress=progress
        )
    weeks = f"{register.column_of_week(store.first_week)} to {register.column_of_week(store.last_week)}"
    out.print(
        f"[green]✓[/] {store.persons:,} persons, {store.spells:,} spells, weeks {weeks}, in {escape(str(folder))}"
    )
    for repair in store.repairs:
        err.print(f"[yellow]put right[/] {escape(repair.file)}: {escape(repair.what)}: {repair.count:,}")
    if store.unknown_codes.height:
        codes = ", ".join(f"{code:03d}" for code in store.unknown_codes["code"].head(10))
        err.print(
            f"[yellow]not on the code list[/] {codes}; `indsats register describe` counts them",
            soft_wrap=True,
        )


def _week(text: str | None, option: str) -> int | None:
    from indsats import register

    if text is None:
        return None
    try:
        return register.week_of_column(text)
    except register.WeekError as fault:
        raise InputRefused([Problem(fault.what, fault.remedy, option)]) from None


@app.command()
def describe(
    folder: StoreFolder,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    codes: Annotated[
        Path | None, typer.Option(help="A newer code list of your own (YAML), added to the shipped one.")
    ] = None,
) -> None:
    """Tell what a store holds: weeks, persons, codes, what no code list knows, what was put right."""
    from indsats import register

    store = register.open_store(folder)
    with progress_bars() as progress:
        found = register.describe(store, register.code_list(codes), progress)
    tables = {
        "coverage": found.coverage,
        "codes": found.codes,
        "codes that are not on the code list": found.unknown_codes,
        "persons not observed the whole time": found.not_observed,
        "put right": found.repairs,
        "columns left out": found.left_out,
    }
    if as_json:
        content = {"synthetic": store.synthetic, **{name: table.to_dicts() for name, table in tables.items()}}
        print(json.dumps(content, ensure_ascii=False, indent=2, default=str))  # noqa: T201
        return
    if store.synthetic:
        out.print("Synthetic data: nobody in this store is real.")
    for title, table in tables.items():
        if title == "persons not observed the whole time" and not table["persons"].sum():
            continue
        if table.height:
            out.print(f"\n[bold]{escape(title)}[/]")
            out.print(_shown(table))
    # A week has one code even when the benefit was paid for a day, and the strongest of several.
    out.print(
        "\nA weekly register follows courses of time. It is not made for counting how many are on a benefit on a day."
    )


def _shown(table: pl.DataFrame) -> Table:
    """A table for the terminal; a single row is turned, so that narrow terminals show all of it."""
    if table.height == 1 and table.width > 3:
        shown = Table("what", "value")
        for name, value in table.row(0, named=True).items():
            shown.add_row(name.replace("_", " "), _cell(value))
        return shown
    shown = Table(*(name.replace("_", " ") for name in table.columns))
    for row in table.iter_rows(named=True):
        blank = {"code": "blank"} if row.get("code", 0) is None else {}
        shown.add_row(*(_cell(value) for value in {**row, **blank}.values()))
    return shown


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3f}"
    return escape(str(value))


@app.command()
def outcomes(
    folder: StoreFolder,
    into: Annotated[
        Path, typer.Option("--out", help="Folder of the result: a Parquet file for each bucket.")
    ],
    definition: Annotated[str | None, typer.Option("--programme", help="Whose evaluation is asked.")] = None,
    evaluation: Annotated[
        str | None, typer.Option(help="The evaluation; the first on registers when left out.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="A shipped question instead of a programme's.")] = None,
    question_file: Annotated[
        Path | None,
        typer.Option("--question", help="A question of your own (YAML), written as the presets are."),
    ] = None,
    persons: Annotated[
        Path | None, typer.Option(help="Background (CSV or Parquet): only these persons, with birth dates.")
    ] = None,
    hours: Annotated[Path | None, typer.Option(help="Monthly hours (CSV or Parquet).")] = None,
    events: Annotated[
        Path | None, typer.Option(help="Dated facts that start the clock: columns person and date.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Key file of a store with pseudonyms: the tables given get them too.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--every", help="Every entry is a case, not only each person's first.")
    ] = False,
    engine: Annotated[EngineName, typer.Option(help="What does the work.")] = EngineName.duckdb,
) -> None:
    """A row for each case: index week, histories and outcomes. A run that was stopped goes on where it was."""
    from indsats import register

    question = _question(definition, evaluation, preset, question_file)
    if question.needs_hours and hours is None:
        what = "the question needs monthly hours, and none are given"
        raise InputRefused([Problem(what, "Give a file of them with --hours", "register outcomes")])
    if question.index.happening is not None and events is None:
        what = "the clock starts at dated facts, and none are given"
        raise InputRefused([Problem(what, "Give a file of them with --events", "register outcomes")])
    store = register.open_store(folder)
    secret = None if key is None else register.read_key(key, data=folder)

    def known_as(table: pl.DataFrame) -> pl.DataFrame:
        """The table with persons as the store names them."""
        return table if secret is None else table.with_columns(register.pseudonyms(table["person"], secret))

    with progress_bars() as progress:
        written = register.outcomes(
            store,
            question,
            out=into,
            persons=None if persons is None else known_as(register.read_background(persons)),
            hours=None if hours is None else known_as(register.read_hours_file(hours)),
            events=None if events is None else known_as(register.read_events(events)),
            every=every,
            engine=engine.value,
            progress=progress,
        )
    out.print(f"[green]✓[/] {written['cases'].sum():,} cases in {escape(str(into))}")


def _question(
    definition: str | None, evaluation: str | None, preset: str | None, own: Path | None
) -> Question:
    from indsats import library, register

    if sum(given is not None for given in (definition, preset, own)) != 1:
        what = "the question is a programme's, a preset or your own, and one of them"
        raise InputRefused([Problem(what, "Give --programme, --preset or --question", "register outcomes")])
    if own is not None:
        return register.read_question(own)
    if preset is not None:
        if preset not in library.register_presets():
            known = ", ".join(library.register_presets())
            raise InputRefused(
                [Problem(f"there is no preset '{preset}'", f"Give one of: {known}", "--preset")]
            )
        return register.preset(preset)
    programme = load(definition or "")
    asked = [name for name, part in programme.evaluations.items() if part.index is not None]
    if not asked:
        what = f"no evaluation of '{programme.programme}' asks anything of a register"
        raise InputRefused([Problem(what, "Choose another programme", "--programme")])
    if evaluation is not None and evaluation not in asked:
        what = f"'{evaluation}' is no evaluation on registers"
        raise InputRefused([Problem(what, f"Give one of: {', '.join(asked)}", "--evaluation")])
    return register.question_of(programme, evaluation or asked[0])


@app.command()
def key(path: Annotated[Path, typer.Argument(help="File to write; must not exist.")]) -> None:
    """Make a key for pseudonyms. Keep it outside the data: with it, and the persons, they can be undone."""
    from indsats import register

    register.new_key(path)
    out.print(f"[green]✓[/] a new key in {escape(str(path))}, readable by you only")
