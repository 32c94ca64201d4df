"""Whatever was answered, said and done: every round has one state, and the order of the facts says nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, item, programme
from development_goals import all_at, goals
from indsats.measure.rounds import assigned_waves, rounds
from indsats.record import Facts

STATUSES = {"answered", "declined", "not_relevant", "upcoming", "due", "late", "missed", "ended"}
ASKED: dict[str, Any] = {
    "waves": {
        "start": item("Start", after="P0D"),
        "half": item("Half", after="P6M"),
        "year": item("Year", after="P12M"),
    },
    "window": {"early": "P14D", "late": "P28D"},
    "baseline": {"within": "P1M", "before": "P7D", "source": "L1"},
    "reminders": ["P7D", "P21D"],
}

_DAY = st.integers(-40, 500)
_WHO = st.sampled_from(["e1", "e2", "e3", None])
_WAVE = st.sampled_from(["start", "half", "year", None])
_RATER = st.sampled_from(["caseworker", "citizen"])
_STEP = st.sampled_from(["invited", "reminded", "declined", "not_relevant", "not_reached"])


@settings(max_examples=40, deadline=None)
@given(
    by=st.sampled_from(["one", "each"]),
    said=st.lists(st.tuples(_DAY, _WHO, _WAVE, _RATER, st.sampled_from([3, None])), max_size=8),
    done=st.lists(st.tuples(_DAY, _WHO, _WAVE, st.one_of(_RATER, st.none()), _STEP), max_size=6),
    left=st.one_of(st.none(), _DAY),
    until=st.integers(0, 600),
    order=st.randoms(use_true_random=False),
)
def test_every_enrolment_wave_and_rater_has_one_state_whatever_the_order_of_the_facts(
    by: str, said: list[Any], done: list[Any], left: int | None, until: int, order: Any
) -> None:
    begun = date(2016, 1, 31)
    cases = (
        Casebook(programme(questionnaires={"goals": goals(by=by, **ASKED)}))
        .enrol(begun)
        .enrol(begun + timedelta(90), enrolment="e2")
    )
    cases.enrol(begun + timedelta(200), person="p2", enrolment="e3")
    for days, who, wave, rater, focus in said:
        answers = {**all_at(3), "focus": focus}
        cases.answer(begun + timedelta(days), answers, enrolment=who, wave=wave, rater=rater)
    for days, who, wave, rater, what in done:
        about = {"questionnaire": "goals", "enrolment": who, "wave": wave, "rater": rater}
        cases.fact("questionnaire_asked", begun + timedelta(days), step=what, **about)
    if left is not None:
        cases.leave(begun + timedelta(max(left, 0)))
    facts, day = cases.facts(), begun + timedelta(until)
    got = rounds(facts, "goals", day)
    enrolled = facts.enrolments().filter(pl.col("start") <= day).height
    assert got.height == enrolled * 3 * (2 if by == "each" else 1)
    assert got.select("enrolment", "wave", "rater").is_unique().all()
    assert set(got["status"]) <= STATUSES
    assert sum(number for _, number in got["status"].value_counts().iter_rows()) == got.height
    assert got.filter((pl.col("status") == "answered") != pl.col("answer").is_not_null()).is_empty()
    placed = assigned_waves(facts, "goals")
    assert placed.filter(pl.col("counts") == pl.col("reason").is_not_null()).is_empty()
    assert placed.filter("counts").select("enrolment", "round", "rater").is_unique().all()
    seed = order.randint(0, 10_000)
    tables = {kind: rows.sample(fraction=1, shuffle=True, seed=seed) for kind, rows in facts.facts.items()}
    mixed = Facts(facts.programme, tables, facts.persons, facts.sites, True, None)
    assert rounds(mixed, "goals", day).equals(got)
    assert assigned_waves(mixed, "goals").equals(placed)
