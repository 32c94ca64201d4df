"""What the tables of how well questionnaires measure, and of what they foretell, say in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indsats.language import LANGUAGES, inside
from indsats.programme import Duration, Programme, Text, duration_in_words

from .words import both

# --- how well it measures -------------------------------------------------------------------------------------------

MEASURE = both("Mål", "Measure")
VALUE = both("Tal", "Number")
CUSTOMARY = both("Sædvanlig grænse", "Customary limit")
READ = both("Sådan læses det", "How to read it")
RELIABILITY_LIMIT = both("mindst 0,7", "at least 0.7")
END_LIMIT = both("højst 15 %", "at most 15%")
PEOPLE_LIMIT = both("mindst 50", "at least 50")
QUALITY: Mapping[str, Text] = {
    "people": both("Besvarelser i beregningen", "Answers that are used"),
    "alpha": both("Alfa (Cronbach)", "Alpha (Cronbach)"),
    "omega": both("Omega (McDonald)", "Omega (McDonald)"),
    "floor": both("Gulv: lavest mulige score", "Floor: lowest score there is"),
    "ceiling": both("Loft: højest mulige score", "Ceiling: highest score there is"),
    "retest": both("Gentaget måling (ICC)", "Retest (ICC)"),
    "detectable": both("Mindste sikre ændring hos den enkelte", "Least reliable change in one person"),
    "smallest_change": both("Mindste ændring, folk selv mærker", "Least change people notice"),
}
LIMITS: Mapping[str, Text] = {
    "people": PEOPLE_LIMIT,
    "alpha": RELIABILITY_LIMIT,
    "omega": RELIABILITY_LIMIT,
    "floor": END_LIMIT,
    "ceiling": END_LIMIT,
    "retest": RELIABILITY_LIMIT,
}
QUALITY_NOTE = both(
    "Alfa og omega siger, hvor meget af forskellen mellem folk der er andet end tilfældigheder i svarene: 1 er ingen "
    "tilfældighed. Alfa er for lav, når spørgsmålene vejer forskelligt; omega tager højde for det. Gentaget måling er "
    "ens svar fra den samme med 5 til 35 dage imellem. Hver tæller én gang med sin første hele besvarelse.",
    "Alpha and omega say how much of the difference between people is other than chance in the answers: 1 is no chance "
    "at all. Alpha is too low when items weigh differently; omega allows for it. Retest is how alike one and the same "
    "answers again 5 to 35 days later. Each counts once with the first whole answer.",
)
LIMITS_NOTE = both(
    "De sædvanlige grænser er dem i Terwee m.fl. 2007 (Journal of Clinical Epidemiology 60:34–42). De er ikke love: "
    "0,7 er nok til at sammenligne grupper, ikke til at afgøre noget om den enkelte.",
    "The customary limits are those of Terwee et al. 2007 (Journal of Clinical Epidemiology 60:34–42). They are no "
    "laws: 0.7 is enough to compare groups, not to decide anything about one person.",
)
NO_SCORES = both(
    "Skemaet har ingen samlet score, så der er ingen alfa eller omega at beregne.",
    "The questionnaire has no overall score, so there is no alpha or omega to compute.",
)
NOT_ANSWERED_YET = both("Ingen har svaret på skemaet endnu.", "Nobody has answered the questionnaire yet.")

RELIABLE = both("Godt nok til at sammenligne grupper.", "Good enough to compare groups.")
UNRELIABLE = both(
    "Under grænsen: en god del af forskellen mellem folk er tilfældig.",
    "Below the limit: a good part of the difference between people is chance.",
)
RELIABLE_UNSURE = both(
    "Over grænsen, men usikkerheden går ned under den.", "Above the limit, but its uncertainty goes below it."
)
UNRELIABLE_UNSURE = both(
    "Under grænsen, men usikkerheden går op over den.", "Below the limit, but its uncertainty goes above it."
)
END_FREE = both("Scoren kan gå begge veje for næsten alle.", "The score can go either way for nearly all.")
FLOOR_HIT = both(
    "Mange står lavest muligt: scoren kan ikke vise, at de går længere ned, eller skille dem ad.",
    "Many stand at the bottom: the score cannot show that they go lower, nor tell them apart.",
)
CEILING_HIT = both(
    "Mange står højest muligt: scoren kan ikke vise, at de går længere op, eller skille dem ad.",
    "Many stand at the top: the score cannot show that they go higher, nor tell them apart.",
)
FEW_PEOPLE = both("Så få, at tallene nedenfor er usikre.", "So few that the numbers below are uncertain.")
ENOUGH_PEOPLE = both("Nok til de følgende tal.", "Enough for the numbers that follow.")
DETECTABLE = both(
    "En mindre ændring hos én person kan være tilfældig.", "A smaller change in one person may be chance."
)
DETECTABLE_OVER = both(
    "Større end den ændring, folk selv mærker: scoren overser ændringer, der betyder noget for den enkelte.",
    "Larger than the change people notice: the score misses changes that matter to one person.",
)
SMALLEST = both("Angivet af dem, der har afprøvet skemaet.", "Given by those who tried the questionnaire.")

WARNINGS: Mapping[str, Text] = {
    "few": both("Under 50 personer.", "Fewer than 50 people."),
    "negative_item": both(
        "Et spørgsmål går imod de andre; se efter, om det skal vendes.",
        "An item goes against the others; see whether it is to be turned round.",
    ),
    "heywood": both(
        "Et spørgsmål ser ud til at sige det hele; tallet er ikke til at stole på.",
        "One item seems to say it all; the number is not to be trusted.",
    ),
    "mixed_signs": both(
        "Spørgsmålene peger hver sin vej; se efter, om et skal vendes.",
        "The items point different ways; see whether one is to be turned round.",
    ),
    "no_factor": both(
        "Spørgsmålene har intet tydeligt til fælles.", "The items have nothing clear in common."
    ),
    "not_converged": both(
        "Beregningen nåede ikke et bedste svar.", "The computation did not reach a best answer."
    ),
    "no_spread": both(
        "Alle svar afveg lige meget, så usikkerheden kan ikke beregnes.",
        "All answers differed alike, so no uncertainty can be computed.",
    ),
    "few_items": both(
        "Kan ikke beregnes: scoren har for få spørgsmål.", "Cannot be computed: the score has too few items."
    ),
    "few_answers": both(
        "Kan ikke beregnes: for få hele besvarelser.", "Cannot be computed: too few whole answers."
    ),
    "no_variation": both(
        "Kan ikke beregnes: alle svarer ens på et spørgsmål.",
        "Cannot be computed: everybody answers an item alike.",
    ),
    "not_twice": both(
        "Kan ikke beregnes: for få er målt to gange med så kort tid imellem.",
        "Cannot be computed: too few were measured twice so close together.",
    ),
    "no_reliability": both(
        "Kan ikke beregnes: det vides ikke, hvor pålidelig scoren er.",
        "Cannot be computed: how reliable the score is is not known.",
    ),
    "not_computed": both("Kan ikke beregnes i disse svar.", "Cannot be computed from these answers."),
}
"""What a warning of a quality row says, by its code."""

RATERS_TITLE = both("Hvor enige er de, der svarer?", "How far do those who answer agree?")
COMPARED = both("Hvem sammenlignes", "Who are compared")
BOTH_RATED = both("Vurderet af begge", "Rated by both")
GAP = both("Forskel i gennemsnit", "Difference in means")
AGREEMENT = both("Enighed (ICC)", "Agreement (ICC)")
KAPPA = both("Kappa", "Kappa")
SAME = both("Helt ens svar", "Exactly the same answer")
RATERS_NOTE = both(
    "De to har vurderet den samme person i samme runde. Forskellen er den andens gennemsnit minus den førstes. ICC og "
    "kappa (kvadratisk vægtet) er 1, når de altid er enige, og omkring 0, når enigheden ikke er større end tilfældig; "
    "en fast forskel i niveau trækker ned. En forskel er ikke en fejl: de to ser forskellige ting.",
    "The two rated the same person in the same round. The difference is the second's mean less the first's. ICC and "
    "kappa (quadratic weights) are 1 when they always agree and about 0 when agreement is no more than chance; a "
    "constant difference in level counts against it. A difference is no error: the two see different things.",
)
NO_GAP = both("Ingen sikker forskel i niveau.", "No clear difference in level.")

# --- what foretells -------------------------------------------------------------------------------------------------

FORETELLS = both("Målt ved starten", "Measured at the start")
FOLLOWED_PEOPLE = both("Målt og fulgt", "Measured and followed")
WITH_OUTCOME = both("Andel, det skete for", "Share it happened to")
AUC = both("Areal (AUC)", "Area (AUC)")
ODDS = both("Oddsforhold", "Odds ratio")
SLOPE = both("Kalibrering, hældning", "Calibration slope")
BRIER = both("Brier, skaleret", "Brier, scaled")
ANSWER = both("Svar", "Answer")
PEOPLE = both("Personer", "People")
WEIGHTS: Mapping[str, Text] = {
    "note": both("Godt at vide", "Good to know"),
    "doubt": both("Læs med forbehold", "Read with care"),
    "grave": both("Kan ikke bruges", "Of no use"),
}
"""How much a caution weighs, lightest first."""
WHO_COUNTS = both("Hvem indgår", "Who is included")
EVERYBODY = both("I alt", "Total")
COMPARISON = both("Hvad forudsiger bedst?", "Which foretells better?")
FIRST = both("Det første", "The first")
SECOND = both("Det andet", "The second")
FIRST_AREA = both("Areal, det første", "Area, the first")
SECOND_AREA = both("Areal, det andet", "Area, the second")
AREA_GAP = both("Forskel i areal", "Difference of areas")

MORE = both("Tallene bag", "The numbers behind")
AREA_NOTE = both(
    "Areal: sandsynligheden for, at en tilfældig person, det skete for, stod bedre ved starten end en tilfældig, det "
    "ikke skete for. 0,5 er rent gætteri, 1 er altid rigtigt.",
    "Area: the chance that somebody it happened to stood better at the start than somebody it did not happen to. 0.5 "
    "is guessing, 1 is always right.",
)
MORE_NOTE = both(
    "Oddsforholdet er pr. standardafvigelse bedre. En kalibreringshældning på 1 betyder, at de chancer, målingen "
    "giver, passer for andre end dem, de er beregnet af. Brier (skaleret) er 0 eller derunder, når målingen intet "
    "tilføjer, og 1, når den altid rammer.",
    "The odds ratio is per standard deviation better. A calibration slope of 1 means that the chances the measurement "
    "gives fit others than those they were computed from. Brier (scaled) is 0 or below when the measurement adds "
    "nothing, and 1 when it is always right.",
)
NOT_A_CAUSE = both(
    "At en måling forudsiger noget, viser ikke, at den er årsag til det: den, der tror på et job, kan også hjælpe det "
    "på vej.",
    "That a measurement foretells something does not show that it causes it: whoever believes in a job may also help "
    "it along.",
)
IN_LEVELS = both(
    "Svarene er slået sammen, fordi nogle er givet af for få.",
    "Answers are put together because some were given by too few.",
)
ANSWERS_DRAWN = both(
    "For hvert svar en søjle med andelen, det skete for; tallene står i tabellen.",
    "For each answer a bar with the share it happened to; the numbers stand in the table.",
)
BETTER_THAN_CHANCE = both(
    "Forudsiger bedre end tilfældet.", "Foretells better than chance."
)  # the interval lies above 0.5
OTHER_WAY = both(
    "Går den modsatte vej: det skete oftere for dem, der stod dårligere.",
    "Runs the other way: it happened more often to those who stood worse.",
)
CANNOT_TELL = both(
    "Det kan ikke afgøres, om den forudsiger noget.", "Whether it foretells anything cannot be told."
)
NO_AREA = both("Kan ikke beregnes i disse data.", "Cannot be computed in these data.")
NO_DIFFERENCE = both(
    "Det kan ikke afgøres, hvilken af de to der forudsiger bedst.",
    "Which of the two foretells better cannot be told.",
)


def no_split(titles: Sequence[Text]) -> Text:
    """Which scores and items have no split by answer."""
    da, en = (", ".join(inside(title.in_(lang)) for title in titles) for lang in LANGUAGES)
    return both(
        f"Delingen efter svar vises ikke for {da}: nogle svar er givet af for få.",
        f"The split by answer is not shown for {en}: some answers were given by too few.",
    )


def compared(first: Text, second: Text) -> Text:
    """Two that are set against each other, in the order they are subtracted."""
    return both(f"{second.da} mod {inside(first.da)}", f"{second.en} against {inside(first.en)}")


def rates_higher(rater: Text) -> Text:
    """Who of two rates higher on average."""
    return both(f"{rater.da} svarer højere.", f"{rater.en} answers higher.")


def foretells_better(title: Text) -> Text:
    """Which of two foretells better."""
    return both(f"Bedst: {inside(title.da)}.", f"Better: {inside(title.en)}.")


def of_edition(title: Text, edition: str) -> Text:
    """A title of one edition."""
    return both(f"{title.da} (udgaven {edition})", f"{title.en} (edition {edition})")


def gap_is(first: Text, second: Text) -> Text:
    """Which mean is subtracted from which."""
    return both(
        f"Forskel: {inside(second.da)} minus {inside(first.da)}.",
        f"Difference: {inside(second.en)} less {inside(first.en)}.",
    )


def by_answer(title: Text) -> Text:
    """The split of one item or score by how it was answered."""
    return both(f"{title.da}, svar for svar", f"{title.en}, answer by answer")


def followed(programme: Programme, within: Duration) -> Text:
    """How long people are followed, and who therefore counts."""
    da, en = (duration_in_words(programme, within, lang) for lang in LANGUAGES)
    return both(
        f"Hver er fulgt i {da} efter målingen. Den, der endnu ikke er fulgt så længe, er ikke med, heller ikke når det "
        "er sket.",
        f"Each is followed for {en} after the measurement. Those not yet followed so long are left out, also when it "
        "has happened.",
    )
