"""What a fact says beside what it was made for: coded fields, outcomes of events, participants, forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import KIND_FIELDS, FormField, Programme
from indsats.record import COMMON, payload_fields

from .satisfying import TYPES
from .streams import stream
from .wording import drawn, values_of

_TRUE_SHARE = 0.7
_WITH_VALUE = 0.95
"""Share of events with possible outcomes whose outcome was written down."""

_OPTIONAL_FILLED = 0.7
"""Share of a form's optional fields that somebody filled in."""

_OTHERS_TAKE_PART = 0.25
_MINUTES_WRITTEN, _MINUTES_KEPT_BACK = 0.8, 0.02
"""Share of held meetings with minutes, and of those the share nobody has shared with the person yet."""

_ONLY_GIVEN = frozenset({"wave", "respondent", "edition"})
"""Fields that stay empty unless they are given."""

_SAID = ("aftalt", "se notat", "tages op igen", "på plads")
"""What people write in free text fields; says nothing about anybody."""


SUBGOAL = "Møder stabilt tre dage om ugen"
"""What people write as a sub-goal."""


@dataclass(frozen=True)
class Filling:
    """Fills the fields of facts that nobody decided on, as people at a desk would."""

    programme: Programme
    seed: int

    def given(self, kind: str, n: int, payload: dict[str, object]) -> list[pl.Series]:
        """Columns for the fields that were decided on; single values hold for all ``n`` facts."""
        types = {**{name: TYPES[type_] for name, type_ in KIND_FIELDS[kind].items()}, **self.form_types(kind)}
        result = []
        for name, values in payload.items():
            if values is None or isinstance(values, str | bool | float | int):
                values = [values] * n
            result.append(pl.Series(name, list(values), dtype=types[name]))  # type: ignore[call-overload]
        return result

    def form_types(self, kind: str) -> dict[str, pl.DataType]:
        """The programme's own fields of a kind and the types of their columns."""
        details = self.programme.details(kind)
        taken = {*KIND_FIELDS[kind], *COMMON}
        return {name: TYPES["text" if field.type == "choice" else field.type]
                for name, field in details.items() if name not in taken}  # fmt: skip

    def filled(self, kind: str, frame: pl.DataFrame, name: str) -> pl.DataFrame:
        """``frame`` with the columns it lacks, drawn from a stream of random numbers called ``name``."""
        rng = stream(self.seed, f"fill {kind} {name}")
        made: dict[str, pl.Series] = {}
        seen: dict[str, pl.Series] = {column: frame[column] for column in frame.columns}
        for part in payload_fields(kind):
            if part.name not in seen:
                type_ = TYPES[KIND_FIELDS[kind][part.name]]
                if (kind, part.name) == ("meeting", "minutes_shared"):
                    values = self._minutes(seen, name)
                else:
                    values = self._values(kind, part.name, part.required, seen, frame.height, rng)
                made[part.name] = seen[part.name] = pl.Series(part.name, values, dtype=type_)
        for field, type_ in self.form_types(kind).items():
            if field not in seen:
                made[field] = pl.Series(field, self._of_form(kind, field, seen, rng), dtype=type_)
        return frame.with_columns(made.values()) if made else frame

    def emptied(self, kind: str, frame: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
        """``filled`` with everything empty that was neither decided on nor must be there."""
        optional = [
            part.name for part in payload_fields(kind) if not part.required and part.name not in frame.columns
        ]
        return filled.with_columns(pl.lit(None, filled.schema[name]).alias(name) for name in optional)

    def _values(
        self,
        kind: str,
        field: str,
        required: bool,
        frame: Mapping[str, pl.Series],
        n: int,
        rng: np.random.Generator,
    ) -> list[object]:
        type_ = KIND_FIELDS[kind][field]
        if type_ == "bool":
            return (rng.random(n) < _TRUE_SHARE).tolist()
        if type_ == "number":
            return np.round(rng.uniform(5, 37, n)).tolist()
        if kind == "event" and field == "value":
            return self.outcomes(frame["event"].to_numpy(), rng).tolist()
        if kind == "meeting" and field == "participants":
            return self._participants(n, rng)
        values = [] if field in _ONLY_GIVEN else values_of(self.programme, kind, field)
        if not values and required:
            values = [SUBGOAL if field == "subgoal" else _SAID[0]]
        return drawn(values, n, rng).tolist()

    def _minutes(self, frame: Mapping[str, pl.Series], name: str) -> list[bool | None]:
        """Whether the person has the minutes of each meeting that was held; from random numbers of their own, so
        that everything else about meetings is drawn as it would be without."""
        rng = stream(self.seed, f"minutes {name}")
        held = (frame["outcome"] == "held").fill_null(value=False).to_numpy()
        written = held & (rng.random(len(held)) < _MINUTES_WRITTEN)
        shared = rng.random(len(held)) >= _MINUTES_KEPT_BACK
        return [bool(one) if there else None for one, there in zip(shared, written, strict=True)]

    def outcomes(self, events: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """An outcome for most events that have some, earlier ones more often; None for the others."""
        result = np.full(len(events), None, dtype=object)
        for key in sorted(set(events)):
            known = list(self.programme.events[key].values) if key in self.programme.events else []
            rows = np.flatnonzero((events == key) & (rng.random(len(events)) < _WITH_VALUE))
            result[rows] = drawn(known, len(rows), rng)
        return result

    def _participants(self, n: int, rng: np.random.Generator) -> list[object]:
        """The first role is there, each of the others now and then; nulls in a programme without roles."""
        codes = self.programme.codes_for("meeting.participants")
        roles = list(codes.values if codes is not None else self.programme.roles)
        if not roles:
            return [None] * n
        there = rng.random((n, len(roles))) < _OTHERS_TAKE_PART
        there[:, 0] = rng.random(n) < 0.9
        return [
            ";".join(role for role, is_there in zip(roles, row, strict=True) if is_there) or None
            for row in there
        ]

    def _of_form(
        self, kind: str, field: str, frame: Mapping[str, pl.Series], rng: np.random.Generator
    ) -> list[object]:
        n = len(frame["occurred_from"])
        rows = np.zeros(n, dtype=bool)
        what: FormField | None = None
        for form in self.programme.forms.values():
            if form.kind == kind and field in form.fields:
                what = form.fields[field]
                fits = np.ones(n, dtype=bool)
                if form.type is not None and "type" in frame:
                    fits = (frame["type"] == form.type).fill_null(value=False).to_numpy()
                share = 1.0 if what.required else _OPTIONAL_FILLED
                rows |= fits & (rng.random(n) < share)
        if kind == "meeting":
            rows &= (frame["outcome"] == "held").to_numpy()
        values = np.full(n, None, dtype=object)
        if what is not None:
            made = self._entered(what, frame["occurred_from"].to_numpy(), rng)
            values[rows] = made[rows]
        return values.tolist()

    @staticmethod
    def _entered(what: FormField, days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """What people enter in a field: numbers of everyday size, days in the next months, earlier choices more."""
        n = len(days)
        if what.type == "number":
            return np.clip(np.round(rng.lognormal(2.3, 0.5, n)), 1, 37).astype(object)
        if what.type == "bool":
            return (rng.random(n) < _TRUE_SHARE).astype(object)
        if what.type == "date":
            return (days + rng.integers(7, 120, n)).astype("datetime64[D]").astype(object)
        return drawn(list(what.choices) or list(_SAID), n, rng)
