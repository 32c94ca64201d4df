"""The truth that is planted in small worlds is in them: large samples and sums made in another way say the same."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import polars as pl
import pytest
from scipy import integrate, stats

from indsats.simulate import worlds

MANY = 400_000


def _rng() -> np.random.Generator:
    return np.random.default_rng(20160630)


def _waiting_difference(ratio: float, split_at: int, horizon: int) -> float:
    """Week by week and by quadrature over ages, with survival multiplied up from the weeks before."""

    def weeks(age: float, factor: float) -> float:
        still, waited = 1.0, 0.0
        for week in range(1, horizon + 1):
            waited += still
            rate = 0.015 * 1.3**age * (factor if week > split_at else 1.0)
            still *= exp(-rate)
        return waited

    found, _ = integrate.quad(
        lambda age: stats.norm.pdf(age) * (weeks(age, ratio) - weeks(age, 1.0)), -9, 9, epsabs=1e-10
    )
    return found


@pytest.mark.parametrize(
    ("ratio", "split_at", "horizon"), [(1.68, 8, 52), (1.4, 0, 52), (0.5, 20, 30), (3.0, 8, 9)]
)
def test_the_difference_in_waiting_is_that_of_another_sum(ratio: float, split_at: int, horizon: int) -> None:
    found = worlds.mean_wait_difference(ratio, split_at, horizon)
    assert found == pytest.approx(_waiting_difference(ratio, split_at, horizon), abs=1e-8)


def test_nobody_waits_less_before_the_effect_begins() -> None:
    assert worlds.mean_wait_difference(1.0, 8) == 0
    assert worlds.mean_wait_difference(2.0, 8, horizon=8) == 0
    assert worlds.mean_wait_difference(2.0, 8, horizon=9) == 0  # who leaves in week 9 waited in it
    assert worlds.mean_wait_difference(2.0, 8, horizon=10) < 0


def test_the_difference_in_waiting_is_that_of_many_people() -> None:
    people = worlds.waiting(_rng(), n=5 * MANY, ratio=1.68, split_at=8)
    waited, spread = [], 0.0
    for treated in (True, False):
        group = people.filter(pl.col("treated") == treated)
        weeks, event = group["weeks"].to_numpy(), group["event"].to_numpy()
        exits = np.bincount(weeks[event].astype(int), minlength=worlds.WEEKS + 1)
        there = np.array([(weeks >= week).sum() for week in range(worlds.WEEKS + 1)])
        still = np.cumprod(1 - exits / there)
        waited.append(still[: worlds.WEEKS].sum())
        spread += weeks.var() * 2 / group.height  # twice: a little is lost to those followed for less
    truth = worlds.mean_wait_difference(1.68, 8)
    assert abs(waited[0] - waited[1] - truth) < 4 * sqrt(spread)
    assert 4 * sqrt(spread) < 0.05 * abs(truth)


@pytest.mark.parametrize("alike", [0.0, 0.1])
@pytest.mark.parametrize(("ratio", "split_at"), [(1.68, 8), (1.4, 0)])
def test_as_many_leave_as_the_rates_say(ratio: float, split_at: int, alike: float) -> None:
    """Exits less those expected of the weeks each was there: the same law for each, whether sites are alike or not."""
    sites = 20_000  # so many that what a site has in common evens out
    people = worlds.waiting(_rng(), n=MANY, ratio=ratio, split_at=split_at, sites=sites, alike=alike)
    weeks, event = people["weeks"].to_numpy(), people["event"].to_numpy()
    treated, rate = people["treated"].to_numpy(), 0.015 * 1.3 ** people["age"].to_numpy()
    for group, factor in ((treated, ratio), (~treated, 1.0)):
        for there, left, times in (
            (np.minimum(weeks, split_at), event & (weeks <= split_at), 1.0),
            (np.maximum(weeks - split_at, 0), event & (weeks > split_at), factor),
        ):
            surplus = (left - there * (1 - np.exp(-rate * times)))[group]
            by_site = np.bincount(people["site"].to_numpy()[group], surplus, minlength=sites)
            assert abs(surplus.sum()) <= 4 * sqrt((by_site**2).sum())
            assert left[group].any() or split_at == 0


def test_people_of_a_site_are_alike_only_when_asked() -> None:
    def between(alike: float) -> float:
        """The variance of sites' shares that left, as a multiple of what independent people give."""
        people = worlds.waiting(_rng(), n=MANY, ratio=1.0, split_at=8, sites=4000, alike=alike)
        shares = people.group_by("site").agg(pl.col("event").mean(), pl.len())
        p = people["event"].mean()
        return float(((shares["event"] - p) ** 2 * shares["len"] / (p * (1 - p))).mean())  # type: ignore[operator,arg-type]

    assert between(0.0) == pytest.approx(1.0, abs=0.1)
    assert between(0.1) > 4


