"""Benchmark of sites: what a rank says and does not say, whom it is fair to compare, and who is left out."""

from __future__ import annotations

from datetime import date

import pytest

from casebook import text
from indsats.figure import Figure
from indsats.programme import RuleError
from indsats.steer.benchmark import FEW, NO_VALUE, Standing, benchmark
from indsats.steer.comparable import ALIKE, NO_CONDITIONS, TOO_FEW, comparable
from rank_sites import YEAR, described, met


def standing(
    site: str, levels: dict[str, tuple[int, int]], better: str = "higher", **rest: object
) -> Standing:
    found = benchmark(met(levels, better, **rest).facts(), "came", YEAR)
    return next(row for row in found.rows if row.site == site)


def test_third_is_not_above_average() -> None:
    # Document 003: 42, 34 and 24 per cent are ranked 1, 2 and 3 in the cluster whose mean is printed as 27
    # (L1083, L1094, L1105): third of many, and below the mean.
    levels = {"hedensted": (42, 100), "skanderborg": (34, 100), "viborg": (24, 100)}
    levels |= {f"other{n}": (23 - n, 100) for n in range(4)}
    viborg = standing("viborg", levels)
    assert viborg.rank is not None
    assert viborg.to_others is not None
    assert viborg.rank.value == 3
    assert viborg.to_others.value is not None
    assert viborg.to_others.value < 0
    assert standing("hedensted", levels).to_others.low > 0  # type: ignore[union-attr]
    # and it may as well be the last: the others are within chance of it
    assert (viborg.rank.low, viborg.rank.high) == (2, 7)


def test_distance_is_to_the_others_without_the_site_itself() -> None:
    found = standing("a", {"a": (30, 40), "b": (10, 40), "c": (30, 80)})
    assert found.to_others is not None
    assert found.to_others.value == pytest.approx(30 / 40 - 40 / 120)
    assert found.to_others.unit == "points"
    assert found.to_others.low < found.to_others.value < found.to_others.high
    assert found.to_others.p is not None
    assert found.to_others.p < 0.001


def test_without_a_site_of_the_effort_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no site in the data"):
        benchmark(met({"a": (1, 2)}, "higher").facts(), "came", YEAR, levels={})


def test_lower_is_better_where_the_indicator_says_so() -> None:
    levels = {"a": (8, 40), "b": (20, 40), "c": (30, 40)}
    assert [standing(site, levels, "lower").rank.value for site in "abc"] == [1, 2, 3]  # type: ignore[union-attr]
    assert [standing(site, levels).rank.value for site in "abc"] == [3, 2, 1]  # type: ignore[union-attr]


def test_without_a_better_direction_there_is_a_distance_and_no_rank() -> None:
    found = standing("a", {"a": (8, 40), "b": (20, 40)}, "neither")
    assert found.rank is found.best_quarter is found.to_quarter is None
    assert found.to_others is not None


def test_equal_sites_share_the_better_rank() -> None:
    levels = {"a": (10, 40), "b": (20, 80), "c": (30, 40), "d": (5, 40)}
    assert [standing(site, levels).rank.value for site in "abcd"] == [2, 2, 1, 4]  # type: ignore[union-attr]


def test_few_people_are_not_ranked_and_no_part_of_the_others() -> None:
    levels = {"a": (20, 40), "b": (10, 40), "small": (2, 3), "rare": (2, 40), "nobody": (0, 0)}
    found = benchmark(met(levels).facts(), "came", YEAR)
    rows = {row.site: row for row in found.rows}
    assert rows["small"].reason == rows["rare"].reason == FEW
    assert rows["nobody"].reason == NO_VALUE
    assert rows["small"].rank is None
    assert found.ranked == 2
    assert (found.total.numerator, found.total.denominator) == (30, 80)
    assert rows["a"].to_others.value == pytest.approx(0.25)  # type: ignore[union-attr]


def test_only_sites_of_the_effort_are_compared() -> None:
    found = benchmark(met({"a": (20, 40), "b": (10, 40), "city": (40, 40)}).facts(), "came", YEAR)
    assert [row.site for row in found.rows] == ["a", "b"]
    assert found.total.denominator == 80


def test_the_best_quarter_begins_at_its_last_site() -> None:
    levels = {f"s{n}": (5 + 4 * n, 40) for n in range(8)}
    assert standing("s6", levels).to_quarter.value == 0  # type: ignore[union-attr]
    assert standing("s7", levels).to_quarter.value == pytest.approx(0.1)  # type: ignore[union-attr]
    assert standing("s0", levels).to_quarter.value == pytest.approx(-0.6)  # type: ignore[union-attr]
    assert standing("s7", levels).best_quarter.value > 0.6  # type: ignore[union-attr]


def test_sites_that_differ_by_chance_alone_are_said_to() -> None:
    alike = benchmark(met({f"s{n}": (18 + n, 40) for n in range(4)}).facts(), "came", YEAR)
    apart = benchmark(met({f"s{n}": (8 + 8 * n, 40) for n in range(4)}).facts(), "came", YEAR)
    assert alike.alike is not None
    assert apart.alike is not None
    assert alike.alike.value > 0.5 > 0.001 > apart.alike.value  # type: ignore[operator]


def test_counts_are_held_against_the_mean_of_the_others() -> None:
    found = benchmark(met({"a": (20, 40), "b": (10, 40), "c": (6, 10)}).facts(), "cases", YEAR)
    assert found.rows[0].to_others.value == pytest.approx(20 - 8)  # type: ignore[union-attr]


