"""What stands around the numbers whatever the format: facts about the report, the basis of figures, links in cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from indsats.figure import Figure, Status
from indsats.language import NO_VALUE, Lang, day, local

from .document import Document, Light, Table
from .formats import HIDDEN_MARK, cell_text, excluded_text, is_hidden, part
from .texts import STATUS, light, method, say

_HASH = re.compile(r"[0-9a-f]{64}")
_ENOUGH = 12
_ADDRESS = ("https://", "http://")
BASIS_HEADS = ("row", "column", "numerator", "denominator", "excluded", "method")


def programme_name(document: Document, lang: Lang) -> str:
    """The programme as a reader knows it."""
    return document.programme_title.in_(lang) if document.programme_title else document.programme


def period_text(document: Document, lang: Lang) -> str:
    """The period reported on, or nothing."""
    if document.period is None:
        return ""
    first, last = day(document.period.first, lang), day(document.period.last, lang)
    return say("period-value", lang, first=first, last=last)


def about_facts(document: Document, lang: Lang) -> list[tuple[str, list[str]]]:
    """Names and lines of what a reader may want to know of the report: programme, period, sources, rule of disclosure,
    and what it can be made again from."""
    facts = subject_facts(document, lang)
    if document.sources:
        facts.append((say("sources", lang), [source.in_(lang) for source in document.sources]))
    if not document.personal:
        facts.append((say("threshold", lang), list(_disclosure(document, lang))))
    return [*facts, *_basis_facts(document, lang)]


def subject_facts(document: Document, lang: Lang) -> list[tuple[str, list[str]]]:
    """Names and lines of what a report is about: programme, period, and as known when."""
    name = f"{programme_name(document, lang)}, {say('version', lang, version=document.version)}"
    facts = [(say("programme", lang), [name])]
    if document.period is not None:
        facts.append((say("period", lang), [period_text(document, lang)]))
    known = say("known-all", lang) if document.known is None else _moment(document.known, lang)
    facts.append((say("known", lang), [known]))
    if document.generated_on is not None:
        facts.append((say("generated", lang), [day(document.generated_on, lang)]))
    return facts


def about_title(document: Document, lang: Lang) -> str:
    """What the part that holds these facts is called."""
    return say("about" if document.form == "report" else f"about-{document.form}", lang)


def _disclosure(document: Document, lang: Lang) -> Iterator[str]:
    rules = document.rules
    if document.threshold <= 1:
        yield say("threshold-none", lang)
        return
    if rules.rounding is None:
        yield say("threshold-value", lang, most=document.threshold - 1)
    else:
        yield say("threshold-rounded", lang, base=rules.rounding)
    if rules.dominance is not None or rules.close is not None:
        yield say("threshold-sums", lang)


def _moment(at: datetime, lang: Lang) -> str:
    at = local(at)
    return say("known-at", lang, day=day(at.date(), lang), hour=f"{at.hour:02}", minute=f"{at.minute:02}")


def _basis_facts(document: Document, lang: Lang) -> Iterator[tuple[str, list[str]]]:
    basis = document.basis
    if basis is None:
        return
    if basis.data_end is not None:
        yield say("cut-off", lang), [day(basis.data_end, lang)]
    if basis.recorded_until is not None and document.known is None:
        yield say("recorded-until", lang), [_moment(basis.recorded_until, lang)]
    yield say("definition", lang), [basis.definition]
    if basis.code:
        yield say("code", lang), [basis.code]
    if basis.inputs:
        lines = (f"{say(f'input-{name}', lang)} {key}" for name, key in sorted(basis.inputs.items()))
        yield say("inputs", lang), list(lines)


def shortened(line: str) -> str:
    """A line whose hash is cut to what tells two apart by eye; results.json has all of it."""
    return _HASH.sub(lambda found: found.group()[:_ENOUGH], line)


def reading_lines(document: Document, lang: Lang) -> list[tuple[str, str]]:
    """The marks that stand in a document and what each means; a line without a mark tells of brackets."""
    figures = [figure for table in document.tables() for figure in table.figures()]
    told = [one.figure for one in document.told()]
    lines: list[tuple[str, str]] = []
    if any(is_hidden(figure) for figure in [*figures, *told]):
        lines.append((HIDDEN_MARK, say("reading-hidden", lang)))
    if any(figure.value is None and not is_hidden(figure) for figure in figures):
        lines.append((NO_VALUE, say("reading-dash", lang)))
    if any(figure.low is not None and figure.high is not None for figure in figures):
        lines.append(("", say("reading-interval", lang)))
    return lines


def lights_shown(document: Document) -> list[Status]:
    """The lights that stand in a document, in the order they are told of."""
    cells = (cell for table in document.tables() for row in table.rows for cell in row)
    shown = {cell.status for cell in cells if isinstance(cell, Light)}
    return [status for status in STATUS if status in shown]


def lights_line(document: Document, lang: Lang) -> str:
    """What the lights of a document mean, in one line; nothing where there are none."""
    lights = ", ".join(" ".join(light(status, lang)) for status in lights_shown(document))
    return f"{say('reading-light', lang)} {lights}." if lights else ""


def basis_rows(table: Table, lang: Lang) -> list[tuple[str, ...]]:
    """Of each figure of a table that has more to it than its value: the cells of ``BASIS_HEADS``."""
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if not isinstance(cell, Figure):
                continue
            excluded = excluded_text(cell, lang)
            if not (cell.denominator is not None or excluded or is_hidden(cell)):
                continue
            mark = HIDDEN_MARK if is_hidden(cell) else ""
            rows.append(
                (
                    cell_text(row[0], table.columns[0], lang),
                    column.title.in_(lang),
                    mark or part(cell.numerator, lang),
                    mark or part(cell.denominator, lang),
                    say("hidden", lang) if mark else excluded,
                    method(cell.method, lang),
                )
            )
    return rows


def links(text: str) -> list[tuple[str, str]]:
    """The parts of a cell of sources, one or several with "; " between, as words and address: an address is named by
    its host, other words have none. Nothing for a cell without an address."""
    parts = text.split("; ")
    if not any(one.startswith(_ADDRESS) for one in parts):
        return []
    return [
        (urlsplit(one).netloc.removeprefix("www."), one) if one.startswith(_ADDRESS) else (one, "")
        for one in parts
    ]


def set_right(table: Table, index: int) -> bool:
    """Whether a column is set to the right: as it says itself, else when it holds numbers."""
    column = table.columns[index]
    if column.align is not None:
        return column.align == "right"
    numbers = (Figure, int, float)
    cells = (row[index] for row in table.rows)
    return column.unit is not None or any(isinstance(c, numbers) and not isinstance(c, bool) for c in cells)
