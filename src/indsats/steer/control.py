"""Control charts: is what moved from month to month a real shift, a single outlying month, or noise?

Limits: Shewhart's three standard deviations for shares and counts (Montgomery 2013, ch. 7), Wheeler's moving ranges
for single numbers (Wheeler 2000), Laney's widening where months differ by more than counting explains (Laney 2002).
Runs: Anhøj's two rules (Anhøj & Olesen 2014; Anhøj 2015).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, log2, sqrt
from typing import Final, Literal

import polars as pl
import scipy
from scipy.special import ndtr

from .funnel import Numbers, exact_limit

ControlKind = Literal["p", "u", "c", "xmr"]
"""Shares, events per exposure, counts of equal months, and numbers that are no counts (means)."""
Verdict = Literal["shift", "outlier", "noise", "too_few"]
Spread = Literal["auto", "counts", "laney"]

FEWEST: Final = 12
"""Months with a number before anything is judged: with fewer, limits and runs tell a shift about as often by chance
as by right."""
FEWEST_FROZEN: Final = 8
"""Months with a number in a frozen baseline."""
FEWEST_USEFUL: Final = 10
"""Months off the centre line before runs are judged: the rules are worked out from ten (Anhøj 2015)."""
SIGMAS: Final = 3.0
_D2: Final = 1.128
"""A mean moving range of two divided by this is a standard deviation (3 / 1.128 = 2.66)."""
_D4: Final = 0.954
"""The same for the median moving range."""
_RANGE_SE: Final = 1.43
"""Root of the number of ranges times the standard error of a deviation from their median (simulated)."""
_FEW: Final = 5.0
"""Events expected a month below which a normal curve tells their chances badly."""
_TAIL: Final = float(ndtr(-SIGMAS))
_MIDDLE: Final = 0.25
"""The least part of the baseline on either side of a centre line for it to be a middle that runs can be told by."""
_SAME: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Signals:
    """What a series says. ``None`` where it could not be told.

    ``direction`` is where a shift went; none when the series swings to and fro. ``needed`` is how many more months
    with a number it takes before runs can be judged, as it looks now; 0 when months are enough, or events too rare.
    ``widened`` is what limits were multiplied by (1: counting alone explains the spread).
    """

    verdict: Verdict
    direction: Literal["up", "down"] | None
    months: int
    needed: int
    outside: int
    useful: int
    longest_run: int | None
    longest_allowed: int | None
    crossings: int | None
    fewest_crossings: int | None
    centre: float | None
    widened: float

    @property
    def long_run(self) -> bool:
        """Whether too many months in a row lie on one side of the line."""
        return (
            self.longest_run is not None
            and self.longest_allowed is not None
            and self.longest_run > self.longest_allowed
        )

    @property
    def few_crossings(self) -> bool:
        """Whether the series crosses the line too rarely."""
        return (
            self.crossings is not None
            and self.fewest_crossings is not None
            and self.crossings < self.fewest_crossings
        )


def control_chart(
    series: pl.DataFrame, kind: ControlKind, *, baseline: int | None = None, spread: Spread = "auto"
) -> pl.DataFrame:
    """Centre line, limits and signals of a series, one row per month in the order given.

    ``series`` has ``n`` and ``d`` (Float64) and any other columns, which are kept: for ``p`` events and those who
    could have one, for ``u`` events and exposure, for ``c`` events (``d`` is not read), for ``xmr`` the sum and the
    number behind a mean. A month with a null, or with nothing to divide by, is a gap.

    - ``p``: c ± 3 √(c(1 − c)/d), within 0 and 1; ``u``: c ± 3 √(c/d) and ``c``: c ± 3 √c, not below 0, where c is
      the sum of n over the sum of d (Montgomery 2013, 7.2 and 7.3)
    - where less than 5 events a month are expected, three deviations are crossed upwards far too often: the upper limit
      is then the exact one that chance reaches with the same 0.135 % (``tail_limit``), and so the lower one of a
      ``p`` where less than 5 without the event are expected
    - ``xmr``: c ± 2.66 times the mean moving range, where c is the plain mean of the months (Wheeler 2000)
    - the first ``baseline`` months, where given, set c and the spread for all
    - ``spread`` (not for ``xmr``): ``laney`` multiplies the three deviations by σz, the mean moving range of
      (value − c) / deviation divided by 1.128 (Laney 2002). ``auto`` does so where σz is greater than counting gives
      one series in twenty, from the median moving range (over 0.954), so that a single month far out does not hide
      itself; rounds it up to one decimal, and never narrows. ``counts`` never widens.
      Counting says ever less of months with large denominators, whose own differences then cross its limits: that is
      what the test of σz finds. Rounding up keeps a hidden month from being solved out of it.

    Adds ``value``, ``centre``, ``low``, ``high`` (Float64; limits null in a gap, and where the line is at 0 or 1 and
    leaves no spread to judge by), ``side`` (−1, 0 on the line, 1), ``outside`` (Boolean) and ``widened`` (what
    deviations were multiplied by). Sides are those of the centre line, but of the median of the baseline where less
    than 5 are expected: the mean of rare events is no middle. Moving ranges do not
    reach across gaps. Raises ``ValueError`` for a baseline longer than the series or of no months.
    """
    if baseline is not None and not 0 < baseline <= series.height:
        raise ValueError(f"a baseline of {baseline} months in a series of {series.height}")
    sets = pl.int_range(pl.len()) < (series.height if baseline is None else baseline)
    found = _values(series, kind).with_columns(_sets=sets)
    base = pl.col("_value").filter("_sets")
    if kind == "xmr":
        centre: pl.Expr = base.mean()
    else:
        centre = pl.col("_n").filter("_sets").sum() / pl.col("_d").filter("_sets").sum()
    found = found.with_columns(centre=centre)
    found = found.with_columns(_deviation=_deviation(found, kind))
    factor = widening(found, spread) if kind != "xmr" else 1.0
    found = _limited(found, kind, factor)
    few = pl.lit(value=False) if kind == "xmr" else (_expected(kind).filter("_sets").mean() < _FEW)
    middle = pl.when(few).then(base.median()).otherwise("centre")
    apart = pl.col("_value") - middle
    on_line = apart.abs() <= _SAME * pl.col("centre").abs().clip(lower_bound=1.0)
    found = found.with_columns(side=pl.when(on_line).then(0).otherwise(apart.sign()).cast(pl.Int8))
    tiny = _SAME * pl.col("centre").abs()
    return found.with_columns(
        outside=(
            (pl.col("_value") > pl.col("high") + tiny) | (pl.col("_value") < pl.col("low") - tiny)
        ).fill_null(value=False),
        widened=pl.lit(factor),
    ).select(*series.columns, "centre", "low", "high", "side", "outside", "widened", value="_value")


def signals(charted: pl.DataFrame, *, baseline: int | None = None) -> Signals:
    """What a series from ``control_chart`` says: pass the same ``baseline``.

    ``shift``: the longest run of months on one side of the line is longer than round(log2(useful)) + 3, or the line
    is crossed fewer times than the lower 5 % point of a binomial of useful − 1 tries at one half; ``useful`` are the
    months off the line (Anhøj & Olesen 2014). Also when two of three months in a row lie outside the same limit.
    ``outlier``: otherwise a month outside. ``noise``: nothing beyond chance. ``too_few``: less than 12 months with a
    number (or 8 in the baseline), or runs cannot be judged and no month is outside. They cannot with fewer than 10
    useful months, nor where less than a quarter of the baseline is on one side of the line: so it is with rare
    events, most of whose months are 0.
    """
    known = charted.filter(pl.col("value").is_not_null())
    months = known.height
    base = charted if baseline is None else charted.head(baseline)
    set_by = base.filter(pl.col("value").is_not_null())
    needed = max(FEWEST - months, 0)
    short = baseline is not None and set_by.height < FEWEST_FROZEN
    if short:
        needed = max(needed, FEWEST_FROZEN - set_by.height)
    sides = known.filter(pl.col("side") != 0)["side"]
    useful = sides.len()
    run = crossed = allowed = fewest = None
    if useful >= FEWEST_USEFUL and _is_middle(set_by["side"]):
        lengths = sides.rle().struct.field("len")
        run, crossed = int(lengths.max()), lengths.len() - 1  # type: ignore[arg-type]
        allowed, fewest = longest_allowed(useful), fewest_crossings(useful)
    outside = int(known["outside"].sum())
    if 0 < useful < FEWEST_USEFUL:
        # so many more if as few of them lie on the line as till now
        needed = max(needed, ceil(FEWEST_USEFUL * months / useful) - months)
    said = Signals(
        verdict="too_few",
        direction=None,
        months=months,
        needed=needed,
        outside=outside,
        useful=useful,
        longest_run=run,
        longest_allowed=allowed,
        crossings=crossed,
        fewest_crossings=fewest,
        centre=charted["centre"][0] if months else None,
        widened=float(charted["widened"][0]) if charted.height else 1.0,
    )
    if months < FEWEST or short or (run is None and not outside):
        return said
    shifted = said.long_run or said.few_crossings or _together(charted)
    verdict: Verdict = "shift" if shifted else "outlier" if outside else "noise"
    return replace(said, verdict=verdict, direction=_direction(known, set_by, baseline) if shifted else None)


def longest_allowed(useful: int) -> int:
    """The longest run that chance gives: round(log2(useful)) + 3 (Anhøj & Olesen 2014, after Schilling 2012)."""
    return round(log2(useful)) + 3


def fewest_crossings(useful: int) -> int:
    """The fewest crossings that chance gives: the lower 5 % point of a binomial (Anhøj & Olesen 2014, after Chen)."""
    return int(scipy.stats.binom.ppf(0.05, useful - 1, 0.5))


def sigma_z(charted: pl.DataFrame, by: Literal["mean", "median"] = "mean") -> float | None:
    """Laney's σz of the months with ``_sets``: their mean moving range in deviations / 1.128, or the median / 0.954."""
    z = (pl.col("_value") - pl.col("centre")) / pl.col("_deviation")
    ranges = charted.filter("_sets").select(z.diff().abs()).to_series().drop_nulls()
    ranges = ranges.filter(ranges.is_finite())
    if ranges.is_empty():
        return None
    return float(ranges.mean()) / _D2 if by == "mean" else float(ranges.median()) / _D4  # type: ignore[arg-type]


