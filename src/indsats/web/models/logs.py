"""Who looked at whom, and who searched for what: written once, read by control."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .people import Person
from .users import Glass


class Access(models.Model):
    """A user read something about a person."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reads")
    case = models.CharField(max_length=20, blank=True, default="")
    what = models.CharField(max_length=60)
    """The screen, list or export."""
    glass = models.ForeignKey(Glass, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="access_person"),
            models.Index(fields=["user", "-at"], name="access_user"),
        ]


class Search(models.Model):
    """A user searched. A person number is kept as a keyed digest, so that the log is no second register of numbers."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="searches")
    words = models.CharField(max_length=120)
    hits = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="search_user")]
