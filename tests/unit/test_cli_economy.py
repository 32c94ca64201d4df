"""The commands of money as a person at a terminal meets them: what they tell, and what they refuse with what to do."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import simulated
from casebook import item, programme, text
from indsats import cli, library
from indsats.economy import (
    budget,
    case_of,
    find_prices,
    per_participant,
    price_book,
    quotes,
    read_prices,
    spent_on,
)
from indsats.language import number
from indsats.programme import Programme
from indsats.record import read_record
from pricebook import price
from terminal import indsats as in_a_terminal

LEVEL = {"price_year": 2016}
NO_INTERVAL = {"how": "entered", "value": 2, "source": "L1"}
EFFECT = {**NO_INTERVAL, "low": 1, "high": 3}


class Said(NamedTuple):
    """How a command ended, and what it said with its lines joined."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def indsats(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs a command in this process: a new one takes seconds only to begin."""
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["indsats", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, " ".join(said.err.split()))

    return run


def definition(**economy: Any) -> Programme:
    """Six hours of 400 kr. each, weeks off benefit and in a job; ``economy`` replaces parts of it."""
    told = {
        **LEVEL,
        "horizon": 3,
        "participants": 50,
        "prices": {
            "talk": price(amount=400, low=300, high=500, **LEVEL),
            "aid": price("transfer", "month", book="kontanthjaelp-30"),
            "pay": price("earnings", amount=150, **LEVEL),
        },
        "activities": {"talks": item("Talks", price="talk", dose={"how": "participants", "each": 6})},
        "consequences": {
            "off": item("Off", unit=text("weeks off"), price="aid", each=-1, effects=[EFFECT]),
            "work": item("Work", unit=text("weeks"), price="pay", moves_with="off", effects=[EFFECT]),
        },
        "scenarios": {
            "found": item("As found", about=text("as it was found"), lasts="P1Y"),
            "longer": item("For longer", about=text("it stays"), lasts="P3Y"),
        },
        **economy,
    }
    blocks = [
        {"block": "own_gain", "title": text("Own"), "benefit": "aid", "wage": "pay", "hours": [5]},
    ]
    shown = blocks if {"aid", "pay"} <= told["prices"].keys() else [{"block": "text", "text": text("t")}]
    report = item("R", sections=[{"title": text("s"), "blocks": shown}])
    return programme(economy=told, reports={"report": report})


def written(into: Path, asked: Programme, **changes: Any) -> Path:
    """The definition as a folder; JSON is YAML. ``changes`` are of its economy as written."""
    told = asked.model_dump(mode="json", by_alias=True, exclude_unset=True)
    told["economy"] |= changes
    into.mkdir()
    (into / "programme.yaml").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return into


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("money") / "trial", definition())


def figures(said: str) -> dict[str, dict[str, Any]]:
    return {figure["id"]: figure for figure in json.loads(said)["figures"]}


def net(asked: Programme, scenario: str) -> float:
    case = case_of(
        asked,
        scenario,
        quotes=quotes(asked, price_book()),
        book=price_book(),
        spent=spent_on(asked, None),
        effects={},
        participants=50,
    )
    return budget(case).net


