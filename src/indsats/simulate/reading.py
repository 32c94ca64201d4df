"""Rules read once and tried on many facts at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import narwhals as nw
import numpy as np
import polars as pl

from indsats.programme import Happening, Programme, Rule, parse_rule, rule_fields

from .calendar import as_date
from .satisfying import TYPES


@dataclass
class Reading:
    """Reads a programme's rules about facts; ``weeks_since`` and its like count to ``last_day``."""

    programme: Programme
    last_day: int
    _rules: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def rule(self, kind: str, text: str) -> Rule:
        """A rule over the fields of a kind of fact."""
        if (kind, text) not in self._rules:
            self._rules[kind, text] = parse_rule(text, rule_fields(self.programme, kind), expect="bool")
        return self._rules[kind, text]

    def fields(self, happening: Happening) -> frozenset[str]:
        """The fields the rule of a happening reads."""
        return self.rule(happening.kind, happening.rule).fields

    def marks(self, seen: pl.DataFrame, kind: str, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """By rule, which rows of ``seen`` (facts as rules see them) it holds for; unknown is not true."""
        found: dict[str, np.ndarray] = {}
        asked: dict[str, Rule] = {}
        for text in dict.fromkeys(texts):
            rule = self.rule(kind, text)
            if rule.fields and seen.height:
                asked[text] = rule
                continue
            held = False
            if not rule.fields:
                alone = nw.from_native(pl.DataFrame({"_": [True]}))
                held = bool(
                    alone.select(rule.expr(as_date(self.last_day)).alias("hit")).to_native()["hit"][0]
                )
            found[text] = np.full(seen.height, held)
        if not asked:
            return found
        types = rule_fields(self.programme, kind)
        lacking = {name for rule in asked.values() for name in rule.fields} - set(seen.columns)
        if lacking:
            seen = seen.with_columns(pl.lit(None, TYPES[types[name]]).alias(name) for name in sorted(lacking))
        names = {text: f"_hit{number}" for number, text in enumerate(asked)}
        table = nw.from_native(seen).select(
            *(rule.expr(as_date(self.last_day)).alias(names[text]) for text, rule in asked.items())
        )
        values = table.to_native()
        for text, name in names.items():
            found[text] = values[name].fill_null(value=False).to_numpy().copy()
        return found
