"""What the papers print: Shrout & Fleiss (1979), Bland & Altman (1986), Jacobson & Truax (1991)."""

import pytest
from polars import read_csv

from indsats.measure.agreement import icc
from indsats.measure.agreement import test_retest as retest
from indsats.measure.reliability import reliable_change, standard_error_of_measurement
from publicdata import REFERENCE

FOLDER = REFERENCE / "measurement"


def test_shrout_and_fleiss_table_of_six_by_four() -> None:
    found = icc(read_csv(FOLDER / "shrout_fleiss.csv"))
    printed = {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}
    assert {form: round(one.value, 2) for form, one in found.forms.items()} == printed
    squares = (found.people_square, found.raters_square, found.error_square)
    assert squares == pytest.approx((11.24, 32.49, 1.02), abs=0.005)


def test_bland_and_altman_peak_flow_of_two_meters() -> None:
    meters = read_csv(FOLDER / "pefr.csv")
    found = retest(meters["mini"], meters["large"])
    assert (found.n, round(found.gap, 1), round(found.gap_sd, 1)) == (17, -2.1, 38.8)
    assert (round(found.low or 0, 1), round(found.high or 0, 1)) == (-22.0, 17.8)
    # The paper takes 2 standard deviations, −79.7 and 75.5; these are 1.96.
    assert (found.lower.value, found.upper.value) == pytest.approx(
        (-2.1 - 1.96 * 38.8, -2.1 + 1.96 * 38.8), abs=0.1
    )


def test_jacobson_and_truax_couple_gained_reliably() -> None:
    """Their example: a couple from 32.5 to 47.5, sd 7.5, reliability 0.88: S_E 2.60, S_diff 3.68, RC 4.08."""
    assert round(standard_error_of_measurement(7.5, 0.88), 2) == 2.60
    found = reliable_change([32.5], [47.5], sd=7.5, reliability=0.88)
    assert found["index"][0] == pytest.approx(4.08, abs=0.01)
    assert found["verdict"].to_list() == ["better"]
