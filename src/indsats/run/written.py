"""A report that is written as a Markdown template: where its blocks go, and what its slots stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from indsats.language import LANGUAGES, Lang, day, local
from indsats.programme import Block as Asked
from indsats.programme import (
    Heading,
    Insert,
    NumberAsked,
    Period,
    Programme,
    Prose,
    Report,
    Text,
    parse_template,
    slots,
)
from indsats.record import Facts
from indsats.report import Block, Document, Findings, Passage, Section, Sentence, Table, Told, block_numbers
from indsats.steer import indicator

from .frozen import recorded_until
from .material import Material

Made = Callable[[Asked], Sequence[Block]]
"""Fills a block of the definition with numbers."""
Found = Callable[[Asked, Sequence[Block]], Sequence[Sentence]]
"""What the numbers of a filled block say."""

_Frame = Heading | Insert | None


def written_sections(
    report: Report, template: Text, numbers: Mapping[str, Told], made: Made, found: Found
) -> list[Section]:
    """The sections of a report with its blocks put in where its template says.

    Both languages have the same headings and blocks in the same order (a check of the definition). Paragraphs are
    passages of their own where both have equally many between two of those, and one passage where they have not.
    """
    filled: dict[str, Sequence[Block]] = {}

    def blocks(name: str) -> Sequence[Block]:
        if name not in filled:
            filled[name] = made(report.blocks[name])
        return filled[name]

    sections = [Section(None, ())]
    inside = slug = ""
    counted: dict[str, int] = {}
    for frame, da, en in _aligned(template):
        new: list[Block] = []
        if isinstance(frame, tuple):
            title = Text(da=frame[0].text, en=frame[1].text)
            sections.append(Section(title, (), frame[0].level))
            slug = _slug(frame[1].text)
            counted[slug] = counted.get(slug, 0) + 1
            inside = slug if counted[slug] == 1 else f"{slug}-{counted[slug]}"
        elif isinstance(frame, Insert):
            if frame.kind == "findings":
                asked, name = report.blocks[frame.name], f"findings-{frame.name}"
                counted[name] = counted.get(name, 0) + 1
                key = name if counted[name] == 1 else f"{name}-{counted[name]}"
                new.append(Findings(key, tuple(found(asked, blocks(frame.name)))))
            else:
                new += (one for one in blocks(frame.name) if frame.kind == "block" or isinstance(one, Table))
        for text in _passages(da, en):
            number = sum(isinstance(one, Passage) for one in (*sections[-1].blocks, *new)) + 1
            told = {name: one for name, one in numbers.items() if _holds(text, name)}
            new.append(Passage(f"{inside or 'start'}-{number}", text, told))
        sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, *new))
    return [section for section in sections if section.title is not None or section.blocks]


def _aligned(
    template: Text,
) -> Iterator[tuple[tuple[Heading, Heading] | Insert | None, list[str], list[str]]]:
    """The headings and blocks in order, each with the paragraphs that follow it in both languages."""
    both = [_followed(template.in_(lang)) for lang in LANGUAGES]
    for one, other in zip_longest(*both, fillvalue=(None, [])):
        (frame, da), (beside, en) = one, other
        if isinstance(frame, Heading) and isinstance(beside, Heading):
            yield (frame, beside), da, en
        else:
            yield frame if isinstance(frame, Insert) else None, da, en


def _followed(text: str) -> list[tuple[_Frame, list[str]]]:
    found: list[tuple[_Frame, list[str]]] = [(None, [])]
    for element in parse_template(text):
        if isinstance(element, Prose):
            found[-1][1].append(element.text)
        else:
            found.append((element, []))
    return found


def _passages(da: list[str], en: list[str]) -> list[Text]:
    if len(da) == len(en):
        return [Text(da=one, en=other) for one, other in zip(da, en, strict=True)]
    return [Text(da="\n\n".join(da) or "\u00a0", en="\n\n".join(en) or "\u00a0")]


def _slug(title: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title.lower())
    return "-".join(part for part in kept.split("-") if part) or "part"


def _holds(text: Text, name: str) -> bool:
    return any(name in (slot for _, slot, _ in slots(text.in_(lang))) for lang in LANGUAGES)


def told_numbers(
    asked: Mapping[str, NumberAsked], facts: Facts, period: Period, site: str | None
) -> dict[str, Told]:
    """The numbers of a report's running text; those of no place are of the letter's site where there is one."""
    found: dict[str, Told] = {}
    for name, one in asked.items():
        where = one.site or (site if one.unit is None else None)
        figure = indicator(facts, one.indicator, period, unit=one.unit, site=where)
        found[name] = Told(figure, one.part, one.decimals)
    return found


def built_in(material: Material, site: str | None) -> dict[str, Text]:
    """What every report knows of itself, by the names templates use."""
    programme, facts, period = material.programme, material.facts, material.period

    def both(tell: Callable[[Lang], str]) -> Text:
        return Text(da=tell("da"), en=tell("en"))

    words = {
        "programme": programme.title,
        "version": both(lambda _: str(programme.version)),
        "threshold": both(lambda _: str(programme.disclosure_threshold)),
    }
    if period is not None:
        words |= {
            "first": both(lambda lang: day(period.first, lang)),
            "last": both(lambda lang: day(period.last, lang)),
        }
    cut_off = None if facts is None else recorded_until(facts)
    if cut_off is not None:
        words["cut_off"] = both(lambda lang: day(local(cut_off).date(), lang))
    if site is not None and facts is not None:
        words["site"] = _site_name(programme, facts, site)
    return words


def _site_name(programme: Programme, facts: Facts, site: str) -> Text:
    named = (
        dict(facts.sites.select("site", "name").iter_rows()).get(site)
        if "name" in facts.sites.columns
        else None
    )
    if named is None and site in programme.sites:
        return programme.sites[site].title
    return Text(da=named or site, en=named or site)


def field_words(report: Report) -> dict[str, Text]:
    """What stands in a report's fields until a writer fills them: their default, or that they are missing."""
    return {
        name: one.default or Text(da=f"**[{one.title.da} mangler]**", en=f"**[{one.title.en} is missing]**")
        for name, one in report.fields.items()
    }


def with_references(document: Document, report: Report, first_table: Mapping[int, str]) -> Document:
    """The document with the words for ``{{ ref: NAME }}``: what the first table of each block is called in it."""
    numbers = {lang: block_numbers(document, lang) for lang in LANGUAGES}
    words = {
        f"ref:{name}": Text(da=_inside(numbers["da"][key]), en=_inside(numbers["en"][key]))
        for name, block in report.blocks.items()
        if (key := first_table.get(id(block), "")) in numbers["da"]
    }
    return replace(document, words={**document.words, **words})


def _inside(called: str) -> str:
    """``Tabel 1`` inside a sentence; a sentence that begins with it is the writer's."""
    return called[:1].lower() + called[1:]
