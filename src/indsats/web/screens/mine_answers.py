"""A citizen answers a questionnaire on their own page: all of it at once, or one question at a time in plain words."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from indsats.language import Lang
from indsats.problem import InputRefused
from indsats.programme import Programme, Text

from .. import clock, record
from ..look import language
from ..models import Case, Draft, Fact, Person
from ..parts import Wrong
from ..programmes import programme as definition
from ..rights import ReaderRequest, found_case, read, scope, screen
from ..words import say
from .case_words import ANSWER
from .forms import Around, Field, Form, Option, form_of
from .forms_questions import edition_on
from .forms_reading import in_words, read_values
from .mine_asked import Asked, asked_now, has_easy, settled
from .register_drafts import KEPT
from .whole import whole

KIND = "questionnaire_answered"

_NONCE = re.compile(r"^[0-9a-f]{20}$")
_SKIPPED = "-"
"""What the draft keeps of a question that was passed over, so that one does not come back to it by oneself."""

Said = dict[str, list[str]]


@screen("answer", KIND)
def answer(request: ReaderRequest, public: str, asked: str) -> HttpResponse:
    """The questionnaire, where a round of it is open for the citizen; else back to their page, which says so."""
    case = found_case(request.reader, public, "answer", KIND)
    programme = definition(case.programme)
    now = asked_now(case, programme, asked)
    if now is None:
        return _closed(request)
    read(request.reader, "mine-answer", [case])
    page = _Page(request, case, programme, now)
    easy = request.POST.get("easy") if request.method == "POST" else request.GET.get("let", page.kept_easy)
    if easy == "1":
        return _step_sent(page) if request.method == "POST" else _step(page)
    return _whole_sent(page) if request.method == "POST" else _whole(page, page.said)


class _Page:
    """The questionnaire as this citizen has it: the round, and what they have said so far."""

    def __init__(self, request: ReaderRequest, case: Case, programme: Programme, asked: Asked) -> None:
        self.request = request
        self.case = case
        self.programme = programme
        self.asked = asked
        self.lang: Lang = language(request)
        drafts = scope(request.reader, Draft, "answer", KIND).filter(
            case=case, kind=KIND, fact=asked.name, changed__gte=clock.now() - KEPT
        )
        kept = drafts.first()
        # what was begun in an earlier round is no answer to this one
        same = kept is not None and kept.values.get("wave") == [asked.wave or ""]
        self.draft: Said = dict(kept.values) if kept is not None and same else {}
        self.said = {name: texts for name, texts in self.draft.items() if name.startswith(ANSWER)}
        self.kept_easy = (self.draft.get("easy") or [""])[-1]

    @property
    def address(self) -> str:
        """Where the questionnaire is answered."""
        return reverse("mine-answer", args=[self.case.public, self.asked.name])

    def step(self, number: int) -> str:
        """The address of a step."""
        return f"{self.address}?{urlencode({'let': 1, 'trin': number})}"

    @property
    def nonce(self) -> str:
        """What makes sending the answers twice one registration."""
        sent = self.request.POST.get("nonce") or (self.draft.get("nonce") or [""])[-1]
        return sent if _NONCE.match(sent) else secrets.token_hex(10)

    @property
    def written_as(self) -> str:
        """What the answers are written under. Whatever was sent as ``nonce``, it is this citizen's and this round's."""
        asked = self.asked
        of = (self.request.reader.user.pk, self.case.pk, asked.name, asked.wave, asked.due, self.nonce)
        return sha256(repr(of).encode()).hexdigest()[:20]

    def form(self, said: Mapping[str, Sequence[str]]) -> Form:
        """The same form a caseworker fills in, after the answers given so far."""
        case = self.case
        around = Around(
            case.enrolment or None, case.service, case.site, clock.today(), self.request.reader.name
        )
        return form_of(
            KIND, self.programme, around, self.lang, chosen=self.asked.name, values=self.values(said)
        )

    def values(self, said: Mapping[str, Sequence[str]]) -> Said:
        """The fields of the form: who answers, when and which round are not the citizen's to say."""
        answers = {
            name: [text for text in texts if text != _SKIPPED]
            for name, texts in said.items()
            if name.startswith(ANSWER)
        }
        return {
            **answers,
            "rater": [self.asked.rater],
            "occurred_from": [clock.today().isoformat()],
            "wave": [self.asked.wave] if self.asked.wave else [],
        }

    def keep(self, said: Mapping[str, Sequence[str]], easy: str) -> None:
        """Keep what has been answered, so that a closed window or a lost connection loses nothing."""
        values = {
            **{name: list(texts) for name, texts in said.items()},
            "wave": [self.asked.wave or ""],
            "nonce": [self.nonce],
            "easy": [easy],
        }
        Draft.objects.update_or_create(
            user=self.request.reader.user, case=self.case, kind=KIND, fact=self.asked.name,
            defaults={"values": values, "changed": clock.now()},
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        """What every page of the questionnaire shows."""
        asked = self.programme.questionnaires[self.asked.name]
        return {"title": asked.title.in_(self.lang), "address": self.address, "nonce": self.nonce}

    def register(self, said: Mapping[str, Sequence[str]]) -> HttpResponse | list[str]:
        """Register the answers as the caseworker's form does, and go back; or why that could not be."""
        form, case = self.form(said), self.case
        values: dict[str, Any] = read_values(form, self.values(said))
        values |= {"enrolment": case.enrolment or None, "site": case.site}
        revision = case.person.revision  # read before it was asked whether the round is open
        for nonce in (self.written_as, None, None):
            try:
                fact = record.register(
                    self.request.reader.name, case.programme, KIND, values, person=case.person,
                    revision=revision, nonce=nonce,
                )  # fmt: skip
            except InputRefused as refused:
                told = in_words(refused.problems, form, self.programme, self.lang)
                return [text for texts in told.values() for text in texts]
            except record.Stale:
                # something came in between: the answers of another window, perhaps, which close the round
                revision = Person.objects.values_list("revision", flat=True).get(pk=case.person_id)
                if asked_now(case, self.programme, self.asked.name) != self.asked:
                    return _closed(self.request)
                continue
            if Fact.objects.filter(programme=fact.programme, fact=fact.fact, replaced_at=None).exists():
                return self._done()
            # sent once before, and taken back since by those who work here: these are answers of their own
        return [say("register.stale.busy", self.lang)]

    def _done(self) -> HttpResponse:
        case = self.case
        Draft.objects.filter(
            user=self.request.reader.user, case=case, kind=KIND, fact=self.asked.name
        ).delete()
        settled(self.request.reader, case, self.programme, self.asked.name)
        messages.success(self.request, say("mine.answer.done", self.lang))
        return redirect("mine")


def _closed(request: ReaderRequest) -> HttpResponse:
    messages.info(request, say("mine.answer.closed", language(request)))
    return redirect("mine")


def _questions(form: Form) -> list[Field]:
    return [one for one in form.fields if one.name.startswith(ANSWER)]


def _whole(page: _Page, said: Said, *, errors: Sequence[str] = (), notice: str = "") -> HttpResponse:
    """Every question on one page."""
    questions = _questions(page.form(said))
    shown = {
        **page.context(),
        "fields": [_field(page, one, one.label, page.values(said)) for one in questions],
        "shown": ";".join(one.name for one in questions),
        "errors": [Wrong(text) for text in errors],
        "notice": notice,
        "easy": f"{page.address}?let=1",
        "has_easy": has_easy(page.programme.questionnaires[page.asked.name]),
    }
    return render(page.request, "mine/whole.html", shown, status=422 if errors else 200)


def _whole_sent(page: _Page) -> HttpResponse:
    sent = page.request.POST
    said = {name: texts for name, texts in sent.lists() if name.startswith(ANSWER)}
    if sent.get("do") == "keep":
        page.keep(said, "")
        messages.success(page.request, say("mine.answer.kept", page.lang))
        return redirect("mine")
    asked = {one.name for one in _questions(page.form(said))}
    if asked - set(sent.get("shown", "").split(";")):
        # an answer brought further questions
        return _whole(page, said, notice=say("mine.answer.more", page.lang))
    done = page.register(said)
    return done if isinstance(done, HttpResponse) else _whole(page, said, errors=done)


def _step(
    page: _Page, *, number: int | None = None, error: str = "", errors: Sequence[str] = ()
) -> HttpResponse:
    """One question; after the last one, what was answered, ready to be sent. Without a number where one had got to."""
    questions = _questions(page.form(page.said))
    begun = number is None and "trin" not in page.request.GET and bool(page.said)
    if number is None:
        number = whole(page.request.GET.get("trin"), digits=3)
    if number is None:
        number = next(
            (at for at, one in enumerate(questions, 1) if one.name not in page.said), len(questions) + 1
        )
    number = min(max(number, 1), len(questions) + 1)
    shown = {
        **page.context(),
        "number": number,
        "of": len(questions),
        "begun": begun,
        "before": page.step(number - 1) if number > 1 else "",
        "whole": f"{page.address}?let=0",
    }  # fmt: skip
    status = 422 if error or errors else 200
    if number > len(questions):
        rows = [
            (at, _label(page, one), _told(page, one), page.step(at)) for at, one in enumerate(questions, 1)
        ]
        given = sum(bool(page.values(page.said).get(one.name)) for one in questions)
        shown |= {"rows": rows, "given": given, "errors": [Wrong(text) for text in errors]}
        return render(page.request, "mine/send.html", shown, status=status)
    one = questions[number - 1]
    field = {**_field(page, one, _label(page, one), page.values(page.said)), "error": error}
    field["options"] = [option for option in field["options"] if option[0]]
    shown |= {"field": field, "question": one.name, "errors": [field] if error else []}
    shown["as_made"] = _easy(page, one) is None
    return render(page.request, "mine/step.html", shown, status=status)


def _step_sent(page: _Page) -> HttpResponse:
    """Keep the answer and go on, or back; or send all of them."""
    sent = page.request.POST
    do, name, number = sent.get("do"), sent.get("question", ""), whole(sent.get("trin"), digits=3) or 1
    if do == "send":
        done = page.register(page.said)
        return done if isinstance(done, HttpResponse) else _step(page, number=number, errors=done)
    field = next((one for one in _questions(page.form(page.said)) if one.name == name), None)
    if field is None:  # the page is older than what has been said since
        return redirect(page.step(number))
    given = sent.get(name, "")
    if given not in {value for value, _ in field.options}:
        given = ""
    if not given and do == "next":
        return _step(page, number=number, error=say("mine.answer.missing", page.lang))
    page.said = {**page.said, name: [given if given and do != "skip" else _SKIPPED]}
    page.keep(page.said, "1")
    return redirect(page.step(number - 1 if do == "back" else number + 1))


def _field(page: _Page, one: Field, label: str, values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    said = values.get(one.name) or [""]
    return {
        "name": one.name,
        "label": label,
        "kind": "radio",
        "options": _options(page, one),
        "value": said[-1],
        "hint": one.hint,
        "required": True,
    }


def _label(page: _Page, one: Field) -> str:
    """The question in plain words, where the definition has such; else as it is."""
    easy = _easy(page, one)
    return easy.in_(page.lang) if easy is not None else one.label


def _easy(page: _Page, one: Field) -> Text | None:
    asked = page.programme.questionnaires[page.asked.name]
    items = asked.editions[edition_on(asked, clock.today(), None)].items
    question = items.get(one.name.removeprefix(ANSWER))
    return question.easy if question is not None else None


def _options(page: _Page, one: Field) -> list[Option]:
    """The answers to choose from. Those that are no step of the scale are written for whoever fills in for the citizen:
    what they mean is said from the citizen's side instead, unless the wording is somebody else's.
    """
    asked = page.programme.questionnaires[page.asked.name]
    if asked.owner is not None:
        return list(one.options)
    beside = asked.editions[edition_on(asked, clock.today(), None)].beside
    means = [other.means for other in beside.values()]
    own = {
        str(code): say(f"mine.answer.beside.{other.means}", page.lang)
        for code, other in beside.items()
        if means.count(other.means) == 1
    }
    return [(value, own.get(value, title)) for value, title in one.options]


def _told(page: _Page, one: Field) -> str:
    given = (page.said.get(one.name) or [""])[-1]
    return dict(_options(page, one)).get(given, "") if given else ""
