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
    """Write the plan of each evaluation, with the time and a hash of its content, into the data folder."""
    from indsats.run import plans

    programme = load(definition)
    _must_be_folder(data)
    for name in [evaluation] if evaluation else programme.evaluations:
        entry = plans.register_plan(programme, name, data, datetime.now(UTC))
        read = plans.standing(programme, name, data).first_read
        late = ", after outcomes had been read" if read is not None and read <= entry.at else ""
        out.print(
            f"[green]✓[/] {escape(name)}: {entry.plan_hash[:12]} registered {entry.at:%Y-%m-%d %H:%M} UTC{late}"
        )


@app.command("status")
def status_command(definition: Definition, data: Data, evaluation: One = None) -> None:
    """Tell which plans are registered, when outcomes were first read, and what deviates."""
    from indsats.run import plans

    programme = load(definition)
    _must_be_folder(data)
    table = Table("Evaluation", "Registered", "Outcomes first read", "Deviations")
    for name in [evaluation] if evaluation else programme.evaluations:
        plan = plans.standing(programme, name, data)
        deviations = [one for one in plan.deviations if one.standing != "as planned"]
        told = "\n".join(f"{one.part} {one.item}: {one.standing}" for one in deviations) or "none"
        held, read = plan.registered, plan.first_read
        table.add_row(
            escape(name),
            "no" if held is None else f"{held.at:%Y-%m-%d %H:%M} {held.plan_hash[:12]}",
            "not yet" if read is None else f"{read:%Y-%m-%d %H:%M}",
            "" if held is None else escape(told),
        )
    out.print(table)


def _must_be_folder(data: Path) -> None:
    if not data.is_dir():
        raise InputRefused(
            [Problem("there is no such data folder", "Give the folder with the facts", str(data))]
        )
