"""What the record holds about one citizen, told to that citizen: as it is, in plain words, and about nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from indsats.language import LANGUAGES
from indsats.problem import InputRefused, Problem
from indsats.programme import Period, PersonBlock, Programme, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Paragraph, Table
from indsats.steer import OPEN, measurements_due, phase_runs, responsible

from . import citizen_words as said
from .citizen_answers import answer_blocks
from .material import Material

_MOST = 10
"""Meetings, or placements, that one reads through; the newest are shown."""
_SOON = ("upcoming", *OPEN)


def of_citizen(facts: Facts, person: str) -> Facts:
    """The facts about one citizen and nobody else.

    Raises ``InputRefused`` for somebody who is not in the programme, without telling who was asked for: it may be a
    person number that was typed by mistake.
    """
    mine = facts.of_persons([person])
    if mine.enrolments().is_empty():
        raise InputRefused(
            [
                Problem(
                    "nobody by that name has been enrolled in the programme",
                    "Give the id that the fact files have in the column 'person', as it is written there",
                    file="--person",
                )
            ]
        )
    return mine


def own(material: Material) -> Material:
    """The material of a report about one citizen: that citizen's facts alone, since the first enrolment.

    Raises ``InputRefused`` as ``of_citizen``.
    """
    if material.facts is None or material.about is None:
        return material
    facts = of_citizen(material.facts, material.about)
    since = facts.enrolments()["start"].min()
    period = Period(first=since, last=facts.last_day) if isinstance(since, date) else material.period
    return replace(material, facts=facts, period=period, record=None, register=None, hours=None)


def person_blocks(facts: Facts, block: PersonBlock, person: str) -> Iterator[Block]:
    """One part of what the record holds about a citizen, on the last day of the data: sentences and tables.

    Titles are those of the definition. Notes, reasons, names of workers, fields of forms and requirements are the
    staff's own and are not told. Raises ``InputRefused`` as ``of_citizen``.
    """
    mine = _Mine(of_citizen(facts, person), block)
    yield from _PARTS[block.of](mine)


@dataclass(frozen=True)
class _Mine:
    """The citizen's own facts, and how they are told."""

    facts: Facts
    block: PersonBlock

    @property
    def programme(self) -> Programme:
        return self.facts.programme

    @property
    def today(self) -> date:
        return self.facts.last_day

    @cached_property
    def enrolments(self) -> pl.DataFrame:
        """As ``Facts.enrolments``, oldest first."""
        return self.facts.enrolments().sort("start", "enrolment")

    @cached_property
    def still(self) -> frozenset[str]:
        """The enrolments that are open today."""
        end = pl.col("end")
        return frozenset(self.enrolments.filter(end.is_null() | (end > self.today))["enrolment"])

    def is_open(self, row: Mapping[str, Any]) -> bool:
        """Whether what a fact tells of goes on today: it ends no later than the enrolment it belongs to."""
        over = row["enrolment"] is not None and row["enrolment"] not in self.still
        return (
            row["occurred_from"] <= self.today
            and not over
            and (row["occurred_to"] is None or row["occurred_to"] >= self.today)
        )

    def until(self, row: Mapping[str, Any]) -> Cell:
        """The last day; that it still goes on, where none is told."""
        return row["occurred_to"] or (said.STILL if self.is_open(row) else said.NOTHING)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The facts of a kind, oldest first."""
        return self.facts.table(kind).sort("occurred_from", "recorded_at", "id").rows(named=True)

    def coded(self, kind: str, field: str, value: str | None) -> Text | None:
        """A value in the words of the definition's code list; as it was written where there is no list."""
        if value is None:
            return None
        codes = self.programme.codes_for(f"{kind}.{field}")
        known = None if codes is None else codes.values.get(value)
        return said.both(value, value) if known is None else known.title

    def table(self, what: str, heads: Sequence[tuple[str, Text]], rows: Sequence[tuple[Cell, ...]]) -> Table:
        """A table without the columns in which nothing stands."""
        filled = [
            at
            for at in range(len(heads))
            if at == 0 or any(row[at] not in (None, said.NOTHING) for row in rows)
        ]
        columns = tuple(Column(heads[at][0], heads[at][1]) for at in filled)
        body = tuple(tuple(row[at] for at in filled) for row in rows)
        title = self.block.title if what == self.block.of else said.TABLES[what]
        return Table(f"person-{what}", title, columns, body, source=said.as_recorded(self.today))


def _paragraph(*sentences: Text) -> Paragraph:
    return Paragraph(Text(**{lang: " ".join(one.in_(lang) for one in sentences) for lang in LANGUAGES}))


