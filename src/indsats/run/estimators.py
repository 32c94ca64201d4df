"""From an evaluation's definition to functions that estimate: one per method, on any table of the cohort's shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import polars as pl

from indsats.evaluate import (
    CoxFit,
    Effect,
    Match,
    aipw,
    cox,
    did,
    difference_in_means,
    difference_in_shares,
    dose_response,
    itt,
    match,
    regression,
    regression_within,
    restricted_mean_difference,
    weigh,
)
from indsats.programme import (
    AMOUNTS,
    Cox,
    DifferenceInDifferences,
    Dose,
    DoublyRobust,
    Estimate,
    Evaluation,
    Matching,
    Outcome,
    Regression,
    RestrictedMean,
    Text,
    Trial,
    Weighting,
)

from . import words

Make = Callable[[pl.DataFrame], Effect]
Asked = TypeVar("Asked", Cox, RestrictedMean)
Made = TypeVar("Made", CoxFit, Effect)

PAIRS: Mapping[str, Text] = {
    "prognosis": words.PROGNOSIS_PAIRS,
    "propensity": words.PROPENSITY_PAIRS,
    "mahalanobis": words.MAHALANOBIS_PAIRS,
}


@dataclass(frozen=True, slots=True)
class Method:
    """One way to estimate one outcome; ``make`` raises ``ValueError`` where the data do not allow it."""

    id: str
    title: Text
    make: Make


def methods(evaluation: Evaluation, outcome: Outcome, matched: Match | None = None) -> Iterator[Method]:
    """The plain difference, the pairs, and each estimate that is for ``outcome``, in that order.

    ``matched`` are pairs made already: the method of pairs then is for their table only. Waiting times are told of
    by ``fits`` and ``mean_waits``.
    """
    plain = plain_difference(outcome)
    yield Method("raw", words.RAW, lambda table: plain(table, outcome.id))
    if evaluation.matching is not None:
        yield Method(
            "matched",
            PAIRS[evaluation.matching.on],
            lambda table: _over_pairs(evaluation, evaluation.matching, outcome, table, matched),
        )
    for estimate in evaluation.estimates:
        if isinstance(estimate, Cox | RestrictedMean):
            continue
        if not estimate.outcomes or outcome.id in estimate.outcomes:
            yield Method(estimate.id, estimate.title, _maker(evaluation, estimate, outcome))


def main_method(evaluation: Evaluation, outcome: Outcome, matched: Match | None = None) -> Method:
    """The method the conclusion rests on: the main estimate if it is for this outcome, else the plain difference.

    ``matched`` as in ``methods``.
    """
    found = {method.id: method for method in methods(evaluation, outcome, matched)}
    return found.get(evaluation.main_estimate or "raw", found["raw"])


def plain_difference(outcome: Outcome) -> Callable[..., Effect]:
    """The plain comparison that suits an outcome: of means for amounts, of shares for yes or no."""
    return difference_in_means if isinstance(outcome, AMOUNTS) else difference_in_shares


def matches(evaluation: Evaluation, table: pl.DataFrame, outcomes: Sequence[Outcome]) -> dict[str, Match]:
    """One set of pairs per outcome when pairing on prognosis (each outcome has its own), one for all otherwise.

    An outcome for which no score can be fitted, as happens in small data, has none.
    """
    rule = evaluation.matching
    found: dict[str, Match] = {}
    if rule is None:
        return found
    for outcome in outcomes:
        if rule.on != "prognosis" and found:
            found[outcome.id] = next(iter(found.values()))
            continue
        try:
            found[outcome.id] = _paired(evaluation, rule, outcome, table)
        except ValueError:
            continue
    return found


def fits(evaluation: Evaluation, table: pl.DataFrame) -> Iterator[tuple[Cox, CoxFit | str]]:
    """Each Cox regression of the waiting time, or why it cannot be made."""

    def fit(estimate: Cox, observed: pl.DataFrame) -> CoxFit:
        return cox(
            observed,
            "weeks",
            "event",
            ["treated", *estimate.adjust],
            strata=estimate.strata,
            cluster=evaluation.cluster,
            split={"treated": estimate.split} if estimate.split else None,
        )

    return _of_waits(evaluation, table, Cox, fit)


def mean_waits(evaluation: Evaluation, table: pl.DataFrame) -> Iterator[tuple[RestrictedMean, Effect | str]]:
    """Each difference in mean waiting time, or why it cannot be made."""

    def difference(estimate: RestrictedMean, observed: pl.DataFrame) -> Effect:
        return restricted_mean_difference(observed, "weeks", "event", "treated", horizon=estimate.horizon)

    return _of_waits(evaluation, table, RestrictedMean, difference)


def _of_waits(
    evaluation: Evaluation,
    table: pl.DataFrame,
    kind: type[Asked],
    make: Callable[[Asked, pl.DataFrame], Made],
) -> Iterator[tuple[Asked, Made | str]]:
    """What is made of the waiting times for each estimate of one kind, or why it cannot be made."""
    observed = table.drop_nulls(["weeks", "event"])
    for estimate in evaluation.estimates:
        if isinstance(estimate, kind):
            try:
                yield estimate, make(estimate, observed)
            except ValueError as reason:
                yield estimate, str(reason)


def _paired(evaluation: Evaluation, rule: Matching, outcome: Outcome, table: pl.DataFrame) -> Match:
    observed = table.drop_nulls(outcome.id) if rule.on == "prognosis" else table
    return match(
        observed,
        "treated",
        [covariate.field for covariate in evaluation.covariates],
        distance="prognostic" if rule.on == "prognosis" else rule.on,
        outcome=outcome.id if rule.on == "prognosis" else None,
        ratio=rule.ratio,
        replace=rule.replace,
        caliper=rule.caliper,
        exact=rule.exact,
        scale="logit",
        id="person",
    )


def _over_pairs(
    evaluation: Evaluation,
    rule: Matching | None,
    outcome: Outcome,
    table: pl.DataFrame,
    matched: Match | None,
) -> Effect:
    if rule is None:
        raise ValueError("the evaluation pairs nobody")
    matched = matched or _paired(evaluation, rule, outcome, table)
    return plain_difference(outcome)(matched.table, outcome.id, pair="pair", person="person")


def _maker(evaluation: Evaluation, estimate: Estimate, outcome: Outcome) -> Make:
    """How one estimate is made of one outcome."""
    name, cluster = outcome.id, evaluation.cluster
    covariates = [covariate.field for covariate in evaluation.covariates]
    if isinstance(estimate, Regression) and estimate.absorb:
        return lambda table: regression_within(
            table, name, "treated", estimate.adjust, absorb=estimate.absorb, cluster=cluster
        )
    if isinstance(estimate, Regression):
        se = "classical" if cluster is None else "cluster"
        return lambda table: regression(table, name, "treated", estimate.adjust, se=se, cluster=cluster)
    if isinstance(estimate, DifferenceInDifferences):
        return lambda table: did(
            table,
            name,
            estimate.site_treated,
            estimate.after,
            covariates=estimate.adjust,
            absorb=estimate.absorb,
            cluster=cluster or "person",
        )
    if isinstance(estimate, Weighting):
        estimand = "ATO" if estimate.by == "overlap" else _estimand(estimate)
        return lambda table: weigh(
            table, "treated", covariates, method=estimate.by, estimand=estimand
        ).effect(name, cluster=cluster)
    if isinstance(estimate, DoublyRobust):
        return lambda table: aipw(
            table,
            name,
            "treated",
            covariates,
            estimand=_estimand(estimate),
            folds=estimate.folds,
            cluster=cluster,
        )
    if isinstance(estimate, Trial):
        return lambda table: itt(
            table, name, "treated", strata=estimate.strata, cluster=cluster, covariates=estimate.adjust
        )
    if isinstance(estimate, Dose):
        return lambda table: (
            dose_response(table, name, estimate.dose, covariates=estimate.adjust, cluster=cluster).effect
        )
    raise TypeError(f"no estimator for an estimate of kind {estimate.kind}")


def _estimand(estimate: Weighting | DoublyRobust) -> Literal["ATT", "ATE"]:
    return "ATT" if estimate.whom == "treated" else "ATE"
