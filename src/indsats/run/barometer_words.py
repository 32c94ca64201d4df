"""What the implementation barometer says, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.programme import Text

from .words import both

ALL = both("Alle steder", "All places")
OTHERS = both("Det samme på alle andre steder", "The same at all other places")
OTHERS_NOTE = both(
    "Alle andre steder er hele indsatsen uden stedet selv.",
    "All other places are the whole effort without the place itself.",
)
REASONS = both("hvorfor krav ikke er opfyldt", "why requirements are not met")
REASON = both("Grund, som svaret", "Reason, as answered")
TIMES = both("Svar »nej« eller »delvist«", "Answers “no” or “partly”")
ALL_REASONS = both("Alle grunde", "All reasons")
NO_REASON = both("ingen grund angivet", "no reason given")
REASONS_NOTE = both(
    "Krav, der er forfaldne i perioden og besvaret »nej« eller »delvist«. Krav uden svar har ingen grund og står her "
    "ikke.",
    "Requirements that fell due in the period and were answered “no” or “partly”. Those without an answer "
    "have no reason and are not here.",
)
SAID = both("Samme krav, som besvaret", "The same requirements, as answered")
GAP = both("Svar over datoer", "Answers above dates")
NOT_ANSWERED = both("Forfaldne uden svar", "Due without an answer")
GAP_NOTE = both(
    "Målt på datoer kan kun krav, som definitionen siger, hvordan dateres. Forskellen er mellem svar og datoer for de "
    "samme krav: over nul er der svaret ja til mere, end datoerne viser.",
    "Only requirements the definition tells how to date can be measured on dates. The difference is between answers "
    "and dates for the same requirements: above zero more was answered yes than the dates show.",
)
FUNNEL = both("hvem skiller sig ud", "who stands out")
LEVEL_OF_ALL = both("Niveauet for alle", "The level of all")
LOW_95 = both("Nedre grænse, 95 %", "Lower limit, 95%")
HIGH_95 = both("Øvre grænse, 95 %", "Upper limit, 95%")
LOW_998 = both("Nedre grænse, 99,8 %", "Lower limit, 99.8%")
HIGH_998 = both("Øvre grænse, 99,8 %", "Upper limit, 99.8%")
SIGNAL = both("Tegn", "Sign")
PARTICIPANTS = both("Deltagere med krav, der er forfaldne", "Participants with requirements due")
ITEMS = both("Krav, der er forfaldne", "Requirements due")
FUNNEL_NOTE = both(
    "Grænserne er dem, et sted med samme niveau som alle kun kommer uden for hver tyvende gang (95 %) og to gange af "
    "tusind (99,8 %). Små steder har vide grænser. Et sted inden for grænserne kan ikke siges at være bedre eller "
    "dårligere end de andre.",
    "The limits are those a place at the level of all is outside one time in twenty (95%) and two times in a thousand "
    "(99.8%). Small places have wide limits. A place inside the limits cannot be said "
    "to be better or worse than others.",
)
FUNNEL_ALT = both(
    "Hvert sted som et punkt: til højre jo flere der er talt, højere oppe jo mere der er opfyldt. Grænserne omkring "
    "niveauet for alle bliver smallere mod højre. Steder uden for dem har eget mærke og navn.",
    "Each place as a point: farther right the more were counted, higher the more is met. The limits around the level "
    "of all narrow to the right. Places outside them have a mark of their own and a name.",
)
_FAR_ABOVE = both("klart over de andre", "clearly above the others")
_FAR_BELOW = both("klart under de andre", "clearly below the others")
_OUTSIDE = both("måske anderledes", "perhaps different")
POSITION: Mapping[str, Text | None] = {
    "inside": None,
    "above_95": _OUTSIDE,
    "below_95": _OUTSIDE,
    "above_998": _FAR_ABOVE,
    "below_998": _FAR_BELOW,
}
"""What a place's position in the funnel is called; nothing inside the limits."""
