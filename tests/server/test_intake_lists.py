"""The screens of lists and draws, without a script: shown, written, put away, undone, and refused with words."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import town
from indsats.programme import Arm, Draw, Text
from indsats.web import clock
from indsats.web.derive import project, waiting
from indsats.web.models import Access, Batch, Case, Fact, Membership, Person, Site
from indsats.web.record import register
from indsats.web.words import intake_problems

pytestmark = pytest.mark.django_db
OF = town.PROGRAMME


@pytest.fixture
def coordinator(signed_in: Callable[[str], Any]) -> Any:
    return signed_in("coordinator")


def _site() -> str:
    one = Membership.objects.filter(role="coordinator").order_by("user__username").first()
    assert one is not None
    return str(one.site)


def _row(number: int = 1, **more: Any) -> dict[str, Any]:
    day = (clock.today() - timedelta(days=3)).isoformat()
    row = {
        "person": f"{number % 28 + 1:02}2161-1{number:03}",
        "name": f"Nanna Nr{number}",
        "occurred_from": day,
    }
    return {**row, "group": "gruppe-1", **more}


def _send(client: Any, *rows: dict[str, Any], name: str = "liste.csv", **more: Any) -> Any:
    content = pl.DataFrame(list(rows), infer_schema_length=None).write_csv(separator=";").encode()
    sent = {
        "programme": OF,
        "sted": _site(),
        "kind": "visitation",
        "fil": SimpleUploadedFile(name, content),
        **more,
    }
    return client.post("/visitation/liste/", sent)


def _text(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def _project() -> None:
    while found := waiting():
        project(found)


def test_shown_then_written_then_undone(coordinator: Any) -> None:
    path = _send(coordinator, *(_row(n) for n in range(5))).url
    assert not Fact.objects.filter(batch__isnull=False).exists()
    shown = _text(coordinator.get(path))
    assert "Nye registreringer 5" in shown
    assert "Intet er skrevet endnu" in shown
    assert coordinator.post(path + "skriv/").url == path
    assert Fact.objects.filter(batch__isnull=False).count() == 5
    _project()
    assert "Fortryd listen" in _text(coordinator.get(path))
    assert "liste.csv" in _text(coordinator.get("/visitation/lister/"))
    undo = path + "fortryd/"
    assert coordinator.get(undo).status_code == 200
    assert coordinator.post(undo, {"reason": ""}).status_code == 422
    assert coordinator.post(undo, {"reason": "forkert fil"}).url == path
    assert "forkert fil" in _text(coordinator.get(path))
    assert not Fact.objects.filter(batch__isnull=False, replaced_at=None).exists()
    assert coordinator.get(undo).status_code == 404


def test_nobody_undoes_what_lies_at_sites_they_bring_no_lists_in_to(coordinator: Any) -> None:
    path = _send(coordinator, *(_row(n) for n in range(2))).url
    assert coordinator.post(path + "skriv/").url == path
    _project()
    Membership.objects.filter(user__pk=coordinator.session["_auth_user_id"]).update(site="et-andet-sted")
    assert coordinator.post(path + "fortryd/", {"reason": "forkert fil"}).url == path
    assert Fact.objects.filter(batch__isnull=False, replaced_at=None).count() == 2


def test_put_away_is_gone(coordinator: Any) -> None:
    path = _send(coordinator, _row()).url
    assert coordinator.post(path + "laeg-vaek/").url == "/visitation/"
    assert coordinator.get(path).status_code == 404
    assert not Batch.objects.exists()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_problems_are_told_row_by_row(coordinator: Any, lang: str) -> None:
    coordinator.cookies["lang"] = lang
    path = _send(coordinator, _row(1), _row(2, occurred_from="31-02-2020"), _row(3, group="=9+1")).url
    shown = coordinator.get(path)
    text = _text(shown)
    assert ("Det er ikke en dato" if lang == "da" else "Is not a date") in text
    assert "gruppe-9" not in text
    assert f"{path}skriv/" not in shown.content.decode()
    assert coordinator.post(path + "skriv/").status_code == 409
    assert not Fact.objects.filter(batch__isnull=False).exists()
    file = coordinator.get(path + "fejl.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {(row["row"], row["column"]) for row in rows} >= {("3", "occurred_from"), ("4", "group")}
    assert next(row["value"] for row in rows if row["column"] == "group").startswith("'=")


def test_no_number_in_page_or_address(coordinator: Any) -> None:
    path = _send(coordinator, _row(1, person="991361-1234"), name="0203611234 borgere.csv").url
    assert "1234" not in path
    assert "991361" not in coordinator.get(path).content.decode()
    assert "1234" not in _text(coordinator.get("/visitation/lister/"))


def test_likely_duplicates_are_shown(coordinator: Any) -> None:
    coordinator.post(_send(coordinator, _row(1, name="Karen Margrethe Skov")).url + "skriv/")
    _project()
    path = _send(coordinator, _row(1, person="022161-1777", name="Karen Margrete Skov")).url
    text = _text(coordinator.get(path))
    assert "Række 2 ligner" in text
    assert "Karen Margrethe Skov" in text
    assert Access.objects.filter(what="batch").exists()


def test_what_rests_on_it_is_listed(coordinator: Any) -> None:
    row = {name: value for name, value in _row(1, service="indsatsmodel").items() if name != "group"}
    path = _send(coordinator, row, kind="enrolled").url
    coordinator.post(path + "skriv/")
    person = Person.objects.get(name="Nanna Nr1")
    enrolment = Fact.objects.get(person=person).enrolment
    register(
        "me",
        OF,
        "cv",
        {"enrolment": enrolment, "occurred_from": clock.today(), "published": True},
        person=person,
    )
    _project()
    for answer in (
        coordinator.get(path + "fortryd/"),
        coordinator.post(path + "fortryd/", {"reason": "forkert"}),
    ):
        assert answer.status_code == 409
        assert "Nanna Nr1" in _text(answer)
        assert "hører til et forløb fra listen" in _text(answer)
    assert Fact.objects.filter(person=person, replaced_at=None).count() == 2


@pytest.mark.parametrize("sent", [{"fil": ""}, {}])
def test_a_file_is_needed(coordinator: Any, sent: dict[str, Any]) -> None:
    answer = coordinator.post("/visitation/liste/", {"programme": OF, "kind": "visitation", **sent})
    assert answer.status_code == 422
    assert "Vælg en fil" in _text(answer)


@pytest.mark.parametrize("kind", ["site_setting", "sites", "nothing"])
def test_only_what_one_may_register(coordinator: Any, kind: str) -> None:
    assert _send(coordinator, _row(), kind=kind).status_code == 404


def test_the_file_s_name_can_say_it(coordinator: Any) -> None:
    path = _send(coordinator, _row(), kind="", name="visitation-2020.csv").url
    assert Batch.objects.get().kind == "visitation"
    assert "Nye registreringer 1" in _text(coordinator.get(path))
    unclear = _send(coordinator, _row(), kind="", name="borgere.csv").url
    assert "Filens navn siger ikke" in _text(coordinator.get(unclear))


def test_an_empty_list_can_be_filled_in(coordinator: Any) -> None:
    for kind in ("visitation", "enrolled", "persons", "meeting"):
        answer = coordinator.get(f"/visitation/liste/tom/{kind}.csv")
        heading = answer.content.decode("utf-8-sig").strip().split(";")
        assert heading[0] == "person"
        assert {"name", "birth_date"} <= set(heading)
        told = {"person": "032161-1234", "occurred_from": "2020-07-01"}
        filled = {name: told.get(name, "") for name in heading}
        path = _send(coordinator, filled, kind=kind).url
        problems = Batch.objects.get(public=path.rstrip("/").rpartition("/")[2]).told["problems"]
        assert not [one for one in problems if "heading" in one["what"]]
    assert coordinator.get("/visitation/liste/tom/site_setting.csv").status_code == 404


def test_another_site_s_lists_are_not_there(coordinator: Any, client: Any) -> None:
    path = _send(coordinator, _row()).url
    other = Membership.objects.filter(role="coordinator").exclude(site=_site()).first()
    assert other is not None
    client.force_login(other.user)
    for answer in (
        client.get(path), client.post(path + "skriv/"), client.post(path + "laeg-vaek/"), client.get(path + "fejl.csv"),
        client.get(path + "fortryd/"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert "liste.csv" not in _text(client.get("/visitation/lister/"))
    assert Batch.objects.exists()


def test_the_page_of_a_long_list_asks_few_queries(
    coordinator: Any, django_assert_max_num_queries: Any
) -> None:
    path = _send(coordinator, *(_row(n, group="no") for n in range(300))).url
    with django_assert_max_num_queries(15):
        assert "De første 200 af 300" in _text(coordinator.get(path))


def _with_draw(monkeypatch: pytest.MonkeyPatch, shares: tuple[float | None, float | None]) -> None:
    from indsats.web.programmes import programme

    text = Text(da="Lodtrækning", en="Lottery")
    why = {"source": ["decision"], "note": text}
    named = zip(("ind", "ude"), shares, strict=True)
    arms = {
        name: Arm(title=Text(da=f"Gruppe {name}", en=f"Arm {name}"), share=share, **why)
        for name, share in named
    }
    made = Draw(title=text, about=text, group="gruppe-1", arms=arms, **why)
    of = programme(OF).model_copy(update={"draws": {"lod": made}, "visitation": None})
    monkeypatch.setattr("indsats.web.programmes._loaded", lambda _: of)


def _candidates(client: Any, many: int = 12) -> None:
    client.post(_send(client, *(_row(n) for n in range(many))).url + "skriv/")
    _project()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_draw_is_shown_kept_and_undone(
    coordinator: Any, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    _with_draw(monkeypatch, (0.5, 0.5))
    _candidates(coordinator)
    coordinator.cookies["lang"] = lang
    n = Case.objects.filter(state="candidate", group="gruppe-1", site=_site()).count()
    assert str(n) in _text(coordinator.get("/visitation/udtraek/"))
    path = coordinator.post("/visitation/udtraek/", {"programme": OF, "sted": _site(), "draw": "lod"}).url
    shown = _text(coordinator.get(path))
    made = Batch.objects.get(public=path.rstrip("/").rpartition("/")[2])
    assert made.told["seed"] in shown
    assert ("kvinde" if lang == "da" else "woman") in shown
    assert not Fact.objects.filter(kind="drawn").exists()
    coordinator.post(path + "skriv/")
    assert Fact.objects.filter(kind="drawn").count() == n
    coordinator.post(path + "fortryd/", {"reason": "forkert dag"})
    assert not Fact.objects.filter(kind="drawn", replaced_at=None).exists()


def test_numbers_for_each_arm_where_no_shares_are_known(
    coordinator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_draw(monkeypatch, (None, None))
    _candidates(coordinator)
    n = Case.objects.filter(state="candidate", group="gruppe-1", site=_site()).count()
    sent = {"programme": OF, "sted": _site(), "draw": "lod"}
    for numbers in (
        {},
        {"arm-ind": "3"},
        {"arm-ind": "3", "arm-ude": str(n)},
        {"arm-ind": "0", "arm-ude": str(n)},
    ):
        answer = coordinator.post("/visitation/udtraek/", {**sent, **numbers})
        assert answer.status_code == 422
        assert f"tilsammen giver {n}" in _text(answer)
    path = coordinator.post("/visitation/udtraek/", {**sent, "arm-ind": "3", "arm-ude": str(n - 3)}).url
    assert Batch.objects.get(public=path.rstrip("/").rpartition("/")[2]).told["counts"] == {
        "ind": 3,
        "ude": n - 3,
    }


def test_a_draw_that_is_no_longer_true_is_refused(coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_draw(monkeypatch, (0.5, 0.5))
    _candidates(coordinator)
    path = coordinator.post("/visitation/udtraek/", {"programme": OF, "sted": _site(), "draw": "lod"}).url
    register(
        "me",
        OF,
        "drawn",
        {"occurred_from": clock.today(), "draw": "lod", "arm": "ind"},
        person=Person.objects.get(name="Nanna Nr1"),
    )
    answer = coordinator.post(path + "skriv/")
    assert answer.status_code == 409
    assert "ikke længere de samme" in _text(answer)


def test_every_refusal_of_a_list_has_danish_words() -> None:
    """What these lists are refused for is told in words of its own, not in the general ones."""
    for what in (
        "the file is empty", "the row has 3 cells where the heading has 4", "the column 'person' is missing",
        "the heading is not a column of this kind of table", "is not a date", "'occurred_from' is not filled in",
        "the value is not one that 'group' can take", "the enrolment is in use", "there is no such enrolment",
        "the rows about one person do not say the same", "you bring in nothing for the site",
        "the row says the same, or has the same id, as liste.csv row 7", "the row cannot be brought in here",
        "the record already says something else about this person", "the list has 7000 rows, and 5000 is the most",
    ):  # fmt: skip
        said = intake_problems.problem_said(what, "Do it.", "da")
        assert said != intake_problems._OTHER, what
        assert "{" not in said


def test_only_sites_of_ones_own(coordinator: Any) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=_site()).first()
    assert other is not None
    assert _send(coordinator, _row(), sted=other.key).status_code == 404


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"person": [[1]], "name": ["Nanna"]}),
        pl.DataFrame({"person": ["1", "2"], "name": [b"x", b"\xff"]}),
        pl.DataFrame({"person": ["010190-1234"]}).select(pl.col("person").repeat_by(200_000).explode()),
    ],
    ids=["lists", "bytes", "many"],
)
def test_a_parquet_file_of_something_else_or_of_too_much_is_refused_in_words(
    coordinator: Any, frame: pl.DataFrame
) -> None:
    content = io.BytesIO()
    frame.write_parquet(content)
    sent = SimpleUploadedFile("liste.parquet", content.getvalue())
    answer = _send(coordinator, _row(), kind="persons", fil=sent)
    assert answer.status_code == 302
    page = _text(coordinator.get(answer["Location"]))
    assert "Listen har 200000 rækker" in page if frame.height > 2 else "ikke en Parquet-fil" in page
