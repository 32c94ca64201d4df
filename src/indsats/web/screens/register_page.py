"""The page of a form: its fields as the look shows them, what stands around them, and where one goes afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from indsats.language import Lang, day, local
from indsats.programme import Programme
from indsats.workdays import Meant

from .. import clock
from ..look import language
from ..models import Case, Draft, Fact
from ..parts import Kind, Wrong
from ..rights import ReaderRequest, read
from ..words import say
from .case_panels import age_on
from .case_rights import allowed
from .case_words import clock_time, fact_key, headline, kind_title, names_of, workers_in
from .forms import Field, Form, Values
from .forms_reading import Refusals
from .register_carried import Renewed
from .register_follow_up import FollowUp
from .register_stale import GoneFact, Newer

_KINDS: Mapping[str, Kind] = {
    "select": "select",
    "radio": "radio",
    "checks": "checkboxes",
    "text": "text",
    "area": "textarea",
    "number": "number",
    "date": "date",
}
_NOT_SENT = (
    "csrfmiddlewaretoken",
    "choose",
    "days",
    "what",
    "nonce",
    "revision",
    "version",
    "next",
    "shown",
    "chosen",
)


class Page:
    """A form being shown to somebody: the request, the case, the kind and, when correcting, the fact."""

    def __init__(
        self,
        request: ReaderRequest,
        case: Case,
        programme: Programme,
        *,
        kind: str = "",
        fact: Fact | None = None,
    ) -> None:
        """Keep what the page is about."""
        self.request = request
        self.case = case
        self.programme = programme
        self.kind = kind
        self.fact = fact
        self.lang: Lang = language(request)
        self.draft: Draft | None = None
        self.version = fact.version if fact is not None else None
        self.anew = False
        """Whether sending the form shown is another registration than sending it was before."""
        self.follow_up: FollowUp | None = None
        self.days: Sequence[Meant] = ()
        """The days of the follow-up plan, once they were asked for."""
        self.renewed: Renewed | None = None
        self._names: dict[str, str] = {}

    def context(self) -> dict[str, Any]:
        """What every page about a case has at its top."""
        return {
            "case": self.case,
            "person": self.case.person,
            "age": age_on(self.case.person.birth_date, clock.today()),
            "next": back_to(self.request, self.case),
        }

    def shown(
        self,
        form: Form,
        values: Values,
        *,
        errors: Refusals | None = None,
        since: Sequence[str] = (),
        newer: Newer | None = None,
        gone: GoneFact | None = None,
        notice: str = "",
        part: bool = False,
    ) -> HttpResponse:
        """The form with what stands in it and what is to be said about it; ``part``: only what the choice changes."""
        errors = errors or {}
        fields = [(one, self._field(one, values, errors)) for one in form.fields]
        chooser = self._chooser(form, errors) if form.chooser is not None else None
        follow = self.follow_up.fields(values, errors) if self.follow_up is not None else []
        listed = [Wrong(text) for text in errors.get("", ())]
        listed += [shown for shown in (*(shown for _, shown in fields), *follow) if shown["errors"]]
        said = {
            **self.context(),
            "form": form,
            "title": self._title(form),
            "chooser": chooser,
            "first": [shown for one, shown in fields if not one.more],
            "more": [shown for one, shown in fields if one.more],
            "more_open": form.open or any(shown["errors"] for one, shown in fields if one.more),
            "follow": follow,
            "days": self.follow_up.told(self.days) if self.follow_up is not None else [],
            "agenda": self.follow_up.agenda(values) if self.follow_up is not None and self.days else None,
            "renewed": self.line(self.renewed.of) if self.renewed is not None else "",
            "chosen": form.chosen or "",
            "ready": form.chooser is None or form.chosen is not None,
            "errors": [*listed, *([chooser] if chooser is not None and chooser["errors"] else [])],
            "since": since,
            "newer": newer,
            "gone": gone,
            "notice": notice,
            "draft": self.draft,
            "draft_at": self._at(self.draft.changed) if self.draft is not None else None,
            "draft_key": self.draft_key(),
            "fact": self.fact,
            "fact_key": fact_key(self.fact.fact) if self.fact is not None else "",
            "version": self.version,
            "nonce": self._nonce(),
            "revision": self.case.person.revision,
            "may_withdraw": self.fact is not None
            and self.kind in allowed(self.request.reader, self.case)["withdraw"],
        }
        what = "renew" if self.renewed is not None else "register" if self.fact is None else "correct"
        read(self.request.reader, what, [self.case])
        template = "register/part.html" if part else "register/form.html"
        return render(self.request, template, said, status=422 if errors else 200)

    def withdrawing(self, reason: str, errors: Refusals) -> dict[str, Any]:
        """What the page of a withdrawal shows."""
        assert self.fact is not None  # noqa: S101 - a withdrawal is about a fact
        field = {
            "name": "reason",
            "label": say("register.withdraw.reason", self.lang),
            "kind": "text",
            "value": reason,
            "errors": errors.get("reason", []),
            "attrs": {"maxlength": 200},
        }
        return {
            **self.context(),
            "what": self.line(self.fact),
            "day": day(self.fact.occurred_from, self.lang),
            "field": field,
            "errors": [*(Wrong(text) for text in errors.get("", ())), *([field] if field["errors"] else [])],
            "version": self.fact.version,
        }

    def line(self, fact: Fact) -> str:
        """A fact at its shortest, with its day."""
        self._names |= names_of(workers_in([fact]) - set(self._names))
        told = headline(fact, self.programme, self.lang, self._names)
        return f"{told}, {day(fact.occurred_from, self.lang)}"

    def name(self, worker: str) -> str:
        """What somebody who recorded a fact is called."""
        if worker not in self._names:
            self._names |= names_of([worker])
        return self._names.get(worker, worker)

    def at(self, fact: Fact) -> dict[str, str]:
        """The day and the time a version was recorded."""
        return self._at(fact.recorded_at)

    def day(self, iso: str) -> str:
        """A day of a date field in words."""
        try:
            return day(date.fromisoformat(iso), self.lang)
        except ValueError:
            return iso

    def _at(self, at: Any) -> dict[str, str]:
        return {"day": day(local(at).date(), self.lang), "time": clock_time(at)}

    def _title(self, form: Form) -> str:
        kind = kind_title(form.kind, self.lang)
        if self.renewed is not None:
            return say(f"hours.renew.{form.kind}", self.lang)
        if self.fact is None:
            return say("register.title", self.lang, kind=kind)
        if self.fact.payload.get("outcome") == "planned" and self.fact.occurred_from <= clock.today():
            return say("register.title.result", self.lang)
        return say("register.title.correct", self.lang, kind=kind)

    def draft_key(self) -> str:
        """What the browser keeps an unsent draft under: the reader, the case and the form."""
        fact = fact_key(self.fact.fact) if self.fact is not None else ""
        return f"{self.request.reader.user.pk}/{self.case.public}/{self.kind}/{fact}"

    def _nonce(self) -> str:
        """What makes sending the form twice one registration: new when it is opened, kept when it is shown again."""
        sent = self.request.POST.get("nonce", "")
        return sent if len(sent) == 20 and not self.anew else secrets.token_hex(10)

    def _field(self, one: Field, values: Values, errors: Refusals) -> dict[str, Any]:
        said = list(values.get(one.name, ()))
        shown: dict[str, Any] = {
            "name": one.name,
            "label": one.label,
            "kind": _KINDS[one.widget],
            "value": said if one.widget == "checks" else (said[-1] if said else ""),
            "hint": (self.renewed.hint(one.name, said) if self.renewed is not None else "") or one.hint,
            "errors": errors.get(one.name, []),
            "required": one.required,
        }
        if one.widget in ("select", "radio", "checks"):
            shown["options"] = self._options(one, said)
        if one.widget == "select" and not one.required:
            shown["empty"] = next(
                (title for value, title in one.options if not value), say("register.not_stated", self.lang)
            )
        if one.widget == "radio":
            shown["in_line"] = max(len(title) for _, title in one.options) < 30
        if one.widget == "number":
            shown["width"] = "short"
        if one.suggestions:
            shown["suggestions"] = one.suggestions
        if one.again:
            shown["attrs"] = {"hx-post": self.request.path, **_AGAIN}
        return shown

    def _options(self, one: Field, said: Sequence[str]) -> list[tuple[str, str]]:
        """What can be chosen, and what stands there already although it is no longer among them."""
        options = [option for option in one.options if option[0] or one.widget == "radio"]
        known = {value for value, _ in options}
        return [*options, *((text, text) for text in said if text and text not in known)]

    def _chooser(self, form: Form, errors: Refusals) -> dict[str, Any]:
        assert form.chooser is not None  # noqa: S101 - asked for only where there is one
        return {
            "name": "what",
            "label": form.chooser.label,
            "kind": "select",
            "value": form.chosen or "",
            "options": list(form.chooser.options),
            "errors": errors.get(form.chooser.name, []),
            "required": True,
            "attrs": {"hx-post": self.request.path, **_AGAIN, **({} if form.chosen else {"autofocus": True})},
        }


_AGAIN = {
    "hx-include": "#fill",
    "hx-vals": '{"choose": "1"}',
    "hx-target": "#fields",
    "hx-swap": "outerHTML",
    "hx-trigger": "change",
    "hx-sync": "this:replace",
}
"""What a field does that the rest of the form depends on: the fields come anew, with what stands in them."""


def sent_values(request: ReaderRequest) -> dict[str, list[str]]:
    """What was sent in the fields of a form."""
    return {name: list(texts) for name, texts in request.POST.lists() if name not in _NOT_SENT}


def back_to(request: ReaderRequest, case: Case) -> str:
    """Where one goes afterwards: an address of this server that was asked for, else the case, with the place in the
    queue it was opened from where the form was opened from there."""
    asked = str(request.POST.get("next") or request.GET.get("next") or "")
    here = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    if here and asked.startswith("/"):
        return asked
    home = reverse("case", args=[case.public])
    came = urlsplit(request.headers.get("Referer", ""))
    return f"{home}?{came.query}" if came.path == home and came.query.startswith("koe=") else home


def saved(page: Page, message: str) -> HttpResponse:
    """On to the next page, with what was saved in words; the browser is told which of its own drafts is done."""
    messages.success(page.request, message)
    answer = HttpResponseRedirect(back_to(page.request, page.case))
    answer.set_cookie(
        "saved", page.draft_key(), max_age=3600, samesite="Lax", secure=page.request.is_secure()
    )
    return answer
