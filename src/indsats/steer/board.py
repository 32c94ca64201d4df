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
from indsats.record import KINDS

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
    _made: Mapping[Key, Counted]
    _mended: Mapping[Key, Counted]
    """Rows made anew, of the persons in ``_anew``; those of everybody else are in ``_made``."""
    _anew: frozenset[str]

    def after(self, facts: Facts, persons: Sequence[str] = ()) -> Board:
        """The board once ``facts`` has changed about ``persons``; made anew where none is named.

        A fact about a site, such as a setting or what it answered, is about nobody. Raises ValueError where the site
        table or the definition is another: make a new board then.
        """
        if facts.programme != self.facts.programme or not facts.sites.equals(self.facts.sites):
            raise ValueError("the definition or the sites have changed: make the board anew")
        facts = replace(facts, through=self.facts.last_day)
        if not persons:
            return board(facts, self.period)
        theirs, before = facts.of_persons(persons), self.facts.of_persons(persons)
        here = sorted(_sites(theirs) | _sites(before))
        made, mended = dict(self._made), dict(self._mended)
        anew = self._anew | set(persons)
        levels = {key: dict(held) for key, held in self._levels().items()}
        for key in made:
            if _read_together(facts.programme, key):
                made[key], sites = _slim(_counted(facts, key, self.period)), facts.sites["site"].to_list()
                mended[key] = made[key].within(pl.lit(value=False))
            else:
                new = _of_people(_slim(_counted(theirs, key, self.period)))
                held = mended.get(key)
                mended[key] = new if held is None else _together(held.without(persons), new)
                sites = here
            at = pl.col("site").is_in(sites)
            gone = () if _read_together(facts.programme, key) else sorted(anew)
            part = _together(made[key].within(at).without(gone), mended[key].within(at))
            levels[key] |= figures(part, "site", sites, _named(key, self.period))
        return _board(facts, self.period, levels, made, mended, frozenset(anew))

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
    return _board(replace(facts, through=facts.last_day), period, levels, made, {}, frozenset())


def _board(
    facts: Facts,
    period: Period,
    levels: Mapping[Key, Mapping[str, Figure]],
    made: Mapping[Key, Counted],
    mended: Mapping[Key, Counted],
    anew: frozenset[str],
) -> Board:
    of = {
        what: {name: held for (kind, name), held in levels.items() if kind == what}
        for what in ("indicator", *_WORDS)
    }
    return Board(facts, period, of["indicator"], of["answered"], of["measured"], made, mended, anew)


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


def _sites(facts: Facts) -> set[str]:
    """Where anything about these persons happened."""
    return {
        site
        for kind in facts.facts
        for site in facts.table(kind)["site"].drop_nulls().unique()
        if KINDS[kind].needs_person
    }
