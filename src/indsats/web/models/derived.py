"""Projections: what follows from the facts, kept as rows so that lists are quick. ``rebuild`` makes them all anew."""

from __future__ import annotations

from django.db import models

from .people import Person


class Case(models.Model):
    """One enrolment of a person, or (``enrolment`` empty) a person known to a programme and not enrolled in it yet."""

    person_id: int
    responsible: models.Manager[Responsible]
    due: models.Manager[Due]

    public = models.CharField(max_length=20, primary_key=True)
    """Made of the programme and the enrolment, so that a rebuilt case keeps its address."""
    programme = models.CharField(max_length=80)
    enrolment = models.CharField(max_length=120, blank=True, default="")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cases")
    service = models.CharField(max_length=80, null=True)
    unit = models.CharField(max_length=80, null=True)
    site = models.CharField(max_length=80, null=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    exit_reason = models.CharField(max_length=120, null=True)
    state = models.CharField(max_length=12)
    phase = models.CharField(max_length=80, null=True)
    group = models.CharField(max_length=80, null=True)
    last_held = models.DateField(null=True)
    next_planned = models.DateField(null=True)
    computed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "enrolment"], name="case_of"),
        ]
        indexes = [
            models.Index(fields=["programme", "site", "state", "start"], name="case_site"),
            models.Index(fields=["enrolment"], name="case_enrolment"),
        ]


class Responsible(models.Model):
    """A worker holds a role for a case from ``since`` to ``until`` (null: still)."""

    case_id: str

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="responsible")
    role = models.CharField(max_length=80)
    worker = models.CharField(max_length=150)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "case"], name="responsible_worker")]


class Due(models.Model):
    """Something to be done about a case: an item of a queue, on the list from ``opens``, at the latest on ``due``."""

    case_id: str

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="due")
    programme = models.CharField(max_length=80)
    site = models.CharField(max_length=80, null=True)
    role = models.CharField(max_length=80, null=True)
    worker = models.CharField(max_length=150, null=True)
    queue = models.CharField(max_length=30)
    what = models.CharField(max_length=120, blank=True, default="")
    fact = models.CharField(max_length=120, blank=True, default="")
    opens = models.DateField()
    due = models.DateField(null=True)
    closes = models.DateField(null=True)
    """The last day it is on the list whatever happens; null: until a fact takes it off."""

    class Meta:
        indexes = [
            models.Index(fields=["worker", "queue", "opens"], name="due_worker"),
            models.Index(fields=["programme", "site", "queue", "opens"], name="due_site"),
        ]
