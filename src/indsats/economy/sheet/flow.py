"""The sheets of the workbook that follow from its inputs line by line: the cash flow and its present value."""

from __future__ import annotations

from typing import cast

from indsats.programme import PAYERS

from ..budget import Effect, with_effect
from ..lines import PUBLIC_ROWS, Case, Line
from ..words import PAYER_WORDS
from .cells import Pages
from .inputs import named, yes
from .labels import PARTS, SPREADS, Sheet, word
from .layout import Layout, column, first_year


def write_flow(pages: Pages, layout: Layout) -> None:
    """Money per participant to each payer in each year, and its present value."""
    sheet: Sheet = "flow"
    count = sum(len(case.lines) for case in layout.cases) * len(PAYERS)
    last = word("present", layout.lang)
    pages.table(sheet, (18, 20, 40, 12), count, years=layout.years, hold=4, more=last)
    start = first_year(sheet)
    for n, case in enumerate(layout.cases):
        flows, present = case.flows(), case.present()
        for i, line in enumerate(case.lines):
            amount = layout.ref("quantities", layout.row(n, i), "amount")
            for p, payer in enumerate(PAYERS):
                row = layout.payer_row(n, i, p)
                words = (
                    case.scenario,
                    line.id,
                    line.title.in_(layout.lang),
                    PAYER_WORDS[payer].in_(layout.lang),
                )
                for col, text in enumerate(words):
                    pages.text(sheet, row, col, text)
                for year in range(layout.years):
                    weight = layout.ref("years", layout.row(n, i), first_year("years") + year)
                    share = layout.ref("division", row, first_year("division") + year)
                    value = float(flows[i, p, year])
                    pages.formula(sheet, row, start + year, f"{amount}*{weight}*{share}", value, "money")
                formula = f"SUMPRODUCT({layout.over_years(sheet, row)},{named(layout, 'factors', n)})"
                value = float(present[i, p])
                pages.formula(sheet, row, start + layout.years, formula, value, "money")


def write_present(pages: Pages, layout: Layout) -> None:
    """The present value of each line to each payer, and at the ends of its effect."""
    count = sum(len(case.lines) for case in layout.cases)
    pages.table("present", (18, 20, 40, 14, *(13,) * len(PAYERS), 15, 15, 15), count)
    for n, case in enumerate(layout.cases):
        present = case.present()
        for i, line in enumerate(case.lines):
            row = layout.row(n, i)
            words = (
                case.scenario,
                line.id,
                line.title.in_(layout.lang),
                PARTS[line.part].in_(layout.lang),
            )
            for col, text in enumerate(words):
                pages.text("present", row, col, text)
            for p, payer in enumerate(PAYERS):
                flow = layout.ref("flow", layout.payer_row(n, i, p), first_year("flow") + layout.years)
                col = column("present", payer)
                pages.formula("present", row, col, flow, float(present[i, p]), "money")
            _public(pages, layout, n, i)


