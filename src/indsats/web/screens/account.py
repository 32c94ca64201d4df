"""Signing in and out, the language, the help page, and the citizen's own page."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
