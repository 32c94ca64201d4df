"""The fast matcher finds the pairs of the slow and obvious one, and keeps its promises on any input."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_force import brute_force
from indsats.evaluate import match, nearest

people = st.lists(st.tuples(st.integers(-6, 6), st.booleans(), st.integers(0, 2)), min_size=2, max_size=40)
"""Whole-number scores, so that ties of every kind are common."""


@settings(max_examples=300, deadline=None)
@given(
    people,
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([None, 0.5, 1.0, 2.0]),
    st.booleans(),
)
def test_same_pairs_as_brute_force(
    rows: list[tuple[int, bool, int]], ratio: int, replace: bool, caliper: float | None, exact: bool
) -> None:
    score = np.array([r[0] for r in rows], dtype=float)
    treated = np.array([r[1] for r in rows])
    cell = np.array([r[2] for r in rows]) if exact else None
    found = nearest(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=caliper)
    pairs = list(zip(found.treated.tolist(), found.untreated.tolist(), strict=True))
    assert sorted(pairs) == sorted(brute_force(score, treated, cell, ratio, replace, caliper))
    if not replace:
        assert len(set(found.untreated.tolist())) == len(pairs)
    assert len(set(pairs)) == len(pairs)
    if caliper is not None:
        assert (np.abs(score[found.treated] - score[found.untreated]) <= caliper).all()
    if cell is not None:
        assert (cell[found.treated] == cell[found.untreated]).all()


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("ratio", [1, 3])
def test_same_pairs_as_brute_force_on_continuous_scores(ratio: int, replace: bool) -> None:
    rng = np.random.default_rng(17)
    treated = np.arange(1500) < 300
    score = rng.normal(treated * 0.8, 1)
    cell = rng.integers(0, 4, 1500)
    found = nearest(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=0.05)
    pairs = set(zip(found.treated.tolist(), found.untreated.tolist(), strict=True))
    assert pairs == set(brute_force(score, treated, cell, ratio, replace, 0.05))
    assert len(pairs) > 200


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from([None, 0.3]))
def test_row_order_does_not_matter_with_ids(random: object, replace: bool, caliper: float | None) -> None:
    """Coarse covariates make many people equal; ids decide between them, wherever their rows stand."""
    rng = np.random.default_rng(23)
    n = 120
    table = pl.DataFrame(
        {
            "id": [f"p{i:03d}" for i in range(n)],
            "treated": rng.random(n) < 0.3,
            "age": rng.integers(3, 6, n) * 10,
            "sex": rng.choice(["k", "m"], n),
            "y": rng.random(n) < 0.4,
        }
    )
    order = list(range(n))
    random.shuffle(order)  # type: ignore[attr-defined]
    settings_ = {"on": "prognosis", "outcome": "y", "replace": replace, "caliper": caliper, "person": "id"}

    def by_id(given: pl.DataFrame) -> list[tuple[str, str]]:
        made = match(given, ["age", "sex"], **settings_)  # type: ignore[arg-type]
        ids = given["id"].to_list()
        return sorted(
            (ids[t], ids[u]) for t, u in made.pairs.select("treated_row", "untreated_row").iter_rows()
        )

    assert by_id(table) == by_id(table[order])
