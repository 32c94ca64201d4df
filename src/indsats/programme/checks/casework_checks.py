"""Checks of roles, organisations, caseloads, settings, elements, forms and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..allowed import allowed_values
from ..base import Duration
from ..blocks import RequirementsBlock
from ..casework import Form, FormField
from ..definition import Programme
from ..fields import askings, parts
from ..steering import FulfilmentIndicator
from ..vocabulary import COMMON_FIELDS, KIND_FIELDS
from .finding import Finding, check_named
from .references import unknown

_COLUMNS = frozenset(
    {"id", "version", "kind", "programme", "programme_version", "person", "enrolment", "age"}
    | {"recorded_at", "recorded_by", "source", "replaced_at"}
)
"""Columns a table of facts has beside those of its kind."""


@check_named("role")
def named_roles_exist(programme: Programme) -> Iterator[Finding]:
    """Caseloads, organisations, prices and roles that combine others name roles that exist."""
    named: list[tuple[tuple[Any, ...], str | None]] = []
    for name, caseload in programme.caseloads.items():
        named.append((("caseloads", name, "role"), caseload.role))
    for name, price in programme.economy.prices.items():
        named.append((("economy", "prices", name, "payer"), price.payer))
    for name, organisation in programme.organisations.items():
        named += [(("organisations", name, "roles", at), role) for at, role in enumerate(organisation.roles)]
    for name, role in programme.roles.items():
        named += [(("roles", name, "combines", at), other) for at, other in enumerate(role.combines)]
    for path, role in named:
        yield from unknown(path, role, programme.roles, "role")


@check_named("role-circle")
def roles_do_not_combine_in_a_circle(programme: Programme) -> Iterator[Finding]:
    """A role does not combine itself, directly or through others."""
    combined = {name: role.combines for name, role in programme.roles.items()}
    for chain in circles(combined):
        what = f"the roles combine in a circle: {' → '.join([*chain, chain[0]])}"
        yield Finding(("roles", chain[-1], "combines"), what, f"Remove '{chain[0]}' from it.")


def circles(following: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Each circle that can be walked, once for each set of names in it, from the first name as written."""
    seen: set[frozenset[str]] = set()
    for start in following:
        waiting = [[start]]
        visited: set[str] = set()
        while waiting:
            chain = waiting.pop()
            for name in following.get(chain[-1], ()):
                if name == start and frozenset(chain) not in seen:
                    seen.add(frozenset(chain))
                    yield chain
                elif name not in visited and name not in chain:
                    visited.add(name)
                    waiting.append([*chain, name])


@check_named("organisation")
def sites_have_known_organisations(programme: Programme) -> Iterator[Finding]:
    """A site's form of organisation exists."""
    for name, site in programme.sites.items():
        path = ("sites", name, "organisation")
        yield from unknown(path, site.organisation, programme.organisations, "organisation")


@check_named("caseload-says")
def caseloads_say_one_thing(programme: Programme) -> Iterator[Finding]:
    """A caseload has a ceiling or what was seen, and its ceiling is said once."""
    for name, caseload in programme.caseloads.items():
        path = ("caseloads", name)
        if caseload.most is None and caseload.setting is None and caseload.typical is None:
            what = f"the caseload '{name}' gives no number"
            yield Finding(path, what, "Give 'most', 'setting' or 'typical'.", "warning", at_key=True)
        elif caseload.most is not None and caseload.setting is not None:
            what = "the ceiling is given both as 'most' and by a setting"
            yield Finding((*path, "most"), what, "Keep the setting, with this number as its value.")


@check_named("caseload-setting")
def caseload_settings_are_numbers(programme: Programme) -> Iterator[Finding]:
    """The setting of a caseload's ceiling exists and counts cases, not time."""
    for name, caseload in programme.caseloads.items():
        path = ("caseloads", name, "setting")
        yield from unknown(path, caseload.setting, programme.settings, "setting")
        setting = programme.settings.get(caseload.setting or "")
        if setting is not None and setting.measures != "number":
            what = (
                f"the setting '{caseload.setting}' is a length in {setting.measures}, not a number of cases"
            )
            yield Finding(path, what, "Name a setting that 'measures: number'.")


@check_named("duration-setting")
def durations_name_lengths(programme: Programme) -> Iterator[Finding]:
    """A duration that names a setting names one that exists and is a length."""
    for path, duration in parts(programme, Duration):
        yield from unknown(path, duration.setting, programme.settings, "setting")
        setting = programme.settings.get(duration.setting or "")
        if setting is not None and setting.measures == "number":
            what = f"the setting '{duration.setting}' is a plain number, not a length of time"
            yield Finding(path, what, "Give it 'measures: days', weeks, months or years.")


