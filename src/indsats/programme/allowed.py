"""Which values a text field may take in a programme: fixed ones, its code list, or names of its own parts."""

from __future__ import annotations

from .definition import Programme
from .vocabulary import FIXED_VALUES, KIND_FIELDS

ABOUT_QUESTIONNAIRES = ("questionnaire_answered", "questionnaire_asked", "site_answered", "site_asked")
"""Kinds of facts about a questionnaire: answers to it, and what was done about a round beside an answer."""


def allowed_values(programme: Programme, table: str, field: str) -> tuple[str, ...] | None:
    """The values ``field`` of ``table`` (a kind of fact, or ``person``) may take; None where any text may.

    In order: values fixed for every programme, the programme's code list for ``table.field``, then the names
    of the programme's parts the field refers to (units, services, events, requirements …).
    """
    place = f"{table}.{field}"
    if place in FIXED_VALUES:
        return FIXED_VALUES[place]
    listed = programme.codes_for(place)
    if listed is not None:
        return tuple(listed.values)
    detail = programme.details(table).get(field)
    if detail is not None:
        return tuple(detail.choices) or None
    return _names(programme, table, field)


def joined_values(programme: Programme, table: str, field: str) -> tuple[str, ...] | None:
    """The names a text field that holds several, joined by ``;``, may hold; None where any text may.

    A code list for ``table.field`` comes first; who took part in a meeting is a role of the programme.
    """
    listed = programme.codes_for(f"{table}.{field}")
    if listed is not None:
        return tuple(listed.values)
    if (table, field) == ("meeting", "participants"):
        return tuple(programme.roles) or None
    return None


def _names(programme: Programme, table: str, field: str) -> tuple[str, ...] | None:
    parts = {
        "unit": programme.units,
        "site": programme.sites,
        "service": programme.services,
        "event.event": programme.events,
        "requirement_answered.requirement": programme.requirements,
        "visitation.group": programme.groups,
        "visitation.legal_basis": programme.legal_bases,
        "drawn.draw": programme.draws,
        "excluded.reason": programme.exclusions,
        **{f"{kind}.questionnaire": programme.questionnaires for kind in ABOUT_QUESTIONNAIRES},
        "site_setting.setting": programme.settings,
        "assigned.role": programme.roles,
    }
    if table in ABOUT_QUESTIONNAIRES and field in ("rater", "wave", "edition"):
        asked = programme.questionnaires.values()
        names = {
            "rater": {rater for one in asked for rater in one.raters},
            "wave": {wave for one in asked for wave in one.waves},
            "edition": {edition for one in asked for edition in one.editions},
        }[field]
        return tuple(sorted(names)) or None
    if (table, field) == ("drawn", "arm"):
        return tuple(sorted({arm for draw in programme.draws.values() for arm in draw.arms})) or None
    if (table, field) == ("event", "value"):
        return tuple(sorted({value for event in programme.events.values() for value in event.values})) or None
    in_table = field in KIND_FIELDS.get(table, {})
    found = parts.get(f"{table}.{field}") if in_table else parts.get(field)
    # A part that is left out altogether is kept outside the definition, such as sites in the data folder.
    return tuple(found) if found else None
