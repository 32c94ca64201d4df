"""Lists: shown, brought in whole or not at all, and undone whole."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import town
from indsats.problem import InputRefused
from indsats.web import clock
from indsats.web.derive import project, rebuild, waiting
from indsats.web.models import (
    Batch,
    Case,
    Due,
    Fact,
    Membership,
    Person,
    PersonToken,
    Responsible,
    Site,
    User,
)
from indsats.web.record import batches, correct, register, withdraw
from indsats.web.record.batches import Rested, accept, drop, preview, undo
from indsats.web.rights import Reader

pytestmark = pytest.mark.django_db
OF = town.PROGRAMME


@pytest.fixture
def reader(db: None) -> Reader:
    """The coordinator of a site."""
    return _coordinator()


def _coordinator(site: str | None = None) -> Reader:
    held = Membership.objects.filter(role="coordinator", site__isnull=False)
    if site:
        held = held.filter(site=site)
    one = held.order_by("user__username").first()
    assert one is not None
    return Reader.of(one.user)


def _site(reader: Reader) -> str:
    return str(reader.memberships[0].site)


def _csv(*rows: dict[str, Any]) -> bytes:
    return pl.DataFrame(list(rows), infer_schema_length=None).write_csv(separator=";").encode()


def _visited(number: int = 0, **more: Any) -> dict[str, Any]:
    day = (clock.today() - timedelta(days=3)).strftime("%d-%m-%Y")
    row = {
        "person": f"{1 + number % 28:02}21{50 + number // 28:02}-1{number % 1000:03}",
        "occurred_from": day,
    }
    return {**row, "group": "gruppe-1", "name": f"Nanna Nummer{chr(97 + number % 26)}", **more}


def _enrolled(reader: Reader, number: int = 0, **more: Any) -> dict[str, Any]:
    row = {name: value for name, value in _visited(number).items() if name != "group"}
    return {**row, "service": "indsatsmodel", "site": _site(reader), "enrolment": f"e-list-{number}", **more}


def _shown(
    reader: Reader, *rows: dict[str, Any], holds: str = "visitation", site: str | None = None
) -> Batch:
    return preview(reader, OF, "liste.csv", _csv(*rows), holds, site or _site(reader))


def _derived() -> list[Any]:
    cases = sorted(
        Case.objects.values_list("pk", "person", "enrolment", "state", "start", "end", "group", "site"),
        key=str,
    )
    held = sorted(Responsible.objects.values_list("case", "role", "worker", "since", "until"), key=str)
    due = sorted(Due.objects.values_list("case", "queue", "what", "fact", "opens", "due"), key=str)
    return [cases, held, due]


def _project() -> None:
    while found := waiting():
        project(found)


def _everything() -> list[Any]:
    return [list(Fact.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())]


def test_shown_writes_nothing_and_says_what_it_would_do(reader: Reader) -> None:
    before = _everything()
    shown = _shown(reader, _visited(1), _visited(2), _visited(2, occurred_from="01-07-2020"))
    assert {name: shown.told[name] for name in ("rows", "facts", "already", "new", "known")} == {
        "rows": 3, "facts": 3, "already": 0, "new": 2, "known": 0,
    }  # fmt: skip
    assert not shown.told["problems"]
    assert _everything() == before


def test_accepted_is_written_whole_and_linked(reader: Reader) -> None:
    done = accept(reader, _shown(reader, _visited(1), _visited(2)))
    facts = Fact.objects.filter(batch=done)
    assert facts.count() == 2
    assert set(facts.values_list("site", flat=True)) == {_site(reader)}
    assert set(facts.values_list("recorded_by", flat=True)) == {reader.name}
    person = Person.objects.get(number=_visited(1)["person"])
    assert (person.name, person.birth_date, person.sex) == ("Nanna Nummerb", date(1950, 1, 2), "man")
    assert person.waiting
    assert person.revision == facts.get(person=person).pk
    assert PersonToken.objects.filter(person=person).count() == 2
    assert bytes(done.content) == b""
    _project()
    assert Case.objects.get(person=person).state == "candidate"


def test_a_row_that_is_wrong_leaves_nothing(reader: Reader) -> None:
    shown = _shown(
        reader, _visited(1), _visited(2, occurred_from="31-02-2020"), _visited(3, group="gruppe-9")
    )
    assert {(one["row"], one["column"]) for one in shown.told["problems"]} >= {(3, "occurred_from")}
    before = _everything()
    with pytest.raises(InputRefused):
        accept(reader, shown)
    assert _everything() == before


def test_no_number_is_told(reader: Reader) -> None:
    wrong = _visited(1, person="991374-1234")
    shown = _shown(reader, wrong, _visited(2, group="0121741234"))
    assert shown.told["problems"]
    assert "1234" not in str(shown.told)


def test_the_same_list_twice(reader: Reader) -> None:
    rows = (_visited(1), _visited(2))
    accept(reader, _shown(reader, *rows))
    _project()
    again = _shown(reader, *rows)
    assert (again.told["facts"], again.told["already"], again.told["known"]) == (0, 2, 2)
    with pytest.raises(InputRefused, match="there already"):
        accept(reader, again)
    both = accept(reader, _shown(reader, *rows, _visited(3)))
    assert Fact.objects.filter(batch=both).count() == 1


def test_one_batch_is_accepted_once(reader: Reader) -> None:
    shown = _shown(reader, _visited(1))
    accept(reader, shown)
    with pytest.raises(InputRefused, match="decided on"):
        accept(reader, shown)
    with pytest.raises(InputRefused, match="decided on"):
        drop(shown)


def test_a_row_twice_in_the_list(reader: Reader) -> None:
    shown = _shown(reader, _visited(1), _visited(1))
    assert "says the same" in shown.told["problems"][0]["what"]


def test_undo_restores_projections_and_keeps_every_fact(reader: Reader) -> None:
    rebuild()
    before = _derived()
    kept = list(Fact.objects.order_by("pk").values())
    done = accept(reader, _shown(reader, *(_visited(n) for n in range(5))))
    _project()
    assert _derived() != before
    undone = undo(reader.name, done, "wrong file")
    _project()
    assert _derived() == before
    assert list(Fact.objects.order_by("pk").values())[: len(kept)] == kept
    assert Fact.objects.filter(batch=done, version=1).count() == 5
    assert not Fact.objects.filter(batch=done, replaced_at=None).exists()
    assert set(Fact.objects.filter(batch=done, version=2).values_list("source", flat=True)) == {"wrong file"}
    assert (undone.undone_by, undone.reason) == (reader.name, "wrong file")
    assert not Person.objects.filter(name__startswith="Nanna Nummer").exists()
    rebuild()
    assert _derived() == before


def test_after_undo_the_list_can_come_again_and_again(reader: Reader) -> None:
    rows = (_visited(1), _visited(2, name="Nina Nyt"))
    for _ in range(3):
        undo(reader.name, accept(reader, _shown(reader, *rows)), "wrong")
    done = accept(reader, _shown(reader, *rows))
    assert Fact.objects.filter(batch=done).count() == 2
    assert _shown(reader, *rows).told["already"] == 2
    assert Person.objects.filter(name="Nina Nyt").count() == 1


def test_undone_once_and_with_a_reason(reader: Reader) -> None:
    done = accept(reader, _shown(reader, _visited(1)))
    with pytest.raises(InputRefused, match="reason"):
        undo(reader.name, done, " ")
    undo(reader.name, done, "wrong")
    with pytest.raises(InputRefused, match="not in the record"):
        undo(reader.name, done, "wrong")


def test_what_rests_on_it_refuses_undo(reader: Reader) -> None:
    done = accept(reader, _shown(reader, _enrolled(reader, 1), _enrolled(reader, 2), holds="enrolled"))
    person = Person.objects.get(number=_enrolled(reader, 1)["person"])
    values = {"enrolment": "e-list-1", "occurred_from": clock.today(), "type": "samtale", "outcome": "held"}
    cv = register("me", OF, "cv", {**dict(list(values.items())[:2]), "published": True}, person=person)
    before = _everything()
    with pytest.raises(Rested) as refused:
        undo(reader.name, done, "wrong")
    assert [(one.fact.fact, one.why) for one in refused.value.facts] == [(cv.fact, "enrolment")]
    assert _everything() == before
    withdraw("me", cv, reason="slip")
    undo(reader.name, done, "wrong")


def test_a_correction_rests_on_it_and_a_withdrawal_does_not(reader: Reader) -> None:
    done = accept(reader, _shown(reader, _visited(1), _visited(2)))
    one, two = Fact.objects.filter(batch=done).order_by("pk")
    new = correct("me", one, {"group": "gruppe-2"})
    withdraw("me", two, reason="slip")
    with pytest.raises(Rested) as refused:
        undo(reader.name, done, "wrong")
    assert [(one.fact.pk, one.why) for one in refused.value.facts] == [(new.pk, "corrected")]
    withdraw("me", new, reason="slip")
    undo(reader.name, done, "wrong")
    assert Fact.objects.filter(fact=two.fact).count() == 2


def test_an_enrolment_follows_a_visitation(reader: Reader) -> None:
    done = accept(reader, _shown(reader, _visited(1)))
    person = Person.objects.get(number=_visited(1)["person"])
    values = {
        "enrolment": "e-x",
        "occurred_from": clock.today(),
        "service": "indsatsmodel",
        "site": _site(reader),
    }
    register("me", OF, "enrolled", values, person=person)
    with pytest.raises(Rested) as refused:
        undo(reader.name, done, "wrong")
    assert [one.why for one in refused.value.facts] == ["followed"]


def test_numbers_in_any_way_are_one_person(reader: Reader) -> None:
    accept(reader, _shown(reader, _visited(1)))
    _project()
    plain = _visited(1)["person"].replace("-", "")
    shown = _shown(reader, _visited(1, person=plain), _visited(1, person=plain, occurred_from="02-07-2020"))
    assert (shown.told["already"], shown.told["facts"], shown.told["new"]) == (1, 1, 0)
    accept(reader, shown)
    assert Person.objects.filter(name="Nanna Nummerb").count() == 1


def test_enrolments_are_named_by_the_server(reader: Reader) -> None:
    row = {name: value for name, value in _enrolled(reader, 1).items() if name != "enrolment"}
    done = accept(reader, _shown(reader, row, holds="enrolled"))
    fact = Fact.objects.get(batch=done)
    assert fact.enrolment.startswith("e-")
    assert _shown(reader, row, holds="enrolled").told["already"] == 1
    _project()
    assert Case.objects.get(enrolment=fact.enrolment).state == "active"


def test_an_enrolment_of_somebody_else(reader: Reader) -> None:
    there = Case.objects.filter(programme=OF).exclude(enrolment="").first()
    assert there is not None
    shown = _shown(reader, _enrolled(reader, 1, enrolment=there.enrolment), holds="enrolled")
    assert shown.told["problems"][0]["what"] == "the enrolment is in use"


def test_only_for_the_sites_one_has(reader: Reader) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=_site(reader)).first()
    assert other is not None
    shown = _shown(reader, _visited(1, site=other.key))
    assert [(one["row"], one["column"]) for one in shown.told["problems"]] == [(2, "site")]
    unknown = _shown(reader, _visited(1, site="nowhere"))
    assert [one["column"] for one in unknown.told["problems"]] == ["site"]
    without = preview(reader, OF, "visitation.csv", _csv(_visited(1)))
    assert [one["what"] for one in without.told["problems"]] == ["'site' is not filled in"]
    far = Case.objects.filter(programme=OF).exclude(site=_site(reader)).exclude(enrolment="").first()
    assert far is not None
    strange = {
        "person": far.person.number,
        "enrolment": far.enrolment,
        "occurred_from": "01-07-2020",
        "published": "ja",
    }
    shown = _shown(reader, strange, holds="cv")
    assert {one["what"] for one in shown.told["problems"]} == {"there is no such enrolment"}


def test_somebody_one_may_not_see_looks_new(reader: Reader) -> None:
    mine = Person.objects.create(number="012150-1999", name="Hemmelig Person", birth_date=date(1950, 1, 1))
    register(
        "me",
        OF,
        "visitation",
        {"site": _other(reader), "occurred_from": date(2020, 1, 1), "group": "gruppe-2"},
        person=mine,
    )
    _project()
    row = _visited(1, person=mine.number, name="Nanna Ny", birth_date="1951-01-01")
    shown = _shown(reader, row)
    assert (shown.told["new"], shown.told["known"]) == (1, 0)
    assert [one["what"] for one in shown.told["problems"]] == ["the row cannot be brought in here"]
    row.pop("birth_date")
    done = accept(reader, _shown(reader, row))
    assert Fact.objects.get(batch=done).person == mine
    mine.refresh_from_db()
    assert mine.name == "Hemmelig Person"


def _other(reader: Reader) -> str:
    found = Site.objects.filter(programme=OF).exclude(key=_site(reader)).first()
    assert found is not None
    return found.key


def test_likely_the_same_as_somebody_here(reader: Reader) -> None:
    accept(reader, _shown(reader, _visited(1, name="Karen Margrethe Skov")))
    _project()
    there = Person.objects.get(name="Karen Margrethe Skov")
    shown = _shown(reader, _visited(1, person="022150-1777", name="Karen Margrete Skov"), _visited(5))
    assert shown.told["likely"] == [[2, there.pk]] or shown.told["likely"] == [(2, there.pk)]


def test_a_list_of_persons(reader: Reader) -> None:
    accept(reader, _shown(reader, _visited(1, name="")))
    row = {"person": _visited(1)["person"], "name": "Nanna Navn", "education": "primary", "protected": "ja"}
    done = accept(reader, preview(reader, OF, "persons.csv", _csv(row)))
    person = Person.objects.get(number=row["person"])
    assert (person.name, person.education, person.protected) == ("Nanna Navn", "primary", True)
    undo(reader.name, done, "wrong")
    person.refresh_from_db()
    assert (person.name, person.education, person.protected) == ("", None, False)
    assert not PersonToken.objects.filter(person=person).exists()


def test_what_is_known_is_not_overwritten(reader: Reader) -> None:
    accept(reader, _shown(reader, _visited(1)))
    _project()
    shown = preview(
        reader, OF, "persons.csv", _csv({"person": _visited(1)["person"], "birth_date": "1949-01-01"})
    )
    assert [one["column"] for one in shown.told["problems"]] == ["birth_date"]


def test_rows_that_contradict_one_another(reader: Reader) -> None:
    shown = _shown(
        reader, _visited(1, education="primary"), _visited(1, education="higher", occurred_from="01-07-2020")
    )
    assert {(one["row"], one["column"]) for one in shown.told["problems"]} == {
        (2, "education"),
        (3, "education"),
    }


@pytest.mark.parametrize(("name", "content", "said"), [
    ("liste.csv", b"person;occurred_from\n\xe6;1\n", "Windows-1252"),
    ("liste.csv", b"", "empty"),
    ("liste.xlsx", b"PK\x03\x04nothing", "workbook"),
    ("liste.txt", b"a", "no format"),
    ("meeting.csv", b"person;occurred_from;recorded_at\n", "recorded_at"),
    ("site_setting.csv", b"site;occurred_from;setting;value\n", "not about persons"),
])  # fmt: skip
def test_files_that_cannot_be_read(reader: Reader, name: str, content: bytes, said: str) -> None:
    holds = None if name.startswith(("meeting", "site")) else "visitation"
    shown = preview(reader, OF, name, content, holds, _site(reader))
    assert any(said in f"{one['what']} {one['column']}" for one in shown.told["problems"])
    with pytest.raises(InputRefused):
        accept(reader, shown)


def test_excel_and_parquet(reader: Reader, tmp_path: Path) -> None:
    rows = pl.DataFrame([_visited(1), _visited(2)])
    rows.write_excel(tmp_path / "visitation.xlsx")
    rows.write_parquet(tmp_path / "visitation.parquet")
    excel = preview(
        reader, OF, "visitation.xlsx", (tmp_path / "visitation.xlsx").read_bytes(), None, _site(reader)
    )
    accept(reader, excel)
    shown = preview(
        reader, OF, "v.parquet", (tmp_path / "visitation.parquet").read_bytes(), "visitation", _site(reader)
    )
    assert shown.told["already"] == 2


def test_more_rows_than_a_screen_takes(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indsats.web.record.plans.MOST", 3)
    shown = _shown(reader, *(_visited(n) for n in range(4)))
    assert "4 rows" in shown.told["problems"][0]["what"]


def test_somebody_writing_meanwhile_has_it_looked_at_anew(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = accept(reader, _shown(reader, _visited(1)))
    _project()
    person = Person.objects.get(number=_visited(1)["person"])
    values = {
        "enrolment": "e-meanwhile",
        "occurred_from": date(2020, 7, 1),
        "service": "indsatsmodel",
        "site": _site(reader),
    }
    shown = _shown(reader, _enrolled(reader, 1), holds="enrolled")
    assert not shown.told["problems"]
    own, calls = batches.plan_list, []

    def planned(*args: Any) -> Any:
        plan = own(*args)
        if not calls:
            calls.append(register("other", OF, "enrolled", values, person=person))
        return plan

    monkeypatch.setattr(batches, "plan_list", planned)
    with pytest.raises(InputRefused, match="already enrolled in the same service"):
        accept(reader, shown)
    assert first.accepted is not None


def test_old_lists_nobody_decided_on_are_forgotten(reader: Reader) -> None:
    shown = _shown(reader, _visited(1))
    Batch.objects.filter(pk=shown.pk).update(made=clock.now() - timedelta(days=8))
    accepted = accept(reader, _shown(reader, _visited(2)))
    Batch.objects.filter(pk=accepted.pk).update(made=clock.now() - timedelta(days=8))
    _shown(reader, _visited(3))
    assert set(Batch.objects.values_list("pk", flat=True)) >= {accepted.pk}
    assert not Batch.objects.filter(pk=shown.pk).exists()


def test_dropped_is_gone(reader: Reader) -> None:
    shown = _shown(reader, _visited(1))
    drop(shown)
    assert not Batch.objects.exists()
    assert User.objects.exists()
