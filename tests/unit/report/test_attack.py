"""The attack: what it finds is what a reader with pencil and paper would, no more and no less."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.programme import DisclosureRules
from indsats.report import Document, Group, ProtectedFigure, Table, protect, write
from indsats.report.disclosure.attack import Found, attack
from indsats.report.disclosure.attack_files import attack_files, read_report
from linked_tables import document, small_ones_hidden, table, with_margins

NUMBERS = st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=3)


def gone(key: str, unit: str = "count") -> ProtectedFigure:
    return ProtectedFigure(key, None, unit, hidden=True)  # type: ignore[arg-type]


def shown(key: str, number: float) -> ProtectedFigure:
    return ProtectedFigure(key, number, "count", number)


def told(*tables: Table, threshold: int = 5, groups: tuple[Group, ...] = ()) -> Document:
    return replace(document(tables, threshold, groups), protected=True)


def column(*cells: Figure, key: str = "t", total_row: int | None = -1) -> Table:
    return table(key, [[cell.id, cell] for cell in cells], total_row=total_row)


def matrix(counts: Sequence[Sequence[int]]) -> Document:
    rows = [
        [f"r{i}", *(Figure.count(f"{i}/{j}", int(n)) for j, n in enumerate(row))]
        for i, row in enumerate(with_margins(np.array(counts)))
    ]
    return document([table("t", rows, total_row=-1, total_column=-1)], 4)


@settings(deadline=None, max_examples=40)
@given(NUMBERS)
def test_the_numbers_that_stay_possible_are_those_of_every_table_that_fits(counts: list[list[int]]) -> None:
    """All tables of whole numbers are tried one by one."""
    careless = small_ones_hidden(matrix(counts))
    cells = [(i, j) for i in range(len(counts) + 1) for j in range(3)]
    fits: list[dict[str, float]] = []
    known = {f.id: f.value for one in careless.tables() for f in one.figures()}
    inner = [(i, j) for i, j in cells if i < len(counts) and j < 2]
    choices = [range(13) if known[f"{i}/{j}"] is None else [known[f"{i}/{j}"]] for i, j in inner]
    if sum(len(choice) > 1 for choice in choices) > 3:
        return  # too many to try
    for numbers in itertools.product(*choices):
        world = with_margins(np.array(numbers).reshape(len(counts), 2).astype(int))
        if all(known[f"{i}/{j}"] in (None, world[i, j]) for i, j in cells):
            fits.append({f"{i}/{j}": float(world[i, j]) for i, j in cells})
    expected = set()
    for key in (key for key, value in known.items() if value is None):
        low, high = min(world[key] for world in fits), max(world[key] for world in fits)
        if high - low + 1 < 4 and low < 4 and high > 0:
            expected.add(Found(key, "n", low, high, "sums"))
    assert set(attack([careless])) == expected


def test_a_lone_hidden_count_in_a_sum_is_found() -> None:
    alone = told(column(gone("a"), shown("b", 9), shown("c", 12)))
    assert attack([alone]) == (Found("a", "n", 3, 3, "sums"),)
    assert attack([told(column(gone("a"), gone("b"), shown("c", 12)))]) == ()


def test_a_number_that_can_only_be_zero_is_none_where_zeros_are_shown() -> None:
    one = told(column(gone("a"), shown("b", 12), shown("c", 12)))
    assert attack([one]) == ()
    hidden = replace(one, rules=DisclosureRules(zeros="hide"))
    assert attack([hidden]) == (Found("a", "n", 0, 0, "sums"),)


def test_a_number_that_is_narrow_and_large_is_no_secret() -> None:
    assert attack([told(column(gone("a"), shown("b", 12), shown("c", 19)))]) == ()


def test_a_sum_that_does_not_hold_elsewhere_is_not_believed() -> None:
    rows = [[f"r{i}", shown(f"a{i}", n), shown(f"b{i}", n + 9)] for i, n in enumerate((7, 8))]
    several = [*rows, ["all", shown("a", 13), shown("b", 31)]]
    several[0][1] = gone("a0")
    assert attack([told(table("t", several, total_row=-1))]) == ()


def test_a_group_is_a_sum_over_tables() -> None:
    tables = column(gone("a"), shown("b", 9), total_row=None), column(shown("c", 11), key="u", total_row=None)
    assert attack([told(*tables)]) == ()
    expected = (Found("a", "n", 2, 2, "sums"),)
    assert attack([told(*tables, groups=(Group("c", ("a", "b")),))]) == expected


def test_what_is_left_of_a_share_is_found_as_well() -> None:
    """48 of 50, where the 50 stand beside it and the rest of the 90 who reached it elsewhere."""
    share, total = gone("s/a", "share"), ProtectedFigure("s", 0.9, "share", 90, 100)
    other = ProtectedFigure("s/b", 0.84, "share", 42, 50)
    found = attack([told(column(share, other, total))])
    assert found == (Found("s/a", "rest", 2, 2, "sums"),)


def test_rows_left_out_are_counts_too() -> None:
    few = ProtectedFigure("a", 0.5, "share", 20, 40, {}, few=("late",))
    other = ProtectedFigure("b", 0.5, "share", 20, 40, {"late": 9})
    total = ProtectedFigure("c", 0.5, "share", 40, 80, {"late": 11})
    assert attack([told(column(few, other, total))]) == (Found("a", "x:late", 2, 2, "sums"),)


def test_a_sum_behind_a_mean_is_a_finding_only_when_it_is_known_exactly() -> None:
    means = [ProtectedFigure(key, n / d, "mean", n, d) for key, n, d in (("b", 30.5, 10), ("c", 40.0, 14))]
    found = attack([told(column(gone("a", "mean"), *means))])
    assert found == (Found("a", "d", 4, 4, "sums"), Found("a", "n", 9.5, 9.5, "sums"))
    assert attack([told(column(gone("a", "mean"), gone("b", "mean"), means[1]))]) == ()


def test_weighted_counts_are_found_as_they_are() -> None:
    assert attack([told(column(gone("a"), shown("b", 9.4), shown("c", 12.0)))]) == (
        Found("a", "n", 2.6, 2.6, "sums"),
    )


def test_a_figure_hidden_in_one_document_and_shown_in_another_is_known() -> None:
    first, second = (
        column(gone("a"), shown("b", 9), key="t", total_row=None),
        column(shown("a", 3), total_row=None),
    )
    assert attack([told(first), told(second)]) == (Found("a", "n", 3, 3, "sums"),)


def test_periods_that_share_an_end_tell_what_happened_between() -> None:
    names = ("n/2016-01-01..2016-03-31", "n/2016-01-01..2016-06-30")
    one = told(column(shown(names[0], 20), shown(names[1], 23), total_row=None))
    assert attack([one]) == ()  # for all a reader knows, they are stocks
    adding = replace(one, adds_up=frozenset(names))
    rest = "n/2016-04-01..2016-06-30"
    assert attack([adding]) == (Found(rest, "n", 3, 3, "sums"),)
    apart = [
        replace(told(column(shown(k, n), total_row=None)), adds_up=frozenset({k}))
        for k, n in zip(names, (20, 23), strict=True)
    ]
    assert attack(apart) == (Found(rest, "n", 3, 3, "sums"),)


def test_rounded_counts_leave_three_numbers_at_least() -> None:
    rules = DisclosureRules(rounding=5)
    rounded = replace(told(column(shown("a", 5), shown("b", 10), shown("c", 15))), rules=rules)
    assert attack([rounded]) == ()
    # 7 and 12 at most, 18 at least: only 6 or 7 and 11 or 12
    narrow = replace(told(column(shown("a", 5), shown("b", 10), shown("c", 20))), rules=rules)
    assert attack([narrow], threshold=8) == (Found("a", "n", 6, 7, "sums"),)


def test_documents_that_were_not_protected_are_refused() -> None:
    with pytest.raises(ValueError, match="protect the document first"):
        attack([document([column(Figure.count("a", 3))], 5)])


def test_a_threshold_of_none_finds_nothing() -> None:
    assert attack([told(column(gone("a"), shown("b", 9), shown("c", 12)), threshold=0)]) == ()
    assert attack([]) == ()


def test_files_tell_what_the_document_does_but_for_sums_it_only_named(tmp_path: Path) -> None:
    numbers = [[3, 9, 20], [12, 14, 30]]
    careless = small_ones_hidden(matrix(numbers))
    write(careless, tmp_path / "careless")
    write(matrix(numbers), tmp_path / "protected")
    # nobody says there which row is the sum; it holds in the columns shown whole
    assert Found("0/0", "n", 3, 3, "sums") in attack_files([tmp_path / "careless"])
    assert attack_files([tmp_path / "protected"]) == ()
    again = read_report(tmp_path / "careless")
    assert [f.id for one in again.tables() for f in one.figures()] == [
        f.id for one in careless.tables() for f in one.figures()
    ]
    assert attack_files([tmp_path / "careless"], threshold=2) == ()


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"results\.json.*no such file"):
        attack_files([tmp_path])
    (tmp_path / "results.json").write_text(json.dumps({"figures": []}), encoding="utf-8")
    with pytest.raises(InputRefused, match="no report that this version wrote"):
        attack_files([tmp_path])
    write(matrix([[9, 12], [20, 30]]), tmp_path)
    (tmp_path / "tables" / "t.csv").unlink()
    with pytest.raises(InputRefused, match=r"t\.csv.*no such file"):
        attack_files([tmp_path])


def test_a_protected_document_gives_nothing_away() -> None:
    assert attack([protect(matrix([[40, 3, 25], [30, 22, 28], [18, 15, 33]]))]) == ()
