"""The form of a kind of fact, made from the kind and the programme's definition: which fields, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from indsats.language import Lang, day
from indsats.programme import FormField, Programme
from indsats.record import COMMON, KINDS, payload_fields

from ..words import say
from .case_words import label
from .forms_options import Beside, Option, options, yes_no
from .forms_questions import Shown, answer_fields, edition_shown

Widget = Literal["select", "radio", "checks", "text", "area", "number", "date"]
Values = Mapping[str, Sequence[str]]
"""What stands in the fields: the texts sent or shown under each name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``more``: it stands under further information. ``again``: the form depends on it."""

    name: str
    label: str
    widget: Widget
    options: tuple[Option, ...] = ()
    required: bool = False
    hint: str = ""
    more: bool = False
    again: bool = False
    suggestions: tuple[str, ...] = ()
    of: str = ""
    """The question several radio groups belong to, such as the title of a questionnaire."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was written before in a case, in facts of the form's kind."""

    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was written in free text fields, newest first."""
    last_type: str | None = None
    """The type of the last fact."""
    answered: frozenset[tuple[str, str, str]] = frozenset()
    """Rounds that were answered: questionnaire, rater, round."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is filled in about: the place and the people its fields offer, and what was written before."""

    enrolment: str | None
    service: str | None
    site: str | None
    today: date
    worker: str
    workers: tuple[Option, ...] = ()
    sites: tuple[Option, ...] = ()
    function: str | None = None
    """The reader's role in the programme, where it says one."""
    before: Callable[[], Before] = Before
    """What was written before: read when a field asks for it, and only once."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a kind; ``chooser`` is the field that has to be chosen before the rest is known."""

    kind: str
    fields: tuple[Field, ...]
    chooser: Field | None = None
    chosen: str | None = None
    about: str = ""
    """What is asked, in the definition's own words."""
    edition: str | None = None
    open: bool = False
    """Whether further information stands open from the start."""

    @property
    def names(self) -> set[str]:
        """The names of its fields, the chosen one among them."""
        return {one.name for one in self.fields} | ({self.chooser.name} if self.chooser else set())

    def field(self, name: str) -> Field | None:
        """The field of a name."""
        all_ = (*self.fields, *((self.chooser,) if self.chooser else ()))
        return next((one for one in all_ if one.name == name), None)


CHOOSERS: Mapping[str, str] = {
    "drawn": "draw",
    "meeting": "type",
    "agreement": "type",
    "placement": "type",
    "requirement_answered": "requirement",
    "questionnaire_answered": "questionnaire",
    "questionnaire_asked": "questionnaire",
    "event": "event",
}
"""The field that changes which fields the form has, by kind."""

_ORDER: Mapping[str, tuple[str, ...]] = {
    "drawn": ("occurred_from", "arm"),
    "excluded": ("occurred_from", "reason"),
    "visitation": ("group", "legal_basis", "occurred_from", "site"),
    "enrolled": ("service", "site", "occurred_from"),
    "assigned": ("role", "worker", "occurred_from"),
    "plan": ("occurred_from", "goal", "agreed_by_citizen"),
    "activity": ("subgoal", "activity", "by", "occurred_from", "occurred_to", "hours_per_week", "status"),
    "subgoal_reviewed": (
        "subgoal",
        "status",
        "activities_work",
        "adjust",
        "other_activities",
        "occurred_from",
    ),
    "cv": ("published", "occurred_from"),
    "job_goal": ("level", "occupation", "occurred_from"),
    "meeting": ("occurred_from", "outcome", "place"),
    "contact_attempt": ("reached", "channel", "occurred_from"),
    "walk_in": ("topic", "action", "occurred_from"),
    "agreement": ("counterpart", "occurred_from", "occurred_to", "hours_per_week"),
    "placement": ("employer", "occurred_from", "occurred_to", "hours_per_week"),
    "hours": ("hours_per_week", "type", "evidence", "occurred_from", "occurred_to"),
    "parallel_effort": ("type", "by", "hours_per_week", "occurred_from", "occurred_to"),
    "pause": ("reason", "occurred_from", "occurred_to"),
    "requirement_answered": ("answer", "reason", "occurred_from"),
    "questionnaire_answered": ("rater", "occurred_from", "wave"),
    "questionnaire_asked": ("step", "occurred_from", "rater"),
    "event": ("value", "occurred_from"),
    "exit": ("occurred_from", "reason"),
}
"""The fields that stand in view, in order; the others of the kind stand under further information."""

