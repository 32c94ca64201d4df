"""The printed figures, recomputed; and the recomputation checked against numbers found independently."""

from __future__ import annotations

import json
from collections import Counter

import polars as pl
import pytest
import statsmodels.formula.api as smf

import indsats.replicate as room
import publicdata
from indsats.library import definition_path, tables_path
from indsats.programme import load
from indsats.register import packaged_cohort
from indsats.replicate import Row, replicate
from indsats.replicate.printed import read_publication


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {f"{row.document}/{row.id}": row for row in replicate()}


@pytest.fixture(scope="module")
def outreach(rows: dict[str, Row]) -> dict[str, Row]:
    return {row.id: row for row in rows.values() if row.document.startswith("004")}


@pytest.fixture(scope="module")
def supported(rows: dict[str, Row]) -> dict[str, Row]:
    return {row.id: row for row in rows.values() if row.document == "dehejia-wahba-1999"}


def test_nothing_is_unexplained(rows: dict[str, Row]) -> None:
    assert [name for name, row in rows.items() if row.verdict == "unexplained"] == []


def test_enough_printed_figures_come_out_equal(outreach: dict[str, Row]) -> None:
    printed = Counter(row.verdict for row in outreach.values() if row.basis == "printed")
    assert printed["equal"] >= 55
    assert printed["not_recomputable"] == 12


def test_what_is_known_to_differ_differs(outreach: dict[str, Row]) -> None:
    assert {name for name, row in outreach.items() if row.verdict == "differs"} == {
        "besoeg-med-sag",
        "selvforsoergelse-indsats-tekst",
        "selvforsoergelse-oevrige-tekst",
        "jki-a-antal",
        "jki-g-antal",
        "ub-efg-til-job",
        "ub-efg-til-andet",
        "fastholdt-forskel",
        "ned-signifikant",
        "fordeling-januar-ens",
        "afgangsrate-12",
        "placeringsrate-12",
        "rapport-2-forloeb-job-talt",
        "rapport-2-forloeb-job-status",
    }
    assert all(row.reason for row in outreach.values() if row.verdict != "equal")


@pytest.mark.parametrize(
    ("name", "value", "tolerance"),
    [
        ("jki-a-antal", 334, 0),
        ("jki-g-antal", 1469, 0),
        ("fastholdt-forskel", 9, 0),
        ("ned-signifikant", 0.0259, 0.0001),
        ("fordeling-abcd-signifikant", 0.0049, 0.0001),
        ("fordeling-januar-ens", 0.0122, 0.0001),
        ("fordeling-efg-ens", 0.61, 0.005),
        ("fastholdt-signifikant", 0.0004, 0.0001),
        ("forloeb-placering-antal", 13, 0),
        ("forloeb-job-antal-3", 4, 0),
        ("forloeb-placering-antal-3", 34, 0),
    ],
)
def test_recomputed_values(outreach: dict[str, Row], name: str, value: float, tolerance: float) -> None:
    assert outreach[name].recomputed == pytest.approx(value, abs=tolerance)


def test_the_effect_on_placements_is_significant_but_its_p_is_no_oracle(outreach: dict[str, Row]) -> None:
    p = outreach["virksomhed-signifikant"].recomputed
    assert isinstance(p, float)
    assert 0.0384 <= p <= 0.0486
    assert outreach["p-virksomhed"].verdict == "not_recomputable"


def test_all_answer_patterns_by_class(outreach: dict[str, Row]) -> None:
    counts = {
        name[-1].upper(): row.recomputed for name, row in outreach.items() if name.startswith("moenstre-")
    }
    assert {row.basis for name, row in outreach.items() if name.startswith("moenstre-")} == {"derived"}
    assert counts == {"A": 32, "B": 160, "C": 51, "D": 648, "E": 1017, "F": 92, "G": 1125}


def test_the_extra_cost_and_what_pays_for_it(outreach: dict[str, Row]) -> None:
    """1.1 million for 1,424 citizens, and the jobs it takes at 136,000 and 122,000 kr. each: not printed as such."""
    names = ("merudgift-pr-borger", "break-even-hoejeste-gevinst", "break-even-laveste-gevinst")
    found = [outreach[name] for name in names]
    assert [row.recomputed for row in found] == pytest.approx(
        [1_100_000 / 1424, 1_100_000 / 136_000, 1_100_000 / 122_000]
    )
    assert {(row.verdict, row.basis) for row in found} == {("equal", "derived")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lodtraekning-forskel", 1794.3424),
        ("lodtraekning-forskel-se", 632.8534),
        ("lodtraekning-justeret", 1672.2031),
        ("lodtraekning-justeret-se", 638.3966),
        ("cps-forskel", -8497.5161),
        ("cps-forskel-se", 712.0207),
        ("cps-justeret", 738.8341),
        ("cps-justeret-se", 547.0534),
        ("psid-forskel", -15204.7759),
        ("psid-forskel-se", 1154.6144),
        ("psid-justeret", 217.9439),
        ("psid-justeret-se", 866.1968),
    ],
)
def test_supported_work_equals_independent_least_squares(
    supported: dict[str, Row], name: str, value: float
) -> None:
    assert supported[name].recomputed == pytest.approx(value, abs=5e-4)


