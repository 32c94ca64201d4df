"""Registering, correcting and withdrawing facts: one small form made from the kind and the definition."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
