"""What every screen begins with: signed in, allowed, and otherwise as if the page were not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from ..models import Case, Site
from .scope import Reader, may, scope
from .table import Action

P = ParamSpec("P")
View = Callable[..., HttpResponse]

SCREENS: dict[str, tuple[Action, str]] = {}
"""Every screen by the name of its function, with the right it asks for; the tests of rights are made from it."""

OWN_WORD = "account"
"""The page where one chooses a password; whoever was given one sees no other first."""

OPEN: set[str] = set()
"""Screens anybody signed in may open, whatever their role."""


class ReaderRequest(HttpRequest):
    """A request of somebody signed in."""

    reader: Reader


def screen(
    action: Action, kind: str
) -> Callable[[Callable[Concatenate[ReaderRequest, P], HttpResponse]], View]:
    """A screen for those who have the right to ``action`` on ``kind`` somewhere; others find no such page.

    Which rows they find there is decided by ``scope``. Who is not signed in is asked to sign in.
    """

    def wrap(view: Callable[Concatenate[ReaderRequest, P], HttpResponse]) -> View:
        SCREENS[f"{view.__module__}.{view.__name__}"] = (action, kind)

        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            reader = request.reader
            if reader is None or reader.user.once:
                return _first_of_all(request)
            if not may(reader, action, kind):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def signed_in(view: Callable[Concatenate[ReaderRequest, P], HttpResponse]) -> View:
    """A screen for everybody who is signed in; a citizen who came by a link is led to their own page instead."""
    OPEN.add(f"{view.__module__}.{view.__name__}")

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        reader = request.reader
        if reader is None or (reader.user.once and request.path != reverse(OWN_WORD)):
            return _first_of_all(request)
        if reader.by_link:
            return redirect("mine")
        return view(request, *args, **kwargs)

    return guarded


def _first_of_all(request: Any) -> HttpResponse:
    """To signing in; or, for somebody with a word they were given, to choosing their own."""
    if request.reader is not None:
        there = redirect(OWN_WORD)
    else:
        there = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    # a part of a page would show the whole sign-in page inside itself
    return HttpResponseClientRedirect(there["Location"]) if request.htmx else there


def found_case(reader: Reader, public: str, action: Action = "see", kind: str = "case") -> Case:
    """The case of an address, where the reader may do ``action`` to ``kind`` there; else Http404: nothing tells whether
    it is there."""
    found = scope(reader, Case, action, kind).select_related("person").filter(pk=public).first()
    if found is None:
        raise Http404
    return found


def require(reader: Reader, action: Action, kind: str, case: Case | Site | None = None) -> None:
    """Http404 unless the reader may do it there."""
    if not may(reader, action, kind, case):
        raise Http404
