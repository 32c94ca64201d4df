"""A protected document as plain data for the printed layout: strings, numbers and lists that hold no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from itertools import groupby
from typing import Any

from indsats.figure import Figure
from indsats.language import Lang, day

from .around import (
    BASIS_HEADS,
    about_facts,
    about_title,
    basis_rows,
    lights_line,
    links,
    period_text,
    programme_name,
    reading_lines,
    set_right,
    shortened,
)
from .charts import chart_svg
from .document import Block, Document, Light, Paragraph, Passage, Table
from .formats import cell_text, interval_text
from .html import block_numbers
from .passages import head_facts, passage_prose
from .pdf_tables import LANDSCAPE, PORTRAIT, Cell, Grid, laid_out, light_cell, parted
from .plot import Chart
from .prose import Point, Points, Prose, Run, Words
from .texts import say
from .typeface import SANS, SERIF, printable

Data = dict[str, Any]

_POINTS = 0.78
"""Points of paper for a pixel of a drawing: 12 pixels of its letters become 9.4 points."""
_LEAST = 0.5
"""A drawing that would be made smaller than this gets a turned page."""
_ROOMS = (("", PORTRAIT, 600.0), ("a4", LANDSCAPE, 380.0), ("a3", 1060.0, 620.0))
"""The pages a drawing may stand on: the text's own, or a turned one of its own in a paper size, each with the width and
height there is for it in points."""
_LISTS_FROM = 7
"""With this many tables, or figures, they are listed after the contents."""
_LINK = re.compile(r"(?:https?://|mailto:)\S{1,2000}$")
_PLACE = "\x00"


def document_data(document: Document, lang: Lang) -> Data:
    """Everything the layout sets: ``title``, ``front`` facts, ``words`` of its own, ``sections`` of blocks."""
    numbers = block_numbers(document, lang)
    sections = [*_written(document, numbers, lang), *_after(document, numbers, lang)]
    period = period_text(document, lang)
    title = document.title.in_(lang)
    data: Data = {
        "lang": lang,
        "region": {"da": "DK", "en": "GB"}[lang],
        "sans": SANS,
        "serif": SERIF,
        "form": document.form,
        "title": title,
        "subtitle": document.subtitle.in_(lang) if document.subtitle else "",
        "programme": programme_name(document, lang),
        "running": ", ".join(part for part in (programme_name(document, lang), period) if part),
        "place": document.words["site"].in_(lang) if "site" in document.words else "",
        "date": _date(document, lang),
        "labels": [
            {"label": say(key, lang), "about": say(f"{key}-about", lang)}
            for key, holds in (("synthetic", document.synthetic), ("personal", document.personal))
            if holds
        ],
        "front": [{"name": name, "lines": [line]} for name, line in _front(document, period, lang)],
        "words": _words(lang),
        "lists": {
            "tables": len(document.tables()) >= _LISTS_FROM,
            "charts": len(document.charts()) >= _LISTS_FROM,
        },
        "sections": sections,
    }
    return _clean(data)


def _clean(data: Any) -> Any:
    """The same with every text as the fonts can print it."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {key: _clean(value) for key, value in data.items()}
    return [_clean(value) for value in data] if isinstance(data, list | tuple) else data


def _words(lang: Lang) -> Data:
    pages = say("page-of", lang, page=_PLACE, pages=_PLACE).split(_PLACE)
    return {
        "page-of": pages,
        "table": say("table", lang, number="").strip(),
        "chart": say("chart", lang, number="").strip(),
    } | {key: say(key, lang) for key in ("contents", "tables-list", "figures-list", "chart-empty")}


def _date(document: Document, lang: Lang) -> str:
    """The day a letter is of: the end of its period, else of its data."""
    last = document.period.last if document.period else document.basis.data_end if document.basis else None
    return day(last, lang) if last else ""


def _front(document: Document, period: str, lang: Lang) -> Iterator[tuple[str, str]]:
    yield from head_facts(document, lang)
    if document.form != "letter":
        if document.form == "case":
            yield say("programme", lang), programme_name(document, lang)
        if period:
            yield say("period", lang), period
    if document.form == "report" and document.basis and document.basis.data_end:
        yield say("cut-off", lang), day(document.basis.data_end, lang)


