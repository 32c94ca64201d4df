"""Reads a YAML file into a tree in which every key and value still knows its line and column."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from indsats.problem import Problem

from .yaml_fast import compose

_MOST_NODES = 50_000
"""A definition has a few thousand; more is a file that repeats itself through aliases."""

_DAY = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column from 1, no column where only the line is certain."""

    file: str
    line: int
    column: int | None


@dataclass(slots=True)
class Tree:
    """A value with its place. ``children`` holds what lies below, by key or by number; ``keys`` the places of
    the keys. ``raw`` is a single-line text as it stands in the file, between its quotation marks."""

    value: Any
    place: Place
    children: dict[Any, Tree] = field(default_factory=dict)
    keys: dict[Any, Place] = field(default_factory=dict)
    raw: str | None = None
    raw_start: int = 0
    kept_lines: bool = False
    """True for a text after ``|``, whose lines are those of the file."""
    flush: bool = False
    """True for such a text that is not indented: a file of its own."""

    def data(self) -> Any:
        """The plain value: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.data() for key, child in self.children.items()}
        if isinstance(self.value, list):
            return [child.data() for child in self.children.values()]
        return self.value

    def at_offset(self, offset: int) -> Place:
        """The place of a character of a text value; of a text over several lines, the line at least."""
        if self.raw is None or not isinstance(self.value, str):
            before = self.value[:offset] if isinstance(self.value, str) and self.kept_lines else None
            passed = -1 if before is None else before.count("\n")
            column = len(before) - before.rfind("\n") if before is not None and self.flush else None
            return Place(self.place.file, self.place.line + 1 + passed, column)
        at = 0
        for _ in range(offset):
            # In single quotes a quotation mark is written twice; other escapes leave only the start certain.
            at += 2 if self.raw.startswith("''", at) and self.raw != self.value else 1
        if self.raw != self.value and self.raw.replace("''", "'") != self.value:
            return self.place
        return Place(self.place.file, self.place.line, self.raw_start + at)


def read_yaml(path: Path, shown_as: str) -> tuple[Tree | None, list[Problem]]:
    """The tree of one file, or what makes it unreadable. ``shown_as`` is the file's name in messages."""
    try:
        content = path.read_bytes()
    except OSError as reason:
        return None, [
            Problem(
                f"the file cannot be read: {reason.strerror}",
                "Check the file and its access rights.",
                shown_as,
            )
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        before = content[: reason.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        return None, [
            Problem("the file is not written in UTF-8", "Save it as UTF-8 text.", shown_as, line, column)
        ]
    yaml = YAML(typ="safe", pure=True)
    try:
        node = compose(text) or yaml.compose(text)
    except (MarkedYAMLError, ReaderError) as reason:
        return None, [_syntax(reason, text, shown_as)]
    except RecursionError:
        return None, [_too_deep(shown_as)]
    if node is None:
        return None, []
    builder = _Builder(yaml, text, shown_as)
    try:
        tree = builder.build(node, ())
    except RecursionError:
        return None, [_too_deep(shown_as)]
    return (None if builder.problems else tree), builder.problems


def _too_deep(file: str) -> Problem:
    what = "brackets or lists are nested hundreds deep, which no definition needs"
    return Problem(what, "Look for a bracket that is opened again and again.", file, 1, 1)


def _syntax(reason: MarkedYAMLError | ReaderError, text: str, file: str) -> Problem:
    if isinstance(reason, ReaderError):
        before = text[: int(reason.position)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Problem("the file holds a control character", "Remove it.", file, line, column)
    mark = reason.problem_mark or reason.context_mark
    if "scanning a quoted scalar" in str(reason.context or ""):
        mark = reason.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    written = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    said = str(reason.problem or "")
    if "\t" in written[: len(written) - len(written.lstrip())] or "'\\t'" in said:
        at = written.index("\t") + 1 if "\t" in written else column
        return Problem("a tab is used to indent", "Indent with spaces; YAML knows no tabs.", file, line, at)
    if "mapping values are not allowed" in said:
        what, remedy = "a colon stands where none can", "Put texts that hold ': ' in quotation marks."
    elif "undefined alias" in said or "anchor" in said:
        what, remedy = f"YAML: {said}", "Write the value out, or name an anchor defined above it with &."
    elif "scanning a quoted scalar" in str(reason.context or ""):
        what, remedy = "a quotation mark is not closed", "Close the text with the mark it begins with."
    elif "single document" in str(reason.context or "") or "another document" in said:
        what, remedy = "the file holds more than one YAML document", "Remove the lines '---'."
    elif "cannot start any token" in said:
        what = f"a text cannot begin with {text.split(chr(10))[line - 1][column - 1]}"
        remedy = "Put the text in quotation marks."
    elif "could not find expected ':'" in said:
        what, remedy = "a key has no colon", "Write 'key: value', with a space after the colon."
    elif "block" in said:
        what, remedy = (
            "the line does not fit the lines above it",
            "Check how far it is indented, its '-' and brackets.",
        )
    elif "flow" in str(reason.context or ""):
        what, remedy = "a { or [ is not closed as it should", "Separate with commas and close with } or ]."
    else:
        what, remedy = (
            f"the YAML cannot be read here: {said or 'unexpected text'}",
            "Check indentation, colons and quotation marks on this line and the one above.",
        )
    return Problem(what, remedy, file, line, column)


class _Builder:
    def __init__(self, yaml: YAML, text: str, file: str) -> None:
        self.yaml = yaml
        self.lines = text.split("\n")
        self.file = file
        self.problems: list[Problem] = []
        self.nodes = 0

    def refuse(self, what: str, remedy: str, place: Place, value: str | None = None) -> None:
        self.problems.append(Problem(what, remedy, self.file, place.line, place.column, value=value))

    def build(self, node: Node, above: tuple[int, ...]) -> Tree:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.nodes += 1
        if id(node) in above:
            self.refuse("an alias refers to a value that holds it", "Write the value out.", place)
            return Tree(None, place)
        if self.nodes > _MOST_NODES:
            if self.nodes == _MOST_NODES + 1:
                self.refuse("the file grows too large through its aliases", "Write fewer aliases.", place)
            return Tree(None, place)
        if isinstance(node, MappingNode):
            return self.mapping(node, place, (*above, id(node)))
        if isinstance(node, SequenceNode):
            tree = Tree([], place)
            for number, child in enumerate(node.value):
                tree.children[number] = self.build(child, (*above, id(node)))
            return tree
        assert isinstance(node, ScalarNode)  # noqa: S101 - YAML has no fourth kind of node
        return self.scalar(node, place)

    def mapping(self, node: MappingNode, place: Place, above: tuple[int, ...]) -> Tree:
        tree = Tree({}, place)
        merged: list[tuple[Node, Place]] = []
        for key_node, value_node in node.value:
            key_place = Place(self.file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self.refuse("a key is a list or a mapping", "Write a plain name before the colon.", key_place)
                continue
            if key_node.tag.endswith(":merge"):
                merged.append((value_node, key_place))
                continue
            key = self.scalar(key_node, key_place).value
            if key is None or isinstance(key, bool | float | datetime.date):
                key = key_node.value
            if key in tree.children:
                self.refuse(
                    f"the key '{key}' is given twice (first on line {tree.keys[key].line})",
                    "Keep one of them, or give the other a name of its own.",
                    key_place,
                )
                continue
            tree.keys[key] = key_place
            tree.children[key] = self.build(value_node, above)
        for value_node, key_place in merged:
            self.merge(value_node, key_place, tree, above)
        return tree

    def merge(self, node: Node, place: Place, into: Tree, above: tuple[int, ...]) -> None:
        """``<<``: takes over the keys of another mapping that ``into`` does not have itself."""
        for source in node.value if isinstance(node, SequenceNode) else [node]:
            if not isinstance(source, MappingNode):
                self.refuse("'<<' takes over a mapping only", "Write '<<: *name' of a mapping.", place)
                return
            taken = self.build(source, above)
            for key in taken.children:
                if key not in into.children:
                    into.keys[key] = taken.keys[key]
                    into.children[key] = taken.children[key]

    def scalar(self, node: ScalarNode, place: Place) -> Tree:
        if str(node.tag).startswith("!") or "python" in str(node.tag):
            self.refuse(
                "the value has a YAML tag that definitions do not know",
                "Remove the tag that begins with !.",
                place,
            )
            return Tree(None, place)
        try:
            value = self.yaml.constructor.construct_object(node, deep=True)
        except (MarkedYAMLError, ValueError):
            day = _DAY.match(str(node.value)) is not None
            self.refuse(
                "there is no such day" if day else "the value cannot be read",
                "Write a day that the calendar has." if day else "Put it in quotation marks if it is a text.",
                place,
                str(node.value)[:40],
            )
            return Tree(None, place)
        if isinstance(value, datetime.datetime):
            value = value.isoformat()
        elif not isinstance(value, str | int | float | bool | datetime.date | None):
            self.refuse("the value is of a kind that definitions do not use", "Write it as a text.", place)
            return Tree(None, place)
        tree = Tree(value, place, kept_lines=node.style == "|")
        if (
            isinstance(value, str)
            and node.start_mark.line == node.end_mark.line
            and node.style in (None, "", "'", '"')
        ):
            quoted = 1 if node.style in ("'", '"') else 0
            line = self.lines[node.start_mark.line]
            tree.raw = line[node.start_mark.column + quoted : node.end_mark.column - quoted]
            tree.raw_start = node.start_mark.column + 1 + quoted
        return tree
