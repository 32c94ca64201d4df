"""What is said of methods: what an estimate assumes in plain words, where it is described, and how it is tested."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.language import inside
from indsats.programme import Text

from .words import both

OUTCOMES = both("Det, der måles", "What is measured")
OUTCOME = both("Effektmål", "Outcome")
CONTROL_OUTCOME = both(
    "Kontroludfald, som indsatsen ikke kan ændre", "Control outcome the effort cannot change"
)
WHAT = both("Sådan tælles det", "How it is counted")
KIND = both("Slags", "Kind")
BACKGROUND = both("Det, grupperne holdes op imod hinanden på", "What the groups are compared on")
COVARIATE = both("Kendetegn", "Characteristic")
FROM_WHERE = both("Hvor det er fra", "Where it is from")
OF_PERSON = both(
    "Oplysning om personen, som den var ved start.", "A fact about the person as it was at the start."
)
OF_DATA = both("Kolonne i data.", "A column of the data.")
DERIVED = both("Regnet ud af de andre kolonner, se ovenfor.", "Computed from the other columns, see above.")
ESTIMATES = both("Sådan regnes forskellen", "How the difference is estimated")
ESTIMATE = both("Estimat", "Estimate")
HOW = both("Fremgangsmåde", "Procedure")
HOLDS_WHEN = both("Er en virkning, når", "Is an effect when")
REFERENCE = both("Beskrevet i", "Described in")
CHECKS = both("Sådan prøves estimatet", "How the estimate is tried")
CHECK = both("Prøve", "Check")
SUBGROUPS = both("Undergrupper", "Subgroups")
SHOWS = both("Viser", "Shows")

MAIN = both(" (det, konklusionen hviler på)", " (the one the conclusion rests on)")
RAW_HOW = both(
    "Indsatsgruppens tal minus sammenligningsgruppens.", "The treated group's number minus the comparison's."
)
OTHERS = both(
    "Sammenligningsgruppen er alle andre, der er med.", "The comparison group is everybody else who is in."
)
LEFT_OUT = both(
    "Ude af opgørelsen er de, der mangler i et af datasættene, aldrig får startet uret i perioden, ikke "
    "er i målgruppen, eller som det ikke vides om. Den, der ikke er fulgt længe nok til et effektmål, er"
    " ude af det. Hvor mange det er, og hvorfor, står i tabellen over, hvem der indgår.",
    "Left out are those missing from one of the data sets, whose clock never starts in the window, who "
    "are not in the target group, or of whom it is not known. Those not followed long enough for an "
    "outcome are left out of it. How many, and why, stands in the table of who is included.",
)
ROWS_LEFT_OUT = both(
    "Ude af opgørelsen er de rækker i data, der ikke indgår, og dem, hvor en oplysning mangler. Hvor mange det er, "
    "og hvorfor, står i tabellen over, hvem der indgår.",
    "Left out are the rows of the data that are not taken, and those that lack a value. How many, and why, stands "
    "in the table of who is included.",
)
INTERVALS = both(
    "Alle intervaller er 95 %, og alle test er tosidede. En forskel kaldes statistisk sikker, når "
    "intervallet ikke rummer nul. Et interval, der rummer nul, viser ikke, at der ingen virkning er; det"
    " viser, hvor stor den kan være.",
    "All intervals are 95% and all tests two-sided. A difference is called statistically certain when "
    "the interval does not hold zero. An interval that holds zero does not show that there is no effect;"
    " it shows how large one may be.",
)
MANY: Mapping[str, Text] = {
    "holm": both(
        "Er der flere effektmål, justeres hovedestimatets p-værdier med Holms metode (Holm 1979, "
        "Scandinavian Journal of Statistics 6:65–70), så chancen for blot ét falsk fund holdes på 5 %.",
        "With several outcomes the p-values of the main estimate are adjusted by Holm's method (Holm "
        "1979, Scandinavian Journal of Statistics 6:65–70), which keeps the chance of even one false "
        "finding at 5%.",
    ),
    "benjamini-hochberg": both(
        "Er der flere effektmål, justeres hovedestimatets p-værdier med Benjamini og Hochbergs metode "
        "(1995, JRSS B 57:289–300), så den forventede andel af falske blandt fundene holdes på 5 %.",
        "With several outcomes the p-values of the main estimate are adjusted by the method of Benjamini"
        " and Hochberg (1995, JRSS B 57:289–300), which keeps the expected share of false ones among the"
        " findings at 5%.",
    ),
}
NOT_MANY = both(
    "P-værdierne er ikke justeret for, at der er flere effektmål.",
    "The p-values are not adjusted for there being several outcomes.",
)
NOT_HERE = both("Det, der ikke regnes her:", "What is not computed here:")

RAW_HOLDS = both(
    "grupperne var ens fra begyndelsen, som efter en lodtrækning.",
    "the groups were alike from the beginning, as after a random draw.",
)
_SEEN = both(
    "alt, der både har betydning for at være med og for udfaldet, er blandt kendetegnene.",
    "everything that matters both for taking part and for the outcome is among the characteristics.",
)
PAIRS: Mapping[str, tuple[Text, str]] = {
    "prognosis": (_SEEN, "Hansen 2008, Biometrika 95:481–488"),
    "propensity": (_SEEN, "Rosenbaum & Rubin 1983, Biometrika 70:41–55"),
    "mahalanobis": (_SEEN, "Rubin 1980, Biometrics 36:293–298"),
}
"""What pairs assume, and where they are described, by what they are formed on."""

WEIGHTING: Mapping[str, str] = {
    "propensity": "Lunceford & Davidian 2004, Statistics in Medicine 23:2937–2960",
    "entropy": "Hainmueller 2012, Political Analysis 20:25–46",
    "overlap": "Li, Morgan & Zaslavsky 2018, JASA 113:390–400",
    "subclass": "Rosenbaum & Rubin 1984, JASA 79:516–524",
}
"""Where weights are described, by the way of weighting."""

ASSUMED: Mapping[str, tuple[Text, str]] = {
    "regression": (
        both(
            f"{_SEEN.da[:-1]}, og sammenhængene er rette linjer.",
            f"{_SEEN.en[:-1]}, and the relations are straight lines.",
        ),
        "Angrist & Pischke 2009, Mostly Harmless Econometrics",
    ),
    "did": (
        both(
            "udviklingen uden indsatsen ville have været den samme begge steder, og ingen valgte sted "
            "efter den.",
            "without the effort the change would have been the same in both places, and nobody chose "
            "place by it.",
        ),
        "Angrist & Pischke 2009, Mostly Harmless Econometrics",
    ),
    "cox": (
        both(
            f"{_SEEN.da[:-1]}, og forholdet mellem raterne er det samme i hele tidsrummet.",
            f"{_SEEN.en[:-1]}, and the ratio of the rates is the same throughout the span.",
        ),
        "Cox 1972, JRSS B 34:187–220; Efron 1977, JASA 72:557–565",
    ),
    "restricted-mean": (
        both(
            "grupperne var ens fra begyndelsen; den er ikke justeret for baggrund.",
            "the groups were alike from the beginning; it is not adjusted for background.",
        ),
        "Royston & Parmar 2013, BMC Medical Research Methodology 13:152",
    ),
    "weighting": (_SEEN, ""),
    "doubly-robust": (
        both(
            f"{_SEEN.da[:-1]}, og enten udfaldet eller deltagelsen er beskrevet rigtigt.",
            f"{_SEEN.en[:-1]}, and either the outcome or participation is described correctly.",
        ),
        "Robins, Rotnitzky & Zhao 1994, JASA 89:846–866; Chernozhukov et al. 2018, Econometrics Journal "
        "21:C1–C68",
    ),
    "trial": (
        both(
            "lodtrækningen blev fulgt, og lige mange blev fulgt op i begge grupper.",
            "the draw was kept to, and both groups were followed up alike.",
        ),
        "Fisher 1935, The Design of Experiments; Lin 2013, Annals of Applied Statistics 7:295–318",
    ),
    "dose": (
        both(
            "aldrig af sig selv: hvor meget man fik, blev ikke trukket ved lod. Tallet er en sammenhæng.",
            "never by itself: how much one received was not drawn at random. The number is an association.",
        ),
        "",
    ),
}
"""What an estimate assumes, and where it is described, by its kind. Described nowhere: what is left of it is."""

DESCRIBED: Mapping[str, str] = {
    "e-value": "VanderWeele & Ding 2017, Annals of Internal Medicine 167:268–274",
    "tipping-point": "VanderWeele & Arah 2011, Epidemiology 22:42–52",
    "hidden-bias": "Rosenbaum 2002, Observational Studies",
    "leave-one-out": "",
    "negative-controls": "Schuemie et al. 2014, Statistics in Medicine 33:209–218",
    "placebo": "",
    "wild-bootstrap": "Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90:414–427",
    "randomisation": "MacKinnon & Webb 2020, Journal of Econometrics 218:435–450",
    "subgroups": "",
}
"""Where a check of sensitivity is described, by its name; empty where it needs no more than it says."""

INDICATOR = both("Indikator", "Indicator")
ABOUT = both("Hvad den viser", "What it shows")
COUNTED = both("Hvad der tælles, og blandt hvem", "What is counted, and among whom")
SOURCE = both("Kilde", "Source")
SOURCE_NOTE = both(
    "Linjer er dem i det dokument, programmet bygger på. »Valgt« står, hvor dokumentet intet siger.",
    "Lines are those of the document the programme is built on. “Decided” stands where the document says"
    " nothing.",
)


def clustered(by: Text) -> Text:
    """What uncertainty allows for when the effort was given to places and not to persons."""
    return both(
        f"Usikkerheden regner med, at borgere med samme {inside(by.da)} ligner hinanden "
        "(Liang & Zeger 1986, Biometrika 73:13–22).",
        f"The uncertainty allows for people with the same {inside(by.en)} being alike "
        "(Liang & Zeger 1986, Biometrika 73:13–22).",
    )


def begun(day_da: str, day_en: str) -> Text:
    """When the effort began among the treated."""
    return both(f"Indsatsen begyndte {day_da}.", f"The effort began on {day_en}.")


def software(version: str) -> Text:
    """What the numbers were made with."""
    return both(
        f"Tallene er regnet med indsats {version}; definition og data, de er regnet af, står med deres koder under "
        "»Om rapporten«.",
        f"The numbers were computed with indsats {version}; the definition and data they rest on stand with their "
        "codes under “About this report”.",
    )
