"""What sentences about numbers are made of: slots, titles inside a sentence, and when two numbers differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot
from statistics import NormalDist
from typing import Final, Literal

from indsats.figure import Figure
from indsats.language import inside
from indsats.programme import Text
from indsats.report import Block, Cell, Sentence, Table, Told, quantity

from ..words import both

Part = Literal["value", "numerator", "denominator", "low", "high"]

MOST: Final = 4
"""Claims of one kind that a block is told with one by one; more would bury what matters."""
LISTED: Final = 6
"""Titles in one sentence."""
BASE_TOLD: Final = 100
"""A share of fewer is told with what it is a share of: one more or less moves it by over a percentage point."""
CHANCE: Final = both("Forskellen kan være tilfældig.", "The difference may be chance.")
_LEVEL: Final = 0.05
_Z: Final = NormalDist().inv_cdf(1 - _LEVEL / 2)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a composed table, its cells by the id of their column."""

    table: Table
    cells: tuple[Cell, ...]

    def cell(self, key: str) -> Cell:
        """The cell of a column, ``None`` where the table has no such column."""
        found = (
            cell for column, cell in zip(self.table.columns, self.cells, strict=True) if column.id == key
        )
        return next(found, None)

    def figure(self, key: str) -> Figure | None:
        """The figure of a column that has a value."""
        cell = self.cell(key)
        return cell if isinstance(cell, Figure) and cell.value is not None else None

    def text(self, key: str) -> Text:
        """The words of a column; a name is the same in both languages."""
        cell = self.cell(key)
        return cell if isinstance(cell, Text) else both(str(cell or "–"), str(cell or "–"))

    @property
    def name(self) -> Text:
        """What the row is called."""
        return self.text(self.table.columns[0].id)

    def told(self, key: str, part: Part = "value") -> Told:
        """A figure of the row as its table prints it; ``KeyError`` where there is none."""
        figure = self.figure(key)
        if figure is None:
            raise KeyError(key)
        return told(figure, part, self.decimals(key))

    def decimals(self, key: str) -> int | None:
        """The decimals a column is printed with."""
        return self.table.columns[self.table.column(key)].decimals

    def value(self, key: str) -> float:
        """The value of a column's figure to sort by; 0 where there is none."""
        figure = self.figure(key)
        return 0.0 if figure is None else figure.value or 0.0

    def figures(self) -> Iterator[Figure]:
        """Every figure of the row."""
        yield from (cell for cell in self.cells if isinstance(cell, Figure))


def tables(made: Iterable[Block], *columns: str) -> Iterator[Table]:
    """The tables among ``made`` that have all these columns."""
    for block in made:
        if isinstance(block, Table) and set(columns) <= {column.id for column in block.columns}:
            yield block


def rows_of(table: Table) -> list[Row]:
    """Every row of a table."""
    return [Row(table, cells) for cells in table.rows]


def told(figure: Figure, part: Part = "value", decimals: int | None = None) -> Told:
    """A figure for a slot; what was set, and not observed in people, is never hidden."""
    shown = figure.decimals if decimals is None else decimals
    return Told(figure, part, shown if part in ("value", "low", "high") else None, not figure.given)


def counted(key: str, number: int) -> Told:
    """A number of things that are no people, such as targets, months or arrows, for a slot."""
    return Told(Figure.count(key, number, given=True), about_people=False)


def sentence(da: str, en: str, of: Iterable[Figure] = (), **slots: Told) -> Sentence:
    """A sentence told from the figures of its slots and from ``of``. Only slots that stand in the text are kept."""
    used = {name: one for name, one in slots.items() if f"{{{{{name}}}}}" in da or f"{{{{{name}}}}}" in en}
    further = (one.figure for name, one in slots.items() if name not in used and one.about_people)
    keys = dict.fromkeys(figure.id for figure in (*of, *further))
    shown = {one.figure.id for one in used.values()}
    return Sentence(both(da, en), used, tuple(key for key in keys if key not in shown))


def caveat(da: str, en: str) -> Sentence:
    """How the other sentences about a block are to be read; nothing where none of them is left."""
    return replace(sentence(da, en), caveat=True)


def plain(title: Text) -> Text:
    """A title as it stands, where two braces open no slot."""
    return both(title.da.replace("{{", "{ {"), title.en.replace("{{", "{ {"))


def quoted(title: Text) -> Text:
    """A title inside a sentence, as it stands in the table, so that it fits however it begins."""
    safe = plain(title)
    return both(f"»{safe.da}«", f"“{safe.en}”")


def lowered(said: Text) -> Text:
    """Words of ours that begin with a capital letter in a table, inside a sentence."""
    safe = plain(said)
    return both(inside(safe.da), inside(safe.en))


def listed(titles: Sequence[Text], instead: Text | None = None) -> Text:
    """Titles inside a sentence: one, two and the last; ``instead`` where they are more than a reader takes in."""
    if instead is not None and len(titles) > LISTED:
        return instead
    names = [quoted(title) for title in titles]
    return both(_joined([one.da for one in names], "og"), _joined([one.en for one in names], "and"))


def with_left_out(left_out: bool) -> tuple[str, str]:
    """What is added to the highest and lowest of a table where places with small numbers are not compared."""
    told = ", blandt dem, hvor tallene er store nok", ", among those whose numbers are large enough"
    return told if left_out else ("", "")


def _joined(names: Sequence[str], last: str) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def same_printed(one: Figure, other: Figure, decimals: int | None = None) -> bool:
    """Whether a reader sees the same number twice."""
    first, second = (
        quantity(figure.value, figure.unit, "da", figure.decimals if decimals is None else decimals)
        for figure in (one, other)
    )
    return first == second


def excludes_zero(figure: Figure) -> bool:
    """Whether the 95 % interval of a difference has both ends on one side of zero."""
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)


def holds(figure: Figure, level: float) -> bool:
    """Whether a level lies within the 95 % interval of a figure."""
    return figure.low is not None and figure.high is not None and figure.low <= level <= figure.high


def apart(one: Figure, other: Figure, among: int = 2) -> bool:
    """Whether the two differ by more than chance, being the outermost ``among`` so many.

    Their 95 % intervals may not overlap, and the difference has to be beyond what chance gives any of all the pairs
    there are (Bonferroni), by the sides of the intervals that face each other (Zou & Donner 2008). False where
    either has no interval.
    """
    ends = (one.low, one.high, other.low, other.high)
    if one.value is None or other.value is None or None in ends:
        return False
    above, below = (one, other) if one.value >= other.value else (other, one)
    if (above.low or 0.0) <= (below.high or 0.0):
        return False
    pairs = among * (among - 1) / 2
    wider = NormalDist().inv_cdf(1 - _LEVEL / (2 * pairs)) / _Z
    sides = hypot((above.value or 0.0) - (above.low or 0.0), (below.high or 0.0) - (below.value or 0.0))
    return (above.value or 0.0) - (below.value or 0.0) > wider * sides


def is_few(figure: Figure, threshold: int) -> bool:
    """Whether a figure rests on a number so small that it may be hidden."""
    n, d = figure.numerator or 0.0, figure.denominator or 0.0
    rest = d - n if figure.unit == "share" else 0.0
    return figure.of == "people" and any(0 < part < threshold for part in (n, d, rest))


def unit_of(figure: Figure) -> tuple[str, str]:
    """What stands after a number of this unit in Danish and English; nothing where its sign says it."""
    return ("\u00a0procentpoint", " percentage points") if figure.unit == "points" else ("", "")
