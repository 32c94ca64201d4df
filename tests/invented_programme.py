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
                what=[{"kind": "meeting", "where": 'type == "status" and outcome == "held"'}],
                every="P6W",
            ),
            "letters": _part("Letters", service="guidance", what=[{"event": "letter"}], every="P2M"),
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


def phased_programme(**changes: Any) -> Programme:
    """A small programme with everything the flow of a case can have, and no evaluation.

    Start (assessment, then a plan in time) → trial (a placement, visits on the way, can be skipped and can come
    again) → after-care. A draw with two arms, exclusions, two windows of visitation with a group that puts off,
    two legal bases, a combined role, a setting sites may change, forms, an event with outcomes, questionnaires in
    rounds about persons and about sites.
    """
    entered = "entered"
    definition: dict[str, Any] = {
        "programme": "trinvis",
        "version": 1,
        "title": _text("Step by step"),
        "summary": _text("Invented for tests"),
        "document": "paper",
        "documents": {"paper": {**_part("Paper"), "publisher": "Nobody", "year": 2020}},
        "first_day": "2018-01-01",
        "settings": {
            "visit-gap": _part(
                "Weeks", value=5, unit=_text("weeks"), measures="weeks", override=True, low=2, high=9
            ),
            "most-cases": _part("Cases", value=20, unit=_text("cases"), override=True),
            "fixed": _part("Fixed", value=3, unit=_text("days"), measures="days"),
        },
        "roles": {
            "guide": _part("Guide", does=_text("Guides")),
            "broker": _part("Broker", does=_text("Finds"), continuity=["trial"]),
            "both": _part("Both", does=_text("Both"), combines=["guide", "broker"]),
            "doctor": _part("Doctor", does=_text("Heals"), external=True),
        },
        "caseloads": {"load": _part("Load", role="guide", setting="most-cases")},
        "units": {"here": _part("Here"), "there": _part("There", in_effort=False)},
        "groups": {
            "work": _part("Work", when="age >= 20"),
            "care": _part("Care", when="age >= 20"),
            "later": _part("Later"),
        },
        "legal_bases": {"par-1": _part("One", about=_text("One")), "par-2": _part("Two", about=_text("Two"))},
        "draws": {
            "lot": _part(
                "Lot",
                about=_text("Lot"),
                arms={"in": _part("In", share=0.75), "out": _part("Out", share=0.25)},
            )
        },
        "exclusions": {"away": _part("Away"), "old": _part("Old", when="age >= 62")},
        "visitation": {
            "source": "L3",
            "keep": "occurred_to is missing or occurred_to >= occurred_from",
            "windows": [
                {
                    "id": "a",
                    "period": "2018-01-01/2018-06-30",
                    "groups": ["work", "care", "later"],
                    "prefer": ["latest_start", "latest_end", "group_order"],
                    "yields": ["later"],
                    "source": "L3",
                },
                {
                    "id": "b",
                    "period": "2018-07-01/2018-09-30",
                    "groups": ["work", "care"],
                    "prefer": ["earliest_start", "latest_end", "group_order"],
                    "source": "L3",
                },
            ],
        },
        "services": {"steps": _part("Steps", about=_text("Steps"), group="work")},
        "phases": {
            "start": _part(
                "Start",
                about=_text("Start"),
                entry=True,
                starts=[{"kind": "enrolled"}],
                ends=[{"kind": "plan", "where": 'level == "whole"'}],
            ),
            "trial": _part(
                "Trial",
                about=_text("Trial"),
                entry=True,
                follows=["start"],
                starts=[{"event": entered}],
                ends=[{"event": "left", "where": 'value in ["done", "stopped"]'}],
                skipped_by=[{"kind": "agreement", "where": 'type == "ahead"'}],
                repeats=True,
            ),
            "after": _part(
                "After",
                about=_text("After"),
                follows=["trial"],
                starts=[{"event": "left", "where": 'value == "done"'}],
                ends=[{"event": "closed"}],
            ),
        },
        "elements": {"tie": _part("Tie", about=_text("Tie"))},
        "codes": {
            "talks": _part(
                "Talks",
                **{"for": ["meeting.type"]},
                values={"visit": _part("Visit"), "first": _part("First")},
            ),
            "deals": _part(
                "Deals",
                **{"for": ["agreement.type"]},
                values={"ahead": _part("Ahead"), "usual": _part("Usual")},
            ),
            "ends": _part(
                "Ends",
                **{"for": ["exit.reason"]},
                values={
                    "gone": _part("Gone", means="other"),
                    "dead-now": _part("Dead", means="dead"),
                    "at-work": _part("Work", means="job"),
                    "through": _part("Through", means="completed"),
                },
            ),
            "work-tries": _part(
                "Tries",
                **{"for": ["placement.type"]},
                values={"paid": _part("Paid", means="subsidy"), "unpaid": _part("Unpaid", means="practice")},
            ),
            "why-not": _part(
                "Why not",
                **{"for": ["requirement_answered.reason"]},
                values={"ill": _part("Ill"), "busy": _part("Busy")},
            ),
        },
        "events": {
            entered: _part("Entered"),
            "left": _part(
                "Left",
                values={"done": _part("Done"), "stopped": _part("Stopped"), "other-end": _part("Other")},
            ),
            "closed": _part("Closed"),
            "needless": _part("Needless"),
        },
        "forms": {
            "plan-form": _part(
                "Plan",
                kind="plan",
                fields={
                    "level": _part(
                        "Level",
                        type="choice",
                        required=True,
                        choices={"part": _part("Part"), "whole": _part("Whole")},
                    ),
                    "steps-agreed": _part("Steps", type="number", required=True),
                    "next-look": _part("Next", type="date"),
                },
            ),
            "usual-form": _part(
                "Usual",
                kind="agreement",
                type="usual",
                fields={"days-a-week": _part("Days", type="number", required=True)},
            ),
        },
        "entry_rules": {
            "few-steps": {
                "kind": "plan",
                "must": "steps-agreed <= 9",
                "say": _text("At most nine"),
                "source": "L4",
            }
        },
        "cadences": {
            "visits": _part(
                "Visits",
                phase="trial",
                what=[
                    {"kind": "meeting", "where": 'type == "visit" and outcome == "held"'},
                    {"event": "needless"},
                ],
                every="visit-gap",
            )
        },
        "requirements": {
            "plan-in-time": _part(
                "Plan",
                ask=_text("Plan?"),
                phase="start",
                if_no=["ill", "busy"],
                answer="yes_partly_no",
                measured={
                    "how": "within",
                    "what": [{"kind": "plan", "where": 'level == "whole"'}],
                    "within": "P6W",
                },
            ),
            "first-talk": _part(
                "Talk",
                ask=_text("Talk?"),
                phase="start",
                if_no=["ill"],
                due="P8W",
                not_applicable_when=[{"event": "needless"}],
                measured={
                    "how": "within",
                    "what": [{"kind": "meeting", "where": 'type == "first" and outcome == "held"'}],
                    "within": "P4W",
                },
            ),
            "broker-there": _part(
                "Broker",
                ask=_text("Broker?"),
                phase="trial",
                measured={
                    "how": "each",
                    "of": {"kind": "meeting", "where": 'type == "visit" and outcome == "held"'},
                    "where": 'includes(participants, "broker")',
                },
            ),
            "visited": _part(
                "Visited",
                ask=_text("Visited?"),
                phase="trial",
                measured={"how": "every", "cadence": "visits"},
            ),
            "placed-soon": _part(
                "Placed",
                ask=_text("Placed?"),
                measured={"how": "within", "what": [{"kind": "placement"}], "within": "P26W", "after": "P2W"},
            ),
            "felt-well": _part("Well", ask=_text("Well?"), element="tie", due="P3M"),
        },
        "questionnaires": {
            "mood": _part(
                "Mood",
                purpose="wellbeing",
                scale={"low": 0, "high": 5},
                items={
                    **{f"mood{number}": _part(f"Mood {number}") for number in range(1, 6)},
                    "mood-told": _part("Told", raters=["guide"]),
                },
                raters=["citizen", "guide"],
                waves={
                    "first": _part("First", after="P1M"),
                    "second": _part("Second", after="P5M"),
                },
            ),
            "model": _part(
                "Model",
                purpose="fidelity",
                about="site",
                scale={"low": 1, "high": 5},
                items={
                    **{f"part{number}": _part(f"Part {number}") for number in range(1, 8)},
                    "hint": _part("Hint", advice=True),
                },
                raters=["guide", "head"],
                waves={
                    "spring": _part("Spring", period="2018-03-01/2018-03-31"),
                    "autumn": _part("Autumn", period="2018-10-01/2018-10-31"),
                    "late": _part("Late", period="2019-10-01/2019-10-31"),
                },
            ),
        },
        "indicators": {
            "touched": _part(
                "Touched",
                about=_text("Touched"),
                measures="consecutive",
                what=[{"kind": "placement"}, {"kind": "hours", "where": 'type == "ordinary"'}],
                better="higher",
            ),
            "grown": _part(
                "Grown",
                about=_text("Grown"),
                measures="change",
                what=[{"kind": "hours", "where": 'type == "ordinary"'}, {"kind": "placement"}],
                before="P1Y",
                better="higher",
            ),
            "closed-well": _part(
                "Closed",
                about=_text("Closed"),
                measures="reached",
                what=[{"kind": "parallel_effort"}],
                among=[{"event": entered}],
                better="higher",
            ),
        },
        "reports": {
            "all": _part(
                "All", sections=[{"title": _text("One"), "blocks": [{"block": "text", "text": _text("T")}]}]
            ),
        },
    }
    return Programme.model_validate({**definition, **changes})


def bare_programme(**parts: Any) -> Programme:
    """A programme with a service and a report, and what is given: nothing else."""
    definition: dict[str, Any] = {
        "programme": "bar",
        "version": 1,
        "title": _text("Bare"),
        "summary": _text("Invented for tests"),
        "document": "paper",
        "documents": {"paper": {**_part("Paper"), "publisher": "Nobody", "year": 2020}},
        "services": {"only": _part("Only", about=_text("Only"))},
        "reports": {
            "all": _part(
                "All", sections=[{"title": _text("One"), "blocks": [{"block": "text", "text": _text("T")}]}]
            ),
        },
    }
    return Programme.model_validate({**definition, **parts})


def part(words: str, **rest: Any) -> dict[str, Any]:
    """A part of a definition with a title, and what else is given."""
    return _part(words, **rest)


def phase(starts: list[dict[str, Any]], ends: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
    """A phase with a title, and what else is given."""
    return _part("Phase", about=_text("Phase"), starts=starts, ends=ends, **rest)
