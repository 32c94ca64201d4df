"""What every page is made with: the language, the way in, and what data it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from indsats.language import LANGUAGES, Lang

from . import clock
from .models import Served
from .rights import Reader, may
from .rights.table import Action
from .words import say

COOKIE = "lang"

_NAV: tuple[tuple[str, Action, str], ...] = (
    ("day", "register", "meeting"),
    ("cases", "see", "case"),
    ("intake", "register", "visitation"),
    ("assignment", "assign", "case"),
    ("barometer", "steer", "figures"),
    ("targets", "steer", "figures"),
    ("progression", "steer", "figures"),
    ("flow", "steer", "figures"),
    ("reports", "steer", "figures"),
    ("control", "control", "log"),
    ("users", "administer", "users"),
)
"""The pages of the navigation by their names, and the right that shows each."""

WAYS = tuple(key for key, _, _ in _NAV)
"""The names of the pages of the navigation; their titles are ``shell.nav.<name>``."""


@dataclass(frozen=True, slots=True)
class Way:
    """A page of the navigation; ``current``: the page shown is it, or lies below it."""

    key: str
    title: str
    href: str
    current: bool


def language(request: HttpRequest) -> Lang:
    """The language the reader has chosen; Danish until they have."""
    said = request.COOKIES.get(COOKIE)
    found: list[Lang] = [lang for lang in LANGUAGES if lang == said]
    return found[0] if found else "da"


def context(request: HttpRequest) -> dict[str, Any]:
    """What the shell of a page needs. ``nav``, ``synthetic`` and ``demo_day`` are asked for by whole pages only.

    ``back`` is where a change of language returns to: the page itself, where it can be opened again.
    """
    reader: Reader | None = getattr(request, "reader", None)
    lang = language(request)

    @cache
    def nav() -> list[Way]:
        return list(_nav(request, reader, lang)) if reader else []

    @cache
    def synthetic() -> bool:
        return reader is not None and Served.objects.filter(synthetic=True).exists()

    return {
        "lang": lang,
        "other_lang": next(one for one in LANGUAGES if one != lang),
        "reader": reader,
        "keys_on": reader is None or reader.user.keys,
        "searches": reader is not None and may(reader, "see", "case"),
        "registers": reader is not None and may(reader, "register", "meeting"),
        "back": request.get_full_path() if request.method == "GET" else request.path,
        "nav": nav,
        "synthetic": synthetic,
        "demo_day": clock.today() if reader and clock.moved() else None,
    }


def _nav(request: HttpRequest, reader: Reader, lang: Lang) -> Iterator[Way]:
    # a citizen has one page, and it is the front page
    if all(one.role == "citizen" for one in reader.memberships):
        return
    ways = [(key, _address(key)) for key, action, kind in _NAV if may(reader, action, kind)]
    here = _here(request.path, [href for _, href in ways if href])
    for key, href in ways:
        if href:
            yield Way(key, say(f"shell.nav.{key}", lang), href, href == here)


def _here(path: str, ways: list[str]) -> str | None:
    """The way whose page is shown, or the page above it: the longest that begins the path; "/" only begins itself."""
    return max(
        (way for way in ways if path == way or (way != "/" and path.startswith(way))), key=len, default=None
    )


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
