"""Drafts: a form somebody has begun, kept so that a lost connection or a closed window loses nothing."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from indsats.record import KINDS

from .. import clock
from ..look import language
from ..models import Case, Draft
from ..rights import Reader, ReaderRequest, found_case, may, scope, screen
from ..words import say
from .case_facts import facts_of
from .case_words import fact_key

KEPT = timedelta(days=30)
"""How long a draft is kept."""
_LARGEST = 100_000
"""The most characters a draft may hold."""
_NOT_KEPT = (
    "csrfmiddlewaretoken",
    "nonce",
    "revision",
    "next",
    "kind",
    "fact",
    "drop",
    "shown",
    "choose",
    "days",
)


@screen("see", "case")
def draft(request: ReaderRequest, public: str) -> HttpResponse:
    """Keep what stands in a form, or (``drop``) let it go; says 204 to the script and leads others to the case."""
    if request.method != "POST":
        raise Http404
    kind = request.POST.get("kind", "")
    case = found_case(request.reader, public)
    correcting = request.POST.get("fact", "")
    action = "correct" if correcting else "register"
    if kind not in KINDS or not may(request.reader, action, kind, case):
        raise Http404
    fact = _fact_id(request.reader, case, kind, correcting) if correcting else ""
    if "drop" in request.POST:
        drop_draft(request.reader, case, kind, fact)
        messages.success(request, say("register.draft.dropped", language(request)))
        return HttpResponseRedirect(reverse("case", args=[case.public]))
    values = {name: texts for name, texts in request.POST.lists() if name not in _NOT_KEPT}
    if sum(len(text) for texts in values.values() for text in texts) > _LARGEST:
        return JsonResponse({"kept": False}, status=413)
    now = clock.now()
    Draft.objects.filter(user=request.reader.user, changed__lt=now - KEPT).delete()
    Draft.objects.update_or_create(
        user=request.reader.user, case=case, kind=kind, fact=fact, defaults={"values": values, "changed": now}
    )
    return HttpResponse(status=204)


def _fact_id(reader: Reader, case: Case, kind: str, key: str) -> str:
    facts = facts_of(reader, case, "correct").filter(kind=kind)
    if not key.startswith("~"):
        facts = facts.filter(fact=key)
    found = next((one for one in facts.values_list("fact", flat=True) if fact_key(one) == key), None)
    if found is None:
        raise Http404
    return found


def draft_of(reader: Reader, case: Case, kind: str, fact: str) -> Draft | None:
    """The reader's own draft of a form, unless it is too old."""
    mine = scope(reader, Draft).filter(case=case, kind=kind, fact=fact, changed__gte=clock.now() - KEPT)
    return mine.first()


def drop_draft(reader: Reader, case: Case, kind: str, fact: str) -> None:
    """Let a draft go: it was registered, or is not wanted."""
    Draft.objects.filter(user=reader.user, case=case, kind=kind, fact=fact).delete()
