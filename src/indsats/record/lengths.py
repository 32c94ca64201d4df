"""How long a duration of the definition is for each row, where sites may have lengths of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Duration

if TYPE_CHECKING:
    from .record import Facts


def later(
    facts: Facts,
    rows: pl.DataFrame,
    day: str,
    duration: Duration,
    *,
    clock: str | None = None,
    back: bool = False,
) -> pl.Series:
    """The date a duration after the date column ``day`` of ``rows``, or before it (``back``); ``rows`` have ``site``.

    A duration that names a setting is as long as the site's own value of it on that day, or on the day
    ``clock`` where the clock started earlier: a site that changes a setting changes what is counted from then on.
    Raises KeyError for a setting the programme does not have.
    """
    sign = "-" if back else ""
    if duration.setting is None or _chosen(facts, rows, duration.setting).is_empty():
        same = facts.programme.length(duration).polars_offset
        return rows.select(pl.col(day).dt.offset_by(sign + same)).to_series()
    value = setting_values(facts, rows, clock or day, duration.setting)
    numbers = {facts.programme.settings[duration.setting].value, *value.unique()}
    offsets = {number: sign + facts.programme.length(duration, number).polars_offset for number in numbers}
    by = value.replace_strict(offsets, return_dtype=pl.String)
    return rows.select(day, by.alias("by")).select(pl.col(day).dt.offset_by(pl.col("by"))).to_series()


def setting_values(facts: Facts, rows: pl.DataFrame, day: str, setting_id: str) -> pl.Series:
    """The value of a setting for each of ``rows``: what its ``site`` had chosen by ``day``, else the programme's.

    A site's value holds from its day until the site's next. Where sites may not choose, the programme's holds
    everywhere. Raises KeyError for a setting the programme does not have.
    """
    setting = facts.programme.settings[setting_id]
    standing = pl.repeat(setting.value, rows.height, dtype=pl.Float64, eager=True).alias("value")
    chosen = _chosen(facts, rows, setting_id)
    if chosen.is_empty():
        return standing
    chosen = chosen.select("site", "value", __from="occurred_from").sort("__from")
    asked = rows.select("site", __day=day).with_row_index("__row").sort("__day")
    found = asked.join_asof(
        chosen, left_on="__day", right_on="__from", by="site", strategy="backward", check_sortedness=False
    )
    return found.sort("__row").select(pl.col("value").fill_null(setting.value)).to_series()


def _chosen(facts: Facts, rows: pl.DataFrame, setting_id: str) -> pl.DataFrame:
    """What the sites of ``rows`` have chosen for a setting; nothing where sites may not choose."""
    chosen = facts.settings()
    if chosen.is_empty() or not facts.programme.settings[setting_id].override:
        return chosen.clear()
    there = pl.col("site").is_in(rows["site"].unique().implode())
    return chosen.filter((pl.col("setting") == setting_id) & there)
