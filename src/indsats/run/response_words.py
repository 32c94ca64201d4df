"""What the tables of who answered and of what is due say, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from indsats.language import LANGUAGES, day
from indsats.programme import Programme, Questionnaire, Text, value_in_words

from .words import both

# --- who answered ---------------------------------------------------------------------------------------------------

ROUND = both("Runde", "Round")
RATER = both("Hvem svarer", "Who answers")
EXPECTED = both("Skulle svare", "To answer")
ON_TIME = both("Til tiden", "On time")
STATES: Mapping[str, Text] = {
    "answered": both("Har svaret", "Answered"),
    "declined": both("Sagt nej", "Declined"),
    "not_relevant": both("Ikke relevant", "Not relevant"),
    "open": both("Fristen løber", "Still in time"),
    "late": both("Forsinket", "Late"),
    "missed": both("Svarede ikke", "Missed"),
    "declined-or-not_relevant": both("Sagt nej eller ikke relevant", "Declined or not relevant"),
    "open-or-late": both("Kan stadig svare", "Can still answer"),
    "open-or-late-or-missed": both("Mangler at svare", "Has not answered"),
    "declined-or-not_relevant-or-open-or-late-or-missed": both("Har ikke svaret", "Has not answered"),
}
"""What becomes of a round: each state by itself, and those that are told together where they are few."""
SITE_BY_SITE = both("Sted for sted", "Site by site")
WHERE = both("Hvor", "Where")
WHO_STAYED = both("Frafald siden første runde", "Lost since the first round")
WHO_CAME = both("Hvem svarede", "Who answered")
FOLLOWED = both("Har haft tid til runden", "Had their time for it")
LOST = both("Svarede ikke igen", "Did not answer again")
RESPONDENTS = both("Har svaret", "Answered")
UNINVITED = both("Heraf ikke inviteret ved navn", "Of these not invited by name")
SITES = both("Steder med svar", "Sites with an answer")
STAYED = both("Gengangere fra runden før", "Same as the round before")
LEFT = both("Svarede før, ikke nu", "Answered before, not now")
NEW = both("Nye", "New")
NO_ROUNDS = both("Ingen har haft en runde at svare i endnu.", "Nobody has had a round to answer yet.")
RESPONSE_NOTE = both(
    "Skulle svare: runden er åbnet, og forløbet sluttede ikke før fristen. Til tiden er en andel af dem, der har "
    "svaret; de andre andele giver tilsammen 100 %. Der tælles forløb.",
    "To answer: the round has opened, and the enrolment did not end before it was due. On time is a share of those who "
    "answered; the other shares add up to 100%. Enrolments are counted.",
)
SITE_RESPONSE_NOTE = both(
    "Skulle svare: de medarbejdere, der er inviteret ved navn. Til tiden er en andel af dem, der har svaret; de andre "
    "andele giver tilsammen 100 %.",
    "To answer: the staff invited by name. On time is a share of those who answered; the other shares add up to 100%.",
)
STATES_NOTE = both(
    "Forsinket: fristen er gået, men der kan stadig svares. Svarede ikke: næste runde er åbnet, eller forløbet er "
    "slut.",
    "Late: time is up, but an answer can still be given. Missed: the next round has opened, or the enrolment has "
    "ended.",
)
TOLD_TOGETHER = both(
    "Det, der skete for få, er talt sammen med andet.",
    "What happened to few is counted together with other things.",
)
RESPONSE_DRAWN = both(
    "For hver runde en søjle delt efter, hvad der blev af dem, der skulle svare; tallene står i tabellen.",
    "For each round a bar divided by what became of those who were to answer; the numbers stand in the table.",
)
STAYED_NOTE = both(
    "Af dem, der svarede i den første runde: først andelen, som skulle svare i denne runde og har haft tiden til det, "
    "dernæst hvor mange af dem der ikke svarede. Er de anderledes end dem, der svarede, er gennemsnittet af senere "
    "runder det også.",
    "Of those who answered the first round: first the share who were to answer this round and have had their time for "
    "it, then how many of these did not. If they differ from those who answered, so does the mean of later rounds.",
)
WHO_CAME_NOTE = both(
    "Gengangere er andelen af dem, der svarede i runden før, som også svarede i denne. Hvor mange er skiftet ud, "
    "kan en ændring mellem runderne skyldes, at det er andre, der svarer.",
    "Same as the round before is the share of those who answered that round who answered this one too. Where many "
    "have changed, a change between rounds may be due to others answering.",
)
NOT_INVITED_NOTE = both(
    "Hvor ingen er inviteret ved navn, ved ingen, hvor mange der kunne have svaret, og der er ingen svarprocent.",
    "Where nobody was invited by name, nobody knows how many could have answered, and there is no response rate.",
)
UNNAMED_NOTE = both(
    "Den, der svarede uden navn, kan ikke genkendes og er hverken genganger eller ny.",
    "Whoever answered without a name cannot be recognised and is neither the same nor new.",
)

# --- what is due ----------------------------------------------------------------------------------------------------

QUESTIONNAIRE = both("Spørgeskema", "Questionnaire")
DUE: Mapping[str, Text] = {
    "open": both("Mangler nu", "Outstanding now"),
    "late": both("Heraf forsinket", "Of these late"),
    "missed": both("Ikke besvaret i perioden", "Missed in the period"),
}
NOTHING_DUE = both("Ingen målinger mangler.", "No measurements are outstanding.")
DUE_NOTE = both(
    "Der tælles runder: en person kan mangle flere. Mangler nu: runden er åben og ikke besvaret. Forsinket: fristen er "
    "gået, men der kan stadig svares. Ikke besvaret: fristen lå i perioden, og der kan ikke svares længere. Et sted og "
    "skema uden noget, der mangler, er ikke med.",
    "Rounds are counted: a person may lack several. Outstanding: the round is open and not answered. Late: time is up, "
    "but an answer can still be given. Missed: it was due in the period and can no longer be answered. A place and "
    "questionnaire that lack nothing are left out.",
)
DUE_SITES_NOTE = both(
    "Skemaer, som et sted svarer på om sig selv, tælles i steder.",
    "Questionnaires that a site answers about itself are counted in sites.",
)


def as_of(until: date) -> Text:
    """Until when facts are used."""
    return both(f"Som det stod {day(until, 'da')}.", f"As it stood on {day(until, 'en')}.")


def rater_title(programme: Programme, questionnaire: Questionnaire, rater: str) -> Text:
    """What the programme calls one of those who answer."""
    kind = questionnaire.answer_kind
    da, en = (value_in_words(programme, kind, "rater", rater, lang).strip("»«“”") for lang in LANGUAGES)
    return both(da, en)
