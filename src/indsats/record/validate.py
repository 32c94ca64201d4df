"""Checks of each fact by itself: filled, coded, in range, in time; one pass per table when all is well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from indsats.problem import Problem
from indsats.programme import Programme

from .asked import questionnaire_checks
from .findings import SEEN, Check, current, listed, run
from .forms import form_checks
from .kinds import KINDS, ROUND_ABOUT, FactPayload
from .master import person_shape
from .payload import payload_fields
from .record import Record
from .terms import term_checks


def check_rows(frame: pl.DataFrame, kind: str, record: Record) -> list[Problem]:
    """Problems of the facts in ``frame``, each judged by itself and by the definition it was recorded under.

    ``frame`` is typed and completed, with ``_file``, ``_row`` and ``_seen`` (the day it was recorded). Facts
    recorded under an older programme version are not judged by the lists of this one.
    """
    programme = record.programme
    checks = [*_key(kind, programme), *_common(kind, record.synthetic), *_when(kind), *_payload(kind)]
    checks += [*_coded(kind, programme), *term_checks(kind, programme)]
    checks += form_checks(frame, kind, programme)
    if kind in ROUND_ABOUT:
        checks += questionnaire_checks(frame, kind, programme)
    return run(frame, checks)


def known_values(kind: str, field: str, programme: Programme) -> Collection[str] | None:
    """The values a text field may take in this programme by itself, or None when any text will do.

    The programme's code list for ``kind.field`` comes first; without one, a field that names a part of the
    definition (a requirement, a role, …) may take its ids. Fields that depend on another field of the fact are
    judged with it (``asked``, ``terms``).
    """
    codes = programme.codes_for(f"{kind}.{field}")
    if codes is not None:
        return codes.values
    parts: Mapping[str, Collection[str]] = {
        "requirement_answered.requirement": programme.requirements,
        "event.event": programme.events,
    }
    # these are vocabulary a small programme may leave out: then any text will do
    optional: Mapping[str, Collection[str]] = {
        "drawn.draw": programme.draws,
        "excluded.reason": programme.exclusions,
        "visitation.group": programme.groups,
        "visitation.legal_basis": programme.legal_bases,
        "assigned.role": programme.roles,
        "enrolled.service": programme.services,
        "action_planned.owner": programme.roles,
    }
    place = f"{kind}.{field}"
    return parts[place] if place in parts else (optional.get(place) or None)


def _nameless(model: type[FactPayload]) -> pl.Expr:
    """Whether a fact of a kind that needs a person may name nobody."""
    free = [pl.col(field).is_in(values) for field, values in model.nameless_when.items()]
    return (
        pl.any_horizontal(free).fill_null(value=False) & pl.col("enrolment").is_null()
        if free
        else pl.lit(value=False)
    )


def _unfilled(name: str, why: str = "", unless: pl.Expr | None = None) -> Check:
    return Check(
        name,
        pl.col(name).is_null() if unless is None else pl.col(name).is_null() & ~unless,
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
        nameless = _nameless(model)
        checks += [
            _unfilled("person", " with the person the fact is about", unless=nameless),
            _unfilled(
                "site", " with the site the fact is about", unless=pl.col("person").is_not_null() | ~nameless
            ),
        ]
    else:
        checks += [
            Check(
                name,
                pl.col(name).is_not_null(),
                f"this kind of fact is about {'a site' if model.needs_site else 'a figure'}, not a person",
                f"Leave the {name} empty.",
            )
            for name in ("person", "enrolment")
        ]
    if model.needs_enrolment:
        checks.append(_unfilled("enrolment", " with the id of the enrolment"))
    if model.needs_site:
        checks.append(_unfilled("site", " with the site the fact is about"))
    return checks


def _when(kind: str) -> list[Check]:
    model = KINDS[kind]
    seen = pl.col(SEEN)
    begun = (pl.col("occurred_from") > seen) & pl.lit(not model.begins_ahead)
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
            checks.append(listed(field.name, field.values))
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


def _coded(kind: str, programme: Programme) -> list[Check]:
    checks = []
    model = KINDS[kind]
    fields = [field.name for field in payload_fields(kind) if field.type == "text" and not field.values]
    fields = [name for name in fields if name not in model.lists]
    if model.has_service:
        fields.append("service")
    for name in fields:
        known = known_values(kind, name, programme)
        if known is not None:
            checks.append(listed(name, known, current(programme)))
    return checks
