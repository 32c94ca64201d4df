"""The implementation barometer: how far each place keeps to the model, by what was answered and by the dates.

Document 002 shows each project its own fulfilment beside that of all the others (L104, L240). The two ways of
counting it are told apart, and what dated facts say stands beside what was answered of the same items.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Period

from .counted import Counted, Place, at_places, figure_of, rows_of
from .fulfilment import Asked, By, Of, in_play, met, seen
from .remembered import remembered
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class BarometerRow:
    """Fulfilment at one place (none: at all of the effort), and at all the others together.

    ``participants`` and ``requirements`` are the two shares by what was answered; ``others`` is the second of them
    at all other places of the effort. ``measured`` is the share of requirements met by dated facts. ``said`` is what
    was answered of the very items that facts can tell about, and ``gap`` how much more was said than the facts show
    (in points). ``not_answered`` fell due and have no answer, ``not_due`` have begun and are not due.
    """

    place: str | None
    participants: Figure
    requirements: Figure
    others: Figure | None
    measured: Figure
    said: Figure
    gap: Figure
    not_answered: Figure
    not_due: Figure


def barometer(
    facts: Facts,
    period: Period,
    *,
    by: Place = "site",
    phase: str | None = None,
    element: str | None = None,
    requirement: str | None = None,
) -> tuple[BarometerRow, ...]:
    """The barometer of every unit or site of the effort in the order of the record, and last of all of them.

    For all requirements, or those of a phase, an element, or one.

    An item belongs to the period it fell due in, as known on its last day observed (``fulfilment``). Ids are those
    of ``fulfilment``; the others' have ``others.<place>`` as their scope. Raises KeyError for a phase, element or
    requirement the programme does not have.
    """
    for name, known in (
        (phase, facts.programme.phases),
        (element, facts.programme.elements),
        (requirement, facts.programme.requirements),
    ):
        if name is not None and name not in known:
            raise KeyError(name)
    asked = Asked(phase, element, requirement)
    stem = f"{asked.label()}/{{}}/{period.first}..{period.last}"

    def named(what: str) -> Callable[[Scope], str]:
        return lambda scope: f"{what}/{stem.format(scope.label)}"

    whole = effort_scope(facts)
    effort = whole.holds
    answered = met(facts, period, asked, of="requirements", by="answered").within(effort)
    parts = {
        "participants": (
            met(facts, period, asked, of="participants", by="answered").within(effort),
            "fulfilment/participants/answered",
        ),
        "requirements": (answered, "fulfilment/requirements/answered"),
        "measured": (
            met(facts, period, asked, of="requirements", by="measured").within(effort),
            "fulfilment/requirements/measured",
        ),
        "said": (said(facts, period, asked).within(effort), "fulfilment/requirements/said"),
        "not_answered": (
            _in_state(facts, period, asked, "not_answered").within(effort),
            "barometer/not-answered",
        ),
        "not_due": (_in_state(facts, period, asked, "not_due").within(effort), "barometer/not-due"),
    }
    at = {part: at_places(facts, found, by, named(what)) for part, (found, what) in parts.items()}
    total = {part: figure_of(found, named(what)(whole)) for part, (found, what) in parts.items()}
    rows = [
        BarometerRow(
            place,
            **{part: figures[place] for part, figures in at.items()},
            others=_less(
                total["requirements"],
                at["requirements"][place],
                named("fulfilment/requirements/answered")(Scope(f"others.{place}")),
            ),
            gap=_gap(at["said"][place], at["measured"][place]),
        )
        for place in effort_places(facts, by)
    ]
    gap = _gap(total["said"], total["measured"])
    return (*rows, BarometerRow(None, **total, others=None, gap=gap))


def effort_scope(facts: Facts) -> Scope:
    """All units of the effort together: the whole, the one unit there is, or those that are no comparison."""
    units = facts.programme.effort_units
    if len(units) == len(facts.programme.units):
        return Scope()
    return Scope.of(units[0], None) if len(units) == 1 else Scope("effort", frozenset(units))


def effort_places(facts: Facts, by: Place) -> list[str]:
    """The units of the effort, or its sites in the record."""
    units = facts.programme.effort_units
    return units if by == "unit" else facts.sites.filter(pl.col("unit").is_in(units))["site"].to_list()


def fulfilment_months(
    facts: Facts, months: Sequence[Period], *, of: Of, asked: Asked, scope: Scope
) -> tuple[Figure, ...]:
    """Fulfilment by what was answered of the items due in each month, as known now; one pass over the facts."""
    if not months:
        return ()
    whole = Period(first=months[0].first, last=months[-1].last)
    found = met(facts, whole, asked, of=of, by="answered").within(scope.holds)
    return tuple(
        figure_of(
            found.between(month.first, month.last),
            f"fulfilment/{of}/answered/{asked.label()}/{scope.label}/{month.first}..{month.last}",
        )
        for month in months
    )


def said(facts: Facts, period: Period, asked: Asked) -> Counted:
    """What was answered of the items dated facts can tell about. (An item's ``reason`` is why somebody said no.)"""
    counts = pl.col("measured").is_in(["met", "not_met"]).fill_null(value=False)
    due = ~pl.col("late") & ~pl.col("lapsed") & (pl.col("state") != "not_applicable")
    items = _items(facts, period, asked).filter(counts & due).drop("reason")
    rows = rows_of(
        items,
        n=pl.col("state") == "met",
        d=pl.lit(1.0),
        day=pl.coalesce("due", "start"),
        kind=pl.col("requirement"),
    )
    return Counted(rows, "share", known=seen(facts, period))


def _in_state(facts: Facts, period: Period, asked: Asked, state: str) -> Counted:
    due = ~pl.col("late") & ~pl.col("lapsed")
    wanted = due & (pl.col("state") == state) if state != "not_due" else pl.col("late")
    items = _items(facts, period, asked).filter(wanted).drop("reason")
    known = seen(facts, period)
    rows = rows_of(items if known else items.clear(), n=pl.lit(1.0), kind=pl.col("requirement"))
    return Counted(rows, "count", sampled=False, known=known)


def fulfilment_rows(
    facts: Facts,
    period: Period,
    asked: Asked,
    *,
    of: Of = "requirements",
    by: By = "answered",
    state: str | None = None,
) -> pl.DataFrame:
    """What ``fulfilment`` counts, an item a row, and what it leaves out and why: the columns of ``indicator_rows``.

    ``kind`` is the requirement. With ``state`` (``not_answered``, ``not_due``) it is the items the barometer counts as
    that. Those of a place are the rows of that unit or site.
    """
    if state is not None:
        return _in_state(facts, period, asked, state).rows
    return met(facts, period, asked, of=of, by=by).rows


def _items(facts: Facts, period: Period, asked: Asked) -> pl.DataFrame:
    return remembered(facts, ("in_play", asked, str(period)), lambda: in_play(facts, period, asked, Scope()))


def _less(everywhere: Figure, own: Figure, name: str) -> Figure:
    """What is left of the whole without one place: items add up, so it need not be counted again."""
    n, d = (everywhere.numerator or 0.0), (everywhere.denominator or 0.0)
    left = {
        reason: number - own.excluded.get(reason, 0)
        for reason, number in everywhere.excluded.items()
        if number > own.excluded.get(reason, 0)
    }
    return Figure.share(name, n - (own.numerator or 0.0), d - (own.denominator or 0.0), excluded=left)


def _gap(said: Figure, measured: Figure) -> Figure:
    """How much more of the same items was answered yes than the dates show, in points."""
    name = said.id.replace("/said/", "/gap/")
    if said.value is None or measured.value is None or said.denominator != measured.denominator:
        return Figure(name, None, "points", made_from=(said.id, measured.id))
    return Figure(name, said.value - measured.value, "points", made_from=(said.id, measured.id))
