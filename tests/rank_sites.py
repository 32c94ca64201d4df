"""Sites with planted levels, people and classes, for tests of benchmarking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from casebook import Casebook, indicator, item, period, programme
from indsats.record import Facts

YEAR = period("2016-01-01", "2016-12-31")
HALF = period("2016-07-01", "2016-12-31")


def definition(places: Sequence[str], better: str = "higher", **rest: Any) -> Any:
    """Sites of one unit of the effort, and a city that only serves as comparison."""
    where = 'outcome in ["held", "no_show"]'
    return programme(
        **{
            "disclosure_threshold": 5,
            "units": {"outreach": item("Outreach"), "centre": item("Centre", in_effort=False)},
            "sites": {
                **{name: item(name.title(), unit="outreach") for name in places},
                "city": item("City", unit="centre"),
            },
            "indicators": {
                "came": indicator("share", better, kind="meeting", among=where, where='outcome == "held"'),
                "cases": indicator("count", better, kind="meeting", where='outcome == "held"'),
            },
            "events": {"class": item("Class", values={"two": item("Two"), "three": item("Three")})},
            **rest,
        }
    )


def met(levels: Mapping[str, tuple[int, int]], better: str = "higher", **rest: Any) -> Casebook:
    """At each site so many people came of so many, each with one meeting in 2016."""
    cases = Casebook(definition([name for name in levels if name != "city"], better, **rest))
    for site, (came, people) in levels.items():
        for one in range(people):
            who = {"person": f"{site}-{one:03}", "enrolment": f"e-{site}-{one:03}"}
            cases.enrol("2016-01-04", site=site, **who)
            cases.meet("2016-09-01", "held" if one < came else "no_show", **who)
    return cases.data_until("2016-12-31")


def described(cases: Casebook, persons: Sequence[Mapping[str, Any]], **clusters: str) -> Facts:
    """The facts with characteristics of persons, and clusters given to sites by name."""
    record = cases.record()
    schema = {"person": pl.String, "birth_date": pl.Date, "education": pl.String}
    sites = record.sites.with_columns(
        cluster=pl.col("site").replace_strict(clusters, default=None, return_dtype=pl.String)
        if clusters
        else pl.lit(None, dtype=pl.String)
    )
    return replace(record, persons=pl.DataFrame(list(persons), schema=schema), sites=sites).as_of()
