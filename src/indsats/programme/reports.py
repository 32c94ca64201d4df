"""Definition parts that say what a report is: its period, its text, and which blocks stand where in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from .base import Id, Item, Part, Text
from .blocks import Block


class Section(Part):
    """A headed part of a report."""

    title: Text
    blocks: list[Block]


class NumberAsked(Part):
    """An indicator's number in running text: its value, or what it is a share of; of a unit, a site or the whole."""

    indicator: Id
    unit: Id | None = None
    site: Id | None = None
    part: Literal["value", "numerator", "denominator"] = "value"
    decimals: int | None = Field(default=None, ge=0, le=4)

    @model_validator(mode="after")
    def _one_place(self) -> NumberAsked:
        if self.unit is not None and self.site is not None:
            raise ValueError("the number is about a 'unit' or a 'site'; a site has its unit")
        return self


class FieldAsked(Part):
    """What a writer fills in: a case number, who signs. ``default`` stands there until then.

    ``head`` puts it among the facts at the top of the document.
    """

    title: Text
    default: Text | None = None
    head: bool = False


class Report(Item):
    """What a report tells, in order. Its period is ``months`` long and ends with the data.

    Its text is either ``sections`` of blocks or a Markdown ``template``: the files ``<template>.da.md`` and
    ``<template>.en.md`` beside the definition, in which ``{{ block: NAME }}`` puts one of the ``blocks``,
    ``{{ findings: NAME }}`` what its numbers say, and ``{{ NAME }}`` one of the ``numbers`` or ``fields``.
    ``about: site`` is written once for each site and ``about: person`` for one citizen. ``form`` is how it is laid out:
    a report with contents, the item of an agenda, or a letter.
    """

    title: Text
    months: int = Field(default=6, gt=0)
    about: Literal["programme", "site", "person"] = "programme"
    form: Literal["report", "case", "letter"] = "report"
    sections: list[Section] = []
    template: Id | None = None
    blocks: dict[Id, Block] = {}
    numbers: dict[Id, NumberAsked] = {}
    fields: dict[Id, FieldAsked] = {}

    @model_validator(mode="after")
    def _one_text(self) -> Report:
        if (self.template is None) == (not self.sections):
            raise ValueError("a report has either 'sections' or a 'template'")
        if self.template is None and (self.blocks or self.numbers or self.fields):
            raise ValueError("'blocks', 'numbers' and 'fields' are named in a template; this report has none")
        return self

    def placed_blocks(self) -> Iterator[tuple[tuple[Any, ...], Block]]:
        """Every block with the way to it inside the report."""
        for number, section in enumerate(self.sections):
            for place, block in enumerate(section.blocks):
                yield ("sections", number, "blocks", place), block
        for name, block in self.blocks.items():
            yield ("blocks", name), block
