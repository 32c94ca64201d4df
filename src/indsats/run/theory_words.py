"""What the blocks of a programme theory say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indsats.programme import Text

from .words import both

BOX = both("Led", "Step")
LEVEL = both("Niveau", "Level")
SHOWS = both("Viser", "Shows")
LINK = both("Pil", "Arrow")
THROUGH = both("gennem", "through")
GOES_WITH = both("Hænger sammen (−1 til 1)", "Go together (−1 to 1)")
P_ADJUSTED = both("p, korrigeret", "p, corrected")
HOW = both("Målt på", "Measured by")
SIZE = both("størrelse", "size")
PEOPLE = both("personer i målgruppen", "people in the target group")
NO_SIZE = both("størrelsen er ikke opgjort", "the size is not told")
NOT_MEASURED = both("ikke målt", "not measured")
EFFECT = both("effekt", "effect")

KIND: Mapping[str, Text] = {
    "activity": both("omfang", "dose"),
    "mechanism": both("kvalitet i udførelsen", "fidelity"),
    "step": both("fremdrift", "progress"),
    "immediate_result": both("fremdrift", "progress"),
    "subgoal": both("fremdrift", "progress"),
    "result": both("resultat", "outcome"),
}
"""What the evidence at a level shows."""

LINK_COLUMNS: Mapping[str, str] = {
    "link": "link",
    "cause": "cause",
    "effect": "effect",
    "strength": "strength",
    "association": "association",
}
"""The columns of the table of links that the drawing tells its arrows from."""

DRAWING = both(
    "Programteorien fra venstre mod højre: målgruppe, aktiviteter, mekanismer, delmål og slutmål. Under stregen i hver "
    "kasse står, hvad der er målt i perioden. Et tal på en pil er dens nummer i tabellen og hvor meget dens ender "
    "hænger sammen; pile uden tal er ikke målt. Stregen viser, hvad dokumentet selv fandt.",
    "The programme theory from left to right: target group, activities, mechanisms, sub-goals and final goals. Below "
    "the line in each box stands what was measured in the period. A number on an arrow is its number in the table and "
    "how much its ends go together; arrows without one are not measured. The stroke shows what the document itself "
    "found.",
)
ASSOCIATION = both(
    "Tallet siger, hvor meget de to ender hænger sammen hos de samme personer: 0 er slet ikke, 1 er fuldt ud. Plus "
    "betyder, at det går bedre med det ene, hvor det går bedre med det andet; minus det modsatte. I parentes står det "
    "interval, der er foreneligt med tallene. Det er ikke en effekt: begge dele er målt i samme periode, og noget "
    "tredje kan ligge bag. Tallene er for alle i indsatsen.",
    "The number says how much the two ends go together in the same people: 0 is not at all, 1 is fully. Plus means "
    "that the one goes better where the other does; minus the opposite. In brackets stands the interval that agrees "
    "with the numbers. It is no effect: both were measured in the same period, and something else may lie behind. "
    "The numbers are for everybody in the effort.",
)

_FIELDS: Mapping[str, Text] = {
    "age": both("alder", "age"),
    "birth_date": both("alder", "age"),
    "sex": both("køn", "sex"),
    "origin": both("oprindelse", "origin"),
    "civil_status": both("civilstand", "civil status"),
    "education": both("uddannelse", "education"),
    "area": both("område", "area"),
    "site": both("sted", "site"),
}


def steps(title: Text) -> Text:
    """The title of the table of boxes."""
    return both(f"{title.da}: målt i hvert led", f"{title.en}: measured at each step")


def links(title: Text) -> Text:
    """The title of the table of arrows."""
    return both(f"{title.da}: pilene", f"{title.en}: the arrows")


def effect_on(outcome: Text, *, points: bool) -> Text:
    """What an effect in a box is an effect on, with its unit where that does not show."""
    if points:
        return both(f"{outcome.da} (effekt i procentpoint)", f"{outcome.en} (effect in percentage points)")
    return both(f"{outcome.da} (effekt)", f"{outcome.en} (effect)")


def several(number: int) -> Text:
    """How many arrows were looked at together."""
    return both(
        f"Der er regnet på {number} pile. Jo flere der regnes på, des lettere ser en af dem sikker ud ved et tilfælde; "
        "p er derfor korrigeret for antallet (Holm).",
        f"{number} arrows were looked at. The more there are, the easier one of them looks certain by chance; p is "
        "therefore corrected for their number (Holm).",
    )


def measured(cause: Text, effect: Text, level: str, held: Sequence[str]) -> Text:
    """What an association is found between, across what, and what it is adjusted for."""
    across = both("forløb", "enrolments") if level == "person" else both("steder", "sites")
    names = [_FIELDS.get(name, both(name, name)) for name in dict.fromkeys(held)]
    da = f"{cause.da} og {effect.da}, på tværs af {across.da}"
    en = f"{cause.en} and {effect.en}, across {across.en}"
    if not names:
        return both(da, en)
    return both(
        f"{da}; justeret for {', '.join(one.da for one in names)}",
        f"{en}; adjusted for {', '.join(one.en for one in names)}",
    )


def listed(titles: Sequence[Text]) -> Text | None:
    """Several titles in one cell; none where there are none."""
    if not titles:
        return None
    return both("; ".join(one.da for one in titles), "; ".join(one.en for one in titles))
