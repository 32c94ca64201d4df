"""The last report: what its files say it was made from, so that it can be made again and held against the new one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from indsats import __version__
from indsats.figure import Figure
from indsats.language import end_of
from indsats.problem import InputRefused, Problem
from indsats.programme import Duration, Period, Programme, SinceBlock, content_hash
from indsats.record import Facts
from indsats.report import RESULTS, Basis
from indsats.steer import Frozen


def basis_of(programme: Programme, facts: Facts | None, inputs: Mapping[str, str] | None = None) -> Basis:
    """What a report is made from: definition and code, where the data end, when they were last added to, and hashes of
    what was read."""
    end, until = (None, None) if facts is None else (facts.last_day, recorded_until(facts))
    return Basis(content_hash(programme), end, until, __version__, inputs or {})


def recorded_until(facts: Facts) -> datetime | None:
    """The time of the view, or of the newest registration, correction or withdrawal."""
    if facts.known is not None:
        return facts.known
    newest: list[datetime] = []
    for table in (facts.versions or facts.facts).values():
        for name in ("recorded_at", "replaced_at"):
            found = table.select(pl.col(name).max()).item()
            newest += [] if found is None else [found]
    return max(newest, default=None)


def read_frozen(place: Path, of_version: Callable[[int], Programme]) -> Frozen:
    """The report in ``place``, a folder that ``indsats run`` wrote or its ``results.json``.

    ``of_version`` loads the definition by the number of its version. Figures that the report did not show are not
    among ``written``. Raises InputRefused for a file that is no such report, and for one that belongs to no period or
    was written without what it takes to make it again.
    """
    file = place / RESULTS if place.is_dir() else place
    try:
        told = json.loads(file.read_text("utf-8"))
        programme, version = str(told["programme"]), int(told["version"])
        known, period = told["recorded_until"], told["period"]
        figures, data_end, definition = told["figures"], told["data_end"], told["definition"]
        if known is None or period is None or data_end is None:
            raise _refused(file, "the report belongs to no period or was made without facts")
        return Frozen(
            Period.model_validate(period),
            datetime.fromisoformat(known).astimezone(UTC),
            _same(of_version(version), programme, file),
            date.fromisoformat(data_end),
            {figure["id"]: _figure(figure) for figure in figures if _is_level(figure)},
            definition,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as failed:
        raise _refused(file, "that is no report this edition can make again") from failed


def _same(definition: Programme, programme: str, file: Path) -> Programme:
    if definition.programme != programme:
        raise _refused(file, f"the report is about '{programme}' and not '{definition.programme}'")
    return definition


def _refused(file: Path, what: str) -> InputRefused:
    remedy = f"Give the folder that 'indsats run' wrote the last report to, with its {RESULTS}"
    return InputRefused([Problem(what, remedy, str(file))])


def _is_level(figure: Mapping[str, Any]) -> bool:
    return str(figure["id"]).startswith("indicator/") and not figure["hidden"]


def _figure(told: Mapping[str, Any]) -> Figure:
    return Figure(
        told["id"],
        told["value"],
        told["unit"],
        told["numerator"],
        told["denominator"],
        told["excluded"],
        low=told["low"],
        high=told["high"],
        method=told["method"],
        of=told["of"],
    )


def report_before(facts: Facts, block: SinceBlock, period: Period) -> Frozen:
    """The report a block of a definition is held against when no file of it is at hand.

    It ended ``months`` before (as long as the period is), and knew what was recorded ``known_after`` its end.
    """
    length = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    before = earlier(period, block.months or length)
    day = facts.programme.length(block.known_after).after(before.last)
    known = end_of(day)
    return Frozen(before, known if facts.known is None else min(known, facts.known), facts.programme)


def earlier(period: Period, months: int) -> Period:
    """The period so many months before; one that ended with its month still does."""
    back = Duration(months=-months)
    following = date.fromordinal(period.last.toordinal() + 1)
    return Period(
        first=back.after(period.first), last=date.fromordinal(back.after(following).toordinal() - 1)
    )
