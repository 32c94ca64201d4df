"""Checks that each fact's versions follow one another: one id, versions 1, 2, …, each closed by the next."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from indsats.problem import Problem

from .findings import FILE, ROW, Check, problems, run
from .record import Record


def check_chains(
    record: Record, batch: Mapping[str, pl.DataFrame], joined: Mapping[str, pl.DataFrame]
) -> list[Problem]:
    """Ids used twice, versions out of order, times that do not follow; ``joined`` has old and new facts."""
    return _used_twice(record, batch) + [
        problem for kind in batch for problem in _out_of_order(joined[kind], batch[kind])
    ]


def _used_twice(record: Record, batch: Mapping[str, pl.DataFrame]) -> list[Problem]:
    new = [frame.select("id", "version", "kind", FILE, ROW) for frame in batch.values()]
    if not new:
        return []
    keys = pl.concat(new)
    ids = keys.select("id").unique()
    old = pl.concat(
        [
            keys.clear().select("id", "version", "kind"),
            *(
                table.select("id", "version", "kind").join(ids, on="id", how="semi")
                for table in record.facts.values()
            ),
        ]
    )
    found: list[Problem] = []
    again = keys.join(old.select("id", "version"), on=["id", "version"], how="semi", maintain_order="left")
    found += problems(
        again,
        Check(
            "id",
            pl.lit(True),
            "the fact is already in the record; it looks as if the same file is imported a second time",
            "Leave the row out. If it truly happened twice, give the second fact an id of its own; "
            "if it is a correction, give it the next version number.",
        ),
    )
    if keys.select(pl.struct("id", "version").is_duplicated().any()).item():
        place = pl.format("{} row {}", FILE, ROW).first().over("id", "version")
        doubles = keys.with_columns(_first=place).filter(~pl.struct("id", "version").is_first_distinct())
        found += run(
            doubles,
            [
                Check(
                    "id",
                    pl.lit(True),
                    lambda first: f"the row says the same, or has the same id, as {first}",
                    "Delete one of them. If it truly happened twice, give each row an id of its own.",
                    shown="_first",
                )
            ],
        )
    kinds = pl.concat([old.select("id", "kind"), keys.select("id", "kind")]).unique()
    mixed = kinds.filter(pl.col("id").is_duplicated())
    if mixed.height:
        found += run(
            keys.join(mixed.select("id").unique(), on="id", how="semi"),
            [
                Check(
                    "id",
                    pl.lit(True),
                    "the id belongs to facts of two kinds",
                    "Give each fact an id of its own, for example the kind followed by a number.",
                )
            ],
        )
    return found


def _out_of_order(both: pl.DataFrame, new: pl.DataFrame) -> list[Problem]:
    plain = new.filter((pl.col("version") != 1) | pl.col("replaced_at").is_not_null())
    if plain.is_empty():
        return []
    touched = both.join(plain.select("id").unique(), on="id", how="semi").sort("id", "version")
    before = touched.with_columns(
        _before=pl.col("version").shift(1).over("id").fill_null(0),
        _closed=pl.col("replaced_at").shift(1).over("id"),
        _began=pl.col("recorded_at").shift(1).over("id"),
        _last=pl.col("version") == pl.col("version").max().over("id"),
    )
    later = pl.col("version") > 1
    ends = pl.col("replaced_at") < pl.col("recorded_at")
    ends |= ~pl.col("_last") & (pl.col("replaced_at") <= pl.col("recorded_at"))
    return run(
        before,
        [
            Check(
                "version",
                pl.col("version") != pl.col("_before") + 1,
                "the versions of the fact do not follow one another from 1",
                "Number the versions of an id 1, 2, 3, …; bring all, or the one after the record's last.",
            ),
            Check(
                "recorded_at",
                later & (pl.col("recorded_at") <= pl.col("_began")),
                "the version was recorded no later than the one it replaces",
                "A correction is recorded after what it corrects; check the time.",
            ),
            Check(
                "recorded_at",
                later & (pl.col("recorded_at") != pl.col("_closed")),
                "the version before it was replaced or withdrawn at another time",
                "A fact that has been replaced or withdrawn cannot be corrected again; "
                "correct its last version, or record a new fact.",
            ),
            Check(
                "replaced_at",
                ends,
                "the version was replaced before it was recorded",
                "Check 'recorded_at' and 'replaced_at'.",
            ),
        ],
    )
