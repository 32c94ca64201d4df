"""More of the programme, more of the outcome? By person, or by site for what belongs to a site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, few_clusters, left_out
from ..design import design_matrix, refuse_same_names
from ..inputs import Floats, Frame, as_polars, codes, columns_of, complete_rows, numbers
from ..results import Effect, infer
from ..trials.proportions import wilson_interval
from ..trials.robust import CR2, HC2, Wald, robust_fit
from .cautions import association, ecological


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """``effect``: the slope per unit of dose; ``table``: the outcome by dose group; ``departure`` from a line.

    ``table`` has ``group`` (1 is the lowest), ``dose_from``, ``dose_to``, ``dose_mean``, ``n``, ``mean`` of the
    outcome and its 95 % bounds ``lower`` and ``upper``. ``departure`` is null with fewer than three groups, and
    where there are too few clusters to test it.
    """

    effect: Effect
    table: pl.DataFrame
    departure: Wald | None


def dose_response(
    df: Frame,
    outcome: str,
    dose: str,
    *,
    covariates: Sequence[str] = (),
    site: str | None = None,
    cluster: str | None = None,
    groups: int = 3,
    drawn: bool = False,
) -> DoseResponse:
    """How much the mean outcome differs per unit of ``dose`` (meetings, hours, fidelity …), given ``covariates``.

    The least-squares slope with HC2 errors, or CR2 by ``cluster``; its test is the test of trend. A yes-or-no
    outcome gives the difference in share per unit. With ``site``, people are compared within their site when the
    dose differs within sites (each site has its own mean); when it is the same for everybody at a site, as fidelity is,
    sites are compared, and a warning says that the answer is ecological. Errors are then clustered by site unless
    ``cluster`` names a coarser grouping. A table with one row per site compares sites, each counting the same.
    ``drawn`` says that the dose was drawn at random; only then is the slope an average effect.

    ``table`` shows the unadjusted mean outcome in ``groups`` groups of about equal size (equal doses stay
    together), with Wilson's bounds for shares and t bounds for means. ``departure`` tests jointly whether the
    groups between the lowest and the highest lie off the line. ``effect.n_treated`` counts all rows;
    ``effect.diagnostics``: ``correlation`` (Pearson's), ``dose_sd``, ``dose_level`` (``person`` or ``site``),
    ``departure_p``.

    Rows without a value are excluded and counted. Raises ``ValueError`` for a constant dose or outcome, redundant
    covariates, one cluster, fewer than two groups, and a dose that differs neither within nor between sites.
    """
    df = as_polars(df)
    if groups < 2:
        raise ValueError(f"'groups' must be at least 2, got {groups}")
    held = columns_of(covariates, outcome=outcome)
    by = cluster or site
    complete = complete_rows(df, [dose, outcome, *(c for c in (site, cluster) if c), *held])
    table = complete.table
    amount, values = numbers(table, dose), numbers(table, outcome)
    for name, column in ((dose, amount), (outcome, values)):
        if np.ptp(column) == 0:
            raise ValueError(f"column '{name}' has the same value in every row: there is no relation to find")
    clusters = codes(table, by)[0] if by else None
    extra = design_matrix(table, held, constant=False)
    matrix = np.column_stack([amount, extra.matrix])
    group, names = _grouped(amount, groups), (dose, *extra.names)
    inner = np.column_stack([group == one for one in range(group.max() + 1)]).astype(np.float64)[:, 1:-1]
    places = codes(table, site)[0] if site else None
    of_site = places is not None and _constant_within(amount, places)
    if (
        places is not None
        and clusters is not None
        and not _constant_within(clusters.astype(np.float64), places)
    ):
        raise ValueError(f"column '{cluster}' splits sites (column '{site}'): clusters must hold whole sites")
    explained, place = values, 0
    if site and places is not None and not of_site:
        held.insert(0, site)
        matrix, inner, explained = (_within(part, places) for part in (matrix, inner, values[:, None]))
        explained = explained[:, 0]
        flat = np.flatnonzero(~matrix.any(axis=0))
        if len(flat):
            name = names[int(flat[0])]
            raise ValueError(
                f"column '{name}' is the same for everybody at a site: sites hold it; leave it out"
            )
    else:
        matrix, names, place = np.column_stack([np.ones(len(values)), matrix]), ("constant", *names), 1
    refuse_same_names(names)
    fit = robust_fit(matrix, explained, names, clusters)
    estimate, se, degrees = fit.contrast(np.eye(len(names))[place])
    inferred = infer(outcome, estimate, se, degrees)
    departure = _departure(matrix, inner, explained, names, clusters)
    warnings = left_out(complete.excluded, df.height)
    if not drawn:
        warnings = (*warnings, association("de, der fik mere,", "those who received more", held))
    if places is not None and of_site:
        warnings = (*warnings, ecological(int(places.max()) + 1))
    n_clusters = None if clusters is None else int(clusters.max()) + 1
    if n_clusters is not None and n_clusters < FEW_CLUSTERS:
        warnings = (*warnings, few_clusters(n_clusters))
    effect = Effect(
        estimand="ATE" if drawn else "association",
        estimate=estimate,
        se=se,
        interval=inferred.interval,
        p=inferred.p,
        n_treated=len(values),
        n_control=0,
        outcome=outcome,
        design=f"least-squares slope on '{dose}'"
        + (f", given {', '.join(held)}" if held else "")
        + (", sites compared" if of_site else ""),
        se_method=CR2.format(cluster=by) if by else HC2,
        n_clusters=n_clusters,
        scale="slope",
        statistic=inferred.statistic,
        df=degrees,
        excluded=complete.excluded,
        diagnostics={
            "correlation": float(np.corrcoef(amount, values)[0, 1]),
            "dose_sd": float(amount.std(ddof=1)),
            "dose_level": "site" if of_site else "person",
            "departure_p": None if departure is None else departure.p,
        },
        warnings=warnings,
        table=fit.table,
    )
    return DoseResponse(effect, _by_group(amount, values, group), departure)


def _constant_within(amount: Floats, places: NDArray[np.int64]) -> bool:
    """Whether everybody at a site has the same dose."""
    first = np.zeros(int(places.max()) + 1)
    first[places] = amount
    return bool((amount == first[places]).all())


def _within(matrix: Floats, places: NDArray[np.int64]) -> Floats:
    """Columns less their mean at each site: the same slopes and CR2 errors as an indicator per site gives.

    True where clusters hold whole sites (Pustejovsky & Tipton 2018, theorem 2).
    """
    sizes = np.bincount(places)
    means = np.column_stack([np.bincount(places, weights=column) / sizes for column in matrix.T])
    centred = matrix - means[places]
    # Rounding leaves crumbs of what is constant at every site: they are not variation.
    centred[:, np.abs(centred).max(axis=0) <= 1e-12 * np.abs(matrix).max(axis=0)] = 0.0
    return centred


def _grouped(amount: Floats, groups: int) -> NDArray[np.int64]:
    """The dose group of each row, from 0: distinct doses where they are few, else parts of about equal size."""
    distinct, place = np.unique(amount, return_inverse=True)
    if len(distinct) <= groups:
        return place
    cuts = np.quantile(amount, np.arange(1, groups) / groups, method="inverted_cdf")
    return np.unique(np.searchsorted(cuts, amount, side="left"), return_inverse=True)[1]


def _departure(
    matrix: Floats, inner: Floats, values: Floats, names: Sequence[str], clusters: NDArray[np.int64] | None
) -> Wald | None:
    """The joint test of indicators for the groups between the lowest and the highest, beside the line."""
    k, q = matrix.shape[1], inner.shape[1]
    if not q or len(values) <= k + q or (clusters is not None and int(clusters.max()) < q):
        return None
    called = [f"dose group {one + 2}" for one in range(q)]
    try:
        fit = robust_fit(np.column_stack([matrix, inner]), values, [*names, *called], clusters)
        return fit.wald(np.eye(k + q)[k:])
    except ValueError:  # covariates or sites leave no room for the groups: the line cannot be tested
        return None


def _by_group(amount: Floats, values: Floats, group: NDArray[np.int64]) -> pl.DataFrame:
    binary = bool(((values == 0) | (values == 1)).all())
    rows = []
    for one in range(int(group.max()) + 1):
        here, dose = values[group == one], amount[group == one]
        n, mean = len(here), float(here.mean())
        low: float | None = None
        high: float | None = None
        if binary:
            low, high = wilson_interval(float(here.sum()), n)
        elif np.ptp(here) > 0:
            half = float(scipy.stats.t.ppf(0.975, n - 1) * here.std(ddof=1) / np.sqrt(n))
            low, high = mean - half, mean + half
        rows.append((one + 1, float(dose.min()), float(dose.max()), float(dose.mean()), n, mean, low, high))
    schema = {
        "group": pl.Int64,
        "dose_from": pl.Float64,
        "dose_to": pl.Float64,
        "dose_mean": pl.Float64,
        "n": pl.Int64,
        "mean": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
