"""Until when something is on a list whatever happens."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of what is due."""

    dependencies = [("web", "0003_job_life")]
    operations = [
        migrations.AddField(model_name="due", name="closes", field=models.DateField(null=True)),
    ]
