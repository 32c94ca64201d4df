"""Which figures of a report add up to which, in whatever tables they stand: disclosure control has to know.

A reader can subtract what is shown from a total to find what is hidden. Sums within one table are found there; these
are the ones that no row or column tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indsats.figure import Figure
from indsats.programme import FulfilmentIndicator, Programme, StockIndicator
from indsats.record import Facts
from indsats.report import Group, Section, Table

_SCOPE = {"indicator": 2, "within-curve": 2, "phase": 2, "requirement": 2, "fulfilment": 4}
"""Where in a figure's id its scope stands (``all``, a unit, ``site.<id>``), by what the id begins with."""


def groups(programme: Programme, facts: Facts | None, sections: Sequence[Section]) -> Iterator[Group]:
    """All sums between figures of a document; those with a part that is not shown are passed over later."""
    tables = (block for section in sections for block in section.blocks if isinstance(block, Table))
    figures = {figure.id: figure for table in tables for figure in table.figures()}
    yield from _comparators(programme, figures)
    yield from _scope_sums(programme, facts, figures)
    yield from _requirement_sums(programme, figures)
    yield from _same_numbers(programme, figures)
    yield from _phase_sums(figures)


def _comparators(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """A level taken from the other units is the sum of theirs."""
    for name, figure in figures.items():
        if not name.startswith("target/") or figure.given:
            continue
        _, indicator, unit, period = name.split("/")
        others = tuple(
            f"indicator/{indicator}/{other}/{period}" for other in programme.units if other != unit
        )
        yield Group(name, others)
        yield Group(f"indicator/{indicator}/all/{period}", (f"indicator/{indicator}/{unit}/{period}", name))


def _scope_sums(programme: Programme, facts: Facts | None, figures: dict[str, Figure]) -> Iterator[Group]:
    """What the sites of a unit show adds up to what the unit shows, and the units to the whole."""
    sites = {} if facts is None else dict(facts.sites.select("site", "unit").drop_nulls().iter_rows())
    stems: dict[tuple[str, ...], int] = {}
    for name in figures:
        steps = name.split("/")
        place = _SCOPE.get(steps[0])
        if place is not None and place < len(steps):
            steps[place] = ""
            stems[tuple(steps)] = place
    for stem, place in sorted(stems.items()):

        def at(scope: str, stem: tuple[str, ...] = stem, place: int = place) -> str:
            return "/".join((*stem[:place], scope, *stem[place + 1 :]))

        yield Group(at("all"), tuple(at(unit) for unit in programme.units))
        effort = tuple(at(unit) for unit in programme.effort_units)
        yield Group(at("all"), effort)
        for unit in programme.units:
            mine = tuple(at(f"site.{site}") for site, of in sites.items() if of == unit)
            if mine:
                yield Group(at(unit), mine)


def _requirement_sums(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """The items of all requirements, of a phase or of an element are those of its requirements together."""
    for name in figures:
        steps = name.split("/")
        if steps[:2] != ["fulfilment", "requirements"]:
            continue
        by, which, scope, period = steps[2:]
        asked = {step.partition(".")[0]: step.partition(".")[2] for step in which.split("+")}
        if "requirement" in asked:
            continue

        def of(part: str, by: str = by, scope: str = scope, period: str = period) -> str:
            return f"fulfilment/requirements/{by}/{part}/{scope}/{period}"

        meant = programme.requirements_of(asked.get("phase"), asked.get("element"))
        # What cannot be measured has no part in the measured figure.
        parts = [(key, one) for key, one in meant.items() if by != "measured" or one.measured is not None]
        yield Group(name, tuple(of(f"requirement.{key}") for key, _ in parts))
        if which == "all":
            for kind in ("phase", "element"):
                held = dict.fromkeys(getattr(one, kind) for _, one in parts)
                if None not in held:
                    yield Group(name, tuple(of(f"{kind}.{value}") for value in held))


def _same_numbers(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """An indicator that counts what another block counts too shows the same number under another id."""
    for name in figures:
        kind, _, rest = name.partition("/")
        indicator, _, place = rest.partition("/")
        asked = programme.indicators.get(indicator) if kind == "indicator" else None
        if isinstance(asked, StockIndicator) and asked.phase is not None:
            yield Group(name, (f"phase/{asked.phase}/{place}/open",))
        elif isinstance(asked, FulfilmentIndicator) and asked.service is None:
            named = (("phase", asked.phase), ("element", asked.element), ("requirement", asked.requirement))
            which = "+".join(f"{key}.{value}" for key, value in named if value) or "all"
            yield Group(name, (f"fulfilment/{asked.of}/{asked.by}/{which}/{place}",))


def _phase_sums(figures: dict[str, Figure]) -> Iterator[Group]:
    """Where nobody was in a phase before the period, those who began it ended it or are in it."""
    for name in figures:
        stem, _, what = name.rpartition("/")
        if name.startswith("phase/") and what == "begun":
            yield Group(name, (f"{stem}/ended", f"{stem}/open"))
