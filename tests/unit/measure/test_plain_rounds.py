"""The columns and plain loops over the facts tell the same of records drawn at random."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from drawn_rounds import at_sites, form, records
from indsats.measure.answered import answers
from indsats.measure.change import baselines, changes
from indsats.measure.response import response_rows
from indsats.measure.rounds import assigned_waves, rounds
from indsats.measure.scored import score_table
from indsats.measure.scores import score_rows
from indsats.measure.trajectories import trajectories
from indsats.programme import Period
from indsats.record import Facts
from plain_rounds import Plain

SEEDS = range(12)
PEOPLE = 25
EPS = 1e-9


def drawn(seed: int, about: str = "person") -> tuple[Facts, Plain, date]:
    draw = Random(seed)  # noqa: S311
    asked = form(draw, about)
    book = at_sites(draw, asked) if about == "site" else records(draw, asked, PEOPLE)
    facts = book.facts()
    until = date(2016, 1, 31) + timedelta(draw.choice([0, 1, 29, 30, 90, 121, 300]))
    return facts, Plain.of(facts, "goals"), until


def alike(one: float | None, other: float | None) -> bool:
    return one is other is None or (one is not None and other is not None and abs(one - other) < EPS)


@pytest.mark.parametrize("about", ["person", "site"])
@pytest.mark.parametrize("seed", SEEDS)
def test_rounds_and_which_answer_counts_are_as_told_plainly(seed: int, about: str) -> None:
    facts, plain, until = drawn(seed, about)
    told = plain.rounds(until)
    columns = list(told[0]) if told else ["enrolment"]
    assert rounds(facts, "goals", until).select(columns).to_dicts() == told
    got = assigned_waves(facts, "goals")
    found = {row[0]: row[1:] for row in got.select("id", "round", "counts", "reason").rows()}
    assert found == plain.assigned()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rater", [None, "citizen"])
def test_baselines_are_as_told_plainly(seed: int, rater: str | None) -> None:
    facts, plain, until = drawn(seed)
    told = plain.baselines("total", until, rater)
    got = {
        row["enrolment"]: row
        for row in baselines(facts, "goals", "total", until=until, rater=rater).to_dicts()
    }
    assert got.keys() == told.keys()
    for name, row in told.items():
        assert got[name]["reason"] == row["reason"]
        assert got[name]["answer"] == (row["base"]["id"] if row["base"] else None)
        assert alike(got[name]["value"], row["base"]["value"] if row["base"] else None)


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_are_as_told_plainly(seed: int) -> None:
    facts, plain, until = drawn(seed)
    for wave in (None, *plain.form.waves):
        told = plain.changes("total", until, wave)
        for got in changes(facts, "goals", "total", until=until, wave=wave).to_dicts():
            row = told.pop(got["enrolment"])
            last = row["last"] or {"value": None, "day": None, "rater": None}
            assert got["reason"] == row["reason"]
            assert (got["last_day"], got["last_rater"]) == (last["day"], last["rater"])
            for mine, theirs in (
                ("last_value", last["value"]),
                ("change", row["change"]),
                ("gain", row["gain"]),
            ):
                assert alike(got[mine], theirs)
        assert told == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_response_counts_every_round_once(seed: int) -> None:
    facts, plain, until = drawn(seed)
    unit = {row["enrolment"]: row["unit"] for row in plain.enrolled}
    told: Counter[Any] = Counter(
        (unit[row["enrolment"]], row["wave"], row["rater"], row["status"]) for row in plain.rounds(until)
    )
    seen: list[str] = []
    for row in response_rows(facts, "goals", until, name="goals"):
        key = (row.group, row.wave, row.rater)
        figures = {
            "answered": row.answered,
            "declined": row.declined,
            "not_relevant": row.not_relevant,
            "due": row.open,
            "late": row.late,
            "missed": row.missed,
        }
        for status, figure in figures.items():
            assert (figure.numerator or 0) == told[(*key, status)]
            assert figure.denominator == row.expected.value
        for status, figure in (("upcoming", row.upcoming), ("ended", row.ended)):
            assert figure.value == told[(*key, status)]
        seen += [one.id for one in (row.expected, row.on_time, row.upcoming, row.ended, *figures.values())]
        out = sum(row.expected.excluded.values())
        assert (row.expected.value or 0) + out == sum(number for k, number in told.items() if k[:3] == key)
    assert len(seen) == len(set(seen))
    assert {key[:3] for key in told} == {
        (row.group, row.wave, row.rater) for row in response_rows(facts, "goals", until)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_score_of_a_round_is_of_the_answers_that_count_in_it_and_the_others_are_told(seed: int) -> None:
    facts, plain, until = drawn(seed)
    answered = answers(facts, "goals")
    period = Period(first=until, last=until)
    for wave in plain.form.waves:
        told = plain.spoken("total", wave, until)
        rows = score_rows(answered, plain.form, "total", period=period, wave=wave)
        groups = {row["unit"] for row in told.values()}
        assert groups <= {row.group for row in rows}
        for row in rows:
            here = [one for one in told.values() if one["unit"] == row.group]
            values = [one["value"] for one in here if one["reason"] is None]
            assert row.mean.denominator == len(values)
            assert alike(row.mean.value, sum(values) / len(values) if values else None)
            why = Counter(one["reason"] for one in here if one["reason"] is not None)
            lone = row.mean.excluded.get("no_enrolment", 0)
            assert {k: n for k, n in row.mean.excluded.items() if k != "no_enrolment"} == why
            assert (row.mean.denominator or 0) + sum(row.mean.excluded.values()) == len(here) + lone
        lone = sum(row.mean.excluded.get("no_enrolment", 0) for row in rows)
        assert lone == plain.loose(wave, until)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_score_of_a_round_is_its_place_in_the_course(seed: int) -> None:
    facts, plain, _ = drawn(seed)
    until = date(2018, 1, 1)
    if plain.form.by == "each" or not all(one.comparable for one in plain.form.earlier.values()):
        return
    answered, period = answers(facts, "goals"), Period(first=until, last=until)
    course = {row.wave: row.mean for row in trajectories(facts, "goals", "total", until)}
    for wave in plain.form.waves:
        rows = score_rows(answered, plain.form, "total", None, period=period, wave=wave)
        mean = rows[0].mean if rows else None
        assert alike(mean and mean.value, course[wave].value if wave in course else None)
        if wave in course:
            assert mean is not None
            assert mean.denominator == course[wave].denominator


@pytest.mark.parametrize("seed", SEEDS)
def test_values_and_states_are_as_told_plainly(seed: int) -> None:
    facts, plain, _ = drawn(seed)
    told = {row["id"]: row for row in plain.answered}
    scored = score_table(facts).filter(score="total")
    assert set(scored["id"]) == told.keys()
    for row in scored.to_dicts():
        assert alike(row["value"], plain.value(told[row["id"]], "total"))
    assigned = plain.assigned()
    for row in answers(facts, "goals").to_dicts():
        one = told[row["id"]]
        asking = plain.asking(one)
        assert row["round"] == assigned[row["id"]][0]
        assert row["edition"] == plain.edition(one)
        assert row["complete"] == plain.complete(one)
        assert row["n_asked"] == sum(plain.was_asked(one, item) for item in asking.items)
        parts = ("answered", "dont_know", "not_relevant", "declined", "missing")
        assert row["n_asked"] == sum(row[f"n_{part}"] for part in parts)
        for item in plain.form.all_items:
            assert row[item] == plain.point(one, item)


def test_what_is_drawn_holds_every_state_and_reason() -> None:
    states: Counter[Any] = Counter()
    for seed in SEEDS:
        facts, _plain, until = drawn(seed)
        states.update(rounds(facts, "goals", until)["status"].to_list())
        states.update(assigned_waves(facts, "goals")["reason"].to_list())
        states.update(changes(facts, "goals", "total", until=until)["reason"].to_list())
    assert {
        *("answered", "declined", "not_relevant", "upcoming", "due", "late", "missed", "ended"),
        *("duplicate", "no_enrolment", "before_enrolment", "outside_rounds"),
        *("not_measured", "too_late", "incomplete", "not_measured_again", "another_rater", "another_edition"),
    } <= set(states)
