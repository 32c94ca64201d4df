"""What is wrong with a list, in words: by a pattern of what the record says of it."""

from __future__ import annotations

import re

from indsats.language import Lang
from indsats.programme import Text

from .case import table

_FOUND = """
there is no such file: Filen kunne ikke læses. Indlæs den igen. | -
is no format that can be read: Filen er ikke CSV, Excel eller Parquet. Gem den som CSV UTF-8 eller som .xlsx. | -
the file's name does not say what it holds: Filens navn siger ikke, hvad der er på listen. Vælg det ovenfor. | -
the list is not about persons: Listen handler ikke om borgere. Indlæs borgere eller registreringer om dem. | -
the file is an Excel workbook with the ending .csv: Filen er en Excel-projektmappe med endelsen .csv. Giv den endelsen .xlsx. | -
looks like UTF-16: Filen er ikke skrevet i UTF-8. Gem den i Excel som »CSV UTF-8«. | -
written in Windows-1252: Filen er ikke skrevet i UTF-8. Gem den i Excel som »CSV UTF-8« eller som .xlsx. | -
rows end the way of old Macs: Rækkerne slutter på en gammel måde. Gem filen som »CSV UTF-8«. | -
not a well-formed CSV: Et anførselstegn er åbnet og aldrig lukket. Find det, og gem filen igen. | -
the file is empty: Filen er tom. Skriv en række med overskrifter og rækkerne under den. | -
not an Excel workbook that can be read: Filen er ikke en Excel-projektmappe, der kan læses. Åbn den i Excel, og gem den igen. | -
the sheet could not be read: Arket kunne ikke læses. Åbn filen i Excel, og gem den igen. | -
not a Parquet file: Filen er ikke en Parquet-fil, der kan læses. | -
the workbook has .* sheets: Projektmappen har flere ark. Behold kun det med listen. | -
the row has (?P<a>\\d+) cells where the heading has (?P<b>\\d+): Rækken har {a} celler, og overskriften har {b}. Se efter et tegn, der mangler eller er for meget. | -
has cells but no heading: En kolonne har indhold, men ingen overskrift. Skriv overskriften, eller slet kolonnen. | -
the heading names .* times: Overskriften står flere gange. Behold den ene kolonne. | -
the heading is not a column: Overskriften er ikke en af dem, listen kan have. Ret den, eller slet kolonnen. | -
the column '(?P<a>[^']+)' is missing: Kolonnen »{a}« mangler. Tilføj den, og udfyld den i hver række. | -
the list has (?P<a>\\d+) rows, and (?P<b>\\d+): Listen har {a} rækker, og der kan indlæses {b} ad gangen. Del den op. | -
is not a date: Det er ikke en dato. Skriv 2026-05-03 eller 03-05-2026. | -
is not a whole number: Det er ikke et helt tal. | -
is not a number: Det er ikke et tal. Skriv cifre med ét komma, som 12,5. | -
is neither yes nor no: Skriv ja eller nej. | -
'[^']+' is not filled in: Feltet er ikke udfyldt. | -
the value is not one that: Værdien er ikke en af dem, der kan vælges. | -
the number is not between (?P<a>\\S+) and (?P<b>\\S+): Tallet skal være mellem {a} og {b}. | -
it ends before it begins: Slutdatoen ligger før startdatoen. Er dag og måned byttet om? | -
it begins after the day it was recorded: Datoen ligger ude i fremtiden. Se efter, om året er rigtigt. | -
it ends after the day it was recorded: Slutdatoen ligger ude i fremtiden. Lad den stå tom, til det er slut. | -
the person number cannot be right: CPR-nummeret kan ikke være rigtigt. Mangler der et 0 forrest? | -
the person is not born yet: Fødselsdatoen ligger ude i fremtiden. | -
the person stands on more than one row: Borgeren står på flere rækker. Behold den ene. | -
the record already says something else about this person: Der står allerede noget andet om borgeren. Find ud af, hvad der er rigtigt; en liste retter det ikke. | -
the rows about one person do not say the same: Rækkerne om den samme borger siger ikke det samme. | -
the row says the same, or has the same id, as .* row (?P<a>\\d+): Rækken siger det samme som række {a}. Slet den ene. | -
the fact is already in the record: Det er allerede registreret. Slet rækken. | -
the id belongs to: Id'et hører til en anden registrering. Lad feltet stå tomt. | -
you bring in nothing for the site: Du kan ikke indlæse noget for det sted. | -
the site is not known: Stedet findes ikke. Se, hvordan det skrives. | -
the enrolment is in use: Forløbets id er i brug. Lad feltet stå tomt, så laver systemet et. | -
there is no such enrolment: Forløbet findes ikke. Se, hvordan dets id skrives. | -
the enrolment belongs to another person: Forløbet hører til en anden borger. | -
the enrolment begins on more than one row: Forløbet begynder på flere rækker. Giv hvert forløb sit eget id, eller lad feltet stå tomt. | -
the enrolment ends on more than one row: Forløbet slutter på flere rækker. Behold den ene. | -
the exit lies before the enrolment began: Afslutningen ligger før forløbets første dag. | -
already enrolled in the same service: Borgeren er allerede indskrevet i det samme tilbud på det tidspunkt. | -
the row cannot be brought in here: Rækken kan ikke indlæses her. Bed indsatsens leder om at se på den. | -
"""  # noqa: E501 - a text a line

WORDS: dict[str, Text] = {}
"""None by key: these are found by pattern."""

_PATTERNS = {pattern: text.da for pattern, text in table(_FOUND).items()}
_OTHER = "Rækken kan ikke indlæses, som den står. Se efter i kolonnen."


def problem_said(what: str, remedy: str, lang: Lang) -> str:
    """What is wrong and what to do, in one language; ``what`` and ``remedy`` are the record's own English words."""
    if lang == "en":
        return f"{what[:1].upper()}{what[1:]}. {remedy}"
    for pattern, text in _PATTERNS.items():
        hit = re.search(pattern, what)
        if hit is not None:
            return text.format(**hit.groupdict())
    return _OTHER
