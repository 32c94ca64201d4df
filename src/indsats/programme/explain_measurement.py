"""Explains what is asked and how answers are scored: items, waves, scores, levels and classes."""

from __future__ import annotations

from .explain_editions import beside, editions, item_remarks, precision, rounds
from .explain_page import Page
from .explain_people import period
from .measurement import Band, Questionnaire, Score
from .words import duration_in_words, every_in_words, plain_number, quoted, row, rule_in_words, value_in_words
from .words.names import read_table

_PURPOSES = read_table(
    """
progression: måler progression | measures progression
wellbeing: måler trivsel | measures wellbeing
fidelity: måler, om modellen følges | measures fidelity to the model
survey: spørger til erfaringer | asks about experience
checklist: er en tjekliste | is a checklist
"""
)


def questionnaires(page: Page) -> None:
    """Every questionnaire with its items and what answers amount to."""
    page.heading(2, "Spørgeskemaer", "Questionnaires")
    for name, asked in page.programme.questionnaires.items():
        page.heading(3, asked.title.da, asked.title.en)
        _who(page, asked)
        _items(page, asked)
        for score in asked.scores.values():
            page.point(_score(page, asked, score))
        if asked.levels:
            levels = "; ".join(
                f"{level.title.in_(page.lang)} ({row([str(one) for one in level.answers], page.lang)})"
                for level in asked.levels
            )
            page.point(
                page.say(f"Svar samles i niveauer: {levels}.", f"Answers are told as levels: {levels}.")
            )
        if asked.classes:
            _classes(page, name, asked)
        editions(page, name, asked)


def _who(page: Page, asked: Questionnaire) -> None:
    programme, lang = page.programme, page.lang
    purpose = _PURPOSES[asked.purpose][0].in_(lang)
    about = page.say("stedet", "the site") if asked.about == "site" else page.say("borgeren", "the citizen")
    kind = asked.answer_kind
    joint = "and" if asked.by == "each" else "or"
    raters = row([value_in_words(programme, kind, "rater", one, lang) for one in asked.raters], lang, joint)
    text = page.say(
        f"Skemaet {purpose} og handler om {about}. Det besvares af {raters}{_by(asked)[0]}.",
        f"It {purpose} and is about {about}. It is answered by {raters}{_by(asked)[1]}.",
    )
    cadence = programme.cadences.get(asked.cadence or "")
    if cadence is not None:
        every = every_in_words(programme, cadence.every, lang)
        text += page.say(f" Udfyldes {every}.", f" Filled in {every}.")
    if asked.owner is not None:
        text += page.say(
            f" Ordlyden tilhører {asked.owner} og står ikke her.",
            f" The wording belongs to {asked.owner} and is left out.",
        )
    page.paragraph(text)
    for wave in asked.waves.values():
        if wave.period is not None:
            when = period(page, wave.period)
        elif wave.after is not None:
            length = duration_in_words(programme, wave.after, lang)
            start = not (wave.after.months or wave.after.days or wave.after.setting)
            after = page.say(f"{length} efter indskrivningen", f"{length} after enrolment")
            when = page.say("ved indskrivningen", "at enrolment") if start else after
        else:
            when = page.say("uden fast tidspunkt", "at no fixed time")
        page.point(
            page.say(
                f"Runde {quoted(wave.title.da, 'da')}: {when}.",
                f"Wave {quoted(wave.title.en, 'en')}: {when}.",
            )
        )
    rounds(page, asked)
    low, high, lang = asked.scale.low, asked.scale.high, page.lang
    better = {
        "higher": page.say("højere er bedre", "higher is better"),
        "lower": page.say("lavere er bedre", "lower is better"),
        "neither": page.say("ingen retning er bedre", "no direction is better"),
    }[asked.scale.better]
    labels = "; ".join(f"{answer} = {text.in_(lang)}" for answer, text in asked.scale.labels.items())
    scale = page.say(f"Svar fra {low} til {high}; {better}", f"Answers from {low} to {high}; {better}")
    page.point(f"{scale} ({labels})." if labels else f"{scale}.")
    beside(page, asked)


