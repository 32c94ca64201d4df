"""The links citizens open their own page with."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .people import Person


class CitizenLink(models.Model):
    """A link for one citizen in one programme, and the one-time code that opens it; neither can be read back from here.

    ``ended`` says when it stopped working before its time, ``why``: ``new`` (another was made), ``by_hand`` or
    ``wrong`` (too many wrong codes).
    """

    person_id: int
    user_id: int

    token = models.CharField(max_length=64, unique=True)
    """A digest of what the address holds."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    """Who is signed in by it: the citizen."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    programme = models.CharField(max_length=80)
    """All it leads to: whoever made it has seen link and code, and may know of no other programme the citizen is in."""
    case = models.CharField(max_length=20)
    """The case it was made from; the link is over when the case is gone."""
    made = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, blank=True, default="")
    code = models.CharField(max_length=64, blank=True, default="")
    """A keyed and salted digest of the code; empty once it has been used."""
    salt = models.CharField(max_length=32, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    """How many wrong codes were tried since the last right one."""
    used = models.DateTimeField(null=True)
    """When it last let somebody in."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"], condition=models.Q(ended__isnull=True), name="link_one_open"
            )
        ]
