"""The items of a questionnaire in one case: those who answer side by side, the gap, and what was answered before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from indsats.language import Lang
from indsats.measure import ANOTHER_EDITION, comparable, item_states, waves_in_order
from indsats.programme import Asking, Programme, Questionnaire
from indsats.record import Facts
from indsats.steer import REASONS

from ..words import say
from .case_words import plain_number
from .measurements_rounds import rater_title, wave_title
from .measurements_scores import Mark


@dataclass(frozen=True, slots=True)
class Answered:
    """Whoever answered: their newest answer, and the day of the one before it."""

    rater: str
    day: date
    before: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """What one rater answered to an item. ``words``: what the point is called, ``moved`` since the answer before."""

    value: int | None
    words: str
    before: str
    moved: Mark | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with what each rater answered, and how far they lie apart (None where two did not answer)."""

    title: str
    said: tuple[Said, ...]
    gap: int | None
    gap_words: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The items of the newest round, or of the newest answers where there are no rounds."""

    round: str
    raters: tuple[Answered, ...]
    rows: tuple[ItemRow, ...]
    gap: bool
    note: str


def profile_of(
    facts: Facts, name: str, given: pl.DataFrame, programme: Programme, lang: Lang
) -> Profile | None:
    """The raters side by side, in the order of the definition; None where nobody answered.

    ``given`` are the rows of ``assigned_waves`` that belong to the case.
    """
    asked = programme.questionnaires[name]
    known = given.filter(pl.col("edition").is_in(list(asked.editions)))
    wave, now = _newest(known, asked)
    if now.is_empty():
        return None
    order = {rater: place for place, rater in enumerate(asked.raters)}
    place = pl.col("rater").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    now = now.sort(place, "rater")
    rows = _beside(now, known, asked)
    states = {row["id"]: row for row in item_states(facts, name).iter_rows(named=True)}
    alike = bool(now.select(comparable(asked, "edition", "first").all()).item())
    titles = [rater_title(programme, row["rater"], lang) for row in rows]
    items = [item for item in asked.all_items if any(states[row["id"]][item] != "not_asked" for row in rows)]
    told = tuple(_row(item, rows, states, asked, titles, lang, alike=alike) for item in items)
    days = {row["occurred_from"] for row in rows}
    note = say("measurements.items.days", lang) if len(days) > 1 and not wave else ""
    return Profile(
        wave_title(programme, name, wave, lang),
        tuple(
            Answered(title, row["occurred_from"], row["before"])
            for title, row in zip(titles, rows, strict=True)
        ),
        told,
        any(one.gap is not None for one in told),
        note if alike else REASONS[ANOTHER_EDITION].in_(lang),
    )


def _newest(known: pl.DataFrame, asked: Questionnaire) -> tuple[str | None, pl.DataFrame]:
    """The last round anybody answered, and the answers that count in it; else each rater's newest answer."""
    counted = known.filter(pl.col("counts") & pl.col("round").is_not_null())
    there = set(counted["round"])
    wave = next((one for one in reversed(waves_in_order(asked)) if one in there), None)
    if wave is not None:
        now = counted.filter(pl.col("round") == wave)
    else:
        now = known.sort("occurred_from", "id").unique("rater", keep="last", maintain_order=True)
    return wave, now.with_columns(first=pl.col("edition").first())


def _beside(now: pl.DataFrame, known: pl.DataFrame, asked: Questionnaire) -> list[dict[str, Any]]:
    """The rows of ``now`` with the answer before each: ``before`` (its day), ``before_id`` and ``ours``, whether the
    two editions may be compared."""
    earlier = known.select("rater", before="occurred_from", before_id="id", before_edition="edition")
    last = (
        earlier.join(now.select("rater", "occurred_from"), on="rater")
        .filter(pl.col("before") < pl.col("occurred_from"))
        .sort("before", "before_id")
        .unique("rater", keep="last", maintain_order=True)
        .drop("occurred_from")
    )
    both = now.join(last, on="rater", how="left", maintain_order="left")
    both = both.with_columns(ours=comparable(asked, "edition", "before_edition"))
    then = {row["id"]: row for row in known.iter_rows(named=True)}
    return [{**row, "then": then.get(row["before_id"])} for row in both.iter_rows(named=True)]


def _row(
    item: str,
    rows: Sequence[Mapping[str, Any]],
    states: Mapping[str, Mapping[str, Any]],
    asked: Questionnaire,
    titles: Sequence[str],
    lang: Lang,
    *,
    alike: bool,
) -> ItemRow:
    said = tuple(_said(item, row, states, asked, lang) for row in rows)
    values = [(one.value, title) for one, title in zip(said, titles, strict=True) if one.value is not None]
    gap, words = None, ""
    if alike and len(values) > 1:
        (low, _), (high, who) = min(values, key=lambda one: one[0]), max(values, key=lambda one: one[0])
        gap = high - low
        words = (
            say("measurements.items.gap", lang, n=gap, who=who)
            if gap
            else say("measurements.items.alike", lang)
        )
    return ItemRow(asked.all_items[item].title.in_(lang), said, gap, words)


def _said(
    item: str,
    row: Mapping[str, Any],
    states: Mapping[str, Mapping[str, Any]],
    asked: Questionnaire,
    lang: Lang,
) -> Said:
    asking, value, then = asked.editions[row["edition"]], row[item], row["then"]
    before = then[item] if then is not None else None
    moved = None
    better = asking.scale.better
    if value is not None and before is not None and row["ours"] and better != "neither":
        gain = (value - before) * (1 if better == "higher" else -1)
        way = "forward" if gain > 0 else "back" if gain < 0 else "same"
        moved = Mark(way, say(f"measurements.items.{way}", lang))
    told = ""
    if then is not None and states[then["id"]][item] != "not_asked":
        told = (
            plain_number(before, lang)
            if before is not None
            else _state(states[then["id"]][item], then, asked, lang)
        )
    words = (
        _point(asking, item, value, lang)
        if value is not None
        else _state(states[row["id"]][item], row, asked, lang)
    )
    return Said(value, words, told, moved)


def _point(asking: Asking, item: str, value: int, lang: Lang) -> str:
    """What a point of the scale is called; empty where it has no name."""
    question = asking.items.get(item)
    title = (question.answers.get(value) if question is not None else None) or asking.scale.labels.get(value)
    return title.in_(lang) if title is not None else ""


def _state(state: str, row: Mapping[str, Any], asked: Questionnaire, lang: Lang) -> str:
    """Why there is no point of the scale: in the words of the answer that was given, else of the state."""
    asking = asked.editions[row["edition"]]
    beside = next((one.title for one in asking.beside.values() if one.means == state), None)
    return beside.in_(lang) if beside is not None else say(f"measurements.items.{state}", lang)