_ENDS_BESIDE = ("visitation", "assigned", "plan")
"""Kinds that can have an end and mostly have none: it stands under further information."""
_OPEN = ("plan", "cv", "agreement")
"""Kinds whose programme fields are what they are about."""
_LONG = ("text",)
_WITH_OWN_WORDS = ("subgoal", "activity", "by", "occupation", "employer", "counterpart", "goal")
"""Free text fields that offer what was written before."""


def form_of(
    kind: str,
    programme: Programme,
    around: Around,
    lang: Lang,
    *,
    chosen: str | None = None,
    values: Values | None = None,
    kept: frozenset[str] = frozenset(),
) -> Form:
    """The form of ``kind``, with the fields that ``chosen`` (a type, event, requirement or questionnaire) brings.

    ``values`` are what is filled in already: the edition of a questionnaire follows from the day, and which questions
    are asked from the answers. ``kept`` are fields a fact that is corrected has although the form would not ask for
    them. Raises KeyError for a kind there is not.
    """
    model = KINDS[kind]
    given = {name: said[-1] for name, said in (values or {}).items() if said and said[-1] != ""}
    chooser = _chooser(kind, programme, around, lang)
    if chooser is not None:
        chosen = _chosen(chooser, chosen, around, kind)
        if chosen is None:
            return Form(kind, (), chooser)
        given[chooser.name] = chosen
    beside = Beside(programme, kind, chosen, around.service, given)
    shown = edition_shown(beside, around.today)
    names = [name for name in _names(kind, chooser, kept)]
    fields = [one for name in names if (one := _field(name, beside, around, lang, shown)) is not None]
    fields += _own_fields(beside, lang)
    if model.model_fields.get("answers") is not None and shown is not None:
        fields += [_question(one) for one in answer_fields(beside, shown, lang)]
    fields.sort(key=lambda one: one.more)  # stable: those in view first
    return Form(
        kind,
        tuple(fields),
        chooser,
        chosen,
        _about(beside, lang),
        shown.edition if shown is not None else None,
        kind in _OPEN,
    )


def _chooser(kind: str, programme: Programme, around: Around, lang: Lang) -> Field | None:
    name = CHOOSERS.get(kind)
    if name is None:
        return None
    there = options(name, Beside(programme, kind, None, around.service, {}), lang)
    if there is None:
        return None
    return Field(name, label(programme, kind, name, lang), "select", tuple(there), required=True, again=True)


def _chosen(chooser: Field, chosen: str | None, around: Around, kind: str) -> str | None:
    """What is chosen: what was asked for, the only one there is, or the type of the case's last meeting."""
    there = [value for value, _ in chooser.options]
    if chosen in there:
        return chosen
    if chosen:
        return None
    if kind == "meeting" and there:
        last = around.before().last_type
        return last if last in there else there[0]
    return there[0] if len(there) == 1 else None


def _names(kind: str, chooser: Field | None, kept: frozenset[str]) -> list[str]:
    model = KINDS[kind]
    payload = [one.name for one in payload_fields(kind)]
    first = [name for name in _ORDER.get(kind, ("occurred_from", *payload))]
    if model.has_service and "service" not in first:
        first.append("service")
    rest = [name for name in payload if name not in first]
    if kind in _ENDS_BESIDE or "occurred_to" in kept:
        rest.append("occurred_to")
    names = dict.fromkeys([*first, *rest])
    if chooser is not None:
        names.pop(chooser.name, None)
        # a programme without a list for the type takes any text: then it is a field like the others
    elif kind in CHOOSERS and CHOOSERS[kind] not in names:
        return [CHOOSERS[kind], *names]
    return list(names)


