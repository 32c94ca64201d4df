"""What months in a row say, and what has changed since the report before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indsats.programme import Block as Asked
from indsats.report import Block, Reading, Sentence

from .. import since_words
from ..material import Material
from ..words import both
from .words import (
    CHANCE,
    Row,
    listed,
    lowered,
    plain,
    quoted,
    rows_of,
    same_printed,
    sentence,
    tables,
    unit_of,
)

_SHIFT = ("Tegn på et skift", "Mere end tilfældige")
_NOISE = "Kun tilfældige"
_OUTLIER = ("En enkelt måned", "enkelte måneder")
_TOO_FEW = ("For få måneder", "Kan ikke bedømmes")
_MANY = both("de øvrige indikatorer", "the other indicators")
_NO_CAUSE = (since_words.NOTHING.da, since_words.LEVELLED.da, since_words.SEVERAL.da)


def trend(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """Shifts one by one in the words of the table; months far out, swings of chance and too few months together."""
    for table in tables(made, "indicator", "verdict", "centre"):
        kinds: dict[str, list[Row]] = {"shift": [], "outlier": [], "noise": [], "few": []}
        for row in rows_of(table):
            kind = _kind(row.text("verdict").da)
            if kind is not None:
                kinds[kind].append(row)
        for row in kinds["shift"]:
            title, verdict = plain(row.name), lowered(row.text("verdict"))
            yield sentence(f"{title.da}: {verdict.da}", f"{title.en}: {verdict.en}", of=row.figures())
        for kind, da, en in (
            ("outlier", "Enkelte måneder afviger for {}; ellers er udsvingene tilfældige.",
             "Single months deviate for {}; otherwise the variation is chance."),
            ("noise", "Kun tilfældige udsving: intet tyder på, at niveauet har ændret sig for {}.",
             "Chance variation only: nothing suggests that the level has changed for {}."),
            ("few", "Der er for få måneder med tal til at sige noget om {}.",
             "There are too few months with numbers to say anything about {}."),
        ):  # fmt: skip
            if kinds[kind]:
                names = listed([row.name for row in kinds[kind]], _MANY)
                yield sentence(
                    da.format(names.da),
                    en.format(names.en),
                    of=(figure for row in kinds[kind] for figure in row.figures()),
                )


def _kind(verdict: str) -> str | None:
    """What a verdict in Danish says; nothing where the months are not judged."""
    if verdict.startswith(_SHIFT):
        return "shift"
    if verdict.startswith(_NOISE):
        return "noise"
    if verdict.startswith(_TOO_FEW):
        return "few"
    return "outlier" if any(part in verdict for part in _OUTLIER) else None


def since(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """How each indicator moved since the report before; the cause where it is not what happened since."""
    for table in tables(made, "indicator", "before", "now", "change", "told"):
        for row in rows_of(table):
            if row.figure("before") is None or row.figure("now") is None:
                continue
            yield _moved(row)
            yield from _cause(made, row)


def _moved(row: Row) -> Sentence:
    before, now, change = row.figure("before"), row.figure("now"), row.figure("change")
    if before is None or now is None:
        raise ValueError("a change is told of that has no level before or now")
    title = plain(row.name)
    slots = {"before": row.told("before"), "now": row.told("now")}
    of = [change] if change is not None else []
    if same_printed(before, now):
        return sentence(
            f"{title.da}: uændret {{{{now}}}}.", f"{title.en}: unchanged {{{{now}}}}.", of=of, **slots
        )
    da, en = ("steget", "risen") if (now.value or 0) > (before.value or 0) else ("faldet", "fallen")
    chance = since_words.CHANCE.da in row.text("told").da
    ends = (f" {CHANCE.da}", f" {CHANCE.en}") if chance else ("", "")
    return sentence(
        f"{title.da}: {da} fra {{{{before}}}} til {{{{now}}}}.{ends[0]}",
        f"{title.en}: {en} from {{{{before}}}} to {{{{now}}}}.{ends[1]}",
        of=of,
        **slots,
    )


def _cause(made: Sequence[Block], row: Row) -> Iterator[Sentence]:
    """The main cause of a change, where the change is one of book-keeping and not of what happened."""
    mainly, change = row.cell("mainly"), row.figure("change")
    if not isinstance(mainly, Reading) or mainly.da.startswith(_NO_CAUSE) or change is None:
        return
    for table in tables(made, "cause"):
        for cause in rows_of(table):
            column = next(
                (
                    column.id
                    for column in table.columns
                    if (figure := cause.figure(column.id)) is not None and figure.id == mainly.of
                ),
                None,
            )
            if column is None or cause.name.da == since_words.CAUSES["since"].da:
                continue
            title, why = quoted(row.name), lowered(cause.name)
            slots = {"size": cause.told(column)}
            yield sentence(
                f"Det meste af ændringen i {title.da} er {why.da} ({{{{size}}}}{unit_of(change)[0]}).",
                f"Most of the change in {title.en} is {why.en} ({{{{size}}}}{unit_of(change)[1]}).",
                of=[change],
                **slots,
            )
