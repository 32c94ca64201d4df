"""A business case as a workbook in the tradition of SØM: inputs that can be changed, and formulas for all else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indsats.evaluate import Severity
from indsats.language import Lang
from indsats.programme import PUBLIC, Text

from ..budget import budget
from ..lines import Case
from ..prices import Quotes
from ..society import Factors
from ..words import SEVERITIES, VERDICTS
from .cells import Pages
from .flow import write_flow, write_present
from .inputs import write_caveats, write_inputs
from .labels import ABOUT, SHEETS, word
from .layout import FIRST, Layout
from .results import RESULT, label, rows_of, write_result
from .society import write_society

_BROAD = 42
"""How many signs there is room for in the column of what may be said."""

_GLANCE = ("cost", "gain", "net", *PUBLIC, "net_all")
"""The results on the front, each a column."""


def write_sheet(
    path: Path,
    cases: Sequence[Case],
    quotes: Quotes | None = None,
    lang: Lang = "da",
    synthetic: bool = False,
    factors: Factors | None = None,
    programme: Text | None = None,
) -> None:
    """Writes the cases of one programme, a scenario each, to one .xlsx workbook.

    Every result is a formula on the inputs and carries the engine's value. ``quotes`` adds sources to the prices,
    ``factors`` a sheet for society, ``programme`` its name. Raises ValueError for cases that cannot stand together:
    none, without lines, of different years, of the same scenario twice.
    """
    layout = Layout(tuple(cases), lang)
    with Pages(path, lang, synthetic) as pages:
        _front(pages, layout, programme, society=factors is not None)
        write_result(pages, layout)
        if factors is not None:
            write_society(pages, layout, factors)
        write_inputs(pages, layout, quotes)
        write_flow(pages, layout)
        write_present(pages, layout)
        write_caveats(pages, layout)


def _front(pages: Pages, layout: Layout, programme: Text | None, *, society: bool) -> None:
    """What it is, the result in brief, what to know before believing it, and how to use it."""
    lang, sheet = layout.lang, pages.sheet("front")
    if programme is not None:
        pages.title("front", programme.in_(lang))
    wide = len(_GLANCE) + 4
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 9)
    sheet.set_column(3, wide - 2, 12)
    sheet.set_column(wide - 1, wide - 1, _BROAD)
    row = FIRST
    pages.section("front", row, f"{word('glance', lang)} – {word('per_participant', lang).lower()}", wide)
    heads = (
        word("scenario", lang),
        word("price_year", lang),
        word("participants", lang),
        *(label(key, lang) for key in _GLANCE),
    )
    row += 1
    pages.headings("front", row, heads, word("verdict", lang))
    for n in range(len(layout.cases)):
        row += 1
        _glance(pages, layout, n, row)
    row = _caveats(pages, layout, row + 2, wide)
    row = _paragraphs(pages, row + 1, wide, "how", ("how_input", "how_formula", "how_numbers", "how_alone"))
    pages.section("front", row + 1, word("sheets", lang), wide)
    row += 2
    for name, text in SHEETS.items():
        if name != "front" and (name != "society" or society):
            pages.link("front", row, text.in_(lang))
            pages.across("front", row, (1, wide - 1), ABOUT[name].in_(lang))
            row += 1
    sheet.print_area(0, 0, row, wide - 1)


def _glance(pages: Pages, layout: Layout, n: int, row: int) -> None:
    case, rows = layout.cases[n], rows_of(RESULT)
    found = budget(case)
    values: dict[str, float] = {"cost": found.cost, "gain": found.gain, "net": found.net}
    values |= {str(payer): value for payer, value in found.by_payer.items()}
    values["net_all"] = found.net * case.participants
    pages.text("front", row, 0, case.title.in_(layout.lang))
    for col, key in ((1, "price_year"), (2, "participants")):
        value = case.price_year if key == "price_year" else case.participants
        at = layout.ref("assumptions", FIRST + n, key)
        pages.formula("front", row, col, at, value, "year" if key == "price_year" else "whole")
    for col, key in enumerate(_GLANCE, 3):
        pages.formula("front", row, col, layout.ref("result", rows[key], n + 1), values[key], "whole")
    verdict = layout.ref("result", rows["verdict"], n + 1)
    said = VERDICTS[found.verdict].in_(layout.lang)
    pages.formula("front", row, len(_GLANCE) + 3, verdict, said, "text")
    if len(said) > _BROAD:
        pages.tall("front", row)


def _caveats(pages: Pages, layout: Layout, row: int, wide: int) -> int:
    """Each caution once, with the scenarios it is about; the gravest first. Returns the row after."""
    lang = layout.lang
    pages.section("front", row, SHEETS["caveats"].in_(lang), wide)
    about: dict[tuple[Severity, str], list[str]] = {}
    for case in layout.cases:
        for one in case.cautions:
            about.setdefault((one.severity, one.text.in_(lang)), []).append(case.title.in_(lang))
    if not about:
        pages.paragraph("front", row + 1, wide, word("no_caveats", lang))
        return row + 2
    weights = ("grave", "doubt", "note")
    for (severity, text), titles in sorted(about.items(), key=lambda item: weights.index(item[0][0])):
        row += 1
        whose = "" if len(titles) == len(layout.cases) else f" ({', '.join(titles)})"
        pages.paragraph("front", row, wide, f"{SEVERITIES[severity].in_(lang).capitalize()}: {text}{whose}")
    return row + 1


def _paragraphs(pages: Pages, row: int, wide: int, heading: str, keys: Sequence[str]) -> int:
    pages.section("front", row, word(heading, pages.lang), wide)
    for at, key in enumerate(keys, row + 1):
        pages.paragraph("front", at, wide, word(key, pages.lang))
    return row + len(keys) + 1
