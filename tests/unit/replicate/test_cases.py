"""Figures of steering from the people of a case: each part of an indicator and its target, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from indsats.replicate.cases import Cases, facts_of
from indsats.replicate.printed import Publication
from indsats.replicate.steered import Case, Steered

MAY = "2016-05-01/2016-05-31"


def _group(count: int, *facts: dict[str, Any], site: str = "tingbjerg") -> dict[str, Any]:
    return {
        "count": count,
        "site": site,
        "enrolled": "2016-05-02",
        "service": "jobsamtaler",
        "facts": list(facts),
    }


def _met(outcome: str) -> dict[str, Any]:
    fields = {"type": "opfoelgningssamtale", "outcome": outcome}
    return {"kind": "meeting", "on": "2016-05-31", "with": fields}


PEOPLE = [_group(3, _met("no_show")), _group(17, _met("held")), _group(5, _met("held"), site="urbanplanen")]
FIGURE = {
    "id": "x",
    "what": {"da": "x", "en": "x"},
    "line": "L1",
    "printed": 1,
    "decimals": 0,
    "inputs": "L1",
}


def _publication(make: dict[str, Any] | None = None) -> Publication:
    figures = [] if make is None else [{**FIGURE, "make": make}]
    case = {"programme": "fremskudt-indsats", "people": PEOPLE}
    return Publication.model_validate(
        {"document": "d", "programme": "fremskudt-indsats", "cases": {"may": case}, "figures": figures}
    )


def _make(part: str, indicator: str = "udeblivelser", period: str = MAY, **where: str) -> Steered:
    parts = {"recipe": "steered", "of": "may", "indicator": indicator, "period": period, "part": part}
    return Steered.model_validate({**parts, **where})


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (_make("value"), 0.12),
        (_make("percent"), 12),
        (_make("numerator"), 3),
        (_make("denominator"), 25),
        (_make("denominator", site="urbanplanen"), 5),
        (_make("percent", site="urbanplanen"), 0),
        (_make("per_month", "sager", "2016-05-01/2016-06-30"), 12.5),
        (_make("target", unit="ub"), 0.132),
        (_make("target_percent", unit="ub"), 13.2),
        (_make("percent", "forloeb-job-52-uger"), None),
    ],
)
def test_a_part_of_an_indicator(make: Steered, value: float | None) -> None:
    assert Cases(_publication()).value(make) == (None if value is None else pytest.approx(value))


def test_an_index_without_anybody_before_is_a_star() -> None:
    assert Cases(_publication()).value(_make("index", "forloeb-job-52-uger")) == "*"


@pytest.mark.parametrize(
    ("missed", "of", "status"), [(13, 100, "met"), (14, 100, "not_met"), (20, 100, "not_met")]
)
def test_a_document_with_two_statuses_knows_no_near(missed: int, of: int, status: str) -> None:
    people = [_group(missed, _met("no_show")), _group(of - missed, _met("held"))]
    case = Case.model_validate({"programme": "fremskudt-indsats", "people": people})
    made = Cases(_publication().model_copy(update={"cases": {"may": case}}))
    assert made.value(_make("reached", unit="ub")) == status


def test_a_target_needs_its_unit() -> None:
    with pytest.raises(ValueError, match="needs the unit"):
        Cases(_publication()).value(_make("reached"))


def test_a_figure_of_a_case_there_is_not_is_refused() -> None:
    with pytest.raises(ValidationError, match="of no case there is: 'june'"):
        _publication({**_make("value").model_dump(mode="json"), "period": MAY, "of": "june"})


def test_people_who_were_never_enrolled_have_their_facts() -> None:
    people = [{"count": 2, "site": "tingbjerg", "facts": [{"kind": "walk_in", "on": "2016-05-04"}]}]
    facts = facts_of(Case.model_validate({"programme": "fremskudt-indsats", "people": people}))
    assert facts.enrolments().is_empty()
    visits = facts.table("walk_in")
    assert visits["person"].n_unique() == 2
    assert visits["unit"].to_list() == ["ub", "ub"]
