"""What the composed tables and notes say, in Danish and English."""

from __future__ import annotations

from indsats.language import LANGUAGES, day, inside
from indsats.programme import Period, Text


def both(da: str, en: str) -> Text:
    return Text(da=da, en=en)


INDICATOR = both("Indikator", "Indicator")
TARGET = both("Mål", "Target")
REALISED = both("Realiseret", "Realised")
STATUS = both("Status", "Status")
EVERYBODY = both("Alle, Kaplan-Meier", "Everybody, Kaplan-Meier")
BASIS = both("Målgrundlag", "Basis of target")
FIXED = both("Fast mål", "Fixed target")
FROM_OTHERS = both("De øvrige enheders niveau", "Level of the other units")
NO_TARGET = both("Intet mål", "No target")
ALL_UNITS = both("Alle", "All")
UNKNOWN_UNIT = both("Ukendt", "Unknown")
TOTAL = both("I alt", "Total")
PERSONS = both("Personer", "Persons")
UNIT = both("Enhed", "Unit")
OTHER_EXIT = both("Anden afgang", "Other exit")
NOT_AGAIN = both("Ikke målt igen", "Not measured again")
CHARACTERISTIC = both("Kendetegn", "Characteristic")
TREATED = both("Indsats", "Programme")
UNTREATED = both("Sammenligning", "Comparison")
DIFFERENCE = both("Forskel", "Difference")
DIFFERENCE_POINTS = both("Forskel, procentpoint", "Difference, percentage points")
P_VALUE = both("p-værdi", "p-value")
OUTCOME = both("Effektmål", "Outcome")
METHOD = both("Metode", "Method")
STEP = both("Trin", "Step")
SMD_BEFORE = both("Std. forskel før", "Std. difference before")
SMD_AFTER = both("Std. forskel efter", "Std. difference after")
MEAN_TREATED = both("Indsats, gennemsnit", "Programme, mean")
MEAN_UNTREATED = both("Sammenligning, gennemsnit", "Comparison, mean")
SCORE = both("Forudsagt score (logit)", "Predicted score (logit)")
WEEK = both("Uge", "Week")
GROUP = both("Gruppe", "Group")
STILL_WAITING_SHARE = both("Andel, der endnu ikke har nået det", "Share not yet there")
CAUSE = both("Når", "When")
EFFECT = both("så", "then")
EVIDENCE = both("Dokumentets fund", "What the document found")
MEASURED = both("Målt i perioden", "Measured in the period")
STANDARD_ERROR = both("Standardfejl", "Standard error")

PHASE = both("Fase", "Phase")
BEGUN = both("Begyndt", "Begun")
SKIPPED = both("Sprunget over", "Skipped")
ENDED = both("Afsluttet", "Ended")
OPEN_NOW = both("I fasen ved periodens slutning", "In the phase at the end of the period")
PHASES_NOTE = both(
    "Forløb, der i perioden begyndte på fasen, sprang den over eller sluttede den. Et forløb tæller én gang i hvert "
    "tal, også når fasen er gentaget.",
    "Enrolments that began the phase in the period, skipped it or ended it. An enrolment counts once in each number, "
    "also when the phase was repeated.",
)
PHASES_DRAWN = both(
    "Søjler med antallet af forløb i hver fase ved periodens slutning; tallene står i tabellen.",
    "Bars with the number of enrolments in each phase at the end of the period; the numbers stand in the table.",
)
SITE = both("Sted", "Site")
REQUIREMENT = both("Krav", "Requirement")
EACH_REQUIREMENT = both("Krav for krav", "Requirement by requirement")
PARTICIPANTS_MET = both("Deltagere med alle krav opfyldt", "Participants with every requirement met")
ITEMS_ANSWERED = both("Krav opfyldt, som besvaret", "Requirements met, as answered")
ITEMS_MEASURED = both("Krav opfyldt, målt på datoer", "Requirements met, measured on dates")
MET_ANSWERED = both("Opfyldt, som besvaret", "Met, as answered")
MET_MEASURED = both("Opfyldt, målt på datoer", "Met, measured on dates")
UNANSWERED = both("Ikke besvaret", "Not answered")
CONTRADICTED = both("Svar og datoer uenige", "Answer and dates disagree")
NOT_APPLICABLE = both("Ikke relevant", "Not applicable")
NOT_DUE = both("Endnu ikke forfaldne", "Not yet due")
FULFILMENT_NOTE = both(
    "To forskellige andele: deltagere, for hvem alt, der er forfaldent, er opfyldt, og krav, der er opfyldt, blandt "
    "alle forfaldne. Ubesvarede tæller som ikke opfyldt. Ikke relevante og endnu ikke forfaldne er ude af begge.",
    "Two different shares: participants for whom everything due is met, and requirements met among all that are due. "
    "Unanswered ones count as not met. Those not applicable or not yet due are out of both.",
)
UNANSWERED_NOT_MET = both(
    "Andelen af forfaldne krav, der er svaret ja til. Ubesvarede tæller som ikke opfyldt.",
    "The share of requirements due that were answered yes. Unanswered ones count as not met.",
)
REQUIREMENTS_NOTE = both(
    "Målt betyder afgjort af daterede registreringer. Et tomt felt: kravet kan ikke måles sådan. Uenige er andelen "
    "blandt dem, der både er besvaret og målt.",
    "Measured means decided by dated registrations. An empty cell: the requirement cannot be measured so. Disagreement "
    "is the share among those both answered and measured.",
)
REQUIREMENTS_DRAWN = both(
    "For hvert krav to søjler: andelen, der er opfyldt efter svarene, og andelen, der er opfyldt målt på datoer.",
    "For each requirement two bars: the share met by the answers, and the share met as measured on dates.",
)
WAVE = both("Runde", "Round")
ITEM_BY_ITEM = both("Spørgsmål for spørgsmål", "Item by item")
MEAN = both("Gennemsnit", "Mean")
COMPARED_WITH = both("Til sammenligning", "For comparison")
ITEM = both("Spørgsmål", "Item")
SCORES_NOTE = both(
    "Den første måling i perioden for hver person; ved spørgeskemaer til steder først gennemsnittet i hvert sted.",
    "The first measurement of the period for each person; for questionnaires to sites the mean within each site first.",
)

