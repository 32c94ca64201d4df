"""Spells that somebody has made elsewhere: a row a spell, with columns person, from, to and code."""

from __future__ import annotations

from .spans import SpanSource


class SpellsSource(SpanSource):
    """A row a spell, both ends included. Weeks that no spell tells of are weeks without a code.

    The ends are weeks (``y_1401``, ``1401``, ``2014-W01``) or dates. One day colours its whole week, as in
    the register itself (Statistics Denmark's documentation of DREAM, June 2015). Where one spell ends and
    another begins on different days of a week, the later one has the week, since the register keeps one code.
    What lies outside the calendar, such as an open end written 9999-12-31, is cut at the week asked for, and
    refused when none was.
    """

    __slots__ = ()
    begin, end = "from", "to"
    overlap = "the spell overlaps the one"