def test_a_case_is_told_with_what_it_rests_on_and_its_doubts(
    indsats: Callable[..., Said], trial: Path
) -> None:
    done = indsats("economy", "case", trial, "--scenario", "longer", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "it stays" in done.stdout
    assert number(net(definition(), "longer"), "en", 0) in done.stdout
    assert "followed for 1 year and 3 are counted" in done.stdout
    assert "What participants would have had otherwise is not said" in done.stdout
    assert "cannot be added to" in done.stdout


def test_the_figures_as_json_are_the_rooms(indsats: Callable[..., Said], trial: Path) -> None:
    done = in_a_terminal("economy", "case", trial, "--json")
    assert done.returncode == 0, done.stderr
    assert figures(done.stdout)["case/found/result/net"]["value"] == pytest.approx(net(definition(), "found"))
    done = indsats("economy", "scenarios", trial, "--json")
    told = figures(done.stdout)
    assert [told[f"scenario/{name}/net"]["value"] for name in ("found", "longer")] == pytest.approx(
        [net(definition(), "found"), net(definition(), "longer")]
    )


def test_prices_society_and_own_gain_are_tables(indsats: Callable[..., Said], trial: Path) -> None:
    done = indsats("economy", "prices", trial, "--lang", "en")
    assert done.returncode == 0, done.stderr
    rate, _ = price_book().rate("kontanthjaelp-30", 2016)
    assert number(rate.amount, "en") in done.stdout
    assert rate.source[0][:40] in done.stdout
    done = indsats("economy", "society", trial, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Society in all" in done.stdout
    assert "Net tax factor" in done.stdout
    done = indsats(
        "economy", "gain", trial, "--benefit", "aid", "--wage", "pay", "--hours", "5", "--hours", "10"
    )
    assert done.returncode == 0, done.stderr
    assert "Andel, der beholdes" in done.stdout
    assert number(150 * 10 * 52 / 12, "da", 0) in done.stdout


def test_the_cost_is_of_the_data_and_by_place(indsats: Callable[..., Said]) -> None:
    folder = simulated.folder()
    done = indsats("economy", "cost", simulated.PROGRAMME, "--data", folder, "--by", "site", "--json")
    assert done.returncode == 0, done.stderr
    told = figures(done.stdout)
    found = find_prices(folder)
    assert found is not None
    given = read_prices(found, simulated.definition())
    facts = read_record(folder, simulated.definition()).as_of()
    spent = per_participant(facts, quotes(simulated.definition(), price_book(), given))
    assert told["cost/total/extra"]["value"] == pytest.approx(spent["extra"].sum())


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("case", "--scenario", "fund"), "Did you mean 'found'?"),
        (("gain", "--benefit", "aids", "--wage", "pay"), "Did you mean 'aid'?"),
        (("gain", "--benefit", "aid", "--wage", "pay", "--hours", "200"), "168"),
        (("sheet", "--out", "case.ods"), ".xlsx"),
        (("cost",), "--data"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    indsats: Callable[..., Said], trial: Path, words: tuple[str, ...], remedy: str
) -> None:
    command, *rest = words
    done = indsats("economy", command, trial, *rest)
    assert done.returncode != 0
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_scenario_there_is_nothing_to_price(indsats: Callable[..., Said], tmp_path: Path) -> None:
    done = indsats("economy", "scenarios", written(tmp_path / "none", definition(scenarios={})))
    assert done.returncode == 1
    assert "has no scenario to price" in done.stderr
    assert "economy: scenarios" in done.stderr


def lacking() -> Programme:
    prices = {**definition().economy.model_dump(mode="json", exclude_unset=True)["prices"]}
    return definition(prices={**prices, "talk": item("An hour of talk", flow="cost", per="hour")})


def test_a_missing_price_is_named_with_its_unit_and_how_to_give_it(
    indsats: Callable[..., Said], tmp_path: Path
) -> None:
    folder = written(tmp_path / "lacking", lacking())
    done = indsats("economy", "sheet", folder, "--out", tmp_path / "case.xlsx")
    assert done.returncode == 1
    assert "the price 'talk' (An hour of talk) has no amount" in done.stderr
    assert "DKK per hour" in done.stderr
    assert "prices.csv or prices.xlsx" in done.stderr
    assert "item, amount, price_year and source" in done.stderr
    assert not (tmp_path / "case.xlsx").exists()
    done = indsats("economy", "case", folder, "--lang", "en")
    assert done.returncode == 1
    assert "the price 'talk' (An hour of talk) has no amount" in done.stderr


def test_a_price_that_is_given_is_moved_to_the_level_of_the_case_and_that_is_told(
    indsats: Callable[..., Said], tmp_path: Path
) -> None:
    folder, given = written(tmp_path / "lacking", lacking()), tmp_path / "own.csv"
    given.write_text("item;amount;price_year;source\ntalk;380,5;2014;budget 2014\n", encoding="utf-8")
    done = indsats("economy", "prices", folder, "--prices", given, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert number(380.5 * price_book().level(2014, 2016), "en") in done.stdout
    assert "budget 2014" in done.stdout
    assert "Amounts in prices of 2014 are told in 2016 prices" in done.stdout
    done = indsats("economy", "case", folder, "--prices", given, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Amounts in prices of 2014 are told in 2016 prices" in done.stdout


def test_a_price_that_cannot_be_is_refused_by_row_and_column(
    indsats: Callable[..., Said], trial: Path, tmp_path: Path
) -> None:
    given = tmp_path / "own.csv"
    given.write_text("item,amount,price_year,source\ntalks,-4,2016,me\n", encoding="utf-8")
    done = indsats("economy", "case", trial, "--prices", given)
    assert done.returncode == 1
    assert "Did you mean 'talk'?" in done.stderr
    assert "an amount cannot be below zero" in done.stderr
    assert "row 2" in done.stderr


def test_an_effect_of_which_nothing_is_known_is_assumed(indsats: Callable[..., Said], tmp_path: Path) -> None:
    consequences = {"off": item("Off", unit=text("weeks"), price="aid", each=-1, effects=[NO_INTERVAL])}
    folder = written(tmp_path / "sure", definition(consequences=consequences))
    done = indsats("economy", "scenarios", folder, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "effect assumed" in done.stdout
    assert "At least one effect has no interval" in done.stdout
    assert "the chance says too much" in done.stdout
    assert "outcomes the public purses take in" not in done.stdout


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({"how": "participants", "each": -6}, "economy › activities › talks › dose › each"),
        ({"how": "fixed", "each": 0}, "economy › activities › talks › dose › each"),
    ],
)
def test_a_dose_of_nothing_or_less_is_refused_by_its_place(
    indsats: Callable[..., Said], tmp_path: Path, part: dict[str, Any], where: str
) -> None:
    talks = item("Talks", price="talk", dose=part)
    folder = written(tmp_path / "less", definition(), activities={"talks": talks})
    done = indsats("economy", "case", folder)
    assert done.returncode == 1
    assert where in done.stderr
    assert "Give a number above 0" in done.stderr


def test_a_workbook_is_written_and_read_back_to_the_same_result(
    indsats: Callable[..., Said], trial: Path, tmp_path: Path
) -> None:
    book = tmp_path / "case.xlsx"
    done = indsats("economy", "sheet", trial, "--out", book, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "As found; For longer" in done.stdout
    done = indsats("economy", "read-sheet", book, "--lang", "en")
    assert done.returncode == 0, done.stderr
    for scenario in ("found", "longer"):
        assert number(net(definition(), scenario), "en", 0) in done.stdout
    assert "also at the smallest effect" in done.stdout


def test_a_workbook_that_is_none_is_refused(indsats: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_text("no workbook", encoding="utf-8")
    done = indsats("economy", "read-sheet", tmp_path / "case.xlsx")
    assert done.returncode == 1
    assert "case.xlsx" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workbook_of_few_is_not_written(indsats: Callable[..., Said], tmp_path: Path) -> None:
    """Its cells are not protected as a report's are: the doses and effects of single people would stand in it."""
    folder = tmp_path / "careful"
    shutil.copytree(library.definition_path(simulated.PROGRAMME), folder)
    head = folder / "v1" / "programme.yaml"
    kept = [
        line for line in head.read_text(encoding="utf-8").splitlines() if "disclosure_threshold" not in line
    ]
    head.write_text("\n".join([*kept, "disclosure_threshold: 300", ""]), encoding="utf-8")
    words = ("--data", simulated.folder(), "--out", tmp_path / "case.xlsx")
    done = indsats("economy", "sheet", folder, *words)
    assert done.returncode == 1
    assert "fewer than 300 take part" in done.stderr
    assert not (tmp_path / "case.xlsx").exists()
    done = indsats("economy", "cost", folder, "--data", simulated.folder(), "--lang", "en")
    assert "There are fewer than 300 participants" in done.stdout
