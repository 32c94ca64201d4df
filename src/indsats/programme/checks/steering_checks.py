"""Checks of targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..definition import Programme
from ..steering import ScoreIndicator, Target
from .finding import Finding, check_named
from .references import unknown
from .score_checks import possible_scores

_SHARES = ("share", "timeliness", "within", "reached", "consecutive", "fulfilment", "answer", "missing")
_SIGNED = ("change", "score", "mean")
"""A change can be aimed below what it was, a scale can begin below 0, and so can a number that is averaged."""
_COUNTS = ("count", "stock")
"""What a part of can be asked for: ten of a hundred placements, and never a tenth of a share."""


@check_named("target-indicator")
def targets_name_indicators(programme: Programme) -> Iterator[Finding]:
    """A target is for an indicator that exists."""
    for number, target in enumerate(programme.targets):
        path = ("targets", number, "indicator")
        yield from unknown(path, target.indicator, programme.indicators, "indicator")


@check_named("target-unit")
def targets_name_units(programme: Programme) -> Iterator[Finding]:
    """A target is for a unit that exists."""
    for number, target in enumerate(programme.targets):
        yield from unknown(("targets", number, "unit"), target.unit, programme.units, "unit")


@check_named("target-site")
def targets_name_sites(programme: Programme) -> Iterator[Finding]:
    """A target is for a site that exists, where the definition lists its sites; otherwise they come with the data."""
    for number, target in enumerate(programme.targets):
        if programme.sites:
            yield from unknown(("targets", number, "site"), target.site, programme.sites, "site")


@check_named("target-level")
def target_levels_are_possible(programme: Programme) -> Iterator[Finding]:
    """A target for a share lies between 0 and 1, that for a score within it, and counts and days are not negative."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        value, path = target.value, ("targets", number, "value")
        if indicator is None or value is None:
            continue
        if value < 0 and indicator.measures not in _SIGNED:
            yield Finding(path, f"the target {value:g} is negative", "Give a level of 0 or more.")
        elif indicator.measures in _SHARES and value > 1:
            remedy = f"Write {value:g} % as {value / 100:g}." if value <= 100 else "Give a share from 0 to 1."
            yield Finding(path, f"the target {value:g} is not a share between 0 and 1", remedy)
        elif isinstance(indicator, ScoreIndicator):
            asked = programme.questionnaires.get(indicator.questionnaire)
            score = asked.scores.get(indicator.score) if asked else None
            values = possible_scores(asked, score) if asked and score else []
            if values and not values[0] <= value <= values[-1]:
                what = f"the target {value:g} is no possible score: they run from {values[0]:g} to {values[-1]:g}"
                yield Finding(path, what, "Give a level within the score.")


