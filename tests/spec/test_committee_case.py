"""The committee's item rebuilt from people made up, and read beside the printed ones (004 L976-1244)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from casebook import period
from indsats.language import Lang
from indsats.programme import Text
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.report import Document, Light, Table, cell_text, protect, render_html
from indsats.run import Material, compose

PERIODS = {
    "rapport-1": period("2016-05-01", "2016-05-31"),
    "rapport-2": period("2016-05-01", "2016-09-30"),
    "rapport-3": period("2016-05-01", "2017-04-30"),
}
TALKS, COURSES = "targets-ub-afgange-job-uddannelse", "targets-ub-forloeb-job-52-uger"

# Where the rebuilt item does not say what is printed, with why: (case, line, what is printed) -> what it says.
DIFFERS = {
    # How 21.4 citizens were counted is not told; the third report says 21 (L1197).
    ("rapport-2", "L1109", "21,4"): "21,0",
    # Every share of a line has the same decimals; the realised one is printed with one.
    ("rapport-2", "L1141", "5 pct."): "5,0 %",
    # 6 of all 65 are held against a target for 52 weeks that nobody has been followed for. Told in the text instead.
    ("rapport-2", "L1141", "9,2 pct."): "–",
    # Counts of one to four are hidden: 4 exits (printed 4,1), 2 wage subsidies, 4 of 31 in a job.
    ("rapport-1", "L1017", "4,1"): "•",
    ("rapport-1", "L1019", "2"): "•",
    ("rapport-3", "L1223", "12,9 pct."): "•",
    # The decimal comma of 43 and 25 is lost in the print (L1012).
    ("rapport-1", "L1017", "43"): "4,3",
    ("rapport-1", "L1019", "25"): "2,5",
    # The projection of 61 and 5.3 per cent is not described; nobody has been followed that long (L1039).
    ("rapport-1", "L1046", "61 pct."): "–",
    ("rapport-1", "L1047", "5,3 pct."): "–",
    ("rapport-1", "L1047", "5 pct."): "5,0 %",
    # Two of the three reports print the share in placements in whole per cent, the third with one decimal.
    ("rapport-3", "L1224", "51,5 pct."): "52 %",
    ("rapport-3", "L1223", "5 pct."): "5,0 %",
}
# case, line, table, row, target and realised as printed, and the status that the words beside the table give
PRINTED = [
    ("rapport-1", "L1017", TALKS, "Afgange til job eller uddannelse", "43", "4,1", "too_few"),
    ("rapport-1", "L1019", TALKS, "Påbegyndte løntilskud", "25", "2", "too_few"),
    ("rapport-1", "L1020", TALKS, "Rettidighed for jobsamtaler", "68%", "74%", "met"),
    ("rapport-1", "L1021", TALKS, "Rettidighed for aktivering", "78%", "89%", "met"),
    ("rapport-1", "L1022", TALKS, "Udeblivelser fra opfølgningssamtaler", "13,2%", "12,6%", "met"),
    (
        "rapport-1",
        "L1046",
        COURSES,
        "I virksomhedsplacering inden 26 uger",
        "70 pct.",
        "61 pct.",
        "not_measurable",
    ),
    (
        "rapport-1",
        "L1047",
        COURSES,
        "I job eller uddannelse inden 52 uger",
        "5 pct.",
        "5,3 pct.",
        "not_measurable",
    ),
    ("rapport-2", "L1109", TALKS, "Afgange til job eller uddannelse", "21,0", "21,4", "met"),
    ("rapport-2", "L1110", TALKS, "Påbegyndte virksomhedsplaceringer", "108", "89", "not_met"),
    ("rapport-2", "L1111", TALKS, "Påbegyndte løntilskud", "13", "6", "not_met"),
    ("rapport-2", "L1112", TALKS, "Rettidighed for jobsamtaler", "74%", "81%", "met"),
    ("rapport-2", "L1113", TALKS, "Rettidighed for aktivering", "79%", "86%", "met"),
    ("rapport-2", "L1114", TALKS, "Udeblivelser fra opfølgningssamtaler", "13,1%", "13,1%", "met"),
    (
        "rapport-2",
        "L1141",
        COURSES,
        "I job eller uddannelse inden 52 uger",
        "5 pct.",
        "9,2 pct.",
        "not_measurable",
    ),
    ("rapport-2", "L1142", COURSES, "I virksomhedsplacering inden 26 uger", "70 pct.", "42 pct.", "not_met"),
    ("rapport-3", "L1191", TALKS, "Rettidighed for jobsamtaler", "77%", "84%", "met"),
    ("rapport-3", "L1192", TALKS, "Rettidighed for aktivering", "78%", "85%", "met"),
    ("rapport-3", "L1193", TALKS, "Udeblivelser fra opfølgningssamtaler", "14,0%", "13,1%", "met"),
    ("rapport-3", "L1223", COURSES, "I job eller uddannelse inden 52 uger", "5 pct.", "12,9 pct.", "too_few"),
    (
        "rapport-3",
        "L1224",
        COURSES,
        "I virksomhedsplacering inden 26 uger",
        "70 pct.",
        "51,5 pct.",
        "not_met",
    ),
]


@cache
def item(case: str) -> Document:
    facts = facts_of(read_publication("004").cases[case])
    within = PERIODS.get(case, PERIODS["rapport-3"])
    return protect(compose(Material(facts.programme, facts, None, within), "udvalgssag"))


class Page(HTMLParser):
    """The rows of every table by its id, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.text = ""
        self._table = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = dict(attrs).get("id") or ""
            self.rows[self._table] = []
        elif tag == "tr" and self._table:
            self.rows[self._table].append([])
        elif tag in ("td", "th") and self._table:
            self.rows[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""
        if tag in ("p", "li", "h1", "h2", "h3", "dd", "dt", "tr"):
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._table and self.rows[self._table] and self.rows[self._table][-1]:
            self.rows[self._table][-1][-1] += data


@cache
def page(case: str, lang: Lang = "da") -> Page:
    return Page(render_html(item(case), lang))


def row(table: Table, name: str) -> dict[str, str]:
    [found] = [cells for cells in table.rows if isinstance(cells[0], Text) and cells[0].da == name]
    return {
        column.id: cell_text(cell, column, "da") for column, cell in zip(table.columns, found, strict=True)
    }


def said(case: str, line: str, printed: str) -> str:
    """What the rebuilt item says where ``printed`` stands."""
    return DIFFERS.get((case, line, printed), re.sub(r"\s*(?:%|pct\.)$", "\u00a0%", printed)).replace(
        " %", "\u00a0%"
    )


@pytest.mark.parametrize(("case", "line", "table", "name", "target", "realised", "status"), PRINTED)
def test_a_line_of_the_tables_reads_as_printed(
    case: str, line: str, table: str, name: str, target: str, realised: str, status: str
) -> None:
    made = row(item(case).table(table), name)
    assert made["target"] == said(case, line, target)
    assert made["realised"] == said(case, line, realised)
    [light] = [
        cell
        for cells in item(case).table(table).rows
        if isinstance(cells[0], Text) and cells[0].da == name
        for cell in cells
        if isinstance(cell, Light)
    ]
    assert light.status == status


@pytest.mark.parametrize(("case", "line", "table", "name", "target", "realised", "status"), PRINTED)
def test_the_page_says_it_too(
    case: str, line: str, table: str, name: str, target: str, realised: str, status: str
) -> None:
    [cells] = [cells for cells in page(case).rows[table] if cells[0] == name]
    assert cells[1] == said(case, line, target)
    shown = cells[2].split(" (")[0]  # an interval stands behind
    assert shown.removesuffix("for få til at vise") == said(case, line, realised)
    words = {"met": "opfyldt", "not_met": "ikke opfyldt", "too_few": "for få"}
    assert words.get(status, "kan endnu ikke måles") in " ".join(cells)


def test_the_second_report_has_the_lines_of_the_printed_table_in_order() -> None:
    names = [name for case, _, table, name, *_ in PRINTED if case == "rapport-2" and table == TALKS]
    assert [
        cells[0].da for cells in item("rapport-2").table(TALKS).rows if isinstance(cells[0], Text)
    ] == names


def test_what_differs_is_printed_and_does_differ() -> None:
    printed = {(case, line, value) for case, line, _, _, *values, _ in PRINTED for value in values}
    assert set(DIFFERS) <= printed
    for (_, _, value), shown in DIFFERS.items():
        assert value.replace(" pct.", "").replace("%", "") != shown.replace(" %", "")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("rapport-1", "Den 31. maj 2016 havde 877 borgere en sag"),  # L1024
        ("rapport-1", "I perioden var (vises ikke) borgere i forløb"),  # 32 (L1049), one of them in a job
        ("rapport-2", "Opgørelsen dækker 1. maj 2016 til 30. september 2016"),  # L1116
        ("rapport-2", "er sat af forvaltningen ud fra JKI's resultatmål, som indsatsen skal levere"),  # L1116
        ("rapport-2", "Den 30. september 2016 havde 1.249 borgere en sag"),  # L1116
        ("rapport-2", "31 borgere er fulgt i 26 uger og 0 i 52"),  # L1131, L1136
        ("rapport-2", "Indtil nu er 6 af dem gået til job eller uddannelse (9,2 %)"),  # L1135
        ("rapport-2", "I perioden var 65 borgere i forløb"),  # L1144
        ("rapport-3", "Den 30. april 2017 havde 1.424 borgere en sag"),  # L1195
        (
            "rapport-3",
            "66 borgere er fulgt i 26 uger og (vises ikke) i 52",
        ),  # 31, of them four in a job (L1226)
        ("rapport-3", "I perioden var 85 borgere i forløb"),  # L1216
        # Flows among about 1,000 citizens at a time (L1197-1199); those of the tables do not give them.
        ("afgange", "gennemsnit 0,5 % af borgerne om måneden, der går til job"),
        ("afgange", "påbegyndte virksomhedsplaceringer er tallet 2,2 %"),
    ],
)
def test_bases_and_periods_stand_in_the_text(case: str, words: str) -> None:
    assert words in page(case).text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("L1103", r"har indfriet målet om .?afgange til job eller uddannelse"),
        ("L1103", r"bedre resultater end .* for .?rettidighed for jobsamtaler.?: 81 % mod 74 %"),
        ("L1103", r"bedre resultater end .* for .?rettidighed for aktivering.?: 86 % mod 79 %"),
        ("L1103", r"på samme niveau som .* for .?udeblivelser fra opfølgningssamtaler.?: 13,1 %"),
        ("L1104", r"har ikke indfriet målet om .?påbegyndte virksomhedsplaceringer.?: 89 .*108"),
        ("L1104", r"har ikke indfriet målet om .?påbegyndte løntilskud.?: 6 .*13"),
        ("L1131", r"endnu ikke målbart for .?i job eller uddannelse inden 52 uger"),
        ("L1136", r"har ikke indfriet målet om .?i virksomhedsplacering inden 26 uger.?: 42 % .*70 %"),
    ],
)
def test_the_second_report_says_what_the_printed_one_concludes(line: str, words: str) -> None:
    text = page("rapport-2").text.replace("\u00a0", " ")
    assert re.search(words, text, re.IGNORECASE), line


