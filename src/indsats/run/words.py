"""What the composed tables and notes say, in Danish and English."""

from __future__ import annotations

from indsats.language import day
from indsats.programme import Period, Text


def _t(da: str, en: str) -> Text:
    return Text(da=da, en=en)


INDICATOR = _t("Indikator", "Indicator")
TARGET = _t("Mål", "Target")
REALISED = _t("Realiseret", "Realised")
STATUS = _t("Status", "Status")
EVERYBODY = _t("Alle, Kaplan-Meier", "Everybody, Kaplan-Meier")
BASIS = _t("Målgrundlag", "Basis of target")
FIXED = _t("Fast mål", "Fixed target")
FROM_OTHERS = _t("De øvrige enheders niveau", "Level of the other units")
NO_TARGET = _t("Intet mål", "No target")
ALL_UNITS = _t("Alle", "All")
UNKNOWN_UNIT = _t("Ukendt", "Unknown")
TOTAL = _t("I alt", "Total")
PERSONS = _t("Personer", "Persons")
UNIT = _t("Enhed", "Unit")
OTHER_EXIT = _t("Anden afgang", "Other exit")
NOT_AGAIN = _t("Ikke målt igen", "Not measured again")
CHARACTERISTIC = _t("Kendetegn", "Characteristic")
TREATED = _t("Indsats", "Programme")
UNTREATED = _t("Sammenligning", "Comparison")
DIFFERENCE = _t("Forskel", "Difference")
DIFFERENCE_POINTS = _t("Forskel, procentpoint", "Difference, percentage points")
P_VALUE = _t("p-værdi", "p-value")
OUTCOME = _t("Effektmål", "Outcome")
METHOD = _t("Metode", "Method")
STEP = _t("Trin", "Step")
SMD_BEFORE = _t("Std. forskel før", "Std. difference before")
SMD_AFTER = _t("Std. forskel efter", "Std. difference after")
MEAN_TREATED = _t("Indsats, gennemsnit", "Programme, mean")
MEAN_UNTREATED = _t("Sammenligning, gennemsnit", "Comparison, mean")
SCORE = _t("Forudsagt score (logit)", "Predicted score (logit)")
WEEK = _t("Uge", "Week")
GROUP = _t("Gruppe", "Group")
STILL_WAITING_SHARE = _t("Andel, der endnu ikke har nået det", "Share not yet there")
CAUSE = _t("Når", "When")
EFFECT = _t("så", "then")
EVIDENCE = _t("Dokumentets fund", "What the document found")
MEASURED = _t("Målt i perioden", "Measured in the period")
STANDARD_ERROR = _t("Standardfejl", "Standard error")

PHASE = _t("Fase", "Phase")
BEGUN = _t("Begyndt", "Begun")
SKIPPED = _t("Sprunget over", "Skipped")
ENDED = _t("Afsluttet", "Ended")
OPEN_NOW = _t("I fasen ved periodens slutning", "In the phase at the end of the period")
PHASES_NOTE = _t(
    "Forløb, der i perioden begyndte på fasen, sprang den over eller sluttede den. Et forløb tæller én gang i hvert "
    "tal, også når fasen er gentaget.",
    "Enrolments that began the phase in the period, skipped it or ended it. An enrolment counts once in each number, "
    "also when the phase was repeated.",
)
PHASES_DRAWN = _t(
    "Søjler med antallet af forløb i hver fase ved periodens slutning; tallene står i tabellen.",
    "Bars with the number of enrolments in each phase at the end of the period; the numbers stand in the table.",
)
SITE = _t("Sted", "Site")
REQUIREMENT = _t("Krav", "Requirement")
EACH_REQUIREMENT = _t("Krav for krav", "Requirement by requirement")
PARTICIPANTS_MET = _t("Deltagere med alle krav opfyldt", "Participants with every requirement met")
ITEMS_ANSWERED = _t("Krav opfyldt, som besvaret", "Requirements met, as answered")
ITEMS_MEASURED = _t("Krav opfyldt, målt på datoer", "Requirements met, measured on dates")
MET_ANSWERED = _t("Opfyldt, som besvaret", "Met, as answered")
MET_MEASURED = _t("Opfyldt, målt på datoer", "Met, measured on dates")
UNANSWERED = _t("Ikke besvaret", "Not answered")
CONTRADICTED = _t("Svar og datoer uenige", "Answer and dates disagree")
NOT_APPLICABLE = _t("Ikke relevant", "Not applicable")
NOT_DUE = _t("Endnu ikke forfaldne", "Not yet due")
FULFILMENT_NOTE = _t(
    "To forskellige andele: deltagere, for hvem alt, der er forfaldent, er opfyldt, og krav, der er opfyldt, blandt "
    "alle forfaldne. Ubesvarede tæller som ikke opfyldt. Ikke relevante og endnu ikke forfaldne er ude af begge.",
    "Two different shares: participants for whom everything due is met, and requirements met among all that are due. "
    "Unanswered ones count as not met. Those not applicable or not yet due are out of both.",
)
REQUIREMENTS_NOTE = _t(
    "Målt betyder afgjort af daterede registreringer. Et tomt felt: kravet kan ikke måles sådan. Uenige er andelen "
    "blandt dem, der både er besvaret og målt.",
    "Measured means decided by dated registrations. An empty cell: the requirement cannot be measured so. Disagreement "
    "is the share among those both answered and measured.",
)
REQUIREMENTS_DRAWN = _t(
    "For hvert krav to søjler: andelen, der er opfyldt efter svarene, og andelen, der er opfyldt målt på datoer.",
    "For each requirement two bars: the share met by the answers, and the share met as measured on dates.",
)
WAVE = _t("Runde", "Round")
ITEM_BY_ITEM = _t("Spørgsmål for spørgsmål", "Item by item")
MEAN = _t("Gennemsnit", "Mean")
COMPARED_WITH = _t("Til sammenligning", "For comparison")
ITEM = _t("Spørgsmål", "Item")
SCORES_NOTE = _t(
    "Den første måling i perioden for hver person; ved spørgeskemaer til steder først gennemsnittet i hvert sted.",
    "The first measurement of the period for each person; for questionnaires to sites the mean within each site first.",
)

