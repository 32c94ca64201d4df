"""Figures of measurement made anew: each by hand, what is refused, and that another count gives another figure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indsats.replicate.compare import Value, rounded
from indsats.replicate.printed import PrintedFigure
from indsats.replicate.recipes import recompute
from indsats.replicate.remeasured import whole_counts

SOCIAL = {"programme": "social-stoette-i-job"}
FORM = {"programme": "fremskudt-indsats", "questionnaire": "udviklingsmaal", "year": 2014}
FIDELITY = {"programme": "flere-skal-med", "questionnaire": "fidelitet"}
ROW = {"good": 20, "poor": 6, "job-uddannelse": 3, "others": 11}
BIP = {**SOCIAL, "questionnaire": "bip", "item": "cti_vurdering"}


def made(recipe: str, **make: Any) -> Value:
    text = {"da": "tal", "en": "figure"}
    entry = {"id": "x", "what": text, "line": "L1", "printed": 0, "decimals": 0, "inputs": "L1"}
    return recompute(PrintedFigure.model_validate({**entry, "make": {"recipe": recipe, **make}}))


@pytest.mark.parametrize(
    ("questionnaire", "score", "edition", "lowest", "highest"),
    [
        ("who5", "trivsel", None, 0, 100),
        ("who5", "trivsel", "projektets-skema", 0, 100),
        ("gse", "tro", None, 10, 40),
        ("fidelitet", "kerneelementer", None, 1, 4),
    ],
)
def test_the_ends_of_a_score(
    questionnaire: str, score: str, edition: str | None, lowest: float, highest: float
) -> None:
    of = {**SOCIAL, "questionnaire": questionnaire, "score": score, "edition": edition}
    assert (made("score_end", end="lowest", **of), made("score_end", end="highest", **of)) == (
        lowest,
        highest,
    )


@pytest.mark.parametrize(
    ("value", "band"),
    [(0, "stor-risiko"), (35, "stor-risiko"), (36, "risiko"), (47.2, "risiko"), (51, "ikke-umiddelbar")],
)
def test_the_band_of_a_value(value: float, band: str) -> None:
    assert made("band", **SOCIAL, questionnaire="who5", score="trivsel", value=value) == band


@pytest.mark.parametrize(("level", "percent"), [("lav", 14), ("mellem", 16), ("hoej", 69)])
def test_a_row_of_per_cents_that_sums_to_99_comes_of_436_whole_answers(level: str, percent: int) -> None:
    value = made("level_percent", **BIP, of=436, percents={"lav": 14, "mellem": 16, "hoej": 69}, level=level)
    assert isinstance(value, float)
    assert rounded(value, 0) == percent


def test_per_cents_that_no_whole_answers_give_have_no_value() -> None:
    assert (
        made("level_percent", **BIP, of=436, percents={"lav": 14, "mellem": 16, "hoej": 60}, level="lav")
        is None
    )
    assert whole_counts({"a": 50, "b": 50}, 3) is None


@given(st.lists(st.integers(0, 300), min_size=2, max_size=4).filter(sum))
def test_whole_counts_are_found_for_every_distribution_there_is(counts: list[int]) -> None:
    of = sum(counts)
    percents = {str(place): rounded(count / of * 100, 0) for place, count in enumerate(counts)}
    found = whole_counts(percents, of)
    assert found is not None
    assert sum(found.values()) == of
    assert {key: rounded(count / of * 100, 0) for key, count in found.items()} == percents


def test_the_mean_over_sites_is_of_their_means_and_not_of_all_answers() -> None:
    sites = [{"count": 1, "answers": [1, 1, 1, 1]}, {"count": 1, "answers": [5]}]
    assert made("sites", **FIDELITY, item="cv", sites=sites) == 3


@pytest.mark.parametrize(
    ("bands", "number"),
    [(["hoej", "meget-hoej"], 2), (["meget-hoej"], 0), (["nogen"], 3), (["meget-lav", "lav"], 0)],
)
def test_a_site_is_counted_by_the_category_of_its_mean(bands: list[str], number: int) -> None:
    # 3.5 and 4.33 are high; 2.5 and 3.33 are some degree, though both have a high answer among them.
    sites = [
        {"count": 1, "answers": [3, 4]},
        {"count": 1, "answers": [4, 4, 5]},
        {"count": 2, "answers": [1, 4]},
        {"count": 1, "answers": [3, 3, 4]},
    ]
    assert made("sites", **FIDELITY, item="cv", sites=sites, bands_of="ke1", bands=bands) == number


def test_classes_are_counted_from_answers() -> None:
    counts = {"A": 3, "C": 1, "G": 6}
    assert made("class", **FORM, counts=counts, **{"class": "G"}, part="count") == 6
    assert made("class", **FORM, counts=counts, **{"class": "A"}, part="percent") == 30


@pytest.mark.parametrize(
    ("end", "percent"), [("good", 50), ("poor", 15), ("job-uddannelse", 7.5), ("others", 27.5)]
)
def test_a_row_of_transitions_is_followed_from_january_to_december(end: str, percent: float) -> None:
    of = {**FORM, "start": "good", "ends": ROW, "end": end}
    assert made("moved", **of, part="count") == ROW[end]
    assert made("moved", **of, part="percent") == pytest.approx(percent)


@pytest.mark.parametrize(
    ("recipe", "make"),
    [
        ("level_percent", {**BIP, "of": 10, "percents": {"lav": 50, "hoej": 50}, "level": "mellem"}),
        ("sites", {**FIDELITY, "item": "cv", "sites": [{"count": 1, "answers": [1]}], "bands": ["lav"]}),
        ("sites", {**FIDELITY, "item": "cv", "sites": [{"count": 0, "answers": [1]}]}),
        ("class", {**FORM, "counts": {"A": 1}, "class": "B", "part": "count"}),
        ("moved", {**FORM, "start": "good", "ends": ROW, "end": "gone", "part": "count"}),
    ],
)
def test_what_is_not_in_the_printed_row_is_refused(recipe: str, make: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(recipe, **make)
