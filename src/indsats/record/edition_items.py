"""Checks of the answers to a questionnaire, each row by the edition it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.programme import Asking, Question, Questionnaire

from .editions import edition_of
from .findings import Check, choose
from .tables import ANSWER


def item_checks(name: str, asked: Questionnaire, columns: list[str], this: pl.Expr) -> list[Check]:
    """Checks of the answers in ``columns`` to the questionnaire ``name``; ``this`` are the rows that answer it."""
    return [check for column in columns for check in _of_column(name, asked, column, columns, this)]


def _of_column(
    name: str, asked: Questionnaire, column: str, columns: list[str], this: pl.Expr
) -> Iterator[Check]:
    item = column.removeprefix(ANSWER)
    if item not in asked.all_items:
        yield Check(
            column,
            this & pl.col(column).is_not_null(),
            f"questionnaire '{name}' has no item '{item}'",
            choose(item, asked.all_items, "item"),
        )
        return
    having = [edition for edition, asking in asked.editions.items() if item in asking.items]
    for edition, asking in asked.editions.items():
        there = this & (edition_of(asked) == edition) & pl.col(column).is_not_null()
        called = f"edition '{edition}' of '{name}'" if asked.earlier else f"'{name}'"
        if item not in asking.items:
            yield Check(
                column,
                there,
                f"item '{item}' is not asked in {called}",
                f"Leave the cell empty, or write the edition that was answered under 'edition': "
                f"{' or '.join(having)} has the item.",
            )
            continue
        yield from _points(column, asking, called, there)
        yield from _raters(column, asking.items[item], asked.raters, there)
        yield from _filters(column, asking, columns, there)


def _points(column: str, asking: Asking, called: str, there: pl.Expr) -> Iterator[Check]:
    """An answer is a point of the scale that the item offers and the form had, or a code beside the scale."""
    item = column.removeprefix(ANSWER)
    low, high = asking.scale.low, asking.scale.high
    point = there & ~pl.col(column).is_in(list(asking.beside))
    codes = ", ".join(f"{code} ({beside.title.en})" for code, beside in asking.beside.items())
    or_code = f", or write {codes}" if codes else ""
    yield Check(
        column,
        point & ~pl.col(column).is_between(low, high),
        f"the answer is outside the scale of {called}, {low} to {high}",
        f"Check the answer; leave the cell empty if item '{item}' was not answered{or_code}.",
    )
    if len(asking.lacks_one_of) == 1:
        # of several points one was lacking, nobody knows which: any of them can have been ticked
        (lacking,) = asking.lacks_one_of
        yield Check(
            column,
            point & (pl.col(column) == lacking),
            f"the form of {called} was printed without {lacking}",
            "Check the answer, and which edition was answered.",
        )
    options = asking.items[item].options
    if options:
        offered = ", ".join(str(option) for option in options)
        yield Check(
            column,
            point & ~pl.col(column).is_in(options),
            f"item '{item}' of {called} can only be answered by {offered}",
            f"Check the answer, and which edition was answered{or_code}.",
        )


def _raters(column: str, question: Question, raters: list[str], there: pl.Expr) -> Iterator[Check]:
    """An item that only some raters answer; who is no rater of the questionnaire at all is told so already."""
    item = column.removeprefix(ANSWER)
    for rater in raters:
        if question.raters and rater not in question.raters:
            yield Check(
                column,
                there & (pl.col("rater") == rater),
                f"'{rater}' does not answer item '{item}'",
                f"Only {' and '.join(question.raters)} can answer it; leave the cell empty, or check the rater.",
            )


def _filters(column: str, asking: Asking, columns: list[str], there: pl.Expr) -> Iterator[Check]:
    """An item is not answered by those whom its filter, or the filter of that, rules out.

    A filter that was left empty rules nobody out. "Not relevant" is no answer to the item: many forms fill it in
    for everybody who skipped it. A filter in another questionnaire refuses nothing, because it is answered at
    another time; such answers are set aside where they are counted.
    """
    item = column.removeprefix(ANSWER)
    skipped = [code for code, beside in asking.beside.items() if beside.means == "not_relevant"]
    seen = {item}
    link = asking.items[item].asked_of
    while link is not None and link.questionnaire is None and link.item not in seen:
        seen.add(link.item)
        filter_ = ANSWER + link.item
        if filter_ in columns:
            yield Check(
                column,
                there & ~pl.col(column).is_in(skipped) & ~pl.col(filter_).is_in(link.answers),
                lambda answer, of=link.item: (
                    f"item '{item}' is not asked of those who answered {answer} to '{of}'"
                ),
                f"Leave the cell empty, or check the answer to '{link.item}'.",
                told=filter_,
            )
        link = asking.items[link.item].asked_of if link.item in asking.items else None
