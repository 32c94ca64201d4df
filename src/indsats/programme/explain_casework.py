"""Explains what is offered, in which phases, what is required when, and what is written down."""

from __future__ import annotations

from collections.abc import Iterable

from .casework import CodeValue, Form
from .explain_page import Page
from .flow import Cadence, Phase, Requirement
from .vocabulary import KIND_FIELDS
from .words import (
    KINDS,
    MEANINGS,
    cadence_in_words,
    duration_in_words,
    field_in_words,
    happenings_in_words,
    measured_in_words,
    quoted,
    row,
    rule_in_words,
)


def services(page: Page) -> None:
    """What is offered, and the core elements."""
    programme, lang = page.programme, page.lang
    page.heading(2, "Hvad der tilbydes", "What is offered")
    for service in programme.services.values():
        text = f"**{service.title.in_(lang)}**: {page.sentence(service.about.in_(lang))}"
        if service.group is not None:
            group = page.title(programme.groups, service.group)
            text += page.say(f" For {group}.", f" For {group}.")
        if not service.core:
            text += page.say(" Hører ikke til kernen.", " Not part of the core.")
        page.point(text)
    page.heading(2, "Kerneelementer", "Core elements")
    block: str | None = None
    # Elements of one block stand together, in the order the blocks are first named; those without come first.
    named = [one.block.da for one in programme.elements.values() if one.block is not None]
    order = {text: place for place, text in enumerate(dict.fromkeys(named), 1)}
    elements = programme.elements.values()
    for element in sorted(elements, key=lambda one: order[one.block.da] if one.block else 0):
        if element.block is not None and element.block.in_(lang) != block:
            block = element.block.in_(lang)
            page.heading(3, element.block.da, element.block.en)
        text = f"**{element.title.in_(lang)}**: {page.sentence(element.about.in_(lang))}"
        belongs = []
        if element.service is not None:
            belongs.append(page.title(programme.services, element.service))
        if element.phase is not None:
            belongs.append(page.title(programme.phases, element.phase))
        if belongs:
            text += page.say(f" Hører til {row(belongs, 'da')}.", f" Belongs to {row(belongs, 'en')}.")
        page.point(text)


def phases(page: Page) -> None:
    """Phases in their order, each with what is required in it."""
    programme = page.programme
    page.heading(2, "Faser, og hvad der kræves i hver", "Phases, and what is required in each")
    for name in phase_order(programme.phases):
        phase = programme.phases[name]
        page.heading(3, phase.title.da, phase.title.en)
        _phase(page, phase)
        required = [one for one in programme.requirements.values() if one.phase == name]
        _requirements(page, required)
    page.heading(3, "Krav til hele forløbet", "Required of the whole enrolment")
    _requirements(page, [one for one in programme.requirements.values() if one.phase is None])
    page.heading(2, "Det, der gentages", "What recurs")
    for cadence in programme.cadences.values():
        page.point(_cadence(page, cadence))


def phase_order(phases: dict[str, Phase]) -> list[str]:
    """The phases with those people begin in first, and each after those it follows as far as that can be."""
    left = sorted(phases, key=lambda name: not phases[name].entry)
    found: list[str] = []
    while left:
        ready = [name for name in left if set(phases[name].follows) & set(left) <= {name}]
        # In a circle none is ready: the first as written goes first.
        following = (ready or left)[0]
        found.append(following)
        left.remove(following)
    return found


def _phase(page: Page, phase: Phase) -> None:
    programme, lang = page.programme, page.lang
    page.paragraph(page.sentence(phase.about.in_(lang)))
    if phase.entry:
        page.point(page.say("Her kan et forløb begynde.", "An enrolment can begin here."))
    if phase.follows:
        before = row([page.title(programme.phases, one) for one in phase.follows], lang, "or")
        page.point(page.say(f"Kommer som regel efter {before}.", f"Usually comes after {before}."))
    if phase.service is not None:
        service = page.title(programme.services, phase.service)
        page.point(page.say(f"Kun for indskrevne i {service}.", f"Only for those enrolled in {service}."))
    starts = happenings_in_words(programme, phase.starts, lang)
    page.point(page.say(f"Begynder ved {starts}.", f"Begins with {starts}."))
    if phase.ends:
        ends = happenings_in_words(programme, phase.ends, lang)
        page.point(
            page.say(f"Slutter ved {ends}, eller når forløbet slutter.", f"Ends with {ends}, or at the exit.")
        )
    else:
        page.point(page.say("Slutter, når forløbet slutter.", "Ends at the exit."))
    if phase.skipped_by:
        skipped = happenings_in_words(programme, phase.skipped_by, lang)
        page.point(
            page.say(
                f"Springes over, hvis der forinden er {skipped}.",
                f"Skipped where there already is {skipped}.",
            )
        )
    if phase.repeats:
        page.point(page.say("Kan begynde forfra.", "Can begin anew."))


