"""What is said of time, money, theory and who took part: an example of each rule, from tables made by hand."""

from __future__ import annotations

import pytest

from indsats.economy import VERDICTS, VERDICTS_SHORT, Verdict
from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Cell, Paragraph, Reading, Table
from indsats.run import case_words, since_words
from told_tables import said, same, share, table

# --- time ------------------------------------------------------------------------------------------------------------


def test_months_shift_or_swing() -> None:
    def row(name: str, da: str) -> tuple[Cell, ...]:
        return same(name), Reading(da=da, en=da, of=name), Figure(name, 0.5, "share", 50, 100)

    made = table(
        ("indicator", "verdict", "centre"),
        row("A", "Tegn på et skift: niveauet ser ud til at være blevet lavere."),
        row("B", "Kun tilfældige udsving: intet tyder på, at niveauet har ændret sig."),
        row("C", "Bedømmes ikke: månederne består af de samme personer."),
        row("D", "En enkelt måned afviger; ellers er udsvingene tilfældige."),
    )
    assert said({"block": "trend", "indicators": ["udeblivelser"]}, made) == [
        "A: tegn på et skift: niveauet ser ud til at være blevet lavere.",
        "Enkelte måneder afviger for »D«; ellers er udsvingene tilfældige.",
        "Kun tilfældige udsving: intet tyder på, at niveauet har ændret sig for »B«.",
    ]


def test_change_since_last_report_with_chance_and_the_cause_that_is_book_keeping() -> None:
    def row(name: str, before: int, now: int, told: Text, mainly: str) -> tuple[Cell, ...]:
        return (
            same(name),
            share(f"{name}b", before, 1000),
            share(f"{name}n", now, 1000),
            Figure(f"{name}c", (now - before) / 1000, "points"),
            Reading(da=told.da, en=told.en, of=f"{name}c"),
            Reading(da="Især noget.", en="Mostly something.", of=mainly),
        )

    moved = table(
        ("indicator", "before", "now", "change", "told", "mainly"),
        row("A", 500, 600, same("Steg."), "late-a"),
        row("B", 500, 490, since_words.perhaps_chance(same("Faldt.")), "since-b"),
        row("C", 500, 500, same("Uændret."), "since-b"),
    )
    causes = table(
        ("cause", "a", "b"),
        (since_words.CAUSES["late"], Figure("late-a", 0.08, "points"), Figure("late-b", 0.0, "points")),
        (since_words.CAUSES["since"], Figure("since-a", 0.02, "points"), Figure("since-b", -0.01, "points")),
        id="causes",
    )
    assert said({"block": "since", "indicators": ["udeblivelser"]}, moved, causes) == [
        "A: steget fra 50,0 % til 60,0 %.",
        "Det meste af ændringen i »A« er sene registreringer (8,0 procentpoint).",
        "B: faldet fra 50,0 % til 49,0 %. Forskellen kan være tilfældig.",
        "C: uændret 50,0 %.",
    ]


# --- money, theory, who took part ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", list(VERDICTS))
def test_a_case_says_what_may_be_said_and_what_it_rests_on(verdict: Verdict) -> None:
    short = VERDICTS_SHORT[verdict]
    made = table(
        ("result", "value"),
        (Text(da="Hvad kan siges", en="What can be said"), short),
        (same("Netto"), Figure("case/a/result/net", -1500, "amount", denominator=90)),
        (same("Effekt"), Figure("case/a/result/effect", 0.05, "number", denominator=90, low=0.01, high=0.09)),
        (same("Skal til"), Figure("case/a/result/break-even", 0.2, "number", denominator=90)),
    )
    assert said({"block": "business_case"}, made) == [
        VERDICTS[verdict].da,
        "Nettoresultatet er −1.500 kr. pr. deltager. Det hviler på 0,050 (»Effekt«), med usikkerhed fra 0,010 til "
        "0,090.",
        "Regnestykket går først lige op ved 0,20 (»Skal til«).",
    ]


