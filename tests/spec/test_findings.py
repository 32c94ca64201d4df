"""What the numbers of a block say: an example of each rule on targets, places and effects, from tables made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import pytest

from indsats import library, programme
from indsats.figure import Figure, Status, Unit
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import Cell, Light, Reading, Table
from indsats.run import Material, target_words, tried, words
from indsats.run.findings import sentences
from indsats.run.findings_targets import UNANSWERED
from indsats.run.plans import Deviation, Entry, Plan
from told_tables import BLOCK, filled, found, said, same, share, table

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
        target("D", share("o4", 740, 1000), share("d", 700, 1000, 0.66, 0.75), "near", words.FROM_OTHERS),
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
        "Indsatsen har lidt dårligere resultater end de øvrige enheder for »D«: 70,0 % mod 74,0 %. "
        "Forskellen kan være tilfældig.",
        "Indsatsen har dårligere resultater end de øvrige enheder for »C«: 50,0 % mod 74,0 %.",
    ]


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
    assert said(PLACES, made) == ["A: højest i Two (14,7 %), lavest i One (7,0 %), blandt dem med tal nok."]


# --- evaluations -----------------------------------------------------------------------------------------------------

EVALUATION = {"block": "evaluation", "evaluation": "virkning"}
FIRST, SECOND = "selvforsoergelse", "job-uddannelse"
MAIN = "Tvillinger"


def effects(*rows: tuple[str, float, float, float]) -> Table:
    """Outcome, difference and its interval, of the main estimate; both groups' levels fit the difference."""
    body: list[tuple[Cell, ...]] = []
    for outcome, value, low, high in rows:
        stem = f"effect/virkning/{outcome}/matched"
        one, two = share(f"{stem}/treated", 300, 1000), Figure(f"{stem}/untreated", 0.3 - value, "share")
        gap = Figure(f"{stem}/difference", value, "points", low=low, high=high)
        body.append((same(outcome.capitalize()), same(MAIN), one, two, gap))
    return table(("outcome", "method", "treated", "untreated", "difference"), *body, id="effects")


def corrected(**p: float) -> Table:
    rows = [
        (same(key), Figure(f"several/virkning/{key.replace('_', '-')}/p-adjusted", value, "p"))
        for key, value in p.items()
    ]
    return table(("outcome", "adjusted"), *rows, id="several")


def doubt(weight: Literal["grave", "doubt"], about: str = MAIN) -> Table:
    level = tried.SEVERITY[weight]
    return table(("weight", "about", "doubt"), (level, same(about), same("…")), id="doubts")


def planned(*, in_time: bool = True, changed: int = 0) -> Plan:
    entry = Entry("registered", datetime(2016, 1, 1, tzinfo=UTC), "x", 1, "virkning", "0" * 64, {})
    rows = [Deviation("outcomes", str(n), "changed" if n < changed else "as planned") for n in range(5)]
    return Plan(entry, None, tuple(rows), in_time)


def test_certain_only_when_the_interval_excludes_zero_after_the_correction() -> None:
    told = said(
        EVALUATION,
        effects((FIRST, 0.05, 0.02, 0.08), (SECOND, 0.03, 0.001, 0.06)),
        corrected(selvforsoergelse=0.002, job_uddannelse=0.08),
        plan=planned(),
    )
    assert told[1:] == [
        "Selvforsoergelse: 30,0 % i indsatsgruppen mod 25,0 % i sammenligningsgruppen, altså højere (forskel 5,0 "
        "procentpoint, usikkerhed fra 2,0 til 8,0). Forskellen er statistisk sikker.",
        "Job-uddannelse: 30,0 % i indsatsgruppen mod 27,0 % i sammenligningsgruppen, altså højere (forskel 3,0 "
        "procentpoint, usikkerhed fra 0,1 til 6,0). Det tyder på en forskel, men den kan være tilfældig, når flere "
        "effektmål prøves på én gang.",
    ]


def test_matched_groups_are_an_effect_only_on_a_condition() -> None:
    told = said(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), plan=planned())
    assert told[0].endswith("en forskel er kun en virkning, hvis de også ligner hinanden på resten.")


