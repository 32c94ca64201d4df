"""Hard upper bounds of what a page asks of the database, on two thousand cases: queries, and no table gone through."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import town
from indsats.web import clock
from indsats.web.models import Case, Due, Fact, Membership, Person, PersonToken, Responsible, User, folded
from indsats.web.record import record_of
from indsats.web.record.loading import write_facts
from visitor import hidden

pytestmark = pytest.mark.django_db
MOST = 15
MOST_IN_A_WRITE = 22
"""A registration looks again at what it was decided on, in a transaction, and sends one on."""
CASES = 2000
BIG = {"web_fact", "web_due", "web_case", "web_responsible", "web_person", "web_persontoken", "web_access"}
"""Tables nobody may go through from end to end to show a page."""
FEW = {"person_protected", "person_merged", "person_waiting"}
"""Indexes of some rows only: gone through, they are no table."""
KINDS = ("enrolled", "assigned", "meeting", "exit", "visitation", "requirement_answered")


def _crowd() -> None:
    """Copies of the municipality's people until there are two thousand cases, with facts and what is due."""
    record = record_of(town.PROGRAMME)
    numbers = record.persons["person"].to_list()
    people = {one.number: one for one in Person.objects.filter(number__in=numbers)}
    cases = list(Case.objects.all())
    held, due = list(Responsible.objects.all()), list(Due.objects.all())
    for copy in range(CASES // len(cases)):
        made = Person.objects.bulk_create(
            Person(number=f"{copy}:{one}", name=people[one].name) for one in numbers
        )
        PersonToken.objects.bulk_create(
            PersonToken(person=one, token=part) for one in made for part in folded(one.name)
        )
        keys = {one.number: one.pk for one in made}
        tables = {}
        for kind in KINDS:
            table = record.table(kind).filter(pl.col("person").is_not_null())
            named = (
                pl.concat_str(pl.lit(f"{copy}:"), name).alias(name) for name in ("id", "person", "enrolment")
            )
            tables[kind] = table.with_columns(*named)
        write_facts(tables, town.PROGRAMME, keys)
        of = {people[one].pk: keys[f"{copy}:{one}"] for one in numbers}
        _rows(copy, cases, [*held, *due], of)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows(copy: int, cases: list[Case], rows: list[Any], of: dict[int, int]) -> None:
    """The projections of a copy, copied too: what a page reads is what counts here."""
    renamed = {}
    for one in cases:
        fields = {field.attname: getattr(one, field.attname) for field in Case._meta.concrete_fields}
        named = {"person_id": of[one.person_id], "enrolment": f"{copy}:{one.enrolment}"}
        renamed[one.pk] = Case(**{**fields, **named, "public": f"k{copy:02}{one.pk[3:]}"})
    Case.objects.bulk_create(renamed.values())
    for model in (Responsible, Due):
        names = [
            field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "case_id")
        ]
        model.objects.bulk_create(
            model(case=renamed[row.case_id], **{name: getattr(row, name) for name in names})
            for row in rows
            if isinstance(row, model)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A page: what it is called, whose it is, and its address; ``sent`` is what a form there is filled in with."""

    name: str
    role: str
    path: str
    sent: dict[str, str] | None = None
    form: str = ""


PAGES = (
    Asked("my day", "caseworker", "/"),
    Asked("a queue of my day", "caseworker", "/?koe=requirements"),
    Asked("the day of a site", "coordinator", "/"),
    Asked("case", "caseworker", "/sager/{case}/"),
    Asked("form", "caseworker", "/sager/{case}/ny/meeting/"),
    Asked("registering", "caseworker", "/sager/{case}/ny/contact_attempt/", {"reached": "false"}, "reached"),
    Asked("search", "caseworker", "/soeg/", {"q": "{name}"}, "q"),
    Asked("cases", "caseworker", "/sager/"),
    Asked("cases of a site", "coordinator", "/sager/?state=active"),
    Asked("intake", "coordinator", "/visitation/"),
    Asked("assignment", "coordinator", "/fordeling/"),
)


def _user(role: str) -> tuple[User, Case]:
    """The user of a role with most cases, and one of those."""
    held = Membership.objects.filter(role=role, site__isnull=False, programme=town.PROGRAMME).select_related(
        "user"
    )

    def active(one: Membership) -> Any:
        found = Case.objects.filter(state="active", site=one.site)
        return found.filter(responsible__worker=one.user.username) if role == "caseworker" else found

    best = max(held.order_by("pk"), key=lambda one: active(one).count())
    case = active(best).select_related("person").order_by("pk").first()
    assert case is not None
    return best.user, case


def _opening(client: Client, asked: Asked) -> Callable[[], Any]:
    user, case = _user(asked.role)
    client.force_login(user)
    path = asked.path.format(case=case.pk)
    shown = client.get(path)  # what a process reads once, such as the definitions, has been read
    if asked.sent is None:
        return lambda: client.get(path)
    name = case.person.name.split()[0][:4]
    fields = dict(hidden(shown.content.decode(), f'name="{asked.form}"'))
    sent = {key: value.format(name=name) for key, value in asked.sent.items()}
    return lambda: client.post(path, {**fields, "occurred_from": clock.today().isoformat(), **sent})


def test_no_page_asks_more_than_fifteen_questions_or_goes_through_a_table(client: Client) -> None:
    _crowd()
    assert Case.objects.count() > CASES * 0.9
    assert Fact.objects.count() > 20 * CASES
    assert Due.objects.count() > CASES
    wrong = []
    for asked in PAGES:
        page = _opening(client, asked)
        with CaptureQueriesContext(connection) as said:
            answer = page()
        assert answer.status_code in (200, 302), (asked.name, answer.status_code)
        questions = [
            one["sql"] for one in said.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))
        ]
        print(f"{asked.name}: {len(questions)} questions")  # noqa: T201 - shown when it fails
        if len(questions) > (MOST_IN_A_WRITE if asked.sent and asked.form == "reached" else MOST):
            wrong.append(
                f"{asked.name}: {len(questions)} questions:\n" + "\n".join(one[:160] for one in questions)
            )
        if connection.vendor == "sqlite":
            wrong += [f"{asked.name}: {told}" for question in questions for told in _gone_through(question)]
    assert not wrong, "\n".join(wrong)


def _gone_through(question: str) -> list[str]:
    """The big tables a question reads from end to end, as SQLite plans it."""
    if not question.startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    called = {short: table for table, short in re.findall(r'"(web_\w+)" (?:AS )?"?([TUVW]\d+)"?', question)}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + question.replace("%", "%%"))
        steps = [row[3] for row in cursor.fetchall()]
    scans = [found for step in steps if (found := re.match(r"SCAN (\S+)(?: USING .*INDEX (\S+))?", step))]
    return [
        f"{one[0]}: {question[:3000]}"
        for one in scans
        if called.get(one[1], one[1]) in BIG and one[2] not in FEW
    ]
