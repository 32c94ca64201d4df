"""The budget-economic result as formulas on the present values of the lines, a column for each scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from indsats.language import NO_VALUE, Lang
from indsats.programme import PAYERS, PUBLIC

from ..budget import Budget, budget, net_present, with_effect, yardstick_lines
from ..lines import COSTS, PUBLIC_ROWS, Part
from ..words import PAYER_WORDS, VERDICTS
from .cells import Pages, Shape
from .inputs import named
from .labels import PARTS, SPREADS, Sheet, word
from .layout import FIRST, HEADING, Layout, cell, column, first_year

Figure = tuple[str, float | str | None, Shape]
"""A formula, what the engine says it comes to (None: a dash), and how it is shown."""

Sections = Sequence[tuple[str, Sequence[str]]]

TINY: Final = "0.000000000001"
_HALF_AN_OERE: Final = "0.005"
"""As in ``budget``: a net within this of zero neither saves nor costs."""

RESULT: Final[Sections] = (
    ("per_participant", ("cost", "gain", "net", *PUBLIC)),
    ("beside", ("citizen", "others")),
    ("in_all", ("cost_all", "gain_all", "net_all", *(f"{payer}_all" for payer in PUBLIC))),
    ("needed", ("yardstick_unit", "effect", "break_even", "times", "all_units", "per_unit", "payback")),
    ("doubt", ("net_cautious", "net_hopeful", "verdict")),
)
"""The results in the order they are shown."""

_YEARLY: Final = FIRST + sum(len(keys) + 2 for _, keys in RESULT) + 2
"""The row of the first year's net."""

_STRONG = ("net", "net_all", "society_net", "verdict")


def rows_of(sections: Sections, first: int = FIRST) -> dict[str, int]:
    """The row of each result, with its section's heading above and an empty row between sections."""
    rows: dict[str, int] = {}
    row = first
    for _, keys in sections:
        for key in keys:
            row += 1
            rows[key] = row
        row += 2
    return rows


def label(key: str, lang: Lang) -> str:
    """What a result is called."""
    plain = key.removesuffix("_all")
    if plain in PAYERS:
        return word(f"net_{plain}", lang)
    return word({"cost_all": "cost", "gain_all": "gain"}.get(key, key), lang)


def columns(
    pages: Pages,
    layout: Layout,
    sheet: Sheet,
    sections: Sections,
    figures: Sequence[Mapping[str, Figure]],
    first: int,
) -> None:
    """Writes results in sections, a column for each scenario."""
    wide = len(layout.cases) + 1
    rows = rows_of(sections, first)
    for section, keys in sections:
        pages.section(sheet, rows[keys[0]] - 1, word(section, layout.lang), wide)
        for key in keys:
            kind = "strong" if key in _STRONG else "plain"
            pages.text(sheet, rows[key], 0, label(key, layout.lang), kind=kind)
            for n, by_key in enumerate(figures, 1):
                formula, value, shape = by_key[key]
                pages.formula(
                    sheet, rows[key], n, formula, NO_VALUE if value is None else value, shape, kind=kind
                )


class Sums:
    """Sums over the lines of one case, as formulas."""

    def __init__(self, layout: Layout, case: int) -> None:
        self._layout, self._case = layout, case

    def of(self, name: str, **where: str) -> str:
        """The sum of a column of present values over lines of which other columns say so."""
        if not where:
            return f"SUM({self._column(name)})"
        return f"SUMIFS({self._column(name)},{self._where(where)})"

    def count(self, **where: str) -> str:
        """How many lines there are of which columns say so."""
        return f"COUNTIFS({self._where(where)})"

    def parts(self, name: str, parts: Sequence[Part], **where: str) -> str:
        """The sum of a column over the lines of some parts."""
        words = [PARTS[part].in_(self._layout.lang) for part in parts]
        return "(" + "+".join(self.of(name, part=one, **where) for one in words) + ")"

    def _where(self, where: Mapping[str, str]) -> str:
        return ",".join(f'{self._column(name)},"{value}"' for name, value in where.items())

    def _column(self, name: str) -> str:
        return self._layout.of_case("present", self._case, name)


