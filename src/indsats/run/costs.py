"""Composes what things cost: the prices used, what the effort cost, and what a citizen keeps of ordinary hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import polars as pl

from indsats.economy import (
    PERS,
    Quoted,
    accounts_by,
    converted,
    doses,
    own_gain,
    per_participant,
    price_book,
    still_enrolled,
)
from indsats.figure import Figure, Unit
from indsats.language import month_name
from indsats.programme import CostsBlock, OwnGainBlock, Period, PricesBlock, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Paragraph, Table

from . import case_words
from . import cost_words as words
from .pricing import Pricing
from .progression import unit_title
from .words import both

By = Literal["unit", "site", "month"]

_LATEST = 12
"""A year of months is enough to see whether spending goes up or down."""


def price_blocks(pricing: Pricing, block: PricesBlock) -> Iterator[Block]:
    """A row for each price that is used: its amount at the case's price level, who pays, and where it is from."""
    quotes, prices = pricing.quotes, pricing.programme.economy.prices
    rows: list[tuple[Cell, ...]] = [
        (
            price.title,
            words.a_price(price.amount.value),
            words.between(*price.amount.ends) if price.amount.spread != "exact" else None,
            PERS[price.per],
            str(price.price_year),
            _payers(price),
            "; ".join(price.sources),
        )
        for price in quotes.found.values()
    ]
    rows += [
        (prices[one].title, None, None, PERS[prices[one].per], None, None, words.TO_BE_GIVEN)
        for one in quotes.missing
    ]
    yield Table(
        "prices",
        block.title,
        (
            Column("price", words.PRICE),
            Column("amount", words.AMOUNT, align="right"),
            Column("range", words.RANGE, align="right"),
            Column("per", words.PER),
            Column("price_year", words.PRICE_YEAR),
            Column("paid_by", words.PAID_BY),
            Column("source", words.SOURCE),
        ),
        tuple(rows),
        (words.price_level(quotes.year), *(one.text for one in quotes.cautions)),
    )


def _payers(price: Quoted) -> Text:
    if price.flow == "earnings":
        return words.PAID_BY_EMPLOYERS
    if price.paid_by == "ladder":
        return words.LADDER
    return words.shared(price.paid_by)


def cost_blocks(pricing: Pricing, facts: Facts, block: CostsBlock, period: Period) -> Iterator[Block]:
    """What a participant costs by activity, and what was spent in the period by place and month."""
    if pricing.lacking:
        yield Paragraph(case_words.missing_prices(pricing.lacking))
        return
    if pricing.few:
        yield Paragraph(case_words.too_few(pricing.programme.disclosure_threshold))
        return
    yield _activities(pricing, facts, block)
    yield _places(pricing, facts, block, period)
    yield _months(pricing, facts, block, period)


def _activities(pricing: Pricing, facts: Facts, block: CostsBlock) -> Table:
    economy, n = pricing.programme.economy, pricing.participants
    least = pricing.programme.disclosure_threshold
    spent = per_participant(facts, pricing.quotes, least=least)
    titles = {name: one.title for name, one in (*economy.activities.items(), *economy.overheads.items())}
    phases = {"start_up": words.START_UP, "running": words.RUNNING}
    rows: list[tuple[Cell, ...]] = []
    sums = {"amount": 0.0, "usual_amount": 0.0, "extra": 0.0}
    for name, title in titles.items():
        mine = spent.filter(activity=name)
        if mine.is_empty():
            continue
        stem = f"cost/{name}"
        told = {key: float(mine[key].sum()) for key in sums}
        for key, value in told.items():
            sums[key] += value
        counted = name in economy.activities
        about = pricing.had_by[name] if name in pricing.few_had else n
        dose = float(mine["quantity"].sum()) if counted else None

        def figure(
            key: str, value: float | None, unit: Unit, *made_from: str, stem: str = stem, n: float = about
        ) -> Figure:
            return Figure(f"{stem}/{key}", value, unit, denominator=n, made_from=made_from)

        rows.append(
            (
                title,
                phases[mine["phase"][0]],
                # times the price, which is no secret, it is the amount
                figure("dose", dose, "number", f"{stem}/amount") if counted else None,
                float(mine["price"][0]) if counted else None,
                *(figure(key, value, "amount") for key, value in told.items()),
            )
        )
    rows.append(
        (
            words.TOTAL,
            None,
            None,
            None,
            *(Figure(f"cost/total/{key}", value, "amount", denominator=n) for key, value in sums.items()),
        )
    )
    months, share = still_enrolled(facts, least)
    notes = [case_words.level(pricing.quotes.year), words.COSTS_NOTE]
    if share > 0:
        notes.append(words.still_in(months))
    return Table(
        "costs",
        case_words.named(block.title, "pr. deltager", "per participant"),
        (
            Column("activity", words.ACTIVITY),
            Column("phase", words.PHASE),
            Column("dose", words.DOSE, "number"),
            Column("price", words.UNIT_PRICE, "amount", 2, about_people=False),
            Column("cost", words.COST, "amount"),
            Column("usual", words.USUAL, "amount"),
            Column("extra", words.EXTRA, "amount"),
        ),
        tuple(rows),
        tuple(notes),
        total_row=-1,
    )


