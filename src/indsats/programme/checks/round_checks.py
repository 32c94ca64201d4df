"""Checks of when questionnaires are answered and reminded of, and what counts as measured at the start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..base import Duration
from ..definition import Programme
from ..fields import parts
from .finding import Finding, check_named

_A_DAY = date(2001, 1, 1)


@check_named("measurement-setting")
def rounds_are_alike_at_all_sites(programme: Programme) -> Iterator[Finding]:
    """How long a round is open, what counts as a start and when to remind are no settings a site could change."""
    for name, asked in programme.questionnaires.items():
        for key in ("window", "baseline", "reminders"):
            for path, length in parts(getattr(asked, key), Duration, ("questionnaires", name, key)):
                if length.setting is not None:
                    what = f"'{key}' is the same at all sites, and '{length.setting}' is a setting"
                    yield Finding(path, what, "Write a length such as P14D.")


@check_named("baseline")
def starts_are_those_of_persons(programme: Programme) -> Iterator[Finding]:
    """What counts as measured at the start is said of questionnaires about persons: a site is not enrolled."""
    for name, asked in programme.questionnaires.items():
        if asked.baseline is not None and asked.about == "site":
            what = "a site is not enrolled, so nothing is measured at its start"
            yield Finding(("questionnaires", name, "baseline"), what, "Remove it.", at_key=True)


@check_named("reminders")
def reminders_follow_what_is_due(programme: Programme) -> Iterator[Finding]:
    """Reminders stand in order, and there are rounds to be reminded of."""
    for name, asked in programme.questionnaires.items():
        path = ("questionnaires", name, "reminders")
        timed = any(wave.after is not None or wave.period is not None for wave in asked.waves.values())
        if asked.reminders and not timed and asked.cadence is None:
            what = "nothing says when the questionnaire is due, so nobody is reminded"
            yield Finding(path, what, "Add 'waves' or a 'cadence', or remove them.", at_key=True)
        before: date | None = None
        for number, reminder in enumerate(asked.reminders):
            if reminder.setting is not None:
                continue
            day = reminder.after(_A_DAY)
            if before is not None and day <= before:
                what = "the reminder is no later than the one before it"
                yield Finding((*path, number), what, "Write them from the first to the last.")
            before = day
