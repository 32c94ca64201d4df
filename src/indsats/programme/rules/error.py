"""The one error of the rule language: what is wrong, at which character, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class RuleError(ValueError):
    """A rule that cannot be used. ``position`` counts characters from 0 at the start of the rule's text."""

    def __init__(self, message: str, position: int, remedy: str) -> None:
        self.message = message
        self.position = position
        self.remedy = remedy
        super().__init__(f"{message} (at character {position + 1}). {remedy}")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like ``word``, or none when nothing is close."""
    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def known_words(known: Iterable[str], limit: int = 12) -> str:
    """Known words in a row for a message, cut after ``limit``."""
    words = sorted(known)
    shown = ", ".join(f"'{word}'" for word in words[:limit])
    return shown + (f" and {len(words) - limit} more" if len(words) > limit else "")


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``Did you mean 'x'?``, else what may be written, else ``otherwise``."""
    known = list(known)
    close = nearest(word, known)
    if close is not None:
        return f"Did you mean '{close}'?"
    if known:
        return f"Known here: {known_words(known)}."
    return otherwise or "Nothing is known here yet."
