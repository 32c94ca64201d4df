"""Two persons who are one: joined, read as one, and parted again without losing anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import town
from indsats.problem import InputRefused
from indsats.web import clock
from indsats.web.derive import rebuild
from indsats.web.models import Case, Due, Fact, Merge, Person, Responsible, Site
from indsats.web.record import record_of, register
from indsats.web.record.likeness import Known, like, likeness, name_likeness, pairs
from indsats.web.record.merging import merge, undo
from indsats.web.record.numbers import birth_of, forms, is_replacement, sex_of, written

pytestmark = pytest.mark.django_db


def _new(number: str, name: str = "", **more: Any) -> Person:
    return Person.objects.create(number=number, name=name, **more)


def _enrol(person: Person, enrolment: str, service: str = "indsatsmodel", days_ago: int = 10) -> Fact:
    site = Site.objects.filter(programme=town.PROGRAMME).order_by("key").first()
    assert site is not None
    values = {
        "enrolment": enrolment,
        "site": site.key,
        "service": service,
        "occurred_from": clock.today() - timedelta(days=days_ago),
    }
    return register("somebody", town.PROGRAMME, "enrolled", values, person=person)


def _cv(person: Person, enrolment: str | None = None) -> Fact:
    values = {"enrolment": enrolment, "occurred_from": clock.today(), "published": True}
    return register("somebody", town.PROGRAMME, "cv", values, person=person)


def _rows() -> list[Any]:
    """Everything the projections say, without the keys of their rows."""
    cases = sorted(
        Case.objects.values_list("pk", "person", "enrolment", "state", "start", "end", "group"), key=str
    )
    held = sorted(Responsible.objects.values_list("case", "role", "worker", "since", "until"), key=str)
    due = sorted(Due.objects.values_list("case", "queue", "what", "fact", "opens", "due"), key=str)
    return [cases, held, due]


@pytest.fixture
def two() -> tuple[Person, Person]:
    gone, kept = _new("703174-1235", "Ane Holm"), _new("102174-1235", "Anne Holm")
    _enrol(gone, "e-gone", days_ago=10)
    _enrol(kept, "e-kept", "rehabiliteringsspor")
    return gone, kept


def test_everything_is_read_under_the_one_that_was_kept(two: tuple[Person, Person]) -> None:
    gone, kept = two
    merge("me", gone, kept, "the same citizen with a replacement number")
    found = record_of(town.PROGRAMME, (kept.pk,)).as_of().enrolments()
    assert sorted(found["enrolment"]) == ["e-gone", "e-kept"]
    assert set(found["person"]) == {kept.number}
    assert set(Case.objects.filter(enrolment__in=("e-gone", "e-kept")).values_list("person", flat=True)) == {
        kept.pk
    }
    assert not Case.objects.filter(person=gone).exists()


def test_no_fact_is_touched_and_parting_gives_the_same_rows(two: tuple[Person, Person]) -> None:
    gone, kept = two
    rebuild()
    before, facts = _rows(), list(Fact.objects.order_by("pk").values())
    done = merge("me", gone, kept, "the same")
    assert _rows() != before
    assert list(Fact.objects.order_by("pk").values()) == facts
    assert undo("you", done).undone_by == "you"
    assert _rows() == before
    assert list(Fact.objects.order_by("pk").values()) == facts


def test_rebuild_gives_what_merging_gave(two: tuple[Person, Person]) -> None:
    merge("me", *two, "the same")
    rows = _rows()
    rebuild()
    assert _rows() == rows


def test_enrolled_in_the_same_service_at_the_same_time_is_refused(two: tuple[Person, Person]) -> None:
    gone, kept = two
    _enrol(kept, "e-same", days_ago=4)
    with pytest.raises(InputRefused) as refused:
        merge("me", gone, kept, "the same")
    assert "already enrolled in the same service" in str(refused.value)
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"reason": "  "}, "merge.reason"),
        ({"kept": "gone"}, "merge.same"),
        ({"shielded": "gone"}, "merge.shielded"),
    ],
)
def test_refused_with_words(two: tuple[Person, Person], change: dict[str, str], key: str) -> None:
    gone, kept = two
    if "shielded" in change:
        Person.objects.filter(pk=gone.pk).update(protected=True)
    with pytest.raises(InputRefused) as refused:
        merge("me", gone, gone if "kept" in change else kept, change.get("reason", "the same"))
    assert key in {problem.field for problem in refused.value.problems}


def test_no_chains(two: tuple[Person, Person]) -> None:
    gone, kept = two
    third = _new("113174-1235", "Ane Holm")
    merge("me", gone, kept, "the same")
    with pytest.raises(InputRefused, match="joined to somebody already"):
        merge("me", gone, third, "the same")
    with pytest.raises(InputRefused, match="the one that is to go"):
        merge("me", kept, third, "the same")
    merge("me", third, kept, "the same")  # several into one is well


def test_parted_only_once(two: tuple[Person, Person]) -> None:
    done = merge("me", *two, "the same")
    undo("me", done)
    with pytest.raises(InputRefused, match="parted already"):
        undo("me", done)


def test_what_is_written_meanwhile_stays_with_its_enrolment(two: tuple[Person, Person]) -> None:
    gone, kept = two
    done = merge("me", gone, kept, "the same")
    gone.refresh_from_db()
    theirs, own, loose = _cv(kept, "e-gone"), _cv(kept, "e-kept"), _cv(gone)
    assert (theirs.person, own.person, loose.person) == (gone, kept, kept)
    undo("me", done)
    found = record_of(town.PROGRAMME, (gone.pk,)).as_of().table("cv")
    assert found["enrolment"].to_list() == ["e-gone"]
    assert Case.objects.get(enrolment="e-gone").person == gone


def test_parting_is_refused_when_facts_would_point_to_the_other(two: tuple[Person, Person]) -> None:
    gone, kept = two
    done = merge("me", gone, kept, "the same")
    _cv(kept, "e-kept")
    row = Fact.objects.get(kind="cv", enrolment="e-kept", person=kept)
    row.pk, row.fact, row.enrolment = None, "cv-astray", "e-gone"
    row.save(force_insert=True)
    with pytest.raises(InputRefused, match="no such enrolment"):
        undo("me", done)
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_somebody_writing_meanwhile_looks_again(two: tuple[Person, Person]) -> None:
    gone, kept = two
    seen = {one.pk: Person.objects.get(pk=one.pk).revision for one in two}
    merge("me", gone, kept, "the same")
    for one in two:
        now = Person.objects.get(pk=one.pk)
        assert now.revision > seen[one.pk]
    assert _cv(kept).pk > Person.objects.get(pk=gone.pk).revision


def test_numbers() -> None:
    assert written("1021741235") == written("102174 1235") == "102174-1235"
    assert written(" pseudonym-7 ") == "pseudonym-7"
    assert set(forms("1021741235")) == {"102174-1235", "1021741235"}
    assert birth_of("282274-1235") == birth_of("882274-1235") == date(1974, 2, 28)
    assert (birth_of("282204-4235"), birth_of("282204-8235")) == (date(2004, 2, 28), date(2004, 2, 28))
    assert birth_of("312274-1235") is None
    assert (is_replacement("882274-1235"), is_replacement("282274-1235")) == (True, False)
    assert (sex_of("282274-1235"), sex_of("282274-1234"), sex_of("p7")) == ("man", "woman", None)


def test_who_may_be_one() -> None:
    anne = Known(1, "282274-1234", "Anne Holm Sørensen", None, None)
    ane = Known(2, "282274-1236", "Sørensen, Ane Holm", None, None)
    replaced = Known(3, "882274-1236", "Anna Sorensen", None, "woman")
    brother = Known(4, "282274-1235", "Arne Holm Sørensen", None, None)
    other = Known(5, "282274-1238", "Bodil Juhl", None, None)
    assert likeness(anne, ane) is not None
    assert likeness(anne, brother) is None
    assert {(pair.one.key, pair.other.key) for pair in pairs((anne, ane, replaced, brother, other))} >= {
        (1, 2)
    }
    assert [pair.other.key for pair in like(ane, (anne, other))] == [1]
    assert name_likeness("Anne Holm", "holm anne") == 1.0
    assert name_likeness("", "Anne") == 0.0
