"""The page of a report as markup: one file, whole in both languages, every part named."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import DisclosureRules, Text
from indsats.report import (
    Column,
    Findings,
    Form,
    Paragraph,
    Passage,
    Section,
    Switch,
    Table,
    chart_spec,
    protect,
    render_html,
)
from indsats.report.texts import MESSAGES, OTHER_REASONS, STATUS, reason, say
from sample_report import REGISTRATIONS, sample

GUIDE = "https://example.dk/vejledning"
"""What the sample's text links to."""
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
    pointed = [attrs["href"] for attrs in page.all("a") if attrs["href"] != GUIDE]
    assert len(pointed) < len(page.all("a"))
    assert all(target.startswith("#") and target[1:] in ids for target in pointed)
    for _, attrs in page.tags:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)


def test_nothing_is_fetched_from_anywhere(markup: str, page: Page) -> None:
    assert not any(name in ("script", "link", "img", "iframe", "object") for name, _ in page.tags)
    assert not any({"src", "style", "onclick", "onload"} & attrs.keys() for _, attrs in page.tags)
    assert set(re.findall(r"https?://[^\"' <)]+", markup)) == {"http://www.w3.org/2000/svg", GUIDE}
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


def test_headings_are_numbered_within_each_other_and_skip_no_level(page: Page) -> None:
    numbers = [text for tag, text in page.texts if tag == "span" and re.fullmatch(r"\d(\.\d)?", text)]
    assert numbers == ["1", "1.1", "2", "3", "3.1", "3.2"]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sections_that_skip_a_level_or_have_no_title_are_set_as_if_they_did_not(lang: Lang) -> None:
    title = Text(da="x", en="x")
    sections = (
        Section(None, (Paragraph(title),)), Section(title, (), 3), Section(title, (), 1), Section(title, (), 3),
    )  # fmt: skip
    page = Page(render_html(protect(replace(sample(), sections=sections)), lang))
    assert [tag for tag, attrs in page.tags if attrs.get("id", "").startswith("section-") and tag[0] == "h"] == [
        "h2", "h2", "h3"
    ]  # fmt: skip


def test_the_contents_list_two_levels(markup: str) -> None:
    inside = Page(re.findall(r"<nav.*?</nav>", markup, re.DOTALL)[0])
    assert len(inside.texts) == 1 + 6 + 2  # its heading, the sections, and the two parts at the end
    assert [tag for tag, _ in inside.tags].count("ol") == 3


def test_under_a_table_stand_its_source_and_its_notes(page: Page, lang: Lang) -> None:
    small = [text for tag, text in page.texts if tag == "p"]
    assert (
        small.count(f"{say('source', lang)}: {REGISTRATIONS.in_(lang)}") == 5
    )  # two tables and their three charts
    told = (
        "Målene gælder andet halvår." if lang == "da" else "The targets hold for the second half of the year."
    )
    assert f"{say('note', lang)}: {told}" in small


def test_the_fields_of_the_head_stand_at_the_top(page: Page) -> None:
    assert page.texts.index(("dd", "2016-0123456")) < page.texts.index(("span", "1"))
    assert any(tag == "dd" and text.startswith("[") for tag, text in page.texts)


def test_what_a_report_can_be_made_again_from_is_told_at_the_end(page: Page, lang: Lang) -> None:
    basis = sample().basis
    assert basis is not None
    assert ("dd", basis.definition[:12]) in page.texts
    assert basis.definition in [attrs.get("title") for attrs in page.all("dd")]
    assert ("dd", basis.code) in page.texts
    assert {f"{say(f'input-{name}', lang)} {key}" for name, key in basis.inputs.items()} <= {
        attrs.get("title") for attrs in page.all("dd")
    }


def test_rounded_counts_are_told_as_rounded(lang: Lang) -> None:
    small = replace(sample(), sections=(), rules=DisclosureRules(rounding=5))
    text = Page(render_html(protect(small), lang)).text
    assert say("threshold-rounded", lang, base=5) in text
    assert say("threshold-value", lang, most=4) not in text


@pytest.mark.parametrize("form", ["case", "letter"])
def test_items_and_letters_have_no_contents_and_no_numbered_headings(form: Form, lang: Lang) -> None:
    page = Page(render_html(protect(sample(form=form)), lang))
    assert page.all("nav") == []
    assert not any(tag == "span" and re.fullmatch(r"\d(\.\d)?", text) for tag, text in page.texts)
    assert say(f"about-{form}", lang) in page.text
    assert (say("letter-to", lang, place="Nørrebro") in page.text) == (form == "letter")


def test_changed_words_are_marked_in_words_and_by_a_bar(page: Page, lang: Lang) -> None:
    marked = [attrs for attrs in page.all("div") if "edited" in attrs.get("class", "")]
    assert [(attrs["role"], attrs["aria-labelledby"]) for attrs in marked] == [
        ("group", "text-indstilling-1-mark")
    ]
    assert page.text.count(say("edited", lang)) == 1


def test_words_changed_in_one_language_are_marked_in_that_language(lang: Lang) -> None:
    passage = Passage("a-1", Text(da="x", en="\u00a0"), edited=frozenset({"en"}))
    document = replace(sample(), sections=(Section(None, (passage,)),))
    text = Page(render_html(protect(document), lang)).text
    assert (say("taken-out", lang) in text) == (lang == "en")
    assert say("edited", lang) not in text


def test_running_text_becomes_paragraphs_lists_and_links(markup: str, lang: Lang) -> None:
    talks = "<strong>1.437 samtaler</strong>" if lang == "da" else "<strong>1,437 talks</strong>"
    assert talks in markup
    assert f'<a href="{GUIDE}">' in markup
    assert re.search(r"<ol><li>.*?<ul><li>.*?</li></ul></li><li>", markup)


def test_findings_that_were_not_settled_are_refused() -> None:
    document = replace(protect(sample()), sections=(Section(None, (Findings("f", ()),)),))
    with pytest.raises(ValueError, match="not settled"):
        render_html(document)


def test_a_document_about_one_person_says_so(lang: Lang) -> None:
    small = replace(sample(form="letter"), sections=())
    assert say("personal", lang) not in render_html(protect(small), lang)
    assert say("personal", lang) in render_html(protect(replace(small, personal=True)), lang)


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
