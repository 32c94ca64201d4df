"""The words of the screens: whole in both languages, found by every template and module that asks for them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from indsats import web
from indsats.language import LANGUAGES
from indsats.programme import Text
from indsats.web import words

HERE = Path(web.__file__).parent
SAID = re.compile(r"""\{%\s*say\s+["']([^"']+)["']""")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_text_says_the_same_things_in_both_languages() -> None:
    for key, text in words.words().items():
        assert places(text.da) == places(text.en), key
        assert "" not in places(text.da), f"{key}: a place in a text has a name"


def test_no_text_is_left_in_the_other_language() -> None:
    same = {
        key
        for key, text in words.words().items()
        if text.da == text.en and re.search(r"[a-zæøå]{4}", text.da)
    }
    danish = {key for key, text in words.words().items() if re.search(r"[æøåÆØÅ]", text.en)}
    english = {
        key for key, text in words.words().items() if re.search(r"\b(the|you|your|from|which)\b", text.da)
    }
    assert not danish | english, sorted(danish | english)
    assert all(len(words.words()[key].da) < 30 for key in same), sorted(same)


def test_one_of_something_has_words_for_many_beside_it() -> None:
    for key in words.words():
        if key.endswith(".one"):
            assert words.has(key.removesuffix(".one")), key


def test_every_key_a_template_asks_for_is_there() -> None:
    missing = [
        f"{path.relative_to(HERE)}: {key}"
        for path in sorted((HERE / "templates").rglob("*.html"))
        for key in SAID.findall(path.read_text("utf-8"))
        if not words.has(key)
    ]
    assert missing == []


def test_every_key_a_module_asks_for_is_there() -> None:
    missing = [
        f"{path.relative_to(HERE)}:{call.lineno}: {call.args[0].value}"
        for path in sorted(HERE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, (ast.Name, ast.Attribute))
        and (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) == "say"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and not words.has(str(call.args[0].value))
    ]
    assert missing == []


def test_a_key_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"shell\.sign_out"):
        words.say("shell.sign_ot", "da")


def test_a_text_without_what_it_tells_is_refused() -> None:
    with pytest.raises(KeyError, match="day"):
        words.say("shell.demo_day", "da", n=3)


def test_numbers_days_and_texts_are_written_the_languages_way() -> None:
    from datetime import UTC, date, datetime

    assert words.said(1234, "da") == "1.234"
    assert words.said(1234.5, "en") == "1,234.5"
    assert words.said(4.0, "da") == "4"
    assert words.said(date(2026, 11, 3), "da") == "3. november 2026"
    assert words.said(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "da") == "2. juli 2026 00.30"
    assert words.said(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "en") == "2 July 2026 00:30"
    assert words.said(Text(da="ja", en="yes"), "en") == "yes"


def test_one_is_told_in_the_singular() -> None:
    assert words.say("look.errors", "da", n=1).startswith("Én ting")
    assert words.say("look.errors", "da", n=2).startswith("2 ting")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_filled_in_is_not_read_as_a_place(lang: str) -> None:
    assert "{day}" in words.say("shell.demo_day", "en" if lang == "en" else "da", day="{day}")
