"""The socio-economic result: what moves cancels, what is made counts, and it is never the budget's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.economy.budget import budget
from indsats.economy.lines import Array, Case
from indsats.economy.society import PERSPECTIVES, Factors, society
from indsats.programme import PAYERS, PUBLIC, Payer
from invented_case import case, cases, line, moved

PLAIN = Factors()
OURS = Factors(net_tax=1.28, distortion=0.1)
PURSE: dict[Payer, float] = {"municipality": 1.0}
PAID: dict[Payer, float] = {"municipality": -1.0}
rates = st.integers(0, 100).map(lambda number: number / 100)


def near(value: float, scale: Case) -> object:
    """Equal as far as rounding goes in a case of this size."""
    return pytest.approx(value, abs=1e-9 * (1 + float(np.abs(scale.flows()).sum())))


@settings(deadline=None)
@given(cases())
def test_without_factors_society_is_what_all_payers_gain(made: Case) -> None:
    whole = replace(made, displaced=0.0)
    found = society(whole, PLAIN)
    assert found.net == near(float(whole.present().sum()), made)
    assert found.benefits["indirect"] == near(0, made)
    assert tuple(found.benefits) == PERSPECTIVES


@settings(deadline=None)
@given(cases(), rates, rates)
def test_factors_touch_the_indirect_perspective_only(made: Case, net_tax: float, distortion: float) -> None:
    whole = replace(made, displaced=0.0)
    plain, found = society(whole, PLAIN), society(whole, Factors(1 + net_tax, distortion))
    for perspective in ("taxpayers", "participants", "others"):
        assert found.benefits[perspective] == plain.benefits[perspective]
    assert found.cost == plain.cost
    # what the purse gets is the budget's result, whatever the factors are
    assert found.benefits["taxpayers"] - found.cost == near(budget(whole, PUBLIC).net, made)


@settings(deadline=None)
@given(cases(), st.lists(moved(), min_size=3, max_size=3), st.integers(1, 9), rates)
def test_how_a_transfer_is_taxed_is_nothing_to_society(
    made: Case, taxes: list[Array], net_tax: int, displaced: float
) -> None:
    made = replace(made, displaced=displaced)
    other = tuple(
        replace(one, shares=taxes[number % 3]) if one.transfer and one.moves else one
        for number, one in enumerate(made.lines)
    )
    factors = Factors(1 + net_tax / 10, 0.0)
    taxed = replace(made, lines=other)
    assert society(taxed, factors).net == near(society(made, factors).net, made)


def test_with_distortion_it_matters_how_a_transfer_is_taxed() -> None:
    # 100 kroner of benefit saved; untaxed it is 100 of the purse, with 30 % tax 70: distortion 10 % of that
    def saved(tax: float) -> Case:
        of: dict[Payer, float] = {"municipality": 1.0 - tax, "citizen": tax - 1.0}
        return case(line("benefit", 1, 100, of, [1.0], transfer=True))

    assert society(saved(0.0), OURS).net == pytest.approx(10)
    assert society(saved(0.3), OURS).net == pytest.approx(7)


@settings(deadline=None)
@given(cases())
def test_a_case_of_transfers_alone_is_its_distortion(made: Case) -> None:
    only = tuple(one for one in made.lines if one.transfer)
    moving = replace(made, lines=only, displaced=0.0)
    assert society(moving, Factors(1.28, 0.0)).net == near(0, made)
    assert society(moving, OURS).net == near(0.1 * budget(moving, PUBLIC).net, made)


def test_every_perspective_by_hand() -> None:
    # Per participant in one year, no discounting. Cost: 1,000 of the municipality. Earnings: 2 weeks at 500 = 1,000, of
    # which the citizen keeps 600 and the municipality and state get 250 and 150. Benefit: 2 weeks of 300 = 600 less,
    # of which the municipality pays 80 % (480) and the state 20 % (120), and the citizen loses 420 and his tax of 180
    # (the municipality's 150, the state's 30).
    cost = line("mentor", 10, 100, PAID, [1.0], part="cost")
    pay: dict[Payer, float] = {"municipality": 0.25, "state": 0.15, "citizen": 0.6}
    earnings = line("pay", 2, 500, pay, [1.0])
    less: dict[Payer, float] = {"municipality": 0.8 - 0.25, "state": 0.2 - 0.05, "citizen": -0.7}
    benefit = line("benefit", 2, 300, less, [1.0], transfer=True)
    made = case(cost, earnings, benefit)
    found = society(made, OURS)
    # Taxpayers: 250 + 150 of the pay, 600 - 180 of the benefit = 820. Participants: 600 - 420 = 180. Together 1,000:
    # the pay, as transfers cancel. Indirect: 10 % of what the purse is short, 820 - 1,000 = -180, is -18; 28 % of what
    # is made, 1,000 of work less 1,000 of resources, is 0.
    assert found.cost == pytest.approx(1000)
    assert found.benefits == pytest.approx(
        {"taxpayers": 820, "participants": 180, "others": 0, "indirect": -18}
    )
    assert found.net == pytest.approx(-18)
    assert found.ratio == pytest.approx(0.982)
    # A quarter displaced: the purse keeps 615, what others lose is a quarter of the participants' 180 = 45, work is
    # 750. Indirect: 10 % of (615 - 1,000) = -38.5, and 28 % of (750 - 1,000) = -70.
    some = society(replace(made, displaced=0.25), OURS)
    assert some.benefits == pytest.approx(
        {"taxpayers": 615, "participants": 180, "others": -45, "indirect": -108.5}
    )


def test_grants_are_displaced_by_nobody() -> None:
    # 400 from the fund of an employer: others give 400 and the purse has it, however many others lose their jobs.
    grant = line("pool", 1, 400, {"municipality": 1.0, "others": -1.0}, [1.0], part="grant", transfer=True)
    found = society(case(grant, displaced=0.5), PLAIN)
    assert found.benefits == pytest.approx(
        {"taxpayers": 400, "participants": 0, "others": -400, "indirect": 0}
    )


@settings(deadline=None)
@given(cases())
def test_wholly_displaced_effects_make_nothing(made: Case) -> None:
    gone = replace(made, displaced=1.0)
    spent = tuple(one for one in made.lines if not one.moves)
    if not spent:
        return
    assert society(gone, OURS).net == near(society(replace(gone, lines=spent), OURS).net, made)


def test_no_ratio_where_nothing_is_spent_and_further_effects_are_indirect() -> None:
    cheaper = line("course", 1, 50, PURSE, [1.0], part="usual")
    gain = line("gain", 1, 100, dict.fromkeys(PAYERS, 0.2), [1.0])
    found = society(case(cheaper, gain), PLAIN, further_indirect=7)
    assert found.ratio is None
    assert found.benefits["indirect"] == 7
    assert found.net == pytest.approx(157)