def test_what_differs_between_the_tables_of_one_article_is_told_of_both(supported: dict[str, Row]) -> None:
    assert {name for name, row in supported.items() if row.verdict == "differs"} == {
        "cps-justeret",
        "cps-justeret-se",
        "psid-justeret",
        "psid-justeret-se",
    }
    assert supported["psid-justeret-tabel-2"].verdict == supported["cps-justeret-tabel-2"].verdict == "equal"
    assert supported["psid-forskel-se"].verdict == "equal_within_rounding"


def test_the_participants_of_the_household_survey_are_those_of_the_trial() -> None:
    programme = load(definition_path("supported-work"))
    cohorts = [packaged_cohort(programme, name) for name in ("lodtraekning", "uden-lodtraekning-psid")]
    earned = [cohort.table.filter("treated")["indtaegt-1978"].sort() for cohort in cohorts]
    assert earned[0].to_list() == pytest.approx(earned[1].to_list(), abs=0.1)


@pytest.mark.parametrize(("state", "column"), [("kentucky", "ky"), ("michigan", "mi")])
def test_injured_workers_equal_independent_least_squares(
    rows: dict[str, Row], state: str, column: str
) -> None:
    data = publicdata.table("injury").filter(pl.col(column) == 1).to_pandas()
    fit = smf.ols("ldurat ~ highearn * afchnge", data).fit()
    found = {
        name.rpartition("/")[2]: row.recomputed
        for name, row in rows.items()
        if name.startswith(f"meyer-viscusi-durbin-1995/{state}")
    }
    assert found == {
        f"{state}-virkning": pytest.approx(fit.params["highearn:afchnge"]),
        f"{state}-virkning-se": pytest.approx(fit.bse["highearn:afchnge"]),
        f"{state}-antal": fit.nobs,
    }


def test_the_counties_are_those_of_the_package_digit_for_digit() -> None:
    kept = pl.read_csv(tables_path() / "mpdta.csv").cast(pl.Float64)
    theirs = publicdata.table("mpdta").rename({"first.treat": "first_treat"}).select(kept.columns)
    assert kept.equals(theirs.sort("countyreal", "year"))


def test_counties_by_group_and_time_equal_r(rows: dict[str, Row]) -> None:
    theirs = publicdata.answer_table(publicdata.answers("panel")["mpdta"]["group_time"])
    asked = theirs.select("group", "period", "estimate").iter_rows()
    expected = {f"att-{group:.0f}-{period:.0f}": estimate for group, period, estimate in asked}
    found = {
        row.id: row.recomputed
        for row in rows.values()
        if row.document == "callaway-santanna-2021" and row.id.startswith("att-")
    }
    assert found == {name: pytest.approx(value, rel=1e-6) for name, value in expected.items()}


def test_of_the_newer_publications_all_that_can_be_recomputed_comes_out_equal(rows: dict[str, Row]) -> None:
    for document, figures, only_printed in (
        ("meyer-viscusi-durbin-1995", 6, 0),
        ("callaway-santanna-2021", 24, 2),
    ):
        verdicts = Counter(row.verdict for row in rows.values() if row.document == document)
        assert verdicts == Counter(equal=figures, not_recomputable=only_printed), document


def test_a_wrong_expectation_shows_as_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = read_publication("004")
    wrong = kept.figures[0].model_copy(update={"printed": 7.0})
    changed = kept.model_copy(update={"figures": [wrong], "not_recomputable": []})
    monkeypatch.setattr(room, "read_publication", lambda _: changed)
    assert {row.verdict for row in replicate("004")} == {"unexplained"}


def test_one_document_is_found_by_key_document_and_programme() -> None:
    ids = [row.id for row in replicate("004")]
    assert ids == [row.id for row in replicate("fremskudt-indsats")]
    assert ids == [row.id for row in replicate("004_525ef955d6d57c5c")]
    assert "cps-forskel" not in ids


def test_rows_are_plain_values(rows: dict[str, Row]) -> None:
    restored = json.loads(json.dumps([row.as_dict() for row in rows.values()], ensure_ascii=False))
    assert len(restored) == len(rows)
    assert {
        "id",
        "what",
        "document",
        "line",
        "printed",
        "recomputed",
        "decimals",
        "verdict",
        "reason",
    } <= set(restored[0])
