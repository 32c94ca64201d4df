"""Composes the tables of how well a questionnaire measures and how far raters agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from indsats.figure import Figure
from indsats.measure import QualityRow, RaterRow, quality, rater_rows
from indsats.programme import Period, QualityBlock, Questionnaire, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Group, Paragraph, Reading, Table

from . import quality_words as said
from .evaluation_words import ABOUT
from .foretelling import validity_blocks
from .progression import slug
from .response_words import rater_title
from .words import joined

__all__ = ["quality_blocks", "validity_blocks"]

RELIABLE_FROM, MOST_AT_AN_END, FEWEST = 0.7, 0.15, 50
"""The customary limits (Terwee et al. 2007, Journal of Clinical Epidemiology 60:34–42)."""


def quality_blocks(facts: Facts, block: QualityBlock, period: Period) -> Iterator[Block]:
    """A table for each score with its reliability, ends and least change, each read against the customary limit; and
    one of how far raters agree, where several answer about the same people."""
    questionnaire = facts.programme.questionnaires[block.questionnaire]
    rows = quality(facts, block.questionnaire, period.last, block.questionnaire)
    several = len({row.score for row in rows}) > 1
    editions = len({row.edition for row in rows}) > 1
    for row in rows:
        score = questionnaire.editions[row.edition].scores[row.score]
        title = joined(block.title, score.title) if several else block.title
        name = f"quality-{slug(block.questionnaire)}-{slug(row.score)}"
        if editions:
            title, name = said.of_edition(title, row.edition), f"{name}-{slug(row.edition)}"
        yield _of_score(name, title, row)
    rated = rater_rows(facts, block.questionnaire, period.last, block.questionnaire)
    if rated:
        title = joined(block.title, said.RATERS_TITLE) if rows else block.title
        yield _of_raters(facts, questionnaire, f"raters-{slug(block.questionnaire)}", title, rated)
    if not rows and not rated:
        asked = any(asking.scores for asking in questionnaire.editions.values())
        yield Paragraph(joined(block.title, said.NOT_ANSWERED_YET if asked else said.NO_SCORES))


def _of_score(name: str, title: Text, row: QualityRow) -> Table:
    read = _readings(row)
    rows: list[tuple[Cell, ...]] = []
    for what, measure in said.QUALITY.items():
        figure = _smallest(row) if what == "smallest_change" else getattr(row, what)
        if figure is not None:
            rows.append((measure, figure, said.LIMITS.get(what), _reading(read.get(what, ()), figure)))
    ends = (Group(row.floor.id, (row.people.id,)), Group(row.ceiling.id, (row.people.id,)))
    return Table(
        name,
        title,
        (
            Column("measure", said.MEASURE),
            Column("value", said.VALUE, align="right"),
            Column("customary", said.CUSTOMARY),
            Column("reading", said.READ),
        ),
        tuple(rows),
        notes=(said.QUALITY_NOTE, said.LIMITS_NOTE),
        groups=ends,
    )


def _smallest(row: QualityRow) -> Figure | None:
    if row.smallest_change is None:
        return None
    stem = row.people.id.rpartition("/")[0]
    return Figure(f"{stem}/smallest-change", row.smallest_change, "number", given=True)


def _readings(row: QualityRow) -> Mapping[str, Sequence[Text]]:
    """What each number of a score says, sentence by sentence."""
    found: dict[str, list[Text]] = {"people": [_enough(row.people)]}
    for what in ("alpha", "omega", "retest"):
        figure = getattr(row, what)
        found[what] = [] if figure.value is None else [_reliable(figure)]
    for what, hit in (("floor", said.FLOOR_HIT), ("ceiling", said.CEILING_HIT)):
        value = getattr(row, what).value
        found[what] = [] if value is None else [hit if value > MOST_AT_AN_END else said.END_FREE]
    if row.detectable.value is not None:
        over = row.smallest_change is not None and row.detectable.value > row.smallest_change
        found["detectable"] = [said.DETECTABLE, *([said.DETECTABLE_OVER] if over else [])]
    found["smallest_change"] = [said.SMALLEST]
    for warning in row.warnings:
        what, _, code = warning.partition(": ")
        if code in said.WARNINGS:
            found.setdefault(what, []).append(said.WARNINGS[code])
    return found


def _enough(people: Figure) -> Text:
    return said.FEW_PEOPLE if (people.value or 0) < FEWEST else said.ENOUGH_PEOPLE


def _reliable(figure: Figure) -> Text:
    """A coefficient against the customary limit, and whether its interval lies on the same side."""
    if (figure.value or 0) >= RELIABLE_FROM:
        sure = figure.low is None or figure.low >= RELIABLE_FROM
        return said.RELIABLE if sure else said.RELIABLE_UNSURE
    sure = figure.high is None or figure.high < RELIABLE_FROM
    return said.UNRELIABLE if sure else said.UNRELIABLE_UNSURE


def _reading(sentences: Sequence[Text], figure: Figure) -> Reading | None:
    if not sentences:
        return None
    da, en = (" ".join(one.in_(lang) for one in sentences) for lang in ("da", "en"))
    return Reading(da=da, en=en, of=figure.id)


def _of_raters(
    facts: Facts, questionnaire: Questionnaire, name: str, title: Text, rated: Sequence[RaterRow]
) -> Table:
    called = {rater: rater_title(facts.programme, questionnaire, rater) for rater in questionnaire.raters}
    pairs = len({(row.first, row.second) for row in rated}) > 1
    kappa = any(row.kappa.value is not None for row in rated)
    rows: list[tuple[Cell, ...]] = []
    for row in rated:
        of = questionnaire.scores.get(row.of) or questionnaire.items[row.of]
        rows.append(
            (
                of.title,
                *((said.compared(called[row.first], called[row.second]),) if pairs else ()),
                row.people,
                row.gap,
                row.agreement,
                *((row.kappa,) if kappa else ()),
                row.same,
                Reading(
                    **_higher(row.gap, called[row.first], called[row.second]).model_dump(), of=row.gap.id
                ),
            )
        )
    first, second = called[rated[0].first], called[rated[0].second]
    return Table(
        name,
        title,
        (
            Column("of", ABOUT),
            *((Column("compared", said.COMPARED),) if pairs else ()),
            Column("people", said.BOTH_RATED, "count"),
            Column("gap", said.GAP, "number", 2),
            Column("agreement", said.AGREEMENT, "number", 2),
            *((Column("kappa", said.KAPPA, "number", 2),) if kappa else ()),
            Column("same", said.SAME, "share", 0),
            Column("reading", said.READ),
        ),
        tuple(rows),
        notes=(said.RATERS_NOTE, *(() if pairs else (said.gap_is(first, second),))),
        groups=tuple(Group(row.same.id, (row.people.id,)) for row in rated),
    )


def _higher(gap: Figure, first: Text, second: Text) -> Text:
    if gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return said.NO_GAP
    return said.rates_higher(second if gap.low > 0 else first)
