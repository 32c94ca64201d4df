"""The prices a programme leaves to its user, invented with the data and told to be so."""

from __future__ import annotations

import json
from pathlib import Path

from indsats.economy import find_prices, needed, quotes, read_prices, refuse_missing
from indsats.library import definition_path
from indsats.programme import load
from indsats.record import read_record, write_record
from indsats.simulate import simulate
from indsats.simulate.prices import SOURCE, write_prices
from invented_programme import invented_programme
from pricebook import price, price_book, priced

PRICES = {
    "talk": price(),
    "pay": price("earnings", "hour"),
    "help": price("transfer", "week"),
    "rent": price(amount=100, price_year=2016),
    "rate": price("transfer", "month", book="benefit"),
    "idle": price(),
}


def test_only_prices_that_are_used_and_have_no_amount_are_invented(tmp_path: Path) -> None:
    definition = priced(PRICES, unused=("idle",))
    amounts = write_prices(definition, 7, tmp_path, 2018)
    found = read_prices(tmp_path / "prices.csv", definition)
    assert set(found) == {"talk", "pay", "help"}
    assert {key: one.amount for key, one in found.items()} == amounts
    assert {(one.source, one.price_year) for one in found.values()} == {(SOURCE, 2018)}
    assert 250 < amounts["talk"] < 600
    assert 100 < amounts["pay"] < 200
    assert 2000 < amounts["help"] < 3500
    refuse_missing(quotes(definition, price_book(), found), definition)


def test_they_are_in_prices_of_the_year_the_programme_is_told_in(tmp_path: Path) -> None:
    definition = priced(PRICES, price_year=2017)
    write_prices(definition, 7, tmp_path, 2018)
    assert {one.price_year for one in read_prices(tmp_path / "prices.csv", definition).values()} == {2017}


def test_the_seed_decides_and_a_further_price_changes_no_other(tmp_path: Path) -> None:
    def made(seed: int, **prices: dict[str, object]) -> dict[str, float]:
        return write_prices(priced(prices), seed, tmp_path, 2018)

    alone, beside = made(1, talk=price()), made(1, more=price(per="year"), talk=price())
    assert alone["talk"] == beside["talk"]
    assert len({made(seed, talk=price())["talk"] for seed in range(8)}) > 3


def test_nothing_is_written_where_nothing_is_left_to_the_user(tmp_path: Path) -> None:
    assert write_prices(invented_programme(), 1, tmp_path, 2018) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_simulated_folder_has_every_price_that_is_needed_and_is_still_a_record(tmp_path: Path) -> None:
    definition = load(definition_path("social-stoette-i-job"))
    folder = simulate(definition, 120, 3, tmp_path / "data")
    path = find_prices(folder)
    assert path is not None
    found = read_prices(path, definition)
    left = {
        id_
        for id_ in needed(definition)
        if definition.economy.prices[id_].amount is None and definition.economy.prices[id_].book is None
    }
    assert set(found) == left
    assert left
    told = json.loads((folder / "truth.json").read_text("utf-8"))["prices"]
    assert told == {key: one.amount for key, one in found.items()}
    written = path.read_bytes()
    record = read_record(folder, definition)
    write_record(record, folder)
    assert path.read_bytes() == written
