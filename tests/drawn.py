"""Small protected tables, charts of them, and what a drawing holds: what the tests of charts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Period, Text
from indsats.report import (
    Cell,
    Chart,
    Column,
    Document,
    ProtectedFigure,
    Section,
    Span,
    Table,
    chart_spec,
    protect,
)

NAME = Text(da="Navn", en="Name")
SCALE = Span(1, 10, "higher", Text(da="slet ikke", en="not at all"), Text(da="helt", en="completely"))


def shown(key: str, value: float, **rest: Any) -> ProtectedFigure:
    return ProtectedFigure(key, value, "mean", value * 40, 40, **rest)


def hidden(key: str, unit: Any = "mean") -> ProtectedFigure:
    return ProtectedFigure(key, None, unit, hidden=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], **rest: Any) -> Table:
    named = tuple(Column(key, Text(da=f"{key} da", en=f"{key} en"), None, 1) for key in columns)
    return Table("t", NAME, named, tuple(tuple(row) for row in rows), **rest)


def chart(kind: Any, encodings: Mapping[str, str | tuple[str, ...]], **rest: Any) -> Chart:
    return Chart("c", NAME, "t", kind, encodings, NAME, **rest)


def document(*blocks: Table | Chart) -> Document:
    return Document(
        title=NAME,
        programme="p",
        version=1,
        period=Period(first="2016-01-01", last="2016-06-30"),  # type: ignore[arg-type]
        sections=(Section(NAME, blocks),),
        threshold=5,
        synthetic=True,
    )


def rows_of(spec: Mapping[str, Any], having: str) -> list[dict[str, Any]]:
    """Every row of the drawing's data that has this field."""
    found: list[dict[str, Any]] = []
    sets = spec.get("datasets", {})
    for layer in spec["layer"]:
        rows = layer["data"].get("values") or sets[layer["data"]["name"]]
        found += [row for row in rows if having in row]
    return found


def drawn(made: Chart, of: Table, lang: Lang = "da") -> dict[str, Any]:
    spec = chart_spec(made, of, lang)
    assert spec is not None
    return spec


def texts(made: Chart, of: Table, lang: Lang = "da") -> list[str]:
    return [row["text"] for row in rows_of(drawn(made, of, lang), "text")]


def profile_table(*extra: Sequence[Cell]) -> Table:
    first = ("Søvn", shown("a", 3.4), shown("b", 5.1))
    return table(("item", "before", "now"), (first, *extra))


PROFILE = chart("profile", {"label": "item", "before": "before", "now": "now"}, scale=SCALE)
ARROWS = chart(
    "arrows",
    {
        "label": "group", "before": "before", "after": "after", "change": "change", "reliable": "reliable", "n": "n"
    },
    scale=Span(0, 25, "higher"),
)  # fmt: skip
ENDS = ("good", "poor", "job")
STREAMS = chart("transitions", {"label": "start", "ends": ENDS, "total": "total"})


def arrow_row(
    name: str, before: float, after: float, low: float, high: float, n: int = 40
) -> tuple[Cell, ...]:
    change = shown(f"{name}/c", after - before, low=low, high=high)
    persons = ProtectedFigure(f"{name}/n", n, "count", n)
    return name, shown(f"{name}/b", before), shown(f"{name}/a", after), change, 4.0, persons


def arrow_table(*rows: Sequence[Cell]) -> Table:
    return table(("group", "before", "after", "change", "reliable", "n"), rows)


def counts(numbers: Sequence[Sequence[int]], *, total_row: bool = False) -> Table:
    """Starts down and ends across, with totals to the right and perhaps below."""
    lines = [[*row, sum(row)] for row in numbers]
    lines += [[sum(column) for column in zip(*lines, strict=True)]] if total_row else []
    rows = [
        (f"side {i}", *(Figure.count(f"{i}/{j}", number) for j, number in enumerate(line)))
        for i, line in enumerate(lines)
    ]
    return table(("start", *ENDS, "total"), rows, total_row=-1 if total_row else None, total_column=-1)


def guarded(of: Table) -> Table:
    return protect(document(of)).table("t")
