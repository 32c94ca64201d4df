"""The rows of My day in words: when, who, where in the course, what, what was last, and the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..models import Case, Due
from ..rights import Action
from ..templatetags.indsats import dated, short_day
from ..words import say
from .case_panels import DOES, SOON_DAYS, action_of, age_on
from .case_words import Names, site_title, what_is_due
from .day_queues import Choice, Waits, case_href

_TITLES = 3
"""How many things to do about a case its row names before it only says how many more there are."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a queue as it is shown.

    ``state`` and ``when`` say the first deadline and how near it is ("" without one), ``day`` its day or the day the
    case came on the list. ``stands`` is the case's state where it is not simply under way. ``whats`` are the things to
    do, ``more`` how many are not named. ``do`` is the address of the form that does the first (None: the reader may
    not). ``current``: where one stands in the list.
    """

    place: int
    href: str
    name: str
    protected: bool
    waiting: bool
    about: str
    where: str
    week: str
    stands: str
    state: str
    when: str
    day: str
    since: str
    whats: tuple[str, ...]
    more: int
    whose: str
    held: str
    ago: str
    planned: str
    do: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What the rows of a list are said with: the language, the workers' names ("whose" is said where there are any)
    and whether the place of a case goes with it."""

    lang: Lang
    names: Names
    sites: bool


def does(queue: str) -> tuple[Action, str] | None:
    """The right to what a queue asks for; None where it asks for nothing to be registered."""
    if queue not in DOES or queue == "unassigned":
        return None
    kind, corrects = DOES[queue]
    return "correct" if corrects else "register", kind


def row_of(
    waits: Waits, programme: Programme, choice: Choice, place: int, said: Said, *, current: bool
) -> Row:
    """The row of a case; ``place`` is its place in the queue, from 1."""
    today, lang = clock.today(), said.lang
    case, person, first = waits.case, waits.case.person, waits.items[0]
    state, when = _when(first, today, lang)
    titles = dict.fromkeys(
        what_is_due(programme, one.queue, one.what, lang) for one in waits.items if one.what
    )
    return Row(
        place=place,
        href=case_href(case.pk, choice, first.queue, place),
        name=person.name or person.public,
        protected=person.protected,
        waiting=person.waiting,
        about=_about(waits, programme, today, said),
        where=_where(case, programme, lang),
        week=_week(case, today, lang),
        stands=case.state if case.state in ("paused", "upcoming") else "",
        state=state,
        when=when,
        day=near(first.due or first.opens, today),
        since="" if first.due or state == "today" else ago((today - first.opens).days, lang),
        whats=tuple(titles)[:_TITLES],
        more=max(0, len(titles) - _TITLES),
        whose=_whose(waits, said),
        held=near(case.last_held, today) if case.last_held else "",
        ago=ago((today - case.last_held).days, lang) if case.last_held else "",
        planned=near(case.next_planned, today)
        if case.next_planned and first.queue != "meetings_today"
        else "",
        do=_do(waits, f"{reverse('day')}?{choice.query(first.queue, place)}"),
        current=current,
    )


def near(on: date, today: date) -> str:
    """A day as short as it can be said: without the year in this one."""
    return short_day(on) if on.year == today.year else dated(on)


def _do(waits: Waits, back: str) -> str | None:
    """The address of what is to be done, coming back to the same place of the queue; None where the reader may not."""
    case, first = waits.case, waits.items[0]
    if first.queue == "unassigned":
        where = {"programme": case.programme, "sted": case.site or ""}
        return f"{reverse('assignment')}?{urlencode({name: value for name, value in where.items() if value})}"
    needs = does(first.queue)
    if needs is None or not waits.may:
        return None
    action, kind = needs
    may: dict[Action, frozenset[str]] = {
        "register": frozenset(),
        "correct": frozenset(),
        action: frozenset({kind}),
    }
    return action_of(first, case, may, next=back)


def _when(item: Due, today: date, lang: Lang) -> tuple[str, str]:
    """The deadline as a state and its words; ("", "") without one."""
    if item.queue == "meetings_today" or item.due == today:
        return "today", say("day.when.today", lang)
    if item.due is None:
        return "", ""
    n = (item.due - today).days
    if n < 0:
        return "overdue", say("day.when.overdue", lang, n=-n)
    return "soon" if n <= SOON_DAYS else "later", say("day.when.in", lang, n=n)


def _about(waits: Waits, programme: Programme, today: date, said: Said) -> str:
    """Age and place of somebody, the place where the list is of several."""
    parts = []
    case = waits.case
    age = age_on(case.person.birth_date, today)
    if age is not None:
        parts.append(say("case.age", said.lang, n=age))
    if said.sites and case.site:
        parts.append(site_title(programme, case.site, said.lang, {case.site: waits.site_name}))
    return " · ".join(parts)


def _whose(waits: Waits, said: Said) -> str:
    if not said.names:
        return ""
    workers = dict.fromkeys(one.worker for one in waits.items)
    return ", ".join(said.names.get(one, one) if one else say("day.nobodys", said.lang) for one in workers)


def _where(case: Case, programme: Programme, lang: Lang) -> str:
    for key, titles in ((case.phase, programme.phases), (case.service, programme.services)):
        if key is not None and key in titles:
            return titles[key].title.in_(lang)
    group = programme.groups.get(case.group or "")
    return group.title.in_(lang) if group else ""


def _week(case: Case, today: date, lang: Lang) -> str:
    if not case.enrolment or case.start is None or case.start > today:
        return ""
    return say("day.week", lang, n=(today - case.start).days // 7 + 1)


def ago(days: int, lang: Lang) -> str:
    """How long ago something was, in the unit one would say it in."""
    if days <= 0:
        return say("day.ago.today", lang)
    if days < 14:
        return say("day.ago.days", lang, n=days)
    return (
        say("day.ago.weeks", lang, n=days // 7)
        if days < 98
        else say("day.ago.months", lang, n=round(days / 30.4))
    )
