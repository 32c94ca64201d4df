"""Disclosure control: what is hidden, what is not, and that nobody can subtract their way back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import (
    Chart,
    Column,
    Document,
    Group,
    Light,
    ProtectedFigure,
    Reading,
    Section,
    Table,
    protect,
)
from indsats.report.disclosure import CurvePoint
from tablebook import ANY, counts, document, hidden, table


def distribution(numbers: Sequence[Sequence[int]]) -> Table:
    """Shares of each row's sum, with the sums, and all rows together below: as classes by unit are shown."""
    rows = [*numbers, [sum(column) for column in zip(*numbers, strict=True)]]
    cells = [
        [
            f"r{i}",
            Figure.count(f"{i}/n", sum(row)),
            *(Figure.share(f"{i}/{j}", n, sum(row)) for j, n in enumerate(row)),
        ]
        for i, row in enumerate(rows)
    ]
    return table(cells, total_row=-1)


def only(*figures: Figure, threshold: int = 5) -> set[str]:
    return hidden(protect(document(table([["r", *figures]]), threshold=threshold)))


@pytest.mark.parametrize(("count", "gone"), [(0, False), (1, True), (4, True), (5, False)])
def test_counts_from_one_to_four_are_hidden(count: int, gone: bool) -> None:
    assert only(Figure.count("a", count)) == ({"a"} if gone else set())


@pytest.mark.parametrize(
    ("numerator", "denominator", "gone"),
    [
        (3, 100, True),
        (97, 100, True),
        (0, 100, False),
        (100, 100, False),
        (2, 4, True),
        (0, 4, True),
        (5, 10, False),
    ],
)
def test_a_share_is_hidden_when_a_part_or_what_is_left_is_small(
    numerator: int, denominator: int, gone: bool
) -> None:
    assert only(Figure.share("a", numerator, denominator)) == ({"a"} if gone else set())


def test_a_share_of_nobody_is_no_secret() -> None:
    assert only(Figure.share("a", 0, 0)) == set()


def test_a_mean_is_judged_by_its_denominator_alone() -> None:
    assert only(Figure("a", 0.5, "mean", 3, 6), Figure("b", 3.0, "mean", 12, 4)) == {"b"}


def test_a_change_is_hidden_when_few_were_touched_before_or_after() -> None:
    many, few = Figure("a", 1.0, "change", 40, 20), Figure("b", -0.9, "change", 2, 20)
    assert only(many, few, Figure("c", 9.0, "change", 30, 3)) == {"b", "c"}


def test_what_is_about_places_is_no_secret_of_a_person() -> None:
    answered = Figure("a", 3.4, "mean", 10.2, 3, {"incomplete": 1}, of="places")
    assert only(answered, Figure.share("b", 1, 3, of="places"), Figure.share("c", 1, 3)) == {"c"}


def test_threshold_zero_hides_nothing() -> None:
    assert only(Figure.count("a", 1), Figure.share("b", 1, 2), threshold=0) == set()


def test_a_figure_is_hidden_in_every_table() -> None:
    small = Figure.count("a", 3)
    done = protect(document(table([["r", small]], "one"), table([["r", small, Figure.count("b", 9)]], "two")))
    assert hidden(done) == {"a"}


def test_the_lone_small_cell_of_a_total_takes_the_next_smallest_along() -> None:
    column = [["x", Figure.count("x", 3)], ["y", Figure.count("y", 30)], ["z", Figure.count("z", 12)]]
    done = protect(document(table([*column, ["all", Figure.count("all", 45)]], total_row=-1)))
    assert hidden(done) == {"x", "z"}


def test_two_small_cells_whose_sum_is_small_take_a_third_along() -> None:
    cells = [Figure.count(key, n) for key, n in (("x", 1), ("y", 2), ("z", 40), ("all", 43))]
    done = protect(document(table([[f.id, f] for f in cells], total_row=-1)))
    assert hidden(done) == {"x", "y", "z"}


