"""A data folder goes into the database and comes out as it was, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

import town
from indsats.library import definition_path
from indsats.problem import InputRefused
from indsats.programme import load
from indsats.record import Record, payload_columns, read_record
from indsats.web.models import Fact, Person, PersonToken, Served, Site, folded
from indsats.web.record import record_of
from indsats.web.record.loading import load_record

pytestmark = pytest.mark.django_db
OTHER = "udvikling-i-fleksjob"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Sixty people of another programme; some are in the municipality already."""
    from indsats.simulate import simulate

    programme = load(definition_path(OTHER))
    return read_record(simulate(programme, 60, 3, tmp_path_factory.mktemp("other") / "data"), programme)


@pytest.fixture(scope="module")
def given(municipality: tuple[Path, date]) -> Record:
    """The municipality as its data folder has it."""
    return read_record(municipality[0], load(definition_path(town.PROGRAMME)))


def _same(there: Record, given: Record) -> None:
    """The same facts, with the same cells, version for version."""
    assert {kind for kind, table in there.facts.items() if table.height} == {
        kind for kind, table in given.facts.items() if table.height
    }
    for kind, table in given.facts.items():
        found = there.facts[kind].sort("id", "version")
        assert found.select(table.columns).equals(table.sort("id", "version")), kind


def test_what_went_in_comes_out(given: Record) -> None:
    there = record_of(town.PROGRAMME)
    _same(there, given)
    assert there.sites.equals(given.sites)
    assert there.synthetic
    with_facts = given.persons.filter(pl.col("person").is_in(there.persons["person"].implode()))
    assert there.persons.sort("person").equals(with_facts.sort("person"))


def test_a_person_with_everything_that_text_can_hold(given: Record) -> None:
    """Commas, quotes, line breaks, backslashes and letters of all kinds pass both databases' doors unharmed."""
    odd = 'Sagde: "nej, \\N \\. ;\' %s {}"\nny linje\ttab\r\n – æøå 漢字 🙂'
    table = given.facts["contact_attempt"].head(1).with_columns(source=pl.lit(odd), id=pl.lit("odd-1"))
    plan = given.facts["subgoal_reviewed"].head(1).with_columns(subgoal=pl.lit(odd), id=pl.lit("odd-2"))
    empty = given.facts["subgoal_reviewed"].head(1).with_columns(source=pl.lit(""), id=pl.lit("odd-3"))
    facts = {"contact_attempt": table, "subgoal_reviewed": pl.concat([plan, empty])}
    keys = dict(Person.objects.values_list("number", "id"))
    from indsats.web.record.loading import write_facts

    Served.objects.create(
        programme="odd",
        definition=Served.objects.get(pk=town.PROGRAMME).definition,
        since="2020-01-01T00:00Z",
    )
    write_facts(facts, "odd", keys)
    rows = {row.fact: row for row in Fact.objects.filter(programme="odd")}
    assert rows["odd-1"].source == odd
    assert rows["odd-2"].payload["subgoal"] == odd
    assert rows["odd-3"].source == ""
    assert rows["odd-1"].replaced_at is None


def test_payload_holds_what_is_filled_and_nothing_else(given: Record) -> None:
    for kind, table in given.facts.items():
        names = payload_columns(kind, given.programme)
        for row in table.head(20).rows(named=True):
            said = Fact.objects.get(programme=town.PROGRAMME, fact=row["id"], version=row["version"]).payload
            wanted = {name: row[name] for name in names if row[name] is not None}
            assert said == json.loads(json.dumps(wanted, default=date.isoformat)), kind


def test_a_second_programme_shares_the_people(other: Record) -> None:
    before = Person.objects.count()
    known = set(Person.objects.values_list("number", flat=True)) & set(other.persons["person"])
    load_record(other, definition_path(OTHER), names=lambda number: f"Prøve Person{number[:2]}")
    _same(record_of(OTHER), other)
    assert Person.objects.count() == before + other.persons.height - len(known)
    new = Person.objects.filter(number__in=set(other.persons["person"]) - known)
    assert {one.name[:6] for one in new} == {"Prøve "}
    assert PersonToken.objects.filter(person__in=new, token=folded("Prøve")[0]).count() == new.count()
    assert not Person.objects.filter(facts__programme=OTHER, waiting=False).exists()
    for person in Person.objects.filter(facts__programme=OTHER).distinct()[:10]:
        assert person.revision == person.facts.order_by("-pk").values_list("pk", flat=True)[0]