@check_named("setting-bounds")
def settings_lie_within_their_bounds(programme: Programme) -> Iterator[Finding]:
    """The programme's own value lies within what a site may choose, and a length is not negative."""
    for name, setting in programme.settings.items():
        path = ("settings", name, "value")
        bounds = [(setting.low, setting.value, "below"), (setting.value, setting.high, "above")]
        for (low, high, word), bound in zip(bounds, (setting.low, setting.high), strict=True):
            if low is not None and high is not None and high < low:
                what = f"the value {setting.value:g} lies {word} what a site may choose ({bound:g})"
                yield Finding(path, what, "Change the value, or the bound.")
        if setting.measures != "number" and setting.value < 0:
            yield Finding(path, f"the length {setting.value:g} is negative", "Give a length of 0 or more.")
        for key in ("low", "high"):
            if getattr(setting, key) is not None and not setting.override:
                what = f"'{key}' bounds what a site may choose, and no site may choose"
                remedy = "Add 'override: true', or remove the bound."
                yield Finding(("settings", name, key), what, remedy, "warning", at_key=True)


@check_named("element")
def named_elements_exist(programme: Programme) -> Iterator[Finding]:
    """Requirements, questions, indicators and reports name elements that exist, or services: what is offered can
    itself be an element of the model."""
    for path, element in _elements_named(programme):
        yield from unknown(path, element, [*programme.elements, *programme.services], "element")


@check_named("element-unused")
def elements_are_asked_about(programme: Programme) -> Iterator[Finding]:
    """Every element is what some requirement or question that is still asked is about."""
    about = {
        name
        for path, name in _elements_named(programme)
        if path[0] in ("requirements", "questionnaires") and "earlier" not in path[:3]
    }
    for name in programme.elements:
        if name not in about:
            what = f"no requirement or question is about the element '{name}', so nobody sees whether it is there"
            remedy = "Give a requirement or an item 'element', or remove it."
            yield Finding(("elements", name), what, remedy, "warning", at_key=True)


def _elements_named(programme: Programme) -> Iterator[tuple[tuple[Any, ...], str]]:
    for name, requirement in programme.requirements.items():
        if requirement.element is not None:
            yield ("requirements", name, "element"), requirement.element
    for here in askings(programme):
        for item, question in here.asking.items.items():
            if question.element is not None:
                yield (*here.path, "items", item, "element"), question.element
    for wanted in (FulfilmentIndicator, RequirementsBlock):
        for path, part in parts(programme, wanted):
            if part.element is not None:
                yield (*path, "element"), part.element


@check_named("form-type")
def forms_are_for_known_types(programme: Programme) -> Iterator[Finding]:
    """The type a form is limited to is one the facts of its kind can have."""
    for name, form in programme.forms.items():
        path = ("forms", name, "type")
        if form.type is None:
            continue
        if "type" not in KIND_FIELDS[form.kind]:
            what = f"facts of kind '{form.kind}' have no type"
            yield Finding(path, what, "Remove 'type'; the form is for all of them.")
            continue
        known = allowed_values(programme, form.kind, "type")
        if known is not None:
            yield from unknown(path, form.type, known, f"type of {form.kind}")


@check_named("form-field")
def form_fields_are_new(programme: Programme) -> Iterator[Finding]:
    """A form's field does not take the name of a column facts have, nor mean different things in two forms."""
    first: dict[tuple[str, str], tuple[str, FormField]] = {}
    for name, form in programme.forms.items():
        for field, what in form.fields.items():
            path = ("forms", name, "fields", field)
            if field in KIND_FIELDS[form.kind] or field in COMMON_FIELDS or field in _COLUMNS:
                said = f"facts of kind '{form.kind}' already have a field '{field}'"
                yield Finding(path, said, "Use it, or choose another name.", at_key=True)
                continue
            other, earlier = first.setdefault((form.kind, field), (name, what))
            if earlier.type != what.type or earlier.choices.keys() != what.choices.keys():
                said = f"'{field}' is {_told(what)} here and {_told(earlier)} in the form '{other}'"
                yield Finding(path, said, "Make them alike, or give one another name.", at_key=True)


def _told(field: FormField) -> str:
    return f"a choice of {', '.join(field.choices)}" if field.choices else field.type


@check_named("form-twice")
def forms_do_not_compete(programme: Programme) -> Iterator[Finding]:
    """No two forms are for the same facts and have the same field."""
    first: dict[tuple[str, str | None, str], str] = {}
    for name, form in programme.forms.items():
        for field in form.fields:
            other = first.setdefault((form.kind, form.type, field), name)
            if other != name:
                what = f"'{field}' already stands in the form '{other}' for the same {_facts(form)}"
                yield Finding(("forms", name, "fields", field), what, "Keep one.", "warning", at_key=True)


def _facts(form: Form) -> str:
    return f"{form.kind}s of type '{form.type}'" if form.type else f"{form.kind}s"
