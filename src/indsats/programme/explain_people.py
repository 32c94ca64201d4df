"""Explains who a programme is for, how they come in, and who works with them where."""

from __future__ import annotations

from indsats.language import day, percent

from .base import Period
from .entry import Draw, Preference
from .explain_page import Page
from .words import duration_in_words, plain_number, row, rule_in_words


def groups(page: Page) -> None:
    """The target groups."""
    page.heading(2, "Hvem indsatsen er for", "Who it is for")
    for group in page.programme.groups.values():
        text = f"**{group.title.in_(page.lang)}**"
        text += f": {page.sentence(group.about.in_(page.lang))}" if group.about is not None else "."
        if group.when is not None and group.when.strip() != "true":
            rule = rule_in_words(page.programme, "person", group.when, page.lang, subordinate=True)
            text += page.say(f" Kendes på, at {rule}.", f" Told by: {rule}.")
        elif group.when is not None:
            text += page.say(" Alle hører til.", " Everybody belongs.")
        else:
            text += page.say(" Afgøres ved visitationen.", " Decided at visitation.")
        page.point(text)


def ways_in(page: Page) -> None:
    """Legal bases, draws, visitation and exclusions."""
    page.heading(2, "Hvordan man kommer ind", "How people come in")
    programme, lang = page.programme, page.lang
    page.heading(3, "Hjemmel", "Legal basis")
    for basis in programme.legal_bases.values():
        text = f"**{basis.title.in_(lang)}**: {page.sentence(basis.about.in_(lang))}"
        if basis.lasts is not None:
            length = duration_in_words(programme, basis.lasts, lang)
            text += page.say(f" Varer {length}.", f" Lasts {length}.")
        page.point(text)
    page.heading(3, "Visitation", "Visitation")
    if programme.visitation is not None:
        keep = programme.visitation.keep
        if keep.strip() != "true":
            rule = rule_in_words(programme, "visitation", keep, lang, subordinate=True)
            page.paragraph(
                page.say(f"Visitationer tæller med, når {rule}.", f"Visitations count when {rule}.")
            )
        page.paragraph(
            page.say(
                "Har en borger flere visitationer, afgøres målgruppen sådan, det første vindue først:",
                "When a citizen has several visitations, the group is found like this, the first window first:",
            )
        )
        for window in programme.visitation.windows:
            page.point(_window(page, window))
    page.heading(3, "Lodtrækning", "Random draw")
    for draw in programme.draws.values():
        page.point(_draw(page, draw))
    page.heading(3, "Udelukkelser", "Exclusions")
    for exclusion in programme.exclusions.values():
        text = exclusion.title.in_(lang)
        if exclusion.when is not None:
            rule = rule_in_words(programme, "person", exclusion.when, lang, subordinate=True)
            text += page.say(f" (når {rule})", f" (when {rule})")
        page.point(text)


def period(page: Page, period: Period) -> str:
    """``1. maj 2016 – 31. maj 2016``."""
    return f"{day(period.first, page.lang)} – {day(period.last, page.lang)}"


def _window(page: Page, window: Preference) -> str:
    orders = {
        "latest_start": page.say("den med den seneste startdato", "the one with the latest start"),
        "earliest_start": page.say("den med den tidligste startdato", "the one with the earliest start"),
        "latest_end": page.say(
            "den med den seneste slutdato (en åben er senest)",
            "the one with the latest end (an open one is latest)",
        ),
        "group_order": page.say("målgrupperne i den nævnte rækkefølge", "the groups in the order named"),
    }
    titles = row([page.title(page.programme.groups, name) for name in window.groups], page.lang)
    first, *rest = [orders[one] for one in window.prefer]
    text = page.say(
        f"Begyndt {period(page, window.period)}: {titles} tæller. Først vælges {first}",
        f"Begun {period(page, window.period)}: {titles} count. First choice is {first}",
    )
    text += "".join(page.say(f", så {one}", f", then {one}") for one in rest) + "."
    if window.yields:
        given = row([page.title(page.programme.groups, name) for name in window.yields], page.lang)
        text += page.say(
            f" {given} viger, hvis der også er en visitation i et senere vindue.",
            f" {given} gives way to any visitation in a later window.",
        )
    return text