def _section(
    title: str, blocks: Iterable[Data], *, level: int = 1, numbered: bool = False, listed: bool = True
) -> Data:
    return {
        "title": title,
        "level": level,
        "numbered": numbered,
        "listed": listed,
        "blocks": _turned(list(blocks)),
    }


def _turned(blocks: Sequence[Data]) -> list[Data]:
    """Neighbours that need a turned page of the same paper share it."""
    found: list[Data] = []
    for paper, group in groupby(blocks, lambda block: block.get("wide", "")):
        together = list(group)
        found += [{"is": "wide", "paper": paper, "blocks": together}] if paper else together
    return found


def _written(document: Document, numbers: dict[str, str], lang: Lang) -> Iterator[Data]:
    """The document's own sections; no heading stands more than one level below the one before."""
    numbered = document.form == "report"
    level = 0
    for section in document.sections:
        blocks = [_block(block, document, numbers, lang) for block in section.blocks]
        if section.title is not None:
            level = min(section.level, level + 1)
        title = section.title.in_(lang) if section.title else ""
        yield _section(title, blocks, level=max(level, 1), numbered=numbered)


def _block(block: Block, document: Document, numbers: dict[str, str], lang: Lang) -> Data:
    match block:
        case Paragraph():
            lines = (" ".join(part.split()) for part in block.text.in_(lang).split("\n\n"))
            return _prose(tuple(Words((Run(line),)) for line in lines if line))
        case Passage():
            edited = say("edited", lang) if lang in block.edited else ""
            return _prose(passage_prose(block, document, lang), edited)
        case Table():
            return _table(block, lang)
        case Chart():
            return _chart(block, document, numbers, lang)
        case _:
            raise ValueError(f"'{block.id}' was not made into a passage: print documents from protect() only")


def _prose(nodes: Prose, edited: str = "") -> Data:
    return {"is": "prose", "edited": edited, "nodes": [_node(node) for node in nodes]}


def _node(node: Words | Points) -> Data:
    if isinstance(node, Words):
        return {"is": "words", "runs": _runs(node.runs)}
    return {"is": "points", "first": node.first, "points": _nested(node.points)}


def _nested(points: Sequence[Point]) -> list[Data]:
    """Points with the deeper ones inside the point they follow."""
    tree: list[Data] = []
    open_lists = [tree]
    for point in points:
        depth = min(point.level, len(open_lists) - 1)
        made: Data = {"runs": _runs(point.runs), "points": []}
        open_lists[depth].append(made)
        open_lists[depth + 1 :] = [made["points"]]
    return tree


def _runs(runs: Iterable[Run]) -> list[Data]:
    return [
        {
            "text": parted(run.text),
            "strong": run.strong,
            "emphasis": run.emphasis,
            "href": run.href if _LINK.match(run.href) else "",
        }
        for run in runs
    ]


def _table(table: Table, lang: Lang) -> Data:
    total = None if table.total_row is None else table.total_row % len(table.rows)
    across = None if table.total_column is None else table.total_column % len(table.columns)
    grid = Grid(
        tuple(printable(column.title.in_(lang)) for column in table.columns),
        tuple(_cells(table, row, lang) for row in table.rows),
        tuple(set_right(table, index) for index in range(len(table.columns))),
        (total, across),
    )
    lines = [_line("note", note.in_(lang), lang) for note in table.notes]
    if table.source:
        lines.append(_line("source", table.source.in_(lang), lang))
    return {"is": "table", "id": table.id, "title": table.title.in_(lang), "lines": lines} | laid_out(grid)


def _line(key: str, text: str, lang: Lang, to: str = "") -> Data:
    return {"label": say(key, lang) if key else "", "text": text, "to": to}


