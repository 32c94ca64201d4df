"""The register in the long layout: a row for each week of each person, with columns person, week and code."""

from __future__ import annotations

from .spans import SpanSource


class LongSource(SpanSource):
    """A row a person and week. Weeks without a row are weeks without a code.

    A week is written ``y_1401``, ``1401`` or ``2014-W01``, or is a date, which stands for the week it is in.
    """

    __slots__ = ()
    begin = end = "week"
    overlap = "another code for the same week stands"