def _places(pricing: Pricing, facts: Facts, block: CostsBlock, period: Period) -> Table:
    found = accounts_by(facts, pricing.quotes, [block.by], period)
    behind = _behind(pricing, facts, found, period, block.by)
    sites = dict(facts.sites.select("site", "name").iter_rows()) if block.by == "site" else {}
    rows: list[tuple[Cell, ...]] = []
    for row in found.iter_rows(named=True):
        place = row[block.by]
        name: Cell = words.NOWHERE
        if place is not None:
            name = sites.get(place, place) if block.by == "site" else unit_title(pricing.programme, place)
        stem = f"accounts/{place or 'none'}/{period}"
        rows.append((name, *_spent(stem, row, behind.get(place, _NOBODY))))
    return Table(
        "costs-places",
        case_words.named(block.title, "i perioden, efter sted", "in the period, by place"),
        (Column("place", words.PLACE), *_SPENT),
        tuple(rows),
        (case_words.level(pricing.quotes.year, participants=False), words.ACCOUNTS_NOTE),
    )


def _months(pricing: Pricing, facts: Facts, block: CostsBlock, period: Period) -> Table:
    found = accounts_by(facts, pricing.quotes, ["month"], period).drop_nulls("month").tail(_LATEST)
    behind = _behind(pricing, facts, found, period, "month")
    rows = [
        (
            both(*(f"{month_name(row['month'].month, lang)} {row['month'].year}" for lang in ("da", "en"))),
            *_spent(f"accounts/month/{row['month']}", row, behind.get(row["month"], _NOBODY)),
        )
        for row in found.iter_rows(named=True)
    ]
    return Table(
        "costs-months",
        case_words.named(block.title, "i perioden, de seneste måneder", "in the period, the latest months"),
        (Column("month", words.MONTH), *_SPENT),
        tuple(rows),
        (case_words.level(pricing.quotes.year, participants=False), words.ACCOUNTS_NOTE),
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """The people behind the amounts of a place or month: how many, and what most was spent on single ones of them."""

    people: int = 0
    largest: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


_NOBODY = _Behind()

_MOST = 5
"""As many of the largest amounts as a rule of dominance can ask for."""

_SPENT = (
    Column("months", words.MONTHS, "number", 0),
    Column("start_up", words.START_UP_SPENT, "amount"),
    Column("running", words.RUNNING_SPENT, "amount"),
    Column("amount", words.SPENT, "amount"),
    Column("a_month", words.A_MONTH, "amount"),
)


def _spent(stem: str, row: dict[str, float | None], behind: _Behind) -> Iterator[Figure]:
    """The figures of a row, with the people behind them; what a month cost follows from the others."""
    for key in ("months", "start_up", "running", "amount"):
        unit, largest = ("number" if key == "months" else "amount"), behind.largest.get(key, ())
        yield Figure(f"{stem}/{key}", row[key], unit, denominator=behind.people, largest=largest)
    both_of = (f"{stem}/amount", f"{stem}/months")
    yield Figure(f"{stem}/a_month", row["a_month"], "amount", denominator=behind.people, made_from=both_of)


def _behind(
    pricing: Pricing, facts: Facts, found: pl.DataFrame, period: Period, by: By
) -> dict[Any, _Behind]:
    """Who the amounts ``found`` of each place or month are about: those enrolled, and those who had something.

    Overheads are spent on no single person: the amounts of single people are made larger as the whole is.
    """
    economy, prices = facts.programme.economy, pricing.quotes.found
    first, after = pl.lit(period.first), pl.lit(min(period.last, facts.last_day) + timedelta(days=1))
    begin, stop = pl.max_horizontal("start", first), pl.min_horizontal("end", after)
    enrolled = (
        facts.enrolments()
        .filter(pl.col("unit").is_in(facts.programme.effort_units).fill_null(value=True), begin < stop)
        .with_columns(month=pl.date_ranges(begin.dt.truncate("1mo"), stop, "1mo", closed="left"))
        .explode("month")
    )
    had = {name: doses(facts, name, period.last, first=period.first) for name in economy.activities}
    about = pl.concat([table.select("person", by) for table in (enrolled, *had.values())]).drop_nulls(
        "person"
    )
    people = dict(about.group_by(by).agg(pl.col("person").n_unique()).iter_rows())
    spent = [
        table.select(
            "person", by, phase=pl.lit(activity.phase), amount=pl.col("quantity") * price.amount.value
        )
        for name, table in had.items()
        if (price := prices[(activity := economy.activities[name]).price]).flow != "grant"
    ]
    largest: dict[Any, dict[str, tuple[float, ...]]] = {}
    for key in ("start_up", "running", "amount") if spent else ():
        of_key = pl.concat(spent).filter(pl.col("phase") == key if key != "amount" else pl.lit(value=True))
        wholes = dict(found.select(by, key).iter_rows())
        told = of_key.group_by(by).agg(pl.col("amount").sum())
        without = dict(told.iter_rows())
        most = of_key.drop_nulls("person").group_by(by, "person").agg(pl.col("amount").sum())
        tops = most.group_by(by).agg(pl.col("amount").top_k(_MOST).sort(descending=True))
        for place, amounts in tops.iter_rows():
            scale = wholes.get(place, 0.0) / without[place] if without[place] else 1.0
            largest.setdefault(place, {})[key] = tuple(one * scale for one in amounts if one > 0)
    return {place: _Behind(number, largest.get(place, {})) for place, number in people.items()}


def own_gain_blocks(pricing: Pricing, block: OwnGainBlock) -> Iterator[Block]:
    """What a citizen keeps of the pay for ordinary hours beside a benefit, for several hours a week."""
    quotes, book = pricing.quotes, price_book()
    lacking = [
        pricing.programme.economy.prices[one].title
        for one in (block.benefit, block.wage)
        if one in quotes.missing
    ]
    if lacking:
        yield Paragraph(case_words.missing_prices(lacking))
        return
    benefit, wage = quotes.found[block.benefit], quotes.found[block.wage]
    a_month = converted(benefit.amount.value, benefit.per, "month")
    an_hour = converted(wage.amount.value, wage.per, "hour")
    if a_month is None or an_hour is None:
        yield Paragraph(words.NO_TIME)
        return
    item = pricing.programme.economy.prices[block.benefit].book
    rule = None if item is None else book.exemption(item)
    exempt = None if item is None else book.exempt_an_hour(item, quotes.year)
    notes = [words.own_gain_basis(a_month, an_hour, quotes.year), words.OWN_GAIN_NOTE]
    if exempt is None:
        notes.append(words.NOTHING_EXEMPT)
    elif exempt[1] is not None:
        notes.append(exempt[1].text)
    rows: list[tuple[Cell, ...]] = []
    for hours in block.hours:
        gain = own_gain(
            book.taxes_in(quotes.year),
            wage_an_hour=an_hour,
            hours_a_week=hours,
            benefit_a_month=a_month,
            exempt_an_hour=0.0 if exempt is None else exempt[0].amount,
            exempt_hours_a_month=None if rule is None else rule.hours_a_month,
            taxed=benefit.taxed == "income",
        )
        rows.append(
            (hours, gain.pay, gain.labour_market, gain.benefit_lost, gain.more_tax, gain.gain, gain.kept)
        )
    yield Table(
        "own-gain",
        block.title,
        (
            Column("hours", words.HOURS, "number", about_people=False),
            *(
                Column(key, title, "amount", about_people=False)
                for key, title in (
                    ("pay", words.PAY),
                    ("contribution", words.CONTRIBUTION),
                    ("benefit", words.BENEFIT_LESS),
                    ("tax", words.MORE_TAX),
                    ("left", words.LEFT),
                )
            ),
            Column("kept", words.KEPT, "share", 0, about_people=False),
        ),
        tuple(rows),
        tuple(notes),
    )
