"""Fills a block of a definition from the rooms that know its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.problem import InputRefused, Problem
from indsats.programme import (
    BarometerBlock,
    BenchmarkBlock,
    CaseBlock,
    ChangeBlock,
    ClassesBlock,
    CostsBlock,
    CourseBlock,
    DefinitionsBlock,
    DeviationsBlock,
    DueBlock,
    EvaluationBlock,
    IndicatorsBlock,
    MethodBlock,
    OwnGainBlock,
    Period,
    PersonBlock,
    PhasesBlock,
    PlanBlock,
    PricesBlock,
    ProfileBlock,
    QualityBlock,
    ReclassifiedBlock,
    RepresentativenessBlock,
    RequirementsBlock,
    ResponseBlock,
    ScenariosBlock,
    ScoresBlock,
    SinceBlock,
    SocietyBlock,
    TargetsBlock,
    TextBlock,
    TheoryBlock,
    TransitionsBlock,
    TrendBlock,
    ValidityBlock,
)
from indsats.record import Facts
from indsats.report import Block, Paragraph

from . import (
    barometer,
    benchmarks,
    cases,
    changes,
    citizen,
    costs,
    course,
    deviations,
    effects,
    methods,
    phases,
    progression,
    qualities,
    representativeness,
    requirements,
    responses,
    scenarios,
    scores,
    since,
    steering,
    theory,
    trends,
)
from .evaluation_words import NO_PLAN
from .material import Material
from .plan_blocks import plan_blocks


def filled(block: object, material: Material) -> Iterator[Block]:
    """The tables, charts and paragraphs of one block of a definition, with true figures.

    Raises ``InputRefused`` when it needs facts or registers that are not there.
    """
    if isinstance(block, TextBlock):
        yield Paragraph(block.text)
    elif isinstance(block, EvaluationBlock):
        yield from effects.blocks(
            material.programme,
            block.evaluation,
            material.facts,
            material.register,
            material.hours,
            material.plans.get(block.evaluation),
        )
    elif isinstance(block, PricesBlock):
        yield from costs.price_blocks(material.pricing, block)
    elif isinstance(block, CaseBlock):
        yield from cases.case_blocks(material.pricing, block)
    elif isinstance(block, ScenariosBlock):
        yield from scenarios.scenario_blocks(material.pricing, block)
    elif isinstance(block, SocietyBlock):
        yield from cases.society_blocks(material.pricing, block)
    elif isinstance(block, OwnGainBlock):
        yield from costs.own_gain_blocks(material.pricing, block)
    elif isinstance(block, PlanBlock):
        plan, evaluation = (
            material.plans.get(block.evaluation),
            material.programme.evaluations[block.evaluation],
        )
        yield from [Paragraph(NO_PLAN)] if plan is None else plan_blocks(block.evaluation, evaluation, plan)
    elif isinstance(block, MethodBlock):
        yield from methods.method_blocks(material.programme, block)
    elif isinstance(block, DefinitionsBlock):
        yield from methods.definition_blocks(material.programme, block)
    else:
        facts, period = with_facts(material)
        if isinstance(block, TargetsBlock):
            yield from steering.target_blocks(facts, block, period)
        elif isinstance(block, DeviationsBlock):
            yield from deviations.deviation_blocks(facts, block, period)
        elif isinstance(block, IndicatorsBlock):
            yield from steering.indicator_blocks(facts, block, period)
        elif isinstance(block, TheoryBlock):
            yield from theory.theory_blocks(facts, block, period, material.register, material.hours)
        elif isinstance(block, BarometerBlock):
            yield from barometer.barometer_blocks(facts, block, period)
        elif isinstance(block, PhasesBlock):
            yield from phases.phase_blocks(facts, block, period)
        elif isinstance(block, RequirementsBlock):
            yield from requirements.requirement_blocks(facts, block, period)
        elif isinstance(block, ScoresBlock):
            yield from scores.score_blocks(facts, block, period)
        elif isinstance(block, ClassesBlock):
            yield from progression.class_blocks(facts, block, period)
        elif isinstance(block, TransitionsBlock):
            yield from progression.transition_blocks(facts, block, period)
        elif isinstance(block, ProfileBlock):
            yield from changes.profile_blocks(facts, block, period)
        elif isinstance(block, ChangeBlock):
            yield from changes.change_blocks(facts, block, period)
        elif isinstance(block, ResponseBlock):
            yield from responses.response_blocks(facts, block, period)
        elif isinstance(block, DueBlock):
            yield from responses.due_blocks(facts, block, period)
        elif isinstance(block, BenchmarkBlock):
            yield from benchmarks.benchmark_blocks(facts, block, period)
        elif isinstance(block, ReclassifiedBlock):
            yield from benchmarks.reclassified_blocks(facts, block, period)
        elif isinstance(block, TrendBlock):
            yield from trends.trend_blocks(facts, block, period)
        elif isinstance(block, QualityBlock):
            yield from qualities.quality_blocks(facts, block, period)
        elif isinstance(block, ValidityBlock):
            yield from qualities.validity_blocks(facts, block, period)
        elif isinstance(block, CourseBlock):
            yield from course.course_blocks(facts, block, period)
        elif isinstance(block, CostsBlock):
            yield from costs.cost_blocks(material.pricing, facts, block, period)
        elif isinstance(block, RepresentativenessBlock):
            yield from representativeness.representativeness_blocks(facts, block, period)
        elif isinstance(block, PersonBlock) and material.about is not None:
            yield from citizen.person_blocks(facts, block, material.about)
        elif isinstance(block, SinceBlock) and material.record is not None:
            yield from since.since_blocks(material.record, facts, block, period, material.last)
        else:
            raise TypeError(f"no composer for a block of type {type(block).__name__}")


def with_facts(material: Material) -> tuple[Facts, Period]:
    """The facts and the period; raises ``InputRefused`` where there are none."""
    if material.facts is None or material.period is None:
        raise InputRefused(
            [
                Problem(
                    f"the report of '{material.programme.programme}' needs facts, and no data folder was given",
                    "Give the folder with facts and registers: --data FOLDER",
                )
            ]
        )
    return material.facts, material.period
