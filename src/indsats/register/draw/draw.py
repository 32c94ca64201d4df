"""The population draw: who is drawn for what, by a seed, within strata or balanced, and who is left out why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from .allocation import allocate, whole_sizes
from .cube import cube
from .persons import (
    Covariate,
    check_persons,
    covariates_of,
    fingerprint,
    first_reason,
    holds,
    matrix_of,
    read_rules,
    strata_of,
    turns_of,
    uniform_of,
)
from .plan import OUTSIDE, UNKNOWN, WAITING_LIST, DrawPlan, plan_as_json, settled

_METHOD = (
    "Turn: SHA-256 of the seed in decimal digits, a line feed and the person, the smallest first. A group takes its"
    " number from each stratum in that order, or, where it is balanced, by the cube method (Deville & Tillé 2004)."
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a draw.

    ``table``: one row a person, sorted by ``person``; ``group`` (null for nobody's), ``stratum`` (null without strata),
    ``excluded_because`` (null for none; with a group: drawn and left out afterwards) and ``order`` (Int64, from 1:
    the person's turn among all who could be drawn, null for the others). ``log`` can be written as JSON and names
    no person: what was asked, the seed, the hash of the input, the counts of each step, of each stratum with the
    chances it gave, and of what was balanced.
    """

    table: pl.DataFrame
    log: dict[str, Any]

    def members(self, group: str) -> pl.DataFrame:
        """The rows of those who are in ``group`` and not left out."""
        return self.table.filter((pl.col("group") == group) & pl.col("excluded_because").is_null())


def draw(persons: pl.DataFrame, plan: DrawPlan, seed: int, progress: Progress | None = None) -> Drawn:
    """Draws groups of ``persons`` as ``plan`` says; the same persons, plan and seed always give the same.

    ``persons`` has ``person`` (text or whole numbers, each once) and the fields the plan names; the order of its rows
    does not matter. A person's turn hangs on the seed and the person alone, so anybody can check it with any
    program. Without strata everybody who can be drawn has the same chance, balanced or not; with strata everybody
    in a stratum has, and with ``rounding="equal_chance"`` everybody in all (proportional allocation). Balancing takes
    about 0.1 second per thousand people; ``progress`` is told and may raise to stop.

    Raises ``InputRefused`` for missing or double persons, missing columns, rules that cannot be used, and groups
    larger than there are people.
    """
    plan, seed = settled(plan, seed)
    check_persons(persons, [*plan.strata, *plan.balance])
    texts = {**({"within": plan.within} if plan.within is not None else {}), **plan.before, **plan.after}
    rules = read_rules(persons, texts, plan.as_of)
    read = {*plan.strata, *plan.balance, *(name for rule in rules.values() for name in rule.fields)}
    table = persons.select("person", *sorted(read - {"person"})).sort("person")
    told = {key: holds(table, rule, plan.as_of) for key, rule in rules.items()}
    before = first_reason(table.height, {key: told[key] for key in plan.before})
    if plan.within is not None:
        before = before.set(~told["within"], OUTSIDE).set(told["within"].is_null(), UNKNOWN)
    able = np.flatnonzero(before.is_null().to_numpy())
    turns = turns_of(table["person"].cast(pl.String).to_list(), seed)
    able = able[np.argsort(turns[able], kind="stable")]
    covariates = covariates_of(table, plan.balance)
    stratum = strata_of(table, plan.strata)
    group, strata = _take(stratum, able, plan, matrix_of(covariates), seed, progress)
    order = np.zeros(table.height, dtype=np.int64)
    order[able] = np.arange(1, len(able) + 1)
    result = pl.DataFrame(
        {
            "person": table["person"],
            "group": group,
            "stratum": stratum,
            "excluded_because": before,
            "order": pl.Series(order).set(pl.Series(order == 0), None),
        }
    )
    reasons = ([OUTSIDE, UNKNOWN] if plan.within is not None else []) + list(plan.before)
    steps: list[dict[str, Any]] = [{"step": "given", "persons": table.height}]
    for key in reasons:
        unknown = {"unknown": told[key].null_count()} if key in told else {}
        steps.append(
            {"step": "left_out_before", "reason": key, "persons": int((before == key).sum()), **unknown}
        )
    steps.append({"step": "can_be_drawn", "persons": len(able)})
    names = [*plan.groups, *([WAITING_LIST] if plan.waiting else []), *([plan.rest] if plan.rest else [])]
    steps += [{"step": "drawn", "group": name, "persons": int((group == name).sum())} for name in names]
    chosen = group.is_in([*plan.groups, WAITING_LIST])
    after = first_reason(table.height, {key: told[key] for key in plan.after})
    for key in plan.after:
        unknown = int((told[key].is_null() & chosen).sum())
        holding = int(((after == key) & chosen).sum())
        steps.append({"step": "asked_after", "reason": key, "persons": holding, "unknown": unknown})
    log = {
        "method": _METHOD,
        "seed": seed,
        "plan": plan_as_json(plan),
        "input": {"rows": table.height, "columns": table.columns, "sha256": fingerprint(table)},
        "steps": steps,
        "strata": strata,
        "balance": _means(covariates, able, group, names),
    }
    decided = pl.DataFrame({"person": table["person"], "reason": after}).filter(chosen & after.is_not_null())
    return leave_out(Drawn(result, log), decided) if decided.height else Drawn(result, log)


