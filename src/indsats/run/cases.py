"""Composes a business case: the cash flow by payer and year, the net result with its doubts, and society's apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from indsats.economy import (
    PAYER_WORDS,
    PERSPECTIVES,
    PUBLIC_ROWS,
    SEVERITIES,
    VERDICTS,
    VERDICTS_SHORT,
    Budget,
    Case,
    break_even_range,
    budget,
    price_book,
    rules_year,
    society,
    yardstick_lines,
)
from indsats.figure import Figure, Unit
from indsats.problem import InputRefused
from indsats.programme import PAYERS, PUBLIC, CaseBlock, SocietyBlock, Text
from indsats.report import Block, Cell, Chart, Column, Findings, Paragraph, Reading, Sentence, Table

from . import case_words as words
from .pricing import Pricing
from .progression import slug

Ends = tuple[float, float]

_CITIZEN = PAYERS.index("citizen")


def cannot_blocks(pricing: Pricing, scenario: str) -> tuple[Case | None, tuple[Block, ...]]:
    """The case of a scenario; or none, and a paragraph that says what it lacks."""
    if pricing.lacking:
        return None, (Paragraph(words.missing_prices(pricing.lacking)),)
    if pricing.few:
        return None, (Paragraph(words.too_few(pricing.programme.disclosure_threshold)),)
    if pricing.not_found:
        return None, (Paragraph(words.missing_effects(pricing.not_found)),)
    try:
        return pricing.case(scenario), ()
    except InputRefused as refused:
        what = "; ".join(problem.what for problem in refused.problems)
        return None, (Paragraph(words.in_definition(what)),)


def case_blocks(pricing: Pricing, block: CaseBlock) -> Iterator[Block]:
    """The budget-economic case of a scenario: what is said of it, the cash flow, the result, and the doubts."""
    scenarios = pricing.programme.economy.scenarios
    name = block.scenario or next(iter(scenarios))
    case, lacking = cannot_blocks(pricing, name)
    if case is None:
        yield from lacking
        return
    stem, found = f"case/{name}", budget(case)
    title = words.named(block.title, scenarios[name].title.da, scenarios[name].title.en)
    yield Paragraph(scenarios[name].about)
    said = Sentence(VERDICTS[found.verdict], of=(f"{stem}/result/net",))
    yield Findings(f"case-{slug(name)}-said", (said,))
    flow = _flow(stem, title, case, pricing.rests_on)
    yield flow
    yield Chart(
        f"{flow.id}-drawn",
        title,
        flow.id,
        "cash",
        {"label": "year", "parts": PUBLIC, "net": "cumulative"},
        words.CASH_DRAWN,
    )
    yield _result(stem, title, case, found, pricing.rests_on)
    yield from doubt_blocks(f"case-{slug(name)}", case, f"{stem}/result/net")


def _flow(stem: str, title: Text, case: Case, rests_on: tuple[str, ...]) -> Table:
    flows, n = case.flows().sum(axis=0), case.participants
    running = np.cumsum(flows[PUBLIC_ROWS].sum(axis=0) * case.discount)

    def told(key: str, year: int, value: float) -> Figure:
        return Figure(f"{stem}/{key}/{year}", value, "amount", denominator=n, made_from=rests_on)

    rows = [
        (
            str(year + 1),
            *(
                told(payer, year, float(flows[row, year]))
                for payer, row in zip(PUBLIC, PUBLIC_ROWS, strict=True)
            ),
            told("public", year, float(flows[PUBLIC_ROWS, year].sum())),
            told("cumulative", year, float(running[year])),
            told("citizen", year, float(flows[_CITIZEN, year])),
        )
        for year in range(case.years)
    ]
    return Table(
        f"case-{slug(case.scenario)}-flow",
        words.named(title, "pengestrøm", "cash flow"),
        (
            Column("year", words.YEAR),
            *(Column(payer, PAYER_WORDS[payer], "amount") for payer in PUBLIC),
            Column("public", words.PUBLIC, "amount"),
            Column("cumulative", words.CUMULATIVE, "amount"),
            Column("citizen", words.CITIZEN_BESIDE, "amount"),
        ),
        tuple(rows),
        (words.level(case.price_year), words.BUDGET_NOTE),
    )


def _result(stem: str, title: Text, case: Case, found: Budget, rests_on: tuple[str, ...]) -> Table:
    """The result in words and numbers; all but the cost follow from the effect, words too."""
    n = case.participants

    def told(key: str, value: float | None, unit: Unit = "amount", ends: Ends | None = None) -> Figure:
        low, high = ends or (None, None)
        made_from = () if key == "cost" else rests_on
        return Figure(
            f"{stem}/result/{key}", value, unit, denominator=n, low=low, high=high, made_from=made_from
        )

    def said(text: Text, key: str = "net") -> Reading:
        return Reading(da=text.da, en=text.en, of=f"{stem}/result/{key}")

    payback = _payback(found.payback)

    rows: list[tuple[Cell, ...]] = [
        (words.VERDICT, said(VERDICTS_SHORT[found.verdict])),
        (words.PARTICIPANTS, Figure.count(f"{stem}/result/participants", n)),
        (words.COST_EXTRA, told("cost", found.cost)),
        (words.GAIN, told("gain", found.gain)),
        (words.NET, told("net", found.net)),
        *((words.net_of(payer), told(payer, found.by_payer[payer])) for payer in PUBLIC),
        (words.NET_ALL, told("net-all", found.net * n)),
        (words.CITIZEN_NET, told("citizen-net", found.citizen)),
        (words.PAYBACK, told("payback", found.payback, "mean") if payback is None else said(payback)),
    ]
    unit, lines = case.yardstick_unit, yardstick_lines(case)
    if unit is not None and lines:
        effect = lines[0].quantity
        ends = effect.ends if effect.spread != "exact" else None
        rows.append((words.found_effect(unit), told("effect", effect.value, "number", ends)))
        rows.extend(_break_even_rows(case, unit, found, told, said))
        if found.per_unit is not None:
            rows.append((words.a_unit(unit), told("per-unit", found.per_unit)))
    return Table(
        f"case-{slug(case.scenario)}-result",
        words.named(title, "resultat", "result"),
        (Column("result", words.RESULT), Column("value", words.VALUE)),
        tuple(rows),
        (words.present_values(case.price_year, case.years), words.SHORT_NOTE, words.BUDGET_NOTE),
    )


def _payback(years: float | None) -> Text | None:
    """What stands for a payback time that is no number of years."""
    if years is None:
        return words.NEVER
    return words.FIRST_YEAR if years == 0 else None


def _break_even_rows(
    case: Case, unit: Text, found: Budget, told: Callable[..., Figure], said: Callable[..., Reading]
) -> Iterator[tuple[Cell, ...]]:
    """The effect that pays for the effort, per participant and for all, with the range its price leaves open."""
    if found.cost <= 0:
        yield words.needed_effect(unit), said(words.PAYS_ANYWAY, "cost")
        return
    if found.break_even is None:
        yield words.needed_effect(unit), said(words.NO_EFFECT_PAYS)
        return
    ends = break_even_range(case)
    everybody = None if ends is None else (ends[0] * case.participants, ends[1] * case.participants)
    yield words.needed_effect(unit), told("break-even", found.break_even, "number", ends)
    yield words.IN_ALL, told("break-even-all", found.break_even * case.participants, "number", everybody)


def doubt_blocks(name: str, case: Case, of: str) -> Iterator[Block]:
    """What a reader must know before believing a case, gravest first; hidden with its net result, the figure ``of``."""

    def said(text: Text) -> Reading:
        return Reading(da=text.da, en=text.en, of=of)

    told = sorted(case.cautions, key=lambda one: ("grave", "doubt", "note").index(one.severity))
    if told:
        yield Table(
            f"{name}-doubts",
            words.DOUBTS,
            (Column("weight", words.WEIGHT), Column("doubt", words.DOUBT)),
            tuple((said(SEVERITIES[one.severity]), said(one.text)) for one in told),
        )


def society_blocks(pricing: Pricing, block: SocietyBlock) -> Iterator[Block]:
    """The socio-economic result of a scenario in four perspectives, with the factors it was made with."""
    name = block.scenario or next(iter(pricing.programme.economy.scenarios))
    case, lacking = cannot_blocks(pricing, name)
    if case is None:
        yield from lacking
        return
    year = rules_year(pricing.programme, price_book())
    factors = price_book().factors_in(year)
    found, stem, n = society(case, factors), f"society/{name}", case.participants

    def told(key: str, value: float, made_from: tuple[str, ...] = pricing.rests_on) -> Figure:
        return Figure(f"{stem}/{key}", value, "amount", denominator=n, made_from=made_from)

    rows: list[tuple[Cell, ...]] = [
        (words.IN_PERSPECTIVE[one], told(one, found.benefits[one])) for one in PERSPECTIVES
    ]
    rows.append((words.EFFORT, told("cost", -found.cost, ())))
    rows.append((words.SOCIETY_NET, told("net", found.net)))
    notes = [
        words.present_values(case.price_year, case.years),
        words.factors(factors.net_tax, factors.distortion, year),
        words.SOCIETY_NOTE,
    ]
    if case.displaced:
        notes.append(words.displaced(case.displaced))
    table = Table(
        f"society-{slug(name)}",
        words.named(block.title, case.title.da, case.title.en),
        (Column("who", words.PERSPECTIVE), Column("value", words.PRESENT_VALUE, "amount")),
        tuple(rows),
        tuple(notes),
        total_row=-1,
    )
    yield table
    yield Chart(
        f"{table.id}-drawn",
        table.title,
        table.id,
        "perspectives",
        {"label": "who", "value": "value"},
        words.SOCIETY_DRAWN,
    )
    yield from doubt_blocks(table.id, case, f"{stem}/net")
