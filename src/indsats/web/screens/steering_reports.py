"""The programme's reports on the record as it is now, made by a job into a file: a page, PDF or Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from indsats.language import Lang
from indsats.problem import InputRefused
from indsats.programme import (
    Block,
    EvaluationBlock,
    MethodBlock,
    Period,
    PlanBlock,
    Programme,
    Report,
)
from indsats.report import Format, Order, make
from indsats.run import Material, compose, last_whole_period

from ..models import Job, User
from ..programmes import programme as definition
from ..work.jobs import Failed, Made, Running, ask
from .steering_made import newest_fact, read_record

FORMATS: dict[Format, tuple[str, str]] = {
    "html": ("html", "text/html; charset=utf-8"),
    "pdf": ("pdf", "application/pdf"),
    "word": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""The ending of a file's name and its media type, by format."""

_REGISTERS = (EvaluationBlock, MethodBlock, PlanBlock)


@dataclass(frozen=True, slots=True)
class Offered:
    """A report the server can make, or cannot because it tells of ``registers`` that are not in the record."""

    id: str
    report: Report
    period: Period
    registers: bool


def offered(of: Programme, today: date) -> Iterator[Offered]:
    """The programme's reports about all of it, each with the newest whole period of its length."""
    for name, report in of.reports.items():
        if report.about == "programme":
            period = last_whole_period(of, today, name)
            yield Offered(
                name, report, period, any(_needs_registers(of, one) for _, one in report.placed_blocks())
            )


def _needs_registers(of: Programme, block: Block) -> bool:
    """Whether a block is made from weekly registers, which lie beside the record and not in it."""
    return isinstance(block, _REGISTERS) and not of.evaluations[block.evaluation].rows


def asked_for(user: User, of: Programme, report: str, lang: Lang, form: Format, period: Period) -> Job:
    """The job that makes a report: the one there is when nothing has been recorded since."""
    newest = newest_fact(of.programme)
    key = f"report/{of.programme}/{report}/{lang}/{form}/{period}/{newest}/{user.pk}"
    done = Job.objects.filter(key=key, ended__isnull=False, failed="").defer("made", "content").first()
    told = {
        "programme": of.programme,
        "report": report,
        "lang": lang,
        "form": form,
        "first": str(period.first),
        "last": str(period.last),
    }
    return done or ask(user, "report", key, told)


def file_name(job: Job) -> str:
    """What the file of a report is called: programme, report and period."""
    told = job.asked
    ending = FORMATS[cast("Format", told["form"])][0]
    return f"{told['programme']}-{told['report']}-{told['last']}.{told['lang']}.{ending}"


def make_report(running: Running) -> Made:
    """The job ``report``: composed, protected and written as ``indsats run`` does. Raises ``Failed``."""
    told = running.asked
    of = definition(told["programme"])
    lang, form = cast("Lang", told["lang"]), cast("Format", told["form"])
    period = Period(first=date.fromisoformat(told["first"]), last=date.fromisoformat(told["last"]))
    running.tell(0, 1, "steering.step.reading")
    record, facts = read_record(of.programme, newest_fact(of.programme))
    material = Material(of, facts, None, period, record=record)

    def tell(done: int, total: int, step: str) -> None:
        del step  # told in English; the page has words of its own
        running.tell(done, total, "steering.step.composing")

    try:
        document = compose(material, told["report"], tell)
    except InputRefused:
        raise Failed("steering.reports.refused") from None
    running.tell(0, 1, "steering.step.protecting")
    made = make(document, Order(lang, both=False, formats=(form,)), writings={}, earlier=())
    name = next(name for name in made.contents if name.startswith("report."))
    return Made({"name": file_name(running.job)}, made.contents[name])
