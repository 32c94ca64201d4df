"""What the components of the screens are made of: states with their shapes, and form fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from types import MappingProxyType
from typing import Any, Literal, cast

from django import forms
from django.forms import BoundField
from django.forms.widgets import ChoiceWidget

Tone = Literal["met", "near", "missed", "none", "here"]


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks: a colour that only helps, and a sign; its words are ``look.state.<name>``."""

    tone: Tone
    sign: str


STATES: Mapping[str, State] = MappingProxyType(
    {
        # the light of a target or a requirement
        "met": State("met", "✓"),
        "near": State("near", "◆"),
        "missed": State("missed", "✕"),
        "few": State("none", "·"),
        "unmeasured": State("none", "–"),
        "not_applicable": State("none", "–"),
        # a time limit
        "overdue": State("missed", "✕"),
        "today": State("near", "◆"),
        "soon": State("near", "◆"),
        "later": State("none", "○"),
        # a fact
        "new": State("here", "●"),
        "late": State("near", "◆"),
        "corrected": State("near", "◆"),
        "waiting": State("none", "○"),
        # movement
        "forward": State("met", "▲"),
        "back": State("missed", "▼"),
        "same": State("none", "="),
        # a case
        "candidate": State("none", "○"),
        "upcoming": State("here", "○"),
        "active": State("here", "●"),
        "paused": State("none", "‖"),
        "ended": State("none", "■"),
        # a person
        "protected": State("near", "◆"),
        "synthetic": State("none", "·"),
    }
)
"""Every state a chip can show."""

Kind = Literal[
    "text", "textarea", "date", "time", "number", "select", "radio", "checkbox", "checkboxes", "file", "password",
    "search", "hidden",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One of several to choose from; ``id`` and ``hint`` may be empty."""

    value: str
    label: str
    chosen: bool = False
    id: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as ``components/field.html`` shows it. ``width``: "short", "medium" or "". ``suffix``: its unit."""

    name: str
    kind: Kind
    label: str
    id: str
    value: str = ""
    hint: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = True
    in_line: bool = False
    label_hidden: bool = False
    empty: str | None = None
    """What a list says before anything is chosen; None: "Choose"; "" : no such line."""
    width: str = ""
    suffix: str = ""
    suggestions: tuple[str, ...] = ()
    attrs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def described(self) -> str:
        """The ids of what explains the field, for ``aria-describedby``."""
        said = [f"{self.id}-error"] if self.errors else []
        return " ".join([*said, f"{self.id}-hint"] if self.hint else said)

    @property
    def first(self) -> str:
        """The id a link of the list of errors leads to: the first choice of several."""
        return self.options[0].id if self.options and self.kind in ("radio", "checkboxes") else self.id


_NAMES = frozenset(one.name for one in fields(Shown))
_WIDGETS: tuple[tuple[type[forms.Widget], Kind], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
    (forms.NumberInput, "number"),
)


def shown(given: BoundField | Shown | Mapping[str, Any]) -> Shown:
    """A field of a Django form, or a plain mapping with the names of ``Shown``, as the component shows it.

    A mapping needs ``name`` and ``label``; ``kind`` is "text" unless said, ``options`` may be pairs, ``errors`` or
    ``error`` one text or several. Raises TypeError for a name ``Shown`` does not have.
    """
    if isinstance(given, Shown):
        return given
    return _of_form(given) if isinstance(given, BoundField) else _of_mapping(given)


def _of_form(bound: BoundField) -> Shown:
    widget = bound.field.widget
    kind = next((kind for of, kind in _WIDGETS if isinstance(widget, of)), "text")
    value = bound.value()
    chosen = (
        {str(one) for one in value}
        if isinstance(value, (list, tuple))
        else {"" if value is None else str(value)}
    )
    given = {
        "name": bound.html_name,
        "kind": kind,
        "label": bound.label,
        "hint": str(bound.help_text or ""),
        "errors": list(bound.errors),
        "required": bound.field.required,
        "id": bound.auto_id or bound.html_name,
        "attrs": dict(widget.attrs),
    }
    if isinstance(widget, ChoiceWidget):
        pairs = [(str(value), str(label)) for value, label in _flat(cast("Iterable[Any]", widget.choices))]
        given["options"] = [pair for pair in pairs if pair[0]]
        given["empty"] = next((label for value, label in pairs if not value), "")
        return _of_mapping(given, chosen)
    if kind == "checkbox":
        return _of_mapping({**given, "attrs": {**given["attrs"], **({"checked": True} if value else {})}})
    if kind in ("file", "password"):
        return _of_mapping(given)
    text: Any = widget.format_value(value)  # pyright: ignore[reportCallIssue] - a widget of any kind
    if isinstance(value, (date, time)):
        text = value.isoformat()
    return _of_mapping({**given, "value": "" if text is None else str(text)})


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield value, label


def _of_mapping(given: Mapping[str, Any], chosen: set[str] | None = None) -> Shown:
    said = dict(given)
    unknown = sorted(said.keys() - _NAMES - {"error"})
    if unknown:
        raise TypeError(f"a field has no '{unknown[0]}'; it has {', '.join(sorted(_NAMES))}")
    errors = said.pop("errors", None) or said.pop("error", None) or ()
    said.pop("error", None)
    said["errors"] = (str(errors),) if isinstance(errors, str) else tuple(str(one) for one in errors)
    value = said.get("value")
    if chosen is None:
        many = isinstance(value, (list, tuple, set, frozenset))
        chosen = {str(one) for one in value} if many else {"" if value is None else str(value)}  # type: ignore[union-attr]
    said["value"] = "" if value is None or isinstance(value, (list, tuple, set, frozenset)) else str(value)
    key = said.setdefault("id", f"id_{said['name']}")
    said["options"] = tuple(
        _option(one, f"{key}_{at}", chosen) for at, one in enumerate(said.get("options", ()))
    )
    said["suggestions"] = tuple(said.get("suggestions", ()))
    said.setdefault("kind", "text")
    return Shown(**said)


def _option(given: Any, key: str, chosen: set[str]) -> Option:
    if isinstance(given, Option):
        return given if given.id else Option(given.value, given.label, given.chosen, key, given.hint)
    value, label, *hint = given
    return Option(str(value), str(label), str(value) in chosen, key, str(hint[0]) if hint else "")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of the list of errors: what to mend, and the id of the field it leads to ("" for the form as a whole)."""

    text: str
    to: str = ""


def wrongs(given: forms.BaseForm | Iterable[Any]) -> list[Wrong]:
    """The errors of a Django form, or of fields (mappings, ``Shown``, bound) and single ``Wrong``s, in their order."""
    if isinstance(given, forms.BaseForm):
        found = [Wrong(str(text)) for text in given.non_field_errors()]
        return [*found, *(Wrong(text, one.first) for one in map(shown, given) for text in one.errors)]
    lines: list[Wrong] = []
    for one in given:
        if isinstance(one, (Wrong, str)):
            lines.append(one if isinstance(one, Wrong) else Wrong(one))
        else:
            seen = shown(one)
            lines.extend(Wrong(text, seen.first) for text in seen.errors)
    return lines