def widening(charted: pl.DataFrame, spread: Spread) -> float:
    """What the deviations of counting are multiplied by (see ``control_chart``)."""
    if spread == "laney":
        return sigma_z(charted) or 1.0
    found = None if spread == "counts" else sigma_z(charted, "median")
    if found is None:
        return 1.0
    ranges = charted.filter("_sets")["_value"].diff().drop_nulls().len()
    beyond_chance = found > 1 + 1.645 * _RANGE_SE / sqrt(ranges)
    return ceil(found * 10 - 1e-9) / 10 if beyond_chance else 1.0


def _values(series: pl.DataFrame, kind: ControlKind) -> pl.DataFrame:
    """``_n``, ``_d`` and ``_value``, null in gaps, so that a gap has no part in sums either."""
    d = pl.lit(1.0) if kind == "c" else pl.col("d").cast(pl.Float64)
    n = pl.col("n").cast(pl.Float64)
    known = n.is_not_null() & d.is_not_null() & (d > 0)
    return series.with_columns(
        _n=pl.when(known).then(n), _d=pl.when(known).then(d), _value=pl.when(known).then(n / d)
    )


def _deviation(found: pl.DataFrame, kind: ControlKind) -> pl.Expr:
    c = pl.col("centre")
    if kind == "p":
        return (c * (1 - c) / pl.col("_d")).clip(lower_bound=0.0).sqrt()
    if kind in ("u", "c"):
        return (c / pl.col("_d")).clip(lower_bound=0.0).sqrt()
    ranges = found.filter("_sets")["_value"].diff().abs().drop_nulls()
    return pl.lit(float(ranges.mean()) / _D2 if ranges.len() else 0.0)  # type: ignore[arg-type]


