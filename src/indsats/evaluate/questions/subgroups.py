"""For whom it works: the effect in each subgroup, and whether subgroups differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, Caution, few_clusters, left_out
from ..design import design_matrix
from ..inputs import Flags, Floats, Frame, as_polars, codes, complete_rows, numbers, two_groups
from ..results import infer
from ..trials.multiple import adjust_p
from ..trials.robust import robust_fit
from .cautions import exploratory, subgroups_left_out

MOST_LEVELS = 20
"""A column with more values than this is no grouping."""

SCHEMA = {
    "group": pl.String,
    "level": pl.String,
    "n_treated": pl.Int64,
    "n_control": pl.Int64,
    "mean_treated": pl.Float64,
    "mean_control": pl.Float64,
    "effect": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p": pl.Float64,
    "p_interaction": pl.Float64,
    "p_holm": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """``table``, one row for all (``group`` ``all``) and one per subgroup, and what to know about it."""

    table: pl.DataFrame
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def subgroup_effects(
    df: Frame,
    outcome: str,
    treatment: str,
    groups: Sequence[str],
    *,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
) -> Subgroups:
    """The difference between treated and controls in each level of each column of ``groups``.

    For each column one least-squares regression with an own mean and an own effect per level and common slopes of
    ``covariates``, HC2 errors (CR2 by ``cluster``). ``p_interaction`` is the joint test that the effects of a
    column's levels are equal; ``p_holm`` is ``p`` adjusted by Holm for all subgroups of the table. The first row
    is the effect in all. Whether a difference is an effect depends on how treatment came about, as always.

    The same complete rows are used throughout; the rest are excluded and counted. A level with fewer than two rows
    (or clusters) in a group, or whose outcome does not vary, has no effect, which a warning says. Raises
    ``ValueError`` without groups, for a column with more than 20 levels, and as the regression does.
    """
    df = as_polars(df)
    if not groups:
        raise ValueError("name at least one column of subgroups ('groups')")
    twice = [name for name in groups if name in covariates or name == treatment]
    if twice:
        raise ValueError(f"column '{twice[0]}' is a grouping and cannot be treatment or covariate too")
    complete = complete_rows(df, [treatment, outcome, *groups, *covariates, *([cluster] if cluster else [])])
    table = complete.table
    flags, values = two_groups(table, treatment, at_least=2), numbers(table, outcome)
    extra = design_matrix(table, covariates, constant=False)
    clusters = codes(table, cluster)[0] if cluster else None
    everybody = _Model(outcome, values, flags, extra.matrix, extra.names, clusters)
    whole = everybody.effects("all", np.zeros(len(values), dtype=np.int64), [None])
    if whole[0]["effect"] is None:
        raise ValueError(
            f"outcome '{outcome}' does not vary within the groups, or a group is a single cluster"
        )
    rows = []
    for name in groups:
        level, labels = codes(table, name)
        if len(labels) > MOST_LEVELS:
            raise ValueError(f"column '{name}' has {len(labels)} values: cut it into classes of people first")
        rows += everybody.effects(name, level, labels.cast(pl.String).to_list())
    adjusted = adjust_p([row["p"] for row in rows])  # type: ignore[misc]
    rows = [row | {"p_holm": p} for row, p in zip(rows, adjusted, strict=True)]
    small = [f"{row['group']} = {row['level']}" for row in rows if row["effect"] is None]
    warnings = (*left_out(complete.excluded, df.height), exploratory(len(rows)))
    if small:
        warnings = (*warnings, subgroups_left_out(small))
    if clusters is not None and int(clusters.max()) + 1 < FEW_CLUSTERS:
        warnings = (*warnings, few_clusters(int(clusters.max()) + 1, len(np.unique(clusters[flags]))))
    return Subgroups(
        table=pl.DataFrame([*whole, *rows], schema=SCHEMA), excluded=complete.excluded, warnings=warnings
    )


@dataclass(frozen=True, slots=True)
class _Model:
    outcome: str
    values: Floats
    flags: Flags
    extra: Floats
    names: tuple[str, ...]
    clusters: NDArray[np.int64] | None

    def effects(
        self, group: str, level: NDArray[np.int64], labels: list[str | None]
    ) -> list[dict[str, object]]:
        """One row per level; effects come from one regression on the levels that can carry one."""
        usable = [one for one in range(len(labels)) if self._usable(level == one)]
        rows: list[dict[str, object]] = []
        for one, label in enumerate(labels):
            here = level == one
            treated, control = self.values[here & self.flags], self.values[here & ~self.flags]
            rows.append(
                {
                    "group": group,
                    "level": label,
                    "n_treated": len(treated),
                    "n_control": len(control),
                    "mean_treated": float(treated.mean()) if len(treated) else None,
                    "mean_control": float(control.mean()) if len(control) else None,
                    "effect": None,
                    "p": None,
                }
            )
        if not usable:
            return rows
        keep = np.isin(level, usable)
        place = np.unique(level[keep], return_inverse=True)[1]
        treated = self.flags[keep].astype(np.float64)
        indicators = (place[:, None] == np.arange(len(usable))).astype(np.float64)
        called = [f"{group}={labels[one]}" for one in usable]
        matrix = np.column_stack(
            [np.ones(len(place)), indicators[:, 1:], indicators * treated[:, None], self.extra[keep]]
        )
        clusters = None if self.clusters is None else np.unique(self.clusters[keep], return_inverse=True)[1]
        names = ["constant", *called[1:], *(f"effect in {name}" for name in called), *self.names]
        fit = robust_fit(matrix, self.values[keep], names, clusters)
        picks = np.eye(len(names))[len(usable) : 2 * len(usable)]
        q = len(usable) - 1
        testable = q > 0 and (clusters is None or int(clusters.max()) >= q)
        interaction = fit.wald(picks[1:] - picks[0]).p if testable else None
        for one, pick in zip(usable, picks, strict=True):
            estimate, se, degrees = fit.contrast(pick)
            inferred = infer(self.outcome, estimate, se, degrees)
            rows[one] |= {
                "effect": estimate,
                "se": se,
                "lower": inferred.interval.low,
                "upper": inferred.interval.high,
                "p": inferred.p,
                "p_interaction": interaction,
            }
        return rows

    def _usable(self, here: Flags) -> bool:
        """Two rows (or clusters) in both groups, and an outcome that varies in one of them."""
        varies = False
        for group in (here & self.flags, here & ~self.flags):
            units = group.sum() if self.clusters is None else len(np.unique(self.clusters[group]))
            if units < 2:
                return False
            varies |= bool(np.ptp(self.values[group]) > 0)
        return varies
