"""Two people at one case: the second sees what the first did, and nothing is lost; sending twice is one fact."""

from __future__ import annotations

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
def two(case: Any) -> tuple[Client, Client]:
    from indsats.web.models import Membership, User

    other = User.objects.create(username="anden", name="Anden Andersen")
    Membership.objects.create(user=other, role="coordinator", programme=PROGRAMME, site=None)
    clients = Client(), Client()
    for client, user in zip(clients, (User.objects.get(username=f"prøve-{PROGRAMME}"), other), strict=True):
        client.force_login(user)
    return clients


def opened(client: Client, address: str, **query: str) -> dict[str, list[str]]:
    return Fields(client.get(address, query).content.decode()).values


def test_the_second_sees_what_the_first_registered_and_saves_after_all(
    case: Any, two: tuple[Client, Client]
) -> None:
    from indsats.web.models import Fact

    first, second = two
    address = reverse("register", args=[case.public, "meeting"])
    sent = opened(second, address) | {"occurred_from": ["2020-02-03"], "place": ["telefon"]}
    cv = reverse("register", args=[case.public, "cv"])
    assert first.post(cv, opened(first, cv) | {"published": ["true"]}).status_code == 302
    answer = second.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "CV lagt ud" in page
    assert "Prøve Prøvesen" in page
    assert not Fact.objects.filter(kind="meeting", person=case.person).exists()
    again = Fields(page).values
    assert (again["occurred_from"], again["place"], again["nonce"]) == (
        ["2020-02-03"],
        ["telefon"],
        sent["nonce"],
    )
    assert second.post(address, again).status_code == 302
    assert Fact.objects.filter(kind="meeting", person=case.person).count() == 1


def test_what_one_registered_oneself_is_no_surprise(case: Any, two: tuple[Client, Client]) -> None:
    first, _ = two
    address = reverse("register", args=[case.public, "cv"])
    sent, other = opened(first, address), opened(first, address)
    assert first.post(address, sent | {"published": ["true"]}).status_code == 302
    assert first.post(address, other | {"published": ["false"]}).status_code == 302