@check_named("target-direction")
def targets_have_a_direction(programme: Programme) -> Iterator[Finding]:
    """An indicator with a target says whether higher or lower is better."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        if indicator is not None and indicator.better == "neither":
            what = f"'{target.indicator}' has a target, and neither higher nor lower is better"
            remedy = "Write 'better: higher' or 'better: lower' at the indicator, or remove the target."
            yield Finding(("targets", number, "indicator"), what, remedy)


@check_named("target-comparator")
def comparators_have_others(programme: Programme) -> Iterator[Finding]:
    """A target that compares has somebody to compare with, and the whole programme is not held against itself."""
    for number, target in enumerate(programme.targets):
        if target.comparator is None:
            continue
        path = ("targets", number, "comparator")
        if target.unit is None and target.site is None:
            what = "the target is for the whole programme, which has nothing beside it to compare with"
            yield Finding(path, what, "Name a 'unit' or a 'site', or give a fixed 'value'.")
        elif target.site is not None:
            if set(programme.sites) == {target.site}:
                what = "the target compares with other sites, and there are none"
                yield Finding(path, what, "Add a site, or give a fixed 'value'.")
        elif not set(programme.units) - {target.unit}:
            what = "the target compares with other units, and there are none"
            yield Finding(path, what, "Add a unit, or give a fixed 'value'.")


@check_named("target-part")
def parts_are_of_a_level(programme: Programme) -> Iterator[Finding]:
    """A target that is part of another names one with a fixed level at its end, of the same count, around it."""
    named = {target.id: target for target in programme.targets if target.id is not None}
    for number, target in enumerate(programme.targets):
        if target.share_of is None:
            continue
        path = ("targets", number, "share_of")
        parent = named.get(target.share_of)
        if parent is None:
            yield from unknown(path, target.share_of, named, "target with the id")
            continue
        wrong = _no_part(programme, target, parent, named)
        if wrong is not None:
            yield Finding(path, *wrong)


def _no_part(
    programme: Programme, target: Target, parent: Target, named: Mapping[str, Target]
) -> tuple[str, str] | None:
    """What is wrong with a part of ``parent``, and what to do."""
    indicator = programme.indicators.get(target.indicator)
    if indicator is not None and indicator.measures not in _COUNTS:
        what = f"'{target.indicator}' is no count, and a part of such a level means nothing"
        return what, "Give it a fixed 'value' or a 'comparator'; every part of the whole can aim at the same."
    if parent.indicator != target.indicator:
        what = f"the target '{parent.id}' is for '{parent.indicator}', and this one for '{target.indicator}'"
        return what, "Name a target for the same indicator."
    end, seen = parent, {target.share_of}
    while end.share_of is not None:
        if end.share_of in seen or end.share_of not in named:
            what = f"the target '{target.share_of}' is a part that never ends in a level"
            return what, "Give the target at the end of the chain a fixed 'value'."
        seen.add(end.share_of)
        end = named[end.share_of]
    if end.value is None:
        what = f"the target '{end.id}' has no fixed level to take a part of"
        return what, "Give it a 'value', or compare with the others here too."
    if target.share is None and not _within(programme, target, parent):
        what = f"the target '{parent.id}' is for a place that this one is no part of"
        return what, "Give the 'share' there is to deliver, or name the target of what is around it."
    return None


def _within(programme: Programme, target: Target, parent: Target) -> bool:
    """Whether the place of a target lies in that of another, as far as the definition lists its sites."""
    if parent.unit is None and parent.site is None:
        return True
    site = programme.sites.get(target.site) if target.site is not None else None
    if target.site is not None and site is None:
        return True
    return site is not None and parent.unit == site.unit


@check_named("target-id")
def targets_have_names_of_their_own(programme: Programme) -> Iterator[Finding]:
    """No two targets have the same id."""
    seen: set[str] = set()
    for number, target in enumerate(programme.targets):
        if target.id is not None and target.id in seen:
            what = f"another target is called '{target.id}' too"
            yield Finding(("targets", number, "id"), what, "Give them different ids.")
        seen.add(target.id or "")


@check_named("target-once")
def targets_do_not_compete(programme: Programme) -> Iterator[Finding]:
    """No two targets hold for the same indicator, place and report period with the same right."""
    for number, target in enumerate(programme.targets):
        for earlier in programme.targets[:number]:
            same = _aims_at(earlier) == _aims_at(target)
            if same and _compete(earlier, target):
                where = target.unit or target.site or "the whole programme"
                what = f"'{target.indicator}' already has a target in '{where}' for this period"
                yield Finding(
                    ("targets", number, "indicator"), what, "Keep one, or give them different periods."
                )
                break


def _aims_at(target: Target) -> tuple[str, str | None, str | None]:
    return target.indicator, target.unit, target.site


def _compete(one: Target, other: Target) -> bool:
    """Whether neither of two targets goes before the other on some day.

    Each ``period`` is that of one report, and reports may cover the same days. It goes before what is ``valid``,
    which goes before a standing target.
    """
    if one.valid is not None and other.valid is not None:
        return one.valid.first <= other.valid.last and other.valid.first <= one.valid.last
    return (one.period, one.valid) == (other.period, other.valid)


@check_named("target-band")
def bands_have_a_width(programme: Programme) -> Iterator[Finding]:
    """A band is a share of the target, so around a target of zero there is none."""
    for number, target in enumerate(programme.targets):
        if target.value == 0 and target.band:
            what = f"the band is {target.band:.0%} of the target, which is 0, so nothing is near it"
            remedy = "Write 'band: 0', or aim at a level above 0."
            yield Finding(("targets", number, "value"), what, remedy, "warning")


@check_named("target-set-late")
def targets_are_set_before_they_hold(programme: Programme) -> Iterator[Finding]:
    """A target is set before the time it holds for begins; one set afterwards is set by those who know the result."""
    for number, target in enumerate(programme.targets):
        during = target.period or target.valid
        if target.set_on is not None and during is not None and target.set_on > during.first:
            what = (
                f"the target was set on {target.set_on}, after the time it holds for began on {during.first}"
            )
            remedy = "Check the two dates. If it is so, say in a 'note' why the target came late."
            yield Finding(("targets", number, "set_on"), what, remedy, "warning")
