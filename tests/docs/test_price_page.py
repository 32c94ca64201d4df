"""The page of the price book holds all that the book does, with every source."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indsats.economy import price_book
from indsats.language import number

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    sys.path.insert(0, str(DOCS))
    try:
        yield importlib.import_module("price_page").prices_page()
    finally:
        sys.path.remove(str(DOCS))
        sys.modules.pop("price_page", None)


def test_every_item_has_its_rates_with_their_sources(page: str) -> None:
    for key, item in price_book().items.items():
        _, _, after = page.partition(f"\n`{key}`, ")
        part, _, _ = after.partition("\n##")
        assert item.title.da in part, key
        rows = [line for line in part.splitlines() if line.startswith(("| 2", "| 1"))]
        assert len(rows) == len(item.rates), key
        for row, rate in zip(rows, item.rates, strict=True):
            assert number(rate.amount, "en", 0 if rate.amount.is_integer() else 2) in row
            assert str(rate.from_.year) in row
            assert all(source in row for source in rate.source)


def test_every_rule_and_every_price_to_be_given_is_there(page: str) -> None:
    book = price_book()
    assert all(f"| `{key}` |" in page for key in book.to_be_given)
    for rules in (book.ladder, book.discount, book.factors, book.taxes.values(), book.index.values()):
        assert all(source in page for one in rules for source in one.source)
    assert all(f"\n| {year} | " in page for year in (*book.taxes, *book.index))