@pytest.mark.parametrize(
    ("case", "line", "visits"),
    [
        ("rapport-1", "L1028", {"Urbanplanen": "15", "Tingbjerg": "5"}),
        ("rapport-2", "L1120", {"Urbanplanen": "44", "Tingbjerg": "75"}),
        ("rapport-3", "L1205", {"Urbanplanen": "394", "Tingbjerg": "333"}),
    ],
)
def test_visits_to_the_open_counselling(case: str, line: str, visits: dict[str, str]) -> None:
    shown = {cells[0]: cells[1].split(" (")[0] for cells in page(case).rows["indicators-site-besoeg"]}
    assert {site: shown[site] for site in visits} == visits, line
    assert f"{sum(map(int, visits.values()))} besøg" in page(case).text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("da", "ekstra til bl.a. husleje, administration og åben rådgivning, ca. 1,1 mio. kr. om året."),
        ("en", "among other things for rent, administration and open counselling, about 1.1 million kroner"),
    ],
)
def test_the_cost_is_the_writers_to_change(lang: Lang, words: str) -> None:
    """L1053, L1150 and L1230 print 1.1 and 1.2 million for costs that rent is one of."""
    assert words in page("rapport-1", lang).text.replace("\u00a0", " ")
    found = item("rapport-1")
    given = replace(found, words={**found.words, "ekstraudgifter": Text(da="1,2 mio. kr.", en="1.2 million")})
    assert "1.1" not in Page(render_html(given, "en")).text.partition("Economy\n")[2].partition("Next")[0]


