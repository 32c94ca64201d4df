"""The main job, from facts on disk to the estimate in the report, finds what the simulation planted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulated
from indsats import run, simulate
from indsats.figure import Figure


@pytest.fixture(scope="module")
def estimates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Figure, Figure, float]]:
    """By outcome: the matched difference, its standard error, and the planted effect."""
    folder = simulate.simulate(simulated.definition(), 6000, 11, tmp_path_factory.mktemp("truth") / "data")
    truth = json.loads((Path(folder) / "truth.json").read_text(encoding="utf-8"))
    document = run.compose(run.gather(simulated.definition(), data=folder))
    figures = {figure.id: figure for figure in document.table("virkning-effects").figures()}
    return {
        outcome: (
            figures[f"effect/virkning/{outcome}/matched/difference"],
            figures[f"effect/virkning/{outcome}/matched/se"],
            planted["effect"],
        )
        for outcome, planted in truth["effects"]["virkning"]["outcomes"].items()
    }


def test_an_effect_is_planted_on_placements_and_none_on_the_others(estimates: dict) -> None:
    planted = {outcome: effect for outcome, (_, _, effect) in estimates.items()}
    assert planted["virksomhedsrettet"] > 0.02
    assert planted["selvforsoergelse"] == planted["job-uddannelse"] == 0


@pytest.mark.parametrize("outcome", ["virksomhedsrettet", "selvforsoergelse", "job-uddannelse"])
def test_matched_pairs_find_the_planted_effect(estimates: dict, outcome: str) -> None:
    difference, se, effect = estimates[outcome]
    assert difference.value is not None
    assert se.value is not None
    assert abs(difference.value - effect) < 3 * se.value
    assert se.value < 0.03
