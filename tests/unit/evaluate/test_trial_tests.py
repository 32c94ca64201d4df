"""Exact tests on counts, and several tests at once."""

import polars as pl
import pytest

from indsats.evaluate import (
    adjust,
    adjust_p,
    binomial_test,
    difference_in_shares,
    exact_mcnemar,
    fisher_test,
    itt,
)


def test_fisher_by_hand() -> None:
    """Four of eight cups: the tables with 0, 1, 3, 4 right have chances 1, 16, 16, 1 of 70."""
    found = fisher_test(3, 1, 1, 3)
    assert found.p == pytest.approx(34 / 70)
    assert found.interval.low < found.odds_ratio < found.interval.high


def test_an_empty_cell_leaves_the_odds_ratio_open() -> None:
    found = fisher_test(5, 0, 1, 4)
    assert found.odds_ratio == found.interval.high == float("inf")
    assert fisher_test(0, 5, 4, 1).odds_ratio == 0


def test_binomial_by_hand() -> None:
    assert binomial_test(0, 4).p == pytest.approx(2 / 16)
    assert binomial_test(0, 4).interval.low == 0
    assert binomial_test(0, 4).interval.high == pytest.approx(1 - 0.025**0.25)


def test_exact_mcnemar_looks_only_at_discordant_pairs() -> None:
    assert exact_mcnemar(5, 0).p == pytest.approx(2 / 32)
    assert exact_mcnemar(3, 1).share == 0.75


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fisher_test(0, 0, 1, 2), "both rows and both columns"),
        (lambda: fisher_test(1, -2, 1, 2), "whole numbers"),
        (lambda: fisher_test(1.5, 2, 1, 2), "whole numbers"),
        (lambda: binomial_test(5, 4), "0 ≤ count ≤ size"),
        (lambda: binomial_test(0, 0), "size above 0"),
        (lambda: binomial_test(1, 4, 1.2), "share from 0 to 1"),
        (lambda: exact_mcnemar(0, 0), "outcomes differ"),
        (lambda: adjust_p([0.2, 1.2]), "from 0 to 1"),
        (lambda: adjust_p([0.2, float("nan")]), "from 0 to 1"),
        (lambda: adjust_p([0.2], "hochberg"), "must be 'holm'"),
    ],
)
def test_refusals_say_why(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()


def test_tests_not_made_do_not_count() -> None:
    assert adjust_p([0.03, None, 0.01]) == pytest.approx([0.03, None, 0.02])
    assert adjust_p([0.03, None, 0.02], "benjamini-hochberg") == pytest.approx([0.03, None, 0.03])
    assert adjust_p([]) == []


def test_effects_are_adjusted_as_one_family() -> None:
    table = pl.DataFrame({"t": [1, 1, 1, 0, 0, 0] * 5, "y": [1, 1, 0, 0, 0, 1] * 5, "z": [*range(30)]})
    effects = [itt(table, "z", "t"), difference_in_shares(table, "y", "t")]
    found = adjust(effects)
    assert found["p_adjusted"].to_list() == adjust_p([effect.p for effect in effects])
    assert found.columns.index("p_adjusted") == found.columns.index("p") + 1
