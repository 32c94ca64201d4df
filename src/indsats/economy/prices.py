"""The amounts a case is priced with, all at one price level: the user's own, the programme's, the price book's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from indsats.evaluate import Caution
from indsats.problem import InputRefused, Problem
from indsats.programme import Flow, OwnGainBlock, Payer, Per, Price, Programme, Text
from indsats.record import choose

from . import cautions
from .book import PriceBook
from .entries import BookItem, Taxed
from .given import SHEET, GivenPrice
from .lines import Uncertain
from .units import converted

Origin = Literal["programme", "book", "given"]

_TAXED: Mapping[Flow, Taxed] = {"transfer": "income", "earnings": "wage"}
"""How a price is taxed where the price book does not say."""

_FILE = "economy.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A price with its amount in ``unit`` per ``per`` at the level of ``year``.

    ``stated`` is the amount as its source has it: in the prices of ``price_year`` and per ``stated_per``, which is
    another unit of time than ``per`` where the price book has it so. ``taxed`` is how the citizen taxes it, ``sources``
    say where the amount is from, ``origin`` whether the user gave it, the programme or the price book.
    """

    id: str
    title: Text
    flow: Flow
    unit: Text
    per: Per
    amount: Uncertain
    stated: float
    stated_per: Per
    price_year: int
    year: int
    paid_by: Mapping[Payer, float] | Literal["ladder"]
    taxed: Taxed
    sources: tuple[str, ...]
    origin: Origin
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Quotes:
    """The prices found, by id, at the level of ``year``, and the ids of those without an amount."""

    found: Mapping[str, Quoted]
    missing: tuple[str, ...]
    year: int
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stated:
    """What an amount is at the level asked for, and as its source has it."""

    amount: Uncertain
    stated: float
    stated_per: Per
    price_year: int
    sources: tuple[str, ...]
    origin: Origin
    note: Text | None = None
    doubt: Caution | None = None


def needed(programme: Programme) -> tuple[str, ...]:
    """Ids of the prices that activities and consequences use, in the order they are first used."""
    economy = programme.economy
    used = [one.price for one in (*economy.activities.values(), *economy.consequences.values())]
    return tuple(dict.fromkeys(used))


def quotes(
    programme: Programme,
    book: PriceBook,
    given: Mapping[str, GivenPrice] | None = None,
    year: int | None = None,
) -> Quotes:
    """The prices that the programme's calculations and reports use, at the level of ``year``.

    An amount the user gives goes before the programme's own, and that before the price book's. Without ``year`` it is
    the programme's price year, else the newest the amounts are told in. Amounts of other price years are moved by the
    consumer price index. Raises ``InputRefused`` for an amount without a price year, a year the index does not have, or
    an item the price book does not have.
    """
    prices = {id_: programme.economy.prices[id_] for id_ in _used(programme)}
    given = given or {}
    _refuse_faulty(prices, book, given)
    year = year or programme.economy.price_year or _newest(prices, book, given)
    found: dict[str, Quoted] = {}
    doubts: list[Caution | None] = []
    problems: list[Problem] = []
    for id_, price in prices.items():
        try:
            stated = _stated(price, book, given.get(id_), year)
        except InputRefused as refused:
            file = SHEET if id_ in given else _FILE
            problems += [replace(problem, file=file, field=id_) for problem in refused.problems]
            continue
        if stated is not None:
            found[id_] = _quoted(id_, price, stated, book, year)
            doubts.append(stated.doubt)
    if problems:
        raise InputRefused(problems)
    moved = {one.price_year for one in found.values() if one.origin != "book"} - {year}
    if moved:
        doubts.insert(0, cautions.moved_prices(sorted(moved), year))
    if max([year, *(one.price_year for one in found.values())]) > book.last_year:
        doubts.append(
            cautions.index_ends(book.last_year, max([year, *(one.price_year for one in found.values())]))
        )
    missing = tuple(id_ for id_ in prices if id_ not in found)
    return Quotes(found, missing, year, tuple(doubt for doubt in dict.fromkeys(doubts) if doubt is not None))


def refuse_missing(quotes: Quotes, programme: Programme) -> None:
    """Raises ``InputRefused`` naming each price that the calculation needs and nobody has given, and how to give it."""
    prices = programme.economy.prices
    lacking = [id_ for id_ in needed(programme) if id_ in quotes.missing]
    if lacking:
        raise InputRefused(
            Problem(
                f"the price '{id_}' ({prices[id_].title.en}) has no amount",
                f"Give it in {prices[id_].unit.en} {_per(prices[id_].per)}: a row '{id_}' in prices.csv or prices.xlsx "
                "in the data folder, or in the file named with --prices, with the columns item, amount, price_year "
                "and source",
                file=_FILE,
                field=id_,
            )
            for id_ in lacking
        )


def _per(per: Per) -> str:
    return per if per == "once" else f"per {per}"


