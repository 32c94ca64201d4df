"""Which figures of a report add up to which, in whatever tables they stand: disclosure control has to know.

A reader can subtract what is shown from a total to find what is hidden. Sums within one table are found there; these
are the ones that no row or column tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indsats.figure import Figure
from indsats.programme import (
    BetweenIndicator,
    CountIndicator,
    FulfilmentIndicator,
    MeanIndicator,
    MissingIndicator,
    Programme,
    RateIndicator,
    ReachedIndicator,
    ShareIndicator,
    StockIndicator,
    TimelinessIndicator,
)
from indsats.record import Facts
from indsats.report import Group, Section, figures_in
from indsats.steer import reasons

_SCOPE = {
    "indicator": 2,
    "within-curve": 2,
    "phase": 2,
    "requirement": 2,
    "fulfilment": 4,
    "barometer": 3,
    "course": 2,
    "intake": 2,
    "intake-so-far": 2,
    "trend": 2,
    "since": 2,
}
"""Where in a figure's id its scope stands (``all``, a unit, ``site.<id>``), by what the id begins with."""


_OF_THE_PERIOD = ("class", "transition", "due")
"""Kinds of figures that are counted in, or at the end of, the report's period alone, though their ids name none."""

_EVENTS = (
    CountIndicator,
    ShareIndicator,
    RateIndicator,
    MeanIndicator,
    TimelinessIndicator,
    ReachedIndicator,
    BetweenIndicator,
)
"""Indicators that count what happened, or began, in the period."""


def adds_up(programme: Programme, figures: Iterable[Figure]) -> frozenset[str]:
    """The ids of figures that count what happened in the period their id ends with, and not a stock at its end.

    Where the id ends with none it is the report's: the same id in a report of another period is another thing. A
    longer period of such a figure holds the shorter ones; who has both can subtract, whichever reports they stand in.
    People who are counted once however much happened to them do not add up.
    """

    def is_event(figure: Figure) -> bool:
        kind, _, rest = figure.id.partition("/")
        if kind in _OF_THE_PERIOD:
            return True
        if kind == "fulfilment":
            return rest.startswith("requirements/")
        asked = programme.indicators.get(rest.partition("/")[0])
        if figure.given or kind not in ("indicator", "target"):
            return False
        return isinstance(asked, _EVENTS) or (
            isinstance(asked, FulfilmentIndicator) and asked.of == "requirements"
        )

    return frozenset(figure.id for figure in figures if is_event(figure))


def groups(programme: Programme, facts: Facts | None, sections: Sequence[Section]) -> Iterator[Group]:
    """All sums between figures of a document; those with a part that is not shown are passed over later."""
    figures = figures_in(sections)
    yield from _comparators(programme, facts, figures)
    yield from _scope_sums(programme, facts, figures)
    yield from _requirement_sums(programme, figures)
    yield from _left_out_sums(programme, figures)
    yield from _same_numbers(programme, figures)
    yield from _phase_sums(figures)
    yield from _month_sums(figures)
    yield from _missing_sums(programme, figures)
    yield from _money_sums(programme, facts, figures)


def _comparators(programme: Programme, facts: Facts | None, figures: dict[str, Figure]) -> Iterator[Group]:
    """A level taken from the other units, or sites, is the sum of theirs; one taken from all is that of all.

    A part of another target is no sum of anything: it is told from person-months.
    """
    sites = [] if facts is None else facts.sites["site"].to_list()
    for name, figure in figures.items():
        if not name.startswith("target/") or figure.given:
            continue
        _, indicator, place, period = name.split("/")

        def of(scope: str, indicator: str = indicator, period: str = period) -> str:
            return f"indicator/{indicator}/{scope}/{period}"

        if figure.method.startswith("all"):
            yield Group(name, (of("all"),))
        elif figure.method.startswith("others"):
            every = [f"site.{site}" for site in sites] if place.startswith("site.") else list(programme.units)
            yield Group(name, tuple(of(other) for other in every if other != place))
            yield Group(of("all"), (of(place), name))


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
        yield Group(at("effort"), effort)
        for unit in programme.units:
            mine = tuple(at(f"site.{site}") for site, of in sites.items() if of == unit)
            if mine:
                yield Group(at(unit), mine)


