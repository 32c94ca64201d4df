"""Composes the tables of what scores and items foretell: how well, of whom, and which of two does it better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from indsats.evaluate import Caution
from indsats.figure import Figure
from indsats.programme import Period, Text, ValidityBlock
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Group, Reading, Table
from indsats.steer import (
    REASONS,
    AnswerRow,
    ValidityComparison,
    ValidityRow,
    compare_validity,
    validity,
)

from . import quality_words as said
from .evaluation_words import ABOUT, DOUBT, DOUBTS, WEIGHT, listed
from .progression import slug
from .response_words import as_of
from .words import joined

CHANCE = 0.5
"""The area of a measurement that foretells nothing."""


def validity_blocks(facts: Facts, block: ValidityBlock, period: Period) -> Iterator[Block]:
    """What the scores and items foretell, who is in it, the share it happened to by answer, and which foretells best.

    A split by answer that would show few people is put together into levels, or left out, rather than that it hides
    the area with it.
    """
    rows = validity(
        facts,
        block.questionnaire,
        scores=block.scores,
        items=block.items,
        what=block.what,
        within=block.within,
        until=period.last,
        name=_name(block),
    )
    pairs = compare_validity(
        facts,
        block.questionnaire,
        scores=block.scores,
        items=block.items,
        what=block.what,
        within=block.within,
        until=period.last,
        name=_name(block),
    )
    stem = f"validity-{slug(block.questionnaire)}"
    threshold = facts.programme.disclosure_threshold
    splits = [_split(row, threshold) for row in rows]
    sums = tuple(
        group for row, split in zip(rows, splits, strict=True) for group in _validity_groups(row, split)
    )
    yield _foretold(facts, stem, block, rows, splits, period, sums)
    yield _more(stem, block.title, rows)
    for row, split in zip(rows, splits, strict=True):
        if split:
            yield from _by_answer(f"{stem}-{slug(row.id)}", block.title, row, split)
    if pairs:
        yield _comparison(stem, block.title, pairs)
    yield _who_counts(stem, block.title, [*rows, *pairs])
    yield from _doubts(stem, block.title, rows, pairs)


def _name(block: ValidityBlock) -> str:
    """What tells this table's figures from those of another outcome of the same questionnaire."""
    what = [one.event or one.kind for one in block.what]
    conditions = "|".join(one.where for one in block.what if one.where != "true")
    digest = [f"{crc32(conditions.encode()):08x}"] if conditions else []
    within = block.within.setting or block.within.polars_offset
    return "-".join([block.questionnaire, within, *what, *digest])


def _split(row: ValidityRow, threshold: int) -> tuple[AnswerRow, ...]:
    """The finest split by answer, level or band that shows nothing of few people; empty when none is."""
    for rows in (row.answers, row.levels):
        counts = [
            number
            for part in rows
            for number in (
                part.people.value or 0,
                part.outcome.numerator or 0,
                (part.outcome.denominator or 0) - (part.outcome.numerator or 0),
            )
        ]
        if rows and not any(0 < number < threshold for number in counts):
            return rows
    return ()


def _validity_groups(row: ValidityRow, split: Sequence[AnswerRow]) -> Iterator[Group]:
    yield Group(row.outcome.id, (row.people.id,))
    yield Group(row.people.id, tuple(part.people.id for part in split))
    yield Group(row.outcome.id, tuple(part.outcome.id for part in split))
    for part in split:
        yield Group(part.outcome.id, (part.people.id,))


def _bare(figure: Figure) -> Figure:
    """Without who was left out, who have a table of their own with its sums."""
    return replace(figure, excluded={}) if figure.excluded else figure


def _foretold(
    facts: Facts,
    stem: str,
    block: ValidityBlock,
    rows: Sequence[ValidityRow],
    splits: Sequence[Sequence[AnswerRow]],
    period: Period,
    sums: tuple[Group, ...],
) -> Table:
    notes = [
        said.AREA_NOTE,
        said.NOT_A_CAUSE,
        said.followed(facts.programme, block.within),
        as_of(period.last),
    ]
    apart = [
        row.title
        for row, split in zip(rows, splits, strict=True)
        if (row.answers or row.levels) and not split
    ]
    return Table(
        stem,
        block.title,
        (
            Column("measured", said.FORETELLS),
            Column("people", said.FOLLOWED_PEOPLE, "count"),
            Column("outcome", said.WITH_OUTCOME, "share"),
            Column("auc", said.AUC, "number", 2),
            Column("reading", said.READ),
        ),
        tuple((row.title, _bare(row.people), row.outcome, row.auc, _says(row.auc)) for row in rows),
        notes=(*notes, *((said.no_split(apart),) if apart else ())),
        groups=sums,
    )


def _more(stem: str, title: Text, rows: Sequence[ValidityRow]) -> Table:
    return Table(
        f"{stem}-more",
        joined(title, said.MORE),
        (
            Column("measured", said.FORETELLS),
            Column("odds", said.ODDS, "number", 2),
            Column("slope", said.SLOPE, "number", 2),
            Column("brier", said.BRIER, "number", 2),
        ),
        tuple((row.title, row.odds, row.slope, row.brier) for row in rows),
        notes=(said.MORE_NOTE,),
    )


