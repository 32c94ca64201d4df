"""The facts of a simulation while they are made: tables by kind, with indices in place of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Happening, Programme

from .calendar import as_date
from .cases import Cases
from .filling import Filling
from .places import Places
from .reading import Reading
from .satisfying import fields_of, ways
from .streams import stream

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
_ONLY_PLANNED = "planned"


def where_true(mask: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values where the mask holds, None elsewhere."""
    kept = np.full(len(values), None, dtype=object)
    kept[mask] = values[mask]
    return kept


@dataclass
class Ledger:
    """Collects facts. ``add`` fills fields that were not given and drops what entry rules refuse."""

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
    last_day: int
    """The last day of the data; ``weeks_since`` and its like count to it."""
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _ways: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)
    _seen: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = field(default_factory=dict)
    _days: dict[tuple[str, str], tuple[pl.DataFrame, np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.filling = Filling(self.programme, self.seed)
        self.reading = Reading(self.programme, self.last_day)

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
        by: np.ndarray | str | None = None,
        **payload: Any,
    ) -> pl.DataFrame:
        """Facts of one kind on ``days``; ``enrolment`` gives person and site where these are left out.

        ``until`` holds -1 for no end, ``person`` and ``enrolment`` -1 for none, ``by`` who recorded it.
        ``extra`` are columns as they are (answers). Returns the facts that were accepted.
        """
        n = len(days)
        enrolment = np.full(n, -1) if enrolment is None else enrolment
        if person is None:
            person = self.cases.person[enrolment]
        if site is None:
            site = self.cases.site[enrolment]
        if by is None:
            worker = self.workers[enrolment] if n and len(self.workers) else np.full(n, "", dtype=object)
            by = np.where(enrolment >= 0, worker, "reception")
        columns: dict[str, np.ndarray] = {
            "person": person,
            "enrolment": enrolment,
            "site": site,
            "occurred_from": days,
            "occurred_to": np.full(n, -1) if until is None else until,
            "worker_by": np.full(n, by, dtype=object) if isinstance(by, str) else by,
        }
        frame = pl.DataFrame({name: pl.Series(name, values, dtype=_COMMON[name], strict=False)
                              for name, values in columns.items()})  # fmt: skip
        frame = frame.with_columns(self.filling.given(kind, n, payload))
        if extra:
            frame = frame.with_columns(values.alias(name) for name, values in extra.items())
        frame = self._within_rules(kind, frame)
        self.frames.setdefault(kind, []).append(frame)
        return frame

    def _within_rules(self, kind: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The facts the entry rules accept. What was only filled in is drawn anew, at last left empty."""
        turn = len(self.frames.get(kind, ()))
        filled = self.filling.filled(kind, frame, f"{turn} {frame.height}")
        if not any(rule.kind == kind for rule in self.programme.entry_rules.values()):
            return filled
        for attempt in range(_ATTEMPTS):
            good = self.accepts(kind, filled)
            if good.all():
                return filled
            if attempt == _ATTEMPTS - 2:
                fresh = self.filling.emptied(kind, frame, filled)
            else:
                fresh = self.filling.filled(kind, frame, f"{turn} {frame.height} again {attempt}")
            kept = pl.Series(good)
            filled = filled.with_columns(
                pl.when(kept).then(pl.col(name)).otherwise(fresh[name]).alias(name)
                for name in filled.columns
                if name not in frame.columns
            )
        rescued = self._rescued(kind, frame, filled)
        return rescued.filter(pl.Series(self.accepts(kind, rescued)))

    def _rescued(self, kind: str, frame: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
        """``filled`` with what was not decided on set as the entry rules want it, where they refuse it."""
        bad = ~self.accepts(kind, filled)
        possible = self.ways(Happening(kind=kind, where="true"), self.last_day)
        free = [name for name in fields_of(possible) if name not in frame.columns and name in filled.columns]
        if not free or possible.is_empty() or not bad.any():
            return filled
        rng = stream(self.seed, f"rescue {kind} {filled.height}")
        picked = rng.integers(0, possible.height, filled.height)
        return filled.with_columns(
            pl.when(pl.Series(bad)).then(possible[name].gather(picked)).otherwise(pl.col(name)).alias(name)
            for name in free
            if possible.schema[name] == filled.schema[name]
        )

    def accepts(self, kind: str, frame: pl.DataFrame) -> np.ndarray:
        """Which facts every entry rule about their kind holds for; unknown is not accepted."""
        texts = [rule.must for rule in self.programme.entry_rules.values() if rule.kind == kind]
        if not texts:
            return np.ones(frame.height, dtype=bool)
        return np.logical_and.reduce(list(self.reading.marks(self.as_rules_see(frame), kind, texts).values()))

    def ways(self, happening: Happening, on: int, **given: str) -> pl.DataFrame:
        """Payloads that make a happening come true on a day and that the entry rules accept.

        A meeting is held unless the rule says otherwise. Where the entry rules leave nothing they are passed
        over here; they are judged again when the fact is added.
        """
        if (
            happening.kind == "meeting"
            and "outcome" not in self.fields_read(happening)
            and "outcome" not in given
        ):
            given = {**given, "outcome": "held"}
        key = (happening.kind, happening.rule, tuple(sorted(given.items())))
        if key not in self._ways:
            texts = [
                f"({rule.must})"
                for rule in self.programme.entry_rules.values()
                if rule.kind == happening.kind
            ]
            both = " and ".join([f"({happening.rule})", *texts])
            found = ways(self.programme, happening.kind, both, as_date(on), **given)
            if not found.height and texts:
                found = ways(self.programme, happening.kind, happening.rule, as_date(on), **given)
            self._ways[key] = found
        return self._ways[key]

    def implies(self, one: Happening, other: Happening) -> bool:
        """Whether every payload that makes one happening true makes the other true, as far as tried."""
        if one.kind != other.kind:
            return False
        if one.rule == other.rule:
            return True
        but_not = Happening(kind=one.kind, where=f"({one.rule}) and not ({other.rule})")
        return not self.ways(one, self.last_day).is_empty() and self.ways(but_not, self.last_day).is_empty()

    def fields_read(self, happening: Happening) -> frozenset[str]:
        """The fields the rule of a happening reads."""
        return self.reading.fields(happening)

    def found(self, happenings: Sequence[Happening]) -> tuple[np.ndarray, np.ndarray]:
        """Enrolment and day of every fact so far, of an enrolment, that satisfies any of the happenings.

        In order of enrolment and day; a fact counts once. A meeting that is only planned counts where the rule
        asks for planned ones; who is assigned a role is assigned those it combines.
        """
        if len(happenings) == 1:
            return self._found(happenings[0])
        parts = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
        for kind in dict.fromkeys(one.kind for one in happenings):
            rows = self.table(kind)
            if rows is not None and rows.height:
                hit = self.satisfies(rows, [one for one in happenings if one.kind == kind])
                parts.append((rows["enrolment"].to_numpy()[hit], rows["occurred_from"].to_numpy()[hit]))
        enrolment, days = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
        order = np.lexsort((days, enrolment))
        return enrolment[order], days[order]

    def _found(self, happening: Happening) -> tuple[np.ndarray, np.ndarray]:
        rows = self.table(happening.kind)
        if rows is None or rows.is_empty():
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        key = (happening.kind, happening.rule)
        if key not in self._days or self._days[key][0] is not rows:
            hit = self.satisfies(rows, [happening])
            enrolment, days = rows["enrolment"].to_numpy()[hit], rows["occurred_from"].to_numpy()[hit]
            order = np.lexsort((days, enrolment))
            self._days[key] = (rows, enrolment[order], days[order])
        return self._days[key][1:]

    def satisfies(self, rows: pl.DataFrame, happenings: Sequence[Happening]) -> np.ndarray:
        """Which rows of a kind's table, as collected here, make one of the happenings true; unknown is not true.

        All happenings are of that kind.
        """
        hit = np.zeros(rows.height, dtype=bool)
        if not happenings or rows.is_empty():
            return hit
        kind = happenings[0].kind
        seen = self._as_seen(kind, rows)
        marks = self.reading.marks(seen, kind, [one.rule for one in happenings])
        planned = (seen["outcome"] == _ONLY_PLANNED).to_numpy() if kind == "meeting" else hit.copy()
        for one in happenings:
            hit |= marks[one.rule] & ~(planned & (_ONLY_PLANNED not in one.rule))
        if kind == "assigned":
            hit |= self._combined(seen, happenings)
        return hit & (rows["enrolment"] >= 0).to_numpy()

    def _combined(self, seen: pl.DataFrame, happenings: Sequence[Happening]) -> np.ndarray:
        """Which assignments make a happening true by a role that the assigned one combines."""
        hit = np.zeros(seen.height, dtype=bool)
        for role, parts in self.combined.items():
            has = (seen["role"] == role).fill_null(value=False).to_numpy()
            for part in parts if has.any() else ():
                as_part = seen.with_columns(pl.lit(part).alias("role"))
                marks = self.reading.marks(as_part, "assigned", [one.rule for one in happenings])
                hit |= has & np.logical_or.reduce(list(marks.values()))
        return hit

    @cached_property
    def combined(self) -> dict[str, list[str]]:
        """The roles each combined role holds, those held by a role it holds among them."""
        found: dict[str, list[str]] = {}
        for role in self.programme.roles:
            held = [role]
            for one in held:
                held += [part for part in self.programme.roles[one].combines
                         if part not in held and part in self.programme.roles]  # fmt: skip
            if len(held) > 1:
                found[role] = held[1:]
        return found

    def _as_seen(self, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
        """``as_rules_see``, remembered for the whole table of a kind."""
        if kind in self._seen and self._seen[kind][0] is rows:
            return self._seen[kind][1]
        seen = self.as_rules_see(rows)
        if self.frames.get(kind) and self.frames[kind][0] is rows:
            self._seen[kind] = (rows, seen)
        return seen

    def as_rules_see(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Facts with dates and names in place of numbers, and the unit and service rules may ask for."""
        site = frame["site"].to_numpy()
        enrolment = frame["enrolment"].to_numpy()
        service = np.full(frame.height, None, dtype=object)
        if len(self.cases):
            named = np.array(self.services, dtype=object)[self.cases.service[enrolment]]
            service = where_true(enrolment >= 0, named)
        ends = pl.when(pl.col("occurred_to") >= 0).then(pl.col("occurred_to"))
        if "participants" in frame.columns:
            for role, held in self.combined.items():
                there = pl.format(";{};", "participants").str.contains(f";{role};", literal=True)
                also = pl.format("{};{}", "participants", pl.lit(";".join(held)))
                frame = frame.with_columns(
                    pl.when(there).then(also).otherwise("participants").alias("participants")
                )
        return frame.with_columns(
            pl.col("occurred_from").cast(pl.Int32).cast(pl.Date),
            ends.cast(pl.Int32).cast(pl.Date).alias("occurred_to"),
            pl.Series("site", self.places.names_of(site), dtype=pl.String),
            pl.Series("unit", self.places.units_of(site), dtype=pl.String),
            pl.Series("service", list(service), dtype=pl.String),
        )

    def table(self, kind: str) -> pl.DataFrame | None:
        """All facts of a kind so far, or none."""
        frames = self.frames.get(kind)
        if not frames:
            return None
        if len(frames) > 1:
            self.frames[kind] = [pl.concat(frames, how="diagonal")]
        return self.frames[kind][0]

    def replace(self, kind: str, table: pl.DataFrame) -> None:
        """Puts a changed table of a kind in place of what was collected."""
        self.frames[kind] = [table]

    def unit(self, enrolment: np.ndarray) -> np.ndarray:
        """Index of the unit each enrolment belongs to."""
        return self.places.unit[self.cases.site[enrolment]]
