"""The main job: a programme definition and its facts become a report, figures and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from indsats.economy import find_prices, read_prices
from indsats.language import Lang
from indsats.programme import EvaluationBlock, Period, Programme
from indsats.progress import Progress
from indsats.record import read_record
from indsats.register import has_hours, has_register, read_hours, read_register
from indsats.report import write
from indsats.steer import Frozen

from .checking import check_data
from .compose import Material, compose, document_of, last_whole_period, report_of
from .covered import coverage_document
from .frozen import earlier, read_frozen
from .plans import note_outcomes_read, plan_of, register_plan, standing
from .since import passage_to, since_document

__all__ = [
    "Material",
    "check_data",
    "compose",
    "coverage_document",
    "document_of",
    "earlier",
    "gather",
    "last_whole_period",
    "passage_to",
    "plan_of",
    "read_frozen",
    "register_plan",
    "run_programme",
    "since_document",
    "standing",
]


def run_programme(
    programme: Programme,
    *,
    data: Path | None,
    out: Path,
    lang: Lang = "da",
    known: datetime | None = None,
    period: Period | None = None,
    report: str | None = None,
    last: Frozen | None = None,
    prices: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Read facts and registers under ``data``, compose the report and write it under ``out``; returns the files.

    ``report`` chooses among the definition's reports, the first when left out. ``last`` is the report before
    (``read_frozen``), which changes are told from; made again from the record when left out. ``prices`` is a file with
    the user's own prices; ``prices.csv`` or ``prices.xlsx`` in ``data`` when left out.

    ``lang`` is the language of ``report.html``; a page in the other language stands beside it, one click away.
    That outcomes of an evaluation were read is noted in the journal of plans of ``data`` the first time.
    ``known`` shows the world as it was recorded at that time. ``period`` is the period reported on, the last
    whole one in the data when left out. Raises ``InputRefused`` when the data do not hold; nothing is written
    then.
    """
    chosen = report_of(programme, report)
    material = gather(
        programme,
        data=data,
        known=known,
        period=period,
        report=chosen,
        last=last,
        prices=prices,
        progress=progress,
    )
    if data is not None and material.register is not None:
        note_outcomes_read(programme, material.plans, data, datetime.now(UTC))
    return write(compose(material, chosen, progress), out, lang, both=True, progress=progress)


def gather(
    programme: Programme,
    *,
    data: Path | None,
    known: datetime | None = None,
    period: Period | None = None,
    report: str | None = None,
    last: Frozen | None = None,
    prices: Path | None = None,
    progress: Progress | None = None,
) -> Material:
    """Read what a report of the programme is composed from. Packaged data need no ``data`` folder.

    ``prices`` as in ``run_programme``.
    """
    prices = prices or (find_prices(data) if data is not None else None)
    given = {} if prices is None else read_prices(prices, programme)
    if data is None:
        return Material(programme, None, None, period, given=given)
    record = read_record(data, programme, progress)
    facts = record.as_of(known)
    register = read_register(data, progress) if has_register(data) else None
    return Material(
        programme,
        facts,
        register,
        period or last_whole_period(programme, facts.last_day, report),
        read_hours(data) if has_hours(data) else None,
        {name: standing(programme, name, data) for name in _evaluations(programme, report)},
        record,
        last,
        given,
    )


def _evaluations(programme: Programme, report: str | None) -> Iterator[str]:
    """The evaluations on registers that a report tells of."""
    for section in programme.reports[report_of(programme, report)].sections:
        for block in section.blocks:
            if isinstance(block, EvaluationBlock) and not programme.evaluations[block.evaluation].rows:
                yield block.evaluation
