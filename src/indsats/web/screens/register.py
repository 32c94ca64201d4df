"""Registering, correcting and withdrawing facts: one small form made from the kind and the definition."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indsats.language import Lang
from indsats.problem import InputRefused
from indsats.record import KINDS

from .. import assigning, clock, record
from ..models import Case, Fact
from ..programmes import programme as definition
from ..rights import ReaderRequest, found_case, read, require, screen
from ..words import say
from .case import offered
from .case_facts import facts_of
from .case_rights import allowed
from .case_words import fact_key
from .forms import Around, Form, Values, form_of
from .forms_reading import Refusals, changes_of, in_words, not_offered, read_values, same, shown_values
from .mine_meetings import asked_anew
from .register_around import around_of, defaults
from .register_drafts import draft, draft_of, drop_draft
from .register_follow_up import Planned, follow_up_of, same_plan
from .register_from import begun
from .register_page import Page, saved, sent_values
from .register_stale import Newer, gone, merged, said_since
from .whole import whole

_NONCE = re.compile(r"^[0-9a-f]{20}$")


@screen("see", "case")
def menu(request: ReaderRequest, public: str) -> HttpResponse:
    """The kinds of facts that can be registered in a case."""
    case = found_case(request.reader, public)
    page = Page(request, case, definition(case.programme))
    read(request.reader, "register", [case])
    kinds = offered(case, page.programme, allowed(request.reader, case)["register"], page.lang)
    return render(request, "register/menu.html", {**page.context(), "kinds": kinds})


@screen("see", "case")
def register(request: ReaderRequest, public: str, kind: str) -> HttpResponse:
    """The form of a kind: shown, filled in by what is chosen first, or registered."""
    if kind not in KINDS or not KINDS[kind].needs_person:
        raise Http404
    case = found_case(request.reader, public, "register", kind)
    require(request.reader, "see", "case", case)
    page = Page(request, case, definition(case.programme), kind=kind)
    if not offered(case, page.programme, {kind}, page.lang):
        raise Http404
    around = around_of(request.reader, case, page.programme, kind, page.lang)
    taken = begun(request, case, page.programme, kind, page.lang)
    return filled(page, around, lambda asked: defaults(kind, around, page.programme, asked) | taken)


Start = Callable[[Mapping[str, Any]], dict[str, list[str]]]
"""What stands in a new form, after what an address brings."""


def filled(page: Page, around: Around, start: Start, chosen: str | None = None) -> HttpResponse:
    """The form of a new fact: shown with ``start`` and what is ``chosen``, or what was sent is registered."""
    request, case, kind = page.request, page.case, page.kind
    page.follow_up = follow_up_of(request.reader, case, page.programme, kind, page.lang)
    if request.method != "POST":
        values = start(request.GET)
        page.draft = draft_of(request.reader, case, kind, "")
        chosen = request.GET.get("what") or chosen
        if page.draft is not None and "draft" in request.GET:
            values = {**values, **page.draft.values}
            chosen = page.draft.values.get("chosen", [chosen])[-1]
            page.draft = None
        form = form_of(kind, page.programme, around, page.lang, chosen=chosen, values=values)
        return page.shown(form, values)
    sent = sent_values(request)
    chosen = request.POST.get("what" if "choose" in request.POST else "chosen")
    form = form_of(kind, page.programme, around, page.lang, chosen=chosen, values=sent)
    if "choose" in request.POST or (form.chooser is not None and form.chosen is None):
        values = {**start({}), **sent}
        form = form_of(kind, page.programme, around, page.lang, chosen=chosen, values=values)
        return page.shown(form, values, part="HX-Request" in request.headers)
    if form.edition is not None and request.POST.get("shown") not in (None, form.edition):
        return page.shown(form, sent, notice=say("register.edition.other", page.lang))
    return _registered(page, form, sent)


def _registered(page: Page, form: Form, sent: Values) -> HttpResponse:
    """Register what was sent, or show the form again with why not."""
    request, case, kind, lang = page.request, page.case, form.kind, page.lang
    values = read_values(form, sent)
    model = KINDS[kind]
    if kind == "enrolled":
        values["enrolment"] = f"e-{secrets.token_hex(8)}"
    elif kind not in ("drawn", "excluded", "visitation"):
        values["enrolment"] = case.enrolment or None
    if strange := not_offered(form, values):
        return page.shown(form, sent, errors=in_words(strange, form, page.programme, lang))
    values.setdefault("site", case.site)
    follow_up = page.follow_up
    planned = follow_up.read(sent, values) if follow_up is not None else Planned()
    if planned.errors:
        return page.shown(form, sent, errors=planned.errors)
    if "days" in request.POST:
        page.days = planned.days
        return page.shown(form, sent)
    beside = None
    if follow_up is not None:
        of = {name: values.get(name) for name in ("enrolment", "site")}
        beside = follow_up.beside(planned.days, sent, of)
    if above := _above(case, kind, values, lang):
        return page.shown(form, sent, errors=above)
    nonce = request.POST.get("nonce", "")
    revision: int | None = whole(request.POST.get("revision"))
    begun = clock.now()
    for _ in range(2):
        try:
            fact = record.register(
                request.reader.name,
                case.programme,
                kind,
                values,
                person=case.person if model.needs_person else None,
                revision=revision,
                nonce=nonce if _NONCE.match(nonce) else None,
                beside=beside,
            )
        except InputRefused as refused:
            errors = in_words(refused.problems, form, page.programme, lang)
            if follow_up is not None:
                errors = follow_up.refused(refused.problems) or errors
            return page.shown(form, sent, errors=errors)
        except record.Stale as stale:
            others = [one for one in stale.since if one.recorded_by != request.reader.name]
            if others:
                since = said_since(others, page)
                return page.shown(form, sent, since=since)
            # only other programmes, or the reader, have written since: nothing to be warned about
            revision = None
            continue
        if not _of(fact, case) or fact.recorded_by != request.reader.name:
            raise Http404
        again = same(fact, form, values, lang) and same_plan(fact, planned.days) and _stands(fact)
        if fact.recorded_at < begun and not again:
            # gone back to the form and filled in anew: what was written first stays, what stands there now is not lost
            page.anew = True
            return page.shown(form, sent, since=said_since([fact], page))
        drop_draft(request.reader, case, kind, "")
        done = follow_up.done(planned.days) if follow_up is not None else ""
        return saved(page, " ".join([say("register.saved", lang, what=page.line(fact)), done]).strip())
    return page.shown(form, sent, errors={"": [say("register.stale.busy", lang)]})


@screen("see", "case")
def correct(request: ReaderRequest, public: str, fact: str) -> HttpResponse:
    """The form of a fact there is: shown with what it says, or written as its next version."""
    case, old = found_fact(request, public, fact, "correct")
    page = Page(request, case, definition(case.programme), kind=old.kind, fact=old)
    around = around_of(request.reader, case, page.programme, old.kind, page.lang)
    kept = frozenset({"occurred_to"}) if old.occurred_to is not None else frozenset()

    def made(of: Fact, values: Values, chosen: str | None = None) -> Form:
        chooser = _chooser_of(of)
        return form_of(
            of.kind,
            page.programme,
            around,
            page.lang,
            chosen=chosen or of.payload.get(chooser),
            values=values,
            kept=kept,
        )

    if old.replaced_at is not None and request.method != "POST":
        raise Http404
    if request.method != "POST":
        values = _with_result(shown_values(old, page.lang), old)
        page.draft = draft_of(request.reader, case, old.kind, old.fact)
        chosen = None
        if page.draft is not None and "draft" in request.GET:
            values = {**values, **page.draft.values}
            chosen = page.draft.values.get("chosen", [None])[-1]
            page.version = whole(page.draft.values.get("version", [""])[-1]) or old.version
            page.draft = None
        return page.shown(made(old, values, chosen), values)
    sent = sent_values(request)
    page.version = whole(request.POST.get("version")) or old.version
    if "choose" in request.POST:
        values = {**shown_values(old, page.lang), **sent}
        form = made(old, values, request.POST.get("what"))
        return page.shown(form, values, part="HX-Request" in request.headers)
    form = made(old, sent, request.POST.get("chosen"))
    if form.edition is not None and request.POST.get("shown") not in (None, form.edition):
        return page.shown(form, sent, notice=say("register.edition.other", page.lang))
    return _corrected(page, form, sent, old)


def _corrected(page: Page, form: Form, sent: Values, old: Fact) -> HttpResponse:
    """Write the next version of a fact, or show the form again with why not."""
    request, lang = page.request, page.lang
    base = _version(old, page.version) or old
    values = read_values(form, sent)
    changes = changes_of(base, values, lang)
    if not changes:
        drop_draft(request.reader, page.case, old.kind, old.fact)
        return saved(page, say("register.unchanged", lang))
    if old.replaced_at is not None:
        return page.shown(form, sent, gone=gone(old, page))
    if strange := not_offered(form, changes, old):
        return page.shown(form, sent, errors=in_words(strange, form, page.programme, lang))
    if above := _above(page.case, old.kind, values if {"role", "worker"} & changes.keys() else {}, lang):
        return page.shown(form, sent, errors=above)
    try:
        anew = {**changes, **asked_anew(base, changes)}
        fact = record.correct(request.reader.name, old, anew, version=page.version)
    except InputRefused as refused:
        return page.shown(form, sent, errors=in_words(refused.problems, form, page.programme, lang))
    except record.Stale as stale:
        newest = stale.since[-1] if stale.since else None
        if newest is None:
            return page.shown(form, sent, errors={"": [say("register.stale.busy", lang)]})
        if newest.replaced_at is not None:
            return page.shown(form, sent, gone=gone(newest, page))
        if newest.recorded_by == request.reader.name and not changes_of(newest, values, lang):
            return saved(page, say("register.corrected", lang, what=page.line(newest)))
        newer: Newer = merged(base, newest, form, sent, page)
        page.version = newest.version
        return page.shown(form, newer.values, newer=newer)
    drop_draft(request.reader, page.case, old.kind, old.fact)
    return saved(page, say("register.corrected", lang, what=page.line(fact)))


@screen("see", "case")
def withdraw(request: ReaderRequest, public: str, fact: str) -> HttpResponse:
    """Take back a fact that never was true, with a reason."""
    case, old = found_fact(request, public, fact, "withdraw")
    page = Page(request, case, definition(case.programme), kind=old.kind, fact=old)
    mine = old.recorded_by == request.reader.name
    if old.replaced_at is not None and not (mine and request.method == "POST"):
        raise Http404
    reason = request.POST.get("reason", "").strip()
    errors: Refusals = {}
    if request.method == "POST" and old.replaced_at is not None:  # sent twice
        return saved(page, say("register.withdrawn", page.lang, what=page.line(old)))
    if request.method == "POST" and not reason:
        errors = {"reason": [say("register.withdraw.reason.missing", page.lang)]}
    elif request.method == "POST":
        version = whole(request.POST.get("version")) or old.version
        try:
            record.withdraw(request.reader.name, old, reason=reason[:200], version=version)
        except InputRefused as refused:
            form = Form(old.kind, ())
            errors = in_words(refused.problems, form, page.programme, page.lang)
        except record.Stale as stale:
            page.fact = stale.since[-1] if stale.since else old
            by = page.name(page.fact.recorded_by)
            at = page.at(page.fact)
            errors = {"": [say("register.newer", page.lang, by=by, **at)]}
        else:
            drop_draft(request.reader, case, old.kind, old.fact)
            return saved(page, say("register.withdrawn", page.lang, what=page.line(old)))
    read(request.reader, "withdraw", [case])
    return render(request, "register/withdraw.html", page.withdrawing(reason, errors))


def found_fact(request: ReaderRequest, public: str, key: str, action: Any) -> tuple[Case, Fact]:
    """The case and the last version of a fact in it that the reader may do ``action`` to; Http404 elsewhere."""
    case = found_case(request.reader, public)
    facts = facts_of(request.reader, case, action)
    if key.startswith("~"):
        ids = {one for one in facts.values_list("fact", flat=True) if fact_key(one) == key}
        facts = facts.filter(fact__in=ids)
    else:
        facts = facts.filter(fact=key)
    last = facts.select_related("person__merged_into").order_by("-version").first()
    if last is None:
        raise Http404
    require(request.reader, action, last.kind, case)
    return case, last


def _above(case: Case, kind: str, values: Mapping[str, str | None], lang: Lang) -> Refusals:
    """Why a worker cannot be made responsible here: they have as many as they may, and no reason is asked for."""
    role, worker, since = (values.get(name) or "" for name in ("role", "worker", "occurred_from"))
    if kind != "assigned" or not (role and worker):
        return {}
    try:
        until = values.get("occurred_to")
        days = date.fromisoformat(since), date.fromisoformat(until) if until else None
    except ValueError:  # the record says what is wrong with it
        return {}
    load = assigning.too_many(case, role, worker, *days)
    if load is None:
        return {}
    said = say("register.above", lang, worker=load.name, now=load.weighted, ceiling=load.ceiling or 0.0)
    return {"worker": [said]}


def _stands(fact: Fact) -> bool:
    """Whether a fact has not been withdrawn."""
    return Fact.objects.filter(programme=fact.programme, fact=fact.fact, replaced_at=None).exists()


def _of(fact: Fact, case: Case) -> bool:
    """Whether a fact is about the person of a case, or somebody merged into them."""
    person = fact.person
    return person is not None and case.person_id in (person.pk, person.merged_into_id)


def _version(fact: Fact, version: int | None) -> Fact | None:
    if version is None or version == fact.version:
        return fact
    return Fact.objects.filter(programme=fact.programme, fact=fact.fact, version=version).first()


def _with_result(values: dict[str, list[str]], fact: Fact) -> dict[str, list[str]]:
    """An appointment whose day has come is opened as held: that is what mostly is registered."""
    planned = KINDS[fact.kind].starts_ahead and values.get("outcome") == ["planned"]
    if planned and fact.occurred_from <= clock.today():
        return {**values, "outcome": ["held"]}
    return values


def _chooser_of(fact: Fact) -> str:
    from .forms import CHOOSERS

    return CHOOSERS.get(fact.kind, "")


urlpatterns: list[URLPattern] = [
    path("sager/<str:public>/ny/", menu, name="register-menu"),
    path("sager/<str:public>/ny/<str:kind>/", register, name="register"),
    path("sager/<str:public>/ret/<str:fact>/", correct, name="correct"),
    path("sager/<str:public>/ret/<str:fact>/tilbagekald/", withdraw, name="withdraw"),
    path("sager/<str:public>/kladde/", draft, name="draft"),
]
