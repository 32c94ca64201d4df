"""Scores to match on: predicted treatment (propensity) or predicted outcome without it (prognosis)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import polars as pl
from scipy.special import expit

from ..design import design_matrix
from ..inputs import Flags, Floats, numbers
from ..logit import logit
from ..regression import least_squares

Scale = Literal["logit", "probability"]


@dataclass(frozen=True, slots=True)
class Score:
    """One number per row, ``text`` saying where it comes from, and whether it was ``fitted`` here."""

    values: Floats
    text: str
    fitted: bool = True


def propensity_score(
    table: pl.DataFrame, covariates: Sequence[str], treated: Flags, *, scale: Scale
) -> Score:
    """The predicted treatment of every row, by logistic regression on ``covariates`` (no nulls allowed)."""
    design = design_matrix(table, covariates)
    with _naming("propensity score"):
        fit = logit(design.matrix, treated, design.names)
    predictor = fit.predict(design.matrix)
    text = f"propensity score: logistic regression of treatment on {', '.join(covariates)}"
    return Score(predictor if scale == "logit" else expit(predictor), text)


def prognostic_score(
    table: pl.DataFrame, covariates: Sequence[str], outcome: str, treated: Flags, *, scale: Scale
) -> Score:
    """The outcome every row would be predicted to have without treatment.

    The model is fitted on the controls only and then applied to all: the treated's own outcomes, which the
    treatment may have changed, play no part. A yes-or-no outcome gives a logistic regression, any other
    number a least-squares one (whose prediction is in the outcome's unit, whatever ``scale``). Columns and
    levels that the controls do not vary in cannot be learnt from them and raise ``ValueError``.
    """
    design = design_matrix(table, covariates)
    values = numbers(table, outcome)
    of = f"regression of '{outcome}' on {', '.join(covariates)} among the {int((~treated).sum())} controls"
    controls = design.matrix[~treated]
    with _naming("prognostic score"):
        if not ((values == 0) | (values == 1)).all():
            coefficients = least_squares(controls, values[~treated], design.names).coefficients
            return Score(design.matrix @ coefficients, f"prognostic score: least-squares {of}")
        predictor = logit(controls, values[~treated], design.names).predict(design.matrix)
    return Score(predictor if scale == "logit" else expit(predictor), f"prognostic score: logistic {of}")


def given_score(table: pl.DataFrame, column: str) -> Score:
    """The score that stands in a column, as it is."""
    return Score(numbers(table, column), f"score in column '{column}'", fitted=False)


@contextmanager
def _naming(score: str) -> Iterator[None]:
    """Says which score it was that could not be fitted."""
    try:
        yield
    except ValueError as reason:
        raise ValueError(f"the {score} cannot be fitted: {reason}") from reason