def test_means_that_are_no_sample_have_ranks_without_uncertainty() -> None:
    levels = {site: Figure(f"l/{site}", value, "mean") for site, value in (("a", 1.0), ("b", 2.0))}
    found = benchmark(met({"a": (9, 9), "b": (9, 9)}).facts(), "came", YEAR, levels=levels)
    assert [row.rank.value for row in found.rows] == [2, 1]  # type: ignore[union-attr]
    assert found.rows[0].rank.low is None  # type: ignore[union-attr]
    assert found.alike is None


def test_a_rank_hangs_on_the_levels_that_its_gap_would_tell_of() -> None:
    # 20, 21 and 60 of 100: ranks of the two near ones go together, the far one's stands alone
    levels = {"a": (20, 100), "b": (21, 100), "c": (60, 100)}
    ids = {site: f"indicator/came/site.{site}/2016-01-01..2016-12-31" for site in levels}
    assert set(standing("a", levels).rank.made_from) == {ids["a"], ids["b"]}  # type: ignore[union-attr]
    assert set(standing("c", levels).rank.made_from) == {ids["c"]}  # type: ignore[union-attr]
    assert set(standing("c", levels).best_quarter.made_from) == set(ids.values())  # type: ignore[union-attr]


# Which sites are comparable

CONDITIONS = {
    "young": {"title": text("Young"), "source": "L1", "when": "age < 30"},
    "schooled": {"title": text("Schooled"), "source": "L1", "when": 'education == "higher"'},
}
ASKED = {"comparable": {"source": "L1087", "conditions": CONDITIONS, "clusters": 2}}


def people(**sites: tuple[int, int, int]) -> list[dict[str, object]]:
    """By site: people, of them so many young, so many with higher education."""
    return [
        {
            "person": f"{site}-{one:03}",
            "birth_date": date(1996, 1, 5) if one < young else date(1960, 1, 5),
            "education": "higher" if one < schooled else "primary",
        }
        for site, (number, young, schooled) in sites.items()
        for one in range(number)
    ]


ALIKE_PAIRS = {"a": (20, 18, 2), "b": (20, 17, 3), "c": (20, 3, 15), "d": (20, 2, 16)}
LEVELS = {"a": (15, 20), "b": (10, 20), "c": (8, 20), "d": (5, 20)}


def test_sites_with_alike_people_are_comparable_whatever_their_order() -> None:
    for names in ("abcd", "dcba", "bdac"):
        cases = met({site: LEVELS[site] for site in names}, **ASKED)
        found = comparable(described(cases, people(**ALIKE_PAIRS)))
        assert found.cluster_of == {"a": "group-1", "b": "group-1", "c": "group-2", "d": "group-2"}
        young = found.means["group-1"]["young"]
        assert (young.numerator, young.denominator) == (35, 40)
        assert found.silhouette is not None
        assert found.silhouette > 0.8


def test_a_site_is_ranked_among_those_comparable_with_it() -> None:
    facts = described(met(LEVELS, **ASKED), people(**ALIKE_PAIRS))
    rows = {row.site: row for row in benchmark(facts, "came", YEAR).rows}
    assert (rows["c"].rank.value, rows["c"].rank_in_cluster.value) == (3, 1)  # type: ignore[union-attr]
    assert rows["c"].to_cluster.value == pytest.approx(0.15)  # type: ignore[union-attr]


def test_age_is_counted_on_the_day_of_enrolment() -> None:
    # enrolled 4 January 2016, thirty the day after
    rows = [{**one, "birth_date": date(1986, 1, 5)} for one in people(a=(20, 0, 2), b=(20, 0, 18))]
    facts = described(met({"a": (9, 20), "b": (9, 20)}, **ASKED), rows, a="east", b="west")
    assert comparable(facts).means["east"]["young"].value == 1


def test_a_given_cluster_goes_before_a_computed_one() -> None:
    facts = described(met(LEVELS, **ASKED), people(**ALIKE_PAIRS), a="coast")
    found = comparable(facts)
    assert found.cluster_of["a"] == "coast"
    assert [one.given for one in found.sites] == [True, False, False, False]


def test_too_few_people_leave_a_site_without_a_cluster() -> None:
    levels = {**LEVELS, "small": (5, 6)}
    facts = described(met(levels, **ASKED), people(**ALIKE_PAIRS, small=(6, 3, 3)))
    found = {one.site: one for one in comparable(facts).sites}
    assert found["small"].cluster is None
    assert found["small"].reason == TOO_FEW


def test_people_of_whom_a_condition_is_unknown_are_left_out_of_its_share() -> None:
    rows = people(**ALIKE_PAIRS)
    for one in rows[:5]:
        one["education"] = None
    found = comparable(described(met(LEVELS, **ASKED), rows))
    assert found.means["group-1"]["schooled"].denominator == 35
    assert found.means["group-1"]["young"].denominator == 40


def test_conditions_alike_everywhere_tell_no_sites_apart() -> None:
    rows = people(**dict.fromkeys("abcd", (20, 10, 10)))
    assert {one.reason for one in comparable(described(met(LEVELS, **ASKED), rows)).sites} == {ALIKE}


def test_without_conditions_sites_have_the_clusters_they_name() -> None:
    facts = described(met(LEVELS), [], a="coast", b="coast")
    found = comparable(facts)
    assert found.cluster_of == {"a": "coast", "b": "coast"}
    assert found.sites[2].reason == NO_CONDITIONS


def test_a_condition_over_fields_people_do_not_have_is_refused() -> None:
    odd = {
        "comparable": {"source": "L1", "conditions": {"odd": {**CONDITIONS["young"], "when": "height > 3"}}}
    }
    with pytest.raises(RuleError):
        comparable(described(met(LEVELS, **odd), people(**ALIKE_PAIRS)))
