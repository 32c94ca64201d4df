"""What the outreach programme refuses at entry, case by case."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from indsats.library import definition_path
from indsats.programme import keep, load, parse_rule, rule_fields

PROGRAMME = load(definition_path("fremskudt-indsats"))
TYPES = {"text": pl.String, "bool": pl.Boolean, "number": pl.Float64, "date": pl.Date}


def accepted(rule: str, **fact: Any) -> bool:
    entry = PROGRAMME.entry_rules[rule]
    fields = rule_fields(PROGRAMME, entry.kind)
    assert fact.keys() <= fields.keys()
    row = pl.DataFrame(
        {name: pl.Series([fact.get(name)], dtype=TYPES[kind]) for name, kind in fields.items()}
    )
    return keep(row, parse_rule(entry.must, fields)).height == 1


@pytest.mark.parametrize("action", ["sagsbehandling", "aktiveringstilbud", "opfoelgningssamtale"])
def test_a_visitor_without_a_case_gets_no_casework(action: str) -> None:
    assert not accepted("uden-sag-kun-raad", has_case=False, action=action)
    assert accepted("uden-sag-kun-raad", has_case=True, action=action)


@pytest.mark.parametrize("action", ["vejledning", "henvisning", None])
def test_a_visitor_without_a_case_gets_advice(action: str | None) -> None:
    assert accepted("uden-sag-kun-raad", has_case=False, action=action)


def test_only_own_citizens_are_summoned() -> None:
    assert not accepted("kun-egne-indkaldes", summoned=True, has_case=False)
    assert accepted("kun-egne-indkaldes", summoned=False, has_case=False)
    assert accepted("kun-egne-indkaldes", summoned=True, has_case=True)
    assert accepted("kun-egne-indkaldes", summoned=None, has_case=False)


def test_voluntary_offers_never_lead_to_a_sanction() -> None:
    assert not accepted("temamoede-uden-sanktion", event="sanktion", service="temamoeder")
    assert not accepted("temamoede-uden-sanktion", event="sanktion", service="aaben-raadgivning")
    assert accepted("temamoede-uden-sanktion", event="sanktion", service="jobsamtaler")
    assert accepted("temamoede-uden-sanktion", event="sanktion", service=None)
    assert accepted("temamoede-uden-sanktion", event="henvist-ud", service="temamoeder")


def test_nobody_is_a_no_show_at_a_theme_meeting() -> None:
    assert not accepted("temamoede-ikke-udeblevet", type="temamoede", outcome="no_show")
    assert accepted("temamoede-ikke-udeblevet", type="temamoede", outcome="cancelled")
    assert accepted("temamoede-ikke-udeblevet", type="opfoelgningssamtale", outcome="no_show")


def test_a_talk_in_open_counselling_is_held_or_not_recorded() -> None:
    assert not accepted("raadgivning-er-fremmoede", place="aaben-raadgivning", outcome="no_show")
    assert accepted("raadgivning-er-fremmoede", place="aaben-raadgivning", outcome="held")
    assert accepted("raadgivning-er-fremmoede", place=None, outcome="no_show")


def test_activation_has_hours_in_a_full_time_week() -> None:
    assert not accepted("timer-i-en-uge", hours_per_week=0.0)
    assert not accepted("timer-i-en-uge", hours_per_week=37.5)
    assert accepted("timer-i-en-uge", hours_per_week=37.0)
    assert accepted("timer-i-en-uge", hours_per_week=None)
