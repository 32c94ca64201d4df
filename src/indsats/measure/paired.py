"""Paired change of a score by unit or site: means, the test of their difference, and who moved for the better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import polars as pl
import scipy

from indsats.figure import Figure
from indsats.programme import Questionnaire, Score

from .change import EPS, score_of, threshold
from .distribution import ALL, UNKNOWN, By


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Paired change of a score in one unit or site: those measured twice, on the same scale by the same rater.

    ``better``, ``same`` and ``worse`` go by ``threshold``; their figures have no value without one. ``noticed`` is
    the share whose gain is at least what people themselves would call one (``smallest_change``); None where the
    definition names no such change.
    """

    group: str
    score: str
    paired: Figure
    first: Figure
    last: Figure
    change: Figure
    better: Figure
    same: Figure
    worse: Figure
    noticed: Figure | None
    threshold: float | None
    smallest_change: float | None


def change_rows(
    changed: pl.DataFrame,
    questionnaire: Questionnaire,
    score_id: str,
    by: By | None = "unit",
    name: str = "",
) -> tuple[ChangeRow, ...]:
    """Paired change by unit, by site or (``by=None``) together; ``changed`` comes from ``changes``.

    The mean change has the 95 % interval and two-sided p of the paired t test, none where fewer than two were
    measured twice or all changed alike. Enrolments count as independent. The threshold is that of all in
    ``changed``, so that units are judged alike. ``excluded`` counts by reason those with no pair. Ids:
    ``change/<name>/<score>/<group>/<what>``.
    """
    asked, limit = score_of(questionnaire, score_id), threshold(questionnaire, score_id, changed)
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    grouped = changed.with_columns(group.alias("group")).group_by("group")
    rows: list[ChangeRow] = []
    for (key,), members in sorted(grouped, key=lambda part: str(part[0][0])):
        stem = f"change/{name}/{score_id}/{key}"
        excluded = dict(members.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows())
        paired = members.drop_nulls("change")
        judged = paired.drop_nulls("verdict")
        verdicts = {
            verdict: Figure.share(
                f"{stem}/{verdict}",
                judged.filter(pl.col("verdict") == verdict).height,
                judged.height,
                excluded=excluded,
            )
            for verdict in ("better", "same", "worse")
        }
        rows.append(
            ChangeRow(
                group=str(key),
                score=score_id,
                paired=Figure.count(f"{stem}/paired", paired.height, excluded=excluded),
                first=_mean(f"{stem}/first", paired["value"], excluded),
                last=_mean(f"{stem}/last", paired["last_value"], excluded),
                change=_mean(f"{stem}/change", paired["change"], excluded, tested=True),
                **verdicts,
                noticed=_noticed(f"{stem}/noticed", paired, asked, excluded),
                threshold=limit,
                smallest_change=asked.smallest_change,
            )
        )
    return tuple(rows)


def _mean(name: str, values: pl.Series, excluded: Mapping[str, int], *, tested: bool = False) -> Figure:
    number, total = values.len(), float(values.sum())
    if not number:
        return Figure(name, None, "mean", 0.0, 0.0, excluded)
    mean, low, high, p = total / number, None, None, None
    spread = values.std()
    if tested and isinstance(spread, float) and spread > EPS:
        error = spread / sqrt(number)
        half = float(scipy.stats.t.ppf(0.975, number - 1)) * error
        low, high = mean - half, mean + half
        p = float(2 * scipy.stats.t.sf(abs(mean) / error, number - 1))
    method = "paired t" if tested else ""
    return Figure(name, mean, "mean", total, float(number), excluded, low, high, p, method)


def _noticed(name: str, paired: pl.DataFrame, asked: Score, excluded: Mapping[str, int]) -> Figure | None:
    if asked.smallest_change is None:
        return None
    gains = paired["gain"].drop_nulls()
    enough = int((gains >= asked.smallest_change - EPS).sum())
    return Figure.share(name, enough, gains.len(), excluded=excluded)
