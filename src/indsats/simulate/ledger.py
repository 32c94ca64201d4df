"""The facts of a simulation while they are made: tables by kind, with indices in place of names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from indsats.programme import KIND_FIELDS, Programme
from indsats.record import payload_fields

from .cases import Cases, accepted
from .places import Places
from .streams import stream
from .wording import drawn

TYPES = {"number": pl.Float64, "text": pl.String, "bool": pl.Boolean, "date": pl.Date}
_ATTEMPTS = 8
"""How often filled-in values are drawn anew when entry rules refuse them."""

_COMMON = {
    "person": pl.Int64,
    "enrolment": pl.Int64,
    "site": pl.Int64,
    "occurred_from": pl.Int64,
    "occurred_to": pl.Int64,
    "worker_by": pl.String,
}


def where_true(mask: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values where the mask holds, None elsewhere."""
    kept = np.full(len(values), None, dtype=object)
    kept[mask] = values[mask]
    return kept


@dataclass
class Ledger:
    """Collects facts. ``add`` fills coded fields that were not given and drops what entry rules refuse."""

    programme: Programme
    places: Places
    cases: Cases
    services: tuple[str, ...]
    seed: int
    workers: np.ndarray
    """By enrolment: who is the caseworker."""
    pause_first: np.ndarray
    pause_last: np.ndarray
    """By enrolment: first and last day of its pause; -1 without one."""
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        days: np.ndarray,
        *,
        enrolment: np.ndarray | None = None,
        person: np.ndarray | None = None,
        site: np.ndarray | None = None,
        until: np.ndarray | None = None,
        extra: dict[str, pl.Series] | None = None,
        **payload: object,
    ) -> pl.DataFrame:
        """Facts of one kind on ``days``; ``enrolment`` gives person and site where these are left out.

        ``until`` holds -1 for no end. Enrolment -1 means none. Returns the facts that were accepted.
        """
        n = len(days)
        enrolment = np.full(n, -1) if enrolment is None else enrolment
        if person is None:
            person = self.cases.person[enrolment]
        if site is None:
            site = self.cases.site[enrolment]
        until = np.full(n, -1) if until is None else until
        worker = self.workers[enrolment] if n and len(self.workers) else np.full(n, "", dtype=object)
        columns: dict[str, np.ndarray] = {
            "person": person,
            "enrolment": enrolment,
            "site": site,
            "occurred_from": days,
            "occurred_to": until,
            "worker_by": np.where(enrolment >= 0, worker, "reception"),
        }
        frame = pl.DataFrame({name: pl.Series(name, values, dtype=_COMMON[name], strict=False)
                              for name, values in columns.items()})  # fmt: skip
        frame = frame.with_columns(self._payload(kind, n, payload))
        if extra:
            frame = frame.with_columns(values.alias(name) for name, values in extra.items())
        frame = self._within_rules(kind, frame, set(payload))
        self.frames.setdefault(kind, []).append(frame)
        return frame

    def _within_rules(self, kind: str, frame: pl.DataFrame, given: set[str]) -> pl.DataFrame:
        """The facts the entry rules accept. What was only filled in is drawn anew, at last left empty."""
        if not any(rule.kind == kind for rule in self.programme.entry_rules.values()):
            return frame
        names = [part.name for part in payload_fields(kind) if part.name not in given]
        optional = {part.name for part in payload_fields(kind) if not part.required}
        for attempt in range(_ATTEMPTS):
            good = accepted(self.programme, kind, self._as_rules_see(frame))
            if good.all():
                return frame
            anew = pl.Series(~good)
            if attempt == _ATTEMPTS - 2:
                fresh = [pl.Series(name, [None] * frame.height, dtype=frame[name].dtype) for name in names
                         if name in optional]  # fmt: skip
            else:
                made = self._payload(kind, frame.height, {}, f"again {attempt}")
                fresh = [column for column in made if column.name in names]
            frame = frame.with_columns(
                pl.when(anew).then(column).otherwise(frame[column.name]).alias(column.name)
                for column in fresh
            )
        return frame.filter(pl.Series(accepted(self.programme, kind, self._as_rules_see(frame))))

    def _payload(self, kind: str, n: int, given: dict[str, object], name: str = "") -> list[pl.Series]:
        rng = stream(self.seed, f"fill {kind} {len(self.frames.get(kind, ()))} {name}")
        required = {part.name: part for part in payload_fields(kind)}
        result = []
        for field_name, type_ in KIND_FIELDS[kind].items():
            values = given.get(field_name)
            if values is None and field_name not in given:
                if type_ == "text":
                    values = drawn(self.programme, kind, field_name, n, rng)
                    if n and values[0] is None and required[field_name].required:
                        values = np.full(n, field_name, dtype=object)
                elif type_ == "bool":
                    values = rng.random(n) < 0.7
                elif type_ == "number":
                    values = np.round(rng.uniform(5, 37, n))
            if values is None or isinstance(values, str | bool | float | int):
                values = [values] * n
            result.append(pl.Series(field_name, list(values), dtype=TYPES[type_]))  # type: ignore[call-overload]
        return result

    def _as_rules_see(self, frame: pl.DataFrame) -> pl.DataFrame:
        site = frame["site"].to_numpy()
        enrolment = frame["enrolment"].to_numpy()
        unit = np.array(self.places.units, dtype=object)[self.places.unit[site]]
        service = np.full(frame.height, None, dtype=object)
        if len(self.cases):
            named = np.array(self.services, dtype=object)[self.cases.service[enrolment]]
            service = where_true(enrolment >= 0, named)
        ends = pl.when(pl.col("occurred_to") >= 0).then(pl.col("occurred_to"))
        return frame.with_columns(
            pl.col("occurred_from").cast(pl.Int32).cast(pl.Date),
            ends.cast(pl.Int32).cast(pl.Date).alias("occurred_to"),
            pl.Series("site", self.places.ids[site], dtype=pl.String),
            pl.Series("unit", list(unit), dtype=pl.String),
            pl.Series("service", list(service), dtype=pl.String),
        )

    def table(self, kind: str) -> pl.DataFrame | None:
        """All facts of a kind so far, or none."""
        frames = self.frames.get(kind)
        return pl.concat(frames, how="diagonal") if frames else None
