"""What a report is made of, before any page, file or number format: frozen dataclasses that hold no markup.

Every number about people travels as a ``Figure``, because only a figure carries the counts that disclosure
control has to see. A table therefore refuses bare numbers in columns of counts and shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from indsats.figure import Figure, Status, Unit
from indsats.language import Lang
from indsats.programme import DisclosureRules, Period, Text

from .plot import Chart, check_id

Align = Literal["left", "right"]


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
        check_id("column", self.id)


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
    ``groups`` names further sums. ``source`` says where the numbers are from; its charts share it.
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
    source: Text | None = None

    def __post_init__(self) -> None:
        check_id("table", self.id)
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
class Paragraph:
    """Running text; a blank line parts paragraphs. Plain text: markup in it is shown as written."""

    text: Text


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in running text: which of its numbers, with how many decimals (left out: as its unit asks).

    ``about_people`` is false for numbers that were set, such as fixed targets: they are never hidden.
    """

    figure: Figure
    part: Literal["value", "numerator", "denominator", "low", "high"] = "value"
    decimals: int | None = None
    about_people: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """What numbers say, chosen by a rule: ``text`` with slots ``{{name}}`` for the figures in ``told``.

    ``of`` names further figures it was chosen from. When one of all these is hidden, the sentence is left out: it
    would tell what they may not. A ``caveat`` says how others are to be read, and goes where none of them is left.
    """

    text: Text
    told: Mapping[str, Told] = field(default_factory=dict)
    of: tuple[str, ...] = ()
    caveat: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """Sentences about the numbers of a block, one point each. ``protect`` makes a ``Passage`` of them."""

    id: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text in plain Markdown: paragraphs, lists, emphasis, links, and slots ``{{name}}``.

    ``id`` is stable from one making of the report to the next, so that what a writer changes can be kept. ``told``
    are figures by the name of their slot; other slots are ``words`` of the document. A hidden figure is told as such.
    ``found`` says that a rule chose the sentences; ``edited`` names the languages in which a writer changed the words.
    """

    id: str
    text: Text
    told: Mapping[str, Told] = field(default_factory=dict)
    found: bool = False
    edited: frozenset[Lang] = frozenset()


Block = Paragraph | Passage | Findings | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document; ``level`` 1 to 3 says how deep it stands. Without a title it has no heading."""

    title: Text | None
    blocks: tuple[Block, ...]
    level: int = 1


def told_in(sections: Sequence[Section]) -> Iterator[Told]:
    """Every figure in the running text of some sections."""
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, Passage):
            yield from block.told.values()
        elif isinstance(block, Findings):
            for sentence in block.sentences:
                yield from sentence.told.values()


def figures_in(sections: Sequence[Section]) -> dict[str, Figure]:
    """Every figure of some sections by its id: those of tables in reading order, then those only running text tells."""
    tables = (block for section in sections for block in section.blocks if isinstance(block, Table))
    found: dict[str, Figure] = {}
    for figure in (
        *(one for table in tables for one in table.figures()),
        *(one.figure for one in told_in(sections)),
    ):
        found.setdefault(figure.id, figure)
    return found


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report can be made again from: the content hash of its definition, the last day of the data, the time
    of the newest registration it could know, the version of the code, and a hash of each input by its name."""

    definition: str
    data_end: date | None
    recorded_until: datetime | None
    code: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


Form = Literal["report", "case", "letter"]
"""How a document is laid out: with title page and contents, as the item of an agenda, or as a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report, complete and not yet protected.

    ``period`` is ``None`` for data that belong to no reporting period. ``known`` is the time of the view on
    the facts (``None``: everything recorded), ``generated_on`` is only printed when given, so that the same
    facts give the same bytes. ``report`` is its id in the definition, ``about`` the site of a letter; ``personal`` says
    that all of it is about one citizen, who may see it. ``sources`` tell where the data came from.

    ``threshold`` t hides counts 1 to t-1; 0 hides nothing. ``rules`` are those of disclosure beside it. ``groups``
    names sums over figures of several tables; ``adds_up`` names the figures that count what happened in a period, so
    that a longer period holds the shorter one's.

    ``words`` are put into slots of running text by name; those among ``fields`` (their titles) a writer gives, and
    ``head`` stands at the top, each with its title, such as a case number. Tables and charts have ids that are unique
    in the document; every chart points to a table of it.
    Raises ``ValueError`` where that does not hold.
    """

    title: Text
    programme: str
    version: int
    period: Period | None
    sections: tuple[Section, ...]
    threshold: int
    synthetic: bool
    report: str = ""
    form: Form = "report"
    words: Mapping[str, Text] = field(default_factory=dict)
    fields: Mapping[str, Text] = field(default_factory=dict)
    head: tuple[tuple[Text, str], ...] = ()
    about: str = ""
    personal: bool = False
    subtitle: Text | None = None
    programme_title: Text | None = None
    known: datetime | None = None
    generated_on: date | None = None
    sources: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    groups: tuple[Group, ...] = ()
    basis: Basis | None = None
    rules: DisclosureRules = field(default_factory=DisclosureRules)
    adds_up: frozenset[str] = frozenset()
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

    def told(self) -> Iterator[Told]:
        """Every figure in running text."""
        return told_in(self.sections)

    def figures(self) -> dict[str, Figure]:
        """Every figure by its id: those of tables in reading order, then those that only running text tells."""
        return figures_in(self.sections)

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
