"""What a report says about the one before it: each cause of a change has its name and its part, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import EFFORT_EVERYWHERE, indicator, period, programme
from indsats.programme import Programme
from indsats.record import Record, empty_record, record_from_tables
from indsats.steer import ORDER, Cause, Frozen, Since, passage, passage_between, since
from indsats.steer import indicator as level_of

MAY, JUNE = period("2016-05-01", "2016-05-31"), period("2016-06-01", "2016-06-30")
REPORTED, NOW = datetime(2016, 6, 14, 12, tzinfo=UTC), datetime(2016, 7, 14, 12, tzinfo=UTC)
LATER = datetime(2016, 7, 1, 12, tzinfo=UTC)
BY = {"recorded_by": "test", "source": "test"}


def definition(version: int = 1, **rules: str) -> Programme:
    """No-shows as a share and as a number, those enrolled, and those placed within four weeks."""
    missed = rules.get("missed", 'outcome == "no_show"')
    return programme(
        version=version,
        units=EFFORT_EVERYWHERE,
        indicators={
            "no-shows": indicator("share", "lower", kind="meeting", where=missed),
            "missed": indicator("count", "lower", kind="meeting", where=missed),
            "enrolled": indicator("stock", "neither"),
            "placed": indicator("reached", what=[{"kind": "placement"}]),
            "meetings-a-month": indicator("rate", kind="meeting", per="person_month"),
        },
    )


RULES = definition()


def enrolled(number: int, day: str = "2016-01-04") -> dict[str, Any]:
    return {
        "id": f"enrolled-{number}",
        "person": f"p{number}",
        "enrolment": f"e{number}",
        "service": "talks",
        "site": "north",
        "occurred_from": date.fromisoformat(day),
    }


def met(number: int, day: str = "2016-05-10", outcome: str | None = "held", **rest: Any) -> dict[str, Any]:
    return {
        "id": f"meeting-{number}-{day}",
        "person": f"p{number}",
        "enrolment": f"e{number}",
        "type": "talk",
        "outcome": outcome,
        "occurred_from": date.fromisoformat(day),
        **rest,
    }


def start() -> Record:
    """Ten persons met in May, two of whom did not come: all recorded on the evening of the day."""
    record = empty_record(RULES)
    for kind, rows in (
        ("enrolled", [enrolled(n) for n in range(10)]),
        ("meeting", [met(n, outcome="no_show" if n < 2 else "held") for n in range(10)]),
    ):
        for row in rows:
            at = datetime.combine(row["occurred_from"], datetime.min.time(), UTC) + timedelta(hours=18)
            record = record.add(kind, [row], recorded_at=at, **BY)
    return record


def add(record: Record, kind: str, *rows: dict[str, Any], at: datetime = LATER) -> Record:
    return record.add(kind, list(rows), recorded_at=at, **BY)


def changed(
    record: Record,
    name: str = "no-shows",
    over: Any = MAY,
    rules: Programme = RULES,
    written: Mapping[str, Any] | None = None,
    **place: Any,
) -> Since:
    before = Frozen(MAY, REPORTED, RULES, written=written or {})
    return since(record, name, before, Frozen(over, NOW, rules), **place)


def parts(found: Since) -> dict[str, float]:
    """The causes that did something."""
    return {
        step.cause: round(step.change.value, 9)
        for step in found.steps
        if step.change.value is not None and abs(step.change.value) > 1e-12
    }


def adds_up(found: Since) -> None:
    assert found.before.value is not None
    assert found.after.value is not None
    assert found.change.value == pytest.approx(found.after.value - found.before.value, abs=1e-12)
    assert sum(step.change.value or 0 for step in found.steps) == pytest.approx(found.change.value, abs=1e-9)


def test_a_late_registration_moves_the_earlier_month_now_and_not_in_the_frozen_report() -> None:
    late = add(start(), "meeting", met(3, "2016-05-20", "no_show"))
    then = level_of(start().as_of(REPORTED), "no-shows", MAY)
    assert (then.numerator, then.denominator) == (2, 10)
    frozen = level_of(late.as_of(REPORTED), "no-shows", MAY)
    assert (frozen.numerator, frozen.denominator) == (2, 10)
    now = level_of(late.as_of(NOW), "no-shows", MAY)
    assert (now.numerator, now.denominator) == (3, 11)


def test_and_the_change_is_explained_by_the_name_of_its_cause() -> None:
    found = changed(add(start(), "meeting", met(3, "2016-05-20", "no_show")))
    assert parts(found) == {"late": round(3 / 11 - 2 / 10, 9)}
    adds_up(found)


def test_a_person_registered_late_is_told_apart_from_a_late_registration() -> None:
    record = add(start(), "enrolled", enrolled(11, "2016-05-02"))
    record = add(record, "meeting", met(11, "2016-05-20", "no_show"))
    assert parts(changed(record, "missed")) == {"late_people": 1}
    assert parts(changed(record, "enrolled")) == {"late_people": 1}


def test_a_value_that_was_wrong_is_a_correction() -> None:
    record = start().correct("meeting-0-2016-05-10", {"outcome": "cancelled"}, recorded_at=LATER, **BY)
    assert parts(changed(record, "missed")) == {"corrected": -1}


def test_a_fact_that_was_withdrawn_is_a_correction() -> None:
    record = start().withdraw("meeting-0-2016-05-10", recorded_at=LATER, **BY)
    found = changed(record)
    assert parts(found) == {"corrected": round(1 / 9 - 2 / 10, 9)}
    adds_up(found)


def test_an_outcome_that_was_not_written_down_and_is_filled_in_is_late_and_no_correction() -> None:
    before_it = datetime(2016, 5, 2, 12, tzinfo=UTC)
    record = add(start(), "meeting", met(4, "2016-05-12", "planned"), at=before_it)
    record = record.correct("meeting-4-2016-05-12", {"outcome": "no_show"}, recorded_at=LATER, **BY)
    assert parts(changed(record, "missed")) == {"late": 1}


def test_an_appointment_that_was_kept_since_is_neither_late_nor_a_correction() -> None:
    record = add(start(), "meeting", met(4, "2016-06-20", "planned"), at=REPORTED - timedelta(days=10))
    record = record.correct("meeting-4-2016-06-20", {"outcome": "no_show"}, recorded_at=LATER, **BY)
    found = changed(record, "missed", JUNE)
    assert parts(found) == {"since": -1}
    assert (found.before.value, found.after.value) == (2, 1)


def test_an_end_that_came_since_is_no_correction() -> None:
    stay = {"id": "stay", "person": "p1", "enrolment": "e1", "occurred_from": date(2016, 5, 3)}
    record = add(start(), "pause", {**stay, "reason": "illness"}, at=REPORTED - timedelta(days=10))
    over = record.correct("stay", {"occurred_to": date(2016, 6, 20)}, recorded_at=LATER, **BY)
    way = passage(over, Frozen(MAY, REPORTED, RULES), Frozen(JUNE, NOW, RULES))
    assert dict(way.facts) == {"since": 1}
    before = record.correct("stay", {"occurred_to": date(2016, 5, 20)}, recorded_at=LATER, **BY)
    assert dict(passage(before, Frozen(MAY, REPORTED, RULES), Frozen(JUNE, NOW, RULES)).facts) == {"late": 1}


def test_another_version_of_the_definition_is_a_changed_rule() -> None:
    stricter = definition(2, missed='outcome == "no_show" or outcome == "held"')
    found = changed(start(), "missed", rules=stricter)
    assert parts(found) == {"rules": 8}


def test_what_happened_after_the_period_counts_as_happened_since() -> None:
    job = {
        "id": "job",
        "person": "p1",
        "enrolment": "e1",
        "type": "praktik",
        "occurred_from": date(2016, 6, 20),
    }
    record = add(start(), "placement", job)
    whole = period("2016-01-01", "2016-05-31")
    found = since(record, "placed", Frozen(whole, REPORTED, RULES), Frozen(whole, NOW, RULES))
    assert parts(found) == {"since": 0.1}
    adds_up(found)


def test_from_one_month_to_the_next_new_people_are_told_from_those_known() -> None:
    record = add(start(), "meeting", met(0, "2016-06-10", "no_show"), met(1, "2016-06-10", "held"))
    record = add(record, "enrolled", enrolled(20, "2016-06-06"), enrolled(21, "2016-06-06"))
    record = add(record, "meeting", met(20, "2016-06-20", "no_show"), met(21, "2016-06-20", "no_show"))
    found = changed(record, over=JUNE)
    assert parts(found) == {"since": round(1 / 2 - 2 / 10, 9), "new_people": round(3 / 4 - 1 / 2, 9)}
    assert parts(changed(record, "enrolled", JUNE)) == {"new_people": 2}
    adds_up(found)


def test_only_what_has_happened_since_follows_anybody_longer() -> None:
    record = add(start(), "meeting", met(0, "2016-06-20"))
    whole = period("2016-01-01", "2016-06-30")
    found = since(record, "meetings-a-month", Frozen(whole, REPORTED, RULES), Frozen(whole, NOW, RULES))
    assert set(parts(found)) == {"since"}
    adds_up(found)


def test_who_began_on_the_last_day_of_the_period_was_there_to_be_registered() -> None:
    record = add(start(), "enrolled", enrolled(11, "2016-05-31"), enrolled(12, "2016-06-01"))
    way = passage(record, Frozen(MAY, REPORTED, RULES), Frozen(JUNE, NOW, RULES))
    assert dict(way.facts) == {"late_people": 1, "new_people": 1}


def all_at_once() -> Record:
    record = add(start(), "meeting", met(3, "2016-05-20", "no_show"), met(0, "2016-06-10", "no_show"))
    record = add(record, "enrolled", enrolled(11, "2016-05-02"), enrolled(20, "2016-06-06"))
    record = add(record, "meeting", met(11, "2016-05-20", "no_show"), met(11, "2016-06-21", "no_show"))
    record = add(record, "meeting", met(20, "2016-06-20", "no_show"), met(20, "2016-06-28", "held"))
    return record.correct("meeting-0-2016-05-10", {"outcome": "held"}, recorded_at=LATER, **BY)


def test_causes_that_come_together_are_told_one_by_one() -> None:
    found = changed(all_at_once(), "missed", JUNE)
    # 2 in May as reported; 1 late, 1 of a person registered late, 1 put right: 3. In June 2 of those known, 1 new.
    assert parts(found) == {"late": 1, "late_people": 1, "corrected": -1, "since": -1, "new_people": 1}
    assert [step.level.value for step in found.steps] == [3, 4, 3, 3, 2, 3]
    adds_up(found)


def test_each_step_tells_how_many_persons_and_facts_it_rests_on() -> None:
    found = changed(all_at_once(), "missed", JUNE)  # one of those known missed a meeting in both months
    persons = {step.cause: step.change.denominator for step in found.steps}
    assert persons == {"late": 1, "late_people": 1, "corrected": 1, "rules": 0, "since": 3, "new_people": 1}
    assert {step.cause: step.facts.value for step in found.steps} == {
        "late": 1, "late_people": 2, "corrected": 1, "rules": 0, "since": 2, "new_people": 3
    }  # fmt: skip


@pytest.mark.parametrize("name", ["no-shows", "missed", "enrolled", "meetings-a-month"])
def test_the_sum_is_the_same_whatever_is_taken_in_first(name: str) -> None:
    record = all_at_once()
    before, after = Frozen(MAY, REPORTED, RULES), Frozen(JUNE, NOW, definition(2, missed='outcome != "held"'))
    sums = set()
    for order in list(permutations(ORDER))[::37]:
        found = since(record, name, before, after, order=order)
        adds_up(found)
        sums.add(round(sum(step.change.value or 0 for step in found.steps), 9))
    assert len(sums) == 1


def test_the_parts_depend_on_the_order_and_the_order_is_named() -> None:
    assert ORDER == ("late", "late_people", "corrected", "rules", "since", "new_people")
    record = all_at_once()
    before, after = Frozen(MAY, REPORTED, RULES), Frozen(JUNE, NOW, RULES)
    backwards: tuple[Cause, ...] = tuple(reversed(ORDER))
    assert parts(since(record, "no-shows", before, after)) != parts(
        since(record, "no-shows", before, after, order=backwards)
    )
    with pytest.raises(ValueError, match="each of late"):
        since(record, "no-shows", before, after, order=("late",))


def test_the_last_step_ends_at_the_figure_of_the_report_itself() -> None:
    record = all_at_once()
    found = changed(record, over=JUNE, unit="outreach")
    assert found.after == level_of(record.as_of(NOW), "no-shows", JUNE, unit="outreach")
    assert found.steps[-1].level.value == found.after.value


def test_a_figure_the_record_no_longer_gives_is_unexplained() -> None:
    printed = level_of(start().as_of(REPORTED), "missed", MAY)
    other = type(printed)(printed.id, 7.0, "count", 7.0)
    found = changed(
        add(start(), "meeting", met(3, "2016-05-20", "no_show")), "missed", written={other.id: other}
    )
    assert parts(found) == {"unexplained": -5, "late": 1}
    assert found.before.value == 7
    adds_up(found)
    same = changed(start(), "missed", written={printed.id: printed})
    assert "unexplained" not in {step.cause for step in same.steps}


def test_nothing_that_differs_changes_nothing() -> None:
    found = changed(start())
    assert (found.change.value, found.change.denominator) == (0, 0)
    assert {step.change.value for step in found.steps} == {0}


def test_without_a_level_then_there_is_a_change_of_nothing() -> None:
    record = add(start(), "meeting", met(0, "2016-06-10", "no_show"))
    april = Frozen(period("2016-04-01", "2016-04-30"), REPORTED, RULES)
    found = since(record, "no-shows", april, Frozen(JUNE, NOW, RULES))
    assert found.before.value is None
    assert {step.change.value for step in found.steps} == {None}


def test_where_a_step_in_between_has_no_level_the_sum_stays_whole() -> None:
    record = add(start(), "enrolled", enrolled(20, "2016-06-06"))
    record = add(record, "meeting", met(20, "2016-06-20", "no_show"))
    found = changed(record, over=JUNE)  # nobody known before met in June
    told = {step.cause: step.change.value for step in found.steps}
    assert told["since"] is None
    assert told["new_people"] == pytest.approx(0.8)
    adds_up(found)


def test_an_indicator_only_the_new_version_has_was_not_told_before() -> None:
    newer = definition(2)
    older = newer.model_copy(
        update={"version": 1, "indicators": {k: v for k, v in newer.indicators.items() if k != "missed"}}
    )
    found = since(start(), "missed", Frozen(MAY, REPORTED, older), Frozen(MAY, NOW, newer))
    assert (found.before.value, found.after.value, found.change.value) == (None, 2, None)
    with pytest.raises(KeyError):
        since(start(), "missed", Frozen(MAY, REPORTED, newer), Frozen(MAY, NOW, older))


def test_a_report_cannot_have_known_more_than_the_one_after_it() -> None:
    with pytest.raises(ValueError, match="no more"):
        since(start(), "missed", Frozen(MAY, NOW, RULES), Frozen(JUNE, REPORTED, RULES))


def test_two_extracts_without_history_are_held_against_each_other() -> None:
    first = {
        "enrolled": [enrolled(n) for n in range(4)],
        "meeting": [met(0, outcome="no_show"), met(1), met(2)],
    }
    second = {
        "enrolled": [*first["enrolled"], enrolled(9, "2016-05-02")],
        "meeting": [met(0), met(1), met(3, outcome="no_show"), met(9, outcome="no_show")],
    }
    then, now = (
        record_from_tables(RULES, tables, recorded_at=NOW, recorded_by="extract").as_of()
        for tables in (first, second)
    )
    found = passage_between(then, MAY, now, MAY).of("missed")
    # one came about somebody known, one with a person nobody knew; of the rest one was put right and one is gone
    assert parts(found) == {"late": 1, "late_people": 1, "corrected": -1}
    assert {step.cause: step.facts.value for step in found.steps if step.facts.value} == {
        "late": 1, "late_people": 2, "corrected": 2
    }  # fmt: skip
    adds_up(found)


DAYS = st.dates(date(2016, 4, 1), date(2016, 7, 10))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any small record: people, meetings and placements, registered on the day or weeks after, some put right."""
    enrolments, meetings = [], []
    for number in range(draw(st.integers(1, 6))):
        begun = draw(DAYS)
        enrolments.append({**enrolled(number), "occurred_from": begun, "lag": draw(st.integers(0, 60))})
        for count in range(draw(st.integers(0, 4))):
            day = draw(st.dates(begun, date(2016, 7, 12)))
            row = met(number, day.isoformat(), draw(st.sampled_from(["held", "no_show", None])))
            row |= {"id": f"m{number}-{count}", "site": draw(st.sampled_from(["north", "city", None]))}
            row |= {"lag": draw(st.integers(0, 60)), "then": draw(st.sampled_from(["", "held", "withdrawn"]))}
            meetings.append(row)
    tables = {
        kind: _versions(kind, rows)
        for kind, rows in (("enrolled", enrolments), ("meeting", meetings))
        if rows
    }
    return Record(RULES, tables, empty_record(RULES).persons, empty_record(RULES).sites)