def test_margins_of_two_tables_do_not_reveal_a_cell() -> None:
    """The case where a tool that looks at one table at a time gives away a cell of 3."""
    done = protect(document(counts([[40, 3, 25], [30, 22, 28], [18, 15, 33]])))
    gone = hidden(done)
    assert "t/0/1" in gone
    assert all(key not in gone for key in ("t/0/3", "t/3/1", "t/3/3"))
    assert len(gone) == 4


def test_the_last_share_of_a_distribution_does_not_follow_from_the_others() -> None:
    shares = [Figure.share(f"c{i}", n, 100) for i, n in enumerate((50, 3, 30, 17))]
    assert only(*shares) == {"c1", "c3"}


def test_a_count_beside_a_share_does_not_give_its_numerator_away() -> None:
    rows = [
        [str(i), Figure.count(f"n{i}", n), Figure.share(f"s{i}", n, 50)]
        for i, n in enumerate((3, 20, 25, 47))
    ]
    total = ["all", Figure.count("n", 95), Figure.share("s", 95, 200)]
    gone = hidden(protect(document(table([*rows, total], total_row=-1))))
    assert {"n0", "s0"} <= gone
    assert {key[1:] for key in gone if key[0] == "n"} == {key[1:] for key in gone if key[0] == "s"}


def test_a_group_over_two_tables_is_known_to_the_reader_and_to_us() -> None:
    own, others, everybody = Figure.count("own", 3), Figure.count("others", 97), Figure.count("all", 100)
    tables = table([["r", own, others]], "one"), table([["r", everybody]], "two")
    assert hidden(protect(document(*tables))) == {"own"}
    gone = hidden(protect(document(*tables, groups=(Group("all", ("own", "others")),))))
    assert gone == {"own", "others"}


def test_those_who_took_one_step_are_those_the_next_one_is_told_of() -> None:
    """Of 40, 20 came to the first step; of those 20, 18 to the second; of those 18, 9 to the third. Two are few, and
    20 and 18 stand beside them."""
    steps = [
        Figure.share(f"indicator/{name}/outreach/p", n, d)
        for name, n, d in (("first", 20, 40), ("second", 18, 20), ("third", 9, 18))
    ]
    found = hidden(protect(document(table([[one.id, one] for one in steps]))))
    assert "indicator/second/outreach/p" in found
    assert found & {"indicator/first/outreach/p", "indicator/third/outreach/p"}


def test_as_many_at_two_sites_are_not_the_same_people() -> None:
    """The 20 of whom 18 came at one site are no reason to hide the 20 of 40 at another."""
    here, there = (
        Figure.share(f"indicator/came/site.{site}/p", n, d) for site, n, d in (("a", 18, 20), ("b", 20, 40))
    )
    assert hidden(protect(document(table([["a", here], ["b", there]])))) == {here.id}


def test_a_group_with_a_figure_that_is_not_shown_binds_nobody() -> None:
    done = document(
        table([["r", Figure.count("a", 3), Figure.count("b", 9)]]), groups=(Group("c", ("a", "b")),)
    )
    assert hidden(protect(done)) == {"a"}


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_total_that_nobody_declared_is_found(at: int) -> None:
    rows = [["x", Figure.count("x", 3)], ["y", Figure.count("y", 30)], ["z", Figure.count("z", 12)]]
    rows.insert(at, ["all", Figure.count("all", 45)])
    assert hidden(protect(document(table(rows)))) == {"x", "z"}


def test_a_table_of_nobody_has_no_totals_to_subtract_in() -> None:
    columns = (Column("name", ANY), Column("n", ANY, "count"))
    empty = Table("t", ANY, columns, (), total_column=-1)
    assert hidden(protect(document(empty))) == set()


def test_shares_in_another_table_do_not_give_the_counts_away() -> None:
    counts_of = {"x": 3, "y": 30, "z": 12, "all": 45}
    first = table([[key, Figure.count(f"n/{key}", n)] for key, n in counts_of.items()], "first", total_row=-1)
    second = table([[key, Figure.share(f"s/{key}", n, 100)] for key, n in counts_of.items()], "second")
    assert hidden(protect(document(first, second))) == {"n/x", "n/z", "s/x", "s/z"}


