"""Effects by group and time where treatment starts at different times for different units."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, Caution, few_clusters, left_out
from ..design import design_matrix
from ..inputs import Floats, Frame, as_polars, chosen, columns_of, complete_rows, numbers
from ..results import Effect, infer
from .absorb import Factor, factor
from .cautions import always_treated, cells_left_out, small_group, unbalanced_panel, weak_score

Control = Literal["never", "not-yet"]
Method = Literal["dr", "ipw", "reg"]
Kind = Literal["simple", "dynamic", "group", "calendar"]

METHODS: dict[Method, str] = {
    "dr": "doubly robust",
    "ipw": "inverse probability weighting",
    "reg": "outcome regression",
}
SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTimeMean:
    """Group-time effects taken together: a ``table`` (``at``, ``estimate``, ``se``, ``p``, ``lower``, ``upper``,
    ``groups``: how many groups count) and the overall ``effect``."""

    table: pl.DataFrame
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTime:
    """Effects by group and time: ``table`` has ``group`` (first period of treatment), ``period``, ``estimate``, ``se``,
    ``p``, ``lower``, ``upper``. ``influence`` (units × rows of the table) says how each unit moves each estimate, and
    ``started`` in which group each unit is (0: never treated), ``cluster_codes`` in which cluster (None: its own)."""

    table: pl.DataFrame
    influence: Floats
    started: Floats
    cluster_codes: NDArray[np.intp] | None
    outcome: str
    design: str
    se_method: str
    n_treated: int
    n_control: int
    n_clusters: int | None
    df: float | None
    excluded: dict[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()

    def aggregate(self, kind: Kind = "simple") -> GroupTimeMean:
        """The effects from the start on taken together, each group weighing as many units as it has.

        ``"simple"``: over all groups and periods. ``"dynamic"``: by time since the start, periods before it included
        in the table; overall over those from 0 on. ``"group"``: by group, overall by the groups' sizes.
        ``"calendar"``: by period; overall over periods. Callaway & Sant'Anna (2021), section 3; the error allows for
        the groups' sizes being estimated too.
        """
        chosen("kind", kind, Kind)
        group, period = self.table["group"].to_numpy(), self.table["period"].to_numpy()
        since = period - group
        treated = since >= 0
        if not treated.any():
            raise ValueError(
                "no effect from the start on could be estimated, so there is nothing to take together"
            )
        if kind == "simple":
            value, influence = self._together(treated)
            return GroupTimeMean(
                table=self._rows([("all", treated)]), effect=self._effect(kind, value, influence)
            )
        labels = {"dynamic": since, "group": group, "calendar": period}[kind]
        counted = np.ones(len(since), dtype=bool) if kind == "dynamic" else treated
        parts = [(float(at), counted & (labels == at)) for at in np.unique(labels[counted])]
        overall = [which for at, which in parts if kind != "dynamic" or at >= 0]
        values, influences = zip(*(self._together(which) for which in overall), strict=True)
        if kind == "group":
            sizes = np.array([(self.started == at).mean() for at, _ in parts])
            value, influence = self._weighted(
                np.array(values), np.column_stack(influences), sizes, [at for at, _ in parts]
            )
        else:
            value, influence = float(np.mean(values)), np.mean(influences, axis=0)
        return GroupTimeMean(table=self._rows(parts), effect=self._effect(kind, value, influence))

    def _together(self, which: np.ndarray) -> tuple[float, Floats]:
        groups = self.table["group"].to_numpy()[which]
        sizes = np.array([(self.started == group).mean() for group in groups])
        return self._weighted(
            self.table["estimate"].to_numpy()[which], self.influence[:, which], sizes, groups.tolist()
        )

    def _weighted(
        self, values: Floats, influences: Floats, sizes: Floats, groups: Sequence[float]
    ) -> tuple[float, Floats]:
        """Mean with the groups' sizes as weights; its influence with what each unit adds to those sizes."""
        share = sizes / sizes.sum()
        mean = float(share @ values)
        member = self.started[:, None] == np.array(groups)
        through_sizes = (member - sizes) @ (values - mean) / sizes.sum() / len(self.started)
        return mean, influences @ share + through_sizes

    def _rows(self, parts: Sequence[tuple[float | str, np.ndarray]]) -> pl.DataFrame:
        rows = []
        for at, which in parts:
            value, influence = self._together(which)
            se = _error(influence, self.cluster_codes)
            drawn = infer(self.outcome, value, se, self.df)
            groups = int(self.table.filter(pl.Series(which))["group"].n_unique())
            rows.append((at, value, se, drawn.p, *drawn.interval, groups))
        names = ["at", "estimate", "se", "p", "lower", "upper", "groups"]
        return pl.DataFrame(rows, schema=names, orient="row")

    def _effect(self, kind: Kind, value: float, influence: Floats) -> Effect:
        se = _error(influence, self.cluster_codes)
        drawn = infer(self.outcome, value, se, self.df)
        return Effect(
            estimand="ATT",
            estimate=value,
            se=se,
            interval=drawn.interval,
            p=drawn.p,
            n_treated=self.n_treated,
            n_control=self.n_control,
            n_clusters=self.n_clusters,
            outcome=self.outcome,
            design=f"{self.design}; {kind} mean",
            se_method=self.se_method,
            statistic=drawn.statistic,
            df=self.df,
            excluded=self.excluded,
            warnings=self.warnings,
        )


