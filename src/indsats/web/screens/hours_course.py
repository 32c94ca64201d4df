"""The hours of one person as a page tells them: the course, what disagrees, and what rests on somebody's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from indsats.language import LANGUAGES, Lang, inside, local
from indsats.measure import counted_hours, differing_hours
from indsats.programme import Programme, Text
from indsats.report import Chart, Column, Table, chart_svg

from ..models import Case, Fact
from ..words import say, words
from .case_words import Names, fact_key, plain_number, value_title

_SCHEMA = {
    "id": pl.String(),
    "person": pl.String(),
    "type": pl.String(),
    "hours_per_week": pl.Float64(),
    "evidence": pl.String(),
    "occurred_from": pl.Date(),
    "occurred_to": pl.Date(),
    "recorded_at": pl.Datetime("us", "UTC"),
}
_CHART = "hours"
ORDINARY = "ordinary"
"""The type of hours that the citizen's own gain is worked out for."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days with one number of hours a week; ``last`` is None where they still run."""

    type: str
    hours: str
    first: date
    last: date | None
    days: int
    evidence: str
    confirmed: bool
    by: str
    recorded: date
    correct: str | None
    """The key of the fact, where the reader may correct it here."""
    said: str
    """All of it in a line, for the name of a link."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two facts about the same days: what counts, what does not, and how much more or less the latter says."""

    type: str
    first: date
    last: date
    days: int
    counts: str
    counts_correct: str | None
    other: str
    other_correct: str | None
    difference: str


