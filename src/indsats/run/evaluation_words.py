"""What an evaluation's newer tables are called and say, in both languages: models, checks, doubts and the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from indsats.language import day
from indsats.programme import Text


def _t(da: str, en: str) -> Text:
    return Text(da=da, en=en)


CHECK = _t("Prøve", "Check")
RESULT = _t("Resultat", "Result")
READING = _t("Læsning", "Reading")

SUBGROUP = _t("Undergruppe", "Subgroup")
P_SAME = _t("p for samme virkning", "p for the same effect")
EVERYBODY = _t("Alle", "Everybody")
SUBGROUPS_NOTE = _t(
    "Undergrupper viser, hvor man kan lede videre; mange sammenligninger finder let noget tilfældigt.",
    "Subgroups show where to look further; many comparisons easily find something by chance.",
)

SUBGROUPS_ADJUSTED = _t(
    "Forskellene er justeret for baggrund.", "The differences are adjusted for background."
)

TERM = _t("Uger", "Weeks")
HAZARD_RATIO = _t("Hazardratio", "Hazard ratio")
HAZARDS_NOTE = _t(
    "Hazardratio: indsatsgruppens ugentlige rate delt med sammenligningsgruppens; 1 er ingen forskel. "
    "Cox-regression med Efrons metode for samtidige hændelser.",
    "Hazard ratio: the programme group's weekly rate divided by the comparison group's; 1 is no difference. Cox "
    "regression with Efron's method for simultaneous events.",
)
PROPORTIONAL = _t("p for ens virkning over tid", "p for the same effect over time")
MEAN_WAIT_NOTE = _t(
    "Minus betyder, at indsatsgruppen venter kortere.", "Minus means that the programme group waits less."
)
WEEKS_SAVED = _t("Forskel i uger", "Difference in weeks")

FOLLOW_UP = _t("Opfølgning", "Follow-up")
CLUSTERS = _t("Klynger", "Clusters")
BEFORE = _t("Tiden før", "The time before")
DOUBTS = _t("Forbehold", "Reservations")
WEIGHT = _t("Vægt", "Weight")
ABOUT = _t("Om", "About")
DOUBT = _t("Forbehold", "Reservation")

MISSING = _t(
    "En del personer er udeladt, fordi en oplysning mangler; se, hvem der indgår.",
    "A number of people are left out for want of a value; see who is included.",
)

P_ADJUSTED = _t("p justeret for flere udfald", "p adjusted for several outcomes")

PLAN = _t("Plan og afvigelser", "Plan and deviations")
PART = _t("Del", "Part")
ITEM = _t("Led", "Item")
STANDING = _t("Status", "Standing")
STANDINGS: Mapping[str, Text] = {
    "as planned": _t("som planlagt", "as planned"),
    "changed": _t("ændret efter planen", "changed after the plan"),
    "added": _t("tilføjet efter planen", "added after the plan"),
    "left out": _t("planlagt, men udeladt", "planned but left out"),
}
PARTS: Mapping[str, Text] = {
    "population": _t("Population", "Population"),
    "clock": _t("Ur", "Clock"),
    "treatment": _t("Indsats", "Treatment"),
    "outcomes": _t("Effektmål", "Outcomes"),
    "covariates": _t("Baggrund", "Background"),
    "history": _t("Forhistorie", "History"),
    "estimates": _t("Estimater", "Estimates"),
    "sensitivity": _t("Følsomhed", "Sensitivity"),
    "main": _t("Hovedestimat", "Main estimate"),
}
ITEMS: Mapping[str, Text] = {
    "rule": _t("Regel for, hvem der er med", "Rule for who is in"),
    "rows": _t("Rækker", "Rows"),
    "states": _t("Tilstande i registret", "States in the register"),
    "index": _t("Hvornår uret starter", "When the clock starts"),
    "effort_starts": _t("Hvornår indsatsen begyndte", "When the effort began"),
    "time_to": _t("Hvad der ventes på", "What is waited for"),
    "treated": _t("Hvem der får indsatsen", "Who is treated"),
    "derive": _t("Kolonner lavet af andre", "Columns made from others"),
    "cluster": _t("Hvad indsatsen blev givet samlet", "What was given the effort as a whole"),
    "matched": _t("Par", "Pairs"),
    "subgroups": _t("Undergrupper", "Subgroups"),
    "main": _t("Estimatet, konklusionen hviler på", "The estimate the conclusion rests on"),
    "outcome": _t("Effektmålet, prøverne gælder", "The outcome the checks try"),
    "multiplicity": _t("Justering for flere udfald", "Adjustment for several outcomes"),
    "design": _t("Design", "Design"),
}
"""Items of a plan that have no title of their own."""
NO_PLAN = _t(
    "Ingen plan er registreret for denne evaluering i disse data. Valgene kan være truffet med kendskab til "
    "resultatet.",
    "No plan has been registered for this evaluation in these data. Choices may have been made knowing the result.",
)
AS_PLANNED = _t("Alt er som i planen.", "Everything is as in the plan.")


def plan_told(registered: datetime, plan_hash: str, *, in_time: bool) -> Text:
    """When the plan was registered, and whether that was before outcomes were read."""
    da, en = day(registered.date(), "da"), day(registered.date(), "en")
    short = plan_hash[:12]
    if in_time:
        return _t(
            f"Planen blev registreret {da} (kode {short}), før udfaldene blev læst.",
            f"The plan was registered on {en} (code {short}), before outcomes were read.",
        )
    return _t(
        f"Planen blev først registreret {da} (kode {short}), efter at udfaldene var læst. "
        "Læs resultatet som en afsøgning.",
        f"The plan was registered only on {en} (code {short}), after outcomes had been read. "
        "Read the result as exploration.",
    )


def sensitivity(outcome: Text, method: Text) -> Text:
    """The title of the table of checks."""
    return _t(
        f"Følsomhed: {_lower(outcome.da)} ({_lower(method.da)})",
        f"Sensitivity: {_lower(outcome.en)} ({_lower(method.en)})",
    )


def subgroups(field: Text, outcome: Text) -> Text:
    """The title of a table of subgroups."""
    return _t(
        f"Undergrupper efter {_lower(field.da)}: {_lower(outcome.da)}",
        f"Subgroups by {_lower(field.en)}: {_lower(outcome.en)}",
    )


def no_subgroups(title: Text) -> Text:
    """Instead of a table of subgroups that the data do not allow."""
    return _t(
        f"{title.da}: kan ikke beregnes i disse data.", f"{title.en}: cannot be estimated in these data."
    )


def hazards(outcome: Text) -> Text:
    """The title of a table of hazard ratios."""
    return _t(f"Ugentlig rate: {_lower(outcome.da)}", f"Weekly rate: {_lower(outcome.en)}")


def weeks_of(term: str) -> Text:
    """Which weeks a term of a split hazard is about: ``treated[..8]``, ``treated[9..]`` or all of them."""
    _, _, span = term.partition("[")
    first, _, last = span.rstrip("]").partition("..")
    if not span:
        return _t("alle uger", "all weeks")
    if not first:
        return _t(f"uge 1-{last}", f"weeks 1-{last}")
    return (
        _t(f"uge {first}-{last}", f"weeks {first}-{last}")
        if last
        else _t(f"fra uge {first}", f"from week {first}")
    )


def mean_wait(outcome: Text) -> Text:
    """The title of a table of differences in mean waiting time."""
    return _t(f"Ventetid: {_lower(outcome.da)}", f"Waiting time: {_lower(outcome.en)}")


def many(title: Text) -> Text:
    """The title of a table of adjusted p-values."""
    return _t(f"Flere udfald: {_lower(title.da)}", f"Several outcomes: {_lower(title.en)}")


def listed(places: Sequence[Text]) -> Text:
    """Several titles in a row."""
    return _t("; ".join(place.da for place in places), "; ".join(place.en for place in places))


def few_told(code: str) -> Text:
    """A doubt whose numbers are those of few people."""
    return _t(
        f"Vises ikke i tal, fordi de kan handle om få personer ({code}).",
        f"Not shown in numbers, because they may be about few people ({code}).",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
