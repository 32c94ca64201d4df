"""Minimum requirements met in each phase (document 002 L506, L546, L694), on both bases, from 100 people made up."""

from __future__ import annotations

from functools import cache

import pytest

from casebook import period
from indsats.record import Facts
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.steer import indicator

SPAN = period("2017-05-01", "2018-04-30")


@cache
def facts() -> Facts:
    return facts_of(read_publication("002").cases["barometer"])


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "not_applicable"),
    [
        # 86 per cent of participants (L506), and what the same answers are of requirements.
        ("opfyldt-deltagere-foer-moedet", 86, 100, None),
        ("opfyldt-krav-foer-moedet", 286, 300, None),
        # 96 per cent of participants (L546).
        ("opfyldt-deltagere-paa-moedet", 96, 100, None),
        ("opfyldt-krav-paa-moedet", 396, 400, None),
        # 89 per cent of requirements (L694); the 40 with an agreement beforehand have no such phase (L478, L692).
        ("opfyldt-krav-find-jobbet", 427, 480, 320),
        ("opfyldt-deltagere-find-jobbet", 7, 60, 40),
    ],
)
def test_a_phase_on_one_basis(
    name: str, numerator: int, denominator: int, not_applicable: int | None
) -> None:
    found = indicator(facts(), name, SPAN)
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.excluded.get("not_applicable") == not_applicable


def test_the_two_bases_differ_in_every_phase() -> None:
    for phase in ("foer-moedet", "paa-moedet", "find-jobbet"):
        people = indicator(facts(), f"opfyldt-deltagere-{phase}", SPAN).value or 0
        requirements = indicator(facts(), f"opfyldt-krav-{phase}", SPAN).value or 0
        assert round(requirements, 2) > round(people, 2)


def test_four_in_ten_had_an_agreement_beforehand() -> None:
    found = indicator(facts(), "forhaandsaftale-andel", SPAN)
    assert (found.numerator, found.denominator) == (40, 100)
