"""Writes the page of the price book: every rate with its source, what has to be given, and the rules of money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from indsats.economy import PAYER_WORDS, PriceBook, price_book
from indsats.language import number
from indsats.programme import Flow, Item, Payer, Per, Text

FLOWS: Mapping[Flow, str] = {
    "transfer": "Public benefits",
    "earnings": "Pay for ordinary work",
    "cost": "What an effort costs",
    "grant": "Grants",
    "benefit": "What an effect is worth",
}
"""The headings of the items, in order."""


def prices_page() -> str:
    """The whole price book as a page."""
    book = price_book()
    return "\n".join(
        [
            "# Price book",
            "",
            "Made from `library/economy/denmark.yaml`. Amounts are nominal kroner before tax, of the days they hold.",
            "A year without a rate was not found; the nearest one is then moved by consumer prices, and the report",
            "says so. How they are used: [prices](../methods/prices.md).",
            "[Add one](../how-to/add-a-price-to-the-book.md).",
            "",
            *_items(book),
            *_to_be_given(book),
            *_exemptions(book),
            *_ladder(book),
            *_taxes(book),
            *_discount(book),
            *_factors(book),
            *_index(book),
        ]
    )


def _items(book: PriceBook) -> Iterator[str]:
    for flow, heading in FLOWS.items():
        mine = {key: item for key, item in book.items.items() if item.flow == flow}
        if mine:
            yield from (f"## {heading}", "")
        for key, item in mine.items():
            taxed = {"income": "taxed as income", "wage": "taxed as pay", "none": "not taxed"}[item.taxed]
            yield from (f"### {item.title.en}", "")
            yield f"`{key}`, *{item.title.da}*. DKK {_per(item.per)}; {_payers(item.paid_by)}; {taxed}."
            yield ""
            if item.note is not None:
                yield from (_safe(item.note.en), "")
            rows = [
                (_days(rate.from_, rate.to), _amount(rate.amount, rate.low, rate.high), *_said(rate))
                for rate in item.rates
            ]
            yield from _table(("holds", "DKK", "source", "note"), rows)


def _to_be_given(book: PriceBook) -> Iterator[str]:
    yield from ("## To be given", "", "No public source prices these: each municipality finds its own.", "")
    rows = [
        (f"`{key}`", _both(one.title), one.flow, one.per, _safe(one.where.en))
        for key, one in book.to_be_given.items()
    ]
    yield from _table(("item", "what", "flow", "per", "where to find it"), rows)


def _exemptions(book: PriceBook) -> Iterator[str]:
    yield from ("## Earned beside a benefit", "", "Per hour worked, before the benefit is cut.", "")
    for key, one in book.exemptions.items():
        most = "" if one.hours_a_month is None else f" At most {one.hours_a_month:g} hours a month."
        held = ", ".join(f"`{benefit}`" for benefit in one.benefits)
        yield from (f"`{key}`, {_both(one.title)}.{most} For {held}.", "")
        rows = [
            (_days(rate.from_, rate.to), _amount(rate.amount, rate.low, rate.high), *_said(rate))
            for rate in one.rates
        ]
        yield from _table(("holds", "DKK an hour", "source", "note"), rows)


def _ladder(book: PriceBook) -> Iterator[str]:
    yield from ("## The reimbursement ladder", "")
    for rules in book.ladder:
        steps = "; ".join(
            f"{_share(step.state)} {'after that' if step.to_week is None else f'to week {step.to_week}'}"
            for step in rules.steps
        )
        source, note = _said(rules)
        yield f"{_days(rules.from_, rules.to)}: the state pays {steps}; the municipality the rest."
        yield f"Counting starts over after {rules.reset_weeks} whole weeks of self-support within"
        yield f"{rules.window_years} years. {source}. {note}"
        yield ""


def _taxes(book: PriceBook) -> Iterator[str]:
    yield from ("## Income tax", "", "Allowances in DKK a year. The national average municipal tax.", "")
    rows = [
        (
            str(year),
            *(_share(rate) for rate in (one.labour_market, one.municipal, one.bottom, one.health)),
            number(one.personal_allowance, "en"),
            f"{_share(one.employment_allowance)}, at most {number(one.employment_allowance_max, 'en')}",
            *_said(one),
        )
        for year, one in book.taxes.items()
    ]
    names = ("AM-bidrag", "municipal", "bundskat", "health", "personal allowance", "employment allowance")
    yield from _table(("year", *names, "source", "note"), rows)


def _discount(book: PriceBook) -> Iterator[str]:
    yield from ("## Discount rates", "", "Real, by how many years ahead.", "")
    rows = [
        (
            _days(one.from_, one.to),
            "; ".join(
                f"{_share(step.rate)}{'' if step.to_year is None else f' to year {step.to_year}'}"
                for step in one.steps
            ),
            *_said(one),
        )
        for one in book.discount
    ]
    yield from _table(("holds", "rate", "source", "note"), rows)


def _factors(book: PriceBook) -> Iterator[str]:
    yield from ("## Factors", "", "For [society](../methods/society.md) alone.", "")
    rows = [
        (_days(one.from_, one.to), f"{one.net_tax:g}", _share(one.distortion), *_said(one))
        for one in book.factors
    ]
    yield from _table(("holds", "net tax factor", "tax distortion", "source", "note"), rows)


def _index(book: PriceBook) -> Iterator[str]:
    yield from ("## Consumer prices", "", "Average of the year, 2015 = 100.", "")
    rows = [(str(year), f"{one.value:.2f}", *_said(one)) for year, one in book.index.items()]
    yield from _table(("year", "index", "source", "note"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows)
    yield ""


def _said(item: Item) -> tuple[str, str]:
    """Source, as links that show the site, and note."""
    links = [f"[{urlsplit(one).netloc}](<{one}>)" if "://" in one else one for one in item.source]
    return ", ".join(links), "" if item.note is None else _safe(item.note.en)


def _days(first: date, last: date | None) -> str:
    if last is None:
        return f"{first} on"
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    return str(first.year) if whole else f"{first} to {last}"


def _amount(amount: float, low: float | None, high: float | None) -> str:
    told = [number(one, "en", 0 if one == int(one) else 2) for one in (amount, low, high) if one is not None]
    return told[0] if len(told) == 1 else f"{told[0]} ({told[1]} to {told[2]})"


def _per(per: Per) -> str:
    return per if per == "once" else f"per {per}"


def _share(share: float) -> str:
    return f"{100 * share:.6g} %"


def _payers(paid_by: Mapping[Payer, float] | str | None) -> str:
    if paid_by is None:
        return "who pays is not told"
    if isinstance(paid_by, str):
        return "paid by municipality and state by the [ladder](#the-reimbursement-ladder)"
    names = [
        PAYER_WORDS[payer].en.lower() + ("" if share == 1 else f" {_share(share)}")
        for payer, share in paid_by.items()
    ]
    return f"the money of {', '.join(names)}"


def _both(title: Text) -> str:
    return f"{_safe(title.en)}, *{_safe(title.da)}*"


def _safe(text: str) -> str:
    """Text whose signs Markdown leaves alone."""
    return text.replace("*", "\\*").replace("_", "\\_")


__all__ = ["prices_page"]