def write_result(pages: Pages, layout: Layout) -> None:
    """The result by payer, what effect pays for it, what may be said, and how it runs over the years."""
    lang, wide = layout.lang, len(layout.cases) + 1
    sheet = pages.sheet("result")
    titles = [case.title.in_(lang) for case in layout.cases]
    pages.headings("result", HEADING, ["", *titles])
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(titles), 24)
    sheet.freeze_panes(FIRST, 1)
    sheet.repeat_rows(HEADING)
    figures = [_figures(layout, n) for n in range(len(titles))]
    columns(pages, layout, "result", RESULT, figures, FIRST)
    for key in ("verdict", "yardstick_unit"):
        pages.tall("result", rows_of(RESULT)[key])
    below = max(rows_of(RESULT).values()) + 1
    pages.paragraph("result", below, wide, word("how_sure", lang), width=40 + 22 * len(titles))
    yearly, running = _YEARLY, _running(layout)
    for key, first in (("yearly", yearly), ("running", running)):
        pages.section("result", first - 1, word(key, lang), wide)
        for year in range(layout.years):
            pages.text("result", first + year, 0, f"{word('year', lang)} {year + 1}")
    for n in range(len(titles)):
        _over_years(pages, layout, n)
    rows = (running, running + layout.years - 1)
    pages.running("result", rows, titles, cell(running + layout.years + 1, 0))


def _running(layout: Layout) -> int:
    """The row of the first year's running sum."""
    return _YEARLY + layout.years + 2


def _over_years(pages: Pages, layout: Layout, n: int) -> None:
    case, yearly, running = layout.cases[n], _YEARLY, _running(layout)
    lines = len(case.lines)
    rows = (layout.payer_row(n), layout.payer_row(n, lines - 1, len(PAYERS) - 1))
    payers = layout.span("flow", rows, (column("flow", "payer"),))
    net = case.flows()[:, PUBLIC_ROWS, :].sum(axis=(0, 1)) * case.discount
    for year, (value, total) in enumerate(zip(net, np.cumsum(net), strict=True)):
        flows = layout.span("flow", rows, (first_year("flow") + year,))
        words = (PAYER_WORDS[payer].in_(layout.lang) for payer in PUBLIC)
        summed = "+".join(f'SUMIFS({flows},{payers},"{payer}")' for payer in words)
        factor = layout.ref("discounting", FIRST + 2 * n + 1, first_year("discounting") + year)
        pages.formula("result", yearly + year, n + 1, f"({summed})*{factor}", float(value), "whole")
        this = layout.ref("result", yearly + year, n + 1)
        before = f"{layout.ref('result', running + year - 1, n + 1)}+" if year else ""
        pages.formula("result", running + year, n + 1, f"{before}{this}", float(total), "whole")


def _figures(layout: Layout, n: int) -> dict[str, Figure]:
    """Every result of a case."""
    case, sums, rows = layout.cases[n], Sums(layout, n), rows_of(RESULT)
    found, present = budget(case), case.present().sum(axis=0)

    def here(key: str) -> str:
        return layout.ref("result", rows[key], n + 1)

    people = named(layout, "participants", n)
    figures: dict[str, Figure] = {
        "cost": (f"-{sums.parts('public', COSTS)}", found.cost, "whole"),
        "gain": (f"{here('net')}+{here('cost')}", found.gain, "whole"),
        "net": (sums.of("public"), found.net, "whole"),
    }
    for payer, value in zip(PAYERS, present, strict=True):
        figures[payer] = (sums.of(payer), float(value), "whole")
    in_all: dict[str, float] = {"cost": found.cost, "gain": found.gain, "net": found.net}
    in_all |= {str(payer): value for payer, value in found.by_payer.items()}
    for key, value in in_all.items():
        figures[f"{key}_all"] = (f"{here(key)}*{people}", value * case.participants, "whole")
    return figures | _needed(layout, n, sums, found) | _doubt(layout, n, sums, found)


