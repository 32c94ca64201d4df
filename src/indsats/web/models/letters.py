"""Letters and summaries that citizens were given, exactly as they were given."""

from __future__ import annotations

from django.db import models

from .people import Person, public_key


class Letter(models.Model):
    """A document about one citizen as it was given: its bytes, never changed or deleted (the database refuses)."""

    person_id: int

    public = models.CharField(max_length=16, unique=True, default=public_key)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="letters")
    programme = models.CharField(max_length=80)
    case = models.CharField(max_length=20, db_index=True)
    """The case it was given in."""
    report = models.CharField(max_length=80)
    title = models.JSONField()
    """What it was called then, by language; the definition may call it something else later."""
    lang = models.CharField(max_length=2)
    form = models.CharField(max_length=8)
    """pdf or word."""
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the content: whoever has a copy can see that it is this one."""
    made = models.DateTimeField()
    made_by = models.CharField(max_length=150)
