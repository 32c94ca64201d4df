"""Cox regression: how treatment and covariates multiply the rate at which people reach an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
import scipy

from ..cautions import FEW_CLUSTERS, Caution, few_clusters, left_out
from ..design import design_matrix
from ..inputs import Floats, Frame, as_polars, codes, complete_rows
from ..results import Effect, Estimand, infer
from .cox_baseline import baseline_table
from .cox_cautions import FEW_EVENTS, few_events, no_finite_estimate, not_settled
from .cox_errors import robust_covariance
from .cox_maximum import Maximum, maximise
from .cox_risk import RiskSets, risk_sets
from .cox_rows import Rows, read_rows, read_terms, refuse_one_sided, standardise
from .cox_schoenfeld import Transform, proportionality, transformed
from .cox_split import Term

Ties = Literal["efron", "breslow"]
"""How events at the same time share the risk set; Efron is the better approximation and the default."""


@dataclass(frozen=True, slots=True)
class _Model:
    """What the methods of a fit compute from: standardised columns, risk sets and the maximum."""

    rows: Rows
    terms: tuple[Term, ...]
    x: Floats
    centres: Floats
    scales: Floats
    sets: RiskSets
    top: Maximum
    outcome: str
    design: str
    se_method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxFit:
    """A fitted Cox regression.

    ``table``: ``term``, ``coef`` (log hazard ratio), ``hazard_ratio``, ``se`` (of ``coef``), ``z``, ``p``,
    ``lower``, ``upper`` (95 %, of the hazard ratio). A term without a finite estimate has only ``coef`` and
    ``hazard_ratio``, where the search stopped. ``loglik`` is the partial likelihood's logarithm at the maximum,
    ``null_loglik`` with all coefficients zero. ``n`` rows and ``events`` were used, ``excluded`` counts rows
    left out. ``covariance`` (terms × terms) is what ``se`` comes from: robust by ``clusters`` where these are
    counted; ``naive_se`` comes from the information alone.
    """

    table: pl.DataFrame
    loglik: float
    null_loglik: float
    n: int
    events: int
    clusters: int | None
    covariance: Floats
    naive_se: Floats
    iterations: int
    excluded: Mapping[str, int]
    warnings: tuple[Caution, ...]
    _model: _Model = field(repr=False, compare=False)

    def effect(self, term: str, *, outcome: str | None = None, estimand: Estimand = "association") -> Effect:
        """The log hazard ratio of a 0/1 ``term``, as one result; ``outcome`` is the event's name for readers.

        ``n_*`` count rows (persons, where each has one), ``events_*`` events, for a term of a piece of time only
        those within it. What the ratio is an effect *of*, and in whom (``estimand``), rests on the design.
        Raises ``ValueError`` for an unknown term, one that is not 0/1, and one without a finite estimate.
        """
        model = self._model
        found = [index for index, known in enumerate(model.terms) if known.name == term]
        if not found:
            raise ValueError(f"the model has no term '{term}', it has {', '.join(self.table['term'])}")
        at = model.terms[found[0]]
        row = self.table.row(found[0], named=True)
        if row["se"] is None:
            raise ValueError(f"term '{term}' has no finite estimate: there is no effect to give")
        design = design_matrix(model.rows.table, [at.covariate], constant=False)
        values = design.matrix[:, design.names.index(at.column)]
        if not ((values == 0) | (values == 1)).all():
            raise ValueError(f"term '{term}' is not 0/1: it has no treated and controls to compare")
        treated = values == 1
        ended = model.rows.event & (model.rows.time > at.after) & (model.rows.time <= at.until)
        drawn = infer(model.outcome, row["coef"], row["se"])
        half = float(scipy.stats.norm.ppf(0.975)) * pl.col("se")
        return Effect(
            estimand=estimand,
            estimate=row["coef"],
            se=row["se"],
            interval=drawn.interval,
            p=drawn.p,
            n_treated=int(treated.sum()),
            n_control=int((~treated).sum()),
            n_clusters=self.clusters,
            outcome=outcome or model.outcome,
            design=model.design,
            se_method=model.se_method,
            scale="log hazard ratio",
            statistic=drawn.statistic,
            events_treated=int((ended & treated).sum()),
            events_control=int((ended & ~treated).sum()),
            excluded=self.excluded,
            diagnostics={
                "hazard_ratio": row["hazard_ratio"],
                "loglik": self.loglik,
                "null_loglik": self.null_loglik,
            },
            warnings=self.warnings,
            table=self.table.select(
                "term",
                "coef",
                "se",
                "p",
                lower=pl.col("coef") - half,
                upper=pl.col("coef") + half,
            ),
        )

    def baseline(self) -> pl.DataFrame:
        """The hazard of somebody whose covariates are all 0, by ``stratum`` (if any): ``time``, ``at_risk``,
        ``events``, ``hazard``, ``cumulative``, ``survival``.

        One row per time a row ends, with or without the event. ``hazard`` is the step Σ m/φ of Efron or
        Breslow, as the fit; ``cumulative`` equals R's ``basehaz(fit, centered = FALSE)``, ``survival`` is
        exp(−cumulative). For covariates x multiply ``cumulative`` by exp(xβ). ``at_risk`` and ``events`` are
        sums of weights where the fit has weights.
        """
        model = self._model
        at_mean = float(model.top.point.beta @ (model.centres / model.scales))
        with np.errstate(over="ignore", under="ignore"):
            hazard = model.top.point.hazards.hazard * np.exp(-model.top.point.shift - at_mean)
        rows = model.rows
        table = baseline_table(
            model.sets, hazard, rows.time, rows.event, rows.entry, rows.stratum, rows.weights
        )
        if rows.labels is None:
            return table.drop("stratum")
        return table.with_columns(stratum=rows.labels.gather(table["stratum"]))

    def schoenfeld(self, transform: Transform = "km", *, joint: bool = False) -> pl.DataFrame:
        """Tests that hazard ratios do not change over time: ``term``, ``statistic`` (χ²), ``df``, ``p``.

        One row per term and ``GLOBAL``; with ``joint`` one per covariate, the columns of a categorical one (or of
        one split in time) tested together. A small p says that the ratio drifts with ``transform`` of time:
        Grambsch & Therneau (1994), computed as R's ``cox.zph`` from survival 3 on (there ``joint`` is
        ``terms = TRUE``). ``statistic`` and ``p`` are null where drift cannot be told from the ratio itself.
        Raises ``ValueError`` when all events happen at one time, and where a term has no finite estimate.
        """
        model = self._model
        if model.top.endless:
            raise ValueError(
                "a term has no finite estimate: leave it out before testing proportional hazards"
            )
        rows = model.rows
        scale = transformed(model.sets.times, transform, rows.time, rows.event, rows.entry)
        names = [term.covariate if joint else term.name for term in model.terms]
        return proportionality(model.sets, model.x, model.top.point, scale, names)


def cox(
    df: Frame,
    duration: str,
    event: str,
    covariates: Sequence[str],
    *,
    entry: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    ties: Ties = "efron",
    split: Mapping[str, Sequence[float]] | None = None,
) -> CoxFit:
    """Cox's proportional-hazards regression of the time to an event (Cox 1972, JRSS B 34).

    Estimand: per covariate the ratio of hazards between people who differ by one in it and are alike in the
    others, taken to be the same at all times (:meth:`CoxFit.schoenfeld` tests that). It is conditional on the
    other covariates, and an effect only where the design makes it one.

    ``duration`` is the last time (week) a row was observed, ``event`` whether the event came then. Rows are at
    risk in (``entry``, ``duration``]; without ``entry`` from the start. People whose covariates change have
    several rows; give their number as ``cluster``. Each value of ``strata`` has a baseline hazard of its own.
    ``weights`` are case weights above zero. ``split={"treated": [8]}`` lets the ratio of ``treated`` be one until
    week 8 and another after: terms ``treated[..8]`` and ``treated[9..]`` (R: ``survSplit``). Categorical
    covariates enter as one indicator per level but the first (alphabetically), ``column=level``.

    Tied events are treated by Efron's (1977) or Breslow's (1974) approximation. ``se`` comes from the information,
    with ``cluster`` from the scores summed by cluster (Lin & Wei 1989; normal distribution, no small-sample
    factor); weights that are not whole numbers give the latter with each row a cluster, as in R's ``coxph``.
    Time and memory grow with rows × columns², not with the number of times.

    Raises ``ValueError``: no event, no covariate, a negative time, ``entry`` not before ``duration``, weights of
    zero or less, one cluster, a column that does not vary, one that is a combination of others, and one with two
    values of which one has no events (no finite ratio exists). Other covariates that predict events without fail
    give the grave caution ``no-finite-estimate``.
    """
    df = as_polars(df)
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties must be 'efron' or 'breslow', not {ties!r}")
    if isinstance(covariates, str) or not covariates:
        raise ValueError("a Cox regression needs a list with at least one covariate")
    if len(set(covariates)) < len(covariates):
        raise ValueError("a covariate is named twice: leave one of them out")
    extra = [column for column in (entry, strata, cluster, weights) if column]
    complete = complete_rows(df, [duration, event, *covariates, *extra])
    rows = read_rows(complete.table, duration, event, entry, strata, weights)
    robust_rows = cluster is None and not (rows.weights == np.floor(rows.weights)).all()
    if robust_rows and entry:
        raise ValueError(
            f"weights in column '{weights}' that are not whole numbers, with '{entry}', need the column that "
            "identifies people as 'cluster'"
        )
    owner = (
        codes(complete.table, cluster)[0] if cluster else np.arange(len(rows.time)) if robust_rows else None
    )
    groups = None if owner is None else int(owner.max()) + 1
    if groups == 1:
        raise ValueError(
            f"cluster-robust errors need at least two clusters, column '{cluster or weights}' has one"
        )

    design = design_matrix(complete.table, covariates, constant=False)
    terms, matrix, pieces = read_terms(rows, covariates, design.names, design.matrix, split)
    del design  # the columns are standardised in place: one copy of them is enough
    names = [term.name for term in terms]
    centres, scales = standardise(matrix, names)
    died = rows.event if pieces is None else pieces.event
    refuse_one_sided(matrix, died, names, centres, scales)
    sets = (
        risk_sets(rows.time, rows.event, rows.entry, rows.stratum, rows.weights, efron=ties == "efron")
        if pieces is None
        else risk_sets(
            pieces.time,
            pieces.event,
            pieces.entry,
            None if rows.stratum is None else rows.stratum[pieces.row],
            rows.weights[pieces.row],
            efron=ties == "efron",
        )
    )
    matrix = matrix.take(sets.order, axis=0)
    top = maximise(sets, matrix, names)
    covariance = top.inverse
    if owner is not None:
        owner = (owner if pieces is None else owner[pieces.row])[sets.order]
        covariance = robust_covariance(sets, matrix, top.point, top.inverse, owner)
    back = np.outer(1 / scales, 1 / scales)
    covariance = covariance * back
    naive_se = np.sqrt(np.diag(top.inverse * back))
    coefficients = top.point.beta / scales
    events = int(rows.event.sum())
    cautions = _cautions(top, names, events, groups if cluster else None)
    model = _Model(
        rows=rows,
        terms=tuple(terms),
        x=matrix,
        centres=centres,
        scales=scales,
        sets=sets,
        top=top,
        outcome=event,
        design=_design(ties, covariates, strata, entry, weights, split),
        se_method="inverse information, normal distribution"
        if owner is None
        else f"cluster-robust (Lin & Wei) by {repr(cluster) if cluster else 'row'}, normal distribution",
    )
    return CoxFit(
        table=_table(names, coefficients, np.sqrt(np.diag(covariance)), top.endless),
        loglik=top.point.loglik,
        null_loglik=top.null_loglik,
        n=len(rows.time),
        events=events,
        clusters=groups,
        covariance=covariance,
        naive_se=naive_se,
        iterations=top.iterations,
        excluded=complete.excluded,
        warnings=(*left_out(complete.excluded, df.height), *cautions),
        _model=model,
    )


def _table(names: Sequence[str], coef: Floats, se: Floats, endless: Sequence[int]) -> pl.DataFrame:
    """The coefficients; nothing but the value reached for those without a finite estimate."""
    half = float(scipy.stats.norm.ppf(0.975)) * se
    z = coef / se
    finite = pl.Series([index not in endless for index in range(len(names))])
    with np.errstate(over="ignore"):  # an infinite ratio or bound says so itself
        ratio, lower, upper = np.exp(coef), np.exp(coef - half), np.exp(coef + half)
    table = pl.DataFrame(
        {
            "term": list(names),
            "coef": coef,
            "hazard_ratio": ratio,
            "se": se,
            "z": z,
            "p": 2 * scipy.stats.norm.sf(np.abs(z)),
            "lower": lower,
            "upper": upper,
        }
    )
    return table.with_columns(
        pl.when(finite).then(pl.col(name)).alias(name) for name in ("se", "z", "p", "lower", "upper")
    )


def _cautions(top: Maximum, names: Sequence[str], events: int, clusters: int | None) -> tuple[Caution, ...]:
    """What the fit must be read with."""
    found: list[Caution] = []
    if top.endless:
        found.append(no_finite_estimate([names[index] for index in top.endless]))
    elif not top.settled:
        found.append(not_settled())
    if events < FEW_EVENTS * len(names):
        found.append(few_events(events, len(names)))
    if clusters is not None and clusters < FEW_CLUSTERS:
        found.append(few_clusters(clusters))
    return tuple(found)


def _design(
    ties: Ties,
    covariates: Sequence[str],
    strata: str | None,
    entry: str | None,
    weights: str | None,
    split: Mapping[str, Sequence[float]] | None,
) -> str:
    """How the ratio was made, in one line."""
    parts = [
        f"{'weighted ' if weights else ''}Cox regression ({ties.capitalize()} ties) on {', '.join(covariates)}"
    ]
    if strata:
        parts.append(f"baseline by {strata}")
    if entry:
        parts.append("delayed entry")
    for covariate, cuts in (split or {}).items():
        parts.append(f"ratio of {covariate} changing after {', '.join(f'{cut:g}' for cut in cuts)}")
    return "; ".join(parts)
