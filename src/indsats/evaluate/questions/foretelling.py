"""What chance a score stands for, and whether so many have the outcome as chances say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl
import scipy
from scipy.special import expit
from scipy.special import logit as log_odds

from ..cautions import Caution, left_out
from ..inputs import Floats, Frame, as_polars
from ..logit import logit
from ..results import Interval, infer
from ..trials.proportions import wilson_interval
from .interviewees import expected_and_actual
from .prediction import few_to_foretell, rows_to_foretell

PROBABILITY = "probability"
"""The column :func:`foretold` adds."""


class Recalibration(NamedTuple):
    """A coefficient on the log-odds scale; ``p`` is against what it is when probabilities are right."""

    estimate: float
    se: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Whether so many have the outcome as the probabilities say.

    ``in_the_large``: the log odds to add to all of them (0 is right, above 0 they were too low). ``slope``: by how
    much they spread (1 is right, below 1 they are too extreme); ``intercept`` belongs to it. ``expected`` and
    ``observed`` are the mean probability and the share with the outcome.

    ``brier`` is the mean squared distance to what happened, ``scaled_brier`` how much smaller that is than by giving
    everybody the share (1 is perfect, 0 no better). ``brier`` = ``reliability`` − ``resolution`` + ``uncertainty`` +
    ``within``, over the groups of ``table``; ``within`` is what differences inside groups add.
    ``table``: ``group`` (1 is the lowest), ``n``, ``lowest``, ``highest``, ``expected``, ``events``, ``observed``,
    ``lower``, ``upper`` (Wilson, 95 %).
    """

    n: int
    events: int
    expected: float
    observed: float
    in_the_large: Recalibration
    intercept: Recalibration
    slope: Recalibration
    brier: float
    scaled_brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    table: pl.DataFrame
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """``table``: the complete rows as given, with ``probability`` (0 to 1), each from a model of the others."""

    table: pl.DataFrame
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def foretold(
    df: Frame, score: str, outcome: str, *, id: str | None = None, folds: int = 5, seed: int = 0
) -> Foretold:
    """The chance of the ``outcome`` that a score stands for, told of each person by a model of the others.

    A logistic regression on ``score``. People are put in ``folds`` parts, each with its share of the outcomes, and a
    part is foretold by the model of the rest: a model judged on the people it was made from is always well calibrated.
    Parts follow from ``seed`` and the column ``id``, or without one from score and outcome (people alike in both
    may then change places); never from the order of rows. Raises ``ValueError`` as :func:`discrimination`, for fewer
    than ``folds`` people with or without the outcome, for repeated ids, and when a part's model cannot be fitted.
    """
    df = as_polars(df)
    if PROBABILITY in df.columns:
        raise ValueError(f"the table has a column '{PROBABILITY}', which is added: rename it")
    if folds < 2:
        raise ValueError(
            f"'folds' must be at least 2, got {folds}: nobody is foretold by a model of themselves"
        )
    values, flags, complete, _ = rows_to_foretell(df, [score], outcome, id)
    if id is None:
        place = np.empty(len(flags), dtype=np.int64)
        place[np.lexsort((flags, values[:, 0]))] = np.arange(len(flags))
        who = pl.Series("who", place)
    else:
        who = complete.table[id].alias("who")
    people = pl.DataFrame({"who": who, "score": values[:, 0], "outcome": flags})
    found = expected_and_actual(people, "outcome", ["score"], id="who", folds=folds, seed=seed)
    return Foretold(
        table=complete.table.with_columns(found.table["predicted"].alias(PROBABILITY)),
        excluded=complete.excluded,
        warnings=(*left_out(complete.excluded, df.height), *few_to_foretell(flags)),
    )


