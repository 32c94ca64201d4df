"""The printed transition table of the outreach evaluation, rebuilt from measurements and exits of persons."""

from __future__ import annotations

import pytest

from casebook import Casebook, period, programme
from development_goals import all_at, goals
from indsats.measure import Transitions, transitions

YEAR = period("2014-01-01", "2014-12-31")
ENDS = ("good", "poor", "job-or-education", "rest")

PRINTED = {
    ("outreach", "good"): ((287, 51, 22, 74), (66.1, 11.8, 5.1, 17.1)),
    ("outreach", "poor"): ((67, 416, 13, 91), (11.4, 70.9, 2.2, 15.5)),
    ("centre", "good"): ((1305, 365, 132, 487), (57.0, 15.9, 5.8, 21.3)),
    ("centre", "poor"): ((359, 1839, 57, 408), (13.5, 69.1, 2.1, 15.3)),
}
"""004_525ef955d6d57c5c.txt L950-963, in persons and per cent; where the document rounds down (22/434 as 5.0,
13/587 as 2.1, 91/587 as 15.4) the figure stands as it is computed."""


@pytest.fixture(scope="module")
def table() -> Transitions:
    """Everybody measured in January, in December if they ended on a side; the rest left or were silent."""
    book = Casebook(programme(questionnaires={"goals": goals()})).data_until("2015-01-31")
    number = 0
    for (unit, start), (counts, _) in PRINTED.items():
        for end, count in zip(ENDS, counts, strict=True):
            for _ in range(count):
                number += 1
                who = {"person": f"p{number}", "enrolment": f"e{number}"}
                book.enrol("2013-03-01", site="north" if unit == "outreach" else "city", **who)
                book.answer("2014-01-15", all_at(5 if start == "good" else 2), **who)
                if end in ("good", "poor"):
                    book.answer("2014-12-10", all_at(4 if end == "good" else 2), **who)
                elif end == "job-or-education":
                    book.leave("2014-08-01", ("job", "education")[number % 2], **who)
                elif number % 2:
                    book.leave("2014-08-01", ("death", "moved", "pension")[number % 3], **who)
    exits = {"job-or-education": ["job", "education"]}
    return transitions(book.facts(), "goals", YEAR, exits, start_months=1)


@pytest.mark.parametrize(("unit", "start"), PRINTED)
def test_the_printed_table_is_the_sum_of_our_columns(table: Transitions, unit: str, start: str) -> None:
    good, poor, job, other, silent = (table.row(unit, start, end) for end in table.ends)
    counts, shares = PRINTED[unit, start]
    assert (good.count.value, poor.count.value, job.count.value) == counts[:3]
    assert (other.count.value or 0) + (silent.count.value or 0) == counts[3]
    assert good.share.denominator == sum(counts)
    together = [good.share.value, poor.share.value, job.share.value]
    assert [round(100 * (share or 0), 1) for share in together] == list(shares[:3])
    assert round(100 * ((other.share.value or 0) + (silent.share.value or 0)), 1) == shares[3]


def test_other_exits_and_the_silent_are_told_apart(table: Transitions) -> None:
    other, silent = table.row("centre", "good", "other"), table.row("centre", "good", "not_measured_again")
    assert other.count.value
    assert silent.count.value
    assert (other.count.value, silent.count.value) != (487, 487)


def test_units_add_up_to_the_whole(table: Transitions) -> None:
    assert table.row("all", "good", "good").share.denominator == 434 + 2289
    assert table.row("all", "poor", "good").share.denominator == 587 + 2663
