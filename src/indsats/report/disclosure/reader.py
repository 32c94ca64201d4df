"""What a reader of protected documents can calculate with: numbers shown, ranges of those hidden, sums between them.

Nothing here looks at a true number, and nothing is shared with the search that protects. Sums are those a document
names and those a careful reader finds: they hold wherever every number of theirs is shown.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from typing import Literal

from indsats.figure import Figure

from ..document import Document, Group, ProtectedFigure
from .vectors import Vectors, sums_within, wholes_within

Quantity = tuple[str, str]
"""Figure id and part: ``n`` numerator, ``d`` denominator, ``x:<reason>`` rows excluded."""
Kind = Literal["people", "time", "sum"]
_PERIOD = re.compile(r"^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$")
_SHARES = ("share", "rate", "monthly", "change")


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts`` (nodes). ``named`` ones a document tells of, others a reader has found."""

    total: int
    parts: tuple[int, ...]
    named: bool


@dataclass(slots=True)
class Reader:
    """Nodes are the counts and sums behind figures: the same id is the same node in every table, and in every document
    that does not contradict another about it.

    ``low`` and ``high`` bound a node (equal where it is shown, infinite where nothing is known), ``hidden`` marks those
    not shown somewhere. ``sums`` bind nodes, ``within`` holds pairs of numerator and denominator of a share.
    """

    quantities: list[Quantity] = field(default_factory=list)
    kind: list[Kind] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    sums: dict[Sum, None] = field(default_factory=dict)
    within: dict[tuple[int, int], None] = field(default_factory=dict)
    _node: dict[tuple[Quantity, int], int] = field(default_factory=dict)
    _figures: dict[str, Figure] = field(default_factory=dict)
    _contradicted: frozenset[str] = frozenset()
    _document: int = 0

    def value(self, node: int) -> float | None:
        """The number of a node that is known exactly."""
        return self.low[node] if self.low[node] == self.high[node] else None

    def node(self, figure: Figure, part: str) -> int | None:
        """The node of a part of a figure met before; ``None`` where it has none. What a hidden figure leaves out is
        unknown for every reason."""
        known = self._node.get(self._place((figure.id, part)))
        if known is None and part.startswith("x:") and is_hidden(figure) and counts_people(figure):
            return self._add((figure.id, part), "people", 0.0, inf, hidden=True)
        return known

    def _place(self, key: Quantity) -> tuple[Quantity, int]:
        """What is contradicted is another node in each document."""
        return key, self._document if key[0] in self._contradicted else 0

    def _add(self, key: Quantity, kind: Kind, low: float, high: float, *, hidden: bool) -> int:
        place = self._place(key)
        node = self._node.get(place)
        if node is None:
            node = self._node[place] = len(self.quantities)
            self.quantities.append(key)
            self.kind.append(kind)
            self.low.append(-inf if kind == "sum" else 0.0)
            self.high.append(inf)
            self.hidden.append(False)
        self.low[node] = max(self.low[node], low)
        self.high[node] = min(self.high[node], high)
        self.hidden[node] |= hidden
        return node

    def _meet(self, figure: Figure, rounding: int | None) -> None:
        if not counts_people(figure):
            return
        self._figures.setdefault(figure.id, figure)
        for part, number in shown_parts(figure).items():
            kind = kind_of(figure, part)
            if number is None:
                self._add((figure.id, part), kind, -inf if kind == "sum" else 0.0, inf, hidden=True)
            elif rounding and kind == "people":
                low, high = number - rounding / 2, number + rounding / 2
                self._add((figure.id, part), kind, -(-low // 1), -(-high // 1) - 1, hidden=True)
            else:
                self._add((figure.id, part), kind, number, number, hidden=False)
        if figure.unit == "share":
            n, d = (self._node.get(self._place((figure.id, part))) for part in ("n", "d"))
            if n is not None and d is not None:
                self.within[n, d] = None

    def bind(self, total: int | None, parts: Iterable[int | None], *, named: bool) -> None:
        """Note a sum, unless there is nothing to learn from it."""
        there = tuple(sorted(part for part in parts if part is not None))
        if total is None or not there or there == (total,):
            return
        if any(self.value(node) is None or self.hidden[node] for node in (total, *there)):
            self.sums.setdefault(Sum(total, there, named))


def read(documents: Sequence[Document]) -> Reader:
    """Everything the documents tell together. A number of another day is taken to be that of this day, unless both are
    shown and differ."""
    reader = Reader(_contradicted=frozenset(contradicted(documents)))
    for reader._document, document in enumerate(documents, start=1):
        for figure in figures(document):
            reader._meet(figure, document.rules.rounding)
    vectors: list[dict[str, int]] = []
    for reader._document, document in enumerate(documents, start=1):
        for table in document.tables():
            for way in Vectors.of(table, reader.node):
                for total, parts, named in sums_within(way, reader.value):
                    reader.bind(total, parts, named=named)
                for shares in wholes_within(way, reader.value):
                    _one_whole(reader, shares, named=False)
                vectors += way.by_heading()
            for group in table.groups:
                _group(reader, group)
        for group in document.groups:
            _group(reader, group)
    _periods(reader, frozenset().union(*(document.adds_up for document in documents)))
    _same_throughout(reader, vectors)
    return reader


def contradicted(documents: Sequence[Document]) -> set[str]:
    """The figures of which two documents show different numbers."""
    shown: dict[Quantity, float] = {}
    found: set[str] = set()
    for document in documents:
        for figure in figures(document):
            for part, number in shown_parts(figure).items():
                if number is not None and shown.setdefault((figure.id, part), number) != number:
                    found.add(figure.id)
    return found


def is_hidden(figure: Figure) -> bool:
    """Whether disclosure control took the numbers out."""
    return isinstance(figure, ProtectedFigure) and figure.hidden


def counts_people(figure: Figure) -> bool:
    """Whether there are people behind a figure, and it was not set."""
    return figure.of == "people" and not figure.given


def figures(document: Document) -> Iterable[Figure]:
    """Every figure about people."""
    for table in document.tables():
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if isinstance(cell, Figure) and column.about_people:
                    yield cell


def kind_of(figure: Figure, part: str) -> Kind:
    """What a part counts. A mean's numerator is a sum of scores, a rate's denominator a time."""
    if part == "n" and figure.unit != "count" and figure.unit not in _SHARES:
        return "sum"
    return "time" if part == "d" and figure.unit in ("rate", "monthly") else "people"


def shown_parts(figure: Figure) -> dict[str, float | None]:
    """The parts of a figure and what is shown of them; ``None`` where that is hidden."""
    if is_hidden(figure):
        parts = {"count": "n", "points": "", "p": "", "weeks": "", "amount": "d", "number": "d"}
        return dict.fromkeys(parts.get(figure.unit, "nd"))
    found: dict[str, float | None] = {}
    if figure.numerator is not None:
        found["n"] = float(figure.numerator)
    if figure.denominator is not None and figure.unit != "count":
        found["d"] = float(figure.denominator)
    found |= {f"x:{reason}": float(rows) for reason, rows in figure.excluded.items()}
    if isinstance(figure, ProtectedFigure):
        found |= {f"x:{reason}": None for reason in figure.few}
    return found


def _one_whole(reader: Reader, shares: Sequence[tuple[int, int]], *, named: bool) -> None:
    """Numerators and denominators of shares that make up one whole."""
    whole = shares[0][1]
    for _, d in shares[1:]:
        reader.bind(whole, [d], named=named)
    reader.bind(whole, [n for n, _ in shares], named=named)


def _group(reader: Reader, group: Group) -> None:
    if any(key not in reader._figures for key in (group.total, *group.parts)):
        return  # a figure that nobody shows is unknown to the reader, too
    total = reader._figures[group.total]
    parts = [reader._figures[key] for key in group.parts]
    n, d = ([reader.node(figure, part) for figure in parts] for part in "nd")
    if group.left_out is not None:
        reader.bind(reader.node(total, f"x:{group.left_out}"), n, named=True)
        return
    known = {reader.value(node) for node in d if node is not None} - {None}
    whole = reader.node(total, "d")
    if all(f.unit == "share" for f in parts) and len(parts) > 1 and len(known) == 1:
        # levels of one field: each is a share of the same persons
        if group.total in group.parts or (whole is not None and reader.value(whole) in known):
            _one_whole(reader, [(a, b) for a, b in zip(n, d, strict=True) if None not in (a, b)], named=True)  # type: ignore[misc]
        if group.total in group.parts:
            return
    elif None not in d:
        reader.bind(whole, d, named=True)
    if group.total in group.parts:
        return
    reader.bind(reader.node(total, "n"), n, named=True)
    told = {part for figure in (total, *parts) for part in shown_parts(figure) if part.startswith("x:")}
    for reason in sorted(told):
        reader.bind(reader.node(total, reason), [reader.node(part, reason) for part in parts], named=True)


def _periods(reader: Reader, adds_up: frozenset[str]) -> None:
    """What happened in a period is what happened in the two it falls into."""
    by_name: dict[tuple[str, int], list[tuple[date, date, int]]] = defaultdict(list)
    for ((key, part), copy), node in reader._node.items():
        if part == "n" and key in adds_up and (split := split_period(key)) is not None:
            by_name[split[0], copy].append((*split[1:], node))
    for (name, _), found in by_name.items():
        for start, end, whole in found:
            for first, last, part in found:
                rest = rest_of((start, end), (first, last))
                if rest is not None:
                    key = f"{name}/{rest[0]}..{rest[1]}"
                    shown = any(rest == other[:2] for other in found)
                    left = reader._add((key, "n"), "people", 0.0, inf, hidden=not shown)
                    reader.bind(whole, [part, left], named=True)


def split_period(key: str) -> tuple[str, date, date] | None:
    """A figure's id without its period, and the period's first and last day."""
    name, _, last = key.rpartition("/")
    found = _PERIOD.match(last)
    return (name, *(date.fromisoformat(day) for day in found.groups())) if found else None  # type: ignore[return-value]


def rest_of(whole: tuple[date, date], part: tuple[date, date]) -> tuple[date, date] | None:
    """What is left of a period without a shorter one that begins or ends with it; ``None`` where neither holds."""
    if whole[0] == part[0] and part[1] < whole[1]:
        return part[1] + timedelta(days=1), whole[1]
    if whole[1] == part[1] and whole[0] < part[0]:
        return whole[0], part[0] - timedelta(days=1)
    return None


def _same_throughout(reader: Reader, vectors: Sequence[dict[str, int]]) -> None:
    """Rows or columns that show the same numbers under the same headings show one thing twice.

    At least two different numbers must agree, and none disagree.
    """
    shows: dict[tuple[str, float], list[int]] = defaultdict(list)
    for at, vector in enumerate(vectors):
        for heading, node in vector.items():
            if reader.value(node):
                shows[heading, reader.low[node]].append(at)
    for at, vector in enumerate(vectors):
        if not any(reader.hidden[node] for node in vector.values()):
            continue
        agree: Counter[int] = Counter()
        numbers: dict[int, set[float]] = defaultdict(set)
        for heading, node in vector.items():
            for other in shows.get((heading, reader.low[node]), ()) if reader.value(node) else ():
                if vectors[other][heading] != node:
                    agree[other] += 1
                    numbers[other].add(reader.low[node])
        for other in agree:
            both = [(node, vectors[other][key]) for key, node in vector.items() if key in vectors[other]]
            known = [(reader.value(a), reader.value(b)) for a, b in both]
            if (
                other != at
                and len(numbers[other]) > 1
                and all(a == b for a, b in known if None not in (a, b))
            ):
                for a, b in both:
                    reader.bind(a, [b], named=False)
