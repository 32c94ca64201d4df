"""What can be asked of a matching, and what cannot be asked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from .score import Scale

Distance = Literal["propensity", "prognostic", "mahalanobis"]
Order = Literal["largest", "smallest", "data", "random"]
Discard = Literal["none", "treated", "control", "both"]
Caliper = float | Mapping[str, float]

DISTANCE = "distance"
"""The name of the distance itself among the calipers."""

ADDED = ("pair", "row", "weight", "score")
"""Columns of the matched table that the given table may not already have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one matching, as :func:`match` explains them; ``calipers`` by column."""

    distance: Distance | None
    ratio: int
    replace: bool
    calipers: Mapping[str, float]
    raw_calipers: bool
    exact: Sequence[str]
    order: Order | None
    outcome: str | None
    score: str | None
    scale: Scale
    discard: Discard
    id: str | None
    seed: int | None

    @property
    def scored(self) -> bool:
        """Whether the distance is that of a score."""
        return self.distance in ("propensity", "prognostic")

    @property
    def turns(self) -> Order:
        """The order in which the treated choose."""
        by_rows = not self.scored and self.order in (None, "largest")
        return "data" if by_rows else self.order or "largest"

    def columns(self) -> list[str]:
        """The columns used besides treatment and covariates."""
        named = [self.outcome, self.score, self.id]
        widths = [column for column in self.calipers if column != DISTANCE]
        return [*self.exact, *widths, *(column for column in named if column)]

    def check(self, table: pl.DataFrame, covariates: Sequence[str]) -> None:
        """Raise ``ValueError`` for what is out of range or does not go together."""
        if not covariates:
            raise ValueError("matching needs at least one covariate")
        for name, value, choices in (
            ("distance", self.distance, (*get_args(Distance), None)),
            ("order", self.order, (*get_args(Order), None)),
            ("discard", self.discard, get_args(Discard)),
            ("scale", self.scale, get_args(Scale)),
        ):
            if value not in choices:
                raise ValueError(f"{name} is one of {', '.join(map(repr, choices))}, not {value!r}")
        if self.ratio < 1:
            raise ValueError(f"the number of controls per treated must be at least 1, it is {self.ratio}")
        for column, width in self.calipers.items():
            if not 0 < width < float("inf"):
                raise ValueError(f"the caliper of {column} must be above zero and finite, it is {width:g}")
        self._check_together()
        clash = [name for name in ADDED if name in table.columns and name != self.score]
        if clash:
            raise ValueError(f"the table already has a column {clash[0]!r}, which matching adds: rename it")
        if self.id and self.id in table.columns and table[self.id].drop_nulls().is_duplicated().any():
            raise ValueError(f"column '{self.id}' has the same id in several rows: ids must be unique")

    def _check_together(self) -> None:
        if self.distance == "prognostic" and self.outcome is None and self.score is None:
            raise ValueError("a prognostic score needs the outcome it is to predict")
        if self.distance is None and (
            self.ratio > 1 or self.replace or self.calipers or self.turns != "data"
        ):
            raise ValueError(
                "whole cells have no pairs: give a distance, or no ratio, replace, caliper and order"
            )
        if not self.scored and (self.score or self.discard != "none" or self.order == "smallest"):
            raise ValueError("'score', 'discard' and an order by score need the distance of a score")
        if (self.order == "random") != (self.seed is not None):
            raise ValueError("give a seed exactly when the order is 'random', so that it can be repeated")
