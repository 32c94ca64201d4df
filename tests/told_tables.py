"""Tables made by hand, and the sentences that rules tell from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter

import simulated
from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import SLOT, Block, Text
from indsats.report import Block as Made
from indsats.report import Cell, Column, Sentence, Table
from indsats.report.passages import told_text
from indsats.run import Material
from indsats.run.findings import sentences
from indsats.run.plans import Plan

FREMSKUDT = simulated.definition()
BLOCK: TypeAdapter[Block] = TypeAdapter(Block)
TITLE = {"da": "Overskrift", "en": "Heading"}


def same(text: str) -> Text:
    return Text(da=text, en=text)


def filled(one: Sentence, lang: Lang) -> str:
    return SLOT.sub(lambda slot: told_text(one.told[slot.group(2)], lang), one.text.in_(lang)).replace(
        "\u00a0", " "
    )


def table(columns: Sequence[str], *rows: Sequence[Cell], id: str = "t") -> Table:
    return Table(
        id,
        same("Tabel"),
        tuple(Column(one, same(one.capitalize())) for one in columns),
        tuple(map(tuple, rows)),
    )


def found(block: Mapping[str, object], *made: Made, plan: Plan | None = None) -> tuple[Sentence, ...]:
    asked = BLOCK.validate_python({"title": TITLE, **block} if block["block"] != "evaluation" else block)
    plans = {} if plan is None else {str(block["evaluation"]): plan}
    return sentences(asked, made, Material(FREMSKUDT, None, None, None, plans=plans))


def said(block: Mapping[str, object], *made: Made, plan: Plan | None = None, lang: Lang = "da") -> list[str]:
    return [filled(one, lang) for one in found(block, *made, plan=plan)]


def share(id: str, n: float, d: float, low: float | None = None, high: float | None = None) -> Figure:
    return Figure.share(id, n, d, low=low, high=high)
