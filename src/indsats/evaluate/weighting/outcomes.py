"""Models of the outcome with and without treatment, and how uncertain their predictions are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ..cautions import Caution
from ..design import Design, standardised
from ..inputs import Flags, Floats
from ..logit import logit
from ..regression import least_squares
from .doubts import same_outcome
from .influence import Ingredient, influence


@dataclass(frozen=True, slots=True)
class Predicted:
    """``mean`` (n): every row's expected outcome under one treatment; ``model``: the coefficients behind it
    and their uncertainty, ``None`` when all of the group had the same outcome and nothing was estimated.
    """

    mean: Floats
    model: Ingredient | None

    def carried(self, sensitivity: Floats) -> Floats:
        """What each row adds to an estimate through the model (see :meth:`Ingredient.carried`)."""
        return np.zeros(len(self.mean)) if self.model is None else self.model.carried(sensitivity)


def is_binary(values: Floats) -> bool:
    """Whether an outcome is yes-or-no, so that its models are logistic."""
    return bool(((values == 0) | (values == 1)).all())


def unadjustable(values: Floats, treated: Flags) -> list[Caution]:
    """A caution for each group in which nobody or everybody has a yes-or-no outcome."""
    return [
        same_outcome(treated=name == "treated", everybody=bool(values[group][0] == 1))
        for group, name in ((treated, "treated"), (~treated, "controls"))
        if is_binary(values) and np.ptp(values[group]) == 0
    ]


def by_group(design: Design, values: Floats, treated: Flags) -> tuple[Predicted, Predicted]:
    """Expected outcomes of all rows with and without treatment, each from a model of its own group.

    Logistic for outcomes of only 0 and 1, otherwise least squares. Raises ``ValueError`` naming the group
    and column when a model cannot be fitted.
    """
    binary = is_binary(values)
    predicted = []
    for group, name in ((treated, "treated"), (~treated, "controls")):
        if binary and np.ptp(values[group]) == 0:
            predicted.append(Predicted(np.full(len(values), values[group][0]), None))
            continue
        with_group = f"the outcome model among the {name} cannot be fitted"
        coefficients = _fit(design.matrix[group], values[group], design.names, with_group, binary=binary)
        predicted.append(_predict(design.matrix, coefficients, values, group, binary=binary))
    return predicted[0], predicted[1]


def in_one_model(
    design: Design, values: Floats, treated: Flags, treatment: str, interacted: Sequence[int]
) -> tuple[Predicted, Predicted]:
    """Expected outcomes with and without treatment from one model of everybody.

    Columns are those of ``design``, the treatment, and its products with the columns ``interacted``.
    """
    binary = is_binary(values)
    t = treated.astype(np.float64)

    def columns(under: Floats) -> Floats:
        return np.column_stack([design.matrix, under, design.matrix[:, list(interacted)] * under[:, None]])

    names = (*design.names, treatment, *(f"{treatment}:{design.names[i]}" for i in interacted))
    matrix = columns(t)
    coefficients = _fit(matrix, values, names, "the outcome model cannot be fitted", binary=binary)
    everybody = np.ones(len(values), dtype=bool)
    one, two = (
        _predict(
            columns(np.full(len(t), under)), coefficients, values, everybody, binary=binary, fitted=matrix
        )
        for under in (1.0, 0.0)
    )
    return one, two


def learnt_elsewhere(
    matrix: Floats, values: Floats, names: Sequence[str], new: Floats, where: str, *, binary: bool
) -> Floats:
    """Expected outcomes of the rows ``new`` from a model of the rows ``matrix`` (cross-fitting)."""
    if binary and np.ptp(values) == 0:
        return np.full(len(new), values[0])
    coefficients = _fit(matrix, values, names, where, binary=binary)
    return expit(new @ coefficients) if binary else new @ coefficients


def _fit(matrix: Floats, values: Floats, names: Sequence[str], where: str, *, binary: bool) -> Floats:
    try:
        if binary:
            return logit(matrix, values, names).coefficients
        return least_squares(matrix, values, names).coefficients
    except ValueError as reason:
        raise ValueError(f"{where}: {reason}") from reason


def _predict(
    new: Floats,
    coefficients: Floats,
    values: Floats,
    group: Flags,
    *,
    binary: bool,
    fitted: Floats | None = None,
) -> Predicted:
    """Predictions for the rows ``new`` of a model fitted to ``group`` (columns ``fitted``, if they differ)."""
    matrix = new if fitted is None else fitted
    # Scaled as the fitted columns are, for a year and its square as they come make a useless cross-product.
    scaled, centres, scales = standardised(matrix)
    design = scaled if fitted is None else (new - centres) / scales

    def curve(x: Floats) -> tuple[Floats, Floats]:
        eta = x @ coefficients
        if not binary:
            return eta, np.ones(len(x))
        share = expit(eta)
        return share, share * (1 - share)

    mean, slope = curve(new)
    at, steep = (mean, slope) if fitted is None else curve(fitted)
    inside = group.astype(np.float64)
    information = scaled.T @ (scaled * (steep * inside)[:, None])
    moved = influence(scaled * ((values - at) * inside)[:, None], information)
    return Predicted(mean, Ingredient(design, slope, moved))