def _requirements(page: Page, required: Iterable[Requirement]) -> None:
    programme, lang = page.programme, page.lang
    for requirement in required:
        page.point(f"**{requirement.title.in_(lang)}**: {requirement.ask.in_(lang)}")
        partly = requirement.answer == "yes_partly_no"
        answers = page.say("Besvares med ja", "Answered with yes")
        answers += (
            page.say(", delvist eller nej", ", partly or no") if partly else page.say(" eller nej", " or no")
        )
        if partly:
            answers += page.say(" (delvist er ikke nok)", " (partly is not enough)")
        page.point(f"{answers}{_due(page, requirement)}.", 1)
        if requirement.measured is not None:
            page.point(measured_in_words(programme, requirement, lang), 1)
        if requirement.not_applicable_when:
            never = happenings_in_words(programme, requirement.not_applicable_when, lang)
            page.point(
                page.say(f"Ikke relevant, når der er {never}.", f"Not applicable when there is {never}."), 1
            )
        if requirement.if_no:
            listed = programme.codes_for("requirement_answered.reason")
            values = listed.values if listed is not None else {}
            reasons = row([page.title(values, reason) for reason in requirement.if_no], lang, "or")
            page.point(page.say(f"Grunde til nej: {reasons}.", f"Reasons for no: {reasons}."), 1)
        if requirement.element is not None:
            element = page.title({**programme.services, **programme.elements}, requirement.element)
            page.point(page.say(f"Viser, om {element} er på plads.", f"Shows whether {element} is there."), 1)


def _due(page: Page, requirement: Requirement) -> str:
    if requirement.due is None:
        if requirement.measured is not None and requirement.measured.how == "within":
            return page.say(", når fristen nedenfor er gået", ", when the deadline below has passed")
        end = ("fasen", "the phase") if requirement.phase is not None else ("forløbet", "the enrolment")
        return page.say(f", senest når {end[0]} slutter", f", when {end[1]} ends at the latest")
    length = duration_in_words(page.programme, requirement.due, page.lang)
    start = ("fasen", "the phase") if requirement.phase is not None else ("forløbet", "the enrolment")
    return page.say(
        f", senest {length} efter at {start[0]} begyndte", f", no later than {length} after {start[1]} began"
    )


def _cadence(page: Page, cadence: Cadence) -> str:
    told = cadence_in_words(page.programme, cadence, page.lang)
    return f"**{cadence.title.in_(page.lang)}**: {told}"


def records(page: Page) -> None:
    """Forms, the programme's own events, code lists and what is refused."""
    programme, lang = page.programme, page.lang
    page.heading(2, "Hvad der registreres", "What is recorded")
    page.heading(3, "Planer, aftaler og møder", "Plans, agreements and meetings")
    for form in programme.forms.values():
        page.point(f"**{form.title.in_(lang)}** ({_form_for(page, form)}):")
        for field in form.fields.values():
            types = {
                "text": page.say("tekst", "text"),
                "number": page.say("tal", "number"),
                "bool": page.say("ja eller nej", "yes or no"),
                "date": page.say("dato", "date"),
                "choice": row([one.title.in_(lang) for one in field.choices.values()], lang, "or"),
            }
            must = page.say("; skal udfyldes", "; must be filled in") if field.required else ""
            page.point(f"{field.title.in_(lang)} ({types[field.type]}{must})", 1)
    page.heading(3, "Indsatsens egne hændelser", "Events of the programme's own")
    for event in programme.events.values():
        values = _titles(page, event.values.values())
        told = page.say(" Kun til sagens egen historie.", " Kept for the story of the case only.")
        text = event.title.in_(lang) + (f": {values}" if values else "")
        page.point(page.sentence(text) + (told if event.record_only else ""))
    page.heading(3, "Lister, der vælges fra", "Lists to choose from")
    for codes in programme.codes.values():
        page.point(
            f"**{codes.title.in_(lang)}** ({_fields(page, codes.applies_to)}): "
            f"{page.sentence(_titles(page, codes.values.values()))}"
        )
    page.heading(3, "Det, der afvises ved registrering", "What is refused when recorded")
    for rule in programme.entry_rules.values():
        must = rule_in_words(programme, rule.kind, rule.must, lang, subordinate=True)
        kind = KINDS[rule.kind].many.in_(lang) if rule.kind in KINDS else rule.kind
        page.point(
            page.say(f"For {kind} skal det gælde, at {must}.", f"For {kind} it must hold that {must}.")
        )
        page.point(
            page.say(f"Ellers siges: {quoted(rule.say.da, 'da')}", f"Else: {quoted(rule.say.en, 'en')}"), 1
        )


def _form_for(page: Page, form: Form) -> str:
    many = KINDS[form.kind].many.in_(page.lang)
    if form.type is None:
        return page.say(f"alle {many}", f"all {many}")
    listed = page.programme.codes_for(f"{form.kind}.type")
    values = listed.values if listed is not None else {}
    return page.say(
        f"{many} af typen {page.title(values, form.type)}", f"{many} of type {page.title(values, form.type)}"
    )


def _titles(page: Page, values: Iterable[CodeValue]) -> str:
    """Titles in a row, each with what it stands for where that is said."""
    told = []
    for value in values:
        means = MEANINGS.get(value.means or "")
        told.append(value.title.in_(page.lang) + (f" [{means.in_(page.lang)}]" if means is not None else ""))
    return "; ".join(told)


def _fields(page: Page, places: Iterable[str]) -> str:
    told = []
    for place in places:
        kind, _, field = place.partition(".")
        word = field_in_words(page.programme, kind, field, page.lang)
        where = KINDS[kind].many.in_(page.lang) if kind in KIND_FIELDS else page.say("borgere", "citizens")
        told.append(page.say(f"{word} for {where}", f"{word} of {where}"))
    return ", ".join(told)
