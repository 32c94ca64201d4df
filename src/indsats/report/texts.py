"""Every sentence the room itself puts on a page, in Danish and English; a key lacks neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indsats import register, steer
from indsats.figure import Status
from indsats.language import Lang

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "skip": ("Gå til indholdet", "Skip to the content"),
    "brand": ("Indsats", "Indsats"),
    "synthetic": ("Syntetiske data", "Synthetic data"),
    "synthetic-about": (
        "Tallene er simulerede og beskriver ingen virkelige personer.",
        "The numbers are simulated and describe no real persons.",
    ),
    "personal": ("Indeholder personoplysninger", "Contains personal data"),
    "personal-about": ("Kun til den person, det handler om.", "Only for the person it is about."),
    "letter-to": ("Til {place}", "To {place}"),
    "other-language": ("In English", "På dansk"),
    "contents": ("Indhold", "Contents"),
    "tables-list": ("Tabeller", "Tables"),
    "figures-list": ("Figurer", "Figures"),
    "appendix": ("Bilag {number}", "Appendix {number}"),
    "appendix-basis": ("Grundlaget for tallene", "What the numbers are made of"),
    "page-of": ("side {page} af {pages}", "page {page} of {pages}"),
    "about": ("Om rapporten", "About this report"),
    "about-case": ("Om opgørelsen", "About this item"),
    "about-letter": ("Om brevet", "About this letter"),
    "cut-off": ("Data til og med", "Data up to"),
    "recorded-until": ("Registreret til og med", "Recorded up to"),
    "definition": ("Definition", "Definition"),
    "code": ("Kodens version", "Code version"),
    "inputs": ("Grunddata", "Inputs"),
    "input-facts": ("registreringer", "registrations"),
    "input-persons": ("borgere", "citizens"),
    "input-sites": ("steder", "sites"),
    "input-register": ("register", "register"),
    "input-prices": ("priser", "prices"),
    "input-plans": ("evalueringsplaner", "evaluation plans"),
    "input-last": ("forrige rapport", "the last report"),
    "source": ("Kilde", "Source"),
    "note": ("Anm.", "Note"),
    "edited": ("redigeret af afsender", "edited by the sender"),
    "taken-out": ("taget ud af afsender", "taken out by the sender"),
    "findings-none": (
        "Der er for få bag tallene til at sige noget om dem i ord.",
        "Too few are behind the numbers to say anything about them in words.",
    ),
    "told-hidden": ("(vises ikke)", "(not shown)"),
    "findings-empty": ("Tallene giver ikke anledning til bemærkninger.", "The numbers call for no remarks."),
    "programme": ("Program", "Programme"),
    "version": ("version {version}", "version {version}"),
    "period": ("Periode", "Period"),
    "period-value": ("{first} – {last}", "{first} – {last}"),
    "known": ("Som kendt", "As known"),
    "known-all": ("alt, der er registreret", "everything recorded"),
    "known-at": ("{day} kl. {hour}.{minute} (dansk tid)", "{day}, {hour}:{minute} (Danish time)"),
    "generated": ("Udarbejdet", "Made on"),
    "sources": ("Datakilder", "Data sources"),
    "threshold": ("Diskretion", "Disclosure control"),
    "threshold-value": (
        "antal fra 1 til {most} vises ikke, og heller ikke det, der ville afsløre dem",
        "counts from 1 to {most} are not shown, nor is what would reveal them",
    ),
    "threshold-rounded": (
        "antal er afrundet til nærmeste {base}",
        "counts are rounded to the nearest {base}",
    ),
    "threshold-sums": (
        "summer, som enkelte personer udgør det meste af, vises ikke",
        "sums that single persons make up most of are not shown",
    ),
    "threshold-none": ("alle antal vises", "all counts are shown"),
    "table": ("Tabel {number}", "Table {number}"),
    "chart": ("Figur {number}", "Figure {number}"),
    "chart-data": ("Tallene bag figuren: {table}", "The numbers behind the figure: {table}"),
    "chart-empty": (
        "Der er ingen tal, som kan vises i figuren.",
        "There are no numbers that can be shown in the figure.",
    ),
    "show-rows": ("Vis tabellens {rows} rækker", "Show the table's {rows} rows"),
    "basis": ("Grundlaget for tallene", "What the numbers are made of"),
    "basis-of": ("Grundlaget for tallene i {table}", "What the numbers in {table} are made of"),
    "basis-row": ("Række", "Row"),
    "basis-column": ("Kolonne", "Column"),
    "basis-numerator": ("Tæller", "Numerator"),
    "basis-denominator": ("Nævner", "Denominator"),
    "basis-excluded": ("Ikke medregnet", "Left out"),
    "basis-method": ("Metode", "Method"),
    "of": ("{numerator} af {denominator}", "{numerator} of {denominator}"),
    "interval": ("95 %-interval {low} til {high}", "95% interval {low} to {high}"),
    "p": ("p = {p}", "p = {p}"),
    "left-out": ("ikke medregnet: {reasons}", "left out: {reasons}"),
    "hidden": ("for få til at vise", "too few to show"),
    "no-value": ("intet tal", "no number"),
    "yes": ("ja", "yes"),
    "no": ("nej", "no"),
    "notes": ("Noter", "Notes"),
    "reading": ("Sådan læses tallene", "How to read the numbers"),
    "reading-hidden": (
        "Tallet vises ikke, fordi det bygger på for få personer eller ville afsløre et tal, der gør.",
        "The number is not shown, because it rests on too few persons or would reveal one that does.",
    ),
    "reading-dash": (
        "Der er intet tal: ingen at måle på, eller det kan endnu ikke måles.",
        "There is no number: nobody to measure, or it cannot be measured yet.",
    ),
    "reading-basis": (
        "Hold markøren over et tal for at se tæller og nævner, eller åbn grundlaget under tabellen.",
        "Point at a number to see its numerator and denominator, or open the basis below the table.",
    ),
    "reading-interval": (
        "Tal i parentes er grænserne for et 95 %-interval.",
        "Numbers in brackets are the limits of a 95% interval.",
    ),
    "reading-light": ("Status i forhold til målet:", "Status against the target:"),
    "chart-limit": ("Grænse 0,1", "Limit 0.1"),
    "chart-target": ("Mål", "Target"),
    "chart-realised": ("Realiseret", "Realised"),
    "chart-of-target": ("Realiseret i procent af målet", "Realised as a percentage of the target"),
    "chart-link": (
        "Når {cause}, så {effect}; dokumentets fund: {found}",
        "When {cause}, then {effect}; what the document found: {found}",
    ),
    "chart-goes-with": (
        "i tallene hænger de sammen med {value}",
        "in the numbers they go together by {value}",
    ),
    "chart-not-measured": ("ikke målt", "not measured"),
    "chart-more": ("og {rows} mere i tabellen", "and {rows} more in the table"),
    "chart-share": ("Andel", "Share"),
    "chart-better": ("Bedre", "Better"),
    "chart-worse": ("Dårligere", "Worse"),
    "chart-unclear": ("Ingen sikker ændring", "No clear change"),
    "chart-unchanged": ("Uændret", "Unchanged"),
    "chart-higher": ("Højere", "Higher"),
    "chart-lower": ("Lavere", "Lower"),
    "chart-range": ("{low} til {high}", "{low} to {high}"),
    "chart-from-to": ("Fra {before} (ring) til {after} (spids)", "From {before} (ring) to {after} (head)"),
    "chart-interval": (
        "95 %-interval for ændringen, regnet fra start",
        "95% interval of the change, counted from the start",
    ),
    "chart-reliable": (
        "Grå zone: mindre end en sikker ændring hos den enkelte",
        "Grey zone: less than a reliable change in one person",
    ),
    "chart-part-of-scale": (
        "Aksen viser {low} til {high} af skalaen, som går fra {first} til {last}.",
        "The axis shows {low} to {high} of the scale, which goes from {first} to {last}.",
    ),
    "chart-left-out": (
        "• for få til at vise: tallet er ikke tegnet.",
        "• too few to show: the number is not drawn.",
    ),
    "chart-start": ("Start", "Start"),
    "chart-end": ("Slut", "End"),
    "chart-part": ("en del vises ikke", "part is not shown"),
    "chart-open": (
        "Stiplet, åben blok: for få til at vise. De er ikke tegnet, og blokken har ikke sin fulde højde.",
        "Dashed, open block: too few to show. They are not drawn, and the block is not of its full height.",
    ),
    "ranks-above": ("Højere end de øvrige (95 %)", "Higher than the others (95%)"),
    "ranks-below": ("Lavere end de øvrige (95 %)", "Lower than the others (95%)"),
    "ranks-same": ("Kan ikke skelnes fra de øvrige", "Cannot be told from the others"),
    "ranks-level": ("Niveau", "Level"),
    "ranks-all": ("De viste steder under ét", "The sites shown, together"),
    "ranks-possible": ("Pladser, stedet kan have (95 %)", "Ranks the site may have (95%)"),
    "chart-centre": ("Midterlinje", "Centre line"),
    "chart-control-limits": ("Grænser for det tilfældige", "Limits of chance"),
    "chart-month": ("Måned", "Month"),
    "chart-inside": ("Inden for grænserne", "Inside the limits"),
    "chart-level-of-all": ("Alles niveau", "Level of all"),
    "chart-limits-95": ("95 %-grænser", "95% limits"),
    "chart-limits-998": ("99,8 %-grænser", "99.8% limits"),
    "chart-size": ("Antal bag stedets tal", "Number behind the figure of the place"),
    "chart-more-outside": (
        "{number} steder mere ligger uden for grænserne; de er nævnt i tabellen.",
        "{number} more places lie outside the limits; the table names them.",
    ),
    "money-expected": ("Forventet: {value}", "Expected: {value}"),
    "money-at-low": ("Resultat ved den lave værdi", "Result at the low value"),
    "money-at-high": ("Resultat ved den høje værdi", "Result at the high value"),
    "money-median": ("Median (det midterste udfald)", "Median (the middle outcome)"),
    "money-band": ("{share} af udfaldene", "{share} of the outcomes"),
    "money-interval": ("95 %-interval", "95% interval"),
    "money-even": ("Lige store chancer ({share})", "Even chances ({share})"),
    "money-gain": ("Gevinst", "Gain"),
    "money-loss": ("Udgift eller tab", "Cost or loss"),
    "missing-field": ("oplysning mangler", "not known"),
    "table-about": ("{rows} rækker med kolonnerne {columns}.", "{rows} rows with the columns {columns}."),
    "scroll": ("Tabellen kan rulles vandret", "The table scrolls sideways"),
    "writing-fields": (
        "Udfyld felterne: navn: tekst. De sættes ind, hvor rapporten nævner dem.",
        "Fill in the fields: name: text. They are put in where the report names them.",
    ),
    "writing-about": (
        "Ret teksten under et mærke, men lad mærket stå. Tal i {{{{ }}}} følger med, når rapporten laves igen. "
        "Tøm en tekst for at tage den ud.",
        "Change the words below a mark, but leave the mark. Numbers in {{{{ }}}} are put in anew when the report is "
        "made again. Empty a text to take it out.",
    ),
    "writing-lost": ("[tallet findes ikke længere]", "[the number is no longer there]"),
    "writing-now": ("Sådan ville teksten lyde nu:", "This is how the text would read now:"),
    "writing-gone": (
        "Rettede tekster, som rapporten ikke længere har plads til:",
        "Changed texts that the report has no place for any more:",
    ),
}

STATUS: Final[Mapping[Status, tuple[str, str, str]]] = {
    "met": ("✓", "opfyldt", "met"),
    "near": ("◆", "tæt på", "near"),
    "not_met": ("✕", "ikke opfyldt", "not met"),
    "too_few": ("·", "for få", "too few"),
    "not_measurable": ("–", "kan endnu ikke måles", "cannot be measured yet"),
}
"""Symbol, Danish and English of a traffic light."""

OTHER_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "not_applicable": ("ikke relevant", "not applicable"),
    "not_answered": ("ikke besvaret", "not answered"),
    "incomplete": ("ufuldstændig besvarelse", "incomplete answers"),
    "missing": ("oplysning mangler", "information missing"),
    "unknown": ("ukendt", "unknown"),
    "cancelled": ("aflyst", "cancelled"),
    "moved": ("flyttet", "moved"),
    "one_measurement": ("kun én måling", "one measurement only"),
    "no_measurement": ("ingen måling", "no measurement"),
    "censored": ("ikke fulgt længe nok", "not observed long enough"),
}
"""Reasons why rows left a denominator, beside those that the rooms of steering and registers name."""


METHODS: Final[Mapping[str, tuple[str, str]]] = {
    "fixed": ("fast mål", "fixed target"),
    "others": ("de øvrige enheders niveau", "level of the other units"),
    "others per month": (
        "de øvriges antal delt med deres personmåneder for hver af vore",
        "the others' count divided by their person-months for each of ours",
    ),
    "per person_month": ("pr. personmåned", "per person-month"),
    "after against before": ("efter i forhold til før", "after against before"),
    "days": ("dage", "days"),
    "all months together": ("alle måneder tilsammen", "all months together"),
    "mean of months": ("månedernes gennemsnit", "mean of the months"),
    "mean of site means": ("gennemsnit af stedernes gennemsnit", "mean of the means of the sites"),
    "per open_day": ("pr. åbningsdag", "per open day"),
    "Kaplan-Meier, log-log interval": ("Kaplan-Meier, log-log-interval", "Kaplan-Meier, log-log interval"),
    "difference in shares": ("forskel i andele", "difference in shares"),
    "difference in means": ("forskel i gennemsnit", "difference in means"),
    "difference in shares over matched pairs": (
        "forskel i andele i par",
        "difference in shares over matched pairs",
    ),
    "difference in means over matched pairs": (
        "forskel i gennemsnit i par",
        "difference in means over matched pairs",
    ),
    "Newcombe hybrid score interval": ("Newcombes scoreinterval", "Newcombe's hybrid score interval"),
    "Newcombe score interval for pairs": (
        "Newcombes scoreinterval for par",
        "Newcombe's score interval for pairs",
    ),
    "Wald standard error": ("Walds standardfejl", "Wald standard error"),
    "paired Wald standard error": ("Walds standardfejl for par", "paired Wald standard error"),
    "p from the pooled z test": ("p fra z-test for to andele", "p from the pooled z test"),
    "p from McNemar's test": ("p fra McNemars test", "p from McNemar's test"),
}
"""What the parts of a figure's method are called. A part that is not here, such as the covariates of a regression,
is told in ``results.json`` only, where everything is in English."""


def method(name: str, lang: Lang) -> str:
    """A figure's method in words, as far as its parts have words in both languages."""
    known = (METHODS[part][0 if lang == "da" else 1] for part in name.split("; ") if part in METHODS)
    return ", ".join(known)


def say(key: str, lang: Lang, **values: object) -> str:
    """A message in one language with its places filled; ``KeyError`` for an unknown key."""
    return MESSAGES[key][0 if lang == "da" else 1].format(**values)


def reason(name: str, lang: Lang) -> str:
    """A reason of exclusion in words; one that nobody has named is shown as it was given."""
    for named in (steer.REASONS, register.REASONS):
        if name in named:
            return named[name].in_(lang)
    if name.startswith("missing "):
        what = say("missing-field", lang)
        return f"{what}: {name.removeprefix('missing ')}"
    known = OTHER_REASONS.get(name)
    return name if known is None else known[0 if lang == "da" else 1]


def light(status: Status, lang: Lang) -> tuple[str, str]:
    """Symbol and text of a traffic light."""
    symbol, da, en = STATUS[status]
    return symbol, da if lang == "da" else en
