"""Reports made from the live record, and what a manager registers about targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from indsats.web import clock
from indsats.web.models import Fact, Job, Membership, Site, User
from indsats.web.programmes import programme
from indsats.web.screens.steering_pages import aimed
from indsats.web.screens.steering_reports import offered
from indsats.web.work.runner import claim, do

pytestmark = pytest.mark.django_db

PROGRAMME = "flere-skal-med"
SignIn = Callable[[str], Any]


def test_the_page_offers_what_the_record_suffices_for(signed_in: SignIn) -> None:
    of = programme(PROGRAMME)
    found = {one.id: one for one in offered(of, clock.today())}
    assert set(found) == {name for name, one in of.reports.items() if one.about == "programme"}
    content = signed_in("manager").get(reverse("reports")).content.decode()
    for name, one in found.items():
        assert (f'value="{name}"' in content) != one.registers


@pytest.mark.parametrize(
    ("form", "begins"), [("html", b"<!doctype html>"), ("word", b"PK"), ("pdf", b"%PDF")]
)
def test_a_report_is_made_by_a_job_and_fetched(signed_in: SignIn, form: str, begins: bytes) -> None:
    client = signed_in("manager")
    asked = {"programme": PROGRAMME, "rapport": "udvikling", "format": form, "sprog": "da"}
    answer = client.post(reverse("report-make"), asked)
    job = claim()
    assert job is not None
    assert answer.url == reverse("job", args=[job.public])
    do(job)
    page = client.get(answer.url).content.decode()
    assert reverse("report-file", args=[job.public]) in page
    file = client.get(reverse("report-file", args=[job.public]))
    assert file.content.startswith(begins)
    assert f"{PROGRAMME}-udvikling-" in file["Content-Disposition"]
    assert client.post(reverse("report-make"), asked).url == answer.url, "nothing new: the same report"
    Membership.objects.filter(user__jobs=job, programme=PROGRAMME).update(programme="another")
    assert client.get(reverse("report-file", args=[job.public])).status_code == 404, "they have left"
    others = signed_in("coordinator")
    assert others.get(reverse("report-file", args=[job.public])).status_code == 404


def test_what_rests_on_registers_is_not_made_here(signed_in: SignIn) -> None:
    of = programme(PROGRAMME)
    name = next(one.id for one in offered(of, clock.today()) if one.registers)
    asked = {"programme": PROGRAMME, "rapport": name, "format": "html", "sprog": "da"}
    assert signed_in("manager").post(reverse("report-make"), asked).status_code == 404
    assert not Job.objects.exists()


def _explained(**more: str) -> dict[str, str]:
    return {
        "programme": PROGRAMME,
        "periode": "2019-01-01..2019-06-30",
        "indicator": aimed(programme(PROGRAMME))[0],
        "place": "all",
        "text": "Færre blev visiteret end ventet.",
        "first": "2019-01-01",
        "last": "2019-06-30",
        "nonce": "abcdef0123456789",
        **more,
    }


def _boss(client: Any, site: str | None) -> Any:
    user = User.objects.create_user(f"leder-proeve-{site}", password="only for tests")  # noqa: S106
    Membership.objects.create(user=user, role="manager", programme=PROGRAMME, site=site)
    client.force_login(user)
    return client


def test_a_manager_explains_a_deviation_once_however_often_it_is_sent(client: Any) -> None:
    boss = _boss(client, None)
    assert boss.get(reverse("explain-deviation")).status_code == 200
    for _ in range(2):
        answer = boss.post(reverse("explain-deviation"), _explained())
        assert answer.status_code == 302
    fact = Fact.objects.get(kind="deviation_explained", recorded_by="leder-proeve-None")
    assert fact.payload["explanation"] == "Færre blev visiteret end ventet."
    assert (fact.site, fact.person_id) == (None, None)


def test_a_manager_plans_an_action(client: Any) -> None:
    boss = _boss(client, None)
    site = Site.objects.filter(programme=PROGRAMME).order_by("key").first()
    assert site is not None
    day = clock.today().isoformat()
    sent = _explained(place=f"site.{site.key}", status="planned", first=day, last=day, owner="")
    answer = boss.post(reverse("plan-action"), sent)
    assert answer.status_code == 302, answer.content.decode()
    fact = Fact.objects.get(kind="action_planned", recorded_by="leder-proeve-None")
    assert (fact.site, fact.payload["status"]) == (site.key, "planned")


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"first": "i går"}, {"place": "site.findes-ikke"}, {"last": "2018-01-01"}]
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(client: Any, wrong: dict[str, str]) -> None:
    boss = _boss(client, None)
    answer = boss.post(reverse("explain-deviation"), _explained(**wrong))
    content = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="errors"' in content
    assert wrong.get("text", "Færre blev visiteret end ventet.") in content
    assert not Fact.objects.filter(kind="deviation_explained", recorded_by="leder-proeve-None").exists()


def test_a_manager_of_one_site_explains_about_that_site_alone(client: Any) -> None:
    site, other = Site.objects.filter(programme=PROGRAMME).order_by("key")[:2]
    boss = _boss(client, site.key)
    for place in ("all", f"site.{other.key}"):
        boss.post(reverse("explain-deviation"), _explained(place=place))
    assert not Fact.objects.filter(recorded_by=f"leder-proeve-{site.key}").exists()
    boss.post(reverse("explain-deviation"), _explained(place=f"site.{site.key}"))
    assert Fact.objects.get(recorded_by=f"leder-proeve-{site.key}").site == site.key


@pytest.mark.parametrize("role", ["caseworker", "evaluator", "job_broker"])
def test_others_explain_nothing(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get(reverse("explain-deviation")).status_code == 404
    assert client.post(reverse("plan-action"), _explained()).status_code == 404
