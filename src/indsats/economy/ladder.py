"""The reimbursement ladder (refusionstrappe): how much of a benefit the state pays by how long it has been drawn.

The rules are those of the act on municipal financing of certain public benefits (lov om kommunernes finansiering af
visse offentlige ydelser), §§ 5-6, LBK 221 of 12 February 2021, read at elov.dk and lovguiden.dk; rates and numbers of
weeks come from the price book.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indsats.register import BLANK, Register, expand, weeks_matrix

from .lines import Array
from .units import WEEKS_A_YEAR

IntArray = NDArray[np.integer]
BoolArray = NDArray[np.bool_]

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the state pays of a benefit, step by step, and when the counting starts over.

    ``steps`` are (last week of the step, the state's share), the last week of the last one infinite; the municipality
    pays the rest. After ``reset_weeks`` whole weeks of self-support within the latest ``window_weeks`` the counting
    starts over. Raises ValueError when weeks do not rise to infinity, a share is not between 0 and 1, or the weeks of
    self-support do not fit in the window.
    """

    steps: tuple[tuple[float, float], ...]
    reset_weeks: int
    window_weeks: int

    def __post_init__(self) -> None:
        ends = (0.0, *(last for last, _ in self.steps))
        if any(first >= last for first, last in pairwise(ends)) or ends[-1] != inf:
            raise ValueError(f"the steps end in week {ends[1:]}; they must rise, the last one to infinity")
        if not all(0 <= share <= 1 for _, share in self.steps):
            raise ValueError("the state's share of a step must be between 0 and 1")
        if not 1 <= self.reset_weeks <= self.window_weeks:
            raise ValueError(f"{self.reset_weeks} weeks of self-support do not fit in {self.window_weeks}")

    def state_share(self, first_week: float, last_week: float) -> float:
        """The state's share of weeks on benefit from ``first_week`` to ``last_week``, on average and exact.

        Both are times in weeks on benefit, 0 before the first week: ``(0, 52)`` is the first year, ``(4, 26)`` the
        second step. Where they are equal it is the share of what follows. Raises ValueError when they are not
        finite, below 0 or in the wrong order.
        """
        if not 0 <= first_week <= last_week < inf:
            raise ValueError(f"weeks {first_week} to {last_week} are no stretch of weeks on benefit")
        if first_week == last_week:
            return next(share for last, share in self.steps if first_week < last)
        paid, begins = 0.0, 0.0
        for last, share in self.steps:
            paid += share * max(min(last, last_week) - max(begins, first_week), 0.0)
            begins = last
        return paid / (last_week - first_week)

    def by_week(self, weeks: IntArray) -> Array:
        """The state's share of each week that is the n-th on benefit, 1 the first; any shape.

        Raises ValueError for a number below 1, for nobody is on benefit then.
        """
        if weeks.size and int(weeks.min()) < 1:
            raise ValueError("weeks on benefit are counted from 1")
        lasts = np.array([last for last, _ in self.steps])
        return np.array([share for _, share in self.steps])[np.searchsorted(lasts, weeks)]


