"""How many open cases each worker has in a role, and who has more than the programme allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import CaseloadIndicator, Period
from indsats.record import setting_values

from . import reasons
from .counted import Counted, rows_of
from .exposure import observed
from .selection import Scope, open_on, recorded

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class RoleCaseload:
    """Cases per worker of one role on a day.

    ``workers`` has a row per worker: ``worker``, ``unit``, ``site`` (where most of the cases are), ``cases``,
    ``ceiling`` (null: none is set) and ``above``; most cases first. ``mean``: cases (numerator) per worker
    (denominator); ``most``: the largest number one worker has; ``above``: among workers with a ceiling, the share
    above it. ``excluded`` of ``mean`` counts open cases without a worker in the role (``no_worker``).
    """

    role: str
    workers: pl.DataFrame
    mean: Figure
    most: Figure
    above: Figure


def caseload(
    facts: Facts, day: date, *, role: str | None = None, unit: str | None = None
) -> tuple[RoleCaseload, ...]:
    """Open cases per worker on ``day``, for one role or for each that ``caseloads`` is about, in that order.

    A case is an enrolment begun by then and not ended (the day of exit is no longer open). Its worker is the one
    of the latest assignment of the role on or before the day that has not ended; who is assigned a role that
    combines others has their cases too. The ceiling is ``most`` of the role's caseload, or the value of its
    setting that the worker's site had chosen by the day. With ``unit`` only enrolments in it count, and a worker's
    cases elsewhere are not seen. Raises KeyError for a role the programme does not have.
    """
    if role is not None and role not in facts.programme.roles:
        raise KeyError(role)
    roles = (
        [role]
        if role is not None
        else list(dict.fromkeys(c.role for c in facts.programme.caseloads.values()))
    )
    scope = Scope.of(unit, None)
    return tuple(_of_role(facts, day, name, scope) for name in roles)


def cases_per_worker(facts: Facts, asked: CaseloadIndicator, period: Period) -> Counted:
    """Open cases per worker of a role on the last day observed: numerator the cases, denominator the workers.

    Open cases without a worker in the role are left out (``no_worker``).
    """
    seen = observed(facts, period)
    day = period.last if seen is None else seen.last
    held = _held(facts, day, asked.role, asked.service)
    alone = pl.col("worker").is_null()
    held = held.with_columns(reason=pl.when(alone).then(pl.lit(reasons.NO_WORKER)))
    rows = rows_of(
        held, key=pl.col("worker"), n=pl.when(~alone).then(1.0), d=pl.when(~alone).then(1.0), day=pl.lit(day)
    )
    return Counted(rows, "mean", "total", sampled=False, known=seen is not None)


def responsible(facts: Facts, day: date, roles: Sequence[str]) -> pl.DataFrame:
    """Who holds each of ``roles`` for each enrolment on ``day``: ``enrolment``, ``role``, ``worker``.

    It is the worker of the latest assignment on or before the day that has not ended.
    """
    return (
        recorded(facts, "assigned")
        .filter(pl.col("role").is_in(list(roles)) & (pl.col("occurred_from") <= day))
        .filter(pl.col("occurred_to").is_null() | (pl.col("occurred_to") >= day))
        .sort("occurred_from", "recorded_at", "id")
        .unique(["enrolment", "role"], keep="last", maintain_order=True)
        .select("enrolment", "role", "worker")
    )


def _held(facts: Facts, day: date, role: str, service: str | None = None) -> pl.DataFrame:
    """The enrolments open on a day, each with its ``worker`` in the role; null where there is none."""
    held = responsible(facts, day, [role]).drop("role")
    return open_on(facts, day, service).join(held, on="enrolment", how="left")


def _of_role(facts: Facts, day: date, role: str, scope: Scope) -> RoleCaseload:
    held = scope.rows(_held(facts, day, role))
    places = held.drop_nulls("worker").group_by("worker", "unit", "site").agg(cases=pl.len())
    # A worker with cases at several sites belongs where most of them are.
    home = places.sort("cases", "site", descending=[True, False]).unique(
        "worker", keep="first", maintain_order=True
    )
    workers = (
        home.select("worker", "unit", "site")
        .join(places.group_by("worker").agg(pl.col("cases").sum().cast(pl.Int64)), on="worker")
        .with_columns(day=pl.lit(day))
    )
    workers = (
        workers.with_columns(_ceiling(facts, workers, role).alias("ceiling"))
        .drop("day")
        .with_columns(above=pl.col("cases") > pl.col("ceiling"))
        .sort("cases", "worker", descending=[True, False])
    )
    stem = f"caseload/{role}/{scope.label}/{day}"
    alone = held.height - int(workers["cases"].sum())
    number, total = workers.height, float(workers["cases"].sum())
    largest = workers["cases"].max()
    return RoleCaseload(
        role,
        workers,
        Figure(
            f"{stem}/mean",
            total / number if number else None,
            "mean",
            total,
            float(number),
            {reasons.NO_WORKER: alone} if alone else {},
        ),
        Figure.count(f"{stem}/most", float(largest))  # type: ignore[arg-type]
        if largest is not None
        else Figure(f"{stem}/most", None, "count"),
        Figure.share(f"{stem}/above", int(workers["above"].sum()), workers["above"].drop_nulls().len()),
    )


def _ceiling(facts: Facts, workers: pl.DataFrame, role: str) -> pl.Series:
    """The most cases each of ``workers`` (with ``site`` and ``day``) may have; null where nothing is set."""
    for asked in facts.programme.caseloads.values():
        if asked.role != role:
            continue
        if asked.setting is not None:
            return setting_values(facts, workers, "day", asked.setting)
        if asked.most is not None:
            return pl.repeat(asked.most, workers.height, dtype=pl.Float64, eager=True)
    return pl.repeat(None, workers.height, dtype=pl.Float64, eager=True)
