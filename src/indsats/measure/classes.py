"""Which class, and which side, a set of answers belongs to."""

from __future__ import annotations

import polars as pl

from indsats.programme import Asking, parse_rule, with_rule

_HIT = "__hit_{}"


def classify(frame: pl.DataFrame, questionnaire: Asking) -> pl.DataFrame:
    """``frame`` with the columns ``class`` and ``side`` added (both text, null where there is none).

    ``frame`` has one whole-number column per item of the questionnaire, or of one edition of it, named as the
    item; other columns are kept. Classes are tried in the order of the definition and the first whose rule holds
    wins. A row in which any item is missing has no class, even where a rule could already be decided from the items
    present: a class says something about the whole answer set. A complete row that no rule fits has no class either.
    """
    items = list(questionnaire.items)
    answers = frame.select(pl.col(items).cast(pl.Int64))
    hits = answers
    for number, part in enumerate(questionnaire.classes):
        rule = parse_rule(part.when, dict.fromkeys(items, "number"), answers=items)
        hits = with_rule(hits, _HIT.format(number), rule)
    complete = pl.all_horizontal(pl.col(items).is_not_null())
    found = pl.lit(None, dtype=pl.String)
    side = pl.lit(None, dtype=pl.String)
    for number, part in reversed(list(enumerate(questionnaire.classes))):
        hit = pl.col(_HIT.format(number)).fill_null(value=False)
        found = pl.when(hit).then(pl.lit(part.id)).otherwise(found)
        side = pl.when(hit).then(pl.lit(part.side, dtype=pl.String)).otherwise(side)
    labels = hits.select(
        pl.when(complete).then(found).alias("class"), pl.when(complete).then(side).alias("side")
    )
    return frame.with_columns(labels.get_columns())
