"""Tells a rule in words: a sentence in Danish or English from the rule's typed tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from indsats.language import Lang, day

from ..base import Text
from ..definition import Programme
from ..fields import asking_of, rule_fields
from ..rules import (
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    FieldRef,
    IsIn,
    IsMissing,
    Negative,
    Node,
    Not,
    RuleError,
    parse_rule,
)
from .names import FIELDS, KIND_FIELD, VALUES, YES_NO
from .phrases import clauses, pick, plain_number, quoted, row

_SIGNS = {"-": "−", "*": "×"}
"""Signs of arithmetic as they are printed."""


def rule_in_words(
    programme: Programme, table: str, text: str, lang: Lang = "da", *, subordinate: bool = False
) -> str:
    """A rule over ``table`` (as for ``rule_fields``) told in words, such as ``udfald er afholdt``.

    Codes are told by their titles, fields by their names in the language. ``subordinate`` gives the word order
    of a clause after "hvor", "når" or "at". A rule that cannot be read, or is about a table that does not exist,
    is given back as it is written.
    """
    tree = _tree(programme, table, text)
    return tree_in_words(programme, table, tree, lang, subordinate) if tree is not None else text


def _tree(programme: Programme, table: str, text: str) -> Node | None:
    try:
        fields = rule_fields(programme, table)
        answers = tuple(asking_of(programme, table).items) if table.startswith("questionnaire:") else ()
        return parse_rule(text, fields, answers=answers).tree
    except (KeyError, RuleError):
        return None


def tree_in_words(programme: Programme, table: str, tree: Node, lang: Lang, subordinate: bool) -> str:
    """A rule's tree in words: a clause for a condition, a noun for a number, text or date."""
    teller = _Teller(programme, table, lang, subordinate)
    return teller.condition(tree) if tree.type == "bool" else teller.value(tree)


def events_named(programme: Programme, text: str) -> tuple[list[str], Node | None] | None:
    """The events a rule over events asks for by name, and what else it asks of them; None when it does not
    begin by naming them."""
    tree = _tree(programme, "event", text)
    first, *rest = tree.parts if isinstance(tree, Both) and tree.joined == "and" else (tree,)
    match first:
        case Compare(sign="==", left=FieldRef(name="event"), right=Constant(value=value)):
            names = [str(value)]
        case IsIn(value=FieldRef(name="event"), choices=choices, or_missing=False):
            names = [str(choice.value) for choice in choices]
        case _:
            return None
    if not rest:
        return names, None
    return names, rest[0] if len(rest) == 1 else Both("and", tuple(rest))


def field_in_words(programme: Programme, table: str, field: str, lang: Lang = "da") -> str:
    """What a field of a table is called; a field of the programme's own by its title, in quotation marks."""
    own = _own_titles(programme, table).get(field)
    if own is not None:
        return quoted(own.in_(lang), lang)
    known = KIND_FIELD.get(f"{table}.{field}") or FIELDS.get(field)
    return known.in_(lang) if known is not None else field


def value_in_words(programme: Programme, table: str, field: str, value: str, lang: Lang = "da") -> str:
    """What a value of a field is called: a fixed value in the language, a code or name by its title."""
    place = f"{table}.{field}"
    if place in VALUES and value in VALUES[place]:
        return VALUES[place][value].in_(lang)
    listed = programme.codes_for(place)
    titles: Mapping[str, Any] = listed.values if listed is not None else {}
    if value not in titles:
        detail = programme.details(table).get(field)
        titles = detail.choices if detail is not None else _parts(programme, table, field)
    found = titles.get(value)
    return quoted(found.title.in_(lang) if found is not None else value, lang)


def _parts(programme: Programme, table: str, field: str) -> Mapping[str, Any]:
    """The parts of the programme a field names."""
    if (table, field) == ("event", "value"):
        return {name: value for event in programme.events.values() for name, value in event.values.items()}
    if (table, field) == ("drawn", "arm"):
        return {name: arm for draw in programme.draws.values() for name, arm in draw.arms.items()}
    if field == "wave":
        return {
            name: wave for asked in programme.questionnaires.values() for name, wave in asked.waves.items()
        }
    if table == "excluded" and field == "reason":
        return programme.exclusions
    named: Mapping[str, Mapping[str, Any]] = {
        "unit": programme.units,
        "site": programme.sites,
        "service": programme.services,
        "event": programme.events,
        "requirement": programme.requirements,
        "questionnaire": programme.questionnaires,
        "group": programme.groups,
        "legal_basis": programme.legal_bases,
        "draw": programme.draws,
        "setting": programme.settings,
        "role": programme.roles,
        "rater": programme.roles,
        "participants": programme.roles,
    }
    return named.get(field, {})


