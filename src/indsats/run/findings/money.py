"""What business cases, scenarios and society's account say; never without the effect they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indsats.economy import VERDICTS, VERDICTS_SHORT
from indsats.programme import Block as Asked
from indsats.report import Block, Sentence

from .. import case_words
from ..material import Material
from .words import MOST, Row, lowered, plain, quoted, rows_of, sentence, tables

_LONG = {VERDICTS_SHORT[verdict].da: text for verdict, text in VERDICTS.items()}
"""What may be said, by the short word for it that stands in the tables."""


def business_case(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """What may be said of whether it pays, the net result with the effect it rests on, and the effect it takes."""
    for table in tables(made, "result", "value"):
        rows = rows_of(table)
        net, effect, needed = (_at(rows, key) for key in ("net", "effect", "break-even"))
        verdict = next((row.text("value") for row in rows if row.name.da == case_words.VERDICT.da), None)
        if net is None or verdict is None:
            continue
        found = net.figure("value")
        yield sentence(_LONG[verdict.da].da, _LONG[verdict.da].en, of=[] if found is None else [found])
        if effect is not None:
            yield _net_with_effect(net, effect)
        if needed is not None:
            what = quoted(needed.name)
            yield sentence(
                f"Regnestykket går først lige op ved {{{{needed}}}} ({what.da}).",
                f"The case only breaks even at {{{{needed}}}} ({what.en}).",
                needed=needed.told("value"),
            )


def _at(rows: Sequence[Row], key: str) -> Row | None:
    """The row of a result by how the id of its figure ends."""
    return next(
        (
            row
            for row in rows
            if (figure := row.figure("value")) is not None and figure.id.endswith(f"/result/{key}")
        ),
        None,
    )


def _net_with_effect(net: Row, effect: Row) -> Sentence:
    slots = {"net": net.told("value"), "effect": effect.told("value")}
    what, found = quoted(effect.name), effect.figure("value")
    doubt = ("", "")
    if found is not None and found.low is not None and found.high is not None:
        slots |= {"low": effect.told("value", "low"), "high": effect.told("value", "high")}
        doubt = ", med usikkerhed fra {{low}} til {{high}}", ", with uncertainty from {{low}} to {{high}}"
    return sentence(
        f"Nettoresultatet er {{{{net}}}} kr. pr. deltager. Det hviler på {{{{effect}}}} ({what.da}){doubt[0]}.",
        f"The net result is DKK {{{{net}}}} per participant. It rests on {{{{effect}}}} ({what.en}){doubt[1]}.",
        of=(),
        **slots,
    )


def scenarios(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """Whether the scenarios agree on what may be said, and from where to where the net result goes."""
    for table in tables(made, "scenario", "verdict", "net"):
        rows = [row for row in rows_of(table) if row.figure("net") is not None]
        if not rows:
            continue
        nets = [figure for row in rows if (figure := row.figure("net")) is not None]
        verdicts = {row.text("verdict").da for row in rows}
        if len(verdicts) == 1:
            said = _LONG[verdicts.pop()]
            yield sentence(
                f"I alle scenarier: {lowered(said).da}", f"In all scenarios: {lowered(said).en}", of=nets
            )
        else:
            for row in rows[:MOST]:
                title, said = plain(row.name), lowered(_LONG[row.text("verdict").da])
                yield sentence(f"{title.da}: {said.da}", f"{title.en}: {said.en}", of=row.figures())
        if len(rows) > 1:
            rows.sort(key=lambda row: row.value("net"))
            low, high = plain(rows[0].name), plain(rows[-1].name)
            yield sentence(
                f"Nettoresultatet pr. deltager går fra {{{{low}}}} kr. ({low.da}) til {{{{high}}}} kr. ({high.da}). "
                "Scenarierne hviler på hver sin antagelse om effekten og er ikke forudsigelser.",
                f"The net result per participant goes from DKK {{{{low}}}} ({low.en}) to DKK {{{{high}}}} ({high.en}). "
                "The scenarios each rest on an assumption about the effect and are no predictions.",
                of=nets,
                low=rows[0].told("net"),
                high=rows[-1].told("net"),
            )


def society(_: Asked, made: Sequence[Block], __: Material) -> Iterator[Sentence]:
    """Society's account, on the condition that the effect is as assumed."""
    for table in tables(made, "who", "value"):
        for row in rows_of(table):
            if row.name.da == case_words.SOCIETY_NET.da and row.figure("value") is not None:
                yield sentence(
                    "For samfundet er resultatet {{net}} kr. pr. deltager, hvis effekten er som i scenariet.",
                    "For society the result is DKK {{net}} per participant if the effect is as in the scenario.",
                    net=row.told("value"),
                )
