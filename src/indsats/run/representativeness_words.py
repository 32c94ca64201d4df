"""What the table of representativeness is called and says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.programme import Text

from .words import both

STARTED = both("Begyndt i indsatsen", "Started in the effort")
OTHERS: Mapping[str, Text] = {
    "assigned": both("Ikke begyndt", "Not started"),
    "enrolled": both("Øvrige indskrevne", "Others enrolled"),
}
POPULATION: Mapping[str, Text] = {
    "assigned": both("Alle udpegede", "Everybody assigned"),
    "enrolled": both("Alle indskrevne", "Everybody enrolled"),
}
DIFFERENCE = both("Forskel, begyndt minus øvrige", "Difference, started minus others")
STANDARDISED = both("Standardiseret forskel", "Standardised difference")
ALL_LEVELS = both("fordelingen under ét", "the distribution as a whole")
WHO: Mapping[str, Text] = {
    "assigned": both(
        "Udpegede er alle, der inden periodens slutning er trukket, visiteret eller begyndt i et forløb."
        " Begyndt er de af dem, der er indskrevet i en af indsatsens enheder. Hver person tæller én "
        "gang, og alderen er den, de havde, da de blev udpeget.",
        "Assigned are all who by the end of the period had been drawn, assigned to a track or begun an "
        "enrolment. Started are those of them enrolled in a unit of the effort. Each person counts once,"
        " with the age they had when they were assigned.",
    ),
    "enrolled": both(
        "Indskrevne er alle, der inden periodens slutning er begyndt i et forløb i en af enhederne. "
        "Begyndt i indsatsen er de af dem, der er indskrevet i en enhed, som indsatsen gælder. Hver "
        "person tæller én gang, og alderen er den, de havde, da de begyndte.",
        "Enrolled are all who by the end of the period had begun an enrolment in one of the units. "
        "Started in the effort are those of them enrolled in a unit that gives it. Each person counts "
        "once, with the age they had when they began.",
    ),
}
MEASURES = both(
    "Forskelle i andele er i procentpoint. Den standardiserede forskel er forskellen delt med "
    "spredningen i de to grupper (Austin 2009, Statistics in Medicine 28:3083–3107); over 0,1 i "
    "størrelse regnes den for tydelig. Testen er Welchs t for gennemsnit og chi-i-anden for andele og "
    "fordelinger, Fishers eksakte, hvor der er få. Er der mange kendetegn, er nogle p-værdier små af "
    "tilfældige grunde.",
    "Differences of shares are in percentage points. The standardised difference is the difference "
    "divided by the spread of the two groups (Austin 2009, Statistics in Medicine 28:3083–3107); above "
    "0.1 in size it is taken as clear. The test is Welch's t for means and chi-squared for shares and "
    "distributions, Fisher's exact test where there are few. With many characteristics some p-values are"
    " small by chance.",
)
NOBODY_ELSE: Mapping[str, Text] = {
    "assigned": both(
        "Alle, der er udpeget, er begyndt i indsatsen, eller ingen er det: der er ingen at sammenligne med.",
        "Everybody assigned has started in the effort, or nobody has: there is nobody to compare with.",
    ),
    "enrolled": both(
        "Alle indskrevne er indskrevet i en enhed, som indsatsen gælder, eller ingen er det: der er "
        "ingen at sammenligne med.",
        "Everybody enrolled is enrolled in a unit of the effort, or nobody is: there is nobody to "
        "compare with.",
    ),
}
