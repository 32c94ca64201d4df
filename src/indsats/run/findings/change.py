"""What tables of scores, profiles, change, transitions and answering say. None of them has a comparison group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indsats.evaluate import LEVEL
from indsats.figure import Figure
from indsats.programme import Block as Asked
from indsats.programme import ChangeBlock, ProfileBlock, ScoresBlock, Text
from indsats.report import Block, Sentence

from ..material import Material
from ..words import both
from .words import (
    MOST,
    Row,
    apart,
    caveat,
    excludes_zero,
    is_few,
    listed,
    plain,
    rows_of,
    same_printed,
    sentence,
    tables,
)

ANSWERED_FEW = 2 / 3
"""A round answered by a smaller share than this is told with what it means."""


def not_compared() -> Sentence:
    """What movement alone does not say."""
    return caveat(
        "Ingen er sammenlignet med her, så bevægelsen kan ikke tilskrives indsatsen.",
        "Nobody is compared with here, so the movement cannot be put down to the effort.",
    )


def profile(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Which items have a higher or lower mean now than at the start, as printed."""
    if not isinstance(asked, ProfileBlock):
        return
    better = material.programme.questionnaires[asked.questionnaire].scale.better
    for table in tables(made, "item", "all-first", "all-last"):
        up: list[Row] = []
        down: list[Row] = []
        for row in rows_of(table):
            first, last = row.figure("all-first"), row.figure("all-last")
            if first is None or last is None or same_printed(first, last):
                continue
            if not is_few(first, material.programme.disclosure_threshold):
                (up if (last.value or 0) > (first.value or 0) else down).append(row)
        for rows, way in ((up, both("højere", "higher")), (down, both("lavere", "lower"))):
            if rows:
                names, good = listed([row.name for row in rows]), _good(way, better)
                yield sentence(
                    f"Gennemsnittet er nu {way.da} end ved starten for {names.da}{good[0]}.",
                    f"The mean is now {way.en} than at the start for {names.en}{good[1]}.",
                    of=(figure for row in rows for figure in row.figures()),
                )
        if up or down:
            yield caveat(
                "Tabellen prøver ikke, om forskellene er tilfældige, og der er ingen at sammenligne med.",
                "The table does not test whether the differences are chance, and there is nobody to compare with.",
            )


def _good(way: Text, better: str) -> tuple[str, str]:
    """Whether a movement is for the better, where the scale says which end is."""
    if better not in ("higher", "lower"):
        return "", ""
    return (
        (", altså bedre", ", that is better")
        if way.en == better
        else (", altså dårligere", ", that is poorer")
    )


