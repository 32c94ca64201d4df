"""Checks that a report's blocks show things the definition has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..base import Duration
from ..blocks import (
    Block,
    ChangeBlock,
    ClassesBlock,
    DeviationsBlock,
    DueBlock,
    EvaluationBlock,
    IndicatorsBlock,
    MethodBlock,
    PersonBlock,
    PlanBlock,
    ProfileBlock,
    QualityBlock,
    RequirementsBlock,
    ResponseBlock,
    ScoresBlock,
    SinceBlock,
    TargetsBlock,
    TheoryBlock,
    TransitionsBlock,
    TrendBlock,
    ValidityBlock,
)
from ..definition import Programme
from ..measurement import Questionnaire
from .finding import Finding, check_named
from .references import unknown


def report_blocks(programme: Programme) -> Iterator[tuple[tuple[Any, ...], Block]]:
    """Every block of every report and where it stands."""
    for name, report in programme.reports.items():
        for path, block in report.placed_blocks():
            yield ("reports", name, *path), block


@check_named("report-indicator")
def shown_indicators_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name indicators that exist."""
    for path, block in report_blocks(programme):
        for number, name in enumerate(getattr(block, "indicators", ())):
            yield from unknown((*path, "indicators", number), name, programme.indicators, "indicator")


@check_named("report-unit")
def shown_units_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name units, sites and roles that exist."""
    for path, block in report_blocks(programme):
        if isinstance(block, TargetsBlock | DeviationsBlock):
            yield from unknown((*path, "unit"), block.unit, programme.units, "unit")
            yield from unknown((*path, "site"), block.site, programme.sites, "site")
        elif isinstance(block, TrendBlock | SinceBlock):
            yield from unknown((*path, "unit"), block.unit, programme.units, "unit")
        elif isinstance(block, IndicatorsBlock | RequirementsBlock | DueBlock):
            yield from unknown((*path, "site"), block.site, programme.sites, "site")
        elif isinstance(block, PersonBlock):
            yield from unknown((*path, "citizen"), block.citizen, programme.roles, "role")


@check_named("report-target")
def shown_targets_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks of targets and of deviations show indicators that have a target in the block's place."""
    aimed = {(target.indicator, target.unit, target.site) for target in programme.targets}
    for path, block in report_blocks(programme):
        if not isinstance(block, TargetsBlock | DeviationsBlock):
            continue
        where = (
            f"in the unit '{block.unit}'"
            if block.unit is not None
            else f"at the site '{block.site}'"
            if block.site is not None
            else "for the whole programme"
        )
        for number, name in enumerate(block.indicators):
            if name in programme.indicators and (name, block.unit, block.site) not in aimed:
                what = f"'{name}' has no target {where}"
                remedy = "Add one under 'targets', or show it in an 'indicators' block."
                yield Finding((*path, "indicators", number), what, remedy, "warning")