def _ends(pages: Pages, layout: Layout, n: int, i: int, low: str, high: str) -> None:
    """What a line is worth where its effect is smallest and largest, and which of them its effects go to together.

    An effect that is negative over the years, as fewer weeks on benefit, is largest at its low end.
    """
    case, row, sheet = layout.cases[n], layout.row(n, i), "present"
    line, moves, of, errs = (
        case.lines[i],
        *(layout.ref(sheet, row, name) for name in ("moves", "of", "errs_with")),
    )
    moving, belonging, erring, middle, small, large = (
        layout.of_case(sheet, n, name)
        for name in ("moves", "of", "errs_with", "middle", "smallest", "largest")
    )
    weights = float(line.weights.sum())
    direction = f"({low}+{high})*SUM({layout.over_years('years', row)})"
    pages.formula(sheet, row, column(sheet, "middle"), direction, sum(line.quantity.ends) * weights, "number")
    falls = f"SUMIFS({middle},{belonging},{of},{moving},{moves})<0"
    one, value = layout.ref(sheet, row, "worth"), worth(case, line)
    ends = line.quantity.ends[::-1] if falling(case, line) else line.quantity.ends
    for name, end, turned, shown in (("smallest", low, high, ends[0]), ("largest", high, low, ends[1])):
        formula = f"{one}*IF({falls},{turned},{end})"
        pages.formula(sheet, row, column(sheet, name), formula, value * shown, "money")
    grows = (
        f"SUMIFS({large},{erring},{errs},{moving},{moves})>=SUMIFS({small},{erring},{errs},{moving},{moves})"
    )
    here = {name: layout.ref(sheet, row, name) for name in ("public", "smallest", "largest")}
    for name, first, second in (("cautious", "smallest", "largest"), ("hopeful", "largest", "smallest")):
        both = f"IF({grows},{here[first]},{here[second]})"
        formula = f'IF({moves}="{word("yes", layout.lang)}",{both},{here["public"]})'
        shown = with_effect(case, cast("Effect", name)).lines[i].quantity.value * value
        pages.formula(sheet, row, column(sheet, name), formula, shown, "money")


def falling(case: Case, line: Line) -> bool:
    """Whether what a line is about is negative over all years."""
    same = (one for one in case.lines if (one.of, one.moves) == (line.of, line.moves))
    return sum(sum(one.quantity.ends) * float(one.weights.sum()) for one in same) < 0


def worth(case: Case, line: Line) -> float:
    """The present value to the public purse of one unit more of a line's quantity."""
    return line.price.value * float((line.pattern[PUBLIC_ROWS] @ case.discount).sum())


def _public(pages: Pages, layout: Layout, n: int, i: int) -> None:
    """What a line is to the public purse, also at the ends, and what the results pick lines by."""
    case, row = layout.cases[n], layout.row(n, i)
    line, sheet = case.lines[i], "present"

    def here(name: str) -> str:
        return layout.ref(sheet, row, name)

    def there(name: str) -> str:
        return layout.ref("quantities", row, name)

    value = worth(case, line)
    public = value * line.quantity.value
    pays = [column(sheet, PAYERS[payer]) for payer in PUBLIC_ROWS]
    total = f"SUM({layout.span(sheet, (row,), pays)})"
    pages.formula(sheet, row, column(sheet, "public"), total, public, "money")
    shares = "+".join(layout.over_years("division", layout.payer_row(n, i, payer)) for payer in PUBLIC_ROWS)
    weights = layout.over_years("years", row)
    one = f"{there('price')}*SUMPRODUCT({weights},{shares},{named(layout, 'factors', n)})"
    pages.formula(sheet, row, column(sheet, "worth"), one, value, "money")
    used = f"{there('spread')}<>{_quoted(SPREADS['exact'].in_(layout.lang))}"
    low, high = (f"IF({used},{there(end)},{there('quantity')})" for end in ("low", "high"))
    _ends(pages, layout, n, i, low, high)
    units = f"{there('quantity')}*SUM({weights})"
    lasting = line.quantity.value * float(line.weights.sum())
    pages.formula(sheet, row, column(sheet, "units"), units, lasting, "number")
    holds = f"IF(AND({low}<=0,{high}>=0),{_quoted(yes(layout, True))},{_quoted(yes(layout, False))})"
    pages.formula(sheet, row, column(sheet, "zero"), holds, yes(layout, line.quantity.holds_zero), "text")
    texts = {
        "moves": yes(layout, line.moves),
        "transfer": yes(layout, line.transfer),
        "of": line.of,
        "spread": SPREADS[line.quantity.spread].in_(layout.lang),
        "errs_with": line.errs_with,
    }
    for name, text in texts.items():
        pages.formula(sheet, row, column(sheet, name), there(name), text, "text")


def _quoted(text: str) -> str:
    return f'"{text}"'
