"""What tables of targets, of missed targets, and of indicators place by place say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from indsats.figure import Figure
from indsats.programme import Block as Asked
from indsats.programme import DeviationsBlock, IndicatorsBlock, TargetsBlock, Text
from indsats.report import Block, Light, Sentence

from .. import target_words, words
from ..material import Material
from ..steering import places_of
from ..words import both
from .letter import beside
from .words import (
    BASE_TOLD,
    CHANCE,
    MOST,
    Row,
    apart,
    counted,
    holds,
    is_few,
    listed,
    lowered,
    plain,
    quoted,
    rows_of,
    same_printed,
    sentence,
    tables,
    with_left_out,
)

EFFORT = both("Indsatsen", "The effort")
UNANSWERED = ("Mangler", "Afventes")
"""How the Danish words for an explanation that has not come begin."""
_OTHERS: dict[str, Text] = {
    words.FROM_OTHERS.da: both("de øvrige enheder", "the other units"),
    target_words.FROM_OTHER_SITES.da: both("de øvrige steder", "the other sites"),
    target_words.FROM_ALL.da: both("helheden", "the whole"),
}
_ORDER = ("met", "near", "not_met")


_INDICATORS = both("indikatorerne i tabellen", "the indicators of the table")
_OTHER_INDICATORS = both("de øvrige indikatorer", "the other indicators")
_SEVERAL = both("flere steder", "in several places")


def targets(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """A sentence for each target that can be judged, met ones first, then what cannot be judged and why."""
    if not isinstance(asked, TargetsBlock):
        return
    place = place_of(asked, material)
    for table in tables(made, "target", "realised", "status"):
        lines = list(zip(asked.indicators, rows_of(table), strict=True))
        for status in _ORDER:
            for name, row in lines:
                if _status(row) == status:
                    yield _judged(place, row, status, material.programme.indicators[name].better)
        few = [row for _, row in lines if _status(row) == "too_few"]
        if few:
            names = listed([row.name for row in few])
            yield sentence(
                f"Der er for få til at sige, om målet er nået for {names.da}.",
                f"There are too few to tell whether the target is met for {names.en}.",
                of=(figure for row in few for figure in row.figures()),
            )
        yield from _not_measurable([row for _, row in lines])


def place_of(asked: TargetsBlock | DeviationsBlock, material: Material) -> Text:
    """Who a table of targets is about: the effort, or one unit or site of several."""
    programme = material.programme
    site = asked.site or (material.about if asked.unit is None else None)
    if site is not None and material.facts is not None:
        return plain(dict(places_of(material.facts, "site")).get(site, both(site, site)))
    if asked.unit is not None and list(programme.effort_units) != [asked.unit]:
        return plain(programme.units[asked.unit].title)
    return EFFORT


def _status(row: Row) -> str:
    light = row.cell("status")
    return light.status if isinstance(light, Light) else ""


def _judged(place: Text, row: Row, status: str, better: str) -> Sentence:
    realised, target = row.figure("realised"), row.figure("target")
    title = quoted(row.name)
    slots = {"realised": row.told("realised"), "target": row.told("target")}
    others = _OTHERS.get(row.text("basis").da)
    if realised is None or target is None:
        raise ValueError("a target is judged that has no level")
    alike = same_printed(realised, target, row.decimals("realised"))
    base_da = base_en = ""
    if realised.unit == "share" and 0 < (realised.denominator or 0) < BASE_TOLD:
        slots["base"] = row.told("realised", "denominator")
        base_da, base_en = " Grundlaget er {{base}} i alt.", " The base is {{base}} in all."
    if others is not None and alike:
        da = f"{place.da} ligger på samme niveau som {others.da} for {title.da}: {{{{realised}}}}."
        en = f"{place.en} is at the same level as {others.en} for {title.en}: {{{{realised}}}}."
    elif others is not None:
        within = holds(realised, target.value or 0.0)
        how = _WITHIN if within else _COMPARED[status]
        da = how.da.format(place=place.da, others=others.da, title=title.da)
        en = how.en.format(place=place.en, others=others.en, title=title.en)
        da, en = (
            f"{da}: {{{{realised}}}} mod {{{{target}}}}.",
            f"{en}: {{{{realised}}}} against {{{{target}}}}.",
        )
        if within:
            base_da, base_en = f" {CHANCE.da}{base_da}", f" {CHANCE.en}{base_en}"
    else:
        bound = both("højst", "at most") if better == "lower" else both("mindst", "at least")
        da, en = (_FIXED[status].in_(lang) for lang in ("da", "en"))
        da = da.format(place=place.da, title=title.da)
        en = en.format(place=place.en, title=title.en)
        if alike:
            da = f"{da}: {{{{realised}}}}, på samme niveau som målet."
            en = f"{en}: {{{{realised}}}}, at the same level as the target."
        else:
            da = f"{da}: {{{{realised}}}} mod et mål på {bound.da} {{{{target}}}}."
            en = f"{en}: {{{{realised}}}} against a target of {bound.en} {{{{target}}}}."
    return sentence(da + base_da, en + base_en, of=(), **slots)


_COMPARED = {
    "met": both(
        "{place} har bedre resultater end {others} for {title}",
        "{place} has better results than {others} for {title}",
    ),
    "near": both(
        "{place} har lidt dårligere resultater end {others} for {title}",
        "{place} has slightly poorer results than {others} for {title}",
    ),
    "not_met": both(
        "{place} har dårligere resultater end {others} for {title}",
        "{place} has poorer results than {others} for {title}",
    ),
}
_WITHIN = both(
    "{place} kan ikke skelnes fra {others}, når det gælder {title}",
    "{place} cannot be told from {others} on {title}",
)
"""Where the level of the others lies within the uncertainty, whatever the light."""
_FIXED = {
    "met": both("{place} har indfriet målet om {title}", "{place} has met the target of {title}"),
    "near": both(
        "{place} er tæt på målet om {title}, men har ikke indfriet det",
        "{place} is near the target of {title} but has not met it",
    ),
    "not_met": both(
        "{place} har ikke indfriet målet om {title}", "{place} has not met the target of {title}"
    ),
}


def _not_measurable(rows: Sequence[Row]) -> Iterator[Sentence]:
    """Targets that cannot be judged, those with the same reason together. Where no target is set, none is told."""
    why: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        reason = row.cell("why")
        if _status(row) == "not_measurable" and isinstance(reason, Text):
            why[reason.da, reason.en].append(row)
    for (da, en), same in why.items():
        if da == target_words.WHY["no_direction"].da:
            continue
        names, reason = listed([row.name for row in same]), lowered(both(da, en))
        yield sentence(
            f"Målet er endnu ikke målbart for {names.da}: {reason.da}.",
            f"The target is not yet measurable for {names.en}: {reason.en}.",
            of=(figure for row in same for figure in row.figures()),
        )


def deviations(asked: Asked, made: Sequence[Block], _: Material) -> Iterator[Sentence]:
    """How many explanations are asked for and have come, and which targets still lack one."""
    if not isinstance(asked, DeviationsBlock):
        return
    for table in tables(made, "realised", "status", "explanation"):
        rows = rows_of(table)
        wanted = [row for row in rows if row.cell("explanation") is not None]
        lacking = [row for row in wanted if row.text("explanation").da.startswith(UNANSWERED)]
        if not wanted:
            continue
        answered = len(wanted) - len(lacking)
        came = ("{{answered}} er givet", "{{answered}} have been given")
        if not answered:
            came = ("ingen er givet endnu", "none have been given yet")
        yield sentence(
            f"Der er bedt om en forklaring for {{{{asked}}}} af {{{{all}}}} mål; {came[0]}.",
            f"An explanation is asked for on {{{{asked}}}} of {{{{all}}}} targets; {came[1]}.",
            of=(figure for row in rows for figure in row.figures()),
            asked=counted(f"{table.id}/asked", len(wanted)),
            all=counted(f"{table.id}/all", len(rows)),
            answered=counted(f"{table.id}/answered", answered),
        )
        for row in lacking[:MOST]:
            title = quoted(row.name)
            yield sentence(
                f"Der er endnu ingen forklaring på, at målet om {title.da} ikke er indfriet.",
                f"There is no explanation yet of why the target of {title.en} is not met.",
                of=row.figures(),
            )


def indicators(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Highest and lowest place where they differ by more than chance; the other indicators together.

    Plain counts are not compared: places are not equally large. Places with numbers so small that they may be hidden
    are not among the compared.
    """
    if not isinstance(asked, IndicatorsBlock):
        return
    yield from beside(asked, made, material)
    threshold = material.programme.disclosure_threshold
    alike: list[tuple[Text, list[Figure]]] = []
    found: list[Sentence] = []
    for table in (*tables(made, "place"), *tables(made, "indicator")):
        if table.columns[-1].id == "whole":
            continue
        for title, places in _by_indicator(rows_of(table)):
            compared = [
                (place, row, key, figure)
                for place, row, key in places
                if (figure := row.figure(key)) is not None
                and figure.unit != "count"
                and figure.low is not None
                and not is_few(figure, threshold)
            ]
            if len(compared) < 2:
                continue
            compared.sort(key=lambda one: one[3].value or 0.0)
            (lowest, low_row, low_key, low), *_, (highest, high_row, high_key, high) = compared
            figures = [figure for *_, figure in compared]
            if not apart(low, high, len(compared)) or same_printed(low, high):
                alike.append((title, figures))
                continue
            # Where several are alike at one end, none of them is named.
            name = plain(title)
            up = _SEVERAL if same_printed(high, compared[-2][3]) else _in(highest)
            down = _SEVERAL if same_printed(low, compared[1][3]) else _in(lowest)
            rest = with_left_out(len(compared) < len(places))
            found.append(
                sentence(
                    f"{name.da}: højest {up.da} ({{{{highest}}}}), lavest {down.da} ({{{{lowest}}}}){rest[0]}.",
                    f"{name.en}: highest {up.en} ({{{{highest}}}}), lowest {down.en} ({{{{lowest}}}}){rest[1]}.",
                    of=figures,
                    highest=high_row.told(high_key),
                    lowest=low_row.told(low_key),
                )
            )
    yield from found[: MOST + 1]
    if alike:
        names = listed([title for title, _ in alike], _OTHER_INDICATORS if found else _INDICATORS)
        where = both("stederne", "sites") if asked.by == "site" else both("enhederne", "units")
        yield sentence(
            f"{where.da.capitalize()} kan ikke skelnes, når det gælder {names.da}: forskellene kan være tilfældige.",
            f"The {where.en} cannot be told apart on {names.en}: the differences may be chance.",
            of=(figure for _, figures in alike for figure in figures),
        )


def _in(place: Text) -> Text:
    name = plain(place)
    return both(f"i {name.da}", f"in {name.en}")


def _by_indicator(rows: Sequence[Row]) -> Iterator[tuple[Text, list[tuple[Text, Row, str]]]]:
    """Each indicator with its places and the cells of these, whichever of the two goes down the table."""
    if not rows:
        return
    first, *others = rows[0].table.columns
    if first.id == "indicator":
        for row in rows:
            yield row.name, [(column.title, row, column.id) for column in others]
    else:
        for column in others:
            yield column.title, [(row.name, row, column.id) for row in rows]
