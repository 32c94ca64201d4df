"""How each printed figure is recomputed, with the same functions that make the product's own figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import exp, log, prod, sqrt
from typing import Any

import polars as pl
import scipy

from indsats.evaluate import Effect, chi_squared, difference_in_means, proportion_test, regression
from indsats.figure import Figure
from indsats.programme import Regression
from indsats.record import one_group
from indsats.register import Cohort, packaged_cohort
from indsats.steer import status

from . import priced, remeasured
from .compare import Value, rounded
from .measured import BandOf, InClass, LevelPercent, Moved, OfSites, ScoreEnd
from .priced import Perspectives, Priced
from .printed import (
    Attainable,
    Beyond,
    Change,
    Direction,
    EffectPart,
    Hazard,
    Length,
    Listed,
    Mean,
    MonthlyPercent,
    Patterns,
    Pooled,
    PrintedFigure,
    Product,
    Proportions,
    Rank,
    Ratio,
    Reached,
    Restated,
    Share,
    Significance,
    Sum,
    Table,
    Visited,
)
from .rebuilt import patterns, programme


def recompute(figure: PrintedFigure) -> Value:
    """The figure made anew: a number, a status in words, or none when it has no value."""
    return _RECIPES[type(figure.make)](figure)


def _sum(figure: PrintedFigure, make: Sum) -> Value:
    return Figure.count(figure.id, sum(make.parts)).value


def _product(figure: PrintedFigure, make: Product) -> Value:
    return Figure.count(figure.id, prod(make.factors)).value


def _restated(_: PrintedFigure, make: Restated) -> Value:
    return make.value


def _mean(figure: PrintedFigure, make: Mean) -> Value:
    weights = [1.0] * len(make.values) if make.weights is None else make.weights
    weighted = sum(value * weight for value, weight in zip(make.values, weights, strict=True))
    return Figure.share(figure.id, weighted, sum(weights)).value


def _change(figure: PrintedFigure, make: Change) -> Value:
    share = Figure.share(figure.id, make.after - make.before, make.before).value
    return None if share is None else share * 100


def _share(figure: PrintedFigure, make: Share) -> Value:
    share = Figure.share(figure.id, sum(make.numerator), sum(make.denominator)).value
    return share * 100 if share is not None and make.recipe == "percent" else share


def _monthly(figure: PrintedFigure, make: MonthlyPercent) -> Value:
    share = Figure.share(figure.id, make.count, make.months * make.persons).value
    return None if share is None else share * 100


def _reached(_: PrintedFigure, make: Reached) -> Value:
    return status(make.value, make.target, make.better, band=0.0)


def _proportions(_: PrintedFigure, make: Proportions) -> Value:
    (x1, n1), (x2, n2) = make.first, make.second
    if make.percent:
        x1, x2 = rounded(x1 * n1 / 100, 0), rounded(x2 * n2 / 100, 0)
    return proportion_test(x1, n1, x2, n2).p


def _table(_: PrintedFigure, make: Table) -> Value:
    return chi_squared(make.rows).p


def _attainable(figure: PrintedFigure, make: Attainable) -> Value:
    if make.highest is None:
        counts, unit = range(make.of + 1), 100
    else:
        counts, unit = range(make.of, make.of * make.highest + 1), 1
    shares = {count: Figure.share(figure.id, count, make.of).value for count in counts}
    fitting = [
        count
        for count, share in shares.items()
        if share is not None and rounded(share * unit, figure.decimals or 0) == figure.printed
    ]
    return float(fitting[0]) if len(fitting) == 1 else None


def _direction(figure: PrintedFigure, make: Direction) -> Value:
    first, second = _ratio(figure.id, make.first), _ratio(figure.id, make.second)
    if first is None or second is None:
        return None
    return "same" if first == second else "higher" if first > second else "lower"


def _ratio(figure_id: str, ratio: Ratio) -> float | None:
    return Figure.share(figure_id, sum(ratio.numerator), sum(ratio.denominator)).value


def _rank(_: PrintedFigure, make: Rank) -> Value:
    limits = [make.value] * len(make.others)
    return 1.0 + _beyond_limits(make.others, limits, above=make.first == "highest")


def _beyond(_: PrintedFigure, make: Beyond) -> Value:
    limits = make.limit if isinstance(make.limit, list) else [make.limit] * len(make.values)
    return float(_beyond_limits(make.values, limits, above=make.side == "above"))


def _beyond_limits(values: Sequence[float], limits: Sequence[float], *, above: bool) -> int:
    pairs = zip(values, limits, strict=True)
    return sum(value > limit if above else value < limit for value, limit in pairs)


def _listed(_: PrintedFigure, make: Listed) -> Value:
    return float(len(set(make.items)))


def _length(_: PrintedFigure, make: Length) -> Value:
    first, last = make.period.first, make.period.last
    if make.unit == "weeks":
        return ((last - first).days + 1) / 7
    return float((last.year - first.year) * 12 + last.month - first.month + 1)


def _significance(_: PrintedFigure, make: Significance) -> Value:
    return "significant" if make.p < make.level else "not_significant"


def _pooled(_: PrintedFigure, make: Pooled) -> Value:
    # The two-sided p of an estimate is that of its distance from no effect, in standard errors.
    errors = [abs(log(ratio)) / float(scipy.stats.norm.isf(p / 2)) for ratio, p in make.estimates]
    weights = [error**-2 for error in errors]
    logs = [log(ratio) for ratio, _ in make.estimates]
    pooled = sum(weight * value for weight, value in zip(weights, logs, strict=True)) / sum(weights)
    if make.part == "ratio":
        return exp(pooled)
    return float(2 * scipy.stats.norm.sf(abs(pooled) * sqrt(sum(weights))))


def _hazard(_: PrintedFigure, make: Hazard) -> Value:
    left = 1 - make.share / 100
    return (left - left**make.ratio) * 100


def _visited(_: PrintedFigure, make: Visited) -> Value:
    rule = programme(make.programme).visitation
    if rule is None:
        return None
    schema = {"person": pl.String, "group": pl.String, "occurred_from": pl.Date, "occurred_to": pl.Date}
    records = pl.DataFrame(
        [("somebody", record.group, record.start, record.end) for record in make.records],
        schema,
        orient="row",
    )
    groups = one_group(records, rule)["group"].drop_nulls().to_list()
    return str(groups[0]) if groups else "none"


def _patterns(_: PrintedFigure, make: Patterns) -> Value:
    return float(_classes(make.programme, make.questionnaire).get(make.class_, 0))


def _effect(_: PrintedFigure, make: EffectPart) -> Value:
    effect = _estimated(make.programme, make.evaluation, make.outcome, make.regression)
    return float(getattr(effect, make.part))


_RECIPES: dict[type, Callable[[PrintedFigure], Value]] = {}


def _enter(kind: type, recipe: Callable[[PrintedFigure, Any], Value]) -> None:
    _RECIPES[kind] = lambda figure: recipe(figure, figure.make)


_enter(Sum, _sum)
_enter(Product, _product)
_enter(Restated, _restated)
_enter(Mean, _mean)
_enter(Change, _change)
_enter(Share, _share)
_enter(MonthlyPercent, _monthly)
_enter(Reached, _reached)
_enter(Proportions, _proportions)
_enter(Table, _table)
_enter(Attainable, _attainable)
_enter(Direction, _direction)
_enter(Rank, _rank)
_enter(Beyond, _beyond)
_enter(Listed, _listed)
_enter(Length, _length)
_enter(Significance, _significance)
_enter(Pooled, _pooled)
_enter(Hazard, _hazard)
_enter(Visited, _visited)
_enter(Patterns, _patterns)
_enter(EffectPart, _effect)
_enter(ScoreEnd, lambda _, make: remeasured.score_end(make))
_enter(BandOf, lambda _, make: remeasured.band_of_value(make))
_enter(LevelPercent, lambda _, make: remeasured.level_percent(make))
_enter(OfSites, lambda _, make: remeasured.of_sites(make))
_enter(InClass, lambda _, make: remeasured.in_class(make))
_enter(Moved, lambda _, make: remeasured.moved(make))
_enter(Priced, lambda _, make: priced.priced(make))
_enter(Perspectives, lambda _, make: priced.perspectives(make))


@cache
def _cohort(programme_id: str, evaluation: str) -> Cohort:
    return packaged_cohort(programme(programme_id), evaluation)


@cache
def _estimated(programme_id: str, evaluation: str, outcome: str, regression_id: str | None) -> Effect:
    table = _cohort(programme_id, evaluation).table
    if regression_id is None:
        return difference_in_means(table, outcome, "treated")
    asked = programme(programme_id).evaluations[evaluation].estimates
    adjust = next(one.adjust for one in asked if one.id == regression_id and isinstance(one, Regression))
    return regression(table, outcome, "treated", adjust)


@cache
def _classes(programme_id: str, questionnaire_id: str) -> dict[str, int]:
    """How many of all complete answer patterns each class holds."""
    counted = patterns(programme_id, questionnaire_id)["class"].value_counts()
    return dict(counted.iter_rows())
