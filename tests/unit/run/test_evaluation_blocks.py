"""What an evaluation's definition asks for is what is estimated, tried and told of, and no more than may be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats import evaluate as ev
from indsats.figure import Figure
from indsats.programme import Evaluation, Text
from indsats.register import Cohort, week_number
from indsats.report import Document, Paragraph, Reading, Section, Table, protect
from indsats.run.doubts import design_doubts, doubts_blocks, without_counts
from indsats.run.estimates import estimates_tables
from indsats.run.estimators import main_method, matches, methods
from indsats.run.sensitivity import sensitivity_blocks
from indsats.run.waiting import waiting_blocks

TITLE = {"da": "Titel", "en": "Title"}
SOURCE = {"title": TITLE, "source": "L1"}


def evaluation(**parts: Any) -> Evaluation:
    """An evaluation of one outcome on the cohort below, with ``parts`` added."""
    base: dict[str, Any] = {
        **SOURCE,
        "ask": TITLE,
        "design": "regression",
        "index": {"state": "benefit"},
        "treated": "true",
        "outcomes": [
            {"id": "job", "kind": "state", "state": "working", "within_weeks": 26, **SOURCE},
            {"id": "hours", "kind": "hours", "to_month": 6, **SOURCE},
        ],
        "covariates": [{"field": "age", "title": TITLE}, {"field": "sex", "title": TITLE}],
    }
    return Evaluation.model_validate(base | parts)


@pytest.fixture(scope="module")
def study() -> Cohort:
    rng = np.random.default_rng(11)
    n = 1200
    site = rng.integers(0, 12, n)
    site_treated, age = site < 5, rng.normal(45, 8, n)
    index = date(2016, 1, 4) + np.array([timedelta(weeks=int(w)) for w in rng.integers(0, 100, n)])
    after = np.array([day >= date(2017, 1, 1) for day in index])
    treated = site_treated & after
    chance = 0.25 + 0.12 * treated + 0.004 * (age - 45)
    job = rng.random(n) < chance
    table = pl.DataFrame(
        {
            "person": [f"p{i:04}" for i in range(n)],
            "index_week": [week_number(day) for day in index],
            "treated": treated,
            "weeks": np.where(job, rng.integers(1, 27, n), 26),
            "event": job,
            "job": job,
            "hours": np.maximum(0, 5 + 2 * treated + 0.1 * (age - 45) + rng.normal(0, 3, n)),
            "age": age,
            "sex": rng.choice(["man", "woman"], n),
            "site": [f"s{one:02}" for one in site],
            "site_treated": site_treated.astype(float),
            "after": after.astype(float),
            "earlier": rng.integers(0, 30, n).astype(float),
            "index_date": list(index),
        },
        schema_overrides={"index_week": pl.Int32, "weeks": pl.Int32},
    )
    return Cohort(table, n, {})


DID = {"id": "did", "kind": "did", "site_treated": "site_treated", "after": "after", **SOURCE}
ESTIMATES: list[dict[str, Any]] = [
    {"id": "plain", "kind": "regression", "adjust": ["age"], **SOURCE},
    {"id": "within", "kind": "regression", "adjust": ["age"], "absorb": ["earlier"], **SOURCE},
    DID,
    {"id": "weights", "kind": "weighting", "by": "entropy", **SOURCE},
    {"id": "overlap", "kind": "weighting", "by": "overlap", **SOURCE},
    {"id": "robust", "kind": "doubly-robust", "whom": "all", **SOURCE},
    {"id": "drawn", "kind": "trial", "strata": "sex", **SOURCE},
    {"id": "dose", "kind": "dose", "dose": "earlier", **SOURCE},
]


def test_every_kind_of_estimate_is_the_estimator_of_its_name(study: Cohort) -> None:
    asked = evaluation(estimates=ESTIMATES, cluster="site")
    table, hours = study.table, asked.outcomes[1]
    found = {method.id: method.make(table) for method in methods(asked, hours)}
    fields = ["age", "sex"]
    expected = {
        "raw": ev.difference_in_means(table, "hours"),
        "plain": ev.regression(table, "hours", "treated", ["age"], se="cluster", cluster="site"),
        "within": ev.regression_within(
            table, "hours", "treated", ["age"], absorb=["earlier"], cluster="site"
        ),
        "did": ev.did(table, "hours", "site_treated", "after", cluster="site"),
        "weights": ev.weigh(table, "treated", fields, method="entropy").effect("hours", cluster="site"),
        "overlap": ev.weigh(table, "treated", fields, method="overlap").effect("hours", cluster="site"),
        "robust": ev.aipw(table, "hours", "treated", fields, cluster="site"),
        "drawn": ev.itt(table, "hours", "treated", strata="sex", cluster="site"),
        "dose": ev.dose_response(table, "hours", "earlier", cluster="site").effect,
    }
    assert {name: effect.tidy().rows() for name, effect in found.items()} == {
        name: effect.tidy().rows() for name, effect in expected.items()
    }
    assert {name: (effect.estimand) for name, effect in found.items()}["overlap"] == "ATO"


def test_an_estimate_for_some_outcomes_is_made_of_them_alone(study: Cohort) -> None:
    asked = evaluation(estimates=[{**DID, "outcomes": ["hours"]}])
    job, hours = asked.outcomes
    assert [method.id for method in methods(asked, job)] == ["raw"]
    assert [method.id for method in methods(asked, hours)] == ["raw", "did"]
    assert main_method(asked, job).id == "raw"
    assert main_method(asked, hours).id == "did"


@pytest.mark.parametrize("on", ["propensity", "prognosis", "mahalanobis"])
def test_pairs_made_beforehand_and_made_anew_are_the_same(on: str, study: Cohort) -> None:
    asked = evaluation(design="matched", matching={"on": on, "source": "L1"}, main="matched")
    hours = asked.outcomes[1]
    made = matches(asked, study.table, asked.outcomes)
    [_, with_pairs] = methods(asked, hours, made["hours"])
    assert with_pairs.make(study.table) == main_method(asked, hours).make(study.table)
    assert (made["job"] is made["hours"]) == (on != "prognosis")


def tables(blocks: Iterator[Any]) -> dict[str, Table]:
    return {block.id: block for block in blocks if isinstance(block, Table)}


def test_the_main_estimates_p_values_are_adjusted_for_their_number(study: Cohort) -> None:
    asked = evaluation(estimates=[DID], multiplicity="holm", cluster="site")
    found = tables(estimates_tables("e", asked, study, {}, []))
    assert len(found["e-several"].rows) == 2
    p = [row[1].value for row in found["e-several"].rows if isinstance(row[1], Figure)]
    adjusted = [row[2].value for row in found["e-several"].rows if isinstance(row[2], Figure)]
    assert adjusted == pytest.approx(ev.adjust_p(p, "holm"))


def test_a_control_outcome_is_not_one_of_several(study: Cohort) -> None:
    checks = [{"check": "negative-controls", "outcomes": ["job"], "source": "L1"}]
    asked = evaluation(estimates=[DID], multiplicity="holm", cluster="site", sensitivity=checks)
    assert "e-several" not in tables(estimates_tables("e", asked, study, {}, []))


def test_hazard_ratios_are_those_of_cox_by_piece(study: Cohort) -> None:
    cox = {"id": "cox", "kind": "cox", "adjust": ["age"], "split": [8], **SOURCE}
    mean = {"id": "mean", "kind": "restricted-mean", "horizon": 26, **SOURCE}
    asked = evaluation(estimates=[cox, mean], time_to="job", cluster="site")
    cautions: list[tuple[Text, ev.Caution]] = []
    found = tables(waiting_blocks("e", asked, study, cautions))
    fit = ev.cox(
        study.table, "weeks", "event", ["treated", "age"], cluster="site", split={"treated": [8]}
    ).table.filter(pl.col("term").str.starts_with("treated"))
    shown = [row[2].value for row in found["e-hazards"].rows if isinstance(row[2], Figure)]
    assert shown == fit["hazard_ratio"].to_list()
    assert [row[1].en for row in found["e-hazards"].rows if isinstance(row[1], Text)] == [
        "weeks 1-8",
        "from week 9",
    ]
    effect = ev.restricted_mean_difference(study.table, "weeks", "event", "treated", horizon=26)
    assert found["e-mean-wait"].rows[0][1].value == effect.estimate  # type: ignore[union-attr]
    assert "few-clusters" in {caution.code for _, caution in cautions}


def test_what_cannot_be_modelled_keeps_its_row_without_numbers(study: Cohort) -> None:
    cox = {"id": "cox", "kind": "cox", "adjust": ["flat"], **SOURCE}
    mean = {"id": "mean", "kind": "restricted-mean", "horizon": 99, **SOURCE}
    asked = evaluation(estimates=[cox, mean], time_to="job")
    flat = Cohort(study.table.with_columns(flat=pl.lit(1.0)), study.considered, {})
    found = tables(waiting_blocks("e", asked, flat, []))
    [row] = found["e-hazards"].rows
    assert isinstance(row[2], Figure)
    assert (row[2].value, "flat" in row[2].method) == (None, True)
    assert found["e-mean-wait"].rows[0][1].value is None  # type: ignore[union-attr]


CHECKS = [
    {"check": "e-value"},
    {"check": "tipping-point"},
    {"check": "leave-one-out", "by": "site"},
    {"check": "wild-bootstrap"},
    {"check": "randomisation", "by": "site"},
    {"check": "placebo", "start": "2016-06-01"},
    {"check": "negative-controls", "outcomes": ["hours"]},
    {"check": "subgroups", "fields": ["sex"]},
]


def test_every_check_the_plan_asks_for_has_a_row_and_a_reading(study: Cohort) -> None:
    asked = evaluation(
        design="difference-in-differences",
        estimates=[DID],
        cluster="site",
        effort_starts="2017-01-01",
        sensitivity=[{**check, "source": "L1"} for check in CHECKS],
    )
    cautions: list[tuple[Text, ev.Caution]] = []
    found = tables(sensitivity_blocks("e", asked, study, cautions))
    rows = {row[1].method: row for row in found["e-sensitivity"].rows if isinstance(row[1], Figure)}
    assert list(rows) == [check["check"] for check in CHECKS if check["check"] != "subgroups"]
    assert all(isinstance(row[2], Reading) and row[2].of == row[1].id for row in rows.values())  # type: ignore[union-attr]
    frame, effect = study.table, ev.did(study.table, "job", "site_treated", "after", cluster="site")
    without = ev.leave_one_out(
        frame, "site", lambda rest: ev.did(rest, "job", "site_treated", "after", cluster="site")
    )
    furthest = without.table.sort(pl.col("change").abs(), descending=True)
    terms = ["treated", "site_treated", "after"]
    wild = ev.wild_bootstrap(frame, "job", terms, term="treated", cluster="site")
    drawn = ev.randomisation_test(frame, "job", "site", "site_treated", after="after")
    moved = ev.placebo(
        frame, "job", "site_treated", "index_date", date(2017, 1, 1), date(2016, 6, 1), cluster="site"
    )
    control = ev.did(frame, "hours", "site_treated", "after", cluster="site")
    expected = {
        "e-value": ev.e_value_of(effect, shares=True).point,
        "tipping-point": ev.tipping_point(effect).product,
        "leave-one-out": furthest["estimate"][0],
        "wild-bootstrap": wild.p,
        "randomisation": drawn.p,
        "placebo": moved.estimate,
        "negative-controls": control.estimate,
    }
    assert {name: row[1].value for name, row in rows.items()} == pytest.approx(expected)  # type: ignore[union-attr]
    made_from = rows["negative-controls"][1].made_from  # type: ignore[union-attr]
    assert {"effect/e/job/did/treated", "effect/e/hours/raw/untreated"} <= set(made_from)
    levels = found["e-subgroups-sex"].rows
    events = [row[3].numerator for row in levels if isinstance(row[3], Figure)]
    by_sex = study.table.filter("treated").group_by("sex").agg(pl.col("job").sum()).sort("sex")["job"]
    assert events == [*by_sex, by_sex.sum()]


def test_the_randomisation_test_adjusts_as_the_estimate_it_tries_does(study: Cohort) -> None:
    asked = evaluation(
        estimates=[{"id": "plain", "kind": "regression", "adjust": ["age"], **SOURCE}],
        cluster="site",
        sensitivity=[{"check": "randomisation", "by": "site", "source": "L1"}],
    )
    by_site = Cohort(study.table.with_columns(treated=pl.col("site_treated") == 1), study.considered, {})
    [row] = tables(sensitivity_blocks("e", asked, by_site, []))["e-sensitivity"].rows
    expected = ev.randomisation_test(by_site.table, "job", "site", "treated", covariates=["age"])
    assert row[1].value == expected.p  # type: ignore[union-attr]


def test_subgroups_the_data_do_not_allow_are_told_of(study: Cohort) -> None:
    asked = evaluation(sensitivity=[{"check": "subgroups", "fields": ["age"], "source": "L1"}])
    [said] = list(sensitivity_blocks("e", asked, study, []))
    assert isinstance(said, Paragraph)
    assert "cannot be estimated" in said.text.en


def test_an_association_shows_no_groups_and_a_modelled_share_no_count(study: Cohort) -> None:
    asked = evaluation(estimates=ESTIMATES, cluster="site")
    shown = tables(estimates_tables("e", asked, study, {}, []))["e-effects"].rows
    rows = {row[4].id.split("/")[3]: row for row in shown if isinstance(row[4], Figure)}
    assert rows["dose"][2:4] == (None, None)
    assert rows["weights"][3].numerator is None  # type: ignore[union-attr]
    controls = study.table.filter(~pl.col("treated"))
    assert rows["raw"][3].numerator == controls["job"].sum()  # type: ignore[union-attr]


def test_hidden_bias_is_bounded_within_pairs(study: Cohort) -> None:
    asked = evaluation(
        design="matched",
        matching={"on": "propensity", "source": "L1"},
        sensitivity=[{"check": "hidden-bias", "source": "L1"}],
    )
    [row] = tables(sensitivity_blocks("e", asked, study, []))["e-sensitivity"].rows
    made = ev.match(study.table, "treated", ["age", "sex"], scale="logit", id="person")
    bounds = ev.rosenbaum_bounds(made.table, "job", pair="pair", person="person")
    assert row[1].value == bounds.gamma_star  # type: ignore[union-attr]


def test_a_check_that_cannot_be_made_says_so(study: Cohort) -> None:
    asked = evaluation(
        estimates=[DID],
        cluster="site",
        effort_starts="2017-01-01",
        sensitivity=[{"check": "placebo", "start": "2010-01-01", "source": "L1"}],
    )
    [row] = tables(sensitivity_blocks("e", asked, study, []))["e-sensitivity"].rows
    assert row[1].value is None  # type: ignore[union-attr]
    assert "Cannot" in row[2].en  # type: ignore[union-attr]


def test_people_before_the_effort_who_are_followed_into_it_are_told_of(study: Cohort) -> None:
    asked = evaluation(estimates=[DID], cluster="site", effort_starts="2016-12-01")
    codes = {caution.code for _, caution in design_doubts(asked, study)}
    assert "before-window-contaminated" in codes
    unmoved = evaluation(estimates=[DID], cluster="site")
    assert "before-window-contaminated" not in {caution.code for _, caution in design_doubts(unmoved, study)}


def doubt(code: str, severity: str, said: str) -> ev.Caution:
    return ev.caution(code, severity, said, said)  # type: ignore[arg-type]


def told(*cautions: ev.Caution, threshold: int = 5) -> list[tuple[str, str]]:
    where = Text(da="her", en="here")
    [table] = doubts_blocks("e", [(where, one) for one in cautions], threshold, 40)
    assert isinstance(table, Table)
    return [(row[0].en, row[2].en) for row in table.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "said", ["3 people", "12 of 15 rows", "1 of 90", "1,204 of 1,206", "8% of the treated", "97.3 % have"]
)
def test_a_doubt_about_few_people_is_told_without_its_numbers(said: str) -> None:
    [(_, shown)] = told(doubt("x", "doubt", said))
    assert not any(sign.isdigit() for sign in shown.replace("(x)", ""))


@pytest.mark.parametrize("said", ["30 people", "12 of 90 rows", "0.02 away", "none", "20% of the treated"])
def test_a_doubt_about_many_is_told_as_it_is(said: str) -> None:
    assert told(doubt("x", "doubt", said)) == [("Read with care", said)]


def test_numbers_of_places_are_no_secret() -> None:
    few = ev.regression(
        pl.DataFrame({"treated": [1, 1, 0, 0] * 4, "y": [1.0, 3, 2, 4.5] * 4, "site": [1, 2, 3, 4] * 4}),
        "y",
        se="cluster",
        cluster="site",
    ).warnings
    assert "4 clusters" in told(*few)[0][1]


def test_the_gravest_doubt_stands_first_and_missing_values_are_left_to_the_table_of_who_is_included() -> None:
    found = told(doubt("a", "note", "n"), doubt("b", "grave", "g"), doubt("missing-values", "note", "m"))
    assert [shown for _, shown in found] == ["g", "n"]
    [(_, many)] = told(
        doubt("missing-values", "doubt", "27 of 75"), doubt("missing-values", "doubt", "26 of 75")
    )
    assert not any(sign.isdigit() for sign in many)


def test_a_reason_is_told_without_counts() -> None:
    said = (
        "when fold 3 is left out, column 'ly-208-uger' separates: all 4 rows where it is 'x' have outcome 0"
    )
    assert without_counts(said) == "when fold … is left out, column 'ly-208-uger' separates"


def test_a_reading_goes_with_its_figure_when_few_have_the_outcome(study: Cohort) -> None:
    rows = pl.int_range(pl.len()).over("treated")
    few = Cohort(
        study.table.with_columns(job=rows < pl.when("treated").then(3).otherwise(9)), study.considered, {}
    )
    asked = evaluation(estimates=[], sensitivity=[{"check": "tipping-point", "source": "L1"}])
    blocks = [
        *estimates_tables("e", asked, few, {}, []),
        *sensitivity_blocks("e", asked, few, []),
    ]
    [made] = [block.rows[0] for block in blocks if isinstance(block, Table) and block.id == "e-sensitivity"]
    assert isinstance(made[2], Reading)
    document = Document(
        title=Text(da="T", en="T"),
        programme="p",
        version=1,
        period=None,
        sections=(Section(Text(da="S", en="S"), tuple(blocks)),),
        threshold=5,
        synthetic=True,
    )
    [table] = [one for one in protect(document).tables() if one.id == "e-sensitivity"]
    assert table.rows[0][2] is None
