"""A definition told in words, in Danish or English: rules, happenings, durations, measures."""

from .happenings import (
    cadence_in_words,
    facts_in_words,
    happening_in_words,
    happenings_in_words,
    measured_in_words,
    where_in_words,
)
from .keys import KEYS
from .names import FIELDS, KINDS, MEANINGS, VALUES
from .phrases import clauses, duration_in_words, every_in_words, pick, plain_number, quoted, row
from .places import place_in_words
from .rules import field_in_words, rule_in_words, value_in_words

__all__ = [
    "FIELDS",
    "KEYS",
    "KINDS",
    "MEANINGS",
    "VALUES",
    "cadence_in_words",
    "clauses",
    "duration_in_words",
    "every_in_words",
    "facts_in_words",
    "field_in_words",
    "happening_in_words",
    "happenings_in_words",
    "measured_in_words",
    "pick",
    "place_in_words",
    "plain_number",
    "quoted",
    "row",
    "rule_in_words",
    "value_in_words",
    "where_in_words",
]
