"""The link and the one-time code a citizen opens their own page with: made, tried, and what a session by it may do.

Link and code are to reach the citizen by two ways. Neither is kept: the address holds 256 bits by chance, of which a
digest is enough; a code is six digits, so its digest is keyed with the server's secret as well as salted, and a few
wrong ones end the link.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from . import clock
from .models import Case, CitizenLink, Membership, Person, RoleChange, User, as_one
from .rights import Reader, read

LINK_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(hours=24)
"""As long as a message may lie unread: what keeps a code from being guessed is how few may be tried."""
MOST_WRONG = 5
"""So many wrong codes end the link."""
IDLE = timedelta(minutes=30)
"""A session by a link ends when nothing is asked for so long; telephones are lent and left lying."""

_SESSION = "link"


class Closed(Exception):
    """An administrator has shut the citizen out; no link lets them in again."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is shown once: what the address ends with ("" where the link there is stays) and the code."""

    token: str
    code: str


def open_link(case: Case) -> CitizenLink | None:
    """The link of a citizen, in the programme of a case, that can be used now."""
    return _usable(_open(case)).first()


def make(reader: Reader, case: Case) -> Secrets:
    """A new link with its code; the one there was ends, and whoever is signed in by it is out. Raises ``Closed``.

    It leads to what the citizen has in the programme of the case, and to nothing else of theirs.
    """
    token, code = secrets.token_urlsafe(32), _new_code()
    now = clock.now()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=case.person_id)
        _end(reader, case, "new")
        made = CitizenLink(
            token=_digest(token), user=_citizen(reader, case), person=person,
            programme=case.programme, case=case.public, made=now, made_by=reader.name, until=now + LINK_LASTS,
        )  # fmt: skip
        _give(made, code)
        made.save(force_insert=True)
        read(reader, "link-made", [case])
    return Secrets(token, code)


def new_code(reader: Reader, case: Case) -> Secrets | None:
    """Another code for the link there is, in place of the one before; None where there is no link any more."""
    with transaction.atomic():
        found = _usable(_open(case)).select_for_update(of=("self",)).first()
        if found is None:
            return None
        code = _new_code()
        _give(found, code)
        found.save(update_fields=["code", "salt", "code_until"])
        read(reader, "link-code", [case])
    return Secrets("", code)


def end(reader: Reader, case: Case) -> None:
    """End the citizen's link; whoever is signed in by it is out."""
    with transaction.atomic():
        _end(reader, case, "by_hand")


def sign_in(request: HttpRequest, token: str, code: str) -> bool:
    """Sign the citizen in where link and code are right; a code is right once. Nothing tells what was wrong."""
    with transaction.atomic():
        found = _tried(token, code)
    if found is None:
        return False
    login(request, found.user)  # a new session key: one known from before leads nowhere
    request.session[_SESSION] = found.pk
    request.session.set_expiry(int(IDLE.total_seconds()))
    return True


def reader_of(request: HttpRequest) -> Reader | None:
    """Who asks. Somebody signed in by a link is a citizen in one programme and nothing else, while it works."""
    user = request.user
    if not isinstance(user, User):
        return None
    key = request.session.get(_SESSION)
    if key is None:
        return Reader.of(user)
    link = _usable(CitizenLink.objects.filter(pk=key, user=user)).first()
    if link is None:
        logout(request)
        return None
    request.session.modified = True  # counted from the last page
    held = user.memberships.filter(role="citizen", programme=link.programme)
    return Reader(user, tuple(held.order_by("pk")), by_link=True)


def _open(case: Case) -> QuerySet[CitizenLink]:
    """The link of a citizen in the programme that nobody has ended: of whoever was merged into them too."""
    return CitizenLink.objects.filter(
        person__in=as_one([case.person_id]), programme=case.programme, ended=None
    )


def _usable(links: QuerySet[CitizenLink]) -> QuerySet[CitizenLink]:
    """Those that work: not ended or too old, and neither the user, their role nor the case has been taken away."""
    role = Membership.objects.filter(user=OuterRef("user"), role="citizen", programme=OuterRef("programme"))
    case = Case.objects.filter(pk=OuterRef("case"))
    return links.filter(Exists(role), Exists(case), ended=None, until__gt=clock.now(), user__is_active=True)


def _end(reader: Reader, case: Case, why: str) -> None:
    if _open(case).update(ended=clock.now(), why=why, code="", salt=""):
        read(reader, "link-ended", [case])


def _tried(token: str, code: str) -> CitizenLink | None:
    """The link, where the code opens it; else the try is counted and noted."""
    now = clock.now()
    links = CitizenLink.objects.select_for_update(of=("self",)).select_related("user", "person")
    found = _usable(links.filter(token=_digest(token))).first()
    # a link that is not there is compared with too, so that both take as long
    link = found or CitizenLink(code="-", salt="-", code_until=now)
    right = constant_time_compare(_code_digest(link.salt, code), link.code)
    if found is None:
        return None
    of = Case.objects.select_related("person").get(pk=found.case)
    citizen = Reader(found.user, ())
    if right and found.code_until is not None and found.code_until > now:
        found.code, found.salt, found.wrong, found.used = "", "", 0, now
        found.save(update_fields=["code", "salt", "wrong", "used"])
        read(citizen, "link-used", [of])
        return found
    found.wrong += 1
    if found.wrong >= MOST_WRONG:
        found.ended, found.why, found.code, found.salt = now, "wrong", "", ""
    found.save(update_fields=["wrong", "ended", "why", "code", "salt"])
    read(citizen, "link-failed", [of])
    if found.ended:
        read(citizen, "link-ended", [of])
    return None


def _give(link: CitizenLink, code: str) -> None:
    link.salt = secrets.token_hex(16)
    link.code, link.code_until = _code_digest(link.salt, code), clock.now() + CODE_LASTS


def _new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _code_digest(salt: str, code: str) -> str:
    plain = "".join(code.split())
    return hmac.new(settings.SECRET_KEY.encode(), f"{salt} {plain}".encode(), sha256).hexdigest()


def _citizen(reader: Reader, case: Case) -> User:
    """The user the citizen is: one who is that and nothing else, made without a password where there is none."""
    staff = Membership.objects.exclude(role="citizen").values("user")
    mine = User.objects.filter(Q(person__in=as_one([case.person_id])), once=False).exclude(pk__in=staff)
    user = mine.order_by("pk").first()
    if user is None:
        user = User(username=f"borger-{secrets.token_hex(6)}", name="Borgeren", person=case.person)
        user.set_unusable_password()
        user.save(force_insert=True)
        _note(reader, user, "made")
    if not user.is_active:
        raise Closed
    _, new = Membership.objects.get_or_create(
        user=user, role="citizen", programme=case.programme, site=None, function=None
    )
    if new:
        _note(reader, user, "given", role="citizen", programme=case.programme)
    return user


def _note(reader: Reader, user: User, what: str, **where: str) -> None:
    RoleChange.objects.create(at=clock.now(), by=reader.name, user=user, what=what, **where)
