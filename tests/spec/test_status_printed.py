"""Status, target and index of document 001 (L109-121, L304-310, L380-392), counted from people made up."""

from __future__ import annotations

from functools import cache

import pytest

from casebook import Casebook, period
from indsats.programme import Period
from indsats.record import Facts
from indsats.replicate.cases import facts_of
from indsats.replicate.printed import read_publication
from indsats.replicate.rebuilt import programme
from indsats.steer import indicator, targets

YEAR = period("2018-01-01", "2018-12-31")
AUTUMN = period("2018-10-01", "2018-12-31")
DECEMBER = period("2018-12-01", "2018-12-31")
MIDTERM = period("2017-08-01", "2018-03-31")
AIM = "virksomhedsforloeb-3-maaneder"


@cache
def facts(case: str) -> Facts:
    return facts_of(read_publication("001").cases[case])


@pytest.mark.parametrize(("group", "percent"), [(1, 55), (2, 34), (3, 11)])
def test_the_three_groups_share_all_assigned(group: int, percent: int) -> None:
    """L109: 55, 34 and 11 per cent of those assigned."""
    found = indicator(facts("visiterede"), f"andel-gruppe-{group}", MIDTERM)
    assert round((found.value or 0) * 100) == percent


@pytest.mark.parametrize(
    ("name", "within", "numerator", "denominator"),
    [
        ("beroert-ordinaere-timer", DECEMBER, 11, 100),
        ("beroert-virksomhedsrettet", DECEMBER, 23, 100),
        (AIM, AUTUMN, 38, 100),
        ("gruppe-2-anden-ydelse", YEAR, 7, 10),
    ],
)
def test_the_status_of_december(name: str, within: Period, numerator: int, denominator: int) -> None:
    """L119-120, L304, L310."""
    found = indicator(facts("december"), name, within)
    assert (found.numerator, found.denominator) == (numerator, denominator)


def test_thirty_eight_of_forty_per_cent_is_not_the_target() -> None:
    [found] = targets(facts("december"), "casekommuner", [AIM], AUTUMN)
    assert found.target is not None
    assert (found.target.value, found.realised.value, found.status) == (0.4, 0.38, "near")


def test_three_flex_jobs_and_one_placement_of_ten_reach_the_target() -> None:
    """Solrød (L308)."""
    [found] = targets(facts("solroed"), "oevrige-deltagere", [AIM], AUTUMN)
    assert (found.realised.numerator, found.realised.denominator) == (4, 10)
    assert found.status == "met"
    assert indicator(facts("solroed"), "beroert-ordinaere-timer", AUTUMN).numerator == 0


@pytest.mark.parametrize(("touched", "status"), [(19, "met"), (18, "near")])
def test_nineteen_of_forty_six_are_the_fewest_that_reach_it(touched: int, status: str) -> None:
    """Køge (L308) reached it; how many they were is not printed."""
    case = Casebook(programme("flere-skal-med"))
    for number in range(46):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2018-01-01", site="koege", service="indsatsmodel", **who)
        if number < touched:
            case.fact("hours", "2018-10-01", to="2018-12-31", hours_per_week=4.0, type="ordinary", **who)
    case.fact("visitation", "2018-12-31", person="p0", enrolment=None, site="koege")
    [found] = targets(case.facts(), "oevrige-deltagere", [AIM], AUTUMN)
    assert (found.realised.numerator, found.realised.denominator) == (touched, 46)
    assert found.status == status


@pytest.mark.parametrize(
    ("site", "after", "before", "index"),
    [
        ("nordfyn", 3, 1, 2.0),  # +200 per cent: three times as many (L386-388)
        ("vejle", 1, 1, 0.0),  # the same as before (L380)
        ("faxe", 2, 0, None),  # nobody before: * (L392)
    ],
)
def test_the_index_against_ones_own_history(site: str, after: int, before: int, index: float | None) -> None:
    found = indicator(facts("indeks"), "udvikling-mod-baseline", MIDTERM, site=site)
    assert (found.numerator, found.denominator, found.value) == (after, before, index)
