"""Drafts: what was begun is offered again, belongs to who began it, and goes when it is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from filled_form import Fields, serve

pytestmark = pytest.mark.django_db

PROGRAMME = "flere-skal-med"


@pytest.fixture
def case(db: None) -> Any:
    return serve(PROGRAMME)


@pytest.fixture
def worker(case: Any) -> Client:
    from indsats.web.models import User

    client = Client()
    client.force_login(User.objects.get(username=f"prøve-{PROGRAMME}"))
    return client


def begun(client: Client, case: Any, kind: str = "plan", **values: list[str]) -> dict[str, list[str]]:
    """A form somebody has begun, as the script sends it."""
    page = client.get(reverse("register", args=[case.public, kind])).content.decode()
    sent = Fields(page).values | values
    assert client.post(reverse("draft", args=[case.public]), sent).status_code == 204
    return sent


def test_a_draft_is_offered_and_taken_up_where_it_was_left(case: Any, worker: Client) -> None:
    begun(worker, case, barrierer=["sover dårligt"])
    address = reverse("register", args=[case.public, "plan"])
    page = worker.get(address).content.decode()
    assert "Fortsæt, hvor du slap" in page
    assert Fields(page).values["barrierer"] == [""]
    assert Fields(worker.get(address, {"draft": "1"}).content.decode()).values["barrierer"] == [
        "sover dårligt"
    ]
    assert "Du har en kladde" in worker.get(reverse("case", args=[case.public])).content.decode()


def test_a_draft_keeps_what_was_chosen(case: Any, worker: Client) -> None:
    begun(worker, case, "meeting", chosen=["virksomhedsopfoelgning"], place=["telefon"])
    page = worker.get(reverse("register", args=[case.public, "meeting"]), {"draft": "1"}).content.decode()
    assert Fields(page).values["chosen"] == ["virksomhedsopfoelgning"]
    assert Fields(page).values["place"] == ["telefon"]


def test_a_draft_goes_when_it_is_saved_or_dropped(case: Any, worker: Client) -> None:
    from indsats.web.models import Draft

    address = reverse("register", args=[case.public, "plan"])
    sent = begun(worker, case, barrierer=["sover dårligt"])
    answer = worker.post(address, sent)
    assert answer.status_code == 302
    assert not Draft.objects.exists()
    assert answer.cookies["saved"].value.endswith(f"/{case.public}/plan/")  # the browser's own copy goes too
    begun(worker, case, barrierer=["igen"])
    assert worker.post(reverse("draft", args=[case.public]), {"kind": "plan", "drop": "1"}).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_of_a_correction_keeps_the_version_it_was_begun_on(case: Any, worker: Client) -> None:
    from indsats.web.models import Fact

    address = reverse("register", args=[case.public, "plan"])
    worker.post(address, Fields(worker.get(address).content.decode()).values | {"barrierer": ["en"]})
    fact = Fact.objects.get(kind="plan", person=case.person)
    address = reverse("correct", args=[case.public, fact.fact])
    sent = Fields(worker.get(address).content.decode()).values
    assert worker.post(reverse("draft", args=[case.public]), sent | {"barrierer": ["to"]}).status_code == 204
    assert worker.post(address, sent | {"kompetencer": ["svejser"]}).status_code == 302
    assert worker.post(reverse("draft", args=[case.public]), sent | {"barrierer": ["to"]}).status_code == 204
    taken_up = Fields(worker.get(address, {"draft": "1"}).content.decode()).values
    assert taken_up["barrierer"] == ["to"]
    assert taken_up["version"] == ["1"]


def test_a_draft_is_its_owners_alone_and_not_for_ever(case: Any, worker: Client) -> None:
    from indsats.web import clock
    from indsats.web.models import Draft, Membership, User

    begun(worker, case, barrierer=["sover dårligt"])
    other = User.objects.create(username="anden", name="Anden Andersen")
    Membership.objects.create(user=other, role="coordinator", programme=PROGRAMME, site=None)
    second = Client()
    second.force_login(other)
    address = reverse("register", args=[case.public, "plan"])
    assert "Fortsæt, hvor du slap" not in second.get(address).content.decode()
    assert "sover" not in second.get(address, {"draft": "1"}).content.decode()
    Draft.objects.update(changed=clock.now() - timedelta(days=31))
    assert "Fortsæt, hvor du slap" not in worker.get(address).content.decode()
    begun(worker, case, "cv", published=["true"])
    assert Draft.objects.count() == 1  # the old one went when a new one came


def test_a_draft_too_large_is_refused(case: Any, worker: Client) -> None:
    address = reverse("draft", args=[case.public])
    assert worker.post(address, {"kind": "plan", "barrierer": "x" * 200_000}).status_code == 413
    assert worker.get(address).status_code == 404
