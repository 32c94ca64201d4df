"""Those who sign in, and what they were given to do where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from .people import Person


class User(AbstractUser):
    """Somebody who signs in. ``username`` is the worker's id in facts; a citizen points to their own person."""

    person_id: int | None
    memberships: models.Manager[Membership]

    name = models.CharField(max_length=120, blank=True, default="")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    keys = models.BooleanField(default=True)
    """Whether single keys are short cuts on the screens."""
    once = models.BooleanField(default=False)
    """Whether the password is one an administrator made: it opens the page for choosing one's own, and nothing else."""


class Membership(models.Model):
    """A role a user has in a programme, at one site or (``site`` null) at all.

    ``role`` is a role of the table of rights; ``function`` the role of the programme's definition the user fills,
    as facts of ``assigned`` name it.
    """

    user_id: int

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30)
    programme = models.CharField(max_length=80)
    site = models.CharField(max_length=80, null=True, blank=True)
    function = models.CharField(max_length=80, null=True, blank=True)
    ceiling = models.FloatField(null=True, blank=True)
    """The most cases, weighted, this person takes in the function; the programme's when null."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "programme", "site", "function"],
                name="membership_once",
                nulls_distinct=False,
            )
        ]


class Glass(models.Model):
    """Somebody broke the glass: saw a person they otherwise may not see, for a reason, for a while."""

    user_id: int
    person_id: int

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="glasses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="glasses")
    programme = models.CharField(max_length=80)
    cause = models.CharField(max_length=20, default="")
    """The kind of reason, of those the form offers."""
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.CharField(max_length=150, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    """What whoever reviewed it found."""


class RoleChange(models.Model):
    """An administrator changed what somebody may do: a role given or ended, a user made, shut out or let in again."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20)
    """made, given, ended, off, on or word."""
    role = models.CharField(max_length=30, blank=True, default="")
    programme = models.CharField(max_length=80, blank=True, default="")
    site = models.CharField(max_length=80, null=True, blank=True)
    function = models.CharField(max_length=80, null=True, blank=True)
