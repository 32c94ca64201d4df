"""A job tells that it is alive, how often it was begun, and keeps the file it made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three fields of jobs."""

    dependencies = [("web", "0002_append_only")]
    operations = [
        migrations.AddField("job", "seen", models.DateTimeField(null=True)),
        migrations.AddField("job", "tries", models.IntegerField(default=0)),
        migrations.AddField("job", "content", models.BinaryField(null=True)),
    ]
