"""The population draw: chances, strata, balance, exclusions, waiting list and log."""

import json
from hashlib import sha256

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from indsats.library import definition_path
from indsats.problem import InputRefused
from indsats.programme import load
from indsats.register.draw import WAITING_LIST, Drawn, DrawPlan, draw, leave_out, plan_of
from indsats.register.draw.allocation import whole_sizes


def people(n: int = 60, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "person": [f"p{number:03d}" for number in range(n)],
            "sex": rng.choice(["k", "m"], n),
            "age": rng.integers(20, 65, n),
            "weeks": rng.gamma(2.0, 50, n),
            "prison": rng.random(n) < 0.1,
        }
    )


plans = st.builds(
    DrawPlan,
    groups=st.sampled_from([{"in": 7}, {"in": 0.25}, {"a": 0.5, "b": 0.5}, {"a": 5, "b": 0.3, "c": 2}]),
    rest=st.sampled_from([None, "out"]),
    within=st.sampled_from([None, "age >= 25"]),
    before=st.sampled_from([{}, {"prison": "prison"}]),
    strata=st.sampled_from([[], ["sex"], ["sex", "prison"]]),
    rounding=st.sampled_from(["largest_remainder", "equal_chance"]),
    balance=st.sampled_from([[], ["weeks"], ["weeks", "sex"]]),
)


