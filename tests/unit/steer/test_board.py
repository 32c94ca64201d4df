"""The board after a new fact is the board made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indsats.library import definition_path
from indsats.programme import Period, load
from indsats.record import Record, read_record
from indsats.simulate import simulate
from indsats.steer import Board, board

PROGRAMMES = ("udvikling-i-fleksjob", "fremskudt-indsats", "social-stoette-i-job")
KINDS = ("meeting", "exit", "requirement_answered", "placement", "hours", "event", "questionnaire_answered")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Record, Board]]:
    found: dict[str, tuple[Record, Board]] = {}
    for name in PROGRAMMES:
        programme = load(definition_path(name))
        record = read_record(simulate(programme, 700, 5, tmp_path_factory.mktemp(name) / "data"), programme)
        facts = record.as_of()
        period = Period(first=facts.last_day - timedelta(days=500), last=facts.last_day)
        found[name] = (record, board(facts, period))
    return found


# A board takes seconds: what fails is told as it was found, without looking for a smaller one.
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_board_after_a_fact_is_the_board_made_anew(
    made: dict[str, tuple[Record, Board]], data: st.DataObject
) -> None:
    record, before = made[data.draw(st.sampled_from(PROGRAMMES))]
    kinds = [kind for kind in KINDS if record.table(kind).height]
    facts = record.facts
    persons: set[str] = set()
    for _ in range(data.draw(st.integers(1, 3))):
        kind = data.draw(st.sampled_from(kinds))
        at = data.draw(st.integers(0, record.table(kind).height - 1))
        gone = data.draw(st.booleans())
        table = facts[kind]
        row = table.slice(at % table.height, 1)
        persons.add(row["person"].item())
        if gone:
            table = pl.concat([table.slice(0, at % table.height), table.slice(at % table.height + 1)])
        else:
            days = data.draw(st.integers(-40, 40))
            moved = row.with_columns(
                pl.col("occurred_from") - timedelta(days=days), id=pl.format("{}-again", "id")
            )
            table = pl.concat([table, moved])
        facts = {**facts, kind: table}
    now = replace(record.with_facts(facts).as_of(), through=before.facts.last_day)
    after, anew = before.after(now, sorted(persons)), board(now, before.period)
    assert after.indicators == anew.indicators
    assert after.barometer == anew.barometer
    assert after.measured == anew.measured


def test_a_board_that_was_mended_twice_is_the_board_made_anew(made: dict[str, tuple[Record, Board]]) -> None:
    record, before = made["udvikling-i-fleksjob"]
    newest = record.facts["meeting"].sort("occurred_from", "id", descending=True)
    first, second = newest["person"].unique(maintain_order=True).head(2).to_list()
    step, facts = before, record.facts
    for person in (first, second, first):
        mine = newest.filter(pl.col("person") == person).head(1)
        more = mine.with_columns(id=pl.lit(f"more-{facts['meeting'].height}"))
        facts = {**facts, "meeting": pl.concat([facts["meeting"], more])}
        step = step.after(record.with_facts(facts).as_of(), [person])
    now = replace(record.with_facts(facts).as_of(), through=before.facts.last_day)
    assert step.indicators == board(now, before.period).indicators
    assert step.indicators != before.indicators


def test_a_board_of_another_definition_is_not_mended(made: dict[str, tuple[Record, Board]]) -> None:
    _, before = made["udvikling-i-fleksjob"]
    record, _ = made["fremskudt-indsats"]
    with pytest.raises(ValueError, match="make the board anew"):
        before.after(record.as_of(), ["somebody"])
