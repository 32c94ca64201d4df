"""A follow-up plan on the form of an agreement or a placement: its fields, the days it gives, and what is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indsats.language import Lang, day
from indsats.problem import Problem
from indsats.programme import Programme
from indsats.workdays import Meant, day_off, in_rhythm

from ..models import Case, Fact
from ..record import Beside, laid_down
from ..rights import Reader
from ..words import say
from .case import offered
from .case_rights import allowed
from .case_words import label
from .forms import Around, Field, Form, Option, Values
from .forms_options import Beside as Given
from .forms_options import options
from .forms_reading import Refusals, day_of, in_words
from .register_around import around_of
from .whole import whole

AGREED = ("agreement", "placement")
"""The kinds that can be followed up by a plan, and renewed."""

MEETING = "meeting"
FIRST, WEEKS, TYPE, PLACE, WORKER = (
    "follow_first", "follow_weeks", "follow_type", "follow_place", "follow_worker"
)  # fmt: skip
_COLUMNS: Mapping[str, str] = {TYPE: "type", PLACE: "place", WORKER: "worker", FIRST: "occurred_from"}
"""The column of the meeting that each field of the plan fills."""

USUAL_WEEKS = 4
"""What the form proposes: company visits are typically every fourth week (document 001 L984)."""
MOST_WEEKS = 52
MOST_DAYS = 60
"""So many meetings one plan may lay down: more than a year of weekly ones is a slip of the year."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a form asks to be laid down: the days in order, or why they cannot be."""

    days: tuple[Meant, ...] = ()
    errors: Refusals | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a kind of meeting is to be about: the titles of the fields of its form."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The plan's part of a form: what its fields offer."""

    kind: str
    programme: Programme
    around: Around
    types: tuple[Option, ...]
    places: tuple[Option, ...] | None
    """None where any text will do."""
    lang: Lang

    def fields(self, values: Values, errors: Refusals) -> list[dict[str, Any]]:
        """The fields as the look shows them."""
        shown = [
            self._field(TYPE, "select", values, errors, options=self.types, default=self._only),
            self._field(FIRST, "date", values, errors, hint=say("follow_up.first.hint", self.lang)),
            self._field(WEEKS, "number", values, errors, width="short", default=str(USUAL_WEEKS)),
        ]
        if self.places is None:
            shown.append(self._field(PLACE, "text", values, errors))
        elif self.places:
            shown.append(self._field(PLACE, "select", values, errors, options=self.places))
        shown.append(
            self._field(
                WORKER, "select", values, errors, options=self.around.workers, default=self.around.worker
            )
        )
        return shown

    @property
    def _only(self) -> str:
        """The kind of meeting where there is only one."""
        return self.types[0][0] if len(self.types) == 1 else ""

    def _field(
        self, name: str, kind: str, values: Values, errors: Refusals, *, default: str = "", **more: Any
    ) -> dict[str, Any]:
        said = values.get(name)
        column = _COLUMNS.get(name, "")
        titled = name in (PLACE, WORKER)
        return {
            "name": name,
            "label": label(self.programme, MEETING, column, self.lang) if titled else say(
                f"follow_up.{name.removeprefix('follow_')}", self.lang
            ),
            "kind": kind,
            "value": said[-1] if said else default if said is None else "",
            "errors": errors.get(name, []),
            "required": False,
            **({"empty": say("register.not_stated", self.lang)} if kind == "select" else {}),
            **more,
        }  # fmt: skip

    def read(self, sent: Values, agreed: Mapping[str, str | None]) -> Planned:
        """The days the form asks for; none where there is no first day and nothing else was written in the plan.

        ``agreed`` are the columns of the agreement: the plan lies within its days, and not behind today.
        """
        said = {
            name: texts[-1].strip() for name, texts in sent.items() if texts and name.startswith("follow_")
        }
        if not said.get(FIRST) and not self._asked(said):
            return Planned()
        first, weeks = day_of(said.get(FIRST)), whole(said.get(WEEKS))
        begins, ends = day_of(agreed.get("occurred_from")), day_of(agreed.get("occurred_to"))
        wrong: dict[str, str] = {}
        if not said.get(TYPE):
            wrong[TYPE] = "follow_up.type.missing"
        if first is None:
            wrong[FIRST] = "follow_up.first.missing"
        elif first < self.around.today:
            wrong[FIRST] = "follow_up.first.past"
        elif begins is not None and first < begins:
            wrong[FIRST] = "follow_up.first.early"
        elif ends is not None and first > ends:
            wrong[FIRST] = "follow_up.first.late"
        if weeks is None or not 1 <= weeks <= MOST_WEEKS:
            wrong[WEEKS] = "follow_up.weeks.wrong"
        if ends is None:
            wrong["occurred_to"] = "follow_up.end.missing"
        errors: Refusals = {name: [say(key, self.lang, most=MOST_WEEKS)] for name, key in wrong.items()}
        errors |= self._not_offered(said)
        if errors or first is None or weeks is None or ends is None:
            return Planned(errors=errors)
        n = (ends - first).days // (7 * weeks) + 1
        if n > MOST_DAYS:
            return Planned(errors={WEEKS: [say("follow_up.many", self.lang, n=n, most=MOST_DAYS)]})
        return Planned(tuple(in_rhythm(first, weeks, ends)))

    def _asked(self, said: Mapping[str, str]) -> bool:
        """Whether something was written in the plan: what stands there beforehand asks for none."""
        offered = {TYPE: self._only, WEEKS: str(USUAL_WEEKS), WORKER: self.around.worker}
        return any(text and text != offered.get(name, "") for name, text in said.items())

    def _not_offered(self, said: Mapping[str, str]) -> Refusals:
        """What was sent and is not among what the form offers."""
        offers = {TYPE: self.types, WORKER: self.around.workers, PLACE: self.places}
        return {
            name: [say("follow_up.not_offered", self.lang)]
            for name, there in offers.items()
            if there is not None and said.get(name) and said[name] not in {value for value, _ in there}
        }

    def beside(self, days: Sequence[Meant], sent: Values, shared: Mapping[str, Any]) -> Beside | None:
        """The appointments to be written with the agreement; ``shared`` are its enrolment and site."""
        if not days:
            return None
        said = {column: (sent.get(name) or [""])[-1].strip() or None for name, column in _COLUMNS.items()}
        return Beside(
            MEETING,
            [{**said, **shared, "occurred_from": one.day.isoformat(), "outcome": "planned"} for one in days],
        )

    def refused(self, problems: Sequence[Problem]) -> Refusals:
        """What the record says is wrong with the appointments, at the fields of the plan."""
        theirs = [
            replace(one, field=(one.field or "").removeprefix(f"{MEETING}.") or None)
            for one in problems
            if (one.field or "").startswith(f"{MEETING}.")
        ]
        form = Form(MEETING, tuple(Field(column, "", "text") for column in _COLUMNS.values()))
        at = {column: name for name, column in _COLUMNS.items()}
        found = in_words(theirs, form, self.programme, self.lang)
        return {at.get(column, ""): told for column, told in found.items()}

    def told(self, days: Sequence[Meant]) -> list[str]:
        """Each day in words, and why it was moved where it was."""
        return [
            day(one.day, self.lang)
            if one.day == one.meant
            else say(
                "follow_up.moved",
                self.lang,
                day=one.day,
                meant=one.meant,
                why=day_off(one.meant, self.lang) or "",
            )
            for one in days
        ]

    def agenda(self, values: Values) -> Agenda | None:
        """The agenda the programme has for the kind of meeting that is chosen: its own form, if it has one."""
        chosen = (values.get(TYPE) or [self._only])[-1]
        for form in self.programme.forms.values():
            if form.kind == MEETING and chosen and form.type == chosen:
                items = tuple(one.title.in_(self.lang) for one in form.fields.values())
                return Agenda(form.title.in_(self.lang), items)
        return None

    def done(self, days: Sequence[Meant]) -> str:
        """What was laid down, in a sentence; empty where nothing was."""
        if not days:
            return ""
        moved = sum(one.day != one.meant for one in days)
        said = say("follow_up.done", self.lang, n=len(days), first=days[0].day, last=days[-1].day)
        return f"{said} {say('follow_up.done.moved', self.lang, n=moved)}" if moved else said


def follow_up_of(reader: Reader, case: Case, programme: Programme, kind: str, lang: Lang) -> FollowUp | None:
    """The plan's part of the form of a kind; None where it has none, where the reader may not register meetings in the
    case, and where the programme has no kinds of meetings to choose from."""
    if kind not in AGREED or MEETING not in allowed(reader, case)["register"]:
        return None
    given = Given(programme, MEETING, None, case.service, {})
    types = options("type", given, lang)
    if not types or not offered(case, programme, {MEETING}, lang):
        return None
    around = around_of(reader, case, programme, MEETING, lang)
    places = options("place", given, lang)
    return FollowUp(kind, programme, around, tuple(types), None if places is None else tuple(places), lang)


def same_plan(fact: Fact, days: Sequence[Meant]) -> bool:
    """Whether the appointments written with a fact are those days: a form sent twice, and not with another plan."""
    if fact.kind not in AGREED:
        return not days
    of = Fact.objects.filter(person=fact.person_id, programme=fact.programme, kind=MEETING)
    written = of.filter(version=1, source=laid_down(fact.fact))
    return set(written.values_list("occurred_from", flat=True)) == {one.day for one in days}
