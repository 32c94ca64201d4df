"""Checks of indicators: what they name exists, and their denominators can be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import Programme
from ..fields import RulePlace, rule_fields
from ..measurement import Questionnaire
from ..rules import Rule, exclude_each_other, implies
from ..steering import (
    AnswerIndicator,
    FulfilmentIndicator,
    Indicator,
    RateIndicator,
    ScoreIndicator,
    ShareIndicator,
    StockIndicator,
    TimelinessIndicator,
)
from ..vocabulary import KIND_FIELDS
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import domain, readable

Path = tuple[Any, ...]


@check_named("indicator-questionnaire")
def indicators_name_parts_of_questionnaires(programme: Programme) -> Iterator[Finding]:
    """Questionnaires, scores, items, levels, waves and answers an indicator names exist."""
    for path, indicator in _indicators(programme):
        if not isinstance(indicator, ScoreIndicator | AnswerIndicator):
            continue
        at = (*path, "questionnaire")
        yield from unknown(at, indicator.questionnaire, programme.questionnaires, "questionnaire")
        asked = programme.questionnaires.get(indicator.questionnaire)
        if asked is None:
            continue
        yield from unknown((*path, "wave"), indicator.wave, asked.waves, "wave")
        if isinstance(indicator, ScoreIndicator):
            yield from unknown((*path, "score"), indicator.score, asked.scores, "score")
        else:
            yield from _answers(path, indicator, asked)


def _answers(path: Path, indicator: AnswerIndicator, asked: Questionnaire) -> Iterator[Finding]:
    yield from unknown((*path, "item"), indicator.item, asked.items, "item")
    levels = [level.id for level in asked.levels]
    yield from unknown((*path, "level"), indicator.level, levels, "level")
    low, high = asked.scale.low, asked.scale.high
    for number, answer in enumerate(indicator.answers):
        if not low <= answer <= high:
            what = f"{answer} is not on the scale from {low} to {high}"
            yield Finding((*path, "answers", number), what, "Name answers of the scale.")


@check_named("indicator-answers")
def answer_indicators_say_which_answers(programme: Programme) -> Iterator[Finding]:
    """A share of answers names the answers or a level, and not all there are."""
    for path, indicator in _indicators(programme):
        if not isinstance(indicator, AnswerIndicator):
            continue
        if bool(indicator.answers) == (indicator.level is not None):
            what = "the share is of 'answers' or of a 'level', one of the two"
            yield Finding(path, what, "Give one of them.", at_key=True)
        asked = programme.questionnaires.get(indicator.questionnaire)
        if asked is not None and set(range(asked.scale.low, asked.scale.high + 1)) <= set(indicator.answers):
            what = "every answer counts, so the share is always 100 %"
            yield Finding((*path, "answers"), what, "Name some of the answers.", "warning")


@check_named("indicator-requirement")
def indicators_name_requirements(programme: Programme) -> Iterator[Finding]:
    """The requirement an indicator is about exists."""
    for path, indicator in _indicators(programme):
        if isinstance(indicator, FulfilmentIndicator):
            at = (*path, "requirement")
            yield from unknown(at, indicator.requirement, programme.requirements, "requirement")


@check_named("indicator-denominator")
def denominators_can_be_known(programme: Programme) -> Iterator[Finding]:
    """What an indicator divides by is something the programme records."""
    for path, indicator in _indicators(programme):
        if isinstance(indicator, RateIndicator):
            yield from _open_days(programme, path, indicator)
        elif isinstance(indicator, FulfilmentIndicator):
            yield from _requirements(programme, path, indicator)
        elif isinstance(indicator, TimelinessIndicator):
            cadence = programme.cadences.get(indicator.cadence)
            service = cadence.service if cadence is not None else None
            yield from _other_service(path, indicator, service, "cadence", indicator.cadence)
        elif isinstance(indicator, StockIndicator):
            phase = programme.phases.get(indicator.phase or "")
            service = phase.service if phase is not None else None
            yield from _other_service(path, indicator, service, "phase", indicator.phase or "")


def _open_days(programme: Programme, path: Path, indicator: RateIndicator) -> Iterator[Finding]:
    # Sites left out altogether stand in the data folder, with their open days.
    without = [name for name, site in programme.sites.items() if site.open_days_per_week is None]
    if indicator.per == "open_day" and programme.sites and len(without) == len(programme.sites):
        what = "no site tells its open days, so there is nothing to divide by"
        yield Finding((*path, "per"), what, "Give sites 'open_days_per_week'.")


def _requirements(programme: Programme, path: Path, indicator: FulfilmentIndicator) -> Iterator[Finding]:
    keys = ("phase", "element", "requirement")
    asked = {key: getattr(indicator, key) for key in keys if getattr(indicator, key) is not None}
    matching = programme.requirements_of(**asked).values()
    if not matching:
        which = " and ".join(f"{key} '{value}'" for key, value in asked.items())
        what = f"no requirement has {which}" if which else "there are no requirements"
        yield Finding(path, what, "Add one, or ask for others.", at_key=True)
    elif indicator.by == "measured" and all(one.measured is None for one in matching):
        what = "none of its requirements is measured"
        yield Finding((*path, "by"), what, "Write 'by: answered', or give them 'measured'.")


def _other_service(
    path: Path, indicator: Indicator, service: str | None, what: str, name: str
) -> Iterator[Finding]:
    if indicator.service and service and indicator.service != service:
        said = f"the {what} '{name}' is for the service '{service}' only, so nothing is counted"
        yield Finding((*path, "service"), said, "Remove 'service', or name that one.")


@check_named("share-rules")
def shares_are_neither_nothing_nor_all(programme: Programme) -> Iterator[Finding]:
    """What a share counts is possible among its denominator, and is not all of it."""
    for path, indicator in _indicators(programme):
        if not isinstance(indicator, ShareIndicator) or indicator.kind not in KIND_FIELDS:
            continue
        among = _read(programme, indicator.kind, indicator.among)
        where = _read(programme, indicator.kind, indicator.where)
        if among is None or where is None:
            continue
        known = domain(programme, indicator.kind)
        if exclude_each_other(among.tree, where.tree, known):
            what = "'where' can never hold among what 'among' takes, so the share is always 0"
            yield Finding((*path, "where"), what, "Look for conditions that exclude each other.")
        elif implies(among.tree, where.tree, known):
            what = "'where' holds for all that 'among' takes, so the share is always 100 %"
            yield Finding((*path, "where"), what, "Widen 'among', or narrow 'where'.", "warning")


def _read(programme: Programme, kind: str, text: str) -> Rule | None:
    return readable(RulePlace((), text, kind, rule_fields(programme, kind)))


def _indicators(programme: Programme) -> Iterator[tuple[Path, Indicator]]:
    for name, indicator in programme.indicators.items():
        yield ("indicators", name), indicator