def test_the_effect_among_the_treated_all_and_the_overlap_is_that_of_many_people() -> None:
    without = worlds.confounded(_rng(), n=MANY, effect=0.0)
    risen = worlds.confounded(_rng(), n=MANY, effect=2.0, rising=3.0)
    age, treated = without["age"].to_numpy(), without["treated"].to_numpy()
    gain = (risen["hours"] - without["hours"]).to_numpy()
    assert np.allclose(gain, np.where(treated, 2 + 3 * age, 0.0))
    lean = (
        -1 + 0.4 * age - 0.4 * without["earlier"].to_numpy() + 0.4 * (without["origin"].to_numpy() == "other")
    )
    share = 1 / (1 + np.exp(-lean))
    assert abs((treated - share).sum()) < 4 * sqrt((share * (1 - share)).sum())
    effects, near = 2 + 3 * age, 4 * 3 / sqrt(treated.sum())
    assert worlds.effect_among("ATT", 2.0, 3.0) == pytest.approx(gain[treated].mean(), abs=near)
    assert worlds.effect_among("ATE", 2.0, 3.0) == pytest.approx(2.0)
    overlap = np.average(effects, weights=share * (1 - share))
    assert worlds.effect_among("ATO", 2.0, 3.0) == pytest.approx(overlap, abs=near)
    told = [worlds.effect_among(who, 2.0, 3.0) for who in ("ATE", "ATO", "ATT")]  # type: ignore[arg-type]
    assert np.diff(told).min() > 10 * near  # so far apart that one is not taken for another
    assert {worlds.effect_among(who, 2.0, 0.0) for who in ("ATE", "ATO", "ATT")} == {2.0}  # type: ignore[arg-type]


def test_background_explains_all_but_the_effect_in_the_confounded() -> None:
    people = worlds.confounded(_rng(), n=MANY, effect=2.0)
    treated, origin = people["treated"].to_numpy(), people["origin"].to_numpy()
    matrix = np.column_stack(
        [np.ones(MANY), treated, people["age"], people["earlier"], origin == "other", origin == "west"]
    ).astype(float)
    hours = people["hours"].to_numpy()
    found = np.linalg.lstsq(matrix, hours)[0]
    assert found == pytest.approx([20, 2, -1.5, 2, -2, 0], abs=0.1)
    naive = hours[treated].mean() - hours[~treated].mean()
    assert abs(naive - 2) > 1


@pytest.mark.parametrize("treated", [30, 5])
def test_sites_change_by_the_effect_and_by_chance(treated: int) -> None:
    again = worlds.before_and_after(_rng(), sites=60, treated=treated, people=20, effect=0.0)
    people = worlds.before_and_after(_rng(), sites=60, treated=treated, people=20, effect=1.0)
    gain = (people["hours"] - again["hours"]).to_numpy()
    assert np.allclose(gain, (people["after"] & (people["site"] < treated)).to_numpy())
    assert people["site_treated"].to_numpy().tolist() == (people["site"] < treated).to_list()
    many = worlds.before_and_after(_rng(), sites=20_000, treated=10_000, people=2, effect=1.0)
    means = many.group_by("site_treated", "after").agg(pl.col("hours").mean()).sort("site_treated", "after")
    before_control, after_control, before_treated, after_treated = means["hours"].to_list()
    difference = after_treated - before_treated - after_control + before_control
    # a site's change varies by 0.7, and by 4.04 for each of two people before and two after
    assert abs(difference - 1) < 4 * sqrt(2 * (0.7**2 + 4.04**2) / 10_000)


