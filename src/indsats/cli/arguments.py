"""What the commands are given, read and checked: definitions, days, periods, folders; and what they say."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from indsats import library
from indsats.language import ZONE, end_of
from indsats.problem import InputRefused, Problem

if TYPE_CHECKING:
    from indsats.programme import Period, Programme

out = Console(width=None if sys.stdout.isatty() else 160)
"""Where no terminal reads along, tables need not fit one."""
err = Console(stderr=True)

REFUSED = 1
STOPPED = 130


class Language(StrEnum):
    """The language of what a reader is shown."""

    da = "da"
    en = "en"


def refuse_inside(out: Path, data: Path, parts: tuple[str, ...]) -> None:
    """Writing into the data folder would turn what is read next time into something else."""
    for part in parts:
        if out.resolve() == (data / part).resolve():
            raise InputRefused(
                [
                    Problem(
                        f"{out} holds the data that are read", "Give --out a folder of its own", file="--out"
                    )
                ]
            )


def definition_path(name: str) -> Path:
    path = Path(name)
    if name in library.programmes():
        return library.definition_path(name)
    if path.exists():
        return path
    near = difflib.get_close_matches(name, library.programmes(), n=1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    known = ", ".join(library.programmes())
    raise InputRefused(
        [
            Problem(
                f"there is no programme or definition folder '{name}'",
                f"{meant}Give the path of a definition folder or one of: {known}",
            )
        ]
    )


def load(name: str, version: int | None = None) -> Programme:
    from indsats import programme

    return programme.load(definition_path(name), version)


def load_version(name: str) -> Programme:
    """A definition by folder, by id, or by either with ``@`` and a version's number."""
    bare, _, number = name.rpartition("@")
    if bare and not Path(name).exists():
        if not number.isdigit():
            raise InputRefused(
                [
                    Problem(
                        f"'{number}' is not the number of a version",
                        "Write a number after @, such as @2",
                        name,
                    )
                ]
            )
        return load(bare, int(number))
    return load(name)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputRefused(
            [Problem(f"'{text}' is not a day", "Write --on 2026-06-30", file="--on")]
        ) from None


def moment(text: str | None, option: str = "--as-of") -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputRefused(
            [
                Problem(
                    f"'{text}' is not a time", f"Write {option} 2016-06-30 or 2016-06-30T12:00", file=option
                )
            ]
        ) from None
    if len(text) == len("2016-06-30"):
        return end_of(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def period_of(text: str | None, option: str = "--period") -> Period | None:
    from indsats import programme

    if text is None:
        return None
    try:
        return programme.Period.model_validate(text)
    except ValueError as wrong:
        backwards = "before it begins" in str(wrong)
        what = f"'{text}' ends before it begins" if backwards else f"'{text}' is not a period"
        raise InputRefused([Problem(what, f"Write {option} 2016-01-01/2016-06-30", file=option)]) from None


def format_of(folder: Path) -> Literal["csv", "parquet", "xlsx"]:
    kinds = {path.suffix.lstrip(".") for path in (folder / "facts").glob("*")} if folder.exists() else set()
    return "parquet" if "parquet" in kinds else "xlsx" if "xlsx" in kinds else "csv"


def must_be_one(name: str | None, there: Iterable[str], what: str, option: str) -> None:
    """Refuses a name that is not there, and says which are."""
    names = list(there)
    if name is None or name in names:
        return
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    raise InputRefused(
        [Problem(f"there is no {what} '{name}'", f"{meant}Give one of: {', '.join(names)}", file=option)]
    )


def show(problems: Sequence[Problem]) -> None:
    for problem in problems[:50]:
        colour = "red" if problem.severity == "error" else "yellow"
        err.print(f"[{colour}]{escape(str(problem))}[/]", soft_wrap=True)
    if len(problems) > 50:
        err.print(f"… and {len(problems) - 50} more of the same run.")


@contextmanager
def progress_bars() -> Iterator[Callable[[int, int, str], None]]:
    """A bar per piece of work, shown on the terminal only and gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(
        *columns, TimeElapsedColumn(), console=err, transient=True, disable=not err.is_terminal
    ) as bars:
        tasks: dict[str, int] = {}

        def report(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        try:
            yield report
        except KeyboardInterrupt:
            err.print("Stopped. What was being written has been left as it was before.")
            raise typer.Exit(STOPPED) from None
