"""Signing in and out, the language, one's own account, and the help page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from indsats.language import LANGUAGES, Lang
from indsats.steer import QUEUES

from .. import attempts
from ..look import COOKIE, language
from ..models import Site, User
from ..parts import STATES
from ..programmes import served
from ..rights import ROLES, Reader, ReaderRequest, may, signed_in
from ..words import say
from .case_words import site_title, value_title
from .rights_words import by_role, lines, role_title

_YEAR = 365 * 24 * 60 * 60


class SignIn(forms.Form):
    """User name and password."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=200, strip=False, widget=forms.PasswordInput)


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; after too many failures, wait. Leads to the page asked for, or to the one the role begins with."""
    reader: Reader | None = getattr(request, "reader", None)
    if reader is not None:
        return redirect(home(reader))
    there = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        return render(request, "account/sign_in.html", {"form": SignIn(), "next": there})
    form = SignIn(request.POST)
    name = form.data.get("username", "").strip()[:150]
    keys = attempts.counted_by(request, name)
    if attempts.must_wait(keys):
        return render(
            request, "account/sign_in.html", {"form": form, "next": there, "wait": True}, status=429
        )
    user = authenticate(request, **form.cleaned_data) if form.is_valid() else None
    if not isinstance(user, User):
        attempts.failed(keys)
        form.add_error(None, "")
        return render(request, "account/sign_in.html", {"form": form, "next": there}, status=422)
    login(request, user)
    answer = redirect(there if _is_ours(request, there) else home(Reader.of(user)))
    attempts.succeeded(request, answer, user.username)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; what the browser has kept of pages and drafts goes with it."""
    reader: Reader | None = getattr(request, "reader", None)
    by_link = reader is not None and reader.by_link
    logout(request)
    if by_link:
        messages.success(request, say("link.out", language(request)))
    answer = redirect("link-code" if by_link else "sign-in")
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language from now on, beginning with the one shown."""
    there = request.POST.get("next", "")
    answer = redirect(there if _is_ours(request, there) else "/")
    said = request.POST.get("lang")
    if said in LANGUAGES:
        answer.set_cookie(COOKIE, said, max_age=_YEAR, samesite="Lax")
    return answer


def _is_ours(request: HttpRequest, there: str) -> bool:
    """Whether an address is one of this server's pages: nobody is sent elsewhere by a link to here."""
    return there.startswith("/") and url_has_allowed_host_and_scheme(
        there, {request.get_host()}, require_https=request.is_secure()
    )


def home(reader: Reader) -> str:
    """The address of the page a reader begins with: what their roles let them do there."""
    if reader.user.once:
        return reverse("account")
    if may(reader, "register", "meeting"):
        return reverse("day")
    if may(reader, "steer", "figures"):
        return reverse("barometer")
    if may(reader, "administer", "users"):
        return reverse("users")
    return reverse("mine" if may(reader, "see", "mine") else "account")


@sensitive_post_parameters("old", "new", "again")
@signed_in
def account(request: ReaderRequest) -> HttpResponse:
    """One's own account: what one may do, the password, and the short cuts."""
    user, lang = request.reader.user, language(request)
    errors: dict[str, str] = {}
    if request.method == "POST" and "keys" in request.POST.get("do", ""):
        user.keys = request.POST.get("on") == "on"
        user.save(update_fields=["keys"])
        messages.success(request, say(f"account.keys.{'on' if user.keys else 'off'}.done", lang))
        return redirect("account")
    if request.method == "POST":
        errors = _new_word(user, request.POST, lang)
        if not errors:
            first = user.once
            user.set_password(request.POST["new"])
            user.once = False
            user.save(update_fields=["password", "once"])
            update_session_auth_hash(request, user)
            messages.success(request, say("account.word.done", lang))
            return redirect(home(Reader.of(user)) if first else "account")
    return render(
        request,
        "account/account.html",
        {"held": _held(request.reader, lang), "fields": _word_fields(errors, lang), "errors": errors},
        status=422 if errors else 200,
    )


def _new_word(user: User, given: Any, lang: Lang) -> dict[str, str]:
    """What is wrong with the password somebody chose, by field."""
    old, new, again = (given.get(name, "") for name in ("old", "new", "again"))
    errors = {
        name: say("account.word.missing", lang)
        for name, said in zip(("old", "new", "again"), (old, new, again), strict=True)
        if not said
    }
    if not errors and not user.check_password(old):
        errors["old"] = say("account.word.wrong", lang)
    if not errors and new != again:
        errors["again"] = say("account.word.differ", lang)
    if not errors:
        try:
            validate_password(new, user)
        except ValidationError as wrong:
            codes = {one.code for one in wrong.error_list or ()}
            errors["new"] = say(
                f"account.word.{'short' if 'password_too_short' in codes else 'common'}", lang
            )
    return errors


def _word_fields(errors: dict[str, str], lang: Lang) -> list[dict[str, Any]]:
    kept = {"old": "current-password", "new": "new-password", "again": "new-password"}
    return [
        {
            "name": name,
            "kind": "password",
            "label": say(f"account.word.{name}", lang),
            "hint": say("account.word.new.hint", lang) if name == "new" else "",
            "error": errors.get(name, ""),
            "attrs": {"autocomplete": keep},
        }
        for name, keep in kept.items()
    ]


def _held(reader: Reader, lang: Lang) -> list[dict[str, Any]]:
    """The reader's roles: where each is held, and what it lets them do."""
    programmes = served()
    names = dict(Site.objects.filter(programme__in=reader.programmes).values_list("key", "name"))
    found = []
    for role, held in by_role(reader.memberships).items():
        places = []
        for one in held:
            of = programmes.get(one.programme)
            title = of.title.in_(lang) if of else one.programme
            site = say("account.everywhere", lang)
            if one.site is not None:
                site = site_title(of, one.site, lang, names) if of else one.site
            function = (
                value_title(of, "assigned", "role", one.function, {}, lang) if of and one.function else ""
            )
            places.append(
                {"programme": title, "site": "" if role == "citizen" else site, "function": function}
            )
        found.append({"title": role_title(role, lang), "places": places, "lines": lines(role, lang)})
    return found


def help_page(request: HttpRequest) -> HttpResponse:
    """Keys, signs, queues and words on one page; for everybody, signed in or not."""
    return render(
        request,
        "account/help.html",
        {"queues": QUEUES.values(), "states": list(STATES), "roles": list(ROLES.values())},
    )


urlpatterns: list[URLPattern] = [
    path("log-ind/", sign_in, name="sign-in"),
    path("log-ud/", sign_out, name="sign-out"),
    path("sprog/", change_language, name="language"),
    path("konto/", account, name="account"),
    path("hjaelp/", help_page, name="help"),
]