@check_named("report-questionnaire")
def shown_questionnaires_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name questionnaires that exist and have what the block shows: classes, sides, scores, levels, rounds."""
    for path, block in report_blocks(programme):
        for at, name in _questionnaires(path, block):
            yield from unknown(at, name, programme.questionnaires, "questionnaire")
            asked = programme.questionnaires.get(name)
            said = _lacks(block, name, asked) if asked is not None else None
            if said is not None:
                yield Finding(at, *said)


def _questionnaires(path: tuple[Any, ...], block: Block) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(block, ResponseBlock):
        yield from (
            ((*path, "questionnaires", number), name) for number, name in enumerate(block.questionnaires)
        )
    elif hasattr(block, "questionnaire"):
        yield (*path, "questionnaire"), getattr(block, "questionnaire", "")


def _lacks(block: Block, name: str, asked: Questionnaire) -> tuple[str, str] | None:
    """What a block is to show and the questionnaire does not have, and what to do."""
    of_persons = isinstance(block, ProfileBlock | ChangeBlock | ValidityBlock | TransitionsBlock)
    if of_persons and asked.about == "site":
        return f"'{name}' is about a site, and the block follows persons", "Name one that is about persons."
    match block:
        case ScoresBlock() if not asked.scores and not asked.levels:
            what = f"the questionnaire '{name}' has neither scores nor levels to show"
            return what, "Add 'scores' or 'levels' to it."
        case ClassesBlock() | TransitionsBlock() if not asked.classes:
            return f"the questionnaire '{name}' has no classes to show", "Add 'classes' to it."
        case TransitionsBlock(level="side") if not all(found.side for found in asked.classes):
            what = f"a class of '{name}' has no side, so transitions would lose people"
            return what, "Give every class a 'side', or write 'level: class'."
        case ChangeBlock() if not asked.scores:
            return f"the questionnaire '{name}' has no scores to show", "Add 'scores' to it."
        case QualityBlock() if not asked.scores and len(asked.raters) < 2:
            what = f"the questionnaire '{name}' has neither scores nor raters who could agree"
            return what, "Add 'scores' to it, or a second rater."
        case ResponseBlock() if not _rounds(asked):
            what = f"nothing says when '{name}' is to be answered, so nobody fails to"
            return what, "Give it 'waves' with a 'period' or 'after'."
        case _:
            return None


def _rounds(asked: Questionnaire) -> bool:
    return any(wave.period is not None or wave.after is not None for wave in asked.waves.values())


@check_named("report-foretells")
def what_foretells_is_measured(programme: Programme) -> Iterator[Finding]:
    """The scores and items a validity block looks at are those of its questionnaire."""
    for path, block in report_blocks(programme):
        asked = (
            programme.questionnaires.get(block.questionnaire) if isinstance(block, ValidityBlock) else None
        )
        if asked is None or not isinstance(block, ValidityBlock):
            continue
        scores = {score for asking in asked.editions.values() for score in asking.scores}
        for number, name in enumerate(block.scores):
            yield from unknown((*path, "scores", number), name, sorted(scores), "score")
        for number, name in enumerate(block.items):
            yield from unknown((*path, "items", number), name, asked.all_items, "item")


@check_named("report-due")
def something_falls_due(programme: Programme) -> Iterator[Finding]:
    """A block of what is due has questionnaires that fall due."""
    due = [
        asked for asked in programme.questionnaires.values() if asked.cadence is not None or _rounds(asked)
    ]
    for path, block in report_blocks(programme):
        if isinstance(block, DueBlock) and not due:
            what = "no questionnaire has waves or a cadence, so nothing falls due"
            yield Finding(path, what, "Give one 'waves' or a 'cadence', or remove the block.")


@check_named("report-requirements")
def shown_requirements_exist(programme: Programme) -> Iterator[Finding]:
    """A requirements block has requirements to show."""
    for path, block in report_blocks(programme):
        if isinstance(block, RequirementsBlock) and not programme.requirements_of(block.phase, block.element):
            asked = {"phase": block.phase, "element": block.element}
            which = " and ".join(f"{key} '{value}'" for key, value in asked.items() if value is not None)
            what = f"no requirement has {which}" if which else "there are no requirements to show"
            yield Finding(path, what, "Add one, or remove the block.")


@check_named("report-exits")
def exits_have_reasons_and_titles(programme: Programme) -> Iterator[Finding]:
    """A transitions block's exits are reasons of the code list, used once, each with a title."""
    listed = programme.codes_for("exit.reason")
    for path, block in report_blocks(programme):
        if not isinstance(block, TransitionsBlock):
            continue
        taken: dict[str, str] = {}
        for name, reasons in block.exits.items():
            for number, reason in enumerate(reasons):
                at = (*path, "exits", name, number)
                if listed is not None:
                    yield from unknown(at, reason, listed.values, "exit reason")
                if reason in taken:
                    what = f"the exit reason '{reason}' already belongs to '{taken[reason]}'"
                    yield Finding(at, what, "Let each reason belong to one exit.")
                taken.setdefault(reason, name)
            if name not in block.exit_titles:
                what = f"the exit '{name}' has no title"
                remedy = f"Add '{name}: {{da: …, en: …}}' under 'exit_titles'."
                yield Finding((*path, "exits", name), what, remedy, at_key=True)
        for name in block.exit_titles:
            if name != "other":
                yield from unknown((*path, "exit_titles", name), name, block.exits, "exit")


