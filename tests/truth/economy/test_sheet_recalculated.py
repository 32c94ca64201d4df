"""The exported workbook is computed anew by an independent program, `formulas`, and equals the engine to the øre."""

import io
from collections.abc import Mapping
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import Any

import formulas
import numpy as np
import openpyxl
import pytest

from indsats.economy.budget import budget, net_present, with_effect, with_effects_times
from indsats.economy.lines import Case, Line, Uncertain
from indsats.economy.sheet import read_sheet, write_sheet
from indsats.economy.society import Factors, society
from indsats.programme import Text
from invented_case import case, interval, line, range_

OERE = 0.005
FACTORS = Factors(1.28, 0.1)


def lines() -> tuple[Line, ...]:
    """Hours, spent otherwise too; rent; a grant; weeks in a job and, the other way, weeks on benefit."""
    hours = line("talks", 18.4, range_(412.5, 380, 450), {"municipality": -1}, [0.7, 0.3, 0], part="cost")
    shared: dict[str, Any] = {"errs_with": "job"}
    return (
        hours,
        replace(hours, id="talks/usual", part="usual", quantity=Uncertain(4.25), shares=-hours.shares),
        line("rent", 1, 830.4, {"municipality": -0.75, "others": -0.25}, [1, 0, 0], part="cost"),
        line("pool", 1, 2500, {"municipality": 1, "state": -1}, [1, 0, 0], part="grant", transfer=True),
        line(
            "job",
            interval(3.2, 0.4, 6),
            7215,
            {"municipality": 0.23, "state": 0.13, "citizen": 0.64},
            [1, 0.75, 0.5],
        ),
        line(
            "benefit",
            interval(-3, -5.5, -0.5),
            12550,
            {"municipality": -0.56 * 12 / 52, "state": -0.16 * 12 / 52, "citizen": 0.72 * 12 / 52},
            [1, 0.75, 0.5],
            transfer=True,
            **shared,
        ),
    )


def scenarios() -> list[Case]:
    """One case for each thing that may be said, and for each way break-even may come out."""
    made = case(*lines(), yardstick="job", participants=240.0, displaced=0.2)
    talks, usual, rent, pool, job, benefit = made.lines
    dear = replace(talks, quantity=Uncertain(300.0))
    unsure = replace(job, quantity=interval(3.2, -1, 7.4))
    unknown = replace(job, quantity=Uncertain(3.2))
    none = replace(job, quantity=Uncertain(0.0, -1, 1, "interval"))
    worse = replace(job, quantity=interval(-2, -3, -1))
    much, slow = replace(talks, quantity=Uncertain(30.0)), replace(job, weights=np.array([0.1, 1, 1]))
    by_name = {
        "main": made,
        "weak": with_effect(made, "cautious"),
        "dear": replace(made, lines=(dear, rent, job, benefit)),
        "unsure": replace(made, lines=(talks, usual, rent, unsure)),
        "unknown": replace(made, lines=(talks, unknown)),
        "nothing": replace(made, lines=(talks, none)),
        "worse": replace(made, lines=(talks, worse)),
        "no effect": replace(made, lines=(talks, rent), yardstick=None),
        "gift": replace(made, lines=(pool, job), displaced=1.0),
        "late": replace(made, lines=(much, slow)),
    }
    return [replace(one, scenario=name, title=Text(da=name, en=name)) for name, one in by_name.items()]


def recalculated(path: Path) -> dict[tuple[str, str], Any]:
    """Every formula of a workbook, by sheet and cell, as `formulas` computes it from the inputs alone."""
    with redirect_stderr(io.StringIO()):
        found: Any = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return {
        (tab, name): found[f"'[{path.name}]{tab.upper()}'!{name}"].value[0, 0]
        for tab, name, _ in formula_cells(path)
    }


def formula_cells(path: Path) -> list[tuple[str, str, str]]:
    """Sheet, cell and formula of all formulas of a workbook."""
    book = openpyxl.load_workbook(path)
    cells = ((tab.title, one) for tab in book for row in tab.iter_rows() for one in row)
    return [(tab, one.coordinate, str(one.value)) for tab, one in cells if str(one.value).startswith("=")]


def named_results(path: Path, values: Mapping[tuple[str, str], Any], tab: str) -> list[dict[str, Any]]:
    """Results by what the sheet calls them, a dictionary a scenario; the first of a name."""
    sheet = openpyxl.load_workbook(path)[tab]
    found: list[dict[str, Any]] = [{} for _ in range(sheet.max_column - 1)]
    for row in sheet.iter_rows():
        for number, one in enumerate(row[1:]):
            if (tab, one.coordinate) in values:
                found[number].setdefault(str(row[0].value), values[tab, one.coordinate])
    return found


