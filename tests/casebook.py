"""Small programmes and small records for tests of measurement and steering, written as one reads a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from indsats.programme import Period, Programme
from indsats.record import Facts, Record

START = date(2016, 1, 1)


def text(words: str) -> dict[str, str]:
    return {"da": words, "en": words}


def item(title: str = "x", **rest: Any) -> dict[str, Any]:
    return {"title": text(title), "source": "L1", **rest}


def indicator(measures: str, better: str = "higher", **rest: Any) -> dict[str, Any]:
    return item("indicator", about=text("about"), better=better, measures=measures, **rest)


def programme(**parts: Any) -> Programme:
    """A whole definition with two units of one site each; ``parts`` replace or add top-level keys."""
    definition = {
        "programme": "trial",
        "version": 1,
        "title": text("Trial"),
        "summary": text("A programme for tests"),
        "document": "paper",
        "documents": {"paper": item("Paper", publisher="Nobody", year=2016)},
        "units": {"outreach": item("Outreach"), "centre": item("Centre", in_effort=False)},
        "sites": {
            "north": item("North", unit="outreach", open_days_per_week=2.0),
            "city": item("City", unit="centre", open_days_per_week=5.0),
        },
        "services": {
            "talks": item("Talks", about=text("talks")),
            "course": item("Course", about=text("course")),
        },
        "reports": {
            "half-year": item(
                "Report", sections=[{"title": text("s"), "blocks": [{"block": "text", "text": text("t")}]}]
            )
        },
    }
    return Programme.model_validate({**definition, **parts})


EFFORT_EVERYWHERE = {"outreach": item("Outreach"), "centre": item("Centre")}
"""Both units take part: no site only serves as comparison."""


def period(first: str, last: str) -> Period:
    return Period(first=date.fromisoformat(first), last=date.fromisoformat(last))


def as_date(day: str | date | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day


class Casebook:
    """Writes facts into tables as they are, without the checks of an import.

    ``day`` and ``to`` are ISO dates. Every fact is recorded at midnight of the day it began.
    """

    def __init__(self, definition: Programme) -> None:
        sites = [
            {
                "site": key,
                "unit": site.unit,
                "name": site.title.da,
                "open_days_per_week": site.open_days_per_week,
            }
            for key, site in definition.sites.items()
        ]
        self.programme = definition
        self.sites = pl.DataFrame(
            sites,
            schema={
                "site": pl.String,
                "unit": pl.String,
                "name": pl.String,
                "residents": pl.Int64,
                "open_days_per_week": pl.Float64,
            },
        )
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def fact(
        self,
        kind: str,
        day: str | date,
        *,
        person: str | None = "p1",
        enrolment: str | None = "e1",
        site: str | None = None,
        to: str | date | None = None,
        **payload: Any,
    ) -> Casebook:
        begun = as_date(day)
        assert begun is not None
        number = sum(len(rows) for rows in self._rows.values())
        self._rows[kind].append(
            {
                "id": f"{kind}-{number:06d}",
                "version": 1,
                "kind": kind,
                "programme": self.programme.programme,
                "programme_version": 1,
                "person": person,
                "enrolment": enrolment,
                "site": site,
                "occurred_from": begun,
                "occurred_to": as_date(to),
                "recorded_at": datetime.combine(begun, time(), UTC),
                "recorded_by": "test",
                "source": "test",
                **payload,
            }
        )
        return self

    def enrol(
        self,
        day: str | date,
        *,
        person: str = "p1",
        enrolment: str = "e1",
        site: str = "north",
        service: str | None = "talks",
    ) -> Casebook:
        return self.fact("enrolled", day, person=person, enrolment=enrolment, site=site, service=service)

    def meet(self, day: str | date, outcome: str | None = "held", **rest: Any) -> Casebook:
        return self.fact("meeting", day, outcome=outcome, **{"type": "talk", **rest})

    def leave(self, day: str | date, reason: str | None = "job", **rest: Any) -> Casebook:
        return self.fact("exit", day, reason=reason, **rest)

    def answer(self, day: str | date, answers: Mapping[str, int | None], **rest: Any) -> Casebook:
        columns = {f"answer.{name}": value for name, value in answers.items()}
        return self.fact(
            "questionnaire_answered",
            day,
            **{"questionnaire": "goals", "rater": "caseworker", **rest, **columns},
        )

    def data_until(self, day: str | date) -> Casebook:
        """Lets the data end on ``day``, by a fact that belongs to nobody."""
        return self.fact(
            "site_answered",
            day,
            person=None,
            enrolment=None,
            site="north",
            questionnaire="open",
            rater="team",
        )

    def record(self) -> Record:
        blank = Record(self.programme, {}, pl.DataFrame(schema={"person": pl.String}), self.sites, True)
        tables = {
            kind: pl.DataFrame(rows, schema=blank.table(kind).schema) for kind, rows in self._rows.items()
        }
        return Record(self.programme, tables, blank.persons, self.sites, True)

    def facts(self) -> Facts:
        return self.record().as_of()
