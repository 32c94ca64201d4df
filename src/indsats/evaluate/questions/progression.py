"""Whether a score, or its change, foretells what happens later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, few_clusters, left_out
from ..design import design_matrix
from ..errors import cluster_meat
from ..inputs import Flags, Floats, Frame, as_polars, codes, columns_of, complete_rows, numbers, yes_no
from ..logit import Logit, logit
from ..results import NO_ERROR, Effect, infer
from .cautions import EVENTS_PER_TERM, association, few_events


@dataclass(frozen=True, slots=True)
class Progression:
    """What one standard deviation more of the score (or of its change) goes with.

    ``odds``: the log odds ratio; ``shares``: the average difference in the share with the outcome (0 to 1).
    ``table``: ``term``, ``coef``, ``se``, ``p``, ``lower``, ``upper`` (log odds), ``odds_ratio``, and ``sd``, the
    standard deviation a term is counted in (null for those in their own unit).
    """

    odds: Effect
    shares: Effect
    table: pl.DataFrame


def progression_and_outcome(
    df: Frame,
    score: str,
    later: str,
    *,
    earlier: str | None = None,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
) -> Progression:
    """Whether people with a higher ``score`` more often have the yes-or-no outcome ``later`` (such as a job).

    A logistic regression per standard deviation of the score, given ``covariates``. With ``earlier``, the same
    score measured before, the question is about the change ``score`` − ``earlier`` among people who started alike:
    both the change and ``earlier`` enter, and the answer is about the change. The difference in shares is the
    average marginal effect: the mean over people of the slope p(1 − p)β, its error by the delta method (as Stata's
    ``margins, dydx`` and R's ``marginaleffects::avg_slopes``).

    Errors come from the information, with the normal distribution; with ``cluster`` from the scores summed by
    cluster times G/(G − 1), with t of G − 1 degrees of freedom. Both effects are associations: ``n_treated`` counts
    all rows, ``events_treated`` those with the outcome.

    Rows without a value are excluded and counted. Raises ``ValueError`` when nobody or everybody has the outcome,
    for a score that does not vary, for columns that separate the outcomes or are redundant, for one cluster, and
    for clusters that leave no error.
    """
    df = as_polars(df)
    covariates = columns_of(covariates, outcome=later)
    columns = [score, *([earlier] if earlier else []), later, *([cluster] if cluster else []), *covariates]
    complete = complete_rows(df, columns)
    table = complete.table
    outcome, values = yes_no(table, later), numbers(table, score)
    terms: dict[str, Floats] = {score: values}
    if earlier:
        before = numbers(table, earlier)
        terms = {f"change in {score}": values - before, earlier: before}
    deviations = [_deviation(name, column) for name, column in terms.items()]
    extra = design_matrix(table, covariates, constant=False)
    centred = [(column - column.mean()) / sd for column, sd in zip(terms.values(), deviations, strict=True)]
    matrix = np.column_stack([np.ones(len(outcome)), *centred, extra.matrix])
    names = ("constant", *terms, *extra.names)
    clusters = codes(table, cluster)[0] if cluster else None
    fit = logit(matrix, outcome, names)
    covariance = _covariance(matrix, outcome, fit, clusters)
    independent = _covariance(matrix, outcome, fit, None)
    if np.sqrt(covariance[1, 1]) <= NO_ERROR * np.sqrt(independent[1, 1]):
        raise ValueError(
            f"what is unexplained of '{later}' cancels out within each cluster (column '{cluster}'): "
            "there is no standard error to give"
        )
    degrees = None if clusters is None else float(clusters.max())
    warnings = (
        *left_out(complete.excluded, df.height),
        association(
            "de, der har en højere score,", "those with a higher score", [*list(terms)[1:], *covariates]
        ),
    )
    rarer = int(min(outcome.sum(), (~outcome).sum()))
    if rarer < EVENTS_PER_TERM * (len(names) - 1):
        warnings = (*warnings, few_events(rarer, len(names) - 1))
    n_clusters = None if clusters is None else int(clusters.max()) + 1
    if n_clusters is not None and n_clusters < FEW_CLUSTERS:
        warnings = (*warnings, few_clusters(n_clusters))
    main = names[1]
    held = [*names[2 : 1 + len(terms)], *covariates]
    coefficients = _table(fit, covariance, degrees, [None, *deviations])
    error = "expected information" if cluster is None else f"cluster-robust by '{cluster}', G/(G − 1)"
    law = "normal distribution" if degrees is None else "t with clusters − 1 degrees of freedom"

    def effect(estimate: float, se: float, *, odds: bool) -> Effect:
        inferred = infer(later, estimate, se, degrees)
        return Effect(
            estimand="association",
            estimate=estimate,
            se=se,
            interval=inferred.interval,
            p=inferred.p,
            n_treated=len(outcome),
            n_control=0,
            outcome=later,
            design=f"logistic regression on '{main}' per standard deviation"
            + (f", given {', '.join(held)}" if held else "")
            + ("" if odds else ", average marginal effect"),
            se_method=f"{error}{'' if odds else ', delta method'}, {law}",
            n_clusters=n_clusters,
            scale="log odds ratio" if odds else "difference",
            statistic=inferred.statistic,
            df=degrees,
            mean_treated=float(outcome.mean()),
            events_treated=int(outcome.sum()),
            excluded=complete.excluded,
            diagnostics={"sd": deviations[0]},
            warnings=warnings,
            table=coefficients,
        )

    marginal, gradient = _marginal(matrix, fit)
    return Progression(
        odds=effect(float(fit.coefficients[1]), float(np.sqrt(covariance[1, 1])), odds=True),
        shares=effect(marginal, float(np.sqrt(gradient @ covariance @ gradient)), odds=False),
        table=coefficients,
    )


def _deviation(name: str, column: Floats) -> float:
    if np.ptp(column) == 0:
        raise ValueError(f"'{name}' is the same for everybody: it cannot foretell anything")
    return float(column.std(ddof=1))


def _covariance(matrix: Floats, outcome: Flags, fit: Logit, clusters: NDArray[np.int64] | None) -> Floats:
    """Of the coefficients: the inverse information, or the sandwich of scores summed by cluster."""
    weighted = matrix * np.sqrt(fit.fitted * (1 - fit.fitted))[:, None]
    norms = np.sqrt((weighted**2).sum(axis=0))
    root = np.linalg.inv(np.linalg.qr(weighted / norms, mode="r")) / norms[:, None]
    bread = root @ root.T
    if clusters is None:
        return bread
    return bread @ cluster_meat(matrix * (outcome - fit.fitted)[:, None], clusters) @ bread


def _marginal(matrix: Floats, fit: Logit) -> tuple[float, Floats]:
    """The mean slope p(1 − p)β of the first term and its derivative by the coefficients."""
    slope = fit.fitted * (1 - fit.fitted)
    beta = float(fit.coefficients[1])
    gradient = (matrix * (slope * (1 - 2 * fit.fitted))[:, None]).mean(axis=0) * beta
    gradient[1] += slope.mean()
    return float(slope.mean()) * beta, gradient


def _table(
    fit: Logit, covariance: Floats, degrees: float | None, deviations: Sequence[float | None]
) -> pl.DataFrame:
    se = np.sqrt(np.diag(covariance))
    law = scipy.stats.norm if degrees is None else scipy.stats.t(degrees)
    half = float(law.ppf(0.975)) * se
    unit = [*deviations, *([None] * (len(se) - len(deviations)))]
    return pl.DataFrame(
        {
            "term": fit.names,
            "coef": fit.coefficients,
            "se": se,
            "p": 2 * law.sf(np.abs(fit.coefficients) / se),
            "lower": fit.coefficients - half,
            "upper": fit.coefficients + half,
            "odds_ratio": [exp(min(one, 700.0)) for one in fit.coefficients.tolist()],
            "sd": pl.Series(unit, dtype=pl.Float64),
        }
    )
