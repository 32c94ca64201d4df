"""What is said of measurements and practice: an example of each rule, from tables made by hand."""

from __future__ import annotations

import pytest

from indsats.figure import Figure
from indsats.report import Reading, Table
from indsats.run import words
from told_tables import said, same, share, table

# --- measurements ----------------------------------------------------------------------------------------------------

NOT_COMPARED = "Ingen er sammenlignet med her, så bevægelsen kan ikke tilskrives indsatsen."


def change(low: float, high: float) -> Table:
    value = (low + high) / 2
    return table(
        ("unit", "paired", "before", "after", "change", "better", "same", "worse"),
        (
            same("Alle"),
            Figure.count("paired", 117),
            Figure("first", 3.0, "mean"),
            Figure("last", 3.0 + value, "mean"),
            Figure("change", value, "mean", low=low, high=high),
            share("better", 40, 117),
            share("same", 67, 117),
            share("worse", 10, 117),
        ),
    )


CHANGE = {"block": "change", "questionnaire": "udviklingsmaal"}


def test_change_is_told_as_more_than_chance_only_beyond_its_interval_and_never_as_the_efforts() -> None:
    told = said(CHANGE, change(0.1, 0.5))
    assert told == [
        "Tabel: gennemsnittet er steget fra 3,00 til 3,30 blandt de 117, der er målt to gange, altså bedre. "
        "Ændringen er større end tilfældige udsving.",
        "34,2 % er rykket til det bedre og 8,5 % til det værre med mere, end målefejl forklarer.",
        NOT_COMPARED,
    ]
    assert "der er ikke påvist en ændring" in said(CHANGE, change(-0.1, 0.3))[0]


def test_those_lost_who_differed_are_told_of() -> None:
    made = table(
        ("wave", "stayed-start", "left-start", "difference"),
        (
            same("Runde to"),
            Figure("s", 3.1, "mean"),
            Figure("l", 2.2, "mean"),
            Figure("d", -0.9, "mean", low=-1.2, high=-0.6),
        ),
        (
            same("Runde tre"),
            Figure("s2", 3.1, "mean"),
            Figure("l2", 3.0, "mean"),
            Figure("d2", -0.1, "mean", low=-0.4, high=0.2),
        ),
    )
    [told] = said(CHANGE, made)
    assert told.startswith(
        "De, der ikke svarede (Runde to), lå anderledes fra starten: 2,20 mod 3,10 hos dem"
    )


def test_a_profile_tells_which_way_printed_means_went() -> None:
    rows = [
        (
            same(name),
            Figure.count(f"{name}n", 50),
            Figure(f"{name}1", 3.0, "mean", 150, 50),
            Figure(f"{name}2", now, "mean", 1, 50),
        )
        for name, now in (("A", 3.4), ("B", 2.8), ("C", 3.001))
    ]
    made = table(("item", "all-people", "all-first", "all-last"), *rows)
    told = said({"block": "profile", "questionnaire": "udviklingsmaal"}, made)
    assert told[:2] == [
        "Gennemsnittet er nu højere end ved starten for »A«, altså bedre.",
        "Gennemsnittet er nu lavere end ved starten for »B«, altså dårligere.",
    ]
    assert told[2].startswith("Tabellen prøver ikke, om forskellene er tilfældige")


@pytest.mark.parametrize(
    ("p", "way"),
    [(0.35, "Det er ikke påvist, at flere"), (0.01, "Flere flytter sig op end ned, og forskellen er større")],
)
def test_transitions_have_a_way_only_by_their_test(p: float, way: str) -> None:
    people = table(
        ("unit", "people", "up", "same", "down"),
        (
            same("Alle"),
            Figure.count("n", 100),
            share("up", 30, 100),
            share("same", 55, 100),
            share("down", 15, 100),
        ),
    )
    test = table(
        ("start", "statistic", "p"),
        (same("?"), Figure("s", 1, "number"), Figure("x/all/symmetry/p", p, "p")),
        id="d",
    )
    told = said({"block": "transitions", "questionnaire": "udviklingsmaal"}, people, test)
    assert told[0].startswith("Af de 100, der er målt to gange, har 30,0 % flyttet sig op og 15,0 % ned")
    assert told[1].startswith(way)
    assert told[2] == NOT_COMPARED


