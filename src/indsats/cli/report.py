"""The commands that write reports: run, and the group report: verify, attack, releases, letters, citizen."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from indsats.problem import InputRefused, Problem

from .arguments import (
    REFUSED,
    Language,
    err,
    load,
    moment,
    out,
    period_of,
    progress_bars,
    refuse_inside,
)

if TYPE_CHECKING:
    from indsats.report import Order
    from indsats.run import Ran

app = typer.Typer(
    help="Verify reports, attack them, list what left, and write letters.", invoke_without_command=True
)


class Written(StrEnum):
    """What a report can be written as."""

    html = "html"
    pdf = "pdf"
    word = "word"


Definition = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or the path of a definition folder.")
]
VersionNumber = Annotated[int | None, typer.Option("--version", help="Version; the newest when left out.")]
Data = Annotated[Path, typer.Option(help="Folder with facts and registers.")]
Folder = Annotated[Path, typer.Option("--out", help="Folder for the report's files.")]
ReportId = Annotated[
    str | None, typer.Option("--report", help="Which of the definition's reports; the first when left out.")
]
Lang = Annotated[Language, typer.Option(help="Language of the report.")]
AsOf = Annotated[
    str | None, typer.Option(help="What was known at this time, YYYY-MM-DD[THH:MM]; all when left out.")
]
PeriodAsked = Annotated[
    str | None, typer.Option(help="Reported period, 2016-01-01/2016-06-30; the last whole one when left out.")
]
Formats = Annotated[
    list[Written], typer.Option("--format", help="html, pdf or word; give it again for several.")
]
WordTemplate = Annotated[
    Path | None, typer.Option(help="Your own Word file: its styles, logo, header and footer are used.")
]
Prices = Annotated[
    Path | None, typer.Option(help="Your own prices, .csv or .xlsx; those in the data folder when left out.")
]
Last = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the last report: what changed is told from it. Made again from the facts when left out."
    ),
]
ReleaseName = Annotated[
    str | None,
    typer.Option(
        help="Note in the data folder that this leaves the house, by this name: later reports are protected."
    ),
]
HiddenLog = Annotated[
    Path | None, typer.Option(help="Write what is hidden and why to this file. It stays in the house.")
]


def run_command(
    definition: Definition,
    folder: Folder,
    data: Annotated[
        Path | None, typer.Option(help="Folder with facts and registers; not needed for packaged data.")
    ] = None,
    lang: Lang = Language.da,
    as_of: AsOf = None,
    period: PeriodAsked = None,
    report: ReportId = None,
    formats: Formats = [Written.html],  # noqa: B006 - typer wants a list
    word_template: WordTemplate = None,
    prices: Prices = None,
    last: Last = None,
    release: ReleaseName = None,
    hidden_log: HiddenLog = None,
    version: VersionNumber = None,
) -> None:
    """The main job: from facts and registers to indicators, progression, effects and the report."""
    from indsats import run

    if data is not None:
        refuse_inside(folder, data, (".", "facts", "register", run.RELEASES))
    _refuse_log_in_report(hidden_log, folder)
    with progress_bars() as progress:
        ran = run.run_programme(
            load(definition, version),
            data=data,
            out=folder,
            order=_order(lang, formats, word_template, both=True),
            known=moment(as_of),
            period=period_of(period),
            report=report,
            last=None if last is None else run.read_frozen(last, lambda number: load(definition, number)),
            prices=prices,
            release=release,
            progress=progress,
        )
    _tell(ran, folder, hidden_log)


def _order(lang: Language, formats: Sequence[Written], template: Path | None, *, both: bool) -> Order:
    from indsats.report import Order

    return Order(lang.value, both, tuple(dict.fromkeys(one.value for one in formats)), template)


def _refuse_log_in_report(log: Path | None, folder: Path) -> None:
    if log is not None and log.resolve().is_relative_to(folder.resolve()):
        what = "the log tells which numbers are small, and would leave with the report"
        raise InputRefused([Problem(what, "Give it a place outside --out", file="--hidden-log")])


def _tell(ran: Ran, folder: Path, hidden_log: Path | None) -> None:
    for path in ran.paths:
        out.print(f"[green]✓[/] {escape(str(path))}")
    if ran.shown < ran.figures:
        out.print(f"{ran.shown:,} of {ran.figures:,} figures are shown; the others would tell of few people.")
    if hidden_log is not None:
        _write_log(ran, hidden_log)
    for one in ran.outdated:
        said = {
            "gone": "is no longer part of the report",
            "moved": "was changed by a writer, and its numbers or the words made by rule are not what they were",
            "alone": "was changed in this language alone",
        }[one.why]
        file = folder / f"text.{one.lang}.md"
        out.print(f"[yellow]![/] {escape(str(file))}: the text '{one.passage}' {said}", soft_wrap=True)


def _write_log(ran: Ran, hidden_log: Path) -> None:
    from indsats.report import log_csv

    hidden_log.write_text(log_csv(ran.hidden), "utf-8")
    hidden_log.chmod(0o600)
    out.print(f"[green]✓[/] {escape(str(hidden_log))} (stays in the house)")


@app.callback()
def report_command(
    context: typer.Context,
    verify: Annotated[
        Path | None, typer.Option(help="Make the report in this folder again and compare every file.")
    ] = None,
    definition: Annotated[
        str | None, typer.Option(help="The definition's folder; the report's own programme when left out.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with facts and registers.")] = None,
    last: Last = None,
    prices: Prices = None,
    word_template: WordTemplate = None,
) -> None:
    """Verify reports, attack them, list what left, and write letters."""
    if context.invoked_subcommand is not None:
        return
    if verify is None:
        print(context.get_help())  # noqa: T201
        return
    from indsats import run

    programme = definition or str(run.told_by(verify)["programme"])
    with progress_bars() as progress:
        found = run.verify(
            verify,
            lambda number: load(programme, number),
            data=data,
            last=None if last is None else run.read_frozen(last, lambda number: load(programme, number)),
            prices=prices,
            word_template=word_template,
            progress=progress,
        )
    for name in found.differ:
        out.print(f"[red]✗[/] {escape(name)} is not what is made today")
    for name in found.missing:
        out.print(f"[red]✗[/] {escape(name)} is not in the folder")
    if found.changed:
        out.print(
            f"Not as it was when the report was made: {escape(', '.join(found.changed))}", soft_wrap=True
        )
    if not found.holds:
        raise typer.Exit(REFUSED)
    out.print(f"[green]✓[/] {len(found.same)} files made again, each to the byte")


@app.command()
def releases(data: Data) -> None:
    """What left before, from this data folder: name, time, figures, and how many of them were shown."""
    from indsats import run
    from indsats.report import read_releases

    found = read_releases(data / run.RELEASES)
    table = Table("Release", "Left at (UTC)", "Figures", "Shown")
    for one in found:
        shown = sum(figure.shown for figure in one.figures)
        table.add_row(escape(one.name), f"{one.at:%Y-%m-%d %H:%M}", str(len(one.figures)), str(shown))
    out.print(table if found else "Nothing is noted as having left from here.")


Sites = Annotated[list[str], typer.Option("--site", help="Only these sites; give it again for several.")]


@app.command()
def letters(
    definition: Definition,
    data: Data,
    folder: Annotated[Path, typer.Option("--out", help="Folder that gets a folder for each site.")],
    report: Annotated[
        str | None, typer.Option("--report", help="A report about one site; the first one when left out.")
    ] = None,
    sites: Sites = [],  # noqa: B006 - typer wants a list
    lang: Lang = Language.da,
    as_of: AsOf = None,
    period: PeriodAsked = None,
    formats: Formats = [Written.html],  # noqa: B006 - typer wants a list
    word_template: WordTemplate = None,
    release: ReleaseName = None,
    hidden_log: HiddenLog = None,
    version: VersionNumber = None,
) -> None:
    """Write each site a letter about its own results. They are protected together: sites compare their letters."""
    from indsats import run

    refuse_inside(folder, data, (".", "facts", "register", run.RELEASES))
    _refuse_log_in_report(hidden_log, folder)
    with progress_bars() as progress:
        written = run.run_letters(
            load(definition, version),
            data=data,
            out=folder,
            report=report,
            sites=sites,
            order=_order(lang, formats, word_template, both=False),
            known=moment(as_of),
            period=period_of(period),
            release=release,
            progress=progress,
        )
    for ran in written.values():
        _tell(ran, ran.paths[0].parent, None)
    if hidden_log is not None:
        _write_log(next(iter(written.values())), hidden_log)


@app.command()
def citizen(
    definition: Definition,
    data: Data,
    folder: Annotated[
        Path, typer.Option("--out", help="Folder for the pages; its name must not tell whose.")
    ],
    report: Annotated[
        str | None, typer.Option("--report", help="A report about one person; the first one when left out.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            help="The person's id in the facts. Asked for when left out, so that no list of commands has it."
        ),
    ] = None,
    lang: Lang = Language.da,
    as_of: AsOf = None,
    formats: Formats = [Written.html],  # noqa: B006 - typer wants a list
    word_template: WordTemplate = None,
    version: VersionNumber = None,
) -> None:
    """Write one citizen the summary of what is recorded about them. It holds personal data, and nobody else's."""
    from indsats import run

    refuse_inside(folder, data, (".", "facts", "register", run.RELEASES))
    programme = load(definition, version)
    chosen = run.report_about(programme, report, "person")
    asked = (person or typer.prompt("Person", hide_input=True)).strip()
    bare, named = (
        "".join(sign for sign in text if sign.isalnum()) for text in (asked, str(folder.resolve()))
    )
    if bare and bare in named:
        what = "the name of the folder tells whose the summary is"
        raise InputRefused(
            [Problem(what, "Give --out a folder without the person's id in its name", file="--out")]
        )
    with progress_bars() as progress:
        ran = run.run_programme(
            programme,
            data=data,
            out=folder,
            order=_order(lang, formats, word_template, both=False),
            known=moment(as_of),
            report=chosen,
            about=asked,
            progress=progress,
        )
    for path in ran.paths:
        out.print(f"[green]✓[/] {escape(str(path))} (holds personal data)")


@app.command()
def attack(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of reports that one reader may have: attacked together.")
    ],
) -> None:
    """Try to work out hidden numbers from finished reports, as a reader could. Ends with 1 when one can be found.

    Only the files are read. Names what was found and never what it is.
    """
    from indsats.report import attack_files

    with err.status("attacking"):
        found = attack_files(folders)
    for one in found:
        part = {"n": "number", "d": "base", "rest": "rest of the base"}.get(
            one.part, one.part.removeprefix("x:")
        )
        how = "from sums" if one.how == "sums" else "from the difference between two reports"
        out.print(
            f"[red]✗[/] {escape(one.figure)}: the {escape(part)} can be narrowed down {how}", soft_wrap=True
        )
    if found:
        raise typer.Exit(REFUSED)
    out.print("[green]✓[/] no hidden number can be worked out from the tables in these files")
