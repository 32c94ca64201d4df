"""Who stands in which class at the first measurement."""

from __future__ import annotations

import pytest

from casebook import Casebook, period, programme
from development_goals import all_at, goals
from indsats.measure import ClassRow, answers, class_distribution, side_share

PROGRAMME = programme(questionnaires={"goals": goals()})
GOALS = PROGRAMME.questionnaires["goals"]


@pytest.fixture
def book() -> Casebook:
    book = Casebook(PROGRAMME)
    for number, (level, site) in enumerate(
        [(5, "north"), (5, "north"), (3, "north"), (1, "north"), (4, "city")]
    ):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        book.enrol("2016-01-01", site=site, **who).answer("2016-01-10", all_at(level), **who)
    return book


def pick(rows: tuple[ClassRow, ...], group: str, label: str) -> ClassRow:
    return next(row for row in rows if (row.group, row.label) == (group, label))


def test_every_class_of_every_unit_has_a_row_and_they_add_up(book: Casebook) -> None:
    rows = class_distribution(answers(book.facts(), "goals"), GOALS)
    outreach = [row for row in rows if row.group == "outreach"]
    assert [row.label for row in outreach] == list("GFEDCBA")
    assert sum(row.count.value or 0 for row in outreach) == 4
    assert sum(row.share.value or 0 for row in outreach) == pytest.approx(1)
    assert pick(rows, "outreach", "A").share.numerator == 2
    assert pick(rows, "outreach", "A").share.denominator == 4
    assert pick(rows, "centre", "A").share.value == 1


def test_a_person_counts_once_at_the_first_complete_measurement(book: Casebook) -> None:
    book.answer("2016-02-10", all_at(1), person="p0", enrolment="e0")
    book.answer("2016-01-05", {**all_at(1), "focus": None}, person="p1", enrolment="e1")
    rows = class_distribution(answers(book.facts(), "goals"), GOALS)
    assert pick(rows, "outreach", "A").count.value == 2
    assert pick(rows, "outreach", "A").share.excluded == {}


def test_who_was_never_measured_completely_is_excluded_and_counted(book: Casebook) -> None:
    who = {"person": "p9", "enrolment": "e9"}
    book.enrol("2016-01-01", **who).answer("2016-01-10", {**all_at(5), "focus": None}, **who)
    share = pick(class_distribution(answers(book.facts(), "goals"), GOALS), "outreach", "A").share
    assert share.denominator == 4
    assert share.excluded == {"incomplete": 1}


def test_the_period_chooses_the_first_measurement_within_it(book: Casebook) -> None:
    book.answer("2016-02-10", all_at(1), person="p0", enrolment="e0")
    february = period("2016-02-01", "2016-02-29")
    rows = class_distribution(answers(book.facts(), "goals"), GOALS, by=None, period=february)
    assert {row.label: row.count.value for row in rows if row.count.value} == {"G": 1}
    assert {row.group for row in rows} == {"all"}


def test_sides_gather_classes(book: Casebook) -> None:
    rows = side_share(answers(book.facts(), "goals"), GOALS, name="goals")
    good = pick(rows, "outreach", "good")
    assert (good.share.numerator, good.share.denominator) == (3, 4)
    assert good.share.id == "side/goals/outreach/good/share"


def test_complete_answers_that_fit_no_class_are_counted_beside() -> None:
    few = programme(questionnaires={"goals": goals(classes=goals()["classes"][:1])})
    book = Casebook(few).enrol("2016-01-01").answer("2016-01-10", all_at(5))
    rows = class_distribution(answers(book.facts(), "goals"), few.questionnaires["goals"])
    assert rows[0].share.value is None
    assert rows[0].share.excluded == {"no_class": 1}


def test_a_measurement_without_site_stands_under_unknown() -> None:
    book = Casebook(PROGRAMME).answer("2016-01-10", all_at(5), enrolment=None)
    assert {row.group for row in class_distribution(answers(book.facts(), "goals"), GOALS)} == {"unknown"}