def test_every_formula_comes_to_what_the_engine_says(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_sheet(path, scenarios(), factors=FACTORS)
    shown = openpyxl.load_workbook(path, data_only=True)
    computed = recalculated(path)
    assert len(computed) > 1500
    for (tab, name), value in computed.items():
        engine = shown[tab][name].value
        if isinstance(engine, int | float):
            assert value == pytest.approx(engine, abs=OERE), (tab, name)
        else:
            assert (value or None) == engine, (tab, name)


def test_what_is_shown_is_the_engines_result(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    made = scenarios()
    write_sheet(path, made, lang="en", factors=FACTORS)
    shown = openpyxl.load_workbook(path, data_only=True)
    values = {(tab, name): shown[tab][name].value for tab, name, _ in formula_cells(path)}
    pairs = zip(
        made, named_results(path, values, "Result"), named_results(path, values, "Society"), strict=True
    )
    for one, result, social in pairs:
        check(one, result, social)
    said = {row["What may be said"] for row in named_results(path, values, "Result")}
    assert len(said) == 5


def check(
    one: Case, result: Mapping[str, Any], social: Mapping[str, Any], factors: Factors = FACTORS
) -> None:
    """The figures of a scenario are those of the engine."""
    found, good = budget(one), society(one, factors)
    expected = {
        "Cost of the effort": found.cost,
        "Gain of the effect": found.gain,
        "Net to the public purse": found.net,
        "Net to the municipality": found.by_payer["municipality"],
        "Net to the state": found.by_payer["state"],
        "Net to the citizen": found.citizen,
        "Net for all participants": found.net * one.participants,
        "Effect that breaks even": "–" if found.break_even is None else found.break_even,
        "Cost per unit of the effect, DKK": "–" if found.per_unit is None else found.per_unit,
        "Paid back after, years": "no, not within the years" if found.payback is None else found.payback,
        "Net at the weakest effect": net_present(with_effect(one, "cautious")),
        "Net at the strongest effect": net_present(with_effect(one, "hopeful")),
    }
    for name, value in expected.items():
        assert result[name] == (value if isinstance(value, str) else pytest.approx(value, abs=OERE)), name
    assert social["Taxpayers"] == pytest.approx(good.benefits["taxpayers"], abs=OERE)
    assert social["Through taxes and duties"] == pytest.approx(good.benefits["indirect"], abs=OERE)
    assert social["Net to society"] == pytest.approx(good.net, abs=OERE)


def test_changed_inputs_give_what_the_engine_gives_for_the_changed_case(tmp_path: Path) -> None:
    """Talks for 500, 9 weeks in a job (2 to 11), 2 % a year, 300 people, another division, other taxes."""
    made, path, changed = case(*lines(), yardstick="job"), tmp_path / "case.xlsx", tmp_path / "changed.xlsx"
    write_sheet(path, [made], lang="en", factors=FACTORS)
    book = openpyxl.load_workbook(path)
    written = {
        ("Prices", "D5"): 500,
        ("Quantities", "F9"): 9,
        ("Quantities", "G9"): 2,
        ("Quantities", "H9"): 11,
        ("Discounting", "D5"): 0.02,
        ("Discounting", "E5"): 0.02,
        ("Assumptions", "C5"): 300,
        ("Assumptions", "E5"): 0.5,
        ("Over time", "D9"): 0.6,
        ("Division", "E25"): 0.2,
        ("Division", "E29"): 0.03,
        ("Society", "B4"): 1.1,
        ("Society", "B5"): 0.2,
    }
    for (tab, name), value in written.items():
        assert book[tab][name].protection.locked is False, (tab, name)
        book[tab][name].value = value
    book.save(changed)
    talks, usual, *rest, job, benefit = made.lines
    price = range_(500, 380, 500)
    shares = job.shares.copy()
    shares[0, 0], shares[4, 0] = 0.2, 0.03
    job = replace(job, quantity=interval(9, 2, 11), weights=np.array([0.6, 0.75, 0.5]), shares=shares)
    expected = replace(
        made,
        lines=(replace(talks, price=price), replace(usual, price=price), *rest, job, benefit),
        discount=np.array([1, 1 / 1.02, 1 / 1.02**2]),
        participants=300.0,
        displaced=0.5,
    )
    values = recalculated(changed)
    check(
        expected,
        named_results(changed, values, "Result")[0],
        named_results(changed, values, "Society")[0],
        Factors(1.1, 0.2),
    )
    book["Prices"]["F5"].value = 500  # low and high have to move along with the price
    book.save(changed)
    (back,) = read_sheet(changed)
    assert back.flows() == pytest.approx(expected.flows(), abs=1e-9)


def test_the_effect_that_breaks_even_does_so_when_it_is_put_into_the_sheet(tmp_path: Path) -> None:
    made, path = case(*lines(), yardstick="job"), tmp_path / "case.xlsx"
    times = budget(made).times
    assert times is not None
    write_sheet(path, [with_effects_times(made, times)], lang="en")
    (result,) = named_results(path, recalculated(path), "Result")
    assert result["Net to the public purse"] == pytest.approx(0, abs=OERE)
    assert result["Break-even: times the effect counted on"] == pytest.approx(1)
