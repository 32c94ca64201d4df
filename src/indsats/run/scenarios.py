"""Composes all scenarios beside each other, what moves the result most, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.economy import (
    VERDICTS_SHORT,
    Case,
    Draws,
    acceptability,
    budget,
    draws,
    inputs,
    net_present,
    threshold,
    tornado,
)
from indsats.figure import Figure, Unit
from indsats.programme import ScenariosBlock, Text
from indsats.report import Block, Cell, Chart, Column, Findings, Reading, Sentence, Table, Told

from . import case_words as words
from .cases import cannot_blocks, doubt_blocks
from .cost_words import a_price
from .pricing import Pricing

_BANDS = (("p25", "p75"), ("p10", "p90"), ("p2.5", "p97.5"))
"""The bands of 50, 80 and 95 % of the outcomes."""

_HALF_AN_OERE = 0.005

_FURTHEST = 12
"""More inputs than these make the drawing hard to read; they are those that move the result least."""


def scenario_blocks(pricing: Pricing, block: ScenariosBlock) -> Iterator[Block]:
    """The scenarios in a table; for the expected one the tornado, the fan, and how likely it is worth the money."""
    scenarios = pricing.programme.economy.scenarios
    cases: list[Case] = []
    for name in scenarios:
        case, lacking = cannot_blocks(pricing, name)
        if case is None:
            yield from lacking
            return
        cases.append(case)
    yield _beside(block.title, cases, pricing.rests_on)
    expected = next((case for case in cases if scenarios[case.scenario].effect == "expected"), cases[0])
    title = words.named(block.title, expected.title.da, expected.title.en)
    yield from _tornado(title, expected, pricing)
    found = draws(expected)
    yield from _fan(title, expected, found, pricing.rests_on)
    if found.units is not None:
        yield from _acceptability(title, expected, found, pricing.rests_on)
    yield from doubt_blocks("scenarios", expected, f"scenario/{expected.scenario}/net")


def _beside(title: Text, cases: list[Case], rests_on: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for case in cases:
        found, stem, n = budget(case), f"scenario/{case.scenario}", case.participants

        def told(
            key: str, value: float | None, unit: Unit = "amount", stem: str = stem, n: float = n
        ) -> Figure:
            made_from = () if key == "cost" else rests_on
            return Figure(f"{stem}/{key}", value, unit, denominator=n, made_from=made_from)

        verdict = VERDICTS_SHORT[found.verdict]
        rows.append(
            (
                case.title,
                Reading(da=verdict.da, en=verdict.en, of=f"{stem}/net"),
                told("cost", found.cost),
                told("gain", found.gain),
                told("net", found.net),
                told("municipality", found.by_payer["municipality"]),
                told("citizen", found.citizen),
                told("payback", found.payback, "mean"),
                told("times", found.times, "mean"),
            )
        )
    return Table(
        "scenarios",
        title,
        (
            Column("scenario", words.SCENARIO),
            Column("verdict", words.VERDICT),
            Column("cost", words.COST_SHORT, "amount"),
            Column("gain", words.GAIN_SHORT, "amount"),
            Column("net", words.NET_SHORT, "amount"),
            Column("municipality", words.MUNICIPALITY_SHORT, "amount"),
            Column("citizen", words.CITIZEN_SHORT, "amount"),
            Column("payback", words.PAYBACK_SHORT, "mean", 1),
            Column("times", words.TIMES_SHORT, "mean", 2),
        ),
        tuple(rows),
        (
            words.present_values(cases[0].price_year, cases[0].years),
            words.PER_PARTICIPANT,
            words.SCENARIOS_NOTE,
            words.SHORT_NOTE,
            words.BUDGET_NOTE,
        ),
    )


def _tornado(title: Text, case: Case, pricing: Pricing) -> Iterator[Block]:
    found, n, net = tornado(case), case.participants, net_present(case)
    if found.is_empty():
        return

    def told_of(key: str, value: float | None, unit: Unit, kind: str = "effect") -> Figure:
        """What is had and not gained does not follow from the effect."""
        made_from = () if kind == "quantity" else pricing.rests_on
        return Figure(key, value, unit, denominator=n, made_from=made_from)

    lines = {(one.kind, one.id): case.lines[one.rows[one.first(case)]].title for one in inputs(case)}
    rows: list[tuple[Cell, ...]] = []
    # A row that is left out never becomes a figure: what an input of few people moves is not told at all.
    few = {line.id for line in case.lines if line.of in pricing.few_had}
    about_few = {
        (one.kind, one.id) for one in inputs(case) if few.issuperset(case.lines[row].id for row in one.rows)
    }
    moving = [
        row
        for row in found.iter_rows(named=True)
        if row["width"] > _HALF_AN_OERE and (row["kind"], row["input"]) not in about_few
    ]
    for row in moving[:_FURTHEST]:
        kind, name = row["kind"], row["input"]
        title_of = pricing.quotes.found[name].title if kind == "price" else lines[kind, name]
        stem, turns = f"tornado/{kind}/{name}", threshold(case, kind, name)
        values = {"low": row["low"], "high": row["high"], "turns": turns}
        told: dict[str, Cell] = {
            key: told_of(f"{stem}/{key}", value, "number", "effect" if key == "turns" else kind)
            for key, value in values.items()
        }
        if kind == "price":
            # A price is not about people; the one that makes the net zero follows from the net.
            prices = {key: None if value is None else a_price(value) for key, value in values.items()}
            tips = prices["turns"]
            turning = None if tips is None else Reading(da=tips.da, en=tips.en, of=f"{stem}/net")
            told = {**prices, "turns": turning}
        rows.append(
            (
                words.input_title(kind, title_of),
                told["low"],
                told["high"],
                told_of(f"{stem}/net_low", row["net_low"], "amount"),
                told_of(f"{stem}/net_high", row["net_high"], "amount"),
                told_of(f"{stem}/net", net, "amount"),
                told["turns"],
            )
        )
    table = Table(
        "tornado",
        words.named(title, "hvad resultatet hænger på", "what the result hangs on"),
        (
            Column("input", words.INPUT),
            Column("low", words.LOW, "number", align="right"),
            Column("high", words.HIGH, "number", align="right"),
            Column("at_low", words.AT_LOW, "amount"),
            Column("at_high", words.AT_HIGH, "amount"),
            Column("expected", words.EXPECTED, "amount"),
            Column("turns", words.TIPS, "number", align="right"),
        ),
        tuple(rows),
        (words.TORNADO_NOTE,),
    )
    yield table
    yield Chart(
        "tornado-drawn",
        table.title,
        table.id,
        "tornado",
        {
            "label": "input",
            "low": "low",
            "high": "high",
            "at_low": "at_low",
            "at_high": "at_high",
            "centre": "expected",
        },
        words.TORNADO_DRAWN,
    )


def _fan(title: Text, case: Case, found: Draws, rests_on: tuple[str, ...]) -> Iterator[Block]:
    n, fan = case.participants, found.fan()
    names = ["p50", *(end for band in _BANDS for end in band)]
    rows = [
        (
            str(row["year"]),
            *(
                Figure(f"fan/{name}/{row['year']}", row[name], "amount", denominator=n, made_from=rests_on)
                for name in names
            ),
        )
        for row in fan.iter_rows(named=True)
    ]
    ends = [Column(name.replace(".", "-"), words.quantile(name), "amount") for name in names[1:]]
    table = Table(
        "fan",
        words.named(title, "hvor sikkert det er", "how sure it is"),
        (Column("year", words.YEAR), Column("median", words.MEDIAN, "amount"), *ends),
        tuple(rows),
        (words.DRAWS_NOTE, words.level(case.price_year), *(() if found.known else (words.NOT_KNOWN,))),
    )
    chance = Figure("fan/chance", found.chance(), "share", denominator=n, made_from=rests_on)
    yield Findings("fan-said", (_chance(case, found, chance),))
    yield table
    yield Chart(
        "fan-drawn",
        table.title,
        table.id,
        "fan",
        {
            "label": "year",
            "value": "median",
            "low": tuple(low.replace(".", "-") for low, _ in _BANDS),
            "high": tuple(high.replace(".", "-") for _, high in _BANDS),
        },
        words.FAN_DRAWN,
    )


def _chance(case: Case, found: Draws, chance: Figure) -> Sentence:
    """How many of the outcomes gain, and what that is not where no effect is shown."""
    if not found.known:
        return Sentence(words.NOT_KNOWN)
    shown = budget(case).verdict != "unproven"
    text = words.CHANCE_TOLD if shown else words.CHANCE_UNPROVEN
    return Sentence(text, {"chance": Told(chance, decimals=0)})


def _acceptability(title: Text, case: Case, found: Draws, rests_on: tuple[str, ...]) -> Iterator[Block]:
    curve, n = acceptability(case, found), case.participants
    if curve["value"].n_unique() < 2 or case.yardstick_unit is None:
        return
    rows = [
        (
            row["value"],
            Figure(f"acceptability/{place}", row["chance"], "share", denominator=n, made_from=rests_on),
        )
        for place, row in enumerate(curve.iter_rows(named=True))
    ]
    table = Table(
        "acceptability",
        words.named(title, "hvornår den er pengene værd", "when it is worth the money"),
        (
            Column("worth", words.worth_of(case.yardstick_unit), "amount", about_people=False),
            Column("chance", words.CHANCE, "share", 0),
        ),
        tuple(rows),
        (words.CEAC_NOTE, *(() if found.known else (words.NOT_KNOWN,))),
    )
    yield table
    yield Chart(
        "acceptability-drawn",
        table.title,
        table.id,
        "acceptability",
        {"worth": "worth", "chance": "chance"},
        words.CHANCE_DRAWN,
    )
