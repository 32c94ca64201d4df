"""The parts of a case that a definition describes are there: entry, phases, forms, answers, rounds, own settings."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.programme import Programme
from indsats.record import Facts, import_files, read_record
from indsats.simulate import default_profile, simulate, with_changes
from invented_programme import phased_programme


@pytest.fixture(scope="module")
def programme() -> Programme:
    return phased_programme()


@pytest.fixture(scope="module")
def folder(programme: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(programme, 1500, 3, tmp_path_factory.mktemp("flow") / "data")


@pytest.fixture(scope="module")
def facts(programme: Programme, folder: Path) -> Facts:
    return read_record(folder, programme).as_of()


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def test_arms_are_drawn_as_often_as_their_share_and_only_the_first_leads_to_a_case(
    facts: Facts, truth: dict[str, Any]
) -> None:
    drawn = facts.table("drawn")
    share = (drawn["arm"] == "in").mean()
    assert share == pytest.approx(0.75, abs=3 * (0.75 * 0.25 / drawn.height) ** 0.5)
    assert drawn.filter(pl.col("arm") == "in").height == truth["entry"]["draws"]["lot"]["in"]["drawn"]
    cases = set(facts.enrolments()["person"])
    assert not cases & set(drawn.filter(pl.col("arm") == "out")["person"])
    first = facts.enrolments().group_by("person").agg(pl.col("start").min())
    ahead = drawn.join(first, on="person")
    assert (ahead["occurred_from"] < ahead["start"]).all()


def test_who_is_left_out_has_no_case_and_those_a_rule_can_tell_are_left_out_for_it(facts: Facts) -> None:
    excluded = facts.table("excluded")
    assert not set(excluded["person"]) & set(facts.enrolments()["person"])
    told = facts.persons.filter(pl.col("birth_date") <= date(1956, 1, 1)).select(
        "person"
    )  # 62 on the first day
    drawn_in = facts.table("drawn").filter(pl.col("arm") == "in").join(told, on="person")
    reasons = excluded.join(drawn_in, on="person")["reason"]
    assert drawn_in.height > 1
    assert len(reasons) == drawn_in.height
    assert set(reasons) == {"old"}
    assert set(excluded["reason"]) == {"old", "away"}


def test_the_fields_of_a_form_are_filled_where_the_form_is_used(facts: Facts) -> None:
    plans, deals = facts.table("plan"), facts.table("agreement")
    assert plans["level"].null_count() == 0
    assert plans["steps-agreed"].is_between(0, 9).all()
    assert 0 < plans["next-look"].null_count() < plans.height
    assert (plans["next-look"].drop_nulls() > date(2018, 1, 1)).all()
    usual = deals["type"] == "usual"
    assert deals.filter(usual)["days-a-week"].null_count() == 0
    assert deals.filter(~usual)["days-a-week"].null_count() == (~usual).sum()
    assert usual.any()
    assert not usual.all()


def test_an_event_has_an_outcome_of_its_own(facts: Facts) -> None:
    events = facts.table("event")
    assert set(events.filter(pl.col("event") == "left")["value"]) >= {"done", "stopped"}
    assert (
        events.filter(pl.col("event") != "left")["value"].null_count()
        == events.filter(pl.col("event") != "left").height
    )


def test_a_phase_is_skipped_by_what_lies_before_it(facts: Facts, truth: dict[str, Any]) -> None:
    ahead = facts.table("agreement").filter(pl.col("type") == "ahead")
    entered = facts.table("event").filter(pl.col("event") == "entered")
    both = ahead.join(entered, on="enrolment", suffix="_entered")
    assert (both["occurred_from"] <= both["occurred_from_entered"]).mean() > 0.8  # type: ignore[operator]
    told = truth["phases"]["trial"]["here"]
    assert 0.05 < told["skipped"] / told["runs"] < 0.3
    assert told["again"] > 10


def test_some_begin_in_a_later_phase_and_some_cases_end_when_all_is_done(
    facts: Facts, truth: dict[str, Any]
) -> None:
    first = facts.table("event").filter(pl.col("event") == "entered").group_by("enrolment").agg(
        entered=pl.col("occurred_from").min()
    )  # fmt: skip
    plans = facts.table("plan").filter(pl.col("level") == "whole").group_by("enrolment").agg(
        planned=pl.col("occurred_from").min()
    )  # fmt: skip
    both = first.join(plans, on="enrolment", how="left")
    early = both.filter(pl.col("planned").is_null() | (pl.col("entered") < pl.col("planned"))).height
    assert 0.02 < early / both.height < 0.4
    assert facts.table("exit").filter(pl.col("reason") == "through").height > 20


def test_partly_is_answered_only_where_it_may_be_and_every_no_has_a_reason_of_its_requirement(
    facts: Facts, programme: Programme
) -> None:
    answers = facts.table("requirement_answered")
    assert set(answers.filter(pl.col("answer") == "partly")["requirement"]) == {"plan-in-time"}
    missed = answers.filter(pl.col("answer").is_in(["no", "partly"]))
    assert missed["reason"].null_count() == 0
    for key, requirement in programme.requirements.items():
        given = set(missed.filter(pl.col("requirement") == key)["reason"])
        assert given <= set(requirement.if_no or ["ill", "busy"])
    assert answers.filter(~pl.col("answer").is_in(["no", "partly"]))["reason"].drop_nulls().is_empty()


def test_meetings_have_the_participants_a_requirement_asks_for_most_of_the_time(
    facts: Facts, programme: Programme, truth: dict[str, Any]
) -> None:
    visits = facts.table("meeting").filter((pl.col("type") == "visit") & (pl.col("outcome") == "held"))
    named = {name for joined in visits["participants"].drop_nulls() for name in joined.split(";")}
    assert named <= set(programme.roles)
    told = truth["requirements"]["requirements"]["broker-there"]["here"]["measured"]
    assert 0.5 < told["met"] / (told["met"] + told["not_met"]) < 0.9


def test_at_some_sites_one_person_has_the_role_that_combines_others(facts: Facts) -> None:
    by_site: dict[str, set[str]] = defaultdict(set)
    for site, role in facts.table("assigned").select("site", "role").iter_rows():
        by_site[site].add(role)
    combined = [roles for roles in by_site.values() if "both" in roles]
    assert 0 < len(combined) < len(by_site)
    assert not any(roles & {"guide", "broker"} for roles in combined)
    assert not any("doctor" in roles for roles in by_site.values())


def test_one_site_has_chosen_values_of_its_own_within_what_it_may_choose(
    facts: Facts, programme: Programme, truth: dict[str, Any]
) -> None:
    chosen = facts.table("site_setting")
    assert set(chosen["setting"]) == {"visit-gap", "most-cases"}
    assert chosen["site"].n_unique() == 1
    gap = chosen.filter(pl.col("setting") == "visit-gap")["value"][0]
    assert gap != programme.settings["visit-gap"].value
    assert 2 <= gap <= 9
    assert truth["site_settings"]["visit-gap"] == {chosen["site"][0]: gap}


def test_persons_are_asked_in_rounds_by_raters_that_differ(facts: Facts, truth: dict[str, Any]) -> None:
    mood = facts.table("questionnaire_answered").filter(pl.col("questionnaire") == "mood")
    items = [f"answer.mood{number}" for number in range(1, 6)]
    means = (
        mood.with_columns(mean=pl.mean_horizontal(items)).group_by("wave", "rater").agg(pl.col("mean").mean())
    )
    found = {(wave, rater): mean for wave, rater, mean in means.iter_rows()}
    assert found["second", "citizen"] > found["first", "citizen"]
    for wave in ("first", "second"):
        assert found[wave, "citizen"] - found[wave, "guide"] > 0.15
    by_citizen = mood.filter(pl.col("rater") == "citizen")
    assert by_citizen["answer.mood-told"].null_count() == by_citizen.height
    starts = facts.enrolments().select("enrolment", "start")
    lag = mood.filter(pl.col("wave") == "first").join(starts, on="enrolment")
    days = (lag["occurred_from"] - lag["start"]).dt.total_days()
    assert 20 < days.median() < 50  # type: ignore[operator]
    assert truth["rounds"]["mood"]["gap"] > 0


def test_sites_are_asked_in_rounds_by_respondents_who_change(facts: Facts, truth: dict[str, Any]) -> None:
    model = facts.table("site_answered")
    assert model["answer.hint"].null_count() == model.height
    by_wave = {wave: set(part["respondent"]) for (wave,), part in model.group_by("wave")}
    assert set(by_wave) == {"spring", "autumn", "late"}
    assert by_wave["spring"] & by_wave["autumn"]
    assert by_wave["autumn"] - by_wave["spring"]
    spring = model.filter(pl.col("wave") == "spring")["occurred_from"]
    assert spring.is_between(date(2018, 3, 1), date(2018, 3, 31)).all()
    missing = truth["rounds"]["model"]["option_left_out"]
    answers = model.unpivot(on=[f"answer.part{number}" for number in range(1, 8)], index="site")
    at_site = answers.filter(pl.col("site") == missing["site"])["value"].drop_nulls()
    elsewhere = answers.filter(pl.col("site") != missing["site"])["value"].drop_nulls()
    assert missing["answer"] not in set(at_site)
    assert missing["answer"] in set(elsewhere)
    rises = model.with_columns(mean=pl.mean_horizontal(f"answer.part{number}" for number in range(1, 8)))
    told = {wave: mean for wave, mean in rises.group_by("wave").agg(pl.col("mean").mean()).iter_rows()}
    assert told["late"] > told["spring"]


def test_some_are_in_the_programme_again_and_all_ways_out_are_used(
    facts: Facts, truth: dict[str, Any]
) -> None:
    assert truth["enrolments"]["persons_enrolled_again"] > 10
    assert {"completed", "dead", "job", "moved", "pension"} <= truth["enrolments"]["exits"].keys()
    assert {"dead-now", "at-work", "through", "gone"} == set(facts.table("exit")["reason"])


def test_ends_of_visitations_are_added_later_as_new_versions(folder: Path, truth: dict[str, Any]) -> None:
    table = pl.read_parquet(folder / "facts" / "visitation.parquet")
    told = truth["registrations"]["kinds"]["visitation"]
    second = table.filter(pl.col("version") == 2)
    added = second.join(table.filter(pl.col("version") == 1), on="id", suffix="_one").filter(
        pl.col("occurred_to").is_not_null() & pl.col("occurred_to_one").is_null()
    )
    assert added.height == told["ended"] > 5
    assert (added["recorded_at"].dt.date() > added["occurred_to"]).all()


def test_the_extract_beside_the_data_is_refused_with_the_rows_that_are_wrong(
    folder: Path, programme: Programme, truth: dict[str, Any], tmp_path: Path
) -> None:
    told = truth["imports/visitation.csv"]
    record = read_record(folder, programme)
    with pytest.raises(InputRefused) as refused:
        import_files(
            [folder / "imports" / "visitation.csv"],
            programme,
            record,
            recorded_at=datetime(2021, 6, 1, tzinfo=UTC),
            recorded_by="test",
        )
    rows = {problem.row for problem in refused.value.problems}
    wrong = {row for rows in told["wrong_rows"].values() for row in rows}
    assert wrong <= rows
    assert len(told["wrong_rows"]["ends before it begins"]) > 1


def test_what_is_planted_can_be_changed(programme: Programme, tmp_path: Path) -> None:
    profile = with_changes(
        default_profile(programme), skipped_share=0.0, relapse_share=0.0, wave_answered=0.0
    )
    made = simulate(programme, 300, 3, tmp_path / "data", profile=profile)
    told = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    assert told["phases"]["trial"]["here"]["skipped"] == 0
    assert told["phases"]["trial"]["here"]["again"] == 0
    assert not (made / "facts" / "questionnaire_answered.parquet").exists()
