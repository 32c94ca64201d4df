"""The key figures of document 000 (table 4-1, L586-612) and its intake (L616), counted from people made up."""

from __future__ import annotations

from functools import cache

import pytest

from casebook import period
from indsats.record import Facts
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.steer import indicator

SPAN = period("2018-02-01", "2019-09-30")
PLACES = ("toender", "broendby", "mariagerfjord", "halsnaes", "jammerbugt")
STARTED = (102, 38, 118, 60, 77)
TALKS = (126, 76, 136, 84, 82)

TABLE: dict[str, tuple[tuple[int | None, ...], int | None]] = {
    "i-praktik": ((81, 50, 87, 71, 94), 78),
    "cti-gennemfoert": ((83, 57, 85, 13, 57), None),
    "dage-til-praktik": ((53, 32, 87, 72, 92), 72),
    "efter-lab": ((63, None, 85, 87, 55), 66),
    "efter-sel-85": ((21, None, 9, 5, 44), 18),
    "efter-sel-82b": ((19, 79, None, 8, None), None),
}
"""What is printed of each municipality and in total; None where no counts give the cell."""


@cache
def facts(case: str) -> Facts:
    return facts_of(read_publication("000").cases[case])


@pytest.mark.parametrize("name", TABLE)
def test_a_row_of_the_table(name: str) -> None:
    printed, total = TABLE[name]
    times = 1 if name == "dage-til-praktik" else 100
    for place, cell in zip(PLACES, printed, strict=True):
        found = indicator(facts("noegletal"), name, SPAN, site=place)
        if cell is not None:
            assert int((found.value or 0) * times + 0.5) == cell, place
    if total is not None:
        assert int((indicator(facts("noegletal"), name, SPAN).value or 0) * times + 0.5) == total


def test_everybody_had_an_opening_talk() -> None:
    found = [indicator(facts("noegletal"), "opstartssamtaler", SPAN, site=place).value for place in PLACES]
    assert tuple(found) == TALKS
    assert indicator(facts("noegletal"), "opstartssamtaler", SPAN).value == 504


def test_the_mean_of_72_days_counts_those_who_began_a_traineeship() -> None:
    """Weighted by talks it would be 68.5 days, and the five means alone give 67.2: neither is 72 (L600)."""
    found = indicator(facts("noegletal"), "dage-til-praktik", SPAN)
    days = (53, 32, 87, 72, 92)
    assert (found.numerator, found.denominator) == (sum(map(int.__mul__, days, STARTED)), sum(STARTED))
    assert round(found.value or 0) == 72
    assert round(sum(map(int.__mul__, days, TALKS)) / sum(TALKS), 1) == 68.5
    assert sum(days) / len(days) == 67.2


def test_completed_support_in_total_is_not_the_printed_62_per_cent() -> None:
    """The municipalities' shares give 322 of 504; the printed 312 (L574) lie ten below."""
    found = indicator(facts("noegletal"), "cti-gennemfoert", SPAN)
    assert (found.numerator, found.denominator) == (322, 504)
    assert round((found.value or 0) * 100) == 64


def test_a_legal_basis_is_a_share_of_those_who_began_a_traineeship() -> None:
    """Brøndby's printed 10 per cent is no whole number of 76 talks; of the 38 who began, 4 are 10.5 per cent."""
    found = indicator(facts("noegletal"), "efter-lab", SPAN, site="broendby")
    assert (found.numerator, found.denominator) == (4, 38)
    assert all(round(100 * count / 76) != 10 for count in range(77))


@pytest.mark.parametrize(
    ("first", "last", "months", "citizens", "a_month"),
    [("2018-02-01", "2018-12-31", 11, 224, 20), ("2019-01-01", "2019-09-30", 9, 280, 31)],
)
def test_the_intake_of_a_month(first: str, last: str, months: int, citizens: int, a_month: int) -> None:
    found = indicator(facts("tilgang"), "opstartssamtaler", period(first, last))
    assert found.value == citizens
    assert round(citizens / months) == a_month
