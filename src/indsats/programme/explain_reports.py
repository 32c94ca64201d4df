"""Explains what reports tell, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .blocks import (
    BarometerBlock,
    BenchmarkBlock,
    Block,
    ChangeBlock,
    ClassesBlock,
    CourseBlock,
    DefinitionsBlock,
    DeviationsBlock,
    DueBlock,
    EvaluationBlock,
    IndicatorsBlock,
    MethodBlock,
    PersonBlock,
    PhasesBlock,
    PlanBlock,
    ProfileBlock,
    QualityBlock,
    ReclassifiedBlock,
    RepresentativenessBlock,
    RequirementsBlock,
    ResponseBlock,
    ScoresBlock,
    SinceBlock,
    TargetsBlock,
    TextBlock,
    TheoryBlock,
    TransitionsBlock,
    TrendBlock,
    ValidityBlock,
)
from .explain_comparable import benchmark_in_words, reclassified_in_words
from .explain_economy import economy_block_in_words
from .explain_page import Page
from .measurement import Questionnaire
from .reports import NumberAsked, Report
from .templates import Heading, Insert, parse_template
from .words import duration_in_words, happenings_in_words, row


def reports(page: Page) -> None:
    """Every report with its sections and what each of their blocks shows."""
    page.heading(2, "Hvad rapporterne viser", "What reports show")
    for report in page.programme.reports.values():
        page.heading(3, report.title.da, report.title.en)
        page.paragraph(_what(page, report))
        for section in report.sections:
            page.point(f"**{section.title.in_(page.lang)}**")
            for block in section.blocks:
                _show(page, block, 1)
        if report.template is not None:
            _written(page, report, report.template)


def _what(page: Page, report: Report) -> str:
    """How long it covers, how it is laid out, and whom it is about."""
    da = ["Dækker 1 måned." if report.months == 1 else f"Dækker {report.months} måneder."]
    en = ["Covers 1 month." if report.months == 1 else f"Covers {report.months} months."]
    forms = {
        "case": ("Lægges op som en sag på en dagsorden.", "Laid out as an item of an agenda."),
        "letter": ("Lægges op som et brev.", "Laid out as a letter."),
    }
    about = {
        "site": ("Skrives for hvert sted for sig.", "Written for each site by itself."),
        "person": ("Skrives til én borger.", "Written to one citizen."),
    }
    for said in (forms.get(report.form), about.get(report.about)):
        da += [said[0]] if said else []
        en += [said[1]] if said else []
    return page.say(" ".join(da), " ".join(en))


def _written(page: Page, report: Report, template: str) -> None:
    """A report written as a template: its headings with what is put in below them, then its numbers and fields."""
    text = page.programme.templates.get(template)
    depth = 0
    for element in parse_template(text.in_(page.lang)) if text is not None else ():
        if isinstance(element, Heading):
            page.point(f"**{element.text}**", element.level - 1)
            depth = element.level
        elif isinstance(element, Insert) and element.name in report.blocks:
            _show(page, report.blocks[element.name], depth, findings=element.kind == "findings")
    if report.numbers:
        told = row(list(dict.fromkeys(_number(page, one) for one in report.numbers.values())), page.lang)
        page.point(page.say(f"Tal i teksten: {told}.", f"Numbers in the text: {told}."))
    if report.fields:
        named = row([one.title.in_(page.lang) for one in report.fields.values()], page.lang)
        page.point(page.say(f"Udfyldes af den, der skriver: {named}.", f"Filled in by the writer: {named}."))


def _number(page: Page, asked: NumberAsked) -> str:
    programme, what = page.programme, page.title(page.programme.indicators, asked.indicator)
    if asked.site is not None:
        where = page.title(programme.sites, asked.site)
        return page.say(f"{what} på stedet {where}", f"{what} at the site {where}")
    if asked.unit is not None:
        where = page.title(programme.units, asked.unit)
        return page.say(f"{what} i {where}", f"{what} in {where}")
    return what


def _show(page: Page, block: Block, depth: int, *, findings: bool = False) -> None:
    """A point for a block; none for a text, which says nothing that steers what is shown."""
    if isinstance(block, TextBlock):
        return
    title = getattr(block, "title", None)
    named = "" if title is None else title.in_(page.lang)
    told = page.sentence(block_in_words(page, block))
    if findings:
        about = f" i {named}" if named else ""
        in_en = f" of {named}" if named else ""
        told = page.say(
            f"Hvad tallene{about} siger, i sætninger valgt efter regler.",
            f"What the numbers{in_en} say, in sentences chosen by rule.",
        )
    elif named:
        told = f"{named} {told}" if named.endswith("?") else f"{named}: {told}"
    page.point(told, depth)


def block_in_words(page: Page, block: Block) -> str:
    """What a block shows, of what, and how it is told apart."""
    programme, say = page.programme, page.say
    match block:
        case TargetsBlock():
            da, en = _in_place(page, block)
            return say(f"måltal og det opnåede {da}", f"targets and what was reached {en}")
        case DeviationsBlock():
            da, en = _in_place(page, block)
            return say(
                f"måltal {da}, der ikke er nået: forklaring og handlingsplan, og om de er kommet",
                f"targets {en} that are not met: explanation and action plan, and whether they came",
            )
        case IndicatorsBlock():
            indicators = row([page.title(programme.indicators, one) for one in block.indicators], page.lang)
            return f"{indicators} {_by(page, block.by, block.site)}"
        case EvaluationBlock():
            evaluation = page.title(programme.evaluations, block.evaluation)
            return say(f"evalueringen {evaluation}", f"the evaluation {evaluation}")
        case PlanBlock():
            evaluation = page.title(programme.evaluations, block.evaluation)
            return say(
                f"om evalueringen {evaluation} var planlagt, før resultater blev læst, og hvor den afviger fra planen",
                f"whether the evaluation {evaluation} was planned before outcomes were read, and where it deviates",
            )
        case MethodBlock():
            evaluation = page.title(programme.evaluations, block.evaluation)
            return say(
                f"hvordan evalueringen {evaluation} er lavet", f"how the evaluation {evaluation} is made"
            )
        case TheoryBlock():
            theory = page.title(programme.theories, block.theory)
            return say(f"programteorien {theory}", f"the programme theory {theory}")
        case PhasesBlock():
            return say("hvor mange der er i hver fase", "how many are in each phase")
        case BenchmarkBlock():
            return benchmark_in_words(page, block)
        case ReclassifiedBlock():
            return reclassified_in_words(page, block)
        case CourseBlock():
            of_units = f" {_by(page, block.by)}" if block.by == "unit" else ""
            return say(
                f"tilgangen måned for måned, hvor mange der når hvert trin, og hvor længe de venter{of_units}",
                f"the intake month by month, how many come to each step, and how long they wait{of_units}",
            )
        case TrendBlock():
            return _trend(page, block)
        case SinceBlock():
            return _since(page, block)
        case BarometerBlock():
            return _barometer(page, block)
        case RequirementsBlock():
            by = _by(page, block.by, block.site)
            return say(f"opfyldelse af krav {by}", f"fulfilment of requirements {by}")
        case DefinitionsBlock() | RepresentativenessBlock() | PersonBlock():
            return _of_people(page, block)
        case _:
            return _of_questionnaires(page, block)


_OF_PERSON: dict[Literal["course", "plan", "meetings", "measurements", "work", "next"], tuple[str, str]] = {
    "course": ("borgerens forløb", "the citizen's course"),
    "plan": ("borgerens mål og aftaler", "the citizen's goals and agreements"),
    "meetings": ("borgerens samtaler", "the citizen's meetings"),
    "measurements": ("borgerens egne svar", "the citizen's own answers"),
    "work": ("borgerens praktik og arbejde", "the citizen's placements and work"),
    "next": ("hvad der skal ske nu", "what is to happen next"),
}


def _of_people(page: Page, block: DefinitionsBlock | RepresentativenessBlock | PersonBlock) -> str:
    match block:
        case DefinitionsBlock():
            return page.say(
                "hvad rapportens indikatorer tæller, og blandt hvem",
                "what the indicators of the report count, and among whom",
            )
        case PersonBlock():
            return page.say(*_OF_PERSON[block.of])
        case RepresentativenessBlock():
            fields = row(block.fields, page.lang)
            whom = {
                "assigned": ("alle, der er visiteret", "everybody assigned"),
                "enrolled": ("alle, der er indskrevet", "everybody enrolled"),
            }[block.population]
            return page.say(
                f"de begyndte ved siden af {whom[0]}, efter {fields}",
                f"those who started beside {whom[1]}, by {fields}",
            )


def _of_questionnaires(page: Page, block: Block) -> str:
    say = page.say
    match block:
        case ClassesBlock():
            asked = _asked(page, [block.questionnaire])
            return say(f"klasserne i {asked} efter enhed", f"the classes of {asked} by unit")
        case TransitionsBlock():
            asked = _asked(page, [block.questionnaire])
            what_da, what_en = ("klasse", "class") if block.level == "class" else ("side", "side")
            return say(
                f"skift fra {what_da} til {what_da} i {asked}, fra årets første måling til den sidste",
                f"moves from {what_en} to {what_en} in {asked}, from the first measurement of the year to the last",
            )
        case ScoresBlock():
            asked = _asked(page, [block.questionnaire])
            return say(f"scorer og niveauer i {asked}", f"scores and levels of {asked}")
        case ProfileBlock():
            asked = _asked(page, [block.questionnaire])
            return say(
                f"hvert spørgsmål i {asked} ved startmålingen og nu",
                f"each item of {asked} at the baseline and now",
            )
        case ChangeBlock():
            asked = _asked(page, [block.questionnaire])
            return say(
                f"hvordan scorerne i {asked} har ændret sig fra startmålingen til den nyeste måling, "
                "og hvem der ikke er målt begge gange",
                f"how the scores of {asked} changed from the baseline to the newest measurement, "
                "and who was not measured both times",
            )
        case ResponseBlock():
            asked, by = _asked(page, block.questionnaires), _by(page, block.by)
            return say(
                f"hvor mange der har besvaret hver runde af {asked}, {by}",
                f"how many answered each round of {asked}, {by}",
            )
        case QualityBlock():
            asked = _asked(page, [block.questionnaire])
            return say(f"hvor godt {asked} måler", f"how well {asked} measures")
        case DueBlock():
            by = _by(page, block.by, block.site)
            return say(
                f"målinger, der skal gøres, er forsinkede eller blev sprunget over, {by}",
                f"measurements that are due, late or missed, {by}",
            )
        case ValidityBlock():
            return _foretells(page, block)
        case _:
            return economy_block_in_words(page, block) or block.block


def _barometer(page: Page, block: BarometerBlock) -> str:
    """The requirements asked, whose word is shown, and what tells chance from difference."""
    which = ""
    if block.phase is not None:
        which = page.say(" i fasen ", " of the phase ") + page.title(page.programme.phases, block.phase)
    if block.element is not None:
        which += page.say(" i ", " of ") + page.title(page.programme.elements, block.element)
    by = page.say(
        "hvert sted" if block.by == "site" else "hver enhed",
        "each site" if block.by == "site" else "each unit",
    )
    months = page.say(", og alle under ét måned for måned", ", and all together month by month")
    return page.say(
        f"opfyldelsen af krav{which} for {by} ved siden af alle de andre, som besvaret og målt på datoer, og om "
        f"forskelle er større end tilfældige{months if block.trend else ''}",
        f"fulfilment of requirements{which} for {by} beside all the others, as answered and by dates, and whether "
        f"differences are more than chance{months if block.trend else ''}",
    )


def _trend(page: Page, block: TrendBlock) -> str:
    programme = page.programme
    what = row([page.title(programme.indicators, one) for one in block.indicators], page.lang)
    where = "" if block.unit is None else page.title(programme.units, block.unit)
    line = block.baseline
    return page.say(
        f"{what} måned for måned{' i ' + where if where else ''} i {block.months} måneder, og om et skift er reelt "
        f"eller tilfældigt{f', holdt op mod de første {line} måneder' if line else ''}",
        f"{what} month by month{' in ' + where if where else ''} for {block.months} months, and whether a shift is "
        f"real or chance{f', held against the first {line} months' if line else ''}",
    )


def _since(page: Page, block: SinceBlock) -> str:
    programme = page.programme
    what = row([page.title(programme.indicators, one) for one in block.indicators], page.lang)
    unit = "" if block.unit is None else page.title(programme.units, block.unit)
    after = duration_in_words(programme, block.known_after, page.lang)
    da = "den forrige periode" if block.months is None else f"perioden {block.months} måneder før"
    en = "the previous period" if block.months is None else f"the period {block.months} months before"
    return page.say(
        f"hvor meget {what}{' i ' + unit if unit else ''} har ændret sig siden rapporten for {da}, som den så ud "
        f"{after} efter, og hvor meget der skyldes sene registreringer, rettelser, ændrede regler og nye personer",
        f"how far {what}{' in ' + unit if unit else ''} moved since the report on {en}, as it was {after} after its "
        "end, and how much of it is late registrations, corrections, changed rules and new people",
    )


def _foretells(page: Page, block: ValidityBlock) -> str:
    asked = page.programme.questionnaires.get(block.questionnaire)
    what = row([*_scores(page, asked, block.scores), *_items(page, asked, block.items)], page.lang)
    happens = happenings_in_words(page.programme, block.what, page.lang)
    within = duration_in_words(page.programme, block.within, page.lang)
    of = _asked(page, [block.questionnaire])
    return page.say(
        f"om {what} i {of} varsler {happens} inden for {within}",
        f"whether {what} of {of} foretells {happens} within {within}",
    )


def _scores(page: Page, asked: Questionnaire | None, names: Sequence[str]) -> list[str]:
    found = (
        {key: one for edition in asked.editions.values() for key, one in edition.scores.items()}
        if asked
        else {}
    )
    return [page.title(found, name) for name in names]


def _items(page: Page, asked: Questionnaire | None, names: Sequence[str]) -> list[str]:
    return [page.title(asked.all_items if asked else {}, name) for name in names]


def _asked(page: Page, names: Sequence[str]) -> str:
    return row([page.title(page.programme.questionnaires, name) for name in names], page.lang)


def _in_place(page: Page, block: TargetsBlock | DeviationsBlock) -> tuple[str, str]:
    """Where a block looks, in Danish and in English."""
    if block.site is not None:
        site = page.title(page.programme.sites, block.site)
        return f"på stedet {site}", f"at the site {site}"
    if block.unit is not None:
        unit = page.title(page.programme.units, block.unit)
        return f"i {unit}", f"in {unit}"
    return "i hele programmet", "in the whole programme"


def _by(page: Page, by: str, site: str | None = None) -> str:
    if site is not None:
        place = page.title(page.programme.sites, site)
        return page.say(f"på stedet {place}", f"at the site {place}")
    return page.say("efter sted", "by site") if by == "site" else page.say("efter enhed", "by unit")
