"""For any sequence of changes: the view at a time is what replaying the changes up to that time gives."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.record import Record, empty_record
from logbook import NOON, meeting, programme

PROGRAMME = programme()
OUTCOMES = ("held", "cancelled", "moved")

change = st.tuples(st.integers(0, 1), st.sampled_from(OUTCOMES), st.integers(0, 4))
"""Which fact, its outcome, and a number that withdraws it when it is 0 and the fact is there."""


def replay(changes: list[tuple[int, str, int]]) -> list[tuple[Record, dict[str, str]]]:
    """After each change (one an hour): the record, and a plain model of it, fact to outcome.

    A fact is added the first time it is named, then corrected or withdrawn; a withdrawn one is left alone.
    """
    record = empty_record(PROGRAMME)
    model: dict[str, str] = {}
    withdrawn: set[str] = set()
    after: list[tuple[Record, dict[str, str]]] = []
    for hour, (number, outcome, what) in enumerate(changes):
        fact = f"m{number}"
        by = {"recorded_at": NOON + timedelta(hours=hour), "recorded_by": "anna", "source": "web"}
        if fact not in model and fact not in withdrawn:
            row = {**meeting(outcome=outcome), "id": fact, "enrolment": None}
            record = record.add("meeting", [row], **by)
            model = {**model, fact: outcome}
        elif fact in model and what == 0:
            record = record.withdraw(fact, **by)
            withdrawn.add(fact)
            model = {name: value for name, value in model.items() if name != fact}
        elif fact in model:
            record = record.correct(fact, {"outcome": outcome}, **by)
            model = {**model, fact: outcome}
        after.append((record, model))
    return after


@settings(max_examples=25, deadline=None)
@given(st.lists(change, min_size=2, max_size=8))
def test_the_view_at_a_time_is_what_the_changes_up_to_then_had_made(
    changes: list[tuple[int, str, int]],
) -> None:
    after = replay(changes)
    last = after[-1][0]
    for hour, (until, model) in enumerate(after):
        seen = last.as_of(NOON + timedelta(hours=hour)).table("meeting").sort("id")
        assert seen.equals(until.as_of().table("meeting").sort("id"))
        assert dict(seen.select("id", "outcome").iter_rows()) == model


@settings(max_examples=10, deadline=None)
@given(st.lists(change, min_size=2, max_size=8))
def test_nothing_that_was_recorded_is_lost_or_changed_but_for_its_closing(
    changes: list[tuple[int, str, int]],
) -> None:
    rows: set[tuple[object, ...]] = set()
    for record, _ in replay(changes):
        now = set(record.table("meeting").drop("replaced_at").rows())
        assert rows <= now
        rows = now