def group_time(
    df: Frame,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    *,
    covariates: Sequence[str] = (),
    control: Control = "never",
    method: Method = "dr",
    cluster: str | None = None,
) -> GroupTime:
    """The effect in units first treated in period g, seen in period t: ATT(g, t), for all g and t.

    Callaway & Sant'Anna (2021), Journal of Econometrics 225:200-230: the change since the last period before g among
    those first treated in g, against the change among units ``"never"`` treated or ``"not-yet"`` treated by t, with
    the ``covariates`` of the earlier period: doubly robust (``"dr"``, Sant'Anna & Zhao 2020), by weighting (``"ipw"``)
    or by regression (``"reg"``). Periods before g compare with the period just before and should show nothing. No
    already treated unit serves as control, which is what a plain regression with unit and period effects gets wrong.

    ``df`` has a row per unit and period (numbers); ``first_treated`` is the same in all rows of a unit, null (or 0 or
    infinite) for those never treated. Errors come from influence functions, by unit or summed by ``cluster``
    (times √(G/(G−1)), t with G − 1).

    Raises ``ValueError`` for several rows of a unit in a period, a start or cluster that differs within a unit, fewer
    than two periods, nobody treated within the periods, no control units, and where no effect can be estimated.
    """
    df = as_polars(df)
    chosen("control", control, Control)
    chosen("method", method, Method)
    covariates = columns_of(covariates, outcome=outcome)
    if first_treated not in df.columns:
        raise ValueError(f"the table has no column '{first_treated}'")
    if not (df[first_treated].dtype.is_numeric() or df[first_treated].null_count() == df.height):
        raise ValueError(
            f"column '{first_treated}' must be numbers such as the period, it is {df[first_treated].dtype}"
        )
    never = (
        pl.col(first_treated).is_null() | pl.col(first_treated).is_nan() | pl.col(first_treated).is_infinite()
    )
    complete = complete_rows(
        df.with_columns(pl.col(first_treated).cast(pl.Float64)).with_columns(
            pl.when(never).then(0.0).otherwise(pl.col(first_treated)).alias(first_treated)
        ),
        [unit, period, outcome, *covariates, *([cluster] if cluster else [])],
    )
    table = complete.table
    when, start = numbers(table, period), numbers(table, first_treated)
    units = factor(table[unit])
    if table.select(unit, period).is_duplicated().any():
        raise ValueError(f"a unit ('{unit}') has several rows in one period ('{period}'): keep one of them")
    start_of = np.zeros(units.count)
    start_of[units.codes] = start
    if (start_of[units.codes] != start).any():
        raise ValueError(f"column '{first_treated}' differs between rows of the same unit ('{unit}')")
    periods = np.unique(when)
    if len(periods) < 2:
        raise ValueError(f"column '{period}' has one period only: there is no change to compare")
    told = left_out(complete.excluded, df.height)
    excluded = dict(complete.excluded)
    # Treated after the last period is untreated for all we see; from the first period on is never seen untreated.
    start = np.where(start > periods[-1], 0.0, start)
    early = (start > 0) & (start <= periods[0])
    if early.any():
        lost = len(np.unique(units.codes[early]))
        told = (*told, always_treated(lost))
        excluded[f"{first_treated} not after the first period"] = int(early.sum())
    if not (start[~early] > 0).any():
        raise ValueError(
            f"no unit is first treated (column '{first_treated}') after the first and by the last period"
        )
    if control == "never" and not (start[~early] == 0).any():
        raise ValueError('there is no never treated unit: use control="not-yet"')
    design = design_matrix(table, covariates, constant=False)
    names = [f"x{i}" for i in range(len(design.names))]
    plain = pl.DataFrame(
        {"unit": units.codes, "period": when, "first": start, "outcome": numbers(table, outcome)}
    ).with_columns(pl.Series(name, column) for name, column in zip(names, design.matrix.T, strict=True))
    if cluster:
        plain = plain.with_columns(table[cluster].alias("cluster"))
    plain = plain.filter(pl.Series(~early)).with_columns(pl.col("unit").rank("dense") - 1)
    of_units = plain.group_by("unit").agg(pl.all().first()).sort("unit")
    if of_units.height * plain["period"].n_unique() > plain.height:
        told = (*told, unbalanced_panel())
    groups = of_units["first"].to_numpy()
    for group, count in zip(*np.unique(groups[groups > 0], return_counts=True), strict=True):
        if count < SMALLEST_GROUP:
            told = (*told, small_group(f"{group:g}", int(count)))
    clusters = None
    if cluster:
        if plain.select("unit", "cluster").unique().height > of_units.height:
            raise ValueError(f"column '{cluster}' differs between rows of the same unit ('{unit}')")
        clusters = factor(of_units["cluster"])
        if clusters.count < 2:
            raise ValueError(
                f"cluster-robust errors need at least two clusters, column '{cluster}' has one value"
            )
        if clusters.count < FEW_CLUSTERS:
            told = (*told, few_clusters(clusters.count, len(np.unique(clusters.codes[groups > 0]))))
    cells, influence, failed, weak = _estimated(plain, names, of_units.height, control, method)
    if not cells:
        raise ValueError(
            f"no effect could be estimated: outcome '{outcome}' does not vary, or the groups are too small"
        )
    if failed:
        told = (*told, cells_left_out(", ".join(f"({g:g}, {t:g})" for g, t in failed)))
    if weak:
        told = (*told, weak_score(", ".join(covariates)))
    return GroupTime(
        table=_table(cells, influence, clusters, outcome),
        influence=influence,
        started=groups,
        cluster_codes=None if clusters is None else clusters.codes,
        outcome=outcome,
        design=f"group-time effects ({METHODS[method]}), control: {control} treated"
        + (f", adjusted for {', '.join(covariates)}" if covariates else ""),
        se_method="influence functions by unit, normal distribution"
        if clusters is None
        else f"influence functions summed by '{cluster}', times √(G/(G−1)), t with clusters − 1 df",
        n_treated=int((groups > 0).sum()),
        n_control=int((groups == 0).sum()),
        n_clusters=None if clusters is None else clusters.count,
        df=None if clusters is None else float(clusters.count - 1),
        excluded=excluded,
        warnings=told,
    )


