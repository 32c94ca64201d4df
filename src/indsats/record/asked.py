"""Checks of facts about a questionnaire: whom it is about, who answers, which round and which edition."""

from __future__ import annotations

import polars as pl

from indsats.programme import Programme, Questionnaire

from .edition_items import item_checks
from .findings import Check, current, listed
from .kinds import ASKED_ABOUT, ROUND_ABOUT
from .tables import ANSWER


def questionnaire_checks(frame: pl.DataFrame, kind: str, programme: Programme) -> list[Check]:
    """Checks of a table of a kind that names a questionnaire, with answers or what was done to have them.

    Answers are judged by the edition each row belongs to (``editions.edition_of``).
    """
    about = ROUND_ABOUT[kind]
    ours = {name: asked for name, asked in programme.questionnaires.items() if asked.about == about}
    others = [name for name in programme.questionnaires if name not in ours]
    other = "site" if about == "person" else "person"
    checks = [
        Check(
            "questionnaire",
            current(programme) & pl.col("questionnaire").is_in(others),
            f"the questionnaire is answered about a {other}, not about a {about}",
            _moved(kind),
        ),
        listed("questionnaire", ours, current(programme) & ~pl.col("questionnaire").is_in(others)),
    ]
    columns = [name for name in frame.columns if name.startswith(ANSWER)]
    if kind in ASKED_ABOUT:
        checks.append(_answered(columns))
    for name, asked in ours.items():
        this = current(programme) & (pl.col("questionnaire") == name)
        checks += [listed("rater", asked.raters, this), _wave(name, asked, this)]
        if kind in ASKED_ABOUT:
            checks.append(listed("edition", asked.editions, this, "edition"))
            checks += item_checks(name, asked, columns, this)
    return checks


def answered_elsewhere(kind: str, programme: Programme) -> dict[str, str]:
    """Columns of items that are answered in the other kind's file, and what to do about them there."""
    about = ASKED_ABOUT.get(kind)
    if about is None:
        return {}
    return {
        ANSWER + item: f"Questionnaire '{name}' is answered about a {asked.about}. {_moved(kind)}"
        for name, asked in programme.questionnaires.items()
        for item in asked.all_items
        if asked.about != about
    }


def _moved(kind: str) -> str:
    """What to do about a row of ``kind`` whose questionnaire is about the other: a person, or a site."""
    if ROUND_ABOUT[kind] == "person":
        other = {"questionnaire_answered": "site_answered", "questionnaire_asked": "site_asked"}[kind]
        return f"Move the row to the file '{other}', with its site and without a person."
    other = {"site_answered": "questionnaire_answered", "site_asked": "questionnaire_asked"}[kind]
    return f"Move the row to the file '{other}', with the person who is answered about."


def _answered(columns: list[str]) -> Check:
    """That there is an answer at all; "don't know" is one."""
    answered = pl.any_horizontal([pl.col(name).is_not_null() for name in columns] or [pl.lit(False)])
    return Check(
        "questionnaire",
        ~answered,
        "no item of the questionnaire is answered",
        "Fill in the columns answer.<item>, or leave the row out: no answer is no fact.",
    )


def _wave(name: str, asked: Questionnaire, this: pl.Expr) -> Check:
    if asked.waves:
        return listed("wave", asked.waves, this)
    return Check(
        "wave",
        this & pl.col("wave").is_not_null(),
        f"questionnaire '{name}' is not asked in rounds",
        "Leave 'wave' empty, or add the round under 'waves' of the questionnaire in the definition.",
    )
