"""Small documents of counts, and what of them is hidden, for tests of disclosure control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indsats.figure import Figure
from indsats.programme import DisclosureRules, Period, Text
from indsats.report import Cell, Column, Document, Group, ProtectedFigure, Section, Table

ANY = Text(da="navn", en="name")


def document(*tables: Table, threshold: int = 5, groups: tuple[Group, ...] = ()) -> Document:
    return Document(
        title=ANY,
        programme="p",
        version=1,
        period=Period(first="2016-01-01", last="2016-06-30"),  # type: ignore[arg-type]
        sections=(Section(ANY, tables),),
        threshold=threshold,
        synthetic=True,
        groups=groups,
    )


def table(rows: Sequence[Sequence[Cell]], key: str = "t", **rest: object) -> Table:
    width = len(rows[0])
    columns = (Column("name", ANY), *(Column(f"c{i}", ANY) for i in range(1, width)))
    return Table(key, ANY, columns, tuple(tuple(row) for row in rows), **rest)  # type: ignore[arg-type]


def counts(numbers: Sequence[Sequence[int]], key: str = "t") -> Table:
    """A table of counts with sums to the right and below."""
    wide = [[*row, sum(row)] for row in numbers]
    wide.append([sum(column) for column in zip(*wide, strict=True)])
    rows = [
        [f"r{i}", *(Figure.count(f"{key}/{i}/{j}", n) for j, n in enumerate(row))]
        for i, row in enumerate(wide)
    ]
    return table(rows, key, total_row=-1, total_column=-1)


def hidden(document: Document) -> set[str]:
    found = {
        f.id for t in document.tables() for f in t.figures() if isinstance(f, ProtectedFigure) and f.hidden
    }
    for t in document.tables():
        for figure in t.figures():
            if figure.id in found:
                assert (figure.value, figure.numerator, figure.denominator) == (None, None, None)
                assert (figure.low, figure.high, figure.p, dict(figure.excluded)) == (None, None, None, {})
    return found


def figures(document: Document) -> dict[str, ProtectedFigure]:
    """The figures of a protected document by id."""
    found = {f.id: f for t in document.tables() for f in t.figures() if isinstance(f, ProtectedFigure)}
    assert len(found) == len({f.id for t in document.tables() for f in t.figures()})
    return found


def column(*shown: Figure, **rest: object) -> Document:
    """Figures below each other; with ``total_row`` the last is the sum."""
    return document(table([[one.id, one] for one in shown], **rest))


def ruled(of: Document, **rules: object) -> Document:
    """The same document under other rules of disclosure."""
    return replace(of, rules=DisclosureRules.model_validate(rules))
