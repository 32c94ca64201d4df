"""States: from spells of codes to spells of what a definition calls work, benefit or education."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from indsats.programme import Programme

from .codes import BLANK, expand, lookup
from .files import Register
from .spells import merge_neighbours


def state_spells(register: Register, states: Iterable[str] | None, programme: Programme) -> pl.DataFrame:
    """The weeks each person was in each of ``states`` (all of the programme's when ``None``).

    Returns ``person``, ``state``, ``first_week``, ``last_week`` (both included), sorted by state in the order
    asked for, then person and week. Neighbouring weeks with different codes of one state are one spell. A
    week is in every state that lists its code, so it may be in several or in none. Raises ``ValueError`` for
    a state the programme does not define.
    """
    asked = list(programme.states) if states is None else list(dict.fromkeys(states))
    unknown = [state for state in asked if state not in programme.states]
    if unknown:
        raise ValueError(f"the programme defines no state {', '.join(unknown)}")
    position = register.spells["code"].fill_null(BLANK).to_numpy() + 1
    parts = []
    for state in asked:
        inside = lookup(expand(programme.states[state].codes))[position]
        merged = merge_neighbours(register.spells.filter(pl.Series(inside)), ["person"])
        parts.append(merged.select("person", pl.lit(state).alias("state"), "first_week", "last_week"))
    schema = {"person": pl.String, "state": pl.String, "first_week": pl.Int32, "last_week": pl.Int32}
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def weeks_of_codes(register: Register, codes: Iterable[int]) -> pl.DataFrame:
    """Spells (``person``, ``first_week``, ``last_week``, sorted) of weeks with any of ``codes``."""
    position = register.spells["code"].fill_null(BLANK).to_numpy() + 1
    return merge_neighbours(register.spells.filter(pl.Series(lookup(codes)[position])), ["person"])