@check_named("report-since")
def the_report_before_was_made_first(programme: Programme) -> Iterator[Finding]:
    """The report a 'since' block is held against was made before the period told about ended."""
    for path, block in report_blocks(programme):
        if not isinstance(block, SinceBlock) or block.known_after.setting not in (None, *programme.settings):
            continue
        months = block.months or programme.reports[path[1]].months
        day = date(2020, 1, 31)
        if programme.length(block.known_after).after(day) > Duration(months=months).after(day):
            what = f"the report before is made later than {months} months after its end, when this one's period ends"
            remedy = "Write a shorter 'known_after', such as P14D."
            yield Finding((*path, "known_after"), what, remedy)


@check_named("report-since-trend")
def last_month_is_told_once(programme: Programme) -> Iterator[Finding]:
    """A report does not show last month both as it was known then and, in a trend, as it is known now.

    What lies between the two is what was registered late, however few it is about.
    """
    trends = [(path, block) for path, block in report_blocks(programme) if isinstance(block, TrendBlock)]
    for path, block in report_blocks(programme):
        if not isinstance(block, SinceBlock) or (block.months or programme.reports[path[1]].months) != 1:
            continue
        for other, trend in trends:
            both = [name for name in block.indicators if name in trend.indicators]
            if other[1] == path[1] and trend.unit == block.unit and both:
                what = (
                    f"a trend of the report shows last month of '{both[0]}' as known now, this as known then"
                )
                remedy = "Put one of the two in a report of its own: their difference gives few people away."
                yield Finding((*path, "indicators", block.indicators.index(both[0])), what, remedy)


@check_named("report-evaluation")
def shown_evaluations_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name evaluations that exist."""
    for path, block in report_blocks(programme):
        if isinstance(block, EvaluationBlock | PlanBlock | MethodBlock):
            at = (*path, "evaluation")
            yield from unknown(at, block.evaluation, programme.evaluations, "evaluation")


@check_named("indicator-unused")
def indicators_are_shown(programme: Programme) -> Iterator[Finding]:
    """Every indicator stands in a report."""
    shown: set[str] = set()
    for _, block in report_blocks(programme):
        shown.update(getattr(block, "indicators", ()))
        shown.add(getattr(block, "indicator", ""))
    for report in programme.reports.values():
        shown.update(number.indicator for number in report.numbers.values())
    for name in programme.indicators:
        if name not in shown:
            what = f"the indicator '{name}' stands in no report"
            remedy = "Name it in an 'indicators' or 'targets' block, or remove it."
            yield Finding(("indicators", name), what, remedy, "warning", at_key=True)


@check_named("evaluation-unused")
def evaluations_are_shown(programme: Programme) -> Iterator[Finding]:
    """Every evaluation stands in a report."""
    shown = {block.evaluation for _, block in report_blocks(programme) if isinstance(block, EvaluationBlock)}
    for name in programme.evaluations:
        if name not in shown:
            what = f"the evaluation '{name}' stands in no report"
            remedy = "Name it in an 'evaluation' block, or remove it."
            yield Finding(("evaluations", name), what, remedy, "warning", at_key=True)


@check_named("report-theory")
def a_shown_theory_exists(programme: Programme) -> Iterator[Finding]:
    """A theory block shows a theory that exists."""
    for path, block in report_blocks(programme):
        if isinstance(block, TheoryBlock):
            yield from unknown((*path, "theory"), block.theory, programme.theories, "theory")


@check_named("report-by-unit")
def indicators_by_unit_need_units(programme: Programme) -> Iterator[Finding]:
    """What is shown by unit needs units in the definition."""
    for path, block in report_blocks(programme):
        if not isinstance(block, IndicatorsBlock | RequirementsBlock | ResponseBlock | DueBlock):
            continue
        if block.by == "unit" and not programme.units:
            verb = "are" if isinstance(block, IndicatorsBlock | RequirementsBlock) else "is"
            what = f"{block.block} {verb} shown by unit, and the definition has no units"
            yield Finding(path, what, "Add 'units', or write 'by: site'.")
