"""Hashes of what a report was made from, so that it can be told whether the same was read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from indsats.record import Facts
from indsats.steer import Frozen

from .plans import Plan

_AFTER = ("replaced_at",)
"""What a later correction writes into a version that was in view before it."""
_CHUNK = 1 << 20


def input_hashes(
    facts: Facts | None, data: Path | None, prices: Path | None, plans: Mapping[str, Plan]
) -> dict[str, str]:
    """SHA-256 by name of input: the facts in view, ``persons``, ``sites``, ``register``, ``prices``, ``plans``.

    The hash of the facts is that of the view, whatever was recorded after it and whatever the files look like, that of
    the persons of those in view; that of the register is of its files.
    """
    found: dict[str, str] = {}
    if facts is not None:
        found["facts"] = _joined({kind: _table(table) for kind, table in sorted(facts.facts.items())})
        found["persons"], found["sites"] = _table(_in_view(facts)), _table(facts.sites)
    if data is not None and (data / "register").is_dir():
        folder = data / "register"
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found["register"] = _joined({str(path.relative_to(folder)): _file(path) for path in files})
    if prices is not None:
        found["prices"] = _file(prices)
    if plans:
        found["plans"] = _joined({name: _told(plan) for name, plan in sorted(plans.items())})
    return found


def _in_view(facts: Facts) -> pl.DataFrame:
    """The persons that the facts in view are about: one who came later is no part of what was read."""
    seen = [table["person"] for table in facts.facts.values() if "person" in table.columns]
    return (
        facts.persons.filter(pl.col("person").is_in(pl.concat(seen).drop_nulls().unique()))
        if seen
        else facts.persons
    )


def frozen_hash(last: Frozen) -> str:
    """SHA-256 of the report before, as far as a report is made from it."""
    written = [(key, one.value, one.numerator, one.denominator) for key, one in sorted(last.written.items())]
    told = (str(last.period), last.known, last.through, last.definition, written)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _table(table: pl.DataFrame) -> str:
    """The rows, whatever their order, without what was written into them later."""
    kept = table.drop(*_AFTER, strict=False)
    nested = [name for name, kind in kept.schema.items() if kind.is_nested()]
    plain = kept.with_columns(_as_text(kept, name) for name in nested)
    columns = sorted(plain.columns)
    return hashlib.sha256(plain.select(columns).sort(columns).write_csv().encode()).hexdigest()


def _as_text(table: pl.DataFrame, name: str) -> pl.Expr:
    if isinstance(table.schema[name], pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join("\x1f")
    return pl.col(name).struct.json_encode()


def _file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _told(plan: Plan) -> str:
    """What a report tells of a plan: which was registered when, and where it was left."""
    registered = plan.registered
    when = None if registered is None else (registered.at.isoformat(), registered.plan_hash)
    left = [(one.part, one.item, one.standing) for one in plan.deviations]
    return hashlib.sha256(repr((when, plan.in_time, left)).encode()).hexdigest()


def _joined(hashes: Mapping[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{name} {value}" for name, value in hashes.items()).encode()).hexdigest()
