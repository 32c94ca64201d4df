"""Explains when a questionnaire is answered, what may be answered beside the scale, and its earlier editions."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.language import day

from .base import Duration
from .diff import edition_changes
from .explain_page import Page
from .measurement import AskedOf, Asking, Edition, Questionnaire, Score
from .words import duration_in_words, plain_number, quoted, row
from .words.literals import LITERALS
from .words.phrases import pick


def rounds(page: Page, asked: Questionnaire) -> None:
    """How long a round is open, what counts as the start, and when there are reminders."""
    say = page.say
    early, late = (_length(page, one) for one in (asked.window.early, asked.window.late))
    if early or late:
        before_da = f"tidligst {early} før fristen" if early else "tidligst på fristens dag"
        before_en = f"from {early} before it is due" if early else "from the day it is due"
        after_da = f"senest {late} efter" if late else "senest på dagen"
        after_en = f"to {late} after" if late else "and no later than that day"
        page.point(
            say(
                f"Et svar er i tide {before_da} og {after_da}.",
                f"An answer is in time {before_en} {after_en}.",
            )
        )
    if asked.baseline is not None:
        before, within = (_length(page, one) for one in (asked.baseline.before, asked.baseline.within))
        da = "fra indskrivningen" if not before else f"fra {before} før indskrivningen"
        en = "from enrolment" if not before else f"from {before} before enrolment"
        end_da = "på dagen" if not within else f"{within} efter"
        end_en = "that day" if not within else f"{within} after"
        page.point(
            say(
                f"Startmålingen er den første måling {da} til {end_da}.",
                f"The baseline is the first measurement {en} to {end_en}.",
            )
        )
    if asked.reminders:
        lengths = row(
            [_length(page, one) or say("samme dag", "the same day") for one in asked.reminders], page.lang
        )
        page.point(
            say(f"Der påmindes {lengths} efter fristen.", f"Reminders come {lengths} after it was due.")
        )


def _length(page: Page, length: Duration) -> str:
    """A length in words; nothing for none at all."""
    none = length.setting is None and not length.months and not length.days
    return "" if none else duration_in_words(page.programme, length, page.lang)


def beside(page: Page, asking: Asking) -> None:
    """Answers off the scale, and the points a form may have lacked."""
    lang = page.lang
    if asking.beside:
        told = "; ".join(
            f"{code} = {one.title.in_(lang)} ({LITERALS[one.means].in_(lang)})"
            for code, one in asking.beside.items()
        )
        page.point(page.say(f"Kan også besvares: {told}.", f"Can also be answered: {told}."))
    if asking.lacks_one_of:
        page.point(lacks(page, asking))


def lacks(page: Page, asking: Asking) -> str:
    """That the form was printed without one of some points."""
    points = row([str(point) for point in asking.lacks_one_of], page.lang, "or")
    if len(asking.lacks_one_of) == 1:
        return page.say(
            f"På skemaet manglede svaret {points}; scorer har derfor et spænd, de kunne have ligget i.",
            f"The form lacked the answer {points}; scores therefore have a range they could have been in.",
        )
    return page.say(
        f"På skemaet manglede ét af svarene {points}, og hvilket vides ikke; scorer har derfor et spænd, de kunne "
        "have ligget i.",
        f"The form lacked one of the answers {points}, and which is not known; scores therefore have a range they "
        "could have been in.",
    )


def item_remarks(page: Page, asking: Asking, options: list[int], asked_of: AskedOf | None) -> list[str]:
    """Which answers an item can have, and whom it is asked of, where that is not all."""
    remarks: list[str] = []
    if options:
        points = row([str(one) for one in sorted(options)], page.lang, "or")
        remarks.append(page.say(f"besvares med {points}", f"answered by {points}"))
    if asked_of is not None:
        remarks.append(_asked_of(page, asking, asked_of))
    return remarks


def _asked_of(page: Page, asking: Asking, asked_of: AskedOf) -> str:
    other = page.programme.questionnaires.get(asked_of.questionnaire or "")
    items: Mapping[str, object] = other.all_items if other is not None else asking.items
    said = {**asking.beside, **(other.beside if other is not None else {})}
    scale = other.scale if other is not None else asking.scale
    labels = {**scale.labels, **{code: one.title for code, one in said.items()}}
    answers = row(
        [
            f"{answer} ({labels[answer].in_(page.lang)})" if answer in labels else str(answer)
            for answer in asked_of.answers
        ],
        page.lang,
        "or",
    )
    item = page.title(items, asked_of.item)
    where = ""
    if other is not None:
        where = pick(page.lang, " i ", " in ") + quoted(other.title.in_(page.lang), page.lang)
    return page.say(
        f"kun til dem, der har svaret {answers} til {item}{where}",
        f"only of those who answered {answers} to {item}{where}",
    )


def precision(page: Page, score: Score) -> str:
    """How well a score is known to measure, and the least change people notice; a continued sentence."""
    text = ""
    if score.reliability is not None:
        value = plain_number(score.reliability.value, page.lang)
        text += page.say(f". Pålidelighed {value}", f". Reliability {value}")
        if score.reliability.sd is not None:
            spread = plain_number(score.reliability.sd, page.lang)
            text += page.say(f" (spredning {spread})", f" (standard deviation {spread})")
    if score.smallest_change is not None:
        least = plain_number(score.smallest_change, page.lang)
        text += page.say(
            f". Den mindste ændring, der mærkes, er {least}",
            f". The smallest change people notice is {least}",
        )
    return text


def editions(page: Page, name: str, asked: Questionnaire) -> None:
    """Each edition with the day it was replaced, and what changed from the one before it."""
    if not asked.earlier:
        return
    page.point(
        page.say(
            "Udgaver, den ældste først; svar læses efter den udgave, de er givet til:",
            "Editions, the oldest first; answers are read by the edition they were given to:",
        )
    )
    lacked = False
    for edition, asking in asked.editions.items():
        page.point(_edition(page, edition, asking), 1)
        if lacked and not asking.lacks_one_of:
            page.point(page.say("Ingen svar mangler længere.", "No answer is lacking any more."), 2)
        lacked = bool(asking.lacks_one_of)
        if isinstance(asking, Edition) and asking.lacks_one_of:
            page.point(lacks(page, asking), 2)
        for place, what in edition_changes(page.programme, name, edition):
            page.point(page.sentence(f"{place.in_(page.lang)}: {what.in_(page.lang)}"), 2)


def _edition(page: Page, name: str, asking: Asking) -> str:
    called = f"**{name}**"
    if not isinstance(asking, Edition):
        return page.say(f"{called}: bruges nu.", f"{called}: in use now.")
    until = day(asking.until, page.lang)
    text = page.say(f"{called}: brugt til og med {until}.", f"{called}: in use up to {until}.")
    if asking.comparable:
        return text + page.say(
            " Scorer kan sammenlignes med senere udgavers.", " Scores can be compared with later editions'."
        )
    return text + page.say(
        " Scorer sammenlignes ikke med senere udgavers.", " Scores are not compared with later editions'."
    )