def calibration(df: Frame, probability: str, outcome: str, *, groups: int = 10) -> Calibration:
    """Whether the ``probability`` foretold for each person fits what happened (``outcome``, yes or no).

    Logistic recalibration (Cox 1958, Biometrika 45:562–565): the outcome regressed on the log odds foretold, with the
    slope held at 1 for ``in_the_large``; Wald intervals. Brier's score in Murphy's parts (1973, Journal of Applied
    Meteorology 12:595–600; within groups: Stephenson, Coelho & Jolliffe 2008, Weather and Forecasting 23:752–757)
    over ``groups`` of about equal size, in which equal probabilities stay together.

    Probabilities from the same people's own outcomes (a model's fitted values) are always calibrated: use
    :func:`foretold`. Rows without a value are excluded and counted. Raises ``ValueError`` for probabilities not
    strictly between 0 and 1, that do not vary or separate the outcomes, an outcome that is not 0/1 or that nobody or
    everybody (or all but one) has, and fewer than one group.
    """
    df = as_polars(df)
    if groups < 1:
        raise ValueError(f"'groups' must be at least 1, got {groups}")
    values, flags, complete, _ = rows_to_foretell(df, [probability], outcome, None)
    foreseen = values[:, 0]
    if not ((foreseen > 0) & (foreseen < 1)).all():
        raise ValueError(f"column '{probability}' must lie strictly between 0 and 1 to be a probability")
    odds, happened = log_odds(foreseen), flags.astype(np.float64)
    shift, shift_se = _shift(odds, happened)
    fit = logit(np.column_stack([np.ones(len(odds)), odds]), flags, ("constant", probability))
    share = float(happened.mean())
    uncertainty = share * (1 - share)
    brier = float(((foreseen - happened) ** 2).mean())
    table = _by_group(foreseen, happened, groups)
    weight = table["n"].to_numpy() / len(flags)
    means, shares = table["expected"].to_numpy(), table["observed"].to_numpy()
    reliability = float(weight @ (means - shares) ** 2)
    resolution = float(weight @ (shares - share) ** 2)
    return Calibration(
        n=len(flags),
        events=int(flags.sum()),
        expected=float(foreseen.mean()),
        observed=share,
        in_the_large=_against(outcome, shift, shift_se, 0.0),
        intercept=_against(outcome, float(fit.coefficients[0]), float(fit.se[0]), 0.0),
        slope=_against(outcome, float(fit.coefficients[1]), float(fit.se[1]), 1.0),
        brier=brier,
        scaled_brier=1 - brier / uncertainty,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within=brier - (reliability - resolution + uncertainty),
        table=table,
        excluded=complete.excluded,
        warnings=(*left_out(complete.excluded, df.height), *few_to_foretell(flags)),
    )


def _shift(odds: Floats, happened: Floats) -> tuple[float, float]:
    """What to add to all log odds so that as many are expected as there were, by Newton's method; its error."""
    shift = 0.0
    for _ in range(100):
        fitted = expit(odds + shift)
        step = float((happened - fitted).sum() / (fitted * (1 - fitted)).sum())
        # Far from the answer the sum is flat: a whole step would overshoot.
        shift += float(np.clip(step, -2.0, 2.0))
        if abs(step) < 1e-12 * max(1.0, abs(shift)):
            break
    fitted = expit(odds + shift)
    return shift, float(1 / np.sqrt((fitted * (1 - fitted)).sum()))


def _against(outcome: str, estimate: float, se: float, right: float) -> Recalibration:
    inferred = infer(outcome, estimate - right, se)
    low, high = inferred.interval
    return Recalibration(estimate, se, Interval(low + right, high + right), inferred.p)


def _by_group(foreseen: Floats, happened: Floats, groups: int) -> pl.DataFrame:
    """The groups of a calibration; equal probabilities are in the group of the middle of them."""
    middle = (scipy.stats.rankdata(foreseen) - 0.5) / len(foreseen)
    table = (
        pl.DataFrame({"part": np.floor(middle * groups), "p": foreseen, "y": happened})
        .group_by("part")
        .agg(
            n=pl.len().cast(pl.Int64),
            lowest=pl.col("p").min(),
            highest=pl.col("p").max(),
            expected=pl.col("p").mean(),
            events=pl.col("y").sum().cast(pl.Int64),
            observed=pl.col("y").mean(),
        )
        .sort("part")
        .drop("part")
        .with_row_index("group", offset=1)
        .with_columns(pl.col("group").cast(pl.Int64))
    )
    bounds = [wilson_interval(x, n) for x, n in table.select("events", "n").iter_rows()]
    return table.with_columns(
        pl.Series("lower", [one.low for one in bounds]), pl.Series("upper", [one.high for one in bounds])
    )
