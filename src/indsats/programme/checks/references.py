"""Checks that every name refers to something: units, services, kinds, cadences, code lists, documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..definition import Programme
from ..fields import happenings
from ..flow import EveryMeasure
from ..rules import suggestion
from ..vocabulary import COMMON_FIELDS, FIXED_VALUES, KIND_FIELDS, PERSON_FIELDS
from .finding import Finding, check_named


def unknown(path: tuple[Any, ...], name: str | None, known: Collection[str], what: str) -> Iterator[Finding]:
    """A finding when ``name`` is given and not among ``known``; ``what`` names the kind of thing."""
    if name is not None and name not in known:
        remedy = suggestion(name, known, f"The definition has no {what} yet; add '{name}'.")
        yield Finding(path, f"there is no {what} '{name}'", remedy)


@check_named("unit-of-site")
def sites_stand_in_units(programme: Programme) -> Iterator[Finding]:
    """A site's unit exists."""
    for name, site in programme.sites.items():
        yield from unknown(("sites", name, "unit"), site.unit, programme.units, "unit")


@check_named("unit-without-site")
def units_have_sites(programme: Programme) -> Iterator[Finding]:
    """Where sites are listed, every unit has one."""
    held = {site.unit for site in programme.sites.values()}
    for name in programme.units if held else ():
        if name not in held:
            what = f"the unit '{name}' has no site, so nothing can be counted in it"
            yield Finding(("units", name), what, "Give it a site, or remove it.", "warning", at_key=True)


@check_named("group-of-service")
def services_have_groups(programme: Programme) -> Iterator[Finding]:
    """A service's target group exists."""
    for name, service in programme.services.items():
        yield from unknown(("services", name, "group"), service.group, programme.groups, "group")


@check_named("kind")
def kinds_exist(programme: Programme) -> Iterator[Finding]:
    """Entry rules, happenings and indicators are about kinds of facts that exist."""
    for part in ("entry_rules", "indicators"):
        for name, item in getattr(programme, part).items():
            kind = getattr(item, "kind", None)
            yield from unknown((part, name, "kind"), kind, KIND_FIELDS, "kind of fact")
    for path, happening in happenings(programme):
        yield from unknown((*path, "kind"), happening.kind, KIND_FIELDS, "kind of fact")


@check_named("service")
def named_services_exist(programme: Programme) -> Iterator[Finding]:
    """Cadences, indicators, phases and elements name services that exist."""
    for part in ("cadences", "indicators", "phases", "elements"):
        for name, item in getattr(programme, part).items():
            yield from unknown((part, name, "service"), item.service, programme.services, "service")


@check_named("cadence")
def named_cadences_exist(programme: Programme) -> Iterator[Finding]:
    """Requirements, questionnaires and timeliness indicators name cadences that exist."""
    for part in ("questionnaires", "indicators"):
        for name, item in getattr(programme, part).items():
            cadence = getattr(item, "cadence", None)
            yield from unknown((part, name, "cadence"), cadence, programme.cadences, "cadence")
    for name, item in programme.requirements.items():
        if isinstance(item.measured, EveryMeasure):
            path = ("requirements", name, "measured", "cadence")
            yield from unknown(path, item.measured.cadence, programme.cadences, "cadence")


@check_named("rater")
def raters_are_known(programme: Programme) -> Iterator[Finding]:
    """Who may answer a questionnaire is a role, or a value of the code list for raters."""
    listed = programme.codes_for("questionnaire_answered.rater")
    known = [*programme.roles, *(listed.values if listed else ())]
    for name, asked in programme.questionnaires.items():
        for number, rater in enumerate(asked.raters):
            yield from unknown(("questionnaires", name, "raters", number), rater, known, "role")


@check_named("reasons-for-no")
def reasons_have_titles(programme: Programme) -> Iterator[Finding]:
    """The reasons a requirement's "no" may have are in the code list for them, where their titles stand."""
    listed = programme.codes_for("requirement_answered.reason")
    for name, requirement in programme.requirements.items():
        if requirement.if_no and listed is None:
            what = "reasons for a 'no' are named, and no code list holds them"
            remedy = (
                "Add a list under 'codes' with 'for: [requirement_answered.reason]' and a title for each."
            )
            yield Finding(("requirements", name, "if_no"), what, remedy)
            continue
        for number, reason in enumerate(requirement.if_no):
            known = listed.values if listed else {}
            path = ("requirements", name, "if_no", number)
            yield from unknown(path, reason, known, "reason in the code list for requirement_answered.reason")


@check_named("code-list-field")
def code_lists_name_fields(programme: Programme) -> Iterator[Finding]:
    """A code list is for text fields that exist (``kind.field`` or ``person.field``) and are not fixed."""
    fields = {f"{kind}.{name}": type_ for kind, held in KIND_FIELDS.items() for name, type_ in held.items()}
    fields |= {f"person.{name}": type_ for name, type_ in PERSON_FIELDS.items()}
    texts = [place for place, type_ in fields.items() if type_ == "text"]
    for name, codes in programme.codes.items():
        for number, place in enumerate(codes.applies_to):
            path = ("codes", name, "for", number)
            kind, _, field = place.partition(".")
            if place in FIXED_VALUES:
                what = f"the values of '{place}' are the same in every programme"
                yield Finding(path, what, "Remove it from the code list.")
            elif place in fields and fields[place] != "text":
                what = f"'{place}' holds a {fields[place]}, not codes"
                yield Finding(path, what, "Name a text field.")
            elif kind in KIND_FIELDS and field in COMMON_FIELDS:
                what = f"'{place}' takes the definition's own units, sites and services"
                yield Finding(path, what, "Remove it from the code list.")
            elif place not in fields:
                near = [text for text in texts if text.startswith(f"{kind}.")]
                remedy = suggestion(place, near or texts)
                yield Finding(path, f"there is no field '{place}'", remedy)


@check_named("code-list-once")
def fields_have_one_list(programme: Programme) -> Iterator[Finding]:
    """No field has two code lists."""
    first: dict[str, str] = {}
    for name, codes in programme.codes.items():
        for number, place in enumerate(codes.applies_to):
            if place in first:
                what = f"'{place}' already takes the code list '{first[place]}'"
                yield Finding(("codes", name, "for", number), what, "Let one list serve the field.")
            first.setdefault(place, name)


@check_named("document")
def the_document_is_listed(programme: Programme) -> Iterator[Finding]:
    """The document that bare line numbers refer to is one of ``documents``."""
    yield from unknown(("document",), programme.document, programme.documents, "document")
