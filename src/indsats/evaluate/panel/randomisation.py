"""A test by how treatment could have been given to sites: exact however few they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from math import comb, log10, prod

import numpy as np
import polars as pl
from scipy import linalg

from ..cautions import left_out
from ..inputs import Flags, Floats, Frame, as_polars, complete_rows, two_groups, yes_no
from ..results import Effect
from .absorb import Codes, Factor, Within, crossed, factor
from .cautions import few_assignments, open_interval
from .inversion import inverted
from .prepare import Prepared, prepare, solve, triangle

MOST_ENUMERATED = 20_000
"""Up to this many possible assignments all are gone through instead of drawn."""
TIES = 1e-9
"""Statistics this close count as equal, so that the assignment that was is not lost to rounding."""


def randomisation_test(
    df: Frame,
    outcome: str,
    site: str,
    treatment: str,
    *,
    after: str | None = None,
    strata: str | None = None,
    covariates: Sequence[str] = (),
    repetitions: int = 9_999,
    seed: int = 0,
) -> Effect:
    """The difference between treated and other sites, judged by all ways the same number could have been treated.

    Fisher's randomisation test (1935) with sites as the units (MacKinnon & Webb 2020, Journal of Econometrics
    218:435-450): the coefficient is computed anew for every assignment of treatment to as many sites, within
    ``strata`` if given, and p is the share of assignments, the real one included, whose coefficient is at least as
    far from zero. All are gone through up to 20,000; beyond that ``repetitions`` are drawn and p is
    (1 + those as large) / (1 + ``repetitions``). The 95 % interval holds all constant effects the test does not reject.

    ``df`` has a row per site (such as its change over time) or per person; ``treatment`` is the same for all rows of
    a site. The coefficient is that of treatment in a least-squares regression with ``covariates`` and an indicator
    per stratum. With ``after`` it is that of treatment · after within sites (an indicator per site), with after by
    stratum: a difference in differences. ``se`` is the standard deviation of the coefficient over assignments if
    there is no effect. The test is exact where treatment was drawn; else it says how unusual the treated sites are.

    Raises ``ValueError`` when treatment differs within a site, when no assignment but the real one is possible, when
    a site lies in two strata, and for covariates that hold the treatment.
    """
    df = as_polars(df)
    extra = [name for name in (after, strata) if name]
    complete = complete_rows(df, [treatment, outcome, site, *extra, *covariates])
    if repetitions < 99:
        raise ValueError(f"a randomisation test needs at least 99 repetitions, not {repetitions}")
    treated = two_groups(complete.table, treatment)
    sites = factor(complete.table[site])
    given = _by_site(treated, sites, f"treatment '{treatment}' differs within a site of column '{site}'")
    layers = factor(complete.table[strata]) if strata else None
    layer = np.zeros(sites.count, dtype=np.intp)
    if layers is not None:
        layer = _by_site(layers.codes, sites, f"a site of column '{site}' lies in two strata ('{strata}')")
    chosen = [np.flatnonzero(layer == one) for one in range(int(layer.max()) + 1)]
    taken = [int(given[places].sum()) for places in chosen]
    possible = prod(comb(len(places), count) for places, count in zip(chosen, taken, strict=True))
    if possible < 2:
        raise ValueError(
            "treatment could have been given in one way only: no stratum has both treated and other sites"
        )
    later = np.ones(complete.table.height, dtype=bool)
    if after:
        later = yes_no(complete.table, after)
        if later.all() or not later.any():
            raise ValueError(f"column '{after}' must have rows both before and after")
    coefficient = _Coefficient(
        _prepared(complete.table, df.height, outcome, after, strata, site, covariates), sites, later
    )
    enumerated = possible <= MOST_ENUMERATED
    if enumerated:
        assignments = _all(chosen, taken, sites.count)
    else:
        assignments = _drawn(chosen, taken, sites.count, repetitions, seed)
    real = given.astype(np.float64)[:, None]
    estimate = float(coefficient.of(real)[0])
    found = coefficient.of(assignments)
    dose = coefficient.of(assignments, by_real=real)

    def p_of(effect: float) -> float:
        scale = abs(estimate) + abs(effect)
        extreme = np.abs(found - effect * dose) >= abs(estimate - effect) - TIES * scale
        return float(extreme.mean()) if enumerated else float((1 + extreme.sum()) / (1 + len(found)))

    se = float(found.std())
    if not se > 1e-12 * (abs(estimate) + 1e-300):
        raise ValueError(f"outcome '{outcome}' does not vary between sites: there is nothing to test")
    interval = inverted(p_of, estimate, se)
    warnings = (*left_out(complete.excluded, df.height), *few_assignments(possible))
    if not np.isfinite(interval).all():
        warnings = (*warnings, open_interval())
    made = (
        f"all {possible} assignments"
        if enumerated
        else f"{repetitions} of {_about(possible)} assignments, seed {seed}"
    )
    return Effect(
        estimand="ATT" if after else "ATE",
        estimate=estimate,
        se=se,
        interval=interval,
        p=p_of(0.0),
        n_treated=int((treated & later).sum()),
        n_control=int((~(treated & later)).sum()),
        n_clusters=sites.count,
        outcome=outcome,
        design=(
            f"difference in differences within sites, '{treatment}' by '{after}'" if after else "difference"
        )
        + f" over sites ('{site}')"
        + (f", within strata '{strata}'" if strata else "")
        + (f", adjusted for {', '.join(covariates)}" if covariates else ""),
        se_method=f"randomisation test over sites ({made}); interval by inverting it; "
        "standard error: spread over assignments without an effect",
        excluded=complete.excluded,
        diagnostics={
            "sites": sites.count,
            "treated sites": int(given.sum()),
            "possible assignments": _counted(possible),
        },
        warnings=warnings,
    )


def _about(count: int) -> str:
    """A large number in short; it may be larger than any float."""
    return f"{count:.3g}" if count < 10**300 else f"10^{int(log10(count))}"


def _counted(count: int) -> int | float | str:
    """A count as exactly as it can be kept."""
    if count < 2**53:
        return count
    return float(count) if count < 10**300 else _about(count)


def _by_site(values: np.ndarray, sites: Factor, otherwise: str) -> np.ndarray:
    """The value each site has in all its rows; ``ValueError`` where they differ."""
    found = np.zeros(sites.count, dtype=values.dtype)
    found[sites.codes] = values
    if (found[sites.codes] != values).any():
        raise ValueError(f"{otherwise}: the test gives whole sites one treatment")
    return found


def _prepared(
    table: pl.DataFrame,
    total: int,
    outcome: str,
    after: str | None,
    strata: str | None,
    site: str,
    covariates: Sequence[str],
) -> Prepared:
    """Outcome and covariates less what strata (or sites, and time by stratum) explain."""
    absorb = [strata] if strata else []
    if after:
        when = factor(table[after])
        if strata:
            when = crossed(when, factor(table[strata]))
        period = f"{after} by stratum" if strata else after
        table = table.with_columns(pl.Series(period, when.codes))
        absorb = [site, period]
    rows = np.arange(table.height)
    return prepare(table, rows, total, {}, outcome, covariates, absorb=absorb, keep_alone=True)


class _Coefficient:
    """Least-squares coefficients of treatment for many assignments, from sums by site.

    With z the assignment of sites, d = z·after its rows and M what removes everything else in the regression, the
    coefficient is d'My / d'Md = z·r / (Σ z²m − z'Qz), where r and m are sums of My and of after by site and Q what
    the other columns explain.
    """

    def __init__(self, ready: Prepared, sites: Factor, later: Flags) -> None:
        here = later.astype(np.float64)
        columns, outcome = ready.columns, ready.outcome
        self.explained = np.zeros((sites.count, sites.count))
        if len(columns):
            norms, upper = triangle(columns, None, ready.names)
            outcome = solve(columns, outcome, None, norms, upper)[1]
            sums = np.stack([np.bincount(sites.codes, weights=column * here) for column in columns])
            lever = linalg.solve_triangular(upper, sums / norms[:, None], trans=1)
            self.explained += lever.T @ lever
        if ready.within is not None:
            self.explained += _through(ready.within, here, sites)
        self.sums = np.bincount(sites.codes, weights=outcome * here)
        self.mass = np.diag(np.bincount(sites.codes, weights=here)) - self.explained

    def of(self, assignments: Floats, by_real: Floats | None = None) -> Floats:
        """Coefficients of the assignments (sites × B) for the outcome, or for the real treatment as outcome."""
        own = self.mass @ assignments
        lengths = (assignments * own).sum(axis=0)
        sums = self.sums if by_real is None else (self.mass @ by_real)[:, 0]
        if lengths.min() <= 1e-10 * float(np.trace(self.mass) + np.trace(self.explained)):
            raise ValueError(
                "for some assignment the covariates hold the treatment exactly: use fewer of them"
            )
        return (sums @ assignments) / lengths


def _through(within: Within, here: Floats, sites: Factor) -> Floats:
    """S'D(D'D)⁻¹D'S for the indicators S of site (in rows ``here``) and D of the absorbed levels."""
    first, rest = within.level_sums(here, sites)
    means = first.multiply(1 / within.totals[:, None])
    explained: Floats = (first.T @ means).toarray()
    if len(rest):
        reduced = rest - (within.cross.T @ means)
        explained += reduced.T @ within.solve_rest(reduced)
    return explained


def _all(chosen: Sequence[Codes], taken: Sequence[int], sites: int) -> Floats:
    """Every assignment: the combinations of each stratum with those of all others."""
    ways = [list(combinations(places.tolist(), count)) for places, count in zip(chosen, taken, strict=True)]
    treated = np.array([[site for part in one for site in part] for one in product(*ways)], dtype=np.intp)
    assignments = np.zeros((sites, len(treated)))
    assignments[treated.T, np.arange(len(treated))] = 1.0
    return assignments


def _drawn(chosen: Sequence[Codes], taken: Sequence[int], sites: int, repetitions: int, seed: int) -> Floats:
    """Random assignments: in each stratum the sites with the smallest random numbers."""
    rng = np.random.default_rng(seed)
    assignments = np.zeros((sites, repetitions))
    for places, count in zip(chosen, taken, strict=True):
        if count:
            picked = rng.random((len(places), repetitions)).argsort(axis=0)[:count]
            assignments[places[picked], np.arange(repetitions)] = 1.0
    return assignments
