"""The addresses of the server, screen by screen. None carries a person number or a name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from .screens import account, assignment, case, control, day, intake, jobs, people, register, steering

urlpatterns: list[URLPattern | URLResolver] = [
    pattern
    for screen in (account, day, people, case, register, intake, assignment, steering, control, jobs)
    for pattern in screen.urlpatterns
]