def _own_titles(programme: Programme, table: str) -> dict[str, Text]:
    """Fields of a table that the programme itself has named."""
    area, _, name = table.partition(":")
    if area == "questionnaire":
        return {item: question.title for item, question in asking_of(programme, table).items.items()}
    if area == "rows":
        return {column: what.title for column, what in programme.tables[name].columns.items()}
    if area == "evaluation":
        evaluation = programme.evaluations[name]
        stacked = [programme.tables[rows.table] for rows in evaluation.rows if rows.table in programme.tables]
        columns = {column: what.title for table_ in stacked for column, what in table_.columns.items()}
        history = {made.id: made.title for made in evaluation.history}
        derived = {one.field: one.title for one in evaluation.covariates if one.field in evaluation.derive}
        return {**columns, **history, **derived}
    return {field: what.title for field, what in programme.details(table).items()}


_SIGNS = {
    "==": ("er", "is"),
    "!=": ("er ikke", "is not"),
    "<": ("er under", "is below"),
    "<=": ("er højst", "is at most"),
    ">": ("er over", "is above"),
    ">=": ("er mindst", "is at least"),
}
_DATE_SIGNS = {
    **_SIGNS,
    "<": ("er før", "is before"),
    "<=": ("er senest", "is no later than"),
    ">": ("er efter", "is after"),
    ">=": ("er tidligst", "is no earlier than"),
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


_VERB_FIRST = re.compile(r"\b(er|var|blev|deltager|omfatter|gælder) (ikke|netop ikke|hverken)\b")


class _Teller:
    def __init__(self, programme: Programme, table: str, lang: Lang, subordinate: bool) -> None:
        self.subordinate = subordinate
        self.programme = programme
        self.table = table
        self.kind = "person" if table.startswith("evaluation:") else table
        self.lang: Lang = lang

    def say(self, da: str, en: str) -> str:
        """One of two texts; in a subordinate clause of Danish, "ikke" and "hverken" stand before the verb."""
        if self.subordinate:
            da = _VERB_FIRST.sub(r"\2 \1", da)
        return pick(self.lang, da, en)

    def condition(self, node: Node, holds: bool = True) -> str:
        """A condition as a clause; with ``holds`` false, its opposite."""
        match node:
            case Constant(value=value):
                return self.say("altid", "always") if bool(value) is holds else self.say("aldrig", "never")
            case Not(of=of):
                return self.condition(of, not holds)
            case Both():
                return self.joined(node, holds)
            case Compare():
                return self.compared(node, holds)
            case IsIn():
                return self.one_of(node, holds)
            case IsMissing(of=of):
                if isinstance(of, FieldRef) and self.has_phrase(of.name):
                    told = self.yes_or_no(of.name, True)
                    unsaid = ("det er ikke oplyst, om", "it is not known whether")
                    said = ("det er oplyst, om", "it is known whether")
                    return f"{self.say(*(unsaid if holds else said))} {told}"
                given = (
                    self.say("er ikke oplyst", "is not known") if holds else self.say("er oplyst", "is known")
                )
                return f"{self.value(of)} {given}"
            case FieldRef(name=name):
                return self.yes_or_no(name, holds)
            case Call(function="includes", arguments=(FieldRef(name=name), Constant(value=sought))):
                return self.includes(name, str(sought), holds)
        value = self.value(node)
        return f"{value} {self.say('gælder', 'holds') if holds else self.say('gælder ikke', 'does not hold')}"

    def joined(self, node: Both, holds: bool) -> str:
        # not (a and b) is told as not a or not b, which holds for unknown parts too.
        word = node.joined if holds else {"and": "or", "or": "and"}[node.joined]
        parts = []
        for part in node.parts:
            told = self.condition(part, holds)
            inner = part.of if isinstance(part, Not) else part
            parts.append(f"({told})" if isinstance(inner, Both) else told)
        return clauses(parts, self.lang, word)

    def compared(self, node: Compare, holds: bool) -> str:
        left, right, sign = node.left, node.right, node.sign
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, sign = right, left, _MIRRORED[sign]
        if not holds:
            sign = _OPPOSITE[sign]
        if left.type == "bool":
            if isinstance(right, Constant):
                return self.condition(left, (sign == "==") is bool(right.value))
            same = self.say("gælder netop når", "holds just when")
            not_same = self.say("gælder netop ikke når", "holds just when it does not hold that")
            return f"({self.condition(left)}) {same if sign == '==' else not_same} ({self.condition(right)})"
        words = (_DATE_SIGNS if left.type == "date" else _SIGNS)[sign]
        return f"{self.value(left)} {self.say(*words)} {self.value(right, beside=left)}"

    def one_of(self, node: IsIn, holds: bool) -> str:
        value = self.value(node.value)
        choices = [self.value(choice, beside=node.value) for choice in node.choices]
        if holds:
            unknown = [pick(self.lang, "ikke oplyst", "not known")] if node.or_missing else []
            return f"{value} {self.say('er', 'is')} {row([*choices, *unknown], self.lang, 'or')}"
        if len(choices) == 1:
            told = f"{value} {self.say('er ikke', 'is not')} {choices[0]}"
        elif self.lang == "da":
            told = f"{value} {self.say('er hverken', '')} {row(choices, 'da', 'or')}"
        else:
            told = f"{value} is neither {' nor '.join(choices)}"
        known = self.say("er oplyst", "is known")
        return f"{value} {known}, {self.say('og', 'and')} {told}" if node.or_missing else told

    def yes_or_no(self, name: str, holds: bool) -> str:
        if self.has_phrase(name):
            phrase = YES_NO[name][not holds]
            return self.say(phrase.da, phrase.en)
        field = field_in_words(self.programme, self.table, name, self.lang)
        return f"{field} {self.say('er ja', 'is yes') if holds else self.say('er nej', 'is no')}"

    def has_phrase(self, name: str) -> bool:
        return name in YES_NO and name not in _own_titles(self.programme, self.table)

    def includes(self, name: str, sought: str, holds: bool) -> str:
        who = value_in_words(self.programme, self.kind, name, sought, self.lang)
        if name == "participants":
            if holds:
                return self.say(f"{who} deltager", f"{who} takes part")
            return f"{who} {self.say('deltager ikke', 'does not take part')}"
        field = field_in_words(self.programme, self.table, name, self.lang)
        if holds:
            return self.say(f"{field} omfatter {who}", f"{field} includes {who}")
        return f"{field} {self.say('omfatter ikke', 'does not include')} {who}"

    def value(self, node: Node, beside: Node | None = None) -> str:
        """A value as a noun; ``beside`` is the field a constant is compared with, whose codes have titles."""
        match node:
            case FieldRef(name=name):
                return field_in_words(self.programme, self.table, name, self.lang)
            case Constant(value=value):
                return self.constant(value, beside)
            case Compute(sign=sign, left=left, right=right):
                sides = [self.operand(left), self.operand(right)]
                return f" {_SIGNS.get(sign, sign)} ".join(sides)
            case Negative(of=of):
                return f"−{self.operand(of)}"
            case Call():
                return self.call(node)
        return f"({self.condition(node)})"

    def operand(self, node: Node) -> str:
        told = self.value(node)
        return f"({told})" if isinstance(node, Compute | Negative) else told

    def constant(self, value: Any, beside: Node | None) -> str:
        if isinstance(value, bool):
            return VALUES["requirement_answered.answer"]["yes" if value else "no"].in_(self.lang)
        if isinstance(value, date):
            return day(value, self.lang)
        if isinstance(value, float):
            is_year = isinstance(beside, Call) and beside.function == "year"
            return str(int(value)) if is_year and value == int(value) else plain_number(value, self.lang)
        if isinstance(beside, FieldRef):
            return value_in_words(self.programme, self.kind, beside.name, str(value), self.lang)
        return quoted(str(value), self.lang)

    def call(self, node: Call) -> str:
        name = node.function
        if (
            name == "years_since"
            and isinstance(node.arguments[0], FieldRef)
            and node.arguments[0].name == "birth_date"
        ):
            return self.say("alder", "age")
        if name == "count_true":
            told = "; ".join(self.condition(one) for one in node.arguments)
            if len(node.arguments) == 1:
                return self.say(f"1, hvis {told}, ellers 0", f"1 if {told}, else 0")
            return self.say(f"antallet, der gælder, af ({told}),", f"the number that hold of ({told})")
        values = [self.value(one) for one in node.arguments]
        first, rest = values[0], values[1:]
        if name == "answers_in":
            low, high = values[:2]
            if low == high:
                return self.say(f"antal svar på {low}", f"number of answers of {low}")
            return self.say(f"antal svar fra {low} til {high}", f"number of answers from {low} to {high}")
        dates = node.arguments[0].type == "date"
        told = {
            "weeks_since": (f"antal uger siden {first}", f"weeks since {first}"),
            "days_since": (f"antal dage siden {first}", f"days since {first}"),
            "years_since": (f"antal år siden {first}", f"years since {first}"),
            "year": (f"årstal for {first}", f"year of {first}"),
            "month": (f"måned for {first}", f"month of {first}"),
            "days_between": (
                f"antal dage fra {first} til {row(rest, 'da')}",
                f"days from {first} to {row(rest, 'en')}",
            ),
            "coalesce": (
                f"{first} (ellers {' ellers '.join(rest)})",
                f"{first} (else {' else '.join(rest)})",
            ),
            "min": (
                f"den {'tidligste' if dates else 'mindste'} af {row(values, 'da')}",
                f"the {'earliest' if dates else 'smallest'} of {row(values, 'en')}",
            ),
            "max": (
                f"den {'seneste' if dates else 'største'} af {row(values, 'da')}",
                f"the {'latest' if dates else 'largest'} of {row(values, 'en')}",
            ),
        }.get(name)
        return self.say(*told) if told is not None else name
