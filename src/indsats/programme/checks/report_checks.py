"""Checks that a report's blocks show things the definition has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import (
    Block,
    ClassesBlock,
    EvaluationBlock,
    IndicatorsBlock,
    Programme,
    RequirementsBlock,
    ScoresBlock,
    TargetsBlock,
    TheoryBlock,
    TransitionsBlock,
)
from .finding import Finding, check_named
from .references import unknown


def _blocks(programme: Programme) -> Iterator[tuple[tuple[Any, ...], Block]]:
    for name, report in programme.reports.items():
        for number, section in enumerate(report.sections):
            for place, block in enumerate(section.blocks):
                yield ("reports", name, "sections", number, "blocks", place), block


@check_named("report-indicator")
def shown_indicators_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name indicators that exist."""
    for path, block in _blocks(programme):
        for number, name in enumerate(getattr(block, "indicators", ())):
            yield from unknown((*path, "indicators", number), name, programme.indicators, "indicator")


@check_named("report-unit")
def shown_units_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name units that exist."""
    for path, block in _blocks(programme):
        if isinstance(block, TargetsBlock):
            yield from unknown((*path, "unit"), block.unit, programme.units, "unit")


@check_named("report-target")
def shown_targets_exist(programme: Programme) -> Iterator[Finding]:
    """A targets block shows indicators that have a target in its unit."""
    aimed = {(target.indicator, target.unit) for target in programme.targets}
    for path, block in _blocks(programme):
        if not isinstance(block, TargetsBlock):
            continue
        for number, name in enumerate(block.indicators):
            if name in programme.indicators and (name, block.unit) not in aimed:
                what = f"'{name}' has no target in the unit '{block.unit}'"
                remedy = "Add one under 'targets', or show it in an 'indicators' block."
                yield Finding((*path, "indicators", number), what, remedy, "warning")


@check_named("report-questionnaire")
def shown_questionnaires_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name questionnaires that exist and have what the block shows: classes, sides, scores or levels."""
    for path, block in _blocks(programme):
        if not isinstance(block, ClassesBlock | TransitionsBlock | ScoresBlock):
            continue
        at = (*path, "questionnaire")
        yield from unknown(at, block.questionnaire, programme.questionnaires, "questionnaire")
        asked = programme.questionnaires.get(block.questionnaire)
        if asked is None:
            continue
        if isinstance(block, ScoresBlock):
            if not asked.scores and not asked.levels:
                what = f"the questionnaire '{block.questionnaire}' has neither scores nor levels to show"
                yield Finding(at, what, "Add 'scores' or 'levels' to it.")
        elif not asked.classes:
            what = f"the questionnaire '{block.questionnaire}' has no classes to show"
            yield Finding(at, what, "Add 'classes' to it.")
        elif isinstance(block, TransitionsBlock) and not all(found.side for found in asked.classes):
            what = f"a class of '{block.questionnaire}' has no side, so transitions would lose people"
            yield Finding(at, what, "Give every class a 'side'.")


@check_named("report-requirements")
def shown_requirements_exist(programme: Programme) -> Iterator[Finding]:
    """A requirements block has requirements to show."""
    for path, block in _blocks(programme):
        if isinstance(block, RequirementsBlock) and not programme.requirements_of(block.phase, block.element):
            asked = {"phase": block.phase, "element": block.element}
            which = " and ".join(f"{key} '{value}'" for key, value in asked.items() if value is not None)
            what = f"no requirement has {which}" if which else "there are no requirements to show"
            yield Finding(path, what, "Add one, or remove the block.")


@check_named("report-exits")
def exits_have_reasons_and_titles(programme: Programme) -> Iterator[Finding]:
    """A transitions block's exits are reasons of the code list, used once, each with a title."""
    listed = programme.codes_for("exit.reason")
    for path, block in _blocks(programme):
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


@check_named("report-evaluation")
def shown_evaluations_exist(programme: Programme) -> Iterator[Finding]:
    """Blocks name evaluations that exist."""
    for path, block in _blocks(programme):
        if isinstance(block, EvaluationBlock):
            at = (*path, "evaluation")
            yield from unknown(at, block.evaluation, programme.evaluations, "evaluation")


@check_named("indicator-unused")
def indicators_are_shown(programme: Programme) -> Iterator[Finding]:
    """Every indicator stands in a report."""
    shown: set[str] = set()
    for _, block in _blocks(programme):
        if isinstance(block, TargetsBlock | IndicatorsBlock):
            shown.update(block.indicators)
    for name in programme.indicators:
        if name not in shown:
            what = f"the indicator '{name}' stands in no report"
            remedy = "Name it in an 'indicators' or 'targets' block, or remove it."
            yield Finding(("indicators", name), what, remedy, "warning", at_key=True)


@check_named("evaluation-unused")
def evaluations_are_shown(programme: Programme) -> Iterator[Finding]:
    """Every evaluation stands in a report."""
    shown = {block.evaluation for _, block in _blocks(programme) if isinstance(block, EvaluationBlock)}
    for name in programme.evaluations:
        if name not in shown:
            what = f"the evaluation '{name}' stands in no report"
            remedy = "Name it in an 'evaluation' block, or remove it."
            yield Finding(("evaluations", name), what, remedy, "warning", at_key=True)


@check_named("report-theory")
def a_shown_theory_exists(programme: Programme) -> Iterator[Finding]:
    """A theory block shows a theory that exists."""
    for path, block in _blocks(programme):
        if isinstance(block, TheoryBlock):
            yield from unknown((*path, "theory"), block.theory, programme.theories, "theory")


@check_named("report-by-unit")
def indicators_by_unit_need_units(programme: Programme) -> Iterator[Finding]:
    """Indicators and requirements shown by unit need units in the definition."""
    for path, block in _blocks(programme):
        if not isinstance(block, IndicatorsBlock | RequirementsBlock):
            continue
        if block.by == "unit" and not programme.units:
            what = f"{block.block} are shown by unit, and the definition has no units"
            yield Finding(path, what, "Add 'units', or write 'by: site'.")
