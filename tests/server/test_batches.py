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
from indsats.web.derive import rebuild
from indsats.web.models import (
    Batch,
    Case,
    Fact,
    Person,
    PersonToken,
    User,
)
from indsats.web.record import batches, correct, register, withdraw
from indsats.web.record.batches import Rested, accept, drop, preview, undo
from indsats.web.rights import Reader
from listbook import (
    derived,
    enrolled,
    everything,
    project_all,
    shown_list,
    site_of,
    visited,
)

pytestmark = pytest.mark.django_db
OF = town.PROGRAMME


def test_shown_writes_nothing_and_says_what_it_would_do(reader: Reader) -> None:
    before = everything()
    shown = shown_list(reader, visited(1), visited(2), visited(2, occurred_from="01-07-2020"))
    assert {name: shown.told[name] for name in ("rows", "facts", "already", "new", "known")} == {
        "rows": 3, "facts": 3, "already": 0, "new": 2, "known": 0,
    }  # fmt: skip
    assert not shown.told["problems"]
    assert everything() == before


def test_accepted_is_written_whole_and_linked(reader: Reader) -> None:
    done = accept(reader, shown_list(reader, visited(1), visited(2)))
    facts = Fact.objects.filter(batch=done)
    assert facts.count() == 2
    assert set(facts.values_list("site", flat=True)) == {site_of(reader)}
    assert set(facts.values_list("recorded_by", flat=True)) == {reader.name}
    person = Person.objects.get(number=visited(1)["person"])
    assert (person.name, person.birth_date, person.sex) == ("Nanna Nummerb", date(1950, 1, 2), "man")
    assert person.waiting
    assert person.revision == facts.get(person=person).pk
    assert PersonToken.objects.filter(person=person).count() == 2
    assert bytes(done.content) == b""
    project_all()
    assert Case.objects.get(person=person).state == "candidate"


def test_a_row_that_is_wrong_leaves_nothing(reader: Reader) -> None:
    shown = shown_list(
        reader, visited(1), visited(2, occurred_from="31-02-2020"), visited(3, group="gruppe-9")
    )
    assert {(one["row"], one["column"]) for one in shown.told["problems"]} >= {(3, "occurred_from")}
    before = everything()
    with pytest.raises(InputRefused):
        accept(reader, shown)
    assert everything() == before


def test_no_number_is_told(reader: Reader) -> None:
    wrong = visited(1, person="991374-1234")
    shown = shown_list(reader, wrong, visited(2, group="0121741234"))
    assert shown.told["problems"]
    assert "1234" not in str(shown.told)


def test_the_same_list_twice(reader: Reader) -> None:
    rows = (visited(1), visited(2))
    accept(reader, shown_list(reader, *rows))
    project_all()
    again = shown_list(reader, *rows)
    assert (again.told["facts"], again.told["already"], again.told["known"]) == (0, 2, 2)
    with pytest.raises(InputRefused, match="there already"):
        accept(reader, again)
    both = accept(reader, shown_list(reader, *rows, visited(3)))
    assert Fact.objects.filter(batch=both).count() == 1


def test_one_batch_is_accepted_once(reader: Reader) -> None:
    shown = shown_list(reader, visited(1))
    accept(reader, shown)
    with pytest.raises(InputRefused, match="decided on"):
        accept(reader, shown)
    with pytest.raises(InputRefused, match="decided on"):
        drop(shown)


def test_a_row_twice_in_the_list(reader: Reader) -> None:
    shown = shown_list(reader, visited(1), visited(1))
    assert "says the same" in shown.told["problems"][0]["what"]


def test_undo_restores_projections_and_keeps_every_fact(reader: Reader) -> None:
    rebuild()
    before = derived()
    kept = list(Fact.objects.order_by("pk").values())
    done = accept(reader, shown_list(reader, *(visited(n) for n in range(5))))
    project_all()
    assert derived() != before
    undone = undo(reader.name, done, "wrong file")
    project_all()
    assert derived() == before
    assert list(Fact.objects.order_by("pk").values())[: len(kept)] == kept
    assert Fact.objects.filter(batch=done, version=1).count() == 5
    assert not Fact.objects.filter(batch=done, replaced_at=None).exists()
    assert set(Fact.objects.filter(batch=done, version=2).values_list("source", flat=True)) == {"wrong file"}
    assert (undone.undone_by, undone.reason) == (reader.name, "wrong file")
    assert not Person.objects.filter(name__startswith="Nanna Nummer").exists()
    rebuild()
    assert derived() == before


