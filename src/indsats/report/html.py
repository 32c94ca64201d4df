"""A protected document as one self-contained page: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from indsats.language import Lang

from .around import (
    about_facts,
    about_title,
    basis_rows,
    lights_shown,
    programme_name,
    reading_lines,
    shortened,
    subject_facts,
)
from .charts import chart_svg
from .document import Block, Document, Findings, Paragraph, Passage, Table
from .html_prose import prose_html
from .html_tables import light_parts, table_parts
from .passages import head_facts, passage_prose
from .texts import say


@dataclass(frozen=True, slots=True)
class Switch:
    """Where the same report stands in the other language."""

    href: str
    lang: Lang


def render_html(document: Document, lang: Lang = "da", switch: Switch | None = None) -> str:
    """The page of a document that has passed ``protect``; ``ValueError`` for one that has not."""
    if not document.protected:
        raise ValueError("protect the document before it is shown: render_html(protect(document), lang)")
    css = files("indsats.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("indsats.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = list(_sections(document, lang))
    place = document.words.get("site")
    page = environment.get_template("report.html.j2").render(
        lang=lang,
        say=lambda key, **values: say(key, lang, **values),
        css=Markup(css),  # noqa: S704  the package's own file
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        title=document.title.in_(lang),
        subtitle=document.subtitle.in_(lang) if document.subtitle else "",
        programme_title=programme_name(document, lang),
        switch=switch and {"href": switch.href, "lang": switch.lang, "text": say("other-language", lang)},
        synthetic=document.synthetic,
        personal=document.personal,
        form=document.form,
        place=place.in_(lang) if place and document.form == "letter" else "",
        facts=_front(document, lang),
        contents=_contents(sections),
        sections=sections,
        marks=reading_lines(document, lang),
        lights=[light_parts(status, lang) for status in lights_shown(document)],
        basis=any(basis_rows(table, lang) for table in document.tables()),
        notes=[note.in_(lang) for note in document.notes],
        about_title=about_title(document, lang),
        about=[(name, [_shortened(line) for line in lines]) for name, lines in about_facts(document, lang)],
    )
    return "\n".join(line for line in page.splitlines() if line.strip()) + "\n"


def page_parts(document: Document, lang: Lang) -> list[dict[str, Any]]:
    """The sections of a document as plain values, for a page that has its own head and look: each with ``id``,
    ``title``, ``level`` (1: a section), ``number`` and ``blocks``; a block ``is`` text, passage, table or chart.

    A cell names its ``figure``, so that a page can lead to what is behind it. The document need not have passed
    ``protect``: whoever shows parts of one that has not answers for who sees them. Raises ``ValueError`` for findings
    that are not settled.
    """
    return list(_sections(document, lang))


def block_numbers(document: Document, lang: Lang) -> dict[str, str]:
    """``Tabel 1``, ``Figur 1`` by id, counted in reading order."""
    found = {table.id: say("table", lang, number=i) for i, table in enumerate(document.tables(), start=1)}
    found |= {chart.id: say("chart", lang, number=i) for i, chart in enumerate(document.charts(), start=1)}
    return found


def _front(document: Document, lang: Lang) -> list[tuple[str, list[str]]]:
    """What stands at the top: the fields of the head, and in a report what it is about."""
    head = [(title, [words]) for title, words in head_facts(document, lang)]
    return [*head, *subject_facts(document, lang)] if document.form == "report" else head


def _shortened(line: str) -> dict[str, str]:
    """A line whose hash is cut to what tells two apart by eye, with the whole line beside it where it was cut."""
    short = shortened(line)
    return {"text": short, "whole": line if short != line else ""}


def _sections(document: Document, lang: Lang) -> Iterator[dict[str, Any]]:
    """The sections in order; headings never skip a level, and those of reports are numbered."""
    numbers = block_numbers(document, lang)
    counts: list[int] = []
    for index, section in enumerate(document.sections, start=1):
        if section.title is not None:
            counts = counts[: section.level]
            if len(counts) < section.level:
                counts.append(0)
            counts[-1] += 1
        yield {
            "id": f"section-{index}",
            "title": section.title.in_(lang) if section.title else "",
            "level": len(counts),
            "number": ".".join(map(str, counts)) if document.form == "report" else "",
            "blocks": [_block(block, document, numbers, lang) for block in section.blocks],
        }


def _contents(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The headings of the two upper levels, those of the second within the first."""
    found: list[dict[str, Any]] = []
    for section in sections:
        entry = {"id": section["id"], "title": section["title"], "below": []}
        if section["title"] and section["level"] == 1:
            found.append(entry)
        elif section["title"] and section["level"] == 2:
            found[-1]["below"].append(entry)
    return found


def _block(block: Block, document: Document, numbers: dict[str, str], lang: Lang) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        lines = [" ".join(part.split()) for part in block.text.in_(lang).split("\n\n")]
        return {"is": "text", "lines": [line for line in lines if line]}
    if isinstance(block, Findings):
        raise ValueError(f"the findings '{block.id}' are not settled: protect makes a passage of them")
    if isinstance(block, Passage):
        text = prose_html(passage_prose(block, document, lang))
        edited = lang in block.edited
        mark = say("edited" if text else "taken-out", lang) if edited else ""
        return {"is": "passage", "id": block.id, "text": text, "mark": mark}
    if isinstance(block, Table):
        drawn = any(chart.table_id == block.id for chart in document.charts())
        return table_parts(block, numbers[block.id], lang, drawn=drawn)
    table = document.table(block.table_id)
    links = document.table(block.graph.links_id) if block.graph else None
    svg = chart_svg(block, table, lang, links)
    return {
        "is": "chart",
        "id": block.id,
        "number": numbers[block.id],
        "title": block.title.in_(lang),
        "svg": Markup(svg) if svg else None,  # noqa: S704  drawn here, its texts escaped by the renderer
        "table_id": block.table_id,
        "data": say("chart-data", lang, table=numbers[block.table_id]),
        "source": table.source.in_(lang) if table.source else "",
    }
