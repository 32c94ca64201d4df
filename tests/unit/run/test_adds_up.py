"""Which figures count what happened in a period, and what two reports of an effort tell together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from casebook import Casebook, indicator, programme
from indsats.figure import Figure
from indsats.programme import Period, TargetsBlock, Text
from indsats.report import ProtectedFigure, protect
from indsats.report.disclosure import protection
from indsats.run import Material, document_of
from indsats.run.sums import adds_up

HALF, YEAR = (Period.model_validate(f"2016-01-01/2016-{end}") for end in ("06-30", "12-31"))
DEFINED = programme(
    indicators={
        "meetings": indicator("count", kind="meeting"),
        "enrolled": indicator("stock"),
        "met": indicator("fulfilment", of="participants"),
        "asked": indicator("fulfilment", of="requirements"),
        "touched": indicator("consecutive", what=[{"kind": "meeting"}]),
    }
)


def test_events_add_up_over_time_and_people_and_stocks_do_not() -> None:
    ids = {
        f"{kind}/{what}/outreach/2016-01-01..2016-06-30": expected
        for kind, what, expected in (
            ("indicator", "meetings", True),
            ("target", "meetings", True),
            ("indicator", "enrolled", False),
            ("indicator", "met", False),
            ("indicator", "asked", True),
            ("indicator", "touched", False),
            ("fulfilment", "requirements/answered/all", True),
            ("fulfilment", "participants/answered/all", False),
            ("evaluation", "meetings", False),
        )
    }
    ids["class/goals/outreach/A/count"] = True  # of the report's own period
    found = adds_up(DEFINED, [Figure.count(key, 9) for key in ids])
    assert found == {key for key, expected in ids.items() if expected}


def test_a_set_target_is_no_count_of_people() -> None:
    assert adds_up(DEFINED, [Figure("target/meetings/outreach/p", 9.0, "count", given=True)]) == frozenset()


def test_the_year_is_not_told_when_it_leaves_three_meetings_after_the_half_year_before() -> None:
    block = TargetsBlock(
        block="targets", title=Text(da="Mål", en="Aims"), indicators=["meetings"], unit="outreach"
    )
    told: dict[int, bool] = {}
    for later in (3, 6):
        case = Casebook(DEFINED).data_until(YEAR.last)
        for number in range(20 + later):
            who = {"person": f"p{number}", "enrolment": f"e{number}"}
            case.enrol("2016-01-01", **who).meet("2016-02-01" if number < 20 else "2016-09-01", **who)
        documents = [
            replace(one, adds_up=adds_up(DEFINED, [f for t in one.tables() for f in t.figures()]))
            for one in (
                document_of(Material(DEFINED, case.facts(), None, over), block) for over in (HALF, YEAR)
            )
        ]
        before = protection(documents[0]).release("half-year", datetime(2016, 8, 1, tzinfo=UTC))
        name = "indicator/meetings/outreach/2016-01-01..2016-12-31"
        [shown] = [f for t in protect(documents[1], [before]).tables() for f in t.figures() if f.id == name]
        assert isinstance(shown, ProtectedFigure)
        told[later] = not shown.hidden
    assert told == {3: False, 6: True}
