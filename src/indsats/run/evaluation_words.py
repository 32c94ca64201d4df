"""What an evaluation's newer tables are called and say, in both languages: models, checks, doubts and the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from indsats.language import day, inside
from indsats.programme import Text

from .words import both

CHECK = both("Prøve", "Check")
RESULT = both("Resultat", "Result")
READING = both("Læsning", "Reading")

SUBGROUP = both("Undergruppe", "Subgroup")
P_SAME = both("p for samme virkning", "p for the same effect")
EVERYBODY = both("Alle", "Everybody")
SUBGROUPS_NOTE = both(
    "Undergrupper viser, hvor man kan lede videre; mange sammenligninger finder let noget tilfældigt.",
    "Subgroups show where to look further; many comparisons easily find something by chance.",
)

SUBGROUPS_ADJUSTED = both(
    "Forskellene er justeret for baggrund.", "The differences are adjusted for background."
)

TERM = both("Uger", "Weeks")
HAZARD_RATIO = both("Hazardratio", "Hazard ratio")
HAZARDS_NOTE = both(
    "Hazardratio: indsatsgruppens ugentlige rate delt med sammenligningsgruppens; 1 er ingen forskel. "
    "Cox-regression med Efrons metode for samtidige hændelser.",
    "Hazard ratio: the programme group's weekly rate divided by the comparison group's; 1 is no difference. Cox "
    "regression with Efron's method for simultaneous events.",
)
PROPORTIONAL = both("p for ens virkning over tid", "p for the same effect over time")
MEAN_WAIT_NOTE = both(
    "Minus betyder, at indsatsgruppen venter kortere.", "Minus means that the programme group waits less."
)
WEEKS_SAVED = both("Forskel i uger", "Difference in weeks")

FOLLOW_UP = both("Opfølgning", "Follow-up")
CLUSTERS = both("Klynger", "Clusters")
BEFORE = both("Tiden før", "The time before")
DOUBTS = both("Forbehold", "Reservations")
WEIGHT = both("Vægt", "Weight")
ABOUT = both("Om", "About")
DOUBT = both("Forbehold", "Reservation")

MISSING = both(
    "En del personer er udeladt, fordi en oplysning mangler; se, hvem der indgår.",
    "A number of people are left out for want of a value; see who is included.",
)

P_ADJUSTED = both("p justeret for flere udfald", "p adjusted for several outcomes")

PLAN = both("Plan og afvigelser", "Plan and deviations")
PART = both("Del", "Part")
ITEM = both("Led", "Item")
STANDING = both("Status", "Standing")
STANDINGS: Mapping[str, Text] = {
    "as planned": both("som planlagt", "as planned"),
    "changed": both("ændret efter planen", "changed after the plan"),
    "added": both("tilføjet efter planen", "added after the plan"),
    "left out": both("planlagt, men udeladt", "planned but left out"),
}
PARTS: Mapping[str, Text] = {
    "population": both("Population", "Population"),
    "clock": both("Ur", "Clock"),
    "treatment": both("Indsats", "Treatment"),
    "outcomes": both("Effektmål", "Outcomes"),
    "covariates": both("Baggrund", "Background"),
    "history": both("Forhistorie", "History"),
    "estimates": both("Estimater", "Estimates"),
    "sensitivity": both("Følsomhed", "Sensitivity"),
    "main": both("Hovedestimat", "Main estimate"),
}
ITEMS: Mapping[str, Text] = {
    "rule": both("Regel for, hvem der er med", "Rule for who is in"),
    "rows": both("Rækker", "Rows"),
    "states": both("Tilstande i registret", "States in the register"),
    "index": both("Hvornår uret starter", "When the clock starts"),
    "effort_starts": both("Hvornår indsatsen begyndte", "When the effort began"),
    "time_to": both("Hvad der ventes på", "What is waited for"),
    "treated": both("Hvem der får indsatsen", "Who is treated"),
    "derive": both("Kolonner lavet af andre", "Columns made from others"),
    "cluster": both("Hvad indsatsen blev givet samlet", "What was given the effort as a whole"),
    "matched": both("Par", "Pairs"),
    "subgroups": both("Undergrupper", "Subgroups"),
    "main": both("Estimatet, konklusionen hviler på", "The estimate the conclusion rests on"),
    "outcome": both("Effektmålet, prøverne gælder", "The outcome the checks try"),
    "multiplicity": both("Justering for flere udfald", "Adjustment for several outcomes"),
    "design": both("Design", "Design"),
}
"""Items of a plan that have no title of their own."""
NO_PLAN = both(
    "Ingen plan er registreret for denne evaluering i disse data. Valgene kan være truffet med kendskab til "
    "resultatet.",
    "No plan has been registered for this evaluation in these data. Choices may have been made knowing the result.",
)
AS_PLANNED = both("Alt er som i planen.", "Everything is as in the plan.")


def plan_told(registered: datetime, plan_hash: str, *, in_time: bool) -> Text:
    """When the plan was registered, and whether that was before outcomes were read."""
    da, en = day(registered.date(), "da"), day(registered.date(), "en")
    short = plan_hash[:12]
    if in_time:
        return both(
            f"Planen blev registreret {da} (kode {short}), før udfaldene blev læst.",
            f"The plan was registered on {en} (code {short}), before outcomes were read.",
        )
    return both(
        f"Planen blev først registreret {da} (kode {short}), efter at udfaldene var læst. "
        "Læs resultatet som en afsøgning.",
        f"The plan was registered only on {en} (code {short}), after outcomes had been read. "
        "Read the result as exploration.",
    )


def sensitivity(outcome: Text, method: Text) -> Text:
    """The title of the table of checks."""
    return both(
        f"Følsomhed: {inside(outcome.da)} ({inside(method.da)})",
        f"Sensitivity: {inside(outcome.en)} ({inside(method.en)})",
    )


def subgroups(field: Text, outcome: Text) -> Text:
    """The title of a table of subgroups."""
    return both(
        f"Undergrupper efter {inside(field.da)}: {inside(outcome.da)}",
        f"Subgroups by {inside(field.en)}: {inside(outcome.en)}",
    )


def no_subgroups(title: Text) -> Text:
    """Instead of a table of subgroups that the data do not allow."""
    return both(
        f"{title.da}: kan ikke beregnes i disse data.", f"{title.en}: cannot be estimated in these data."
    )


def hazards(outcome: Text) -> Text:
    """The title of a table of hazard ratios."""
    return both(f"Ugentlig rate: {inside(outcome.da)}", f"Weekly rate: {inside(outcome.en)}")


def weeks_of(term: str) -> Text:
    """Which weeks a term of a split hazard is about: ``treated[..8]``, ``treated[9..]`` or all of them."""
    _, _, span = term.partition("[")
    first, _, last = span.rstrip("]").partition("..")
    if not span:
        return both("alle uger", "all weeks")
    if not first:
        return both(f"uge 1-{last}", f"weeks 1-{last}")
    return (
        both(f"uge {first}-{last}", f"weeks {first}-{last}")
        if last
        else both(f"fra uge {first}", f"from week {first}")
    )


def mean_wait(outcome: Text) -> Text:
    """The title of a table of differences in mean waiting time."""
    return both(f"Ventetid: {inside(outcome.da)}", f"Waiting time: {inside(outcome.en)}")


def many(title: Text) -> Text:
    """The title of a table of adjusted p-values."""
    return both(f"Flere udfald: {inside(title.da)}", f"Several outcomes: {inside(title.en)}")


def listed(places: Sequence[Text]) -> Text:
    """Several titles in a row."""
    return both("; ".join(place.da for place in places), "; ".join(place.en for place in places))


def few_told(code: str) -> Text:
    """A doubt whose numbers are those of few people."""
    return both(
        f"Vises ikke i tal, fordi de kan handle om få personer ({code}).",
        f"Not shown in numbers, because they may be about few people ({code}).",
    )
