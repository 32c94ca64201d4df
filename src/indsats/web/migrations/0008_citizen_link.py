"""The links citizens open their own page with."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("web", "0007_person_merged")]
    operations = [
        migrations.CreateModel(
            name="CitizenLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=64, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="web.person"
                    ),
                ),
                ("programme", models.CharField(max_length=80)),
                ("case", models.CharField(max_length=20)),
                ("made", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("until", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, default="", max_length=10)),
                ("code", models.CharField(blank=True, default="", max_length=64)),
                ("salt", models.CharField(blank=True, default="", max_length=32)),
                ("code_until", models.DateTimeField(null=True)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("used", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            "citizenlink",
            models.UniqueConstraint(
                fields=["person", "programme"], condition=models.Q(ended__isnull=True), name="link_one_open"
            ),
        ),
    ]
