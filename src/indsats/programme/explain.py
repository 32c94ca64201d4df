"""Prints a definition back in plain Danish or English, so that those who run the programme can confirm it."""

from __future__ import annotations

from indsats.language import Lang, day

from . import (
    explain_casework,
    explain_comparable,
    explain_course,
    explain_economy,
    explain_effects,
    explain_measurement,
    explain_people,
    explain_reports,
    explain_steering,
)
from .definition import Programme
from .explain_page import Page

_SECTIONS = (
    explain_people.groups,
    explain_people.ways_in,
    explain_casework.services,
    explain_casework.phases,
    explain_course.course,
    explain_people.roles,
    explain_people.places,
    explain_comparable.comparable,
    explain_casework.records,
    explain_measurement.questionnaires,
    explain_steering.indicators,
    explain_steering.targets,
    explain_effects.theories,
    explain_effects.evaluations,
    explain_economy.economy,
    explain_reports.reports,
    explain_effects.settings,
    explain_effects.decisions,
)


def explain(programme: Programme, lang: Lang = "da") -> str:
    """The whole definition as Markdown in plain sentences, from who it is for to what was decided.

    Nothing is added to the definition and nothing that steers it is left out: rules are told in words, codes by
    their titles, lengths of time as people say them. The same definition gives the same text.
    """
    page = Page(programme, lang)
    page.heading(1, programme.title.da, programme.title.en)
    page.paragraph(programme.summary.in_(lang))
    document = programme.documents.get(programme.document)
    said = page.say(f"Version {programme.version}.", f"Version {programme.version}.")
    if document is not None:
        title = f"{document.title.in_(lang)} ({document.publisher}, {document.year})"
        said += page.say(f" Bygger på: {title}.", f" Built on: {title}.")
    if programme.first_day is not None:
        said += page.say(
            f" Første dag: {day(programme.first_day, 'da')}.",
            f" First day: {day(programme.first_day, 'en')}.",
        )
    page.paragraph(said)
    for section in _SECTIONS:
        section(page)
    return page.text
