"""What a report is made of, before any page, file or number format: frozen dataclasses that hold no markup.

Every number about people travels as a ``Figure``, because only a figure carries the counts that disclosure
control has to see. A table therefore refuses bare numbers in columns of counts and shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from indsats.figure import Figure, Status, Unit
from indsats.programme import Period, Text

_ID = re.compile(r"^[a-z0-9][a-z0-9_-]*$")

Align = Literal["left", "right"]
ChartKind = Literal[
    "bars",
    "stacked",
    "survival",
    "love",
    "targets",
    "profile",
    "arrows",
    "transitions",
    "theory",
    "ranks",
    "control",
    "funnel",
    "cash",
    "tornado",
    "fan",
    "acceptability",
    "perspectives",
]


def _check_id(what: str, key: str) -> None:
    if _ID.match(key) is None:
        raise ValueError(
            f"{what} id '{key}': use lower-case letters, digits, '-' and '_' (it names files and links)"
        )


@dataclass(frozen=True, slots=True)
class ProtectedFigure(Figure):
    """A figure that has passed disclosure control.

    ``hidden`` figures have no value, parts, interval or p-value left. ``few`` names the reasons of exclusion
    whose number of rows may not be shown; they are gone from ``excluded``.
    """

    hidden: bool = False
    few: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Light:
    """A traffic light: shown as symbol and text, colour only helps.

    ``of`` is the id of the figure the light judges, so that both are hidden together. When it is empty the
    light is hidden as soon as any figure in its row is.
    """

    status: Status
    of: str = ""


class Reading(Text):
    """A sentence that follows from a figure, by its id ``of``: where that is hidden the sentence is left out.

    When ``of`` is empty the sentence is left out as soon as any figure in its row is hidden.
    """

    of: str = ""


Cell = None | str | Text | int | float | date | Figure | Light
"""``str`` is the same in both languages (a name, a code); ``Text`` has both. ``None`` is an empty cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``id`` is its stable name in CSV and JSON.

    ``unit`` sets how plain numbers are written (a ``Figure`` brings its own unit). ``decimals`` is the number
    of decimals shown; left out it follows the unit. ``align`` left out: numbers right, the rest left.
    ``about_people`` is false for numbers that were set and not observed, such as fixed targets: they are
    never hidden.
    """

    id: str
    title: Text
    unit: Unit | None = None
    decimals: int | None = None
    align: Align | None = None
    about_people: bool = True

    def __post_init__(self) -> None:
        _check_id("column", self.id)


@dataclass(frozen=True, slots=True)
class Group:
    """``total`` is the sum of ``parts`` (ids of figures, in any table): numerators, and denominators too
    where they add up. Disclosure control needs it where no row or column of a table says it. A group with a
    figure that the document does not show is of no use to a reader and is passed over. With ``left_out`` it is not
    the total's own number but how many it leaves out for that reason that the parts add up to."""

    total: str
    parts: tuple[str, ...]
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first column names the rows and is read as their heading.

    ``total_row`` is the index of the row that holds the column sums, ``total_column`` that of the column that
    holds the row sums (both from 0, negative from the end); left out, sums that hold throughout are found.
    ``groups`` names further sums.
    Raises ``ValueError`` when rows and columns do not fit or a count is not a ``Figure``.
    """

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Text, ...] = ()
    total_row: int | None = None
    total_column: int | None = None
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        _check_id("table", self.id)
        if not self.columns:
            raise ValueError(f"table '{self.id}' has no columns")
        names = [column.id for column in self.columns]
        if len(set(names)) < len(names):
            raise ValueError(f"table '{self.id}': two columns have the same id ({', '.join(names)})")
        for index, row in enumerate(self.rows):
            if len(row) != len(names):
                raise ValueError(f"table '{self.id}', row {index}: {len(row)} cells for {len(names)} columns")
            for column, cell in zip(self.columns, row, strict=True):
                bare = isinstance(cell, int | float)
                if bare and column.about_people and column.unit in ("count", "share"):
                    raise ValueError(
                        f"table '{self.id}', row {index}, column '{column.id}': a {column.unit} about people "
                        "must be a Figure, or disclosure control cannot see it"
                    )
        for what, index, size in (
            ("total_row", self.total_row, len(self.rows)),
            ("total_column", self.total_column, len(names)),
        ):
            if index is not None and not -size <= index < size:
                raise ValueError(f"table '{self.id}': {what} {index} is outside the table")

    def column(self, key: str) -> int:
        """The index of a column; ``KeyError`` with the names there are when it is unknown."""
        for index, column in enumerate(self.columns):
            if column.id == key:
                return index
        raise KeyError(
            f"table '{self.id}' has no column '{key}' (has {', '.join(c.id for c in self.columns)})"
        )

    def figures(self) -> Iterator[Figure]:
        """Every figure, row by row."""
        for row in self.rows:
            for cell in row:
                if isinstance(cell, Figure):
                    yield cell


@dataclass(frozen=True, slots=True)
class Span:
    """The scale that the numbers of a chart stand on: its ends, what they are called, and which is better.

    Raises ``ValueError`` when it does not go upwards.
    """

    low: float
    high: float
    better: Literal["higher", "lower", "neither"] = "neither"
    low_title: Text | None = None
    high_title: Text | None = None

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"a scale from {self.low} to {self.high} does not go upwards")


Stroke = Literal["solid", "dashed", "dashdot", "dotted"]
"""How the line of an arrow is drawn."""


@dataclass(frozen=True, slots=True)
class GraphBox:
    """A box: ``kind`` is the word above its title, ``column`` the first column it may stand in, from 0.

    ``rows`` are the rows of the chart's table that tell what was measured there; ``marked`` boxes have a heavy frame.
    """

    id: str
    title: Text
    kind: Text
    column: int = 0
    marked: bool = False
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphArrow:
    """An arrow between two boxes by id; ``links`` are the rows of the table of links that it tells the number of."""

    source: str
    target: str
    stroke: Stroke = "solid"
    links: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """What a chart of kind ``theory`` draws; it holds no numbers.

    They stand in the chart's table and, for the arrows, in the table ``links_id`` of the same document, where
    ``encodings`` maps ``link`` (its number), ``cause``, ``effect``, ``strength`` and ``association`` to column ids.
    ``legend`` says what the strokes mean.
    """

    boxes: tuple[GraphBox, ...]
    arrows: tuple[GraphArrow, ...]
    legend: Mapping[Stroke, Text]
    links_id: str = ""
    encodings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of (part of) a table of the same document; never a source of numbers of its own.

    ``encodings`` maps roles to column ids (several where said so):

    - ``bars``: ``label``, ``value`` (one or several columns)
    - ``stacked``: ``label``, ``parts`` (several columns of counts or shares, in order)
    - ``survival``: ``time``, ``survival``, optionally ``low`` and ``high``, ``group``
    - ``love``: ``label``, ``before``, ``after`` (standardised mean differences)
    - ``targets``: ``label``, ``target``, ``realised``
    - ``profile``: ``label``, ``before``, ``now`` (one or several columns of both, a pair for each group); needs
      ``scale``
    - ``arrows``: ``label``, ``before``, ``after``, optionally ``change``, ``reliable``, ``n``, ``verdict``;
      ``scale`` tells the ends of the axis and what is better
    - ``transitions``: ``label`` (the starts), ``ends`` (several columns of counts), optionally ``total``
    - ``control``: ``label`` (the months), ``value``, optionally ``centre``, ``low`` and ``high``, ``signal`` (words)
    - ``funnel``: ``label`` (the places), ``level`` (figures whose denominator is the size), ``centre``, ``low`` and
      ``high`` (two columns each, of 95 % and of 99.8 %), optionally ``signal`` (words, empty for a place inside)
    - ``ranks``: ``label``, ``value`` (levels), ``rank`` (with the possible ranks as interval), optionally ``apart``
      (distances to the others); the table's ``total_row`` is drawn as a line
    - ``cash``: ``label`` (the years), ``parts`` (a column of money for each payer, spent below zero), ``net`` (the
      running sum); money in charts of this and the next kinds is in kroner
    - ``tornado``: ``label`` (the inputs), ``low`` and ``high`` (of the input), ``at_low`` and ``at_high`` (the net
      there), ``centre`` (the expected net)
    - ``fan``: ``label`` (the years), ``value`` (the median), ``low`` and ``high`` (three columns each, of the bands of
      50, 80 and 95 %)
    - ``acceptability``: ``worth`` (money), ``chance`` (one or several columns of shares)
    - ``perspectives``: ``label``, ``value`` (gains positive, costs negative); the table's ``total_row`` is the net
    - ``theory``: ``label``, ``value`` (one row for each thing measured); needs ``graph``

    ``alt`` says in words what the drawing shows. ``x_title`` and ``y_title`` replace the columns' titles.
    """

    id: str
    title: Text
    table_id: str
    kind: ChartKind
    encodings: Mapping[str, str | tuple[str, ...]]
    alt: Text
    x_title: Text | None = None
    y_title: Text | None = None
    scale: Span | None = None
    graph: Graph | None = None

    def __post_init__(self) -> None:
        _check_id("chart", self.id)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a blank line parts paragraphs. Plain text: markup in it is shown as written."""

    text: Text


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document."""

    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report can be made again from: the content hash of its definition, the last day of the data, and the time
    of the newest registration it could know."""

    definition: str
    data_end: date
    recorded_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report, complete and not yet protected.

    ``period`` is ``None`` for data that belong to no reporting period. ``known`` is the time of the view on
    the facts (``None``: everything recorded), ``generated_on`` is only printed when given, so that the same
    facts give the same bytes. ``threshold`` t hides counts 1 to t-1; 0
    hides nothing. ``groups`` names sums over figures of several tables. ``sources`` tell where the data came
    from. Tables and charts have ids that are unique in the document; every chart points to a table of it.
    Raises ``ValueError`` where that does not hold.
    """

    title: Text
    programme: str
    version: int
    period: Period | None
    sections: tuple[Section, ...]
    threshold: int
    synthetic: bool
    subtitle: Text | None = None
    programme_title: Text | None = None
    known: datetime | None = None
    generated_on: date | None = None
    sources: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    groups: tuple[Group, ...] = ()
    basis: Basis | None = None
    protected: bool = field(default=False)
    """Set by ``protect`` alone; files are written from protected documents only."""

    def __post_init__(self) -> None:
        if self.threshold < 0:
            raise ValueError("the disclosure threshold cannot be negative")
        ids = [block.id for block in self.blocks() if isinstance(block, Table | Chart)]
        twice = sorted({key for key in ids if ids.count(key) > 1})
        if twice:
            raise ValueError(f"two tables or charts have the same id: {', '.join(twice)}")
        tables = {table.id: table for table in self.tables()}
        for chart in self.charts():
            if chart.table_id not in tables:
                raise ValueError(
                    f"chart '{chart.id}' draws table '{chart.table_id}', which is not in the document"
                )
            for names in chart.encodings.values():
                for name in (names,) if isinstance(names, str) else names:
                    tables[chart.table_id].column(name)
            if chart.graph is not None:
                if chart.graph.links_id not in tables:
                    raise ValueError(
                        f"chart '{chart.id}' tells its arrows from table '{chart.graph.links_id}', which is not in "
                        "the document"
                    )
                for name in chart.graph.encodings.values():
                    tables[chart.graph.links_id].column(name)

    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order."""
        for section in self.sections:
            yield from section.blocks

    def tables(self) -> tuple[Table, ...]:
        """All tables in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))

    def charts(self) -> tuple[Chart, ...]:
        """All charts in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Chart))

    def table(self, key: str) -> Table:
        """The table with this id; ``KeyError`` when there is none."""
        for table in self.tables():
            if table.id == key:
                return table
        raise KeyError(f"the document has no table '{key}'")
