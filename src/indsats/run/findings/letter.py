"""What the tables of a letter say: where one site differs from the whole of its unit by more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat

from indsats.programme import Block as Asked
from indsats.programme import IndicatorsBlock, Text
from indsats.report import Block, Sentence

from ..material import Material
from ..words import both
from .words import MOST, Row, apart, is_few, plain, quoted, rows_of, same_printed, sentence, tables

_HALF = 0.5
_BETTER, _POORER = both("bedre end", "better than"), both("dårligere end", "poorer than")
_ABOVE, _BELOW = both("over", "above"), both("under", "below")


def beside(asked: Asked, made: Sequence[Block], material: Material) -> Iterator[Sentence]:
    """The lines on which the site differs from the whole, or that none does; and requirements seldom met there.

    Plain counts are not compared: a part is smaller than the whole. Nor are numbers so small that they may be hidden.
    """
    programme = material.programme
    threshold = programme.disclosure_threshold
    for table in tables(made, "here", "whole"):
        place = plain(table.columns[table.column("here")].title)
        better = (
            (programme.indicators[name].better for name in asked.indicators)
            if isinstance(asked, IndicatorsBlock)
            else repeat("higher")
        )
        lines = [
            (row, better, here, whole)
            for row, better in zip(rows_of(table), better, strict=False)
            if (here := row.figure("here")) is not None
            and (whole := row.figure("whole")) is not None
            and here.unit != "count"
            and not is_few(here, threshold)
            and not is_few(whole, threshold)
            and here.low is not None
        ]
        figures = [figure for _, _, here, whole in lines for figure in (here, whole)]
        differ = [
            (row, better)
            for row, better, here, whole in lines
            if apart(here, whole, max(len(lines), 2)) and not same_printed(here, whole)
        ]
        for row, direction in differ[: MOST + 1]:
            how, title = _how(row, direction), quoted(row.name)
            yield sentence(
                f"{title.da}: {place.da} ligger {how.da} helheden, {{{{here}}}} mod {{{{whole}}}}. Forskellen er "
                "større, end tilfældet kan forklare.",
                f"{title.en}: {place.en} is {how.en} the whole, {{{{here}}}} against {{{{whole}}}}. The difference is "
                "larger than chance can explain.",
                here=row.told("here"),
                whole=row.told("whole"),
            )
        if not isinstance(asked, IndicatorsBlock):
            low = sorted(lines, key=lambda line: line[2].value or 0.0)
            for row, *_ in (line for line in low[:MOST] if (line[2].value or 0.0) < _HALF):
                title = quoted(row.name)
                yield sentence(
                    f"{title.da} er opfyldt i mindre end halvdelen af tilfældene hos jer: {{{{here}}}}.",
                    f"{title.en} is met in less than half of the cases at your site: {{{{here}}}}.",
                    here=row.told("here"),
                )
        if lines and not differ:
            yield sentence(
                f"{place.da} kan ikke skelnes fra helheden på de tal, der kan sammenlignes: forskellene kan være "
                "tilfældige.",
                f"{place.en} cannot be told from the whole on the numbers that can be compared: the differences may "
                "be chance.",
                of=figures,
            )


def _how(row: Row, better: str) -> Text:
    here, whole = row.figure("here"), row.figure("whole")
    above = here is not None and whole is not None and (here.value or 0.0) > (whole.value or 0.0)
    if better not in ("higher", "lower"):
        return _ABOVE if above else _BELOW
    return _BETTER if above == (better == "higher") else _POORER
