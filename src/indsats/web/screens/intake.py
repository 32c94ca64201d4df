"""Visitation and intake: lists brought in, draws, new persons, duplicates and merges."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
