"""Control: who read what, broken glasses, users and their roles."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
