"""Which edition of a questionnaire a fact belongs to, and the items of all editions in a lasting order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from indsats.programme import Questionnaire


def edition_of(questionnaire: Questionnaire) -> pl.Expr:
    """The id of the edition that each answer to ``questionnaire`` belongs to, as text; never null.

    Read from the columns ``edition`` and ``occurred_from``: the edition a row names; for one that names none the
    first of ``earlier`` whose ``until`` is on or after its day, and after the last of them the current edition.
    An edition may be named whatever the day: answers on paper are registered late, and a new edition is tried out
    before it is the rule. A name that is no edition comes out as it stands; only facts recorded under another
    version of the programme can bear one (``asked`` refuses it in new facts).
    """
    by_day = pl.lit(questionnaire.edition)
    for name, earlier in reversed(questionnaire.earlier.items()):
        by_day = pl.when(pl.col("occurred_from") <= earlier.until).then(pl.lit(name)).otherwise(by_day)
    return pl.coalesce(pl.col("edition"), by_day)


def items_in_order(questionnaires: Iterable[Questionnaire]) -> list[str]:
    """Every item of every edition once, in the order of the editions' beginnings.

    So the items a new edition brings come after all that were there, and columns made of them keep their place
    from one version of the programme to the next.
    """
    asked: list[tuple[date, Iterable[str]]] = []
    for questionnaire in questionnaires:
        begins = date.min
        for name, asking in questionnaire.editions.items():
            asked.append((begins, asking.items))
            if name in questionnaire.earlier:
                begins = max(begins, questionnaire.earlier[name].until)
    asked.sort(key=lambda one: one[0])  # stable: the first editions in the order of the definition
    return list(dict.fromkeys(item for _, items in asked for item in items))
