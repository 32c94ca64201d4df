"""Sign-ins that failed: who has to wait before the next try."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from . import clock
from .models import Attempt

MOST = 10
"""So many failed sign-ins are let through …"""
WITHIN = timedelta(minutes=15)
"""… in so long a time; then everything is refused until the oldest is older than that."""

COOKIE = "known"
_KNOWN_DAYS = 180
_SALT = "indsats.known"


def counted_by(request: HttpRequest, name: str) -> list[str]:
    """What a try is counted by, as keyed digests: the user name and the address it comes from.

    A browser the user has signed in with before is counted by itself: nobody can shut a colleague out by guessing at
    their name, nor a whole town hall by guessing from its one address.
    """
    browser = _known(request, name)
    if browser is not None:
        return [_digest(f"browser {browser}")]
    return [_digest(f"name {name.casefold()}"), _digest(f"address {_address(request)}")]


def counted_by_address(request: HttpRequest, what: str) -> list[str]:
    """What a try at ``what`` is counted by where there is no user name: the address it comes from."""
    return [_digest(f"{what} from {_address(request)}")]


def must_wait(keys: list[str]) -> bool:
    """Whether one of the keys has had too many failures just now."""
    since = clock.now() - WITHIN
    failed = Attempt.objects.filter(key__in=keys, at__gt=since).values("key").annotate(n=Count("id"))
    return any(one["n"] >= MOST for one in failed)


def failed(keys: list[str]) -> None:
    """Note a failure; failures that no longer count go."""
    at = clock.now()
    Attempt.objects.filter(at__lt=at - 4 * WITHIN).delete()
    Attempt.objects.bulk_create(Attempt(at=at, key=key) for key in keys)


def succeeded(request: HttpRequest, answer: HttpResponse, name: str) -> None:
    """Forget the user's failures, and remember the browser as one the user has signed in with."""
    own = [_digest(f"name {name.casefold()}")]
    browser = _known(request, name)
    if browser is not None:
        own.append(_digest(f"browser {browser}"))
    Attempt.objects.filter(key__in=own).delete()
    answer.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_urlsafe(12), _digest(f"name {name.casefold()}")], salt=_SALT),
        max_age=_KNOWN_DAYS * 24 * 60 * 60,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _known(request: HttpRequest, name: str) -> str | None:
    """The browser's own mark, where it is one this user has signed in with."""
    try:
        browser, whose = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KNOWN_DAYS * 24 * 60 * 60
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return browser if whose == _digest(f"name {name.casefold()}") else None


def _address(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy that speaks https, the address the proxy saw."""
    there = request.META.get("REMOTE_ADDR", "")
    if settings.SESSION_COOKIE_SECURE:
        there = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or there
    return there


def _digest(said: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), sha256).hexdigest()[:40]
