"""What the effort costs by its recorded doses: the accounts of a time, and what a participant costs from start to end.

The two differ while cases are open. Accounts divided by people tell too little of what a course comes to, because the
newest have had little yet; ``course`` takes each month since the start from those who were followed so long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indsats.evaluate import kaplan_meier
from indsats.programme import Economy, FixedDose, Period

from .dose import DAYS, doses, enrolments, participants, time_within
from .lines import Array, Uncertain
from .units import DAYS_A_MONTH, MONTHS_A_YEAR

if TYPE_CHECKING:
    from indsats.record import Facts

    from .prices import Quotes

By = Literal["unit", "site", "month"]

_TWO_SIDED: Final = 1.959964
"""Standard errors to each side of a 95 % interval."""

_ACCOUNTS: Final[dict[str, pl.DataType]] = {
    "activity": pl.String(),
    "phase": pl.String(),
    "unit": pl.String(),
    "site": pl.String(),
    "month": pl.Date(),
    "quantity": pl.Float64(),
    "amount": pl.Float64(),
}


_PER_PARTICIPANT: Final[dict[str, pl.DataType]] = {
    "activity": pl.String(),
    "phase": pl.String(),
    "year": pl.Int64(),
    "quantity": pl.Float64(),
    "price": pl.Float64(),
    "amount": pl.Float64(),
    "usual_amount": pl.Float64(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDose:
    """What a participant has of an activity in each month since the start, in units of its price.

    ``quantity[k]`` is the mean in month ``k`` among the ``followed[k]`` participants who were followed to its end; who
    had left by then, or never had any, counts with nothing. ``se`` is the standard error of the sum, NaN where
    fewer than two were followed a month.
    """

    activity: str
    quantity: Array
    followed: NDArray[np.int64]
    se: float

    @property
    def total(self) -> Uncertain:
        """The dose per participant over all the months, with a 95 % interval."""
        value = float(self.quantity.sum())
        if np.isnan(self.se):
            return Uncertain(value)
        reach = _TWO_SIDED * self.se
        # Nobody can have less than nothing.
        return (
            Uncertain(value, max(value - reach, 0.0), value + reach, "interval")
            if reach
            else Uncertain(value)
        )

    def by_year(self, years: int | None = None) -> Array:
        """The dose in each year since the start, all that anybody was followed in or the first ``years``."""
        told = years or max(-(-len(self.quantity) // MONTHS_A_YEAR), 1)
        cut = self.quantity[: told * MONTHS_A_YEAR]
        return np.pad(cut, (0, told * MONTHS_A_YEAR - len(cut))).reshape(told, MONTHS_A_YEAR).sum(axis=1)


def course(
    facts: Facts,
    activity: str,
    months: int | None = None,
    *,
    unit: str | None = None,
    site: str | None = None,
    least: int = 1,
) -> CourseDose:
    """The dose of an activity per participant, month by month since the start, for the first ``months`` or all.

    The sum is what a participant has from start to end, though many are still enrolled when the data end: each month
    is the mean of those followed through it (the partition estimator of Lin et al. 1997, Biometrics 53, where people
    are lost by the end of the data alone; Bang & Tsiatis 2000, Biometrika 87). It takes those who began early to be as
    those who began late, and tells nothing of months that fewer than ``least`` people were followed through. What is
    spent once (a fixed dose of a price without a unit of time) is divided among all participants so far, in the first
    month. With ``unit`` or ``site`` of those who began there.

    Errors as ``doses``.
    """
    asked = facts.programme.economy.activities[activity]
    people = participants(facts, unit=unit, site=site)
    dose = doses(facts, activity)
    if isinstance(asked.dose, FixedDose):
        # What nobody was there for has to be borne by those who were.
        shared = dose.filter(pl.col("person").is_not_null())
        factor = _sum(dose) / _sum(shared) if shared.height else 1.0
        dose = shared.with_columns(pl.col("quantity") * factor)
    longest = followed_through(people, least)
    longest = longest if months is None else min(longest, months)
    if isinstance(asked.dose, FixedDose) and facts.programme.economy.prices[asked.price].per not in DAYS:
        return _once(activity, dose.join(people, on="person", how="semi"), people.height, longest)
    followed = people["months"].to_numpy().clip(max=longest)
    number = _at_least(followed, longest)
    rows = dose.join(
        people.with_row_index("place").select("person", "place", "months"),
        on="person",
        how="inner",
        maintain_order="left",
    ).filter(pl.col("since") < pl.min_horizontal("months", longest))
    month, quantity = rows["since"].to_numpy(), rows["quantity"].to_numpy()
    mean = np.bincount(month, weights=quantity, minlength=longest) / number
    return CourseDose(
        activity=activity,
        quantity=mean,
        followed=number,
        se=_error(rows["place"].to_numpy(), month, quantity, followed, mean, number),
    )


def _once(activity: str, dose: pl.DataFrame, people: int, longest: int) -> CourseDose:
    """What is spent once, among all participants so far."""
    quantity = np.zeros(max(longest, 1))
    quantity[0] = _sum(dose) / people if people else 0.0
    return CourseDose(activity=activity, quantity=quantity, followed=np.full(quantity.shape, people), se=0.0)


def followed_through(people: pl.DataFrame, least: int) -> int:
    """How many months since the start at least so many ``participants`` were followed through."""
    followed = people["months"].to_numpy()
    longest = int(followed.max()) if len(followed) else 0
    return int(np.count_nonzero(_at_least(followed, longest) >= max(least, 1)))


def _at_least(followed: NDArray[np.int64], longest: int) -> NDArray[np.int64]:
    """How many were followed to the end of each month."""
    ended = np.bincount(followed, minlength=longest + 1)
    return len(followed) - np.cumsum(ended)[:longest]


def _error(
    place: NDArray[np.uint32],
    month: NDArray[np.int64],
    quantity: Array,
    followed: NDArray[np.int64],
    mean: Array,
    number: NDArray[np.int64],
) -> float:
    """The standard error of the sum of monthly means: participants are independent, their months are not.

    Each participant's part of the error is the sum of (dose - mean) / followed over the months followed; with all
    followed to the end it is the standard error of a mean.
    """
    if not number.size or number[0] < 2:
        return float("nan")
    weight = np.where(number > 1, 1 / np.sqrt(number * np.maximum(number - 1.0, 1.0)), 0.0)
    part = np.bincount(place, weights=quantity * weight[month], minlength=len(followed))
    expected = np.concatenate([[0.0], np.cumsum(mean * weight)])[followed]
    return float(np.sqrt(np.sum((part - expected) ** 2)))


def still_enrolled(facts: Facts, least: int = 1) -> tuple[int, float]:
    """How many months at least ``least`` people were followed through, and the share who had not left by then.

    The share is by Kaplan-Meier. Where it is not 0, ``course`` tells too little: what they will have later is not in
    the data.
    """
    people, after = participants(facts), facts.last_day + timedelta(days=1)
    left = enrolments(facts).group_by("person").agg(pl.col("stop").max())
    times = people.join(left, on="person").select(
        time=(pl.col("stop") - pl.col("start")).dt.total_days().cast(pl.Float64), event=pl.col("stop") < after
    )
    if times.is_empty():
        return 0, 0.0
    longest = followed_through(people, least)
    curve = kaplan_meier(times, "time", "event").filter(
        pl.col("time") <= pl.lit((longest + 1) * DAYS_A_MONTH)
    )
    return longest, float(curve["survival"][-1]) if curve.height else 1.0


def per_participant(
    facts: Facts,
    quotes: Quotes,
    years: int | None = None,
    *,
    unit: str | None = None,
    site: str | None = None,
    least: int = 1,
) -> pl.DataFrame:
    """What a participant costs, activity by activity and year by year since the start, and what it is more than usual.

    Columns ``activity``, ``phase``, ``year`` (from 1), ``quantity``, ``price``, ``amount`` (their product, in
    kroner of ``quotes.year``), ``usual_amount`` (what a participant would have cost without the effort, as far as
    courses are over, put to the years as the activity itself) and ``extra``, the difference. Overheads follow as
    activities of their own, a row for each activity they are a share of, whose amount is their ``price``. Grants
    are no cost and left out. ``years`` are all that anybody was followed in when left out. Of the whole effort, or
    of those who began in a unit or at a site; ``least`` as in ``course``.

    The activities' prices must have been found (``refuse_missing``); errors else as ``course``.
    """
    economy = facts.programme.economy
    over = 1 - still_enrolled(facts, least)[1]
    tables: list[pl.DataFrame] = []
    for name in _priced(economy, quotes):
        activity = economy.activities[name]
        months = None if years is None else years * MONTHS_A_YEAR
        found = course(facts, name, months, unit=unit, site=site, least=least)
        had, price = found.by_year(years), quotes.found[activity.price].amount.value
        usual = 0.0 if activity.usual is None else activity.usual.quantity * over
        pattern = had / had.sum() if had.sum() else np.eye(1, len(had))[0]
        tables.append(
            pl.DataFrame(
                {
                    "activity": name,
                    "phase": activity.phase,
                    "year": np.arange(1, len(had) + 1),
                    "quantity": had,
                    "price": np.full(len(had), price),
                    "amount": had * price,
                    "usual_amount": pattern * usual * price,
                }
            )
        )
    spent = pl.concat(tables) if tables else pl.DataFrame(schema=_PER_PARTICIPANT)
    added = [
        _base(spent, economy, name).with_columns(
            activity=pl.lit(name),
            quantity=pl.lit(overhead.share),
            price="amount",
            amount=pl.col("amount") * overhead.share,
            usual_amount=pl.col("usual_amount") * overhead.share,
        )
        for name, overhead in economy.overheads.items()
    ]
    return pl.concat([spent, *added]).with_columns(extra=pl.col("amount") - pl.col("usual_amount"))


def accounts(facts: Facts, quotes: Quotes, period: Period | None = None) -> pl.DataFrame:
    """What was spent in a period (all of the data when left out), by activity, place and calendar month.

    Columns ``activity``, ``phase``, ``unit``, ``site``, ``month`` (its first day), ``quantity`` and ``amount`` (in
    kroner of ``quotes.year``). Any splitting adds up: the amounts are the doses times the prices. Overheads are
    activities of their own, without a quantity. ``unit`` and ``site`` are where it was spent, null where that is not
    known and for fixed costs of days on which nobody was enrolled. Grants are no cost and left out.

    The activities' prices must have been found (``refuse_missing``); errors else as ``doses``.
    """
    economy = facts.programme.economy
    first, until = (None, None) if period is None else (period.first, period.last)
    tables: list[pl.DataFrame] = []
    for name in _priced(economy, quotes):
        activity = economy.activities[name]
        price = quotes.found[activity.price].amount.value
        tables.append(
            doses(facts, name, until, first=first)
            .group_by("unit", "site", "month")
            .agg(pl.col("quantity").sum())
            .with_columns(
                activity=pl.lit(name), phase=pl.lit(activity.phase), amount=pl.col("quantity") * price
            )
            .select(list(_ACCOUNTS))
        )
    spent = pl.concat([pl.DataFrame(schema=_ACCOUNTS), *tables])
    added = [
        _base(spent, economy, name)
        .group_by("phase", "unit", "site", "month")
        .agg(pl.col("amount").sum() * overhead.share)
        .with_columns(activity=pl.lit(name), quantity=pl.lit(None, dtype=pl.Float64))
        .select(list(_ACCOUNTS))
        for name, overhead in economy.overheads.items()
    ]
    order = {name: place for place, name in enumerate([*economy.activities, *economy.overheads])}
    place = pl.col("activity").replace_strict(order, return_dtype=pl.Int64, default=None)
    return pl.concat([spent, *added]).sort(place, "phase", "unit", "site", "month")


def accounts_by(facts: Facts, quotes: Quotes, by: Sequence[By], period: Period | None = None) -> pl.DataFrame:
    """The accounts of each unit, site or calendar month, and what an enrolled month cost there.

    The columns ``by``; ``start_up``, ``running`` and ``amount``, their sum; ``months`` that people were enrolled (days
    / 30.4375, a person once a day), and ``a_month``, the amount for one of them, null where nobody was enrolled.
    """
    spent = (
        accounts(facts, quotes, period)
        .group_by(by)
        .agg(
            start_up=pl.col("amount").filter(pl.col("phase") == "start_up").sum(),
            running=pl.col("amount").filter(pl.col("phase") == "running").sum(),
            amount=pl.col("amount").sum(),
        )
    )
    first, until = (None, None) if period is None else (period.first, period.last)
    months = (
        time_within(facts, until, first=first).group_by(by).agg(months=pl.col("days").sum() / DAYS_A_MONTH)
    )
    return (
        spent.join(months, on=list(by), how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("start_up", "running", "amount", "months").fill_null(0.0))
        .with_columns(a_month=pl.when(pl.col("months") > 0).then(pl.col("amount") / pl.col("months")))
        .sort(by)
    )


def _priced(economy: Economy, quotes: Quotes) -> list[str]:
    """The activities that cost something, in order."""
    return [name for name, one in economy.activities.items() if quotes.found[one.price].flow != "grant"]


def _base(spent: pl.DataFrame, economy: Economy, overhead: str) -> pl.DataFrame:
    """The rows of the activities an overhead is a share of: those it names, or all that are not fixed."""
    named: Sequence[str] = economy.overheads[overhead].of or [
        name for name, one in economy.activities.items() if not isinstance(one.dose, FixedDose)
    ]
    return spent.filter(pl.col("activity").is_in(list(named)))


def _sum(dose: pl.DataFrame) -> float:
    return float(dose["quantity"].sum())