def leave_out(drawn: Drawn, decided: pl.DataFrame, *, fill: bool = True) -> Drawn:
    """The draw once people who were drawn have been left out, for the reasons decided.

    ``decided`` has ``person`` and ``reason``. Whoever is left out keeps the group drawn for and gets the reason. With
    ``fill`` the next on the waiting list of the same stratum moves up, as long as there is one. Can be done again
    with those who moved up. The log gains the counts, by reason and group.

    Raises ``InputRefused`` for people who were not drawn or are left out already, doubles, and missing reasons.
    """
    table = drawn.table
    lacking = [name for name in ("person", "reason") if name not in decided.columns]
    if lacking:
        remedy = "Give a table with the columns person and reason"
        raise InputRefused([Problem(f"there is no column '{name}'", remedy, field=name) for name in lacking])
    if decided["person"].dtype != table["person"].dtype:
        remedy = "Name persons as in the draw"
        raise InputRefused([Problem("the persons to be left out are named differently", remedy)])
    taken = [*drawn.log["plan"]["groups"], WAITING_LIST]
    open_ = table.filter(pl.col("group").is_in(taken) & pl.col("excluded_because").is_null())
    wrong = decided.join(open_, on="person", how="anti").height
    problems = []
    if wrong:
        remedy = "Name only people who were drawn or wait, each once, and are not left out already"
        problems.append(Problem(f"{wrong} persons to be left out cannot be", remedy))
    if not decided["person"].is_unique().all():
        problems.append(
            Problem("somebody is to be left out twice", "Give one reason a person", field="person")
        )
    if decided["reason"].null_count():
        problems.append(Problem("a reason is missing", "Give a reason for everybody", field="reason"))
    if problems:
        raise InputRefused(problems)
    marked = (
        table.join(decided.select("person", reason=pl.col("reason").cast(pl.String)), on="person", how="left")
        .with_columns(excluded_because=pl.coalesce("excluded_because", "reason"))
        .sort("person")
    )
    counts = marked.drop_nulls("reason").group_by("reason", "group").len().sort("reason", "group")
    steps = [
        {"step": "left_out_after", "reason": reason, "group": group, "persons": count}
        for reason, group, count in counts.iter_rows()
    ]
    result = marked.drop("reason")
    if fill:
        result, moved = _filled(result, marked.drop_nulls("reason"), taken[:-1])
        steps += moved
    return replace(drawn, table=result, log={**drawn.log, "steps": [*drawn.log["steps"], *steps]})