def _field(name: str, beside: Beside, around: Around, lang: Lang, shown: Shown | None) -> Field | None:
    kind = beside.kind
    order = _ORDER.get(kind, ("occurred_from",))
    more = name not in order and name != CHOOSERS.get(kind)
    made = Field(name, label(beside.programme, kind, name, lang), "text", more=more)
    if name in ("occurred_from", "occurred_to"):
        return replace(made, widget="date", required=name == "occurred_from")
    if name == "site":
        return replace(made, widget="select", options=around.sites) if len(around.sites) > 1 else None
    if name == "worker":
        return replace(made, widget="select", options=around.workers)
    if name == "edition":
        return _edition(made, beside, shown, lang)
    known = {one.name: one for one in payload_fields(kind)}
    what = known.get(name)
    required = what.required if what is not None else False
    if what is not None and what.type == "bool":
        return replace(made, widget="radio", options=yes_no(lang, whole=required), required=required)
    if what is not None and what.type == "number":
        return replace(made, widget="number", required=required, hint=say("register.number.hint", lang))
    there = options(name, beside, lang)
    if there is not None and not there:
        return None
    if there is None:
        suggestions = around.before().written.get(name, ()) if name in _WITH_OWN_WORDS else ()
        hint = say("register.suggested.hint", lang) if suggestions else ""
        return replace(made, required=required, suggestions=suggestions, hint=hint)
    if name in KINDS[kind].lists:
        return replace(made, widget="checks", options=tuple(there))
    few = len(there) <= 5 and required
    again = name == "rater" and shown is not None and shown.by_rater
    return replace(
        made, widget="radio" if few else "select", options=tuple(there), required=required, again=again
    )


def _edition(made: Field, beside: Beside, shown: Shown | None, lang: Lang) -> Field | None:
    """Which edition was answered, where there are several; by the day unless somebody says."""
    asked = beside.questionnaire
    if asked is None or shown is None or len(asked.editions) < 2:
        return None
    first = ("", say("register.edition.by_day", lang))
    ends = {name: day(one.until, lang) for name, one in asked.earlier.items()}
    named = [
        (name, say("case.until", lang, day=ends[name]) if name in ends else say("register.edition.now", lang))
        for name in asked.editions
    ]
    return replace(made, widget="select", options=(first, *named), again=True)


def _own_fields(beside: Beside, lang: Lang) -> list[Field]:
    """The fields of the programme's forms for what is chosen; those that must be filled stand in view."""
    taken = {*COMMON, *KINDS[beside.kind].model_fields}
    found: dict[str, Field] = {}
    typed = "type" in KINDS[beside.kind].model_fields
    for form in beside.programme.forms.values():
        if form.kind != beside.kind or (typed and form.type not in (None, beside.given.get("type"))):
            continue
        for name, what in form.fields.items():
            if name not in taken:
                found.setdefault(name, _own_field(name, what, form.title.in_(lang), beside.kind, lang))
    return list(found.values())


def _own_field(name: str, what: FormField, of: str, kind: str, lang: Lang) -> Field:
    always = what.required and not KINDS[kind].form_filled_when
    made = Field(name, what.title.in_(lang), "area", required=always, more=not what.required, of=of)
    if what.type == "choice":
        return replace(
            made,
            widget="select",
            options=tuple((key, one.title.in_(lang)) for key, one in what.choices.items()),
        )
    if what.type == "bool":
        return replace(made, widget="radio", options=yes_no(lang, whole=always))
    if what.type == "number":
        return replace(made, widget="number", hint=say("register.number.hint", lang))
    return replace(made, widget="date") if what.type == "date" else made


def _question(asked: tuple[str, str, tuple[Option, ...], str, bool]) -> Field:
    name, title, choices, hint, again = asked
    return Field(name, title, "radio", choices, hint=hint, again=again)


def _about(beside: Beside, lang: Lang) -> str:
    if beside.kind == "requirement_answered" and beside.chosen in beside.programme.requirements:
        return beside.programme.requirements[beside.chosen].ask.in_(lang)
    return ""
