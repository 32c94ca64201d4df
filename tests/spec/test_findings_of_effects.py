"""What the numbers of an evaluation say: an example of each rule on effects, from tables made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from indsats import library, programme
from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Cell, Findings, Paragraph, ProtectedFigure, Table
from indsats.report.passages import settled
from indsats.report.texts import say
from indsats.run import Material, tried, words
from indsats.run.findings import sentences
from indsats.run.plans import Deviation, Entry, Plan
from told_tables import BLOCK, filled, found, said, same, share, table

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
        "Der er ikke påvist en forskel i »Job-uddannelse«.",
    ], "each sentence rests on the outcomes it names alone"


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


def test_a_main_method_that_failed_is_all_that_is_told_where_another_did_not() -> None:
    stem = f"effect/virkning/{SECOND}"
    made = effects((FIRST, 0.05, 0.02, 0.08))
    rows = (
        *made.rows,
        (same("Job"), same(MAIN), None, None, Figure(f"{stem}/matched/difference", None, "points")),
        (
            same("Job"),
            same("Rå"),
            share("t", 3, 10),
            share("u", 2, 10),
            Figure(f"{stem}/raw/difference", 0.1, "points", low=-0.1, high=0.3),
        ),
    )
    told = said(EVALUATION, table([column.id for column in made.columns], *rows), plan=planned())
    assert told[-1] == "Hovedmetoden kunne ikke bruges på »Job« i disse data."


@pytest.mark.parametrize("said_by", [words.NOBODY_TO_COMPARE, words.NO_REGISTER])
def test_an_evaluation_that_could_not_be_made_is_told_in_the_words_of_its_block(said_by: Text) -> None:
    assert said(EVALUATION, Paragraph(said_by)) == [said_by.da]


@pytest.mark.parametrize(
    ("twins", "start"),
    [(300, "Sammenligningen er af 300 i"), (74, "Sammenligningen er gjort ud af 300 i")],
)
def test_persons_who_found_no_twin_are_not_told_as_compared(twins: int, start: str) -> None:
    population = table(
        ("step", "persons"),
        (words.TREATED, Figure.count("evaluation/virkning/treated", 300)),
        (words.UNTREATED, Figure.count("evaluation/virkning/untreated", 700)),
        id="population",
    )
    stem = f"effect/virkning/{FIRST}/matched"
    made = effects((FIRST, 0.05, 0.02, 0.08))
    levels = share(f"{stem}/treated", 30, twins), share(f"{stem}/untreated", 25, 700 * twins // 300)
    row = (*made.rows[0][:2], *levels, made.rows[0][4])
    [first, *_] = found(EVALUATION, population, table([one.id for one in made.columns], row), plan=planned())
    assert filled(first, "da").startswith(start)
    assert ("ikke alle indgår" in first.text.da) == ("not all are part" in first.text.en) == (twins < 300)
    assert {figure.id for figure in levels} <= set(first.of)


@pytest.mark.parametrize("weight", ["grave", "doubt"])
def test_how_a_difference_is_to_be_read_is_gone_when_no_difference_is_left(
    weight: Literal["grave", "doubt"],
) -> None:
    told = found(EVALUATION, effects((FIRST, 0.05, 0.02, 0.08)), doubt(weight))
    hidden = {key: ProtectedFigure(key, None, "points", hidden=True) for one in told for key in one.of}
    hidden |= {
        one.figure.id: ProtectedFigure(one.figure.id, None, "points", hidden=True)
        for sentence in told
        for one in sentence.told.values()
    }
    assert len(told) > 2
    assert settled(Findings("f", told), hidden).text.da == say("findings-none", "da")


def test_who_is_compared_is_told() -> None:
    made = table(
        ("step", "persons"),
        (words.TREATED, Figure.count("evaluation/virkning/treated", 120)),
        (words.UNTREATED, Figure.count("evaluation/virkning/untreated", 340)),
        id="population",
    )
    told = said(EVALUATION, made, effects((FIRST, 0.05, 0.02, 0.08)), plan=planned())
    assert told[0].startswith(
        "Sammenligningen er gjort ud af 120 i indsatsgruppen og 340 i sammenligningsgruppen"
    )


def test_a_plan_is_told_with_the_number_of_departures() -> None:
    block = {"block": "plan", "evaluation": "virkning"}
    assert said(block, plan=planned(changed=2)) == [
        "Planen blev registreret, før udfaldene blev læst.",
        "Evalueringen afviger fra planen på 2 af 5 punkter.",
    ]
    assert said(block, plan=planned())[1:] == ["Evalueringen følger planen."]
    assert said(block) == ["Der er ingen plan fra før, udfaldene blev læst; læs resultatet som en afsøgning."]