def test_a_fact_the_second_may_not_see_is_not_told(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Membership, Responsible

    first, second = two
    Membership.objects.filter(user__username="anden").update(role="company_consultant")
    Responsible.objects.create(case=case, role="virksomhedskonsulent", worker="anden", since="2019-03-04")
    address = reverse("register", args=[case.public, "meeting"])
    sent = opened(second, address)
    plan = reverse("register", args=[case.public, "plan"])
    assert first.post(plan, opened(first, plan) | {"barrierer": ["hemmeligt"]}).status_code == 302
    page = second.post(address, sent).content.decode()
    assert "Noget, du ikke har adgang til at se" in page
    assert "Plan" not in page[page.index('id="since"') : page.index('id="fields"')]


def test_two_corrections_are_laid_together(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Fact

    first, second = two
    address = reverse("register", args=[case.public, "hours"])
    new = opened(first, address) | {"hours_per_week": ["4"], "type": ["ordinary"], "evidence": ["citizen"]}
    assert first.post(address, new).status_code == 302
    fact = Fact.objects.get(kind="hours", person=case.person)
    address = reverse("correct", args=[case.public, fact.fact])
    mine, theirs = opened(second, address), opened(first, address)
    changed = theirs | {"hours_per_week": ["6"], "evidence": ["payslip"]}
    assert first.post(address, changed).status_code == 302
    answer = second.post(address, mine | {"hours_per_week": ["7"]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Prøve Prøvesen" in page
    assert "begge har ændret det" in page
    laid = Fields(page).values
    assert laid["hours_per_week"] == ["7"]  # what both changed stays as the second wrote it
    assert laid["evidence"] == ["payslip"]  # what only the first changed is taken over
    assert laid["version"] == ["2"]
    assert Fact.objects.filter(fact=fact.fact).count() == 2
    assert second.post(address, laid).status_code == 302
    last = Fact.objects.get(fact=fact.fact, version=3)
    assert (last.payload["hours_per_week"], last.payload["evidence"]) == (7.0, "payslip")


def test_a_fact_withdrawn_meanwhile_can_be_saved_as_new(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Fact

    first, second = two
    address = reverse("register", args=[case.public, "cv"])
    first.post(address, opened(first, address) | {"published": ["false"]})
    fact = Fact.objects.get(kind="cv", person=case.person)
    mine = opened(second, reverse("correct", args=[case.public, fact.fact]))
    gone = reverse("withdraw", args=[case.public, fact.fact])
    assert first.post(gone, {"version": "1", "reason": "Forkert borger"}).status_code == 302
    answer = second.post(reverse("correct", args=[case.public, fact.fact]), mine | {"published": ["true"]})
    page = answer.content.decode()
    assert "Forkert borger" in page
    assert f'action="{address}"' in page
    assert second.post(address, Fields(page).values).status_code == 302
    facts = Fact.objects.filter(kind="cv", person=case.person, replaced_at=None)
    assert [one.payload["published"] for one in facts] == [True]


def test_a_double_click_is_one_fact_and_one_version(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Fact

    first, _ = two
    address = reverse("register", args=[case.public, "cv"])
    sent = opened(first, address) | {"published": ["true"]}
    assert [first.post(address, sent).status_code for _ in range(2)] == [302, 302]
    fact = Fact.objects.get(kind="cv", person=case.person)
    address = reverse("correct", args=[case.public, fact.fact])
    sent = opened(first, address) | {"published": ["false"]}
    assert [first.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert Fact.objects.filter(fact=fact.fact).count() == 2


def test_a_form_gone_back_to_and_filled_in_anew_is_not_lost(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Fact

    first, _ = two
    address = reverse("register", args=[case.public, "hours"])
    sent = opened(first, address) | {"hours_per_week": ["4,0"], "type": ["ordinary"], "evidence": ["citizen"]}
    assert first.post(address, sent).status_code == 302
    assert first.post(address, sent).status_code == 302, "sent twice is once"
    answer = first.post(address, sent | {"hours_per_week": ["6"]})
    again = Fields(answer.content.decode()).values
    assert answer.status_code == 200
    assert again["hours_per_week"] == ["6"]
    assert again["nonce"] != sent["nonce"]
    assert Fact.objects.filter(kind="hours", person=case.person).count() == 1
    assert first.post(address, again).status_code == 302
    said = Fact.objects.filter(kind="hours", person=case.person).values_list("payload", flat=True)
    assert sorted(one["hours_per_week"] for one in said) == [4.0, 6.0]


def test_anothers_form_cannot_be_taken_over(case: Any, two: tuple[Client, Client]) -> None:
    first, second = two
    address = reverse("register", args=[case.public, "cv"])
    sent = opened(first, address) | {"published": ["true"]}
    assert first.post(address, sent).status_code == 302
    assert second.post(address, sent).status_code == 404


def test_one_registers_about_somebody_who_was_merged(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Fact, Person

    first, _ = two
    kept = Person.objects.create(number="0231800002", name="Vera Kvist")
    gone = case.person
    gone.merged_into = kept
    gone.save()
    case.person = kept
    case.save()
    address = reverse("register", args=[case.public, "cv"])
    assert first.post(address, opened(first, address) | {"published": ["true"]}).status_code == 302
    assert (
        Fact.objects.get(kind="cv", programme=PROGRAMME, person__in=[gone, kept]).person == gone
    )  # so that the two can be parted again
    assert "CV lagt ud" in first.get(reverse("case", args=[case.public])).content.decode()


def test_what_another_wrote_about_somebody_merged_is_told(case: Any, two: tuple[Client, Client]) -> None:
    from indsats.web.models import Person

    first, second = two
    kept = Person.objects.create(number="0231800002", name="Vera Kvist")
    Person.objects.filter(pk=case.person_id).update(merged_into=kept)
    case.person = kept
    case.save()
    meeting, cv = (reverse("register", args=[case.public, kind]) for kind in ("meeting", "cv"))
    sent = opened(second, meeting) | {"occurred_from": ["2020-02-03"], "place": ["telefon"]}
    assert first.post(cv, opened(first, cv) | {"published": ["true"]}).status_code == 302
    answer = second.post(meeting, sent)
    assert answer.status_code == 200
    assert "CV lagt ud" in answer.content.decode()
