"""What the barometer and the tables of requirements and phases say of how the effort is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indsats.figure import Figure
from indsats.programme import Block as Asked
from indsats.programme import Text
from indsats.report import Block, Sentence, Table

from ..material import Material
from ..words import both
from .letter import beside
from .words import (
    MOST,
    Row,
    apart,
    is_few,
    lowered,
    plain,
    quoted,
    rows_of,
    sentence,
    tables,
    with_left_out,
)

DISAGREE = 0.2
"""Answers and dates that disagree in more than this share of the cases are told of."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """What the two ends of a row of levels are told with; ``title`` makes a name fit after them."""

    highest: Text
    lowest: Text
    all: Text
    title: Callable[[Text], Text]


_PLACES = _Ends(
    both("Flest krav er opfyldt i", "Most requirements are met in"),
    both("færrest i", "fewest in"),
    both("stederne", "places"),
    plain,
)
_UNITS = replace(_PLACES, all=both("enhederne", "units"))
_REQUIREMENTS = _Ends(
    both("Højest er opfyldelsen af", "Fulfilment is highest for"),
    both("lavest af", "lowest for"),
    both("kravene", "requirements"),
    quoted,
)


def barometer(_: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """The level of all told both ways, whether more is said than dates show, and places outside the funnel."""
    for table in tables(made, "participants", "answered", "said", "measured"):
        rows = rows_of(table)
        if not rows:
            continue
        yield from _levels(rows[-1])
        said, measured = rows[-1].figure("said"), rows[-1].figure("measured")
        if said is not None and measured is not None and apart(said, measured):
            more = (said.value or 0) > (measured.value or 0)
            how = both("oftere", "more often") if more else both("sjældnere", "less often")
            yield sentence(
                f"Kravene er {how.da} besvaret som opfyldt, end datoerne viser: {{{{said}}}} mod {{{{measured}}}}.",
                f"Requirements are {how.en} answered as met than dates show: {{{{said}}}} against {{{{measured}}}}.",
                said=rows[-1].told("said"),
                measured=rows[-1].told("measured"),
            )
    for table in tables(made, "place", "level", "centre", "signal"):
        yield from _outside(table, material.programme.disclosure_threshold)


def _levels(row: Row) -> Iterator[Sentence]:
    """Both shares that are easily mixed: of requirements, and of participants with all of them."""
    if row.figure("answered") is None or row.figure("participants") is None:
        return
    yield sentence(
        "{{answered}} af kravene er opfyldt; {{participants}} af deltagerne har alle krav opfyldt.",
        "{{answered}} of the requirements are met; {{participants}} of the participants have all of them met.",
        answered=row.told("answered"),
        participants=row.told("participants"),
    )


def _outside(table: Table, threshold: int) -> Iterator[Sentence]:
    """Places outside the limits of chance, furthest first; that there are none where there are none."""
    rows = [row for row in rows_of(table) if row.figure("level") is not None]
    signals = [row for row in rows if row.cell("signal") is not None]
    signals.sort(key=_distance, reverse=True)
    for row in signals[:MOST]:
        place, what = plain(row.name), lowered(row.text("signal"))
        yield sentence(
            f"{place.da} ligger på {{{{level}}}} mod {{{{centre}}}} for alle: {what.da}.",
            f"{place.en} is at {{{{level}}}} against {{{{centre}}}} for all: {what.en}.",
            level=row.told("level"),
            centre=row.told("centre"),
        )
    told = [figure for row in rows if (figure := row.figure("level")) and not is_few(figure, threshold)]
    if told and not signals:
        yield sentence(
            "Intet sted ligger uden for det, tilfældet kan give; rækkefølgen mellem stederne siger ikke noget.",
            "No place lies outside what chance can give; their order says nothing.",
            of=told,
        )


def _distance(row: Row) -> float:
    level, centre = row.figure("level"), row.figure("centre")
    return abs((level.value or 0) - (centre.value or 0)) if level is not None and centre is not None else 0.0


def requirements(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """The level, places and requirements that differ by more than chance, and where answers and dates disagree."""
    threshold = material.programme.disclosure_threshold
    yield from beside(asked, made, material)
    for table in tables(made, "place", "participants", "answered", "measured"):
        if {"gap", "said"} & {column.id for column in table.columns}:
            continue
        rows = rows_of(table)
        if len(rows) == 1:
            yield from _levels(rows[0])
        else:
            by_unit = getattr(asked, "by", "unit") == "unit"
            yield from _ends(rows, _UNITS if by_unit else _PLACES, threshold)
    for table in tables(made, "requirement", "answered", "contradicted"):
        rows = rows_of(table)
        yield from _ends(rows, _REQUIREMENTS, threshold)
        apart_most = [
            row
            for row in rows
            if (share := row.figure("contradicted")) is not None
            and (share.value or 0) > DISAGREE
            and not is_few(share, threshold)
        ]
        apart_most.sort(key=lambda row: row.value("contradicted"), reverse=True)
        for row in apart_most[:2]:
            title = quoted(row.name)
            yield sentence(
                f"For {title.da} er svar og datoer uenige i {{{{contradicted}}}} af sagerne; læs svaret varsomt.",
                f"For {title.en} answer and dates disagree in {{{{contradicted}}}} of cases; read it with care.",
                contradicted=row.told("contradicted"),
            )


def _ends(rows: Sequence[Row], ends: _Ends, threshold: int) -> Iterator[Sentence]:
    """The highest and the lowest, where they differ by more than chance."""
    compared = [
        row for row in rows if (share := row.figure("answered")) is not None and not is_few(share, threshold)
    ]
    compared.sort(key=lambda row: row.value("answered"))
    shares = [share for row in compared if (share := row.figure("answered")) is not None]
    if len(shares) < 2:
        return
    if not apart(shares[0], shares[-1], len(shares)):
        yield sentence(
            f"Opfyldelsen kan ikke skelnes mellem {ends.all.da}: forskellene kan være tilfældige.",
            f"Fulfilment cannot be told apart between the {ends.all.en}: the differences may be chance.",
            of=shares,
        )
        return
    rest = with_left_out(len(compared) < sum(row.figure("answered") is not None for row in rows))
    high, low = ends.title(compared[-1].name), ends.title(compared[0].name)
    yield sentence(
        f"{ends.highest.da} {high.da} ({{{{highest}}}}), {ends.lowest.da} {low.da} ({{{{lowest}}}}){rest[0]}.",
        f"{ends.highest.en} {high.en} ({{{{highest}}}}), {ends.lowest.en} {low.en} ({{{{lowest}}}}){rest[1]}.",
        of=shares,
        highest=compared[-1].told("answered"),
        lowest=compared[0].told("answered"),
    )


def phases(_: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """The phase that most are in when the period ends."""
    found = list(tables(made, "phase", "begun", "open"))
    for table in found[:MOST]:
        rows = [
            row
            for row in rows_of(table)
            if (count := row.figure("open")) is not None
            and not is_few(count, material.programme.disclosure_threshold)
        ]
        if len(rows) < 2:
            continue
        most = max(rows, key=lambda row: row.value("open"))
        counts: list[Figure] = [count for row in rows if (count := row.figure("open")) is not None]
        if sum(count.value == most.value("open") for count in counts) > 1:
            continue
        name, of = quoted(most.name), plain(table.title)
        where = (f"{of.da}: f", f"{of.en}: m") if len(found) > 1 else ("F", "M")
        yield sentence(
            f"{where[0]}lest er i fasen {name.da}, da perioden slutter: {{{{open}}}}.",
            f"{where[1]}ost are in the phase {name.en} when the period ends: {{{{open}}}}.",
            of=counts,
            open=most.told("open"),
        )
