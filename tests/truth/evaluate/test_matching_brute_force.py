"""The fast matchers find the pairs of the slow and obvious one, and keep their promises on any input."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_force import brute_force
from indsats.evaluate import match, nearest
from indsats.evaluate.matching import space as space_module
from indsats.evaluate.matching.space import Space, nearest_in_space

people = st.lists(
    st.tuples(st.integers(-6, 6), st.booleans(), st.integers(0, 2), st.integers(0, 3)),
    min_size=2,
    max_size=40,
)
"""Whole numbers, so that ties of every kind are common."""


@settings(max_examples=300, deadline=None)
@given(people, st.integers(1, 3), st.booleans(), st.sampled_from([None, 0.5, 1.0, 2.0]), st.booleans())
def test_on_a_score_the_same_pairs_as_brute_force(
    rows: list[tuple[int, bool, int, int]], ratio: int, replace: bool, caliper: float | None, exact: bool
) -> None:
    score = np.array([r[0] for r in rows], dtype=float)
    treated = np.array([r[1] for r in rows])
    cell = np.array([r[2] for r in rows]) if exact else None
    found = nearest(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=caliper)
    pairs = list(zip(found.treated.tolist(), found.control.tolist(), strict=True))
    slow = brute_force(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=caliper)
    assert sorted(pairs) == sorted(slow)
    assert replace or len(set(found.control.tolist())) == len(pairs)
    assert len(set(pairs)) == len(pairs)
    assert caliper is None or (np.abs(score[found.treated] - score[found.control]) <= caliper).all()
    assert cell is None or (cell[found.treated] == cell[found.control]).all()


@settings(max_examples=200, deadline=None)
@given(
    people,
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([None, 1.0, 3.0]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_in_space_the_same_pairs_as_brute_force(
    rows: list[tuple[int, bool, int, int]],
    ratio: int,
    replace: bool,
    caliper: float | None,
    exact: bool,
    flat: bool,
    banded: bool,
    chance: Any,
) -> None:
    """In one or two dimensions, with a caliper on a third number, in any order; tiny batches and lists."""
    numbers = np.array([[r[0], r[3], r[2]] for r in rows], dtype=float)
    treated = np.array([r[1] for r in rows])
    points = numbers[:, :1] if flat else numbers[:, :2]
    cell = numbers[:, 2].astype(int) if exact else np.zeros(len(rows), dtype=int)
    calipers = ((numbers[:, 2], 1.0),) if banded else ()
    queue = np.flatnonzero(treated)
    chance.shuffle(queue)
    place = np.empty(len(rows), dtype=int)
    place[np.lexsort((np.arange(len(rows)), points[:, 0], cell))] = np.arange(len(rows))
    space = Space(points, place, calipers, np.inf if caliper is None else caliper, outermost=not flat)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("BATCH", 3), ("BLOCK", (2, 5)), ("WANTED", 6), ("MOST", 10)):
            patch.setattr(space_module, name, value)
        found = nearest_in_space(space, treated, queue, cell=cell, ratio=ratio, replace=replace)
    slow = brute_force(
        points,
        treated,
        queue.tolist(),
        cell=cell,
        ratio=ratio,
        replace=replace,
        caliper=caliper,
        calipers=calipers,
        outermost=not flat,
    )
    assert sorted(zip(found.treated.tolist(), found.control.tolist(), strict=True)) == sorted(slow)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("ratio", [1, 3])
def test_on_continuous_numbers_the_same_pairs_as_brute_force(ratio: int, replace: bool) -> None:
    """So many treated for the controls there are that lists run out and are made again."""
    rng = np.random.default_rng(17)
    treated = np.arange(900) < 150
    score = rng.normal(treated * 0.8, 1)
    cell = rng.integers(0, 4, 900)
    found = nearest(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=0.05)
    pairs = set(zip(found.treated.tolist(), found.control.tolist(), strict=True))
    assert pairs == set(brute_force(score, treated, cell=cell, ratio=ratio, replace=replace, caliper=0.05))
    points = rng.normal(treated[:, None] * 0.8, 1, (900, 4)) * [1, 1, 1, 1e-9] + [0, 0, 1e6, 0]
    place, queue = np.argsort(np.argsort(points[:, 0])), np.flatnonzero(treated)
    space = Space(points, place, outermost=True)
    far = nearest_in_space(space, treated, queue, cell=np.zeros(900, dtype=int), ratio=ratio, replace=replace)
    slow = brute_force(points, treated, queue.tolist(), ratio=ratio, replace=replace, outermost=True)
    assert set(zip(far.treated.tolist(), far.control.tolist(), strict=True)) == set(slow)


DESIGNS: list[dict[str, Any]] = [
    {"distance": "propensity"},
    {"distance": "prognostic", "outcome": "y"},
    {"distance": "mahalanobis"},
    {"distance": "mahalanobis", "exact": ["sex"]},
    {"distance": "propensity", "order": "random", "seed": 4},
    {"distance": None},
]


@pytest.mark.parametrize("design", DESIGNS)
@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from([None, 0.3]))
def test_row_order_does_not_matter_with_ids(
    design: dict[str, Any], random: Any, replace: bool, caliper: float | None
) -> None:
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
    random.shuffle(order)
    options = {**design, "id": "id"}
    if design["distance"]:
        options |= {"caliper": caliper} | ({} if "order" in design else {"replace": replace})

    def by_id(given: pl.DataFrame) -> tuple[list[tuple[str, str]], dict[str, float]]:
        made = match(given, "treated", ["age", "sex"], **options)
        ids = given["id"].to_list()
        weights = made.weights.select("row", "weight").iter_rows()
        pairs = made.pairs.select("treated_row", "control_row").iter_rows()
        return sorted((ids[t], ids[u]) for t, u in pairs), {ids[row]: weight for row, weight in weights}

    assert by_id(table) == by_id(table[order])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(DESIGNS),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([None, 0.2, {"age": 5.0}, {"age": 0.3, "distance": 0.5}]),
)
def test_a_match_keeps_its_promises(
    seed: int, design: dict[str, Any], ratio: int, replace: bool, caliper: Any
) -> None:
    """Weights, use, calipers, cells and counts, whatever is asked for."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 160))
    table = pl.DataFrame(
        {
            "treated": rng.random(n) < 0.35,
            "age": rng.normal(40, 10, n).round(),
            "weeks": rng.integers(0, 53, n),
            "sex": rng.choice(["k", "m"], n),
            "y": rng.random(n) < 0.5,
        }
    )
    options = dict(design)
    if design["distance"]:
        options |= {"ratio": ratio, "replace": replace, "caliper": caliper}
    made = match(table, "treated", ["sex"] if design["distance"] is None else ["age", "weeks"], **options)
    weights = made.weights
    treated = weights.filter("treated")["weight"]
    assert set(treated.unique()) <= {0.0, 1.0}
    assert weights.filter(~pl.col("treated"))["weight"].sum() == pytest.approx(made.n_matched)
    assert treated.sum() == made.n_matched == made.n_treated - sum(made.lost.values())
    assert (weights.filter(~pl.col("treated"))["weight"] > 0).sum() == made.n_control_used
    if not replace:
        assert made.pairs["control_row"].is_unique().all()
    assert made.pairs.group_by("pair").len()["len"].max() in (None, *range(1, ratio + 1))
    for name, width in made.calipers.items():
        one, two = (made.pairs[f"{side}_row"].to_numpy() for side in ("treated", "control"))
        gap = made.pairs["distance"].to_numpy()
        if name != "distance":
            values = table[name].to_numpy()
            gap = np.abs(values[one] - values[two])
        assert gap.max(initial=0) <= width
    for column in design.get("exact", []):
        assert (
            table[column][made.pairs["treated_row"]].to_list()
            == table[column][made.pairs["control_row"]].to_list()
        )
