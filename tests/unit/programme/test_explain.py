"""A definition printed back: whole, exact, the same in both languages, and readable as a page."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from indsats import library
from indsats.language import LANGUAGES, Lang
from indsats.programme import Programme, Text, explain, load
from indsats.programme.explain_casework import phase_order
from indsats.programme.explain_effects import chains
from indsats.programme.fields import parts
from tiny_definition import change, write

NOT_TOLD = {"reports", "templates", "documents", "states", "tables"}
"""Parts that say how results are shown or where data come from, not what the programme is."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return load(write(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module", params=["tiny", "fremskudt-indsats"])
def programme(request: pytest.FixtureRequest, tiny: Programme) -> Programme:
    return tiny if request.param == "tiny" else load(library.definition_path(request.param))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_the_programme_is_stands_in_it(programme: Programme, lang: Lang) -> None:
    page = explain(programme, lang)
    told = [
        text.in_(lang)
        for path, text in parts(programme, Text)
        if path[0] not in NOT_TOLD and path[-1] != "note"
    ]
    # A sentence gets a capital letter and a full stop where it has none.
    missing = [text for text in told if text.rstrip(".")[1:] not in page]
    assert missing == []


def test_decisions_are_told_with_their_reasons(programme: Programme) -> None:
    page = explain(programme)
    _, _, decisions = page.partition("## Valg, hvor dokumenterne intet siger")
    named = [text.da for path, text in parts(programme, Text) if path[-1] == "note"]
    assert sum(one.rstrip(".")[1:] in decisions for one in named) == decisions.count("\n- ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_a_page_with_headings_in_order(programme: Programme, lang: Lang) -> None:
    lines = explain(programme, lang).split("\n")
    headings = [
        (number, len(line) - len(line.lstrip("#")))
        for number, line in enumerate(lines)
        if line.startswith("#")
    ]
    assert headings[0] == (0, 1)
    for (number, level), (following, deeper) in pairwise(headings):
        assert deeper <= level + 1
        between = [line for line in lines[number + 1 : following] if line]
        assert between or deeper == level + 1, f"nothing under {lines[number]}"
        assert lines[following - 1] == ""
        assert lines[following + 1] == ""
    assert "\n\n\n" not in "\n".join(lines)


def test_both_languages_have_the_same_points(programme: Programme) -> None:
    danish, english = (explain(programme, lang).split("\n") for lang in LANGUAGES)
    assert len(danish) == len(english)
    shapes = [
        [re.sub(r"^(\s*- |#+ ).*", r"\1", line) if line else "" for line in page]
        for page in (danish, english)
    ]
    for one, other in zip(*shapes, strict=True):
        assert bool(one) == bool(other)
        assert one.startswith(("-", " ", "#")) == other.startswith(("-", " ", "#"))


def test_no_rule_is_left_in_the_language_of_rules(programme: Programme) -> None:
    for lang in LANGUAGES:
        page = explain(programme, lang)
        assert not re.search(r"[!=<>]=|\bin \[|\bNone\b|\bP\d+[YMWD]\b", page)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("da", "- **Unge**. Kendes på, at alder er under 30 og køn ikke er »x«."),
        ("da", "- **Voksne**. Afgøres ved visitationen."),
        ("da", "- **Loven**: Paragraf. Varer 1 år."),
        ("da", "Visitationer tæller med, når slutdato ikke er oplyst eller slutdato er tidligst startdato."),
        (
            "da",
            "- Begyndt 1. januar 2016 – 31. maj 2016: »Unge« og »Voksne« tæller. Først vælges den med den seneste "
            "startdato, så målgrupperne i den nævnte rækkefølge. »Voksne« viger, hvis der også er en visitation i et "
            "senere vindue.",
        ),
        ("da", "Udfaldene er Med (60\u00a0%) eller Uden (40\u00a0%). Lodtrækningen balanceres på Køn."),
        ("da", "- Væk (når alder er over 64)"),
        ("da", "- Begynder ved »Møde«, hvor udfald er »Ja«."),
        ("da", "- Slutter ved en placering, eller når forløbet slutter."),
        ("da", "- Springes over, hvis der forinden er en aftale, hvor type er »Aftale«."),
        (
            "da",
            "  - Besvares med ja, delvist eller nej (delvist er ikke nok), senest 2 måneder efter at fasen begyndte.",
        ),
        ("da", "  - Ikke relevant, når der er en pause."),
        ("da", "  - Grunde til nej: »Syg«."),
        ("da", "Bør være den samme person gennem »Åbning« og »Søgning«."),
        ("da", "- **Stamme** (»Sagsbehandler«): højst 40 sager (et sted kan vælge selv)."),
        ("da", "- **Opsøgende**: Nord (»Fælles«; 4 åbningsdage om ugen)."),
        ("da", "- **Centralt** (kun til sammenligning): By."),
        (
            "da",
            "- **Aftale** (aftaler af typen »Aftale«):\n  - Underskrevet (ja eller nej)\n  - Længde (Kort eller Lang)",
        ),
        (
            "da",
            "- For placeringer skal det gælde, at slutdato er tidligst startdato.\n  - Ellers siges: »Slut«",
        ),
        (
            "da",
            "Det besvares af »Sagsbehandler«. Udfyldes hver 6. måned.",
        ),
        (
            "da",
            "- **Sum** = summen af alle spørgsmål; mindst 2 skal være besvaret, og mangler der svar, regnes de som "
            "gennemsnittet af de øvrige. Lav: til og med 3; Høj: fra 4. Sammenlignes med »Alle« (4,5).",
        ),
        ("da", "  - **C** C: alle øvrige (»Dårlig«)"),
        (
            "da",
            "Af periodens møder, hvor udfald er afholdt eller udeblivelse: andelen, hvor udfald er udeblivelse.",
        ),
        (
            "en",
            "Of enrolments followed for 26 weeks: the share that by then have placements. Higher is better.",
        ),
        (
            "en",
            "the share that since enrolment have had a period of hours where type is ordinary hours and hours a week",
        ),
        ("en", "Of those who answered “Home” in the wave “Later”: the share that answered “High”."),
        (
            "en",
            "Of those who answered “Ours” at the first measurement of the period: the share that answered 4 or 5.",
        ),
        ("en", "- “No-shows” in “Outreach”: at most 20%; within 10% of the target it is nearly met."),
        ("en", "- “Held” in “Outreach”: at least the level of the other units;"),
        ("en", "- Talk → Trust (not examined, through Heard) → Work (not examined)"),
        ("en", "- Included are those for whom age is at least 18."),
        ("en", "- Outcome: Job (at least 2 weeks in “Working” among weeks 1–52 after the start)."),
        ("en", "- “schooling2” = “School” × “School”."),
        (
            "en",
            "- **Hour** (cost): 300 DKK an hour, between 250 and 350, 2016 prices; paid by “Lead”; "
            "the municipality 80% and the state 20%.",
        ),
        ("da", "- **Hjælp** (offentlig ydelse): som »aid« i prisbogen (kr. om ugen)."),
        ("en", "- **Talking** (running): a meeting in the service “Talks”, each 1.5 times “Hour”."),
        ("da", "  - Ellers ville en deltager have fået 2 gange prisen."),
        (
            "da",
            "- **Lokaler** (opstart): fast, uanset hvor mange der er med i »Opsøgende«, til prisen »Husleje«.",
        ),
        ("da", "- **Ledelse**: 20\u00a0% (mellem 10\u00a0% og 30\u00a0%) oven i »Snakke«."),
        (
            "en",
            "- **Less aid** (people in jobs): the effect is counted in years, and each of them is −1 times “Aid”.\n"
            "  - Year 1: the effect on “Job” in “To work”.",
        ),
        ("da", "  - År 1: 2 (fra 1 til 3).\n  - År 2: 1.\n  - Er arbejde: færre timer giver mindre."),
        ("en", "  - Its uncertainty is that of “Less aid”."),
        (
            "en",
            "- **Slow**: Little. Counts on the end of the interval that is worth least. The effect lasts 18 months. "
            "After that it fades over 2 years. Counts on 70% of the hours. Counts on 110% of the cost. "
            "Others lose 25% of what is gained.",
        ),
        (
            "da",
            "  - Eget: Hvad borgeren har tilbage af »Timeløn« ved siden af »Hjælp« ved 1, 3, 5, 10, 15, 20 og 37",
        ),
        ("en", "  - Case: Cost and gain to each payer year by year in the scenario “Half”,"),
        ("en", "- **Half**: Half the effect. Counts on 50% of the effect. The effect lasts 2 years."),
        ("en", "- Gap: **3 months** (from 1 to 6)."),
    ],
)
def test_it_says(lang: Lang, sentence: str, tiny: Programme) -> None:
    assert sentence in explain(tiny, lang)


