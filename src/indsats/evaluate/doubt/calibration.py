"""Calibration: what outcomes that treatment cannot have changed say about the error left in a design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from ..cautions import Caution, caution
from ..inputs import Floats
from ..results import LEVEL, Effect, Scale, infer

FEW_CONTROLS = 5
"""Below this many negative controls the spread of the systematic error is little more than a guess."""


@dataclass(frozen=True, slots=True)
class EmpiricalNull:
    """The systematic error of a design, normal with ``mean`` and ``sd`` on the ``scale`` of the estimates."""

    mean: float
    sd: float
    n: int
    warnings: tuple[Caution, ...] = ()
    scale: Scale = "difference"


def empirical_null(negative_controls: Sequence[Effect]) -> EmpiricalNull:
    """The distribution of systematic error, from estimates whose truth is known to be no effect.

    Maximum likelihood of estimateᵢ ~ N(mean, sd² + seᵢ²): Schuemie, Ryan, DuMouchel, Suchard & Madigan (2014),
    Statistics in Medicine 33:209–218. Give outcomes that treatment cannot have changed (from before it, or
    of no concern to it), estimated by the same design. Raises ``ValueError`` for fewer than two estimates,
    for one cannot tell error from chance, and for estimates on different scales.
    """
    if len(negative_controls) < 2:
        raise ValueError(
            f"calibration needs at least two negative controls, there are {len(negative_controls)}; "
            "check_negative_controls can judge one"
        )
    _same_scale([control.scale for control in negative_controls])
    estimates = np.array([effect.estimate for effect in negative_controls])
    variances = np.array([effect.se**2 for effect in negative_controls])
    if not (np.isfinite(estimates).all() and np.isfinite(variances).all() and (variances > 0).all()):
        raise ValueError("every negative control needs a finite estimate and a standard error above zero")
    mean, sd = _most_likely(estimates, variances)
    return EmpiricalNull(
        mean,
        sd,
        len(estimates),
        check_negative_controls(negative_controls),
        negative_controls[0].scale,
    )


def calibrate(effect: Effect, negative_controls: Sequence[Effect] | EmpiricalNull) -> Effect:
    """The estimate with the systematic error of its design taken out and allowed for.

    From ``estimate`` the mean of the empirical null is subtracted, and its variance is added to se²; p
    (Schuemie et al. 2014) and interval follow, the latter under the assumption that the error is the same
    whatever the true effect is (Schuemie, Hripcsak, Ryan, Madigan & Suchard 2018, PNAS 115:2571–2577). With a
    null of mean 0 and sd 0 the estimate is unchanged. ``diagnostics`` holds the null and the uncalibrated
    estimate and p. Raises ``ValueError`` as :func:`empirical_null` does, and for a null on another scale.
    """
    given = isinstance(negative_controls, EmpiricalNull)
    null = negative_controls if given else empirical_null(negative_controls)
    _same_scale([effect.scale, null.scale])
    estimate = effect.estimate - null.mean
    se = float(np.hypot(effect.se, null.sd))
    drawn = infer(effect.outcome, estimate, se, effect.df)
    return replace(
        effect,
        estimate=estimate,
        se=se,
        interval=drawn.interval,
        p=drawn.p,
        statistic=drawn.statistic,
        design=f"{effect.design}, calibrated by {null.n} negative controls",
        se_method=f"{effect.se_method}; widened by the spread of the negative controls",
        diagnostics={
            **effect.diagnostics,
            "null mean": null.mean,
            "null sd": null.sd,
            "negative controls": null.n,
            "uncalibrated estimate": effect.estimate,
            "uncalibrated p": effect.p,
        },
        warnings=(*effect.warnings, *null.warnings),
        table=None,  # the coefficients of the model are not calibrated
    )


def check_negative_controls(negative_controls: Sequence[Effect]) -> tuple[Caution, ...]:
    """Says when there are few negative controls, and when one shows an effect that cannot be.

    Raises ``ValueError`` when there are none.
    """
    cautions: list[Caution] = []
    n = len(negative_controls)
    if not n:
        raise ValueError("there is no negative control to check")
    if n < FEW_CONTROLS:
        cautions.append(
            caution(
                "few-negative-controls",
                "doubt",
                f"Der er kun {n} {'kontroludfald' if n == 1 else 'forskellige kontroludfald'}, som indsatsen ikke "
                "kan have ændret. De kan afsløre en skævhed, men ikke vise, hvor stor den er.",
                f"There {'is only one control outcome' if n == 1 else f'are only {n} control outcomes'} that treatment "
                "cannot have changed. That can reveal a bias but not show how large it is.",
            )
        )
    found = [effect.outcome for effect in negative_controls if effect.p < LEVEL]
    if found:
        names = ", ".join(found)
        cautions.append(
            caution(
                "negative-control-shows-effect",
                "doubt",
                f"{len(found)} af {n} udfald, som indsatsen ikke kan have ændret, er alligevel forskellige i de to "
                f"grupper ({names}). Ved ren tilfældighed ventes det for 5 af 100. Grupperne er nok ikke ens.",
                f"{len(found)} of {n} outcomes that treatment cannot have changed differ between the groups "
                f"nevertheless ({names}). By chance alone 5 in 100 would. The groups are probably not alike.",
            )
        )
    return tuple(cautions)


def _same_scale(given: Sequence[Scale]) -> None:
    scales = sorted(set(given))
    if len(scales) > 1:
        raise ValueError(f"estimates on different scales cannot calibrate each other: {', '.join(scales)}")


def _most_likely(estimates: Floats, variances: Floats) -> tuple[float, float]:
    """Mean and deviation of the null: for each deviation the best mean is the weighted one, so one search will do."""

    def mean(sd: float) -> float:
        return float(np.average(estimates, weights=1 / (variances + sd**2)))

    def unlikely(sd: float) -> float:
        total = variances + sd**2
        return float((np.log(total) + (estimates - mean(sd)) ** 2 / total).sum())

    # No deviation above the range of the estimates can be the most likely. The likelihood may have several
    # tops when errors differ much: a coarse grid finds the highest, a search its place.
    grid = np.linspace(0.0, float(np.ptp(estimates)), 201)
    best = int(np.argmin([unlikely(sd) for sd in grid]))
    around = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)]))
    if around[0] == around[1]:
        return mean(0.0), 0.0
    found = float(
        minimize_scalar(unlikely, bounds=around, method="bounded", options={"xatol": around[1] * 1e-10}).x
    )
    sd = found if unlikely(found) < unlikely(0.0) else 0.0
    return mean(sd), sd
