"""What a steering page is about: programme and period, and the whole periods a reader can choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from indsats.language import day
from indsats.programme import Period, Programme
from indsats.run import last_whole_period

from .. import clock
from ..programmes import served
from ..rights import Reader
from ..words import say
from .assignment_choice import lang_now
from .steering_reach import programmes_steered

_LENGTHS = (6, 3, 1, 12)
"""Months of the periods offered beside the programme's own: half-years, quarters, months and years of the calendar."""
_BACK = 4
"""How many periods of a length are offered, the newest first."""


@dataclass(frozen=True, slots=True)
class Steered:
    """The programme and period of a page, and the other programmes the reader may choose."""

    of: Programme
    period: Period
    programmes: tuple[str, ...]

    @property
    def dates(self) -> str:
        """The period as an address has it."""
        return dates(self.period)

    def query(self, **more: str) -> str:
        """The choice as the query of an address."""
        return "?" + urlencode({"programme": self.of.programme, "periode": self.dates, **more})


def steered(request: HttpRequest, reader: Reader) -> Steered:
    """What the query asks for, as far as the reader may steer; Http404 for another programme or no period."""
    said = request.GET if request.method == "GET" else request.POST
    mine = programmes_steered(reader)
    every = served()
    known = tuple(name for name in every if name in mine)
    name = said.get("programme") or next(iter(known), "")
    if name not in known:
        raise Http404
    of = every[name]
    asked = said.get("periode", "")
    return Steered(of, _period(asked) if asked else default_period(of), known)


def default_period(of: Programme) -> Period:
    """The period the programme itself reports on first, else the last half-year."""
    return next((period for _, period in _own(of)), next(periods_of(_LENGTHS[0], clock.today())))


def _own(of: Programme) -> Iterator[tuple[int, Period]]:
    today = clock.today()
    seen: set[int] = set()
    for name, report in of.reports.items():
        if report.about == "programme" and report.months not in seen:
            seen.add(report.months)
            yield report.months, last_whole_period(of, today, name)


def _period(said: str) -> Period:
    first, _, last = said.partition("..")
    try:
        found = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    except ValueError:
        raise Http404 from None
    if found.first.year < 1900 or found.last.year > 2200:
        raise Http404
    # whole months only: many odd periods beside one another would give small numbers away
    ends = found.last + timedelta(days=1)
    if found.first.day != 1 or ends.day != 1 or found.last < found.first:
        raise Http404
    return found


def periods_of(months: int, today: date) -> Iterator[Period]:
    """The whole calendar periods of so many months that have ended, the newest first."""
    here = today.year * 12 + today.month - 1
    end = here - here % months
    for back in range(_BACK):
        last = end - back * months
        yield Period(first=_month(last - months), last=_month(last) - timedelta(days=1))


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def choosing(choice: Steered) -> list[dict[str, Any]]:
    """The fields that choose programme and period."""
    lang, every = lang_now(), served()
    fields: list[dict[str, Any]] = []
    if len(choice.programmes) > 1:
        fields.append(
            {
                "name": "programme",
                "label": say("steering.programme", lang),
                "kind": "select",
                "options": [(name, every[name].title.in_(lang)) for name in choice.programmes],
                "value": choice.of.programme,
                "empty": "",
            }
        )
    offered: dict[str, str] = {}
    lengths = [*_own(choice.of)]
    lengths += [(months, one) for months in _LENGTHS for one in periods_of(months, clock.today())]
    if choice.period not in [one for _, one in lengths]:
        lengths.insert(0, (months_in(choice.period), choice.period))
    for months, one in lengths:
        offered.setdefault(dates(one), f"{span(one)} ({say('steering.months', lang, n=months)})")
    fields.append(
        {
            "name": "periode",
            "label": say("steering.period", lang),
            "kind": "select",
            "options": list(offered.items()),
            "value": choice.dates,
            "empty": "",
        }
    )
    return fields


def dates(period: Period) -> str:
    """A period as an address and a figure's id have it."""
    return f"{period.first}..{period.last}"


def span(period: Period) -> str:
    """A period in words."""
    lang = lang_now()
    return say("steering.span", lang, first=day(period.first, lang), last=day(period.last, lang))


def months_in(period: Period) -> int:
    """How many calendar months a period touches."""
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
