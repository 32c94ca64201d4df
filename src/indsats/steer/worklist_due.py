"""What the definition asks for and is not done yet: cadences, measurements and minimum requirements."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.programme import Questionnaire

from .cadence import chain
from .measurements_due import OPEN, measurements_due
from .phases import phase_runs
from .requirements import requirement_items
from .worklist_cases import Cases
from .worklist_items import items

CADENCE_DAYS = 7
"""How long before it is due a cadence's next item goes on the list: time to call somebody in (decision)."""

REQUIREMENT_DAYS = 14
"""How long before it is due a requirement goes on the list (decision)."""

_PLACE = ("enrolment", "person", "unit", "site", "service")


def of_definition(cases: Cases) -> Iterator[pl.LazyFrame]:
    """The items of the queues that come from the definition."""
    soon = pl.max_horizontal("start", pl.col("due") - pl.duration(days=CADENCE_DAYS))
    yield cases.out_of_pauses(items("meetings_late", _late(cases), what="cadence", opens=soon, due="due"))
    about = {"what": "questionnaire", "opens": "opens", "due": "due", "closes": "over"}
    yield cases.out_of_pauses(
        items(
            "measurements", _measurements(cases), **about, worker="worker", role=pl.coalesce("rater", "role")
        )
    )
    soon = pl.max_horizontal("start", pl.col("due") - pl.duration(days=REQUIREMENT_DAYS))
    yield cases.out_of_pauses(
        items("requirements", _unanswered(cases), what="requirement", opens=soon, due="due")
    )


def _late(cases: Cases) -> pl.LazyFrame:
    """The item each cadence waits for (``cadence``); those of a questionnaire's cadence are measurements."""
    programme = cases.facts.programme
    measured = {one.cadence for one in programme.questionnaires.values()}
    ids = cases.open.lazy().select("enrolment")
    nothing = cases.open.lazy().clear().select(*_PLACE, "start", due="start", cadence=pl.lit(""))
    parts = [nothing]
    for name, cadence in programme.cadences.items():
        if name in measured:
            continue
        waits = chain(cases.facts, name, cases.day).items.lazy()
        waits = waits.filter(pl.col("left_out").is_null() & pl.col("done_on").is_null())
        if cadence.phase is not None:
            # What a past run of the phase still lacks can no longer be done.
            runs = phase_runs(cases.facts, cases.day).lazy()
            still = runs.filter((pl.col("phase") == cadence.phase) & pl.col("end").is_null())
            waits = waits.join(still.select("enrolment", "run"), on=["enrolment", "run"], how="semi")
        parts.append(waits.select(*_PLACE, "start", "due", cadence=pl.lit(name)))
    return pl.concat(parts).join(ids, on="enrolment", how="semi")


def _measurements(cases: Cases) -> pl.LazyFrame:
    """The rounds about persons that are open, late or to come, with who is to ask, and when they are ``over``.

    A round of a wave is over when the next one opens.
    """
    asked = {name: one for name, one in cases.facts.programme.questionnaires.items() if one.about == "person"}
    rounds = measurements_due(cases.facts, cases.day, questionnaires=tuple(asked)).lazy()
    one_clock = [name for name, one in asked.items() if not _two_clocks(one)]
    following = (
        pl.col("opens").shift(-1).over("questionnaire", "enrolment", "rater", order_by=["opens", "due"])
    )
    over = pl.when(pl.col("questionnaire").is_in(one_clock) & pl.col("wave").is_not_null()).then(
        following - pl.duration(days=1)
    )
    held = cases.holders.lazy().unique(["enrolment", "worker"], keep="first", maintain_order=True)
    return (
        rounds.with_columns(over=over)
        .filter(pl.col("status").is_in([*OPEN, "upcoming"]))
        .join(cases.open.lazy().select("enrolment"), on="enrolment", how="semi")
        .join(held.select("enrolment", "worker", "role"), on=["enrolment", "worker"], how="left")
    )


def _two_clocks(asked: Questionnaire) -> bool:
    """Whether some waves of a questionnaire are counted from enrolment and others have a period of their own."""
    counted = [one for one in asked.waves.values() if one.after is not None]
    dated = [one for one in asked.waves.values() if one.after is None and one.period is not None]
    return bool(counted and dated)


def _unanswered(cases: Cases) -> pl.LazyFrame:
    """The requirements nobody has answered that have a day to be answered by."""
    asked = requirement_items(cases.facts, cases.day).lazy()
    lacking = asked.filter(pl.col("state").is_in(["not_answered", "not_due"]) & pl.col("due").is_not_null())
    return lacking.join(cases.open.lazy().select("enrolment"), on="enrolment", how="semi")