def _cells(table: Table, row: Sequence[Any], lang: Lang) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for column, cell in zip(table.columns, row, strict=True):
        if isinstance(cell, Light):
            found.append(light_cell(cell, lang))
            continue
        runs = links(cell) if isinstance(cell, str) else []
        text = printable("; ".join(words for words, _ in runs) if runs else cell_text(cell, column, lang))
        small = interval_text(cell, column, lang) if isinstance(cell, Figure) else ""
        safe = tuple((parted(printable(words)), href if _LINK.match(href) else "") for words, href in runs)
        found.append(Cell(parted(text), small, runs=safe))
    return tuple(found)


def _chart(chart: Chart, document: Document, numbers: dict[str, str], lang: Lang) -> Data:
    table = document.table(chart.table_id)
    arrows = document.table(chart.graph.links_id) if chart.graph else None
    svg = chart_svg(chart, table, lang, arrows)
    lines = [_line("", say("chart-data", lang, table=numbers[table.id]), lang, table.id)]
    if table.source:
        lines.append(_line("source", table.source.in_(lang), lang))
    title = chart.title.in_(lang)
    shows = chart.alt.in_(lang) if svg else say("chart-empty", lang)
    about = ". ".join(part.rstrip(".") for part in (title, shows) if part) + "."
    data: Data = {"is": "chart", "id": chart.id, "title": title, "alt": about, "lines": lines, "svg": None}
    if svg is None:
        return data
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if size is None:
        raise ValueError(f"chart '{chart.id}' was drawn without its size")
    width, height = map(float, size.groups())
    sizes = [(paper, min(_POINTS, across / width, down / height)) for paper, across, down in _ROOMS]
    paper, scale = next((one for one in sizes if one[1] >= _LEAST), sizes[-1])
    return data | {"svg": _in_our_font(svg), "width": round(width * scale, 2), "wide": paper}


def _in_our_font(svg: str) -> str:
    """The drawing with its words in the font of the document and in characters it has."""
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{SANS}"', svg)
    svg = re.sub(r"font-family:[^;\"}]*", f"font-family:{SANS}", svg)
    return re.sub(r"(?<=>)[^<>]+(?=<)", lambda words: escape(printable(unescape(words.group()))), svg)


def _after(document: Document, numbers: dict[str, str], lang: Lang) -> Iterator[Data]:
    """What stands behind the report: how its numbers are read, what they are made of, and what it was made from."""
    report = document.form == "report"
    number = 0

    def title(words: str) -> str:
        nonlocal number
        number += 1
        return f"{say('appendix', lang, number=number)}. {words}" if report else words

    lights = lights_line(document, lang)
    reading = [*reading_lines(document, lang), *([("", lights)] if lights else [])]
    if reading:
        yield _section(
            title(say("reading", lang)), [_prose(tuple(Words(_marked(mark, line)) for mark, line in reading))]
        )
    if report:
        made = [(table, _basis(table, lang)) for table in document.tables()]
        if any(grid for _, grid in made):
            yield _section(title(say("appendix-basis", lang)), [])
        for table, grid in made:
            if grid:
                heading = f"{numbers[table.id]}. {table.title.in_(lang)}"
                yield _section(heading, [{"is": "loose"} | laid_out(grid, 8.0)], level=2, listed=False)
    facts = [
        {"name": name, "lines": [parted(shortened(line)) for line in lines]}
        for name, lines in about_facts(document, lang)
    ]
    notes = tuple(Words((Run(note.in_(lang)),)) for note in document.notes)
    yield _section(title(about_title(document, lang)), [{"is": "facts", "facts": facts}, _prose(notes)])


def _marked(mark: str, line: str) -> tuple[Run, ...]:
    return (Run(f"{mark} ", strong=True), Run(line)) if mark else (Run(line),)


def _basis(table: Table, lang: Lang) -> Grid | None:
    rows = basis_rows(table, lang)
    if not rows:
        return None
    kept = [index for index in range(len(BASIS_HEADS)) if any(row[index] for row in rows)]
    return Grid(
        tuple(say(f"basis-{BASIS_HEADS[index]}", lang) for index in kept),
        tuple(tuple(Cell(parted(printable(row[index]))) for index in kept) for row in rows),
        tuple(BASIS_HEADS[index] in ("numerator", "denominator") for index in kept),
    )
