"""What a drawing is, before it is drawn: of which table, in which roles. It never brings numbers of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from indsats.programme import Text

_ID = re.compile(r"^[a-z0-9][a-z0-9_-]*$")

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
    "course",
    "steps",
]


def check_id(what: str, key: str) -> None:
    """Raises ``ValueError`` for an id that cannot name a file or a link."""
    if _ID.match(key) is None:
        raise ValueError(
            f"{what} id '{key}': use lower-case letters, digits, '-' and '_' (it names files and links)"
        )


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


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a scale that has a name, both ends included; an end that is left out is that of the scale."""

    title: Text
    low: float | None = None
    high: float | None = None


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
    - ``course``: ``day``, ``value`` (one or several columns, a line each); needs ``scale``, and may have ``zones``
    - ``steps``: ``label`` (what is followed), ``first`` and ``last`` (days, both included), ``value``, optionally
      ``mark`` (one word, empty for most rows); a row is a stretch of days
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
    zones: tuple[Zone, ...] = ()

    def __post_init__(self) -> None:
        check_id("chart", self.id)
