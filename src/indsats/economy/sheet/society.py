"""The socio-economic result as formulas, on a sheet of its own: it is never added to the budget-economic one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indsats.language import NO_VALUE

from ..lines import COSTS, Part
from ..society import Factors, society
from .cells import Pages
from .inputs import named
from .labels import word
from .layout import FIRST, HEADING, Layout
from .results import TINY, Figure, Sections, Sums, columns, rows_of

_TAKEN_IN: Final = ("net_tax", "distortion")
_FIRST: Final = FIRST + 3
"""Below the two factors."""

SOCIETY: Final[Sections] = (
    (
        "per_participant",
        (
            "taxpayers",
            "participants_gain",
            "others_gain",
            "indirect",
            "total",
            "society_cost",
            "society_net",
            "ratio",
        ),
    ),
)


def write_society(pages: Pages, layout: Layout, factors: Factors) -> None:
    """The four perspectives, the cost and their difference, with the two factors as inputs."""
    lang = layout.lang
    sheet = pages.sheet("society")
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(layout.cases), 24)
    for row, (key, value) in enumerate(
        zip(_TAKEN_IN, (factors.net_tax, factors.distortion), strict=True), HEADING
    ):
        pages.text("society", row, 0, word(key, lang))
        pages.number("society", row, 1, value, "number", kind="input")
        pages.name(_name(layout, key), layout.ref("society", row, 1))
    pages.headings("society", _FIRST - 1, ["", *(case.title.in_(lang) for case in layout.cases)])
    sheet.freeze_panes(_FIRST, 1)
    figures = [_figures(layout, n, factors) for n in range(len(layout.cases))]
    columns(pages, layout, "society", SOCIETY, figures, _FIRST)


def _name(layout: Layout, key: str) -> str:
    return word(key, layout.lang).lower().replace(" ", "_")


def _figures(layout: Layout, n: int, factors: Factors) -> dict[str, Figure]:
    """Every result of a case for society; what displaces others is theirs to lose."""
    case, sums, rows = layout.cases[n], Sums(layout, n), rows_of(SOCIETY, _FIRST)
    found = society(case, factors)
    displaced, no = named(layout, "displaced", n), word("no", layout.lang)
    kept = f"(1-{displaced})"

    def here(key: str) -> str:
        return layout.ref("society", rows[key], n + 1)

    gains: tuple[Part, ...] = ("consequence",)
    lost = f"{displaced}*{sums.parts('citizen', gains)}"
    others = f"{sums.parts('others', (*COSTS, 'grant'))}+{kept}*{sums.parts('others', gains)}-{lost}"
    taxpayers = f"{sums.parts('public', ('grant',))}+{kept}*{sums.parts('public', gains)}"

    def total(parts: Sequence[Part], **where: str) -> str:
        paid = ("public", "citizen", "others")
        return "(" + "+".join(sums.parts(name, parts, **where) for name in paid) + ")"

    resources = f"({total(COSTS, transfer=no)}+{kept}*{total(gains, transfer=no)})"
    indirect = (
        f"{_name(layout, 'distortion')}*({here('taxpayers')}-{here('society_cost')})"
        f"+({_name(layout, 'net_tax')}-1)*{resources}"
    )
    benefits = found.benefits
    return {
        "taxpayers": (taxpayers, benefits["taxpayers"], "whole"),
        "participants_gain": (sums.of("citizen"), benefits["participants"], "whole"),
        "others_gain": (others, benefits["others"], "whole"),
        "indirect": (indirect, benefits["indirect"], "whole"),
        "total": (
            f"SUM({here('taxpayers')}:{here('indirect').split('!')[1]})",
            sum(benefits.values()),
            "whole",
        ),
        "society_cost": (f"-{sums.parts('public', COSTS)}", found.cost, "whole"),
        "society_net": (f"{here('total')}-{here('society_cost')}", found.net, "whole"),
        "ratio": (
            f'IF({here("society_cost")}<={TINY},"{NO_VALUE}",{here("total")}/{here("society_cost")})',
            found.ratio,
            "money",
        ),
    }
