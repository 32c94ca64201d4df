"""What the tables of ranks and of reclassification say, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.language import day, number
from indsats.programme import Period, Text
from indsats.steer.benchmark import FEW, NO_VALUE
from indsats.steer.comparable import ALIKE, NO_CONDITIONS, TOO_FEW
from indsats.steer.comparable import TOO_FEW_SITES as FEW_SITES
from indsats.steer.reclassified import Verdict, Who

from .words import both

LEVEL = both("Niveau", "Level")
RANK = both("Plads blandt alle", "Rank among all")
CLUSTER = both("Sammenlignelige steder", "Comparable sites")
RANK_IN_CLUSTER = both("Plads blandt sammenlignelige", "Rank among comparable sites")
TO_OTHERS = both("Forskel til de øvrige", "Difference from the others")
TO_CLUSTER = both("Forskel til de sammenlignelige", "Difference from comparable sites")
TO_QUARTER = both("Forskel til den bedste fjerdedel", "Difference from the best quarter")
BEST_QUARTER = both("Chance for at høre til den bedste fjerdedel", "Chance of the best quarter")
WORST_QUARTER = both("Chance for at høre til den dårligste", "Chance of the worst quarter")
DISTANCES = both("Forskelle", "Differences")
ALL_SITES = both("De viste steder under ét", "The sites shown, together")
HOW_SURE = both("Hvor sikker er rækkefølgen?", "How sure is the order?")
COMPARED = both("Steder i rækkefølgen", "Sites ranked")
ALIKE_P = both("p for, at alle er ens", "p that all are alike")
READING = both("Sådan kan det læses", "How to read it")
CLUSTERS = both("Steder med samme rammevilkår", "Sites with the same framework conditions")
SITES = both("Steder", "Sites")

NOT_RANKED: Mapping[str, Text] = {
    FEW: both("for få personer", "too few persons"),
    NO_VALUE: both("intet tal", "no number"),
}
NO_CLUSTER: Mapping[str, Text] = {
    TOO_FEW: both("for få personer til at afgøre det", "too few persons to tell"),
    FEW_SITES: both("for få steder", "too few sites"),
    ALIKE: both("vilkårene er ens overalt", "conditions are alike everywhere"),
    NO_CONDITIONS: both("ikke angivet", "not given"),
}
RANK_NOTE: Mapping[str, Text] = {
    "higher": both(
        "Plads 1 har det højeste niveau. Tallene i parentes er de pladser, stedet kan have, når "
        "tilfældigheder tages med (95 %). Steder med samme niveau deler den bedste plads.",
        "Rank 1 has the highest level. The numbers in brackets are the ranks the site may have once chance is"
        " allowed for (95%). Sites with the same level share the better rank.",
    ),
    "lower": both(
        "Plads 1 har det laveste niveau. Tallene i parentes er de pladser, stedet kan have, når "
        "tilfældigheder tages med (95 %). Steder med samme niveau deler den bedste plads.",
        "Rank 1 has the lowest level. The numbers in brackets are the ranks the site may have once chance is "
        "allowed for (95%). Sites with the same level share the better rank.",
    ),
}
DISTANCE_NOTE = both(
    "En god plads er ikke det samme som at ligge over de andre: forskellen måles mod alle øvrige steder "
    "under ét, uden stedet selv. Går intervallet hen over 0, kan stedet ikke skelnes fra de øvrige.",
    "A good rank is not the same as lying above the others: the difference is from all other sites "
    "together, without the site itself. Where the interval goes across 0, the site cannot be told from "
    "the others.",
)
CLUSTER_LEVEL_NOTE = both(
    "Nederst står niveauet i hver gruppe af sammenlignelige steder.",
    "The level of each group of comparable sites stands at the bottom.",
)
QUARTER_NOTE = both(
    "Chancerne er regnet efter, at små steders niveau er trukket ind mod gennemsnittet, så et lille sted ikke ligner "
    "både det bedste og det dårligste.",
    "The chances are computed after the levels of small sites have been drawn towards the mean, so that a small site "
    "does not look like both the best and the worst.",
)
DRAWN = both(
    "For hvert sted, det bedste først: niveauet med 95 %-interval og ved siden af pladsen med en bjælke "
    "over de pladser, stedet kan have.",
    "For each site, the best first: the level with its 95% interval, and beside it the rank with a bar "
    "over the ranks the site may have.",
)
ALIKE_NOTE = both(
    "p er sandsynligheden for mindst så store forskelle, hvis alle steder i virkeligheden var ens "
    "(Cochrans Q). Af mange steder ligger nogle få uden for de øvrige ved et tilfælde: cirka 1 af 20.",
    "p is the probability of differences at least as large if all sites were really alike (Cochran's Q). "
    "Of many sites a few lie apart from the others by chance: about 1 in 20.",
)
UNKNOWN_ERROR = both(
    "Tallet er en optælling og ingen stikprøve: pladserne har ingen usikkerhed.",
    "The number is a count and no sample: the ranks have no uncertainty.",
)
TOO_FEW_SITES = both("For få steder til en rækkefølge.", "Too few sites for an order.")
CLUSTERS_NOTE = both(
    "Stederne er samlet efter, hvor ens deres deltagere er ved start (Wards metode). Tallene er andelen af gruppens "
    "deltagere.",
    "Sites are put together by how alike their participants are at the start (Ward's method). The numbers"
    " are shares of the group's participants.",
)
GIVEN_NOTE = both("Grupperne er angivet på forhånd.", "The groups were given beforehand.")

REPORTED = both("Som opgjort", "As reported")
STILL = both("Hvis ingen havde skiftet gruppe", "If nobody had changed class")
EVERYBODY = both("Alle grupper under ét", "All classes together")
IN_CLASS = both("Andel, der er i gruppen", "Share that is in the class")
MOVED_IN = both("Flyttet ind i gruppen", "Moved into the class")
MOVED_OUT = both("Flyttet ud af gruppen", "Moved out of the class")
VERDICT = both("Hvor meget er skift mellem grupper?", "How much is reclassification?")
LEFT = both("Tilbage, når grupperne holdes fast", "Left with classes held still")
CHANGE = both("Ændring", "Change")
PARTS = both("Hvad ændringen består af", "What the change is made of")
WHO = both("Hvem", "Who")
ENROLMENTS = both("Forløb", "Enrolments")
ADDED = both("Bidrag til ændringen", "Adds to the change")
WHO_CAME: Mapping[Who, Text] = {
    "stayed": both("I gruppen begge gange", "In the class both times"),
    "moved_in": both("Kom fra en anden gruppe", "Came from another class"),
    "new": both("Nye", "New"),
    "moved_out": both("Flyttet til en anden gruppe", "Moved to another class"),
    "gone": both("Ikke med længere", "No longer there"),
}
RECLASSIFIED_NOTE = both(
    "Som opgjort tæller dem, der stod i gruppen, da hver periode sluttede. Hvis ingen havde skiftet: hver"
    " tæller i den gruppe, de stod i ved den første periodes begyndelse, eller først fik.",
    "As reported counts those in the class when each period ended. If nobody had changed: each counts in "
    "the class they were in when the first period began, or were first given.",
)
CLASSED_NOTE = both(
    "Placeres nye anderledes fra starten, ses det kun på alle grupper under ét og på andelen i gruppen.",
    "Where new people are classed otherwise from the start, only all classes together and the share in "
    "the class show it.",
)
PARTS_NOTE = both(
    "Bidragene giver tilsammen ændringen, som den er opgjort. De, der kom eller gik, måles mod dem, der "
    "var med begge gange.",
    "What is added sums to the change as reported. Those who came or left are held against those there both times.",
)
VERDICTS: Mapping[Verdict, Text] = {
    "few": both(
        "For få i gruppen til at sige noget om ændringen.",
        "Too few in the class to say anything of the change.",
    ),
    "unclear": both(
        "Ændringen er ikke større, end tilfældigheder kan give, hverken som opgjort eller med grupperne holdt fast.",
        "The change is no larger than chance can give, neither as reported nor with classes held still.",
    ),
    "reclassified": both(
        "Ændringen skyldes mest, at folk har skiftet gruppe: mindre end halvdelen er tilbage, når grupperne "
        "holdes fast.",
        "The change is mostly reclassification: less than half of it is left when classes are held still.",
    ),
    "partly": both(
        "En del af ændringen skyldes, at folk har skiftet gruppe; mere end halvdelen er tilbage uden.",
        "Part of the change is reclassification; more than half of it is left without.",
    ),
    "hidden": both(
        "Som opgjort ses ingen sikker ændring, men der er en, når grupperne holdes fast: skift mellem grupper"
        " skjuler den.",
        "As reported no sure change is seen, but there is one with classes held still: moves between classes "
        "hide it.",
    ),
    "opposite": both(
        "Med grupperne holdt fast går ændringen den anden vej: skift mellem grupper vender billedet.",
        "With classes held still the change goes the other way: moves between classes turn the picture around.",
    ),
    "real": both(
        "Ændringen er der også, når grupperne holdes fast: den skyldes ikke skift mellem grupper.",
        "The change is there with classes held still too: it is not due to moves between classes.",
    ),
}


def cluster(name: str) -> Text:
    """A cluster's name: those computed are numbered, those given are called as they are."""
    head, _, place = name.rpartition("-")
    return (
        both(f"Gruppe {place}", f"Group {place}") if head == "group" and place.isdigit() else both(name, name)
    )