def test_what_is_made_from_a_hidden_figure_is_hidden() -> None:
    small = Figure.share("a", 3, 50)
    difference = Figure("b", -0.1, "share", made_from=("a", "elsewhere"))
    p = Figure("c", 0.04, "p", made_from=("b",))
    free = Figure("d", 0.3, "share", made_from=("elsewhere",))
    assert only(small, difference, p, free) == {"a", "b", "c"}


def test_a_curve_shows_no_step_of_one_to_four_persons() -> None:
    at_risk = [100, 98, 96, 93, 93, 40, 38, 4]
    rows = [
        [str(week), week, Figure(f"k{week}", n / 100, "share", None, n)] for week, n in enumerate(at_risk)
    ]
    curve = Chart("c", ANY, "t", "survival", {"time": "c1", "survival": "c2"}, ANY)
    done = replace(document(table(rows)), sections=(Section(ANY, (table(rows), curve)),))
    assert hidden(protect(done)) == {"k1", "k2", "k6", "k7"}


def curve(points: Sequence[Figure], *further: Figure) -> Document:
    """A curve's points week by week, and beside it what was made from them."""
    rows = [[str(week), week, point] for week, point in enumerate(points)]
    chart = Chart("c", ANY, "t", "survival", {"time": "c1", "survival": "c2"}, ANY)
    blocks = (table(rows), chart, *([table([["r", *further]], "u")] if further else []))
    return replace(document(table(rows)), sections=(Section(ANY, blocks),))


def point(key: str, persons: int, reached: int, lost: int = 0) -> CurvePoint:
    value = round(1 - reached / persons, 3)
    left = persons - reached - lost
    return CurvePoint(key, value, "share", None, left, reached=reached, lost=lost)


def test_a_first_step_of_a_single_person_is_hidden_although_nobody_was_lost_before_it() -> None:
    """Counted before its own events: 0.982 of 55 is all but one person."""
    start = Figure("start", 1.0, "share", given=True)
    counted_before = [Figure("k4", 0.982, "share", None, 55), Figure("k8", 0.909, "share", None, 50)]
    assert hidden(protect(curve([start, *counted_before]))) == {"k4"}


def test_a_curve_is_judged_by_who_reached_the_outcome_and_who_was_lost_since_the_point_before() -> None:
    points = [
        point("start", 60, 0),
        point("one", 60, 1),
        point("five", 60, 5),
        point("five-lost-two", 60, 5, 2),
        point("ten-lost-two", 60, 10, 2),
        point("eleven-lost-six", 60, 11, 6),
        point("twelve-lost-six", 60, 12, 6),
        point("few-left", 60, 52, 6),
    ]
    gone = hidden(protect(curve(points)))
    assert gone == {"one", "five-lost-two", "ten-lost-two", "twelve-lost-six", "few-left"}


def test_a_curves_first_point_is_set_against_the_group_that_it_began_with() -> None:
    assert hidden(protect(curve([point("a", 60, 3), point("b", 60, 9)]))) == {"a"}
    assert hidden(protect(curve([point("a", 4, 0), point("b", 4, 4)]))) == {"a", "b"}


def test_how_many_reached_the_outcome_is_judged_and_not_shown() -> None:
    test = Figure("p", 0.03, "p", made_from=("a", "b"))
    done = protect(curve([point("a", 60, 0), point("b", 60, 9, 7)], test))
    assert hidden(done) == set()
    assert all(type(figure) is ProtectedFigure for table in done.tables() for figure in table.figures())
    assert hidden(protect(curve([point("a", 60, 0), point("b", 60, 9, 1)], test))) == {"b", "p"}


def levels(sides: Mapping[str, Sequence[int]], groups: tuple[Group, ...]) -> Document:
    """A table of two fields, of two and of four levels, with a column for each side."""
    names = ("man", "woman", "a", "b", "c", "d")
    rows = [
        [name, *(Figure.share(f"{name}/{side}", n[i], n[0] + n[1]) for side, n in sides.items())]
        for i, name in enumerate(names)
    ]
    return document(table(rows, groups=groups))


