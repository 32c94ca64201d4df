"""The commands of evaluation plans: register, and status."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from indsats.problem import InputRefused, Problem

from .arguments import load, out

app = typer.Typer(
    help="Evaluation plans: registered before outcomes are read, compared with what is done.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

Definition = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or the path of a definition folder.")
]
Data = Annotated[Path, typer.Option("--data", help="Data folder the evaluation will be made in.")]
One = Annotated[str | None, typer.Option("--evaluation", help="One evaluation; all when left out.")]


@app.command("register")
def register_command(definition: Definition, data: Data, evaluation: One = None) -> None:
    """Write the plan of each evaluation, with the time and a hash of its content, into the data folder.

    Evaluations on packaged tables are left out: anybody can have read their outcomes.
    """
    from indsats.run import plans

    programme = load(definition)
    _must_be_folder(data)
    packaged = [name for name, asked in programme.evaluations.items() if asked.rows]
    chosen = [name for name in programme.evaluations if name not in packaged]
    if evaluation is not None:
        chosen, packaged = [evaluation], []
    elif not chosen:
        what = f"'{programme.programme}' has no evaluation on registers, so there is no plan to register"
        raise InputRefused([Problem(what, "Register plans of programmes that have one", definition)])
    for name in chosen:
        entry = plans.register_plan(programme, name, data, datetime.now(UTC))
        late = ", after outcomes had been read" if plans.standing(programme, name, data).first_read else ""
        out.print(
            f"[green]✓[/] {escape(name)}: {entry.plan_hash[:12]} registered {entry.at:%Y-%m-%d %H:%M} UTC{late}"
        )
    for name in packaged:
        out.print(
            f"{escape(name)}: left out, it is on packaged tables and anybody can have read its outcomes"
        )


@app.command("status")
def status_command(definition: Definition, data: Data, evaluation: One = None) -> None:
    """Tell which plans are registered, when outcomes were first read, and what deviates."""
    from indsats.run import plans

    programme = load(definition)
    _must_be_folder(data)
    table = Table("Evaluation", "Registered", "Outcomes first read", "Deviations")
    for name in programme.evaluations if evaluation is None else [evaluation]:
        plan = plans.standing(programme, name, data)
        if programme.evaluations[name].rows:
            table.add_row(escape(name), "packaged tables, no plan", "", "")
            continue
        deviations = [one for one in plan.deviations if one.standing != "as planned"]
        told = "\n".join(f"{one.part} {one.item}: {one.standing}" for one in deviations) or "none"
        held, read = plan.registered, plan.first_read
        late = "" if plan.in_time else ", after outcomes had been read"
        table.add_row(
            escape(name),
            "no" if held is None else f"{held.at:%Y-%m-%d %H:%M} {held.plan_hash[:12]}{late}",
            "not yet" if read is None else f"{read:%Y-%m-%d %H:%M}",
            "" if held is None else escape(told),
        )
    out.print(table)
    if plans.interrupted(data):
        out.print(
            "The last line of the journal was interrupted and does not count; the next one replaces it."
        )


def _must_be_folder(data: Path) -> None:
    if not data.is_dir():
        raise InputRefused(
            [Problem("there is no such data folder", "Give the folder with the facts", str(data))]
        )
