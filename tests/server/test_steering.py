"""The steering pages: what is made, who sees which numbers, and the people behind a figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import town
from indsats.web import clock
from indsats.web.models import Access, Case, Fact, Job, Membership, Person, Site, User
from indsats.web.programmes import programme
from indsats.web.rights import Reader, scope
from indsats.web.screens import steering_made
from indsats.web.screens.steering_choice import dates, default_period
from indsats.web.screens.steering_made import Pages
from indsats.web.screens.steering_reach import followed, reach, shown
from indsats.web.work.jobs import newest
from indsats.web.work.runner import claim, do

pytestmark = pytest.mark.django_db

PROGRAMME = "flere-skal-med"
URLS = ("barometer", "targets", "progression", "flow")
STEERS = ("manager", "coordinator", "caseworker", "job_broker", "evaluator")

SignIn = Callable[[str], Any]


@pytest.fixture(scope="session")
def packed(django_db_setup: None, django_db_blocker: Any, the_town: town.Town, town_cache: Path) -> bytes:
    """The pages of the programme's own period, made once for as long as what makes them stays as it is."""
    file = town_cache / f"figures_{the_town.name}_{_code()}.gz"
    with town.alone(town_cache / "figures.lock"):
        if not file.exists():
            for old in town_cache.glob("figures_*.gz"):
                old.unlink()
            with django_db_blocker.unblock():
                file.write_bytes(steering_made.made(PROGRAMME, default_period(programme(PROGRAMME))))
    return file.read_bytes()


def _code() -> str:
    """What the code that makes the pages says."""
    rooms = [town.SOURCE / room for room in ("measure", "steer", "report", "run")]
    files = [
        *(town.SOURCE / "web").glob("**/steering*.py"),
        *(one for room in rooms for one in room.rglob("*.py")),
    ]
    told = blake2b(digest_size=8)
    for one in sorted(files):
        told.update(one.read_bytes())
    return told.hexdigest()


@pytest.fixture
def made(packed: bytes) -> Pages:
    """The pages as a job has left them."""
    period = default_period(programme(PROGRAMME))
    now, told = clock.now(), steering_made.opened(packed)
    Job.objects.create(
        what="figures",
        key=steering_made.key_of(PROGRAMME, period),
        asked={"programme": PROGRAMME, "first": str(period.first), "last": str(period.last)},
        created=now,
        started=now,
        ended=now,
        made={"newest": told.newest, "last_day": told.last_day.isoformat()},
        content=packed,
    )
    return told


