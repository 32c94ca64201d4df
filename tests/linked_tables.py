"""Random linked tables of invented counts, many zero or small, and careless ways of hiding in them. Synthetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indsats.figure import Figure
from indsats.programme import Period, Text
from indsats.report import Cell, Column, Document, Group, ProtectedFigure, Section, Table, protect

Counts = NDArray[np.int64]
NAME = Text(da="navn", en="name")


def linked(seed: int) -> Document:
    """Document number ``seed``: the shapes take turns, sizes, numbers and a threshold of 3 to 10 are drawn."""
    rng = np.random.default_rng(seed)
    return SHAPES[seed % len(SHAPES)](rng, int(rng.integers(3, 11)))


def both_margins(rng: np.random.Generator, threshold: int) -> Document:
    """One table with sums to the right and below."""
    counts = with_margins(_counts(rng, rng.integers(2, 7), rng.integers(2, 6)))
    rows = [[f"r{i}", *(_count(f"t/{i}/{j}", n) for j, n in enumerate(row))] for i, row in enumerate(counts)]
    return document([table("t", rows, total_row=-1, total_column=-1)], threshold)


def shared_margin(rng: np.random.Generator, threshold: int) -> Document:
    """People by place and result, and by place and age; how many they are by place once more, under other names."""
    places = int(rng.integers(2, 6))
    persons = _counts(rng, places, 1)[:, 0] + rng.integers(0, 20, places)
    tables: list[Table] = []
    for name in ("result", "age"):
        chances = rng.dirichlet(np.full(rng.integers(2, 5), 0.7), places)
        split = np.array([rng.multinomial(n, chance) for n, chance in zip(persons, chances, strict=True)])
        counts = with_margins(split)
        rows = [
            [
                f"p{i}",
                *(_count(f"{name}/{i}/{j}", n) for j, n in enumerate(row[:-1])),
                _count(f"all/{i}", row[-1]),
            ]
            for i, row in enumerate(counts)
        ]
        tables.append(table(name, rows, total_row=-1, total_column=-1))
    one_way = [[f"p{i}", _count(f"again/{i}", n)] for i, n in enumerate([*persons, persons.sum()])]
    return document([*tables, table("again", one_way, total_row=-1)], threshold)


def hierarchy(rng: np.random.Generator, threshold: int) -> Document:
    """Units with their sites in other tables, bound by groups alone."""
    results = int(rng.integers(1, 4))
    units: list[Counts] = []
    tables: list[Table] = []
    groups: list[Group] = []
    for unit in range(int(rng.integers(2, 4))):
        sites = _counts(rng, rng.integers(2, 5), results)
        units.append(sites.sum(0))
        rows = [
            [f"s{i}", *(_count(f"u{unit}/s{i}/{j}", n) for j, n in enumerate(row))]
            for i, row in enumerate(sites)
        ]
        tables.append(table(f"sites-{unit}", rows))
        groups += [
            Group(f"u{unit}/{j}", tuple(f"u{unit}/s{i}/{j}" for i in range(len(sites))))
            for j in range(results)
        ]
    rows = [[f"u{i}", *(_count(f"u{i}/{j}", n) for j, n in enumerate(row))] for i, row in enumerate(units)]
    rows.append(["all", *(_count(f"all/{j}", n) for j, n in enumerate(np.sum(units, axis=0)))])
    return document([table("units", rows, total_row=-1), *tables], threshold, tuple(groups))


def shares(rng: np.random.Generator, threshold: int) -> Document:
    """Two results as shares of those at each place, with the places' persons and their sum."""
    places = int(rng.integers(2, 7))
    persons = _counts(rng, places, 1)[:, 0] + rng.integers(0, 15, places)
    reached = [rng.binomial(persons, rng.uniform(0, 1, places)) for _ in range(2)]
    rows = [
        [f"p{i}", _count(f"n/{i}", n), *(_share(f"r{k}/{i}", r[i], n) for k, r in enumerate(reached))]
        for i, n in enumerate(persons)
    ]
    sums = [_share(f"r{k}/all", r.sum(), persons.sum()) for k, r in enumerate(reached)]
    rows.append(["all", _count("n/all", persons.sum()), *sums])
    return document([table("shares", rows, total_row=-1)], threshold)


def distribution(rng: np.random.Generator, threshold: int) -> Document:
    """Classes by place as shares that make up the whole."""
    counts = _counts(rng, rng.integers(2, 5), rng.integers(2, 5))
    rows = [
        [f"p{i}", *(_share(f"c/{i}/{j}", n, row.sum()) for j, n in enumerate(row))]
        for i, row in enumerate(np.vstack([counts, counts.sum(0)]))
    ]
    return document([table("classes", rows, total_row=-1)], threshold)


def left_out(rng: np.random.Generator, threshold: int) -> Document:
    """Shares with rows left out for two reasons, and all places together."""
    places = int(rng.integers(2, 6))
    persons = rng.integers(20, 80, places)
    reached = rng.binomial(persons, 0.5)
    reasons = {"late": _counts(rng, places, 1)[:, 0], "moved": _counts(rng, places, 1)[:, 0]}
    rows: list[list[Cell]] = [
        [
            f"p{i}",
            _share(f"s/{i}", reached[i], n, {key: int(out[i]) for key, out in reasons.items() if out[i]}),
        ]
        for i, n in enumerate(persons)
    ]
    excluded = {key: int(out.sum()) for key, out in reasons.items() if out.any()}
    rows.append(["all", _share("s/all", reached.sum(), persons.sum(), excluded)])
    return document([table("left-out", rows, total_row=-1)], threshold)


