"""Checks of the fields a programme's forms add to a kind: chosen among the choices, filled, and in their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import polars as pl

from indsats.programme import Form, Programme

from .findings import FILE, ROW, SEEN, Check, choose, current, listed
from .kinds import KINDS
from .tables import ANSWER, form_fields, schema

FORM_KINDS: tuple[str, ...] = get_args(Form.model_fields["kind"].annotation)
"""The kinds a programme may add fields to."""


def form_checks(frame: pl.DataFrame, kind: str, programme: Programme) -> list[Check]:
    """Checks of the form fields of a kind, and of columns only an earlier version of the programme had."""
    checks: list[Check] = []
    for field in form_fields(kind, programme):
        forms = {
            name: form for name, form in programme.forms.items() if form.kind == kind and field in form.fields
        }
        for form in forms.values():
            checks += _in_form(field, form, current(programme))
        checks += _misplaced(field, forms, current(programme))
    return checks + _retired(frame, kind, programme)


def _fits(form: Form) -> pl.Expr | None:
    """Whether a form is for a fact; None when it is for every fact of its kind."""
    if form.type is None or "type" not in KINDS[form.kind].model_fields:
        return None
    return pl.col("type") == form.type


def _in_form(field: str, form: Form, judged: pl.Expr) -> list[Check]:
    what = form.fields[field]
    fits = _fits(form)
    this = judged if fits is None else judged & fits
    checks = [listed(field, what.choices, this)] if what.choices else []
    if what.required:
        for name, values in KINDS[form.kind].form_filled_when.items():
            this &= pl.col(name).is_in(values)
        checks.append(
            Check(
                field,
                this & pl.col(field).is_null(),
                f"'{field}' is not filled in",
                f"The form '{form.title.en}' asks for it; fill it in, or leave the row out.",
            )
        )
    return checks


def _misplaced(field: str, forms: Mapping[str, Form], judged: pl.Expr) -> list[Check]:
    """A field filled in for a type whose form does not have it."""
    fitting = [_fits(form) for form in forms.values()]
    anywhere = [one for one in fitting if one is not None]
    if len(anywhere) < len(fitting):
        return []
    types = [str(form.type) for form in forms.values()]
    return [
        Check(
            field,
            judged & pl.col(field).is_not_null() & ~pl.any_horizontal(anywhere),
            f"'{field}' is not in the form for this type",
            f"Leave the cell empty, or check 'type': the field is for {' and '.join(types)}.",
        )
    ]


def _retired(frame: pl.DataFrame, kind: str, programme: Programme) -> list[Check]:
    known = schema(kind, programme)
    working = {FILE, ROW, SEEN}
    return [
        Check(
            name,
            current(programme) & pl.col(name).is_not_null(),
            f"'{name}' is not a field of '{kind}' in this version of the programme",
            f"Leave the cell empty. {choose(name, known, 'field')}",
        )
        for name in frame.columns
        if name not in known and name not in working and not name.startswith(ANSWER)
    ]
