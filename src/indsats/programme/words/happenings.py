"""Tells in words what happens, when it recurs, and how a requirement is measured by it."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.language import Lang

from ..base import Duration
from ..definition import Programme
from ..flow import Cadence, EachMeasure, EveryMeasure, Happening, Requirement, WithinMeasure
from .names import KINDS
from .phrases import clauses, duration_in_words, every_in_words, pick, quoted, row
from .rules import events_named, rule_in_words, tree_in_words, value_in_words


def happening_in_words(programme: Programme, happening: Happening, lang: Lang = "da") -> str:
    """One of the facts meant: ``et møde, hvor udfald er afholdt``, ``»Board«``."""
    if happening.kind == "event":
        named = _events(programme, happening.rule, lang)
        if named is not None:
            return named
    one = KINDS[happening.kind].one.in_(lang) if happening.kind in KINDS else happening.kind
    return one + where_in_words(programme, happening.kind, happening.where, lang)


def _events(programme: Programme, rule: str, lang: Lang) -> str | None:
    """Events by their titles, where the rule names them."""
    found = events_named(programme, rule)
    if found is None:
        return None
    names, rest = found
    titles = [value_in_words(programme, "event", "event", name, lang) for name in names]
    told = row(titles, lang, "or")
    if rest is None:
        return told
    return told + pick(lang, ", hvor ", " where ") + tree_in_words(programme, "event", rest, lang, True)


def happenings_in_words(programme: Programme, happenings: Sequence[Happening], lang: Lang = "da") -> str:
    """Facts of which any one will do, joined by "or"."""
    return clauses([happening_in_words(programme, one, lang) for one in happenings], lang, "or")


def facts_in_words(programme: Programme, kind: str, rule: str, lang: Lang = "da") -> str:
    """Several facts of a kind: ``møder, hvor udfald er afholdt``."""
    if kind == "event":
        named = _events(programme, rule, lang)
        if named is not None:
            return pick(lang, f"tilfælde af {named}", f"cases of {named}")
    many = KINDS[kind].many.in_(lang) if kind in KINDS else kind
    return many + where_in_words(programme, kind, rule, lang)


def where_in_words(programme: Programme, kind: str, rule: str, lang: Lang = "da") -> str:
    """``, hvor …`` for a rule that says something, nothing for ``true``."""
    if rule.strip() == "true":
        return ""
    return pick(lang, ", hvor ", " where ") + rule_in_words(programme, kind, rule, lang, subordinate=True)


def cadence_in_words(programme: Programme, cadence: Cadence, lang: Lang = "da") -> str:
    """What must recur, how often, and from when the clock runs."""
    what = happenings_in_words(programme, cadence.what, lang)
    every = every_in_words(programme, cadence.every, lang)
    phase = programme.phases.get(cadence.phase or "")
    service = programme.services.get(cadence.service or "")
    if phase is not None:
        start_da = f"begyndelsen af fasen {quoted(phase.title.da, 'da')}"
        start_en = f"the beginning of the phase {quoted(phase.title.en, 'en')}"
    elif service is not None:
        start_da = f"indskrivningen i {quoted(service.title.da, 'da')}"
        start_en = f"enrolment in {quoted(service.title.en, 'en')}"
    else:
        start_da, start_en = "indskrivningen", "enrolment"
    began = pick(lang, f"fra {start_da}", f"from {start_en}")
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
        rule = rule_in_words(programme, measured.of.kind, measured.where, lang, subordinate=True)
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
    if measured.of:
        clock = happenings_in_words(programme, measured.of, lang)
    elif requirement.phase is not None:
        clock = pick(lang, "fasens begyndelse", "the beginning of the phase")
    else:
        clock = pick(lang, "indskrivningen", "enrolment")
    due = _after(programme, measured.within, lang)
    met = pick(lang, f"Opfyldt, når der er {what},", f"Met when there is {what},")
    if measured.after is None:
        by = f"{due} efter {clock}" if due else f"dagen for {clock}"
        by_en = f"{due} after {clock}" if due else f"the day of {clock}"
        return pick(lang, f"{met} senest {by}.", f"{met} no later than {by_en}.")
    after = _after(programme, measured.after, lang)
    start = pick(lang, f"tidligst {after} efter {clock}", f"no earlier than {after} after {clock}")
    if not after:
        start = pick(lang, f"tidligst dagen for {clock}", f"no earlier than the day of {clock}")
    then = pick(lang, f"senest {due} derefter", f"within {due} from then")
    if not due:
        then = pick(lang, "senest samme dag", "no later than that day")
    return f"{met} {start} {pick(lang, 'og', 'and')} {then}."


def _after(programme: Programme, duration: Duration, lang: Lang) -> str:
    """The length in words; nothing when it is none at all."""
    named = duration.setting is not None
    zero = not named and not duration.months and not duration.days
    return "" if zero else duration_in_words(programme, duration, lang)
