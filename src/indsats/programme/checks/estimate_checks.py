"""Checks of how effects are estimated and tried: that each part has what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from ..definition import Programme
from ..estimates import (
    Cox,
    DifferenceInDifferences,
    HiddenBias,
    NegativeControls,
    Placebo,
    Randomisation,
    Regression,
    RestrictedMean,
    Sensitivity,
    WildBootstrap,
)
from ..evaluation import Evaluation
from .finding import Finding, check_named
from .references import unknown

RESERVED = ("raw", "matched")
"""Ids of the plain difference and of the pairs, which every evaluation may have beside its estimates."""


@check_named("design")
def designs_have_their_parts(programme: Programme) -> Iterator[Finding]:
    """A matched design says how to match, the others have estimates of their kind."""
    for name, evaluation in programme.evaluations.items():
        path = ("evaluations", name, "design")
        if evaluation.design == "matched" and evaluation.matching is None:
            yield Finding(path, "the design is 'matched', and 'matching' is missing", "Add 'matching'.")
        if evaluation.design == "regression" and not evaluation.estimates:
            what = "the design is 'regression', and there are no 'estimates'"
            yield Finding(path, what, "Add at least one estimate.")
        wanted = (DifferenceInDifferences, Cox)
        if evaluation.design == "difference-in-differences" and not any(
            isinstance(estimate, wanted) for estimate in evaluation.estimates
        ):
            what = "the design is 'difference-in-differences', and no estimate takes one"
            yield Finding(path, what, "Add an estimate of 'kind: did'.")


@check_named("estimate-needs")
def estimates_have_what_they_need(programme: Programme) -> Iterator[Finding]:
    """Estimates name outcomes that exist, and those of waiting times have a 'time_to'."""
    for name, evaluation in programme.evaluations.items():
        outcomes = {outcome.id for outcome in evaluation.outcomes}
        for number, estimate in enumerate(evaluation.estimates):
            at = ("evaluations", name, "estimates", number)
            if estimate.id in RESERVED:
                what = f"the id '{estimate.id}' already means another estimate"
                yield Finding((*at, "id"), what, "Give it another id.")
            for place, outcome in enumerate(estimate.outcomes):
                yield from unknown((*at, "outcomes", place), outcome, outcomes, "outcome")
            if isinstance(estimate, Cox | RestrictedMean) and evaluation.time_to is None:
                what = f"'{estimate.kind}' models a waiting time, and 'time_to' is missing"
                yield Finding((*at, "kind"), what, "Name the outcome waited for under 'time_to'.")
            if isinstance(estimate, Cox) and estimate.split != sorted(set(estimate.split)):
                yield Finding((*at, "split"), "the weeks do not rise", "Write each week once, in order.")


@check_named("main-estimate")
def main_estimates_exist(programme: Programme) -> Iterator[Finding]:
    """The estimate a conclusion rests on is one the evaluation makes."""
    for name, evaluation in programme.evaluations.items():
        known = {estimate.id for estimate in evaluation.estimates}
        if evaluation.matching is not None:
            known.add("matched")
        yield from unknown(("evaluations", name, "main"), evaluation.main, known, "estimate")
        if evaluation.main is not None or evaluation.sensitivity or evaluation.multiplicity is not None:
            yield from _main_fits(name, evaluation)


def _main_fits(name: str, evaluation: Evaluation) -> Iterator[Finding]:
    """The main estimate is a difference in the outcome that the checks try."""
    for number, estimate in enumerate(evaluation.estimates):
        if estimate.id != evaluation.main_estimate:
            continue
        here = ("evaluations", name)
        at = (*here, "main") if evaluation.main is not None else (*here, "estimates", number, "id")
        if isinstance(estimate, Cox | RestrictedMean):
            what = (
                f"the main estimate must be a difference, and '{estimate.id}' is of 'kind: {estimate.kind}'"
            )
            yield Finding(at, what, "Name another estimate, or 'matched', under 'main'.")
        first = _first_tried(evaluation)
        if first is not None and estimate.outcomes and first not in estimate.outcomes:
            what = f"the main estimate '{estimate.id}' is not for '{first}', the first outcome"
            yield Finding(
                at, what, f"Add '{first}' to its 'outcomes', or name another estimate under 'main'."
            )


def _first_tried(evaluation: Evaluation) -> str | None:
    """The outcome checks of sensitivity try: the first that is no negative control."""
    return next((one.id for one in evaluation.outcomes if one.id not in evaluation.negative_controls), None)


@check_named("sensitivity-needs")
def checks_of_sensitivity_can_be_made(programme: Programme) -> Iterator[Finding]:
    """A check of sensitivity fits the estimate it tries."""
    for name, evaluation in programme.evaluations.items():
        main = next((one for one in evaluation.estimates if one.id == evaluation.main_estimate), None)
        outcomes = {outcome.id for outcome in evaluation.outcomes}
        made: list[tuple[object, ...]] = []
        for number, check in enumerate(evaluation.sensitivity):
            at = ("evaluations", name, "sensitivity", number)
            if (asked := _asked(check)) in made:
                what = f"the check '{check.check}' is asked for twice, in the same way"
                yield Finding((*at, "check"), what, "Remove one of them.")
            made.append(asked)
            pairs = evaluation.matching
            if isinstance(check, HiddenBias) and (pairs is None or pairs.replace or pairs.ratio > 1):
                what = "hidden bias is bounded within pairs, and nobody is paired one to one"
                remedy = "Add 'matching' without 'replace' and with 'ratio: 1', or remove the check."
                yield Finding((*at, "check"), what, remedy)
            if isinstance(check, WildBootstrap | Randomisation):
                regressed = isinstance(main, Regression | DifferenceInDifferences)
                if not regressed or (isinstance(check, WildBootstrap) and evaluation.cluster is None):
                    what = f"'{check.check}' tries a regression or 'did' with a 'cluster'"
                    yield Finding((*at, "check"), what, "Name such a 'main' estimate and a 'cluster'.")
            if isinstance(check, NegativeControls):
                for place, outcome in enumerate(check.outcomes):
                    yield from unknown((*at, "outcomes", place), outcome, outcomes, "outcome")
                if _first_tried(evaluation) is None:
                    what = "all outcomes are negative controls, so there is none to find an effect in"
                    yield Finding((*at, "outcomes"), what, "Take one out, or add the outcome asked about.")
            if isinstance(check, Placebo):
                yield from _placebo(at, check, evaluation)


def _asked(check: Sensitivity) -> tuple[object, ...]:
    """What a check tries: two that are alike in this are one."""
    named = getattr(check, "fields", []) + getattr(check, "outcomes", [])
    return check.check, getattr(check, "by", None), getattr(check, "start", None), sorted(named)


def _placebo(at: tuple[str | int, ...], check: Placebo, evaluation: Evaluation) -> Iterator[Finding]:
    if not any(isinstance(estimate, DifferenceInDifferences) for estimate in evaluation.estimates):
        what = "a placebo moves the start of a difference in differences, and there is none"
        yield Finding((*at, "check"), what, "Add an estimate of 'kind: did', or remove the check.")
    if evaluation.index is None or evaluation.effort_starts is None:
        what = "a placebo needs a clock and the day the effort began"
        yield Finding((*at, "check"), what, "Add 'effort_starts', or remove the check.")
    elif check.start >= evaluation.effort_starts:
        what = f"the placebo begins on {check.start}, when the effort had begun"
        yield Finding((*at, "start"), what, f"Choose a day before {evaluation.effort_starts}.")
