"""Checks that a report's template puts in what the report has, the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from indsats.language import LANGUAGES, Lang

from ..blocks import PersonBlock, TextBlock
from ..definition import Programme
from ..reports import Report
from ..rules import suggestion
from ..templates import BUILT_IN, Element, Heading, Insert, InsertKind, Prose, parse_template, slots
from .finding import Finding, check_named
from .references import unknown


def _used(programme: Programme) -> Iterator[tuple[str, Report, str]]:
    """Reports with a template that there is, by their id, and the template's name."""
    for name, report in programme.reports.items():
        if report.template is not None and report.template in programme.templates:
            yield name, report, report.template


@check_named("template-exists")
def templates_exist(programme: Programme) -> Iterator[Finding]:
    """A report's template exists, and a template is used by a report."""
    for name, report in programme.reports.items():
        yield from unknown(("reports", name, "template"), report.template, programme.templates, "template")
    wanted = {report.template for report in programme.reports.values()}
    for name in programme.templates:
        if name not in wanted:
            remedy = "Name it as the 'template' of a report, or remove the files."
            yield Finding(
                ("templates", name), f"no report is written with '{name}'", remedy, "warning", at_key=True
            )


@check_named("template-inserts")
def what_is_put_in_exists(programme: Programme) -> Iterator[Finding]:
    """Blocks, numbers and fields that a template names are the report's, and all of them are used."""
    for report_id, report, template in _used(programme):
        named: set[str] = set()
        for lang in LANGUAGES:
            path = ("templates", template, lang)
            for element in parse_template(programme.templates[template].in_(lang)):
                if isinstance(element, Insert):
                    named.add(element.name)
                    yield from _insert(path, element, report)
                elif isinstance(element, Prose):
                    named |= {slot for _, slot, _ in slots(element.text)}
                    yield from _slots(path, element, report)
                elif "{{" in element.text:
                    at = programme.templates[template].in_(lang).index("{{", element.offset)
                    remedy = "Write the heading in words alone, and put this in prose below it."
                    yield Finding(path, "nothing is put in in a heading", remedy, offset=at)
        for what in ("blocks", "numbers"):
            for name in getattr(report, what):
                if name not in named:
                    said = f"'{name}' stands nowhere in the template '{template}'"
                    yield Finding(
                        ("reports", report_id, what, name),
                        said,
                        "Put it in, or remove it.",
                        "warning",
                        at_key=True,
                    )


def _insert(path: tuple[str, str, Lang], element: Insert, report: Report) -> Iterator[Finding]:
    if not element.known:
        remedy = suggestion(element.kind, get_args(InsertKind), "")
        yield Finding(path, f"nothing is put in by '{element.kind}'", remedy, offset=element.offset)
    elif element.name not in report.blocks:
        remedy = suggestion(element.name, report.blocks, "Name it under the report's 'blocks'.")
        yield Finding(path, f"the report has no block '{element.name}'", remedy, offset=element.offset)


def _slots(path: tuple[str, str, Lang], element: Prose, report: Report) -> Iterator[Finding]:
    found = list(slots(element.text))
    for refers, name, at in found:
        known = report.blocks if refers else (*report.numbers, *report.fields, *BUILT_IN)
        if name not in known:
            what = f"the report has no {'block' if refers else 'number or field'} '{name}'"
            remedy = suggestion(name, known, "Name it under 'numbers' or 'fields'.")
            yield Finding(path, what, remedy, offset=element.offset + at)
    if element.text.count("{{") != len(found):
        what = "'{{' begins something that is not put in"
        remedy = "Write {{ NAME }} in prose, and {{ block: NAME }} on a line of its own."
        yield Finding(path, what, remedy, offset=element.offset)


