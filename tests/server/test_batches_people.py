"""Whom a list is about: known or new, seen or not, named in any way, at the sites one has."""

from __future__ import annotations

from datetime import date

import pytest

import town
from indsats.web.models import (
    Case,
    Fact,
    Person,
    PersonToken,
    Site,
)
from indsats.web.record import register
from indsats.web.record.batches import accept, preview, undo
from indsats.web.rights import Reader
from listbook import (
    as_csv,
    enrolled,
    project_all,
    shown_list,
    site_of,
    visited,
)

pytestmark = pytest.mark.django_db
OF = town.PROGRAMME


def test_numbers_in_any_way_are_one_person(reader: Reader) -> None:
    accept(reader, shown_list(reader, visited(1)))
    project_all()
    plain = visited(1)["person"].replace("-", "")
    shown = shown_list(reader, visited(1, person=plain), visited(1, person=plain, occurred_from="02-07-2020"))
    assert (shown.told["already"], shown.told["facts"], shown.told["new"]) == (1, 1, 0)
    accept(reader, shown)
    assert Person.objects.filter(name="Nanna Nummerb").count() == 1


def test_enrolments_are_named_by_the_server(reader: Reader) -> None:
    row = {name: value for name, value in enrolled(reader, 1).items() if name != "enrolment"}
    done = accept(reader, shown_list(reader, row, holds="enrolled"))
    fact = Fact.objects.get(batch=done)
    assert fact.enrolment.startswith("e-")
    assert shown_list(reader, row, holds="enrolled").told["already"] == 1
    project_all()
    assert Case.objects.get(enrolment=fact.enrolment).state == "active"


def test_an_enrolment_of_somebody_else(reader: Reader) -> None:
    there = Case.objects.filter(programme=OF).exclude(enrolment="").first()
    assert there is not None
    shown = shown_list(reader, enrolled(reader, 1, enrolment=there.enrolment), holds="enrolled")
    assert shown.told["problems"][0]["what"] == "the enrolment is in use"


def test_only_for_the_sites_one_has(reader: Reader) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=site_of(reader)).first()
    assert other is not None
    shown = shown_list(reader, visited(1, site=other.key))
    assert [(one["row"], one["column"]) for one in shown.told["problems"]] == [(2, "site")]
    unknown = shown_list(reader, visited(1, site="nowhere"))
    assert [one["column"] for one in unknown.told["problems"]] == ["site"]
    without = preview(reader, OF, "visitation.csv", as_csv(visited(1)))
    assert [one["what"] for one in without.told["problems"]] == ["'site' is not filled in"]
    far = Case.objects.filter(programme=OF).exclude(site=site_of(reader)).exclude(enrolment="").first()
    assert far is not None
    strange = {
        "person": far.person.number,
        "enrolment": far.enrolment,
        "occurred_from": "01-07-2020",
        "published": "ja",
    }
    shown = shown_list(reader, strange, holds="cv")
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
    project_all()
    row = visited(1, person=mine.number, name="Nanna Ny", birth_date="1951-01-01")
    shown = shown_list(reader, row)
    assert (shown.told["new"], shown.told["known"]) == (1, 0)
    assert [one["what"] for one in shown.told["problems"]] == ["the row cannot be brought in here"]
    row.pop("birth_date")
    done = accept(reader, shown_list(reader, row))
    assert Fact.objects.get(batch=done).person == mine
    mine.refresh_from_db()
    assert mine.name == "Hemmelig Person"


def _other(reader: Reader) -> str:
    found = Site.objects.filter(programme=OF).exclude(key=site_of(reader)).first()
    assert found is not None
    return found.key


def test_a_list_of_persons_tells_and_changes_nothing_of_somebody_one_may_not_see(reader: Reader) -> None:
    other = Case.objects.filter(programme=OF).exclude(site=site_of(reader)).select_related("person").first()
    assert other is not None
    Person.objects.filter(pk=other.person_id).update(protected=True, area=None)
    told = []
    for number in (other.person.number, "290261-1999"):
        shown = shown_list(reader, {"person": number, "name": "Nanna", "area": "nord"}, holds="persons")
        told.append({name: shown.told[name] for name in ("new", "known", "filled", "problems")})
        assert accept(reader, shown).accepted
    assert told[0] == told[1]
    assert Person.objects.get(pk=other.person_id).area is None


def test_likely_the_same_as_somebody_here(reader: Reader) -> None:
    accept(reader, shown_list(reader, visited(1, name="Karen Margrethe Skov")))
    project_all()
    there = Person.objects.get(name="Karen Margrethe Skov")
    shown = shown_list(reader, visited(1, person="022150-1777", name="Karen Margrete Skov"), visited(5))
    assert shown.told["likely"] == [[2, there.pk]] or shown.told["likely"] == [(2, there.pk)]


def test_a_list_of_persons(reader: Reader) -> None:
    accept(reader, shown_list(reader, visited(1, name="")))
    row = {"person": visited(1)["person"], "name": "Nanna Navn", "education": "primary", "protected": "ja"}
    done = accept(reader, preview(reader, OF, "persons.csv", as_csv(row)))
    person = Person.objects.get(number=row["person"])
    assert (person.name, person.education, person.protected) == ("Nanna Navn", "primary", True)
    undo(reader.name, done, "wrong")
    person.refresh_from_db()
    assert (person.name, person.education, person.protected) == ("", None, False)
    assert not PersonToken.objects.filter(person=person).exists()


def test_what_is_known_is_not_overwritten(reader: Reader) -> None:
    accept(reader, shown_list(reader, visited(1)))
    project_all()
    shown = preview(
        reader, OF, "persons.csv", as_csv({"person": visited(1)["person"], "birth_date": "1949-01-01"})
    )
    assert [one["column"] for one in shown.told["problems"]] == ["birth_date"]


def test_rows_that_contradict_one_another(reader: Reader) -> None:
    shown = shown_list(
        reader, visited(1, education="primary"), visited(1, education="higher", occurred_from="01-07-2020")
    )
    assert {(one["row"], one["column"]) for one in shown.told["problems"]} == {
        (2, "education"),
        (3, "education"),
    }
