"""The tables of targets and of missed targets: words for everything, and nothing told beside a hidden figure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from casebook import Casebook, indicator, item, period, programme, text
from indsats.programme import DeviationsBlock, Period, TargetsBlock, Text
from indsats.report import Document, Light, Reading, Section, Table, protect
from indsats.run.deviations import deviation_blocks
from indsats.run.steering import target_blocks
from indsats.run.sums import groups

MAY = period("2016-05-01", "2016-05-31")
TITLE = Text(da="Afvigelser", en="Deviations")


def book(missed: int, **aim: Any) -> Casebook:
    definition = programme(
        roles={"coordinator": item("Koordinator", does=text("leads"))},
        targets=[{"indicator": "placed", "source": "L1", "value": 20, **({"unit": "outreach"} | aim)}],
        indicators={"placed": indicator("count", kind="placement")},
    )
    case = (
        Casebook(definition)
        .data_until("2016-12-31")
        .enrol("2016-01-01")
        .enrol("2016-01-01", person="p2", enrolment="e2", site="city")
    )
    for number in range(missed):
        case.fact("placement", "2016-05-10", type=f"t{number}")
    who = {"person": None, "enrolment": None, "indicator": "placed", "unit": "outreach"}
    case.fact("deviation_explained", MAY.first, to=MAY.last, recorded_at=datetime(2016, 7, 14, 9, tzinfo=UTC),
              cause="sommerferie", explanation="få pladser <i juni>", **who)  # fmt: skip
    return case.fact("action_planned", "2016-06-10", to="2016-08-01", action="flere virksomheder kontaktes",
                     owner="coordinator", status="under_way", **who)  # fmt: skip


def table(case: Casebook, over: Period = MAY) -> Table:
    block = DeviationsBlock(block="deviations", title=TITLE, unit="outreach", indicators=["placed"])
    [found] = deviation_blocks(case.facts(), block, over)
    assert isinstance(found, Table)
    return found


def shown(made: Table, case: Casebook) -> Table:
    section = Section(TITLE, (made,))
    document = Document(
        title=TITLE, programme="trial", version=1, period=MAY, sections=(section,), threshold=5, synthetic=True,
        groups=tuple(groups(case.programme, case.facts(), [section])),
    )  # fmt: skip
    return protect(document).tables()[0]


def said(made: Table, column: str) -> str:
    cell = made.rows[0][made.column(column)]
    assert isinstance(cell, Text)
    return cell.da


def test_a_missed_target_is_told_in_words() -> None:
    case = book(9)
    made = shown(table(case), case)
    assert made.rows[0][made.column("status")] == Light("not_met")
    assert said(made, "explanation") == (
        "Givet for sent, 14. juli 2016: sommerferie. få pladser <i juni>. Svar senest 30. juni 2016."
    )
    assert said(made, "plan") == (
        "flere virksomheder kontaktes (ansvarlig: Koordinator, frist 1. august 2016, i gang, fristen er overskredet)"
    )


def test_nothing_is_told_beside_a_hidden_figure() -> None:
    case = book(3)
    made = shown(table(case), case)
    assert made.rows[0][made.column("status")] == Light("too_few")
    assert [made.rows[0][made.column(name)] for name in ("explanation", "plan")] == [None, None]


def test_nothing_is_told_where_only_the_level_of_the_others_is_hidden() -> None:
    case = book(9, value=None, comparator="others", band=0)
    for number in range(3):
        who = {"person": "p2", "enrolment": "e2", "site": "city"}
        case.fact("placement", "2016-05-10", type=f"c{number}", **who)
    made = table(case)
    assert isinstance(made.rows[0][made.column("explanation")], Reading)
    assert shown(made, case).rows[0][made.column("explanation")] is None


def test_the_same_table_in_a_period_without_a_word_says_what_is_missing() -> None:
    case = book(9)
    for number in range(9):
        case.fact("placement", "2016-03-10", type=f"m{number}")
    made = shown(table(case, period("2016-03-01", "2016-03-31")), case)
    assert said(made, "explanation") == "Mangler. Svar senest 30. april 2016."
    assert said(made, "plan") == "Mangler"


def aims(case: Casebook, over: Period = MAY, **place: Any) -> Table:
    block = TargetsBlock(block="targets", title=TITLE, indicators=["placed"], **place)
    [found] = target_blocks(case.facts(), block, over)
    assert isinstance(found, Table)
    return found


def test_the_period_and_who_set_a_target_stand_below() -> None:
    made = aims(book(9, set_by=text("udvalget"), set_on="2016-02-08"), unit="outreach")
    assert [note.da for note in made.notes] == [
        "Opgørelsen dækker 1. maj 2016 til 31. maj 2016.",
        "Målet for »indicator« er sat af udvalget den 8. februar 2016.",
    ]
    assert len(aims(book(9), unit="outreach").notes) == 1


def test_why_there_is_no_light_stands_beside_it() -> None:
    made = aims(book(9), period("2017-01-01", "2017-01-31"), unit="outreach")
    assert said(made, "why") == "Perioden begynder efter, at data slutter"


def test_the_column_of_reasons_tells_nothing_by_being_there() -> None:
    """It stands wherever a target is set: else an empty one would tell that a reason was hidden."""
    made = aims(book(9), unit="outreach")
    assert made.rows[0][made.column("why")] is None
    assert "why" not in [
        column.id for column in aims(book(9, value=None, comparator="others"), site="city").columns
    ]


def test_a_site_and_the_whole_programme_have_tables_of_their_own() -> None:
    assert aims(book(9, unit=None)).id == "targets-all-placed"
    made = aims(book(9, unit=None, site="north", value=None, comparator="others"), site="north")
    assert (made.id, said(made, "basis")) == ("targets-north-placed", "De øvrige steders niveau")


def test_a_hidden_level_cannot_be_found_from_the_whole_and_the_others() -> None:
    """The target of a site is the other site's count: whole less others is the site."""
    case = book(9, unit=None, site="north", value=None, comparator="others")
    facts = case.facts()
    sections = [Section(TITLE, (aims(case, site="north"),))]
    found = {(group.total, group.parts) for group in groups(case.programme, facts, sections)}
    over = "2016-05-01..2016-05-31"
    target = f"target/placed/site.north/{over}"
    assert (target, (f"indicator/placed/site.city/{over}",)) in found
    assert (f"indicator/placed/all/{over}", (f"indicator/placed/site.north/{over}", target)) in found


def test_a_level_taken_from_all_is_the_same_number_as_that_of_all() -> None:
    case = book(9, value=None, comparator="all")
    sections = [Section(TITLE, (aims(case, unit="outreach"),))]
    found = {(group.total, group.parts) for group in groups(case.programme, case.facts(), sections)}
    over = "2016-05-01..2016-05-31"
    assert (f"target/placed/outreach/{over}", (f"indicator/placed/all/{over}",)) in found
