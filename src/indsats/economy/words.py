"""What payers, prices' units, doubts and verdicts are called: one wording for reports and workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from indsats.evaluate import Severity
from indsats.programme import Payer, Per, Text

from .budget import Verdict


def _both(da: str, en: str) -> Text:
    return Text(da=da, en=en)


VERDICTS: Mapping[Verdict, Text] = {
    "saves": _both(
        "Indsatsen sparer mere, end den koster, også ved den laveste effekt, usikkerheden levner plads til.",
        "The effort saves more than it costs, also at the smallest effect the uncertainty leaves room for.",
    ),
    "costs": _both(
        "Indsatsen koster mere, end den giver tilbage, også ved den højeste effekt, usikkerheden levner plads til.",
        "The effort costs more than it returns, also at the largest effect the uncertainty leaves room for.",
    ),
    "depends": _both(
        "Den effekt, der regnes med, er for usikker til at sige, om indsatsen betaler sig.",
        "The effect that is counted on is too uncertain to tell whether the effort pays.",
    ),
    "unproven": _both(
        "Ingen effekt er påvist, så der kan ikke loves en besparelse, uanset hvad beløbet viser.",
        "No effect is shown, so no saving can be promised, whatever the amount shows.",
    ),
    "assumed": _both(
        "Beløbet gælder kun, hvis effekten er som antaget. Hvor sikker den er, vides ikke.",
        "The amount holds only if the effect is as assumed. How sure it is, is not known.",
    ),
}
"""What may be said of whether an effort pays, by the doubt about its effect."""
VERDICTS_SHORT: Mapping[Verdict, Text] = {
    "saves": _both("sparer", "saves"),
    "costs": _both("koster", "costs"),
    "depends": _both("usikkert", "uncertain"),
    "unproven": _both("effekt ikke påvist", "effect not shown"),
    "assumed": _both("effekt antaget", "effect assumed"),
}
"""The same in a table's cell."""

PAYER_WORDS: Mapping[Payer, Text] = {
    "municipality": _both("Kommune", "Municipality"),
    "region": _both("Region", "Region"),
    "state": _both("Stat", "State"),
    "citizen": _both("Borger", "Citizen"),
    "others": _both("Øvrige", "Others"),
}

SEVERITIES: Mapping[Severity, Text] = {
    "grave": _both("Alvorligt", "Grave"),
    "doubt": _both("Læs med forbehold", "Read with care"),
    "note": _both("Godt at vide", "Good to know"),
}

PERS: Mapping[Per, Text] = {
    "once": _both("én gang", "once"),
    "year": _both("år", "year"),
    "month": _both("måned", "month"),
    "week": _both("uge", "week"),
    "hour": _both("time", "hour"),
    "participant": _both("deltager", "participant"),
    "meeting": _both("møde", "meeting"),
    "placement": _both("placering", "placement"),
    "course": _both("forløb", "course"),
}
"""What a price is for."""

COUNTED: Mapping[Per, Text] = {
    "once": _both("gange", "times"),
    "year": _both("år", "years"),
    "month": _both("måneder", "months"),
    "week": _both("uger", "weeks"),
    "hour": _both("timer", "hours"),
    "participant": _both("deltagere", "participants"),
    "meeting": _both("møder", "meetings"),
    "placement": _both("placeringer", "placements"),
    "course": _both("forløb", "courses"),
}
"""What several of a price's units are called."""