def _versions(kind: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as the record keeps them: recorded ``lag`` days after, replaced a week later by what came ``then``."""
    made: list[dict[str, Any]] = []
    for row in rows:
        row = dict(row)
        lag, then = row.pop("lag"), row.pop("then", "")
        at = datetime.combine(row["occurred_from"] + timedelta(days=lag), datetime.min.time(), UTC)
        again = at + timedelta(days=7)
        row |= {"kind": kind, "programme": RULES.programme, "programme_version": 1, **BY}
        made.append({**row, "version": 1, "recorded_at": at, "replaced_at": again if then else None})
        if then:
            gone = {"replaced_at": again} if then == "withdrawn" else {"outcome": then, "replaced_at": None}
            made.append({**row, "version": 2, "recorded_at": again, **gone})
    return pl.DataFrame(made, schema=empty_record(RULES).table(kind).schema)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), st.sampled_from([MAY, JUNE]), st.sampled_from([None, "outreach"]), st.permutations(ORDER))
def test_whatever_was_recorded_the_steps_add_up(
    record: Record, over: Any, unit: str | None, order: Any
) -> None:
    if record.as_of(REPORTED).table("enrolled").is_empty():
        return
    looser = definition(2, missed='outcome != "held"')
    for rules in (RULES, looser):
        before, after = Frozen(MAY, REPORTED, RULES), Frozen(over, NOW, rules)
        way = passage(record, before, after, order=order)
        for name in ("missed", "no-shows", "enrolled", "meetings-a-month", "placed"):
            found = way.of(name, unit=unit)
            assert found.after == level_of(record.under(rules).as_of(NOW), name, over, unit=unit)
            told = level_of(record.as_of(REPORTED), name, MAY, unit=unit)
            assert (found.before.value, found.before.numerator) == (told.value, told.numerator)
            if found.before.value is not None and found.after.value is not None:
                adds_up(found)
                if name in ("missed", "enrolled"):
                    assert sum(step.change.value or 0 for step in found.steps) == found.change.value
