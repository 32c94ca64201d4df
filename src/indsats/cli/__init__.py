"""The commands: check, diff, publish, schema, simulate, run, replicate, coverage, import, export, and their groups."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from indsats import __version__
from indsats.problem import InputRefused, Problem

from . import economy as economy_commands
from . import measure as measure_commands
from . import plan as plan_commands
from . import register as register_commands
from . import report as report_commands
from . import server as server_commands
from . import steer as steer_commands
from . import steer_tables as steer_tables  # adds its commands to those of steer
from . import steer_worklist as steer_worklist  # and so does this
from .arguments import (
    REFUSED,
    STOPPED,
    Language,
    day,
    definition_path,
    err,
    format_of,
    load,
    load_version,
    out,
    progress_bars,
    refuse_inside,
    show,
)

# A room is imported by the command that needs it: together they load pandas, SciPy and Altair, and nobody
# should wait seconds for a list of commands.

app = typer.Typer(
    name="indsats",
    help="Run, steer and evaluate employment programmes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


app.add_typer(register_commands.app, name="register")
app.add_typer(plan_commands.app, name="plan")
app.add_typer(measure_commands.app, name="measure")
app.add_typer(steer_commands.app, name="steer")
app.add_typer(economy_commands.app, name="economy")
app.add_typer(report_commands.app, name="report")
app.command("run")(report_commands.run_command)
app.add_typer(server_commands.users, name="user")
app.command("serve")(server_commands.serve_command)
app.command("rebuild")(server_commands.rebuild_command)


class Format(StrEnum):
    """The file format of an export."""

    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"


Definition = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or the path of a definition folder.")
]
VersionNumber = Annotated[int | None, typer.Option("--version", help="Version; the newest when left out.")]


def main() -> None:
    """Run the command line; a refused input ends with sentences, not with a traceback.

    Stopped with Ctrl-C it ends with 130 wherever that happens: an interrupt inside a library may come out of it as
    an error of another kind.
    """
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        _run()
    except BaseException as ended:
        if stopped and not (isinstance(ended, SystemExit) and ended.code in (None, 0, STOPPED)):
            err.print("Stopped.")
            sys.exit(STOPPED)
        raise


def _run() -> None:
    try:
        app()
    except InputRefused as refused:
        show(refused.problems)
        sys.exit(REFUSED)
    except OSError as failed:
        from indsats.register.writing import no_room

        if no_room(failed):  # a full disk is told without the file's name when the file was open already
            where = f"{failed.filename}: " if failed.filename else ""
            show([Problem(f"{where}there is no room left on the disk", "Make room, or choose another place")])
            sys.exit(REFUSED)
        place = failed.filename2 or failed.filename
        if place is None:
            raise
        reason = (failed.strerror or "cannot be read or written").lower()
        show([Problem(f"{place}: {reason}", "Give a file or folder that exists and that you may use")])
        sys.exit(REFUSED)


@app.command()
def check(
    definition: Definition,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the definition back in plain words, to be confirmed.")
    ] = False,
    lang: Annotated[Language, typer.Option(help="Language of the explanation.")] = Language.da,
    data: Annotated[
        Path | None,
        typer.Option(help="Data folder: warn of windows longer than its data, and of nothing to divide by."),
    ] = None,
) -> None:
    """Check a programme definition. Ends with 1 when there are errors; writes nothing."""
    from indsats import programme

    if as_json and explain:
        problem = Problem("--json and --explain cannot both be printed", "Ask for one of them", file="check")
        raise InputRefused([problem])
    reading = programme.examine(definition_path(definition))
    problems, found = reading.problems, reading.programme
    if data is not None and not reading.errors:
        from indsats import run

        with progress_bars() as progress:
            problems = (*problems, *run.check_data(reading, data, progress))
    if as_json:
        print(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))  # noqa: T201
    else:
        show(problems)
        if explain and not reading.errors and found is not None:
            print(programme.explain(found, lang.value))  # noqa: T201 - to be read, piped or printed as it is
        elif not reading.errors and found is not None:
            warnings = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
            out.print(
                f"[green]✓[/] {escape(found.programme)} version {found.version}: no errors, {warnings}."
            )
    if reading.errors:
        raise typer.Exit(REFUSED)


@app.command("diff")
def diff_command(
    old: Annotated[
        str, typer.Argument(help="A folder, a programme's id, or NAME@2 for one of its versions.")
    ],
    new: Annotated[str, typer.Argument(help="The same, of the version to compare with it.")],
    lang: Annotated[Language, typer.Option(help="Language of the differences.")] = Language.da,
) -> None:
    """Tell in words what changed between two definitions, part by part."""
    from indsats import programme

    changes = programme.diff(load_version(old), load_version(new))
    if not changes:
        out.print("no differences" if lang is Language.en else "ingen forskelle")
    part = ""
    for change in changes:
        heading, _, place = change.place.in_(lang.value).partition(" › ")
        if heading != part:
            part = heading
            out.print(f"\n[bold]{escape(heading)}[/]")
        said = f"{place}: {change.what.in_(lang.value)}" if place else change.what.in_(lang.value)
        out.print(escape(f"  {said}"), soft_wrap=True)


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="The folder of one version of a definition.")],
    on: Annotated[
        str | None, typer.Option(help="Day of publication, YYYY-MM-DD; today when left out.")
    ] = None,
) -> None:
    """Publish a version: from now on its content cannot change without being refused."""
    from indsats import programme

    written = programme.publish(folder, day(on) if on else datetime.now(UTC).date())
    out.print(f"[green]✓[/] published; the content is held by {escape(str(written))}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a definition, for editors."""
    from indsats import programme

    print(json.dumps(programme.schema(), ensure_ascii=False, indent=2))  # noqa: T201


