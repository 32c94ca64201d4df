"""A caseworker gives a citizen the way to their own page: a link, and a code that goes another way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from indsats.language import LANGUAGES

from .. import citizen_links, clock
from ..citizen_links import CODE_LASTS, IDLE, LINK_LASTS, MOST_WRONG, Closed, Secrets
from ..look import language
from ..models import Case
from ..rights import ReaderRequest, found_case, read, screen
from ..words import say
from .case_words import names_of


@screen("invite", "case")
def invite(request: ReaderRequest, public: str) -> HttpResponse:
    """The citizen's link: whether there is one, and made, given a new code or ended. What is made is shown once."""
    reader, lang = request.reader, language(request)
    case = found_case(reader, public, "invite", "case")
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "link":
        try:
            return _page(request, case, citizen_links.make(reader, case))
        except Closed:
            messages.error(request, say("invite.closed", lang))
    elif do == "code":
        made = citizen_links.new_code(reader, case)
        if made is not None:
            return _page(request, case, made)
        messages.error(request, say("invite.gone", lang))
    elif do == "end":
        citizen_links.end(reader, case)
        messages.success(request, say("invite.ended", lang))
        return redirect("invite", case.public)
    return _page(request, case, None)


def _page(request: ReaderRequest, case: Case, made: Secrets | None) -> HttpResponse:
    lang = language(request)
    read(request.reader, "invite", [case])
    link = citizen_links.open_link(case)
    by = link.made_by if link is not None else ""
    shown: dict[str, Any] = {
        "case": case,
        "person": case.person,
        "link": link,
        "by": names_of([by]).get(by, by) if by else "",
        "code_there": link is not None
        and bool(link.code)
        and link.code_until is not None
        and link.code_until > clock.now(),
        "made": made,
        "days": LINK_LASTS.days,
        "hours": int(CODE_LASTS.total_seconds()) // 3600,
        "minutes": int(IDLE.total_seconds()) // 60,
        "most": MOST_WRONG,
    }
    if made is not None and made.token:
        address = request.build_absolute_uri(reverse("link", args=[made.token]))
        said = [say("invite.message", one, address=address, days=LINK_LASTS.days) for one in LANGUAGES]
        shown["message"] = "\n\n".join(said)
    if made is not None:
        said = [say("invite.code.message", one, code=made.code, hours=shown["hours"]) for one in LANGUAGES]
        shown["code_message"] = "\n".join(said)
    shown["title"] = say("invite.title", lang)
    return render(request, "case/invite.html", shown)


urlpatterns: list[URLPattern] = [path("sager/<str:public>/link/", invite, name="invite")]