LEVELS = {
    "woman": both("kvinde", "woman"),
    "man": both("mand", "man"),
    "danish": both("dansk", "Danish"),
    "immigrant": both("indvandrer", "immigrant"),
    "descendant": both("efterkommer", "descendant"),
    "married": both("gift", "married"),
    "single": both("ugift", "single"),
    "divorced": both("skilt", "divorced"),
    "widowed": both("enke eller enkemand", "widowed"),
    "primary": both("grundskole", "primary school"),
    "upper_secondary": both("gymnasial", "upper secondary"),
    "vocational": both("erhvervsfaglig", "vocational"),
    "higher": both("videregående", "higher"),
    "unknown": both("ukendt", "unknown"),
}
"""The values persons' characteristics usually take; others are shown as they stand in the data."""

RAW = both("Rå forskel", "Raw difference")
PROGNOSIS_PAIRS = both("Tvillinger, forudsagt udfald", "Twins on predicted outcome")
MAHALANOBIS_PAIRS = both("Tvillinger, samme kendetegn", "Twins on the characteristics themselves")
PROPENSITY_PAIRS = both("Tvillinger, sandsynlighed for indsats", "Twins on treatment propensity")

INTERVAL_SHARES = both(
    "Intervaller er 95 %. Rå forskelle: Newcombes scoreinterval og z-test for to andele. Tvillingepar: Newcombes "
    "interval for par og McNemars test; hvor en person er tvilling for flere, en klyngerobust standardfejl.",
    "Intervals are 95%. Raw differences: Newcombe's score interval and the two-proportion z test. Matched pairs: "
    "Newcombe's interval for pairs and McNemar's test; where one person is twin to several, a cluster-robust error.",
)
INTERVAL_MEANS = both(
    "Intervaller er 95 %. Rå forskelle og regressioner: klassisk mindste kvadraters standardfejl med t-fordeling. "
    "Tvillingepar: standardfejlen af forskellen inden for par.",
    "Intervals are 95%. Raw differences and regressions: classical least-squares standard error with a t "
    "distribution. Matched pairs: the standard error of the difference within pairs.",
)
NOT_ESTIMATED = both(
    "Streg: tallet kan ikke beregnes i disse data.", "Dash: the number cannot be estimated in these data."
)
STATISTIC = both("Chi-i-anden", "Chi-squared")
DEGREES = both("Frihedsgrader", "Degrees of freedom")
UNITS_TEST = both("Forskel mellem enhederne", "Difference between the units")
WAITING_TEST = both(
    "Log-rank-test for samme ventetid i de to grupper", "Log-rank test of the same waiting time"
)
WAITING_TEST_NOTE = both(
    "Testen sammenligner grupperne, som de er, uden hensyn til baggrund.",
    "The test compares the groups as they are, background left aside.",
)
PAIRED = both("Med tvilling", "With a twin")
UNPAIRED = both("Uden tvilling", "Without a twin")
PAIRING = both("Tvillinger til indsatsgruppen", "Twins for the programme group")
NOT_FOLLOWED = both(
    "Uden kendt udfald, oftest ikke fulgt længe nok", "Outcome not known, mostly not followed long enough"
)
NOBODY_TO_COMPARE = both(
    "Virkningen er ikke beregnet: der er ingen at sammenligne. Indsatsgruppen eller sammenligningsgruppen er tom.",
    "The effect has not been estimated: there is nobody to compare. The programme group or the comparison group is "
    "empty.",
)
PROGNOSIS_NOTE = both(
    "Tvillinger på forudsagt udfald skal ligne hinanden i den forudsagte score, ikke nødvendigvis i hvert kendetegn.",
    "Twins on the predicted outcome have to be alike in the predicted score, not necessarily in each characteristic.",
)
NO_HOURS = both(
    "Effektmål, der bygger på løntimer, er ikke beregnet: datamappen har ingen (register/hours.parquet eller "
    "register/hours.csv).",
    "Outcomes that rest on paid hours have not been estimated: the data folder has none (register/hours.parquet or "
    "register/hours.csv).",
)
NO_REGISTER = both(
    "Virkningen er ikke beregnet: datamappen har intet ugentligt register (register/dream.parquet eller "
    "register/dream.csv).",
    "The effect has not been estimated: the data folder has no weekly register (register/dream.parquet or "
    "register/dream.csv).",
)
SMD_NOTE = both(
    "Standardiseret forskel: forskellen i gennemsnit delt med spredningen i indsatsgruppen før matchningen. "
    "Under 0,1 i størrelse regnes ofte for god balance.",
    "Standardised difference: the difference in means divided by the programme group's standard deviation before "
    "matching. Below 0.1 in size is often taken as good balance.",
)
STOCK_NOTE = both(
    "En uge er farvet af én ydelse, også når den kun er givet én dag; registret egner sig til forløb, ikke til "
    "bestande på en dag.",
    "A week carries one benefit even when it was paid for one day only; the register suits courses of time, not "
    "counts on a day.",
)