def _requirement_sums(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """The items of all requirements, of a phase or of an element are those of its requirements together."""
    for name in figures:
        steps = name.split("/")
        if steps[0] == "barometer":
            what, which, scope, period = steps[1:]
            asked = {step.partition(".")[0]: step.partition(".")[2] for step in which.split("+")}
            meant = programme.requirements_of(
                asked.get("phase"), asked.get("element"), asked.get("requirement")
            )
            counted = what.replace("-", "_")
            yield Group(name, tuple(f"requirement/{key}/{scope}/{period}/{counted}" for key in meant))
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


_LEFT_OUT = {reasons.NOT_YET_DUE: "not_due", reasons.NOT_APPLICABLE: "not_applicable"}
"""The counts of requirements that stand as a reason beside fulfilment too."""


def _left_out_sums(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """What fulfilment leaves out, the barometer counts, and so do the tables of requirements."""
    for name in figures:
        steps = name.split("/")
        if steps[:3] != ["fulfilment", "requirements", "answered"]:
            continue
        which, scope, period = steps[3:]
        asked = {step.partition(".")[0]: step.partition(".")[2] for step in which.split("+")}
        meant = programme.requirements_of(asked.get("phase"), asked.get("element"), asked.get("requirement"))
        yield Group(name, (f"barometer/not-due/{which}/{scope}/{period}",), reasons.NOT_YET_DUE)
        for reason, what in _LEFT_OUT.items():
            yield Group(name, tuple(f"requirement/{key}/{scope}/{period}/{what}" for key in meant), reason)


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


def _month_sums(figures: dict[str, Figure]) -> Iterator[Group]:
    """The months of a figure that fill a longer period add up to it, where its numbers add up over time."""
    periods: dict[str, list[tuple[str, str]]] = {}
    for name in figures:
        stem, _, span = name.rpartition("/")
        first, _, last = span.partition("..")
        if stem.partition("/")[0] in ("indicator", "fulfilment") and last:
            periods.setdefault(stem, []).append((first, last))
    for stem, spans in periods.items():

        def of(span: tuple[str, str], stem: str = stem) -> str:
            return f"{stem}/{span[0]}..{span[1]}"

        for whole in spans:
            inside = sorted(
                span for span in spans if span != whole and whole[0] <= span[0] and span[1] <= whole[1]
            )
            months = [span for span in inside if span[0][:7] == span[1][:7]]
            if (
                months
                and months[0][0] == whole[0]
                and months[-1][1] == whole[1]
                and len(months) == _months(whole)
            ):
                yield Group(of(whole), tuple(of(month) for month in months))


def _months(span: tuple[str, str]) -> int:
    """How many calendar months a period of ISO dates touches."""
    (year, month), (last_year, last_month) = ((int(day[:4]), int(day[5:7])) for day in span)
    return (last_year - year) * 12 + last_month - month + 1


def _missing_sums(programme: Programme, figures: dict[str, Figure]) -> Iterator[Group]:
    """Those who lack any of some steps lack one of them first."""
    lacking = {key: one for key, one in programme.indicators.items() if isinstance(one, MissingIndicator)}
    for name in figures:
        kind, _, rest = name.partition("/")
        indicator, _, place = rest.partition("/")
        whole = lacking.get(indicator) if kind == "indicator" else None
        if whole is None or whole.step is not None:
            continue
        same = {
            one.step: key
            for key, one in lacking.items()
            if one.step is not None
            and (one.steps, one.service, one.group) == (whole.steps, whole.service, whole.group)
        }
        yield Group(name, tuple(f"indicator/{same.get(step, '')}/{place}" for step in whole.steps))


_MONEY = ("months", "start_up", "running", "amount")
"""What is told of money by place and month, and adds up over both."""


def _money_sums(programme: Programme, facts: Facts | None, figures: dict[str, Figure]) -> Iterator[Group]:
    """Places and months of the accounts are two ways to one sum, which need not be shown for a reader to make it.

    What was spent is that at the start and that since; what it is more than usual makes it up with the usual.
    """
    sites = {} if facts is None else dict(facts.sites.select("site", "unit").drop_nulls().iter_rows())
    rows: dict[str, dict[str, str]] = {}
    for name in figures:
        steps = name.split("/")
        if steps[0] == "accounts":
            stem, _, key = name.rpartition("/")
            rows.setdefault(key, {})[stem] = "month" if steps[1] == "month" else steps[1]
        if steps[0] == "accounts" and steps[-1] == "amount":
            stem = name.rpartition("/")[0]
            yield Group(name, (f"{stem}/start_up", f"{stem}/running"))
        if steps[0] == "cost" and steps[-1] == "amount":
            stem = name.rpartition("/")[0]
            yield Group(name, (f"{stem}/usual_amount", f"{stem}/extra"))
    for key in _MONEY:
        told = rows.get(key, {})
        ways: dict[str, list[str]] = {}
        for stem, place in told.items():
            kind = "month" if place == "month" else "site" if place in sites else "unit"
            ways.setdefault(kind, []).append(f"{stem}/{key}")
        nowhere = [name for name in ways.get("unit", ()) if name.startswith("accounts/none/")]
        if "site" in ways:
            # What was spent nowhere stands beside units and sites alike.
            ways["site"] += nowhere
        if ways.get("unit") == nowhere:
            ways.pop("unit", None)
        for way in ways.values():
            yield Group(f"accounts/all/{key}", tuple(way))
        for stem, place in told.items():
            if place in programme.units:
                mine = tuple(
                    f"{other}/{key}" for other, at in told.items() if sites.get(at) == place and other != stem
                )
                if mine:
                    yield Group(f"{stem}/{key}", mine)