@pytest.mark.parametrize("block", ["business_case", "scenarios", "society"])
def test_a_case_that_could_not_be_made_is_told_with_its_reason(block: str) -> None:
    lacking = case_words.missing_prices([Text(da="Mentor {{time}}", en="Mentor {{hour}}")])
    [told] = said({"block": block}, Paragraph(lacking))
    assert told.startswith("Regnestykket kan ikke laves: disse priser findes ikke offentligt")
    assert told.endswith("Mentor { {time}}."), "two braces open no slot"


def test_scenarios_say_whether_they_agree() -> None:
    def of(*verdicts: Verdict) -> Table:
        rows = [
            (
                same(f"S{place}"),
                VERDICTS_SHORT[one],
                Figure(f"n{place}", 100.0 * place, "amount", denominator=90),
            )
            for place, one in enumerate(verdicts, start=1)
        ]
        return table(("scenario", "verdict", "net"), *rows)

    assert said({"block": "scenarios"}, of("unproven", "unproven"))[0].startswith(
        "I alle scenarier: ingen effekt"
    )
    told = said({"block": "scenarios"}, of("saves", "assumed"))
    assert told[0].startswith("S1: indsatsen sparer mere")
    assert told[2].startswith("Nettoresultatet pr. deltager går fra 100 kr. (S1) til 200 kr. (S2).")


def test_societys_account_is_told_on_a_condition() -> None:
    made = table(
        ("who", "value"), (Text(da="Samfundet i alt", en="Society in all"), Figure("net", 900, "amount"))
    )
    assert said({"block": "society"}, made) == [
        "For samfundet er resultatet 900 kr. pr. deltager, hvis effekten er som i scenariet."
    ]


def test_arrows_go_with_the_theory_against_it_or_are_not_shown() -> None:
    def arrow(name: str, value: float | None, p: float | None) -> tuple[Cell, ...]:
        one = None if value is None else Figure(name, value, "number")
        return (
            same(f"{name} før"),
            same(f"{name} efter"),
            one,
            None if p is None else Figure(f"{name}p", p, "p"),
        )

    made = table(
        ("cause", "effect", "association", "p"),
        arrow("A", 0.5, 0.001),
        arrow("B", -0.4, 0.01),
        arrow("C", 0.1, 0.6),
        arrow("D", None, None),
    )
    assert said({"block": "theory", "theory": "fremskudt"}, made) == [
        "»A før« og »A efter« hænger sammen, som teorien siger (0,50 på en skala fra minus til plus én).",
        "»B før« og »B efter« hænger sammen modsat det, teorien siger (−0,40 på en skala fra minus til plus én).",
        "Der er ikke påvist en sammenhæng for 1 af de 3 pile, der er målt.",
        "1 af 4 pile er ikke målt.",
        "Det er sammenhænge og ikke virkninger: noget tredje kan ligge bag.",
    ]


def test_those_who_started_differ_where_it_is_large_and_beyond_chance() -> None:
    def row(name: str, standardised: float, p: float) -> tuple[Cell, ...]:
        return (
            same(name),
            share(f"{name}s", 60, 100),
            share(f"{name}o", 40, 100),
            Figure(f"{name}d", standardised, "number"),
            Figure(f"{name}p", p, "p"),
        )

    columns = ("characteristic", "started", "others", "standardised", "p")
    block = {"block": "representativeness", "fields": ["age"]}
    made = table(
        columns, row("A", 0.4, 0.001), row("B", 0.05, 0.001), row("C", 0.4, 0.2), row("D", -0.6, 0.01)
    )
    assert said(block, made) == [
        "D: 60,0 % blandt dem, der begyndte, mod 40,0 % blandt de øvrige.",
        "A: 60,0 % blandt dem, der begyndte, mod 40,0 % blandt de øvrige.",
    ]
    [told] = said(block, table(columns, row("B", 0.05, 0.001)))
    assert told.startswith("De, der begyndte, adskiller sig ikke klart fra de øvrige")


def test_a_block_that_nothing_is_told_of_has_no_sentences() -> None:
    assert said({"block": "prices"}, table(("price", "amount"), (same("A"), 5.0))) == []
