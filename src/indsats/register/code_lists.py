"""Code lists as files: what each code means, where that is known from, and from when to when it was in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml
from pydantic import Field, ValidationError, model_validator

from indsats.problem import InputRefused, Problem
from indsats.programme import Id, Part, Text

from .faults import shorten

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # built without libyaml: the same, slower


class _Loader(_Base):
    """YAML as people write code lists: ``0773`` is 773, though YAML 1.1 would take it for octal."""


def _whole_number(_: yaml.SafeLoader, node: yaml.ScalarNode) -> int | str:
    return int(node.value) if node.value.isdecimal() else str(node.value)


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """The date, or the text if the calendar has no such day: it is then told with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)

Flag = Literal["jobcentre_benefit", "counts_in_duration", "resets_duration", "local"]
"""``local`` marks a convention of some extracts that is no code of the register itself."""

_FLAGS: tuple[Flag, ...] = ("jobcentre_benefit", "counts_in_duration", "resets_duration")

SCHEMA: dict[str, pl.DataType] = {
    "code": pl.Int16(),
    "name_da": pl.String(),
    "name_en": pl.String(),
    "group": pl.String(),
    "group_da": pl.String(),
    "group_en": pl.String(),
    "activity": pl.String(),
    "activity_da": pl.String(),
    "activity_en": pl.String(),
    "state": pl.String(),
    "state_da": pl.String(),
    "state_en": pl.String(),
    **{flag: pl.Boolean() for flag in _FLAGS},
    "official": pl.Boolean(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "source": pl.String(),
    "note_da": pl.String(),
    "note_en": pl.String(),
}
"""The columns of a code list as a table."""


class CodeSource(Part):
    """Where a list was found, and what it may be used for."""

    title: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    url: str | None = None
    version: str | None = None
    as_of: date | None = None


class Code(Part):
    """One code and its meaning; ``valid_from`` and ``valid_to`` are included, and unknown when left out."""

    code: int = Field(ge=0, le=999)
    da: str = Field(min_length=1)
    en: str = Field(min_length=1)
    group: Id
    activity: Id
    state: Id
    flags: list[Flag] = []
    valid_from: date | None = None
    valid_to: date | None = None
    source: Id
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Code:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"'valid_to' ({self.valid_to}) lies before 'valid_from' ({self.valid_from})")
        return self

    def overlaps(self, other: Code) -> bool:
        """Whether some day has both; where an end is unknown, any day may be in it."""
        first, last = date.min, date.max
        return (self.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
            self.valid_to or last
        )


class CodeList(Part):
    """A file of codes. Groups, activities and states are told once and named by their ids.

    ``replaces``: the codes of this list are taken instead of what the shipped list says of them, so that a
    whole newer list can be given.
    """

    id: Id
    title: Text
    replaces: bool = False
    sources: dict[Id, CodeSource]
    groups: dict[Id, Text] = {}
    activities: dict[Id, Text] = {}
    states: dict[Id, Text] = {}
    codes: list[Code] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Read:
    """A list and the line each of its codes stands in."""

    file: str
    content: CodeList
    lines: tuple[int, ...]