def test_phases_stand_in_the_order_people_go_through_them(tmp_path: Path) -> None:
    change(
        write(tmp_path),
        "phases:\n",
        "phases:\n  last: {title: {da: Sidst, en: Last}, about: {da: S, en: L}, follows: [search], source: L23,\n"
        "    starts: [{kind: exit}]}\n",
    )
    assert phase_order(load(tmp_path).phases) == ["opening", "search", "last"]


def test_phases_in_a_circle_are_all_told(tiny: Programme) -> None:
    around = {
        name: phase.model_copy(update={"entry": False, "follows": [other]})
        for (name, phase), other in zip(tiny.phases.items(), ["search", "opening"], strict=True)
    }
    assert phase_order(around) == ["opening", "search"]


def test_every_arrow_of_a_theory_stands_in_one_chain(programme: Programme) -> None:
    for theory in programme.theories.values():
        laid = [link for chain in chains(theory) for link in chain]
        assert sorted(map(str, laid)) == sorted(map(str, theory.links))
        for chain in chains(theory):
            assert all(one.effect == other.cause for one, other in pairwise(chain))


def test_the_same_definition_gives_the_same_text(tiny: Programme) -> None:
    assert explain(tiny) == explain(Programme.model_validate(tiny.model_dump(mode="json", by_alias=True)))
