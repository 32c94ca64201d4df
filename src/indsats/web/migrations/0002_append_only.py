"""The database itself refuses to change or delete a fact: only its end may be written, and only once."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_FIXED = (
    "programme", "fact", "version", "kind", "programme_version", "person_id", "enrolment", "site", "occurred_from",
    "occurred_to", "payload", "recorded_at", "recorded_by", "source", "batch_id",
)  # fmt: skip
_SAID = "facts are never changed or deleted: write a new version"


def _sqlite() -> list[str]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FIXED)
    return [
        f"CREATE TRIGGER web_fact_kept BEFORE UPDATE ON web_fact WHEN OLD.replaced_at IS NOT NULL OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
        f"CREATE TRIGGER web_fact_stays BEFORE DELETE ON web_fact BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    ]


def _postgresql() -> list[str]:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED)
    return [
        "CREATE FUNCTION web_fact_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$",
        "CREATE TRIGGER web_fact_kept BEFORE UPDATE ON web_fact FOR EACH ROW "
        f"WHEN (OLD.replaced_at IS NOT NULL OR {changed}) EXECUTE FUNCTION web_fact_refuse()",
        "CREATE TRIGGER web_fact_stays BEFORE DELETE ON web_fact FOR EACH ROW EXECUTE FUNCTION web_fact_refuse()",
    ]


def _put_up(apps: Any, schema_editor: Any) -> None:
    del apps
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]():
        schema_editor.execute(statement)


def _taken_down(apps: Any, schema_editor: Any) -> None:
    del apps
    of = " ON web_fact" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("web_fact_kept", "web_fact_stays"):
        schema_editor.execute(f"DROP TRIGGER {name}{of}")
    if of:
        schema_editor.execute("DROP FUNCTION web_fact_refuse()")


class Migration(migrations.Migration):
    """Put up the triggers."""

    dependencies = [("web", "0001_tables")]
    operations = [migrations.RunPython(_put_up, _taken_down)]
