"""What a draw is given: seeds, sizes and values as they come, each taken for what it is or refused."""

import json

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register.draw import DrawPlan, draw, leave_out


def people(count: int) -> pl.DataFrame:
    return pl.DataFrame({"person": [f"p{number:03d}" for number in range(count)]})


@pytest.mark.parametrize("seed", [1.5, 1.0, "1", None, True, -1])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    with pytest.raises(ValueError, match="the seed must be a whole number from 0"):
        draw(people(10), DrawPlan({"in": 2}), seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", ["5", None, True, float("nan"), -1, 1.5])
def test_a_size_that_is_no_number_of_persons_and_no_share_is_refused(size: object) -> None:
    with pytest.raises(ValueError, match="'in' is to have"):
        draw(people(10), DrawPlan({"in": size}), 1)  # type: ignore[dict-item]


def test_numbers_of_numpy_draw_the_same_and_the_log_can_be_written() -> None:
    own = draw(people(60), DrawPlan({"a": 7, "b": 0.25}, waiting=3), 5)
    sizes = {"a": np.int64(7), "b": np.float32(0.25)}
    plan = DrawPlan(sizes, waiting=np.int32(3))  # type: ignore[arg-type]
    others = draw(people(60), plan, np.uint8(5))  # type: ignore[arg-type]
    assert others.table.equals(own.table)
    assert json.dumps(others.log) == json.dumps(own.log)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("x", "y, b=z"), ("x, b=y", "z")),
        (("x", None), ("x", "(missing)")),
        (("x", '"(missing)"'), ("x", "(missing)")),
        (('x"', "y"), ("x", '"y')),
        (('x, b="', "y"), ("x", '", b=y')),
    ],
)
def test_different_values_are_different_strata_however_they_are_written(one: tuple, other: tuple) -> None:
    rows = [one, one, other, other]
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    table = table.with_columns(person=pl.Series(["p1", "p2", "p3", "p4"]))
    drawn = draw(table, DrawPlan({"in": 2}, strata=["a", "b"]), 1)
    assert [row["can_be_drawn"] for row in drawn.log["strata"]] == [2, 2]
    assert drawn.members("in")["stratum"].n_unique() == 2


def test_a_text_that_reads_missing_is_balanced_as_another_level_than_a_missing_one() -> None:
    table = pl.DataFrame({"person": ["a", "b", "c", "d"], "x": ["(missing)", None, "k", "k"]})
    told = draw(table, DrawPlan({"in": 2}, balance=["x"]), 1).log["balance"]
    assert {row["level"]: row["can_be_drawn"] for row in told} == {
        '"(missing)"': 0.25,
        "(missing)": 0.25,
        "k": 0.5,
    }


@pytest.mark.parametrize("column", ["person", "reason"])
def test_leaving_out_without_saying_who_or_why_is_refused(column: str) -> None:
    drawn = draw(people(10), DrawPlan({"in": 2}), 1)
    decided = drawn.members("in").select("person", reason=pl.lit("moved")).drop(column)
    with pytest.raises(InputRefused, match=f"there is no column '{column}'"):
        leave_out(drawn, decided)
