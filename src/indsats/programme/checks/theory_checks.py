"""Checks of programme theories."""

from __future__ import annotations

from collections.abc import Iterator

from ..definition import Programme
from ..fields import parts
from ..reports import TheoryBlock
from .finding import Finding, check_named
from .references import unknown


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


_OUTCOMES = ("immediate_result", "subgoal", "result")


@check_named("theory-levels")
def causes_come_before_effects(programme: Programme) -> Iterator[Finding]:
    """No outcome leads to an activity, and the final result leads to nothing but results."""
    for theory_id, theory in programme.theories.items():
        for number, link in enumerate(theory.links):
            cause, effect = theory.nodes.get(link.cause), theory.nodes.get(link.effect)
            if cause is None or effect is None:
                continue
            to_activity = effect.level == "activity" and cause.level in _OUTCOMES
            if to_activity or (cause.level == "result" and effect.level != "result"):
                what = (
                    f"'{link.cause}' ({cause.level.replace('_', ' ')}) is said to lead to "
                    f"'{link.effect}' ({effect.level.replace('_', ' ')})"
                )
                remedy = "Turn the link round, or correct a level."
                yield Finding(("theories", theory_id, "links", number), what, remedy, "warning")


@check_named("theory-through")
def links_go_through_mechanisms(programme: Programme) -> Iterator[Finding]:
    """What a link depends on is a mechanism, and not one of its own ends."""
    for theory_id, theory in programme.theories.items():
        for number, link in enumerate(theory.links):
            for place, name in enumerate(link.through):
                node = theory.nodes.get(name)
                if node is not None and node.level != "mechanism":
                    what = f"the link goes through '{name}', which is no mechanism"
                    remedy = "Write 'level: mechanism' there, or draw it as a link of its own."
                    path = ("theories", theory_id, "links", number, "through", place)
                    yield Finding(path, what, remedy, "warning")


@check_named("theory-group")
def theories_are_about_groups(programme: Programme) -> Iterator[Finding]:
    """The target group of a theory exists."""
    for theory_id, theory in programme.theories.items():
        yield from unknown(("theories", theory_id, "group"), theory.group, programme.groups, "group")


@check_named("theory-unused")
def theories_are_shown(programme: Programme) -> Iterator[Finding]:
    """Every theory stands in a report."""
    shown = {block.theory for _, block in parts(programme, TheoryBlock)}
    for name in programme.theories:
        if name not in shown:
            what = f"the theory '{name}' stands in no report"
            remedy = "Name it in a 'theory' block, or remove it."
            yield Finding(("theories", name), what, remedy, "warning", at_key=True)