def _used(programme: Programme) -> tuple[str, ...]:
    """What is needed, and the prices that reports tell a citizen's own gain with."""
    told = [
        price
        for report in programme.reports.values()
        for _, block in report.placed_blocks()
        if isinstance(block, OwnGainBlock)
        for price in (block.benefit, block.wage)
    ]
    return tuple(dict.fromkeys((*needed(programme), *told)))


def _refuse_faulty(prices: Mapping[str, Price], book: PriceBook, given: Mapping[str, GivenPrice]) -> None:
    """Refuses what no price level can mend: amounts without a year, items the book does not have."""
    problems = [
        problem
        for id_, price in prices.items()
        for problem in (*_book_faults(id_, price, book), *(() if id_ in given else _faults(id_, price)))
    ]
    if problems:
        raise InputRefused(problems)


def _book_faults(id_: str, price: Price, book: PriceBook) -> Iterator[Problem]:
    if price.book is None:
        return
    if price.book not in book.items:
        what = f"the price book has no item '{price.book}'"
        yield Problem(what, choose(price.book, list(book.items), "item"), file=_FILE, field=id_)
    elif _times(price, book.items[price.book]) is None:
        has = _per(book.items[price.book].per)
        what = f"the price is {_per(price.per)}, and the price book has '{price.book}' {has}"
        yield Problem(what, f"Write the price {has}", file=_FILE, field=id_)


def _faults(id_: str, price: Price) -> Iterator[Problem]:
    if price.amount is not None and price.price_year is None:
        what = "the amount has no price year, so it cannot be added to the others"
        yield Problem(what, "Write 'price_year', the year whose prices it is told in", file=_FILE, field=id_)


def _range(amount: float, low: float | None, high: float | None) -> tuple[float, float]:
    """The smallest and the largest it may be: the amount itself where one is not told."""
    return amount if low is None else low, amount if high is None else high


def _uncertain(amount: float, low: float | None, high: float | None) -> Uncertain:
    if low is None and high is None:
        return Uncertain(amount)
    return Uncertain(amount, *_range(amount, low, high), "range")


def _times(price: Price, item: BookItem) -> float | None:
    """What the book's amount is multiplied by to be per the price's unit; None where the two have nothing in common."""
    return 1.0 if price.per == item.per else converted(1.0, item.per, price.per)


def _newest(prices: Mapping[str, Price], book: PriceBook, given: Mapping[str, GivenPrice]) -> int:
    """The newest price year of the amounts, or of the book's rates where all amounts are the book's."""
    own = [price.price_year for id_, price in prices.items() if price.amount is not None and id_ not in given]
    told = [year for year in (*own, *(given[id_].price_year for id_ in prices if id_ in given)) if year]
    if told:
        return max(told)
    rates = [rate for price in prices.values() if price.book for rate in book.items[price.book].rates]
    days = [rate.to or rate.from_ for rate in rates]
    return max(days).year if days else max(book.index)


def _stated(price: Price, book: PriceBook, own: GivenPrice | None, year: int) -> _Stated | None:
    """The amount that goes first, or None where nobody has given one."""
    if own is not None:
        amount = _uncertain(own.amount, own.low, own.high).times(book.level(own.price_year, year))
        return _Stated(amount, own.amount, price.per, own.price_year, (own.source,), "given")
    if price.book is not None:
        return _from_book(price, price.book, book, year)
    if price.amount is None or price.price_year is None:
        return None
    amount = _uncertain(price.amount, price.low, price.high).times(book.level(price.price_year, year))
    sources, doubt = tuple(price.source), None
    if price.valid is not None and not price.valid.first.year <= year <= price.valid.last.year:
        doubt = cautions.price_not_valid(price.title, price.valid, year)
    return _Stated(amount, price.amount, price.per, price.price_year, sources, "programme", price.note, doubt)


def _from_book(price: Price, key: str, book: PriceBook, year: int) -> _Stated:
    item = book.items[key]
    rate, doubt = book.rate(key, year)
    amount = _uncertain(rate.amount, rate.low, rate.high).times(_times(price, item) or 1.0)
    printed = next(one for one in item.rates if one.from_ == rate.from_)
    its_year = year if doubt is None else printed.own_year(year)
    note = rate.note or item.note
    return _Stated(amount, printed.amount, item.per, its_year, tuple(rate.source), "book", note, doubt)


def _quoted(id_: str, price: Price, stated: _Stated, book: PriceBook, year: int) -> Quoted:
    item = None if price.book is None else book.items[price.book]
    return Quoted(
        id=id_,
        title=price.title,
        flow=price.flow,
        unit=price.unit,
        per=price.per,
        amount=stated.amount,
        stated=stated.stated,
        stated_per=stated.stated_per,
        price_year=stated.price_year,
        year=year,
        paid_by=price.paid_by or (item and item.paid_by) or {"municipality": 1.0},
        taxed=item.taxed if item else _TAXED.get(price.flow, "none"),
        sources=stated.sources,
        origin=stated.origin,
        note=stated.note,
    )
