"""What is to be done, by whom and by when: the queues of a working day, derived from facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Text

from .worklist_agreed import of_agreed
from .worklist_cases import Cases
from .worklist_due import of_definition
from .worklist_items import ITEM, LEANING, items
from .worklist_meetings import meetings, no_next_step, of_meetings

if TYPE_CHECKING:
    from indsats.record import Facts

AHEAD_DAYS = 60
"""Items that open so many days after the day asked about are on the list too."""

NEW_DAYS = 14
"""How long a case is new to the worker who got it."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of the work list: its title, and one sentence that says what is in it."""

    title: Text
    about: Text


def _queue(da: str, en: str, about_da: str, about_en: str) -> Queue:
    return Queue(Text(da=da, en=en), Text(da=about_da, en=about_en))


QUEUES: Mapping[str, Queue] = {
    "unassigned": _queue(
        "Uden ansvarlig",
        "Unassigned",
        "Forløb, som ingen medarbejder har en rolle i.",
        "Enrolments in which no worker holds a role.",
    ),
    "new_to_me": _queue(
        "Nye hos mig",
        "New to me",
        "Forløb, der er givet til medarbejderen inden for de seneste 14 dage.",
        "Enrolments given to the worker within the last 14 days.",
    ),
    "no_next_step": _queue(
        "Intet næste skridt",
        "No next step",
        "Aktive forløb uden et planlagt møde fra i dag og frem.",
        "Active enrolments without a meeting planned from today on.",
    ),
    "meetings_today": _queue(
        "Møder i dag",
        "Meetings today",
        "Planlagte møder på dagen.",
        "Meetings planned for the day.",
    ),
    "meetings_unanswered": _queue(
        "Møder uden resultat",
        "Meetings without an outcome",
        "Planlagte møder, hvis dag er gået, uden at det er registreret, hvad der skete.",
        "Planned meetings whose day has passed without a record of what happened.",
    ),
    "meetings_to_move": _queue(
        "Møder, borgeren vil flytte",
        "Meetings the citizen asks to move",
        "Planlagte møder, hvor borgeren selv har bedt om en anden tid.",
        "Planned meetings where the citizen has asked for another time.",
    ),
    "meetings_late": _queue(
        "Kontakt, der skal holdes",
        "Contact due",
        "Samtaler og anden fast kontakt, hvis frist er overskredet eller ligger inden for en uge.",
        "Talks and other regular contact whose deadline has passed or lies within a week.",
    ),
    "no_show": _queue(
        "Udeblevet",
        "No-shows",
        "Borgere, der er udeblevet, og som ingen siden har forsøgt at nå eller har holdt møde med.",
        "Citizens who did not turn up and whom nobody has tried to reach or met since.",
    ),
    "measurements": _queue(
        "Målinger",
        "Measurements",
        "Spørgeskemaer om borgeren, der kan besvares nu, er for sent besvaret eller snart kan besvares.",
        "Questionnaires about the citizen that can be answered now, are late or can soon be answered.",
    ),
    "requirements": _queue(
        "Minimumskrav",
        "Minimum requirements",
        "Minimumskrav, ingen har besvaret, hvis frist er overskredet eller ligger inden for 14 dage.",
        "Minimum requirements nobody has answered whose deadline has passed or lies within 14 days.",
    ),
    "agreements_ending": _queue(
        "Aftaler, der udløber",
        "Agreements ending",
        "Aftaler, virksomhedsforløb og tilbud, der slutter inden for 28 dage, uden at et af samme slags løber videre.",
        "Agreements and placements that end within 28 days with no other of the kind running on.",
    ),
    "minutes": _queue(
        "Referat ikke delt",
        "Minutes not shared",
        "Holdte møder, hvis referat er skrevet, men ikke delt med borgeren.",
        "Held meetings whose minutes are written but not shared with the citizen.",
    ),
    "subgoals": _queue(
        "Delmål til gennemgang",
        "Sub-goals to review",
        "Åbne delmål, der ikke er gennemgået i seks uger.",
        "Open sub-goals that have not been reviewed for six weeks.",
    ),
    "hours": _queue(
        "Timer at bekræfte",
        "Hours to confirm",
        "Timer, der løber nu, og som kun borgeren eller et skøn er kilde til.",
        "Hours that run now and rest on the citizen's word, an estimate or nothing.",
    ),
    "placement_follow_up": _queue(
        "Opfølgning på forløb og tilbud",
        "Placement follow-up",
        "Virksomhedsforløb og tilbud, der løber nu, uden et holdt møde i fire uger.",
        "Placements that run now without a meeting held for four weeks.",
    ),
}
"""Every queue by its key, in the order a list shows them."""