def test_a_hidden_number_is_not_told_in_the_text() -> None:
    """One of 32 in a job (L1039): printed in the document, and one citizen here."""
    text = page("rapport-1").text.replace("\u00a0", " ")
    assert "Indtil nu er 1 af dem" not in text
    assert "3,1 %" not in text


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_parts_stand_in_the_printed_order(lang: Lang) -> None:
    """L980, L984, L990, L1006-1041, L1051, L1057, L1063."""
    titles = [
        (section.level, section.title.in_(lang))
        for section in item("rapport-2").sections
        if section.title is not None
    ]
    assert [level for level, _ in titles] == [1, 1, 1, 1, 2, 2, 2, 1, 1, 1]
    if lang == "da":
        assert [title for _, title in titles] == [
            "Sagsfremstilling",
            "Indstilling",
            "Problemstilling",
            "Løsning",
            "Jobsamtaler i boligområderne",
            "Åben rådgivning",
            "Virksomhedsforberedende forløb",
            "Økonomi",
            "Videre proces",
            "Beslutning",
        ]
    text = page("rapport-2", lang).text
    places = [text.index(f"{title}\n") for _, title in titles]
    assert all(one < other for one, other in pairwise(places))


def test_the_case_number_stands_at_the_top_once_it_is_filled_in() -> None:
    found = item("rapport-2")
    assert [title.da for title, _ in found.head] == ["Sagsnummer", "Udvalgsmøde"]
    assert "[Sagsnummer mangler]" in page("rapport-2").text
    number = Text(da="2016-0391364", en="2016-0391364")  # L1067
    given = replace(found, words={**found.words, "sagsnummer": number})
    text = Page(render_html(given, "da")).text
    assert text.index("2016-0391364") < text.index("Sagsfremstilling")
    assert "[Sagsnummer mangler]" not in text


def test_both_languages_hold_the_same_numbers() -> None:
    def digits(lang: Lang) -> list[str]:
        return [
            re.sub(r"\D", "", cell) for cells in page("rapport-2", lang).rows[TALKS] for cell in cells[1:3]
        ]

    assert digits("da") == digits("en")
    assert "1,249 citizens had a case" in page("rapport-2", "en").text.replace("\u00a0", " ")
