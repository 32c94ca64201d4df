"""Which reads showed somebody by themselves: what control looks at first."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of the log of reads, and an index of the rows that have it."""

    dependencies = [("web", "0005_control")]
    operations = [
        migrations.AddField("access", "alone", models.BooleanField(default=False)),
        migrations.AddIndex(
            "access", models.Index(fields=["-at"], name="access_alone", condition=models.Q(alone=True))
        ),
    ]
