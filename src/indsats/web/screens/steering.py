"""Steering: barometer, targets, progression, flow and reports on the record as it is now."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