def test_those_who_begin_later_gain_the_effect_from_then_on() -> None:
    people = worlds.staggered(_rng(), units=MANY // 10, effect=1.0)
    assert set(people["first"].unique()) == {0, 3, 4, 5}
    wide = people.pivot("year", index=["unit", "first"], values="hours").sort("unit")
    never = wide.filter(pl.col("first") == 0)
    for first in (3, 4, 5):
        begun = wide.filter(pl.col("first") == first)
        for year in range(1, 7):
            change = (begun[str(year)] - begun[str(first - 1)]).mean() - (
                never[str(year)] - never[str(first - 1)]
            ).mean()  # type: ignore[operator]
            error = sqrt(2 / begun.height + 2 / never.height)
            assert abs(change - (1.0 if year >= first else 0.0)) < 4 * error


def test_a_draw_has_its_shares_and_gives_the_effect_to_those_who_receive() -> None:
    people = worlds.drawn(_rng(), n=MANY, effect=1.0, take_up=0.6)
    assert not people.filter(~pl.col("drawn"))["received"].any()
    strata = people.group_by("stratum").agg(
        pl.col("drawn").mean(),
        pl.col("received").filter("drawn").mean(),
        gain=pl.col("hours").filter("drawn").mean() - pl.col("hours").filter(~pl.col("drawn")).mean(),
        error=(9 + 1 + 0.24 + 0.24) * (1 / pl.col("drawn").sum() + 1 / (~pl.col("drawn")).sum()),
    )
    for row in strata.iter_rows(named=True):
        assert row["drawn"] == pytest.approx((0.5, 0.3, 0.5, 0.7)[row["stratum"]], abs=1e-4)
        assert row["received"] == pytest.approx(0.6, abs=0.02)
        assert abs(row["gain"] / row["received"] - 1) < 4 * sqrt(row["error"]) / 0.6 + 0.02
    assert (
        worlds.drawn(_rng(), n=500, effect=1.0).select((pl.col("drawn") == pl.col("received")).all()).item()
    )


def test_sites_are_drawn_whole_and_gain_the_effect() -> None:
    people = worlds.drawn_sites(_rng(), sites=20_000, people=3, effect=0.8)
    sites = people.group_by("site").agg(pl.col("drawn").n_unique().alias("kinds"), pl.col("drawn").first())
    assert sites["kinds"].to_list() == [1] * 20_000
    assert sites["drawn"].sum() == 10_000
    means = people.group_by("drawn").agg(pl.col("hours").mean()).sort("drawn")["hours"]
    assert abs(means[1] - means[0] - 0.8) < 4 * sqrt(2 * (1 + 9 / 3) / 10_000)


def test_shares_are_what_they_are_said_to_be() -> None:
    people = worlds.shares(_rng(), n=MANY, base=0.2, effect=0.08)
    for treated, share in ((True, 0.28), (False, 0.2)):
        group = people.filter(pl.col("treated") == treated)
        assert group.height == MANY
        assert abs(group["job"].mean() - share) < 4 * sqrt(share * (1 - share) / MANY)  # type: ignore[operator]


def test_the_same_draw_gives_the_same_world() -> None:
    one, two = (worlds.waiting(_rng(), n=500, ratio=1.68, split_at=8) for _ in range(2))
    assert one.equals(two)
    assert not one.equals(worlds.waiting(np.random.default_rng(1), n=500, ratio=1.68, split_at=8))
