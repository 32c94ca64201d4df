"""Payloads that satisfy a rule are found for texts, numbers, truth values, dates, lists of names and forms."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from indsats.programme import keep, parse_rule, rule_fields
from indsats.simulate.satisfying import fields_of, ways
from indsats.simulate.wording import meanings
from invented_programme import invented_programme, phased_programme

DAY = date(2018, 5, 16)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("meeting", 'type == "visit" and outcome == "held"'),
        ("meeting", 'type != "visit" and outcome in ["no_show", "cancelled"]'),
        ("meeting", 'includes(participants, "broker") and not includes(participants, "doctor")'),
        ("meeting", 'includes(participants, "guide") or includes(participants, "doctor")'),
        ("cv", "not published"),
        ("hours", 'type == "ordinary" and hours_per_week > 0 and hours_per_week <= 4'),
        ("hours", "hours_per_week * 52 >= 520"),
        ("placement", "occurred_to is not missing and days_between(occurred_from, occurred_to) >= 28"),
        ("placement", "hours_per_week is missing"),
        ("plan", 'level == "whole" and steps-agreed < 3'),
        ("plan", "next-look is missing"),
        ("plan", "days_between(occurred_from, next-look) > 60"),
        ("agreement", "days-a-week >= 4"),
        ("event", 'value == "stopped"'),
        ("event", 'event == "closed"'),
        ("walk_in", "has_case is not missing and (summoned or not has_case)"),
    ],
)
def test_every_payload_found_satisfies_the_rule(kind: str, rule: str) -> None:
    programme = phased_programme()
    found = ways(programme, kind, rule, DAY)
    assert found.height > 0
    fields = rule_fields(programme, kind)
    dates = [name for name in fields_of(found) if fields[name] == "date"]
    seen = found.with_columns(
        (pl.lit(DAY) + pl.duration(days=pl.col(name))).alias(name) for name in dates
    ).with_columns(pl.lit(DAY).alias("occurred_from"))
    lacking = [pl.lit(None, dtype=pl.Date).alias("occurred_to")] if "occurred_to" not in seen.columns else []
    kept = keep(seen.with_columns(lacking), parse_rule(rule, fields), as_of=DAY + timedelta(days=9))
    assert kept.height == found.height


def test_a_field_of_a_form_comes_with_a_type_that_has_the_form() -> None:
    found = ways(phased_programme(), "agreement", "days-a-week >= 4", DAY)
    assert set(found["type"]) == {"usual"}


def test_an_outcome_comes_with_the_event_it_belongs_to_and_an_event_without_outcomes_has_none() -> None:
    programme = phased_programme()
    assert set(ways(programme, "event", 'value == "done"', DAY)["event"]) == {"left"}
    either = ways(
        programme, "event", 'event in ["closed", "left"] and (value is missing or value != "x")', DAY
    )
    assert set(either.select("event", "value").iter_rows()) >= {("closed", None), ("left", "done")}
    assert either.filter((pl.col("event") == "closed") & pl.col("value").is_not_null()).is_empty()


def test_a_rule_nothing_satisfies_has_no_payload_and_one_without_fields_has_one_without_values() -> None:
    programme = phased_programme()
    assert ways(programme, "meeting", 'type == "visit" and type == "first"', DAY).is_empty()
    empty = ways(programme, "plan", "true", DAY)
    assert (empty.height, fields_of(empty)) == (1, [])


def test_what_is_given_stays_as_it_is() -> None:
    found = ways(phased_programme(), "meeting", 'type == "visit"', DAY, outcome="moved")
    assert found.select("type", "outcome").rows() == [("visit", "moved")]


def test_codes_are_found_by_what_they_mean_and_else_by_what_comes_nearest() -> None:
    programme = phased_programme()
    told = {concept: meanings(programme, "exit.reason", concept)[0]
            for concept in ("job", "dead", "completed", "flex", "pension", "parent")}  # fmt: skip
    assert told == {
        "job": "at-work", "dead": "dead-now", "completed": "through", "flex": "at-work", "pension": "gone",
        "parent": "gone",
    }  # fmt: skip
    assert meanings(programme, "placement.type", "practice") == ("unpaid",)
    assert meanings(programme, "pause.reason", "sick") == ("sick",)


def test_a_list_that_says_nothing_of_meanings_is_read_by_position() -> None:
    programme = invented_programme()
    assert meanings(programme, "placement.type", "practice") == ("internship",)
    assert meanings(programme, "placement.type", "subsidy") == ("wage-subsidy",)
    assert meanings(programme, "placement.type", "dead") == ("wage-subsidy",)