def waiting(title: Text) -> Text:
    """The title of a waiting-time table."""
    return both(f"Uger indtil {inside(title.da)}", f"Weeks until {inside(title.en)}")


def followed(year: Period, start_months: int | None) -> Text:
    """Who a table of transitions follows, and for how long."""
    da = f"Fra første måling til slutningen af perioden {day(year.first, 'da')} til {day(year.last, 'da')}."
    en = f"From the first measurement to the end of the period {day(year.first, 'en')} to {day(year.last, 'en')}."
    if start_months is None:
        return both(da, en)
    months_da = "den første måned" if start_months == 1 else f"de første {start_months} måneder"
    months_en = "the first month" if start_months == 1 else f"the first {start_months} months"
    return both(
        f"{da} Med er dem, der blev målt i {months_da}.", f"{en} Included are those measured in {months_en}."
    )


def balance(title: Text) -> Text:
    """The title of a balance table."""
    return both(f"Sammenlignelighed: {inside(title.da)}", f"Comparability: {inside(title.en)}")


def estimates(title: Text) -> Text:
    """The title of a table of estimates."""
    return both(f"Effekt: {inside(title.da)}", f"Effect: {inside(title.en)}")


def amounts(title: Text) -> Text:
    """The title of a table of estimates that are amounts, beside one of shares."""
    return both(
        f"Effekt i uger og timer: {inside(title.da)}", f"Effect in weeks and hours: {inside(title.en)}"
    )


def population(title: Text) -> Text:
    """The title of a table of who was left out."""
    return both(f"Hvem indgår: {inside(title.da)}", f"Who is included: {inside(title.en)}")


def from_side(side: Text) -> Text:
    """The heading of the transitions that begin on one side."""
    return both(f"Begyndte i {inside(side.da)}", f"Began in {inside(side.en)}")


def joined(whole: Text, part: Text) -> Text:
    """A title with the part of it that a table is about; after a question the part is a sentence of its own."""
    told = {
        lang: f"{whole.in_(lang)} {part.in_(lang)}"
        if whole.in_(lang).endswith("?")
        else f"{whole.in_(lang)}: {inside(part.in_(lang))}"
        for lang in LANGUAGES
    }
    return Text.model_validate(told)
