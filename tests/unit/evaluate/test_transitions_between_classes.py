"""Movement between classes: counts, directions, tests and groups."""

import polars as pl
import pytest

from indsats.evaluate import transitions, wilson_interval


def moves(counts: dict[tuple[object, object], int], **more: object) -> pl.DataFrame:
    rows = [pair for pair, count in counts.items() for _ in range(count)]
    return pl.DataFrame(rows, schema=["before", "after"], orient="row").with_columns(
        pl.lit(value).alias(name) for name, value in more.items()
    )


def test_rows_of_the_table_are_shares_of_the_class_before() -> None:
    found = transitions(moves({("A", "A"): 3, ("A", "B"): 1, ("B", "B"): 2}), "before", "after").table
    assert found["count"].to_list() == [3, 1, 0, 2]
    assert found["share"].to_list() == [0.75, 0.25, 0, 1]
    assert tuple(found.row(1)[-2:]) == wilson_interval(1, 4)


def test_order_says_what_is_better() -> None:
    table = moves({("G", "A"): 4, ("A", "G"): 2, ("A", "A"): 5, ("A", "job"): 3, ("G", "other"): 1})
    found = transitions(table, "before", "after", order=["G", "A", "job"])
    counts = dict(found.directions.select("direction", "count").iter_rows())
    assert counts == {"improved": 7, "unchanged": 5, "worse": 2, "other": 1}
    assert found.table["after"].to_list()[:4] == ["G", "A", "job", "other"]
    assert "4 of 15 are before or after in a class" in found.warnings[0].text.en


def test_numbers_order_themselves_and_words_do_not() -> None:
    numbers = transitions(moves({(1, 10): 3, (2, 1): 1}), "before", "after").directions
    assert numbers["count"].to_list() == [3, 0, 1, 0]
    words = transitions(moves({("low", "high"): 3, ("high", "low"): 1}), "before", "after").directions
    assert words["count"].to_list() == [0, 0, 0, 4]


def test_two_classes_give_mcnemar() -> None:
    """With two classes both tests are (30 − 10)² / (30 + 10)."""
    table = moves({("a", "b"): 30, ("b", "a"): 10, ("a", "a"): 50, ("b", "b"): 9})
    movement = transitions(table, "before", "after").movement
    assert movement["statistic"].to_list() == pytest.approx([10, 10])
    assert movement["df"].to_list() == [1, 1]


def test_nobody_moving_has_no_test() -> None:
    found = transitions(moves({("a", "a"): 30, ("b", "b"): 10}), "before", "after")
    assert found.movement["p"].to_list() == [None, None]
    assert [said.code for said in found.warnings] == ["nobody-moved"]


def test_groups_are_compared_by_direction_and_by_class_before() -> None:
    one = moves({(1, 2): 30, (1, 1): 10, (2, 2): 20}, group="x")
    two = moves({(1, 2): 10, (1, 1): 30, (2, 2): 20}, group="y")
    found = transitions(pl.concat([one, two]).to_pandas(), "before", "after", by="group")
    assert found.between is not None
    rows = found.between.rows_by_key("before", named=True, unique=True)
    assert rows["1"]["statistic"] == pytest.approx(20.0)
    assert rows[None]["statistic"] == pytest.approx(120 * (30 * 50 - 30 * 10) ** 2 / (60 * 60 * 40 * 80))
    assert rows["2"]["test"].startswith("none")
    assert found.table["group"].unique().sort().to_list() == ["x", "y"]


def test_few_expected_give_the_exact_test() -> None:
    one, two = moves({(1, 2): 3, (1, 1): 1}, group="x"), moves({(1, 2): 1, (1, 1): 3}, group="y")
    found = transitions(pl.concat([one, two]), "before", "after", by="group")
    assert found.between is not None
    assert found.between.row(0, named=True)["p"] == pytest.approx(34 / 70)


def test_missing_classes_are_counted() -> None:
    table = pl.DataFrame({"before": ["a", None, "b"], "after": ["b", "b", None]})
    assert transitions(table, "before", "after").excluded == {"missing before": 1, "missing after": 1}


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (moves({("a", "b"): 2}, group="x"), {"by": "group"}, "a single group"),
        (moves({("a", "b"): 2}), {"order": ["a", "a"]}, "twice"),
        (pl.DataFrame({"before": [1], "after": ["a"]}), {}, "both be numbers or both be text"),
        (pl.DataFrame({"before": [None], "after": ["a"]}), {}, "no row has a value"),
    ],
)
def test_transitions_refuse_with_a_reason(
    table: pl.DataFrame, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        transitions(table, "before", "after", **options)  # type: ignore[arg-type]
