"""What the tables of profiles, change and movement say, in Danish and English."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.language import day, number
from indsats.programme import Period, Reliability, Score, Text

from .words import both

AT_START = both("Start", "Start")
NOW = both("Nu", "Now")
MEASURED_TWICE = both("Målt to gange", "Measured twice")
CHANGE = both("Ændring", "Change")
BETTER = both("Bedre", "Better")
SAME = both("Inden for usikkerheden", "Within error")
WORSE = both("Dårligere", "Worse")
NOTICED = both("Mærkbart bedre", "Noticeably better")
RELIABLE = both("Sikker ændring", "Reliable change")
PLACE = both("Måling", "Measurement")
RATER = both("Bedømmer", "Rater")
ANSWERED = both("Svarede", "Answered")
MEAN = both("Gennemsnit", "Mean")
STAYED = both("Svarede hver gang", "Answered every time")
STAYED_MEAN = both("Deres gennemsnit", "Their mean")
STAYED_FIRST = both("De samme ved start", "The same at the start")
MISSED_ONE = both("Manglede en tidligere", "Missed one before")
COURSE = both("Alle, der svarede, og dem, der blev", "All who answered and those who stayed")
LEFT = both("Faldt fra", "Dropped out")
REMAINED = both("Svarede igen", "Answered again")
LEFT_MEAN = both("Start, faldt fra", "Start, dropped out")
REMAINED_MEAN = both("Start, svarede igen", "Start, answered again")
LEAVERS = both(
    "Var de, der faldt fra, anderledes ved start?", "Were those who dropped out different at the start?"
)
BAND = both("Med et skema uden alle svarmuligheder", "On a form without every answer option")
LOWEST = both("Lavest mulige", "Lowest possible")
OBSERVED = both("Som svaret", "As answered")
HIGHEST = both("Højest mulige", "Highest possible")
MEASURED = both("Målte", "Measured")
FROM_TO = both("Fra start til slut", "From start to end")
BEGAN_IN = both("Begyndte i", "Began in")
ENDED_IN = both("Endte i", "Ended in")
MOVEMENT = both("Op, uændret og ned", "Up, unchanged and down")
UP = both("Op", "Up")
STAYED_IN = both("Uændret", "Unchanged")
DOWN = both("Ned", "Down")
ANOTHER_RATER = both("Anden bedømmer til sidst", "Another rater at the end")
DIRECTION_TEST = both("Har bevægelsen en retning?", "Does the movement have a direction?")
QUESTION = both("Spørgsmål", "Question")
UNITS_ALIKE = both(
    "Er der forskel på enhedernes op, uændret og ned? (chi-i-anden)",
    "Do the units differ in up, unchanged and down? (chi-squared)",
)
MARGINS = both(
    "Er grupperne lige store før og efter? (Stuart-Maxwell)",
    "Are the groups as large after as before? (Stuart-Maxwell)",
)
SYMMETRY = both(
    "Går lige mange hver vej mellem to grupper? (Bowker)",
    "Do as many go each way between two groups? (Bowker)",
)
TWO_WAYS = both("Går lige mange hver vej? (McNemar)", "Do as many go each way? (McNemar)")

PROFILE_DRAWN = both(
    "For hvert spørgsmål en hul prik ved gennemsnittet ved start og en fyldt ved gennemsnittet nu; tallene står i "
    "tabellen.",
    "For each item a hollow dot at the mean at the start and a filled one at the mean now; the numbers stand in the "
    "table.",
)
CHANGE_DRAWN = both(
    "En pil i hver enhed fra gennemsnittet ved start til gennemsnittet nu; tallene står i tabellen.",
    "An arrow in each unit from the mean at the start to the mean now; the numbers stand in the table.",
)
STREAMS_DRAWN = both(
    "Strømme fra den gruppe, folk begyndte i, til den, de endte i, så brede som de har personer; tallene står i "
    "tabellen.",
    "Streams from the group people began in to the one they ended in, as wide as they have persons; the numbers "
    "stand in the table.",
)
PAIRED_NOTE = both(
    "Med er forløb, der er målt ved start og igen senere af samme bedømmer på skemaer, der kan sammenlignes. Hver er "
    "holdt op mod sig selv: 95 %-interval og p-værdi er fra den parrede t-test.",
    "Included are enrolments measured at the start and again later by the same rater on forms that can be compared. "
    "Each is set against itself: the 95% interval and the p-value are those of the paired t test.",
)
EXCLUDED_NOTE = both(
    "De øvrige forløb er ude, fordi de ikke er målt ved start (ikke målt, målt for sent eller for tidligt, sagt "
    "nej eller udfyldt for lidt), ikke er målt igen, er målt igen af en anden eller har svaret på en udgave, der "
    "ikke kan sammenlignes. Hvor mange står i grundlaget under tabellen.",
    "The other enrolments are left out because they were not measured at the start (not measured, measured too "
    "late or too early, declined or too little filled in), not measured again, measured again by somebody else, or "
    "answered an edition that cannot be compared. How many is in the basis below the table.",
)
NO_RELIABILITY = both(
    "Det vides ikke, hvor pålideligt scoren måler. Derfor siges det ikke, hvor mange der hver for sig er ændret "
    "mere, end målingen er usikker.",
    "How reliably the score measures is not known. So it is not said how many have each changed by more than the "
    "error of measurement.",
)
COURSE_NOTE = both(
    "Når nogle falder fra, ændrer gennemsnittet af alle, der svarede, sig også, uden at nogen har flyttet sig. Kun "
    "de to sidste gennemsnit er af de samme personer: dem, der har svaret alle gange til og med denne.",
    "When some drop out, the mean of all who answered changes even if nobody has moved. Only the last two means "
    "are of the same people: those who answered every time up to this one.",
)
STEPS_NOTE = both(
    "Målingerne er talt i skridt fra den første så lange, som der skal gå mellem to målinger.",
    "Measurements are counted from the first in steps as long as is meant to pass between two of them.",
)
LEAVERS_NOTE = both(
    "Scoren ved start hos dem, der ikke svarede i runden, mod dem, der gjorde, når tiden for at svare var gået. "
    "Forskellen har 95 %-interval og p-værdi fra Welchs t-test. Er de forskellige, er dem, der blev, ikke alle.",
    "The score at the start of those who did not answer the round against those who did, once the time to answer "
    "was over. The difference has a 95% interval and a p-value from Welch's t test. If they differ, those who "
    "stayed are not everybody.",
)
BAND_NOTE = both(
    "Skemaet manglede en svarmulighed. Scoren er, hvad der blev svaret; ved siden af står, hvor lavt og hvor højt "
    "gennemsnittet kunne være blevet med dem alle. De, der har svaret på et helt skema, er ikke med her.",
    "The form lacked an answer option. The score is what was answered; beside it stands how low and how high the "
    "mean could have been with all of them. Those who answered a whole form are not included here.",
)
MOVEMENT_NOTE = both(
    "Andele af dem, der er målt både først og sidst. De, der er ude af indsatsen, ikke målt igen eller målt med en "
    "udgave, der ikke kan sammenlignes, er ikke med; hvor mange står i grundlaget.",
    "Shares of those measured both first and last. Those who have left, were not measured again or were measured "
    "with an edition that cannot be compared are not included; how many is in the basis.",
)
DIRECTION_NOTE = both(
    "Testene gælder alle enheder tilsammen og kun dem, der er målt både først og sidst. En lille p-værdi siger, at "
    "bevægelsen er skæv, ikke hvilken vej: se op og ned.",
    "The tests are of all units together and only of those measured both first and last. A small p-value says that "
    "the movement is lopsided, not which way: see up and down.",
)


def profile_note(last: Period) -> Text:
    """Who a profile is of, and until when."""
    return both(
        "Gennemsnit på skalaen, hvert spørgsmål for sig og de samme forløb begge gange: målt ved start og igen "
        f"senere af samme bedømmer. Nu er den nyeste måling til og med {day(last.last, 'da')}. De øvrige er ude; "
        "hvorfor og hvor mange står i grundlaget under tabellen.",
        "Means on the scale, each item by itself and the same enrolments both times: measured at the start and "
        f"again later by the same rater. Now is the newest measurement up to {day(last.last, 'en')}. The others are "
        "left out; why and how many is in the basis below the table.",
    )


def reliable(asked: Reliability, own: bool) -> Text:
    """When one person's change is called better or worse."""
    said = [number(asked.value, lang, 2) for lang in ("da", "en")]
    spread = (
        ("spredningen er den, der er målt her ved start", "the spread is the one measured here at the start")
        if own
        else (
            f"spredningen er {number(asked.sd, 'da', 1)}, som den var dér",
            f"the spread is {number(asked.sd, 'en', 1)}, as it was there",
        )
    )
    da, en = cited(asked.source)
    return both(
        "Bedre og dårligere tæller kun dem, hvis egen ændring er større end målingens usikkerhed, 1,96 · √2 · "
        f"spredning · √(1 − pålidelighed) (Jacobson og Truax 1991). Pålideligheden er {said[0]} ({da}); {spread[0]}.",
        "Better and worse count only those whose own change is larger than the error of measurement, 1.96 · √2 · "
        f"spread · √(1 − reliability) (Jacobson and Truax 1991). The reliability is {said[1]} ({en}); {spread[1]}.",
    )