_NOT_SET = (
    (r"^[ \t]*(?:[-*][ \t]+)?(?P<at>>)", "a quote", "Write it as a paragraph."),
    (r"^[ \t]*(?P<at>`{3,}|~{3,})", "a block of code", "Write it as a paragraph."),
    (r"(?<!`)(?P<at>`)(?!`)[^`\n]+`(?!`)", "code", "Write *emphasis* or **bold**."),
    (r"^[ \t]*(?P<at>\|?[ \t]*:?-{3,}:?[ \t]*\|)", "a table", "Put in a block: {{ table: NAME }}."),
    (r"(?P<at>!\[[^\]\n]*\]\()", "a picture", "Put in a block that draws its numbers: {{ block: NAME }}."),
    (r"^[ \t]*(?P<at>#{4,}[ \t])", "a fourth heading level", "Use # to ### for headings."),
    (r"^[ \t]*(?P<at>-{3,}|={3,}|\*{3,}|_{3,})[ \t]*$", "a rule", "Begin a heading with # to ###."),
    (r"(?P<at></?[a-zA-Z][^>\n]*>)", "HTML", "Write it in words, *emphasis* or **bold**."),
)
"""Markdown that no report sets, by what it looks like, what it is called and what to write instead."""


@check_named("template-markdown")
def markdown_is_set(programme: Programme) -> Iterator[Finding]:
    """A template holds the Markdown that reports set: headings, paragraphs, lists, emphasis and links."""
    for template in dict.fromkeys(name for _, _, name in _used(programme)):
        for lang in LANGUAGES:
            path = ("templates", template, lang)
            for element in parse_template(programme.templates[template].in_(lang)):
                if isinstance(element, Prose):
                    yield from _not_set(path, element)


def _not_set(path: tuple[str, str, Lang], element: Prose) -> Iterator[Finding]:
    """Each kind once in a paragraph, where it first stands."""
    for pattern, called, remedy in _NOT_SET:
        found = re.search(pattern, element.text, re.MULTILINE)
        if found is not None:
            what = f"{called} is printed as it is written: '{found['at'].strip()}'"
            yield Finding(path, what, remedy, "warning", offset=element.offset + found.start("at"))


@check_named("template-languages")
def both_languages_are_alike(programme: Programme) -> Iterator[Finding]:
    """A template has the same headings and blocks in the same order in both languages."""
    for _, _, template in dict.fromkeys((("", "", name) for _, _, name in _used(programme))):
        text = programme.templates[template]
        da, en = (_frame(parse_template(text.in_(lang))) for lang in LANGUAGES)
        for one, other in zip([*da, None], [*en, None], strict=False):
            if _shape(one) == _shape(other):
                continue
            lacking: Lang = "en" if one is not None else "da"
            here = other if lacking == "en" else one
            offset = here.offset if here is not None else max(len(text.in_(lacking)) - 1, 0)
            what = f"{_said(one or other)} of the {'Danish' if one is not None else 'English'} text is missing here"
            remedy = "Give both languages the same headings and blocks in the same order."
            yield Finding(("templates", template, lacking), what, remedy, offset=offset)
            break


def _frame(elements: tuple[Element, ...]) -> list[Heading | Insert]:
    return [one for one in elements if not isinstance(one, Prose)]


def _shape(one: Heading | Insert | None) -> object:
    if isinstance(one, Heading):
        return one.level
    return None if one is None else (one.kind, one.name)


def _said(one: Heading | Insert | None) -> str:
    if isinstance(one, Heading):
        return f"the heading '{one.text}'"
    return "nothing" if one is None else f"'{one.kind}: {one.name}'"


@check_named("template-about")
def blocks_fit_whom_the_report_is_about(programme: Programme) -> Iterator[Finding]:
    """Blocks about one citizen stand in reports about a person, and those hold nothing about others."""
    for name, report in programme.reports.items():
        for path, block in report.placed_blocks():
            if isinstance(block, TextBlock) or (report.about == "person") == isinstance(block, PersonBlock):
                continue
            if report.about == "person":
                what, remedy = (
                    f"'{block.block}' tells of other people than the citizen",
                    "Use blocks of kind 'person'.",
                )
            else:
                what, remedy = "the block tells of one citizen", "Put it in a report with 'about: person'."
            yield Finding(("reports", name, *path), what, remedy)


@check_named("report-number")
def numbers_are_of_indicators(programme: Programme) -> Iterator[Finding]:
    """A number in running text is that of an indicator, in a unit and at a site that exist."""
    for name, report in programme.reports.items():
        for key, number in report.numbers.items():
            path = ("reports", name, "numbers", key)
            yield from unknown((*path, "indicator"), number.indicator, programme.indicators, "indicator")
            yield from unknown((*path, "unit"), number.unit, programme.units, "unit")
            yield from unknown((*path, "site"), number.site, programme.sites, "site")
