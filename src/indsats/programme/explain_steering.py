"""Explains what is counted, exactly, and what is aimed at."""

from __future__ import annotations

from indsats.language import day, percent

from .base import Text
from .explain_page import Page
from .explain_people import period
from .steering import (
    AnswerIndicator,
    BetweenIndicator,
    CaseloadIndicator,
    ChangeIndicator,
    ConsecutiveIndicator,
    CountIndicator,
    FulfilmentIndicator,
    Indicator,
    MeanIndicator,
    MissingIndicator,
    RateIndicator,
    ReachedIndicator,
    ScoreIndicator,
    ShareIndicator,
    StockIndicator,
    Target,
    TimelinessIndicator,
    WithinIndicator,
)
from .words import (
    clauses,
    duration_in_words,
    facts_in_words,
    field_in_words,
    happening_in_words,
    happenings_in_words,
    plain_number,
    row,
    rule_in_words,
)

_SHARES = (
    "share",
    "timeliness",
    "within",
    "reached",
    "consecutive",
    "change",
    "fulfilment",
    "answer",
    "missing",
)


def indicators(page: Page) -> None:
    """Every indicator with its exact definition."""
    programme, lang = page.programme, page.lang
    page.heading(2, "Hvad der tælles", "What is counted")
    better = {
        "higher": page.say("Højere er bedre.", "Higher is better."),
        "lower": page.say("Lavere er bedre.", "Lower is better."),
        "neither": page.say("Ingen retning er bedre.", "No direction is better."),
    }
    for indicator in programme.indicators.values():
        page.point(f"**{indicator.title.in_(lang)}**: {page.sentence(indicator.about.in_(lang))}")
        told = indicator_told(page, indicator)
        page.point(f"{page.say('Opgøres sådan', 'Told as')}: {told} {better[indicator.better]}", 1)


def indicator_told(page: Page, indicator: Indicator) -> str:
    """The exact definition of an indicator in whole sentences, and whom it is confined to."""
    programme = page.programme
    told = page.sentence(indicator_in_words(page, indicator))
    if indicator.service is not None:
        service = page.title(programme.services, indicator.service)
        told += page.say(f" Kun indskrevne i {service}.", f" Only those enrolled in {service}.")
    if indicator.group is not None:
        group = page.title(programme.groups, indicator.group)
        told += page.say(f" Kun målgruppen {group}.", f" Only the target group {group}.")
    return told


