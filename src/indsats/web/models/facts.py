"""The facts: rows that are written once, and closed once."""

from __future__ import annotations

from django.db import models

from .people import Person


class Fact(models.Model):
    """One version of one fact, as ``indsats.record`` knows it; the database refuses all changes but ``replaced_at``."""

    person_id: int | None
    batch_id: int | None

    programme = models.CharField(max_length=80)
    fact = models.CharField(max_length=120)
    version = models.IntegerField(default=1)
    kind = models.CharField(max_length=40)
    programme_version = models.IntegerField()
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    enrolment = models.CharField(max_length=120, null=True)
    site = models.CharField(max_length=80, null=True)
    occurred_from = models.DateField()
    occurred_to = models.DateField(null=True)
    payload = models.JSONField(default=dict)
    """The filled payload columns of the kind, ``answer.<item>`` among them."""
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    source = models.CharField(max_length=200, null=True)
    replaced_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(
        "web.Batch", null=True, on_delete=models.PROTECT, related_name="facts", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "fact", "version"], name="fact_version")]
        indexes = [
            models.Index(fields=["person", "programme", "kind"], name="fact_person"),
            models.Index(
                fields=["programme", "site", "kind"],
                name="fact_of_site",
                condition=models.Q(person__isnull=True),
            ),
            models.Index(fields=["batch"], name="fact_batch", condition=models.Q(batch__isnull=False)),
        ]
