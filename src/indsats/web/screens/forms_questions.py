"""The questions of a questionnaire on a form: those of the edition that holds, and those that are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from indsats.language import Lang
from indsats.programme import Asking, Question, Questionnaire
from indsats.record import edition_of

from ..words import say
from .case_words import ANSWER
from .forms_options import Beside, Option

Asked = tuple[str, str, tuple[Option, ...], str, bool]
"""The field's name, its question, its answers, a hint, and whether other questions depend on it."""

_WHOLE = re.compile(r"^-?[0-9]{1,9}$")


@dataclass(frozen=True, slots=True)
class Shown:
    """The edition a form shows."""

    edition: str
    asking: Asking

    @property
    def by_rater(self) -> bool:
        """Whether some questions are asked of some raters only."""
        return any(one.raters for one in self.asking.items.values())


def edition_shown(beside: Beside, today: date) -> Shown | None:
    """The edition the answers on the form belong to: the one named, else the one of its day."""
    asked = beside.questionnaire
    if asked is None:
        return None
    name = edition_on(asked, _day(beside.given.get("occurred_from"), today), beside.given.get("edition"))
    return Shown(name, asked.editions[name])


def edition_on(asked: Questionnaire, day: date, named: str | None) -> str:
    """The edition of answers given on a day; one that is named goes before."""
    row = pl.DataFrame(
        {"edition": [named if named in asked.editions else None], "occurred_from": [day]},
        schema={"edition": pl.String, "occurred_from": pl.Date},
    )
    return row.select(edition_of(asked)).item()


def _day(said: str | None, today: date) -> date:
    try:
        return date.fromisoformat(said) if said else today
    except ValueError:
        return today


def answer_fields(beside: Beside, shown: Shown, lang: Lang) -> list[Asked]:
    """The questions of the edition that are asked of who answers, after the answers given so far."""
    rater = beside.given.get("rater")
    found: list[Asked] = []
    filters = {one.asked_of.item for one in shown.asking.items.values() if one.asked_of is not None}
    for item, question in shown.asking.items.items():
        if question.advice or (question.raters and rater and rater not in question.raters):
            continue
        if not _asked(item, shown.asking, beside) and not beside.given.get(ANSWER + item):
            continue
        title = (question.wording or question.title).in_(lang)
        choices = answer_choices(shown.asking, question, lang)
        found.append((ANSWER + item, title, choices, _only_if(question, shown.asking, lang), item in filters))
    return found


def answer_choices(asking: Asking, question: Question, lang: Lang) -> tuple[Option, ...]:
    """The answers that can be chosen, each with its words where it has some, and those beside the scale."""
    lacking = set(asking.lacks_one_of) if len(asking.lacks_one_of) == 1 else set()
    points = question.options or [
        point for point in range(asking.scale.low, asking.scale.high + 1) if point not in lacking
    ]
    named = [(point, question.answers.get(point) or asking.scale.labels.get(point)) for point in points]
    said = [(str(point), f"{point}: {text.in_(lang)}" if text else str(point)) for point, text in named]
    beside = [(str(code), one.title.in_(lang)) for code, one in asking.beside.items()]
    return (*said, *beside, ("", say("register.not_answered", lang)))


def _asked(item: str, asking: Asking, beside: Beside) -> bool:
    """Whether an item is asked after the answers given to its filters; a filter left open rules nobody out."""
    link, seen = asking.items[item].asked_of, {item}
    while link is not None and link.questionnaire is None and link.item not in seen:
        seen.add(link.item)
        answer = beside.given.get(ANSWER + link.item)
        if answer is not None and _WHOLE.match(answer) and int(answer) not in link.answers:
            return False
        link = asking.items[link.item].asked_of if link.item in asking.items else None
    return True


def _only_if(question: Question, asking: Asking, lang: Lang) -> str:
    link = question.asked_of
    if link is None or link.questionnaire is not None or link.item not in asking.items:
        return ""
    of = asking.items[link.item]
    labels = [of.answers.get(one) or asking.scale.labels.get(one) for one in link.answers]
    answers = [
        text.in_(lang) if text else str(point) for point, text in zip(link.answers, labels, strict=True)
    ]
    joint = " eller " if lang == "da" else " or "
    return say("register.only_if", lang, item=of.title.in_(lang), answers=joint.join(answers))
