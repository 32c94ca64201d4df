"""Letters as they were given; the database itself refuses to change or delete one."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import indsats.web.models.people

_SAID = "letters are never changed or deleted: they were given as they are"
_DONE = ("UPDATE", "DELETE")


def _put_up(apps: Any, schema_editor: Any) -> None:
    del apps
    if schema_editor.connection.vendor == "sqlite":
        for done in _DONE:
            schema_editor.execute(
                f"CREATE TRIGGER web_letter_{done.lower()} BEFORE {done} ON web_letter "
                f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION web_letter_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
    )
    for done in _DONE:
        schema_editor.execute(
            f"CREATE TRIGGER web_letter_{done.lower()} BEFORE {done} ON web_letter "
            "FOR EACH ROW EXECUTE FUNCTION web_letter_refuse()"
        )


def _taken_down(apps: Any, schema_editor: Any) -> None:
    del apps
    of = " ON web_letter" if schema_editor.connection.vendor == "postgresql" else ""
    for done in _DONE:
        schema_editor.execute(f"DROP TRIGGER web_letter_{done.lower()}{of}")
    if of:
        schema_editor.execute("DROP FUNCTION web_letter_refuse()")


class Migration(migrations.Migration):
    """One table and its triggers."""

    dependencies = [("web", "0008_citizen_link")]
    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public",
                    models.CharField(
                        default=indsats.web.models.people.public_key, max_length=16, unique=True
                    ),
                ),
                ("programme", models.CharField(max_length=80)),
                ("case", models.CharField(db_index=True, max_length=20)),
                ("report", models.CharField(max_length=80)),
                ("title", models.JSONField()),
                ("lang", models.CharField(max_length=2)),
                ("form", models.CharField(max_length=8)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("made", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="web.person"
                    ),
                ),
            ],
        ),
        migrations.RunPython(_put_up, _taken_down),
    ]
