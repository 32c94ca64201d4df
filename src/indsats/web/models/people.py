"""Persons and sites: the master data facts point to."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .derived import Case
    from .facts import Fact
    from .users import User


def public_key() -> str:
    """What an address carries instead of a person number."""
    return secrets.token_urlsafe(9)


class Person(models.Model):
    """Somebody the record has facts about, under the number they are known by.

    ``revision`` is the key of the last fact row about the person (0: none yet); ``waiting`` says that facts have
    come since the projections were made. A person who was merged into another keeps their own facts.
    """

    merged_into_id: int | None
    facts: models.Manager[Fact]
    cases: models.Manager[Case]
    users: models.Manager[User]

    public = models.CharField(max_length=16, unique=True, default=public_key)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=20, null=True, blank=True)
    origin = models.CharField(max_length=60, null=True, blank=True)
    civil_status = models.CharField(max_length=60, null=True, blank=True)
    education = models.CharField(max_length=60, null=True, blank=True)
    area = models.CharField(max_length=60, null=True, blank=True)
    protected = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    revision = models.BigIntegerField(default=0)
    waiting = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="person_waiting", condition=models.Q(waiting=True)),
            # few are merged: an index of all would make SQLite think that asking for one of them finds everybody
            models.Index(
                fields=["merged_into"], name="person_merged", condition=models.Q(merged_into__isnull=False)
            ),
            models.Index(fields=["birth_date"], name="person_born"),
            models.Index(fields=["id"], name="person_protected", condition=models.Q(protected=True)),
        ]


def as_one(keys: Iterable[int]) -> list[int]:
    """The keys of persons and of everybody merged into one of them, to be asked for as ``person__in``; one query.

    A list of keys is looked up; for an OR of two questions databases would rather go through every fact there is.
    """
    of = list(keys)
    found = Person.objects.filter(models.Q(pk__in=of) | models.Q(merged_into__in=of))
    return list(found.values_list("pk", flat=True))


class PersonToken(models.Model):
    """A part of a person's name as it is searched for: lower case, without accents."""

    person_id: int

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=60)

    class Meta:
        indexes = [
            # PostgreSQL finds the beginning of a text by an index only when told that it shall
            models.Index(
                fields=["token", "person"], name="person_token", opclasses=["varchar_pattern_ops", "int8_ops"]
            )
        ]


def folded(name: str) -> list[str]:
    """The parts of a name as they are searched for; å, æ and ø stay letters of their own."""
    kept = "".join(
        char
        if char in "æøåÆØÅ"
        else "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
        for char in unicodedata.normalize("NFC", name)
    )
    return [part for part in kept.lower().replace("-", " ").replace(".", " ").split() if part]


class Site(models.Model):
    """A place where a programme runs, as the definition or the data folder has it."""

    programme = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    unit = models.CharField(max_length=80)
    name = models.CharField(max_length=120, null=True, blank=True)
    residents = models.BigIntegerField(null=True, blank=True)
    open_days_per_week = models.FloatField(null=True, blank=True)
    cluster = models.CharField(max_length=80, null=True, blank=True)
    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="site_key")]


class Served(models.Model):
    """A programme definition the server runs."""

    programme = models.CharField(max_length=80, primary_key=True)
    definition = models.TextField()
    synthetic = models.BooleanField(default=False)
    """Whether its people are invented; shown on every screen."""
    since = models.DateTimeField()