def _expected(kind: ControlKind) -> pl.Expr:
    """Events expected in a month, or those without the event where they are fewer."""
    c, d = pl.col("centre"), pl.col("_d")
    return pl.min_horizontal(c, 1 - c) * d if kind == "p" else c * d


def _limited(found: pl.DataFrame, kind: ControlKind, factor: float) -> pl.DataFrame:
    """With ``low`` and ``high``, null where nothing can be judged."""
    c, d = pl.col("centre"), pl.col("_d")
    away = SIGMAS * factor * pl.col("_deviation")
    low, high = c - away, c + away
    centred = found["centre"].count() > 0
    if kind != "xmr" and centred:
        exact = pl.Series(tail_limit(found["_d"], found["centre"][0], kind))
        found = found.with_columns(_exact=exact.fill_nan(None))
        high = pl.when(c * d < _FEW).then(c + factor * (pl.col("_exact") - c)).otherwise(high)
        low = low.clip(lower_bound=0.0)
    if kind == "p" and centred:
        mirrored = pl.Series(1 - tail_limit(found["_d"], 1 - found["centre"][0], kind))
        found = found.with_columns(_mirrored=mirrored.fill_nan(None))
        low = pl.when((1 - c) * d < _FEW).then(c - factor * (c - pl.col("_mirrored"))).otherwise(low)
        low, high = low.clip(lower_bound=0.0), high.clip(upper_bound=1.0)
    judged = pl.col("_value").is_not_null() & (pl.col("_deviation") > 0)
    return found.with_columns(low=pl.when(judged).then(low), high=pl.when(judged).then(high))