@settings(max_examples=40, deadline=None)
@given(plans, st.integers(0, 2**40), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_draw_whatever_the_order_of_the_rows(
    plan: DrawPlan, seed: int, mix: object
) -> None:
    table = people(40)
    rows = list(range(table.height))
    mix.shuffle(rows)  # type: ignore[attr-defined]
    once, again = draw(table, plan, seed), draw(table[rows].select(*reversed(table.columns)), plan, seed)
    assert once.table.equals(again.table)
    assert once.log == again.log


@settings(max_examples=60, deadline=None)
@given(plans, st.integers(0, 2**40))
def test_groups_have_their_sizes_and_nobody_left_out_is_in_one(plan: DrawPlan, seed: int) -> None:
    table = people(45)
    drawn = draw(table, plan, seed).table
    able = pl.lit(value=True)
    if plan.within:
        able &= pl.col("age") >= 25
    if plan.before:
        able &= ~pl.col("prison")
    joined = drawn.join(table, on="person", maintain_order="left")
    assert joined["person"].to_list() == table["person"].to_list()
    assert joined.filter(~able)["group"].null_count() == joined.filter(~able).height
    assert joined.filter(able)["excluded_because"].null_count() == joined.filter(able).height
    count = joined.filter(able).height
    sizes = whole_sizes(list(plan.groups.values()), count)
    for name, size in zip(plan.groups, sizes, strict=True):
        assert joined.filter(group=name).height == size
    rest = joined.filter(able).filter(pl.col("group").is_null() | (pl.col("group") == "out"))
    assert rest.height == count - sum(sizes)
    assert sorted(joined["order"].drop_nulls()) == list(range(1, count + 1))


def test_turns_can_be_checked_with_any_program() -> None:
    drawn = draw(people(30), DrawPlan({"in": 10}, rest="out"), 2021).table
    turns = sorted(drawn["person"], key=lambda person: sha256(f"2021\n{person}".encode()).digest())
    assert drawn.sort("order")["person"].to_list() == turns
    assert drawn.filter(group="in").sort("order")["person"].to_list() == turns[:10]


def test_another_person_in_the_list_does_not_change_the_turns_of_the_others() -> None:
    fewer = draw(people(30).head(29), DrawPlan({"in": 10}), 5).table.sort("order")["person"]
    more = draw(people(30), DrawPlan({"in": 10}), 5).table.sort("order")["person"]
    assert more.filter(more != "p029").to_list() == fewer.to_list()


def times_drawn(table: pl.DataFrame, plan: DrawPlan, seeds: int) -> np.ndarray:
    return sum(
        ((draw(table, plan, seed).table["group"] == "in").fill_null(value=False).to_numpy().astype(int))
        for seed in range(seeds)
    )  # type: ignore[return-value]


def evenness(counts: np.ndarray, seeds: int, chance: float) -> float:
    """p of Pearson's test that each has this chance; for samples of fixed size the statistic has n − 1 df."""
    n = len(counts)
    statistic = ((counts - seeds * chance) ** 2).sum() / (seeds * chance * (1 - chance)) * (n - 1) / n
    return float(stats.chi2.sf(statistic, n - 1))


@pytest.mark.parametrize("balance", [[], ["age", "weeks", "sex"]])
def test_everybody_is_equally_likely_balanced_or_not(balance: list[str]) -> None:
    counts = times_drawn(people(24), DrawPlan({"in": 6}, balance=balance), 300)
    assert counts.sum() == 300 * 6
    assert 1e-3 < evenness(counts, 300, 0.25) < 1 - 1e-3
    # The exact test of each person, at a level that 24 of them together keep below one in a thousand.
    assert min(stats.binomtest(int(count), 300, 0.25).pvalue for count in counts) > 1e-3 / 24


def test_the_second_group_and_the_waiting_list_are_equally_likely_too() -> None:
    plan = DrawPlan({"first": 5, "in": 4}, waiting=3, balance=["age", "weeks"])
    counts = times_drawn(people(16), plan, 300)
    assert evenness(counts, 300, 0.25) > 1e-3


def test_with_equal_chances_people_of_all_strata_are_equally_likely() -> None:
    table = pl.DataFrame(
        {"person": [f"p{number:02d}" for number in range(13)], "site": ["a"] * 7 + ["b"] * 5 + ["c"]}
    )
    plan = DrawPlan({"in": 4}, strata=["site"], rounding="equal_chance")
    counts = times_drawn(table, plan, 600)
    assert min(stats.binomtest(int(count), 600, 4 / 13).pvalue for count in counts) > 1e-3 / 13
    # By largest remainder the smallest stratum never has its turn: 4 · 1/13 is rounded down.
    largest = times_drawn(table, DrawPlan({"in": 4}, strata=["site"]), 50)
    assert largest[-1] == 0


def test_equal_allocation_gives_every_stratum_the_same_and_says_where_people_are_too_few() -> None:
    table = people(60)
    plan = DrawPlan({"a": 10, "b": 4}, strata=["sex"], allocation="equal")
    counts = draw(table, plan, 3).table.drop_nulls("group").group_by("stratum", "group").len()
    assert sorted(counts.rows()) == [
        ("sex=k", "a", 5),
        ("sex=k", "b", 2),
        ("sex=m", "a", 5),
        ("sex=m", "b", 2),
    ]
    with pytest.raises(InputRefused, match="1 of 2 strata have fewer persons"):
        draw(table.filter((pl.col("sex") == "m") | (pl.col("person") < "p006")), plan, 3)


def test_a_balanced_draw_is_nearer_to_all_than_a_plain_one() -> None:
    table = people(60)
    truth = table.select("age", "weeks").mean().row(0)

    def errors(balance: list[str]) -> np.ndarray:
        plan = DrawPlan({"in": 20}, balance=balance)
        return np.array(
            [
                np.subtract(
                    draw(table, plan, seed).members("in").join(table, on="person")[field].mean(), mean
                )
                for seed in range(80)
                for field, mean in zip(("age", "weeks"), truth, strict=True)
            ]
        ).reshape(80, 2)

    plain, balanced = errors([]).std(axis=0), errors(["age", "weeks"]).std(axis=0)
    # A plain sample's error is known: σ/√n · √(1 − n/N).
    known = table.select(pl.col("age", "weeks").std()).to_numpy()[0] / np.sqrt(20) * np.sqrt(1 - 20 / 60)
    assert np.allclose(plain, known, rtol=0.35)
    assert (balanced < plain / 3).all()


def test_progress_is_told_while_balancing_and_can_stop_it() -> None:
    told: list[tuple[int, int, str]] = []
    plan = DrawPlan({"in": 300}, balance=["age"])
    draw(people(2500), plan, 1, lambda *step: told.append(step))
    assert [step[1:] for step in told] == [(2500, "persons balanced")] * 2

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw(people(2500), plan, 1, stop)


def test_a_draw_stays_the_same_for_ever() -> None:
    """Whoever repeats a logged draw years later, with other versions of the libraries, must find the same people."""
    numbers = range(24)
    table = pl.DataFrame(
        {
            "person": [f"p{number:02d}" for number in numbers],
            "site": ["nsv"[number % 5 % 3] for number in numbers],
            "weeks": [number * number % 37 for number in numbers],
        }
    )

    def drawn(**options: object) -> str:
        return " ".join(draw(table, DrawPlan({"in": 6}, **options), 2021).members("in")["person"])  # type: ignore

    assert drawn() == "p01 p09 p13 p14 p22 p23"
    assert drawn(strata=["site"]) == "p01 p09 p10 p13 p22 p23"
    assert drawn(strata=["site"], rounding="equal_chance") == "p01 p09 p12 p13 p22 p23"
    assert drawn(balance=["weeks", "site"]) == "p01 p02 p07 p08 p13 p20"


def test_missing_values_are_a_stratum_and_a_covariate_of_their_own() -> None:
    table = people(40).with_columns(
        sex=pl.when(pl.col("age") > 30).then("sex"),
        weeks=pl.when(pl.col("age") > 35).then("weeks").otherwise(float("nan")),
    )
    drawn = draw(table, DrawPlan({"in": 10}, strata=["sex"], balance=["weeks"]), 4)
    assert {row["stratum"] for row in drawn.log["strata"]} == {"sex=(missing)", "sex=k", "sex=m"}
    (balance,) = drawn.log["balance"]
    assert balance["missing"] == int((table["age"] <= 35).sum())
    known = table.filter(pl.col("age") > 35)
    assert balance["can_be_drawn"] == pytest.approx(known["weeks"].mean())
    members = drawn.members("in").join(known, on="person")
    assert balance["groups"]["in"] == pytest.approx(members["weeks"].mean())


def test_reasons_before_the_draw_are_counted_and_the_first_that_holds_is_given() -> None:
    table = pl.DataFrame(
        {
            "person": list("abcdef"),
            "age": [20, 40, None, 50, 60, 70],
            "ill": [True, True, False, None, False, True],
        }
    )
    plan = DrawPlan({"in": 1.0}, within="age >= 30", before={"ill": "ill", "old": "age > 65"})
    drawn = draw(table, plan, 1)
    assert drawn.table["excluded_because"].to_list() == [
        "outside_population", "ill", "population_unknown", None, None, "ill",
    ]  # fmt: skip
    assert drawn.table["group"].to_list() == [None, None, None, "in", "in", None]
    steps = {step.get("reason", step["step"]): step for step in drawn.log["steps"]}
    assert steps["given"]["persons"] == 6
    assert steps["outside_population"]["persons"] == 1
    assert steps["population_unknown"]["persons"] == 1
    assert (steps["ill"]["persons"], steps["ill"]["unknown"]) == (2, 1)
    assert (steps["old"]["persons"], steps["old"]["unknown"]) == (0, 1)
    assert steps["can_be_drawn"]["persons"] == 2


def test_whoever_is_left_out_after_the_draw_gives_the_place_to_the_next_of_the_stratum() -> None:
    table = people(60)
    plan = DrawPlan({"in": 20}, rest="out", waiting=20, after={"prison": "prison"}, strata=["sex"])
    plain = draw(table, DrawPlan({"in": 20}, rest="out", waiting=20, strata=["sex"]), 5)
    drawn = draw(table, plan, 5)
    gone = drawn.table.filter(excluded_because="prison")
    assert gone["person"].is_in(table.filter("prison")["person"].implode()).all()
    assert drawn.members("in").height == 20
    before = plain.table.join(table, on="person")
    for stratum in ("sex=k", "sex=m"):
        first = before.filter((pl.col("group") == "in") & (pl.col("stratum") == stratum))
        queue = before.filter(
            (pl.col("group") == WAITING_LIST) & (pl.col("stratum") == stratum) & ~pl.col("prison")
        )
        expected = [
            *first.filter(~pl.col("prison"))["person"],
            *queue.sort("order")["person"].head(int(first["prison"].sum())),
        ]
        found = drawn.members("in").filter(stratum=stratum)["person"]
        assert sorted(found) == sorted(expected)
    assert drawn.members("out").equals(plain.members("out"))
    moved = [step for step in drawn.log["steps"] if step["step"] == "moved_up"]
    left_out = before.filter((pl.col("group") == "in") & pl.col("prison")).height
    assert left_out == 3
    assert moved == [{"step": "moved_up", "group": "in", "persons": left_out, "unfilled": 0}]


def waiting_draw() -> Drawn:
    return draw(people(30), DrawPlan({"in": 5}, rest="out", waiting=2), 3)


def test_people_decide_whom_to_leave_out_and_can_do_so_again() -> None:
    drawn = waiting_draw()
    first, *_ = drawn.members("in")["person"]
    once = leave_out(drawn, pl.DataFrame({"person": [first], "reason": ["health"]}))
    (mover,) = set(once.members("in")["person"]) - set(drawn.members("in")["person"])
    assert mover == drawn.members(WAITING_LIST).sort("order")["person"][0]
    twice = leave_out(once, pl.DataFrame({"person": [mover], "reason": ["prison"]}))
    assert twice.members("in").height == 5
    assert twice.members(WAITING_LIST).is_empty()
    last = leave_out(twice, pl.DataFrame({"person": twice.members("in")["person"], "reason": ["health"] * 5}))
    assert last.members("in").is_empty()
    assert last.log["steps"][-1] == {"step": "moved_up", "group": "in", "persons": 0, "unfilled": 5}
    unfilled = leave_out(drawn, pl.DataFrame({"person": [first], "reason": ["health"]}), fill=False)
    assert unfilled.members("in").height == 4
    assert len(drawn.log["steps"]) < len(once.log["steps"]) < len(twice.log["steps"])
    row = once.table.filter(person=first).row(0, named=True)
    assert (row["group"], row["excluded_because"]) == ("in", "health")


def test_only_people_who_were_drawn_can_be_left_out() -> None:
    drawn = waiting_draw()
    inside, outside = drawn.members("in")["person"][0], drawn.members("out")["person"][0]
    for persons, reasons, message in (
        ([outside, "nobody"], ["x", "x"], "2 persons to be left out cannot be"),
        ([inside, inside], ["x", "y"], "left out twice"),
        ([inside], [None], "a reason is missing"),
        ([1], ["x"], "named differently"),
    ):
        with pytest.raises(InputRefused, match=message) as refused:
            leave_out(drawn, pl.DataFrame({"person": persons, "reason": reasons}))
        assert outside not in str(refused.value)
    gone = leave_out(drawn, pl.DataFrame({"person": [inside], "reason": ["x"]}))
    with pytest.raises(InputRefused, match="1 persons to be left out cannot be"):
        leave_out(gone, pl.DataFrame({"person": [inside], "reason": ["x"]}))


def test_the_log_is_json_names_nobody_and_tells_another_input_apart() -> None:
    table = people(30).with_columns(person=pl.concat_str(pl.lit("secret-"), "person"))
    plan = DrawPlan(
        {"in": 5}, rest="out", waiting=2, after={"prison": "prison"}, strata=["sex"], balance=["age"]
    )
    text = json.dumps(draw(table, plan, 3).log)
    assert "secret" not in text
    same, other = draw(table, plan, 4), draw(table.with_columns(pl.col("age") + 1), plan, 4)
    assert same.log["input"]["sha256"] != other.log["input"]["sha256"]
    unread = draw(table.with_columns(pl.col("weeks") + 1), plan, 4)
    assert same.log["input"] == unread.log["input"]


def test_chances_in_the_log_are_what_was_given() -> None:
    drawn = draw(people(60), DrawPlan({"a": 10, "b": 20}, strata=["sex"]), 3)
    for row in drawn.log["strata"]:
        here = drawn.table.filter(stratum=row["stratum"])
        assert row["can_be_drawn"] == here.height
        for name, entry in row["groups"].items():
            assert entry["persons"] == here.filter(group=name).height
            assert entry["chance"] == entry["persons"] / here.height


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (DrawPlan({"in": 61}), "61 persons, and 60 can be drawn"),
        (DrawPlan({"a": 0.7, "b": 0.4}), "come to more than 1"),
        (DrawPlan({"in": 5}, strata=["site"]), "no column 'site'"),
        (DrawPlan({"in": 5}, within="agee > 3"), "agee"),
        (DrawPlan({"in": 5}, before={"late": "weeks_since(born) > 3"}), "counts time up to a day"),
        (DrawPlan({"in": 5}, balance=["born"]), "the field is Date"),
        (DrawPlan({"in": 5}, balance=["endless"]), "infinite"),
    ],
)
def test_plans_that_do_not_fit_the_people_are_refused(plan: DrawPlan, message: str) -> None:
    table = people(60).with_columns(born=pl.date(1980, 1, 1), endless=float("inf"))
    with pytest.raises(InputRefused, match=message):
        draw(table, plan, 1)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (people(3).drop("person"), "no column 'person'"),
        (people(3).with_columns(person=pl.lit("p1")), "2 rows have a person who stands above"),
        (people(3).with_columns(person=pl.lit(None, pl.String)), "3 rows have no person"),
        (people(3).with_columns(person=pl.lit(1.5)), "persons are Float64"),
    ],
)
def test_people_who_cannot_be_told_apart_are_refused(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(InputRefused, match=message):
        draw(table, DrawPlan({"in": 1}), 1)


@pytest.mark.parametrize(
    ("plan", "seed"),
    [
        (DrawPlan({}), 1),
        (DrawPlan({"in": 1}), -1),
        (DrawPlan({"in": -1}), 1),
        (DrawPlan({"in": 1.5}), 1),
        (DrawPlan({"in": 1}, waiting=-2), 1),
        (DrawPlan({"in": 1}, rest="in"), 1),
        (DrawPlan({WAITING_LIST: 1}), 1),
        (DrawPlan({"in": 1}, before={"x": "prison"}, after={"x": "prison"}), 1),
    ],
)
def test_plans_that_mean_nothing_are_refused(plan: DrawPlan, seed: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        draw(people(5), plan, seed)


def test_nobody_can_be_drawn_from_nobody() -> None:
    drawn = draw(people(5).clear(), DrawPlan({"in": 0.5}, strata=["sex"], balance=["age"]), 1)
    assert drawn.table.is_empty()
    assert drawn.log["strata"] == []


def test_persons_may_be_numbers() -> None:
    table = people(12).with_columns(person=pl.int_range(12, dtype=pl.Int32))
    drawn = draw(table, DrawPlan({"in": 4}, waiting=2), 1)
    gone = leave_out(drawn, pl.DataFrame({"person": drawn.members("in")["person"].head(1), "reason": ["x"]}))
    assert gone.table["person"].dtype == pl.Int32
    assert gone.members("in").height == 4


def test_a_programmes_draw_is_a_plan_once_it_has_a_size() -> None:
    programme = load(definition_path("social-stoette-i-job"))
    plan = plan_of(programme, "udtraek", {"udtrukket": 25}, balance=["age"], waiting=5)
    assert (plan.groups, plan.rest) == ({"udtrukket": 25}, "ikke-udtrukket")
    assert (plan.strata, plan.balance) == (["sex"], ["age"])
    assert plan.within == programme.groups["maalgruppe"].when
    with pytest.raises(ValueError, match="no draw 'lottery'; it has: udtraek"):
        plan_of(programme, "lottery", {})
    with pytest.raises(ValueError, match="all but one"):
        plan_of(programme, "udtraek", {})
    with pytest.raises(ValueError, match="no arm or field weeks, sideways"):
        plan_of(programme, "udtraek", {"weeks": 1}, balance=["sideways"])
