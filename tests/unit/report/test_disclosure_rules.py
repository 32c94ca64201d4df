"""Rules of disclosure beside the threshold: sums that one or two dominate, everybody, zeros, rounding, and the log."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from indsats.figure import Figure
from indsats.report import Group, Light, Reading, protect
from indsats.report.disclosure import Hidden, kept, log_csv, protection
from indsats.report.disclosure.rounding import interval, rounded
from tablebook import column, counts, document, figures, hidden, ruled, table


def amount(key: str, value: float, people: int = 20, *largest: float) -> Figure:
    return Figure(key, value, "amount", denominator=people, largest=largest)


def only(*shown: Figure, **rules: object) -> set[str]:
    return hidden(protect(ruled(column(*shown), **rules)))


@pytest.mark.parametrize(("largest", "gone"), [((500.0, 351.0), True), ((500.0, 349.0), False)])
def test_a_sum_that_two_people_make_up_is_hidden(largest: tuple[float, ...], gone: bool) -> None:
    assert only(amount("a", 1000.0, 20, *largest)) == ({"a"} if gone else set())
    assert only(amount("a", 1000.0, 20, *largest), dominance=None) == set()


def test_how_many_and_how_much_is_the_definitions_to_say() -> None:
    three = amount("a", 1000.0, 20, 350.0, 250.0, 200.0)
    assert only(three) == set()
    assert only(three, dominance={"largest": 3, "share": 0.75}) == {"a"}


@pytest.mark.parametrize(("rest", "gone"), [(59.0, True), (61.0, False)])
def test_the_second_largest_may_not_come_close_to_the_largest(rest: float, gone: bool) -> None:
    """p % with 10 %: what the two leave has to be at least a tenth of the largest."""
    found = amount("a", 600.0 + 500.0 + rest, 20, 600.0, 500.0)
    assert only(found, dominance=None, close=0.1) == ({"a"} if gone else set())


def test_a_mean_with_its_sum_is_judged_by_the_sum() -> None:
    assert only(Figure("a", 50.0, "mean", 1000.0, 20, largest=(900.0, 10.0))) == {"a"}


def test_a_sum_of_few_people_does_not_follow_from_the_total() -> None:
    sums = [
        amount("x", 300.0, 3),
        amount("y", 9000.0, 30),
        amount("z", 2000.0, 20),
        amount("all", 11300.0, 53),
    ]
    assert hidden(protect(column(*sums, total_row=-1))) == {"x", "z"}


def test_a_sum_that_is_hidden_with_a_smaller_one_is_not_known_to_within_a_tenth() -> None:
    """Y of 50 kroner would leave x known to within 50 of 1,000: z goes too."""
    sums = [
        amount("x", 1000.0, 20, 900.0, 50.0),
        amount("y", 50.0, 10),
        amount("z", 2000.0, 30),
        amount("all", 3050.0, 60),
    ]
    assert hidden(protect(column(*sums, total_row=-1))) == {"x", "y", "z"}


def test_a_total_that_is_shown_nowhere_still_binds_its_parts() -> None:
    """Places and months of one sum: the months tell what the places leave."""
    places = table([[f.id, f] for f in (amount("north", 300.0, 3), amount("south", 900.0, 20))], "places")
    months = table([[f.id, f] for f in (amount("may", 500.0, 20), amount("june", 700.0, 22))], "months")
    ways = (Group("whole", ("north", "south")), Group("whole", ("may", "june")))
    assert hidden(protect(document(places, months))) == {"north"}
    assert hidden(protect(document(places, months, groups=ways))) == {"north", "south"}


def test_shares_of_none_and_of_everybody_are_hidden_where_the_definition_says_so() -> None:
    shares = [Figure.share("none", 0, 30), Figure.share("all", 30, 30), Figure.share("some", 15, 30)]
    documents = [document(table([[one.id, one]])) for one in shares]
    assert [hidden(protect(one)) for one in documents] == [set(), set(), set()]
    gone = [hidden(protect(ruled(one, everybody="hide"))) for one in documents]
    assert gone == [{"none"}, {"all"}, set()]


def test_that_everybody_did_it_does_not_follow_from_a_count_of_them() -> None:
    did = Figure.count("did", 30)
    everybody = ruled(document(table([["r", Figure.share("share", 30, 30), did]])), everybody="hide")
    assert hidden(protect(everybody)) == {"share", "did"}


def test_zero_counts_as_small_where_the_definition_says_so() -> None:
    cells = [Figure.count(key, n) for key, n in (("x", 0), ("y", 30), ("z", 12), ("all", 42))]
    shown = column(*cells, total_row=-1)
    assert hidden(protect(shown)) == set()
    found = protection(ruled(shown, zeros="hide"))
    assert hidden(found.document) == {"x", "z"}
    assert [entry.rule for entry in found.log] == ["zero", "complementary"]


def test_a_zero_beside_a_total_that_equals_the_rest_takes_both_along() -> None:
    """With it all paired and none unpaired, either number would tell the zero."""
    pairs = [
        [
            name,
            *(Figure.count(f"{name}/{what}", n) for what, n in (("with", 30), ("without", 0), ("all", 30))),
        ]
        for name in ("job", "education")
    ]
    shown = protect(ruled(document(table(pairs, total_column=-1)), zeros="hide"))
    assert len(hidden(shown)) == 6


@pytest.mark.parametrize(
    ("number", "base", "shown"),
    [(2, 5, 0), (3, 5, 5), (7, 5, 5), (8, 5, 10), (2, 4, 4), (0, 5, 0), (-3, 5, -5)],
)
def test_a_count_becomes_the_nearest_multiple_and_half_way_the_farther(
    number: int, base: int, shown: int
) -> None:
    assert rounded(number, base) == shown


@given(st.integers(0, 500), st.integers(3, 12))
def test_what_a_reader_knows_of_a_rounded_count_is_exactly_who_would_be_rounded_alike(
    number: int, base: int
) -> None:
    low, high = interval(number, base)
    alike = [n for n in range(520) if rounded(n, base) == rounded(number, base)]
    assert (low, high) == (min(alike), max(alike))


def test_where_counts_are_rounded_small_ones_are_shown_as_multiples() -> None:
    share = Figure.share("s", 3, 52, excluded={"late": 2, "moved": 8}, low=0.01, high=0.2, p=0.04)
    found = figures(protect(ruled(column(Figure.count("c", 3), share), rounding=5)))
    assert (found["c"].value, found["c"].numerator) == (5, 5)
    shown = found["s"]
    assert (shown.numerator, shown.denominator, shown.value) == (5, 50, 0.1)
    assert dict(shown.excluded) == {"late": 0, "moved": 10}
    assert (shown.low, shown.high, shown.p) == (None, None, None)


def test_a_mean_keeps_its_value_and_not_the_sum_that_tells_how_many() -> None:
    shown = figures(protect(ruled(column(Figure("m", 2.5, "mean", 55.0, 22)), rounding=5)))["m"]
    assert (shown.value, shown.numerator, shown.denominator) == (2.5, None, 20)
    assert only(Figure("m", 2.5, "mean", 7.5, 3), rounding=5) == {"m"}


def test_a_rate_follows_its_rounded_events_and_keeps_its_time() -> None:
    shown = figures(protect(ruled(column(Figure("r", 0.36, "rate", 36, 100.5)), rounding=5)))["r"]
    assert shown.value is not None
    assert math.isclose(shown.value, 0.36 * 35 / 36)
    assert (shown.numerator, shown.denominator) == (35, 100.5)


def test_what_was_computed_from_exact_counts_is_not_shown_beside_rounded_ones() -> None:
    shares = [Figure.share("a", 22, 51), Figure.share("b", 31, 51)]
    derived = Figure("d", 9 / 51, "points", made_from=("a", "b"))
    p = Figure("p", 0.04, "p", made_from=("d",))
    found = protection(ruled(column(*shares, derived, p), rounding=5))
    assert hidden(found.document) == {"d", "p"}
    assert [(entry.figure, entry.rule) for entry in found.log] == [("d", "rounding"), ("p", "made_from")]


def test_a_rounded_small_count_that_sums_pin_down_is_hidden() -> None:
    """Three sevens (5: at most 7) and a two (0: at most 2) are 23 at most, and the whole (25) is 23 at least."""
    loose, narrow = ({"a": 7, "b": 7, "c": 7, "d": 2, "all": whole} for whole in (21, 23))
    loose["a"] = 5
    gone = []
    for numbers in (loose, narrow):
        sums = column(*(Figure.count(key, n) for key, n in numbers.items()), total_row=-1)
        gone.append(hidden(protect(ruled(sums, rounding=5))))
    assert gone == [set(), {"d"}]


def test_lights_and_sentences_on_rounded_small_counts_are_silent() -> None:
    rows = [
        [key, Figure.count(key, n), Light("met", key), Reading(da="når", en="reached", of=key)]
        for key, n in (("few", 3), ("many", 33))
    ]
    found = protect(ruled(document(table(rows)), rounding=5)).tables()[0].rows
    assert [row[2].status for row in found if isinstance(row[2], Light)] == ["too_few", "met"]
    assert [row[3] is None for row in found] == [True, False]


matrices = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(matrices, st.sampled_from((3, 5, 10)))
def test_rounded_counts_add_up_to_within_half_a_base_each(numbers: list[list[int]], base: int) -> None:
    found = figures(protect(ruled(document(counts(numbers)), rounding=base)))
    for i, row in enumerate(numbers):
        cells = [found[f"t/{i}/{j}"] for j in range(len(row) + 1)]
        if not any(cell.hidden for cell in cells):
            *parts, whole = (cell.value or 0 for cell in cells)
            assert all(part % base == 0 for part in (*parts, whole))
            assert abs(sum(parts) - whole) <= (len(row) + 1) * base / 2


@settings(max_examples=30, deadline=None)
@given(matrices)
def test_no_rounded_small_count_can_be_pinned_down_to_fewer_than_three(numbers: list[list[int]]) -> None:
    """An attacker of our own: every sum holds, every count shown is one that is rounded so."""
    true = [[*row, sum(row)] for row in numbers]
    true.append([sum(of) for of in zip(*true, strict=True)])
    found = figures(protect(ruled(document(counts(numbers)), rounding=5)))
    height, width = len(true), len(true[0])
    bounds = [
        (0, 500) if found[f"t/{i}/{j}"].hidden else interval(true[i][j], 5)
        for i, j in itertools.product(range(height), range(width))
    ]
    rows = [[i * width + j for j in range(width)] for i in range(height)]
    rows += [[i * width + j for i in range(height)] for j in range(width)]
    equal = [[(-1.0 if at == row[-1] else 1.0) * (at in row) for at in range(height * width)] for row in rows]
    for i, j in itertools.product(range(height), range(width)):
        if 0 < true[i][j] < 5:
            ends = []
            for sign in (1.0, -1.0):
                cost = [sign * (at == i * width + j) for at in range(height * width)]
                solved = linprog(cost, A_eq=equal, b_eq=[0.0] * len(rows), bounds=bounds, method="highs")
                ends.append(sign * solved.fun)
            assert math.floor(ends[1] + 1e-6) - math.ceil(ends[0] - 1e-6) + 1 >= 3


def test_tauargus_chooses_what_is_hidden_and_the_search_closes_the_rest() -> None:
    pytest.importorskip("pytauargus")
    first = counts([[40, 3, 25], [30, 22, 28], [18, 15, 33]])
    again = table([["r", Figure.count("t/0/2", 25), Figure.count("b", 2), Figure.count("both", 27)]], "u")
    linked = replace(document(first, again), groups=(Group("both", ("t/0/2", "b")),))
    own, theirs = (hidden(protect(ruled(linked, optimiser=one))) for one in ("own", "tauargus"))
    assert {"t/0/1", "b"} <= own
    assert {"t/0/1", "b"} <= theirs
    assert theirs & {"t/0/2", "both"}, "the two is not what the sum leaves"


def test_the_log_says_why_each_figure_is_hidden_and_shows_no_number() -> None:
    small = Figure.share("a", 3, 50, excluded={"late": 2})
    rest, dominant = Figure.share("b", 48, 50), amount("c", 1000.0, 20, 900.0)
    derived = Figure("d", -0.9, "points", made_from=("a", "b"))
    found = protection(
        column(small, rest, dominant, derived, Figure.share("e", 20, 40, excluded={"late": 2}))
    )
    assert set(found.log) == {
        Hidden("a", "numerator", "small count"),
        Hidden("a", "excluded: late", "small count"),
        Hidden("b", "rest", "rest of a share"),
        Hidden("c", "numerator", "dominance"),
        Hidden("d", "value", "made_from", "a"),
        Hidden("e", "excluded: late", "small count"),
    }
    assert kept(found.document) == (1, 5)
    lines = log_csv(found.log).splitlines()
    assert len(lines) == 1 + len(found.log)
    assert not any(character.isdigit() for line in lines for character in line)


def test_what_is_kept_is_asked_of_protected_documents_alone() -> None:
    with pytest.raises(ValueError, match="protect the document"):
        kept(column(Figure.count("a", 9)))


def test_the_log_names_the_count_another_is_hidden_for() -> None:
    cells = [Figure.count(key, n) for key, n in (("x", 3), ("y", 30), ("z", 12), ("all", 45))]
    assert protection(column(*cells, total_row=-1)).log == (
        Hidden("x", "numerator", "small count"),
        Hidden("z", "numerator", "complementary", "x"),
    )
