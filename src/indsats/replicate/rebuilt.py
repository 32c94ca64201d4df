"""Small records made of printed counts: answers and exits of persons and sites, for the product to count anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import cycle, islice, product

import polars as pl

from indsats.library import definition_path
from indsats.measure import classify
from indsats.programme import Programme, TransitionsBlock, load
from indsats.record import Facts, empty_record, schema

_SITE = "s0"
"""The site of everybody whose site does not matter."""


@cache
def programme(programme_id: str) -> Programme:
    """A shipped programme, read once."""
    return load(definition_path(programme_id))


@cache
def patterns(programme_id: str, questionnaire_id: str) -> pl.DataFrame:
    """Every complete answer pattern of a questionnaire, a column an item, with its ``class`` and ``side``."""
    asked = programme(programme_id).questionnaires[questionnaire_id]
    scale = range(asked.scale.low, asked.scale.high + 1)
    every = list(product(scale, repeat=len(asked.items)))
    return classify(pl.DataFrame(every, schema=list(asked.items), orient="row"), asked)


def of_label(
    programme_id: str, questionnaire_id: str, column: str, label: str, number: int
) -> list[tuple[int, ...]]:
    """So many answer sets of a class or side: its patterns one after another. KeyError where no pattern has it."""
    items = list(programme(programme_id).questionnaires[questionnaire_id].items)
    rows = patterns(programme_id, questionnaire_id).filter(pl.col(column) == label).select(items).rows()
    if not rows:
        raise KeyError(label)
    return list(islice(cycle(rows), number))


def exits_shown(definition: Programme, questionnaire_id: str) -> Mapping[str, Sequence[str]]:
    """The exits by which the programme's reports tell transitions of a questionnaire: name to reasons."""
    for report in definition.reports.values():
        for _, block in report.placed_blocks():
            if isinstance(block, TransitionsBlock) and block.questionnaire == questionnaire_id:
                return block.exits
    return {}


class Book:
    """Answers to one questionnaire of a shipped programme, and exits, told as facts."""

    def __init__(self, programme_id: str, questionnaire_id: str) -> None:
        self._programme = programme(programme_id)
        self._questionnaire = questionnaire_id
        self._asked = self._programme.questionnaires[questionnaire_id]
        self._rows: dict[str, list[dict[str, object]]] = {}
        self._persons = 0
        self._sites = {_SITE}

    def enrol(self, persons: int, day: date) -> list[str]:
        """So many more persons, enrolled on a day; their keys."""
        first = self._persons
        self._persons += persons
        keys = [f"p{number}" for number in range(first, self._persons)]
        service = next(iter(self._programme.services), None)
        for key in keys:
            self._add("enrolled", day, person=key, enrolment=key, site=_SITE, service=service)
        return keys

    def answered(
        self,
        persons: Sequence[str],
        day: date,
        items: Sequence[str],
        answers: Sequence[tuple[int, ...]],
        rater: str | None = None,
    ) -> None:
        """Each person gives one of ``answers`` to ``items`` on a day."""
        for person, given in zip(persons, answers, strict=True):
            self._answer("questionnaire_answered", day, items, given, rater, person=person, enrolment=person)

    def answered_at(self, site: str, day: date, item: str, answers: Sequence[int], rater: str) -> None:
        """So many respondents at a site each give one of ``answers`` to an item."""
        self._sites.add(site)
        for number, given in enumerate(answers):
            self._answer(
                "site_answered", day, [item], (given,), rater, site=site, respondent=f"{site}-{number}"
            )

    def left(self, persons: Sequence[str], day: date, reason: str) -> None:
        """Persons leave on a day."""
        for person in persons:
            self._add("exit", day, person=person, enrolment=person, reason=reason)

    def facts(self) -> Facts:
        """The record as known now."""
        unit = next(iter(self._programme.units), None)
        sites = pl.DataFrame({"site": sorted(self._sites)}).with_columns(
            unit=pl.lit(unit, dtype=pl.String), name=pl.col("site")
        )
        tables = {
            kind: pl.DataFrame(rows, schema=schema(kind, self._programme))
            for kind, rows in self._rows.items()
        }
        return empty_record(self._programme, None, sites, synthetic=True).with_facts(tables).as_of()

    def _answer(
        self,
        kind: str,
        day: date,
        items: Sequence[str],
        given: tuple[int, ...],
        rater: str | None,
        **who: str,
    ) -> None:
        answers = {f"answer.{item}": answer for item, answer in zip(items, given, strict=True)}
        by = rater or self._asked.raters[0]
        self._add(kind, day, questionnaire=self._questionnaire, rater=by, **who, **answers)

    def _add(self, kind: str, day: date, **payload: object) -> None:
        rows = self._rows.setdefault(kind, [])
        rows.append(
            {
                "id": f"{kind}-{len(rows):06d}",
                "version": 1,
                "kind": kind,
                "programme": self._programme.programme,
                "programme_version": self._programme.version,
                "occurred_from": day,
                "recorded_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                "recorded_by": "print",
                "source": "print",
                **payload,
            }
        )


__all__ = ["Book", "exits_shown", "of_label", "patterns", "programme"]
