"""Simulated answers obey what the definition says of editions, forms, filters, raters, windows and reminders."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.measure import answers
from indsats.programme import Programme
from indsats.record import Facts, read_record
from indsats.simulate import default_profile, simulate, with_changes
from indsats.simulate.forms import forms_of, nearest
from invented_programme import part, phased_programme

UNTIL = date(2019, 3, 31)
BESIDE = {
    8: part("Do not know", means="dont_know"),
    9: part("Not relevant", means="not_relevant"),
}
FEELING = part(
    "Feeling",
    scale={"low": 1, "high": 5},
    beside=BESIDE,
    items={
        "work": part("Work"),
        "pain": part("Pain", options=[1, 2, 4, 5]),
        "where": part("Where", asked_of={"item": "pain", "answers": [1, 2]}),
        "how-bad": part("How bad", asked_of={"item": "where", "answers": [1, 2, 3]}),
        "seen": part("Seen", raters=["guide"]),
    },
    raters=["citizen", "guide"],
    by="each",
    edition="second",
    earlier={
        "first": {
            "until": UNTIL.isoformat(),
            "comparable": False,
            "scale": {"low": 0, "high": 3},
            "items": {"work": part("Work"), "sleep": part("Sleep")},
            "source": "L1",
        }
    },
    waves={"start": part("Start", after="P1M"), "half-year": part("Half", after="P6M")},
    window={"early": "P14D", "late": "P21D"},
    reminders=["P7D", "P14D"],
)
PLACE = {
    "about": "site",
    "scale": {"low": 0, "high": 1},
    "raters": ["guide", "head"],
    "waves": {"spring": part("Spring", period="2018-03-01/2018-03-31")},
    "reminders": ["P7D"],
}
TOOLS = ("map", "talks", "plan")
USE = part("Use", items={name: part(name) for name in TOOLS}, **PLACE)
GAIN = part(
    "Gain",
    items={
        f"gain-{name}": part(name, asked_of={"questionnaire": "use", "item": name, "answers": [1]})
        for name in TOOLS
    },
    **{**PLACE, "scale": {"low": 1, "high": 5}},
)
LACKING = part(
    "Lacking",
    scale={"low": 0, "high": 5},
    lacks_one_of=[2, 3],
    items={f"l{number}": part("L") for number in range(4)},
    raters=["citizen", "guide"],
    waves={"one": part("One", after="P1M"), "two": part("Two", after="P4M"), "three": part("3", after="P7M")},
)


def _classes(*steps: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"id": name, **part(name), "when": when, "side": side} for name, when, side in steps]


CLASSED = part(
    "Classed",
    scale={"low": 1, "high": 5},
    beside={9: part("Not said", means="declined")},
    items={"a": part("A"), "b": part("B", options=[1, 2, 3, 5])},
    raters=["guide", "citizen"],
    by="each",
    sides={"well": part("Well"), "ill": part("Ill")},
    classes=_classes(("A", "a + b >= 6", "well"), ("B", "true", "ill")),
    edition="now",
    earlier={
        "before": {
            "until": "2018-12-31",
            "scale": {"low": 1, "high": 3},
            "items": {"a": part("A"), "old": part("Old")},
            "sides": {"well": part("Well"), "ill": part("Ill")},
            "classes": _classes(("A", "a + old >= 4", "well"), ("B", "true", "ill")),
            "source": "L1",
        }
    },
)
ASKED = {"gain": GAIN, "feeling": FEELING, "use": USE, "lacking": LACKING, "classed": CLASSED}


@pytest.fixture(scope="module")
def programme() -> Programme:
    return phased_programme(questionnaires=ASKED)


@pytest.fixture(scope="module")
def folder(programme: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile = with_changes(default_profile(programme), respondents_per_site=12, beside_scale_share=0.015)
    return simulate(programme, 1500, 3, tmp_path_factory.mktemp("measurement") / "data", profile=profile)


@pytest.fixture(scope="module")
def facts(programme: Programme, folder: Path) -> Facts:
    return read_record(folder, programme).as_of()


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))["rounds"]


def given(facts: Facts, key: str) -> pl.DataFrame:
    kind = (
        "site_answered" if facts.programme.questionnaires[key].about == "site" else "questionnaire_answered"
    )
    return facts.table(kind).filter(pl.col("questionnaire") == key)


def asked(facts: Facts, key: str, step: str) -> pl.DataFrame:
    kind = "site_asked" if facts.programme.questionnaires[key].about == "site" else "questionnaire_asked"
    return facts.table(kind).filter((pl.col("questionnaire") == key) & (pl.col("step") == step))


def near(count: int, of: int, planted: float, errors: float = 3.5) -> bool:
    return abs(count / of - planted) <= errors * (planted * (1 - planted) / of) ** 0.5


def test_each_edition_has_its_own_items_and_scale(facts: Facts) -> None:
    rows = given(facts, "feeling")
    by_day = rows["occurred_from"] <= UNTIL
    first = rows.filter(by_day)
    assert first["edition"].null_count() == first.height > 100
    assert first["answer.pain"].null_count() == first.height
    assert set(first["answer.work"].drop_nulls()) == {0, 1, 2, 3}
    second = rows.filter(~by_day & (pl.col("edition") == "second"))
    assert second["answer.sleep"].null_count() == second.height > 100
    assert set(second["answer.work"].drop_nulls()) == {1, 2, 3, 4, 5, 8, 9}


def test_a_few_fill_in_the_old_form_after_it_was_replaced_and_name_it(
    facts: Facts, truth: dict[str, Any]
) -> None:
    rows = given(facts, "feeling")
    old = rows.filter((pl.col("occurred_from") > UNTIL) & (pl.col("edition") == "first"))
    assert 0 < old.height < 0.2 * rows.height
    assert (old["occurred_from"] <= UNTIL + timedelta(days=60)).all()
    read = dict(answers(facts, "feeling")["edition"].value_counts().iter_rows())
    assert read == truth["feeling"]["editions"]


def test_a_dropped_option_is_not_ticked_and_answers_beside_the_scale_are_given(facts: Facts) -> None:
    assert set(given(facts, "feeling")["answer.pain"].drop_nulls()) == {1, 2, 4, 5, 8, 9}
    assert 4 not in given(facts, "classed")["answer.b"].to_list()


def test_answers_beside_the_scale_are_as_many_as_planted_and_told(
    facts: Facts, truth: dict[str, Any]
) -> None:
    for key in ("feeling", "classed"):
        counts = answers(facts, key).select(
            pl.sum("n_asked"), beside=pl.sum("n_dont_know") + pl.sum("n_not_relevant") + pl.sum("n_declined")
        )
        told = truth[key]["beside"]
        assert counts["beside"][0] == told > 10
    whole = given(facts, "feeling").filter(pl.col("edition") == "second")
    hit = int(whole["answer.work"].is_in([8, 9]).sum())
    assert near(hit, whole.height, truth["feeling"]["planted"]["beside_scale_share"])


def test_the_form_lacks_the_same_point_everywhere_and_the_seed_says_which(
    programme: Programme, facts: Facts, truth: dict[str, Any]
) -> None:
    ticked = set(
        given(facts, "lacking").select(f"answer.l{number}" for number in range(4)).unpivot()["value"]
    )
    [lacks] = {2, 3} - ticked
    assert truth["lacking"]["form_lacks"] == {"first": lacks}
    assert ticked - {None} == {0, 1, 2, 3, 4, 5} - {lacks}
    assert {forms_of(programme, "lacking", seed)[0].lacks for seed in range(20)} == {2, 3}


def test_a_filter_and_the_filter_of_a_filter_are_obeyed(facts: Facts) -> None:
    rows = given(facts, "feeling")
    where = rows.filter(pl.col("answer.where").is_not_null())
    assert where.height > 50
    assert set(where["answer.pain"]) == {1, 2}
    how_bad = rows.filter(pl.col("answer.how-bad").is_not_null())
    assert how_bad.height > 20
    assert how_bad["answer.where"].is_in([1, 2, 3]).all()
    assert rows.filter(pl.col("answer.pain").is_in([4, 5]))["answer.where"].null_count() > 50


def test_only_users_are_asked_what_they_gained(facts: Facts) -> None:
    use, gain = given(facts, "use"), given(facts, "gain")
    who = ["site", "rater", "respondent"]
    both = gain.join(use, on=who, how="left", suffix="_use")
    assert both.height == gain.height > 10
    assert (both["occurred_from"] >= both["occurred_from_use"]).all()
    for name in TOOLS:
        told = both.filter(pl.col(f"answer.gain-{name}").is_not_null())
        assert told.height > 3
        assert set(told[f"answer.{name}_use"]) == {1}
    users = use.filter(pl.any_horizontal(pl.col(f"answer.{name}") == 1 for name in TOOLS))
    assert gain.height <= users.height
    read = answers(facts, "gain")
    assert read["n_asked"].min() > 0  # type: ignore[operator]


def test_nobody_hands_in_an_empty_form_or_two_on_a_day(facts: Facts) -> None:
    for kind in ("questionnaire_answered", "site_answered"):
        rows = facts.table(kind)
        items = [name for name in rows.columns if name.startswith("answer.")]
        assert rows.filter(pl.all_horizontal(pl.col(items).is_null())).is_empty()
        key = ["person", "enrolment", "site", "questionnaire", "rater", "wave", "occurred_from"]
        key += ["respondent"] if "respondent" in rows.columns else []
        assert rows.select(key).is_duplicated().sum() == 0


def test_each_rater_answers_where_each_is_wanted_and_one_where_one_is(facts: Facts) -> None:
    each = given(facts, "feeling").group_by("enrolment", "wave").agg(pl.col("rater").n_unique())
    assert (each["rater"] == 2).mean() > 0.6  # type: ignore[operator]
    rows = given(facts, "feeling")
    assert (
        rows.filter(pl.col("rater") == "citizen")["answer.seen"].null_count()
        == (rows["rater"] == "citizen").sum()
    )
    one = given(facts, "lacking").group_by("enrolment", "wave").agg(pl.col("rater").n_unique())
    assert one["rater"].max() == 1
    usual = given(facts, "lacking").group_by("enrolment").agg(pl.len(), pl.col("rater").n_unique())
    several = usual.filter(pl.col("len") > 1)
    assert 0.5 < (several["rater"] == 1).mean() < 1  # type: ignore[operator]
    classed = given(facts, "classed").group_by("rater").len()
    assert classed["len"].min() > 0.8 * classed["len"].max()  # type: ignore[operator]


def test_later_raters_rate_lower_by_the_planted_gap(facts: Facts) -> None:
    for key, item in (("feeling", "work"), ("classed", "a")):
        rows = answers(facts, key).filter(pl.col("edition") != facts.programme.questionnaires[key].edition)
        mean = dict(rows.group_by("rater").agg(pl.col(item).mean()).iter_rows())
        first, second = facts.programme.questionnaires[key].raters
        assert mean[first] - mean[second] > 0.08, key


def _expected(facts: Facts) -> pl.DataFrame:
    """Each enrolment, round and rater of ``feeling`` that came to be due, with its days and the first answer."""
    start = facts.enrolments().select("enrolment", "start", "end")
    waves = pl.DataFrame({"wave": ["start", "half-year"], "after": ["1mo", "6mo"]})
    due = start.join(waves, how="cross").with_columns(due=pl.col("start").dt.offset_by(pl.col("after")))
    due = due.filter(
        (pl.col("due") <= facts.last_day) & (pl.col("end").is_null() | (pl.col("due") < pl.col("end")))
    )
    raters = pl.DataFrame({"rater": ["citizen", "guide"]})
    first = (
        given(facts, "feeling")
        .group_by("enrolment", "wave", "rater")
        .agg(answered=pl.col("occurred_from").min())
    )
    return (
        due.join(raters, how="cross")
        .join(first, on=["enrolment", "wave", "rater"], how="left")
        .with_columns(opens=pl.col("due") - timedelta(days=14), closes=pl.col("due") + timedelta(days=21))
    )


def test_most_answer_within_the_window_some_after_it_and_some_never(
    facts: Facts, truth: dict[str, Any]
) -> None:
    rows = _expected(facts)
    for (wave,), part_ in rows.group_by("wave"):
        told = truth["feeling"]["rounds"][wave]
        late = part_.filter(pl.col("answered") > pl.col("closes")).height
        found = {"due": part_.height, "answered": part_["answered"].count(), "late": late}
        assert found == told, wave
    given_ = rows.drop_nulls("answered")
    assert (given_["answered"] >= given_["opens"]).all()
    share = (given_["answered"] > given_["closes"]).mean()
    assert 0.06 < share < 0.22  # type: ignore[operator]
    start = rows.filter((pl.col("wave") == "start") & (pl.col("rater") == "citizen"))
    assert near(start["answered"].count(), start.height, truth["feeling"]["planted"]["wave_answered"], 5)


def test_reminders_go_to_those_who_have_not_answered_when_they_are_due(facts: Facts) -> None:
    key = ["enrolment", "wave", "rater"]
    rows = _expected(facts)
    reminded = asked(facts, "feeling", "reminded").join(rows, on=key, how="inner")
    assert reminded.height == asked(facts, "feeling", "reminded").height > 50
    days = (reminded["occurred_from"] - reminded["due"]).dt.total_days()
    assert set(days) == {7, 14}
    assert reminded.filter(pl.col("answered") <= pl.col("occurred_from")).is_empty()
    silent = rows.filter(
        (pl.col("answered").is_null() | (pl.col("answered") > pl.col("due") + timedelta(days=7)))
        & (pl.col("due") + timedelta(days=7) <= facts.last_day)
        & (pl.col("end").is_null() | (pl.col("due") + timedelta(days=7) < pl.col("end")))
    )
    sent = silent.join(reminded.filter(pl.Series(days == 7)).select(key).unique(), on=key, how="semi")
    assert 0.7 < sent.height / silent.height < 0.92  # 85 % less those who had said no


def test_who_says_no_never_answers_and_is_not_reminded_after(facts: Facts, truth: dict[str, Any]) -> None:
    key = ["enrolment", "wave", "rater"]
    silent = _expected(facts).filter(pl.col("answered").is_null())
    reminded = asked(facts, "feeling", "reminded").select(*key, reminded="occurred_from")
    for step, planted in (("declined", 0.15), ("not_relevant", 0.05), ("not_reached", 0.2)):
        noes = asked(facts, "feeling", step)
        assert noes.join(silent, on=key, how="semi").height == noes.height > 3
        assert near(noes.height, silent.height, planted, 4) or noes.height < planted * silent.height
        after = noes.join(reminded, on=key).filter(pl.col("reminded") > pl.col("occurred_from"))
        assert after.is_empty()
        assert truth["feeling"]["steps"][step] == noes.height


def test_everybody_at_a_site_is_invited_and_most_answer(facts: Facts, truth: dict[str, Any]) -> None:
    who = ["site", "rater", "respondent", "wave"]
    for key in ("use", "gain"):
        invited = asked(facts, key, "invited")
        answered = given(facts, key)
        assert invited.select(who).is_duplicated().sum() == 0
        assert answered.join(invited, on=who, how="semi").height == answered.height
        assert set(invited["occurred_from"]) == {date(2018, 3, 1)}
        assert truth[key]["rounds"]["spring"]["due"] == invited.height
        assert truth[key]["rounds"]["spring"]["answered"] == answered.height
    use = truth["use"]["rounds"]["spring"]
    assert near(use["answered"], use["due"], truth["use"]["planted"]["respondent_answers"])


def test_classes_keep_their_steps_across_editions(facts: Facts, folder: Path, truth: dict[str, Any]) -> None:
    told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["questionnaires"]["classed"]
    assert told["sides_from_worst"] == ["ill", "well"]
    rows = answers(facts, "classed").filter(pl.col("rater") == "guide")
    assert set(rows["edition"]) == {"before", "now"}
    assert rows.height == told["answered"]
    assert rows.filter(pl.col("n_missing") > 0).height == told["with_missing_item"]
    assert rows.filter(~pl.col("complete")).height == told["incomplete"] > told["with_missing_item"]
    sided = rows.drop_nulls("side").sort("enrolment", "occurred_from")
    moved = sided.with_columns(
        before=pl.col("side").shift().over("enrolment"),
        was=pl.col("edition").shift().over("enrolment"),
    ).filter(pl.col("was") == "before", pl.col("edition") == "now")
    # The side goes on where the form changes: most stay, as from one set to the next.
    assert moved.height > 30
    assert (moved["side"] == moved["before"]).mean() > 0.8  # type: ignore[operator]


def test_what_is_planted_about_answers_can_be_changed(programme: Programme, tmp_path: Path) -> None:
    profile = with_changes(
        default_profile(programme), beside_scale_share=0.0, round_late_share=0.0, old_form_share=0.0,
        reminded_share=0.0, round_declined=1.0, round_not_relevant=0.0, round_not_reached=0.0,
        answered_twice_share=0.0,
    )  # fmt: skip
    made = simulate(programme, 400, 3, tmp_path / "data", profile=profile)
    told = json.loads((made / "truth.json").read_text(encoding="utf-8"))["rounds"]["feeling"]
    assert told["beside"] == 0
    assert set(told["steps"]) == {"declined"}
    facts = read_record(made, programme).as_of()
    rows = given(facts, "feeling")
    assert rows.filter((pl.col("occurred_from") > UNTIL) & (pl.col("edition") != "second")).is_empty()
    assert rows.group_by("enrolment", "wave", "rater").len()["len"].max() == 1


@pytest.mark.parametrize(
    ("wanted", "up", "ticked"), [(3, False, 2), (3, True, 4), (1, True, 1), (0, False, 1), (6, True, 5)]
)
def test_who_wants_a_point_that_is_not_there_takes_one_beside_it(wanted: int, up: bool, ticked: int) -> None:
    there = np.array([1, 2, 4, 5])
    assert nearest(np.array([wanted]), there, np.array([up])).tolist() == [ticked]
