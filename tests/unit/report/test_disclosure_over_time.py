"""Disclosure control over time: what earlier reports and a new one tell together."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.report import Document, protect
from indsats.report.disclosure import (
    Hidden,
    Release,
    add_release,
    log_csv,
    protect_all,
    protection,
    protection_of_all,
    read_releases,
)
from tablebook import column, counts, document, figures, hidden, ruled

JULY, LATER = datetime(2016, 7, 1, tzinfo=UTC), datetime(2017, 1, 10, tzinfo=UTC)
HALF, YEAR, REST = "2016-01-01..2016-06-30", "2016-01-01..2016-12-31", "2016-07-01..2016-12-31"


def released(of: Document, earlier: Sequence[Release] = (), name: str = "first") -> Release:
    return protection(of, earlier).release(name, JULY)


def one(number: int, key: str = "a") -> Document:
    return column(Figure.count(key, number))


def over(*ids_and_numbers: tuple[str, int]) -> Document:
    """Counts of what happened in the periods their ids end with."""
    shown = column(*(Figure.count(key, number) for key, number in ids_and_numbers))
    return replace(shown, adds_up=frozenset(key for key, _ in ids_and_numbers))


@pytest.mark.parametrize(("now", "gone"), [(20, False), (21, True), (16, True), (24, True), (25, False)])
def test_the_same_thing_one_to_four_people_apart_is_hidden(now: int, gone: bool) -> None:
    assert hidden(protect(one(now), [released(one(20))])) == ({"a"} if gone else set())


def test_where_nothing_was_shown_before_a_new_number_takes_nothing_away() -> None:
    """The three were hidden; the sixteen now say nothing of them."""
    assert hidden(protect(one(7), [released(one(3))])) == set()


def test_a_share_is_hidden_when_few_more_did_not_reach_it() -> None:
    """Eleven more were asked and nine more said yes: two of the eleven did not."""
    before, now = column(Figure.share("a", 20, 50)), column(Figure.share("a", 29, 61))
    assert hidden(protect(now, [released(before)])) == {"a"}
    assert hidden(protect(column(Figure.share("a", 29, 64)), [released(before)])) == set()


def test_a_mean_of_one_person_more_is_hidden() -> None:
    before, now = (column(Figure("a", 2.0, "mean", 2.0 * n, n)) for n in (20, 21))
    assert hidden(protect(now, [released(before)])) == {"a"}


def test_few_more_left_out_are_hidden_and_the_figure_stays() -> None:
    before, now = (column(Figure.share("a", 20, 50, excluded={"late": n})) for n in (8, 10))
    found = figures(protect(now, [released(before)]))["a"]
    assert (found.hidden, found.few, dict(found.excluded)) == (False, ("late",), {})


def test_an_old_small_count_stays_hidden_when_a_new_table_shows_its_sum() -> None:
    """x = 3 was hidden alone; now the others and their sum are told without it."""
    before = column(Figure.count("x", 3), Figure.count("y", 9))
    now = column(Figure.count("y", 9), Figure.count("z", 30), Figure.count("all", 42))
    old = released(before)
    assert hidden(protect(now, [old])) == set()  # nobody says that x is a part of it
    named = column(*(Figure.count(key, n) for key, n in (("x", 3), ("y", 9), ("all", 12))), total_row=-1)
    assert hidden(protect(named)) == {"x", "y"}
    # y was told before: hiding it now does not help, so the sum is hidden as well
    assert hidden(protect(named, [old])) == {"x", "y", "all"}


def test_another_choice_of_what_to_hide_does_not_give_the_first_away() -> None:
    first = counts([[40, 3, 25], [30, 22, 28], [18, 15, 33]])
    old = released(document(first))
    again = protect(document(first), [old])
    assert hidden(again) == hidden(protect(document(first)))


def test_what_is_left_between_two_periods_that_share_an_end_is_a_count_too() -> None:
    old = released(over((f"indicator/a/{HALF}", 20)))
    year = f"indicator/a/{YEAR}"
    assert hidden(protect(over((year, 23)), [old])) == {year}
    assert hidden(protect(over((year, 26)), [old])) == set()
    assert hidden(protect(over((year, 20)), [old])) == set()
    stock = replace(over((year, 23)), adds_up=frozenset[str]())
    assert hidden(protect(stock, [old])) == set(), "a stock of people does not add up over time"


def test_the_half_that_was_hidden_does_not_follow_from_the_year() -> None:
    """20 in the first half were told, 3 in the second hidden: the year's 23 would tell."""
    first = released(over((f"indicator/a/{HALF}", 20)), name="first")
    second = protection(over((f"indicator/a/{REST}", 3)), [first]).release("second", LATER)
    year = protection(over((f"indicator/a/{YEAR}", 23)), [first, second])
    assert hidden(year.document) == {f"indicator/a/{YEAR}"}
    assert {(entry.rule, entry.because) for entry in year.log} <= {
        ("earlier release", "first"),
        ("earlier release", "second"),
    }


def test_of_two_periods_in_one_report_one_is_hidden_when_few_lie_between() -> None:
    gone = hidden(protect(over((f"indicator/a/{HALF}", 20), (f"indicator/a/{YEAR}", 23))))
    assert len(gone) == 1


