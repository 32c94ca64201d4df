"""Checks of whom it is fair to compare, and of the blocks that compare sites and classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from ..blocks import BenchmarkBlock, ReclassifiedBlock
from ..definition import Programme
from ..fields import parts
from ..steering import (
    AnswerIndicator,
    CaseloadIndicator,
    ChangeIndicator,
    Indicator,
    RateIndicator,
    ScoreIndicator,
)
from .finding import Finding, check_named
from .references import unknown

_Block = TypeVar("_Block", BenchmarkBlock, ReclassifiedBlock)


def _blocks(programme: Programme, wanted: type[_Block]) -> Iterator[tuple[tuple[Any, ...], _Block]]:
    for name, report in programme.reports.items():
        yield from parts(report, wanted, ("reports", name))


@check_named("comparable-clusters")
def clusters_hold_sites(programme: Programme) -> Iterator[Finding]:
    """Groups of comparable sites have two sites each, where the definition lists its sites."""
    effort = {name: site for name, site in programme.sites.items() if site.unit in programme.effort_units}
    asked = programme.comparable
    loose = [name for name, site in effort.items() if site.cluster is None]
    if asked is not None and loose and len(loose) < 2 * asked.clusters:
        what = f"{len(loose)} sites without a cluster cannot make {asked.clusters} groups of two or more"
        yield Finding(
            ("comparable", "clusters"),
            what,
            "Ask for fewer clusters, or name each site's 'cluster'.",
            "warning",
        )
    held = Counter(site.cluster for site in effort.values() if site.cluster is not None)
    for name, site in effort.items():
        if site.cluster is not None and held[site.cluster] == 1:
            what = f"the site '{name}' is alone in the cluster '{site.cluster}', so nobody can be compared with it"
            yield Finding(
                ("sites", name, "cluster"),
                what,
                "Name the cluster of another site, or leave it out.",
                "warning",
            )


@check_named("comparable-unused")
def comparable_is_shown(programme: Programme) -> Iterator[Finding]:
    """Framework conditions are for a benchmark."""
    if programme.comparable is not None and not any(_blocks(programme, BenchmarkBlock)):
        what = "no report compares sites, so nobody sees who is comparable"
        yield Finding(("comparable",), what, "Add a 'benchmark' block, or remove it.", "warning", at_key=True)


@check_named("report-benchmark")
def there_are_sites_to_compare(programme: Programme) -> Iterator[Finding]:
    """A benchmark compares two sites of the effort or more, where the definition lists them."""
    effort = [name for name, site in programme.sites.items() if site.unit in programme.effort_units]
    for path, _ in _blocks(programme, BenchmarkBlock):
        if len(effort) == 1:
            what = "the effort has one site, so there is nothing to compare it with"
            yield Finding(path, what, "Add the other sites, or remove the block.")


@check_named("report-reclassified")
def classes_can_be_followed(programme: Programme) -> Iterator[Finding]:
    """The check for reclassification names an event with the class among its values, and what each enrolment has."""
    for path, block in _blocks(programme, ReclassifiedBlock):
        yield from unknown((*path, "indicator"), block.indicator, programme.indicators, "indicator")
        yield from unknown((*path, "event"), block.event, programme.events, "event")
        event = programme.events.get(block.event)
        if event is not None and not event.values:
            what = f"the event '{block.event}' has no values, so nobody has a class by it"
            yield Finding((*path, "event"), what, "Give it 'values', or name another event.")
        elif event is not None:
            yield from unknown((*path, "value"), block.value, event.values, f"value of '{block.event}'")
            if len(event.values) == 1:
                what = f"'{block.value}' is the only class, so nobody can be moved to another"
                yield Finding((*path, "value"), what, "Add the other values of the event.", "warning")
        indicator = programme.indicators.get(block.indicator)
        told = _of_no_enrolment(programme, indicator) if indicator is not None else None
        if told is not None:
            remedy = "Name a share, count, mean or rate per person-month of what happens to enrolments."
            yield Finding((*path, "indicator"), f"'{block.indicator}' {told}", remedy)


def _of_no_enrolment(programme: Programme, indicator: Indicator) -> str | None:
    """Why no single enrolment has a level of its own by the indicator."""
    match indicator:
        case ChangeIndicator():
            return "sets one number of people against another, and no single enrolment has it"
        case CaseloadIndicator():
            return "is about workers, and no enrolment has it"
        case RateIndicator(per="open_day"):
            return "is counted by opening days, and no enrolment has it"
        case ScoreIndicator() | AnswerIndicator():
            asked: Any = programme.questionnaires.get(indicator.questionnaire)
            return (
                "is what sites answer, and no enrolment has it" if asked and asked.about == "site" else None
            )
        case _:
            return None
