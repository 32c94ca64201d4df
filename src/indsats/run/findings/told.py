"""What the numbers of a block say, in sentences chosen by rule. The rules stand in ``docs/methods/findings.md``.

Sentences are told from the block's composed tables, so that there is one definition of every number. Each makes one
claim, names every figure it rests on, and goes where one of these is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from indsats.programme import Block as Asked
from indsats.report import Block, Paragraph, Sentence, Table

from ..material import Material
from . import (
    basis,
    change,
    evaluation,
    money,
    practice,
    targets,
    time,
)
from .words import plain, sentence

Rule = Callable[[Asked, Sequence[Block], Material], Iterable[Sentence]]
"""Says what the tables made for a block tell."""

RULES: dict[str, Rule] = {
    "targets": targets.targets,
    "deviations": targets.deviations,
    "indicators": targets.indicators,
    "evaluation": evaluation.evaluation,
    "plan": evaluation.plan,
    "profile": change.profile,
    "change": change.change,
    "transitions": change.transitions,
    "scores": change.scores,
    "response": change.response,
    "due": change.due,
    "barometer": practice.barometer,
    "requirements": practice.requirements,
    "phases": practice.phases,
    "trend": time.trend,
    "since": time.since,
    "business_case": money.business_case,
    "scenarios": money.scenarios,
    "society": money.society,
    "theory": basis.theory,
    "representativeness": basis.representativeness,
}
"""The rule of each kind of block; of other kinds nothing is told."""


def sentences(asked: Asked, made: Sequence[Block], material: Material) -> tuple[Sentence, ...]:
    """The sentences about a block, in the order to be read; none for a block that nothing is told of by rule.

    Where there is nothing to tell of because nothing could be computed, they say so, in the block's own words if it
    has any.
    """
    rule = RULES.get(asked.block)
    return () if rule is None else tuple(rule(asked, made, material)) or tuple(_nothing(made))


def _nothing(made: Sequence[Block]) -> Iterator[Sentence]:
    """Why there are no numbers to tell of, where there are none."""
    tables = [block for block in made if isinstance(block, Table)]
    figures = [figure for table in tables for figure in table.figures()]
    why = [] if tables else [plain(block.text) for block in made if isinstance(block, Paragraph)]
    if why:
        yield from (sentence(one.da, one.en) for one in why)
    elif all(figure.value is None for figure in figures):
        yield sentence(
            "Der er ingen tal at sige noget om.", "There are no numbers to say anything about.", of=figures
        )