def _course(mine: _Mine) -> Iterator[Block]:
    """Where the citizen began and is now, who to talk to, and pauses."""
    sites = dict(mine.facts.sites.select("site", "name").iter_rows())
    sentences: list[Text] = []
    for row in mine.enrolments.iter_rows(named=True):
        service = mine.programme.services.get(row["service"] or "")
        place = sites.get(row["site"] or "")
        sentences.append(said.begun(row["start"], None if service is None else service.title, place))
        if row["end"] is not None and row["end"] <= mine.today:
            sentences.append(said.ended(row["end"]))
    yield _paragraph(*sentences)
    runs = phase_runs(mine.facts, mine.today).filter(~pl.col("skipped")).sort("start", "phase", "run")
    # What comes again and again is told while it lasts: a list of every time somebody stayed away helps nobody.
    again = [name for name, phase in mine.programme.phases.items() if phase.repeats]
    runs = runs.filter(~pl.col("phase").is_in(again) | pl.col("end").is_null())
    if runs.is_empty():
        yield _paragraph(said.NO_PHASES)
    else:
        yield mine.table(
            "course",
            (("phase", said.STEP), ("from", said.FROM), ("to", said.TO)),
            [
                (mine.programme.phases[row["phase"]].title, row["start"], row["end"] or said.STILL)
                for row in runs.iter_rows(named=True)
            ],
        )
    if mine.still:
        yield _paragraph(_helpers(mine))
    pauses = [row for row in mine.rows("pause") if row["occurred_from"] <= mine.today]
    if pauses:
        yield _paragraph(*(said.paused(row["occurred_from"], row["occurred_to"]) for row in pauses))


def _helpers(mine: _Mine) -> Text:
    """Who is responsible today, by role: the record has no names that are meant for citizens."""
    roles = [
        name
        for name, role in mine.programme.roles.items()
        if not role.external and name != mine.block.citizen
    ]
    held = responsible(mine.facts, mine.today, roles).filter(pl.col("enrolment").is_in(list(mine.still)))
    there = set(held["role"])
    return said.helpers([mine.programme.roles[name].title for name in roles if name in there])


def _plan(mine: _Mine) -> Iterator[Block]:
    """The goal, the sub-goals with how far they are, job goals, and what goes on now."""
    plans = mine.rows("plan")
    if not plans:
        yield _paragraph(said.NO_PLAN)
    else:
        newest = plans[-1]
        goal = next((row["goal"] for row in reversed(plans) if row["goal"] is not None), None)
        yield _paragraph(
            said.plan_of(newest["occurred_from"]),
            *([] if goal is None else [said.goal(_title(mine.coded("plan", "goal", goal)))]),
            *([] if newest["agreed_by_citizen"] is None else [said.AGREED[newest["agreed_by_citizen"]]]),
        )
    reviewed = {row["subgoal"]: row for row in mine.rows("subgoal_reviewed")}
    if reviewed:
        yield mine.table(
            "subgoals",
            (("subgoal", said.SUBGOAL), ("status", said.HOW_FAR), ("day", said.LOOKED_AT)),
            [
                (
                    mine.coded("subgoal_reviewed", "subgoal", name),
                    said.SUBGOAL_STATUS[row["status"]],
                    row["occurred_from"],
                )
                for name, row in reviewed.items()
            ],
        )
    else:
        yield _paragraph(said.NO_SUBGOALS)
    goals = {row["level"]: row for row in mine.rows("job_goal") if row["occupation"] is not None}
    if goals:
        yield _paragraph(
            *(
                said.job_goal(level, _title(mine.coded("job_goal", "occupation", goals[level]["occupation"])))
                for level in said.JOB_GOALS
                if level in goals
            )
        )
    # An effort beside without an end of its own may be over: the programme tells that in its own events.
    running = [
        _title(mine.coded(kind, "type", row["type"]))
        for kind in ("placement", "parallel_effort")
        for row in mine.rows(kind)
        if mine.is_open(row) and (kind == "placement" or row["occurred_to"] is not None)
    ]
    yield _paragraph(said.activities(running))


def _meetings(mine: _Mine) -> Iterator[Block]:
    """How many meetings were held and missed, the newest ones, and the next that is agreed."""
    meetings = mine.rows("meeting")
    behind = [row for row in meetings if not _ahead(row, mine.today)]
    if behind:
        number = {
            outcome: sum(row["outcome"] == outcome for row in behind) for outcome in said.MEETING_OUTCOME
        }
        yield _paragraph(*said.meetings(number))
        yield mine.table(
            "meetings",
            (("day", said.DAY), ("type", said.MEETING), ("place", said.PLACE), ("outcome", said.OUTCOME)),
            [
                (
                    row["occurred_from"],
                    mine.coded("meeting", "type", row["type"]),
                    mine.coded("meeting", "place", row["place"]),
                    said.MEETING_OUTCOME[row["outcome"]],
                )
                for row in reversed(behind[-_MOST:])
            ],
        )
    else:
        yield _paragraph(said.NO_MEETINGS)
    yield _paragraph(_next_meeting(mine))


def _next_meeting(mine: _Mine) -> Text:
    agreed = [row for row in mine.rows("meeting") if _ahead(row, mine.today) and row["outcome"] == "planned"]
    if not agreed:
        return said.NONE_AGREED
    row = agreed[0]
    return said.next_meeting(
        row["occurred_from"],
        _title(mine.coded("meeting", "type", row["type"])),
        mine.coded("meeting", "place", row["place"]),
    )


