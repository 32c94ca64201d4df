"""Explains why it should work, how that is examined, what may be changed and what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.language import number

from .base import Item
from .evaluation import Evaluation
from .explain_estimates import estimates
from .explain_page import Page
from .explain_registers import clock, history, outcome, states
from .fields import parts
from .steering import Theory, TheoryLink
from .words import place_in_words, plain_number, quoted, row, rule_in_words
from .words.literals import LITERALS


def theories(page: Page) -> None:
    """Programme theories as chains from activities to results; every arrow stands in one chain."""
    page.heading(2, "Hvorfor det skulle virke", "Why it should work")
    for theory in page.programme.theories.values():
        page.heading(3, theory.title.da, theory.title.en)
        if theory.group is not None:
            group = page.title(page.programme.groups, theory.group)
            size = "" if theory.size is None else f" ({number(theory.size, page.lang)})"
            page.paragraph(page.say(f"For {group}{size}.", f"For {group}{size}."))
        for chain in chains(theory):
            page.point(_chain(page, theory, chain))


def chains(theory: Theory) -> list[list[TheoryLink]]:
    """The links laid end to end: each link once, each chain as long as it can be, from first causes on."""
    left = list(theory.links)
    effects = {link.effect for link in left}
    found: list[list[TheoryLink]] = []
    while left:
        # Start where nothing leads to, as long as there is such a place; a circle is begun as written.
        start = next((link for link in left if link.cause not in effects), left[0])
        chain = [start]
        left.remove(start)
        while (following := next((one for one in left if one.cause == chain[-1].effect), None)) is not None:
            chain.append(following)
            left.remove(following)
        found.append(chain)
        effects = {link.effect for link in left}
    return found


def _chain(page: Page, theory: Theory, chain: list[TheoryLink]) -> str:
    text = _node(page, theory, chain[0].cause)
    for link in chain:
        said = LITERALS[link.strength].in_(page.lang)
        if link.through:
            through = row([_node(page, theory, one) for one in link.through], page.lang)
            said += page.say(f", gennem {through}", f", through {through}")
        text += f" → {_node(page, theory, link.effect)} ({said})"
    return text


def _node(page: Page, theory: Theory, name: str) -> str:
    node = theory.nodes.get(name)
    return node.title.in_(page.lang) if node is not None else name


def evaluations(page: Page) -> None:
    """Questions of effect with data, comparison and estimates."""
    page.heading(2, "Hvordan effekten undersøges", "How the effect is examined")
    states(page)
    for name, evaluation in page.programme.evaluations.items():
        page.heading(3, evaluation.title.da, evaluation.title.en)
        _evaluation(page, name, evaluation)


def _evaluation(page: Page, name: str, evaluation: Evaluation) -> None:
    lang, say = page.lang, page.say
    page.paragraph(evaluation.ask.in_(lang))
    page.point(design_told(page, evaluation))
    if evaluation.index is not None:
        page.point(clock(page, evaluation.index))
    for made in evaluation.history:
        page.point(history(page, made))
    for told in who_told(page, name, evaluation):
        page.point(told)
    for asked in evaluation.outcomes:
        page.point(say("Udfald: ", "Outcome: ") + outcome(page, asked))
    background = [one.title.in_(lang) for one in evaluation.covariates]
    page.point(say(f"Baggrund: {row(background, 'da')}.", f"Background: {row(background, 'en')}."))
    estimates(page, evaluation)
    for further in evaluation.further:
        text = f"{further.title.in_(lang)}: {page.sentence(further.about.in_(lang))}"
        page.point(say("Regnes ikke her: ", "Not computed here: ") + text)


def who_told(page: Page, name: str, evaluation: Evaluation) -> Iterator[str]:
    """The data, the columns made from others, who is in and who is treated: a sentence each."""
    programme, lang, say = page.programme, page.lang, page.say
    table = f"evaluation:{name}"
    for rows in evaluation.rows:
        data = page.title(programme.tables, rows.table)
        where = rule_in_words(programme, f"rows:{rows.table}", rows.where, lang, subordinate=True)
        only = "" if rows.where.strip() == "true" else say(f", hvor {where}", f" where {where}")
        yield say(f"Data: {data}{only}.", f"Data: {data}{only}.")
    for column, text in evaluation.derive.items():
        made = rule_in_words(programme, table, text, lang).replace(" * ", " × ")
        yield f"{quoted(column, lang)} = {made}."
    if evaluation.population.strip() != "true":
        rule = rule_in_words(programme, table, evaluation.population, lang, subordinate=True)
        yield say(f"Med er dem, for hvem {rule}.", f"Included are those for whom {rule}.")
    rule = rule_in_words(programme, table, evaluation.treated, lang, subordinate=True)
    yield say(f"Indsatsgruppen er dem, for hvem {rule}.", f"The treated are those for whom {rule}.")


def design_told(page: Page, evaluation: Evaluation) -> str:
    """What the comparison rests on."""
    say = page.say
    return {
        "randomised": say("Grupperne er trukket ved lod.", "The groups were drawn at random."),
        "matched": say(
            "Deltagere sammenlignes med lignende borgere.",
            "Participants are compared with similar people.",
        ),
        "regression": say("Forskellen justeres ved regression.", "The difference is adjusted by regression."),
        "difference-in-differences": say(
            "Ændringen de steder, der fik indsatsen, sammenlignes med ændringen andre steder.",
            "The change where the effort was given is compared with the change elsewhere.",
        ),
    }[evaluation.design]


def settings(page: Page) -> None:
    """Settings: those a site may change, and those that stand fast."""
    for override in (True, False):
        if override:
            page.heading(2, "Hvad et sted selv kan vælge", "What a site may choose")
        else:
            page.heading(2, "Tal, der ligger fast", "Numbers that stand fast")
        for setting in page.programme.settings.values():
            if setting.override is not override:
                continue
            value = f"{plain_number(setting.value, page.lang)} {setting.unit.in_(page.lang)}"
            text = f"{setting.title.in_(page.lang)}: **{value}**"
            low = plain_number(setting.low, page.lang) if setting.low is not None else None
            high = plain_number(setting.high, page.lang) if setting.high is not None else None
            if low is not None and high is not None:
                text += page.say(f" (fra {low} til {high})", f" (from {low} to {high})")
            elif low is not None or high is not None:
                bound = (
                    page.say(f"mindst {low}", f"at least {low}")
                    if low
                    else page.say(f"højst {high}", f"at most {high}")
                )
                text += f" ({bound})"
            page.point(f"{text}.")


def decisions(page: Page) -> None:
    """What the documents do not say and somebody decided: these above all are to be confirmed."""
    page.heading(2, "Valg, hvor dokumenterne intet siger", "Decisions where the documents are silent")
    for path, item in parts(page.programme, Item):
        if "decision" in item.source and item.note is not None:
            place = place_in_words(page.programme, path, page.lang)
            page.point(f"{place}: {page.sentence(item.note.in_(page.lang))}")
