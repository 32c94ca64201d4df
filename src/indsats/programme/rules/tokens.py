"""Cuts a rule's text into words, numbers, texts, dates and signs, each with the place it began."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .error import RuleError

Kind = Literal["name", "number", "text", "date", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a rule; ``value`` is the text, number or date it stands for."""

    kind: Kind
    text: str
    position: int
    value: str | float | date | None = None


_PATTERN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<date>\d{4}-\d{2}-\d{2}(?![\w-]))
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)
    | (?P<text>"[^"\n]*"|'[^'\n]*')
    | (?P<sign>==|!=|<=|>=|[<>+\-*/(),\[\]])
    """,
    re.VERBOSE,
)

_INSTEAD = {
    "=": "Write == to compare.",
    "!": "Write 'not' before a condition, or != to compare.",
    "&": "Write 'and' between conditions.",
    "|": "Write 'or' between conditions.",
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
    "−": "Write the ordinary minus sign -, with a space on both sides.",
    "–": "Write the ordinary minus sign -, with a space on both sides.",
    "“": "Write straight quotation marks: \"text\" or 'text'.",
    "”": "Write straight quotation marks: \"text\" or 'text'.",
    "%": "Write a share as a number between 0 and 1.",
    ".": "Write a field by its own name, without the table before it; a number begins with a digit.",
}


def tokens(text: str) -> list[Token]:
    """All tokens of ``text`` and a closing ``end``; raises RuleError where a character fits nothing."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise _unknown_character(text, at)
        piece = match.group()
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup or "", piece, at, text))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _token(kind: str, piece: str, at: int, text: str) -> Token:
    following = text[at + len(piece) : at + len(piece) + 2]
    if kind == "date":
        try:
            return Token("date", piece, at, date.fromisoformat(piece))
        except ValueError:
            raise RuleError(
                f"{piece} is not a day in the calendar", at, "Write a date as 2014-01-31."
            ) from None
    if kind == "number":
        if re.match(r"-\d", following):
            raise RuleError(
                f"'{piece}-' reads neither as a date nor as a subtraction",
                at,
                "Write a date as 2014-01-31 with all its digits, a subtraction with spaces: 5 - 3.",
            )
        if re.match(r"\w", following):
            raise RuleError(
                f"'{piece}{following[0]}' is neither a number nor a name",
                at,
                "A name begins with a letter; put a text in quotation marks.",
            )
        return Token("number", piece, at, float(piece))
    if kind == "name":
        if re.match(r"[^\W\d_]", following):
            raise RuleError(
                f"'{piece}{following[0]}' is not a name",
                at + len(piece),
                "Names are written with a-z, 0-9, _ and -; put a text in quotation marks.",
            )
        return Token("name", piece, at)
    if kind == "text":
        return Token("text", piece, at, piece[1:-1])
    return Token("sign", piece, at)


def _unknown_character(text: str, at: int) -> RuleError:
    character = text[at]
    if character in "\"'":
        return RuleError(
            "a text is not closed", at, f"End it with the mark it begins with: {character}text{character}."
        )
    if character.isalpha():
        word = re.match(r"[^\W_][\w-]*", text[at:])
        name = word.group() if word else character
        if name.lower() in {"true", "false", "and", "or", "not", "in", "is", "missing"}:
            return RuleError(f"'{name}' is written in small letters", at, f"Write {name.lower()}.")
        return RuleError(
            f"'{name}' is not a name",
            at,
            "Names are written with small letters a-z, 0-9, _ and -; put a text in quotation marks.",
        )
    return RuleError(
        f"the sign {character} does not belong in a rule",
        at,
        _INSTEAD.get(character, "Rules use names, numbers, texts, dates, ( ) [ ] , == != < <= > >= + - * /."),
    )
