"""Small registers and evaluations for tests, written as one reads a course of weeks: ``4x733 10x- 1x651``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Programme
from indsats.register import BLANK, Cohort, Register, cohort, column_of_week, monday, spells_of, week_number

START = week_number(date(2013, 1, 3))
"""2013-W01, the first week of the registers made here unless another is given."""


def monday_of_start() -> date:
    """The Monday of ``START``."""
    return monday(START)


def text(words: str) -> dict[str, str]:
    return {"da": words, "en": words}


def item(title: str = "x", **rest: Any) -> dict[str, Any]:
    return {"title": text(title), "source": "L1", **rest}


STATES = {
    "benefit": item(codes=["730-739"]),
    "education": item(codes=["651-652"]),
    "work": item(codes=["blank"]),
    "off": item(codes=["blank", "651-652"]),
    "practice": item(codes=["737-738"]),
    "death": item(codes=["999"]),
}


def outcome(name: str = "off", state: str = "off", within: int = 4, at_least: int = 1) -> dict[str, Any]:
    return item(id=name, kind="state", state=state, within_weeks=within, at_least_weeks=at_least)


def programme(evaluation: dict[str, Any] | None = None, **parts: Any) -> Programme:
    """A definition with the states above, two areas and one evaluation ``exit``."""
    asked: dict[str, Any] = {
        "title": text("Exit"),
        "source": "L1",
        "ask": text("Who leaves?"),
        "design": "matched",
        "index": {"state": "benefit"},
        "treated": 'unit == "outreach"',
        "outcomes": [outcome()],
        "covariates": [{"field": "age", "title": text("Age")}],
        **(evaluation or {}),
    }
    return Programme.model_validate(
        {
            "programme": "trial",
            "version": 1,
            "title": text("Trial"),
            "summary": text("A programme for tests"),
            "document": "paper",
            "documents": {"paper": item("Paper", publisher="Nobody", year=2015)},
            "states": STATES,
            "evaluations": {"exit": {key: value for key, value in asked.items() if value is not None}},
            "reports": {
                "report": item(
                    sections=[{"title": text("s"), "blocks": [{"block": "text", "text": text("t")}]}]
                )
            },
            **parts,
        }
    )


SITES = pl.DataFrame({"site": ["north", "city"], "unit": ["outreach", "centre"]})


def weeks_of_course(course: str) -> list[int]:
    """``4x733 2x- 1x651`` as a list of seven codes."""
    codes = []
    for part in course.split():
        times, code = part.split("x")
        codes += [BLANK if code == "-" else int(code)] * int(times)
    return codes


def register_of(courses: dict[str, str], start: int = START, weeks: int | None = None) -> Register:
    """A register of the courses; those shorter than the longest, or ``weeks``, end in blank weeks."""
    rows = [weeks_of_course(course) for course in courses.values()]
    length = weeks or max(len(row) for row in rows)
    matrix = np.array([row + [BLANK] * (length - len(row)) for row in rows], dtype=np.int16)
    return Register.of(spells_of(list(courses), matrix, start), start, start + length - 1)


def persons_of(names: list[str], **columns: Any) -> pl.DataFrame:
    """Persons born 1 June 1980 who live in ``north``; ``columns`` replace fields, as one value or a list."""
    fields: dict[str, Any] = {"birth_date": date(1980, 6, 1), "area": "north", "sex": "k", **columns}
    return pl.DataFrame({"person": names}, schema={"person": pl.String}).with_columns(
        **{
            name: pl.Series(value) if isinstance(value, list) else pl.lit(value)
            for name, value in fields.items()
        }
    )


def cohort_of(
    courses: dict[str, str],
    evaluation: dict[str, Any] | None = None,
    *,
    start: int = START,
    weeks: int | None = None,
    **columns: Any,
) -> Cohort:
    """The cohort of evaluation ``exit`` on these courses."""
    return cohort(
        register_of(courses, start, weeks),
        programme(evaluation),
        "exit",
        persons_of(list(courses), **columns),
        SITES,
    )


def write_wide(folder: Path, lines: list[str], name: str = "dream.csv") -> Path:
    """A register file of these lines in the data folder, which is returned."""
    place = folder / "register"
    place.mkdir(exist_ok=True)
    (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def headings(first: int, count: int) -> list[str]:
    return [column_of_week(week) for week in range(first, first + count)]
