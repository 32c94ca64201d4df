"""Cells and pages of the workbook: how they look, which are for writing in, and how they print."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indsats.language import Lang

from .labels import ABOUT, SHEETS, SPREADS, Sheet, word
from .layout import COLUMNS, FIRST, HEADING, SHOWN, TEXTS, headings

Kind = Literal["plain", "input", "linked", "strong"]
Shape = Literal["text", "said", "whole", "money", "number", "share", "rate", "year"]

_SHAPES: dict[Shape, str] = {
    "text": "@",
    "said": "@",
    "whole": "#,##0",
    "money": "#,##0.00",
    "number": "#,##0.00##",
    "share": "0.0%",
    "rate": "0.00%",
    "year": "0",
}
_WORDS: tuple[Shape, ...] = ("text", "said")
"""``said`` is a word among numbers, and stands to the right as they do."""

_INK, _LINE, _PAPER, _FIELD = "#1A1A1A", "#8A8A8A", "#EEF2F5", "#FFF9E5"
_TABS: dict[Sheet, str] = {
    **dict.fromkeys(("front", "result", "society"), "#1F5A7A"),
    **dict.fromkeys(("assumptions", "discounting", "prices", "quantities", "years", "division"), "#C79A00"),
}


class Pages(AbstractContextManager["Pages"]):
    """A workbook being written. Formulas carry the engine's own value until they are computed anew."""

    def __init__(self, path: Path, lang: Lang, synthetic: bool) -> None:
        self.lang: Lang = lang
        self._synthetic = synthetic
        self._book = xlsxwriter.Workbook(str(path))
        self._formats: dict[tuple[Kind, Shape], Format] = {}
        self._sheets: dict[Sheet, Worksheet] = {}
        self._base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
        self._title = self._book.add_format({**self._base, "font_size": 16, "bold": True})
        self._about = self._book.add_format({**self._base, "italic": True})
        self._warning = self._book.add_format({**self._base, "bold": True})
        self._link = self._book.add_format({**self._base, "font_color": "#0B5A8A", "underline": 1})
        self._wrapped = self._book.add_format({**self._base, "text_wrap": True})
        head = {
            **self._base,
            "bold": True,
            "bottom": 2,
            "bg_color": _PAPER,
            "text_wrap": True,
            "valign": "bottom",
        }
        self._heading = self._book.add_format({**head, "align": "left", "indent": 1})
        self._over_numbers = self._book.add_format({**head, "align": "right"})
        self._section = self._book.add_format({**self._base, "bold": True, "font_size": 12, "bottom": 1})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def sheet(self, name: Sheet) -> Worksheet:
        """A new sheet with its title, what it is about, the warning of synthetic data, and its page setup."""
        sheet = self._book.add_worksheet(SHEETS[name].in_(self.lang))
        self._sheets[name] = sheet
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        warning = word("synthetic", self.lang) if self._synthetic else ""
        sheet.set_header(f"&L&A&R{warning}")
        sheet.set_footer(f"&L&F&R{word('page', self.lang)} &P / &N")
        sheet.protect(
            "",
            {
                "autofilter": True,
                "format_columns": True,
                "format_rows": True,
            },
        )
        if name in _TABS:
            sheet.set_tab_color(_TABS[name])
        sheet.write_string(0, 0, SHEETS[name].in_(self.lang), self._title)
        sheet.set_row(0, 24)
        sheet.write_string(1, 0, ABOUT[name].in_(self.lang), self._about)
        if warning:
            sheet.write_string(2, 0, warning, self._warning)
        return sheet

    def table(
        self,
        name: Sheet,
        widths: Sequence[float],
        rows: int,
        *,
        years: int = 0,
        hold: int = 3,
        more: str = "",
    ) -> Worksheet:
        """A new sheet with a table of ``rows``: headings that stay in sight and are printed on every page."""
        sheet = self.sheet(name)
        heads = [*headings(name, self.lang, years), *([more] if more else [])]
        for col, head in enumerate(heads):
            words = col < len(COLUMNS[name]) and COLUMNS[name][col] in TEXTS
            sheet.write_string(HEADING, col, head, self._heading if words else self._over_numbers)
            sheet.set_column(col, col, widths[col] if col < len(widths) else 11)
        sheet.set_row(HEADING, 30)
        shown = SHOWN.get(name, len(heads))
        if shown < len(heads):
            sheet.set_column(shown, len(heads) - 1, 16, None, {"level": 1, "hidden": True})
            sheet.set_column(len(heads), len(heads), None, None, {"collapsed": True})
        last = max(FIRST + rows - 1, FIRST)
        sheet.freeze_panes(FIRST, hold)
        sheet.repeat_rows(HEADING)
        sheet.autofilter(HEADING, 0, last, len(heads) - 1)
        sheet.print_area(0, 0, last, shown - 1)
        return sheet

    def headings(self, name: Sheet, row: int, texts: Sequence[str], last: str = "") -> None:
        """A row of headings: of a column of words, of columns of numbers, and of a ``last`` one of words."""
        self._sheets[name].write_string(row, 0, texts[0], self._heading)
        for col, text in enumerate(texts[1:], 1):
            self._sheets[name].write_string(row, col, text, self._over_numbers)
        if last:
            self._sheets[name].write_string(row, len(texts), last, self._heading)
        self._sheets[name].set_row(row, 30)

    def section(self, name: Sheet, row: int, text: str, wide: int) -> None:
        """A heading over some rows, ``wide`` columns."""
        self._sheets[name].write_string(row, 0, text, self._section)
        self._sheets[name].set_row(row, 18)
        for col in range(1, wide):
            self._sheets[name].write_blank(row, col, None, self._section)

    def text(self, name: Sheet, row: int, col: int, text: str, *, kind: Kind = "plain") -> None:
        """A text, which is never taken for a formula."""
        self._sheets[name].write_string(row, col, text, self._format(kind, "text"))

    def paragraph(self, name: Sheet, row: int, wide: int, text: str, *, width: int = 150) -> None:
        """A text over the first ``wide`` columns, which are together ``width`` signs broad."""
        self.across(name, row, (0, wide - 1), text)
        self._sheets[name].set_row(row, 14 * (1 + len(text) // width))

    def across(self, name: Sheet, row: int, cols: tuple[int, int], text: str) -> None:
        """A text over several columns."""
        self._sheets[name].merge_range(row, cols[0], row, cols[1], text, self._wrapped)

    def title(self, name: Sheet, text: str) -> None:
        """Puts a title in the place of the sheet's own."""
        self._sheets[name].write_string(0, 0, text, self._title)

    def link(self, name: Sheet, row: int, tab: str) -> None:
        """The name of a sheet that leads to it."""
        self._sheets[name].write_url(row, 0, f"internal:'{tab}'!A1", self._link, tab)

    def number(
        self, name: Sheet, row: int, col: int, value: float | None, shape: Shape, *, kind: Kind = "plain"
    ) -> None:
        """A number, or an empty cell of the same look."""
        if value is None:
            self._sheets[name].write_blank(row, col, None, self._format(kind, shape))
        else:
            self._sheets[name].write_number(row, col, value, self._format(kind, shape))

    def formula(
        self,
        name: Sheet,
        row: int,
        col: int,
        formula: str,
        value: float | str,
        shape: Shape,
        *,
        kind: Kind = "plain",
    ) -> None:
        """A formula and what it comes to."""
        shown: Any = value  # the library takes texts too, whatever its signature says
        self._sheets[name].write_formula(row, col, f"={formula}", self._format(kind, shape), shown)

    def tall(self, name: Sheet, row: int) -> None:
        """Makes room for two lines."""
        self._sheets[name].set_row(row, 28)

    def spread(self, name: Sheet, row: int, col: int) -> None:
        """Offers the words for what low and high are."""
        words = [text.in_(self.lang) for text in SPREADS.values()]
        self._sheets[name].data_validation(row, col, row, col, {"validate": "list", "source": words})

    def name(self, name: str, ref: str) -> None:
        """Names a cell or span, for formulas and for the name box."""
        self._book.define_name(name, f"={ref}")

    def running(self, name: Sheet, rows: tuple[int, int], names: Sequence[str], at: str) -> None:
        """A chart of the columns beside the years, one a scenario, told apart by marks and dashes."""
        chart: Any = self._book.add_chart({"type": "line"})
        tab = SHEETS[name].in_(self.lang)
        marks = ("circle", "square", "diamond", "triangle", "x", "plus", "short_dash", "long_dash")
        dashes = ("solid", "dash", "round_dot", "long_dash", "dash_dot", "square_dot")
        for n, title in enumerate(names):
            chart.add_series(
                {
                    "name": title,
                    "categories": [tab, rows[0], 0, rows[1], 0],
                    "values": [tab, rows[0], n + 1, rows[1], n + 1],
                    "marker": {"type": marks[n % len(marks)], "size": 7},
                    "line": {"dash_type": dashes[n % len(dashes)], "width": 2},
                }
            )
        chart.set_title({"name": word("running", self.lang), "name_font": {"size": 12}})
        chart.set_x_axis({"label_position": "low"})
        chart.set_y_axis({"num_format": self._pattern("whole"), "name": word("per_participant", self.lang)})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 340})
        self._sheets[name].insert_chart(
            at, chart, {"description": word("running", self.lang), "object_position": 2}
        )

    def _format(self, kind: Kind, shape: Shape) -> Format:
        if (kind, shape) not in self._formats:
            look: dict[str, Any] = {
                **self._base,
                "num_format": self._pattern(shape),
                "text_wrap": shape in _WORDS,
            }
            look |= {"align": "left", "indent": 1} if shape == "text" else {"align": "right"}
            if kind == "input":
                danish, plain = self._danish(shape), _SHAPES[shape]
                sign = '"▸ "@' if shape == "text" else f'{danish}"▸"* {plain};{danish}"▸"* -{plain}'
                look |= {"num_format": sign, "border": 1, "bg_color": _FIELD, "locked": False}
            elif kind == "linked":
                look |= {"border": 4, "border_color": _LINE, "locked": False}
            elif kind == "strong":
                look |= {"bold": True, "top": 1}
            self._formats[kind, shape] = self._book.add_format(look)
        return self._formats[kind, shape]

    def _pattern(self, shape: Shape) -> str:
        return self._danish(shape) + _SHAPES[shape]

    def _danish(self, shape: Shape) -> str:
        """What asks for Danish numbers also where the program is set to another country."""
        return "[$-406]" if self.lang == "da" and shape not in _WORDS else ""
