"""An extract of visitations as a sloppy system delivers it, beside the data: an import of it must be refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .world import World

FILE = "imports/visitation.csv"
_MOST_ROWS = 200
_FAULTS = {
    "ends before it begins": 0.04,
    "day and month swapped or a year of two digits": 0.02,
    "a person number without its first digit": 0.02,
    "a group the definition does not have": 0.03,
    "no date at all": 0.01,
}


def write_extract(world: World, folder: Path) -> dict[str, Any]:
    """Writes the extract and returns what is wrong with it: rows of each fault, numbered as a spreadsheet does.

    The rows are visitations like those of the record, with dates as the record writes them; faulty rows are as
    many as planted and at least one of each. Nothing reads the folder by itself.
    """
    rng = world.stream("extract")
    cases = world.ledger.cases
    rows = np.sort(rng.choice(len(cases), min(len(cases), _MOST_ROWS), replace=False))
    groups = list(world.programme.groups) or [""]
    start = cases.start[rows] - rng.integers(0, 20, len(rows))
    end = np.where(rng.random(len(rows)) < 0.5, -1, start + rng.integers(0, 30, len(rows)))
    table: dict[str, list[str]] = {
        "person": world.people.number[cases.person[rows]].tolist(),
        "site": ["" if name is None else name for name in world.places.names_of(cases.site[rows])],
        "occurred_from": _written(start),
        "occurred_to": [
            "" if day < 0 else text for day, text in zip(end.tolist(), _written(end), strict=True)
        ],
        "group": np.array(groups, dtype=object)[rng.integers(0, len(groups), len(rows))].tolist(),
    }
    order = rng.permutation(len(rows)).tolist()
    wrong: dict[str, list[int]] = {}
    for fault, share in _FAULTS.items():
        if fault.startswith("a group") and not world.programme.groups:
            continue
        these = [order.pop() for _ in range(max(round(share * len(rows)), 1)) if order]
        for row in these:
            _spoil(table, row, fault, int(start[row]))
        wrong[fault] = sorted(row + 2 for row in these)
    twice = sorted(order[: max(round(0.02 * len(rows)), 1)])
    again = {name: [values[row] for row in twice] for name, values in table.items()}
    wrong["the same row again"] = [len(rows) + 2 + number for number in range(len(twice))]
    whole = {name: values + again[name] for name, values in table.items()}
    path = folder / FILE
    path.parent.mkdir()
    pl.DataFrame(whole).write_csv(path, null_value="")
    return {
        "readme": "An extract as a sloppy system delivers it. The data folder does not hold it; an import of it is "
        "refused, with each of these rows named.",
        "rows": len(whole["person"]),
        "wrong_rows": wrong,
    }


def _written(days: np.ndarray) -> list[str]:
    return np.maximum(days, 0).astype("datetime64[D]").astype(str).tolist()


def _spoil(table: dict[str, list[str]], row: int, fault: str, start: int) -> None:
    year, month, date = table["occurred_from"][row].split("-")
    if fault.startswith("ends"):
        table["occurred_to"][row] = _written(np.array([start - 40]))[0]
    elif fault.startswith("day and month"):
        table["occurred_from"][row] = f"{month}/{date}/{year[2:]}"
    elif fault.startswith("a person"):
        table["person"][row] = table["person"][row].replace("-", "")[1:]
    elif fault.startswith("a group"):
        table["group"][row] = "?"
    else:
        table["occurred_from"][row] = ""
