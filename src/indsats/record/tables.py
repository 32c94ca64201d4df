"""The columns of fact tables, of persons and of sites: names, order and Polars types."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from indsats.language import ZONE
from indsats.programme import KIND_FIELDS, PERSON_FIELDS, FieldType, FormField, Programme

from .editions import items_in_order
from .kinds import ASKED_ABOUT, KINDS

TIME = pl.Datetime("us", "UTC")
"""Transaction time: UTC with microseconds."""

TYPES: Mapping[FieldType, pl.DataType] = {
    "number": pl.Float64(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
}
"""The column type of each type a rule knows."""

ANSWER = "answer."
"""What the column of a questionnaire item begins with."""

KEY: Mapping[str, pl.DataType] = {
    "id": pl.String(),
    "version": pl.Int64(),
    "kind": pl.String(),
    "programme": pl.String(),
    "programme_version": pl.Int64(),
}
WHO_WHERE_WHEN: Mapping[str, pl.DataType] = {
    "person": pl.String(),
    "enrolment": pl.String(),
    "site": pl.String(),
    "occurred_from": pl.Date(),
    "occurred_to": pl.Date(),
}
RECORDED: Mapping[str, pl.DataType] = {
    "recorded_at": TIME,
    "recorded_by": pl.String(),
    "source": pl.String(),
    "replaced_at": TIME,
}
COMMON: Mapping[str, pl.DataType] = {**KEY, **WHO_WHERE_WHEN, **RECORDED}
"""The columns every fact has."""

SITES: Mapping[str, pl.DataType] = {
    "site": pl.String(),
    "unit": pl.String(),
    "name": pl.String(),
    "residents": pl.Int64(),
    "open_days_per_week": pl.Float64(),
    "cluster": pl.String(),
}
PERSONS: Mapping[str, pl.DataType] = {
    "person": pl.String(),
    **{name: TYPES[type_] for name, type_ in PERSON_FIELDS.items()},
}


def payload_columns(kind: str, programme: Programme) -> dict[str, pl.DataType]:
    """The columns of a kind beside the common ones, in order.

    Among them are the service of ``enrolled``, the fields of the programme's forms, and one ``answer.<item>``
    column per item of any edition of the questionnaires the kind answers.
    """
    service: dict[str, pl.DataType] = {"service": pl.String()} if KINDS[kind].has_service else {}
    fields = {name: TYPES[type_] for name, type_ in KIND_FIELDS[kind].items()}
    form = {
        name: TYPES["text" if field.type == "choice" else field.type]
        for name, field in form_fields(kind, programme).items()
    }
    asked = [one for one in programme.questionnaires.values() if one.about == ASKED_ABOUT.get(kind)]
    answers = {ANSWER + item: pl.Int64() for item in items_in_order(asked)}
    return {**service, **fields, **form, **answers}


def form_fields(kind: str, programme: Programme) -> dict[str, FormField]:
    """The fields of the programme's forms of a kind; one that bears the name of a column in use is left out."""
    taken = {*COMMON, *KIND_FIELDS[kind]}
    return {name: field for name, field in programme.details(kind).items() if name not in taken}


def schema(kind: str, programme: Programme) -> dict[str, pl.DataType]:
    """All columns of a kind's table: key, who/where/when, payload, recorded."""
    return {**KEY, **WHO_WHERE_WHEN, **payload_columns(kind, programme), **RECORDED}


def fitted(table: pl.DataFrame, kind: str, programme: Programme) -> pl.DataFrame:
    """A table of a kind with all columns of its schema, then those only an earlier version of the programme had."""
    wanted = schema(kind, programme)
    lacking = {name: type_ for name, type_ in wanted.items() if name not in table.columns}
    earlier = [name for name in table.columns if name not in wanted]
    table = table.with_columns(pl.lit(None, dtype=type_).alias(name) for name, type_ in lacking.items())
    return table.select(*wanted, *earlier)


def empty(kind: str, programme: Programme) -> pl.DataFrame:
    """A table of a kind without facts."""
    return pl.DataFrame(schema=schema(kind, programme))


def definition_sites(programme: Programme) -> pl.DataFrame:
    """The programme's sites as a table: site, unit, name (Danish), residents, open_days_per_week, cluster."""
    rows = [
        {
            "site": key,
            "unit": site.unit,
            "name": site.title.da,
            "residents": site.residents,
            "open_days_per_week": site.open_days_per_week,
            "cluster": site.cluster,
        }
        for key, site in programme.sites.items()
    ]
    return pl.DataFrame(rows, schema=dict(SITES))


def local_day(time: pl.Expr) -> pl.Expr:
    """The Danish calendar day of a UTC time: 23:30 UTC in May belongs to the next day."""
    return time.dt.convert_time_zone(str(ZONE)).dt.date()
