"""Explanations and plans of action for the targets that the simulated cases missed; some late, some missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Period, Programme, Target
from indsats.record import Record, schema
from indsats.steer import targets

from .streams import stream
from .wording import drawn, values_of

_LATE, _MISSING = 0.25, 0.2
"""Of the explanations, and of the plans, that are asked for: how many come late, and how many do not come."""

_MOST_PERIODS = 4
"""How many of the newest periods are looked at."""

_EXPLAINED = "Simuleret forklaring: målet blev ikke nået i perioden."
_PLANNED = "Simuleret plan: sagerne gås igennem, og det, der mangler, gøres."
_STATUS = ("planned", "under_way", "done", "dropped")
_STATUS_SHARES = (0.2, 0.4, 0.3, 0.1)


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that was not met in a period, and the last day its explanation is asked for."""

    target: Target
    period: Period
    asked_by: date


def explained(record: Record, seed: int, first_day: date, last_day: date) -> tuple[Record, dict[str, Any]]:
    """The record with explanations and plans for missed targets, and how many there were of each.

    The periods are those of the programme's first report, backwards from the last whole one that the data
    reach to the end of. A
    programme without targets has none. What would be recorded after ``last_day`` is not recorded.
    """
    missed = _missed(record, first_day, last_day) if record.programme.targets else []
    rng = stream(seed, "deviations")
    n = len(missed)
    by = np.array([one.asked_by.toordinal() for one in missed], dtype=np.int64)
    counts: dict[str, Any] = {"planted": {"late": _LATE, "missing": _MISSING}, "asked": n}
    facts = dict(record.facts)
    for kind in ("deviation_explained", "action_planned"):
        fate = rng.random(n)
        after = np.array([one.period.last.toordinal() + 1 for one in missed], dtype=np.int64)
        in_time = after + (rng.random(n) * (by - after)).astype(np.int64)
        on = np.where(fate < _LATE, by + rng.integers(1, 40, n), in_time)
        comes = (fate < 1 - _MISSING) & (on <= last_day.toordinal())
        status = rng.choice(_STATUS, n, p=_STATUS_SHARES)
        code = drawn(
            values_of(record.programme, kind, "cause" if kind == "deviation_explained" else "owner"), n, rng
        )
        rows = [
            _fact(
                record.programme,
                kind,
                missed[place],
                date.fromordinal(int(on[place])),
                number,
                status[place],
                code[place],
            )
            for number, place in enumerate(np.flatnonzero(comes))
        ]
        if rows:
            facts[kind] = pl.DataFrame(rows, schema=schema(kind, record.programme))
        counts[kind] = {
            "in_time": int((comes & (on <= by)).sum()),
            "late": int((comes & (on > by)).sum()),
            "not_recorded": int((~comes).sum()),
        }
    return record.with_facts(facts), counts


def _missed(record: Record, first_day: date, last_day: date) -> list[Missed]:
    facts, programme = record.as_of(), record.programme
    places = dict.fromkeys((target.unit, target.site) for target in programme.targets)
    found = []
    for period in _periods(programme, first_day, last_day):
        for unit, site in places:
            mine = [one for one in programme.targets if (one.unit, one.site) == (unit, site)]
            names = list(dict.fromkeys(one.indicator for one in mine))
            for row in targets(facts, unit, names, period, site=site):
                if row.status == "not_met" and row.rule is not None:
                    after = period.last + timedelta(days=1)
                    within = programme.length(row.rule.explain_within)
                    found.append(Missed(row.rule, period, within.after(after) - timedelta(days=1)))
    return found


def _periods(programme: Programme, first_day: date, last_day: date) -> list[Period]:
    """The newest whole periods of the first report's length within the data, oldest first."""
    months = next(iter(programme.reports.values())).months
    after = last_day + timedelta(days=1)
    end = after.year * 12 + after.month - 1
    starts = sorted(end - months * back for back in range(1, _MOST_PERIODS + 1))
    return [
        Period(first=_first_of(start), last=_first_of(start + months) - timedelta(days=1))
        for start in starts
        if _first_of(start) >= first_day
    ]


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _fact(
    programme: Programme, kind: str, of: Missed, on: date, number: int, status: str, code: str | None
) -> dict[str, Any]:
    says: dict[str, Any] = {
        "indicator": of.target.indicator,
        "unit": of.target.unit,
        "site": of.target.site,
        "occurred_from": of.period.first,
        "occurred_to": of.period.last,
    }
    if kind == "deviation_explained":
        says |= {"cause": code, "explanation": _EXPLAINED}
    else:
        says |= {"action": _PLANNED, "owner": code, "status": status}
        says |= {"occurred_from": on, "occurred_to": on + timedelta(days=90)}
    return {
        **dict.fromkeys(schema(kind, programme)),
        **says,
        "id": f"{kind}-{number + 1:07d}",
        "version": 1,
        "kind": kind,
        "programme": programme.programme,
        "programme_version": programme.version,
        "recorded_at": datetime.combine(on, time(10), UTC),
        "recorded_by": "management",
        "source": "case-system",
    }
