"""The page of a report as markup: one file, whole in both languages, every part named."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Column, Paragraph, Section, Switch, Table, chart_spec, protect, render_html
from indsats.report.texts import MESSAGES, OTHER_REASONS, STATUS, reason, say
from sample_report import sample

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Tags with their attributes, texts by tag, and proof that what opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self.open:
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.texts)


@pytest.fixture(scope="module", params=["da", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


@pytest.fixture(scope="module")
def markup(lang: Lang) -> str:
    return render_html(protect(sample()), lang)


@pytest.fixture(scope="module")
def page(markup: str) -> Page:
    return Page(markup)


def test_the_page_says_its_language(page: Page, lang: Lang) -> None:
    assert page.all("html") == [{"lang": lang}]


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    pointed = [attrs["href"] for attrs in page.all("a")]
    assert pointed
    assert all(target.startswith("#") and target[1:] in ids for target in pointed)
    for _, attrs in page.tags:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)


def test_nothing_is_fetched_from_anywhere(markup: str, page: Page) -> None:
    assert not any(name in ("script", "link", "img", "iframe", "object") for name, _ in page.tags)
    assert not any({"src", "style", "onclick", "onload"} & attrs.keys() for _, attrs in page.tags)
    assert set(re.findall(r"https?://[^\"' <)]+", markup)) == {"http://www.w3.org/2000/svg"}
    policy = next(attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_every_drawing_has_a_name_and_a_description(page: Page) -> None:
    drawings = page.all("svg")
    assert len(drawings) == 5
    assert all(attrs["role"] == "img" and len(attrs["aria-labelledby"].split()) == 2 for attrs in drawings)
    told = [text for tag, text in page.texts if tag in ("title", "desc")]
    assert len(told) == 2 * len(drawings) + 1


def test_headings_of_tables_have_scope_and_tables_captions(page: Page) -> None:
    assert all(attrs["scope"] in ("col", "row") for attrs in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_tables_and_figures_are_numbered_in_order(page: Page, lang: Lang) -> None:
    words = ("Tabel", "Figur") if lang == "da" else ("Table", "Figure")
    numbered = [text for tag, text in page.texts if tag == "b"]
    for word, count in zip(words, (5, 5), strict=True):
        assert [text for text in numbered if re.fullmatch(rf"{word} \d+", text)] == [
            f"{word} {i}" for i in range(1, count + 1)
        ]


def test_numbers_are_written_the_way_of_the_language(page: Page, lang: Lang) -> None:
    expected = (
        ["86,0\u00a0%", "1.437", "15. januar 2017 kl. 08.10"] if lang == "da" else ["86.0%", "1,437", "08:10"]
    )
    assert all(text in page.text for text in expected)


def test_lights_carry_text_and_shape(page: Page, lang: Lang) -> None:
    for symbol, da, en in STATUS.values():
        assert re.search(rf"{re.escape(symbol)}\s+{re.escape(da if lang == 'da' else en)}", page.text)


def test_a_hidden_number_says_so_and_stands_nowhere(page: Page, lang: Lang) -> None:
    assert say("hidden", lang) in page.text
    titles = [attrs.get("title", "") for attrs in page.all("span")]
    assert "3 af 40" not in titles
    assert "3 of 40" not in titles
    assert say("of", lang, numerator="841", denominator="978") in " ".join(titles)


def test_the_basis_names_the_reasons(page: Page, lang: Lang) -> None:
    assert f"{reason('exited_before_due', lang)} 12" in page.text
    assert f"{reason('unknown_outcome', lang)} •" in page.text
    assert reason("a reason nobody knows", lang) == "a reason nobody knows"


def test_no_message_lacks_a_language() -> None:
    for da, en in [*MESSAGES.values(), *OTHER_REASONS.values()]:
        assert da.strip()
        assert en.strip()
        assert re.findall(r"{\w+}", da) == re.findall(r"{\w+}", en)


def test_the_other_language_is_nowhere_on_the_page(page: Page, lang: Lang) -> None:
    same = {"Indsats", "Program", "Status", "Version", "p = {p}", "version {version}", "{first} – {last}"}
    for da, en in [*MESSAGES.values(), *((da, en) for _, da, en in STATUS.values())]:
        other = en if lang == "da" else da
        words = re.split(r"{\w+}", other)[0].strip()
        if da != en and len(words) > 5 and words not in same and other not in (MESSAGES["other-language"]):
            assert not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", page.text), words


def test_the_banner_is_there_only_for_synthetic_data(lang: Lang) -> None:
    small = replace(sample(), sections=())
    assert say("synthetic", lang) in render_html(protect(small), lang)
    real = render_html(protect(replace(small, synthetic=False)), lang)
    assert say("synthetic", lang) not in real


def test_markup_in_texts_is_shown_as_written() -> None:
    bad = Text(da='<script>alert(1)</script> & "', en="x")
    table = Table(
        "t", bad, (Column("a", bad), Column("b", bad)), ((bad, Figure.count("f", 9, method="<b>")),)
    )
    document = replace(sample(), title=bad, sections=(Section(bad, (Paragraph(bad), table)),))
    page = Page(render_html(protect(document), "da"))
    assert page.all("script") == []
    assert "alert(1)" in page.text


def test_an_unprotected_document_is_not_shown() -> None:
    with pytest.raises(ValueError, match="protect"):
        render_html(sample(), "da")


def test_the_switch_leads_to_the_other_language() -> None:
    page = Page(render_html(protect(sample()), "da", Switch("report.en.html", "en")))
    assert {"class": "switch", "href": "report.en.html", "hreflang": "en", "lang": "en"} in page.all("a")


def test_charts_are_drawn_from_what_may_be_shown() -> None:
    document = protect(sample())
    chart = next(chart for chart in document.charts() if chart.id == "maalte-figur")
    spec = chart_spec(chart, document.table("klasser"), "da")
    assert spec is not None
    values = (
        {row["label"]: row["value"] for row in next(iter(spec["datasets"].values()))}
        if "datasets" in spec
        else {row["label"]: row["value"] for row in spec["layer"][0].get("data", spec.get("data"))["values"]}
    )
    assert values["Nørrebro"] == 197
    assert values["Bispebjerg"] == 0


def test_a_chart_of_hidden_numbers_alone_is_no_drawing(lang: Lang) -> None:
    document = sample()
    table = Table(
        "klasser",
        Text(da="x", en="x"),
        (Column("unit", Text(da="x", en="x")), Column("n", Text(da="x", en="x"))),
        (("A", Figure.count("a", 2)), ("B", Figure.count("b", 3))),
    )
    chart = next(chart for chart in document.charts() if chart.id == "maalte-figur")
    only = protect(replace(document, sections=(Section(Text(da="x", en="x"), (table, chart)),)))
    assert say("chart-empty", lang) in Page(render_html(only, lang)).text
