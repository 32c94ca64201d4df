"""Walks through a definition's report, has each block filled, and makes a document of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from indsats.language import day
from indsats.problem import InputRefused, Problem
from indsats.programme import Block as Asked
from indsats.programme import DefinitionsBlock, EvaluationBlock, Period, PlanBlock, Programme, Report, Text
from indsats.progress import Progress
from indsats.register import Register, Store
from indsats.report import Block, Chart, Document, Section, Table, Told, figures_in

from . import citizen, findings, sums, words, written
from .fill import filled, with_facts
from .frozen import basis_of
from .material import Material
from .source_lines import source_of


def compose(
    material: Material, report_id: str | None = None, report_progress: Progress | None = None
) -> Document:
    """The programme's report as a document of true, not yet protected figures.

    ``report_id`` chooses among the definition's reports, the first when left out. Raises ``InputRefused`` when
    a block needs facts or registers that are not there.
    """
    name = report_of(material.programme, report_id)
    report = material.programme.reports[name]
    _refuse_nobody(report, name, material.about)
    if report.about == "person":
        material = citizen.own(material)
    maker = _Maker(material, report, report_progress)
    if report.template is None:
        sections = [Section(one.title, maker.made_of(one.blocks)) for one in report.sections]
        return maker.document(report.title, sections, name)
    numbers: dict[str, Told] = {}
    site = material.about if report.about == "site" else None
    if report.numbers:
        facts, period = with_facts(material)
        numbers = written.told_numbers(report.numbers, facts, period, site)
    sections = written.written_sections(
        report,
        material.programme.templates[report.template],
        numbers,
        lambda block: maker.made_of([block]),
        lambda block, made: findings.sentences(block, made, material),
    )
    document = replace(
        maker.document(report.title, sections, name),
        words={**written.built_in(material, site), **written.field_words(report)},
        fields={name: one.title for name, one in report.fields.items()},
        head=tuple((one.title, key) for key, one in report.fields.items() if one.head),
    )
    return written.with_references(document, report, maker.first_table)


def document_of(material: Material, block: Asked) -> Document:
    """One block by itself as a document, titled as the block, not yet protected."""
    title = getattr(block, "title", material.programme.title)
    maker = _Maker(material, None, None)
    return maker.document(title, [Section(title, maker.made_of([block]))], "")


class _Maker:
    """Fills the blocks of one report, with ids of their own, and tells how far it has come."""

    def __init__(self, material: Material, report: Report | None, progress: Progress | None) -> None:
        self._material, self._report, self._progress = material, report, progress
        self._total = 1 if report is None else len(list(report.placed_blocks()))
        self._done = 0
        self._taken: set[str] = set()
        self.first_table: dict[int, str] = {}
        """The id of the first table of a block, by the block's identity in the definition."""

    def made_of(self, asked: Iterable[Asked]) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for one in asked:
            made = list(_distinct(_sourced(filled(self._meant(one), self._told(one)), one), self._taken))
            tables = (block.id for block in made if isinstance(block, Table))
            self.first_table[id(one)] = next(tables, "")
            blocks += made
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._total, "composing the report")
        return tuple(blocks)

    def _meant(self, block: Asked) -> Asked:
        """The block as it is meant here: of the letter's site, of the report's own indicators."""
        report = self._report
        if report is None:
            return block
        if (
            report.about == "site"
            and getattr(block, "unit", None) is None
            and getattr(block, "site", "") is None
        ):
            return block.model_copy(update={"site": self._material.about})
        if isinstance(block, DefinitionsBlock) and not block.indicators:
            blocks = [one for _, one in report.placed_blocks()]
            shown = [name for one in blocks for name in getattr(one, "indicators", ())]
            told = [number.indicator for number in report.numbers.values()]
            return block.model_copy(update={"indicators": list(dict.fromkeys((*shown, *told)))})
        return block

    def _told(self, block: Asked) -> Material:
        """What the block is made from: an evaluation does not tell its plan where a block of its own does."""
        blocks = () if self._report is None else (one for _, one in self._report.placed_blocks())
        apart = {one.evaluation for one in blocks if isinstance(one, PlanBlock)}
        if not isinstance(block, EvaluationBlock) or block.evaluation not in apart:
            return self._material
        others = {name: plan for name, plan in self._material.plans.items() if name != block.evaluation}
        return replace(self._material, plans=others)

    def document(self, title: Text, sections: Sequence[Section], report: str) -> Document:
        material = self._material
        programme, facts = material.programme, material.facts
        figures = list(figures_in(sections).values())
        personal = self._report is not None and self._report.about == "person"
        return Document(
            title=title,
            programme_title=programme.title,
            programme=programme.programme,
            version=programme.version,
            period=material.period,
            known=facts.known if facts else None,
            synthetic=facts.synthetic if facts else False,
            report=report,
            form=self._report.form if self._report else "report",
            about="" if personal else material.about or "",
            personal=personal,
            # A citizen may see every number of their own.
            threshold=0 if personal else programme.disclosure_threshold,
            rules=programme.disclosure,
            adds_up=sums.adds_up(programme, figures),
            sections=tuple(sections),
            sources=() if personal else tuple(_sources(material)),
            notes=tuple(_notes(material.register)),
            groups=tuple(sums.groups(programme, facts, sections)),
            basis=None if personal else basis_of(programme, facts, material.inputs),
        )


def _refuse_nobody(report: Report, name: str, about: str | None) -> None:
    if (report.about == "programme") == (about is None):
        return
    if about is None:
        what, remedy = (
            f"the report '{name}' is about one {report.about}",
            "Say which: see 'indsats report --help'",
        )
    else:
        what, remedy = (
            f"the report '{name}' is about the programme, and not one place or person",
            "Leave it out",
        )
    raise InputRefused([Problem(what, remedy, file="--report")])


def _sourced(blocks: Iterable[Block], asked: Asked) -> Iterator[Block]:
    """Tables with the line that says where their numbers are from, unless they have one."""
    source = source_of(asked)
    for block in blocks:
        yield replace(block, source=source) if isinstance(block, Table) and block.source is None else block


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


def _sources(material: Material) -> Iterator[Text]:
    if material.facts is not None:
        # How many persons there are is not told: one more since the last report would be one person.
        last = material.facts.last_day
        yield Text(
            da=f"Programmets registreringer til og med {day(last, 'da')}",
            en=f"The programme's registrations up to {day(last, 'en')}",
        )
    if material.register is not None:
        yield Text(
            da="Ugentligt ydelsesregister i DREAMs form", en="Weekly benefit register in DREAM's layout"
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
        codes = ", ".join(str(code) for code in unknown["code"].sort())
        yield Text(
            da=f"Koder i registret, der ikke står på kodelisten: {codes}. De er talt med "
            "som en uge med ydelse af ukendt slags.",
            en=f"Codes in the register that are not on the code list: {codes}. They are "
            "counted as a week with a benefit of unknown kind.",
        )
