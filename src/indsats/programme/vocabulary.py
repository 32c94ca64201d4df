"""The tables a rule can be about, and the type of each of their fields.

The fact kinds named here are those of ``record/kinds.py``; a test holds the two together. They stand in this
room because a rule is checked when the definition is loaded, before there is any record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from .base import FieldType

Meaning = Literal[
    "job",
    "education",
    "self_support",
    "job_ready",
    "flex",
    "resource",
    "sick",
    "pension",
    "old_age",
    "moved",
    "dead",
    "parent",
    "completed",
    "practice",
    "subsidy",
    "other",
]
"""What a value of a code list stands for, in words all programmes share: why an enrolment ended
(``exit.reason``) or what sort of placement it is (``placement.type``: ``practice`` or ``subsidy``)."""

PERSON_FIELDS: Mapping[str, FieldType] = {
    "birth_date": "date",
    "sex": "text",
    "origin": "text",
    "civil_status": "text",
    "education": "text",
    "area": "text",
}
"""Columns of the table of persons beside ``person``."""

COMMON_FIELDS: Mapping[str, FieldType] = {
    "occurred_from": "date",
    "occurred_to": "date",
    "site": "text",
    "unit": "text",
    "service": "text",
}
"""Fields every fact has in a rule; ``service`` is that of the enrolment, ``unit`` that of the site."""

KIND_FIELDS: Mapping[str, Mapping[str, FieldType]] = {
    "drawn": {"draw": "text", "arm": "text"},
    "excluded": {"reason": "text"},
    "visitation": {"group": "text", "legal_basis": "text"},
    "enrolled": {"case_opened": "bool"},
    "assigned": {"role": "text", "worker": "text"},
    "plan": {"goal": "text", "agreed_by_citizen": "bool", "on_behalf": "text"},
    "activity": {
        "subgoal": "text",
        "activity": "text",
        "purpose": "text",
        "by": "text",
        "hours_per_week": "number",
        "status": "text",
    },
    "subgoal_reviewed": {
        "subgoal": "text",
        "status": "text",
        "activities_work": "bool",
        "adjust": "bool",
        "other_activities": "bool",
    },
    "cv": {"published": "bool"},
    "job_goal": {"level": "text", "occupation": "text"},
    "meeting": {
        "type": "text",
        "outcome": "text",
        "reason": "text",
        "place": "text",
        "worker": "text",
        "participants": "text",
        "minutes_shared": "bool",
        "citizen_said": "text",
        "citizen_wish": "text",
    },
    "contact_attempt": {"channel": "text", "reached": "bool"},
    "walk_in": {"topic": "text", "action": "text", "summoned": "bool", "has_case": "bool"},
    "agreement": {"type": "text", "counterpart": "text", "hours_per_week": "number"},
    "placement": {"type": "text", "employer": "text", "hours_per_week": "number"},
    "hours": {"hours_per_week": "number", "type": "text", "evidence": "text"},
    "parallel_effort": {"type": "text", "by": "text", "hours_per_week": "number"},
    "pause": {"reason": "text"},
    "requirement_answered": {"requirement": "text", "answer": "text", "reason": "text"},
    "questionnaire_answered": {"questionnaire": "text", "rater": "text", "wave": "text", "edition": "text"},
    "questionnaire_asked": {
        "questionnaire": "text",
        "rater": "text",
        "wave": "text",
        "step": "text",
        "channel": "text",
        "reason": "text",
    },
    "event": {"event": "text", "value": "text"},
    "exit": {"reason": "text"},
    "site_answered": {
        "questionnaire": "text",
        "rater": "text",
        "respondent": "text",
        "wave": "text",
        "edition": "text",
    },
    "site_asked": {
        "questionnaire": "text",
        "rater": "text",
        "respondent": "text",
        "wave": "text",
        "step": "text",
        "channel": "text",
        "reason": "text",
    },
    "site_setting": {"setting": "text", "value": "number"},
    "deviation_explained": {"indicator": "text", "unit": "text", "cause": "text", "explanation": "text"},
    "action_planned": {
        "indicator": "text",
        "unit": "text",
        "action": "text",
        "owner": "text",
        "status": "text",
    },
}
"""Fields of each kind of fact, beside the common ones. Answers of a questionnaire are fields only in its own
class rules."""

DERIVED_PERSON_FIELDS: Mapping[str, FieldType] = {
    "age": "number",
    "unit": "text",
    "site": "text",
    "index_date": "date",
}
"""What an evaluation on registers adds to a person: age in whole years at index, the unit and site of residence
(``area``), and the Monday of the index week."""

_STEPS = ("invited", "reminded", "declined", "not_relevant", "not_reached")
"""What is done about a round of a questionnaire beside answering it."""

FIXED_VALUES: Mapping[str, tuple[str, ...]] = {
    "meeting.citizen_said": ("coming", "move"),
    "activity.status": ("planned", "under_way", "done", "dropped"),
    "meeting.outcome": ("planned", "held", "no_show", "cancelled", "moved"),
    "requirement_answered.answer": ("yes", "partly", "no", "not_applicable"),
    "subgoal_reviewed.status": ("not_started", "under_way", "reached", "dropped"),
    "job_goal.level": ("A", "B", "C"),
    "hours.type": ("ordinary", "subsidised", "flex", "education", "unpaid"),
    "questionnaire_asked.step": _STEPS,
    "site_asked.step": _STEPS,
    "hours.evidence": ("payslip", "register", "employer", "citizen", "estimate"),
    "action_planned.status": ("planned", "under_way", "done", "dropped"),
}
"""Fields whose values are the same in every programme, as ``kind.field``."""
