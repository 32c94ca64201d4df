"""When a recomputed figure counts as the printed one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from indsats.problem import InputRefused
from indsats.replicate import replicate
from indsats.replicate.compare import compare, rounded
from indsats.replicate.printed import PrintedFigure

WHY = {"da": "grund", "en": "reason"}


def figure(printed: float | str, decimals: int | None, make: dict[str, Any], **more: Any) -> PrintedFigure:
    text = {"da": "tal", "en": "figure"}
    entry = {"id": "x", "what": text, "line": "L1", "printed": printed, "make": make, "inputs": "L1", **more}
    return PrintedFigure.model_validate(entry | ({} if decimals is None else {"decimals": decimals}))


def restated(printed: float, decimals: int) -> PrintedFigure:
    return figure(printed, decimals, {"recipe": "restated", "value": 0})


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(13.5, 0, 14), (0.125, 2, 0.13), (-8497.516, 0, -8498), (1249, -2, 1200), (13.499999999999998, 0, 14)],
)
def test_halves_round_up(value: float, decimals: int, expected: float) -> None:
    assert rounded(value, decimals) == expected


@pytest.mark.parametrize(
    ("printed", "decimals", "value", "found"),
    [
        (5.1, 1, 22 / 434 * 100, "equal"),
        (5.0, 1, 22 / 434 * 100, "equal_within_rounding"),
        (2.1, 1, 13 / 587 * 100, "differs"),
        (1300, -2, 1249, "equal_within_rounding"),
        (13, 0, 9, "differs"),
    ],
)
def test_a_number_is_compared_at_the_printed_decimals(
    printed: float, decimals: int, value: float, found: str
) -> None:
    assert compare(restated(printed, decimals), value) == found


def test_a_claimed_level_is_compared_with_p() -> None:
    below = figure(0.01, 2, {"recipe": "table", "rows": [[1, 2], [3, 4]], "claim": "below"})
    assert compare(below, 0.005) == "equal"
    assert compare(below, 0.026) == "differs"


def test_a_status_is_compared_as_a_word() -> None:
    met = figure("met", None, {"recipe": "target", "value": 2, "target": 1, "better": "higher"})
    assert compare(met, "met") == "equal"
    assert compare(met, "near") == "differs"


def test_a_difference_needs_a_reason() -> None:
    with pytest.raises(ValidationError, match="reason"):
        figure(1, 0, {"recipe": "restated", "value": 3}, expect="differs")
    assert figure(1, 0, {"recipe": "restated", "value": 3}, expect="differs", reason=WHY).reason is not None


def test_an_unknown_document_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InputRefused, match="fremskudt-indsats"):
        replicate("005")
