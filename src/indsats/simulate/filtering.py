"""Takes back answers nobody was asked for: items for those who answered another one so, and a form handed in twice."""

from __future__ import annotations

import polars as pl

from indsats.programme import AskedOf, Questionnaire

from .calendar import day
from .world import World

_KINDS = {"person": "questionnaire_answered", "site": "site_answered"}
_WHO = {"person": ("person", "rater"), "site": ("site", "rater", "respondent")}
_SAME = (
    "person",
    "enrolment",
    "site",
    "questionnaire",
    "edition",
    "rater",
    "respondent",
    "wave",
    "occurred_from",
)


def only_what_was_asked(world: World) -> None:
    """Empties the answers to items whose filter says no, and drops sets that are empty then, or filled in twice.

    A filter looks at the same set of answers, or at the newest answer to another questionnaire by the same rater
    and respondent about the same person or site, no later than this one. Who gave none to it was not asked. Of
    two sets by one rater in one round on one day the first stays.
    """
    for about, kind in _KINDS.items():
        table = world.ledger.table(kind)
        if table is None or table.is_empty():
            continue
        for key in _in_order(world, about):
            table = _filtered(world, table, key, about)
        answers = [name for name in table.columns if name.startswith("answer.")]
        kept = table.filter(pl.any_horizontal(pl.col(answers).is_not_null()))
        same = [name for name in _SAME if name in kept.columns and (about == "person" or name != "enrolment")]
        kept = kept.unique(same, keep="first", maintain_order=True)
        world.ledger.replace(kind, kept)


def place_of(questionnaire: Questionnaire) -> pl.Expr:
    """Which edition a set of answers belongs to, by its place: the one it names, else that of its day."""
    names = list(questionnaire.editions)
    place = pl.lit(len(names) - 1)
    for number, edition in reversed(list(enumerate(questionnaire.earlier.values()))):
        place = pl.when(pl.col("occurred_from") <= day(edition.until)).then(pl.lit(number)).otherwise(place)
    told = pl.col("edition").replace_strict(
        {name: number for number, name in enumerate(names)}, default=None, return_dtype=pl.Int32
    )
    return pl.coalesce(told, place)


def _in_order(world: World, about: str) -> list[str]:
    """The questionnaires with filters, each after those its filters look at."""
    left = {
        key: {one.questionnaire for one in _filters(asked).values() if one.questionnaire not in (None, key)}
        for key, asked in world.programme.questionnaires.items()
        if asked.about == about and _filters(asked)
    }
    found: list[str] = []
    while left:
        ready = [key for key, others in left.items() if not others & left.keys()] or list(left)[:1]
        found += ready
        left = {key: others for key, others in left.items() if key not in ready}
    return found


def _filters(questionnaire: Questionnaire) -> dict[tuple[int, str], AskedOf]:
    """The filter of each item that has one, by the edition's place and the item."""
    return {
        (number, name): item.asked_of
        for number, asking in enumerate(questionnaire.editions.values())
        for name, item in asking.items.items()
        if item.asked_of is not None
    }


def _filtered(world: World, table: pl.DataFrame, key: str, about: str) -> pl.DataFrame:
    questionnaire = world.programme.questionnaires[key]
    filters = _filters(questionnaire)
    mine = table.with_row_index("_row").filter(pl.col("questionnaire") == key)
    mine = mine.with_columns(_place=place_of(questionnaire))
    for other in dict.fromkeys(one.questionnaire for one in filters.values()):
        if other is not None and other != key:
            items = list(dict.fromkeys(one.item for one in filters.values() if one.questionnaire == other))
            mine = _beside(mine, table, other, items, about)
    # A filter may look at an item that has a filter itself: until nothing is taken back any more.
    for _ in range(len(filters)):
        before = mine
        mine = mine.with_columns(
            _kept(key, name, filters) for name in dict.fromkeys(name for _, name in filters)
        )
        if mine.equals(before, null_equal=True):
            break
    answers = [name for name in table.columns if name.startswith("answer.")]
    changed = mine.select("_row", *answers)
    rest = table.with_row_index("_row").join(changed.select("_row"), on="_row", how="anti")
    whole = pl.concat([rest, mine.select(rest.columns)]).sort("_row")
    return whole.drop("_row")


def _kept(key: str, name: str, filters: dict[tuple[int, str], AskedOf]) -> pl.Expr:
    """The answers to an item, null where its edition's filter does not let it through."""
    column = pl.col(f"answer.{name}")
    kept = column
    for (number, item), asked_of in filters.items():
        if item == name:
            own = asked_of.questionnaire in (None, key)
            told = f"answer.{asked_of.item}" if own else f"{asked_of.questionnaire}.{asked_of.item}"
            asked = pl.col(told).is_in(asked_of.answers).fill_null(value=False)
            kept = pl.when((pl.col("_place") == number) & ~asked).then(None).otherwise(kept)
    return kept.alias(f"answer.{name}")


def _beside(
    mine: pl.DataFrame, table: pl.DataFrame, other: str, items: list[str], about: str
) -> pl.DataFrame:
    """``mine`` with the newest answers to ``items`` of another questionnaire, in columns ``<other>.<item>``."""
    who = list(_WHO[about])
    theirs = table.with_row_index("_at").filter(pl.col("questionnaire") == other)
    for item in items:
        name = f"{other}.{item}"
        if f"answer.{item}" not in table.columns:
            mine = mine.with_columns(pl.lit(None, pl.Int64).alias(name))
            continue
        known = theirs.select(*who, "occurred_from", "_at", pl.col(f"answer.{item}").alias(name))
        known = known.drop_nulls(name).sort("occurred_from", "_at").drop("_at")
        mine = (
            mine.sort("occurred_from")
            .join_asof(known, on="occurred_from", by=who, check_sortedness=False)
            .sort("_row")
        )
    return mine
