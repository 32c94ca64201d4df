"""Whoever has all files of an evaluation of few people cannot subtract a way back to one to four of them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from indsats import library, programme
from indsats.figure import Figure
from indsats.programme import Evaluation, Text
from indsats.register import Cohort
from indsats.run import effects, run_programme
from indsats.simulate import simulate

PERSONS, THRESHOLD = 300, 5
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", params=["fremskudt-indsats", "effektiv-indsats"])
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    definition = programme.load(library.definition_path(request.param))
    folder = tmp_path_factory.mktemp(request.param)
    data = simulate(definition, PERSONS, 3, folder / "data")
    run_programme(definition, data=data, out=folder / "out")
    return {file.stem: _read(file) for file in (folder / "out" / "tables").glob("*.csv")}


def _read(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _ending(tables: dict[str, Rows], what: str) -> Iterator[tuple[str, Rows]]:
    found = [(name.removesuffix(what), rows) for name, rows in tables.items() if name.endswith(what)]
    assert found
    yield from found


def _number(row: dict[str, str], column: str) -> float | None:
    """A number of the file; nothing where it is hidden, or hidden in every row."""
    shown = row.get(column) or ""
    return float(shown) if shown not in ("", "•") else None


def _few(number: float) -> bool:
    return 0.5 < number < THRESHOLD - 0.5


def test_the_levels_of_a_field_do_not_give_a_hidden_level_away(tables: dict[str, Rows]) -> None:
    tried = 0
    for _, rows in _ending(tables, "-balance"):
        fields: dict[str, Rows] = defaultdict(list)
        for row in rows:
            fields[row["characteristic.en"].split(": ")[0]].append(row)
        for levels in (levels for levels in fields.values() if len(levels) > 1):
            for side in ("treated", "untreated"):
                shown = [_number(row, f"{side}.numerator") for row in levels]
                sizes = {_number(row, f"{side}.denominator") for row in levels} - {None}
                if None in shown and sizes:
                    [size] = sizes
                    left = (size or 0) - sum(number or 0 for number in shown)
                    tried += 1
                    assert shown.count(None) > 1
                    assert left >= THRESHOLD - 1, "each hidden level can be 0 to what is left"
    assert tried


def test_a_curve_does_not_tell_of_few_who_reached_the_outcome_or_left(tables: dict[str, Rows]) -> None:
    tried = 0
    for _, rows in _ending(tables, "-waiting"):
        before: dict[str, tuple[float, float]] = {}
        for row in rows:
            share, left = _number(row, "share"), _number(row, "share.denominator")
            if share is None:
                continue
            assert left is not None
            assert left >= THRESHOLD
            if row["group"] in before:
                share_before, left_before = before[row["group"]]
                tried += 1
                assert not _few(left_before - left)
                assert not _few(left_before * (1 - share / share_before))
            else:
                assert (row["week"], share) == ("0", 1)
            before[row["group"]] = share, left
    assert tried


def test_curves_are_coarser_and_not_hidden(tables: dict[str, Rows]) -> None:
    """At least one curve goes on beyond its beginning, however few people there are."""
    later = [row for _, rows in _ending(tables, "-waiting") for row in rows if row["week"] != "0"]
    assert any(_number(row, "share") is not None for row in later)


TITLE = {"da": "Titel", "en": "Title"}
JOB = {"id": "job", "kind": "state", "state": "working", "within_weeks": 26, "title": TITLE, "source": "L1"}


def _who(treated: int, untreated: int, unknown: int, excluded: dict[str, int]) -> dict[str, float | None]:
    """The table of who is included, as it is before disclosure control."""
    evaluation = Evaluation.model_validate(
        {
            "title": TITLE,
            "source": "L1",
            "ask": TITLE,
            "design": "regression",
            "index": {"state": "benefit"},
            "treated": "true",
            "outcomes": [JOB],
            "covariates": [{"field": "age", "title": TITLE}],
        }
    )
    study = Cohort(
        pl.DataFrame(
            {
                "treated": [True] * treated + [False] * (untreated + unknown),
                "job": [True] * (treated + untreated) + [None] * unknown,
            }
        ),
        treated + untreated + unknown + sum(excluded.values()),
        excluded,
    )
    rows = effects._attrition("e", evaluation, study, THRESHOLD).rows
    return {
        title.en: figure.value
        for title, figure in rows
        if isinstance(title, Text) and isinstance(figure, Figure)
    }


def test_a_line_of_few_stands_together_with_the_smallest_of_the_others() -> None:
    """300 - 175 - 50 - 62 - 12 would be the one whose line is hidden."""
    first, second = list(effects.REASONS)[:2]
    numbers = _who(50, 62, 1, {first: 175, second: 12})
    assert list(numbers.values()) == [175, 13, 50, 62, 300]
    assert list(_who(50, 62, 1, {first: 2, second: 3}).values()) == [6, 50, 62, 118]


def test_where_all_left_out_are_few_there_is_no_total() -> None:
    assert list(_who(50, 62, 1, {}).values()) == [1, 50, 62]
    assert list(_who(50, 62, 0, {}).values()) == [50, 62, 112]


def test_where_a_group_is_of_few_neither_total_nor_others_are_told() -> None:
    [first, *_] = effects.REASONS
    assert list(_who(3, 62, 7, {first: 175}).values()) == [3, 62]
