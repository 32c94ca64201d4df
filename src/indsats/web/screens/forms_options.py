"""What a field can be chosen from: the definition's own lists, told by their titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indsats.language import Lang
from indsats.programme import Programme, Questionnaire, allowed_values
from indsats.record import KINDS, payload_fields

from ..words import say
from .case_words import value_title

Option = tuple[str, str]
"""A value and what it is called."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a list may depend on: the programme, the kind, what was chosen first, and what is filled in."""

    programme: Programme
    kind: str
    chosen: str | None
    service: str | None
    given: Mapping[str, str]

    @property
    def questionnaire(self) -> Questionnaire | None:
        """The questionnaire the form is about, if it is about one."""
        return self.programme.questionnaires.get(self.given.get("questionnaire") or "")


def options(name: str, beside: Beside, lang: Lang) -> list[Option] | None:
    """What a text field can be chosen from, in order; None where any text will do, empty where nothing fits."""
    values = _values(name, beside)
    if values is None:
        return None
    titles = [
        (value, value_title(beside.programme, beside.kind, name, value, beside.given, lang))
        for value in values
    ]
    return [(value, title[:1].upper() + title[1:]) for value, title in titles]


def yes_no(lang: Lang, *, whole: bool) -> tuple[Option, ...]:
    """Yes and no; and "not stated" unless one of them must be said (``whole``)."""
    said = (("true", _capital(say("case.yes", lang))), ("false", _capital(say("case.no", lang))))
    return said if whole else (*said, ("", say("register.not_stated", lang)))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _values(name: str, beside: Beside) -> list[str] | None:
    programme, kind, given = beside.programme, beside.kind, beside.given
    place = f"{kind}.{name}"
    if place == "event.value":
        event = programme.events.get(given.get("event") or "")
        return list(event.values) if event is not None else None
    if place == "drawn.arm":
        draw = programme.draws.get(given.get("draw") or "")
        return list(draw.arms) if draw is not None else None
    if place == "requirement_answered.requirement":
        return _requirements(programme, beside.service)
    if place == "requirement_answered.answer":
        return _answers(beside)
    if place == "requirement_answered.reason":
        requirement = programme.requirements.get(given.get("requirement") or "")
        if requirement is not None and requirement.if_no:
            return list(requirement.if_no)
    if name == "questionnaire":
        about = "person" if KINDS[kind].needs_person else "site"
        return [key for key, one in programme.questionnaires.items() if one.about == about]
    asked = beside.questionnaire
    if asked is not None and name in ("rater", "wave"):
        return list(asked.raters if name == "rater" else asked.waves)
    if name in KINDS[kind].lists:
        codes = programme.codes_for(place)
        return list(codes.values if codes is not None else programme.roles) or None
    known = allowed_values(programme, kind, name)
    return None if known is None else list(known)


def _requirements(programme: Programme, service: str | None) -> list[str]:
    """Those asked of the service the citizen is in: by their phase, else by their core element."""
    found = []
    for name, one in programme.requirements.items():
        phase = programme.phases.get(one.phase or "")
        element = programme.elements.get(one.element or "")
        of = phase.service if phase is not None else element.service if element is not None else None
        if service is None or of in (None, service):
            found.append(name)
    return found


def _answers(beside: Beside) -> list[str]:
    values = next(one.values for one in payload_fields("requirement_answered") if one.name == "answer")
    requirement = beside.programme.requirements.get(beside.given.get("requirement") or "")
    partly = requirement is None or requirement.answer == "yes_partly_no"
    return [value for value in values if partly or value != "partly"]
