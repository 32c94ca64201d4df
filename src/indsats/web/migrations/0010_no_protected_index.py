"""An index nothing asks by any more: who is shielded is found with the person."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Take it away."""

    dependencies = [("web", "0009_letter")]
    operations = [migrations.RemoveIndex("person", "person_protected")]
