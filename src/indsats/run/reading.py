"""Reads what a report is composed from: definition, facts, registers, plans and prices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from indsats.economy import find_prices, read_prices
from indsats.programme import EvaluationBlock, MethodBlock, Period, PlanBlock, Programme
from indsats.progress import Progress
from indsats.record import read_record
from indsats.register import has_hours, has_register, read_hours, read_register
from indsats.steer import Frozen

from .compose import last_whole_period, report_of
from .inputs import frozen_hash, input_hashes
from .material import Material
from .plans import standing


def gather(
    programme: Programme,
    *,
    data: Path | None,
    known: datetime | None = None,
    period: Period | None = None,
    report: str | None = None,
    last: Frozen | None = None,
    prices: Path | None = None,
    about: str | None = None,
    recorded_until: datetime | None = None,
    progress: Progress | None = None,
) -> Material:
    """Read what a report of the programme is composed from. Packaged data need no ``data`` folder.

    ``prices`` and ``about`` as in ``run_programme``. ``recorded_until`` reads the record as it stood at that time.
    """
    prices = prices or (find_prices(data) if data is not None else None)
    given = {} if prices is None else read_prices(prices, programme)
    inputs = {} if last is None else {"last": frozen_hash(last)}
    if data is None:
        inputs |= input_hashes(None, None, prices, {})
        return Material(programme, None, None, period, given=given, about=about, inputs=inputs)
    record = read_record(data, programme, progress)
    record = record if recorded_until is None else record.until(recorded_until)
    facts = record.as_of(known)
    register = read_register(data, progress) if has_register(data) else None
    plans = {name: standing(programme, name, data) for name in _evaluations(programme, report)}
    return Material(
        programme,
        facts,
        register,
        period or last_whole_period(programme, facts.last_day, report),
        read_hours(data) if has_hours(data) else None,
        plans,
        record,
        last,
        given,
        about,
        inputs | input_hashes(facts, data, prices, plans),
    )


def _evaluations(programme: Programme, report: str | None) -> Iterator[str]:
    """The evaluations on registers that a report tells of."""
    told = (EvaluationBlock, PlanBlock, MethodBlock)
    blocks = (block for _, block in programme.reports[report_of(programme, report)].placed_blocks())
    for name in dict.fromkeys(block.evaluation for block in blocks if isinstance(block, told)):
        if not programme.evaluations[name].rows:
            yield name