def _needed(layout: Layout, n: int, sums: Sums, found: Budget) -> dict[str, Figure]:
    """How large the effect is, and how large it has to be."""
    case, lang, rows = layout.cases[n], layout.lang, rows_of(RESULT)
    yes, no = word("yes", lang), f'"{NO_VALUE}"'

    def here(key: str) -> str:
        return layout.ref("result", rows[key], n + 1)

    gain, rest = sums.of("public", moves=yes), sums.of("public", moves=word("no", lang))
    times = f"IF(ABS({gain})<={TINY},{no},IF(-{rest}/{gain}<0,{no},-{rest}/{gain}))"
    yearly, running = _YEARLY, _running(layout)
    last = running + layout.years - 1
    payback = _payback(
        layout.span("result", (yearly, yearly + layout.years - 1), (n + 1,)),
        layout.span("result", (running, last), (n + 1,)),
        layout.years,
        word("not_within", lang),
    )
    paid = word("not_within", lang) if found.payback is None else found.payback
    effect = break_even = units = per_unit = no
    first = next((i for i, line in enumerate(case.lines) if line.of == case.yardstick), None)
    if first is not None:
        effect = layout.ref("quantities", layout.row(n, first), "quantity")
        one = sums.of("worth", of=case.yardstick or "")
        moving, quantity = (layout.of_case("quantities", n, name) for name in ("moves", "quantity"))
        some = f'COUNTIFS({moving},"{yes}",{quantity},"<>0")'
        alone = f"IF({some}>0,{no},IF(ABS({one})<={TINY},{no},-{rest}/{one}))"
        scaled = f"AND(ABS({gain})>{TINY},ABS({here('effect')})>{TINY})"
        break_even = f"IF({scaled},-{rest}/{gain}*{here('effect')},{alone})"
        units = sums.of("units", of=case.yardstick or "")
        counts = f"AND({here('all_units')}>{TINY},{here('cost')}>0)"
        per_unit = f"IF({counts},{here('cost')}/{here('all_units')},{no})"
    unit = layout.ref("assumptions", FIRST + n, "yardstick_unit")
    told = case.yardstick_unit.in_(lang) if case.yardstick_unit else ""
    return {
        "yardstick_unit": (unit, told, "said"),
        "effect": (effect, None if first is None else case.lines[first].quantity.value, "number"),
        "break_even": (break_even, found.break_even, "number"),
        "times": (times, found.times, "money"),
        "all_units": (units, found.units, "number"),
        "per_unit": (per_unit, found.per_unit, "whole"),
        "payback": (payback, paid, "money"),
    }


def _payback(yearly: str, running: str, years: int, never: str) -> str:
    """Years until the running sum stays above nothing, evenly within the year."""
    first = running.split("!")[1].split(":")[0]
    last = f"SUMPRODUCT(MAX(({running}<-{TINY}*MAX(1,SUMPRODUCT(ABS({yearly}))))*(ROW({running})-ROW({first})+1)))"
    within = f"{last}-INDEX({running},MAX(1,{last}))/INDEX({yearly},MIN({years},{last}+1))"
    return f'IF({last}=0,0,IF({last}={years},"{never}",{within}))'


def _doubt(layout: Layout, n: int, sums: Sums, found: Budget) -> dict[str, Figure]:
    """The result at both ends of the effects, and what may be said of it."""
    case, lang, rows = layout.cases[n], layout.lang, rows_of(RESULT)
    yes = word("yes", lang)
    low, high = (layout.ref("result", rows[key], n + 1) for key in ("net_cautious", "net_hopeful"))
    unknown = sums.count(moves=yes, spread=SPREADS["exact"].in_(lang))
    looked = {"of": case.yardstick or ""} if yardstick_lines(case) else {"moves": yes}
    says = {verdict: f'"{text.in_(lang)}"' for verdict, text in VERDICTS.items()}
    sure = f"IF({low}>{_HALF_AN_OERE},{says['saves']},{says['depends']})"
    told = f"IF({sums.count(zero=yes, **looked)}>0,{says['unproven']},{sure})"
    paying = f"IF({unknown}>0,{says['assumed']},{told})"
    losing = f"IF({unknown}=0,{says['costs']},{says['assumed']})"
    simple = f"IF({sums.of('public')}>{_HALF_AN_OERE},{says['saves']},{says['costs']})"
    verdict = f"IF({sums.count(moves=yes)}=0,{simple},IF({high}<-{_HALF_AN_OERE},{losing},{paying}))"
    return {
        "net_cautious": (sums.of("cautious"), net_present(with_effect(case, "cautious")), "whole"),
        "net_hopeful": (sums.of("hopeful"), net_present(with_effect(case, "hopeful")), "whole"),
        "verdict": (verdict, VERDICTS[found.verdict].in_(lang), "said"),
    }
