"""How often intervals hold the truth is counted right, told while it is counted, and the same however it is shared."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest
from numpy.random import Generator

from indsats.problem import InputRefused
from indsats.report import write
from indsats.run import coverage_document
from indsats.simulate import BAND, CLAIMS, Claim, coverage


def _numbered(rng: Generator) -> pl.DataFrame:
    return pl.DataFrame({"x": rng.normal(size=1), "y": rng.normal(size=1)})


def _known(half: float, refuse: float = -np.inf) -> Claim:
    """An estimator that is right on average and off by a standard normal; it refuses draws
    whose ``y`` is below ``refuse``."""

    def estimate(data: pl.DataFrame) -> dict[str, tuple[float, float, float, float]]:
        x = data["x"][0]
        if data["y"][0] < refuse:
            raise ValueError("too low")
        return {"effect": (3 + x, 1.0, 3 + x - half, 3 + x + half)}

    return Claim("shares alike", f"{half} {refuse}", _numbered, estimate, {"effect": 3.0})


def _some() -> list[Claim]:
    return [
        claim for claim in CLAIMS if claim.name in ("difference in shares", "cox, split", "entropy balancing")
    ]


def test_what_is_counted_is_what_is_drawn() -> None:
    found = coverage(2000, 1, claims=[_known(1.959964), _known(1.0), _known(3.0)], workers=1)
    assert found["coverage"].to_list() == pytest.approx([0.95, 0.6827, 0.9973], abs=0.03)
    assert found["within"].to_list() == [True, False, False]
    assert found["mean"].to_list() == pytest.approx([3, 3, 3], abs=0.1)
    assert (found["bias"] - (found["mean"] - 3)).abs().max() < 1e-12  # type: ignore[operator]
    assert found["sd"].to_list() == pytest.approx([1, 1, 1], abs=0.07)
    assert found["mean_se"].to_list() == [1, 1, 1]
    row = found.row(0, named=True)
    p, z2 = row["coverage"], 1.959964**2 / 2000  # Wilson (1927)
    middle, reach = p + z2 / 2, 1.959964 * np.sqrt(p * (1 - p) / 2000 + z2 / 4 / 2000)
    assert row["lower"] == pytest.approx((middle - reach) / (1 + z2))
    assert row["upper"] == pytest.approx((middle + reach) / (1 + z2))


def test_a_refused_draw_is_counted_and_a_claim_that_refuses_many_does_not_hold() -> None:
    found = coverage(2000, 1, claims=[_known(1.959964, refuse=-1.28)], workers=1)
    [failed] = found["failed"]
    assert failed / 2000 == pytest.approx(0.1, abs=0.03)
    assert BAND[0] <= found["coverage"][0] <= BAND[1]  # among those it took on, and yet
    assert not found["within"][0]
    seldom = coverage(2000, 1, claims=[_known(1.959964, refuse=-3.0)], workers=1)
    assert 0 < seldom["failed"][0] < 20
    assert seldom["within"][0]


def test_an_estimator_that_refuses_everything_has_no_coverage_and_does_not_hold(tmp_path: Path) -> None:
    claim = _known(1.0, refuse=np.inf)
    found = coverage(
        10, 1, claims=[Claim("regression", "confounded", claim.draw, claim.estimate, claim.truth)], workers=1
    )
    assert found.select("failed", "coverage", "mean", "within").row(0) == (10, None, None, False)
    [page, *_] = write(coverage_document(found, 10, 1), tmp_path, both=True)
    assert "holder ikke" in page.read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_table_however_many_processes() -> None:
    one = coverage(40, 5, claims=_some(), workers=1)
    assert one.equals(coverage(40, 5, claims=_some(), workers=2), null_equal=True)
    other = coverage(40, 6, claims=_some()[-1:], workers=1)
    assert not one.tail(other.height).equals(other)


def test_the_draws_of_a_claim_are_its_own_whatever_is_asked_beside_it() -> None:
    together = coverage(30, 1, claims=_some(), workers=1)
    last = coverage(30, 1, claims=_some()[-1:], workers=1)
    assert together.tail(last.height).equals(last)
    more = coverage(60, 1, claims=_some()[-1:], workers=1)
    assert not more["mean"].equals(last["mean"])


def test_progress_moves_within_a_claim() -> None:
    told: list[tuple[int, int, str]] = []
    coverage(100, 1, claims=_some()[:1], workers=1, progress=lambda *now: told.append(now))
    assert [done for done, _, _ in told] == [25, 50, 75, 100]
    assert {(total, what) for _, total, what in told} == {(100, "estimators tried")}


def test_a_stop_ends_the_processes_that_help() -> None:
    me = psutil.Process(os.getpid())
    before, during = set(me.children()), set()

    def stop(*_: object) -> None:
        during.update(me.children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        coverage(5000, 1, claims=_some(), workers=3, progress=stop)
    assert len(during - before) == 2
    assert set(me.children()) == before


def test_a_process_ended_from_outside_is_told_in_a_sentence() -> None:
    me = psutil.Process(os.getpid())
    before = set(me.children())

    def end(*_: object) -> None:
        for helper in set(me.children()) - before:
            helper.kill()

    with pytest.raises(InputRefused, match="tries estimators was ended from outside"):
        coverage(2000, 1, claims=_some(), workers=2, progress=end)


@pytest.mark.parametrize(("runs", "seed", "workers"), [(0, 1, 1), (10, -1, 1), (10, 1, 0)])
def test_what_cannot_be_counted_is_refused(runs: int, seed: int, workers: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        coverage(runs, seed, workers=workers)


def test_every_claim_has_a_name_of_its_own_and_one_in_danish() -> None:
    keys = [(claim.name, claim.world) for claim in CLAIMS]
    assert len(set(keys)) == len(keys)
    told = [
        (claim.name, claim.world, part, truth, 2, 0, truth, 0.0, 1.0, 1.0, 1.0, 0.3, 1.0, False)
        for claim in CLAIMS
        for part, truth in claim.truth.items()
    ]
    some = coverage(1, 1, claims=_some()[:1], workers=1)
    document = coverage_document(pl.DataFrame(told, schema=some.schema, orient="row"), 2, 1)
    [table] = document.tables()
    for row in table.rows:
        for name in row[:2]:
            assert name.da != name.en  # type: ignore[union-attr]