@dataclass(frozen=True)
class Course:
    """The hours of a person as known today; ``facts`` are those that hold, about one person."""

    facts: Sequence[Fact]
    case: Case
    programme: Programme
    today: date
    lang: Lang
    names: Names
    correctable: Collection[str]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The intervals that count, the newest first."""
        rows = self._counted.sort("first", "type", descending=[True, False]).rows(named=True)
        return [self._stretch(row) for row in rows]

    @property
    def unconfirmed(self) -> int:
        """On how many days the hours of some type rest on the citizen's word, an estimate or nothing told."""
        return self._days(self._counted.filter(~pl.col("confirmed")))

    @property
    def days(self) -> int:
        """On how many days there are hours of some type."""
        return self._days(self._counted)

    @property
    def now(self) -> list[str]:
        """What holds today, a line for each type."""
        rows = self._counted.filter(pl.col("last") == self.today).rows(named=True)
        return [
            say("hours.now.line", self.lang, hours=self._number(row["hours"]), type=self._type(row["type"]))
            for row in rows
        ]

    @property
    def ordinary_now(self) -> float | None:
        """Ordinary hours a week today; None where none are told."""
        rows = self._counted.filter((pl.col("last") == self.today) & (pl.col("type") == ORDINARY))
        return rows["hours"].item() if rows.height else None

    @cached_property
    def differences(self) -> list[Difference]:
        """What disagrees, the newest first."""
        rows = differing_hours(self._table, self.today).sort("first", "type", "fact", descending=True)
        return [self._difference(row) for row in rows.rows(named=True)]

    @property
    def drawing(self) -> str | None:
        """The course of weekly hours by type as SVG with title and description; None without any."""
        rows = self._counted.sort("type", "first").rows(named=True)
        if not rows:
            return None
        word = _both("hours.chart.unconfirmed")
        table = Table(
            f"{_CHART}-table",
            _both("hours.course"),
            (
                Column("type", _both("hours.type")),
                Column("first", _both("hours.from")),
                Column("last", _both("hours.to")),
                Column("hours", _both("hours.a_week"), "number"),
                Column("mark", _both("hours.evidence")),
            ),
            tuple(
                (
                    Text(**{lang: self._type(row["type"], lang) for lang in LANGUAGES}),
                    row["first"],
                    row["last"],
                    row["hours"],
                    None if row["confirmed"] else word,
                )
                for row in rows
            ),
        )
        chart = Chart(
            _CHART,
            _both("hours.chart"),
            table.id,
            "steps",
            {"label": "type", "first": "first", "last": "last", "value": "hours", "mark": "mark"},
            Text(**{lang: self._told(lang) for lang in LANGUAGES}),
        )
        return chart_svg(chart, table, self.lang)

    @cached_property
    def _table(self) -> pl.DataFrame:
        """The facts as the record has them; who was merged into whom is one person here."""
        rows = [
            (
                *(one.fact, "1", one.payload.get("type"), one.payload.get("hours_per_week")),
                *(one.payload.get("evidence"), one.occurred_from, one.occurred_to, one.recorded_at),
            )
            for one in self.facts
        ]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    @cached_property
    def _counted(self) -> pl.DataFrame:
        return counted_hours(self._table, self.today)

    @cached_property
    def _by_id(self) -> Mapping[str, Fact]:
        return {one.fact: one for one in self.facts}

    def _days(self, rows: pl.DataFrame) -> int:
        return rows.select(pl.date_ranges("first", "last").explode().n_unique()).item() if rows.height else 0

    def _stretch(self, row: Mapping[str, Any]) -> Stretch:
        fact = self._by_id[row["fact"]]
        type_, hours = self._type(row["type"]), self._number(row["hours"])
        return Stretch(
            type_,
            hours,
            row["first"],
            None if row["goes_on"] else row["last"],
            row["days"],
            self._evidence(row["evidence"]),
            row["confirmed"],
            self.names.get(fact.recorded_by, fact.recorded_by),
            local(fact.recorded_at).date(),
            self._correctable(row["fact"]),
            say("hours.said", self.lang, hours=hours, type=inside(type_), first=row["first"]),
        )

    def _difference(self, row: Mapping[str, Any]) -> Difference:
        return Difference(
            self._type(row["type"]),
            row["first"],
            row["last"],
            row["days"],
            self._source(row["hours_counted"], row["evidence_counted"]),
            self._correctable(row["counts"]),
            self._source(row["hours"], row["evidence"]),
            self._correctable(row["fact"]),
            ("+" if row["difference"] > 0 else "") + self._number(row["difference"]),
        )

    def _source(self, hours: float, evidence: str | None) -> str:
        return say(
            "hours.source", self.lang, hours=self._number(hours), evidence=inside(self._evidence(evidence))
        )

    def _told(self, lang: Lang) -> str:
        """What the drawing shows, in words."""
        by_type = self._counted.group_by("type", maintain_order=True).agg(
            pl.len().alias("n"),
            pl.col("first").min(),
            pl.col("last").max(),
            lowest=pl.col("hours").min(),
            highest=pl.col("hours").max(),
        )
        return " ".join(
            say(
                "hours.chart.told",
                lang,
                type=self._type(row["type"], lang),
                n=row["n"],
                first=row["first"],
                last=row["last"],
                lowest=plain_number(row["lowest"], lang),
                highest=plain_number(row["highest"], lang),
            )
            for row in by_type.rows(named=True)
        )

    def _number(self, value: float) -> str:
        return plain_number(value, self.lang)

    def _type(self, value: str, lang: Lang | None = None) -> str:
        return _capital(value_title(self.programme, "hours", "type", value, {}, lang or self.lang))

    def _evidence(self, value: str | None) -> str:
        if value is None:
            return say("hours.evidence.none", self.lang)
        return _capital(value_title(self.programme, "hours", "evidence", value, {}, self.lang))

    def _correctable(self, fact: str) -> str | None:
        """The key of a fact of this case that the reader may correct."""
        of = self._by_id[fact]
        mine = of.enrolment in (None, self.case.enrolment)
        return fact_key(fact) if mine and "hours" in self.correctable else None


def workers_of(facts: Iterable[Fact]) -> set[str]:
    """Who wrote the facts."""
    return {one.recorded_by for one in facts}


def _both(key: str) -> Text:
    return words()[key]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
