"""Running text as markup: paragraphs and lists, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from .prose import Point, Points, Prose, Run


def prose_html(prose: Prose) -> Markup:
    """The paragraphs and lists one after another."""
    return Markup("\n").join(
        _list(node.points, node.first) if isinstance(node, Points) else Markup("<p>%s</p>") % _runs(node.runs)
        for node in prose
    )


def _list(points: Sequence[Point], first: int | None) -> Markup:
    """A list with the lists in its points. What stands deeper before the first point is in a point without words."""
    top = min(point.level for point in points)
    items: list[tuple[Markup, list[Point]]] = []
    for point in points:
        if point.level == top:
            items.append((_runs(point.runs), []))
        elif items:
            items[-1][1].append(point)
        else:
            items.append((Markup(), [point]))
    inside = Markup().join(
        Markup("<li>%s%s</li>") % (words, _list(below, None) if below else "") for words, below in items
    )
    if first is None:
        return Markup("<ul>%s</ul>") % inside
    return (
        (Markup("<ol>%s</ol>") % inside)
        if first == 1
        else (Markup('<ol start="%s">%s</ol>') % (first, inside))
    )


def _runs(runs: Sequence[Run]) -> Markup:
    return Markup().join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    text = escape(run.text)
    if run.emphasis:
        text = Markup("<em>%s</em>") % text
    if run.strong:
        text = Markup("<strong>%s</strong>") % text
    return Markup('<a href="%s">%s</a>') % (run.href, text) if run.href else text
