"""How printed figures of steering are made anew: the people of a case become a record, and indicators count it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import polars as pl

from indsats.programme import Period
from indsats.record import Facts, empty_record, schema
from indsats.steer import TargetRow, indicator, targets

from .compare import Value
from .printed import Publication
from .rebuilt import programme
from .steered import Case, Steered


class Cases:
    """The cases of a publication, each made into facts once, when the first of its figures is asked for."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._facts: dict[str, Facts] = {}
        self._targets: dict[tuple[str, str, str, str], TargetRow] = {}

    def value(self, make: Steered) -> Value:
        """The indicator, or its target, by ``indicator`` and ``targets``; none where it has no value."""
        facts = self._told(make.of)
        if make.part in ("target", "target_percent", "reached"):
            row = self._target(facts, make)
            if make.part == "reached":
                return "not_met" if row.status == "near" else row.status
            level = None if row.target is None else row.target.value
            return level if level is None or make.part == "target" else level * 100
        figure = indicator(facts, make.indicator, make.period, unit=make.unit, site=make.site)
        if make.part == "numerator":
            return figure.numerator
        if make.part == "denominator":
            return figure.denominator
        if figure.value is None:
            return "*" if make.part == "index" else None
        if make.part == "per_month":
            return figure.value / _months(make.period)
        return figure.value if make.part == "value" else figure.value * 100

    def _target(self, facts: Facts, make: Steered) -> TargetRow:
        if make.unit is None:
            raise ValueError(f"'{make.part}' of '{make.indicator}' needs the unit the target is for")
        key = (make.of, make.unit, make.indicator, str(make.period))
        if key not in self._targets:
            [self._targets[key]] = targets(facts, make.unit, [make.indicator], make.period)
        return self._targets[key]

    def _told(self, name: str) -> Facts:
        if name not in self._facts:
            self._facts[name] = facts_of(self._publication.cases[name])
        return self._facts[name]


def facts_of(case: Case) -> Facts:
    """The facts of a case under its programme's definition; every fact is recorded on the day it began."""
    definition = programme(case.programme)
    service = next(iter(definition.services), None)
    rows: dict[str, list[dict[str, object]]] = {}
    numbers = count()
    for group in case.people:
        for _ in range(group.count):
            person = f"p{next(numbers):06d}"
            enrolment = person if group.enrolled is not None else None
            told = [(one.kind, one.on, one.to, one.fields) for one in group.facts]
            if group.enrolled is not None:
                told.append(("enrolled", group.enrolled, None, {"service": group.service or service or ""}))
            for kind, day, to, fields in told:
                kept = rows.setdefault(kind, [])
                kept.append(
                    {
                        "id": f"{kind}-{len(kept):06d}",
                        "version": 1,
                        "kind": kind,
                        "programme": definition.programme,
                        "programme_version": definition.version,
                        "person": person,
                        "enrolment": enrolment,
                        "site": group.site,
                        "occurred_from": day,
                        "occurred_to": to,
                        "recorded_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                        "recorded_by": "print",
                        "source": "print",
                        **fields,
                    }
                )
    tables = {kind: pl.DataFrame(found, schema=schema(kind, definition)) for kind, found in rows.items()}
    persons = pl.DataFrame({"person": [f"p{number:06d}" for number in range(next(numbers))]})
    return empty_record(definition, persons, synthetic=True).with_facts(tables).as_of()


def _months(period: Period) -> int:
    first, last = period.first, period.last
    return (last.year - first.year) * 12 + last.month - first.month + 1


__all__ = ["Cases", "facts_of"]
