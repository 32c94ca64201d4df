"""The way in for a citizen: the link they were given, and the code that goes with it."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from .. import attempts, citizen_links
from ..citizen_links import CODE_LASTS

COOKIE = "link"
"""What the browser keeps of the address until the code is written; scripts cannot read it."""


@csrf_exempt  # it changes nothing, and a refusal would write the address into the log
@never_cache
@sensitive_variables("token")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """An address somebody was given, right or wrong: on to the page that asks for the code.

    What the address holds goes into a cookie, so that it stands neither in the history of the browser, nor in what
    pages tell one another of where one came from, nor in a log. Nothing is looked up here: no answer tells whether a
    link is one.
    """
    del request
    answer = redirect("link-code")
    answer["Referrer-Policy"] = "no-referrer"
    answer.set_cookie(
        COOKIE,
        re.sub(r"[^A-Za-z0-9_-]", "", token)[:100],
        max_age=int(CODE_LASTS.total_seconds()),
        path=reverse("link-code"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@never_cache
@sensitive_post_parameters("code")
@sensitive_variables("token", "code")
def link_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and let the citizen in. Whatever is wrong, the same is said of it."""
    token, code = request.COOKIES.get(COOKIE, ""), request.POST.get("code", "")[:20]
    if request.method != "POST":
        return render(request, "link/code.html", {"link": bool(token)})
    keys = attempts.counted_by_address(request, "link")
    if attempts.must_wait(keys):
        return render(request, "link/code.html", {"link": True, "wait": True}, status=429)
    if not citizen_links.sign_in(request, token, code):
        attempts.failed(keys)
        return render(request, "link/code.html", {"link": True, "wrong": True}, status=422)
    answer = redirect("mine")
    answer.delete_cookie(COOKIE, path=reverse("link-code"))
    return answer


urlpatterns: list[URLPattern] = [
    path("link/", link_code, name="link-code"),
    path("link/<str:token>/", link, name="link"),
]
