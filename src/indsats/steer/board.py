"""Every indicator and the barometer at every site, kept ready: made once from facts, and mended after a new fact.

What an indicator counts about a person follows from that person's facts alone. So a new fact changes the rows of one
person, and the levels of the sites where those rows stand. Mending gives what making it anew would give; what it does
not follow is the end of the data, which stays the day the board was made for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Period, Programme, ScoreIndicator

from .counted import Counted, figures
from .fulfilment import Asked, By, met
from .indicators import counted, figure_id
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts

Key = tuple[str, str]
_WORDS: Mapping[str, By] = {"answered": "answered", "measured": "measured"}

REQUIREMENTS = "requirements"
"""What the barometer's line of all requirements is called; each requirement has one by its own name."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows of one thing: those made first, but for the persons in ``anew``, whose rows stand in ``mended``."""

    made: Counted
    mended: Counted | None = None
    anew: frozenset[str] = frozenset()

    def about(self, persons: Sequence[str]) -> Counted:
        """The rows of some persons as they stand now."""
        own = pl.any_horizontal(pl.lit(value=False), *(pl.col("person") == one for one in persons))
        first = self.made.within(own & ~pl.col("person").is_in(sorted(self.anew)))
        return first if self.mended is None else _together(first, self.mended.within(own))

    def mended_with(self, new: Counted, persons: Sequence[str]) -> _Kept:
        """With other rows for some persons."""
        mended = new if self.mended is None else _together(self.mended.without(persons), new)
        return _Kept(self.made, mended, self.anew | set(persons))

    def at(self, sites: Sequence[str]) -> Counted:
        """The rows of everybody at some sites."""
        there = pl.col("site").is_in(list(sites))
        first = self.made.within(there).without(sorted(self.anew))
        return first if self.mended is None else _together(first, self.mended.within(there))


@dataclass(frozen=True, slots=True)
class Board:
    """Levels at every site in a period.

    ``indicators`` and ``barometer`` map an indicator, or a requirement (and ``REQUIREMENTS``), to the figure of each
    site; the barometer's are shares of requirements met, as answered and (``measured``) by dated facts.
    """

    facts: Facts
    period: Period
    indicators: Mapping[str, Mapping[str, Figure]]
    barometer: Mapping[str, Mapping[str, Figure]]
    measured: Mapping[str, Mapping[str, Figure]]
    _rows: Mapping[Key, _Kept]

    def after(self, facts: Facts, persons: Sequence[str] = ()) -> Board:
        """The board once ``facts`` has changed about ``persons``; made anew where none is named.

        A fact about a site, such as a setting or what it answered, is about nobody. Raises ValueError where the site
        table or the definition is another: make a new board then.
        """
        if facts.programme != self.facts.programme or not facts.sites.equals(self.facts.sites):
            raise ValueError("the definition or the sites have changed: make the board anew")
        facts = replace(facts, through=self.facts.last_day, begins=self.facts.first_day)
        if not persons:
            return board(facts, self.period)
        theirs, everywhere = facts.of_persons(persons), facts.sites["site"].to_list()
        levels, rows = dict(self._levels()), dict(self._rows)
        for key, kept in self._rows.items():
            if _read_together(facts.programme, key):
                rows[key], sites = _Kept(_slim(_counted(facts, key, self.period))), everywhere
            else:
                old, new = kept.about(persons), _of_people(_slim(_counted(theirs, key, self.period)))
                if _same(old, new):
                    continue
                rows[key], sites = kept.mended_with(new, persons), _sites(old, new)
            at = rows[key].at(sites)
            levels[key] = {**levels[key], **figures(at, "site", sites, _named(key, self.period))}
        return _board(facts, self.period, levels, rows)

    def _levels(self) -> Mapping[Key, Mapping[str, Figure]]:
        return {
            (what, name): held
            for what, part in (
                ("indicator", self.indicators),
                ("answered", self.barometer),
                ("measured", self.measured),
            )
            for name, held in part.items()
        }


def board(facts: Facts, period: Period) -> Board:
    """The board of a period from facts alone."""
    keys: list[Key] = [("indicator", name) for name in facts.programme.indicators]
    requirements = [REQUIREMENTS, *facts.programme.requirements] if facts.programme.requirements else []
    keys += [(by, name) for by in _WORDS for name in requirements]
    made = {key: _slim(_counted(facts, key, period)) for key in keys}
    sites = facts.sites["site"].to_list()
    levels = {key: figures(made[key], "site", sites, _named(key, period)) for key in keys}
    # A view of its own: what was remembered on the way to the rows goes with the view it was made from.
    kept = {key: _Kept(rows) for key, rows in made.items()}
    return _board(replace(facts, through=facts.last_day, begins=facts.first_day), period, levels, kept)


def _board(
    facts: Facts,
    period: Period,
    levels: Mapping[Key, Mapping[str, Figure]],
    rows: Mapping[Key, _Kept],
) -> Board:
    of = {
        what: {name: held for (kind, name), held in levels.items() if kind == what}
        for what in ("indicator", *_WORDS)
    }
    return Board(facts, period, of["indicator"], of["answered"], of["measured"], rows)


def _counted(facts: Facts, key: Key, period: Period) -> Counted:
    what, name = key
    if what == "indicator":
        return counted(facts, name, period)
    asked = Asked() if name == REQUIREMENTS else Asked(requirement=name)
    return met(facts, period, asked, of="requirements", by=_WORDS[what])


def _named(key: Key, period: Period) -> Callable[[str], str]:
    what, name = key
    stem = "indicator" if what == "indicator" else f"board/{what}"
    return lambda site: figure_id(stem, name, period, Scope.of(None, site))


def _read_together(programme: Programme, key: Key) -> bool:
    """Whether what is counted of one person hangs on the others: which edition of a form is the newest answered."""
    asked = programme.indicators.get(key[1]) if key[0] == "indicator" else None
    if not isinstance(asked, ScoreIndicator):
        return False
    return len(programme.questionnaires[asked.questionnaire].editions) > 1


def _slim(made: Counted) -> Counted:
    """Without the columns no level of a site is made from: a board holds the rows of everybody."""
    unread = {"unit", "kind", "fact"} | (
        {"enrolment", "day"} if made.fold in ("sum", "all", "total") else set()
    )
    kept = [name for name in made.rows.columns if name not in unread]
    return replace(made, rows=made.rows.select(kept))


def _of_people(new: Counted) -> Counted:
    """Without what is about no person: it stands among what was made of everybody."""
    named = pl.col("person").is_not_null()
    exposure = None if new.exposure is None else new.exposure.filter(named)
    return replace(new, rows=new.rows.filter(named), exposure=exposure)


def _together(one: Counted, other: Counted) -> Counted:
    exposure = one.exposure
    if exposure is not None and other.exposure is not None:
        exposure = pl.concat([exposure, other.exposure])
    return replace(one, rows=pl.concat([one.rows, other.rows]), exposure=exposure)


def _same(old: Counted, new: Counted) -> bool:
    """Whether the rows of the same persons are what they were, in the order they were."""
    if not old.rows.equals(new.rows):
        return False
    if old.exposure is None or new.exposure is None:
        return True
    return old.exposure.equals(new.exposure)


def _sites(*parts: Counted) -> list[str]:
    """Where these rows and their time stand."""
    tables = [part.rows for part in parts] + [part.exposure for part in parts if part.exposure is not None]
    return sorted({site for table in tables for site in table["site"].drop_nulls().unique()})
