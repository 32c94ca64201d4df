"""What an estimate of effect consists of: one frozen record that names its design, its errors and its doubts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl
import scipy
from scipy.special import ndtri

from indsats.language import Lang

from .cautions import Caution

if TYPE_CHECKING:
    import altair as alt

Estimand = Literal["ATT", "ATE", "ATC", "ATO", "ITT", "CACE", "association"]
"""In whom the effect is meant: the treated, all, the controls, those who could be either (overlap), all who were
drawn, those who do as they are drawn; ``association`` claims no effect."""

Scale = Literal["difference", "log hazard ratio", "log odds ratio", "log risk ratio", "slope", "correlation"]
"""What ``estimate`` is; ``difference`` is in the unit of the outcome (shares on 0 to 1)."""

Diagnostic = float | int | str | bool | None


Z95 = float(ndtri(0.975))
"""The normal quantile of every 95 % interval here."""

LEVEL = 0.05
"""Below this a p-value counts as small, and beyond it an interval leaves a value out: what 95 % stands for."""


class Interval(NamedTuple):
    """The two ends of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The difference treatment makes to one outcome, as one method estimates it.

    ``estimate``, ``se`` and ``interval`` (95 %) are on ``scale``; ``p`` is two-sided against no difference.
    ``design`` says how treated and control were made comparable and by which estimator, ``se_method`` how
    ``se``, ``interval`` and ``p`` were made; ``df`` belongs to the t distribution used and is ``None`` where
    the normal distribution was. ``n_treated`` and ``n_control`` count the people (rows) used, ``n_clusters``
    the clusters of the error. ``mean_*`` are the means compared (for matched or weighted controls: weighted),
    ``events_*`` counts of yes for yes-or-no outcomes; ``None`` where there are none. ``excluded`` counts rows
    or pairs left out, by reason (``missing <column>``). ``diagnostics`` holds what the method measured about
    itself, by name; ``warnings`` what a reader must know before believing the estimate. ``table`` holds the
    coefficients of the model behind the estimate, where there is one (``term``, ``coef``, ``se``, ``p``,
    ``lower``, ``upper``); it is left out of comparisons with ``==``.
    """

    estimand: Estimand
    estimate: float
    se: float
    interval: Interval
    p: float
    n_treated: int
    n_control: int
    outcome: str
    design: str
    se_method: str
    n_clusters: int | None = None
    scale: Scale = "difference"
    statistic: float | None = None
    df: float | None = None
    mean_treated: float | None = None
    mean_control: float | None = None
    events_treated: int | None = None
    events_control: int | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    diagnostics: Mapping[str, Diagnostic] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()
    table: pl.DataFrame | None = field(default=None, compare=False)

    def tidy(self) -> pl.DataFrame:
        """The estimate as one row (see :func:`tidy`)."""
        return tidy([self])

    def plot(self, lang: Lang = "da") -> alt.LayerChart | alt.FacetChart:
        """The estimate with its interval (see ``forest``)."""
        from .plots import forest

        return forest([self], lang)


TIDY = {
    "outcome": pl.String,
    "design": pl.String,
    "estimand": pl.String,
    "scale": pl.String,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p": pl.Float64,
    "statistic": pl.Float64,
    "df": pl.Float64,
    "n_treated": pl.Int64,
    "n_control": pl.Int64,
    "n_clusters": pl.Int64,
    "mean_treated": pl.Float64,
    "mean_control": pl.Float64,
    "excluded": pl.Int64,
    "warnings": pl.List(pl.String),
}


def tidy(effects: Iterable[Effect]) -> pl.DataFrame:
    """Estimates as a table, one row each; ``warnings`` lists their codes and ``excluded`` is a sum."""
    rows = [
        {
            **{name: getattr(effect, name) for name in TIDY if hasattr(effect, name)},
            "lower": effect.interval.low,
            "upper": effect.interval.high,
            "excluded": sum(effect.excluded.values()),
            "warnings": [caution.code for caution in effect.warnings],
        }
        for effect in effects
    ]
    return pl.DataFrame(rows, schema=TIDY)


ROUNDING = 1e-12
"""An error below this part of the numbers it was computed from is rounding, not an error."""


NO_ERROR = 1e-7
"""Below this share of the error of independent rows a cluster-robust error is rounding, not an error."""


class Inference(NamedTuple):
    """What follows from an estimate and its standard error."""

    interval: Interval
    p: float
    statistic: float


def infer(
    outcome: str, estimate: float, se: float, df: float | None = None, *, size: float = 0.0
) -> Inference:
    """The 95 % interval, two-sided p and statistic of an estimate, by t with ``df`` or the normal distribution.

    ``size`` is how large ``se`` would be if the outcome varied as much as it is large. Raises ``ValueError``
    when there is no variation to judge by (``se`` zero, infinite or not a number, or rounding beside ``size``).
    """
    if not ROUNDING * size < se < float("inf"):
        raise ValueError(
            f"outcome '{outcome}' does not vary within the groups: there is no standard error to give"
        )
    law = scipy.stats.norm if df is None else scipy.stats.t(df)
    statistic = estimate / se
    half = float(law.ppf(0.975)) * se
    return Inference(Interval(estimate - half, estimate + half), float(2 * law.sf(abs(statistic))), statistic)
