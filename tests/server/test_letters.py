"""Letters to citizens: made of the case alone, looked at first, and kept byte for byte as they were given."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from filled_form import serve
from pdf_text import spoken

pytestmark = pytest.mark.django_db

PROGRAMME, REPORT = "flere-skal-med", "min-plan"
MOST = 15
"""So many questions to the database a page may ask."""


@pytest.fixture
def theirs(client: Any) -> tuple[Any, Any]:
    """A client of somebody who may do all in a programme, and a case with nothing in it but its beginning."""
    from indsats.web.models import User

    case = serve(PROGRAMME)
    client.force_login(User.objects.get(username=f"prøve-{PROGRAMME}"))
    return client, case


def ask(client: Any, case: Any, do: str = "give", **more: str) -> Any:
    sent = {"rapport": REPORT, "sprog": "da", "format": "pdf", "do": do, **more}
    return client.post(reverse("case-letters", args=[case.public]), sent)


def told(case: Any, kind: str, **said: Any) -> Any:
    """Register something of the case."""
    from indsats.web import clock
    from indsats.web.record import register

    values = {"occurred_from": clock.today().isoformat(), "enrolment": case.enrolment, "site": case.site}
    user = f"prøve-{PROGRAMME}"
    return register(user, case.programme, kind, values | said, person=case.person)


def words_of(pdf: bytes) -> str:
    """Everything a screen reader meets, without spaces."""
    return "".join(text for kind, text in spoken(pdf) if kind == "Document")


def test_a_letter_tells_what_the_case_holds_today(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "job_goal", level="A", occupation="lagermedarbejder")
    answer = ask(client, case, "look", kontakt="Vagttelefonen")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{PROGRAMME}-{REPORT}-')
    words = words_of(answer.content)
    assert "agermedarbejder" in words
    assert "Vagttelefonen" in words
    assert case.person.number not in words


def test_a_letter_looked_at_is_not_kept_and_one_given_is(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Access, Letter

    client, case = theirs
    address = reverse("case-letters", args=[case.public])
    assert "Borgeren har ikke fået breve" in client.get(address).content.decode()
    assert ask(client, case, "look").content.startswith(b"%PDF")
    assert not Letter.objects.exists()
    answer = ask(client, case)
    assert answer["Location"] == address
    (kept,) = Letter.objects.all()
    assert kept.digest == sha256(bytes(kept.content)).hexdigest()
    page = client.get(address).content.decode()
    assert kept.digest[:12] in page
    assert f'href="{reverse("case-letter", args=[case.public, kept.public])}"' in page
    noted = list(
        Access.objects.filter(what__startswith="letter").order_by("pk").values_list("what", flat=True)
    )
    assert noted == ["letter-looked", "letter-given"]


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("word", b"PK")])
def test_the_copy_is_what_was_given_whatever_is_recorded_later(
    theirs: tuple[Any, Any], form: str, begins: bytes
) -> None:
    from indsats.web.models import Letter

    client, case = theirs
    ask(client, case, format=form, sprog="en")
    (kept,) = Letter.objects.all()
    copy = reverse("case-letter", args=[case.public, kept.public])
    first = client.get(copy)
    assert first.content.startswith(begins)
    told(case, "job_goal", level="A", occupation="lagermedarbejder")
    case.person.name = "Et Andet Navn"
    case.person.save()
    again = client.get(copy)
    assert again.content == first.content == bytes(kept.content)
    assert again["Content-Disposition"] == first["Content-Disposition"]


def test_the_database_refuses_to_change_or_delete_a_letter(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Letter

    client, case = theirs
    ask(client, case)
    for change in (lambda: Letter.objects.update(content=b"another"), lambda: Letter.objects.all().delete()):
        with pytest.raises(DatabaseError, match="letters are never changed"), transaction.atomic():
            change()
    assert Letter.objects.get().content


def test_nothing_is_told_of_another_course_of_the_person(theirs: tuple[Any, Any]) -> None:
    from indsats.web import clock

    client, case = theirs
    told(case, "job_goal", level="A", occupation="lagermedarbejder")
    told(case, "enrolled", enrolment="another", occurred_from=clock.today().isoformat())
    told(case, "job_goal", level="B", occupation="gartner", enrolment="another")
    words = words_of(ask(client, case, "look").content)
    assert "agermedarbejder" in words
    assert "artner" not in words


def test_who_does_not_see_all_that_is_told_is_offered_no_letter(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Letter, Membership, Responsible, User

    client, case = theirs
    ask(client, case)
    (kept,) = Letter.objects.all()
    helper = User.objects.create(username="cti")
    Membership.objects.create(user=helper, role="cti_worker", programme=PROGRAMME, site=case.site)
    Responsible.objects.create(case=case, role="r", worker="cti", since=case.start)
    client.force_login(helper)
    assert client.get(reverse("case", args=[case.public])).status_code == 200
    for name, more in (("case-letters", ()), ("case-letter", (kept.public,))):
        assert client.get(reverse(name, args=[case.public, *more])).status_code == 404
    assert ask(client, case).status_code == 404
    assert Letter.objects.count() == 1


def test_a_letter_of_one_case_is_not_found_in_another(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Case, Letter, Person

    client, case = theirs
    ask(client, case)
    (kept,) = Letter.objects.all()
    other = Case.objects.get(pk=case.pk)
    other.pk, other.enrolment, other.person = "andensag", "anden", Person.objects.create(number="anden")
    other.save(force_insert=True)
    assert client.get(reverse("case-letters", args=[other.pk])).status_code == 200
    assert client.get(reverse("case-letter", args=[other.public, kept.public])).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"rapport": "udvikling"}, {"rapport": "ingen"}, {"sprog": "de"}, {"format": "html"}]
)
def test_what_is_no_letter_is_not_made(theirs: tuple[Any, Any], wrong: dict[str, str]) -> None:
    client, case = theirs
    assert ask(client, case, **wrong).status_code == 404


def test_a_programme_without_a_letter_says_what_to_do(client: Any) -> None:
    from indsats.web.models import User

    case = serve("udvikling-i-fleksjob")
    client.force_login(User.objects.get(username="prøve-udvikling-i-fleksjob"))
    page = client.get(reverse("case-letters", args=[case.public])).content.decode()
    assert "Indsatsen har intet brev" in page
    address = reverse("case-letters", args=[case.public])
    assert address not in client.get(reverse("case", args=[case.public])).content.decode()


def test_the_page_asks_the_database_few_questions_and_reads_no_file(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    for _ in range(3):
        ask(client, case)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse("case-letters", args=[case.public])).status_code == 200
    assert len(asked) <= MOST
    assert not [one for one in asked.captured_queries if '"web_letter"."content"' in one["sql"]]