def worklist(facts: Facts, day: date) -> pl.DataFrame:
    """What is to be done about every open enrolment, seen from ``day`` up to 60 days on: a row an item.

    Columns: ``queue`` (a key of ``QUEUES``), ``enrolment``, ``person``, ``unit``, ``site``, ``service``, ``role``,
    ``worker``, ``what``, ``fact``, ``opens``, ``due``, ``closes``. Ordered by queue, person, enrolment and day. A row
    of a person depends on nobody else's facts.

    An item belongs on the list of every day from ``opens`` to ``closes`` (null: until a fact takes it off), and is
    overdue after ``due`` (null: no deadline). So the list of a later day, up to 60 days on, can be read off this one,
    as long as no fact changes. Nothing dated after ``day`` is used but planned meetings and agreed ends.

    ``worker`` is who is to act, null where nobody is there to. It is the worker a meeting names, as long as that worker
    holds a role for the enrolment (for an appointment: in any case); for a measurement who is to ask; else the holder
    of the first of the programme's own roles, in the order of the definition, that is filled. ``role`` is the role that
    worker holds; of a round each rater answers for themselves it is the rater. ``what`` is the id in the definition
    (requirement, questionnaire, cadence, type of meeting, agreement, placement or hours) or the sub-goal's text,
    ``fact`` the fact it is about; '' where there is none.

    A fact that names no enrolment is of the person's open one that began last; where the person never had any its row
    has enrolment ''. Enrolments that have ended give nothing.

    In a pause nothing opens: what would, opens the day after; in a pause without an end it is not on the list, nor is
    what falls due in it, nor any enrolment that lacks a next step. Who is responsible, appointments and their outcomes
    do not wait.
    """
    cases = Cases(facts, day)
    rows = pl.concat(list(_all(cases)))
    rows = rows.filter(
        (pl.col("opens") <= day + timedelta(days=AHEAD_DAYS))
        & (pl.col("closes").is_null() | (pl.col("closes") >= pl.max_horizontal("opens", pl.lit(day))))
    )
    acting = cases.acting.lazy().select("enrolment", __role="role", __worker="worker")
    place = {queue: number for number, queue in enumerate(QUEUES)}
    rows = (
        rows.join(acting, on="enrolment", how="left")
        .with_columns(
            role=pl.when(pl.col("worker").is_not_null())
            .then("role")
            .otherwise(pl.coalesce("role", "__role")),
            worker=pl.coalesce("worker", "__worker", LEANING),
            __place=pl.col("queue").replace_strict(place, return_dtype=pl.Int64),
        )
        .sort("__place", "person", "enrolment", "opens", "due", "what", "role", "fact")
    )
    return rows.select(pl.col(name).cast(type_) for name, type_ in ITEM.items()).collect()


def _all(cases: Cases) -> Iterator[pl.LazyFrame]:
    met = meetings(cases)
    yield _unassigned(cases)
    yield _new(cases)
    yield cases.out_of_pauses(no_next_step(cases, met))
    yield from of_meetings(cases, met)
    yield from of_definition(cases)
    yield from of_agreed(cases, met)


def _unassigned(cases: Cases) -> pl.LazyFrame:
    """Open cases in which nobody holds one of the programme's own roles, since that is so."""
    inside = pl.col("role").is_in(cases.own_roles)
    held = cases.holders.lazy().filter(inside)
    left = (
        cases.assigned.lazy()
        .filter(inside)
        .group_by("enrolment")
        .agg(left=pl.coalesce(pl.col("occurred_to") + pl.duration(days=1), "occurred_from").max())
    )
    rows = cases.open.lazy().join(held, on="enrolment", how="anti").join(left, on="enrolment", how="left")
    return items("unassigned", rows, opens=pl.max_horizontal("start", "left"))


def _new(cases: Cases) -> pl.LazyFrame:
    """Each worker's cases since they have held a role in them, for as long as they are new."""
    mine = (
        cases.holders.lazy()
        .sort("since", "place")
        .group_by("enrolment", "worker", maintain_order=True)
        .agg(since=pl.col("since").first(), role=pl.col("role").first())
    )
    rows = cases.open.lazy().join(mine, on="enrolment")
    closes = pl.col("since") + pl.duration(days=NEW_DAYS)
    return items("new_to_me", rows, worker="worker", role="role", opens="since", closes=closes)