@pytest.mark.parametrize("role", STEERS)
@pytest.mark.parametrize("page", URLS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_page_is_shown_to_everybody_who_steers(
    signed_in: SignIn, made: Pages, role: str, page: str, lang: str
) -> None:
    client = signed_in(role)
    client.cookies["lang"] = lang
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert answer.content.count(b"<table") >= 2
    assert len(queries) <= 15, "\n".join(one["sql"][:90] for one in queries)


@pytest.mark.parametrize("page", URLS)
def test_without_figures_one_asks_for_them_and_follows_the_work(signed_in: SignIn, page: str) -> None:
    client = signed_in("manager")
    before = client.get(reverse(page)).content.decode()
    assert reverse("figures-anew", args=[page]) in before
    period = default_period(programme(PROGRAMME))
    answer = client.post(
        reverse("figures-anew", args=[page]), {"programme": PROGRAMME, "periode": dates(period)}
    )
    job = Job.objects.get(what="figures")
    assert answer.url == reverse("job", args=[job.public])
    again = client.post(
        reverse("figures-anew", args=[page]), {"programme": PROGRAMME, "periode": dates(period)}
    )
    assert again.url == answer.url, "the same is not made twice"
    assert reverse("job", args=[job.public]) in client.get(reverse(page)).content.decode()


def test_the_job_makes_what_the_page_shows(packed: bytes) -> None:
    period = default_period(programme(PROGRAMME))
    steering_made.asked_for(None, PROGRAMME, period)
    job = claim()
    assert job is not None
    do(job)
    done = newest(steering_made.key_of(PROGRAMME, period))
    assert done is not None
    told, again = steering_made.opened(bytes(done.content)), steering_made.opened(packed)
    assert told.sections == again.sections
    assert not steering_made.standing(), "what is ready is not asked for again"


def test_pages_say_when_something_has_been_registered_since(signed_in: SignIn, made: Pages) -> None:
    client = signed_in("manager")
    assert "Der er registreret nyt siden" not in client.get(reverse("barometer")).content.decode()
    last = Fact.objects.order_by("-pk").first()
    assert last is not None
    last.pk, last.fact = None, "another"
    last.save(force_insert=True)
    assert "Der er registreret nyt siden" in client.get(reverse("barometer")).content.decode()


def _reader(role: str, site: str | None) -> Reader:
    user = User.objects.create_user(f"proeve-{role}-{site}", password="only for tests")  # noqa: S106
    Membership.objects.create(user=user, role=role, programme=PROGRAMME, site=site)
    return Reader.of(user)


def _cells(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tables = [block for section in sections for block in section["blocks"] if block["is"] == "table"]
    return [cell for table in tables for row in table["rows"] for cell in row["cells"]]


def _hidden_sites(made: Pages) -> set[str]:
    found = {
        re.search(r"/site\.([^/]+)/", cell["figure"])
        for cell in _cells(made.sections["barometer"]["da"])
        if cell["hidden"]
    }
    return {one[1] for one in found if one}


def test_own_sites_are_shown_as_they_are_and_others_as_reports_show_them(made: Pages) -> None:
    Person.objects.update(protected=False)
    hidden = sorted(_hidden_sites(made))
    assert len(hidden) >= 2, "the town has sites with few people"
    of = programme(PROGRAMME)
    can = reach(_reader("coordinator", hidden[0]), PROGRAMME)
    page = shown(made.sections["barometer"]["da"], made.true["barometer"]["da"], of, "barometer", can)
    seen = {cell["figure"]: cell for cell in _cells(page) if cell["figure"]}
    own = [cell for key, cell in seen.items() if f"/site.{hidden[0]}/" in key]
    assert own
    assert not any(cell["hidden"] for cell in own)
    others = [cell for key, cell in seen.items() if f"/site.{hidden[1]}/" in key]
    as_reports = {
        cell["figure"]: cell["text"] for cell in _cells(made.sections["barometer"]["da"]) if cell["figure"]
    }
    assert all(cell["text"] == as_reports[cell["figure"]] for cell in others)
    assert any(cell["hidden"] for cell in others)


@pytest.mark.parametrize("role", ["job_broker", "evaluator"])
def test_who_may_not_see_every_case_of_a_site_sees_what_reports_show(made: Pages, role: str) -> None:
    hidden = sorted(_hidden_sites(made))
    can = reach(_reader(role, None if role == "evaluator" else hidden[0]), PROGRAMME)
    assert can.true == frozenset()
    assert not can.people
    page = shown(
        made.sections["barometer"]["da"],
        made.true["barometer"]["da"],
        programme(PROGRAMME),
        "barometer",
        can,
    )
    assert [cell["text"] for cell in _cells(page)] == [
        cell["text"] for cell in _cells(made.sections["barometer"]["da"])
    ]
    assert not any(cell["href"] for cell in _cells(page))


def test_a_shielded_person_keeps_the_sites_numbers_hidden_from_who_may_not_know(made: Pages) -> None:
    Person.objects.update(protected=False)
    case = Case.objects.filter(site__isnull=False).order_by("pk").first()
    assert case is not None
    manager, coordinator = _reader("manager", case.site), _reader("coordinator", case.site)
    assert reach(manager, PROGRAMME).sees(case.site)
    Person.objects.filter(pk=case.person_id).update(protected=True)
    assert not reach(manager, PROGRAMME).sees(case.site)
    assert reach(coordinator, PROGRAMME).sees(case.site)


def test_true_numbers_of_a_site_never_stand_beside_hidden_ones_of_the_whole(made: Pages) -> None:
    shown_to_all = {
        cell["figure"]: cell["text"]
        for page in made.sections.values()
        for cell in _cells(page["da"])
        if cell["figure"]
    }
    hidden = {
        cell["figure"]
        for page in made.sections.values()
        for cell in _cells(page["da"])
        if cell["hidden"] and cell["figure"]
    }
    beside = 0
    for page in made.sites.values():
        for site, told in page.items():
            for cell in _cells(told["da"]):
                if cell["figure"] and f"/site.{site}/" not in cell["figure"]:
                    beside += 1
                    assert cell["hidden"] or cell["figure"] not in hidden
                    assert cell["text"] in ("", shown_to_all.get(cell["figure"], cell["text"]))
    assert beside


def _links(content: str, page: str) -> list[str]:
    return sorted(set(re.findall(rf'href="(/tal/{page}/[^"]+)"', content)))


@pytest.mark.parametrize("page", ["barometer", "targets"])
def test_a_number_leads_to_the_people_behind_it(signed_in: SignIn, made: Pages, page: str) -> None:
    client = signed_in("manager")
    Person.objects.update(protected=False)
    links = _links(client.get(reverse(page)).content.decode(), page)
    assert links
    for link in links[:: max(1, len(links) // 12)]:
        Access.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(link)
        assert answer.status_code == 200, link
        assert len(queries) <= 15, "\n".join(one["sql"][:90] for one in queries)
        cases = re.findall(r'href="/sager/([^/"]+)/"', answer.content.decode())
        assert set(Access.objects.values_list("case", flat=True)) == set(cases)
        assert not re.search(r"\d{6}-?\d{4}", link)


def test_as_many_stand_behind_a_figure_as_it_counts(made: Pages) -> None:
    """A share of requirements at a site: its denominator is the rows listed."""
    from indsats.web.screens.steering_people import behind, visible

    Person.objects.update(protected=False)
    of = programme(PROGRAMME)
    reader = _reader("manager", None)
    checked = 0
    for cell in _cells(made.true["barometer"]["da"]):
        asked = followed(cell["figure"], of) if cell["figure"] else None
        told = re.match(r"(\d[\d.]*) af (\d[\d.]*)", cell["title"])
        if asked is None or asked.site is None or told is None:
            continue
        found, _ = behind(of, asked, list(visible(reader, of, asked)))
        n, d = (float(part.replace(".", "")) for part in told.groups())
        if asked.of == "participants":
            assert len({one.case.person_id for one in found if one.part != "left_out"}) == d
        else:
            assert sum(one.n for one in found) == n
            assert sum(one.d for one in found) == d
        checked += 1
        if checked == 12:
            return
    assert checked


def test_the_people_behind_a_figure_are_told_with_the_reason_answered(signed_in: SignIn, made: Pages) -> None:
    from indsats.web.screens.steering_people import behind, visible

    Person.objects.update(protected=False)
    of = programme(PROGRAMME)
    asked = followed(
        f"fulfilment/requirements/answered/all/all/{default_period(of).first}..{default_period(of).last}", of
    )
    assert asked is not None
    found, _ = behind(of, asked, list(visible(_reader("manager", None), of, asked)))
    told = {reason for one in found for reason in one.said.values()}
    codes = of.codes_for("requirement_answered.reason")
    assert codes is not None
    assert told & codes.values.keys()
    assert all(one.said.keys() <= set(one.what) for one in found)
    site = next(one.case.site for one in found if one.said)
    assert site is not None
    here = followed(asked.at(site), of)
    assert here is not None
    assert here.site == site
    page = signed_in("manager").get(reverse("figure", args=["barometer", PROGRAMME, here.id]))
    assert any(f"({codes.values[reason].title.da})" in page.content.decode() for reason in told)


def test_reasons_are_folded_away_and_the_readers_own_row_is_marked(made: Pages) -> None:
    of = programme(PROGRAMME)
    can = reach(_reader("coordinator", sorted(_hidden_sites(made))[0]), PROGRAMME)
    page = shown(made.sections["barometer"]["da"], made.true["barometer"]["da"], of, "barometer", can)
    tables = {one["id"]: one for section in page for one in section["blocks"] if one["is"] == "table"}
    reasons = [one for name, one in tables.items() if name.endswith("-reasons")]
    assert len(reasons) == 1, "told once, for the whole"
    assert reasons[0]["folded"]
    own = [row for row in tables["barometer-site"]["rows"] if row["own"]]
    assert len(own) == 1, "the level of all others beside it hides nothing of whose row it is"


def test_who_the_reader_may_not_see_stands_behind_no_figure(signed_in: SignIn, made: Pages) -> None:
    site = Case.objects.filter(site__isnull=False).order_by("pk").values_list("site", flat=True)[0]
    other = Site.objects.exclude(key=site).order_by("key").first()
    assert other is not None
    client = signed_in("manager")
    user = User.objects.create_user("leder-et-sted", password="only for tests")  # noqa: S106
    Membership.objects.create(user=user, role="manager", programme=PROGRAMME, site=site)
    client.force_login(user)
    period = default_period(programme(PROGRAMME))
    theirs = f"fulfilment/requirements/answered/all/site.{other.key}/{dates(period)}"
    answer = client.get(reverse("figure", args=["barometer", PROGRAMME, theirs]))
    assert "/sager/" not in answer.content.decode().split("<main")[1]
    whole = f"fulfilment/requirements/answered/all/all/{dates(period)}"
    seen = client.get(reverse("figure", args=["barometer", PROGRAMME, whole])).content.decode()
    cases = set(re.findall(r'href="/sager/([^/"]+)/"', seen))
    assert cases
    assert cases <= set(scope(Reader.of(user), Case).values_list("pk", flat=True))
    Person.objects.filter(cases__in=cases).update(protected=True)
    again = client.get(reverse("figure", args=["barometer", PROGRAMME, whole])).content.decode()
    assert not set(re.findall(r'href="/sager/([^/"]+)/"', again))


@pytest.mark.parametrize(
    "figure",
    [
        "indicator/findes-ikke/all/2020-01-01..2020-06-30",
        "noget/helt/andet",
        "fulfilment/requirements/answered/phase.x/all/2020-01-01..2020-06-30",
        "fulfilment/requirements/answered/all/all/2020-02-30..2020-06-30",
        "fulfilment/requirements/answered/all/all/2020-06-01..2020-01-31",
    ],
)
def test_what_is_no_figure_is_no_page(signed_in: SignIn, figure: str) -> None:
    client = signed_in("manager")
    assert client.get(reverse("figure", args=["barometer", PROGRAMME, figure])).status_code == 404


@pytest.mark.parametrize(
    "period",
    [
        "2020-01-15..2020-03-31",
        "2020-01-01..2020-03-30",
        "x",
        "2020-03-01..2020-01-31",
        "9999-12-01..9999-12-31",
    ],
)
def test_a_period_is_whole_months(signed_in: SignIn, period: str) -> None:
    answer = signed_in("manager").get(reverse("barometer"), {"periode": period})
    assert answer.status_code == 404