def one_way(rng: np.random.Generator, threshold: int) -> Document:
    """A list with its sum, which nobody calls a sum, and part of the list in another table with another sum."""
    counts = _counts(rng, rng.integers(3, 9), 1)[:, 0]
    rows = [[f"r{i}", _count(f"l/{i}", n)] for i, n in enumerate(counts)]
    first = table("list", [*rows, ["I alt", _count("l/all", counts.sum())]])
    half = len(counts) // 2 + 1
    second = table("part", [*rows[:half], ["I alt", _count("l/half", counts[:half].sum())]], total_row=-1)
    return document([first, second], threshold)


SHAPES: tuple[Callable[[np.random.Generator, int], Document], ...] = (
    both_margins,
    shared_margin,
    hierarchy,
    shares,
    distribution,
    left_out,
    one_way,
)


def secrets(document: Document) -> dict[tuple[str, str], int]:
    """Every true small count of a document by figure and part (``n``, ``d``, ``rest``, ``x:<reason>``)."""
    found: dict[tuple[str, str], int] = {}
    for one in document.tables():
        for figure in one.figures():
            n, d = figure.numerator, figure.denominator
            parts = {"n": n, "d": d, "rest": None if d is None or n is None else d - n}
            parts |= {f"x:{key}": rows for key, rows in figure.excluded.items()}
            for part, number in parts.items():
                if number is not None and 0 < number < document.threshold:
                    found[figure.id, part] = int(number)
    return found


def kept(document: Document) -> tuple[int, int]:
    """Figures shown and figures in all, of a protected document."""
    found = {f.id: f for one in document.tables() for f in one.figures() if isinstance(f, ProtectedFigure)}
    return sum(not figure.hidden for figure in found.values()), len(found)


def small_ones_hidden(document: Document) -> Document:
    """The careless way: small counts are hidden and nothing else."""
    small = secrets(document)

    def cell(one: Cell) -> Cell:
        if not isinstance(one, Figure):
            return one
        if any((one.id, part) in small for part in ("n", "d", "rest")):
            return ProtectedFigure(one.id, None, one.unit, hidden=True)
        few = tuple(key for key in one.excluded if (one.id, f"x:{key}") in small)
        told = {key: rows for key, rows in one.excluded.items() if key not in few}
        return ProtectedFigure(one.id, one.value, one.unit, one.numerator, one.denominator, told, few=few)

    return _with(document, [_cells(one, cell) for one in document.tables()])


def each_table_alone(document: Document) -> Document:
    """What a tool does that sees one table at a time: each is protected, none knows of the others."""
    alone = [protect(_with(replace(document, groups=()), [one])).tables()[0] for one in document.tables()]
    return _with(document, alone)


def with_margins(counts: Counts) -> Counts:
    """The counts with their sums below and to the right."""
    below = np.vstack([counts, counts.sum(0)])
    return np.column_stack([below, below.sum(1)])


def document(tables: Sequence[Table], threshold: int, groups: tuple[Group, ...] = ()) -> Document:
    """A document of these tables and nothing else."""
    return Document(
        title=NAME,
        programme="p",
        version=1,
        period=Period.model_validate("2016-01-01/2016-06-30"),
        sections=(Section(NAME, tuple(tables)),),
        threshold=threshold,
        synthetic=True,
        groups=groups,
    )


def table(
    key: str, rows: Sequence[Sequence[Cell]], total_row: int | None = None, total_column: int | None = None
) -> Table:
    """A table whose columns go by letters."""
    names = [Text(da=f"{key} {i}", en=f"{key} {i}") for i in range(len(rows[0]))]
    columns = tuple(Column(f"c{i}", name) for i, name in enumerate(names))
    return Table(key, NAME, columns, tuple(map(tuple, rows)), total_row=total_row, total_column=total_column)


def _counts(rng: np.random.Generator, rows: int | np.integer, columns: int | np.integer) -> Counts:
    """A fifth zero, the rest mostly under 30, several under the threshold."""
    shape = (int(rows), int(columns))
    return rng.poisson(rng.gamma(1.2, 12.0, shape)) * (rng.random(shape) > 0.2)


def _count(key: str, number: int) -> Figure:
    return Figure.count(key, int(number))


def _share(key: str, n: int, d: int, excluded: dict[str, int] | None = None) -> Figure:
    return Figure.share(key, int(n), int(d), excluded=excluded or {})


def _cells(one: Table, cell: Callable[[Cell], Cell]) -> Table:
    return replace(one, rows=tuple(tuple(cell(c) for c in row) for row in one.rows))


def _with(document: Document, tables: Sequence[Table]) -> Document:
    shown: Iterator[bool] = (
        isinstance(figure, ProtectedFigure) for one in tables for figure in one.figures()
    )
    return replace(document, sections=(Section(NAME, tuple(tables)),), protected=all(shown))
