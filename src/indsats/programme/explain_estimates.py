"""Explains how an effect is estimated and how the estimate is tried."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.language import day, inside

from .estimates import (
    Cox,
    DifferenceInDifferences,
    Dose,
    DoublyRobust,
    Estimate,
    EValue,
    HiddenBias,
    LeaveOneOut,
    NegativeControls,
    Placebo,
    Randomisation,
    Regression,
    RestrictedMean,
    Sensitivity,
    Subgroups,
    TippingPoint,
    Trial,
    Weighting,
)
from .evaluation import Evaluation
from .explain_page import Page
from .words import FIELDS, plain_number, quoted, row
from .words.literals import LITERALS


def estimates(page: Page, evaluation: Evaluation) -> None:
    """Pairs, models, errors and checks, a point each."""
    say = page.say
    if evaluation.matching is not None:
        page.point(matching_told(page, evaluation))
    for estimate in evaluation.estimates:
        title = quoted(estimate.title.in_(page.lang), page.lang)
        page.point(f"{title}: {estimate_told(page, evaluation, estimate)}.")
    if evaluation.cluster is not None:
        by = _named(page, evaluation, [evaluation.cluster])
        page.point(
            say(
                f"Usikkerheden regner borgere med samme {by} for en klynge.",
                f"The uncertainty takes people with the same {by} for a cluster.",
            )
        )
    if evaluation.effort_starts is not None:
        began = day(evaluation.effort_starts, page.lang)
        page.point(say(f"Indsatsen begyndte {began}.", f"The effort began on {began}."))
    for check in evaluation.sensitivity:
        name = LITERALS[check.check].in_(page.lang)
        page.point(say(f"Prøve ({name}): ", f"Check ({name}): ") + check_told(page, evaluation, check))
    if evaluation.multiplicity is not None:
        by = LITERALS[evaluation.multiplicity].in_(page.lang)
        page.point(
            say(
                f"P-værdier justeres for, at der er flere udfald ({by}).",
                f"P-values are adjusted for there being several outcomes ({by}).",
            )
        )


def matching_told(page: Page, evaluation: Evaluation) -> str:
    """How twins are found; empty where nobody is paired."""
    matching = evaluation.matching
    if matching is None:
        return ""
    on = {
        "prognosis": page.say("det forventede udfald", "the expected outcome"),
        "propensity": page.say("sandsynligheden for at være med", "the probability of taking part"),
        "mahalanobis": page.say("kendetegnene selv", "the characteristics themselves"),
    }[matching.on]
    if matching.ratio == 1:
        text = page.say(
            f"Hver deltager får én tvilling, valgt efter {on}",
            f"Each participant gets one twin, chosen by {on}",
        )
    else:
        text = page.say(
            f"Hver deltager får {matching.ratio} tvillinger, valgt efter {on}",
            f"Each participant gets {matching.ratio} twins, chosen by {on}",
        )
    if matching.caliper is not None:
        most = plain_number(matching.caliper, page.lang)
        text += page.say(
            f", højst {most} standardafvigelser væk", f", at most {most} standard deviations away"
        )
    if matching.exact:
        same = _named(page, evaluation, matching.exact)
        text += page.say(f", ens på {same}", f", equal on {same}")
    if matching.replace:
        text += page.say("; den samme kan bruges flere gange", "; the same one can be used several times")
    return f"{text}."


def _named(page: Page, evaluation: Evaluation, fields: Sequence[str]) -> str:
    """Columns of the data in a row, by their titles as they stand inside a sentence."""
    titles = {one.field: one.title.in_(page.lang) for one in evaluation.covariates}
    titles |= {made.id: made.title.in_(page.lang) for made in evaluation.history}
    told = [
        titles.get(field) or (FIELDS[field].in_(page.lang) if field in FIELDS else field) for field in fields
    ]
    return row([inside(one) for one in told], page.lang)


def estimate_told(page: Page, evaluation: Evaluation, estimate: Estimate) -> str:
    """What an estimator does, without its title and without a full stop."""
    say = page.say
    if isinstance(estimate, Regression):
        text = say("regression", "regression")
    elif isinstance(estimate, DifferenceInDifferences):
        both = _named(page, evaluation, [estimate.site_treated, estimate.after])
        text = say(f"forskel i forskelle over {both}", f"difference in differences over {both}")
    elif isinstance(estimate, Cox):
        text = say("Cox-regression af ventetiden", "Cox regression of the waiting time")
        if estimate.split:
            weeks = row([str(week) for week in estimate.split], page.lang)
            text += say(f", med hver sin virkning før og efter uge {weeks}", f", split after week {weeks}")
    elif isinstance(estimate, RestrictedMean):
        text = say(
            f"forskel i ventetid inden for {estimate.horizon} uger",
            f"difference in waiting time within {estimate.horizon} weeks",
        )
    elif isinstance(estimate, Trial):
        text = say("alle som trukket ved lod", "everybody as drawn")
    elif isinstance(estimate, Dose):
        dose = _named(page, evaluation, [estimate.dose])
        text = say(f"sammenhæng med {dose}, ikke en virkning", f"association with {dose}, not an effect")
    else:
        text = _alike(page, estimate)
    for fields, da, en in (
        (getattr(estimate, "adjust", ()), "justeret for", "adjusted for"),
        (
            getattr(estimate, "absorb", ()),
            "med et niveau for hver værdi af",
            "with a level for each value of",
        ),
    ):
        if fields:
            text += f", {say(da, en)} {_named(page, evaluation, fields)}"
    strata = getattr(estimate, "strata", None)
    if strata:
        within = _named(page, evaluation, [strata] if isinstance(strata, str) else strata)
        text += say(f", inden for {within}", f", within {within}")
    return text


def _alike(page: Page, estimate: Weighting | DoublyRobust) -> str:
    whom = LITERALS[estimate.whom].in_(page.lang)
    if isinstance(estimate, DoublyRobust):
        return page.say(
            f"dobbelt robust, krydstilpasset i {estimate.folds} dele, for {whom}",
            f"doubly robust, cross-fitted in {estimate.folds} parts, for {whom}",
        )
    by = LITERALS[estimate.by].in_(page.lang)
    return page.say(f"vægtning ved {by}, for {whom}", f"weighting by {by}, for {whom}")


def check_told(page: Page, evaluation: Evaluation, check: Sensitivity) -> str:
    """What a check of sensitivity shows."""
    say = page.say
    if isinstance(check, EValue):
        return say(
            "hvor stærk en skjult årsag skal være for at bortforklare virkningen.",
            "how strong a hidden cause must be to explain the effect away.",
        )
    if isinstance(check, TippingPoint):
        return say(
            "hvor meget en skjult årsag skal forklare for at bringe estimatet til nul.",
            "how much a hidden cause must explain to bring the estimate to zero.",
        )
    if isinstance(check, HiddenBias):
        return say(
            "hvor ulige chancerne i et par må være, før testen ikke holder.",
            "how unequal the chances within a pair may be before the test stops holding.",
        )
    if isinstance(check, LeaveOneOut):
        by = _named(page, evaluation, [check.by])
        return say(
            f"estimatet, når de udelades én ad gangen ({by}).", f"the estimate without each {by} in turn."
        )
    if isinstance(check, NegativeControls):
        titles = {one.id: one.title.in_(page.lang) for one in evaluation.outcomes}
        named = row([titles.get(one, one) for one in check.outcomes], page.lang)
        return say(
            f"{named}, som indsatsen ikke kan have ændret.", f"{named}, which the effort cannot have changed."
        )
    if isinstance(check, Placebo):
        start = day(check.start, page.lang)
        return say(
            f"forskellen i tiden før, som om indsatsen var begyndt {start}.",
            f"the difference in the time before, as if the effort had begun on {start}.",
        )
    if isinstance(check, Randomisation):
        by = _named(page, evaluation, [check.by])
        return say(
            f"estimatet blandt alle måder, indsatsen kunne være fordelt på {by}.",
            f"the estimate among all the ways the effort could have been given to {by}.",
        )
    if isinstance(check, Subgroups):
        named = _named(page, evaluation, check.fields)
        return say(f"virkningen for sig efter {named}.", f"the effect by {named}.")
    return say(
        "p-værdi og interval, der tåler få klynger.", "a p-value and an interval that stand few clusters."
    )
