"""Reads a rule's text into its typed tree: a Pratt parser, where each sign binds as tightly as its rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from ..base import FieldType
from . import typed
from .error import RuleError, nearest, suggestion
from .tokens import Token, tokens
from .tree import Comparison, Constant, FieldRef, IsMissing, Node, Operation

_RANK = {"or": 1, "and": 2, "in": 4, "not": 4, "is": 4, "+": 5, "-": 5, "*": 6, "/": 6}
_RANK.update(dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 4))
_COMPARISON = 4
_NOT, _MINUS = 3, 7
_WORDS = frozenset({"and", "or", "not", "in", "is", "missing", "true", "false"})
_DEEPEST = 60
"""Brackets, calls and signs within one another; far beyond what a reader can follow."""

_MOST_SIGNS = 200
"""Signs of arithmetic in one rule; each nests the one before it."""

_FOREIGN = {
    "null": "missing",
    "none": "missing",
    "nan": "missing",
    "na": "missing",
    "isnull": "x is missing",
    "eq": "==",
    "xor": "!=",
    "between": "low <= x and x <= high",
    "like": "in [...]",
}


class _Parser:
    def __init__(self, text: str, fields: Mapping[str, FieldType], answers: Sequence[str]) -> None:
        self.left = tokens(text)[::-1]
        self.fields = fields
        self.answers = answers
        self.depth = 0
        self.signs = 0

    @property
    def next(self) -> Token:
        return self.left[-1]

    def take(self) -> Token:
        return self.left.pop()

    def expect(self, sign: str, remedy: str) -> Token:
        if self.next.text != sign or self.next.kind != "sign":
            raise RuleError(f"'{sign}' is expected before {_shown(self.next)}", self.next.position, remedy)
        return self.take()

    def whole(self) -> Node:
        node = self.expression(0)
        if self.next.kind != "end":
            raise self.unexpected(self.next)
        return node

    def expression(self, rank: int) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise RuleError(
                "the rule is nested too deeply", self.next.position, "Split it into several simpler rules."
            )
        node = self.beginning()
        while (following := self.rank()) > rank:
            node = self.continuation(node, following)
        self.depth -= 1
        return node

    def rank(self) -> int:
        token = self.next
        return _RANK.get(token.text, 0) if token.kind in ("name", "sign") else 0

    def beginning(self) -> Node:
        token = self.take()
        if token.kind in ("number", "text", "date"):
            assert token.value is not None  # noqa: S101 - the tokenizer gives every literal its value
            return Constant(token.value, cast("FieldType", token.kind), token.position)
        if token.kind == "name":
            return self.word(token)
        if token.text == "(":
            node = self.expression(0)
            self.expect(")", "Close the bracket that was opened.")
            return node
        if token.text == "-":
            return typed.turned(self.expression(_MINUS), token.position)
        if token.text == "[":
            raise RuleError("a list stands alone", token.position, "Write it after 'in': field in [1, 2].")
        if token.kind == "end":
            raise RuleError("the rule ends too early", token.position, "Finish it, or remove the last sign.")
        raise self.unexpected(token)

    def word(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Constant(token.text == "true", "bool", token.position)
        if token.text == "not":
            return typed.negated(self.expression(_NOT), token.position)
        if token.text == "missing":
            raise _compared_with_missing(token.position)
        if token.text in _WORDS:
            raise self.unexpected(token)
        if self.next.text == "(" and self.next.kind == "sign":
            return self.call(token)
        if token.text in self.fields:
            return FieldRef(token.text, self.fields[token.text], token.position)
        raise self.unknown_field(token)

    def call(self, token: Token) -> Node:
        if token.text not in typed.FUNCTIONS:
            raise RuleError(
                f"there is no function '{token.text}'",
                token.position,
                suggestion(token.text, typed.FUNCTIONS),
            )
        self.take()
        arguments: list[Node] = []
        while not (self.next.kind == "sign" and self.next.text == ")"):
            if arguments:
                self.expect(",", f"Write {typed.FUNCTIONS[token.text]}.")
            arguments.append(self.expression(0))
        self.take()
        return typed.called(token.text, arguments, token.position, self.answers)

    def continuation(self, left: Node, rank: int) -> Node:
        token = self.take()
        if token.text in ("and", "or"):
            parts = [left, self.expression(rank)]
            while self.next.text == token.text and self.next.kind == "name":
                self.take()
                parts.append(self.expression(rank))
            return typed.joined(token.text, parts, token.position)
        if rank == _COMPARISON:
            node = self.comparison(token, left)
            if self.rank() == _COMPARISON:
                raise RuleError(
                    "two comparisons follow one another",
                    self.next.position,
                    "Join them with 'and': low <= x and x <= high.",
                )
            return node
        self.signs += 1
        if self.signs > _MOST_SIGNS:
            raise RuleError("the rule is too long", token.position, "Split it into several simpler rules.")
        return typed.computed(cast("Operation", token.text), left, self.expression(rank), token.position)

    def comparison(self, token: Token, left: Node) -> Node:
        if token.text == "is":
            opposite = self.next.text == "not" and bool(self.take())
            if self.next.text != "missing":
                raise RuleError(
                    f"'is' is followed by {_shown(self.next)}",
                    self.next.position,
                    "Write 'is missing' or 'is not missing'; compare values with ==.",
                )
            self.take()
            node = IsMissing(left, position=token.position)
            return typed.negated(node, token.position) if opposite else node
        if token.text in ("in", "not"):
            if token.text == "not":
                if self.next.text != "in":
                    raise RuleError(
                        "'not' stands between two values",
                        token.position,
                        "Write 'not in [..]', or != to compare.",
                    )
                self.take()
            choices, or_missing = self.choices()
            if choices:
                node: Node = typed.member(left, choices, or_missing, token.position)
            else:
                node = IsMissing(left, position=token.position)
            return typed.negated(node, token.position) if token.text == "not" else node
        if self.next.text == "missing" and self.next.kind == "name":
            raise _compared_with_missing(self.next.position, token.text)
        return typed.compared(
            cast("Comparison", token.text), left, self.expression(_COMPARISON), token.position
        )

    def choices(self) -> tuple[list[Constant], bool]:
        start = self.expect("[", 'Write the list in square brackets: in ["a", "b"].')
        choices: list[Constant] = []
        or_missing = False
        while not (self.next.kind == "sign" and self.next.text == "]"):
            if choices or or_missing:
                self.expect(",", "Put commas between the values of a list and ] at its end.")
            if self.next.text == "missing" and self.next.kind == "name":
                self.take()
                or_missing = True
                continue
            token = self.next
            if token.kind == "name" and token.text not in ("true", "false"):
                raise RuleError(
                    f"a list holds values, and '{token.text}' is a name",
                    token.position,
                    f'Put a text in quotation marks: "{token.text}".',
                )
            value = self.expression(_COMPARISON)
            if not isinstance(value, Constant):
                raise RuleError(
                    "a list holds numbers, texts and dates only",
                    token.position,
                    "Compare with other fields by ==, joined with 'or'.",
                )
            choices.append(value)
        self.take()
        if not choices and not or_missing:
            raise RuleError(
                "the list holds no values",
                start.position,
                "Name at least one value, or write 'is missing'.",
            )
        return choices, or_missing

    def unknown_field(self, token: Token) -> RuleError:
        name = token.text
        if name in _FOREIGN:
            return RuleError(f"'{name}' is not a word of rules", token.position, f"Write {_FOREIGN[name]}.")
        pieces = name.split("-")
        known = [piece in self.fields or piece.isdigit() for piece in pieces]
        if len(pieces) > 1 and all(known):
            return RuleError(
                f"'{name}' is read as one name",
                token.position,
                f"Put a space on both sides of the minus to subtract: {' - '.join(pieces)}.",
            )
        remedy = suggestion(name, self.fields, "This rule can use no fields.")
        if nearest(name, self.fields) is None:
            remedy += f' If it is a text, put it in quotation marks: "{name}".'
        return RuleError(f"there is no field '{name}' here", token.position, remedy)

    def unexpected(self, token: Token) -> RuleError:
        remedy = "Join conditions with 'and' or 'or'; compare with == != < <= > >= or in."
        if token.text in (")", "]"):
            remedy = f"Remove it, or open the bracket that '{token.text}' closes."
        if token.text == ",":
            remedy = "Commas stand only in lists and between the values of a function."
        return RuleError(f"{_shown(token)} does not fit here", token.position, remedy)


def _shown(token: Token) -> str:
    return f"'{token.text}'" if token.kind != "end" else "the end of the rule"


def _compared_with_missing(position: int, sign: str = "==") -> RuleError:
    remedy = "Write 'is not missing'." if sign == "!=" else "Write 'is missing' or 'is not missing'."
    return RuleError("nothing can be compared with 'missing'", position, remedy)


def parse(text: str, fields: Mapping[str, FieldType], answers: Sequence[str]) -> Node:
    """The typed tree of ``text``; raises RuleError at the first thing that is wrong."""
    if not text.strip():
        raise RuleError("the rule is empty", 0, "Write a condition, or true.")
    return _Parser(text, fields, answers).whole()
