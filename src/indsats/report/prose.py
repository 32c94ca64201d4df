"""Running text: plain Markdown read into paragraphs and lists that every writer sets in its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indsats.language import LANGUAGES, Lang, month_name, typeset


@dataclass(frozen=True, slots=True)
class Run:
    """Words set alike. ``href`` is where they link to: a web or mail address."""

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a list; ``level`` 0 and up says how deep it stands. Deeper than 0 it has a bullet."""

    runs: tuple[Run, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """A list; ``first`` is the number of its first point of level 0, None for bullets."""

    points: tuple[Point, ...]
    first: int | None = None


Prose = tuple[Words | Points, ...]

Fill = Callable[[str, str], str]
"""Puts words into the slots of a text; told what stands before it in its paragraph. What is put in is no Markdown."""

_WRITTEN = ("code", "fence", "blockquote", "hr", "reference", "heading", "lheading", "html_block")
_WRITTEN_INSIDE = ("html_inline", "image", "backticks")
_PARSER = MarkdownIt("commonmark", {"html": False}).disable([*_WRITTEN, *_WRITTEN_INSIDE])
_ADDRESS = ("https://", "http://", "mailto:")
_MONTHS = "|".join(month_name(month, lang) for lang in LANGUAGES for month in range(1, 13))
_NO_POINT = re.compile(
    rf"^(?P<before>[ \t]*(?:[-*][ \t]+)*)(?:(?P<number>\d{{3,}}|\d+(?=\.[ ](?:{_MONTHS})\b))(?=[.)])|(?=\+[ \t]))",
    re.MULTILINE,
)
"""What begins a line like a point of a list and is none: a day (``1. januar``), a year (``2016.``), a plus."""
_STARS = re.compile(r"[()]|(?<!\\)(\*+)(?=\))")
_TIMES = re.compile(r"(?<=\d)\*(?=\d)")


def prose(markdown: str, lang: Lang, fill: Fill | None = None) -> Prose:
    """The paragraphs and lists of a text, typeset as its language does, with ``fill`` put into its slots.

    Lists, emphasis and links are read; what else Markdown and HTML have is shown as written. A day or a year at the
    start of a line is no point of a list, and the star of a note mark ``*)`` or between two numbers is no emphasis.
    """
    found: list[Words | Points] = []
    points: list[Point] = []
    kinds: list[int | None] = []
    begun = False
    for token in _PARSER.parse(_meant(markdown)):
        match token.type:
            case "bullet_list_open":
                kinds.append(None)
            case "ordered_list_open":
                kinds.append(int(token.attrs.get("start", 1)))
            case "list_item_open":
                begun = True
            case "bullet_list_close" | "ordered_list_close":
                first = kinds.pop()
                if not kinds:
                    found += [Points(tuple(points), first)] if points else []
                    points = []
            case "inline":
                runs = _set(list(_runs(token.children or [])), lang, fill)
                if not any(run.text.strip() for run in runs):
                    continue
                if not kinds:
                    found.append(Words(runs))
                elif begun or not points:
                    points.append(Point(runs, len(kinds) - 1))
                else:  # a further paragraph of the point
                    points[-1] = replace(points[-1], runs=(*points[-1].runs, Run(" "), *runs))
                begun = False
            case _:
                pass
    return tuple(found)


def _meant(markdown: str) -> str:
    markdown = _NO_POINT.sub(lambda found: f"{found['before']}{found['number'] or ''}\\", markdown)
    markdown = _TIMES.sub(r"\\*", markdown)
    return "\n\n".join(_note_marks(part) for part in markdown.split("\n\n"))


def _note_marks(paragraph: str) -> str:
    """Stars before a bracket that closes nothing are marks of notes: ``antal*)``."""
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        if found[1] is not None:
            return found[1] if depth else found[1].replace("*", "\\*")
        depth = depth + 1 if found[0] == "(" else max(0, depth - 1)
        return found[0]

    return _STARS.sub(one, paragraph)


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    strong = emphasis = 0
    href = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "link_open":
                address = str(token.attrs.get("href", ""))
                href = address if address.startswith(_ADDRESS) else ""
            case "link_close":
                href = ""
            case "softbreak" | "hardbreak":
                yield Run(" ", strong > 0, emphasis > 0, href)
            case _ if token.content:
                yield Run(token.content, strong > 0, emphasis > 0, href)
            case _:
                pass


def _set(runs: Sequence[Run], lang: Lang, fill: Fill | None) -> tuple[Run, ...]:
    """The runs of a paragraph filled in, typeset as the one text they are, and joined where they are set alike."""
    texts: list[str] = []
    for run in runs:
        texts.append(fill(run.text, "".join(texts)) if fill else run.text)
    whole, place = typeset("".join(texts), lang), 0
    found: list[Run] = []
    for run, text in zip(runs, texts, strict=True):
        run = replace(run, text=whole[place : place + len(text)])
        place += len(text)
        if found and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def plain(text: Prose) -> str:
    """The words alone, a line for each paragraph or point."""
    lines: list[str] = []
    for node in text:
        for one in node.points if isinstance(node, Points) else (node,):
            lines.append("".join(run.text for run in one.runs))
    return "\n".join(lines)
