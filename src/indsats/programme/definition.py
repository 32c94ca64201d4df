"""The whole of a programme definition, as one validated, frozen object."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from .base import Duration, Id, Part, Text
from .casework import (
    Caseload,
    CodeList,
    Document,
    Element,
    EntryRule,
    Event,
    Form,
    FormField,
    Organisation,
    Role,
    Service,
    Setting,
    Site,
    Unit,
)
from .disclosure import DisclosureRules
from .economy import Economy
from .entry import Draw, Exclusion, Group, LegalBasis, Visitation
from .evaluation import Evaluation, PackagedTable, RegisterState
from .flow import Cadence, Phase, Requirement
from .measurement import Questionnaire
from .reports import Report
from .steering import Comparable, CourseStep, Indicator, Target, Theory


class Programme(Part):
    """A programme definition: one version of one programme."""

    programme: Id
    version: int = Field(ge=1)
    title: Text
    summary: Text
    document: str
    """Key in ``documents`` that a bare ``L911`` refers to."""
    documents: dict[str, Document]
    first_day: date | None = None
    disclosure_threshold: int = Field(default=5, ge=0)
    """Counts from 1 to one below this are hidden in all that leaves the programme; 0 for public data."""
    disclosure: DisclosureRules = DisclosureRules()
    settings: dict[Id, Setting] = {}
    roles: dict[Id, Role] = {}
    caseloads: dict[Id, Caseload] = {}
    organisations: dict[Id, Organisation] = {}
    units: dict[Id, Unit] = {}
    sites: dict[Id, Site] = {}
    groups: dict[Id, Group] = {}
    legal_bases: dict[Id, LegalBasis] = {}
    draws: dict[Id, Draw] = {}
    exclusions: dict[Id, Exclusion] = {}
    visitation: Visitation | None = None
    services: dict[Id, Service] = {}
    phases: dict[Id, Phase] = {}
    elements: dict[Id, Element] = {}
    codes: dict[Id, CodeList] = {}
    events: dict[Id, Event] = {}
    forms: dict[Id, Form] = {}
    entry_rules: dict[Id, EntryRule] = {}
    cadences: dict[Id, Cadence] = {}
    requirements: dict[Id, Requirement] = {}
    questionnaires: dict[Id, Questionnaire] = {}
    indicators: dict[Id, Indicator] = {}
    targets: list[Target] = []
    course: dict[Id, CourseStep] = {}
    """The steps from the draw to the exit, in order."""
    comparable: Comparable | None = None
    theories: dict[Id, Theory] = {}
    states: dict[Id, RegisterState] = {}
    tables: dict[Id, PackagedTable] = {}
    evaluations: dict[Id, Evaluation] = {}
    economy: Economy = Economy()
    reports: dict[Id, Report] = Field(min_length=1)
    templates: dict[Id, Text] = {}
    """Texts of reports in Markdown, by name: they stand in files of their own, ``NAME.da.md`` and ``NAME.en.md``."""

    def codes_for(self, place: str) -> CodeList | None:
        """The code list of a fact field named ``kind.field``, or none when any text is accepted."""
        return next((codes for codes in self.codes.values() if place in codes.applies_to), None)

    @property
    def effort_units(self) -> list[str]:
        """The units that run the programme, in order; the others only serve as comparison."""
        return [name for name, unit in self.units.items() if unit.in_effort]

    def requirements_of(
        self, phase: str | None = None, element: str | None = None, requirement: str | None = None
    ) -> dict[str, Requirement]:
        """The requirements of a phase, of an element, or by name; all when nothing is asked for."""
        return {
            name: one
            for name, one in self.requirements.items()
            if requirement in (None, name) and phase in (None, one.phase) and element in (None, one.element)
        }

    def length(self, duration: Duration, value: float | None = None) -> Duration:
        """The calendar length of a duration: its own, or that of the setting it names.

        ``value`` is a site's own value of that setting; the programme's when left out. Raises KeyError for a
        setting that does not exist.
        """
        if duration.setting is None:
            return duration
        setting = self.settings[duration.setting]
        number = int(setting.value if value is None else value)
        months, days = {
            "days": (0, 1),
            "weeks": (0, 7),
            "months": (1, 0),
            "years": (12, 0),
            "number": (0, 1),
        }[setting.measures]
        return Duration(months=months * number, days=days * number)

    def details(self, kind: str) -> dict[str, FormField]:
        """The programme's own fields of a kind of fact, by id, from all forms of that kind."""
        found: dict[str, FormField] = {}
        for form in self.forms.values():
            if form.kind == kind:
                found |= form.fields
        return found
