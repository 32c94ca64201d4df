"""The attack on 1,000 random linked tables: nothing protected is recovered, and what is hidden carelessly is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Column, Document, Table, protect
from indsats.report.disclosure import protection
from indsats.report.disclosure.attack import Found, attack
from linked_tables import (
    NAME,
    SHAPES,
    document,
    each_table_alone,
    kept,
    linked,
    secrets,
    small_ones_hidden,
    table,
    with_margins,
)

TABLES = 1000
CARELESS = 210


def recovered(found: tuple[Found, ...], *truths: Document) -> list[Found]:
    """The findings about true small counts that are right: a reader may also be wrong."""
    small = [secrets(truth) for truth in truths]
    return [
        one
        for one in found
        if any((number := s.get((one.figure, one.part))) and one.low <= number <= one.high for s in small)
    ]


def test_no_small_count_of_a_thousand_linked_tables_has_fewer_than_t_possible_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = every = small = 0
    for seed in range(TABLES):
        truth = linked(seed)
        done = protect(truth)
        assert recovered(attack([done]), truth) == [], (seed, SHAPES[seed % len(SHAPES)].__name__)
        some, all_of_them = kept(done)
        shown, every, small = shown + some, every + all_of_them, small + len(secrets(truth))
    with capsys.disabled():
        print(f"\n{TABLES} linked tables, {small} small counts: {shown} of {every} cells kept")  # noqa: T201
    # measured 0.64; the tables are small and a fifth of their cells are
    assert shown / every > 0.6


@pytest.mark.parametrize(
    ("careless", "least"), [(small_ones_hidden, 0.7), (each_table_alone, 0.5)], ids=["small", "alone"]
)
def test_what_is_hidden_carelessly_is_found_to_the_person(
    careless: Callable[[Document], Document], least: float
) -> None:
    alone = {"shared_margin", "hierarchy", "one_way"}
    tried: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for seed in range(CARELESS):
        truth = linked(seed)
        name = SHAPES[seed % len(SHAPES)].__name__
        small = secrets(truth)
        if not small or (careless is each_table_alone and name not in alone):
            continue
        tried[name] += 1
        found = attack([careless(truth)])
        broken[name] += any(one.low == one.high == small.get((one.figure, one.part)) for one in found)
    assert broken.total() / tried.total() > least, (broken, tried)
    assert all(broken.values())


def test_a_count_of_three_is_found_when_two_tables_hide_their_own_cells() -> None:
    """The published demonstration: one table's total counts the cells shown, the other's counts everybody."""
    counts = ((40, 3, 25), (30, 22, 28), (18, 15, 33))
    rows = [
        [place, *(Figure.count(f"{place}/{at}", n) for at, n in enumerate(row))]
        for place, row in zip("ABC", counts, strict=True)
    ]
    one_way = [
        [place, Figure.count(f"{place}/all", sum(row))] for place, row in zip("ABC", counts, strict=True)
    ]
    joined = [[*row, total[1]] for row, total in zip(rows, one_way, strict=True)]
    done = small_ones_hidden(document([table("cross", joined, total_column=-1), table("list", one_way)], 5))
    assert [(one.figure, one.low, one.high) for one in attack([done])] == [("A/1", 3, 3)]


def test_two_reports_one_person_apart_tell_of_the_one() -> None:
    first, second = (
        document([table("t", [["here", Figure.count("n/2016-01-01..2016-06-30", n)]])], 5) for n in (31, 32)
    )
    expected = Found("n/2016-01-01..2016-06-30", "n", 1, 1, "difference")
    assert attack([protect(first), protect(second)]) == (expected,)


def one_more(seed: int) -> tuple[Document, Document]:
    """A table with margins, and the same when one person more has come."""
    rng = np.random.default_rng(seed)
    threshold = int(rng.integers(3, 11))
    counts = rng.poisson(rng.gamma(1.2, 12.0, tuple(rng.integers(2, 5, 2))))
    more = counts.copy()
    more[tuple(rng.integers(0, counts.shape))] += 1

    def of(numbers: np.ndarray) -> Document:
        rows = [
            [f"r{i}", *(Figure.count(f"t/{i}/{j}", int(n)) for j, n in enumerate(row))]
            for i, row in enumerate(with_margins(numbers))
        ]
        return document([table("t", rows, total_row=-1, total_column=-1)], threshold)

    return of(counts), of(more)


def test_a_report_that_knows_of_the_one_before_tells_nothing_of_the_person_between() -> None:
    told_apart = 0
    for seed in range(60):
        first, second = one_more(seed)
        before = protection(first)
        released = before.release("first", datetime(2016, 8, 1, tzinfo=UTC))
        after = protection(second, [released])
        found = attack([before.document, after.document])
        assert [one for one in found if one.how == "difference"] == [], seed
        assert recovered(found, first, second) == [], seed
        told_apart += any(one.how == "difference" for one in attack([before.document, protect(second)]))
    assert told_apart > 30  # without the memory they do


def test_tables_turned_round_show_the_same_people() -> None:
    """Places are the rows of one table and the columns of another; the ids differ, the headings do not."""
    numbers = (3, 9, 20, 31)
    rows = [[f"p{i}", Figure.count(f"a/{i}", n)] for i, n in enumerate(numbers)]
    upright = table("a", [*rows, ["all", Figure.count("a/all", sum(numbers))]], total_row=-1)
    columns = (Column("what", NAME), *(Column(f"c{i}", Text(da=f"p{i}", en=f"p{i}")) for i in range(4)))
    across = Table(
        "b", NAME, columns, (("persons", *(Figure.count(f"b/{i}", n) for i, n in enumerate(numbers))),)
    )
    truth = document([upright, across], 5)
    assert recovered(attack([protect(truth)]), truth) == []


def test_subtotals_that_nobody_names_are_sums_as_well() -> None:
    """Units with their sites below them in one table: the sum holds in every column."""
    sites = {"A": ((3, 9, 5), (12, 14, 6), (20, 7, 8)), "B": ((8, 11, 9), (15, 6, 7))}
    rows: list[list[str | Figure]] = []
    for unit, numbers in sites.items():
        lines = [(unit, np.sum(numbers, axis=0)), *((f"{unit}{i}", line) for i, line in enumerate(numbers))]
        rows += [
            [name, *(Figure.count(f"{name}/{j}", int(n)) for j, n in enumerate(it))] for name, it in lines
        ]
    truth = document([table("t", rows)], 5)
    assert recovered(attack([protect(truth)]), truth) == []
