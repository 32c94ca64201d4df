"""My day: what is in which queue on which day, for whom, and the way from case to case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(the_town: Any) -> date:
    """The day that counts as today."""
    return the_town.day


@pytest.fixture
def worker(signed_in: Callable[[str], Any]) -> Any:
    """The client of a caseworker, with their user and site as ``user`` and ``site``."""
    return _with_user(signed_in("caseworker"))


@pytest.fixture
def coordinator(signed_in: Callable[[str], Any]) -> Any:
    """The client of a coordinator, likewise."""
    return _with_user(signed_in("coordinator"))


def _with_user(client: Any) -> Any:
    from indsats.web.models import User

    client.user = User.objects.get(pk=client.session["_auth_user_id"])
    client.held = client.user.memberships.order_by("pk").first()
    client.site = client.held.site
    return client


def cases(client: Any, n: int = 1, **wanted: Any) -> list[Any]:
    """Cases at the site of somebody signed in, without anything that is due."""
    from indsats.web.models import Case, Due

    found = list(
        Case.objects.filter(programme=client.held.programme, site=client.site, **wanted)
        .exclude(enrolment="")
        .order_by("public")[:n]
    )
    assert len(found) == n
    Due.objects.filter(case__in=found).delete()
    return found


def more_cases(client: Any, n: int) -> list[Any]:
    """So many new cases at the site of somebody signed in."""
    from indsats.web import clock
    from indsats.web.models import Case, Person

    person = Person.objects.filter(protected=False).first()
    assert person is not None
    place = {"programme": client.held.programme, "site": client.site, "person": person}
    day = clock.today()
    return Case.objects.bulk_create(
        Case(public=f"new{k:03}", enrolment=f"new{k:03}", state="active", start=day, computed_on=day, **place)
        for k in range(n)
    )


def due(case: Any, queue: str, opens: date, **more: Any) -> Any:
    """An item of a queue."""
    from indsats.web.models import Due

    return Due.objects.create(
        case=case, programme=case.programme, site=case.site, queue=queue, opens=opens, **more
    )


def nothing_due() -> None:
    """Empty queues for everybody."""
    from indsats.web.models import Due

    Due.objects.all().delete()


def shown(client: Any, **query: Any) -> Any:
    """The page, with its context."""
    page = client.get(reverse("day"), query)
    assert page.status_code == 200
    return page


def counts(page: Any) -> dict[str, int]:
    """How much the list of queues says there is in each."""
    return {parse_qs(urlsplit(one["href"]).query)["koe"][0]: one["count"] for one in page.context["queues"]}


def test_an_item_is_on_the_list_from_the_day_it_opens_to_the_day_it_closes(worker: Any, today: date) -> None:
    nothing_due()
    found = cases(worker, 4)
    day = timedelta(days=1)
    spans = ((today, None), (today + day, None), (today - 3 * day, today - day), (today - 3 * day, today))
    for case, (opens, closes) in zip(found, spans, strict=True):
        due(case, "minutes", opens, closes=closes, worker=worker.user.username)
    page = shown(worker, koe="minutes")
    assert counts(page)["minutes"] == 2
    assert [row.href.split("/")[2] for row in page.context["rows"]] == [found[3].pk, found[0].pk]


def test_a_deadline_is_over_the_day_after_it(worker: Any, today: date) -> None:
    nothing_due()
    for case, days in zip(cases(worker, 4), (-2, 0, 3, 40), strict=True):
        opened, last = today - timedelta(days=9), today + timedelta(days=days)
        due(case, "measurements", opened, due=last, worker=worker.user.username)
    page = shown(worker, koe="measurements")
    assert [row.state for row in page.context["rows"]] == ["overdue", "today", "soon", "later"]
    assert next(one for one in page.context["queues"] if one["current"])["late"] == 1
    assert "2 dage over frist" in page.content.decode()


def test_a_case_stands_once_in_a_queue_with_all_there_is_to_do(worker: Any, today: date) -> None:
    nothing_due()
    first, second = cases(worker, 2)
    day, mine = timedelta(days=1), worker.user.username
    due(first, "subgoals", today, due=today + day, what="A", worker=mine)
    due(second, "subgoals", today, due=today + 3 * day, what="Z", worker=mine)
    for n, what in enumerate("BCBDE"):
        due(second, "subgoals", today, due=today - n * day, what=what, worker=mine)
    page = shown(worker, koe="subgoals")
    assert counts(page)["subgoals"] == 2
    assert next(one for one in page.context["queues"] if one["current"])["late"] == 1
    rows = page.context["rows"]
    assert [(row.whats, row.more) for row in rows] == [(("E", "D", "B"), 2), (("A",), 0)]
    assert rows[0].when == "4 dage over frist"


def test_the_number_of_every_queue_is_the_length_of_its_list(worker: Any, coordinator: Any) -> None:
    for client in (worker, coordinator):
        client.force_login(client.user)
        for who in ("mine", "alle"):
            page = shown(client, hvem=who)
            for queue, n in counts(page).items():
                listed = shown(client, hvem=who, koe=queue).context
                assert len(listed["rows"]) == min(n, 50), (who, queue)
                assert bool(listed["next"]) == (n > 50)


def test_mine_are_those_where_i_am_to_act_and_all_are_those_of_the_site(worker: Any, today: date) -> None:
    from indsats.web.models import Case

    nothing_due()
    mine, other, nobodys = cases(worker, 3)
    elsewhere = Case.objects.exclude(site=worker.site).exclude(enrolment="").first()
    due(mine, "no_show", today, worker=worker.user.username)
    due(other, "no_show", today, worker="somebody")
    due(nobodys, "no_show", today)
    due(elsewhere, "no_show", today, worker="somebody")
    assert counts(shown(worker))["no_show"] == 1
    assert counts(shown(worker, hvem="alle"))["no_show"] == 3
    assert counts(shown(worker, hvem="somebody"))["no_show"] == 1
    assert counts(shown(worker, hvem="ingen"))["no_show"] == 1
    assert counts(shown(worker, hvem="alle", sted=elsewhere.site))["no_show"] == 0
    assert counts(shown(worker, hvem="alle", programme="another"))["no_show"] == 0


def test_who_sees_own_cases_only_is_not_shown_the_site(signed_in: Callable[[str], Any], today: date) -> None:
    from indsats.web.models import Responsible

    client = _with_user(signed_in("job_broker"))
    nothing_due()
    held = set(
        Responsible.objects.filter(worker=client.user.username, until=None).values_list("case", flat=True)
    )
    not_mine = next(one for one in cases(client, 5) if one.pk not in held)
    due(not_mine, "no_show", today, worker="somebody")
    for who in ("mine", "alle", "somebody", "ingen"):
        page = shown(client, hvem=who, koe="no_show")
        assert counts(page)["no_show"] == 0
        assert page.context["rows"] == []


def test_a_queue_is_there_for_those_who_have_a_use_for_it(signed_in: Callable[[str], Any]) -> None:
    assert "unassigned" in counts(shown(signed_in("coordinator")))
    assert "unassigned" not in counts(shown(signed_in("caseworker")))
    # social support sees no wages, and who works with companies sees no measurements
    assert "hours" not in counts(shown(signed_in("cti_worker")))
    assert not counts(shown(signed_in("company_consultant"))).keys() & {"measurements", "requirements"}


def test_who_has_no_cases_is_led_to_what_they_use(signed_in: Callable[[str], Any], client: Any) -> None:
    for role, to in (("manager", "barometer"), ("evaluator", "barometer"), ("administrator", "users")):
        assert signed_in(role).get("/").headers["Location"] == reverse(to)
    client.logout()
    assert client.get("/").headers["Location"].startswith(reverse("sign-in"))


def test_a_case_is_new_until_it_is_opened(worker: Any, today: date) -> None:
    nothing_due()
    (first, second) = cases(worker, 2)
    for case in (first, second):
        due(case, "new_to_me", today - timedelta(days=2), worker=worker.user.username)
    due(first, "new_to_me", today - timedelta(days=2), worker="somebody")
    page = shown(worker, koe="new_to_me", hvem="alle")
    assert [row.name for row in page.context["rows"]] == [one.person.name for one in (first, second)]
    # being on a list is not being opened
    assert counts(shown(worker))["new_to_me"] == 2
    worker.get(reverse("case", args=[first.pk]))
    assert counts(shown(worker))["new_to_me"] == 1


def test_shielded_persons_are_in_no_queue_of_those_who_may_not_know_of_them(worker: Any, today: date) -> None:
    from indsats.web.models import Responsible

    nothing_due()
    (case,) = cases(worker)
    Responsible.objects.filter(case=case).delete()
    case.person.protected = True
    case.person.save(update_fields=["protected"])
    due(case, "no_show", today, worker=worker.user.username)
    page = shown(worker, hvem="alle", koe="no_show")
    assert counts(page)["no_show"] == 0
    assert case.person.name not in page.content.decode()
    Responsible.objects.create(case=case, role="x", worker=worker.user.username, since=today)
    page = shown(worker, hvem="alle", koe="no_show")
    assert counts(page)["no_show"] == 1
    assert "beskyttet" in page.content.decode()


def test_the_list_is_noted_as_read(worker: Any, today: date) -> None:
    from indsats.web.models import Access

    nothing_due()
    (case,) = cases(worker)
    due(case, "minutes", today, worker=worker.user.username)
    due(case, "minutes", today, worker=worker.user.username, what="y")
    before = Access.objects.count()
    shown(worker, koe="minutes")
    noted = Access.objects.order_by("pk")[before:]
    assert [(one.person_id, one.case, one.what) for one in noted] == [(case.person_id, case.pk, "day")]


def test_the_form_of_an_item_comes_back_to_its_place(worker: Any, today: date) -> None:
    nothing_due()
    (case,) = cases(worker, state="active")
    due(case, "no_show", today, worker=worker.user.username)
    (row,) = shown(worker, koe="no_show").context["rows"]
    said = urlsplit(row.do)
    assert said.path == reverse("register", args=[case.pk, "contact_attempt"])
    assert parse_qs(said.query)["next"] == ["/?koe=no_show&nr=1&hvem=mine"]
    form = worker.get(row.do)
    assert form.status_code == 200
    assert 'name="next" value="/?koe=no_show&amp;nr=1&amp;hvem=mine"' in form.content.decode()


def test_one_stands_where_one_left_or_at_the_last_when_that_is_gone(worker: Any, today: date) -> None:
    nothing_due()
    for case in cases(worker, 3):
        due(case, "no_show", today, worker=worker.user.username)
    for place, here in ((0, [False, False, False]), (2, [False, True, False]), (9, [False, False, True])):
        rows = shown(worker, koe="no_show", nr=place).context["rows"]
        assert [row.current for row in rows] == here


def test_pages_follow_one_another_and_the_last_is_shown_when_a_page_has_gone(
    worker: Any, today: date
) -> None:
    nothing_due()
    found = more_cases(worker, 101)
    for case in found:
        due(case, "minutes", today, worker=worker.user.username)
    places, address = [], reverse("day") + "?koe=minutes"
    while address:
        page = worker.get(address).context
        places += [row.place for row in page["rows"]]
        address = page["next"]
    assert places == list(range(1, 102))
    from indsats.web.models import Due

    Due.objects.filter(case=sorted(found, key=lambda one: one.pk)[-1]).delete()
    rows = shown(worker, koe="minutes", nr=101).context["rows"]
    assert [row.place for row in rows] == list(range(51, 101))
    assert shown(worker, koe="minutes", nr=10**30).status_code == 200


def test_from_a_case_to_the_next_of_its_queue(worker: Any, today: date) -> None:
    nothing_due()
    first, second, third = sorted(cases(worker, 3), key=lambda one: one.pk)
    for case in (first, second, third):
        due(case, "requirements", today, worker=worker.user.username, what="a")
        due(case, "requirements", today, worker=worker.user.username, what="b")
    rows = shown(worker, koe="requirements").context["rows"]
    beside = worker.get(rows[1].href).context["beside"]
    assert urlsplit(beside.previous).path == reverse("case", args=[first.pk])
    assert urlsplit(beside.next).path == reverse("case", args=[third.pk])
    assert parse_qs(urlsplit(beside.back).query)["nr"] == ["2"]
    assert worker.get(rows[0].href).context["beside"].previous is None
    assert worker.get(rows[2].href).context["beside"].next is None
    # once all is done about it, the case that took its place is the next
    second.due.all().delete()
    beside = worker.get(rows[1].href).context["beside"]
    assert urlsplit(beside.previous).path == reverse("case", args=[first.pk])
    assert urlsplit(beside.next).path == reverse("case", args=[third.pk])
    assert worker.get(reverse("case", args=[second.pk])).context["beside"] is None
    assert worker.get(reverse("case", args=[second.pk]), {"koe": "unassigned"}).context["beside"] is None


def test_a_form_opened_from_a_case_in_a_queue_comes_back_to_the_queue(worker: Any, today: date) -> None:
    nothing_due()
    (case,) = cases(worker, state="active")
    due(case, "no_show", today, worker=worker.user.username)
    (row,) = shown(worker, koe="no_show").context["rows"]
    form = worker.get(
        reverse("register", args=[case.pk, "contact_attempt"]),
        headers={"referer": f"http://testserver{row.href}"},
    )
    assert f'name="next" value="{row.href.replace("&", "&amp;")}"' in form.content.decode()


def test_hand_overs_stand_first_and_are_answered_from_the_list(worker: Any) -> None:
    from indsats.web import clock
    from indsats.web.models import Case, HandOver

    nothing_due()
    assert "overdragelser" not in counts(shown(worker))
    (case,) = cases(worker, state="active")
    elsewhere = Case.objects.exclude(site=worker.site).filter(person__protected=False).first()
    hidden = Case.objects.exclude(site=worker.site).exclude(person=elsewhere.person).first()
    hidden.person.protected = True
    hidden.person.save(update_fields=["protected"])
    asked = [
        HandOver.objects.create(
            case=one,
            role="caseworker",
            giver="giver",
            taker=worker.user.username,
            reason="Jeg flytter",
            asked=clock.now(),
        )
        for one in (case, elsewhere, hidden)
    ]
    page = shown(worker)
    assert next(iter(counts(page).items())) == ("overdragelser", 3)
    assert page.context["chosen"] == "overdragelser"
    assert [one.name for one in page.context["asked"]] == [
        case.person.name, elsewhere.person.name, "Beskyttet borger",
    ]  # fmt: skip
    assert [one.href is None for one in page.context["asked"]] == [False, True, True]
    assert hidden.person.name not in page.content.decode()
    worker.post(reverse("hand-over-answer", args=[asked[0].pk]), {"gør": "nej"})
    assert counts(shown(worker))["overdragelser"] == 2


def test_what_was_begun_is_a_queue_of_its_own(worker: Any) -> None:
    from indsats.web import clock
    from indsats.web.models import Draft

    nothing_due()
    (case,) = cases(worker, state="active")
    old = clock.now() - timedelta(days=40)
    Draft.objects.create(user=worker.user, case=case, kind="meeting", values={}, changed=clock.now())
    Draft.objects.create(user=worker.user, case=case, kind="plan", values={}, changed=old)
    assert counts(shown(worker))["kladder"] == 1
    (one,) = shown(worker, koe="kladder").context["drafts"]
    assert worker.get(one.href).status_code == 200


def test_what_is_being_brought_up_to_date_says_so_and_asks_again_a_few_times(
    worker: Any, today: date
) -> None:
    nothing_due()
    (case,) = cases(worker)
    due(case, "minutes", today, worker=worker.user.username)
    case.person.waiting = True
    case.person.save(update_fields=["waiting"])
    page = shown(worker, koe="minutes")
    assert "opdateres" in page.content.decode()
    asked = 0
    while page.context["again"]:
        page, asked = worker.get(page.context["again"]), asked + 1
    assert asked == 5


def test_both_languages_and_an_empty_day(worker: Any) -> None:
    nothing_due()
    assert "Du er ajour" in shown(worker).content.decode()
    worker.cookies["lang"] = "en"
    page = shown(worker).content.decode()
    assert "You are up to date" in page
    assert "Du er" not in page


def test_a_page_takes_few_questions_and_no_more_for_more_rows(
    worker: Any, coordinator: Any, today: date
) -> None:
    nothing_due()
    found = more_cases(worker, 45)
    for client in (worker, coordinator):
        client.force_login(client.user)
        asked = []
        for some in (found[:1], found):
            for case in some:
                due(case, "minutes", today, worker=client.user.username)
            for who in ("mine", "alle"):
                with CaptureQueriesContext(connection) as seen:
                    shown(client, koe="minutes", hvem=who)
                asked.append(len(seen))
        assert max(asked) <= 15, asked
        assert asked[:2] == asked[2:]


def test_the_lists_are_read_off_their_indexes(worker: Any, today: date) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan of a small table says nothing on PostgreSQL")
    with connection.cursor() as cursor:
        # what is known of the size of tables is forgotten: these are too small to need an index
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    (case,) = cases(worker)
    due(case, "minutes", today, worker=worker.user.username)
    for who in ("mine", "alle"):
        with CaptureQueriesContext(connection) as found:
            assert shown(worker, koe="minutes", hvem=who).context["rows"]
        about = [one["sql"] for one in found if 'FROM "web_due"' in one["sql"]]
        assert len(about) == 3
        for sql in about:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + sql)
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN web_")], plan