def test_zero_in_the_interval_is_not_shown_and_not_no_effect() -> None:
    told = said(EVALUATION, effects((FIRST, -0.01, -0.04, 0.02), (SECOND, 0.01, -0.02, 0.04)), plan=planned())
    assert told[1:] == [
        "Selvforsoergelse: der er ikke påvist en forskel (30,0 % i indsatsgruppen mod 31,0 % i sammenligningsgruppen). "
        "Alt fra −4,0 til 2,0 procentpoint er foreneligt med tallene.",
        "Der er heller ikke påvist en forskel i »Job-uddannelse«.",
    ]


@pytest.mark.parametrize("about", [MAIN, "Opfølgning", "Kontroludfald"])
def test_a_grave_reservation_about_the_main_estimate_takes_the_certainty_away(about: str) -> None:
    told = said(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), doubt("grave", about), plan=planned())
    assert told[0].startswith("En forskel må her ikke læses som en virkning")
    assert told[1].endswith("Forskellen er større end tilfældet, men må ikke læses som en virkning.")


def test_a_reservation_about_another_method_does_not() -> None:
    told = said(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), doubt("grave", "Rå forskel"), plan=planned())
    assert told[-1].endswith("Forskellen er statistisk sikker.")


def test_lesser_reservations_are_pointed_at() -> None:
    told = said(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), doubt("doubt"), plan=planned())
    assert told[-1] == "Der er forbehold ved sammenligningen; de står i tabellen over forbehold."


def test_what_was_not_planned_is_exploration() -> None:
    for plan in (None, planned(in_time=False)):
        told = said(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), plan=plan)
        assert told[-1].endswith("læs resultatet som en afsøgning.")


def test_an_adjusted_difference_does_not_stand_beside_levels_it_is_not_of() -> None:
    made = effects((FIRST, 0.05, 0.02, 0.08))
    row = (
        *made.rows[0][:3],
        Figure("effect/virkning/selvforsoergelse/matched/untreated", 0.9, "share"),
        made.rows[0][4],
    )
    told = said(EVALUATION, table([column.id for column in made.columns], row), plan=planned())
    assert told[1].startswith(
        "Selvforsoergelse: højere i indsatsgruppen, når der er taget højde for det kendte (forskel"
    )


def test_drawing_lots_lets_a_difference_be_an_effect() -> None:
    trial = programme.load(library.definition_path("supported-work"))
    name = next(key for key, one in trial.evaluations.items() if one.design == "randomised")
    outcome = trial.evaluations[name].outcomes[0].id
    gap = Figure(f"effect/{name}/{outcome}/raw/difference", 5, "amount", low=1, high=9)
    made = table(
        ("outcome", "method", "treated", "untreated", "difference"), (same("A"), same("Rå"), None, None, gap)
    )
    asked = BLOCK.validate_python({"block": "evaluation", "evaluation": name})
    told = sentences(asked, [made], Material(trial, None, None, None))
    assert (
        filled(told[0], "en")
        == "The effort was given by drawing lots, so a difference beyond chance can be read as an effect."
    )


def test_who_is_compared_is_told() -> None:
    made = table(
        ("step", "persons"),
        (words.TREATED, Figure.count("evaluation/virkning/treated", 120)),
        (words.UNTREATED, Figure.count("evaluation/virkning/untreated", 340)),
        id="population",
    )
    told = said(EVALUATION, made, effects((FIRST, 0.05, 0.02, 0.08)), plan=planned())
    assert told[0].startswith("Sammenligningen er af 120 i indsatsgruppen og 340 i sammenligningsgruppen")


def test_a_plan_is_told_with_the_number_of_departures() -> None:
    block = {"block": "plan", "evaluation": "virkning"}
    assert said(block, plan=planned(changed=2)) == [
        "Planen blev registreret, før udfaldene blev læst.",
        "Evalueringen afviger fra planen på 2 af 5 punkter.",
    ]
    assert said(block, plan=planned())[1:] == ["Evalueringen følger planen."]
    assert said(block) == ["Der er ingen plan fra før, udfaldene blev læst; læs resultatet som en afsøgning."]