def read_code_list(path: Path) -> Read:
    """The list in a YAML file, its form checked; raises InputRefused with every problem found."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        what, remedy = "the code list cannot be read", "Give a YAML file in UTF-8"
        raise InputRefused([Problem(what, remedy, path.name)]) from None
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()  # kept beside what it means, for its lines and keys
            written = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        what, remedy = "the code list is no YAML", "Look for a missing quotation mark, bracket or indentation"
        raise InputRefused([Problem(what, remedy, path.name, line)]) from None
    again = list(_keys_twice(node, path.name, set()))
    if again:
        raise InputRefused(shorten(again))
    lines = _lines(node)
    try:
        content = CodeList.model_validate(written)
    except ValidationError as error:
        found = [_of_form(detail["loc"], detail["msg"], path.name, lines) for detail in error.errors()]
        raise InputRefused(shorten(found)) from None
    return Read(path.name, content, lines)


def merged(shipped: Read, extra: Read | None) -> pl.DataFrame:
    """Both lists as one table with the columns ``SCHEMA``, sorted by code, then validity.

    ``extra`` may name groups, activities, states and sources of ``shipped``, and add or retitle them. Raises
    InputRefused for an id nobody explains, and for a code whose meanings overlap in time.
    """
    reads = [shipped] if extra is None else [shipped, extra]
    replaced = {code.code for code in extra.content.codes} if extra and extra.content.replaces else set()
    titles = {
        kind: {key: text for read in reads for key, text in getattr(read.content, kind).items()}
        for kind in ("groups", "activities", "states", "sources")
    }
    problems: list[Problem] = []
    taken: list[tuple[Code, str, int]] = []
    for read in reads:
        rows = zip(read.content.codes, read.lines, strict=True)
        for code, line in rows:
            if read is shipped and code.code in replaced:
                continue
            problems += _unexplained(code, titles, read.file, line)
            taken.append((code, read.file, line))
    problems += _overlapping(taken)
    if problems:
        raise InputRefused(shorten(problems))
    ordered = sorted(
        (code for code, _, _ in taken), key=lambda code: (code.code, code.valid_from or date.min)
    )
    return pl.DataFrame([_row(code, titles) for code in ordered], schema=SCHEMA, orient="row")


def sources(shipped: Read, extra: Read | None) -> pl.DataFrame:
    """The sources both lists name: ``source``, ``title``, ``licence``, ``url``, ``version``, ``as_of``."""
    known = {**shipped.content.sources, **(extra.content.sources if extra else {})}
    return pl.DataFrame(
        [(key, one.title, one.licence, one.url, one.version, one.as_of) for key, one in known.items()],
        schema={
            **dict.fromkeys(("source", "title", "licence", "url", "version"), pl.String),
            "as_of": pl.Date,
        },
        orient="row",
    )


def _row(code: Code, titles: Mapping[str, Mapping[str, Any]]) -> tuple[object, ...]:
    group, activity = titles["groups"][code.group], titles["activities"][code.activity]
    state = titles["states"][code.state]
    return (
        code.code,
        code.da,
        code.en,
        *(code.group, group.da, group.en),
        *(code.activity, activity.da, activity.en),
        *(code.state, state.da, state.en),
        *(flag in code.flags for flag in _FLAGS),
        "local" not in code.flags,
        code.valid_from,
        code.valid_to,
        code.source,
        *((code.note.da, code.note.en) if code.note else (None, None)),
    )


def _unexplained(
    code: Code, titles: Mapping[str, Mapping[str, Any]], file: str, line: int
) -> Iterable[Problem]:
    for field, kind in (
        ("group", "groups"),
        ("activity", "activities"),
        ("state", "states"),
        ("source", "sources"),
    ):
        name = getattr(code, field)
        if name not in titles[kind]:
            what = f"code {code.code} names the {field} '{name}', which nothing explains"
            remedy = f"Add it under '{kind}', or write one of: {', '.join(titles[kind])}"
            yield Problem(what, remedy, file, line, field=field)


def _overlapping(taken: list[tuple[Code, str, int]]) -> Iterable[Problem]:
    before: dict[int, list[tuple[Code, str, int]]] = {}
    for code, file, line in taken:
        for other, where, at in before.setdefault(code.code, []):
            if code.overlaps(other):
                what = f"code {code.code} stands already in {where}, line {at}, for the same time"
                remedy = "Give both a 'valid_from' or 'valid_to' that part them, or keep one of the two"
                if where != file:
                    remedy += "; with 'replaces: true' this list's codes are taken instead"
                yield Problem(what, remedy, file, line)
                break
        before[code.code].append((code, file, line))


def _lines(node: yaml.Node | None) -> tuple[int, ...]:
    """The line each entry of ``codes`` begins in."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "codes" and isinstance(value, yaml.SequenceNode):
                return tuple(entry.start_mark.line + 1 for entry in value.value)
    return ()


def _keys_twice(node: yaml.Node | None, file: str, seen: set[int]) -> Iterable[Problem]:
    """A problem for each key that a mapping has before: YAML would keep the last and say nothing."""
    if id(node) in seen:  # a list may name itself, or another many times
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _keys_twice(entry, file, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    what, line = f"'{key.value}' stands twice", key.start_mark.line + 1
                    yield Problem(what, "Keep one of the two, or put them together", file, line)
                keys.add(key.value)
            yield from _keys_twice(value, file, seen)


def _of_form(loc: tuple[int | str, ...], message: str, file: str, lines: tuple[int, ...]) -> Problem:
    line = None
    match loc:
        case ("codes", int(number), *inside):
            line, loc = (lines[number] if number < len(lines) else None), tuple(inside)
    place = ".".join(str(step) for step in loc) or None
    what = message.removeprefix("Value error, ").rstrip(".")
    remedy = "Write the list as library/registers/dream.yaml is written"
    return Problem(what[:1].lower() + what[1:], remedy, file, line, field=place)
