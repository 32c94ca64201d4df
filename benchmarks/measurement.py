"""Measurement at scale: answers read, scored and classed, and the list of who is due, as ratios of copying the answers.

    python benchmarks/measurement.py [ANSWERED] [CASES]

ANSWERED questionnaires (a million when left out) of five items by half as many people, and CASES (100,000) with rounds
of three waves and of a cadence. Machines differ and are shared: the ratios travel, the seconds do not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl

from indsats.library import definition_path
from indsats.measure import answers, score_table
from indsats.programme import Programme, load
from indsats.record import Facts, Record, schema
from indsats.steer import measurements_due

FIRST = date(2018, 1, 1)
LAST = date(2020, 12, 31)


def main(answered: int, cases: int) -> None:
    """Time every step three times, best first, and print a table."""
    goals = load(definition_path("fremskudt-indsats"))
    waves = load(definition_path("social-stoette-i-job"))
    many = facts(goals, {"udviklingsmaal": (1, 5)}, answered // 2, 2)
    due_by_cadence = facts(goals, {"udviklingsmaal": (1, 5)}, cases, 2)
    due_by_wave = facts(waves, {"who5": (0, 5), "bip": (1, 5)}, cases, 1)
    table = many().table("questionnaire_answered")
    base = timed(lambda: table.clone().select(pl.all().reverse()).sort("person", "occurred_from", "id"))
    steps: dict[str, Callable[[], object]] = {
        "read and class the answers": lambda: answers(many(), "udviklingsmaal"),
        "score and class, the long table": lambda: score_table(many(), "udviklingsmaal"),
        "who is due, by a cadence": lambda: measurements_due(due_by_cadence(), LAST),
        "who is due, by waves": lambda: measurements_due(due_by_wave(), LAST),
    }
    print(f"{answered:,} answered questionnaires, {cases:,} cases; the answers sorted: {base:.2f} s")  # noqa: T201
    for name, step in steps.items():
        seconds = timed(step)
        print(f"{name:34} {seconds:6.2f} s {seconds / base:6.2f}x")  # noqa: T201


def timed(step: Callable[[], object]) -> float:
    """The shortest of three runs, in seconds."""
    found = []
    for _ in range(3):
        start = time.perf_counter()
        step()
        found.append(time.perf_counter() - start)
    return min(found)


def facts(
    programme: Programme, asked: dict[str, tuple[int, int]], cases: int, times: int
) -> Callable[[], Facts]:
    """Makes fresh facts each time, so that nothing is remembered from the run before."""
    rng = np.random.default_rng(1)
    who = np.arange(cases)
    days = (LAST - FIRST).days
    start = rng.integers(0, days - 200, cases)
    sites = np.array(list(programme.sites) or ["here"])
    services = next(iter(programme.services))
    tables = {
        "enrolled": _table(
            programme,
            "enrolled",
            cases,
            person=_names("p", who),
            enrolment=_names("e", who),
            site=sites[who % len(sites)],
            service=np.full(cases, services),
            occurred_from=_days(start),
        )
    }
    rows = []
    for name, (low, high) in asked.items():
        form = programme.questionnaires[name]
        for time_ in range(times):
            given = {
                f"answer.{item}": rng.integers(low, high + 1, cases)
                for item, question in form.items.items()
                if not question.raters or form.raters[0] in question.raters
            }
            day = np.minimum(start + 5 + time_ * 90 + rng.integers(0, 20, cases), days)
            rows.append(
                _table(
                    programme,
                    "questionnaire_answered",
                    cases,
                    id=_names(f"{name}{time_}-", who),
                    person=_names("p", who),
                    enrolment=_names("e", who),
                    questionnaire=np.full(cases, name),
                    rater=np.full(cases, form.raters[0]),
                    occurred_from=_days(day),
                    **given,
                )
            )
    tables["questionnaire_answered"] = pl.concat(rows)
    places = pl.DataFrame(
        [{"site": key, "unit": site.unit, "name": site.title.da} for key, site in programme.sites.items()]
        or [{"site": "here", "unit": next(iter(programme.units)), "name": "Here"}]
    )
    record = Record(programme, tables, pl.DataFrame(schema={"person": pl.String}), places, True)
    return record.as_of


def _table(programme: Programme, kind: str, rows: int, **given: Any) -> pl.DataFrame:
    columns = schema(kind, programme)
    recorded = pl.Series([datetime(2021, 1, 1, tzinfo=UTC)]).cast(columns["recorded_at"])
    fixed = {"id": _names(kind, np.arange(rows)), "recorded_at": recorded.new_from_index(0, rows), **given}
    return pl.DataFrame(fixed).select(
        pl.col(name).cast(type_) if name in fixed else pl.lit(None, dtype=type_).alias(name)
        for name, type_ in columns.items()
    )


def _names(prefix: str, numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.format("{}{}", pl.lit(prefix), pl.Series(numbers))).to_series()


def _days(offsets: np.ndarray) -> pl.Series:
    first = (FIRST - date(1970, 1, 1)).days
    return pl.Series(offsets + first).cast(pl.Int32).cast(pl.Date)


if __name__ == "__main__":
    numbers = [int(word.replace(",", "")) for word in sys.argv[1:3]]
    main(*(numbers + [1_000_000, 100_000][len(numbers) :]))
