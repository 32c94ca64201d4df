"""The Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The one application of the server; its label is the prefix of its tables."""

    name = "indsats.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
