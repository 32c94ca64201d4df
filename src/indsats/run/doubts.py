"""What a reader must know before believing an evaluation: the doubts of its estimates and of its design, told once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations

import polars as pl

from indsats.evaluate import (
    Caution,
    check_attrition,
    check_before_window,
    check_clusters,
)
from indsats.programme import (
    DifferenceInDifferences,
    Evaluation,
    HoursOutcome,
    MonthsOutcome,
    Outcome,
    StateOutcome,
    StatusOutcome,
    Text,
    WeeksOutcome,
)
from indsats.register import Cohort, week_number
from indsats.report import Block, Column, Table

from . import evaluation_words as words
from .tried import SEVERITY

OF_PLACES = frozenset({"few-clusters", "few-treated-clusters"})
"""Doubts whose numbers count places and not people."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_COUNT = re.compile(r"(?<![\w-])\d+(?:[.,]\d+)*(?![\w-])")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?%")
_WEEKS_A_MONTH = 52 / 12


def design_doubts(evaluation: Evaluation, study: Cohort) -> Iterator[tuple[Text, Caution]]:
    """What the data say against the design itself, before anything is estimated."""
    table = study.table
    outcome = evaluation.outcomes[0]
    for doubt in _tried(lambda: check_attrition(table, outcome.id)):
        yield words.FOLLOW_UP, doubt
    if evaluation.cluster is not None:
        cluster = evaluation.cluster
        for doubt in _tried(lambda: check_clusters(table, cluster)):
            yield words.CLUSTERS, doubt
    did = next((one for one in evaluation.estimates if isinstance(one, DifferenceInDifferences)), None)
    if did is not None and evaluation.effort_starts is not None:
        found = _tried(lambda: _contaminated(table, did, evaluation.outcomes, evaluation.effort_starts))
        for doubt in found:
            yield words.BEFORE, doubt


def doubts_blocks(
    name: str, found: Iterable[tuple[Text, Caution]], threshold: int, smallest: int
) -> Iterator[Block]:
    """A table with a row for each doubt, gravest first; the same doubt of several estimates stands once.

    What is only good to know stands once however often it came up, and so does that values are missing, without
    numbers, which the table of who is included tells. A sentence that holds a count below ``threshold``, two numbers
    that differ by so little, or a percentage that of the ``smallest`` group is so few, would tell of few people: then
    only its kind is told, unless it counts places.
    """
    told: dict[tuple[str, str], tuple[Caution, list[Text]]] = {}
    for where, doubt in found:
        if doubt.code == "missing-values" and doubt.severity == "note":
            continue
        alike = doubt.severity == "note" or doubt.code in {*OF_PLACES, "missing-values"}
        entry = told.setdefault((doubt.code, "" if alike else doubt.text.da), (doubt, []))
        if where not in entry[1]:
            entry[1].append(where)
    if not told:
        return
    gravest = sorted(told.values(), key=lambda entry: ("grave", "doubt", "note").index(entry[0].severity))
    yield Table(
        f"{name}-doubts",
        words.DOUBTS,
        (
            Column("weight", words.WEIGHT),
            Column("about", words.ABOUT),
            Column("doubt", words.DOUBT),
        ),
        tuple(
            (
                SEVERITY[doubt.severity],
                words.listed(places),
                told_safely(doubt, threshold, smallest),
            )
            for doubt, places in gravest
        ),
    )


def _contaminated(
    table: pl.DataFrame, did: DifferenceInDifferences, outcomes: Iterable[Outcome], starts: date | None
) -> tuple[Caution, ...]:
    """Whether those before the effort are followed into it."""
    if starts is None or "index_week" not in table.columns:
        return ()
    weeks = [_follow_up(outcome) for outcome in outcomes]
    return check_before_window(
        table,
        after=did.after,
        follow_up_weeks=max(weeks, default=0),
        programme_start=week_number(starts),
        participating=did.site_treated,
    )


def _follow_up(outcome: Outcome) -> int:
    """Weeks an outcome is followed for."""
    if isinstance(outcome, StateOutcome):
        return outcome.within_weeks
    if isinstance(outcome, StatusOutcome):
        return outcome.week
    if isinstance(outcome, WeeksOutcome):
        return outcome.to_week
    if isinstance(outcome, HoursOutcome):
        return round(outcome.to_month * _WEEKS_A_MONTH)
    return round(outcome.within_months * _WEEKS_A_MONTH) if isinstance(outcome, MonthsOutcome) else 0


def _tried(check: Callable[[], tuple[Caution, ...]]) -> tuple[Caution, ...]:
    """The cautions of a check, none where the data do not allow it."""
    try:
        return check()
    except ValueError:
        return ()


def told_safely(doubt: Caution, threshold: int, smallest: int) -> Text:
    """The sentence of a doubt, or what stands for it where it would tell of few people."""
    if doubt.code == "missing-values":
        return words.MISSING
    if doubt.code in OF_PLACES or _tells_nobody(doubt.text.en, threshold, smallest):
        return doubt.text
    return words.few_told(doubt.code)


def _tells_nobody(text: str, threshold: int, smallest: int) -> bool:
    """Whether no count in a sentence, no difference of two and no percentage of a group is that of few people."""
    shares = [float(found.replace(",", ".")) / 100 for found in _PERCENT.findall(text)]
    if any(0 < min(share, 1 - share) * smallest < threshold for share in shares):
        return False
    whole = [
        int(found.replace(",", ""))
        for found in _NUMBER.findall(_PERCENT.sub(" ", text))
        if found.replace(",", "").isdigit()
    ]
    gaps = [abs(one - other) for one, other in combinations(whole, 2)]
    return not any(0 < count < threshold for count in (*whole, *gaps))


def without_counts(reason: str) -> str:
    """Why something could not be estimated: what is said before the particulars, which may be about few people."""
    return _COUNT.sub("…", reason.split(":")[0])
