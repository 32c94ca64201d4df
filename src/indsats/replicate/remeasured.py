"""How printed figures of measurement are made anew: answers are built from them, then scored, classed and followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import product
from math import ceil, floor

import polars as pl

from indsats.measure import (
    ALL,
    Transitions,
    answers,
    class_distribution,
    level_shares,
    score,
    score_rows,
    transitions,
)
from indsats.measure.scores import band_of
from indsats.programme import Asking, Period, Questionnaire, Score

from .compare import Value, rounded
from .measured import BandOf, InClass, LevelPercent, Moved, OfSites, ScoreEnd
from .rebuilt import Book, exits_shown, of_label, programme

_OTHERS = "others"
_ANY_DAY = date(2015, 1, 15)


def score_end(make: ScoreEnd) -> Value:
    """Scores the form filled in at one end of the scale throughout, and at the other; the end asked for."""
    asked = _asked(make.programme, make.questionnaire)
    asking = _asking(asked, make.edition)
    ends = {item: [asking.scale.low, asking.scale.high] for item in asked.all_items}
    forms = pl.DataFrame(ends).with_columns(edition=pl.lit(make.edition or asked.edition))
    values = score(forms, asked, make.score)["value"].drop_nulls()
    found = values.min() if make.end == "lowest" else values.max()
    return found if isinstance(found, float) else None


def band_of_value(make: BandOf) -> Value:
    """The band by the rules of the score; none where the value lies in none."""
    asking = _asking(_asked(make.programme, make.questionnaire), make.edition)
    found = pl.DataFrame({"value": [make.value]}).select(band_of(asking.scores[make.score])).item()
    return None if found is None else str(found)


def level_percent(make: LevelPercent) -> Value:
    """The level's share by ``level_shares``, in per cent."""
    asked = _asked(make.programme, make.questionnaire)
    counts = whole_counts(make.percents, make.of)
    if counts is None:
        return None
    given = [
        (min(level.answers) if number % 2 else max(level.answers),)
        for level in asked.levels
        for number in range(counts[level.id])
    ]
    book = Book(make.programme, make.questionnaire)
    question = asked.items[make.item]
    book.answered(
        book.enrol(make.of, _ANY_DAY), _ANY_DAY, [make.item], given, next(iter(question.raters), None)
    )
    found = level_shares(answers(book.facts(), make.questionnaire), asked, by=None)
    share = next(row.share for row in found if (row.item, row.level) == (make.item, make.level))
    return None if share.value is None else share.value * 100


def whole_counts(percents: Mapping[str, float], of: int) -> dict[str, int] | None:
    """Whole numbers that add up to ``of`` and round to these whole per cents: the nearest, or none at all."""
    exact = {name: percent * of / 100 for name, percent in percents.items()}
    near = [
        [
            count
            for count in range(max(floor(exact[name] - of / 100), 0), ceil(exact[name] + of / 100) + 1)
            if rounded(count / of * 100, 0) == percent
        ]
        for name, percent in percents.items()
    ]
    fits = [counts for counts in product(*near) if sum(counts) == of]
    if not fits:
        return None
    nearest = min(
        fits, key=lambda counts: sum(abs(a - b) for a, b in zip(counts, exact.values(), strict=True))
    )
    return dict(zip(percents, nearest, strict=True))


def of_sites(make: OfSites) -> Value:
    """By ``score_rows``, with a score of the one item: the mean in each site, then over sites or by band."""
    asked = _asked(make.programme, make.questionnaire)
    question = asked.items[make.item]
    alone = Score(
        title=question.title,
        source=question.source,
        note=question.note,
        items=[make.item],
        combine="mean",
        bands=[] if make.bands_of is None else asked.scores[make.bands_of].bands,
    )
    only = asked.model_copy(update={"scores": {make.item: alone}})
    book = Book(make.programme, make.questionnaire)
    groups = [group.answers for group in make.sites for _ in range(group.count)]
    rater = next(iter(question.raters), asked.raters[0])
    for number, given in enumerate(groups, 1):
        book.answered_at(f"s{number}", _ANY_DAY, make.item, given, rater)
    (row,) = score_rows(answers(book.facts(), make.questionnaire), only, make.item, by=None)
    if make.bands_of is None:
        return row.mean.value
    return float(sum(row.bands[band].numerator or 0 for band in make.bands))


def in_class(make: InClass) -> Value:
    """By ``class_distribution`` over answers that persons gave in January."""
    found = _classed(make.programme, make.questionnaire, make.year, tuple(make.counts.items()))
    count, percent = found[make.class_]
    return count if make.part == "count" else percent


@cache
def _classed(
    programme_id: str, questionnaire_id: str, year: int, counts: tuple[tuple[str, int], ...]
) -> dict[str, tuple[float | None, float | None]]:
    asked = _asked(programme_id, questionnaire_id)
    book = Book(programme_id, questionnaire_id)
    for label, count in counts:
        given = of_label(programme_id, questionnaire_id, "class", label, count)
        persons = book.enrol(count, date(year - 1, 3, 1))
        book.answered(persons, date(year, 1, 15), list(asked.items), given)
    found = class_distribution(answers(book.facts(), questionnaire_id), asked, by=None)
    return {
        row.label: (row.share.numerator, None if row.share.value is None else row.share.value * 100)
        for row in found
    }


def moved(make: Moved) -> Value:
    """By ``transitions`` from January to December."""
    table = _followed(make.programme, make.questionnaire, make.year, make.start, tuple(make.ends.items()))
    ends = [make.end] if make.end != _OTHERS else [end for end in table.ends if end not in make.ends]
    rows = [table.row(ALL, make.start, end) for end in ends]
    if make.part == "count":
        return float(sum(row.count.value or 0 for row in rows))
    return sum((row.share.value or 0) * 100 for row in rows)


@cache
def _followed(
    programme_id: str, questionnaire_id: str, year: int, start: str, ends: tuple[tuple[str, int], ...]
) -> Transitions:
    asked = _asked(programme_id, questionnaire_id)
    exits = exits_shown(programme(programme_id), questionnaire_id)
    elsewhere = [reason for name, reasons in exits.items() if name not in dict(ends) for reason in reasons]
    items = list(asked.items)
    book = Book(programme_id, questionnaire_id)
    for end, count in ends:
        persons = book.enrol(count, date(year - 1, 3, 1))
        first = of_label(programme_id, questionnaire_id, "side", start, count)
        book.answered(persons, date(year, 1, 15), items, first)
        if end in asked.sides:
            last = of_label(programme_id, questionnaire_id, "side", end, count)
            book.answered(persons, date(year, 12, 10), items, last)
        elif end == _OTHERS:
            book.left(persons[::2], date(year, 8, 1), elsewhere[0])
        else:
            book.left(persons, date(year, 8, 1), exits[end][0])
    period = Period(first=date(year, 1, 1), last=date(year, 12, 31))
    return transitions(book.facts(), questionnaire_id, period, exits, start_months=1)


def _asked(programme_id: str, questionnaire_id: str) -> Questionnaire:
    return programme(programme_id).questionnaires[questionnaire_id]


def _asking(asked: Questionnaire, edition: str | None) -> Asking:
    return asked if edition is None else asked.editions[edition]


__all__ = ["band_of_value", "in_class", "level_percent", "moved", "of_sites", "score_end", "whole_counts"]