def test_the_levels_of_one_field_in_a_column_of_several_do_not_give_the_last_away() -> None:
    sides = {"treated": (25, 30, 6, 34, 3, 12), "untreated": (73, 61, 19, 56, 25, 34)}
    fields = tuple(
        Group(f"{names[0]}/{side}", tuple(f"{name}/{side}" for name in names))
        for names in (("man", "woman"), ("a", "b", "c", "d"))
        for side in sides
    )
    assert hidden(protect(levels(sides, ()))) == {"c/treated"}
    assert hidden(protect(levels(sides, fields))) == {"c/treated", "a/treated"}


def test_a_level_shown_in_another_table_too_is_hidden_in_both() -> None:
    sides = {"treated": (25, 30, 6, 34, 3, 12)}
    groups = (
        Group("a/treated", ("a/treated", "b/treated", "c/treated", "d/treated")),
        Group("again", ("a/treated",)),
    )
    first = levels(sides, groups).tables()[0]
    assert hidden(protect(document(first, table([["r", Figure.count("again", 6)]], "u")))) == {
        "c/treated",
        "a/treated",
        "again",
    }


def test_a_total_that_counts_each_person_once_is_no_sum() -> None:
    rows = [["x", Figure.count("x", 3)], ["y", Figure.count("y", 40)], ["all", Figure.count("all", 41)]]
    assert hidden(protect(document(table(rows, total_row=-1)))) == {"x"}


def test_small_numbers_of_excluded_rows_are_hidden_and_cannot_be_subtracted() -> None:
    x = Figure.share("x", 20, 50, excluded={"late": 2, "moved": 9})
    y = Figure.share("y", 30, 60, excluded={"late": 11})
    z = Figure.share("z", 30, 60, excluded={"late": 17})
    everybody = Figure.share("all", 80, 170, excluded={"late": 30, "moved": 9})
    done = protect(document(table([["x", x], ["y", y], ["z", z], ["all", everybody]], total_row=-1)))
    shown = {figure.id: figure for figure in done.tables()[0].figures()}
    assert isinstance(shown["x"], ProtectedFigure)
    assert isinstance(shown["y"], ProtectedFigure)
    assert hidden(done) == set()
    assert (dict(shown["x"].excluded), shown["x"].few) == ({"moved": 9}, ("late",))
    assert (dict(shown["y"].excluded), shown["y"].few) == ({}, ("late",))
    assert dict(shown["z"].excluded) == {"late": 17}


def test_a_light_on_a_hidden_figure_says_too_few() -> None:
    small, large = Figure.count("a", 3), Figure.count("b", 30)
    rows = [
        ["r", small, large, Light("met", "a"), Light("met", "b"), Light("met")],
        ["s", large, large, Light("met", "b"), Light("near", "b"), Light("near")],
    ]
    lights = [
        [cell.status for cell in row if isinstance(cell, Light)]
        for row in protect(document(table(rows))).tables()[0].rows
    ]
    assert lights == [["too_few", "met", "too_few"], ["met", "near", "near"]]


def test_a_sentence_that_follows_from_a_hidden_figure_is_left_out() -> None:
    small, large = Figure.count("a", 3), Figure.count("b", 30)
    rows = [
        ["r", small, Reading(da="lav", en="low", of="a")],
        ["s", large, Reading(da="høj", en="high", of="b")],
    ]
    said = [row[2] for row in protect(document(table(rows))).tables()[0].rows]
    assert said == [None, Text(da="høj", en="high")]


def test_numbers_that_were_set_are_never_hidden() -> None:
    goal = Figure("goal", 3.0, "count")
    columns = (Column("name", ANY), Column("goal", ANY, "count", about_people=False))
    assert hidden(protect(document(Table("t", ANY, columns, (("r", goal),))))) == set()


