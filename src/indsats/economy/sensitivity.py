"""What the result hangs on: one input at a time, and the value of each at which the net is zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from indsats.language import Lang
from indsats.programme import PUBLIC, Payer

from .budget import net_present
from .inputs import Input, Kind, inputs
from .lines import Array, Case

_NOTHING = 1e-12


def tornado(case: Case, payers: Sequence[Payer] = PUBLIC, lang: Lang = "da") -> pl.DataFrame:
    """The net when one input after the other is at its low and its high end, the widest first.

    ``kind`` (effect, quantity or price), ``input``, ``title`` (of the first line it moves), ``low`` and ``high`` (the
    input there), ``net_low`` and ``net_high`` (the net at each, in kroner per participant) and ``width`` between them.
    Ends are those of a 95 % interval or a range, as the input has them. Inputs without ends are not there.
    """
    net, rows = net_present(case, payers), []
    for one in inputs(case):
        small, large = one.ends(case)
        if np.array_equal(small, large):
            continue
        values, by_unit = _values(one, case), _by_unit(one, case, payers)
        first = one.first(case)
        ends = [(end[first], net + float(by_unit @ (end - values))) for end in (small, large)]
        (low, net_low), (high, net_high) = sorted(ends, key=lambda end: end[0])
        title = case.lines[one.rows[first]].title.in_(lang)
        rows.append((one.kind, one.id, title, low, high, net_low, net_high, abs(net_high - net_low)))
    names = ("low", "high", "net_low", "net_high", "width")
    schema = {
        "kind": pl.String,
        "input": pl.String,
        "title": pl.String,
        **dict.fromkeys(names, pl.Float64),
    }
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort("width", "kind", "input", descending=[True, False, False])


def threshold(case: Case, kind: Kind, of: str, payers: Sequence[Payer] = PUBLIC) -> float | None:
    """The value of one input at which the net is zero, all else as it is.

    Lines that share it keep their proportions. None where the net does not depend on it, and where a price or a
    recorded quantity would have to be negative. Raises ValueError for an input the case has not.
    """
    one = next((one for one in inputs(case) if (one.kind, one.id) == (kind, of)), None)
    if one is None:
        raise ValueError(f"the case has no {kind} '{of}'")
    values, by_unit = _values(one, case), _by_unit(one, case, payers)
    first = one.first(case)
    shape = values / values[first] if abs(values[first]) > _NOTHING else one.signs * one.signs[first]
    slope = float(by_unit @ shape)
    if abs(slope) <= _NOTHING:
        return None
    rest = net_present(case, payers) - float(by_unit @ values)
    found = -rest / slope + 0.0
    return None if kind != "effect" and found < 0 else found


def _values(one: Input, case: Case) -> Array:
    return np.array([number.value for number in one.of(case)])


def _by_unit(one: Input, case: Case, payers: Sequence[Payer]) -> Array:
    """What one unit more of the input in each of its lines is to the payers at present value."""
    lines = [case.lines[row] for row in one.rows]
    other = [line.quantity.value if one.kind == "price" else line.price.value for line in lines]
    return case.worth(payers)[list(one.rows)] * np.array(other)
