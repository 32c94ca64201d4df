"""How each language writes running text: quotation marks, dashes, and what stays on one line."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indsats.language import LANGUAGES, Lang, typeset

NBSP = "\u00a0"
texts = st.text(st.sampled_from('ab9  1.,-–"()§:/\n*kr') | st.characters(codec="utf-8"), max_size=60)
langs = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("lang", "typed", "set_"),
    [
        ("da", 'et "citat" her', "et »citat« her"),
        ("da", '("citat")', "(»citat«)"),
        ("en", 'a "quote" here', "a “quote” here"),
        ("da", "Amager - dog ikke", "Amager – dog ikke"),
        ("da", "uge 26-52", "uge 26–52"),
        ("da", "12,5-15,3", "12,5–15,3"),
        ("da", "2016-17", "2016–17"),
        ("da", "2016-07-01", "2016-07-01"),
        ("da", "sag 2016-0123456", "sag 2016-0123456"),
        ("da", "sag 24-10417", "sag 24-10417"),
        ("da", "https://x.dk/a/1-2", "https://x.dk/a/1-2"),
        ("da", "1.250 kr. om ugen", f"1.250{NBSP}kr. om ugen"),
        ("da", "26 uger, § 12, kl. 8", f"26{NBSP}uger, §{NBSP}12, kl.{NBSP}8"),
        ("da", "1,1 mio. kr. om året", f"1,1{NBSP}mio.{NBSP}kr. om året"),
        ("da", "26 ugers kursus", "26 ugers kursus"),
        ("da", "den 3. maj 2016", f"den 3.{NBSP}maj 2016"),
        ("en", "on 3 May 2016, see table 2", f"on 3{NBSP}May 2016, see table{NBSP}2"),
        ("da", "job-samtale og test-", "job-samtale og test-"),
    ],
)
def test_running_text_is_set_as_printers_do(lang: Lang, typed: str, set_: str) -> None:
    assert typeset(typed, lang) == set_


@settings(deadline=None)
@given(texts, langs)
@example('"" "a" - - 1-2 -3', "da")
@example("1-2 - 3 kr. 4", "da")
def test_setting_twice_changes_nothing_more(text: str, lang: Lang) -> None:
    once = typeset(text, lang)
    assert typeset(once, lang) == once


@settings(deadline=None)
@given(texts, langs)
def test_no_sign_comes_or_goes_and_words_and_numbers_stay(text: str, lang: Lang) -> None:
    done = typeset(text, lang)
    assert len(done) == len(text)
    for before, after in zip(text, done, strict=True):
        if before != after:
            assert (before, after) in {
                ('"', "»"),
                ('"', "«"),
                ('"', "“"),
                ('"', "”"),
                ("-", "–"),
                (" ", NBSP),
            }