def test_scores_differ_between_groups_only_beyond_chance() -> None:
    def of(high: float) -> Table:
        return table(
            ("group", "mean"),
            (same("Nord"), Figure("a", 3.0, "mean", 300, 100, low=2.9, high=3.1)),
            (same("Syd"), Figure("b", high, "mean", 300, 100, low=high - 0.1, high=high + 0.1)),
        )

    block = {"block": "scores", "questionnaire": "udviklingsmaal"}
    assert said(block, of(3.5)) == ["Tabel: højest i Syd (3,50) og lavest i Nord (3,00)."]
    assert said(block, of(3.15)) == []


def test_a_low_response_is_told_with_what_it_means() -> None:
    def of(n: int) -> Table:
        return table(
            ("round", "expected", "answered", "on-time"),
            (same("Start"), Figure.count("e", 90), share("a", 85, 90), share("t", 80, 85)),
            (same("Slut"), Figure.count("e2", 90), share("a2", n, 90), share("t2", 1, 1)),
        )

    block = {"block": "response", "questionnaires": ["udviklingsmaal"]}
    assert said(block, of(45)) == ["Tabel, Slut: kun 50,0 % af 90 svarede. De øvrige kan afvige."]
    assert said(block, of(80)) == ["Tabel: den laveste svarprocent er 88,9 % (Slut)."]


def test_what_is_due_is_told_in_all() -> None:
    made = table(
        ("place", "questionnaire", "open", "late", "missed"),
        (same("Nord"), same("Skema"), Figure.count("a", 12), share("l", 6, 12), Figure.count("m", 7)),
        (words.ALL_UNITS, same("Skema"), Figure.count("b", 30), share("l2", 15, 30), Figure.count("m2", 9)),
    )
    assert said({"block": "due"}, made) == ["Skema: 30 mangler nu, heraf 50,0 % forsinkede."]


# --- practice --------------------------------------------------------------------------------------------------------


def test_a_barometer_tells_both_levels_the_gap_and_places_outside() -> None:
    columns = ("place", "participants", "answered", "said", "measured", "gap")
    whole = (
        same("Alle"),
        share("p", 200, 1000),
        share("q", 800, 1000),
        share("s", 850, 1000, 0.83, 0.87),
        share("m", 700, 1000, 0.67, 0.73),
        Figure("g", 0.15, "points"),
    )
    far = Reading(da="Klart under", en="Clearly below", of="a")
    funnel = table(
        ("place", "level", "centre", "signal"),
        (same("Nord"), share("a", 50, 100), share("c", 800, 1000), far),
        (same("Syd"), share("b", 79, 100), share("c", 800, 1000), None),
        id="f",
    )
    assert said({"block": "barometer"}, table(columns, whole), funnel) == [
        "80,0 % af kravene er opfyldt; 20,0 % af deltagerne har alle krav opfyldt.",
        "Kravene er oftere besvaret som opfyldt, end datoerne viser: 85,0 % mod 70,0 %.",
        "Nord ligger på 50,0 % mod 80,0 % for alle: klart under.",
    ]


def test_places_within_the_funnel_are_not_ranked() -> None:
    made = table(
        ("place", "level", "centre", "signal"),
        (same("Nord"), share("a", 50, 100), share("c", 800, 1000), None),
        (same("Syd"), share("b", 79, 100), share("c", 800, 1000), None),
    )
    [told] = said({"block": "barometer"}, made)
    assert told.startswith("Intet sted ligger uden for det, tilfældet kan give")


def test_requirements_tell_the_ends_and_where_answers_and_dates_disagree() -> None:
    each = table(
        ("requirement", "answered", "contradicted"),
        (same("A"), share("a", 900, 1000, 0.88, 0.92), share("ca", 300, 1000)),
        (same("B"), share("b", 400, 1000, 0.37, 0.43), share("cb", 100, 1000)),
    )
    one = table(
        ("place", "participants", "answered", "measured"),
        (same("Nord"), share("p", 200, 1000), share("q", 800, 1000), share("m", 700, 1000)),
        id="o",
    )
    assert said({"block": "requirements"}, one, each) == [
        "80,0 % af kravene er opfyldt; 20,0 % af deltagerne har alle krav opfyldt.",
        "Højest er opfyldelsen af »A« (90,0 %), lavest af »B« (40,0 %).",
        "For »A« er svar og datoer uenige i 30,0 % af sagerne; læs svaret varsomt.",
    ]


def test_phases_tell_where_most_are() -> None:
    made = table(
        ("phase", "begun", "open"),
        (same("Først"), Figure.count("b", 9), Figure.count("a", 40)),
        (same("Så"), Figure.count("d", 9), Figure.count("c", 11)),
    )
    assert said({"block": "phases"}, made) == ["Flest er i fasen »Først«, da perioden slutter: 40."]
