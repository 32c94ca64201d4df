"""Two people at one case: what the other did since the form was opened, and both versions laid together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indsats.record import KINDS

from ..models import Fact
from ..rights import scope
from ..words import say
from .case_words import names_of, said, workers_in
from .forms import Field, Form, Values
from .forms_reading import shown_values

if TYPE_CHECKING:
    from .register_page import Page


@dataclass(frozen=True, slots=True)
class Beside:
    """One field two people see differently: when the form was opened, now, and what the reader wrote."""

    label: str
    then: str
    now: str
    yours: str
    both: bool


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version than the one the form was opened on; ``values`` is what stands in the form now."""

    by: str
    at: dict[str, str]
    rows: tuple[Beside, ...]
    values: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class GoneFact:
    """A fact that was withdrawn while it was being corrected."""

    by: str
    at: dict[str, str]
    reason: str


def said_since(facts: Sequence[Fact], page: Page) -> list[str]:
    """What has been registered since, in words; what the reader may not see is told as that."""
    reader = page.request.reader
    seen = set(scope(reader, Fact).filter(pk__in=[one.pk for one in facts]).values_list("pk", flat=True))
    shown = [one for one in facts if one.pk in seen]
    names = names_of(workers_in(shown))
    told = [
        say(
            "register.stale.by",
            page.lang,
            what=said(one, page.programme, page.lang, names),
            by=names.get(one.recorded_by, one.recorded_by),
            **page.at(one),
        )
        for one in shown
    ]
    return [*told, say("case.hidden", page.lang)] if len(shown) < len(facts) else told


def gone(fact: Fact, page: Page) -> GoneFact:
    """Who withdrew a fact, when and why."""
    return GoneFact(page.name(fact.recorded_by), page.at(fact), fact.source or "")


def merged(base: Fact, newest: Fact, form: Form, sent: Values, page: Page) -> Newer:
    """The reader's form laid over the newest version.

    A field the reader left as it was when the form was opened takes the newer value; one the reader changed keeps
    what they wrote. Every field in which the three differ is told.
    """
    lists = KINDS[form.kind].lists
    then, now = shown_values(base, page.lang), shown_values(newest, page.lang)
    values: dict[str, list[str]] = {name: list(said_) for name, said_ in sent.items()}
    rows: list[Beside] = []
    for one in form.fields:
        old, new = then.get(one.name, []), now.get(one.name, [])
        mine = [text for text in sent.get(one.name, ()) if text.strip()]
        if one.name not in lists:
            mine = mine[-1:]
        if mine == old:
            values[one.name] = new
        if len({tuple(old), tuple(new), tuple(mine)}) > 1 and old != new:
            rows.append(
                Beside(
                    one.label,
                    _told(one, old, page),
                    _told(one, new, page),
                    _told(one, values.get(one.name, ()), page),
                    mine != old and mine != new,
                )
            )
    if form.chooser is not None and form.chosen == base.payload.get(form.chooser.name):
        values["chosen"] = [newest.payload.get(form.chooser.name, form.chosen)]
    return Newer(page.name(newest.recorded_by), page.at(newest), tuple(rows), values)


def _told(field: Field, texts: Sequence[str], page: Page) -> str:
    """What stands in a field, in words."""
    said_ = [text for text in texts if text]
    if not said_:
        return "–"
    if field.widget == "date":
        return page.day(said_[-1])
    choices = dict(field.options)
    return ", ".join(choices.get(text, text) for text in said_)
