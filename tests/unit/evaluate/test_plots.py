"""Charts of estimates: they draw, say what they show in both languages, and refuse what cannot be compared."""

import json

import polars as pl
import pytest
import vl_convert

from indsats import evaluate as ev


def table() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "treated": [True] * 6 + [False] * 6,
            "age": [30.0, 35, 41, 44, 52, 60, 33, 36, 40, 47, 50, 58],
            "sex": ["man", "woman"] * 6,
            "hours": [10.0, 12, 9, 14, 15, 11, 8, 9, 7, 12, 10, 9],
            "weeks": [3, 5, 9, 12, 20, 26, 4, 8, 14, 20, 26, 26],
            "event": [True, True, True, False, True, False, True, False, True, True, False, False],
        }
    )


def svg(chart: object) -> str:
    spec = chart.to_dict()  # type: ignore[attr-defined]
    return vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])


@pytest.mark.parametrize(("lang", "said"), [("da", "Estimat"), ("en", "Estimate")])
def test_a_forest_has_a_line_for_each_estimate(lang: str, said: str) -> None:
    effects = [ev.difference_in_means(table(), "hours"), ev.regression(table(), "hours", adjust=["age"])]
    drawn = svg(ev.forest(effects, lang))  # type: ignore[arg-type]
    assert said in drawn
    assert "1. hours" in drawn
    assert "2. hours" in drawn


def test_an_effect_plots_itself() -> None:
    assert "hours" in svg(ev.difference_in_means(table(), "hours").plot("en"))


def test_estimates_on_two_scales_are_not_drawn_together() -> None:
    effect = ev.difference_in_means(table(), "hours")
    fit = ev.cox(table(), "weeks", "event", ["treated"])
    with pytest.raises(ValueError, match="one scale"):
        ev.forest([effect, fit.effect("treated")])
    with pytest.raises(ValueError, match="one scale"):
        ev.forest([])


def test_balance_is_drawn_with_shapes_before_and_after() -> None:
    before = ev.balance(table(), ["age", "sex"])
    drawn = ev.love(before, "en").to_dict()
    assert "sex: woman" in svg(ev.love(before, "en"))
    after = before.with_columns(smd_matched=pl.col("smd") / 2)
    both = json.dumps(ev.love(after, "en").to_dict())
    assert "after" not in json.dumps(drawn)
    assert "after" in both
    assert "triangle-up" in both


def test_curves_are_drawn_with_and_without_groups() -> None:
    assert "Weeks" in svg(ev.survival_curves(ev.kaplan_meier(table(), "weeks", "event"), "en"))
    assert "Gruppe" in svg(ev.survival_curves(ev.kaplan_meier(table(), "weeks", "event", by="treated")))


def test_periods_are_drawn_with_the_start() -> None:
    periods = pl.DataFrame(
        {
            "period": [-2, -1, 0, 1],
            "coef": [0.1, 0, 1, 2],
            "lower": [0.0, None, 0, 1],
            "upper": [0.2, None, 2, 3],
        }
    )
    assert "Period" in svg(ev.event_plot(periods, "en"))