STRENGTH = {
    "supported": _t("underbygget", "supported"),
    "partly": _t("delvist underbygget", "partly supported"),
    "not_shown": _t("ikke vist", "not shown"),
    "not_examined": _t("ikke undersøgt", "not examined"),
}

LEVELS = {
    "woman": _t("kvinde", "woman"),
    "man": _t("mand", "man"),
    "danish": _t("dansk", "Danish"),
    "immigrant": _t("indvandrer", "immigrant"),
    "descendant": _t("efterkommer", "descendant"),
    "married": _t("gift", "married"),
    "single": _t("ugift", "single"),
    "divorced": _t("skilt", "divorced"),
    "widowed": _t("enke eller enkemand", "widowed"),
    "primary": _t("grundskole", "primary school"),
    "upper_secondary": _t("gymnasial", "upper secondary"),
    "vocational": _t("erhvervsfaglig", "vocational"),
    "higher": _t("videregående", "higher"),
    "unknown": _t("ukendt", "unknown"),
}
"""The values persons' characteristics usually take; others are shown as they stand in the data."""

RAW = _t("Rå forskel", "Raw difference")
PROGNOSIS_PAIRS = _t("Tvillinger, forudsagt udfald", "Twins on predicted outcome")
MAHALANOBIS_PAIRS = _t("Tvillinger, samme kendetegn", "Twins on the characteristics themselves")
PROPENSITY_PAIRS = _t("Tvillinger, sandsynlighed for indsats", "Twins on treatment propensity")

