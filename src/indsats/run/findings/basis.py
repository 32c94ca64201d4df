"""What the programme theory and the comparison of those who started with the others say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indsats.evaluate import LEVEL
from indsats.programme import Block as Asked
from indsats.programme import Text
from indsats.report import Block, Sentence

from ..material import Material
from ..words import both
from .words import MOST, Row, caveat, counted, plain, quoted, rows_of, sentence, tables

UNLIKE = 0.1
"""A standardised difference beyond this is often taken as one that matters (Austin 2009)."""

_AS_TOLD = both("hænger sammen, som teorien siger", "go together as the theory says")
_AGAINST = both("hænger sammen modsat det, teorien siger", "go together contrary to what the theory says")


def theory(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """Arrows whose ends go together as the theory says, those that go the other way, and what is not measured."""
    for table in tables(made, "cause", "effect", "association", "p"):
        rows = rows_of(table)
        measured = [row for row in rows if row.figure("association") is not None]
        clear = [row for row in measured if _p(row) < LEVEL]
        for row in [row for row in clear if row.value("association") > 0][:MOST]:
            yield _arrow(row, _AS_TOLD)
        for row in [row for row in clear if row.value("association") < 0][:MOST]:
            yield _arrow(row, _AGAINST)
        rest = [row for row in measured if row not in clear]
        if rest:
            yield sentence(
                "Der er ikke påvist en sammenhæng for {{unclear}} af de {{measured}} pile, der er målt."
                if len(measured) > 1
                else "Der er målt på én pil, og en sammenhæng er ikke påvist.",
                "No association is shown for {{unclear}} of the {{measured}} arrows that are measured."
                if len(measured) > 1
                else "One arrow is measured, and no association is shown.",
                of=(figure for row in rest for figure in row.figures()),
                unclear=counted(f"{table.id}/unclear", len(rest)),
                measured=counted(f"{table.id}/measured", len(measured)),
            )
        if len(measured) < len(rows):
            yield sentence(
                "{{unmeasured}} af {{all}} pile er ikke målt.",
                "{{unmeasured}} of {{all}} arrows are not measured.",
                unmeasured=counted(f"{table.id}/unmeasured", len(rows) - len(measured)),
                all=counted(f"{table.id}/all", len(rows)),
            )
        if clear:
            yield caveat(
                "Det er sammenhænge og ikke virkninger: noget tredje kan ligge bag.",
                "These are associations and not effects: something else may lie behind.",
            )


def _arrow(row: Row, how: Text) -> Sentence:
    cause, effect = quoted(row.text("cause")), quoted(row.text("effect"))
    p = row.figure("p")
    return sentence(
        f"{cause.da} og {effect.da} {how.da} ({{{{association}}}} på en skala fra minus til plus én).",
        f"{cause.en} and {effect.en} {how.en} ({{{{association}}}} on a scale from minus to plus one).",
        of=[] if p is None else [p],
        association=row.told("association"),
    )


def _p(row: Row) -> float:
    figure = row.figure("p")
    return 1.0 if figure is None or figure.value is None else figure.value


def representativeness(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """On what those who started differ clearly from the others: by size and beyond chance, largest first."""
    for table in tables(made, "started", "others", "standardised", "p"):
        tested = [row for row in rows_of(table) if row.figure("standardised") is not None]
        unlike = [row for row in tested if abs(row.value("standardised")) > UNLIKE and _p(row) < LEVEL]
        unlike.sort(key=lambda row: abs(row.value("standardised")), reverse=True)
        for row in unlike[: MOST + 1]:
            title = plain(row.name)
            yield sentence(
                f"{title.da}: {{{{started}}}} blandt dem, der begyndte, mod {{{{others}}}} blandt de øvrige.",
                f"{title.en}: {{{{started}}}} among those who started against {{{{others}}}} among the others.",
                of=row.figures(),
                started=row.told("started"),
                others=row.told("others"),
            )
        if tested and not unlike:
            yield sentence(
                "De, der begyndte, adskiller sig ikke klart fra de øvrige på det, der er sammenlignet.",
                "Those who started do not differ clearly from the others in what is compared.",
                of=(figure for row in tested for figure in row.figures()),
            )
