"""What must stay unknown: small counts, and sums that few people are behind.

A small count needs so many possible whole numbers. A sum that is not told needs room: a reader's interval for it has to
reach a tenth of the sum to either side. That is sliding protection stated for both sides (Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4.2): wide enough that nobody comes within 10 % of one person's part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indsats.figure import Figure
from indsats.programme import DisclosureRules

from .graph import SUMS, Graph
from .log import Rule

_EPS = 1e-6
_ROOM = 0.1
"""How far from a sum, as a share of it, the ends of a reader's interval have to be."""

Terms = tuple[tuple[int, float], ...]
"""Nodes with their signs: a count is one node, what is left of a denominator two, a change of it four."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something a reader may not come to know, and the figure it is about.

    ``margin`` is how far from the truth a reader's interval has to reach to either side; left out, enough whole numbers
    have to be possible. ``at_once`` says that the figure itself is hidden before anything is calculated.
    ``release`` names the earlier release it follows from.
    """

    figure: str
    part: str
    rule: Rule
    terms: Terms
    margin: float | None = None
    at_once: bool = True
    release: str = ""


COUNTED = ("count", "share", "rate", "monthly", "change")
"""Units whose numerator counts people or what happened to them."""

TIMES = ("rate", "monthly")
"""Units whose denominator is a time."""

_NOT_PEOPLE = (*TIMES, "count")
"""Units whose denominator is no number of people; a target's count may be scaled from a longer time."""


def counts_in(unit: str, parts: Iterable[str]) -> Iterator[tuple[str, tuple[tuple[str, float], ...]]]:
    """The counts of people in a figure of a unit with these parts: name, and the parts with their signs.

    A mean's numerator is a sum of scores, a rate's denominator a time.
    """
    has = set(parts)
    if unit in COUNTED and "n" in has:
        yield "n", (("n", 1.0),)
    if "d" in has and unit not in _NOT_PEOPLE:
        yield "d", (("d", 1.0),)
    if unit == "share" and {"n", "d"} <= has:
        yield "r", (("d", 1.0), ("n", -1.0))
    yield from ((part, ((part, 1.0),)) for part in sorted(has) if part.startswith("x:"))


def is_rounded(unit: str, part: str) -> bool:
    """Whether a part is shown as a multiple of the base where counts are rounded."""
    return any(part == name for name, _ in counts_in(unit, [part]))


def needs_of(
    figures: Mapping[str, Figure], graph: Graph, threshold: int, rules: DisclosureRules
) -> Iterator[Need]:
    """What each figure of the documents needs by its own numbers, in their order."""
    for key, figure in figures.items():
        nodes = {part: graph.node[key, part] for part in _parts(key, figure, graph)}
        for part, signs in counts_in(figure.unit, nodes):
            terms = tuple((nodes[one], sign) for one, sign in signs)
            count = sum(sign * graph.value[node] for node, sign in terms)
            if _EPS < count < threshold - _EPS or (rules.zeros == "hide" and abs(count) <= _EPS):
                rule: Rule = (
                    "zero" if abs(count) <= _EPS else "rest of a share" if part == "r" else "small count"
                )
                # Where counts are rounded a small one is told as the multiple next to it.
                yield Need(
                    key,
                    part,
                    rule,
                    terms,
                    at_once=rules.rounding is None or figure.unit in SUMS or rule == "zero",
                )
        if rules.everybody == "hide" and figure.unit == "share" and {"n", "d"} <= nodes.keys():
            everybody = abs(graph.value[nodes["n"]] - graph.value[nodes["d"]]) <= _EPS
            if graph.value[nodes["d"]] > 0 and (everybody or graph.value[nodes["n"]] <= _EPS):
                yield Need(key, "n", "everybody", ((nodes["n"], 1.0),))
        yield from _sum_needs(key, figure, nodes, graph, threshold, rules)


def _parts(key: str, figure: Figure, graph: Graph) -> list[str]:
    reasons = (f"x:{reason}" for reason in figure.excluded)
    return [part for part in ("n", "d", *reasons) if (key, part) in graph.node]


def _sum_needs(
    key: str,
    figure: Figure,
    nodes: Mapping[str, int],
    graph: Graph,
    threshold: int,
    rules: DisclosureRules,
) -> Iterator[Need]:
    if figure.unit not in SUMS or "n" not in nodes:
        return
    whole = graph.value[nodes["n"]]
    people = graph.value[nodes["d"]] if "d" in nodes else 0.0
    rule = dominated(whole, figure.largest, rules)
    if rule is None and _EPS < people < threshold - _EPS:
        rule = "small count"
    if rule is not None:
        yield Need(key, "n", rule, ((nodes["n"], 1.0),), _ROOM * abs(whole))


def dominated(whole: float, largest: tuple[float, ...], rules: DisclosureRules) -> Rule | None:
    """The rule by which a sum may not be told when these are its largest contributions, or none.

    Dominance: the n largest make up more than a share of it. Close (the p % rule): what is left without the two
    largest is less than the share c of the largest, so that the second could work it out to within c.
    """
    if not largest:
        return None
    by_size = sorted((abs(one) for one in largest), reverse=True)
    if rules.dominance is not None and sum(by_size[: rules.dominance.largest]) > rules.dominance.share * abs(
        whole
    ):
        return "dominance"
    if rules.close is not None and abs(whole) - sum(by_size[:2]) < rules.close * by_size[0]:
        return "close"
    return None