def indicator_in_words(page: Page, indicator: Indicator) -> str:
    """The exact definition of an indicator, its denominator included."""
    programme, lang, say = page.programme, page.lang, page.say
    match indicator:
        case CountIndicator(kind=kind, where=where):
            facts = facts_in_words(programme, kind, where, lang)
            return say(f"antal {facts}, begyndt i perioden", f"number of {facts}, begun in the period")
        case ShareIndicator(kind=kind, among=among, where=where):
            facts = facts_in_words(programme, kind, among, lang)
            rule = rule_in_words(programme, kind, where, lang, subordinate=True)
            return say(
                f"af periodens {facts}: andelen, hvor {rule}",
                f"of the period's {facts}: the share where {rule}",
            )
        case RateIndicator(kind=kind, where=where, per=per):
            facts = facts_in_words(programme, kind, where, lang)
            per_da = {"person_month": "måned, en borger er indskrevet", "open_day": "åbningsdag"}[per]
            per_en = {"person_month": "month a citizen is enrolled", "open_day": "open day"}[per]
            return say(f"periodens {facts}, pr. {per_da}", f"the period's {facts}, per {per_en}")
        case TimelinessIndicator(cadence=cadence):
            title = page.title(programme.cadences, cadence)
            return say(
                f"af dem, der forfaldt i perioden efter {title}: andelen, der var gjort senest på dagen",
                f"of those that fell due in the period by {title}: the share done no later than the day",
            )
        case WithinIndicator(kind=kind, where=where, weeks=weeks):
            facts = facts_in_words(programme, kind, where, lang)
            return say(
                f"af forløb, der er fulgt i {weeks} uger: andelen, der inden da har {facts}",
                f"of enrolments followed for {weeks} weeks: the share that by then have {facts}",
            )
        case StockIndicator(phase=None):
            return say(
                "borgere med et åbent forløb på periodens sidste dag",
                "citizens with an open enrolment on the last day of the period",
            )
        case StockIndicator(phase=phase):
            title = page.title(programme.phases, phase)
            return say(
                f"borgere, der er i fasen {title} på periodens sidste dag",
                f"citizens in the phase {title} on the last day of the period",
            )
        case ReachedIndicator():
            return _reached(page, indicator)
        case BetweenIndicator(since=since, until=until):
            end = happenings_in_words(programme, until, lang)
            start = (
                happenings_in_words(programme, since, lang) if since else say("indskrivningen", "enrolment")
            )
            return say(
                f"gennemsnitligt antal dage fra første gang, der er {start}, til første gang derefter, der er {end}, "
                "blandt forløb, hvor det sidste falder i perioden"
                if since
                else f"gennemsnitligt antal dage fra indskrivningen til første gang, der er {end}, "
                "blandt forløb, hvor det falder i perioden",
                f"mean days from the first {start} to the first {end} after it, among enrolments where the latter "
                "falls in the period",
            )
        case ConsecutiveIndicator(what=what, months=months):
            facts = happenings_in_words(programme, what, lang)
            if months == 1:
                return say(
                    f"af borgere med et åbent forløb i perioden: andelen, der i mindst én kalendermåned siden "
                    f"indskrivningen har haft {facts}",
                    f"of citizens with an open enrolment in the period: the share that in at least one calendar month "
                    f"since enrolment have had {facts}",
                )
            return say(
                f"af borgere med et åbent forløb i perioden: andelen, der siden indskrivningen har haft {facts} i "
                f"{months} kalendermåneder i træk",
                f"of citizens with an open enrolment in the period: the share that since enrolment have had {facts} in "
                f"{months} calendar months in a row",
            )
        case ChangeIndicator(what=what, before=before):
            facts = happenings_in_words(programme, what, lang)
            length = duration_in_words(programme, before, lang)
            return say(
                f"antal borgere, der siden indskrivningen har haft {facts}, i forhold til hvor mange af de samme der "
                f"havde det i {length} før: (efter − før) / før",
                f"number of citizens that since enrolment have had {facts}, against how many of the same had it in the "
                f"{length} before: (after − before) / before",
            )
        case MeanIndicator(kind=kind, field=field, where=where):
            facts = facts_in_words(programme, kind, where, lang)
            name = field_in_words(programme, kind, field, lang)
            return say(
                f"gennemsnittet af {name} over periodens {facts}, hvor det er oplyst",
                f"the mean of {name} over the period's {facts} that tell it",
            )
        case MissingIndicator():
            return _missing(page, indicator)
        case CaseloadIndicator(role=role):
            title = page.title(programme.roles, role)
            return say(
                f"åbne sager pr. {title} på periodens sidste dag",
                f"open cases per {title} on the last day of the period",
            )
        case FulfilmentIndicator():
            return _fulfilment(page, indicator)
        case ScoreIndicator():
            asked = programme.questionnaires.get(indicator.questionnaire)
            score = page.title(asked.scores if asked is not None else {}, indicator.score)
            per_site = asked is not None and asked.about == "site"
            mean = say("gennemsnittet af", "the mean of")
            across = say(
                ", først inden for hvert sted og så på tværs",
                ", first within each site and then across sites",
            )
            return f"{mean} {score}{_measured_at(page, indicator)}{across if per_site else ''}"
        case AnswerIndicator():
            return _answer(page, indicator)