def _by(asked: Questionnaire) -> tuple[str, str]:
    """That each of several raters answers, in Danish and English."""
    if asked.by == "each" and len(asked.raters) > 1:
        return " hver for sig", " each for themselves"
    return "", ""


def _items(page: Page, asked: Questionnaire) -> None:
    programme, lang = page.programme, page.lang
    count = len(asked.items)
    page.point(page.say(f"{count} spørgsmål:", "1 question:" if count == 1 else f"{count} questions:"))
    for question in asked.items.values():
        text = question.title.in_(lang)
        if question.wording is not None:
            text += f": {quoted(question.wording.in_(lang), lang)}"
        remarks = []
        if question.raters and set(question.raters) != set(asked.raters):
            raters = [
                value_in_words(programme, "questionnaire_answered", "rater", one, lang)
                for one in question.raters
            ]
            remarks.append(page.say(f"kun {row(raters, 'da')}", f"{row(raters, 'en')} only"))
        remarks += item_remarks(page, asked, question.options, question.asked_of)
        if question.element is not None:
            element = page.title({**programme.services, **programme.elements}, question.element)
            remarks.append(page.say(f"om {element}", f"about {element}"))
        if question.advice:
            remarks.append(page.say("et råd", "advice"))
        page.point(text + (f" ({', '.join(remarks)})" if remarks else ""), 1)
        if question.easy is not None:
            easy = quoted(question.easy.in_(lang), lang)
            page.point(page.say(f"Letlæst: {easy}", f"Easy-read: {easy}"), 2)
        for answer, label in question.answers.items():
            page.point(f"{answer} = {label.in_(lang)}", 2)


def _score(page: Page, asked: Questionnaire, score: Score) -> str:
    lang = page.lang
    items = page.say("alle spørgsmål", "all items")
    if score.items and set(score.items) != set(asked.items):
        items = row([page.title(asked.items, item) for item in score.items], lang)
    how = {"sum": page.say("summen af", "the sum of"), "mean": page.say("gennemsnittet af", "the mean of")}
    text = f"**{score.title.in_(lang)}** = {how[score.combine]} {items}"
    if score.times != 1:
        text += f" × {plain_number(score.times, lang)}"
    if score.at_least is None:
        text += page.say("; alle skal være besvaret", "; all must be answered")
    else:
        text += page.say(
            f"; mindst {score.at_least} skal være besvaret", f"; at least {score.at_least} must be answered"
        )
        if score.combine == "sum":
            text += page.say(
                ", og mangler der svar, regnes de som gennemsnittet af de øvrige",
                ", and missing ones count as the mean of the others",
            )
    if score.bands:
        text += ". " + "; ".join(f"{band.title.in_(lang)}: {_range(page, band)}" for band in score.bands)
    for reference in score.references:
        value = plain_number(reference.value, lang)
        title = quoted(reference.title.in_(lang), lang)
        text += page.say(f". Sammenlignes med {title} ({value})", f". Compared with {title} ({value})")
    return page.sentence(text + precision(page, score))


def _range(page: Page, band: Band) -> str:
    low = plain_number(band.low, page.lang) if band.low is not None else None
    high = plain_number(band.high, page.lang) if band.high is not None else None
    if low is None:
        return page.say(f"til og med {high}", f"up to {high}") if high else page.say("alle", "all")
    if high is None:
        return page.say(f"fra {low}", f"from {low}")
    return low if low == high else page.say(f"{low} til {high}", f"{low} to {high}")


def _classes(page: Page, name: str, asked: Questionnaire) -> None:
    page.point(
        page.say(
            "Svarene giver en klasse; den første, der passer:", "Answers give a class; the first that fits:"
        )
    )
    for found in asked.classes:
        rule = rule_in_words(page.programme, f"questionnaire:{name}", found.when, page.lang)
        otherwise = page.say("alle øvrige", "all others")
        text = f"**{found.id}** {found.title.in_(page.lang)}: {otherwise if found.when.strip() == 'true' else rule}"
        if found.side is not None:
            text += f" ({page.title(asked.sides, found.side)})"
        page.point(text, 1)
