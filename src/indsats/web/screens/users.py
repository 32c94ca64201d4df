"""Users and their roles: who signs in here, and what each was given to do where."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from indsats.language import Lang

from ..look import language
from ..models import Membership, RoleChange, User
from ..programmes import served
from ..rights import ROLES, Reader, ReaderRequest, rights, screen
from ..words import say
from .case_words import site_title, value_title
from .rights_words import lines, role_title
from .users_roles import Asked, NotSo, ask_fields, end, give, note, programmes_of, read_asked, sites_of
from .whole import page_number, whole

PAGE = 100
_NAME = re.compile(r"^[A-Za-zÆØÅæøå0-9][\w.@-]{1,149}$")
_CONSONANTS, _VOWELS = "bdfghjklmnprstv", "aeiouy"


@screen("administer", "users")
def users(request: ReaderRequest) -> HttpResponse:
    """The users of the reader's programmes, and those with no role yet."""
    reader, lang = request.reader, language(request)
    said = request.GET
    found = _visible(reader).order_by("name", "username")
    roles = [(name, role.title.in_(lang)) for name, role in ROLES.items()]
    role = said.get("rolle", "") if said.get("rolle", "") in ROLES else ""
    off = said.get("lukket") == "1"
    if role:
        found = found.filter(Exists(_mine(reader).filter(user=OuterRef("pk"), role=role)))
    found = found.filter(is_active=not off)
    page = page_number(said.get("side"))
    start = (page - 1) * PAGE
    rows = list(found.prefetch_related("memberships")[start : start + PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    query = f"rolle={role}" + "&lukket=1" * off
    programmes = served()
    sites = sites_of(reader)
    return render(
        request,
        "control/users.html",
        {
            "rows": [(user, _places(user, reader, programmes, sites, lang)) for user in rows],
            "fields": [
                _select("rolle", role, [("", say("control.users.every_role", lang)), *roles], lang),
                _select(
                    "lukket",
                    "1" if off else "",
                    [("", say("control.users.open", lang)), ("1", say("control.users.closed", lang))],
                    lang,
                ),
            ],
            "first": start + 1 if rows else 0,
            "last": start + len(rows),
            "previous": f"?{query}&side={page - 1}" if page > 1 else "",
            "next": f"?{query}&side={page + 1}" if more else "",
        },
    )


@screen("administer", "users")
def user_new(request: ReaderRequest) -> HttpResponse:
    """Create a user; the word to sign in with is shown once, on the page that follows."""
    lang = language(request)
    said = {name: " ".join(request.POST.get(name, "").split()) for name in ("username", "name")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not _NAME.match(said["username"]) or re.search(r"\d{6}[-]?\d{4}", said["username"]):
            errors["username"] = say("control.user.username.wrong", lang)
        elif User.objects.filter(username__iexact=said["username"]).exists():
            errors["username"] = say("control.user.username.taken", lang)
        if not said["name"]:
            errors["name"] = say("control.user.name.missing", lang)
        if not errors:
            try:
                with transaction.atomic():
                    user, word = User(username=said["username"], name=said["name"][:120], once=True), _word()
                    user.set_password(word)
                    user.save(force_insert=True)
                    note(request.reader, user, "made")
            except IntegrityError:
                errors["username"] = say("control.user.username.taken", lang)
            else:
                return _one(request, user, word=word)
    fields = [
        {
            "name": name, "label": say(f"control.user.{name}", lang), "hint": say(f"control.user.{name}.hint", lang),
            "value": said[name], "error": errors.get(name, ""), "attrs": {"autocomplete": "off", "maxlength": "120"},
        }
        for name in said
    ]  # fmt: skip
    return render(request, "control/user_new.html", {"fields": fields}, status=422 if errors else 200)


@screen("administer", "users")
def user(request: ReaderRequest, pk: int) -> HttpResponse:
    """A user: roles given and ended, access closed and opened, a new word to sign in with."""
    reader = request.reader
    found = _visible(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _one(request, found)
    do = request.POST.get("do", "")
    if found.pk == reader.user.pk:
        # nobody gives themselves a role, nor shuts the door behind themselves
        return _one(request, found, errors={"": say("control.user.own", language(request))})
    if do == "give":
        return _give(request, found)
    if do == "end":
        return _end(request, found)
    if do in ("off", "on", "word"):
        return _door(request, found, do)
    raise Http404


def _give(request: ReaderRequest, found: User) -> HttpResponse:
    lang = language(request)
    asked = read_asked(request.reader, request.POST)
    try:
        give(request.reader, found, asked, request.POST.get("number", "").strip(), lang)
    except NotSo as wrong:
        return _one(request, found, asked, wrong.errors)
    messages.success(request, say("control.user.given", lang, role=role_title(asked.role, lang)))
    return redirect("user", found.pk)


def _end(request: ReaderRequest, found: User) -> HttpResponse:
    key = whole(request.POST.get("membership"))
    held = _mine(request.reader).filter(user=found, pk=key).first() if key is not None else None
    if held is not None:
        end(request.reader, held)
        lang = language(request)
        messages.success(request, say("control.user.ended", lang, role=role_title(held.role, lang)))
    return redirect("user", found.pk)


def _door(request: ReaderRequest, found: User, do: str) -> HttpResponse:
    """Shut the user out, let them in again, or give them a new word."""
    reader, lang = request.reader, language(request)
    if not _whole(reader, found):
        return _one(request, found, errors={"": say("control.user.elsewhere", lang)})
    word = ""
    with transaction.atomic():
        if do == "word":
            word = _word()
            found.set_password(word)
            found.once = True
            found.save(update_fields=["password", "once"])
        else:
            found.is_active = do == "on"
            found.save(update_fields=["is_active"])
        note(reader, found, do)
    if word:
        return _one(request, found, word=word)
    messages.success(request, say(f"control.user.{do}.done", lang))
    return redirect("user", found.pk)


def _one(
    request: ReaderRequest,
    found: User,
    asked: Asked | None = None,
    errors: Mapping[str, str] | None = None,
    word: str = "",
) -> HttpResponse:
    reader, lang = request.reader, language(request)
    programmes, sites = served(), sites_of(reader)
    asked = asked or read_asked(reader, request.GET)
    errors = errors or {}
    held = [
        {
            "pk": one.pk,
            "title": role_title(one.role, lang),
            "place": _place(one, programmes, sites, lang),
            "ceiling": one.ceiling,
            "lines": lines(one.role, lang),
        }
        for one in _mine(reader).filter(user=found).order_by("programme", "site", "role")
    ]
    changes = [
        (
            one,
            say(f"control.change.{one.what}", lang, role=role_title(one.role, lang)),
            _place(one, programmes, sites, lang) if one.programme else "",
        )
        for one in RoleChange.objects.filter(
            Q(programme="") | Q(programme__in=_programmes(reader)), user=found
        ).order_by("-at", "-pk")[:50]
    ]
    return render(
        request,
        "control/user.html",
        {
            "one": found,
            "held": held,
            "programmes": [(name, of.title.in_(lang)) for name, of in programmes_of(reader).items()],
            "programme": asked.programme,
            "fields": ask_fields(reader, asked, errors, sites, lang),
            "problem": errors.get("", ""),
            "own": found.pk == reader.user.pk,
            "whole": _whole(reader, found),
            "word": word,
            "changes": changes,
        },
        status=422 if errors else 200,
    )


def _programmes(reader: Reader) -> set[str]:
    return {one.programme for one, _ in rights(reader, "administer", "users")}


def _mine(reader: Reader) -> QuerySet[Membership]:
    """The memberships the reader may give and end."""
    return Membership.objects.filter(programme__in=_programmes(reader))


def _visible(reader: Reader) -> QuerySet[User]:
    """The users with a role in the reader's programmes, and those with none anywhere."""
    held = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(_mine(reader).filter(user=OuterRef("pk"))) | ~Exists(held))


def _whole(reader: Reader, found: User) -> bool:
    """Whether all the user may do is in the reader's programmes: who holds a password holds all of it."""
    return not Membership.objects.filter(user=found).exclude(programme__in=_programmes(reader)).exists()


def _places(
    user: User,
    reader: Reader,
    programmes: Mapping[str, Any],
    sites: Mapping[tuple[str, str], str],
    lang: Lang,
) -> list[tuple[str, str]]:
    mine = _programmes(reader)
    held = [one for one in user.memberships.all() if one.programme in mine]
    return [(role_title(one.role, lang), _place(one, programmes, sites, lang)) for one in held]


def _place(
    one: Membership | RoleChange,
    programmes: Mapping[str, Any],
    sites: Mapping[tuple[str, str], str],
    lang: Lang,
) -> str:
    of = programmes.get(one.programme)
    said = [of.title.in_(lang) if of else one.programme]
    if one.site:
        known = {one.site: sites.get((one.programme, one.site), one.site)}
        said.append(site_title(of, one.site, lang, known) if of else one.site)
    elif one.role != "citizen":
        said.append(say("account.everywhere", lang))
    if one.function:
        said.append(value_title(of, "assigned", "role", one.function, {}, lang) if of else one.function)
    return " · ".join(said)


def _select(name: str, value: str, options: list[tuple[str, str]], lang: Lang) -> dict[str, Any]:
    label = say(f"control.users.{name}", lang)
    return {"name": name, "kind": "select", "label": label, "options": options, "value": value, "empty": ""}


def _word() -> str:
    """A word that can be read aloud and is worth 51 bits: four parts of four letters."""
    parts = (
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2)) for _ in range(4)
    )
    return "-".join(parts)


urlpatterns: list[URLPattern] = [
    path("brugere/", users, name="users"),
    path("brugere/ny/", user_new, name="user-new"),
    path("brugere/<int:pk>/", user, name="user"),
]
