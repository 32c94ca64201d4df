"""How each printed figure is recomputed, with the same functions that make the product's own figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from math import prod
from typing import Any

import polars as pl

from indsats.evaluate import Effect, chi_squared, difference_in_means, proportion_test, regression
from indsats.figure import Figure
from indsats.library import definition_path
from indsats.measure import classify
from indsats.programme import Programme, load
from indsats.register import Cohort, packaged_cohort
from indsats.steer import status

from .compare import Value, rounded
from .printed import (
    Attainable,
    EffectPart,
    MonthlyPercent,
    Patterns,
    PrintedFigure,
    Product,
    Proportions,
    Reached,
    Restated,
    Share,
    Sum,
    Table,
)


def recompute(figure: PrintedFigure) -> Value:
    """The figure made anew: a number, a status in words, or none when it has no value."""
    return _RECIPES[type(figure.make)](figure)


def _sum(figure: PrintedFigure, make: Sum) -> Value:
    return Figure.count(figure.id, sum(make.parts)).value


def _product(figure: PrintedFigure, make: Product) -> Value:
    return Figure.count(figure.id, prod(make.factors)).value


def _restated(_: PrintedFigure, make: Restated) -> Value:
    return make.value


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
    shares = (Figure.share(figure.id, count, make.of).value for count in range(make.of + 1))
    fitting = [
        count
        for count, share in enumerate(shares)
        if share is not None and rounded(share * 100, figure.decimals or 0) == figure.printed
    ]
    return float(fitting[0]) if len(fitting) == 1 else None


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
_enter(Share, _share)
_enter(MonthlyPercent, _monthly)
_enter(Reached, _reached)
_enter(Proportions, _proportions)
_enter(Table, _table)
_enter(Attainable, _attainable)
_enter(Patterns, _patterns)
_enter(EffectPart, _effect)


@cache
def _programme(programme_id: str) -> Programme:
    return load(definition_path(programme_id))


@cache
def _cohort(programme_id: str, evaluation: str) -> Cohort:
    return packaged_cohort(_programme(programme_id), evaluation)


@cache
def _estimated(programme_id: str, evaluation: str, outcome: str, regression_id: str | None) -> Effect:
    table = _cohort(programme_id, evaluation).table
    if regression_id is None:
        return difference_in_means(table, outcome, "treated")
    asked = _programme(programme_id).evaluations[evaluation].regressions
    adjust = next(one.adjust for one in asked if one.id == regression_id)
    return regression(table, outcome, "treated", adjust)


@cache
def _classes(programme_id: str, questionnaire_id: str) -> dict[str, int]:
    """How many of all complete answer patterns each class holds."""
    questionnaire = _programme(programme_id).questionnaires[questionnaire_id]
    scale = range(questionnaire.scale.low, questionnaire.scale.high + 1)
    items = list(questionnaire.items)
    patterns = pl.DataFrame(list(product(scale, repeat=len(items))), schema=items, orient="row")
    counted = classify(patterns, questionnaire)["class"].value_counts()
    return dict(counted.iter_rows())