def _says(area: Figure) -> Reading:
    if area.value is None:
        told = said.NO_AREA
    elif area.low is not None and area.low > CHANCE:
        told = said.BETTER_THAN_CHANCE
    elif area.high is not None and area.high < CHANCE:
        told = said.OTHER_WAY
    else:
        told = said.CANNOT_TELL
    return Reading(da=told.da, en=told.en, of=area.id)


def _by_answer(name: str, title: Text, row: ValidityRow, split: Sequence[AnswerRow]) -> Iterator[Block]:
    title = joined(title, said.by_answer(row.title))
    together = (said.IN_LEVELS,) if row.answers and split is not row.answers else ()
    yield Table(
        name,
        title,
        (
            Column("answer", said.ANSWER),
            Column("people", said.PEOPLE, "count"),
            Column("outcome", said.WITH_OUTCOME, "share"),
        ),
        tuple((part.title, part.people, part.outcome) for part in split),
        notes=together,
    )
    encodings = {"label": "answer", "value": "outcome"}
    yield Chart(f"{name}-chart", title, name, "bars", encodings, said.ANSWERS_DRAWN)


def _comparison(stem: str, title: Text, pairs: Sequence[ValidityComparison]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for pair in pairs:
        gap = pair.difference
        told = said.NO_AREA if gap.value is None else said.NO_DIFFERENCE
        if gap.low is not None and gap.low > 0:
            told = said.foretells_better(pair.titles[0])
        elif gap.high is not None and gap.high < 0:
            told = said.foretells_better(pair.titles[1])
        rows.append(
            (
                *pair.titles,
                _bare(pair.people),
                pair.outcome,
                pair.first_auc,
                pair.second_auc,
                gap,
                Reading(da=told.da, en=told.en, of=gap.id),
            )
        )
    return Table(
        f"{stem}-compared",
        joined(title, said.COMPARISON),
        (
            Column("first", said.FIRST),
            Column("second", said.SECOND),
            Column("people", said.FOLLOWED_PEOPLE, "count"),
            Column("outcome", said.WITH_OUTCOME, "share"),
            Column("first-auc", said.FIRST_AREA, "number", 2),
            Column("second-auc", said.SECOND_AREA, "number", 2),
            Column("difference", said.AREA_GAP, "number", 2),
            Column("reading", said.READ),
        ),
        tuple(rows),
        groups=tuple(Group(pair.outcome.id, (pair.people.id,)) for pair in pairs),
    )


def _who_counts(stem: str, title: Text, found: Sequence[ValidityRow | ValidityComparison]) -> Table:
    """Everybody enrolled, by why they are not among those measured and followed: every row adds up to the same."""
    reasons = list(dict.fromkeys(reason for row in found for reason in row.people.excluded))
    rows: list[tuple[Cell, ...]] = []
    totals: list[str] = []
    for row in found:
        name = row.people.id.rpartition("/")[0]
        out = [Figure.count(f"{name}/out/{reason}", row.people.excluded.get(reason, 0)) for reason in reasons]
        total = Figure.count(f"{name}/everybody", (row.people.value or 0) + sum(row.people.excluded.values()))
        totals.append(total.id)
        named = row.title if isinstance(row, ValidityRow) else said.compared(*row.titles)
        rows.append((named, _bare(row.people), *out, total))
    return Table(
        f"{stem}-who",
        joined(title, said.WHO_COUNTS),
        (
            Column("measured", said.FORETELLS),
            Column("people", said.FOLLOWED_PEOPLE, "count"),
            *(Column(slug(reason), _reason(reason), "count") for reason in reasons),
            Column("everybody", said.EVERYBODY, "count"),
        ),
        tuple(rows),
        total_column=-1,
        groups=tuple(Group(other, (totals[0],)) for other in totals[1:]),
    )


def _reason(reason: str) -> Text:
    told = REASONS.get(reason, Text(da=reason, en=reason))
    return Text(da=told.da[:1].upper() + told.da[1:], en=told.en[:1].upper() + told.en[1:])


_WITHOUT_NUMBERS = frozenset({"association", "not-computed"})
"""Cautions that tell of no number: they may stand where it is hidden."""


def _doubts(
    stem: str, title: Text, rows: Sequence[ValidityRow], pairs: Sequence[ValidityComparison]
) -> Iterator[Table]:
    """Each caution once, gravest first, with what it is about; one that tells of a number is hidden with it."""
    about = [(row.title, row.auc, one) for row in rows for one in row.cautions]
    about += [(said.compared(*pair.titles), pair.difference, one) for pair in pairs for one in pair.cautions]
    told: dict[tuple[str, str, str], tuple[Caution, list[Text], Text]] = {}
    for named, figure, one in about:
        plain = one.code in _WITHOUT_NUMBERS
        text = one.text if plain else Reading(da=one.text.da, en=one.text.en, of=figure.id)
        entry = told.setdefault((one.code, one.text.da, "" if plain else figure.id), (one, [], text))
        entry[1].append(named)
    if not told:
        return
    ordered = sorted(told.values(), key=lambda entry: list(said.WEIGHTS)[::-1].index(entry[0].severity))
    yield Table(
        f"{stem}-doubts",
        joined(title, DOUBTS),
        (Column("weight", WEIGHT), Column("about", ABOUT), Column("doubt", DOUBT)),
        tuple((said.WEIGHTS[one.severity], listed(names), text) for one, names, text in ordered),
    )
