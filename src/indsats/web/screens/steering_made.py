"""Makes the steering pages of a programme and period: true figures, the protected ones beside them, ready to be shown.

All pages of a period are protected together, because a reader may have them all.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang
from indsats.problem import InputRefused
from indsats.programme import Period, Programme, Report
from indsats.progress import Progress
from indsats.record import Facts, Record
from indsats.report import Cell, Column, Document, Section, Table, figures_in, page_parts, protect_all
from indsats.run import Material, compose

from .. import clock
from ..models import Fact, Job, User
from ..programmes import programme as definition
from ..programmes import served
from ..record import record_of
from ..words import words
from ..work.jobs import Failed, Made, Running, ask, made_for, newest
from .steering_choice import default_period
from .steering_pages import PAGES, PARTS, at_site, page_of

_NAME = "page"


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a programme and period. ``sections``: by page and language, those of the whole programme; ``true``:
    the same, before disclosure control; ``sites``: by page, site and language. All as ``report.page_parts`` has them.

    ``newest`` is the key of the newest fact they know, ``known`` the time they were made, ``last_day`` where the facts
    end; ``failed`` are pages the definition has and the facts cannot fill.
    """

    known: str
    newest: int
    last_day: date
    sections: Mapping[str, Mapping[Lang, list[dict[str, Any]]]]
    true: Mapping[str, Mapping[Lang, list[dict[str, Any]]]]
    sites: Mapping[str, Mapping[str, Mapping[Lang, list[dict[str, Any]]]]]
    failed: tuple[str, ...]


def key_of(programme: str, period: Period) -> str:
    """What the job that makes the pages is known by."""
    return f"figures/{programme}/{period}"


def newest_fact(programme: str) -> int:
    """The key of the newest fact of a programme; 0 when there is none."""
    return Fact.objects.filter(programme=programme).order_by("-pk").values_list("pk", flat=True).first() or 0


def pages(programme: str, period: Period) -> tuple[Pages | None, int]:
    """The newest pages there are of a programme and period, and the key of its newest fact now. One or two queries."""
    found = _beside_now(made_for(key_of(programme, period)), programme).defer("made", "content").first()
    return (
        (None, newest_fact(programme))
        if found is None
        else (_opened(found.pk), getattr(found, "newest_now", 0))
    )


def end_of(programme: str) -> tuple[date, int]:
    """Where a programme's facts end, as the newest figures had it (today when there are none), and the key of its
    newest fact now. One or two queries."""
    done = Job.objects.filter(key__startswith=f"figures/{programme}/", ended__isnull=False, failed="")
    found = _beside_now(done.order_by("-ended"), programme).defer("content").first()
    if found is None or not found.made:
        return clock.today(), newest_fact(programme)
    return date.fromisoformat(found.made["last_day"]), getattr(found, "newest_now", 0)


def _beside_now(jobs: QuerySet[Job], programme: str) -> QuerySet[Job]:
    now = Fact.objects.filter(programme=programme).order_by("-pk").values("pk")[:1]
    return jobs.annotate(newest_now=Coalesce(Subquery(now), 0))


def asked_for(user: User | None, programme: str, period: Period, page: str = PAGES[0]) -> Job:
    """The job that makes the pages: under way when somebody has asked for them already. ``page`` is shown after."""
    told = {"programme": programme, "first": str(period.first), "last": str(period.last), "page": page}
    return ask(user, "figures", key_of(programme, period), told)


def standing() -> list[Job]:
    """Ask for the pages of each programme's own period where facts have come since they were made; nobody waits then.

    The work process does this when it begins and every night.
    """
    asked = []
    for name, of in served().items():
        period, newest_now = default_period(of), newest_fact(name)
        there = newest(key_of(name, period))
        known = there.made["newest"] if there is not None and there.made else 0
        if newest_now > known:
            asked.append(asked_for(None, name, period))
    return asked


def make_page(running: Running) -> Made:
    """The job ``figures``: all steering pages of a programme and period."""
    period = Period(
        first=date.fromisoformat(running.asked["first"]), last=date.fromisoformat(running.asked["last"])
    )
    programme = running.asked["programme"]
    content = made(programme, period, running.tell)
    there = opened(content)
    return Made({"newest": there.newest, "last_day": there.last_day.isoformat()}, content)


def made(programme: str, period: Period, progress: Progress | None = None) -> bytes:
    """The pages, packed as a job keeps them. Raises ``Failed`` where the record has no facts."""
    of = definition(programme)
    known, until = clock.now(), newest_fact(programme)
    if progress:
        progress(0, 1, "steering.step.reading")
    record, facts = read_record(programme, until)
    reports = {page: report for page in PAGES if (report := page_of(of, page)) is not None}
    documents: dict[str, Document] = {}
    failed: list[str] = []
    for number, (page, report) in enumerate(reports.items()):
        if progress:
            progress(number, len(reports) + 2, f"steering.step.{page}")
        try:
            documents[page] = _calm(_composed(of, report, record, facts, period, progress))
        except InputRefused:
            failed.append(page)
    if progress:
        progress(len(reports), len(reports) + 2, "steering.step.protecting")
    safe = dict(zip(documents, protect_all(list(documents.values())), strict=True))
    shown: dict[str, Figure] = {}
    for document in safe.values():
        shown |= figures_in(document.sections)
    told = {
        "known": known.isoformat(),
        "newest": until,
        "last_day": facts.last_day.isoformat(),
        "sections": _parts(safe, progress),
        "true": _parts({page: _without_charts(one) for page, one in documents.items()}, progress),
        "sites": _sites(of, record, facts, period, shown, progress),
        "failed": failed,
    }
    return gzip.compress(json.dumps(told, ensure_ascii=False).encode(), compresslevel=6, mtime=0)