def weeks_counted(on_benefit: BoolArray, self_supporting: BoolArray, ladder: Ladder) -> IntArray:
    """How many weeks count on the ladder at the end of each week: persons × weeks, Int32.

    In a week on benefit that is which week on the ladder it is (1 the first); in any other week it is how many there
    were, 0 before the first and once the counting has started over. Both tables are persons × weeks, all weeks in a
    row. A week may be neither (in education with a grant, in subsidised work, abroad): it counts on no side.

    What the act says (§ 6): counting starts over when the person, after the first week with benefit, anew has had 52
    whole calendar weeks of self-support altogether within the latest three years; they need not lie together, and the
    share reached stands until then. Self-support is no public support and no job with a wage subsidy.

    Not verified: that "after the first week" means the first week of the current count, not of the latest time on
    benefit (the example in the bill's remarks fits both); that a week with benefit for some of its days counts as a
    whole one; that three years are 156 weeks, if they are given so; how weeks before 4 January 2016 count. Here weeks
    count from the first column on, so what happened before it is not known.

    Raises ValueError when the tables differ in shape, or a week is both.
    """
    if on_benefit.shape != self_supporting.shape or on_benefit.ndim != 2:
        raise ValueError(f"{on_benefit.shape} and {self_supporting.shape} are not persons × the same weeks")
    if bool((on_benefit & self_supporting).any()):
        raise ValueError("a week cannot be both on benefit and of self-support")
    n_persons, n_weeks = on_benefit.shape
    # Weeks along the rows: every step then works on neighbouring numbers, all persons at once.
    drawn, kept = np.ascontiguousarray(on_benefit.T), np.ascontiguousarray(self_supporting.T)
    counted = np.zeros((n_weeks, n_persons), dtype=np.int32)
    count = np.zeros(n_persons, dtype=np.int32)
    recent = np.zeros(n_persons, dtype=np.int32)
    began = np.full(n_persons, n_weeks)
    for week in range(n_weeks):
        recent += kept[week] & (began < week)
        left = week - ladder.window_weeks
        if left >= 0:
            recent -= kept[left] & (began < left)
        over = recent >= ladder.reset_weeks
        count[over], recent[over], began[over] = 0, 0, n_weeks
        began[drawn[week] & (count == 0)] = week
        count += drawn[week]
        counted[week] = count
    return counted.T


def state_share_of_register(
    register: Register,
    cases: pl.DataFrame,
    ladder: Ladder,
    *,
    benefit: Iterable[str],
    self_support: Iterable[str],
    years: int,
) -> pl.DataFrame:
    """The state's share of the benefit drawn in each year after index, on average over weeks on benefit.

    ``cases`` (``person``, ``index_week``, as a cohort's table has them; others may be there) are who is followed; a
    person may have several. ``benefit`` and ``self_support`` are codes as in a state (``730-739``, ``blank``); no code
    may be in both. Year 1 is weeks 1 to 52 after the index week. Earlier weeks of the register count on the ladder.

    Returns ``year``, ``observed`` (weeks the register tells of), ``weeks`` (those on benefit), ``state_share`` (null
    without any). Raises ValueError for a code in both, or fewer years than one.
    """
    drawn, kept = sorted(expand(benefit)), sorted(expand(self_support))
    both = sorted(set(drawn).intersection(kept))
    if both:
        raise ValueError(f"{', '.join(map(str, both))} are codes both of benefit and of self-support")
    if years < 1:
        raise ValueError(f"{years} years after index cannot be told")
    after = np.arange(years * WEEKS_A_YEAR) + 1
    found = np.zeros((3, years))
    followed = cases.drop_nulls("index_week").filter(
        pl.col("person").is_in(register.persons["person"].implode())
    )
    for some in followed.select("person", "index_week").iter_slices(_AT_ONCE):
        names = some.select("person").unique(maintain_order=True).with_row_index("at")
        spells = register.spells.join(names, on="person").with_columns(person=pl.col("at").cast(pl.Int32))
        codes = weeks_matrix(spells, names["at"].cast(pl.Int32), register.first_week, register.last_week)
        on_benefit = np.isin(codes, drawn)
        counted = weeks_counted(on_benefit, np.isin(codes, kept), ladder)
        rows = some.join(names, on="person", how="left", maintain_order="left")["at"].to_numpy()[:, None]
        columns = (some["index_week"].to_numpy() - register.first_week)[:, None] + after
        seen = (columns >= 0) & (columns < codes.shape[1])
        columns = np.where(seen, columns, 0)
        seen &= codes[rows, columns] >= BLANK  # what is below is a week no file tells of
        paying = seen & on_benefit[rows, columns]
        share = np.zeros(paying.shape)
        share[paying] = ladder.by_week(counted[rows, columns][paying])
        for place, table in enumerate((seen, paying, share)):
            found[place] += table.sum(axis=0).reshape(years, WEEKS_A_YEAR).sum(axis=1)
    observed, weeks, paid = found
    return pl.DataFrame(
        {
            "year": np.arange(years) + 1,
            "observed": observed.astype(np.int64),
            "weeks": weeks.astype(np.int64),
            "state_share": [whole / n if n else None for whole, n in zip(paid, weeks, strict=True)],
        },
        schema={"year": pl.Int32, "observed": pl.Int64, "weeks": pl.Int64, "state_share": pl.Float64},
    )
