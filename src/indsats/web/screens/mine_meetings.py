"""The meetings a citizen sees ahead of them, and what they say to each: that they come, or that they ask to move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from indsats.language import Lang
from indsats.problem import InputRefused
from indsats.programme import Programme

from .. import clock, record
from ..look import language
from ..models import Fact
from ..rights import ReaderRequest, scope, screen
from ..words import say
from .case_words import fact_key, value_title
from .whole import whole

MOST_WISH = 200
"""The most characters of a wish."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A planned meeting; ``said`` is what the citizen answered to it, "" for nothing yet."""

    key: str
    version: int
    day: date
    type: str
    place: str
    worker: str
    said: str
    wish: str


def meetings_of(
    facts: Iterable[Fact], programme: Programme, names: Mapping[str, str], helpers: Sequence[str], lang: Lang
) -> list[Ahead]:
    """The meetings that are planned from today on, the next first; ``facts`` are in the order of their days.

    Where a meeting names nobody it is with whoever helps the citizen, if that is one person.
    """
    alone = helpers[0] if len(helpers) == 1 else ""
    return [
        Ahead(
            fact_key(fact.fact),
            fact.version,
            fact.occurred_from,
            _title(programme, "type", fact.payload, lang),
            _title(programme, "place", fact.payload, lang),
            names.get(fact.payload["worker"], "") if fact.payload.get("worker") else alone,
            fact.payload.get("citizen_said") or "",
            fact.payload.get("citizen_wish") or "",
        )
        for fact in facts
        if _is_ahead(fact)
    ]


def _is_ahead(fact: Fact) -> bool:
    planned = fact.kind == "meeting" and fact.payload.get("outcome") == "planned"
    return planned and fact.occurred_from >= clock.today()


def _title(programme: Programme, name: str, said: Mapping[str, Any], lang: Lang) -> str:
    return value_title(programme, "meeting", name, said[name], {}, lang) if said.get(name) else ""


def asked_anew(fact: Fact, changes: Mapping[str, str | None]) -> dict[str, None]:
    """What else changes when an appointment is given another day: what the citizen said was about the one before."""
    about = [name for name in ("citizen_said", "citizen_wish") if fact.payload.get(name)]
    moved = fact.kind == "meeting" and "occurred_from" in changes
    return {name: None for name in about if moved and name not in changes}


@require_POST
@screen("answer", "meeting")
def answer_meeting(request: ReaderRequest, fact: str) -> HttpResponse:
    """What the citizen says to one of their own planned meetings, as the next version of it: until its day is over."""
    lang, said = language(request), request.POST.get("said", "")
    mine = scope(request.reader, Fact, "answer").filter(kind="meeting", replaced_at=None)
    rows = mine.filter(occurred_from__gte=clock.today()).select_related("person__merged_into")
    old = next((one for one in rows if _is_ahead(one) and fact_key(one.fact) == fact), None)
    if old is None:
        raise Http404
    wish = " ".join(request.POST.get("wish", "").split()) if said == "move" else ""
    if said not in ("coming", "move") or len(wish) > MOST_WISH:
        wrong = "mine.wish.long" if len(wish) > MOST_WISH else "mine.meeting.choose"
        messages.error(request, say(wrong, lang, most=MOST_WISH))
        return redirect("mine")
    changes = {"citizen_said": said, "citizen_wish": wish or None}
    stood = {name: old.payload.get(name) for name in changes}
    try:
        if changes != stood:
            record.correct(request.reader.name, old, changes, version=whole(request.POST.get("version")))
    except (InputRefused, record.Stale):
        messages.error(request, say("mine.meeting.changed", lang))
    else:
        messages.success(request, say(f"mine.meeting.{said}.done", lang, day=old.occurred_from))
    return redirect("mine")
