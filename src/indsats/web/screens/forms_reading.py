"""From what was sent to what is registered, and from what the record says is wrong to words at the right field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from indsats.language import Lang, number
from indsats.problem import Problem
from indsats.programme import Programme
from indsats.record import KINDS

from ..models import Fact
from ..words.register import REFUSED, UNKNOWN_REFUSAL, UNKNOWN_REFUSAL_OF_ALL
from .case_words import label, plain_number
from .forms import Form, Values

Refusals = dict[str, list[str]]
"""What is wrong, in words, by the name of the field; under "" what is about no single field."""


def read_values(form: Form, sent: Values) -> dict[str, str | None]:
    """The columns of the fact as text, None where a field was left empty; names chosen together are joined by ";".

    Only the form's own fields are read: what else was sent is no part of the fact.
    """
    found: dict[str, str | None] = {}
    lists = KINDS[form.kind].lists
    for one in form.fields:
        said = [_tidy(text) for text in sent.get(one.name, ()) if text.strip()]
        if one.name in lists:
            found[one.name] = ";".join(said) or None
        else:
            found[one.name] = said[-1] if said else None
    if form.chooser is not None:
        found[form.chooser.name] = form.chosen
    return found


def shown_values(fact: Fact, lang: Lang) -> dict[str, list[str]]:
    """What stands in the fields when a fact is opened to be corrected: numbers as the language writes them."""
    found = {
        "occurred_from": [fact.occurred_from.isoformat()],
        "occurred_to": [fact.occurred_to.isoformat()] if fact.occurred_to else [],
        "site": [fact.site] if fact.site else [],
    }
    for name, value in fact.payload.items():
        found[name] = value.split(";") if name in KINDS[fact.kind].lists else [_shown(value, lang)]
    return found


def _shown(value: Any, lang: Lang) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value, lang).replace("−", "-") if value < 1000 else _ungrouped(value, lang)
    return str(value)


def _ungrouped(value: float, lang: Lang) -> str:
    """A large number without the signs between thousands, which cannot be read back for sure."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", number(0.5, lang, 1)[1])


def changes_of(fact: Fact, values: Mapping[str, str | None], lang: Lang) -> dict[str, str | None]:
    """What was changed: the columns whose text differs from what the fact's own fields show."""
    lists = KINDS[fact.kind].lists
    shown = {
        name: ";".join(said) if name in lists else (said[-1] if said else "")
        for name, said in shown_values(fact, lang).items()
    }
    return {name: value for name, value in values.items() if (value or "") != _tidy(shown.get(name, ""))}


def _tidy(text: str) -> str:
    """A text without blanks at its ends, and with the line ends of the record whatever browser sent it."""
    return text.replace("\r\n", "\n").strip()


def not_offered(form: Form, values: Mapping[str, str | None], before: Fact | None = None) -> list[Problem]:
    """The place and the worker where the form did not offer them: those lists follow from what the reader may do, and
    the record knows nothing of that. What stands in the fact ``before`` may stay."""
    stood = {"site": before.site, "worker": before.payload.get("worker")} if before is not None else {}
    found = []
    for name in ("site", "worker"):
        one, said = form.field(name), values.get(name)
        if one is not None and said and said not in (stood.get(name), *(value for value, _ in one.options)):
            found.append(Problem("the value is not one that is offered", "Choose another.", field=name))
    return found


def same(fact: Fact, form: Form, values: Mapping[str, str | None], lang: Lang) -> bool:
    """Whether a fact says what was sent: a form sent twice, and not one filled in anew and sent under the same name."""
    numbers = {one.name for one in form.fields if one.widget == "number"}
    shown = shown_values(fact, lang)
    for name in changes_of(fact, values, lang).keys() - {"enrolment", "edition"}:  # those the server fills in
        here, there = values[name], (shown.get(name) or [""])[-1]
        if name not in numbers or _plain(here) is None or _plain(here) != _plain(there):
            return False
    return True


def _plain(said: str | None) -> float | None:
    try:
        return float((said or "").replace(",", "."))
    except ValueError:
        return None


def in_words(problems: Iterable[Problem], form: Form, programme: Programme, lang: Lang) -> Refusals:
    """What the record says is wrong, in the reader's language, each at its field."""
    found: Refusals = {}
    names = form.names
    for problem in problems:
        at = problem.field if problem.field in names else ""
        told = _told(problem, form.kind, programme, lang)
        if told not in found.setdefault(at or "", []):
            found[at or ""].append(told)
    return found


def _told(problem: Problem, kind: str, programme: Programme, lang: Lang) -> str:
    for rule in programme.entry_rules.values():
        if rule.kind == kind and rule.say.en == problem.what:
            return rule.say.in_(lang)
    field = label(programme, kind, problem.field, lang) if problem.field else ""
    for pattern, text in REFUSED.items():
        hit = re.search(pattern, problem.what)
        if hit is not None:
            numbers = {name: _number(said, lang) for name, said in hit.groupdict().items()}
            return text.in_(lang).format(field=field, **numbers)
    unknown = UNKNOWN_REFUSAL if field else UNKNOWN_REFUSAL_OF_ALL
    return unknown.in_(lang).format(field=field, what=problem.what, remedy=problem.remedy)


def _number(said: str, lang: Lang) -> str:
    try:
        return plain_number(float(said), lang)
    except ValueError:
        return said


def day_of(said: str | None) -> date | None:
    """The day a date field holds, or None where it holds none."""
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        return None
