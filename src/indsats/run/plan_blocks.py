"""Tells in the report whether the evaluation was planned before outcomes were read, and what was changed since."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.programme import Evaluation, Text
from indsats.report import Block, Column, Paragraph, Table

from . import evaluation_words as words
from . import tried
from .plans import Plan


def plan_blocks(name: str, evaluation: Evaluation, plan: Plan) -> Iterator[Block]:
    """A sentence about the plan, and a table of the deviations when there are any."""
    if plan.registered is None:
        yield Paragraph(words.NO_PLAN)
        return
    registered = plan.registered
    yield Paragraph(words.plan_told(registered.at, registered.plan_hash, in_time=plan.in_time))
    deviations = [one for one in plan.deviations if one.standing != "as planned"]
    if not deviations:
        yield Paragraph(words.AS_PLANNED)
        return
    titles = _titles(evaluation)
    yield Table(
        f"{name}-plan",
        words.PLAN,
        (Column("part", words.PART), Column("item", words.ITEM), Column("standing", words.STANDING)),
        tuple(
            (
                words.PARTS[one.part],
                titles.get((one.part, one.item)) or _named(one.part, one.item),
                words.STANDINGS[one.standing],
            )
            for one in deviations
        ),
    )


def _titles(evaluation: Evaluation) -> dict[tuple[str, str], Text]:
    """What the items of a plan are called that still are in the definition."""
    return (
        {("outcomes", one.id): one.title for one in evaluation.outcomes}
        | {("covariates", one.field): one.title for one in evaluation.covariates}
        | {("history", one.id): one.title for one in evaluation.history}
        | {("estimates", one.id): one.title for one in evaluation.estimates}
    )


def _named(part: str, item: str) -> Text:
    """The other items: in words of ours, a check with what it goes by, and by its id what is no longer there."""
    kind, bracket, by = item.partition(" (")
    own = part not in ("outcomes", "covariates", "history", "estimates") or item == "matched"
    name = (words.ITEMS.get(kind) or tried.CHECKS.get(kind)) if own else None
    if name is None:
        return Text(da=item, en=item)
    return Text(da=f"{name.da}{bracket}{by}", en=f"{name.en}{bracket}{by}")