INTERVAL_SHARES = _t(
    "Intervaller er 95 %. Rå forskelle: Newcombes scoreinterval og z-test for to andele. Tvillingepar: Newcombes "
    "interval for par og McNemars test; hvor en person er tvilling for flere, en klyngerobust standardfejl.",
    "Intervals are 95%. Raw differences: Newcombe's score interval and the two-proportion z test. Matched pairs: "
    "Newcombe's interval for pairs and McNemar's test; where one person is twin to several, a cluster-robust error.",
)
INTERVAL_MEANS = _t(
    "Intervaller er 95 %. Rå forskelle og regressioner: klassisk mindste kvadraters standardfejl med t-fordeling. "
    "Tvillingepar: standardfejlen af forskellen inden for par.",
    "Intervals are 95%. Raw differences and regressions: classical least-squares standard error with a t "
    "distribution. Matched pairs: the standard error of the difference within pairs.",
)
NOT_ESTIMATED = _t(
    "Streg: tallet kan ikke beregnes i disse data.", "Dash: the number cannot be estimated in these data."
)
STATISTIC = _t("Chi-i-anden", "Chi-squared")
DEGREES = _t("Frihedsgrader", "Degrees of freedom")
UNITS_TEST = _t("Forskel mellem enhederne", "Difference between the units")
WAITING_TEST = _t(
    "Log-rank-test for samme ventetid i de to grupper", "Log-rank test of the same waiting time"
)
WAITING_TEST_NOTE = _t(
    "Testen sammenligner grupperne, som de er, uden hensyn til baggrund.",
    "The test compares the groups as they are, background left aside.",
)
PAIRED = _t("Med tvilling", "With a twin")
UNPAIRED = _t("Uden tvilling", "Without a twin")
PAIRING = _t("Tvillinger til indsatsgruppen", "Twins for the programme group")
NOT_FOLLOWED = _t(
    "Uden kendt udfald, oftest ikke fulgt længe nok", "Outcome not known, mostly not followed long enough"
)
NOBODY_TO_COMPARE = _t(
    "Virkningen er ikke beregnet: der er ingen at sammenligne. Indsatsgruppen eller sammenligningsgruppen er tom.",
    "The effect has not been estimated: there is nobody to compare. The programme group or the comparison group is "
    "empty.",
)
PROGNOSIS_NOTE = _t(
    "Tvillinger på forudsagt udfald skal ligne hinanden i den forudsagte score, ikke nødvendigvis i hvert kendetegn.",
    "Twins on the predicted outcome have to be alike in the predicted score, not necessarily in each characteristic.",
)
NO_HOURS = _t(
    "Effektmål, der bygger på løntimer, er ikke beregnet: datamappen har ingen (register/hours.parquet eller "
    "register/hours.csv).",
    "Outcomes that rest on paid hours have not been estimated: the data folder has none (register/hours.parquet or "
    "register/hours.csv).",
)
NO_REGISTER = _t(
    "Virkningen er ikke beregnet: datamappen har intet ugentligt register (register/dream.parquet eller "
    "register/dream.csv).",
    "The effect has not been estimated: the data folder has no weekly register (register/dream.parquet or "
    "register/dream.csv).",
)
SMD_NOTE = _t(
    "Standardiseret forskel: forskellen i gennemsnit delt med spredningen i indsatsgruppen før matchningen. "
    "Under 0,1 i størrelse regnes ofte for god balance.",
    "Standardised difference: the difference in means divided by the programme group's standard deviation before "
    "matching. Below 0.1 in size is often taken as good balance.",
)
STOCK_NOTE = _t(
    "En uge er farvet af én ydelse, også når den kun er givet én dag; registret egner sig til forløb, ikke til "
    "bestande på en dag.",
    "A week carries one benefit even when it was paid for one day only; the register suits courses of time, not "
    "counts on a day.",
)


def waiting(title: Text) -> Text:
    """The title of a waiting-time table."""
    return _t(f"Uger indtil {_lower(title.da)}", f"Weeks until {_lower(title.en)}")


def followed(year: Period, start_months: int | None) -> Text:
    """Who a table of transitions follows, and for how long."""
    da = f"Fra første måling til slutningen af perioden {day(year.first, 'da')} til {day(year.last, 'da')}."
    en = f"From the first measurement to the end of the period {day(year.first, 'en')} to {day(year.last, 'en')}."
    if start_months is None:
        return _t(da, en)
    months_da = "den første måned" if start_months == 1 else f"de første {start_months} måneder"
    months_en = "the first month" if start_months == 1 else f"the first {start_months} months"
    return _t(
        f"{da} Med er dem, der blev målt i {months_da}.", f"{en} Included are those measured in {months_en}."
    )


def balance(title: Text) -> Text:
    """The title of a balance table."""
    return _t(f"Sammenlignelighed: {_lower(title.da)}", f"Comparability: {_lower(title.en)}")


def estimates(title: Text) -> Text:
    """The title of a table of estimates."""
    return _t(f"Effekt: {_lower(title.da)}", f"Effect: {_lower(title.en)}")


def amounts(title: Text) -> Text:
    """The title of a table of estimates that are amounts, beside one of shares."""
    return _t(f"Effekt i uger og timer: {_lower(title.da)}", f"Effect in weeks and hours: {_lower(title.en)}")


def population(title: Text) -> Text:
    """The title of a table of who was left out."""
    return _t(f"Hvem indgår: {_lower(title.da)}", f"Who is included: {_lower(title.en)}")


def from_side(side: Text) -> Text:
    """The heading of the transitions that begin on one side."""
    return _t(f"Begyndte i {_lower(side.da)}", f"Began in {_lower(side.en)}")


def joined(whole: Text, part: Text) -> Text:
    """A title with the part of it that a table is about."""
    return _t(f"{whole.da}: {_lower(part.da)}", f"{whole.en}: {_lower(part.en)}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
