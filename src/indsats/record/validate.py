"""Checks of each fact by itself: filled, coded, in range, in time; one pass per table when all is well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from indsats.problem import Problem
from indsats.programme import Programme

from .findings import Check, choose, run
from .kinds import KINDS, payload_fields
from .master import person_shape
from .record import Record
from .tables import ANSWER

Known = Mapping[str, Collection[str]]


def check_rows(frame: pl.DataFrame, kind: str, record: Record) -> list[Problem]:
    """Problems of the facts in ``frame``, each judged by itself and by the definition it was recorded under.

    ``frame`` is typed and completed, with ``_file``, ``_row`` and ``_seen`` (the day it was recorded). Facts
    recorded under an older programme version are not judged by the lists of this one.
    """
    programme = record.programme
    checks = [*_key(kind, programme), *_common(kind, record.synthetic), *_when(kind), *_payload(kind)]
    checks += _coded(kind, programme)
    if kind == "questionnaire_answered":
        checks += _answers(frame, programme)
    if kind == "requirement_answered":
        checks += _reasons(programme)
    return run(frame, checks)


def known_values(kind: str, field: str, programme: Programme) -> Collection[str] | None:
    """The values a text field may take in this programme, or None when any text will do.

    The programme's code list for ``kind.field`` comes first; without one, a field that names a part of the
    definition (a questionnaire, a requirement, …) may take its ids.
    """
    codes = programme.codes_for(f"{kind}.{field}")
    if codes is not None:
        return codes.values
    parts: Mapping[str, Collection[str]] = {
        "questionnaire_answered.questionnaire": programme.questionnaires,
        "requirement_answered.requirement": programme.requirements,
        "event.event": programme.events,
    }
    # these are vocabulary a small programme may leave out: then any text will do
    optional: Mapping[str, Collection[str]] = {
        "visitation.group": programme.groups,
        "assigned.role": programme.roles,
        "enrolled.service": programme.services,
    }
    place = f"{kind}.{field}"
    return parts[place] if place in parts else (optional.get(place) or None)


def _unfilled(name: str, why: str = "") -> Check:
    return Check(
        name,
        pl.col(name).is_null(),
        f"'{name}' is not filled in",
        f"Fill it in{why}, or leave the row out.",
    )


def _key(kind: str, programme: Programme) -> list[Check]:
    return [
        Check(
            "kind",
            pl.col("kind") != kind,
            f"the fact says it is of another kind than '{kind}'",
            f"Move the row to the file of its kind, or write '{kind}'.",
        ),
        Check(
            "programme",
            pl.col("programme") != programme.programme,
            f"the fact belongs to another programme than '{programme.programme}'",
            "Import it with the definition of its own programme.",
        ),
        Check(
            "programme_version",
            pl.col("programme_version") > programme.version,
            f"the fact was recorded under a newer version than version {programme.version} of the definition",
            "Use the newest version of the definition.",
        ),
        Check(
            "programme_version",
            pl.col("programme_version") < 1,
            "versions are numbered from 1",
            "Write the version of the definition the fact was recorded under.",
        ),
        Check("version", pl.col("version") < 1, "versions are numbered from 1", "Write 1 for a new fact."),
    ]


def _common(kind: str, synthetic: bool) -> list[Check]:
    model = KINDS[kind]
    checks = [
        person_shape(synthetic),
        _unfilled("occurred_from", " with the day it happened"),
        Check(
            "recorded_at",
            pl.col("recorded_at") > datetime.now(UTC) + timedelta(days=1),
            "the fact is said to be recorded in the future",
            "Check the year, or leave 'recorded_at' out to have it filled in.",
        ),
    ]
    if model.needs_person:
        checks.append(_unfilled("person", " with the person the fact is about"))
    else:
        checks.append(
            Check(
                "person",
                pl.col("person").is_not_null(),
                "this kind of fact is about a site, not a person",
                "Leave the person empty.",
            )
        )
    if model.needs_enrolment:
        checks.append(_unfilled("enrolment", " with the id of the enrolment"))
    if model.needs_site:
        checks.append(_unfilled("site", " with the site that answered"))
    return checks


def _when(kind: str) -> list[Check]:
    model = KINDS[kind]
    seen = pl.col("_seen")
    begun = pl.col("occurred_from") > seen
    for field, values in model.starts_ahead.items():
        begun &= ~pl.col(field).is_in(values).fill_null(False)
    may = [f"{field} is {' or '.join(values)}" for field, values in model.starts_ahead.items()]
    only = f" (only a fact whose {may[0]} may lie ahead)" if may else ""
    checks = [
        Check(
            "occurred_to",
            pl.col("occurred_to") < pl.col("occurred_from"),
            "it ends before it begins",
            "Check the two dates; perhaps day and month, or the years, were swapped.",
        ),
        Check(
            "occurred_from",
            begun,
            f"it begins after the day it was recorded{only}",
            "Check the date, or the time of recording if the file gives one.",
        ),
    ]
    if not model.ends_ahead:
        checks.append(
            Check(
                "occurred_to",
                (pl.col("occurred_to") > seen) & (pl.col("occurred_from") <= seen),
                "it ends after the day it was recorded",
                "Check the date, or leave the end open until it has ended.",
            )
        )
    return checks


def _payload(kind: str) -> list[Check]:
    checks: list[Check] = []
    for field in payload_fields(kind):
        if field.required:
            checks.append(_unfilled(field.name))
        if field.values:
            checks.append(_listed(field.name, field.values))
        if field.low is not None and field.high is not None:
            checks.append(
                Check(
                    field.name,
                    ~pl.col(field.name).is_between(field.low, field.high),
                    f"the number is not between {field.low:g} and {field.high:g}",
                    "Check the number and its unit.",
                )
            )
    return checks


def _listed(name: str, known: Collection[str], only: pl.Expr | None = None) -> Check:
    broken = pl.col(name).is_not_null() & ~pl.col(name).is_in(list(known))
    return Check(
        name,
        broken if only is None else broken & only,
        f"the value is not one that '{name}' can take",
        lambda value: choose(value, known),
    )


def _current(programme: Programme) -> pl.Expr:
    return pl.col("programme_version") == programme.version


def _coded(kind: str, programme: Programme) -> list[Check]:
    checks = []
    fields = [field.name for field in payload_fields(kind) if field.type == "text" and not field.values]
    if KINDS[kind].has_service:
        fields.append("service")
    for name in fields:
        known = known_values(kind, name, programme)
        if known is not None:
            checks.append(_listed(name, known, _current(programme)))
    return checks


def _reasons(programme: Programme) -> list[Check]:
    """The reasons a "no" may have are listed with the requirement; other answers have none."""
    checks = []
    given = pl.col("reason").is_not_null() & _current(programme)
    for name, requirement in programme.requirements.items():
        if not requirement.if_no:
            continue
        listed = given & (pl.col("requirement") == name) & (pl.col("answer") == "no")
        checks.append(
            Check(
                "reason",
                listed & ~pl.col("reason").is_in(requirement.if_no),
                f"the reason is not one that requirement '{name}' can be missed for",
                lambda value, known=requirement.if_no: choose(value, known, "reason"),
            )
        )
    return checks


def _answers(frame: pl.DataFrame, programme: Programme) -> list[Check]:
    columns = [name for name in frame.columns if name.startswith(ANSWER)]
    current = _current(programme)
    answered = pl.any_horizontal([pl.col(name).is_not_null() for name in columns] or [pl.lit(False)])
    checks = [
        Check(
            "questionnaire",
            ~answered,
            "no item of the questionnaire is answered",
            "Fill in the columns answer.<item>, or leave the row out: no answer is no fact.",
        )
    ]
    for name, questionnaire in programme.questionnaires.items():
        this = current & (pl.col("questionnaire") == name)
        low, high = questionnaire.scale.low, questionnaire.scale.high
        checks.append(_listed("rater", questionnaire.raters, this))
        for column in columns:
            item = column.removeprefix(ANSWER)
            if item in questionnaire.items:
                checks.append(
                    Check(
                        column,
                        this & ~pl.col(column).is_between(low, high),
                        f"the answer is outside the scale of '{name}', {low} to {high}",
                        f"Check the answer; leave the cell empty if item '{item}' was not answered.",
                    )
                )
            else:
                checks.append(
                    Check(
                        column,
                        this & pl.col(column).is_not_null(),
                        f"questionnaire '{name}' has no item '{item}'",
                        choose(item, questionnaire.items, "item"),
                    )
                )
    return checks
