"""How an effect is estimated and how the estimate is tried: the parts of a plan beside its data and outcomes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Id, Item, Text


class Matching(Item):
    """Pairs of one treated and one control with the nearest score.

    ``on: prognosis`` pairs on the predicted outcome (a model of the outcome among the controls);
    ``on: propensity`` on the predicted treatment; ``on: mahalanobis`` on the characteristics themselves.
    ``caliper`` is in standard deviations of the logit score.
    """

    on: Literal["prognosis", "propensity", "mahalanobis"]
    ratio: int = Field(default=1, ge=1)
    replace: bool = False
    caliper: float | None = Field(default=None, gt=0)
    exact: list[Id] = []


class Estimator(Item):
    """What every estimator has: an id, a title, and the outcomes it is for, all that fit it when none is named."""

    id: Id
    title: Text
    outcomes: list[Id] = []


class Regression(Estimator):
    """A least-squares regression of the outcome on treatment and ``adjust``.

    ``absorb`` names columns whose every value has a level of its own, however many there are.
    """

    kind: Literal["regression"]
    adjust: list[Id] = []
    absorb: list[Id] = []


class DifferenceInDifferences(Estimator):
    """Repeated cross-sections: the product of ``site_treated`` and ``after`` in a least-squares regression."""

    kind: Literal["did"]
    site_treated: Id
    after: Id
    adjust: list[Id] = []
    absorb: list[Id] = []


class Cox(Estimator):
    """Proportional hazards of the waiting time to ``time_to``; the treatment's effect may differ by time.

    ``split: [8]`` gives one effect in weeks 1-8 and one from week 9. The values of ``strata`` have baselines
    of their own.
    """

    kind: Literal["cox"]
    adjust: list[Id] = []
    strata: Id | None = None
    split: list[Annotated[int, Field(gt=0)]] = []


class RestrictedMean(Estimator):
    """The difference in mean weeks without ``time_to`` within the first ``horizon`` weeks."""

    kind: Literal["restricted-mean"]
    horizon: int = Field(gt=0)


class Weighting(Estimator):
    """Weights that make the groups alike on the covariates, in place of pairs."""

    kind: Literal["weighting"]
    by: Literal["propensity", "entropy", "overlap", "subclass"]
    whom: Literal["treated", "all"] = "treated"


class DoublyRobust(Estimator):
    """An outcome model and a treatment model, cross-fitted; right when either of them is."""

    kind: Literal["doubly-robust"]
    whom: Literal["treated", "all"] = "treated"
    folds: int = Field(default=5, ge=1)


class Trial(Estimator):
    """The difference between those drawn and those not drawn, whatever they received."""

    kind: Literal["trial"]
    strata: Id | None = None
    adjust: list[Id] = []


class Dose(Estimator):
    """How the outcome goes with a ``dose`` (meetings, hours, fidelity); an association and not an effect."""

    kind: Literal["dose"]
    dose: Id
    adjust: list[Id] = []


Estimate = Annotated[
    Regression | DifferenceInDifferences | Cox | RestrictedMean | Weighting | DoublyRobust | Trial | Dose,
    Field(discriminator="kind"),
]


class EValue(Item):
    """How strongly a hidden cause would have to go with both treatment and outcome to explain the effect away."""

    check: Literal["e-value"]


class TippingPoint(Item):
    """The share of the remaining variation a hidden cause must explain to take the estimate to zero."""

    check: Literal["tipping-point"]


class HiddenBias(Item):
    """Rosenbaum's bounds: how unequal the chances within a pair may be before the test stops holding."""

    check: Literal["hidden-bias"]


class LeaveOneOut(Item):
    """The estimate again without each value of ``by`` in turn."""

    check: Literal["leave-one-out"]
    by: Id = "site"


class NegativeControls(Item):
    """Outcomes the treatment cannot have changed; what is found in them is bias."""

    check: Literal["negative-controls"]
    outcomes: list[Id] = Field(min_length=1)


class Placebo(Item):
    """The difference in differences again in the time before the effort, as if it had begun on ``start``."""

    check: Literal["placebo"]
    start: date


class WildBootstrap(Item):
    """The p and interval of a clustered estimate by a wild cluster bootstrap, for when clusters are few."""

    check: Literal["wild-bootstrap"]


class Randomisation(Item):
    """The estimate among all the ways in which the treated values of ``by`` could have been chosen."""

    check: Literal["randomisation"]
    by: Id = "site"


class Subgroups(Item):
    """The effect by the levels of each of ``fields``, with a test that it is the same in all."""

    check: Literal["subgroups"]
    fields: list[Id] = Field(min_length=1)


Sensitivity = Annotated[
    EValue
    | TippingPoint
    | HiddenBias
    | LeaveOneOut
    | NegativeControls
    | Placebo
    | WildBootstrap
    | Randomisation
    | Subgroups,
    Field(discriminator="check"),
]


def fields_of(part: Item) -> list[tuple[tuple[str | int, ...], str]]:
    """The columns of the data that a matching, an estimator or a check of sensitivity names, each with where."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    if isinstance(part, Weighting):
        return found  # its 'by' is a way of weighting
    for name in ("site_treated", "after", "dose", "by"):
        if isinstance(value := getattr(part, name, None), str):
            found.append(((name,), value))
    for name in ("adjust", "absorb", "strata", "exact", "fields"):
        value = getattr(part, name, None)
        if isinstance(value, str):
            found.append(((name,), value))
        elif value:
            found += [((name, number), field) for number, field in enumerate(value)]
    return found
