"""Pages that cannot be shown: calm words, no details, and the same whatever the reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from ..look import language


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request could not be read."""
    del exception  # what it says is for nobody's eyes
    return _plain(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """The form is too old, or did not come from here."""
    del exception, reason
    return _plain(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or it is not the reader's: nothing tells which."""
    del exception
    return render(request, "errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke; the page is made without asking the database, which may be what broke."""
    return _plain(request, "errors/500.html", 500)


_SHELL: dict[str, Any] = {
    "reader": None, "nav": [], "synthetic": False, "demo_day": None, "back": "", "messages": [],
}  # fmt: skip
"""The frame of a page without anything that has to be looked up."""


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, {**_SHELL, "lang": language(request)}), status=status)
