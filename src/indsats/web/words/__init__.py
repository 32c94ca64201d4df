"""The words of the screens: every text in Danish beside English, found by its key.

A module here holds the texts of one screen as ``WORDS``, from key to ``Text``; its keys begin with the module's name
(``day.title`` stands in ``day.py``). Where a count changes the words, the key ``….one`` beside a key is used for 1.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import MappingProxyType

from indsats.language import Lang, local, number
from indsats.language import day as in_full  # a module here is called day, and would take its place
from indsats.programme import Text

__all__ = ["has", "said", "say", "words"]


@cache
def words() -> Mapping[str, Text]:
    """Every text by its key. Raises ValueError for a key in two modules."""
    joined: dict[str, Text] = {}
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        texts: Mapping[str, Text] = import_module(f"{__name__}.{found.name}").WORDS
        twice = sorted(joined.keys() & texts.keys())
        if twice:
            raise ValueError(
                f"words/{found.name}.py: '{twice[0]}' stands in another module too; choose another key"
            )
        joined.update(texts)
    return MappingProxyType(joined)


def has(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in words()


def say(key: str, lang: Lang, /, **values: object) -> str:
    """The text of a key in one language, with ``{name}`` filled in from ``values``.

    Numbers and days are written the language's way, a ``Text`` in that language. A ``n`` of 1 takes ``key.one`` where
    there is one. Raises KeyError with the nearest key for one that is not there.
    """
    known = words()
    if values.get("n") == 1 and f"{key}.one" in known:
        key = f"{key}.one"
    if key not in known:
        near = get_close_matches(key, known, n=1)
        raise KeyError(f"no words for '{key}'" + (f"; did you mean '{near[0]}'?" if near else ""))
    text = known[key].in_(lang)
    return text.format_map({name: said(value, lang) for name, value in values.items()}) if values else text


def said(value: object, lang: Lang) -> str:
    """A value inside a sentence: numbers, days and hours as the language writes them, everything else as it is."""
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, float):
        return number(value, lang, 0 if value.is_integer() else 1)
    if isinstance(value, datetime):
        here = local(value)
        return (
            f"{in_full(here, lang)} {here:%H.%M}" if lang == "da" else f"{in_full(here, lang)} {here:%H:%M}"
        )
    if isinstance(value, date):
        return in_full(value, lang)
    return str(value)
