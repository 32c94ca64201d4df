"""Composes the tables of minimum requirements: fulfilment by place, and requirement by requirement."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.figure import Figure
from indsats.programme import Period, RequirementsBlock, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Table
from indsats.steer import (
    AnswerGap,
    Place,
    answer_gaps,
    fulfilment,
    fulfilment_by,
    remembered,
    requirement_counts,
)

from . import words
from .progression import slug, unit_title
from .steering import beside_columns, places_of, unit_of_site


def requirement_blocks(facts: Facts, block: RequirementsBlock, period: Period) -> Iterator[Block]:
    """Two tables and a drawing of the second: how far places are, and how far each requirement is met.

    The first has units or sites down and shows both shares that documents mix: participants with everything met,
    and requirements met. The second is of all that run the programme together. Of one site: each requirement as
    answered there and in the whole of its unit.
    """
    if block.site is not None:
        yield _at_site(facts, block, block.site, period)
        return
    yield _by_place(facts, block, period)
    rows = _by_requirement(facts, block, period)
    yield rows
    if len(rows.rows) > 1:
        yield Chart(
            f"{rows.id}-chart",
            rows.title,
            rows.id,
            "bars",
            {"label": "requirement", "value": ("answered", "measured")},
            words.REQUIREMENTS_DRAWN,
        )


def _name(block: RequirementsBlock) -> str:
    return "-".join(["requirements", *(slug(part) for part in (block.phase, block.element) if part)])


def _by_place(facts: Facts, block: RequirementsBlock, period: Period) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place, title in places_of(facts, block.by, effort=True):
        at = {block.by: place, "phase": block.phase, "element": block.element}
        rows.append(
            (
                title,
                fulfilment(facts, period, of="participants", by="answered", **at),
                fulfilment(facts, period, of="requirements", by="answered", **at),
                fulfilment(facts, period, of="requirements", by="measured", **at),
            )
        )
    return Table(
        f"{_name(block)}-{block.by}",
        block.title,
        (
            Column("place", words.UNIT if block.by == "unit" else words.SITE),
            Column("participants", words.PARTICIPANTS_MET, "share"),
            Column("answered", words.ITEMS_ANSWERED, "share"),
            Column("measured", words.ITEMS_MEASURED, "share"),
        ),
        tuple(rows),
        notes=(words.FULFILMENT_NOTE,),
    )


def _by_requirement(facts: Facts, block: RequirementsBlock, period: Period) -> Table:
    programme = facts.programme
    units = programme.effort_units
    # With one unit in the effort the figures are that unit's; with several they are of everybody.
    unit = units[0] if len(units) == 1 else None
    counts = requirement_counts(facts, period, phase=block.phase, element=block.element, unit=unit)
    gaps = {
        gap.requirement: gap
        for gap in answer_gaps(facts, period, phase=block.phase, element=block.element, unit=unit)
    }
    rows: list[tuple[Cell, ...]] = []
    for row in counts:
        of = {"requirement": row.requirement, "unit": unit}
        answered = fulfilment(facts, period, of="requirements", by="answered", **of)
        gap = gaps.get(row.requirement)
        rows.append(
            (
                programme.requirements[row.requirement].title,
                answered,
                fulfilment(facts, period, of="requirements", by="measured", **of) if gap else None,
                _share_of(row.not_answered, answered.denominator or 0),
                _contradicted(gap) if gap else None,
                row.not_applicable,
                row.not_due,
            )
        )
    return Table(
        f"{_name(block)}-each",
        words.joined(block.title, words.EACH_REQUIREMENT),
        (
            Column("requirement", words.REQUIREMENT),
            Column("answered", words.MET_ANSWERED, "share"),
            Column("measured", words.MET_MEASURED, "share"),
            Column("unanswered", words.UNANSWERED, "share"),
            Column("contradicted", words.CONTRADICTED, "share"),
            Column("not-applicable", words.NOT_APPLICABLE, "count"),
            Column("not-due", words.NOT_DUE, "count"),
        ),
        tuple(rows),
        notes=(words.REQUIREMENTS_NOTE, unit_note(unit_title(programme, unit or "all"))),
    )


def _at_site(facts: Facts, block: RequirementsBlock, site: str, period: Period) -> Table:
    unit = unit_of_site(facts, site)
    asked = facts.programme.requirements_of(block.phase, block.element)

    def at(name: str, place: Place, where: str) -> Figure:
        # Every site asks for the same in its letter: all of them are counted in one pass.
        return remembered(
            facts,
            ("letters", "requirement", name, str(period), place),
            lambda: fulfilment_by(facts, period, place, of="requirements", by="answered", requirement=name),
        )[where]

    body = tuple(
        (
            one.title,
            at(name, "site", site),
            fulfilment(facts, period, of="requirements", by="answered", requirement=name)
            if unit is None
            else at(name, "unit", unit),
        )
        for name, one in asked.items()
    )
    columns = (Column("requirement", words.REQUIREMENT), *beside_columns(facts, site, "share"))
    return Table(f"{_name(block)}-at-site", block.title, columns, body, notes=(words.UNANSWERED_NOT_MET,))


def unit_note(unit: Text) -> Text:
    """Whom the requirement table is about."""
    return Text(da=f"Omfatter: {unit.da}.", en=f"Covers: {unit.en}.")


def _share_of(part: Figure, whole: float) -> Figure:
    return Figure.share(f"{part.id}/share", part.value or 0, whole)


def _contradicted(gap: AnswerGap) -> Figure:
    """Among items with both an answer and a measurement: the share where the two disagree."""
    both = [gap.both_met, gap.neither_met, gap.only_answered, gap.only_measured]
    apart = (gap.only_answered.value or 0) + (gap.only_measured.value or 0)
    stem = gap.both_met.id.rsplit("/", 1)[0]
    return Figure.share(f"{stem}/contradicted", apart, sum(figure.value or 0 for figure in both))