def test_a_number_without_parts_is_a_target_or_an_estimate_and_stays() -> None:
    assert only(Figure("a", 0.4, "share"), Figure("b", 3.0, "count", method="fixed")) == set()


def test_one_id_cannot_stand_for_two_numbers() -> None:
    with pytest.raises(ValueError, match="'a' stands for two"):
        protect(document(table([["r", Figure.count("a", 9), Figure.count("a", 8)]])))


def test_protecting_twice_changes_nothing() -> None:
    once = protect(document(counts([[40, 3, 25], [30, 22, 28], [18, 15, 33]])))
    assert protect(once) == once


def ends(true: list[list[int]], gone: set[tuple[int, int]], cell: tuple[int, int]) -> tuple[float, float]:
    """What an attacker knows of a hidden cell: all sums hold, no count is negative. Totals are cells too."""
    order = {at: i for i, at in enumerate(sorted(gone))}
    rows, columns = len(true), len(true[0])
    equal: list[list[float]] = []
    right: list[float] = []
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    lines += [[(i, j) for i in range(rows)] for j in range(columns)]
    for line in lines:
        weights, known = [0.0] * len(order), 0.0
        for at, sign in ((at, -1.0 if at == line[-1] else 1.0) for at in line):
            if at in order:
                weights[order[at]] = sign
            else:
                known += sign * true[at[0]][at[1]]
        equal.append(weights)
        right.append(-known)
    found = []
    for sign in (1.0, -1.0):
        cost = [0.0] * len(order)
        cost[order[cell]] = sign
        solved = linprog(cost, A_eq=equal, b_eq=right, bounds=(0, 10_000), method="highs")
        assert solved.status == 0
        found.append(sign * solved.fun)
    return found[0], found[1]


numbers_of_people = st.integers(0, 12) | st.integers(13, 60)
matrices = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(numbers_of_people, min_size=width, max_size=width), min_size=2, max_size=5
    )
)


@settings(max_examples=60, deadline=None)
@given(matrices, st.sampled_from((3, 5)))
def test_an_attacker_is_left_with_t_possibilities_for_each_small_cell(
    numbers: list[list[int]], threshold: int
) -> None:
    true = [[*row, sum(row)] for row in numbers]
    true.append([sum(column) for column in zip(*true, strict=True)])
    gone = {
        (int(i), int(j))
        for _, i, j in (
            key.split("/") for key in hidden(protect(document(counts(numbers), threshold=threshold)))
        )
    }
    for i, j in itertools.product(range(len(true)), range(len(true[0]))):
        if 0 < true[i][j] < threshold:
            assert (i, j) in gone
            low, high = ends(true, gone, (i, j))
            assert math.floor(high + 1e-6) - math.ceil(low - 1e-6) + 1 >= threshold


@settings(max_examples=40, deadline=None)
@given(matrices)
def test_in_a_distribution_no_small_number_can_be_worked_out(numbers: list[list[int]]) -> None:
    gone = hidden(protect(document(distribution(numbers))))
    rows = [*numbers, [sum(column) for column in zip(*numbers, strict=True)]]
    true = [[*row, sum(row)] for row in rows]
    unknown = {
        (i, j)
        for i, row in enumerate(rows)
        for j in range(len(row) + 1)
        if (
            {f"{i}/n", *(f"{i}/{k}" for k in range(len(row)))} <= gone
            if j == len(row)
            else f"{i}/{j}" in gone
        )
    }
    for i, row in enumerate(true):
        for j, number in enumerate(row):
            if 0 < number < 5:
                assert (i, j) in unknown
                low, high = ends(true, unknown, (i, j))
                assert math.floor(high + 1e-6) - math.ceil(low - 1e-6) + 1 >= 5


@settings(max_examples=40, deadline=None)
@given(matrices)
def test_nothing_is_hidden_where_nothing_is_small(numbers: list[list[int]]) -> None:
    grown = [[number + 5 for number in row] for row in numbers]
    assert hidden(protect(document(counts(grown)))) == set()