def _measurements(mine: _Mine) -> Iterator[Block]:
    made = list(answer_blocks(mine.facts, mine.block, said.as_recorded(mine.today)))
    yield from made or [_paragraph(said.NO_MEASUREMENTS)]


def _work(mine: _Mine) -> Iterator[Block]:
    """Placements, agreements and hours at work, the newest first."""
    placements = mine.rows("placement")
    if placements:
        yield mine.table(
            "work",
            (
                ("type", said.WHAT),
                ("employer", said.WHERE),
                ("from", said.FROM),
                ("to", said.TO),
                ("hours", said.HOURS_A_WEEK),
            ),
            [
                (
                    mine.coded("placement", "type", row["type"]),
                    row["employer"],
                    row["occurred_from"],
                    mine.until(row),
                    said.hours(row["hours_per_week"]),
                )
                for row in reversed(placements[-_MOST:])
            ],
        )
    else:
        yield _paragraph(said.NO_PLACEMENTS)
    agreements = mine.rows("agreement")
    if agreements:
        yield mine.table(
            "agreements",
            (
                ("type", said.AGREEMENT),
                ("with", said.WITH),
                ("from", said.AGREED_ON),
                ("to", said.HOLDS_UNTIL),
            ),
            [
                (
                    mine.coded("agreement", "type", row["type"]),
                    row["counterpart"],
                    row["occurred_from"],
                    row["occurred_to"],
                )
                for row in reversed(agreements[-_MOST:])
            ],
        )
    worked = mine.rows("hours")
    if worked:
        yield mine.table(
            "hours",
            (("type", said.KIND_OF_WORK), ("from", said.FROM), ("to", said.TO), ("hours", said.HOURS_A_WEEK)),
            [
                (
                    said.WORK_TYPES[row["type"]],
                    row["occurred_from"],
                    mine.until(row),
                    said.hours(row["hours_per_week"]),
                )
                for row in reversed(worked[-_MOST:])
            ],
        )
    else:
        yield _paragraph(said.NO_HOURS)


def _next(mine: _Mine) -> Iterator[Block]:
    """What is agreed or expected after today, by date."""
    steps: list[tuple[date, Text, Text | None]] = []
    for row in mine.rows("meeting"):
        if _ahead(row, mine.today) and row["outcome"] == "planned":
            place = mine.coded("meeting", "place", row["place"])
            steps.append((row["occurred_from"], _title(mine.coded("meeting", "type", row["type"])), place))
    for kind, words in said.ENDS.items():
        for row in mine.rows(kind):
            if row["occurred_to"] is not None and row["occurred_to"] > mine.today:
                what = _title(mine.coded(kind, "type", row.get("type"))) if "type" in row else None
                steps.append((row["occurred_to"], words(what), None))
    for name in mine.programme.questionnaires:
        asked = mine.programme.questionnaires[name]
        if asked.about != "person" or not said.for_citizen(asked):
            continue
        due = measurements_due(mine.facts, mine.today, questionnaires=[name])
        due = due.filter(pl.col("status").is_in(_SOON) & (pl.col("due") > mine.today)).sort("due")
        if due.height:
            steps.append((due["due"][0], said.filled_in(asked.title), None))
    if not steps:
        yield _paragraph(said.NOTHING_NEXT)
        return
    steps.sort(key=lambda step: (step[0], step[1].da))
    heads = (("day", said.DAY), ("what", said.WHAT), ("where", said.PLACE))
    yield mine.table("next", heads, steps)


_QUESTIONNAIRES = ("questionnaire_answered", "questionnaire_asked")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "course": ("enrolled", "exit", "assigned", "pause"),
    "plan": ("plan", "subgoal_reviewed", "job_goal", "placement", "parallel_effort"),
    "meetings": ("meeting",),
    "measurements": _QUESTIONNAIRES,
    "work": ("placement", "agreement", "hours"),
    "next": ("meeting", *said.ENDS, *_QUESTIONNAIRES),
}


def kinds_told(programme: Programme, report_id: str) -> frozenset[str]:
    """The kinds of facts a report about one person tells of; all that begins and ends a phase is among them.

    Who may not see them all may not make it: it would be told as if they were not there. Raises ``KeyError`` for an
    unknown report.
    """
    parts = {
        block.of
        for _, block in programme.reports[report_id].placed_blocks()
        if isinstance(block, PersonBlock)
    }
    kinds = {kind for part in parts for kind in _KINDS[part]} | {"enrolled", "exit"}
    if "course" in parts:
        for phase in programme.phases.values():
            kinds |= {one.kind for one in (*phase.starts, *phase.ends, *phase.skipped_by)}
    return frozenset(kinds)


_PARTS: Mapping[str, Callable[[_Mine], Iterator[Block]]] = {
    "course": _course,
    "plan": _plan,
    "meetings": _meetings,
    "measurements": _measurements,
    "work": _work,
    "next": _next,
}


def _ahead(row: Mapping[str, Any], today: date) -> bool:
    return row["occurred_from"] > today


def _title(known: Text | None) -> Text:
    return known or said.NOTHING
