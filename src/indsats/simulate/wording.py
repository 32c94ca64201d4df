"""Values for coded fields: which of a definition's codes means what, and what satisfies its rules."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

import numpy as np
import polars as pl

from indsats.programme import KIND_FIELDS, Programme, keep, parse_rule, rule_fields
from indsats.record import payload_fields

# Words of the trade, as they begin in identifiers and titles. Longer ones also match at the start of a word.
_WORDS: dict[str, tuple[str, ...]] = {
    "job": ("job", "beskæftigelse", "beskaeftigelse", "arbejde", "employment", "work"),
    "education": ("uddannelse", "su", "education", "study"),
    "self_support": ("selvforsørgelse", "selvforsoergelse", "selvforsørgende", "self", "selvforsoergende"),
    "job_ready": ("jobparat", "ready", "visitation", "visiteret"),
    "flex": ("fleksjob", "flex"),
    "resource": ("ressourceforløb", "ressourceforloeb", "resource"),
    "sick": ("sygdom", "sygedagpenge", "syge", "sickness", "illness"),
    "pension": ("førtidspension", "foertidspension", "pension", "disability"),
    "old_age": ("folkepension", "pension", "retirement"),
    "moved": ("fraflytning", "flytning", "flyttet", "fraflyttet", "move", "moved", "udrejse", "emigration"),
    "dead": ("død", "doed", "dødsfald", "doedsfald", "death", "dead", "died"),
    "parent": ("barsel", "parental", "maternity"),
    "completed": ("afsluttet", "gennemført", "gennemfoert", "completed", "finished"),
    "practice": ("virksomhedspraktik", "praktik", "traineeship", "internship", "virksomhedsplacering"),
    "subsidy": ("løntilskud", "loentilskud", "subsidy", "wage"),
    "other": ("andet", "anden", "andre", "øvrige", "oevrige", "other"),
}
_NEXT_BEST = {"old_age": "pension", "self_support": "other", "job_ready": "other", "flex": "job"}


def meaning(programme: Programme, place: str, concept: str) -> str:
    """The definition's code for a concept in ``kind.field``; the concept's own name where it lists no codes.

    Codes are found by words in their identifiers and titles; a concept no code speaks of gets the code for
    "other", or the last one.
    """
    codes = programme.codes_for(place)
    if codes is None:
        return concept
    named = {key: _tokens(f"{key} {code.title.da} {code.title.en}") for key, code in codes.values.items()}
    wanted: str | None = concept
    while wanted is not None:
        for word in _WORDS.get(wanted, (wanted,)):
            for key, tokens in named.items():
                if any(token == word or (len(word) > 5 and token.startswith(word)) for token in tokens):
                    return key
        wanted = _NEXT_BEST.get(wanted, "other" if wanted != "other" else None)
    return list(codes.values)[-1]


def _tokens(text: str) -> set[str]:
    return set(re.split(r"[^\wæøå]+|_", text.lower())) - {""}


def values_of(programme: Programme, kind: str, field: str) -> list[str]:
    """The texts a field of a kind may take; empty when any text will do."""
    fixed = _fixed(kind).get(field, ())
    if fixed:
        return list(fixed)
    codes = programme.codes_for(f"{kind}.{field}")
    if codes is not None:
        return list(codes.values)
    named = {
        ("requirement_answered", "requirement"): list(programme.requirements),
        ("questionnaire_answered", "questionnaire"): list(programme.questionnaires),
        ("event", "event"): list(programme.events),
        ("assigned", "role"): [key for key, role in programme.roles.items() if not role.external],
        ("visitation", "group"): list(programme.groups),
    }
    return named.get((kind, field), [])


@lru_cache(maxsize=64)
def _fixed(kind: str) -> dict[str, tuple[str, ...]]:
    return {field.name: field.values for field in payload_fields(kind)}


def combinations(programme: Programme, kind: str, rule_text: str, **given: str) -> pl.DataFrame:
    """The combinations of coded values of a kind that satisfy a rule; columns are the fields the rule names.

    ``given`` fixes some fields; other fields a rule may name (numbers, dates) are unknown here. One row with
    no columns beyond ``given`` when the rule names no coded field; no row when nothing satisfies it.
    """
    fields = rule_fields(programme, kind)
    rule = parse_rule(rule_text, fields)
    types = KIND_FIELDS[kind]
    choices: dict[str, list[str | bool | None]] = {name: [value] for name, value in given.items()}
    for name in sorted(rule.fields & set(types)):
        if name in choices:
            continue
        if types[name] == "bool":
            choices[name] = [True, False]
        elif types[name] == "text":
            choices[name] = [*values_of(programme, kind, name)] or [None]
    rows = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    kinds = {"number": pl.Float64, "text": pl.String, "bool": pl.Boolean, "date": pl.Date}
    frame = pl.DataFrame(
        [{name: row.get(name) for name in {*fields, *choices}} for row in rows],
        schema={name: kinds[fields.get(name, "text")] for name in {*fields, *choices}},
    )
    return keep(frame, rule).select(sorted(choices))


def drawn(programme: Programme, kind: str, field: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` random values of a coded field, earlier codes more often; nulls when it has no code list."""
    values = values_of(programme, kind, field)
    if not values:
        return np.full(n, None, dtype=object)
    weights = 0.75 ** np.arange(len(values))
    cumulated = np.cumsum(weights / weights.sum())
    picked = np.minimum(np.searchsorted(cumulated, rng.random(n), side="right"), len(values) - 1)
    return np.array(values, dtype=object)[picked]
