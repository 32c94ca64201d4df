"""The user's own prices: read from CSV and Excel as people write them, or refused whole with every problem."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.economy.given import GivenPrice, find_prices, read_prices
from indsats.problem import InputRefused, Problem
from pricebook import price, priced

PROGRAMME = priced({"talk": price(), "rent": price(per="year")})


def problems(
    tmp_path: Path, *rows: str, heading: str = "item;amount;price_year;low;high;source"
) -> list[Problem]:
    path = tmp_path / "prices.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_prices(path, PROGRAMME)
    return list(refused.value.problems)


def placed(found: list[Problem]) -> list[tuple[str, int | None, str | None]]:
    return [(one.file, one.row, one.field) for one in found]


@pytest.mark.parametrize(
    "lines",
    [
        (
            "item;amount;price_year;low;high;source",
            "talk;412,50;2018;400;450,5;Budget 2018",
            "rent;90000;2017;;;Lejekontrakt",
        ),
        (
            "item,amount,price_year,low,high,source",
            "talk,412.50,2018,400,450.5,Budget 2018",
            "rent,90000,2017,,,Lejekontrakt",
        ),
        (
            "\ufeffSource;Item;Amount;Price_Year;High;Low",
            "Budget 2018; talk ;412,5;2018;450,5;400",
            ";;;;;",
            "Lejekontrakt;rent;90000;2017;;",
        ),
    ],
)
def test_semicolons_or_commas_decimal_comma_or_point_any_order_of_columns(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_prices(path, PROGRAMME) == {
        "talk": GivenPrice(
            item="talk", amount=412.5, price_year=2018, low=400.0, high=450.5, source="Budget 2018"
        ),
        "rent": GivenPrice(item="rent", amount=90000.0, price_year=2017, source="Lejekontrakt"),
    }


def test_a_workbook_is_read_by_its_sheet_prices(tmp_path: Path) -> None:
    path = tmp_path / "prices.xlsx"
    table = pl.DataFrame(
        {"item": ["talk"], "amount": [1100000.5], "price_year": [2018], "source": ["Account"]}
    )
    other = pl.DataFrame({"notes": ["not this"]})
    with xlsxwriter.Workbook(path) as workbook:
        other.write_excel(workbook, worksheet="Notes")
        table.write_excel(workbook, worksheet="Prices")
    found = read_prices(path, PROGRAMME)["talk"]
    assert (found.amount, found.price_year, found.low, found.source) == (1100000.5, 2018, None, "Account")


def test_an_unknown_price_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    found = problems(tmp_path, "tlak;1;2018;;;x")
    assert placed(found) == [("prices.csv", 2, "item")]
    assert "Did you mean 'talk'?" in found[0].remedy
    assert found[0].value == "tlak"


def test_every_problem_of_the_file_is_told_by_row_and_column(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "talk;;2018;;;x",  # no amount
        "rent;-5;;;;",  # negative, no year, no source
        ";3;2018;;;x",  # no item
    )
    assert placed(found) == [
        ("prices.csv", 2, "amount"),
        ("prices.csv", 3, "amount"),
        ("prices.csv", 3, "price_year"),
        ("prices.csv", 3, "source"),
        ("prices.csv", 4, "item"),
    ]
    assert all(one.remedy for one in found)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("talk;100;2018;101;200;x", "low"),
        ("talk;100;2018;50;99;x", "high"),
        ("talk;100;2018;50;;x", "high"),
        ("talk;100;2018;;150;x", "low"),
        ("talk;100;218;;;x", "price_year"),
        ("talk;1e999;2018;;;x", "amount"),
        ("talk;hundred;2018;;;x", "amount"),
        ("talk;100;2018,5;;;x", "price_year"),
        ("talk;100;2018;-1;150;x", "low"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_cell(tmp_path: Path, row: str, column: str) -> None:
    assert placed(problems(tmp_path, row)) == [("prices.csv", 2, column)]


@pytest.mark.parametrize("amount", ["12.000", "12,000", "262.500"])
def test_a_number_that_may_be_thousands_is_not_guessed_at(tmp_path: Path, amount: str) -> None:
    found = problems(tmp_path, f"talk;{amount};2018;;;x")
    assert placed(found) == [("prices.csv", 2, "amount")]
    assert "thousands or as decimals" in found[0].what


def test_millions_with_points_are_no_number(tmp_path: Path) -> None:
    assert placed(problems(tmp_path, "talk;1.100.000;2018;;;x")) == [("prices.csv", 2, "amount")]


def test_a_price_given_twice_is_refused_on_both_rows(tmp_path: Path) -> None:
    found = problems(tmp_path, "talk;1;2018;;;x", "rent;2;2018;;;x", "talk;1;2018;;;x")
    assert placed(found) == [("prices.csv", 2, "item"), ("prices.csv", 4, "item")]


def test_a_column_that_is_missing_or_unknown_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, "talk;1;2018", heading="item;amount;year")
    assert {one.field for one in found} == {"year", "price_year", "source"}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="there is no such file"):
        read_prices(tmp_path / "prices.csv", PROGRAMME)


def test_prices_are_found_in_the_data_folder_in_one_format_only(tmp_path: Path) -> None:
    assert find_prices(tmp_path) is None
    (tmp_path / "prices.xlsx").touch()
    assert find_prices(tmp_path) == tmp_path / "prices.xlsx"
    (tmp_path / "prices.csv").touch()
    with pytest.raises(InputRefused, match=r"two formats.*prices\.csv or prices\.xlsx"):
        find_prices(tmp_path)


@settings(max_examples=40, deadline=None)
@given(
    amount=st.floats(0, 1e9).map(lambda value: round(value, 2)),
    year=st.integers(1980, 2100),
    comma=st.booleans(),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, amount: float, year: int, comma: bool
) -> None:
    written = f"{amount:.2f}".replace(".", "," if comma else ".")
    path = tmp_path_factory.mktemp("given") / "prices.csv"
    path.write_text(f"item;amount;price_year;source\ntalk;{written};{year};x\n", encoding="utf-8")
    found = read_prices(path, PROGRAMME)["talk"]
    assert (found.amount, found.price_year) == (amount, year)
