"""Longer work: how far it is, and stopping it."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
