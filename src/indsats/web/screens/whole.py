"""Whole numbers as addresses and forms name them."""

from __future__ import annotations

_PAGES = 10_000
"""The last page of a list that can be asked for."""


def whole(said: str | None, digits: int = 18) -> int | None:
    """A number of so many digits at the most (18 fit a key of a database); None for anything else."""
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) <= digits else None


def page_number(said: str | None) -> int:
    """The page of a list, from 1; the first where none is named."""
    return min(whole(said) or 1, _PAGES)
