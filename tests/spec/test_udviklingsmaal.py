"""What the classes of the five development goals mean, on every answer pattern there is."""

from __future__ import annotations

from collections import Counter
from itertools import product

import polars as pl
import pytest

from casebook import programme
from development_goals import ITEMS, goals
from indsats.library import definition_path
from indsats.measure import classify
from indsats.programme import load

EXPECTED = {"A": 32, "B": 160, "C": 51, "D": 648, "E": 1017, "F": 92, "G": 1125}
QUESTIONNAIRE = programme(questionnaires={"goals": goals()}).questionnaires["goals"]
PATTERNS = pl.DataFrame(list(product(range(1, 6), repeat=5)), schema=list(ITEMS), orient="row")


def by_hand(skills: int, focus: int, personal: int, social: int, health: int) -> str:
    """The classes as one would sort cards: worst first."""
    answers = (skills, focus, personal, social, health)
    low, middle = sum(a <= 2 for a in answers), answers.count(3)
    if 1 in (social, health):
        return "G"
    if low:
        return "D" if low == 1 else "E" if low <= 3 else "F"
    return "A" if not middle else "B" if middle <= 2 else "C"


def class_of(*answers: int | None) -> str | None:
    frame = pl.DataFrame([answers], schema=dict.fromkeys(ITEMS, pl.Int64), orient="row")
    return classify(frame, QUESTIONNAIRE)["class"].item()


def test_all_3125_patterns_fall_in_the_classes_in_known_numbers() -> None:
    assert Counter(classify(PATTERNS, QUESTIONNAIRE)["class"]) == EXPECTED


def test_every_single_pattern_is_sorted_as_by_hand() -> None:
    got = classify(PATTERNS, QUESTIONNAIRE)["class"].to_list()
    assert got == [by_hand(*row) for row in PATTERNS.iter_rows()]


def test_the_shipped_definition_sorts_every_pattern_the_same_way() -> None:
    shipped = load(definition_path("fremskudt-indsats")).questionnaires["udviklingsmaal"]
    # The items stand in the same order, so that social situation and health are the last two.
    assert list(shipped.items)[3:] == ["sociale_forhold", "helbred"]
    renamed = PATTERNS.rename(dict(zip(ITEMS, shipped.items, strict=True)))
    got, expected = classify(renamed, shipped), classify(PATTERNS, QUESTIONNAIRE)
    assert got.select("class", "side").equals(expected.select("class", "side"))


def test_the_order_of_the_classes_decides_where_they_overlap() -> None:
    best_first = goals(classes=list(reversed(goals()["classes"])))
    questionnaire = programme(questionnaires={"goals": best_first}).questionnaires["goals"]
    assert Counter(classify(PATTERNS, questionnaire)["class"]) != EXPECTED
    lone_low = pl.DataFrame([(5, 5, 5, 5, 1)], schema=list(ITEMS), orient="row")
    assert classify(lone_low, QUESTIONNAIRE)["class"].item() == "G"
    assert classify(lone_low, questionnaire)["class"].item() == "D"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((4, 5, 4, 5, 4), "A"),
        ((3, 3, 4, 5, 4), "B"),
        ((3, 3, 3, 5, 4), "C"),
        ((1, 3, 3, 5, 4), "D"),
        ((2, 2, 2, 5, 4), "E"),
        ((2, 2, 2, 2, 4), "F"),
        ((5, 5, 5, 5, 1), "G"),
        ((2, 2, 2, 1, 2), "G"),
    ],
)
def test_one_pattern_of_each_class(answers: tuple[int, ...], expected: str) -> None:
    assert class_of(*answers) == expected


def test_an_answer_set_with_a_missing_item_has_no_class_even_where_the_rest_decides() -> None:
    assert class_of(None, 5, 5, 5, 1) is None


def test_four_classes_are_good_and_three_are_poor() -> None:
    sides = classify(PATTERNS, QUESTIONNAIRE).select("class", "side").unique()
    assert dict(sides.iter_rows()) == {**dict.fromkeys("ABCD", "good"), **dict.fromkeys("EFG", "poor")}