@app.command("simulate")
def simulate_command(
    definition: Definition,
    folder: Annotated[Path, typer.Option("--out", help="Folder to write; must not exist or be empty.")],
    persons: Annotated[int, typer.Option(help="Number of persons.")] = 3000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
) -> None:
    """Write synthetic facts, registers and truth.json with what was planted."""
    from indsats import simulate

    with progress_bars() as progress:
        written = simulate.simulate(load(definition), persons, seed, folder, progress)
    out.print(f"[green]✓[/] {persons:,} synthetic persons in {escape(str(written))}")


@app.command("replicate")
def replicate_command(
    document: Annotated[
        str | None, typer.Argument(help="A document or programme; all when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Recompute printed figures. Ends with 1 when a difference is not explained."""
    from indsats import replicate

    with err.status("recomputing"):
        rows = replicate.replicate(document)
    if as_json:
        print(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=2))  # noqa: T201
    else:
        table = Table("Figure", "Line", "Printed", "Recomputed", "Verdict")
        for row in rows:
            recomputed = "" if row.recomputed is None else row.shown
            verdict = row.verdict.replace("_", " ") + (" (rebuilt)" if row.basis == "rebuilt" else "")
            table.add_row(escape(row.id), escape(row.lines), str(row.printed), recomputed, verdict)
        out.print(table)
        for row in rows:
            if row.reason is not None:
                out.print(f"[bold]{escape(row.id)}[/]: {escape(row.reason.en)}", soft_wrap=True)
        verdicts = Counter(row.verdict.replace("_", " ") for row in rows)
        out.print(
            f"{len(rows)} figures: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
        )
    if any(row.verdict == "unexplained" for row in rows):
        raise typer.Exit(REFUSED)


@app.command("coverage")
def coverage_command(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the report and coverage.csv.")],
    runs: Annotated[int, typer.Option(min=2, help="Independent draws for each estimator and world.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same table.")] = 1,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.da,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 2,
) -> None:
    """Try every estimator on simulated worlds: does its 95% interval hold the truth 95 times in 100?

    Ends with 1 when the interval of an estimator covers less than 93% or more than 97%, or when the estimator
    refuses more than 1% of the draws.
    """
    from indsats import simulate
    from indsats.register.writing import put
    from indsats.report import write
    from indsats.run import coverage_document

    folder.mkdir(
        parents=True, exist_ok=True
    )  # a folder that cannot be written is told now and not after minutes
    with progress_bars() as progress:
        found = simulate.coverage(runs, seed, workers=workers, progress=progress)
        write(coverage_document(found, runs, seed), folder, lang.value, both=True, progress=progress)
        put(table := folder / "coverage.csv", found.write_csv().encode())
        table.chmod(0o644)  # about nobody, and as open as the report beside it
    for row in found.iter_rows(named=True):
        sign = "[green]✓[/]" if row["within"] else "[red]✗[/]"
        covered = "-" if row["coverage"] is None else f"{row['coverage']:.3f}"
        part = "" if row["part"] == "effect" else f", {row['part']}"
        refused = f", {row['failed']} refused" if row["failed"] else ""
        told = f"{covered} {row['estimator']}, {row['world']}{part}{refused}"
        out.print(f"{sign} {escape(told)}", soft_wrap=True, highlight=False)
    out.print(f"{found['within'].sum()} of {found.height} intervals cover as they say")
    if not found["within"].all():
        raise typer.Exit(REFUSED)


@app.command("import")
def import_command(
    definition: Definition,
    files: Annotated[
        list[Path], typer.Argument(help="CSV, Excel or Parquet files named after their kind of fact.")
    ],
    into: Annotated[
        Path, typer.Option(help="Data folder the facts are added to; made when it does not exist.")
    ],
    by: Annotated[str, typer.Option(help="Who recorded the facts, as a role or system.")] = "import",
    errors: Annotated[
        Path | None, typer.Option(help="Where the error file goes when the import is refused.")
    ] = None,
    synthetic: Annotated[
        bool,
        typer.Option(help="Begin a folder of simulated data, where invented person numbers are right."),
    ] = False,
) -> None:
    """Add facts from files, all or nothing. A refused import writes an error file and nothing else."""
    from indsats import record

    found = load(definition)
    with progress_bars() as progress:
        interrupted = into.with_name(f".{into.name}.old").exists()  # read_record says how to put it back
        before = record.read_record(into, found, progress) if into.exists() or interrupted else None
        start = record.empty_record(found, synthetic=True) if before is None and synthetic else before
        after = record.import_files(
            files,
            found,
            start,
            errors_to=errors or into.parent / f"{into.name}-errors.csv",
            recorded_at=datetime.now(UTC),
            recorded_by=by,
        )
        record.write_record(after, into, format_of(into))
    count = sum(table.height for table in after.facts.values())
    earlier = sum(table.height for table in before.facts.values()) if before else 0
    added = count - earlier
    what = "fact" if added == 1 else "facts"
    out.print(f"[green]✓[/] {added:,} {what} added; {count:,} in {escape(str(into))}")


@app.command("export")
def export_command(
    definition: Definition,
    data: Annotated[Path, typer.Option(help="Data folder to read.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder to write.")],
    form: Annotated[Format, typer.Option("--format", help="File format.")] = Format.csv,
) -> None:
    """Write every version of every fact; the files import again unchanged."""
    from indsats import record

    refuse_inside(folder, data, (".", "facts", "register"))
    with progress_bars() as progress:
        found = record.read_record(data, load(definition), progress)
        record.write_record(found, folder, form.value)
    out.print(f"[green]✓[/] {sum(t.height for t in found.facts.values()):,} facts in {escape(str(folder))}")


@app.callback(invoke_without_command=True)
def _root(
    show: Annotated[bool, typer.Option("--version", help="Show the version of indsats.")] = False,
) -> None:
    if show:
        out.print(f"indsats {__version__}")
        raise typer.Exit