def test_what_earlier_releases_give_away_together_is_told_and_breaks_nothing() -> None:
    """Two reports left without knowing of each other; nothing can be done about it now."""
    first, second = released(one(20)), released(one(21), name="second")
    found = protection(column(Figure.count("b", 30)), [first, second])
    assert hidden(found.document) == set()
    assert found.log == (Hidden("a", "numerator", "given away", "second"),)


def test_only_releases_of_the_same_programme_count() -> None:
    other = replace(released(one(20)), programme="another")
    assert hidden(protect(one(21), [other])) == set()


def test_rounded_numbers_of_two_reports_tell_nobody_apart() -> None:
    rounds = {"rounding": 5}
    old = released(ruled(one(21), **rounds))
    assert hidden(protect(ruled(one(22), **rounds), [old])) == set()


def test_the_log_names_the_release_and_no_number() -> None:
    log = protection(one(21), [released(one(20))]).log
    assert log == (Hidden("a", "numerator", "earlier release", "first"),)
    assert log_csv(log) == "figure,part,rule,because\na,numerator,earlier release,first\n"


def test_a_release_is_read_as_it_was_written_for_its_owner_alone(tmp_path: Path) -> None:
    first = released(document(counts([[40, 3, 25], [30, 22, 28]])))
    second = released(
        ruled(column(Figure.share("s", 20, 50, excluded={"late": 2})), rounding=5), name="second"
    )
    folder = tmp_path / "releases"
    assert read_releases(folder) == ()
    written = [add_release(folder, release) for release in (second, first)]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written)
    assert read_releases(folder) == (first, second)
    assert sorted(path.name for path in folder.iterdir()) == ["first.json", "second.json"]


def test_a_release_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = add_release(tmp_path, released(one(20)))
    before = path.read_bytes()
    with pytest.raises(InputRefused, match="already a release 'first'"):
        add_release(tmp_path, released(one(30)))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["first.json"]


def test_a_broken_release_is_refused_by_name(tmp_path: Path) -> None:
    add_release(tmp_path, released(one(20)))
    (tmp_path / "broken.json").write_text('{"name": "broken"', encoding="utf-8")
    with pytest.raises(InputRefused, match=r"broken\.json"):
        read_releases(tmp_path)


def test_a_release_knows_where_it_belongs() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        released(one(20), name="../first")
    with pytest.raises(ValueError, match="time zone"):
        protection(one(20)).release("first", datetime(2016, 7, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="protected before"):
        protection(protect(one(20))).release("first", JULY)
    with pytest.raises(ValueError, match="the same name"):
        protect(one(20), [released(one(20)), released(one(30))])


def test_letters_that_one_reader_may_have_all_of_are_protected_as_one() -> None:
    """The total stands in one letter and its parts in others."""
    whole = [Figure.count(key, n) for key, n in (("x", 3), ("y", 9), ("all", 12))]
    letters = [column(*whole, total_row=-1), column(whole[1])]
    assert hidden(protect(letters[1])) == set()
    assert [hidden(letter) for letter in protect_all(letters)] == [{"x", "y"}, {"y"}]
    assert {entry.figure for entry in protection_of_all(letters).log} == {"x", "y"}
    with pytest.raises(ValueError, match="several documents"):
        _ = protection_of_all(letters).document
    with pytest.raises(ValueError, match="rules are the same"):
        protect_all([letters[0], ruled(letters[1], rounding=5)])
    with pytest.raises(ValueError, match="two different numbers"):
        protect_all([one(20), one(21)])


matrix = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4)


@st.composite
def one_person_apart(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]]]:
    before = draw(matrix)
    row, at = draw(st.integers(0, len(before) - 1)), draw(st.integers(0, 2))
    after = [[n + ((i, j) == (row, at)) for j, n in enumerate(of)] for i, of in enumerate(before)]
    return (before, after) if draw(st.booleans()) else (after, before)


@settings(max_examples=40, deadline=None)
@given(one_person_apart())
def test_no_two_shown_counts_of_the_same_thing_are_few_people_apart(
    tables: tuple[list[list[int]], list[list[int]]],
) -> None:
    before, now = (document(counts(numbers)) for numbers in tables)
    first = protection(before)
    second = protect(now, [first.release("first", JULY)])
    old, new = figures(first.document), figures(second)
    shown = [key for key in old if not old[key].hidden and not new[key].hidden]
    assert all(not 0 < abs((new[key].value or 0) - (old[key].value or 0)) < 5 for key in shown)


@settings(max_examples=40, deadline=None)
@given(one_person_apart())
def test_an_earlier_release_never_makes_more_be_shown(
    tables: tuple[list[list[int]], list[list[int]]],
) -> None:
    before, now = (document(counts(numbers)) for numbers in tables)
    assert hidden(protect(now)) <= hidden(protect(now, [released(before)]))


@settings(max_examples=25, deadline=None)
@given(matrix, st.sampled_from((None, 3, 5)))
def test_protecting_twice_changes_nothing(numbers: list[list[int]], base: int | None) -> None:
    once = protect(ruled(document(counts(numbers)), rounding=base))
    assert protect(once) == once
