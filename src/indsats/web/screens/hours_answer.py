"""What a citizen has left of ordinary hours, line by line, with the rates it was worked out by and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indsats.economy import OwnGain, converted, own_gain, price_book, quotes
from indsats.language import Lang, day, number, percent
from indsats.problem import InputRefused
from indsats.programme import Programme, Text

from ..words import say
from .case_words import plain_number


@dataclass(frozen=True, slots=True)
class Wage:
    """A pay an hour in kroner that the programme has priced; ``doubt`` says where it is moved from another year."""

    amount: float
    title: Text
    year: int
    sources: tuple[str, ...]
    doubt: Text | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Ordinary hours a week, pay an hour, the benefit (an item of the price book) and, if given, its kroner a month."""

    hours: float
    wage: float
    benefit: str
    a_month: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the calculation: the amount with the hours asked for, and with those now (empty where not told)."""

    title: str
    now: str
    asked: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate that was used: what it is, how much, when it holds and where it is from."""

    title: str
    amount: str
    holds: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a headline, what is gained over the hours now, the calculation, the rates and their doubts."""

    headline: str
    more_than_now: str
    now_title: str
    asked_title: str
    lines: tuple[Line, ...]
    rates: tuple[Rate, ...]
    doubts: tuple[str, ...]


def priced_wage(programme: Programme, year: int) -> Wage | None:
    """The first pay by the hour that the programme's calculations use; None where it has none for the year."""
    if not programme.economy.prices:
        return None
    book = price_book()
    try:
        found = quotes(programme, book, year=year).found
    except InputRefused:
        return None
    for key, one in found.items():
        an_hour = converted(one.amount.value, one.per, "hour") if one.flow == "earnings" else None
        if an_hour is not None:
            item = programme.economy.prices[key].book
            doubt = book.rate(item, year)[1] if item else None
            return Wage(round(an_hour, 2), one.title, one.price_year, one.sources, doubt and doubt.text)
    return None


def answer_of(asked: Asked, hours_now: float | None, wage: Wage | None, year: int, lang: Lang) -> Answer:
    """What is left of the pay by the rates of a year; ``wage`` is the priced one, told of where it was used.

    Raises InputRefused where the price book has no rates for the year.
    """
    book = price_book()
    taxes, rule, item = book.taxes_in(year), book.exemption(asked.benefit), book.items[asked.benefit]
    rate, rate_moved = book.rate(asked.benefit, year)
    exempt, exempt_moved = book.exempt_an_hour(asked.benefit, year) or (None, None)
    a_month = asked.a_month
    if a_month is None:
        a_month = converted(rate.amount, item.per, "month") or 0.0
    used = wage if wage is not None and wage.amount == asked.wage else None

    def gained(hours: float) -> OwnGain:
        return own_gain(
            taxes,
            wage_an_hour=asked.wage,
            hours_a_week=hours,
            benefit_a_month=a_month,
            exempt_an_hour=exempt.amount if exempt else 0.0,
            exempt_hours_a_month=rule.hours_a_month if rule else None,
            taxed=item.taxed == "income",
        )

    found = gained(asked.hours)
    now = gained(hours_now) if hours_now and hours_now != asked.hours else None
    doubts = [
        *([rate_moved.text] if rate_moved and asked.a_month is None else ()),
        *([exempt_moved.text] if exempt_moved else ()),
        *([used.doubt] if used and used.doubt else ()),
    ]
    told = [one.in_(lang) for one in doubts]
    if taxes.year != year:
        told.append(say("hours.gain.taxes_of", lang, year=str(year), used=str(taxes.year)))
    benefit = Rate(
        item.title.in_(lang),
        say("hours.gain.a_month", lang, amount=number(a_month, lang)),
        say("hours.gain.given", lang) if asked.a_month is not None else _holds(rate.from_, rate.to, lang),
        () if asked.a_month is not None else tuple(rate.source),
    )
    rates = [benefit]
    if exempt is not None and rule is not None:
        amount = say("hours.gain.an_hour", lang, amount=number(exempt.amount, lang, 2))
        title, holds = rule.title.in_(lang), _holds(exempt.from_, exempt.to, lang)
        rates.append(Rate(title, amount, holds, tuple(exempt.source)))
    if used is not None:
        amount = say("hours.gain.an_hour", lang, amount=number(used.amount, lang, 2))
        rates.append(Rate(used.title.in_(lang), amount, _year(used.year, lang), used.sources))
    return Answer(
        _headline(asked, found, lang),
        "" if now is None else _more(found.gain - now.gain, hours_now or 0.0, lang),
        "" if now is None else say("hours.gain.with_now", lang, hours=plain_number(hours_now or 0.0, lang)),
        say("hours.gain.with", lang, hours=plain_number(asked.hours, lang)),
        tuple(_lines(found, now, lang)),
        (*rates, *_tax_rates(taxes.year, lang)),
        tuple(dict.fromkeys(told)),
    )


def _headline(asked: Asked, found: OwnGain, lang: Lang) -> str:
    return say(
        "hours.gain.headline" if found.gain >= 0 else "hours.gain.headline.less",
        lang,
        hours=plain_number(asked.hours, lang),
        wage=plain_number(asked.wage, lang),
        gain=number(abs(found.gain), lang),
        an_hour=number(abs(found.an_hour or 0.0), lang, 2),
    )


def _more(kroner: float, hours: float, lang: Lang) -> str:
    key = "hours.gain.more" if kroner >= 0 else "hours.gain.fewer"
    return say(key, lang, more=number(abs(kroner), lang), hours=plain_number(hours, lang))


def _lines(found: OwnGain, now: OwnGain | None, lang: Lang) -> Iterator[Line]:
    """The lines of the calculation, in kroner a month."""

    def told(one: OwnGain | None) -> list[str]:
        if one is None:
            return [""] * 7
        amounts = (one.pay, -one.labour_market, -one.benefit_lost, -one.more_tax, one.gain)
        return [
            *(number(amount, lang) for amount in amounts),
            number(one.an_hour, lang, 2),
            percent(one.kept, lang, 0),
        ]

    keys = ("pay", "contribution", "benefit", "tax", "left", "an_hour", "kept")
    for key, before, after in zip(keys, told(now), told(found), strict=True):
        yield Line(say(f"hours.gain.line.{key}", lang), before, after, key in ("left", "an_hour"))


def _tax_rates(year: int, lang: Lang) -> Iterator[Rate]:
    """The rates of tax of a year that the price book has."""
    entry = price_book().taxes[year]
    taxes = entry.taxes(year)
    employment = say(
        "hours.gain.at_most",
        lang,
        share=percent(taxes.employment_allowance, lang, 2),
        amount=number(taxes.employment_allowance_max, lang),
    )
    for key, amount in (
        ("labour_market", percent(taxes.labour_market, lang, 0)),
        ("municipal", percent(taxes.municipal, lang, 2)),
        ("state", percent(taxes.state, lang, 2)),
        ("personal", say("hours.gain.a_year", lang, amount=number(taxes.personal_allowance, lang))),
        ("employment", employment),
    ):
        yield Rate(say(f"hours.gain.rate.{key}", lang), amount, _year(year, lang), tuple(entry.source))


def _holds(first: date, last: date | None, lang: Lang) -> str:
    if last is None:
        return say("hours.gain.holds.on", lang, first=day(first, lang))
    return say("hours.gain.holds", lang, first=day(first, lang), last=day(last, lang))


def _year(year: int, lang: Lang) -> str:
    return say("hours.gain.year", lang, year=str(year))
