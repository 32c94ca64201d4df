"""A citizen who was given a link: the page it is made on, what it shows, and the browser that opens it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse


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
