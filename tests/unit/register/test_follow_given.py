"""What a question is given beside the register: who is followed, hours that tell too little, tables of strangers."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.programme import History, HoursOutcome, IndexEvent, RegisterState, StateOutcome, Text
from indsats.register import (
    Question,
    Store,
    build,
    open_source,
    outcomes,
    preset,
    read_events,
    read_question,
    trajectories,
    week_number,
)
from weekbook import START, headings, monday_of_start, register_of

ABOUT = {"title": Text(da="x", en="x"), "source": "L1"}
STATES = {
    "benefit": RegisterState(**ABOUT, codes=["730-739"]),
    "paid": RegisterState(**ABOUT, codes=["blank"], paid_hours=True),
    "off": RegisterState(**ABOUT, codes=["blank"]),
}
WORK = Question(
    STATES,
    IndexEvent(state="benefit"),
    (History(id="before", title=ABOUT["title"], state="off", weeks=2),),
    (StateOutcome(**ABOUT, id="work", kind="state", state="paid", within_weeks=4),),
)
REGISTER = register_of({"a": "2x- 2x730 8x-", "b": "2x- 2x730 8x-"})
MONTHS = [date(2013, 1, 1), date(2013, 2, 1), date(2013, 3, 1)]


def hours(person: str, amount: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"person": [person] * 3, "month": MONTHS, "hours": [amount] * 3},
        schema_overrides={"hours": pl.Float64},
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    lines = [",".join(["person", *headings(START, 12)]), *(f"{name},,,730,730,,,,,,,," for name in "ab")]
    (tmp_path / "dream.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return build([open_source(tmp_path / "dream.csv")], tmp_path / "store", buckets=2)


def test_only_the_persons_given_are_followed(store: Store) -> None:
    only = pl.DataFrame({"person": ["b", "nobody"]})
    for register in (REGISTER, store):
        found = outcomes(register, WORK, persons=only, hours=hours("b", 20))
        assert found.select("person", "work").rows() == [("b", True)]


def test_a_row_without_a_number_of_hours_is_work_where_only_that_is_asked() -> None:
    told = pl.concat([hours("a", None), hours("b", 0)])
    assert outcomes(REGISTER, WORK, hours=told)["work"].to_list() == [True, False]


def test_hours_that_tell_only_that_somebody_worked_are_refused_where_it_is_asked_how_long() -> None:
    asked = Question(
        STATES, WORK.index, (), (HoursOutcome(**ABOUT, id="paid-hours", kind="hours", to_month=1),)
    )
    with pytest.raises(InputRefused, match="not for how long"):
        outcomes(REGISTER, asked, hours=hours("a", None))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_hours_of_nobody_in_the_register_are_refused_and_no_hours_at_all_tell_of_no_month(
    store: Store, engine: str
) -> None:
    for register in (REGISTER, store):
        with pytest.raises(InputRefused, match="nobody in the hours is in the register"):
            outcomes(register, WORK, hours=hours("c", 20), engine=engine)
        found = outcomes(register, WORK, hours=hours("a", 20).clear(), engine=engine)
        assert found["work"].to_list() == [None, None]
        assert found["weeks:work"].to_list() == [0, 0]


def test_what_is_missing_is_told_before_a_folder_is_claimed(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs monthly hours"):
        outcomes(store, WORK, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="must be dates"):
        outcomes(
            store,
            WORK,
            hours=hours("a", 1),
            persons=pl.DataFrame({"person": ["a"], "birth_date": ["1980-01-01"]}),
        )


def test_paths_of_states_are_the_same_from_a_store_and_from_memory(store: Store) -> None:
    told = hours("a", 20)
    found = [trajectories(register, WORK, range(-2, 9), hours=told) for register in (REGISTER, store)]
    assert found[0].equals(found[1])
    row = {(state, week): (count, seen) for state, week, count, seen in found[0].rows()}
    assert row["benefit", 0] == (2, 2)
    assert row["off", -1] == (2, 2)
    assert row["paid", 4] == (1, 2)
    assert found[0]["state"].unique(maintain_order=True).to_list() == list(STATES)


def test_events_are_weeks_and_a_bad_day_is_told_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "starts.csv"
    path.write_text(
        f"pnr,date,note\nb,{monday_of_start()},x\na,{monday_of_start()},\na,{monday_of_start()},y\n",
        encoding="utf-8",
    )
    assert read_events(path).rows() == [("a", START), ("b", START)]
    path.write_text("person,date\nsomebody,2013-02-30\n,2013-01-01\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_events(path)
    said = str(refused.value)
    assert "row 2, column 'date'" in said
    assert "row 3, column 'person'" in said
    assert "somebody" not in said


@pytest.mark.parametrize(
    "days",
    [
        pl.Series([20130805, 20130806]),
        pl.Series(["05-08-2013", "6.8.2013"]),
        pl.Series(["2013-08-05", "2013-08-06"]).cast(pl.Categorical),
        pl.Series([datetime(2013, 8, 5), datetime(2013, 8, 11, 23)]),  # noqa: DTZ001
        pl.Series([datetime(2013, 8, 5), datetime(2013, 8, 11, 23)]).dt.replace_time_zone(  # noqa: DTZ001
            "Europe/Copenhagen"
        ),
    ],
)
def test_days_of_events_in_every_notation(tmp_path: Path, days: pl.Series) -> None:
    pl.DataFrame({"person": ["a", "b"], "DATE": days}).write_parquet(tmp_path / "starts.parquet")
    week = week_number(date(2013, 8, 5))
    assert read_events(tmp_path / "starts.parquet").rows() == [("a", week), ("b", week)]


@pytest.mark.parametrize("days", [[43132], [True], [15000.0], [date(18, 2, 1)], [date(9999, 12, 31)]])
def test_what_is_no_day_of_an_event_is_refused(tmp_path: Path, days: list[object]) -> None:
    pl.DataFrame({"person": ["a"], "date": days}).write_parquet(tmp_path / "starts.parquet")
    with pytest.raises(InputRefused, match="row 2, column 'date': error: this is no date"):
        read_events(tmp_path / "starts.parquet")


def test_events_in_columns_that_mean_nothing_or_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "starts.parquet"
    for days, said in (([[1]], "holds lists"), ([time(7)], "holds times of day")):
        pl.DataFrame({"person": ["a"], "date": days}).write_parquet(path)
        with pytest.raises(InputRefused, match=said):
            read_events(path)
    pl.DataFrame({"person": ["a"], "date": ["2013-08-05"], "Date": ["2014-08-05"]}).write_parquet(path)
    with pytest.raises(InputRefused, match="both mean the date"):
        read_events(path)


def test_a_question_of_ones_own_is_read_as_the_presets_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "states: {on: {title: {da: a, en: a}, codes: [730-739], source: L1}}\n"
        "index: {state: on}\n"
        "history: [{id: h, title: {da: a, en: a}, state: on, weeks: 4}]\n",
        encoding="utf-8",
    )
    found = read_question(path)
    assert (found.index.state, [one.id for one in found.history], found.outcomes) == ("on", ["h"], ())
    assert preset("employment-four-weeks").outcomes
    path.write_text(path.read_text(encoding="utf-8").replace("{state: on}", "{state: off}"), encoding="utf-8")
    with pytest.raises(InputRefused, match="no state is defined as off"):
        read_question(path)
    path.write_text("states: [", encoding="utf-8")
    with pytest.raises(InputRefused, match="cannot be read as YAML"):
        read_question(path)
