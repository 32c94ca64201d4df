"""Renewing an agreement or a placement: the form of a new one, filled in from the one that is renewed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path

from .. import clock
from ..programmes import programme as definition
from ..rights import ReaderRequest, require, screen
from .case import offered
from .register import filled, found_fact
from .register_around import around_of
from .register_carried import carried
from .register_follow_up import AGREED
from .register_page import Page


@screen("see", "case")
def renew(request: ReaderRequest, public: str, fact: str) -> HttpResponse:
    """The form, prefilled; the old fact is read and stays as it is, and nothing is written before the form is sent."""
    case, old = found_fact(request, public, fact, "see")
    if old.kind not in AGREED or (old.replaced_at is not None and request.method != "POST"):
        raise Http404
    require(request.reader, "register", old.kind, case)
    page = Page(request, case, definition(case.programme), kind=old.kind)
    if not offered(case, page.programme, {old.kind}, page.lang):
        raise Http404
    page.renewed = carried(old, page.programme, clock.today(), page.lang)
    values = {name: list(said) for name, said in page.renewed.values.items()}
    around = around_of(request.reader, case, page.programme, old.kind, page.lang)
    return filled(page, around, lambda _: values, old.payload.get("type"))


urlpatterns: list[URLPattern] = [path("sager/<str:public>/forny/<str:fact>/", renew, name="renew")]
