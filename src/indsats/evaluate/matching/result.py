"""What a matching consists of: who got whom, how alike they are, who was lost, and the effect in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ..cautions import Caution
from ..results import Effect
from .effect import Errors, matched_effect
from .sample import Sample


@dataclass(frozen=True, slots=True)
class Match:
    """Matched people and everything needed to judge them.

    ``pairs``: ``pair`` (from 1, one number per treated), ``treated_row``, ``control_row`` (positions in the
    table given, from 0), ``distance``; empty where whole cells were matched. ``weights``: ``row``,
    ``treated``, ``weight`` (0 for the unmatched; those of the controls sum to the number of matched treated)
    and ``subclass`` (pair or cell; null where controls serve in several) of every complete row. ``table``: the
    matched rows, the given columns plus ``pair`` (or cell), ``row``, ``weight`` (1 for treated, 1/partners for
    controls) and, with a score, ``score``; with replacement a control stands once per pair it serves in.

    ``balance`` has one row per characteristic (and level), the score first: ``field``, ``level``,
    ``mean_treated``, ``mean_control``, ``difference``, ``smd``, ``variance_ratio``, ``ks``, ``ecdf_mean`` of
    all complete rows, and the same with ``_matched`` among the matched, as :func:`balance` defines them and
    with the raw deviation among the treated as denominator. ``scores``: ``row``, ``treated``, ``score``,
    ``matched`` of every complete row; ``None`` without a score.

    ``n_treated`` counts all treated, ``n_matched`` those with a match, ``n_control`` all controls,
    ``n_control_used`` those in use, ``effective_control`` is Kish's effective number of them, ``short`` counts
    matched treated with fewer partners than asked for. ``lost`` counts the treated without a match by reason:
    ``missing <column>``, ``outside common support``, ``no control in cell``, ``no control within caliper``,
    ``controls used up``; ``excluded`` counts all incomplete rows. ``calipers`` are the widths in raw units, by
    column, that of the distance under ``distance``. ``method`` says in words what was done, ``warnings`` what
    must be known before an effect is believed.
    """

    pairs: pl.DataFrame
    weights: pl.DataFrame
    table: pl.DataFrame
    balance: pl.DataFrame
    scores: pl.DataFrame | None
    n_treated: int
    n_matched: int
    n_control: int
    n_control_used: int
    effective_control: float
    short: int
    lost: Mapping[str, int]
    excluded: Mapping[str, int]
    calipers: Mapping[str, float]
    method: str
    warnings: tuple[Caution, ...]
    sample: Sample = field(repr=False)

    def effect(self, outcome: str, *, covariates: Sequence[str] = (), errors: Errors | None = None) -> Effect:
        """The effect on the matched treated (see :func:`matched_effect`)."""
        return matched_effect(
            self.sample, self.table, outcome, covariates, errors, self.method, self.warnings
        )
