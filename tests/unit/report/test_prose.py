"""Markdown read as an official writes it: nothing is lost, and a day or a note mark is no markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indsats.language import typeset
from indsats.report.html_prose import prose_html
from indsats.report.prose import Point, Points, Run, Words, plain, prose


def words(*texts: str) -> tuple[Words, ...]:
    return tuple(Words((Run(text),)) for text in texts)


def test_paragraphs_are_parted_by_blank_lines_and_lines_are_joined() -> None:
    assert prose("a\nb\n\nc", "da") == words("a b", "c")


def test_emphasis_and_links() -> None:
    assert prose("**a** *b* [c](https://x.dk) ***d***", "da") == (
        Words(
            (
                Run("a", strong=True), Run(" "), Run("b", emphasis=True), Run(" "), Run("c", href="https://x.dk"),
                Run(" "), Run("d", strong=True, emphasis=True),
            )
        ),
    )  # fmt: skip


def test_lists_stand_in_lists() -> None:
    assert prose("3. a\n   - b\n     - c\n4. d", "da") == (
        Points((Point((Run("a"),)), Point((Run("b"),), 1), Point((Run("c"),), 2), Point((Run("d"),))), 3),
    )
    assert prose("- a\n\n  b\n- c", "da") == (
        Points((Point((Run("a"), Run(" "), Run("b"))), Point((Run("c"),)))),
    )


@pytest.mark.parametrize(
    "line",
    [
        "1. januar 2017 begyndte den",
        "31. december sluttede den",
        "2016. Derefter",
        "100. gang",
        "+ 3 borgere",
        "tal*) og flere*) tal",
        "*) Opgjort i uge 26. **) Uden nye",
        "# nr. 1",
        "> 5 uger",
        "---",
        "    fire mellemrum",
        "```",
        "`a`",
        "[1]: https://x.dk",
        "| a | b |",
        "<b>fed</b> & <script>alert(1)</script>",
        "a_b_c 2*3*4 5 < 6 > 4",
    ],
)
def test_what_only_looks_like_markup_is_shown_as_written(line: str) -> None:
    assert plain(prose(line, "da")) == typeset(line.strip(), "da")
    assert [type(one) for one in prose(line, "da")] == [Words]
    inside = prose(f"som\n{line}", "da")
    assert plain(inside) == typeset(f"som {line.strip()}", "da")


def test_a_month_with_a_capital_begins_a_point() -> None:
    assert isinstance(prose("1. Maj måned", "da")[0], Points)


def test_emphasis_in_brackets_is_no_note_mark() -> None:
    assert prose("(det er *nyt*)", "da") == (Words((Run("(det er "), Run("nyt", emphasis=True), Run(")"))),)


def test_quotation_marks_know_what_stands_around_them_whatever_it_is_set_in() -> None:
    assert plain(prose('sagde "*ja*" og "**nej**"\n"måske"', "da")) == "sagde »ja« og »nej« »måske«"


def test_links_lead_to_the_web_and_to_mail_alone() -> None:
    text = "[a](javascript:alert(1)) [b](../secret) [c](mailto:x@y.dk) [d](file:///etc)"
    runs = [run for node in prose(text, "da") if isinstance(node, Words) for run in node.runs]
    assert [run.href for run in runs if run.href] == ["mailto:x@y.dk"]


def test_what_is_filled_in_is_no_markdown_and_knows_what_stands_before() -> None:
    seen: list[str] = []

    def fill(text: str, before: str) -> str:
        seen.append(before)
        return text.replace("X", "*1. <b>*")

    assert prose("X **X**", "da", fill) == (Words((Run("*1. <b>* "), Run("*1. <b>*", strong=True))),)
    assert seen == ["", "*1. <b>* "]


texts = st.text(st.sampled_from('ab12 .)(*_-+#>`[]<&;!|\\\n"{}:/~='), max_size=80) | st.text(max_size=40)


@settings(deadline=None)
@given(texts)
@example("[a]: b")
@example("- \n- a\n\n\n1) b\n2. c")
@example("a\n===\nb\n---")
def test_no_word_is_lost(text: str) -> None:
    text = re.sub(r"[\]&]", " ", text)  # the target of a link and the name of a sign are not shown
    shown = plain(prose(text, "da"))
    points = re.sub(r"(?m)^(\s|[-*])*(\d{1,2}[.)]\s*)+", "", text)
    for word in re.findall(r"[^\W\d_]+", points):
        assert word in shown


@settings(deadline=None)
@given(texts)
def test_no_text_becomes_a_tag(text: str) -> None:
    allowed = r'</?(?:p|ul|ol|li|em|strong|a)(?: (?:href="(?:https?://|mailto:)[^"<>]*"|start="\d+"))?>'
    assert "<" not in re.sub(allowed, "", str(prose_html(prose(text, "da"))))


def test_lists_become_lists_of_the_page() -> None:
    assert str(prose_html(prose("2. a\n   - b\n3. c", "da"))) == (
        '<ol start="2"><li>a<ul><li>b</li></ul></li><li>c</li></ol>'
    )
    assert str(prose_html(prose("- - a\n- b", "da"))) == "<ul><li><ul><li>a</li></ul></li><li>b</li></ul>"