def _reached(page: Page, indicator: ReachedIndicator) -> str:
    programme, lang = page.programme, page.lang
    if indicator.every:
        told = [happening_in_words(programme, one, lang) for one in indicator.what]
        facts = page.say("både ", "each of ") + clauses(told, lang)
    else:
        facts = happenings_in_words(programme, indicator.what, lang)
    among = ""
    if indicator.among:
        had = happenings_in_words(programme, indicator.among, lang)
        among = page.say(f" og med {had}", f" and with {had}")
    return page.say(
        f"af forløb begyndt i perioden{among}: andelen, der har {facts}",
        f"of enrolments begun in the period{among}: the share that have {facts}",
    )


def _missing(page: Page, indicator: MissingIndicator) -> str:
    steps = row([one.title.in_(page.lang) for one in indicator.steps.values()], page.lang)
    if len(indicator.steps) == 1:
        return page.say(
            f"af forløb åbne på periodens sidste dag: andelen, der mangler {steps}",
            f"of enrolments open on the last day of the period: the share that lack {steps}",
        )
    if indicator.step is None or indicator.step not in indicator.steps:
        return page.say(
            f"af forløb åbne på periodens sidste dag: andelen, der mangler mindst ét af trinnene {steps}",
            f"of enrolments open on the last day of the period: the share that lack at least one of the steps {steps}",
        )
    title = indicator.steps[indicator.step].title.in_(page.lang)
    return page.say(
        f"af forløb åbne på periodens sidste dag: andelen, hvor {title} er det første, der mangler af {steps}",
        f"of enrolments open on the last day of the period: the share where {title} is the first missing of {steps}",
    )


def _fulfilment(page: Page, indicator: FulfilmentIndicator) -> str:
    programme, say = page.programme, page.say
    which = []
    if indicator.requirement is not None:
        which.append(page.title(programme.requirements, indicator.requirement))
    if indicator.phase is not None:
        which.append(say("fasen ", "the phase ") + page.title(programme.phases, indicator.phase))
    if indicator.element is not None:
        which.append(page.title({**programme.services, **programme.elements}, indicator.element))
    scope = say(f" ({', '.join(which)})", f" ({', '.join(which)})") if which else ""
    word = {
        "answered": say("efter medarbejdernes svar", "by the workers' answers"),
        "measured": say("efter datoerne", "by the dated facts"),
        "either": say("efter datoerne, ellers efter svarene", "by the dated facts, else by the answers"),
    }[indicator.by]
    if indicator.of == "participants":
        return say(
            f"af deltagere med minimumskrav, der forfaldt i perioden{scope}: andelen, der fik dem alle opfyldt, {word}",
            f"of participants with minimum requirements due in the period{scope}: the share with all met, {word}",
        )
    return say(
        f"af minimumskrav, der forfaldt i perioden{scope}: andelen, der blev opfyldt, {word}",
        f"of minimum requirements due in the period{scope}: the share met, {word}",
    )


def _answer(page: Page, indicator: AnswerIndicator) -> str:
    asked = page.programme.questionnaires.get(indicator.questionnaire)
    item = page.title(asked.items if asked is not None else {}, indicator.item)
    levels = {level.id: level for level in asked.levels} if asked is not None else {}
    if indicator.level is not None:
        answers = page.title(levels, indicator.level)
    else:
        answers = row([str(one) for one in indicator.answers], page.lang, "or")
    at = _measured_at(page, indicator)
    return page.say(
        f"af dem, der besvarede {item}{at}: andelen, der svarede {answers}",
        f"of those who answered {item}{at}: the share that answered {answers}",
    )


def _measured_at(page: Page, indicator: ScoreIndicator | AnswerIndicator) -> str:
    asked = page.programme.questionnaires.get(indicator.questionnaire)
    if indicator.wave is not None:
        wave = page.title(asked.waves if asked is not None else {}, indicator.wave)
        return page.say(f" i runden {wave}", f" in the wave {wave}")
    first = page.say(" ved periodens første måling", " at the first measurement of the period")
    return (
        first
        if indicator.at == "first"
        else page.say(" ved periodens sidste måling", " at the last of the period")
    )