def period(of: Period) -> Text:
    """A period as the heading of a column."""
    da, en = (f"{day(of.first, lang)} – {day(of.last, lang)}" for lang in ("da", "en"))
    return both(da, en)


def silhouette(score: float) -> Text:
    """How clearly the groups are apart, by the usual limits of the mean silhouette (Kaufman & Rousseeuw 1990)."""
    clear = (
        both("Grupperne er klart adskilte", "The groups are clearly apart")
        if score >= 0.5
        else both("Grupperne er svagt adskilte", "The groups are weakly apart")
        if score >= 0.25
        else both("Grupperne er knap nok adskilte", "The groups are hardly apart")
    )
    return both(
        f"{clear.da} (silhuet {number(score, 'da', 2)}; 1 er helt adskilt).",
        f"{clear.en} (silhouette {number(score, 'en', 2)}; 1 is wholly apart).",
    )


def order(p: float, ranked: int, first: int | None, differ: int) -> Text:
    """Whether the order of the sites means anything: how many may be first, how many lie apart from the others."""
    if p >= 0.05:
        da = "Forskellene er ikke større, end tilfældigheder kan give."
        en = "The differences are no larger than chance can give."
    else:
        da = "Stederne er ikke ens."
        en = "The sites are not alike."
    if first is not None:
        da += f" {first} af {ranked} steder kan være nummer 1."
        en += f" {first} of {ranked} sites may be number 1."
    return both(f"{da} {differ} kan skelnes fra de øvrige.", f"{en} {differ} can be told from the others.")