def test_sites_carry_the_newest_fact_about_them(given: Record) -> None:
    for site in Site.objects.filter(programme=town.PROGRAMME):
        about = Fact.objects.filter(programme=town.PROGRAMME, person=None, site=site.key)
        assert site.revision == max(about.values_list("pk", flat=True), default=0)


def test_what_fails_half_way_leaves_nothing(other: Record) -> None:
    """The second part of the facts cannot be written: nothing of any of it is there."""
    before = (Person.objects.count(), Fact.objects.count(), Site.objects.count(), Served.objects.count())
    kind, table = next((kind, table) for kind, table in other.facts.items() if table.height > 1)
    twice = replace(other, facts={**other.facts, kind: pl.concat([table, table.tail(1)])})
    with pytest.raises(Exception, match=r"fact_version|UNIQUE"):
        load_record(twice, definition_path(OTHER))
    assert before == (
        Person.objects.count(), Fact.objects.count(), Site.objects.count(), Served.objects.count()
    )  # fmt: skip


def test_stopped_with_ctrl_c_it_leaves_nothing(other: Record) -> None:
    before = Fact.objects.count()

    def stop(done: int, total: int, what: str) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_record(other, definition_path(OTHER), progress=stop)
    assert Fact.objects.count() == before
    assert not Served.objects.filter(programme=OTHER).exists()


def test_twice_is_refused(given: Record) -> None:
    with pytest.raises(InputRefused, match=r"has facts of .* already"):
        load_record(given, definition_path(town.PROGRAMME))


def test_some_persons_are_read_with_all_their_facts_and_no_others(given: Record) -> None:
    keys = list(Person.objects.filter(cases__isnull=False).order_by("id").values_list("id", flat=True)[:7])
    numbers = set(Person.objects.filter(pk__in=keys).values_list("number", flat=True))
    there = record_of(town.PROGRAMME, keys)
    assert set(there.persons["person"]) == numbers
    for kind, table in given.facts.items():
        wanted = table.filter(pl.col("person").is_in(list(numbers)))
        assert (
            there.table(kind).sort("id", "version").select(table.columns).equals(wanted.sort("id", "version"))
        ), kind


def test_kinds_and_facts_about_places_are_asked_for(given: Record) -> None:
    key = Person.objects.filter(facts__kind="meeting").order_by("id").values_list("id", flat=True)[0]
    there = record_of(town.PROGRAMME, (key,), ("meeting", "enrolled"))
    assert {kind for kind, table in there.facts.items() if table.height} == {"meeting", "enrolled"}
    settings = record_of(town.PROGRAMME, (key,), sites=("site_setting",))
    about = {
        kind
        for kind, table in settings.facts.items()
        if table.height and table["person"].null_count() == table.height
    }
    assert about == {"site_setting"}
    both = record_of(town.PROGRAMME, (), sites=True)
    assert both.table("site_answered").height == given.facts["site_answered"].height


def test_a_merged_person_is_read_under_the_number_of_the_one_kept(given: Record) -> None:
    gone, kept = Person.objects.filter(cases__isnull=False).distinct().order_by("id")[:2]
    apart = record_of(town.PROGRAMME, (gone.pk, kept.pk))
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    for asked in ((kept.pk,), (gone.pk,), (gone.pk, kept.pk)):
        there = record_of(town.PROGRAMME, asked)
        assert there.persons["person"].to_list() == [kept.number]
        for kind, table in apart.facts.items():
            assert there.table(kind).height == table.height
            assert set(there.table(kind)["person"]) <= {kept.number}


def test_more_persons_than_a_statement_has_places_for(given: Record) -> None:
    many = [*Person.objects.values_list("id", flat=True), *range(10**9, 10**9 + 40000)]
    there = record_of(town.PROGRAMME, many)
    assert there.table("meeting").height == given.facts["meeting"].height


def test_a_fact_cannot_be_changed_or_deleted_by_the_database() -> None:
    from django.db import DatabaseError, transaction

    fact = Fact.objects.filter(replaced_at=None).first()
    assert fact is not None
    said = "facts are never changed or deleted"
    for statement in (
        "UPDATE web_fact SET source = 'x' WHERE id = %s",
        "UPDATE web_fact SET payload = '{}' WHERE id = %s",
        "DELETE FROM web_fact WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [fact.pk])
    Fact.objects.filter(pk=fact.pk).update(replaced_at="2030-01-01T00:00Z")
    with pytest.raises(DatabaseError, match=said), transaction.atomic():
        Fact.objects.filter(pk=fact.pk).update(replaced_at=None)