def tail_limit(d: pl.Series, centre: float, kind: ControlKind) -> Numbers:
    """The least level, interpolated between whole numbers, that chance reaches with a probability of 0.135 %."""
    sizes = d.fill_null(float("nan")).to_numpy()
    return exact_limit(sizes, centre, 1 - _TAIL, "share" if kind == "p" else "rate", upper=True)


def _is_middle(sides: pl.Series) -> bool:
    off = sides.filter(sides != 0)
    if off.is_empty():
        return False
    above = int((off > 0).sum())
    return min(above, off.len() - above) >= _MIDDLE * off.len()


def _together(charted: pl.DataFrame) -> bool:
    """Two of three months in a row outside the same limit: chance gives that once in tens of thousands of months."""
    which = pl.when("outside").then(pl.col("side")).otherwise(0)
    near = [
        (which == side).cast(pl.Int8).rolling_sum(window_size=3, min_samples=1).max() >= 2 for side in (-1, 1)
    ]
    return bool(charted.select(pl.any_horizontal(near)).item())


def _direction(
    known: pl.DataFrame, set_by: pl.DataFrame, baseline: int | None
) -> Literal["up", "down"] | None:
    """Up or down from a baseline, or from the first half to the second; none where the two lie on one level."""
    half = set_by.height if baseline is not None and known.height > set_by.height else known.height // 2
    first, last = known.head(half)["value"], known.tail(known.height - half)["value"]
    spread = known["value"].diff().abs().mean() or 0.0
    moved = float(last.mean()) - float(first.mean())  # type: ignore[arg-type]
    if abs(moved) <= 0.5 * float(spread) / _D2:  # type: ignore[arg-type]
        return None
    return "up" if moved > 0 else "down"
