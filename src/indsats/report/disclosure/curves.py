"""Survival curves: which printed points would show that few reached the outcome, or left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indsats.figure import Figure

from ..document import Document

_EPS = 1e-6


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


def single_steps(document: Document) -> set[str]:
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