def _estimated(
    plain: pl.DataFrame, covariates: list[str], units: int, control: Control, method: Method
) -> tuple[dict[tuple[float, float], float], Floats, list[tuple[float, float]], bool]:
    """Estimates by group and period, their influence (units × cells), the cells that failed, and whether the model
    of who was treated is weak; ``plain`` numbers its units from 0."""
    from diff_diff import CallawaySantAnna  # takes two seconds to import, so only where it is used

    estimator = CallawaySantAnna(
        control_group="never_treated" if control == "never" else "not_yet_treated",
        estimation_method=method,
        rank_deficient_action="silent",
    )
    with python_warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        python_warnings.simplefilter("always")
        found = estimator.fit(
            plain.to_pandas(),
            outcome="outcome",
            unit="unit",
            time="period",
            first_treat="first",
            covariates=covariates or None,
        )
    said = " ".join(str(warning.message) for warning in caught)
    # The estimator tells how each unit moves each estimate only in what it keeps for its own aggregation.
    kit = found._aggregation_kit
    assert kit is not None  # noqa: S101 - every fit attaches it
    cells: dict[tuple[float, float], float] = {}
    columns: list[Floats] = []
    failed: list[tuple[float, float]] = []
    for (group, period), cell in sorted(found.group_time_effects.items()):
        if not (np.isfinite(cell["effect"]) and np.isfinite(cell["se"]) and cell["se"] > 0):
            failed.append((float(group), float(period)))
            continue
        parts = kit.influence[(group, period)]
        column = np.zeros(units)
        # A unit may be on both lists, so its two parts are added.
        column += np.bincount(parts["treated_idx"], weights=parts["treated_inf"], minlength=units)
        column += np.bincount(parts["control_idx"], weights=parts["control_inf"], minlength=units)
        cells[(float(group), float(period))] = float(cell["effect"])
        columns.append(column)
    weak = "ropensity" in said or "Events Per Variable" in said
    return cells, np.column_stack(columns) if columns else np.empty((units, 0)), failed, weak


def _error(influence: Floats, clusters: NDArray[np.intp] | None) -> float:
    """The standard error of an estimate from its influence by unit."""
    if clusters is None:
        return float(np.sqrt(influence @ influence))
    sums = np.bincount(clusters, weights=influence)
    return float(np.sqrt(sums @ sums * len(sums) / (len(sums) - 1)))


def _table(
    cells: dict[tuple[float, float], float], influence: Floats, clusters: Factor | None, outcome: str
) -> pl.DataFrame:
    degrees = None if clusters is None else float(clusters.count - 1)
    rows = []
    for ((group, period), value), column in zip(cells.items(), influence.T, strict=True):
        se = _error(column, None if clusters is None else clusters.codes)
        drawn = infer(outcome, value, se, degrees)
        rows.append((group, period, value, se, drawn.p, *drawn.interval))
    names = ["group", "period", "estimate", "se", "p", "lower", "upper"]
    return pl.DataFrame(rows, schema=names, orient="row")
