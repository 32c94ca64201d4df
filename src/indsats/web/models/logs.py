"""Who looked at whom, and who searched for what: written once, read by control."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .people import Person
from .users import Glass


class Access(models.Model):
    """A user read something about a person."""

    user_id: int
    person_id: int
    glass_id: int | None

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reads")
    case = models.CharField(max_length=20, blank=True, default="")
    what = models.CharField(max_length=60)
    """The screen, list or export."""
    glass = models.ForeignKey(Glass, null=True, on_delete=models.PROTECT)
    alone = models.BooleanField(default=False)
    """Whether the person was shown by themselves, and not among others in a list."""

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="access_person"),
            models.Index(fields=["user", "-at"], name="access_user"),
            models.Index(fields=["-at"], name="access_at"),
            models.Index(fields=["-at"], name="access_alone", condition=models.Q(alone=True)),
        ]


class Search(models.Model):
    """A user searched. A person number is kept as a keyed digest, so that the log is no second register of numbers."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="searches")
    words = models.CharField(max_length=120)
    hits = models.IntegerField()
    shielded = models.IntegerField(default=0)
    """How many of the hits were protected persons: not counted for those who may not know of them."""

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="search_user")]


class Attempt(models.Model):
    """A sign-in that failed. ``key`` is a keyed digest of the user name, the address or the browser it came from."""

    at = models.DateTimeField()
    key = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_key")]
