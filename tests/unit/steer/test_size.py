"""Ten thousand persons and a quarter of a million talks, within seconds on a slow machine."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import polars as pl
import pytest

from casebook import Casebook, indicator, item, period, programme
from indsats.record import Facts, Record
from indsats.steer import due_items
from indsats.steer import indicator as level

PERSONS, TALKS = 10_000, 250_000
SECONDS = 4.0
"""Some ten times what it takes, so that a busy machine passes and a loop over persons does not."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    cadence = item(service="talks", what=[{"kind": "meeting", "where": 'outcome == "held"'}], every="P3M")
    definition = programme(
        cadences={"talk": cadence},
        indicators={
            "timely": indicator("timeliness", cadence="talk"),
            "placed": indicator("within", kind="meeting", where='type == "b"', weeks=26),
            "talks": indicator("count", kind="meeting"),
            "no-shows": indicator("share", kind="meeting", where='outcome == "no_show"'),
            "rate": indicator("rate", kind="meeting", per="person_month"),
        },
    )
    draw = np.random.default_rng(4)
    blank = Casebook(definition).data_until("2018-01-01").facts()
    record = Record(definition, {}, blank.persons, blank.sites, True)

    def table(kind: str, who: np.ndarray, days: np.ndarray, **payload: object) -> pl.DataFrame:
        made = pl.DataFrame({"who": who, "day": days}).select(
            id=pl.format(kind + "-{}", pl.int_range(pl.len())),
            version=pl.lit(1),
            kind=pl.lit(kind),
            person=pl.format("p{}", "who"),
            enrolment=pl.format("e{}", "who"),
            occurred_from=pl.lit(date(2014, 1, 1)) + pl.duration(days="day"),
            recorded_at=pl.lit(date(2017, 12, 31)).cast(pl.Datetime("us", "UTC")),
            **{name: pl.Series(values) for name, values in payload.items()},  # type: ignore[arg-type]
        )
        columns = record.table(kind).schema.items()
        return made.select(
            (pl.col(name) if name in made.columns else pl.lit(None)).cast(type_).alias(name)
            for name, type_ in columns
        )

    everybody = np.arange(PERSONS)
    anybody = draw.integers(0, PERSONS, TALKS)
    tables = {
        "enrolled": table(
            "enrolled",
            everybody,
            draw.integers(0, 365, PERSONS),
            service=["talks"] * PERSONS,
            site=draw.choice(["north", "city"], PERSONS),
        ),
        "meeting": table(
            "meeting",
            anybody,
            draw.integers(0, 1400, TALKS),
            type=draw.choice(["a", "b"], TALKS),
            outcome=draw.choice(["held", "no_show"], TALKS),
        ),
        "pause": table("pause", everybody, draw.integers(0, 1400, PERSONS)).with_columns(
            occurred_to=pl.col("occurred_from").dt.offset_by("20d")
        ),
    }
    return Record(definition, tables, blank.persons, blank.sites, True).as_of()


def test_due_items_of_ten_thousand_enrolments(facts: Facts) -> None:
    begun = time.perf_counter()
    items = due_items(facts, "talk", date(2017, 12, 31))
    assert time.perf_counter() - begun < SECONDS
    assert items["enrolment"].n_unique() == PERSONS


@pytest.mark.parametrize("name", ["timely", "placed", "rate", "no-shows"])
def test_an_indicator_over_ten_thousand_persons(facts: Facts, name: str) -> None:
    begun = time.perf_counter()
    figure = level(facts, name, period("2015-01-01", "2015-12-31"))
    assert time.perf_counter() - begun < SECONDS
    assert figure.denominator is not None
    assert figure.denominator > PERSONS / 2


def test_a_count_over_a_quarter_of_a_million_talks(facts: Facts) -> None:
    year = period("2014-01-01", "2018-01-01")
    parts = [level(facts, "talks", year, unit=unit).value or 0 for unit in ("outreach", "centre")]
    assert level(facts, "talks", year).value == sum(parts) == TALKS
