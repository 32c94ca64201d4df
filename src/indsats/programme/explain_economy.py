"""Explains what it costs, what an effect is taken to be worth, and the futures that are priced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from indsats.language import percent

from .blocks import (
    Block,
    CaseBlock,
    CostsBlock,
    OwnGainBlock,
    PricesBlock,
    ScenariosBlock,
    SocietyBlock,
)
from .economy import (
    Activity,
    Consequence,
    CountDose,
    Dosed,
    Economy,
    EnteredEffect,
    EstimatedEffect,
    FixedDose,
    HoursDose,
    Overhead,
    ParticipantDose,
    Payer,
    Price,
    Scenario,
    TimeDose,
    YearEffect,
)
from .explain_page import Page
from .words import duration_in_words, happenings_in_words, plain_number, row
from .words.literals import LITERALS


def economy(page: Page) -> None:
    """Prices, what is spent, what an effect is worth, and scenarios."""
    told = page.programme.economy
    page.heading(2, "Hvad det koster, og hvad det giver igen", "What it costs and what it returns")
    if told.consequences or told.activities:
        _frame(page, told)
    page.heading(3, "Priser", "Prices")
    for price in told.prices.values():
        page.point(_price(page, price))
    page.heading(3, "Udgifter", "Costs")
    for activity in told.activities.values():
        _activity(page, activity)
    for overhead in told.overheads.values():
        page.point(_overhead(page, overhead))
    page.heading(3, "Gevinster", "Gains")
    for consequence in told.consequences.values():
        _consequence(page, consequence)
    page.heading(3, "Scenarier", "Scenarios")
    for scenario in told.scenarios.values():
        text = f"**{scenario.title.in_(page.lang)}**: {page.sentence(scenario.about.in_(page.lang))}"
        page.point(" ".join([text, *_counted(page, scenario)]))


def _frame(page: Page, told: Economy) -> None:
    say, years = page.say, told.horizon
    text = say(
        f"Der regnes på {years} år", f"{years} years are counted" if years > 1 else "1 year is counted"
    )
    if told.price_year is not None:
        text += say(f" i {told.price_year}-priser", f" at {told.price_year} prices")
    weeks = plain_number(told.weeks_on_benefit, page.lang)
    text += say(
        f". Deltagerne regnes at have fået ydelsen i {weeks} uger, når de begynder",
        f". Participants are taken to have drawn the benefit for {weeks} weeks when they begin",
    )
    if told.ladder is not None:
        text += say(
            "; hvor der er registre, tælles refusionstrappen i dem uge for uge",
            "; where there are registers the reimbursement ladder is counted in them week by week",
        )
    page.paragraph(f"{text}.")
    if told.participants is not None:
        page.paragraph(say(f"Det gælder {told.participants} deltagere.", f"It is about {told.participants}."))
    if told.yardstick is not None:
        main = page.title(told.consequences, told.yardstick)
        page.paragraph(
            say(
                f"Hvor meget der skal til for at gå lige op, fortælles ved {main}.",
                f"What it takes to break even is told by {main}.",
            )
        )


def _price(page: Page, price: Price) -> str:
    say, unit, per = page.say, price.unit.in_(page.lang), LITERALS[price.per].in_(page.lang)
    text = f"**{price.title.in_(page.lang)}** ({LITERALS[price.flow].in_(page.lang)}): "
    if price.book is not None:
        text += say(
            f"som »{price.book}« i prisbogen ({unit} {per})",
            f"as “{price.book}” in the price book ({unit} {per})",
        )
    elif price.amount is None:
        text += say(
            f"beløbet skal I selv angive ({unit} {per})", f"you have to give the amount ({unit} {per})"
        )
    else:
        text += f"{plain_number(price.amount, page.lang)} {unit} {per}"
    if price.low is not None and price.high is not None:
        low, high = plain_number(price.low, page.lang), plain_number(price.high, page.lang)
        text += say(f", mellem {low} og {high}", f", between {low} and {high}")
    if price.price_year is not None:
        text += say(f", {price.price_year}-priser", f", {price.price_year} prices")
    if price.payer is not None:
        payer = page.title(page.programme.roles, price.payer)
        text += say(f"; betales af {payer}", f"; paid by {payer}")
    if price.paid_by == "ladder":
        text += say(
            "; deles mellem kommune og stat efter refusionstrappen",
            "; divided between municipality and state by the reimbursement ladder",
        )
    elif price.paid_by is not None:
        text += say(f"; {_shares(page, price.paid_by)}", f"; {_shares(page, price.paid_by)}")
    return f"{text}."


def _shares(page: Page, shares: Mapping[Payer, float]) -> str:
    """Who has how much: ``staten 80 % og kommunen 20 %``."""
    told = [
        f"{LITERALS[payer].in_(page.lang)} {percent(share, page.lang, 0)}" for payer, share in shares.items()
    ]
    return row(told, page.lang)


def _activity(page: Page, activity: Activity) -> None:
    programme, say = page.programme, page.say
    price = page.title(programme.economy.prices, activity.price)
    service = ""
    if activity.service is not None:
        service = say(" i tilbuddet ", " in the service ")
        service += page.title(programme.services, activity.service)
    each, what = plain_number(activity.dose.each, page.lang), _dose(page, activity.dose)
    times = (
        say(f" til prisen {price}", f" at {price}")
        if activity.dose.each == 1
        else say(f", hver {each} gange prisen {price}", f", each {each} times {price}")
    )
    title, phase = activity.title.in_(page.lang), LITERALS[activity.phase].in_(page.lang)
    page.point(f"**{title}** ({phase}): {what}{service}{times}.")
    if activity.usual is not None:
        quantity = plain_number(activity.usual.quantity, page.lang)
        page.point(
            say(
                f"Ellers ville en deltager have fået {quantity} gange prisen.",
                f"Otherwise a participant would have had {quantity} times the price.",
            ),
            1,
        )


def _dose(page: Page, dose: Dosed) -> str:
    """What is counted: ``et møde, hvor type er »Opstart«``, or the time or hours of it."""
    say, programme = page.say, page.programme
    match dose:
        case CountDose():
            return happenings_in_words(programme, dose.what, page.lang)
        case TimeDose():
            if not dose.what:
                return say("tiden, borgeren er indskrevet", "the time a citizen is enrolled")
            what = happenings_in_words(programme, dose.what, page.lang)
            return say(f"tiden med {what}", f"the time with {what}")
        case HoursDose():
            what = happenings_in_words(programme, dose.what, page.lang)
            return say(f"timerne i {what}", f"the hours of {what}")
        case ParticipantDose():
            return say("hver deltager", "each participant")
        case FixedDose():
            units = [page.title(programme.units, unit) for unit in dose.units]
            where = say(" i ", " in ") + row(units, page.lang) if units else ""
            return say(
                f"fast, uanset hvor mange der er med{where},", f"fixed, however many take part{where},"
            )
        case _:
            assert_never(dose)


def _overhead(page: Page, overhead: Overhead) -> str:
    say, lang = page.say, page.lang
    share = percent(overhead.share, lang, 0)
    if overhead.low is not None and overhead.high is not None:
        low, high = percent(overhead.low, lang, 0), percent(overhead.high, lang, 0)
        share += say(f" (mellem {low} og {high})", f" (between {low} and {high})")
    activities = page.programme.economy.activities
    of = row([page.title(activities, one) for one in overhead.of], lang) if overhead.of else None
    what = of or say("det, der ikke er fast", "what is not fixed")
    return f"**{overhead.title.in_(lang)}**: " + say(f"{share} oven i {what}.", f"{share} on top of {what}.")


def _consequence(page: Page, consequence: Consequence) -> None:
    say, told = page.say, page.programme.economy
    title, unit = consequence.title.in_(page.lang), consequence.unit.in_(page.lang)
    each, price = plain_number(consequence.each, page.lang), page.title(told.prices, consequence.price)
    counted = LITERALS[consequence.counted_in].in_(page.lang)
    page.point(
        f"**{title}** ({unit}): "
        + say(
            f"effekten tælles i {counted}, og hver af dem er {each} gange prisen {price}.",
            f"the effect is counted in {counted}, and each of them is {each} times {price}.",
        )
    )
    for effect in consequence.effects:
        page.point(_effect(page, effect), 1)
    if consequence.worked:
        page.point(
            say("Er arbejde: færre timer giver mindre.", "Is work: fewer hours give less."),
            1,
        )
    if consequence.moves_with is not None:
        other = page.title(told.consequences, consequence.moves_with)
        page.point(
            say(f"Usikkerheden er den samme som ved {other}.", f"Its uncertainty is that of {other}."), 1
        )


def _effect(page: Page, effect: YearEffect) -> str:
    say, lang = page.say, page.lang
    year = say(f"År {effect.year}: ", f"Year {effect.year}: ")
    if isinstance(effect, EnteredEffect):
        text = plain_number(effect.value, lang)
        if effect.low is not None and effect.high is not None:
            low, high = plain_number(effect.low, lang), plain_number(effect.high, lang)
            text += say(f" (fra {low} til {high})", f" (from {low} to {high})")
        return f"{year}{text}."
    return f"{year}{_estimated(page, effect)}."


def _estimated(page: Page, effect: EstimatedEffect) -> str:
    evaluation = page.programme.evaluations.get(effect.evaluation)
    outcomes = {} if evaluation is None else {one.id: one for one in evaluation.outcomes}
    outcome, asked = (
        page.title(outcomes, effect.outcome),
        page.title(page.programme.evaluations, effect.evaluation),
    )
    text = page.say(f"effekten på {outcome} i {asked}", f"the effect on {outcome} in {asked}")
    if effect.estimate is not None:
        made = {} if evaluation is None else {one.id: one for one in evaluation.estimates}
        method = page.title(made, effect.estimate)
        text += page.say(f" efter {method}", f" by {method}")
    return text


def _counted(page: Page, scenario: Scenario) -> Iterator[str]:
    """What a scenario counts on, sentence by sentence."""
    say, lang = page.say, page.lang
    if scenario.effect != "expected":
        worst = scenario.effect == "cautious"
        yield say(
            f"Regner med den ende af intervallet, der er {'mindst' if worst else 'mest'} værd.",
            f"Counts on the end of the interval that is worth {'least' if worst else 'most'}.",
        )
    if scenario.effect_share is not None:
        share = percent(scenario.effect_share, lang, 0)
        yield say(f"Regner med {share} af effekten.", f"Counts on {share} of the effect.")
    if scenario.lasts is not None:
        length = duration_in_words(page.programme, scenario.lasts, lang)
        yield say(f"Effekten varer {length}.", f"The effect lasts {length}.")
    if scenario.fades is not None:
        length = duration_in_words(page.programme, scenario.fades, lang)
        yield say(f"Derefter aftager den over {length}.", f"After that it fades over {length}.")
    if scenario.hours_share != 1:
        share = percent(scenario.hours_share, lang, 0)
        yield say(f"Regner med {share} af timerne.", f"Counts on {share} of the hours.")
    if scenario.cost_share != 1:
        share = percent(scenario.cost_share, lang, 0)
        yield say(f"Regner med {share} af udgiften.", f"Counts on {share} of the cost.")
    if scenario.displaced:
        share = percent(scenario.displaced, lang, 0)
        yield say(
            f"Andre mister {share} af det, deltagerne vinder.", f"Others lose {share} of what is gained."
        )


def economy_block_in_words(page: Page, block: Block) -> str | None:
    """What a block of economy shows; None for any other."""
    say, told = page.say, page.programme.economy
    match block:
        case PricesBlock():
            return say(
                "priserne, der er regnet med, hvor de er fra, og dem I selv skal angive",
                "the prices that are used, where they are from, and those you have to give",
            )
        case CostsBlock():
            of = say("sted", "site") if block.by == "site" else say("enhed", "unit")
            return say(
                f"hvad indsatsen har kostet pr. deltager, efter {of} og måned siden start",
                f"what the effort cost per participant, by {of} and month since the start",
            )
        case CaseBlock() | SocietyBlock():
            scenario = page.title(told.scenarios, block.scenario or next(iter(told.scenarios), None))
            if isinstance(block, SocietyBlock):
                return say(
                    f"det samfundsøkonomiske resultat af scenariet {scenario}",
                    f"the socio-economic result of the scenario {scenario}",
                )
            return say(
                f"udgift og gevinst for hver betaler år for år i scenariet {scenario}, og hvad der skal til for at "
                "gå lige op",
                f"cost and gain to each payer year by year in the scenario {scenario}, and what it takes to break even",
            )
        case ScenariosBlock():
            return say(
                "scenarierne ved siden af hinanden, hvad der flytter resultatet mest, og hvor sikkert det er",
                "the scenarios beside each other, what moves the result most, and how sure it is",
            )
        case OwnGainBlock():
            benefit, wage = page.title(told.prices, block.benefit), page.title(told.prices, block.wage)
            hours = row([plain_number(one, page.lang) for one in block.hours], page.lang)
            return say(
                f"hvad borgeren har tilbage af {wage} ved siden af {benefit} ved {hours} timer om ugen",
                f"what the citizen has left of {wage} beside {benefit} at {hours} hours a week",
            )
        case _:
            return None
