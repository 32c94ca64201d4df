"""The addresses of the server, screen by screen. None carries a person number or a name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import showcase
from .screens import (
    account,
    assignment,
    case,
    control,
    day,
    hours,
    intake,
    invite,
    jobs,
    letters,
    link,
    measurements,
    mine,
    people,
    plan,
    register,
    register_renew,
    steering,
    visits,
)

urlpatterns: list[URLPattern | URLResolver] = [
    pattern
    for screen in (
        account,
        link,
        mine,
        day,
        people,
        case,
        invite,
        plan,
        hours,
        letters,
        measurements,
        register,
        register_renew,
        intake,
        assignment,
        steering,
        control,
        jobs,
        visits,
    )
    for pattern in screen.urlpatterns
] + showcase.urlpatterns

handler400 = "indsats.web.screens.errors.bad_request"
handler403 = "indsats.web.screens.errors.forbidden"
handler404 = "indsats.web.screens.errors.not_found"
handler500 = "indsats.web.screens.errors.failed"
