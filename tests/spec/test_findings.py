"""What the numbers of a block say: an example of each rule on targets and places, from tables made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.figure import Figure, Status, Unit
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Cell, Light, Reading
from indsats.run import target_words, words
from indsats.run.findings.targets import UNANSWERED
from told_tables import filled, found, said, same, share, table

# --- targets ---------------------------------------------------------------------------------------------------------

TARGETS = ("indicator", "target", "realised", "status", "why", "basis")


def target(
    title: str,
    goal: Figure | None,
    realised: Figure,
    status: Status,
    basis: Text = words.FIXED,
    why: Text | None = None,
) -> tuple[Cell, ...]:
    reason = None if why is None else Reading(da=why.da, en=why.en)
    return same(title), goal, realised, Light(status), reason, basis


def of_targets(*rows: tuple[Cell, ...], indicators: Sequence[str], lang: Lang = "da") -> list[str]:
    block = {"block": "targets", "unit": "ub", "indicators": list(indicators)}
    return said(block, table(TARGETS, *rows), lang=lang)


def goal(value: float, unit: Unit = "share") -> Figure:
    return Figure("goal", value, unit, given=True)


def test_targets_are_told_met_then_near_then_missed_with_both_numbers() -> None:
    told = of_targets(
        target("A", goal(0.7), share("a", 400, 1000), "not_met"),
        target("B", goal(0.7), share("b", 690, 1000), "near"),
        target("C", goal(0.7), share("c", 710, 1000), "met"),
        indicators=["rettidighed-samtaler", "rettidighed-aktivering", "forloeb-job-52-uger"],
    )
    assert told == [
        "Indsatsen har indfriet målet om »C«: 71,0 % mod et mål på mindst 70,0 %.",
        "Indsatsen er tæt på målet om »B«, men har ikke indfriet det: 69,0 % mod et mål på mindst 70,0 %.",
        "Indsatsen har ikke indfriet målet om »A«: 40,0 % mod et mål på mindst 70,0 %.",
    ]


def test_a_target_that_is_better_low_is_at_most() -> None:
    [told] = of_targets(
        target("A", goal(0.1), share("a", 90, 1000), "met"), indicators=["udeblivelser"], lang="en"
    )
    assert told == "The effort has met the target of “A”: 9.0% against a target of at most 10.0%."


def test_the_level_of_others_is_better_poorer_or_the_same_as_printed() -> None:
    """004 L1103: 13.1 per cent against 13.1 per cent is the same level."""
    told = of_targets(
        target("A", share("o1", 131, 1000), share("a", 1310, 10000), "met", words.FROM_OTHERS),
        target("B", share("o2", 740, 1000), share("b", 810, 1000, 0.785, 0.833), "met", words.FROM_OTHERS),
        target("C", share("o3", 740, 1000), share("c", 500, 1000, 0.47, 0.53), "not_met", words.FROM_OTHERS),
        target("D", share("o4", 740, 1000), share("d", 720, 1000, 0.70, 0.735), "near", words.FROM_OTHERS),
        indicators=[
            "udeblivelser",
            "rettidighed-samtaler",
            "rettidighed-aktivering",
            "afgange-job-uddannelse",
        ],
    )
    assert told == [
        "Indsatsen ligger på samme niveau som de øvrige enheder for »A«: 13,1 %.",
        "Indsatsen har bedre resultater end de øvrige enheder for »B«: 81,0 % mod 74,0 %.",
        "Indsatsen har lidt dårligere resultater end de øvrige enheder for »D«: 72,0 % mod 74,0 %.",
        "Indsatsen har dårligere resultater end de øvrige enheder for »C«: 50,0 % mod 74,0 %.",
    ]


def test_what_lies_within_the_uncertainty_is_neither_better_nor_poorer() -> None:
    made = [
        target("A", share("o1", 760, 1000), share("a", 800, 1000, 0.75, 0.85), "met", words.FROM_OTHERS),
        target("B", share("o2", 810, 1000), share("b", 800, 1000, 0.75, 0.85), "near", words.FROM_OTHERS),
        target("C", share("o3", 840, 1000), share("c", 800, 1000, 0.75, 0.85), "not_met", words.FROM_OTHERS),
    ]
    indicators = ["rettidighed-samtaler", "rettidighed-aktivering", "afgange-job-uddannelse"]
    told = of_targets(*made, indicators=indicators)
    assert told[0] == (
        "Indsatsen kan ikke skelnes fra de øvrige enheder, når det gælder »A«: 80,0 % mod 76,0 %. "
        "Forskellen kan være tilfældig."
    )
    assert len(told) == sum("kan ikke skelnes fra" in one for one in told) == 3
    told = of_targets(*made, indicators=indicators, lang="en")
    assert sum("cannot be told from the other units" in one for one in told) == 3


def test_a_small_base_is_told() -> None:
    """004 L1136 tells that 42 per cent are of 31 citizens."""
    [told] = of_targets(
        target("A", goal(0.7), share("a", 13, 31), "not_met"), indicators=["forloeb-placering-26-uger"]
    )
    assert told.endswith("41,9 % mod et mål på mindst 70,0 %. Grundlaget er 31 i alt.")


def test_what_is_not_measurable_is_told_with_its_reason_and_no_target_is_not() -> None:
    told = of_targets(
        target("A", goal(0.05), share("a", 0, 0), "not_measurable", why=target_words.WHY["not_followed"]),
        target("B", goal(0.05), share("b", 0, 0), "not_measurable", why=target_words.WHY["not_followed"]),
        target("C", None, share("c", 9, 20), "not_measurable", words.NO_TARGET),
        indicators=["forloeb-job-52-uger", "forloeb-placering-26-uger", "sanktioner"],
    )
    assert told == [
        "Målet er endnu ikke målbart for »A« og »B«: ingen er fulgt længe nok endnu.",
    ]


def test_too_few_is_told_from_the_figures_that_are_few() -> None:
    block = {"block": "targets", "unit": "ub", "indicators": ["udeblivelser"]}
    [one] = found(block, table(TARGETS, target("A", goal(0.5), share("a", 1, 3), "too_few")))
    assert filled(one, "da") == "Der er for få til at sige, om målet er nået for »A«."
    assert "a" in one.of, "so that it goes where they are hidden"


def test_another_unit_is_told_by_its_name() -> None:
    block = {"block": "targets", "unit": "jki-1", "indicators": ["udeblivelser"]}
    [told] = said(block, table(TARGETS, target("A", goal(0.1), share("a", 90, 1000), "met")))
    assert told.startswith("Jobindsats 1 har indfriet")


# --- missed targets and places ---------------------------------------------------------------------------------------


def test_explanations_that_are_asked_for_are_counted_and_the_missing_named() -> None:
    columns = ("indicator", "target", "realised", "status", "explanation")
    late = Reading(da="Mangler. Svar senest i går.", en="Missing. Answer by yesterday.")
    given = Reading(da="Givet i går: fordi.", en="Given yesterday: because.")
    made = table(
        columns,
        (same("A"), goal(0.5), share("a", 10, 100), Light("not_met"), late),
        (same("B"), goal(0.5), share("b", 10, 100), Light("not_met"), given),
        (same("C"), goal(0.5), share("c", 90, 100), Light("met"), None),
    )
    block = {"block": "deviations", "unit": "ub", "indicators": ["udeblivelser"]}
    assert said(block, made) == [
        "Der er bedt om en forklaring for 2 af 3 mål; 1 er givet.",
        "Der er endnu ingen forklaring på, at målet om »A« ikke er indfriet.",
    ]


def test_an_explanation_that_has_not_come_is_known_by_the_words_of_its_table() -> None:
    given = target_words._GIVEN  # pyright: ignore[reportPrivateUsage]
    assert {given["missing"].da, given["awaited"].da} == set(UNANSWERED)
    assert not any(given[one].da.startswith(UNANSWERED) for one in ("in_time", "late"))


PLACES = {"block": "indicators", "indicators": ["udeblivelser", "afbud"]}


def test_highest_and_lowest_only_where_they_differ_by_more_than_chance() -> None:
    made = table(
        ("indicator", "one", "two"),
        (same("A"), share("a1", 70, 1000, 0.056, 0.087), share("a2", 147, 1000, 0.126, 0.170)),
        (same("B"), share("b1", 70, 1000, 0.056, 0.087), share("b2", 80, 1000, 0.065, 0.098)),
        (same("C"), Figure.count("c1", 10, low=5, high=18), Figure.count("c2", 90, low=72, high=110)),
    )
    assert said(PLACES, made) == [
        "A: højest i Two (14,7 %), lavest i One (7,0 %).",
        "Enhederne kan ikke skelnes, når det gælder »B«: forskellene kan være tilfældige.",
    ], "plain counts are of places that are not equally large"


def test_where_several_places_are_alike_at_one_end_none_of_them_is_named() -> None:
    made = table(
        ("indicator", "one", "two", "three"),
        (
            same("A"),
            share("a1", 0, 900, 0.0, 0.004),
            share("a2", 0, 1000, 0.0, 0.004),
            share("a3", 300, 1000, 0.27, 0.33),
        ),
    )
    assert said(PLACES, made) == ["A: højest i Three (30,0 %), lavest flere steder (0,0 %)."]


def test_a_small_place_is_not_compared_and_that_is_told() -> None:
    made = table(
        ("indicator", "one", "two", "three"),
        (
            same("A"),
            share("a1", 70, 1000, 0.056, 0.087),
            share("a2", 147, 1000, 0.126, 0.170),
            share("a3", 3, 4, 0.30, 0.95),
        ),
    )
    assert said(PLACES, made) == [
        "A: højest i Two (14,7 %), lavest i One (7,0 %), blandt dem, hvor tallene er store nok."
    ]


def test_that_there_are_no_numbers_is_told_and_goes_where_one_is_hidden() -> None:
    made = table(("indicator", "one"), (same("A"), share("a", 0, 0)))
    [one] = found(PLACES, made)
    assert (filled(one, "da"), one.of) == ("Der er ingen tal at sige noget om.", ("a",))
    assert found(PLACES, table(("indicator", "one"), (same("A"), share("a", 1, 40)))) == ()
