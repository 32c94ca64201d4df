"""Walks through a definition's report and fills each block from the rooms that know its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from indsats.economy import GivenPrice
from indsats.language import day, number
from indsats.problem import InputRefused, Problem
from indsats.programme import (
    BarometerBlock,
    BenchmarkBlock,
    CaseBlock,
    ChangeBlock,
    ClassesBlock,
    CostsBlock,
    CourseBlock,
    DeviationsBlock,
    DueBlock,
    EvaluationBlock,
    IndicatorsBlock,
    OwnGainBlock,
    Period,
    PhasesBlock,
    PricesBlock,
    ProfileBlock,
    Programme,
    QualityBlock,
    ReclassifiedBlock,
    RequirementsBlock,
    ResponseBlock,
    ScenariosBlock,
    ScoresBlock,
    SinceBlock,
    SocietyBlock,
    TargetsBlock,
    Text,
    TextBlock,
    TheoryBlock,
    TransitionsBlock,
    TrendBlock,
    ValidityBlock,
)
from indsats.programme import Block as Asked
from indsats.progress import Progress
from indsats.record import Facts, Record
from indsats.register import Register, Store
from indsats.report import Block, Chart, Document, Paragraph, Section, Table
from indsats.steer import Frozen

from . import (
    barometer,
    benchmarks,
    cases,
    changes,
    costs,
    course,
    deviations,
    effects,
    phases,
    progression,
    qualities,
    requirements,
    responses,
    scenarios,
    scores,
    since,
    steering,
    sums,
    theory,
    trends,
    words,
)
from .frozen import basis_of
from .plans import Plan
from .pricing import Pricing


@dataclass(frozen=True)
class Material:
    """What a report is composed from; ``facts`` and ``register`` are None for packaged data.

    ``hours`` are the monthly paid hours beside the register (``person``, ``month``, ``hours``). ``plans`` says of
    evaluations whether they were planned before outcomes were read. ``record`` is what ``facts`` are a view of, and
    ``last`` the report before, where its files are at hand. ``given`` are the user's own prices.
    """

    programme: Programme
    facts: Facts | None
    register: Register | Store | None
    period: Period | None
    hours: pl.DataFrame | None = None
    plans: Mapping[str, Plan] = field(default_factory=dict)
    record: Record | None = None
    last: Frozen | None = None
    given: Mapping[str, GivenPrice] = field(default_factory=dict)

    @cached_property
    def pricing(self) -> Pricing:
        """What blocks about money are made from."""
        return Pricing(self.programme, self.facts, self.register, self.hours, self.given)


def compose(
    material: Material, report_id: str | None = None, report_progress: Progress | None = None
) -> Document:
    """The programme's report as a document of true, not yet protected figures.

    ``report_id`` chooses among the definition's reports, the first when left out. Raises ``InputRefused`` when
    a block needs facts or registers that are not there.
    """
    report = material.programme.reports[report_of(material.programme, report_id)]
    parts = [(section.title, section.blocks) for section in report.sections]
    return _document(material, report.title, parts, report_progress)


def document_of(material: Material, block: Asked) -> Document:
    """One block by itself as a document, titled as the block, not yet protected."""
    title = getattr(block, "title", material.programme.title)
    return _document(material, title, [(title, [block])], None)


def _document(
    material: Material,
    title: Text,
    parts: Sequence[tuple[Text, Sequence[Asked]]],
    progress: Progress | None,
) -> Document:
    programme = material.programme
    sections: list[Section] = []
    taken: set[str] = set()
    total, done = sum(len(asked) for _, asked in parts), 0
    for heading, asked in parts:
        blocks: list[Block] = []
        for block in asked:
            blocks.extend(_distinct(_filled(block, material), taken))
            done += 1
            if progress is not None:
                progress(done, total, "composing the report")
        sections.append(Section(heading, tuple(blocks)))
    return Document(
        title=title,
        programme_title=programme.title,
        programme=programme.programme,
        version=programme.version,
        period=material.period,
        known=material.facts.known if material.facts else None,
        synthetic=material.facts.synthetic if material.facts else False,
        threshold=programme.disclosure_threshold,
        sections=tuple(sections),
        sources=tuple(_sources(material)),
        notes=tuple(_notes(material.register)),
        groups=tuple(sums.groups(programme, material.facts, sections)),
        basis=basis_of(material.facts) if material.facts else None,
    )


def report_of(programme: Programme, asked: str | None) -> str:
    """The report asked for, or the first. Raises ``InputRefused`` naming those there are."""
    if asked is None:
        return next(iter(programme.reports))
    if asked not in programme.reports:
        known = ", ".join(programme.reports)
        problem = Problem(
            f"'{programme.programme}' has no report '{asked}'", f"Ask for one of: {known}", file="--report"
        )
        raise InputRefused([problem])
    return asked


def last_whole_period(programme: Programme, last_day: date, report_id: str | None = None) -> Period:
    """The newest period of the report's length that ends with a whole month.

    A month counts as whole when the data, which end on ``last_day``, reach into its last seven days: few things
    are recorded between the last working day and the month's end.
    """
    report = programme.reports[report_of(programme, report_id)]
    end = (last_day + timedelta(days=7)).replace(day=1)
    months = end.year * 12 + end.month - 1 - report.months
    return Period(first=date(months // 12, months % 12 + 1, 1), last=end - timedelta(days=1))


def _distinct(blocks: Iterator[Block], taken: set[str]) -> Iterator[Block]:
    """Tables and charts with ids of their own: a report may show the same indicators twice in different words."""
    made, renamed = list(blocks), dict[str, str]()
    for block in made:
        if isinstance(block, Table | Chart):
            name, number = block.id, 2
            while name in taken:
                name, number = f"{block.id}-{number}", number + 1
            taken.add(name)
            renamed[block.id] = name
    for block in made:
        if isinstance(block, Table | Chart):
            block = replace(block, id=renamed[block.id])
        if isinstance(block, Chart):
            block = replace(block, table_id=renamed.get(block.table_id, block.table_id))
            if block.graph is not None:
                links = renamed.get(block.graph.links_id, block.graph.links_id)
                block = replace(block, graph=replace(block.graph, links_id=links))
        yield block


def _filled(block: object, material: Material) -> Iterator[Block]:
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
    else:
        facts, period = _with_facts(material)
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
        elif isinstance(block, SinceBlock) and material.record is not None:
            yield from since.since_blocks(material.record, facts, block, period, material.last)
        else:
            raise TypeError(f"no composer for a block of type {type(block).__name__}")


def _with_facts(material: Material) -> tuple[Facts, Period]:
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


def _sources(material: Material) -> Iterator[Text]:
    if material.facts is not None:
        persons = material.facts.persons.height
        last = material.facts.last_day
        yield Text(
            da=f"Registreringer om {number(persons, 'da')} personer til og med {day(last, 'da')}",
            en=f"Registrations on {number(persons, 'en')} persons up to {day(last, 'en')}",
        )
    if material.register is not None:
        yield Text(
            da="Ugentligt ydelsesregister i DREAM's form", en="Weekly benefit register in DREAM's layout"
        )
    for table in material.programme.tables.values():
        cited = ", ".join(
            source.removeprefix("published: ") for source in table.source if source != "decision"
        )
        yield Text(
            da=f"{table.title.da} ({table.licence}): {cited}",
            en=f"{table.title.en} ({table.licence}): {cited}",
        )


def _notes(register: Register | Store | None) -> Iterator[Text]:
    if register is None:
        return
    yield words.STOCK_NOTE
    unknown = register.unknown_codes
    if unknown.height:
        weeks = int(unknown["weeks"].sum())
        codes = ", ".join(str(code) for code in unknown["code"].sort())
        yield Text(
            da=f"Koder i registret, der ikke står på kodelisten: {codes} ({number(weeks, 'da')} uger). De er talt med "
            "som en uge med ydelse af ukendt slags.",
            en=f"Codes in the register that are not on the code list: {codes} ({number(weeks, 'en')} weeks). They are "
            "counted as a week with a benefit of unknown kind.",
        )
