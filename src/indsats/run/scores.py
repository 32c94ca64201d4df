"""Composes the tables of a questionnaire's scores and of how its items are answered."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.figure import Figure
from indsats.language import number
from indsats.measure import answers, level_shares, score_rows
from indsats.programme import Period, Questionnaire, ScoresBlock, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Table

from . import words
from .progression import slug, unit_title


def score_blocks(facts: Facts, block: ScoresBlock, period: Period) -> Iterator[Block]:
    """A table for each score with its mean and bands, and one of the levels item by item with a drawing.

    A questionnaire about persons has units down, one about sites its waves, so that rounds can be compared.
    """
    questionnaire = facts.programme.questionnaires[block.questionnaire]
    for name in questionnaire.scores:
        yield _scores(facts, block, questionnaire, name, period)
    if questionnaire.levels:
        levels = _levels(facts, block, questionnaire, period)
        yield levels
        parts = tuple(slug(level.id) for level in questionnaire.levels)
        yield Chart(
            f"{levels.id}-chart",
            levels.title,
            levels.id,
            "stacked",
            {"label": "item", "parts": parts},
            Text(
                da="For hvert spørgsmål en søjle delt i svarenes niveauer; tallene står i tabellen.",
                en="For each item a bar divided into the levels of the answers; the numbers stand in the table.",
            ),
        )


def _scores(
    facts: Facts, block: ScoresBlock, questionnaire: Questionnaire, score: str, period: Period
) -> Table:
    asked = questionnaire.scores[score]
    answered = answers(facts, block.questionnaire)
    rows: list[tuple[Cell, ...]] = []
    waves = list(questionnaire.waves) if questionnaire.about == "site" else []
    for wave in waves or [None]:
        by = None if waves else "unit"
        name = f"{block.questionnaire}.{wave}" if wave else block.questionnaire
        for row in score_rows(answered, questionnaire, score, by, period=period, wave=wave, name=name):
            title = questionnaire.waves[wave].title if wave else unit_title(facts.programme, row.group)
            rows.append((title, row.mean, *(row.bands[band.id] for band in asked.bands)))
    references = tuple(_reference(reference.title, reference.value) for reference in asked.references)
    return Table(
        f"score-{slug(block.questionnaire)}-{slug(score)}",
        words.joined(block.title, asked.title) if len(questionnaire.scores) > 1 else block.title,
        (
            Column("group", words.WAVE if waves else words.UNIT),
            Column("mean", words.MEAN, "mean", 1),
            *(Column(f"band-{slug(band.id)}", band.title, "share") for band in asked.bands),
        ),
        tuple(rows),
        notes=(words.SCORES_NOTE, *references),
    )


def _reference(title: Text, value: float) -> Text:
    said = words.COMPARED_WITH
    return Text(
        da=f"{said.da}: {title.da}, {number(value, 'da', 0 if value.is_integer() else 1)}.",
        en=f"{said.en}: {title.en}, {number(value, 'en', 0 if value.is_integer() else 1)}.",
    )


def _levels(facts: Facts, block: ScoresBlock, questionnaire: Questionnaire, period: Period) -> Table:
    answered = answers(facts, block.questionnaire)
    effort = facts.programme.effort_units
    if len(effort) == 1:
        shares = level_shares(answered, questionnaire, "unit", period=period, name=block.questionnaire)
        shares = tuple(row for row in shares if row.group == effort[0])
    else:
        shares = level_shares(answered, questionnaire, None, period=period, name=block.questionnaire)
    at: dict[tuple[str, str], Figure] = {(row.item, row.level): row.share for row in shares}
    items = [name for name, item in questionnaire.items.items() if not item.advice]
    return Table(
        f"levels-{slug(block.questionnaire)}",
        words.joined(block.title, words.ITEM_BY_ITEM),
        (
            Column("item", words.ITEM),
            *(Column(slug(level.id), level.title, "share") for level in questionnaire.levels),
        ),
        tuple(
            (
                questionnaire.items[item].title,
                *(at.get((item, level.id)) for level in questionnaire.levels),
            )
            for item in items
        ),
        notes=(words.SCORES_NOTE,),
    )