def targets(page: Page) -> None:
    """Targets with direction, band and period, and who set them."""
    page.heading(2, "Måltal", "Targets")
    for target in page.programme.targets:
        page.point(target_in_words(page, target))


def target_in_words(page: Page, target: Target) -> str:
    """What is aimed at, where, when it counts as near, for which period, who set it, and what a miss asks for."""
    programme, say = page.programme, page.say
    indicator = programme.indicators.get(target.indicator)
    title = page.title(programme.indicators, target.indicator)
    lower = indicator is not None and indicator.better == "lower"
    word = say("højst" if lower else "mindst", "at most" if lower else "at least")
    text = f"{title} {_aimed_in(page, target)}: {word} {_level(page, target)}"
    if target.band and target.value != 0:
        band = percent(target.band, page.lang, 0)
        text += say(
            f"; inden for {band} af måltallet er det næsten nået",
            f"; within {band} of the target it is nearly met",
        )
    if target.period is not None:
        text += say(f"; gælder {period(page, target.period)}", f"; for {period(page, target.period)}")
    if target.valid is not None:
        ends = period(page, target.valid)
        text += say(f"; gælder rapporter, der slutter {ends}", f"; for reports that end {ends}")
    text = page.sentence(text)
    if target.set_by is not None or target.set_on is not None:
        text += f" {page.sentence(set_in_words(target).in_(page.lang))}"
    if target.explain_within != Target.model_fields["explain_within"].default:
        within = duration_in_words(programme, target.explain_within, page.lang)
        text += say(
            f" Nås det ikke, bedes der om forklaring og handlingsplan inden {within} efter perioden.",
            f" Where it is missed, explanation and action plan are asked for within {within} of the period.",
        )
    return text


def set_in_words(target: Target) -> Text:
    """Who set a target, and when: ``sat af udvalget den 8. februar 2016``. Empty of neither is ``sat``."""
    da, en = "sat", "set"
    if target.set_by is not None:
        da, en = f"{da} af {target.set_by.da}", f"{en} by {target.set_by.en}"
    if target.set_on is not None:
        da, en = f"{da} den {day(target.set_on, 'da')}", f"{en} on {day(target.set_on, 'en')}"
    return Text(da=da, en=en)


def _aimed_in(page: Page, target: Target) -> str:
    if target.site is not None:
        site = page.title(page.programme.sites, target.site)
        return page.say(f"på stedet {site}", f"at the site {site}")
    if target.unit is not None:
        unit = page.title(page.programme.units, target.unit)
        return page.say(f"i {unit}", f"in {unit}")
    return page.say("i hele programmet", "in the whole programme")


def _level(page: Page, target: Target) -> str:
    programme, say = page.programme, page.say
    indicator = programme.indicators.get(target.indicator)
    if target.comparator == "all":
        return say("niveauet i det hele", "the level of the whole")
    if target.comparator == "others":
        return (
            say("niveauet i de øvrige enheder", "the level of the other units")
            if target.site is None
            else say("niveauet på de øvrige steder", "the level of the other sites")
        )
    if target.value is None:
        parent = next((one for one in programme.targets if one.id == target.share_of), None)
        whole_da = whole_en = str(target.share_of)
        if parent is not None:
            whole_da = whole_en = _aimed_in(page, parent)
        if target.share is not None:
            share = percent(target.share, page.lang, 0 if round(target.share * 100, 6) % 1 == 0 else 1)
            return say(f"{share} af måltallet {whole_da}", f"{share} of the target {whole_en}")
        return say(
            f"sin relative del af måltallet {whole_da}, efter hvor længe borgerne er indskrevet",
            f"its relative part of the target {whole_en}, by how long the citizens are enrolled",
        )
    if indicator is not None and indicator.measures in _SHARES:
        decimals = 0 if round(target.value * 100) == round(target.value * 100, 6) else 1
        return percent(target.value, page.lang, decimals)
    return plain_number(target.value, page.lang)