def test_after_undo_the_list_can_come_again_and_again(reader: Reader) -> None:
    rows = (visited(1), visited(2, name="Nina Nyt"))
    for _ in range(3):
        undo(reader.name, accept(reader, shown_list(reader, *rows)), "wrong")
    done = accept(reader, shown_list(reader, *rows))
    assert Fact.objects.filter(batch=done).count() == 2
    assert shown_list(reader, *rows).told["already"] == 2
    assert Person.objects.filter(name="Nina Nyt").count() == 1


def test_undone_once_and_with_a_reason(reader: Reader) -> None:
    done = accept(reader, shown_list(reader, visited(1)))
    with pytest.raises(InputRefused, match="reason"):
        undo(reader.name, done, " ")
    undo(reader.name, done, "wrong")
    with pytest.raises(InputRefused, match="not in the record"):
        undo(reader.name, done, "wrong")


def test_what_rests_on_it_refuses_undo(reader: Reader) -> None:
    done = accept(reader, shown_list(reader, enrolled(reader, 1), enrolled(reader, 2), holds="enrolled"))
    person = Person.objects.get(number=enrolled(reader, 1)["person"])
    values = {"enrolment": "e-list-1", "occurred_from": clock.today(), "type": "samtale", "outcome": "held"}
    cv = register("me", OF, "cv", {**dict(list(values.items())[:2]), "published": True}, person=person)
    before = everything()
    with pytest.raises(Rested) as refused:
        undo(reader.name, done, "wrong")
    assert [(one.fact.fact, one.why) for one in refused.value.facts] == [(cv.fact, "enrolment")]
    assert everything() == before
    withdraw("me", cv, reason="slip")
    undo(reader.name, done, "wrong")


def test_a_correction_rests_on_it_and_a_withdrawal_does_not(reader: Reader) -> None:
    done = accept(reader, shown_list(reader, visited(1), visited(2)))
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
    done = accept(reader, shown_list(reader, visited(1)))
    person = Person.objects.get(number=visited(1)["person"])
    values = {
        "enrolment": "e-x",
        "occurred_from": clock.today(),
        "service": "indsatsmodel",
        "site": site_of(reader),
    }
    register("me", OF, "enrolled", values, person=person)
    with pytest.raises(Rested) as refused:
        undo(reader.name, done, "wrong")
    assert [one.why for one in refused.value.facts] == ["followed"]


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
    shown = preview(reader, OF, name, content, holds, site_of(reader))
    assert any(said in f"{one['what']} {one['column']}" for one in shown.told["problems"])
    with pytest.raises(InputRefused):
        accept(reader, shown)


def test_excel_and_parquet(reader: Reader, tmp_path: Path) -> None:
    rows = pl.DataFrame([visited(1), visited(2)])
    rows.write_excel(tmp_path / "visitation.xlsx")
    rows.write_parquet(tmp_path / "visitation.parquet")
    excel = preview(
        reader, OF, "visitation.xlsx", (tmp_path / "visitation.xlsx").read_bytes(), None, site_of(reader)
    )
    accept(reader, excel)
    shown = preview(
        reader, OF, "v.parquet", (tmp_path / "visitation.parquet").read_bytes(), "visitation", site_of(reader)
    )
    assert shown.told["already"] == 2


def test_more_rows_than_a_screen_takes(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indsats.web.record.plans.MOST", 3)
    shown = shown_list(reader, *(visited(n) for n in range(4)))
    assert "4 rows" in shown.told["problems"][0]["what"]


def test_somebody_writing_meanwhile_has_it_looked_at_anew(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = accept(reader, shown_list(reader, visited(1)))
    project_all()
    person = Person.objects.get(number=visited(1)["person"])
    values = {
        "enrolment": "e-meanwhile",
        "occurred_from": date(2020, 7, 1),
        "service": "indsatsmodel",
        "site": site_of(reader),
    }
    shown = shown_list(reader, enrolled(reader, 1), holds="enrolled")
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
    shown = shown_list(reader, visited(1))
    Batch.objects.filter(pk=shown.pk).update(made=clock.now() - timedelta(days=8))
    accepted = accept(reader, shown_list(reader, visited(2)))
    Batch.objects.filter(pk=accepted.pk).update(made=clock.now() - timedelta(days=8))
    shown_list(reader, visited(3))
    assert set(Batch.objects.values_list("pk", flat=True)) >= {accepted.pk}
    assert not Batch.objects.filter(pk=shown.pk).exists()


def test_dropped_is_gone(reader: Reader) -> None:
    shown = shown_list(reader, visited(1))
    drop(shown)
    assert not Batch.objects.exists()
    assert User.objects.exists()
