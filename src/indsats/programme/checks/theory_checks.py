"""Checks of programme theories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import TheoryBlock
from ..definition import Programme
from ..fields import parts
from ..steering import Theory
from ..vocabulary import PERSON_FIELDS
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


@check_named("theory-evaluation")
def effects_are_of_evaluations(programme: Programme) -> Iterator[Finding]:
    """The effect shown at a node is of an evaluation of the programme, on one of its outcomes."""
    for theory_id, theory in programme.theories.items():
        for name, node in theory.nodes.items():
            path = ("theories", theory_id, "nodes", name)
            yield from unknown((*path, "evaluation"), node.evaluation, programme.evaluations, "evaluation")
            evaluation = programme.evaluations.get(node.evaluation or "")
            if node.outcome is not None and node.evaluation is None:
                what = f"'{name}' has an outcome but no evaluation it is an outcome of"
                yield Finding((*path, "outcome"), what, "Name the 'evaluation' too, or remove the outcome.")
            elif evaluation is not None:
                known = [outcome.id for outcome in evaluation.outcomes]
                yield from unknown((*path, "outcome"), node.outcome, known, "outcome")


@check_named("theory-adjust")
def theories_adjust_for_persons(programme: Programme) -> Iterator[Finding]:
    """Associations are adjusted for fields of a person."""
    for theory_id, theory in programme.theories.items():
        for number, name in enumerate(theory.adjust):
            path = ("theories", theory_id, "adjust", number)
            yield from unknown(path, name, [*PERSON_FIELDS, "age"], "field of a person")


@check_named("theory-recipe-group")
def theories_begin_with_a_group(programme: Programme) -> Iterator[Finding]:
    """Step one of the recipe: the target group is defined, and how large it is. A note may say why it is not."""
    for theory_id, theory in programme.theories.items():
        if theory.note is not None:
            continue
        path = ("theories", theory_id)
        if theory.group is None:
            remedy = "Name its 'group', or say in a note why it has none."
            yield Finding(
                path,
                f"the theory '{theory_id}' says for whom it holds nowhere",
                remedy,
                "warning",
                at_key=True,
            )
        elif theory.size is None:
            remedy = "Write its 'size', or say in a note why the document has none."
            what = f"the theory '{theory_id}' does not say how large its target group is"
            yield Finding(path, what, remedy, "warning", at_key=True)


@check_named("theory-recipe-goal")
def theories_end_in_goals(programme: Programme) -> Iterator[Finding]:
    """Step two: there is a final goal, and activities lead to each."""
    for theory_id, theory in programme.theories.items():
        goals = [name for name, node in theory.nodes.items() if node.level == "result"]
        if not goals:
            what = f"the theory '{theory_id}' has no final goal"
            remedy = "Write 'level: result' at the box it should lead to."
            yield Finding(("theories", theory_id), what, remedy, "warning", at_key=True)
        reached = _onwards(theory, _named(theory, "activity"))
        for name in goals:
            if name not in reached:
                what = f"no activity leads to the final goal '{name}'"
                path = ("theories", theory_id, "nodes", name)
                yield Finding(path, what, "Draw the way to it, or remove it.", "warning", at_key=True)


@check_named("theory-recipe-subgoal")
def goals_are_reached_by_subgoals(programme: Programme) -> Iterator[Finding]:
    """Step three: between an activity and a final goal lies something a person must be able to do first."""
    for theory_id, theory in programme.theories.items():
        without = {name for name, node in theory.nodes.items() if node.level in ("activity", "mechanism")}
        for number, link in enumerate(theory.links):
            effect = theory.nodes.get(link.effect)
            if (
                effect is not None
                and effect.level == "result"
                and link.cause in without
                and link.note is None
            ):
                what = f"'{link.cause}' leads to the final goal '{link.effect}' without a sub-goal between"
                remedy = "Draw the step, result or sub-goal that comes first, or say in a note why none does."
                yield Finding(("theories", theory_id, "links", number), what, remedy, "warning")


@check_named("theory-recipe-activity")
def activities_lead_to_goals(programme: Programme) -> Iterator[Finding]:
    """Step four: every activity leads to a final goal. A note at it may say why it does not."""
    for theory_id, theory in programme.theories.items():
        goals = set(_named(theory, "result"))
        for name in _named(theory, "activity") if goals else ():
            if theory.nodes[name].note is None and not goals & _onwards(theory, [name]):
                what = f"the activity '{name}' leads to no final goal"
                path = ("theories", theory_id, "nodes", name)
                yield Finding(
                    path, what, "Draw what it should bring about, or remove it.", "warning", at_key=True
                )


@check_named("theory-recipe-mechanism")
def activities_work_through_mechanisms(programme: Programme) -> Iterator[Finding]:
    """Step five: what must be there for an activity to work is on one of its ways.

    A theory without any mechanism is told once. A note, at the theory or the activity, may say why there is none.
    """
    for theory_id, theory in programme.theories.items():
        mechanisms = set(_named(theory, "mechanism"))
        activities = _named(theory, "activity")
        if activities and not mechanisms and theory.note is None:
            what = f"the theory '{theory_id}' has no mechanism: it does not say what must be there for it to work"
            remedy = "Add boxes of 'level: mechanism', or say in a note why the document has none."
            yield Finding(("theories", theory_id), what, remedy, "warning", at_key=True)
        for name in activities if mechanisms else ():
            if theory.nodes[name].note is None and not mechanisms & _onwards(theory, [name]):
                what = f"the activity '{name}' works through no mechanism"
                remedy = "Name one in 'through' of its link, or say in a note why there is none."
                path = ("theories", theory_id, "nodes", name)
                yield Finding(path, what, remedy, "warning", at_key=True)


def _named(theory: Theory, level: str) -> list[str]:
    return [name for name, node in theory.nodes.items() if node.level == level]


def _onwards(theory: Theory, starts: Iterable[str]) -> set[str]:
    """Everything that links lead to from ``starts``, what they go through among it."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        for link in theory.links:
            if name == link.cause or name in link.through:
                new = {link.effect, *link.through} - found
                found |= new
                waiting += new
    return found
