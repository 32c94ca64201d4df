"""The case: one page with everything about one enrolment."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
