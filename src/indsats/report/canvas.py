"""What every kind of chart shares: colours, the reading of encodings, axes that write numbers by language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from indsats.figure import Figure, Unit
from indsats.language import Lang

from .document import Cell, Column, Table
from .formats import cell_text
from .plot import Chart

INK, MUTED, LINE, ACCENT = "#1a1a1a", "#4f5763", "#d5dae1", "#0059b3"
SERIES = ("#0059b3", "#b35900", "#1d6f42", "#7b3fa0", "#8a1c4a", "#4f5763")
"""Distinguishable for the colour-blind and at least 4.5:1 on white."""
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (1, 3))
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""Of one width on all systems and in the renderer: what was measured there fits on the page."""
WIDTH = 560
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    chart: Chart
    table: Table
    lang: Lang

    def one(self, role: str) -> str | None:
        name = self.chart.encodings.get(role)
        return name[0] if isinstance(name, tuple) else name

    def many(self, role: str) -> tuple[str, ...]:
        name = self.chart.encodings.get(role, ())
        return (name,) if isinstance(name, str) else name

    def column(self, key: str) -> Column:
        return self.table.columns[self.table.column(key)]

    def cells(self, key: str) -> list[Cell]:
        index = self.table.column(key)
        return [row[index] for row in self.table.rows]

    def texts(self, key: str) -> list[str]:
        return [cell_text(cell, self.column(key), self.lang) for cell in self.cells(key)]

    def title(self, axis: str, key: str | None) -> str:
        given = self.chart.x_title if axis == "x" else self.chart.y_title
        if given is not None:
            return given.in_(self.lang)
        return self.column(key).title.in_(self.lang) if key else ""

    def required(self, role: str) -> str:
        found = self.one(role)
        if found is None:
            raise ValueError(
                f"chart '{self.chart.id}' of kind '{self.chart.kind}' needs the encoding '{role}'"
            )
        return found


def value_of(cell: Cell) -> float | None:
    if isinstance(cell, Figure):
        return cell.value
    return float(cell) if isinstance(cell, int | float) else None


def unit_of(cells: Sequence[Cell], column: Column) -> Unit | None:
    for cell in cells:
        if isinstance(cell, Figure):
            return cell.unit
    return column.unit


def axis(unit: Unit | None, lang: Lang, **rest: Any) -> alt.Axis:
    if unit == "share":
        sign = "\u00a0%" if lang == "da" else "%"
        return alt.Axis(labelExpr=f"format(datum.value * 100, ',.3~f') + '{sign}'", **rest)
    return alt.Axis(labelExpr="replace(datum.label, '-', '\u2212')", **rest)


def data(rows: Sequence[Row]) -> alt.Data:
    return alt.Data(values=list(rows))
