"""My day: the queues of what is to be done, and the cases behind them."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
