"""One group for each person: which of several records of visitation counts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from indsats.programme import COMMON_FIELDS, KIND_FIELDS, FieldType, Preference, Visitation, keep, parse_rule

_NEEDED = ("person", "group", "occurred_from", "occurred_to")
_FRONT = ("person", "group", "window", "occurred_from", "occurred_to")

Order = tuple[str | pl.Expr, bool, bool]
"""What rows are sorted by, whether the greatest comes first, and whether missing values come last."""

_ORDER: dict[str, Order] = {
    "latest_start": ("occurred_from", True, True),
    "earliest_start": ("occurred_from", False, True),
    "latest_end": ("occurred_to", True, False),  # an open end is the latest
}


def one_group(records: pl.DataFrame, rule: Visitation) -> pl.DataFrame:
    """One row for each person with a record in a window of ``rule``: the record that wins.

    ``records`` has ``person``, ``group``, ``occurred_from`` and ``occurred_to`` (null: no end yet, which counts
    as the latest). Result, sorted by person: ``person``, ``group``, ``window`` (its id), ``occurred_from``,
    ``occurred_to``, then the other columns of ``records``. Where ``prefer`` leaves several records, the group
    named first goes before, then the latest start, the latest end and the other columns in their order, so that
    the order of the rows never matters. Raises ValueError when a column that is needed, or that
    ``keep`` reads, is missing.

    Source: 001 L1133-1170. That an open end is the latest, that a record of the first window goes before one of
    the next, and that it is the winning record that decides whether to give way, are decisions (the document is
    silent).
    """
    absent = [name for name in _NEEDED if name not in records.columns]
    if absent:
        raise ValueError(f"records of visitation need the columns {', '.join(_NEEDED)}; without {absent}")
    fields: Mapping[str, FieldType] = {**COMMON_FIELDS, **KIND_FIELDS["visitation"]}
    kept = keep(records, parse_rule(rule.keep, fields, expect="bool"))
    others = [name for name in records.columns if name not in _FRONT]
    won = pl.concat(
        _winners(kept, window, others).with_columns(__place=place)
        for place, window in enumerate(rule.windows)
    )
    later = pl.col("__place").max().over("person") > pl.col("__place")
    return (
        won.filter(~(pl.col("__yields") & later))
        .sort("person", "__place")
        .unique("person", keep="first", maintain_order=True)
        .select(*_FRONT, *others)
    )


def latest(records: pl.DataFrame) -> pl.DataFrame:
    """The last record of visitation of each person, for a programme without a rule; ``window`` is null.

    Of several that began on a day, the one that ends last (no end is the latest), then the one recorded last. The
    group is null where the last visitation found none.
    """
    others = [name for name in records.columns if name not in _FRONT]
    order = [_ORDER["latest_start"], _ORDER["latest_end"], ("recorded_at", True, True), ("id", False, True)]
    return (
        _sorted(records, order)
        .unique("person", keep="first", maintain_order=True)
        .with_columns(window=pl.lit(None, dtype=pl.String))
        .select(*_FRONT, *others)
    )


def _winners(records: pl.DataFrame, window: Preference, others: list[str]) -> pl.DataFrame:
    """The record that wins a window, for each person, with ``__yields``: whether its group gives way."""
    rank = {group: place for place, group in reversed(list(enumerate(window.groups)))}
    by_group: Order = (
        pl.col("group").replace_strict(rank, default=None, return_dtype=pl.Int64),
        False,
        True,
    )
    order = [by_group if name == "group_order" else _ORDER[name] for name in window.prefer]
    order += [by_group, _ORDER["latest_start"], _ORDER["latest_end"]]
    order += [(name, False, True) for name in others if not records.schema[name].is_nested()]
    began = pl.col("occurred_from").is_between(window.period.first, window.period.last)
    inside = records.filter(began & pl.col("group").is_in(window.groups) & pl.col("person").is_not_null())
    return (
        _sorted(inside, order)
        .unique("person", keep="first", maintain_order=True)
        .with_columns(window=pl.lit(window.id), __yields=pl.col("group").is_in(window.yields))
    )


def _sorted(records: pl.DataFrame, order: list[Order]) -> pl.DataFrame:
    """Records by person, then as ``order`` says."""
    by: list[Order] = [("person", False, True), *order]
    return records.sort(
        [column for column, _, _ in by],
        descending=[greatest for _, greatest, _ in by],
        nulls_last=[last for _, _, last in by],
    )
