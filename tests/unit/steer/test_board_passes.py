"""How often a board reads the facts: once for what many ask, however many sites and indicators ask it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import polars as pl
import pytest

from indsats.library import definition_path
from indsats.programme import FulfilmentIndicator, Period, Programme, load
from indsats.record import Facts, Record, read_record
from indsats.simulate import simulate
from indsats.steer import board, phases, requirements


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    definition = load(definition_path("udvikling-i-fleksjob"))
    return read_record(simulate(definition, 120, 5, tmp_path_factory.mktemp("passes") / "data"), definition)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the large pieces of work are done: over all facts, or over all requirements of everybody."""
    found: Counter[str] = Counter()

    def counting(of: Any, name: str, key: Callable[..., str]) -> None:
        work = getattr(of, name)

        def counted(*given: Any, **named: Any) -> Any:
            found[key(*given)] += 1
            return work(*given, **named)

        monkeypatch.setattr(of, name, counted)

    counting(Facts, "_table", lambda _, kind: f"facts of {kind}")
    counting(Facts, "meetings", lambda _: "meetings")
    counting(phases, "_phase_runs", lambda *_: "phases")
    counting(requirements, "_requirement_items", lambda *_: "requirements")
    counting(requirements, "readings", lambda *_: "measured requirements")
    counting(import_module("indsats.steer.fulfilment"), "_judged", lambda _, by: f"judged {by}")
    return found


def whole(facts: Facts) -> Period:
    return Period(first=facts.last_day - timedelta(days=500), last=facts.last_day)


def spread(record: Record, sites: int) -> Record:
    """The same people at so many sites."""
    names = [f"s{number}" for number in range(sites)]
    table = pl.DataFrame({"site": names}).with_columns(
        unit=pl.lit(record.programme.effort_units[0]), name=pl.col("site"), open_days_per_week=pl.lit(5.0)
    )
    placed = pl.concat([record.sites.clear(), table], how="diagonal").select(record.sites.columns)
    home = pl.format("s{}", pl.col("person").hash(1) % sites)
    facts = {
        kind: rows.with_columns(site=pl.when(pl.col("site").is_not_null()).then(home))
        for kind, rows in record.facts.items()
    }
    return replace(record, facts=facts, sites=placed)


def test_a_board_counts_requirements_once_and_reads_each_kind_of_fact_once(
    record: Record, passes: Counter[str]
) -> None:
    assert sum(isinstance(one, FulfilmentIndicator) for one in record.programme.indicators.values()) > 3
    facts = record.as_of()
    board(facts, whole(facts))
    assert passes["requirements"] == passes["measured requirements"] == passes["phases"] == 1
    assert passes["judged answered"] == passes["judged measured"] == 1
    assert set(passes.values()) == {1}, passes


def test_more_sites_are_no_more_work_over_the_facts(record: Record, passes: Counter[str]) -> None:
    told: list[Counter[str]] = []
    for sites in (2, 40):
        facts = spread(record, sites).as_of()
        made = board(facts, whole(facts))
        assert all(len(levels) == sites for levels in made.indicators.values())
        told.append(passes.copy())
        passes.clear()
    assert told[0] == told[1]


def test_more_indicators_are_no_more_work_over_the_facts(record: Record, passes: Counter[str]) -> None:
    """Each indicator twice, under another name."""
    asked = record.programme.indicators
    twice: Programme = record.programme.model_copy(
        update={"indicators": {**asked, **{f"{name}-again": one for name, one in asked.items()}}}
    )
    for definition in (record.programme, twice):
        facts = replace(record, programme=definition).as_of()
        board(facts, whole(facts))
        assert set(passes.values()) == {1}, passes
        passes.clear()


def test_after_one_fact_only_the_facts_of_one_person_are_counted(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = record.as_of()
    made = board(facts, whole(facts))
    person = facts.enrolments()["person"][0]
    seen: list[int] = []
    work = requirements._requirement_items  # type: ignore[attr-defined]

    def counted(view: Facts, until: Any) -> pl.DataFrame:
        items = work(view, until)
        seen.append(items["person"].n_unique())
        return items

    monkeypatch.setattr(requirements, "_requirement_items", counted)
    made.after(record.as_of(), [person])
    assert seen == [1]
