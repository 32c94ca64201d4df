"""Tells in words what happens, when it recurs, and how a requirement is measured by it."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.language import Lang

from ..definition import Programme
from ..flow import Cadence, EachMeasure, EveryMeasure, Happening, Requirement, WithinMeasure
from .names import KINDS
from .phrases import clauses, duration_in_words, every_in_words, pick, quoted
from .rules import rule_in_words


def happening_in_words(programme: Programme, happening: Happening, lang: Lang = "da") -> str:
    """One of the facts meant: ``et møde, hvor udfald er afholdt``, ``»Board«``."""
    if happening.event is not None:
        event = programme.events.get(happening.event)
        named = quoted(event.title.in_(lang) if event is not None else happening.event, lang)
    else:
        named = KINDS[happening.kind].one.in_(lang) if happening.kind in KINDS else happening.kind
    return named + where_in_words(programme, happening.kind, happening.where, lang)


def happenings_in_words(programme: Programme, happenings: Sequence[Happening], lang: Lang = "da") -> str:
    """Facts of which any one will do, joined by "or"."""
    return clauses([happening_in_words(programme, one, lang) for one in happenings], lang, "or")


def facts_in_words(programme: Programme, kind: str, rule: str, lang: Lang = "da") -> str:
    """Several facts of a kind: ``møder, hvor udfald er afholdt``."""
    many = KINDS[kind].many.in_(lang) if kind in KINDS else kind
    return many + where_in_words(programme, kind, rule, lang)


def where_in_words(programme: Programme, kind: str, rule: str, lang: Lang = "da") -> str:
    """``, hvor …`` for a rule that says something, nothing for ``true``."""
    if rule.strip() == "true":
        return ""
    return pick(lang, ", hvor ", " where ") + rule_in_words(programme, kind, rule, lang)


def cadence_in_words(programme: Programme, cadence: Cadence, lang: Lang = "da") -> str:
    """What must recur, how often, and from when the clock runs."""
    what = happenings_in_words(programme, cadence.what, lang)
    every = every_in_words(programme, cadence.every, lang)
    phase = programme.phases.get(cadence.phase or "")
    service = programme.services.get(cadence.service or "")
    if phase is not None:
        start_da = f"fasen {quoted(phase.title.da, 'da')} begynder"
        start_en = f"the phase {quoted(phase.title.en, 'en')} begins"
    elif service is not None:
        start_da = f"indskrivningen i {quoted(service.title.da, 'da')}"
        start_en = f"enrolment in {quoted(service.title.en, 'en')}"
    else:
        start_da, start_en = "indskrivningen", "enrolment"
    began = pick(lang, f"fra {start_da}", f"from {start_en}")
    if phase is not None and lang == "da":
        began = f"fra {start_da}"
    return pick(
        lang,
        f"{_begin(what)}, senest {every}, regnet {began} og på ny fra hver gang.",
        f"{_begin(what)}, at least {every}, counted {began} and anew from each time.",
    )


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]


def measured_in_words(programme: Programme, requirement: Requirement, lang: Lang = "da") -> str:
    """How dated facts tell whether a requirement is met; nothing where only the answer does."""
    measured = requirement.measured
    if isinstance(measured, WithinMeasure):
        return _within(programme, requirement, measured, lang)
    if isinstance(measured, EveryMeasure):
        cadence = programme.cadences.get(measured.cadence)
        if cadence is None:
            return measured.cadence
        what = happenings_in_words(programme, cadence.what, lang)
        every = every_in_words(programme, cadence.every, lang)
        return pick(
            lang,
            f"Opfyldt, når der i {_run(requirement, 'da')} er {what}, senest {every}.",
            f"Met when during {_run(requirement, 'en')} there is {what}, at least {every}.",
        )
    if isinstance(measured, EachMeasure):
        of = happening_in_words(programme, measured.of, lang)
        rule = rule_in_words(programme, measured.of.kind, measured.where, lang)
        return pick(
            lang,
            f"Opfyldt, når det hver gang der i {_run(requirement, 'da')} er {of}, gælder, at {rule}.",
            f"Met when each time during {_run(requirement, 'en')} there is {of}, it holds that {rule}.",
        )
    return ""


def _run(requirement: Requirement, lang: Lang) -> str:
    if requirement.phase is not None:
        return pick(lang, "fasen", "the phase")
    return pick(lang, "forløbet", "the enrolment")


def _within(programme: Programme, requirement: Requirement, measured: WithinMeasure, lang: Lang) -> str:
    what = happenings_in_words(programme, measured.what, lang)
    within = duration_in_words(programme, measured.within, lang)
    if measured.of:
        clock = happenings_in_words(programme, measured.of, lang)
    elif requirement.phase is not None:
        clock = pick(lang, "fasens begyndelse", "the beginning of the phase")
    else:
        clock = pick(lang, "indskrivningen", "enrolment")
    if measured.after is None:
        return pick(
            lang,
            f"Opfyldt, når der er {what}, senest {within} efter {clock}.",
            f"Met when there is {what}, no later than {within} after {clock}.",
        )
    after = duration_in_words(programme, measured.after, lang)
    return pick(
        lang,
        f"Opfyldt, når der er {what}, tidligst {after} efter {clock} og senest {within} derefter.",
        f"Met when there is {what}, no earlier than {after} after {clock} and within {within} from then.",
    )
