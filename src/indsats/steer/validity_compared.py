"""Which of two measurements foretells better: the worker's belief, or what the citizen says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.evaluate import Caution, compare_discrimination
from indsats.figure import Figure
from indsats.measure import score_of
from indsats.programme import Duration, Happening, Questionnaire, Text

from .followed import first_measured, outcomes_of
from .validity import (
    area_figure,
    ask,
    better,
    cannot_foretell,
    counts,
    not_computed,
    number_figure,
    title_of,
)

if TYPE_CHECKING:
    from indsats.record import Facts

PAIRED = "difference of two areas (DeLong, paired)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityComparison:
    """Which of two foretells better among those with both: ``difference`` is the first area less the second."""

    first: str
    second: str
    titles: tuple[Text, Text]
    people: Figure
    outcome: Figure
    first_auc: Figure
    second_auc: Figure
    difference: Figure
    cautions: tuple[Caution, ...] = ()


def compare_validity(
    facts: Facts,
    q_id: str,
    *,
    scores: Sequence[str] = (),
    items: Sequence[str] = (),
    what: Sequence[Happening] = (),
    within: Duration | None = None,
    until: date,
    outcomes: pl.DataFrame | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    name: str | None = None,
) -> tuple[ValidityComparison, ...]:
    """Which of two scores or items foretells better, among those with both, by DeLong's paired test.

    ``pairs`` are ids among ``scores`` and ``items``; when left out, every two that different raters answer, such as the
    worker's belief and each of the citizen's own answers. Time counts from the later of the two measurements. The
    rest is as in ``validity``; ids ``validity/<name>/<first>-or-<second>/…``.
    """
    asked = ask(facts, q_id, scores, items, what, within, outcomes)
    questionnaire = facts.programme.questionnaires[q_id]
    found: list[ValidityComparison] = []
    for one, other in other_raters(questionnaire, scores, items) if pairs is None else pairs:
        first, second = (first_measured(facts, q_id, asked[key], key, until) for key in (one, other))
        both = first.join(
            second.select("person", "day", "value", "reason"), on="person", suffix="_2"
        ).with_columns(day=pl.max_horizontal("day", "day_2"), reason=pl.coalesce("reason", "reason_2"))
        people = outcomes_of(facts, both, what, within, until, outcomes)
        titles = (title_of(questionnaire, asked[one], one), title_of(questionnaire, asked[other], other))
        stem = f"validity/{name or q_id}/{one}-or-{other}"
        found.append(_comparison(one, other, titles, people, better(questionnaire, people), stem))
    return tuple(found)


def other_raters(
    questionnaire: Questionnaire, scores: Sequence[str], items: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Every two of these scores and items that no rater answers both of, in their order."""

    def of_item(item: str) -> frozenset[str]:
        return frozenset(questionnaire.all_items[item].raters or questionnaire.raters)

    raters = {item: of_item(item) for item in items}
    for score in scores:
        used = score_of(questionnaire, score).items or list(questionnaire.items)
        raters[score] = frozenset[str]().union(*(of_item(item) for item in used))
    named = [*scores, *items]
    return tuple(
        (one, other)
        for place, one in enumerate(named)
        for other in named[place + 1 :]
        if not raters[one] & raters[other]
    )


def _comparison(
    one: str,
    other: str,
    titles: tuple[Text, Text],
    people: pl.DataFrame,
    known: pl.DataFrame,
    stem: str,
) -> ValidityComparison:
    counted, outcome = counts(stem, people, known)
    made_from = (outcome.id,)
    cautions: tuple[Caution, ...] = ()
    found = None
    if why := cannot_foretell(known) or cannot_foretell(known.with_columns(value="value_2")):
        cautions = (why,)
    else:
        try:
            found = compare_discrimination(known, ["value", "value_2"], "outcome")
            cautions = found.warnings
        except ValueError:
            cautions = (not_computed("forskellen", "the difference"),)
    return ValidityComparison(
        first=one,
        second=other,
        titles=titles,
        people=counted,
        outcome=outcome,
        first_auc=area_figure(f"{stem}/first", found and found.first, known.height, made_from),
        second_auc=area_figure(f"{stem}/second", found and found.second, known.height, made_from),
        difference=number_figure(
            f"{stem}/difference",
            found and found.difference,
            known.height,
            PAIRED,
            made_from,
            *((found.interval.low, found.interval.high, found.p) if found else ()),
        ),
        cautions=cautions,
    )
