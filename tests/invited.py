"""A citizen who was given a link: the page it is made on, what it shows, and the browser that opens it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

import visiting
from filled_form import Fields, serve

START = date(2019, 3, 4)
"""The day ``serve`` enrols its one person."""
OF = "social-stoette-i-job"
"""A programme that asks its citizens in rounds."""


def made(worker: Client, case: Any, do: str = "link") -> tuple[str, str]:
    """The address ("" for a new code alone) and the code, as the page shows them."""
    page = worker.post(reverse("invite", args=[case.public]), {"do": do})
    assert page.status_code == 200
    text = unescape(page.content.decode())
    code = re.search(r'<code id="code">(\d{6})</code>', text)
    assert code is not None
    address = re.search(r"https?://[^/]+(/link/[^/]+/)", text)
    return address[1] if address else "", code[1]


def tried(address: str, code: str, client: Client | None = None) -> tuple[Client, Any]:
    """Somebody opens an address and writes a code; the browser and the last answer."""
    client = client or Client()
    assert client.get(address, follow=True).status_code == 200
    return client, client.post("/link/", {"code": code})


def let_in(worker: Client, case: Any) -> Client:
    """A citizen signed in by a link."""
    client, answer = tried(*made(worker, case))
    assert answer["Location"] == "/mit/"
    return client


def meeting(case: Any, days: int = 3, by: str = "x", **said: Any) -> Any:
    """A planned meeting so many days ahead."""
    from indsats.web import clock
    from indsats.web.record import register

    values = {
        "type": "samtale",
        "outcome": "planned",
        "enrolment": case.enrolment,
        "site": case.site,
        "occurred_from": (clock.today() + timedelta(days=days)).isoformat(),
        **said,
    }
    return register(by, case.programme, "meeting", values, person=case.person)


def newest(fact: Any) -> Any:
    """The last version of a fact."""
    from indsats.web.models import Fact

    return Fact.objects.filter(programme=fact.programme, fact=fact.fact).order_by("-version").first()


def say(client: Client, fact: Any, said: str, wish: str = "", **more: Any) -> Any:
    """A citizen answers to one of their meetings, as the form on their page is sent; the page that follows."""
    address = reverse("mine-meeting", args=[fact.fact])
    sent = {"said": said, "wish": wish, "version": newest(fact).version, **more}
    return client.post(address, sent, follow=True)


def course(today: Any) -> tuple[Client, Any]:
    """A citizen on the day a programme with rounds asks for the first time, and their case; ``today`` sets the day."""
    from indsats.web.derive import project

    today(START)
    case = serve(OF)
    project([case.person_id])
    return let_in(staff(), case), case


def staff() -> Client:
    """The coordinator of the case of ``course``, signed in."""
    from indsats.web.models import User

    client = Client()
    client.force_login(User.objects.get(username=f"prøve-{OF}"))
    return client


def answers_of(case: Any) -> list[Any]:
    """The answers that stand, oldest first."""
    from indsats.web.models import Fact

    rows = Fact.objects.filter(person=case.person, kind="questionnaire_answered", replaced_at=None)
    return list(rows.order_by("pk"))


def address_of(case: Any, name: str) -> str:
    """Where the citizen answers a questionnaire."""
    return reverse("mine-answer", args=[case.public, name])


def filled(page: Any, answer: str = "3") -> dict[str, list[str]]:
    """A page of a questionnaire as it is sent, with the same answer to each question."""
    fields = Fields(page.content.decode())
    items = [name for name in fields.choices if name.startswith("answer.")]
    return {**fields.values, **{name: [answer] for name in items}, "do": ["send"]}


PEOPLE = {
    "Tove Trappe": "032180-1115",
    "Tage Trappe": "042180-1113",
    "Tilde Trappe": "052180-1110",
    "Tom Trappe": "062180-1118",
    "Tina Trappe": "072180-1116",
}
"""People with a plan, meetings ahead and a form to answer, in the programme of ``visiting``."""


def prepared() -> None:
    """In a process of its own, after ``visiting.prepared``: the citizens who get a link."""
    from indsats.web.derive import project

    persons = [_with_plan(name, number) for name, number in PEOPLE.items()]
    project(persons)


def _with_plan(name: str, number: str) -> int:
    from indsats.web.record import register

    case = visiting.enrolled(name, number)
    at = {"enrolment": case.enrolment, "site": case.site, "occurred_from": case.start}
    rows = [
        ("assigned", {"role": "jobkonsulent", "worker": visiting.WORKER}),
        ("plan", {"goal": "Et job med få timer", "agreed_by_citizen": True}),
        ("activity", {"subgoal": "Køre selv med bus", "activity": "Prøveture", "status": "under_way"}),
        ("activity", {"subgoal": "Kende et job", "activity": "Besøg i et køkken", "status": "planned"}),
        ("subgoal_reviewed", {"subgoal": "Køre selv med bus", "status": "under_way"}),
    ]
    for kind, said in rows:
        register(visiting.WORKER, case.programme, kind, {**at, **said}, person=case.person)
    for days in (3, 17):
        meeting(case, days, type="opfoelgningssamtale", worker=visiting.WORKER)
    return case.person_id
