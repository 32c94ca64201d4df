"""Checks of windows against what the definition itself lets be seen: from its first day to a target's last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..base import Duration, Period
from ..definition import Programme
from ..steering import ConsecutiveIndicator, Indicator, TimelinessIndicator, WithinIndicator
from ..words import duration_in_words
from .finding import Finding, check_named


@check_named("target-window")
def targets_leave_time_to_be_reached(programme: Programme) -> Iterator[Finding]:
    """A target's period ends so late that somebody enrolled on the programme's first day can have been followed."""
    first = programme.first_day
    if first is None:
        return
    for number, target in enumerate(programme.targets):
        for key in ("period", "valid"):
            period: Period | None = getattr(target, key)
            if period is None:
                continue
            at = ("targets", number, key)
            indicator = programme.indicators.get(target.indicator)
            if period.last < first:
                what = f"the target's period ends on {period.last}, before the programme's first day, {first}"
                yield Finding(at, what, "Correct the period, or 'first_day'.", "warning")
            elif (
                indicator is not None and (needed := observed_from(programme, indicator, first)) > period.last
            ):
                window = window_of(indicator, programme)
                what = (
                    f"the target's period ends on {period.last}, and nobody enrolled from the first day, {first}, "
                    f"has been followed {window} before {needed}"
                )
                yield Finding(at, what, "Shorten the window, or aim at a later period.", "warning")


def observed_from(programme: Programme, indicator: Indicator, first: date) -> date:
    """The earliest day an indicator can have a value other than nothing, when the first enrols on ``first``."""
    if isinstance(indicator, WithinIndicator):
        return first + timedelta(weeks=indicator.weeks)
    if isinstance(indicator, ConsecutiveIndicator):
        # The month of enrolment is the first month, from its first day on.
        return Duration(months=indicator.months - 1).after(first.replace(day=1))
    if isinstance(indicator, TimelinessIndicator):
        every = _every(programme, indicator)
        return first if every is None else every.after(first)
    return first


def window_of(indicator: Indicator, programme: Programme) -> str:
    """The window of an indicator in words: how long somebody must be followed."""
    if isinstance(indicator, WithinIndicator):
        return f"{indicator.weeks} weeks"
    if isinstance(indicator, ConsecutiveIndicator):
        return "1 month" if indicator.months == 1 else f"{indicator.months} months"
    every = _every(programme, indicator) if isinstance(indicator, TimelinessIndicator) else None
    return "a day" if every is None else duration_in_words(programme, every, "en")


def _every(programme: Programme, indicator: TimelinessIndicator) -> Duration | None:
    cadence = programme.cadences.get(indicator.cadence)
    if cadence is None or (
        cadence.every.setting is not None and cadence.every.setting not in programme.settings
    ):
        return None
    if cadence.every.setting is None:
        return cadence.every
    setting = programme.settings[cadence.every.setting]
    # A site may choose a shorter one: only the shortest there can be is certain.
    shortest = setting.low if setting.override and setting.low is not None else setting.value
    if setting.override and setting.low is None:
        return None
    return programme.length(cadence.every, shortest)


__all__ = ["observed_from", "window_of"]