def _filled(
    table: pl.DataFrame, gone: pl.DataFrame, groups: Sequence[str]
) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The table once those who wait have moved up, stratum by stratum, in their order."""
    waiting = table.filter((pl.col("group") == WAITING_LIST) & pl.col("excluded_because").is_null()).sort(
        "order"
    )
    queues: dict[str | None, list[Any]] = {}
    for person, stratum in waiting.select("person", "stratum").iter_rows():
        queues.setdefault(stratum, []).append(person)
    moves: dict[Any, str] = {}
    steps = []
    for group in groups:
        left = gone.filter(pl.col("group") == group)
        moved = 0
        for (stratum,) in left.sort("order").select("stratum").iter_rows():
            if queue := queues.get(stratum):
                moves[queue.pop(0)] = group
                moved += 1
        if left.height:
            steps.append(
                {"step": "moved_up", "group": group, "persons": moved, "unfilled": left.height - moved}
            )
    if not moves:
        return table, steps
    up = pl.DataFrame(
        {"person": pl.Series(list(moves), dtype=table["person"].dtype), "to": list(moves.values())}
    )
    joined = table.join(up, on="person", how="left").with_columns(group=pl.coalesce("to", "group"))
    return joined.drop("to").sort("person"), steps


def _take(
    stratum: pl.Series,
    able: np.ndarray,
    plan: DrawPlan,
    covariates: np.ndarray,
    seed: int,
    progress: Progress | None,
) -> tuple[pl.Series, list[dict[str, Any]]]:
    """The group of each row and the counts of each stratum. ``able`` are rows in the order of their turn."""
    parts: dict[str | None, list[int]] = {}
    for row, label in zip(able.tolist(), stratum.gather(able).to_list(), strict=True):
        parts.setdefault(label, []).append(row)
    parts = dict(sorted(parts.items(), key=lambda part: str(part[0])))
    wanted = {**plan.groups, **({WAITING_LIST: plan.waiting} if plan.waiting else {})}
    try:
        sizes = whole_sizes(list(wanted.values()), len(able))
        strata = [len(rows) for rows in parts.values()] or [0]
        counts = allocate(strata, sizes, plan.allocation, plan.rounding, uniform_of(seed, "allocation"))
    except ValueError as fault:
        raise InputRefused(
            [Problem(str(fault), "Ask for smaller groups, or draw from more people")]
        ) from None
    uniform = uniform_of(seed, "cube")
    group: list[str | None] = [None] * len(stratum)
    log: list[dict[str, Any]] = []
    for (label, rows), numbers in zip(parts.items(), counts.tolist(), strict=False):
        left = rows
        for name, size in zip(wanted, numbers, strict=True):
            chosen = _balanced(covariates, left, size, uniform, progress) if plan.balance else left[:size]
            for row in chosen:
                group[row] = name
            left = [row for row in left if group[row] is None]
        for row in left:
            group[row] = plan.rest
        chances = {
            name: {"persons": size, "chance": size / len(rows)}
            for name, size in zip(wanted, numbers, strict=True)
        }
        log.append({"stratum": label, "can_be_drawn": len(rows), "groups": chances})
    return pl.Series("group", group, dtype=pl.String), log


def _balanced(
    covariates: np.ndarray,
    rows: list[int],
    size: int,
    uniform: Callable[[], float],
    progress: Progress | None,
) -> list[int]:
    """``size`` of ``rows`` with equal chances, their means of the covariates near those of all ``rows``."""
    if size in (0, len(rows)):
        return rows[:size]
    values = covariates[rows]
    spread = values.std(axis=0)
    centred = (values - values.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    constraints = np.column_stack([np.ones(len(rows)), centred])
    taken = cube(np.full(len(rows), size / len(rows)), constraints, uniform, progress)
    return [row for row, is_taken in zip(rows, taken.tolist(), strict=True) if is_taken]


def _means(
    covariates: Sequence[Covariate], able: np.ndarray, group: pl.Series, names: Sequence[str]
) -> list[dict[str, Any]]:
    """The mean (or share) of everything balanced on, in all who could be drawn and in each group."""
    drawn = group.to_numpy()[able]
    found = []
    for covariate in covariates:
        values = covariate.values[able]
        known = ~np.isnan(values)
        means = {
            name: float(values[here].mean()) if (here := known & (drawn == name)).any() else None
            for name in names
        }
        everybody = float(values[known].mean()) if known.any() else None
        found.append(
            {
                "field": covariate.field,
                "level": covariate.level,
                "missing": int((~known).sum()),
                "can_be_drawn": everybody,
                "groups": means,
            }
        )
    return found