def _draw(page: Page, draw: Draw) -> str:
    text = f"**{draw.title.in_(page.lang)}**: {page.sentence(draw.about.in_(page.lang))}"
    if draw.group is not None:
        group = page.title(page.programme.groups, draw.group)
        text += page.say(f" Der trækkes blandt {group}.", f" Drawn from {group}.")
    arms = [
        arm.title.in_(page.lang) + (f" ({percent(arm.share, page.lang, 0)})" if arm.share is not None else "")
        for arm in draw.arms.values()
    ]
    text += page.say(f" Udfaldene er {row(arms, 'da', 'or')}.", f" The arms are {row(arms, 'en', 'and')}.")
    if draw.strata:
        strata = row([one.title.in_(page.lang) for one in draw.strata], page.lang)
        text += page.say(f" Lodtrækningen balanceres på {strata}.", f" Balanced on {strata}.")
    return text


def places(page: Page) -> None:
    """Units and sites."""
    programme, lang = page.programme, page.lang
    page.heading(2, "Steder", "Places")
    for name, unit in programme.units.items():
        text = f"**{unit.title.in_(lang)}**"
        if not unit.in_effort:
            text += page.say(" (kun til sammenligning)", " (comparison only)")
        sites = []
        for site in programme.sites.values():
            if site.unit == name:
                remarks = []
                if site.organisation is not None:
                    remarks.append(page.title(programme.organisations, site.organisation))
                if site.open_days_per_week is not None:
                    days = plain_number(site.open_days_per_week, lang)
                    remarks.append(page.say(f"{days} åbningsdage om ugen", f"{days} open days a week"))
                if site.cluster is not None:
                    remarks.append(page.say(f"sammenlignes i {site.cluster}", f"compared in {site.cluster}"))
                sites.append(site.title.in_(lang) + (f" ({'; '.join(remarks)})" if remarks else ""))
        page.point(text + (f": {', '.join(sites)}." if sites else "."))


def roles(page: Page) -> None:
    """Roles, forms of organisation and caseloads."""
    programme, lang = page.programme, page.lang
    page.heading(2, "Hvem der gør arbejdet", "Who does the work")
    for role in programme.roles.values():
        text = f"**{role.title.in_(lang)}**"
        if role.external:
            text += page.say(" (uden for kommunen)", " (outside the municipality)")
        text += f": {page.sentence(role.does.in_(lang))}"
        if role.positions is not None:
            count = plain_number(role.positions, lang)
            text += page.say(f" {count} årsværk.", f" {count} full-time positions.")
        if role.combines:
            held = row([page.title(programme.roles, one) for one in role.combines], lang)
            text += page.say(f" Er samtidig {held}.", f" Is also {held}.")
        if role.continuity:
            phases = row([page.title(programme.phases, one) for one in role.continuity], lang)
            text += page.say(
                f" Bør være den samme person gennem {phases}.", f" Should be one person through {phases}."
            )
        page.point(text)
    page.heading(3, "Sagsstammer", "Caseloads")
    for caseload in programme.caseloads.values():
        setting = programme.settings.get(caseload.setting or "")
        most = caseload.most if setting is None else setting.value
        text = f"**{caseload.title.in_(lang)}** ({page.title(programme.roles, caseload.role)}):"
        if most is not None:
            text += page.say(
                f" højst {plain_number(most, lang)} sager", f" at most {plain_number(most, lang)} cases"
            )
            if setting is not None and setting.override:
                text += page.say(" (et sted kan vælge selv)", " (a site may choose its own)")
        if caseload.typical is not None:
            text += "," if most is not None else ""
            text += page.say(
                f" typisk {plain_number(caseload.typical, lang)}",
                f" typically {plain_number(caseload.typical, lang)}",
            )
        page.point(page.sentence(text))
    page.heading(3, "Former for organisering", "Forms of organisation")
    for form in programme.organisations.values():
        text = f"**{form.title.in_(lang)}**: {page.sentence(form.about.in_(lang))}"
        if form.strengths is not None:
            text += f" {page.say('For', 'For')}: {page.sentence(form.strengths.in_(lang))}"
        if form.weaknesses is not None:
            text += f" {page.say('Imod', 'Against')}: {page.sentence(form.weaknesses.in_(lang))}"
        if form.roles:
            only = row([page.title(programme.roles, one) for one in form.roles], lang)
            text += page.say(f" Kun her findes {only}.", f" Only here: {only}.")
        page.point(text)
