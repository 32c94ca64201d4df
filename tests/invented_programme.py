"""An invented programme that shares no words, codes or numbers with those that ship."""

from __future__ import annotations

from typing import Any

from indsats.programme import Programme


def _text(words: str) -> dict[str, str]:
    return {"da": f"{words} (da)", "en": words}


def _part(words: str, **rest: Any) -> dict[str, Any]:
    return {"title": _text(words), "source": "L1", **rest}


def invented_programme(**changes: Any) -> Programme:
    """People on the benefit for those awarded a flex job; two units; three-part wellbeing; a job workshop."""
    definition: dict[str, Any] = {
        "programme": "opdigtet",
        "version": 3,
        "title": _text("Invented"),
        "summary": _text("Invented for tests"),
        "document": "paper",
        "documents": {"paper": {**_part("Paper"), "publisher": "Nobody", "year": 2020}},
        "roles": {"guide": _part("Guide", does=_text("Guides"))},
        "units": {
            "north": _part("North", in_effort=True),
            "south": _part("South", in_effort=False),
        },
        "groups": {"women": _part("Women", when='sex == "woman"')},
        "services": {
            "guidance": _part("Guidance", about=_text("Talks"), group="women"),
            "workshop": _part("Workshop", about=_text("Course")),
            "drop-in": _part("Drop-in", about=_text("Cafe")),
        },
        "codes": {
            "talks": _part(
                "Talks",
                **{"for": ["meeting.type"]},
                values={"status": _part("Status"), "home": _part("Home")},
            ),
            "ways": _part(
                "Ways",
                **{"for": ["walk_in.action"]},
                values={"decide": _part("Decide"), "advise": _part("Advise")},
            ),
            "work": _part(
                "Work",
                **{"for": ["placement.type"]},
                values={"internship": _part("Internship"), "wage-subsidy": _part("Wage subsidy")},
            ),
        },
        "events": {"letter": _part("Letter"), "call": _part("Call")},
        "entry_rules": {
            "only-advice": {
                "kind": "walk_in",
                "must": 'has_case or action != "decide"',
                "say": _text("Only advice without a case"),
                "source": "L2",
            },
            "not-in-august": {
                "kind": "enrolled",
                "must": "month(occurred_from) != 8",
                "say": _text("Closed in August"),
                "source": "L2",
            },
        },
        "cadences": {
            "status": _part(
                "Status",
                service="guidance",
                kind="meeting",
                where='type == "status" and outcome == "held"',
                every="P6W",
            ),
            "letters": _part(
                "Letters", service="guidance", kind="event", where='event == "letter"', every="P2M"
            ),
        },
        "requirements": {"asked": _part("Asked", ask=_text("Asked?"))},
        "questionnaires": {
            "wellbeing": _part(
                "Wellbeing",
                scale={"low": 0, "high": 5},
                items={f"item{number}": _part(f"Item {number}") for number in range(1, 4)},
                raters=["citizen"],
                sides={"up": _part("Up"), "middle": _part("Middle"), "down": _part("Down")},
                classes=[
                    {"id": "High", **_part("High"), "when": "item1 + item2 + item3 >= 11", "side": "up"},
                    {"id": "Low", **_part("Low"), "when": "item1 + item2 + item3 <= 4", "side": "down"},
                    {"id": "Mid", **_part("Mid"), "when": "true", "side": "middle"},
                ],
            ),
        },
        "indicators": {
            "workshop-work": _part(
                "Placed",
                about=_text("Placed"),
                measures="within",
                kind="placement",
                weeks=26,
                service="workshop",
                better="higher",
            ),
        },
        "states": {
            "waiting": _part("Waiting", codes=["740-748"]),
            "flex": _part("Flex", codes=["771"]),
            "firm": _part("Firm", codes=["745-748"]),
        },
        "evaluations": {
            "effect": _part(
                "Effect",
                ask=_text("Effect?"),
                design="regression",
                index={"state": "waiting", "window": "2014-03-01/2015-06-30"},
                population='sex == "woman"',
                treated='unit == "north"',
                history=[{"id": "waited", "title": _text("Waited"), "state": "waiting", "weeks": 26}],
                outcomes=[
                    _part("Firm", id="firm", kind="state", state="firm", within_weeks=39, at_least_weeks=2),
                    _part("Flex", id="flex", kind="state", state="flex", within_weeks=39),
                ],
                covariates=[
                    {"field": "age", "title": _text("Age")},
                    {"field": "waited", "title": _text("Waited")},
                ],
            ),
        },
        "reports": {
            "all": _part(
                "All", sections=[{"title": _text("One"), "blocks": [{"block": "text", "text": _text("T")}]}]
            ),
        },
    }
    return Programme.model_validate({**definition, **changes})
