"""Checks of indicators, targets and the programme theory."""

from __future__ import annotations

from collections.abc import Iterator

from ..base import Period
from ..definition import Programme
from .finding import Finding, check_named
from .references import unknown

_SHARES = ("share", "timeliness", "within")


@check_named("target-indicator")
def targets_name_indicators(programme: Programme) -> Iterator[Finding]:
    """A target is for an indicator that exists."""
    for number, target in enumerate(programme.targets):
        path = ("targets", number, "indicator")
        yield from unknown(path, target.indicator, programme.indicators, "indicator")


@check_named("target-unit")
def targets_name_units(programme: Programme) -> Iterator[Finding]:
    """A target is for a unit that exists."""
    for number, target in enumerate(programme.targets):
        yield from unknown(("targets", number, "unit"), target.unit, programme.units, "unit")


@check_named("target-level")
def target_levels_are_possible(programme: Programme) -> Iterator[Finding]:
    """A target for a share lies between 0 and 1, and no target is negative."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        value, path = target.value, ("targets", number, "value")
        if indicator is None or value is None:
            continue
        if value < 0:
            yield Finding(path, f"the target {value:g} is negative", "Give a level of 0 or more.")
        elif indicator.measures in _SHARES and value > 1:
            remedy = f"Write {value:g} % as {value / 100:g}." if value <= 100 else "Give a share from 0 to 1."
            yield Finding(path, f"the target {value:g} is not a share between 0 and 1", remedy)


@check_named("target-direction")
def targets_have_a_direction(programme: Programme) -> Iterator[Finding]:
    """An indicator with a target says whether higher or lower is better."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        if indicator is not None and indicator.better == "neither":
            what = f"'{target.indicator}' has a target, and neither higher nor lower is better"
            remedy = "Write 'better: higher' or 'better: lower' at the indicator, or remove the target."
            yield Finding(("targets", number, "indicator"), what, remedy)


@check_named("target-comparator")
def comparators_have_others(programme: Programme) -> Iterator[Finding]:
    """A target that compares with the other units has other units to compare with."""
    for number, target in enumerate(programme.targets):
        if target.comparator == "others" and not set(programme.units) - {target.unit}:
            what = "the target compares with other units, and there are none"
            yield Finding(("targets", number, "comparator"), what, "Add a unit, or give a fixed 'value'.")


@check_named("target-once")
def targets_do_not_compete(programme: Programme) -> Iterator[Finding]:
    """No two targets hold for the same indicator, unit and report period."""
    for number, target in enumerate(programme.targets):
        for earlier in programme.targets[:number]:
            same = (earlier.indicator, earlier.unit) == (target.indicator, target.unit)
            if same and _meet(earlier.period, target.period):
                what = f"'{target.indicator}' already has a target in '{target.unit}' for this period"
                yield Finding(
                    ("targets", number, "indicator"), what, "Keep one, or give them different periods."
                )
                break


def _meet(one: Period | None, other: Period | None) -> bool:
    # Each period is that of one report, and reports may cover the same days; a target without a period is the
    # standing one.
    return one == other


@check_named("theory-node")
def links_join_nodes(programme: Programme) -> Iterator[Finding]:
    """Both ends of a theory's link are nodes."""
    for theory_id, theory in programme.theories.items():
        for number, link in enumerate(theory.links):
            path = ("theories", theory_id, "links", number)
            for key in ("cause", "effect"):
                yield from unknown((*path, key), getattr(link, key), theory.nodes, "node")
            for place, through in enumerate(link.through):
                yield from unknown((*path, "through", place), through, theory.nodes, "node")


@check_named("theory-evidence")
def evidence_is_an_indicator(programme: Programme) -> Iterator[Finding]:
    """The evidence of a theory's node is an indicator."""
    for theory_id, theory in programme.theories.items():
        for name, node in theory.nodes.items():
            for number, indicator in enumerate(node.evidence):
                path = ("theories", theory_id, "nodes", name, "evidence", number)
                yield from unknown(path, indicator, programme.indicators, "indicator")


@check_named("theory-link-once")
def links_are_drawn_once(programme: Programme) -> Iterator[Finding]:
    """No link is drawn twice."""
    for theory_id, theory in programme.theories.items():
        seen: set[tuple[str, str]] = set()
        for number, link in enumerate(theory.links):
            ends = (link.cause, link.effect)
            if ends in seen:
                what = f"the link from '{link.cause}' to '{link.effect}' is drawn twice"
                yield Finding(("theories", theory_id, "links", number), what, "Keep one of them.")
            seen.add(ends)


@check_named("theory-lonely-node")
def nodes_are_linked(programme: Programme) -> Iterator[Finding]:
    """Every node of a theory has a link."""
    for theory_id, theory in programme.theories.items():
        linked = {end for link in theory.links for end in (link.cause, link.effect, *link.through)}
        for name in theory.nodes:
            if name not in linked:
                what = f"no link leads to or from '{name}'"
                path = ("theories", theory_id, "nodes", name)
                yield Finding(path, what, "Link it, or remove it.", "warning", at_key=True)


@check_named("theory-cycle")
def theory_has_no_cycle(programme: Programme) -> Iterator[Finding]:
    """No chain of links leads back to where it began."""
    for theory_id, theory in programme.theories.items():
        effects: dict[str, list[tuple[str, int]]] = {}
        for number, link in enumerate(theory.links):
            effects.setdefault(link.cause, []).append((link.effect, number))
        done: set[str] = set()
        for start in effects:
            found = _cycle(start, effects, done)
            if found is not None:
                chain, number = found
                what = f"the theory goes in a circle: {' → '.join(chain)}"
                path = ("theories", theory_id, "links", number)
                yield Finding(path, what, "Remove the link that runs backwards.")
                break


def _cycle(
    start: str, effects: dict[str, list[tuple[str, int]]], done: set[str]
) -> tuple[list[str], int] | None:
    """The first circle met from ``start``, depth first, with the number of the link that closes it."""
    chain = [start]
    waiting = [iter(effects.get(start, ()))]
    while waiting:
        following = next(waiting[-1], None)
        if following is None:
            waiting.pop()
            done.add(chain.pop())
            continue
        node, number = following
        if node in chain:
            return [*chain[chain.index(node) :], node], number
        if node not in done:
            chain.append(node)
            waiting.append(iter(effects.get(node, ())))
    return None
