"""The work list of a later day, or of one person, can be read off the list of today and of everybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import polars as pl
import pytest

from casebook import START, Casebook, item, programme, text
from indsats.steer import QUEUES, case_rows, worklist
from indsats.steer.worklist import AHEAD_DAYS

HELD = {"kind": "meeting", "where": 'outcome == "held"'}
ASKED = {"scale": {"low": 1, "high": 5}, "items": {"a": item("A")}}
PROGRAMME = programme(
    roles={
        "caseworker": item("Caseworker", does=text("leads")),
        "broker": item("Broker", does=text("finds")),
        "both": item("Both", does=text("both"), combines=["broker", "caseworker"]),
        "firm": item("Firm", does=text("employs"), external=True),
    },
    events={name: item(name) for name in ("begun", "over", "passed")},
    phases={
        "busy": item(
            "Busy",
            about=text("about"),
            starts=[{"event": "begun"}],
            ends=[{"event": "over"}],
            skipped_by=[{"event": "passed"}],
            repeats=True,
        )
    },
    cadences={
        "contact": item("Contact", what=[HELD], every="P28D"),
        "in-phase": item("Talk", phase="busy", what=[HELD], every="P10D"),
        "asking": item("Asking", what=[{"kind": "questionnaire_answered"}], every="P30D"),
    },
    requirements={
        "plan-made": item("Plan", ask=text("Is there?"), due="P30D"),
        "met-soon": item(
            "Met",
            ask=text("Met?"),
            phase="busy",
            measured={"how": "within", "what": [HELD], "of": [{"kind": "placement"}], "within": "P14D"},
            not_applicable_when=[{"kind": "agreement"}],
        ),
    },
    questionnaires={
        "goals": item("Goals", raters=["broker", "citizen"], cadence="asking", **ASKED),
        "mood": item(
            "Mood",
            raters=["citizen", "caseworker"],
            by="each",
            waves={"start": item("Start", after="P0D"), "later": item("Later", after="P40D")},
            window={"early": "P7D", "late": "P14D"},
            **ASKED,
        ),
    },
    groups={name: item(name) for name in ("young", "old")},
)
SPAN = 120


def drawn(draw: Random, people: int, today: date) -> Casebook:
    """Facts of some persons as they may be known on a day: only appointments and agreed ends lie ahead."""
    book = Casebook(PROGRAMME)

    def past() -> date:
        return today - timedelta(days=draw.randint(0, SPAN))

    for number in range(people):
        person, enrolments = f"p{number}", []
        for turn in range(draw.choice([0, 1, 1, 1, 2])):
            name, begun = f"e{number}.{turn}", past()
            enrolments.append(name)
            book.enrol(begun, person=person, enrolment=name, site=draw.choice(["north", "city"]))
            if draw.random() < 0.2:
                book.leave(max(begun, past()), person=person, enrolment=name)
        for _ in range(draw.randint(0, 14)):
            _fact(book, draw, today, past(), person, draw.choice([*enrolments, *enrolments, None]))
    return book


def _recorded(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _fact(book: Casebook, draw: Random, today: date, day: date, person: str, of: str | None) -> None:
    whose = {"person": person, "enrolment": of, "site": draw.choice([None, "city"])}
    ahead = draw.choice([None, max(day, today + timedelta(days=draw.randint(-30, 50)))])
    match draw.randint(0, 11):
        case 0 | 1:
            met = draw.choice(["held", "no_show", "cancelled", "planned"])
            named = draw.choice([None, "w1", "w2"])
            book.meet(day, met, worker=named, minutes_shared=draw.choice([None, False]), **whose)
        case 2 | 3:
            when = today + timedelta(days=draw.randint(-5, 70))
            told = {"citizen_said": draw.choice([None, "coming", "move"]), "recorded_at": _recorded(day)}
            book.meet(when, "planned", worker=draw.choice([None, "w1"]), **told, **whose)
        case 4 if of is not None:
            role = draw.choice(["caseworker", "broker", "both", "firm"])
            ended = draw.choice([None, None, max(day, today - timedelta(days=5))])
            book.fact("assigned", day, to=ended, role=role, worker=draw.choice(["w1", "w2"]), **whose)
        case 5:
            book.fact("pause", day, to=ahead, **whose)
        case 6:
            book.fact("event", day, event=draw.choice(["begun", "begun", "over", "passed"]), **whose)
        case 7:
            kind = draw.choice(["agreement", "placement"])
            book.fact(kind, day, to=ahead, type=draw.choice(["a", "b"]), **whose)
        case 8:
            book.fact("hours", day, to=ahead, type="ordinary", hours_per_week=5.0, **whose)
        case 9:
            status = draw.choice(["not_started", "under_way", "reached"])
            book.fact("subgoal_reviewed", day, subgoal=draw.choice(["x", "y"]), status=status, **whose)
        case 10 if of is not None:
            name = draw.choice(["plan-made", "met-soon"])
            book.fact("requirement_answered", day, requirement=name, answer="yes", **whose)
        case _:
            asked, rater = draw.choice([("goals", "broker"), ("mood", "citizen"), ("mood", "caseworker")])
            book.answer(day, {"a": 3}, questionnaire=asked, rater=rater, **whose)
            book.fact("visitation", day, group=draw.choice(["young", "old"]), **{**whose, "enrolment": None})


def on(table: pl.DataFrame, day: date) -> pl.DataFrame:
    """The items that are on the list of a day."""
    return table.filter((pl.col("opens") <= day) & (pl.col("closes").is_null() | (pl.col("closes") >= day)))


@pytest.mark.parametrize("seed", range(25))
def test_the_list_of_a_later_day_can_be_read_off_the_list_of_today(seed: int) -> None:
    draw = Random(seed)  # noqa: S311
    today = START + timedelta(days=SPAN)
    facts = drawn(draw, 8, today).data_until(today - timedelta(days=SPAN)).facts()
    made = worklist(facts, today)
    for ahead in (1, draw.randint(2, 20), draw.randint(21, AHEAD_DAYS - 1), AHEAD_DAYS):
        later = today + timedelta(days=ahead)
        assert on(made, later).rows() == on(worklist(facts, later), later).rows()


@pytest.mark.parametrize("seed", range(10))
def test_the_rows_of_a_person_depend_on_nobody_else(seed: int) -> None:
    draw = Random(1000 + seed)  # noqa: S311
    today = START + timedelta(days=SPAN)
    facts = drawn(draw, 10, today).data_until(today - timedelta(days=SPAN)).facts()
    for rows in (worklist, case_rows):
        all_of_them = rows(facts, today)
        for person in all_of_them["person"].unique().sort():
            alone = rows(facts.of_persons([person]), today)
            assert alone.rows() == all_of_them.filter(pl.col("person") == person).rows()


def test_the_draws_reach_every_queue_and_every_state() -> None:
    today = START + timedelta(days=SPAN)
    many = drawn(Random(7), 300, today).facts()  # noqa: S311
    assert set(worklist(many, today)["queue"]) == set(QUEUES)
    assert set(case_rows(many, today)["state"]) == {"candidate", "active", "paused", "ended"}
