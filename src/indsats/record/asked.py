"""Checks of answered questionnaires: whom they are about, who answers which items, scale and round."""

from __future__ import annotations

import polars as pl

from indsats.programme import Programme, Question, Questionnaire

from .findings import Check, choose, current, listed
from .kinds import ASKED_ABOUT
from .tables import ANSWER

_MOVED = {
    "site": "Move the row to the file 'site_answered', with its site and without a person.",
    "person": "Move the row to the file 'questionnaire_answered', with the person who is answered about.",
}


def answer_checks(frame: pl.DataFrame, kind: str, programme: Programme) -> list[Check]:
    """Checks of the answers in a table of ``questionnaire_answered`` or ``site_answered``."""
    about = ASKED_ABOUT[kind]
    columns = [name for name in frame.columns if name.startswith(ANSWER)]
    ours = {name: asked for name, asked in programme.questionnaires.items() if asked.about == about}
    others = [name for name in programme.questionnaires if name not in ours]
    other = "site" if about == "person" else "person"
    answered = pl.any_horizontal([pl.col(name).is_not_null() for name in columns] or [pl.lit(False)])
    checks = [
        Check(
            "questionnaire",
            current(programme) & pl.col("questionnaire").is_in(others),
            f"the questionnaire is answered about a {other}, not about a {about}",
            _MOVED[other],
        ),
        listed("questionnaire", ours, current(programme) & ~pl.col("questionnaire").is_in(others)),
        Check(
            "questionnaire",
            ~answered,
            "no item of the questionnaire is answered",
            "Fill in the columns answer.<item>, or leave the row out: no answer is no fact.",
        ),
    ]
    for name, asked in ours.items():
        checks += _of(name, asked, columns, current(programme) & (pl.col("questionnaire") == name))
    return checks


def answered_elsewhere(kind: str, programme: Programme) -> dict[str, str]:
    """Columns of items that are answered in the other kind's file, and what to do about them there."""
    about = ASKED_ABOUT.get(kind)
    if about is None:
        return {}
    return {
        ANSWER + item: f"Questionnaire '{name}' is answered about a {asked.about}. {_MOVED[asked.about]}"
        for name, asked in programme.questionnaires.items()
        for item in asked.items
        if asked.about != about
    }


def _of(name: str, asked: Questionnaire, columns: list[str], this: pl.Expr) -> list[Check]:
    """Checks of the answers to one questionnaire."""
    low, high = asked.scale.low, asked.scale.high
    checks = [listed("rater", asked.raters, this), _wave(name, asked, this)]
    for column in columns:
        item = column.removeprefix(ANSWER)
        question = asked.items.get(item)
        if question is None:
            checks.append(
                Check(
                    column,
                    this & pl.col(column).is_not_null(),
                    f"questionnaire '{name}' has no item '{item}'",
                    choose(item, asked.items, "item"),
                )
            )
            continue
        checks.append(
            Check(
                column,
                this & ~pl.col(column).is_between(low, high),
                f"the answer is outside the scale of '{name}', {low} to {high}",
                f"Check the answer; leave the cell empty if item '{item}' was not answered.",
            )
        )
        checks += _raters_of_item(column, item, question, asked, this)
    return checks


def _wave(name: str, asked: Questionnaire, this: pl.Expr) -> Check:
    if asked.waves:
        return listed("wave", asked.waves, this)
    return Check(
        "wave",
        this & pl.col("wave").is_not_null(),
        f"questionnaire '{name}' is not asked in rounds",
        "Leave 'wave' empty, or add the round under 'waves' of the questionnaire in the definition.",
    )


def _raters_of_item(
    column: str, item: str, question: Question, asked: Questionnaire, this: pl.Expr
) -> list[Check]:
    """An item that only some raters answer; who is no rater of the questionnaire at all is told so already."""
    return [
        Check(
            column,
            this & pl.col(column).is_not_null() & (pl.col("rater") == rater),
            f"'{rater}' does not answer item '{item}'",
            f"Only {' and '.join(question.raters)} can answer it; leave the cell empty, or check the rater.",
        )
        for rater in asked.raters
        if question.raters and rater not in question.raters
    ]
