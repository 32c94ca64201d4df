"""The boundary every number passes before it leaves: small counts are hidden, and what would reveal them.

Counts from 1 to t-1 are hidden (numerator, denominator, and what is left of a share's denominator). Then
further figures are hidden, smallest first, until a reader who subtracts in every total, over all tables of
the document at once, is left with at least t possible whole numbers for each small count. That is checked
with two linear programmes per count: the smallest and the largest value that agree with all that is shown
(Fischetti and Salazar, 2001, call it the audit of the protection interval).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from indsats.figure import Figure
from indsats.programme import Text

from .audit import Search
from .document import Cell, Column, Document, Light, ProtectedFigure, Reading, Table
from .relations import Relations

_EPS = 1e-6


def protect(document: Document) -> Document:
    """The same document with what may not be shown taken out; every figure becomes a ``ProtectedFigure``.

    Threshold 0 or 1 hides nothing. A figure with the same id is hidden everywhere. Lights on hidden figures
    become ``too_few``. Protecting a protected document changes nothing.
    A figure made from a hidden one is hidden with it, and so are the points of a survival curve since the last
    of which fewer than t persons reached the outcome or were lost.
    Raises ``ValueError`` when one id stands for two numbers.
    """
    if document.protected:
        return document
    everything = _figures(document)
    exempt = everything.keys() - _about_people(document)
    watched = {key: figure for key, figure in everything.items() if key not in exempt}
    hidden: set[str] = set()
    few: dict[str, set[str]] = {}
    if document.threshold > 1:
        search = Search(Relations(document, watched), watched, document.threshold)
        search.hidden |= _single_steps(document)
        search.run()
        hidden = search.hidden
        for key, reason in search.hidden_reasons:
            few.setdefault(key, set()).add(reason)
        hidden |= _derived_from(hidden, everything)
    shown = {
        key: _hide(figure) if key in hidden else _keep(figure, few.get(key, set()))
        for key, figure in everything.items()
    }
    sections = tuple(
        replace(
            section,
            blocks=tuple(
                _table(block, shown) if isinstance(block, Table) else block for block in section.blocks
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections, protected=True)


def _cells(document: Document) -> Iterable[tuple[Column, Figure]]:
    for table in document.tables():
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if isinstance(cell, Figure):
                    yield column, cell


def _figures(document: Document) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for _, figure in _cells(document):
        if found.setdefault(figure.id, figure) != figure:
            raise ValueError(f"the figure id '{figure.id}' stands for two different numbers in one document")
    return found


def _about_people(document: Document) -> set[str]:
    return {figure.id for column, figure in _cells(document) if column.about_people and not figure.given}


def _derived_from(hidden: set[str], figures: dict[str, Figure]) -> set[str]:
    """The figures computed, directly or through others, from a hidden one: they would give it away."""
    found: set[str] = set()
    while True:
        more = {
            key
            for key, figure in figures.items()
            if key not in found and (hidden | found) & set(figure.made_from)
        }
        if not more:
            return found
        found |= more


@dataclass(frozen=True, slots=True)
class CurvePoint(Figure):
    """A point of a survival curve. ``denominator`` is how many still wait; how many have reached the outcome and
    how many are followed no longer, both since the start, are judged but never shown."""

    reached: float = 0.0
    lost: float = 0.0


def small_step(before: CurvePoint, after: CurvePoint, threshold: int) -> bool:
    """Whether two printed points one after the other would show that few reached the outcome, or left."""
    return any(
        0 < change < threshold for change in (after.reached - before.reached, after.lost - before.lost)
    )


def _single_steps(document: Document) -> set[str]:
    """Points of survival curves that would show fewer than t persons since the point shown before.

    The first point with a number of people is set against nobody lost. Where a point does not say how many reached
    the outcome, a reader still finds them: the fall in the share times those who waited before.
    """
    hidden: set[str] = set()
    for chart in document.charts():
        if chart.kind != "survival":
            continue
        table = document.table(chart.table_id)
        at = table.column(str(chart.encodings["survival"]))
        group = table.column(str(chart.encodings["group"])) if "group" in chart.encodings else None
        before: dict[str, Figure] = {}
        for row in table.rows:
            figure, name = row[at], str(row[group]) if group is not None else ""
            if not isinstance(figure, Figure) or figure.denominator is None:
                continue
            earlier = before.get(name) or _start(figure)
            if _shows_few(earlier, figure, document.threshold):
                hidden.add(figure.id)
            else:
                before[name] = figure
    return hidden


def _start(first: Figure) -> Figure:
    """The curve before its first point: everybody waits."""
    if isinstance(first, CurvePoint):
        everybody = (first.denominator or 0.0) + first.reached + first.lost
        return CurvePoint(first.id, 1.0, "share", None, everybody)
    return replace(first, value=1.0)


def _shows_few(before: Figure, after: Figure, threshold: int) -> bool:
    if isinstance(before, CurvePoint) and isinstance(after, CurvePoint):
        return small_step(before, after, threshold)
    waited, wait = before.denominator or 0.0, after.denominator or 0.0
    if 0 < waited - wait < threshold:
        return True
    if not before.value or after.value is None:
        return False
    # within a half person of t: shares are rounded
    reached = waited * (1 - after.value / before.value)
    return _EPS < reached < threshold - 0.5


def _hide(figure: Figure) -> ProtectedFigure:
    return ProtectedFigure(
        figure.id, None, figure.unit, method=figure.method, made_from=figure.made_from, hidden=True
    )


def _keep(figure: Figure, few: set[str]) -> ProtectedFigure:
    return ProtectedFigure(
        figure.id,
        figure.value,
        figure.unit,
        figure.numerator,
        figure.denominator,
        {reason: rows for reason, rows in figure.excluded.items() if reason not in few},
        figure.low,
        figure.high,
        figure.p,
        figure.method,
        figure.made_from,
        figure.given,
        figure.of,
        few=tuple(sorted(few)),
    )


def _table(table: Table, shown: dict[str, ProtectedFigure]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        cells = [shown[cell.id] if isinstance(cell, Figure) else cell for cell in row]
        any_hidden = any(isinstance(cell, ProtectedFigure) and cell.hidden for cell in cells)
        for index, cell in enumerate(cells):
            if isinstance(cell, Light):
                judged = shown.get(cell.of)
                if judged.hidden if judged is not None else any_hidden:
                    cells[index] = replace(cell, status="too_few")
            elif isinstance(cell, Reading):
                hidden = shown[cell.of].hidden if cell.of else any_hidden
                cells[index] = None if hidden else Text(da=cell.da, en=cell.en)
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))
