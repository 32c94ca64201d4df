"""The trap of 003 (L805-806, L820): a class looks better because people were moved between classes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, period
from indsats.steer.reclassified import Reclassified, compare_classes, period_before, reclassified
from rank_sites import HALF, definition

EARLIER = period("2016-01-01", "2016-06-30")
START, BETWEEN = date(2015, 12, 1), date(2016, 8, 1)


def checked(
    rows: list[tuple[str | None, str | None, float | None, float | None]], **rest: int
) -> Reclassified:
    """A row per enrolment: class at first, class later (same when none), value before and after."""
    names = [f"e{n}" for n in range(len(rows))]
    values = [
        pl.DataFrame(
            {"enrolment": names, "person": names, "value": [row[at] for row in rows]},
            schema={"enrolment": pl.String, "person": pl.String, "value": pl.Float64},
        )
        for at in (2, 3)
    ]
    classes = [
        (name, day, value)
        for name, row in zip(names, rows, strict=True)
        for day, value in ((START, row[0]), (BETWEEN, row[1]))
        if value is not None
    ]
    table = pl.DataFrame(
        classes, schema={"enrolment": pl.String, "day": pl.Date, "value": pl.String}, orient="row"
    )
    return compare_classes(*values, table, "two", EARLIER, HALF, **rest)


NOBODY_CHANGED = [
    *[("two", None, 1.0, 1.0)] * 20,
    *[("two", None, 0.0, 0.0)] * 10,
    *[("two", "three", 0.0, 0.0)] * 20,  # the worst off are moved out of the class
    *[("three", None, 0.0, 0.0)] * 30,
]


def test_the_reported_level_rises_although_nobody_changed() -> None:
    found = checked(NOBODY_CHANGED)
    assert (found.reported.before.value, found.reported.after.value) == (0.4, pytest.approx(2 / 3))
    assert found.reported.change.low > 0  # type: ignore[operator]
    assert found.still.change.value == 0
    assert found.everybody.change.value == 0
    assert (found.in_class.before.value, found.in_class.after.value) == (50 / 80, 30 / 80)
    assert (found.moved_out[0].value, found.moved_out[1].value) == (0, 20)
    assert found.verdict == "reclassified"
    added = {part.who: part.added.value for part in found.parts if part.added is not None}
    assert added["stayed"] == 0
    assert added["moved_out"] == pytest.approx(2 / 3 - 0.4)


def test_people_who_got_better_are_no_reclassification() -> None:
    found = checked([("two", None, 0.0, 1.0)] * 20 + [("two", None, 0.0, 0.0)] * 20)
    assert found.verdict == "real"
    assert found.still.change.value == found.reported.change.value == 0.5


def test_half_and_half_is_said_to_be_partly() -> None:
    rows = [
        *[("two", None, 0.0, 1.0)] * 14,
        *[("two", None, 0.0, 0.0)] * 20,
        *[("two", "three", 0.0, 0.0)] * 14,
    ]
    found = checked(rows)
    assert found.verdict == "partly"


def test_moves_can_hide_a_change() -> None:
    # as many moved in who do not have it as gained it
    rows = [
        *[("two", None, 0.0, 1.0)] * 12,
        *[("two", None, 1.0, 1.0)] * 12,
        *[("three", "two", 0.0, 0.0)] * 24,
    ]
    found = checked(rows)
    assert found.reported.change.value == 0
    assert found.still.change.value == 0.5
    assert found.verdict == "hidden"


def test_moves_can_turn_the_picture() -> None:
    rows = [
        *[("two", None, 1.0, 0.0)] * 12,
        *[("two", None, 0.0, 0.0)] * 20,
        *[("two", None, 1.0, 1.0)] * 8,
        *[("three", "two", 1.0, 1.0)] * 90,
    ]
    assert checked(rows).verdict == "opposite"


def test_chance_and_few_are_said() -> None:
    assert checked([("two", None, 0.0, 1.0)] * 2 + [("two", None, 1.0, 1.0)] * 20).verdict == "unclear"
    assert checked([("two", None, 0.0, 1.0)] * 4, least=5).verdict == "few"


def test_who_was_never_classed_is_left_out_and_counted() -> None:
    found = checked([("two", None, 0.0, 1.0)] * 10 + [(None, None, 1.0, 1.0)] * 3)
    assert found.reported.before.denominator == 10
    assert found.reported.before.excluded == {"unclassed": 3}


def test_who_is_first_classed_in_between_is_new_and_held_still_in_that_class() -> None:
    found = checked([("two", None, 0.0, 0.0)] * 10 + [(None, "two", 1.0, 1.0)] * 10)
    assert [part.number.value for part in found.parts] == [10, 0, 10, 0, 0]
    assert found.still.before.value == 0.5


def test_the_class_is_the_newest_by_the_day() -> None:
    rows = [("two", None, 0.0, 0.0)] * 5
    found = checked(rows)
    late = compare_classes(
        pl.DataFrame({"enrolment": ["a"], "person": ["a"], "value": [1.0]}),
        pl.DataFrame({"enrolment": ["a"], "person": ["a"], "value": [1.0]}),
        pl.DataFrame(
            {
                "enrolment": ["a"] * 3,
                "day": [START, EARLIER.last, date(2017, 1, 1)],
                "value": ["three", "two", "three"],
            }
        ),
        "two",
        EARLIER,
        HALF,
    )
    assert found.reported.after.denominator == 5
    assert (late.reported.before.denominator, late.reported.after.denominator) == (1, 1)
    assert late.moved_in[0].value == 1


CLASS = st.sampled_from(["two", "three", None])
VALUE = st.one_of(st.none(), st.integers(0, 4).map(float))


@given(st.lists(st.tuples(CLASS, CLASS, VALUE, VALUE), min_size=1, max_size=25))
@settings(max_examples=150, deadline=None)
def test_the_parts_always_make_up_the_reported_change(rows: list[tuple]) -> None:
    found = checked(rows)
    whole = found.reported
    earlier = {part.who: part for part in found.parts}
    if whole.change.value is not None and earlier["stayed"].number.value:
        added = [part.added.value for part in found.parts if part.added is not None]
        assert sum(added) == pytest.approx(whole.change.value, abs=1e-9)  # type: ignore[arg-type]
    inside = [earlier[who].number.value or 0 for who in ("stayed", "moved_out", "gone")]
    assert sum(inside) == whole.before.denominator
    later = [earlier[who].number.value or 0 for who in ("stayed", "moved_in", "new")]
    assert sum(later) == whole.after.denominator


def test_the_interval_of_a_change_counts_a_person_once() -> None:
    # the same people, alike both times: the change is far better known than two samples of strangers
    rng = np.random.default_rng(3)
    first = rng.normal(size=200)
    rows = [
        ("two", None, one, one + 0.1 * step) for one, step in zip(first, rng.normal(size=200), strict=True)
    ]
    change = checked(rows).reported.change
    assert change.high - change.low == pytest.approx(2 * 1.96 * 0.1 / np.sqrt(200), rel=0.15)  # type: ignore[operator]


def test_the_period_before_is_as_long() -> None:
    assert period_before(HALF) == EARLIER
    assert period_before(period("2016-03-01", "2016-03-31")) == period("2016-02-01", "2016-02-29")
    assert period_before(period("2016-03-08", "2016-03-14")) == period("2016-03-01", "2016-03-07")


def test_the_check_reads_facts() -> None:
    cases = Casebook(definition(["a"]))
    for one in range(40):
        who = {"person": f"p{one:02}", "enrolment": f"e{one:02}"}
        cases.enrol("2015-12-01", site="a", **who)
        cases.fact("event", "2015-12-02", event="class", value="two", **who)
        came = "held" if one < 20 else "no_show"
        cases.meet("2016-03-01", came, **who).meet("2016-10-01", came, **who)
        if one >= 28:
            cases.fact("event", "2016-07-05", event="class", value="three", **who)
    found = reclassified(cases.data_until("2016-12-31").facts(), "came", "class", "two", HALF)
    assert (found.reported.before.value, found.reported.after.value) == (0.5, pytest.approx(20 / 28))
    assert found.still.change.value == 0
    assert found.verdict == "reclassified"