def change(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Whether scores moved on average, how many moved beyond measurement error, and who was lost on the way."""
    if not isinstance(asked, ChangeBlock):
        return
    questionnaire = material.programme.questionnaires[asked.questionnaire]
    moved = False
    for table in tables(made, "paired", "before", "after", "change"):
        row = rows_of(table)[-1] if table.rows else None
        difference = None if row is None else row.figure("change")
        if row is None or difference is None:
            continue
        yield _on_average(plain(table.title), row, difference, questionnaire.scale.better)
        moved = True
        if row.figure("better") is not None and row.figure("worse") is not None:
            yield sentence(
                "{{better}} er rykket til det bedre og {{worse}} til det værre med mere, end målefejl forklarer.",
                "{{better}} have moved for the better and {{worse}} for the worse by more than measurement error.",
                better=row.told("better"),
                worse=row.told("worse"),
            )
    for table in tables(made, "wave", "stayed-start", "left-start", "difference"):
        for row in rows_of(table):
            difference = row.figure("difference")
            if difference is not None and excludes_zero(difference):
                wave = plain(row.name)
                yield sentence(
                    f"De, der ikke svarede ({wave.da}), lå anderledes fra starten: {{{{left}}}} mod {{{{stayed}}}} hos "
                    "dem, der svarede. Gennemsnittet gælder derfor ikke alle.",
                    f"Those who did not answer ({wave.en}) differed from the start: {{{{left}}}} against "
                    "{{stayed}} among those who did. The mean does therefore not hold for all.",
                    of=[difference],
                    left=row.told("left-start"),
                    stayed=row.told("stayed-start"),
                )
    if moved:
        yield not_compared()


def _on_average(title: Text, row: Row, difference: Figure, better: str) -> Sentence:
    slots = {"before": row.told("before"), "after": row.told("after"), "paired": row.told("paired")}
    if not excludes_zero(difference):
        return sentence(
            f"{title.da}: der er ikke påvist en ændring blandt de {{{{paired}}}}, der er målt to gange ("
            "{{before}} ved starten og {{after}} nu).",
            f"{title.en}: no change is shown among the {{{{paired}}}} measured twice ({{{{before}}}} at the start and "
            "{{after}} now).",
            of=[difference],
            **slots,
        )
    up = (difference.value or 0) > 0
    way = both("steget", "risen") if up else both("faldet", "fallen")
    good = _good(both("højere", "higher") if up else both("lavere", "lower"), better)
    return sentence(
        f"{title.da}: gennemsnittet er {way.da} fra {{{{before}}}} til {{{{after}}}} blandt de {{{{paired}}}}, der er "
        f"målt to gange{good[0]}. Ændringen er større end tilfældige udsving.",
        f"{title.en}: the mean has {way.en} from {{{{before}}}} to {{{{after}}}} among the {{{{paired}}}} measured "
        f"twice{good[1]}. The change is larger than chance swings.",
        of=[difference],
        **slots,
    )


def transitions(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """How many moved up and down, and whether the movement has a direction."""
    for table in tables(made, "people", "up", "same", "down"):
        row = rows_of(table)[-1] if table.rows else None
        if row is None or row.figure("up") is None or row.figure("down") is None:
            continue
        yield sentence(
            "Af de {{people}}, der er målt to gange, har {{up}} flyttet sig op og {{down}} ned; {{same}} er blevet, "
            "hvor de var.",
            "Of the {{people}} measured twice {{up}} moved up and {{down}} down; {{same}} stayed where they were.",
            people=row.told("people"),
            up=row.told("up"),
            down=row.told("down"),
            same=row.told("same"),
        )
        yield from _way(made, row)
        yield not_compared()


def _way(made: Sequence[Block], row: Row) -> Iterator[Sentence]:
    """What the test of direction says; the first of the tests asks whether the groups are as large as before."""
    for table in tables(made, "start", "statistic", "p"):
        tests = [one for one in rows_of(table) if _is_direction(one.cell("p"))]
        p = tests[0].figure("p") if tests else None
        up, down = row.figure("up"), row.figure("down")
        if p is None or up is None or down is None:
            continue
        if (p.value or 0.0) >= LEVEL:
            yield sentence(
                "Det er ikke påvist, at flere flytter sig den ene vej end den anden.",
                "It is not shown that more move one way than the other.",
                of=[p],
            )
        else:
            more = (up.value or 0) > (down.value or 0)
            way = both("op end ned", "up than down") if more else both("ned end op", "down than up")
            yield sentence(
                f"Flere flytter sig {way.da}, og forskellen er større, end tilfældet kan forklare.",
                f"More move {way.en}, and the difference is larger than chance can explain.",
                of=[p, up, down],
            )


def _is_direction(cell: object) -> bool:
    return isinstance(cell, Figure) and cell.id.split("/")[-2] in ("symmetry", "marginal-homogeneity")


def scores(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """Highest and lowest group of a score, where they differ by more than chance."""
    if not isinstance(asked, ScoresBlock):
        return
    for table in tables(made, "group", "mean"):
        rows = [
            row
            for row in rows_of(table)
            if (mean := row.figure("mean")) is not None
            and mean.low is not None
            and not is_few(mean, material.programme.disclosure_threshold)
        ]
        rows.sort(key=lambda row: row.value("mean"))
        means = [mean for row in rows if (mean := row.figure("mean")) is not None]
        if len(rows) > 1 and apart(means[0], means[-1], len(means)):
            title, high, low = plain(table.title), plain(rows[-1].name), plain(rows[0].name)
            yield sentence(
                f"{title.da}: højest i {high.da} ({{{{highest}}}}) og lavest i {low.da} ({{{{lowest}}}}).",
                f"{title.en}: highest in {high.en} ({{{{highest}}}}) and lowest in {low.en} ({{{{lowest}}}}).",
                of=means,
                highest=rows[-1].told("mean"),
                lowest=rows[0].told("mean"),
            )


def response(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """Rounds that few answered; else the round with the lowest share."""
    for table in tables(made, "round", "expected", "answered", "on-time"):
        rows = [row for row in rows_of(table) if row.figure("answered") is not None]
        if not rows:
            continue
        rows.sort(key=lambda row: row.value("answered"))
        title = plain(table.title)
        low = [row for row in rows if row.value("answered") < ANSWERED_FEW]
        for row in low[:MOST]:
            name = plain(row.name)
            yield sentence(
                f"{title.da}, {name.da}: kun {{{{answered}}}} af {{{{expected}}}} svarede. De øvrige kan afvige.",
                f"{title.en}, {name.en}: only {{{{answered}}}} of {{{{expected}}}} answered. The others may differ.",
                answered=row.told("answered"),
                expected=row.told("expected"),
            )
        if not low:
            name = plain(rows[0].name)
            yield sentence(
                f"{title.da}: den laveste svarprocent er {{{{answered}}}} ({name.da}).",
                f"{title.en}: the lowest response is {{{{answered}}}} ({name.en}).",
                of=(share for row in rows if (share := row.figure("answered")) is not None),
                answered=rows[0].told("answered"),
            )


def due(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """How many measurements are outstanding in all, questionnaire by questionnaire."""
    for table in tables(made, "place", "questionnaire", "open", "late"):
        rows = rows_of(table)
        for row in rows:
            count = row.figure("open")
            if row.name != rows[-1].name or count is None or not count.value:
                continue
            title = plain(row.text("questionnaire"))
            late = row.figure("late") is not None
            slots = {"open": row.told("open"), **({"late": row.told("late")} if late else {})}
            da, en = (", heraf {{late}} forsinkede", ", of these {{late}} late") if late else ("", "")
            yield sentence(
                f"{title.da}: {{{{open}}}} mangler nu{da}.",
                f"{title.en}: {{{{open}}}} outstanding now{en}.",
                of=(),
                **slots,
            )
