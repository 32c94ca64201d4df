"""Further cases of the checks of comparing, and the words a definition is told back in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casebook import indicator, item, programme, text
from indsats.programme import CHECKS, Programme, explain
from indsats.programme.loader import read
from rank_sites import definition
from tiny_definition import change, write

CONDITIONS = {"young": {"title": text("Young"), "source": "L1", "when": "age < 30"}}


def reported(*blocks: dict[str, Any]) -> dict[str, Any]:
    named = [{"title": text("t"), **block} for block in blocks]
    return {"reports": {"year": item("Report", sections=[{"title": text("s"), "blocks": named}])}}


def found(name: str, checked: Programme) -> list[str]:
    return [finding.what for finding in CHECKS[name](checked)]


def test_a_condition_is_a_rule_over_a_person(tmp_path: Path) -> None:
    folder = write(tmp_path)
    fair = (
        "comparable: {source: L6, conditions: {a: {title: {da: A, en: A}, when: outcome == 1, source: L6}}}\n"
    )
    change(folder, "services:\n  talks:", f"{fair}services:\n  talks:")
    assert any("'outcome'" in problem.what for problem in read(folder).problems)


def test_a_site_alone_in_its_cluster_has_nobody_to_be_compared_with() -> None:
    sites = {name: item(name, unit="outreach", cluster=of) for name, of in zip("abc", "xxy", strict=True)}
    assert found("comparable-clusters", definition([], sites=sites)) == [
        "the site 'c' is alone in the cluster 'y', so nobody can be compared with it"
    ]


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"indicator": "cmae"}, "no indicator 'cmae'"),
        ({"event": "clas"}, "no event 'clas'"),
        ({"event": "plain"}, "has no values"),
        ({"event": "single", "value": "only"}, "is the only class"),
        ({"indicator": "grown"}, "no single enrolment has it"),
        ({"indicator": "drop-in"}, "opening days"),
        ({"indicator": "load"}, "about workers"),
        ({"indicator": "ours"}, "what sites answer"),
    ],
)
def test_a_class_has_to_be_one_that_can_be_followed(asked: dict[str, str], what: str) -> None:
    block = {"block": "reclassified", "indicator": "came", "event": "class", "value": "two", **asked}
    form = {"scale": {"low": 1, "high": 5}, "items": {"a": item("a")}, "raters": ["lead"]}
    made = programme(
        indicators={
            "came": indicator("share", kind="meeting", among="true", where='outcome == "held"'),
            "grown": indicator("change", what=[{"kind": "meeting"}], before="P1Y"),
            "drop-in": indicator("rate", kind="walk_in", per="open_day"),
            "load": indicator("caseload", role="worker"),
            "ours": indicator("score", questionnaire="fidelity", score="sum"),
        },
        events={
            "class": item("Class", values={"two": item("Two"), "three": item("Three")}),
            "plain": item("Plain"),
            "single": item("Single", values={"only": item("Only")}),
        },
        questionnaires={"fidelity": item("Fidelity", about="site", **form)},
        **reported(block),
    )
    assert any(what in one for one in found("report-reclassified", made))


def test_an_indicator_followed_by_class_is_shown() -> None:
    block = {"block": "reclassified", "indicator": "came", "event": "class", "value": "two"}
    assert found("indicator-unused", definition(["a"], **reported(block))) == [
        "the indicator 'cases' stands in no report"
    ]


def test_what_is_compared_is_told_back() -> None:
    blocks = (
        {"block": "benchmark", "indicators": ["came"]},
        {"block": "reclassified", "indicator": "came", "event": "class", "value": "two"},
    )
    fair = {"source": "L1", "conditions": CONDITIONS, "clusters": 3}
    sites = {
        "a": item("Aa", unit="outreach", cluster="coast"),
        "b": item("Bb", unit="outreach", cluster="coast"),
    }
    told = definition([], sites=sites, comparable=fair, **reported(*blocks))
    danish, english = explain(told, "da"), explain(told, "en")
    assert "samles i 3 grupper" in danish
    assert "put in 3 groups" in english
    assert "Aa (sammenlignes i coast)" in danish
    assert "Bb (compared in coast)" in english
    assert "plads med usikkerhed" in danish
    assert "rank with its uncertainty" in english
    assert "fordi de flyttes mellem grupper" in danish
    assert "moved between classes" in english
