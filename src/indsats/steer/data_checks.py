"""Checks of a definition against facts: windows longer than the data reach, and indicators that divide by nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import (
    ChangeIndicator,
    ConsecutiveIndicator,
    CountIndicator,
    Duration,
    Finding,
    Period,
    SinceBlock,
    StockIndicator,
    TrendBlock,
    WithinIndicator,
    duration_in_words,
)
from indsats.programme.fields import parts

from .indicators import indicator
from .selection import candidates

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class Reach:
    """From the day the first person enrolled (in one service) to the last day of the data."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Whole days somebody can have been followed, at most."""
        return (self.last - self.first).days

    @property
    def months(self) -> int:
        """Calendar months the data touch."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def __str__(self) -> str:
        return f"the data reach from {self.first} to {self.last}"


def data_findings(facts: Facts) -> list[Finding]:
    """What the facts cannot show of the definition they were recorded under, all of it warnings.

    Told are: an indicator, cadence, target or block of a report whose window is longer than from the first enrolment
    to the last day of the data; a ``change`` for which most enrolments have a ``before`` that opens earlier than the
    first such fact; and an indicator that has no value over all units and days, because nothing is there to divide
    by. An indicator is told of once. Nothing but one finding is made where nobody is enrolled. Raises InputRefused
    when there are no facts at all.
    """
    whole = reach(facts)
    if whole is None:
        what = "nobody is enrolled in these data, so no window and no denominator can be looked at"
        return [Finding(("programme",), what, "Add enrolments to the data folder.", "warning")]
    found = [*_windows(facts), *_cadences(facts), *_targets(facts, whole), *_blocks(facts, whole)]
    told = {finding.path[1] for finding in found if finding.path[0] == "indicators"}
    found += _denominators(facts, whole, told)
    return found


def reach(facts: Facts, service: str | None = None) -> Reach | None:
    """How far the data reach for enrolments (in a service); none when there are none before their last day."""
    begun = facts.enrolments().filter(pl.col("start") <= facts.last_day)
    if service is not None:
        begun = begun.filter(pl.col("service") == service)
    first = begun["start"].min()
    return Reach(first, facts.last_day) if isinstance(first, date) else None


def _windows(facts: Facts) -> Iterator[Finding]:
    for name, asked in facts.programme.indicators.items():
        seen = reach(facts, asked.service)
        if seen is None:
            continue  # an indicator of a service nobody is in has nothing to divide by, and is told so
        path = ("indicators", name)
        if isinstance(asked, WithinIndicator) and 7 * asked.weeks > seen.days:
            yield _too_long((*path, "weeks"), f"{asked.weeks} weeks are longer than the data", seen)
        elif isinstance(asked, ConsecutiveIndicator) and asked.months > seen.months:
            yield _too_long(
                (*path, "months"), f"{asked.months} months in a row are more than the data hold", seen
            )
        elif isinstance(asked, ChangeIndicator):
            yield from _before(facts, name, asked, seen)


def _before(facts: Facts, name: str, asked: ChangeIndicator, seen: Reach) -> Iterator[Finding]:
    """Told when most windows open before the first such fact: the data then begin too late, not the people."""
    found = candidates(facts, asked.what, seen.last).filter(pl.col("person").is_not_null())
    begins = found["day"].min()
    length = facts.programme.length(asked.before)
    if not isinstance(begins, date):
        return
    starts = facts.enrolments().filter(pl.col("start") <= seen.last)
    if asked.service is not None:
        starts = starts.filter(pl.col("service") == asked.service)
    early = starts.select((pl.col("start").dt.offset_by(f"-{length.polars_offset}") < begins).mean()).item()
    if early > 0.5:
        told = duration_in_words(facts.programme, length, "en")
        what = (
            f"for most enrolments the {told} before open earlier than the first such fact, of {begins}: "
            "what they are compared with is not in the data"
        )
        remedy = "Add facts from before the enrolments, or shorten 'before'."
        yield Finding(("indicators", name, "before"), what, remedy, "warning")


def _cadences(facts: Facts) -> Iterator[Finding]:
    for name, cadence in facts.programme.cadences.items():
        seen = reach(facts, cadence.service)
        every = _shortest(facts, cadence.every)
        if seen is not None and every.after(seen.first) > seen.last:
            length = duration_in_words(facts.programme, every, "en")
            what = f"every {length} is longer than the data, so nothing has fallen due"
            yield _too_long(("cadences", name, "every"), what, seen)


def _shortest(facts: Facts, every: Duration) -> Duration:
    """A cadence's length: the shortest that applies anywhere, where sites choose it."""
    programme = facts.programme
    lengths = [programme.length(every)]
    if every.setting is not None:
        chosen = facts.site_values(every.setting)["value"].to_list()
        lengths += [programme.length(every, value) for value in chosen]
    return min(lengths, key=lambda one: one.after(date(2000, 1, 1)))


def _targets(facts: Facts, whole: Reach) -> Iterator[Finding]:
    for number, target in enumerate(facts.programme.targets):
        for key in ("period", "valid"):
            period: Period | None = getattr(target, key)
            if period is not None and (period.last < whole.first or period.first > whole.last):
                what = f"the target is for {period.first} to {period.last}, outside the data: {whole}"
                remedy = "Look whether these are the data it is for, or correct the period."
                yield Finding(("targets", number, key), what, remedy, "warning")


def _blocks(facts: Facts, whole: Reach) -> Iterator[Finding]:
    for path, block in (*parts(facts.programme, TrendBlock), *parts(facts.programme, SinceBlock)):
        if block.months is not None and block.months > whole.months:
            what = f"the block shows {block.months} months, more than the data hold"
            yield _too_long((*path, "months"), what, whole)


def _denominators(facts: Facts, whole: Reach, told: set[str]) -> Iterator[Finding]:
    """Indicators without a value over all units and the whole of the data."""
    earliest = whole.first - timedelta(days=366)  # answers and visits may lie before the first enrolment
    period = Period(first=earliest, last=whole.last)
    for name, asked in facts.programme.indicators.items():
        if name in told or isinstance(asked, CountIndicator | StockIndicator):
            continue
        if indicator(facts, name, period).value is None:
            what = (
                "the indicator divides by nothing in these data: there is nobody and nothing to be a share of"
            )
            remedy = "Look whether its facts are in the data folder, or whether its rules ask for too much."
            yield Finding(("indicators", name), what, remedy, "warning", at_key=True)


def _too_long(path: tuple[object, ...], what: str, seen: Reach) -> Finding:
    return Finding(path, f"{what}: {seen}", "Shorten it, or wait for more data.", "warning")


__all__ = ["Reach", "data_findings", "reach"]