def opened(content: bytes) -> Pages:
    """What ``made`` packed."""
    told = json.loads(gzip.decompress(content))
    told |= {"last_day": date.fromisoformat(told["last_day"]), "failed": tuple(told["failed"])}
    return Pages(**told)


@lru_cache(maxsize=6)
def _opened(job: int) -> Pages:
    """The pages a job made never change, so they are unpacked once in a process."""
    return opened(bytes(Job.objects.values_list("content", flat=True).get(pk=job)))


@lru_cache(maxsize=2)
def read_record(programme: str, newest: int) -> tuple[Record, Facts]:
    """The record as it is now: kept, because the next period asked for is made of the same. Raises ``Failed``."""
    del newest  # a part of the key only: a fact that comes makes it another record
    record = record_of(programme)
    facts = record.as_of()
    try:
        _ = facts.last_day
    except InputRefused:
        raise Failed("steering.no-facts") from None
    return record, facts


def _composed(
    of: Programme,
    report: Report,
    record: Record,
    facts: Facts,
    period: Period,
    progress: Progress | None = None,
) -> Document:
    material = Material(
        of.model_copy(update={"reports": {_NAME: report}}), facts, None, period, record=record
    )
    return compose(material, _NAME, _telling(progress))


def _telling(progress: Progress | None) -> Progress | None:
    if progress is None:
        return None

    def tell(done: int, total: int, step: str) -> None:
        del step  # what is composed is told in English; the page says which of its own steps it is at
        progress(done, total, "steering.step.composing")

    return tell


def _parts(documents: Mapping[str, Document], progress: Progress | None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, (page, document) in enumerate(documents.items()):
        if progress:
            progress(number, len(documents), "steering.step.drawing")
        found[page] = {lang: page_parts(document, lang) for lang in LANGUAGES}
    return found


def _calm(document: Document) -> Document:
    """The barometer's parts as one table of places each: what stands out is drawn for the whole alone."""

    def kept(section: Section) -> Section:
        if section.title != words()[PARTS]:
            return section
        # Why requirements are not met stands under the whole, requirement by requirement, and so for every part.
        drawn = ("-funnel", "-reasons")
        tables = (one for one in section.blocks if isinstance(one, Table) and not one.id.endswith(drawn))
        return replace(section, blocks=tuple(tables))

    return replace(document, sections=tuple(kept(one) for one in document.sections))


def _without_charts(document: Document) -> Document:
    """Tables alone: what stands in for the cells a reader may see the truth of."""
    return replace(
        document,
        sections=tuple(
            replace(one, blocks=tuple(block for block in one.blocks if isinstance(block, Table)))
            for one in document.sections
        ),
    )


def _sites(
    of: Programme,
    record: Record,
    facts: Facts,
    period: Period,
    shown: Mapping[str, Figure],
    progress: Progress | None,
) -> dict[str, dict[str, Any]]:
    """What each page tells of each site: true figures of the site, of all others only what everybody may see."""
    found: dict[str, dict[str, Any]] = {page: {} for page in PAGES}
    sites = facts.sites.filter(facts.sites["unit"].is_in(of.effort_units))
    for number, row in enumerate(sites.iter_rows(named=True)):
        if progress:
            progress(number, sites.height, "steering.step.sites")
        for page in PAGES:
            report = at_site(of, page, row["site"], row["unit"])
            if report is None:
                continue
            try:
                document = _own(_composed(of, report, record, facts, period), row["site"], shown)
            except InputRefused:
                continue
            found[page][row["site"]] = {lang: page_parts(document, lang) for lang in LANGUAGES}
    return found


def _own(document: Document, site: str, shown: Mapping[str, Figure]) -> Document:
    """The tables of a document with figures of one site as they are, and other figures as they are shown to all."""

    def kept(section: Section) -> Section:
        return replace(
            section,
            blocks=tuple(_beside(one, site, shown) for one in section.blocks if isinstance(one, Table)),
        )

    return replace(document, sections=tuple(kept(one) for one in document.sections))


def _beside(table: Table, site: str, shown: Mapping[str, Figure]) -> Table:
    """A table about a site. A column of a larger place nobody is shown is that of all places instead, where it is
    shown; else it is left out."""

    def theirs(cell: Cell) -> str | None:
        """The id of a figure of another place than the site."""
        if not isinstance(cell, Figure) or cell.given or f"/site.{site}/" in cell.id:
            return None
        return cell.id

    columns: list[Column] = []
    cells: list[list[Cell]] = []
    for number, column in enumerate(table.columns):
        told: list[Cell] = [row[number] for row in table.rows]
        others = [theirs(one) for one in told]
        if any(others):
            whole = [None if one is None else shown.get(one) for one in others]
            if not any(whole):
                whole = [None if one is None else shown.get(_of_all(one)) for one in others]
                column = replace(column, title=words()["steering.all"])
            if not any(whole):
                continue
            told = [
                cell if other is None else beside
                for cell, other, beside in zip(told, others, whole, strict=True)
            ]
        columns.append(column)
        cells.append(told)
    return replace(
        table, columns=tuple(columns), rows=tuple(zip(*cells, strict=True)), total_row=None, total_column=None
    )


def _of_all(figure: str) -> str:
    """The id of the same figure of all places: the scope stands before the period."""
    stem, _, period = figure.rpartition("/")
    return f"{stem.rpartition('/')[0]}/all/{period}"
