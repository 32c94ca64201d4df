"""What is under way: drafts, imports, hand-overs, merges and longer jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from .derived import Case
from .people import Person, public_key

if TYPE_CHECKING:
    from .facts import Fact


class Draft(models.Model):
    """A form somebody has begun to fill in for a case; gone when it is registered, or after a month."""

    user_id: int
    case_id: str

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=40)
    fact = models.CharField(max_length=120, blank=True, default="")
    """The fact being corrected; of a citizen's own answers the questionnaire; empty for a new one."""
    values = models.JSONField(default=dict)
    changed = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case", "kind", "fact"], name="draft_once")]


class Batch(models.Model):
    """A list that was brought in: shown first, then accepted whole, and undone whole if it was wrong."""

    user_id: int
    facts: models.Manager[Fact]

    public = models.CharField(max_length=16, unique=True, default=public_key)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    programme = models.CharField(max_length=80)
    site = models.CharField(max_length=80, null=True, blank=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    """The file as it was given; emptied when the batch is accepted or dropped."""
    told = models.JSONField(default=dict)
    """What the preview said: counts, problems, duplicates."""
    made = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.TextField(blank=True, default="")


class Merge(models.Model):
    """Two persons turned out to be one; undone, they are two again, each with their own facts."""

    gone_id: int
    kept_id: int

    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_away")
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_here")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.TextField()
    undone = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True, default="")


class HandOver(models.Model):
    """A worker gives a case to another, who says yes or no; the assignment is a fact from the yes on."""

    case_id: str

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs")
    role = models.CharField(max_length=80)
    giver = models.CharField(max_length=150, blank=True, default="")
    taker = models.CharField(max_length=150)
    reason = models.TextField(blank=True, default="")
    override = models.TextField(blank=True, default="")
    """Why it was given although the ceiling is reached."""
    asked = models.DateTimeField()
    answered = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["taker", "answered"], name="hand_over_taker")]


class Job(models.Model):
    """Work that takes longer than a page: it tells how far it is, can be stopped, and keeps what it made."""

    user_id: int | None

    public = models.CharField(max_length=16, unique=True, default=public_key)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    what = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    key = models.CharField(max_length=200, db_index=True)
    """What the job makes: the same again is not made twice."""
    created = models.DateTimeField()
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    step = models.CharField(max_length=200, blank=True, default="")
    stop = models.BooleanField(default=False)
    seen = models.DateTimeField(null=True)
    """The last sign of life of the process that does it."""
    tries = models.IntegerField(default=0)
    """How often it was begun: a process can die under it."""
    failed = models.TextField(blank=True, default="")
    """The key of the words that say what went wrong; empty when it went well."""
    made = models.JSONField(null=True)
    content = models.BinaryField(null=True)
    """The file the job made, if that is what it makes."""