def noticed(asked: Score, change: float) -> Text:
    """What change people themselves would call one."""
    da, en = cited(asked.source)
    decimals = 0 if float(change).is_integer() else 1
    return both(
        f"Mærkbart bedre er mindst {number(change, 'da', decimals)} til det bedre, det mindste, folk selv regner "
        f"for en ændring ({da}). Det er ikke det samme som en sikker ændring.",
        f"Noticeably better is at least {number(change, 'en', decimals)} for the better, the least people "
        f"themselves take for a change ({en}). It is not the same as a reliable change.",
    )


def cited(sources: Sequence[str]) -> tuple[str, str]:
    """Where something comes from, in Danish and English; lines of the document are told as one."""
    named = [one.removeprefix("published: ") for one in sources if one != "decision" and not _is_line(one)]
    parts = [(one, one) for one in named]
    if any(_is_line(one) for one in sources):
        parts.insert(0, ("dokumentet", "the document"))
    if "decision" in sources:
        parts.append(("valgt her", "decided here"))
    return "; ".join(da for da, _ in parts), "; ".join(en for _, en in parts)


def nth(place: int) -> Text:
    """A measurement by its number."""
    return both(f"Måling {place}", f"Measurement {place}")


def of(what: Text, whom: Text) -> Text:
    """A column of one group among several."""
    return both(f"{whom.da}, {what.da.lower()}", f"{whom.en}, {what.en.lower()}")


def _is_line(source: str) -> bool:
    last = source.rpartition(" ")[2]
    return last[:1] == "L" and last[1:2].isdigit()
