"""A citizen's own summary: every sentence as the record has it, and nothing about others or for staff alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, item, period, programme, text
from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.programme import PersonBlock, Programme, Text
from indsats.report import Block, Chart, Document, Order, Paragraph, Table, make
from indsats.run.citizen import kinds_told, person_blocks
from indsats.run.compose import compose
from indsats.run.material import Material

Of = Literal["course", "plan", "meetings", "measurements", "work", "next"]
PARTS: tuple[Of, ...] = ("course", "plan", "meetings", "measurements", "work", "next")
TODAY = "2016-06-30"
AGREED = datetime(2016, 6, 20, 12, tzinfo=UTC)
GOALS = {
    "title": text("Små skridt"),
    "source": "L1",
    "purpose": "progression",
    "raters": ["citizen", "coordinator"],
    "scale": {"low": 1, "high": 5, "labels": {1: text("slet ikke"), 3: text("noget"), 5: text("meget")}},
    "beside": {7: item("ikke et mål nu", means="not_relevant")},
    "items": {
        "calm": item("Ro", easy=text("Er du rolig?")),
        "sleep": item("Søvn"),
        "friends": item("Venner"),
        "belief": item("Medarbejderens tro på job", raters=["coordinator"]),
    },
}


def definition() -> Programme:
    blocks = {
        name: {"block": "person", "of": name, "title": text(f"om {name}"), "citizen": "citizen"}
        for name in PARTS
    }
    return programme(
        roles={
            "coordinator": item("Koordinator", does=text("leads")),
            "citizen": item("Borger", does=text("lives")),
            "friend": item("Ven", does=text("helps"), external=True),
        },
        codes={
            "meetings": {**item("m"), "for": ["meeting.type"], "values": {"talk": {**item("Samtale")}}},
            "places": {**item("m"), "for": ["meeting.place"], "values": {"centre": {**item("Centret")}}},
            "goals": {**item("g"), "for": ["plan.goal"], "values": {"job": {**item("Job på ordinære vilkår")}}},
        },
        phases={
            "first": item("Første tid", about=text("a"), service="talks", entry=True, starts=[{"kind": "enrolled"}],
                          ends=[{"kind": "plan"}]),
            "plan": item("Plan i brug", about=text("a"), service="talks", follows=["first"],
                         starts=[{"kind": "plan"}]),
            "away": item("Udeblevet", about=text("a"), service="talks", follows=["first"], repeats=True,
                         starts=[{"kind": "meeting", "where": 'outcome == "no_show"'}],
                         ends=[{"kind": "meeting", "where": 'outcome == "held"'}]),
        },
        questionnaires={"goals": GOALS, "survey": {**GOALS, "title": text("Skjult skema"), "purpose": "survey"}},
        reports={
            "mine": item("Dit overblik", about="person", form="letter", sections=[
                {"title": text(name), "blocks": [block]} for name, block in blocks.items()
            ])
        },
    )  # fmt: skip


def book() -> Casebook:
    case = Casebook(definition()).data_until(TODAY)
    return (
        case.enrol("2016-01-04")
        .enrol("2016-01-05", person="p2", enrolment="e2", site="city")
        .fact("meeting", "2016-05-03", person="p2", enrolment="e2", type="ANDEN", outcome="held")
        .fact("plan", "2016-03-03", person="p2", enrolment="e2", goal="ANDETMAAL")
    )


def told(case: Casebook, of: Of, person: str = "p1") -> list[Block]:
    block = PersonBlock(block="person", of=of, title=text("Titel"), citizen="citizen")  # type: ignore[arg-type]
    return list(person_blocks(case.facts(), block, person))


def said(blocks: Sequence[Block], lang: Literal["da", "en"] = "da") -> str:
    return " ".join(block.text.in_(lang) for block in blocks if isinstance(block, Paragraph))


def rows(blocks: Sequence[Block], key: str) -> list[tuple[Any, ...]]:
    [table] = [block for block in blocks if isinstance(block, Table) and block.id == key]
    return [tuple(cell.da if isinstance(cell, Text) else cell for cell in row) for row in table.rows]


def test_the_course_says_where_when_and_who_and_leaves_past_absence_out() -> None:
    case = (
        book()
        .fact("assigned", "2016-01-10", role="coordinator", worker="hansen-07")
        .fact("assigned", "2016-01-10", role="friend", worker="v")
        .fact("assigned", "2016-01-10", role="citizen", worker="w")
        .meet("2016-02-01", "no_show")
        .meet("2016-02-08")
        .fact("plan", "2016-03-01", goal="job")
        .fact("pause", "2016-04-01", to="2016-04-15", reason="PAUSEGRUND")
    )
    made = told(case, "course")
    assert said(made) == (
        "Du begyndte i »Talks« på stedet North den 4. januar 2016. De hjælper dig lige nu: Koordinator. "
        "Pause fra den 1. april 2016 til den 15. april 2016."
    )
    assert rows(made, "person-course") == [
        ("Første tid", date(2016, 1, 4), date(2016, 3, 1)),
        ("Plan i brug", date(2016, 3, 1), "i gang"),
    ]
    away = told(case.meet("2016-06-20", "no_show"), "course")
    assert ("Udeblevet", date(2016, 6, 20), "i gang") in rows(away, "person-course")


def test_a_course_that_ended_says_so_and_names_no_helpers() -> None:
    case = book().fact("assigned", "2016-01-10", role="coordinator", worker="x").leave("2016-05-02")
    assert said(told(case, "course")).endswith("Det sluttede den 2. maj 2016.")


def test_the_plan_is_the_newest_with_each_sub_goal_as_last_looked_at() -> None:
    case = (
        book()
        .fact("plan", "2016-02-01", goal="job", agreed_by_citizen=False)
        .fact("plan", "2016-03-01", goal=None, agreed_by_citizen=True)
        .fact("subgoal_reviewed", "2016-03-01", subgoal="stå op", status="under_way")
        .fact("subgoal_reviewed", "2016-04-01", subgoal="stå op", status="reached")
        .fact("job_goal", "2016-03-01", level="A", occupation="Gartner")
        .fact("placement", "2016-06-01", type="Værksted")
        .fact("placement", "2016-02-01", to="2016-03-01", type="Slut")
        .fact("parallel_effort", "2016-02-01", type="Uden slutdag")
        .fact("parallel_effort", "2016-02-01", to="2016-12-01", type="Bostøtte")
    )
    made = told(case, "plan")
    assert said(made) == (
        "Din plan er fra den 1. marts 2016. Målet er: Job på ordinære vilkår. Du har sagt ja til planen. "
        "Job, du kan søge nu: Gartner. Lige nu er du skrevet ind til: Værksted; Bostøtte."
    )
    assert rows(made, "person-subgoals") == [("stå op", "nået", date(2016, 4, 1))]


def test_meetings_are_counted_as_they_came_and_the_next_is_named() -> None:
    case = (
        book()
        .meet("2016-02-01")
        .meet("2016-03-01", "no_show", reason="AARSAG", worker="hansen-07", participants="citizen;friend")
        .meet("2016-04-01", "cancelled")
        .meet("2016-04-02", "moved")
        .meet("2016-08-09", "planned", place="centre", recorded_at=AGREED)
        .meet("2016-07-09", "cancelled", recorded_at=AGREED)
    )
    made = told(case, "meetings")
    assert said(made) == (
        "Vi har holdt 1 møde. Til 1 møde nåede vi ikke at ses, selv om det var aftalt. "
        "2 møder blev aflyst eller flyttet. Næste møde er den 9. august 2016: Samtale (Centret)."
    )
    assert rows(made, "person-meetings")[0] == (date(2016, 4, 2), "Samtale", "flyttet")
    assert "The next meeting is on 9 August 2016: Samtale (Centret)." in said(made, "en")


def test_answers_are_the_citizens_own_in_the_words_of_the_scale() -> None:
    case = (
        book()
        .answer("2016-02-01", {"calm": 1, "sleep": 2, "friends": 7}, rater="citizen")
        .answer("2016-03-01", {"calm": 5, "sleep": 5, "friends": 5, "belief": 1}, rater="coordinator")
        .answer("2016-05-01", {"calm": 3, "sleep": 4, "friends": 5}, rater="citizen")
        .answer("2016-05-02", {"calm": 3}, rater="citizen", questionnaire="survey")
    )
    [table] = told(case, "measurements")
    assert isinstance(table, Table)
    assert [column.title.da for column in table.columns] == [
        "Spørgsmål", "Dengang, 1. februar 2016", "Trin dengang", "Senest, 1. maj 2016", "Trin senest",
    ]  # fmt: skip
    found = [
        tuple(
            cell.da if isinstance(cell, Text) else cell.value if isinstance(cell, Figure) else cell
            for cell in row
        )
        for row in table.rows
    ]
    assert found == [
        ("Er du rolig?", "slet ikke", 1, "noget", 3),
        ("Søvn", "mellem »slet ikke« og »noget«", 2, "mellem »noget« og »meget«", 4),
        ("Venner", "ikke et mål nu", None, "meget", 5),
    ]
    assert [note.da for note in table.notes] == ["Det er dine egne svar.", "Trinene går fra 1 til 5."]


def test_answers_of_staff_are_told_as_theirs_and_drawn_when_given_twice() -> None:
    case = book()
    for when, value in (("2016-02-01", 2), ("2016-05-01", 4)):
        case.answer(when, {"calm": value, "sleep": value, "friends": value, "belief": 1}, rater="coordinator")
    table, chart = told(case, "measurements")
    assert isinstance(table, Table)
    assert isinstance(chart, Chart)
    assert table.notes[0].da == "Udfyldt af: Koordinator."
    assert len(table.rows) == 3


def test_work_shows_the_newest_first_and_where() -> None:
    case = (
        book()
        .fact(
            "placement",
            "2016-02-01",
            to="2016-03-01",
            type="Praktik",
            employer="Bageren",
            hours_per_week=12.5,
        )
        .fact("placement", "2016-06-01", type="Løntilskud")
        .fact("hours", "2016-06-01", hours_per_week=3.0, type="ordinary")
        .fact("agreement", "2016-02-01", type="Aftale om mødetid", hours_per_week=3.0)
    )
    made = told(case, "work")
    assert rows(made, "person-work") == [
        ("Løntilskud", None, date(2016, 6, 1), "i gang", None),
        ("Praktik", "Bageren", date(2016, 2, 1), date(2016, 3, 1), "12,5"),
    ]
    assert rows(made, "person-hours") == [("Almindelig løn", date(2016, 6, 1), "i gang", "3")]
    assert rows(made, "person-agreements") == [("Aftale om mødetid", date(2016, 2, 1))]


def test_what_comes_next_is_in_order_of_days() -> None:
    case = (
        book()
        .meet("2016-09-01", "planned", place="centre", recorded_at=AGREED)
        .fact("placement", "2016-06-01", to="2016-08-01", type="Praktik")
        .fact("pause", "2016-06-20", to="2016-07-10")
    )
    assert rows(told(case, "next"), "person-next") == [
        (date(2016, 7, 10), "Pausen slutter", None),
        (date(2016, 8, 1), "Sidste dag: Praktik", None),
        (date(2016, 9, 1), "Samtale", "Centret"),
    ]


EMPTY = {
    "plan": "Du har ikke en plan endnu. Der er ikke talt om delmål endnu. "
    "Du er ikke skrevet ind til aktiviteter lige nu.",
    "meetings": "Vi har ikke haft møder endnu. Der er ikke aftalt et næste møde.",
    "measurements": "Der er ingen svar på spørgeskemaer om, hvordan det går.",
    "work": "Du har ikke været i praktik, løntilskud eller andre tilbud. Der er ikke skrevet timer på arbejde ind.",
    "next": "Der er ikke aftalt noget med en dato.",
}


@pytest.mark.parametrize("of", PARTS[1:])
def test_an_empty_part_says_so(of: Of) -> None:
    assert said(told(book(), of)) == EMPTY[of]


@pytest.mark.parametrize("person", ["010170-1234", "p77", ""])
def test_a_stranger_is_refused_and_the_id_is_not_repeated(person: str) -> None:
    with pytest.raises(InputRefused) as refused:
        told(book(), "plan", person)
    assert "Give the id" in str(refused.value)
    assert person == "" or person not in str(refused.value)


SECRET = ("HEMMELIG", "hansen-07")


def _full() -> Casebook:
    """A case in which every text that is for staff alone, or about somebody else, is one of ``SECRET``."""
    note, worker = SECRET
    return (
        book()
        .fact("assigned", "2016-01-10", role="coordinator", worker=worker)
        .meet("2016-03-01", "no_show", reason=note, worker=worker, participants=note)
        .fact("walk_in", "2016-03-02", topic=note, action=note)
        .fact("contact_attempt", "2016-03-02", channel=note, reached=True)
        .fact("requirement_answered", "2016-03-02", requirement=note, answer="no", reason=note)
        .fact("pause", "2016-03-02", to="2016-03-09", reason=note)
        .fact("visitation", "2016-01-02", group=note, legal_basis=note)
        .fact("event", "2016-03-02", event=note, value=note)
        .fact("excluded", "2016-03-02", reason=note)
        .fact("placement", "2016-02-01", person="p2", enrolment="e2", type=note, employer=note)
        .answer("2016-05-01", {"calm": 1}, person="p2", enrolment="e2", rater="citizen")
        .leave("2016-06-01", reason=note)
    )


def document(case: Casebook, person: str = "p1") -> Document:
    reported = period("2016-01-01", TODAY)
    return compose(Material(case.programme, case.facts(), None, reported, about=person), "mine")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_nothing_of_others_and_nothing_for_staff_stands_on_any_page(lang: Literal["da", "en"]) -> None:
    made = make(document(_full()), Order(lang, formats=("html", "word")))
    assert set(made.contents) == {"report.html", "report.docx"}
    page = made.contents["report.html"].decode()
    for word in (*SECRET, "ANDEN", "ANDETMAAL", "p1", "p2", "Skjult skema", "Medarbejderens"):
        assert word not in page.replace("<p1", ""), word
    assert ("Indeholder personoplysninger" if lang == "da" else "Contains personal data") in page


def test_the_document_is_personal_hides_nothing_and_tells_of_one_person_only() -> None:
    made = document(_full())
    assert (made.personal, made.threshold, made.about, made.sources, made.basis) == (True, 0, "", (), None)
    assert made.period == period("2016-01-04", TODAY)


def test_what_others_have_does_not_change_a_byte() -> None:
    order = Order("da")
    alone = make(document(_full()), order).contents
    crowded = (
        _full()
        .enrol("2016-02-01", person="p3", enrolment="e3")
        .meet("2016-02-02", person="p3", enrolment="e3")
    )
    assert make(document(crowded), order).contents == alone


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 150), st.sampled_from(["held", "no_show", "cancelled"])), max_size=12)
)
def test_every_meeting_is_in_the_sentences_whatever_came_of_it(meetings: list[tuple[int, str]]) -> None:
    case = book()
    for after, outcome in meetings:
        case.meet(date.fromordinal(date(2016, 1, 10).toordinal() + after), outcome)
    made = said(told(case, "meetings"))
    held = sum(outcome == "held" for _, outcome in meetings)
    missed = sum(outcome == "no_show" for _, outcome in meetings)
    if meetings:
        assert f"Vi har holdt {held} møde{'' if held == 1 else 'r'}." in made
        assert ("nåede vi ikke at ses" in made) == (missed > 0)
        shown = rows(told(case, "meetings"), "person-meetings")
        assert len(shown) == min(len(meetings), 10)
        days = [row[0] for row in shown]
        assert days == sorted(days, reverse=True)


def test_the_kinds_a_summary_tells_of_are_all_it_is_made_from() -> None:
    # who may see those kinds, and no others, may make it: nothing else may change a word
    case = (
        _full()
        .fact("plan", "2016-03-01", goal="job", agreed_by_citizen=True)
        .fact("hours", "2016-03-03", type="ordinary", hours_per_week=5)
        .fact("agreement", "2016-03-03", type="a")
        .answer("2016-05-01", {"calm": 2}, rater="citizen")
    )
    kinds = kinds_told(case.programme, "mine")
    facts = case.facts()
    tables = {kind: table if kind in kinds else table.clear() for kind, table in facts.facts.items()}
    assert {kind for kind, table in facts.facts.items() if table.height} - kinds >= {"walk_in", "visitation"}
    whole = replace(facts, through=date.fromisoformat(TODAY), begins=facts.first_day)
    reported = period("2016-01-01", TODAY)
    made = [
        make(compose(Material(case.programme, one, None, reported, about="p1"), "mine"), Order("da")).contents
        for one in (whole, replace(whole, facts=tables))
    ]
    assert made[0] == made[1]


def test_a_summary_without_a_part_does_not_ask_for_its_kinds() -> None:
    found = definition()
    kept = found.reports["mine"].model_copy(update={"sections": found.reports["mine"].sections[2:3]})
    alone = found.model_copy(update={"reports": {"mine": kept}})
    assert kinds_told(alone, "mine") == {"enrolled", "exit", "meeting"}
    assert {"hours", "questionnaire_answered", "plan", "meeting"} <= kinds_told(found, "mine")
