"""Assignment: who has how many cases, who gets the next, and hand-overs."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
