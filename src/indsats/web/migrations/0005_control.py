"""What control needs: failed sign-ins, changes of roles, reviewed glasses; and indexes for searching."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables, five columns, six indexes."""

    dependencies = [("web", "0004_due_closes")]
    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("what", models.CharField(max_length=20)),
                ("role", models.CharField(blank=True, default="", max_length=30)),
                ("programme", models.CharField(blank=True, default="", max_length=80)),
                ("site", models.CharField(blank=True, max_length=80, null=True)),
                ("function", models.CharField(blank=True, max_length=80, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField("glass", "cause", models.CharField(default="", max_length=20)),
        migrations.AddField("glass", "note", models.TextField(blank=True, default="")),
        migrations.AddField("search", "shielded", models.IntegerField(default=0)),
        migrations.AddField("user", "once", models.BooleanField(default=False)),
        migrations.RemoveIndex("persontoken", "person_token"),
        migrations.AddIndex(
            "persontoken",
            models.Index(
                fields=["token", "person"], name="person_token", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex("person", models.Index(fields=["birth_date"], name="person_born")),
        migrations.AddIndex(
            "person",
            models.Index(fields=["id"], name="person_protected", condition=models.Q(protected=True)),
        ),
        migrations.AddIndex("case", models.Index(fields=["enrolment"], name="case_enrolment")),
        migrations.AddIndex("access", models.Index(fields=["-at"], name="access_at")),
        migrations.AddIndex("attempt", models.Index(fields=["key", "at"], name="attempt_key")),
    ]
