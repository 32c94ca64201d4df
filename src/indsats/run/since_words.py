"""What the tables of change since the last report say, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.figure import Unit
from indsats.language import LANGUAGES, Lang, day, local
from indsats.programme import Period, Text
from indsats.record import Facts
from indsats.steer import Cause

from .words import both

BEFORE = both("Sidste rapport", "Last report")
NOW = both("Nu", "Now")
CHANGE = both("Ændring", "Change")
TOLD = both("Udvikling", "What happened")
MAINLY = both("Størst årsag", "Main cause")
CAUSE = both("Årsag", "Cause")
BY_CAUSE = both("Ændring efter årsag", "Change by cause")

CAUSES: Mapping[Cause, Text] = {
    "unexplained": both("Uforklaret", "Unexplained"),
    "late": both("Sene registreringer", "Late registrations"),
    "late_people": both("Personer registreret sent", "People registered late"),
    "corrected": both("Rettelser og sletninger", "Corrections and withdrawals"),
    "rules": both("Ændrede regler", "Changed rules"),
    "since": both("Det, der er sket siden", "What has happened since"),
    "new_people": both("Nye personer", "New people"),
}
POINTS_NOTE = both("Ændringer af andele er i procentpoint.", "Changes of shares are in percentage points.")
CAUSES_NOTE = both(
    "Årsagerne lægges sammen til hele ændringen. De er regnet i tabellens rækkefølge: rammer to årsager de samme "
    "personer, får den øverste det hele. I grundlaget under tabellen står, hvor mange personer et tal bygger på. "
    "Uforklaret er det, der stod i sidste rapport, men ikke længere kan regnes ud af registreringerne.",
    "The causes add up to the whole change. They are taken in the order of the table: where two causes touch the same "
    "persons, the upper one gets it all. Below the table stands how many persons a number rests on. Unexplained is "
    "what stood in the last report and can no longer be worked out from the registrations.",
)
OTHER_RULES = both(
    "Programmets definition er ændret siden sidste rapport, uden at den har fået et nyt versionsnummer. Ændrede regler "
    "kan derfor stå som uforklaret.",
    "The definition of the programme has changed since the last report without a new version number. Changed rules may "
    "therefore stand as unexplained.",
)
NOT_THEN = both("Kunne ikke opgøres sidst.", "Could not be told last time.")
NOT_NOW = both("Kan ikke opgøres nu.", "Cannot be told now.")
POINTS = both("\u00a0procentpoint", " percentage points")
CHANCE = both("Forskellen kan være tilfældig.", "The difference may be chance.")
NOTHING = both("Intet er ændret.", "Nothing has changed.")
LEVELLED = both("Flere årsager, der ophæver hinanden.", "Several causes that cancel each other out.")
SEVERAL = both(
    "Flere årsager; ingen af dem fylder mest.", "Several causes; none of them makes up most of it."
)


def since_when(period: Period) -> Text:
    """The heading of a comparison with an earlier report."""
    first, last = ({lang: day(one, lang) for lang in LANGUAGES} for one in (period.first, period.last))
    return both(
        f"Ændret siden rapporten for {first['da']} – {last['da']}",
        f"Changed since the report on {first['en']} – {last['en']}",
    )


def nothing_before(period: Period) -> Text:
    """No facts were known at the last report's time."""
    last = {lang: day(period.last, lang) for lang in LANGUAGES}
    return both(
        f"Der var intet registreret om perioden til {last['da']}, så der er ingen tidligere rapport.",
        f"Nothing had been registered on the period to {last['en']}, so there is no earlier report.",
    )


def compared(first: Period, then: Facts, second: Period, now: Facts) -> Text:
    """Which two reports are held against each other, and what each could know."""
    told = {
        lang: tuple(_report(*pair, lang) for pair in ((first, then), (second, now))) for lang in LANGUAGES
    }
    return both(
        f"Sidste rapport: {told['da'][0]}. Nu: {told['da'][1]}.",
        f"Last report: {told['en'][0]}. Now: {told['en'][1]}.",
    )


def _report(period: Period, facts: Facts, lang: Lang) -> str:
    first, last = day(period.first, lang), day(period.last, lang)
    version = facts.programme.version
    if facts.known is None:
        known = "alt, der er registreret" if lang == "da" else "everything recorded"
    else:
        at = day(local(facts.known).date(), lang)
        known = f"som kendt {at}" if lang == "da" else f"as known on {at}"
    rules = f"definitionens version {version}" if lang == "da" else f"version {version} of the definition"
    return f"{first} – {last}, {known}, {rules}"


Shown = Mapping[Lang, tuple[str, str]]
"""The level before and now, as printed in each language."""


def unchanged(shown: Shown) -> Text:
    """The same printed number."""
    return both(f"Uændret: {shown['da'][1]}.", f"Unchanged: {shown['en'][1]}.")


def moved(up: bool, shown: Shown) -> Text:
    """Up or down, from what to what."""
    da, en = ("Steg", "Rose") if up else ("Faldt", "Fell")
    return both(
        f"{da} fra {shown['da'][0]} til {shown['da'][1]}.", f"{en} from {shown['en'][0]} to {shown['en'][1]}."
    )


def perhaps_chance(text: Text) -> Text:
    """A movement that is no larger than chance could make it."""
    return both(f"{text.da} {CHANCE.da}", f"{text.en} {CHANCE.en}")


def mainly(cause: Cause, unit: Unit, size: Mapping[Lang, str], *, alone: bool) -> Text:
    """The cause that makes up most of the change, or all of it, and how much it did."""
    what = CAUSES[cause]
    kind_da, kind_en = (POINTS.da, POINTS.en) if unit == "points" else ("", "")
    da, en = ("Kun", "Only") if alone else ("Især", "Mostly")
    return both(
        f"{da} {what.da[0].lower()}{what.da[1:]}: {size['da']}{kind_da}.",
        f"{en} {what.en[0].lower()}{what.en[1:]}: {size['en']}{kind_en}.",
    )
