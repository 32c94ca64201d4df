"""What a participant costs is recovered from data that end while many are still enrolled; plain means do not.

Enrolments are simulated with a known dose. A third stay 60 days, two fifths 180, and the rest 420; on each day enrolled
a meeting is held with a chance of 0.10 in the first 90 days and 0.03 after them. So a participant has

    meetings   0.3 × 6 + 0.4 × (9 + 90 × 0.03) + 0.3 × (9 + 330 × 0.03) = 1.8 + 4.68 + 5.67 = 12.15
    days       0.3 × 60 + 0.4 × 180 + 0.3 × 420                         = 216

People begin evenly over the 700 days up to the end of the data, which is all that cuts anybody short.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import polars as pl
import pytest

from costbook import MEETING, activity, costed, quoted
from indsats.economy.costs import course, per_participant, still_enrolled
from indsats.economy.dose import doses
from indsats.record import Facts, Record, empty_record, schema

PROGRAMME = costed(meetings=activity("talk", "count", MEETING), time=activity("week", "time"))
FIRST, DAYS = date(2016, 1, 1), 700
STAYS, SHARES = np.array([60, 180, 420]), np.array([0.3, 0.4, 0.3])
MEETINGS, WEEKS = 12.15, 216 / 7


def simulated(people: int, seed: int) -> Facts:
    """Enrolments that begin evenly over ``DAYS`` days, as far as they have come on the last of them."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, DAYS, people)
    stay = rng.choice(STAYS, people, p=SHARES)
    day = np.arange(STAYS.max())
    chance = np.where(day < 90, 0.10, 0.03)
    held = (rng.random((people, day.size)) < chance) & (day < stay[:, None])
    who, after = np.nonzero(held & (start[:, None] + day < DAYS))
    left = np.flatnonzero(start + stay < DAYS)
    blank = empty_record(PROGRAMME, synthetic=True)
    tables = {
        "enrolled": _facts("enrolled", np.arange(people), start, service="talks", site="north"),
        "exit": _facts("exit", left, (start + stay)[left]),
        "meeting": _facts("meeting", who, start[who] + after, outcome="held", type="talk"),
        "site_answered": _facts("site_answered", np.array([0]), np.array([DAYS - 1])),
    }
    return Record(PROGRAMME, tables, blank.persons, blank.sites, True).as_of()


def _facts(kind: str, who: np.ndarray, day: np.ndarray, **same: str) -> pl.DataFrame:
    begun = pl.Series((np.datetime64(FIRST, "D") + day).astype("datetime64[D]"))
    table = pl.DataFrame(
        {
            "id": [f"{kind}-{number}" for number in range(len(who))],
            "person": [f"p{one}" for one in who],
            "enrolment": [f"e{one}" for one in who],
            "occurred_from": begun,
        }
    ).with_columns(
        recorded_at=pl.lit(datetime(2020, 1, 1, tzinfo=UTC)), **{k: pl.lit(v) for k, v in same.items()}
    )
    wanted = schema(kind, PROGRAMME)
    return table.select(
        (pl.col(name) if name in table.columns else pl.lit(None)).cast(type_).alias(name)
        for name, type_ in wanted.items()
    )


@cache
def many() -> Facts:
    return simulated(20_000, 1)


@pytest.mark.parametrize(("name", "truth"), [("meetings", MEETINGS), ("time", WEEKS)])
def test_the_course_is_the_truth_where_means_of_all_and_of_those_who_left_are_not(
    name: str, truth: float
) -> None:
    facts = many()
    found, dose = course(facts, name), doses(facts, name)
    assert found.quantity.sum() == pytest.approx(truth, abs=4 * found.se)
    assert found.se < 0.01 * truth
    assert dose["quantity"].sum() / 20_000 < 0.9 * truth
    left = facts.enrolments().drop_nulls("end")
    of_those_who_left = dose.join(left, on="enrolment", how="semi")["quantity"].sum() / left.height
    assert of_those_who_left < 0.9 * truth


def test_each_month_is_what_it_should_be() -> None:
    # The months of a year differ a little in length: 30.4 days of them are used, of 366 / 12 at the most 1.6 % off.
    days = np.arange(420)
    expected = np.where(days < 90, 0.10, 0.03) * ((STAYS[None, :] > days[:, None]) @ SHARES)
    found = course(many(), "meetings").quantity
    for month in (0, 1, 4, 10):
        wanted = expected[round(month * 30.44) : round((month + 1) * 30.44)].sum()
        assert found[month] == pytest.approx(wanted, rel=0.05)
    assert found[14:].sum() == 0


def test_kroner_are_the_truth_times_the_prices() -> None:
    # 12.15 meetings at 500 and 216 days at 100: 6,075 + 21,600 = 27,675.
    costs = per_participant(many(), quoted(PROGRAMME))
    assert costs["amount"].sum() == pytest.approx(27_675, rel=0.01)
    # Who stays longer than a year has 55 days of the second: 0.3 × 55 (54 where the first has 366) × 100.
    second = costs.filter((pl.col("year") == 2) & (pl.col("activity") == "time"))["amount"].item()
    assert second == pytest.approx(1_650, rel=0.1)


def test_hardly_anybody_is_left_when_the_data_outlast_the_longest_stay() -> None:
    # Whoever would leave on the day after the data is not seen to.
    months, left = still_enrolled(many())
    assert (months, left) == (23, pytest.approx(0, abs=0.005))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    runs = [course(simulated(300, seed), "meetings") for seed in range(200)]
    totals = np.array([run.quantity.sum() for run in runs])
    assert totals.mean() == pytest.approx(MEETINGS, abs=4 * totals.std() / np.sqrt(len(runs)))
    assert np.mean([run.se for run in runs]) == pytest.approx(totals.std(ddof=1), rel=0.15)
    held = np.mean([run.total.ends[0] <= MEETINGS <= run.total.ends[1] for run in runs])
    assert 0.90 <= held <= 0.99
