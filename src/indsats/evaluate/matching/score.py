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

Basis = Literal["propensity", "prognosis"]
Scale = Literal["logit", "probability"]


@dataclass(frozen=True, slots=True)
class Score:
    """One number per row on ``scale``, and ``text`` saying what model it comes from."""

    values: Floats
    text: str


def propensity_score(
    table: pl.DataFrame, covariates: Sequence[str], treated: Flags, *, scale: Scale = "logit"
) -> Score:
    """The predicted treatment of every row, by logistic regression on ``covariates`` (no nulls allowed)."""
    design = design_matrix(table, covariates)
    with _naming("propensity score"):
        fit = logit(design.matrix, treated, design.names)
    predictor = fit.predict(design.matrix)
    text = f"propensity score: logistic regression of treatment on {', '.join(covariates)}"
    return Score(predictor if scale == "logit" else expit(predictor), text)


def prognostic_score(
    table: pl.DataFrame, covariates: Sequence[str], outcome: str, treated: Flags, *, scale: Scale = "logit"
) -> Score:
    """The outcome every row would be predicted to have without treatment.

    The model is fitted on the untreated only and then applied to all: the treated's own outcomes, which the
    treatment may have changed, play no part. A yes-or-no outcome gives a logistic regression, any other
    number a least-squares one (whose prediction is in the outcome's unit, whatever ``scale``). Columns and
    levels that the untreated do not vary in cannot be learnt from them and raise ``ValueError``.
    """
    design = design_matrix(table, covariates)
    values = numbers(table, outcome)
    of = f"regression of '{outcome}' on {', '.join(covariates)} among the {int((~treated).sum())} untreated"
    untreated = design.matrix[~treated]
    with _naming("prognostic score"):
        if not ((values == 0) | (values == 1)).all():
            coefficients = least_squares(untreated, values[~treated], design.names).coefficients
            return Score(design.matrix @ coefficients, f"prognostic score: least-squares {of}")
        predictor = logit(untreated, values[~treated], design.names).predict(design.matrix)
    return Score(predictor if scale == "logit" else expit(predictor), f"prognostic score: logistic {of}")


@contextmanager
def _naming(score: str) -> Iterator[None]:
    """Says which score it was that could not be fitted."""
    try:
        yield
    except ValueError as reason:
        raise ValueError(f"the {score} cannot be fitted: {reason}") from reason
