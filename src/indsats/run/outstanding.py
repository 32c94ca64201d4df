"""Composes the table of which measurements are outstanding, by place and questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import polars as pl

from indsats.figure import Figure
from indsats.measure import ALL, UNKNOWN, expected_raters, waves_in_order
from indsats.measure.distribution import By
from indsats.programme import DueBlock, Period, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Group, Paragraph, Table
from indsats.steer import OPEN, measurements_due, remembered

from . import response_words as said
from . import words
from .steering import places_of


def place_titles(facts: Facts) -> Mapping[str, Text]:
    """The titles of the effort's units and sites, and of those of nowhere, which come last."""
    units, sites = places_of(facts, "unit", effort=True), places_of(facts, "site", effort=True)
    return {**dict(units), **dict(sites), UNKNOWN: words.UNKNOWN_UNIT}


def due_blocks(facts: Facts, block: DueBlock, period: Period) -> Iterator[Block]:
    """How many rounds are outstanding, how many of them late, and how many were missed in the period.

    A row for each place and questionnaire that lacks any, and for all places together; of one site, its own alone.
    """
    questionnaires = facts.programme.questionnaires
    titles = {**place_titles(facts), ALL: words.ALL_UNITS}
    by: By = block.by if block.site is None else "site"
    numbers = remembered(
        facts, ("outstanding", by, str(period)), lambda: _outstanding(facts, period, by, titles)
    )
    # Sums are told of every place, though a letter shows one: who has all the letters can add up.
    shown = [key for key in numbers if block.site in (None, key[0])]
    if not shown:
        yield Paragraph(words.joined(block.title, said.NOTHING_DUE))
        return
    places, names = list(titles), list(questionnaires)
    keys = sorted(numbers, key=lambda key: (places.index(key[0]), names.index(key[1])))
    rows: list[tuple[Cell, ...]] = []
    for place, name in keys:
        if (place, name) not in shown:
            continue
        late, missed = numbers[place, name].get("late", 0), numbers[place, name].get("missed", 0)
        outstanding = late + numbers[place, name].get("due", 0)
        stem = f"due/{name}/{place}"
        of: Literal["people", "places"] = "places" if questionnaires[name].about == "site" else "people"
        rows.append(
            (
                titles[place],
                questionnaires[name].title,
                Figure.count(f"{stem}/open", outstanding, of=of),
                Figure.share(f"{stem}/late", late, outstanding, of=of),
                Figure.count(f"{stem}/missed", missed, of=of),
            )
        )
    about_sites = any(questionnaires[name].about == "site" for _, name in shown)
    yield Table(
        f"due-{by}",
        block.title,
        (
            Column("place", words.SITE if by == "site" else words.UNIT),
            Column("questionnaire", said.QUESTIONNAIRE),
            Column("open", said.DUE["open"], "count"),
            Column("late", said.DUE["late"], "share", 0),
            Column("missed", said.DUE["missed"], "count"),
        ),
        tuple(rows),
        notes=(said.DUE_NOTE, *((said.DUE_SITES_NOTE,) if about_sites else ()), said.as_of(period.last)),
        groups=tuple(_due_groups(facts, keys)),
    )


def _outstanding(
    facts: Facts, period: Period, by: By, places: Mapping[str, Text]
) -> dict[tuple[str, str], dict[str, int]]:
    """By place (of ``places``, and all) and questionnaire: rounds now due or late, and those missed in the period."""
    rounds = measurements_due(facts, period.last)
    missed = (pl.col("status") == "missed") & (pl.col("due") >= period.first)
    counted = (
        rounds.filter(pl.col("status").is_in(OPEN) | missed)
        .with_columns(place=pl.col(by).fill_null(UNKNOWN))
        .filter(pl.col("place").is_in(list(places)))
        .group_by("place", "questionnaire", "status")
        .len()
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for place, questionnaire, status, number in counted.iter_rows():
        for where in (place, ALL):
            of = found.setdefault((where, questionnaire), {})
            of[status] = of.get(status, 0) + number
    return found


def _due_groups(facts: Facts, keys: Sequence[tuple[str, str]]) -> Iterator[Group]:
    """All are their units and their sites together, and what was answered tells of the same rounds."""
    units = list(facts.programme.effort_units)
    for name in dict.fromkeys(questionnaire for _, questionnaire in keys):
        questionnaire = facts.programme.questionnaires[name]
        present = [place for place, of in keys if of == name and place != ALL]
        of_unit = facts.sites.filter(pl.col("site").is_in(present)).select("site", "unit").drop_nulls()

        def at(place: str, what: str, name: str = name) -> str:
            return f"due/{name}/{place}/{what}"

        for place in (ALL, *present):
            yield Group(at(place, "late"), (at(place, "open"),))
        for what in said.DUE:
            yield Group(at(ALL, what), tuple(at(place, what) for place in present))
            for (unit,), sites in of_unit.group_by("unit", maintain_order=True):
                yield Group(at(str(unit), what), tuple(at(site, what) for site in sites["site"]))
        raters = expected_raters(questionnaire)
        for states, what in ((("open", "late"), "open"), (("open-or-late",), "open"), (("late",), "late")):
            told = [
                f"response/{name}/{unit}/{wave}/{rater or 'any'}/{state}"
                for unit in units
                for wave in waves_in_order(questionnaire)
                for rater in raters
                for state in states
            ]
            yield Group(at(ALL, what), tuple(told))
