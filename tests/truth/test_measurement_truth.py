"""What a simulation planted about rounds, raters, forms and change is found again by measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.figure import Figure
from indsats.library import definition_path
from indsats.measure import (
    answers,
    change_rows,
    changes,
    quality,
    rater_rows,
    response_rows,
    rounds,
    score,
)
from indsats.programme import Questionnaire, load
from indsats.record import Facts, read_record
from indsats.simulate import default_profile, simulate, with_changes
from planted_answers import Item, alpha, item_with_mean

ERRORS = 3.5
"""Standard errors a number may lie from what was planted: the seeds are fixed, and there are many numbers."""
SHARES = ("answered", "declined", "not_relevant", "open", "late", "missed")


@dataclass(frozen=True, slots=True)
class Told:
    facts: Facts
    rounds: dict[str, Any]
    questionnaires: dict[str, Any]

    def asked(self, about: str, by: str | None = None) -> Iterator[tuple[str, Questionnaire, dict[str, Any]]]:
        """The questionnaires with rounds about persons or sites, with what was planted in them."""
        for key, one in self.facts.programme.questionnaires.items():
            if one.about == about and one.waves and by in (None, one.by):
                yield key, one, self.rounds[key]


def _told(programme_id: str, persons: int, seed: int, folder: Path, **changed: object) -> Told:
    programme = load(definition_path(programme_id))
    profile = with_changes(default_profile(programme), **changed)
    made = simulate(programme, persons, seed, folder / "data", profile=profile)
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    return Told(read_record(made, programme).as_of(), truth["rounds"], truth["questionnaires"])


@pytest.fixture(scope="module")
def social(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Waves after enrolment, one and several raters, two editions of a form; 40 respondents at each site."""
    folder = tmp_path_factory.mktemp("social")
    return _told("social-stoette-i-job", 3000, 20210131, folder, respondents_per_site=40)


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A form with classes that is filled in again and again, and rounds about sites where each rater answers."""
    folder = tmp_path_factory.mktemp("early")
    return _told("fremskudt-indsats", 1500, 20161231, folder, respondents_per_site=60)


@pytest.fixture(params=["social", "early"])
def told(request: pytest.FixtureRequest) -> Told:
    return request.getfixturevalue(request.param)


def _near(count: float, of: float, planted: float) -> bool:
    return abs(count / of - planted) <= ERRORS * sqrt(planted * (1 - planted) / of)


def _covers(found: Figure, planted: float) -> bool:
    """Whether what was planted lies within so many standard errors, read off the 95 % interval."""
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return abs(found.value - planted) <= ERRORS * (found.high - found.low) / (2 * 1.96)


def _number(figure: Figure) -> int:
    assert figure.numerator is not None
    return int(figure.numerator)


def _due_before_the_end(told: Told, key: str) -> pl.DataFrame:
    """The rounds that fell due while the person was enrolled: the planted ``due``.

    Those that fell due on the very day of the exit were not planted, and somebody who answered early and left
    before it was due is not counted there.
    """
    facts = told.facts
    ends = facts.enrolments().select("enrolment", "end")
    found = rounds(facts, key, facts.last_day).join(ends, on="enrolment", how="left")
    return found.filter(
        (pl.col("due") <= facts.last_day) & (pl.col("end").is_null() | (pl.col("due") < pl.col("end")))
    )


def test_rounds_find_who_was_due_who_answered_and_who_did_so_late(social: Told) -> None:
    for key, one, planted in social.asked("person"):
        found = (
            _due_before_the_end(social, key)
            .group_by("wave")
            .agg(
                due=pl.len(),
                answered=(pl.col("status") == "answered").sum(),
                late=(pl.col("timing") == "late").sum(),
            )
        )
        assert {row.pop("wave"): row for row in found.to_dicts()} == planted["rounds"], key
        assert set(planted["rounds"]) == set(one.waves)


def test_the_response_to_each_round_is_what_was_planted(social: Told) -> None:
    for key, one, planted in social.asked("person", by="one"):
        for number, (wave, counts) in enumerate(planted["rounds"].items()):
            chance = planted["planted"]["wave_answered"] * 0.9**number  # a tenth is lost from round to round
            assert _near(counts["answered"], counts["due"], chance), (key, wave)
            assert _near(counts["late"], counts["answered"], planted["planted"]["round_late_share"]), wave
        rows = response_rows(social.facts, key, social.facts.last_day, by=None)
        assert [row.wave for row in rows] == list(one.waves)
        for row in rows:
            counts = planted["rounds"][row.wave]
            # Beside the planted: those due on the day of their exit, and those who answered before they left.
            assert 0 <= _number(row.expected) - counts["due"] <= 0.03 * counts["due"]
            assert 0 <= _number(row.answered) - counts["answered"] <= 0.03 * counts["due"]
            assert sum(getattr(row, state).value for state in SHARES) == pytest.approx(1)
        assert rows[0].attrition is None
        for number, row in enumerate(rows[1:], start=1):
            assert row.attrition is not None
            assert row.attrition.denominator is not None
            # Whether somebody answers does not hang on whether they did the first time.
            lost = 1 - planted["planted"]["wave_answered"] * 0.9**number
            assert _near(_number(row.attrition), row.attrition.denominator, lost), (key, row.wave)


def test_what_was_done_about_rounds_is_told_by_their_status_and_reminders(social: Told) -> None:
    for key, _, planted in social.asked("person"):
        found = rounds(social.facts, key, social.facts.last_day)
        steps = planted["steps"]
        assert (found["status"] == "declined").sum() == steps["declined"] > 5, key
        assert (found["status"] == "not_relevant").sum() == steps["not_relevant"] > 0, key
        assert found["reminded"].sum() == steps["reminded"] > 50, key


def test_rounds_about_sites_count_the_respondents_who_were_invited(told: Told) -> None:
    for key, one, planted in told.asked("site"):
        rows = response_rows(told.facts, key, told.facts.last_day, by=None)
        for wave, counts in planted["rounds"].items():
            of_wave = [row for row in rows if row.wave == wave]
            assert sum(_number(row.expected) for row in of_wave) == counts["due"], (key, wave)
            assert sum(_number(row.answered) for row in of_wave) == counts["answered"], (key, wave)
            in_time = sum(_number(row.on_time) for row in of_wave)
            assert counts["answered"] - in_time == counts["late"], (key, wave)
            assert _near(counts["answered"], counts["due"], planted["planted"]["respondent_answers"])
        steps = dict(
            told.facts.table("site_asked")
            .filter(pl.col("questionnaire") == key)["step"]
            .value_counts()
            .iter_rows()
        )
        assert steps == planted["steps"], key
        assert steps["invited"] == sum(counts["due"] for counts in planted["rounds"].values())
        if len(one.waves) > 1:
            _as_many_others_as_planted(told, key, planted, rows)


def _as_many_others_as_planted(told: Told, key: str, planted: dict[str, Any], rows: Any) -> None:
    """Who answered a round answers the next when nobody took the seat over and they answer again."""
    later = [row for row in rows if row.stayed is not None]
    stayed = sum(_number(row.stayed) for row in later)
    of = sum(row.stayed.denominator for row in later)
    again = (1 - default_profile(told.facts.programme).respondents_change) * planted["planted"][
        "respondent_answers"
    ]
    assert _near(stayed, of, again), key


def test_sets_of_answers_and_their_means_are_those_planted(told: Told) -> None:
    for key, planted in told.rounds.items():
        rows = answers(told.facts, key)
        items = list(told.facts.programme.questionnaires[key].all_items)
        found = (
            rows.with_columns(mean=pl.mean_horizontal(items))
            .group_by("wave", "rater")
            .agg(sets=pl.len(), mean=pl.mean("mean"))
            .sort("wave", "rater", nulls_last=True)
        )
        expected = planted["by_round_and_rater"]
        assert found.select("wave", "rater").rows() == [(one["wave"], one["rater"]) for one in expected]
        assert found["sets"].to_list() == [one["sets"] for one in expected]
        assert found["mean"].to_list() == pytest.approx([one["mean"] for one in expected], abs=1e-5)
        assert dict(rows["edition"].value_counts().iter_rows()) == planted["editions"]


def test_answers_beside_the_scale_are_as_many_as_planted_and_no_points(told: Told) -> None:
    seen = 0
    for key, planted in told.rounds.items():
        asked = told.facts.programme.questionnaires[key]
        rows = answers(told.facts, key)
        by_kind = {kind: int(rows[f"n_{kind}"].sum()) for kind in ("dont_know", "not_relevant", "declined")}
        assert sum(by_kind.values()) == planted["beside"], key
        means = {one.means for one in asked.beside.values()}
        assert {kind for kind, number in by_kind.items() if number} <= means
        given = int(rows["n_asked"].sum() - rows["n_missing"].sum())
        if means:
            assert _near(planted["beside"], given, planted["planted"]["beside_scale_share"]), key
        seen += planted["beside"]
        highest = max(one.scale.high for one in asked.editions.values())
        assert max(rows[item].max() or 0 for item in asked.all_items) <= highest  # type: ignore[type-var]
    assert seen > 30


def test_open_and_incomplete_forms_are_as_many_as_planted(early: Told) -> None:
    told = early.questionnaires["udviklingsmaal"]
    rows = answers(early.facts, "udviklingsmaal")
    assert rows.height == told["answered"]
    assert rows.filter(pl.col("n_missing") > 0).height == told["with_missing_item"] > 50
    assert rows.filter(~pl.col("complete")).height == told["incomplete"] > told["with_missing_item"]
    assert _near(told["with_missing_item"], told["answered"], 0.02)
    incomplete = told["incomplete"] - told["with_missing_item"]
    assert incomplete > 50  # a code beside the scale is no point, so the set is not complete


def test_the_point_a_form_lacked_is_found_and_the_score_tells_what_it_could_have_been(social: Told) -> None:
    questionnaire = social.facts.programme.questionnaires["who5"]
    [(edition, lacks)] = social.rounds["who5"]["form_lacks"].items()
    asking = questionnaire.editions[edition]
    rows = answers(social.facts, "who5").filter(pl.col("edition") == edition)
    ticked = set(rows.select(list(asking.items)).unpivot()["value"].drop_nulls())
    assert set(range(asking.scale.low, asking.scale.high + 1)) - ticked == {lacks}
    assert lacks in asking.lacks_one_of
    scored = score(rows, questionnaire, "trivsel").drop_nulls("value")
    first = scored.filter(pl.col("wave") == "ved-start")
    places = _items(rows.filter(pl.col("wave") == "ved-start"), questionnaire, edition, lacks)
    had = 4 * sum(one.mean(whole=True) for one in places)
    assert (scored["low"] <= scored["value"]).all()
    assert (scored["value"] <= scored["high"]).all()
    low, high = (float(np.mean(first[end].to_numpy())) for end in ("low", "high"))
    assert low < had < high
    gse = social.facts.programme.questionnaires["gse"]
    whole = score(answers(social.facts, "gse"), gse, "tro")
    assert whole["value"].drop_nulls().len() >= 5
    assert whole["low"].null_count() == whole["high"].null_count() == whole.height


def _items(rows: pl.DataFrame, questionnaire: Questionnaire, edition: str, lacks: int | None) -> list[Item]:
    """The items of an edition, each at the place its mean answer in ``rows`` shows."""
    scale = questionnaire.editions[edition].scale
    return [
        item_with_mean(scale.low, scale.high, lacks, float(np.mean(rows[item].drop_nulls().to_numpy())))
        for item in questionnaire.editions[edition].items
    ]


@pytest.mark.parametrize(("key", "score_id", "times"), [("who5", "trivsel", 4.0), ("gse", "tro", 1.0)])
def test_change_covers_the_rise_that_was_planted(social: Told, key: str, score_id: str, times: float) -> None:
    questionnaire, planted = social.facts.programme.questionnaires[key], social.rounds[key]
    edition = next(iter(questionnaire.editions))
    rows = answers(social.facts, key).filter((pl.col("wave") == "ved-start") & (pl.col("edition") == edition))
    items = _items(rows, questionnaire, edition, planted["form_lacks"].get(edition))
    for number, wave in enumerate(list(questionnaire.waves)[1:], start=1):
        rise = planted["rise"] * number
        points = times * sum(one.mean(rise) - one.mean() for one in items)
        changed = changes(social.facts, key, score_id, until=social.facts.last_day, wave=wave)
        [row] = change_rows(changed, questionnaire, score_id, by=None)
        assert row.change.low is not None
        assert row.change.low > 0, (wave, "a rise that nobody saw")
        assert _covers(row.change, points), (wave, row.change.value, points)
        assert not _covers(row.change, 0), wave
        assert not _covers(row.change, -points), wave
        # Nobody is lost on the way: everybody is paired, or it is told why not.
        assert _number(row.paired) + sum(row.paired.excluded.values()) == changed.height


def test_the_second_rater_rates_lower_by_the_planted_gap(social: Told) -> None:
    key = "bip-to-bedoemmere"
    questionnaire, planted = social.facts.programme.questionnaires[key], social.rounds[key]
    first, second = questionnaire.raters
    rows = answers(social.facts, key).filter((pl.col("wave") == "ved-start") & (pl.col("rater") == first))
    places = dict(zip(questionnaire.items, _items(rows, questionnaire, "first", None), strict=True))
    found = rater_rows(social.facts, key, social.facts.last_day)
    assert [row.of for row in found] == list(questionnaire.items)
    for row in found:
        gap = places[row.of].mean(-planted["gap"]) - places[row.of].mean()
        assert (row.first, row.second) == (first, second)
        assert row.gap.high is not None
        assert row.gap.high < 0
        assert _covers(row.gap, gap), (row.of, row.gap.value, gap)
        assert row.agreement.value is not None
        assert 0.2 < row.agreement.value < 0.8


def test_each_rater_of_a_site_rates_lower_than_the_one_before(early: Told) -> None:
    key = "samarbejdsvilkaar"
    questionnaire, planted = early.facts.programme.questionnaires[key], early.rounds[key]
    items = [name for name, one in questionnaire.items.items() if not one.raters and not one.advice]
    rows = answers(early.facts, key).with_columns(mean=pl.mean_horizontal(items))
    by = {rater: part["mean"] for (rater,), part in rows.group_by("rater")}
    levels = [by[rater] for rater in questionnaire.raters]
    for one, other in pairwise(levels):
        error = sqrt(sum(float(part.var() or 0) / part.len() for part in (one, other)))  # type: ignore[arg-type]
        gap = float(np.mean(one.to_numpy())) - float(np.mean(other.to_numpy()))
        # A point of the scale of five is 1.4 · 4 / 4 of a level in the middle, less towards its ends.
        assert gap > ERRORS * error
        assert gap < 1.4 * planted["gap"] + ERRORS * error


@pytest.mark.parametrize(("key", "score_id"), [("who5", "trivsel"), ("gse", "tro")])
def test_alpha_is_that_of_the_answers_planted(social: Told, key: str, score_id: str) -> None:
    questionnaire, planted = social.facts.programme.questionnaires[key], social.rounds[key]
    edition = next(iter(questionnaire.editions))
    rows = answers(social.facts, key).filter((pl.col("wave") == "ved-start") & (pl.col("edition") == edition))
    items = _items(rows, questionnaire, edition, planted["form_lacks"].get(edition))
    found = {(row.score, row.edition): row for row in quality(social.facts, key, social.facts.last_day)}
    row = found[score_id, edition]
    assert _covers(row.alpha, alpha(items)), (row.alpha.value, alpha(items))
    assert row.omega.value == pytest.approx(row.alpha.value, abs=0.02)  # the items measure the person alike
