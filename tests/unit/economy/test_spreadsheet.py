"""The workbook of a business case: what it shows, what can be written in it, and what is refused when it is read."""

import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl.workbook import Workbook

from indsats.economy.budget import budget
from indsats.economy.lines import Case, Line, Uncertain
from indsats.economy.prices import Quoted, Quotes
from indsats.economy.sheet import read_sheet, write_sheet
from indsats.economy.society import Factors
from indsats.evaluate import caution
from indsats.language import Lang
from indsats.problem import InputRefused
from indsats.programme import Payer, Text
from invented_case import case, cases, interval, line, range_

DOUBTS = (
    caution("beyond-data", "doubt", "Årene efter er en antagelse.", "The years after are assumed."),
    caution("effect-unproven", "grave", "Intervallet rummer ingen effekt.", "The interval holds no effect."),
)


def made(**changes: Any) -> Case:
    """Talks, and weeks in a job that move with weeks on benefit; two years."""
    talks = line("talks", 18.4, range_(412.5, 380, 450), {"municipality": -1}, [0.7, 0.3], part="cost")
    job = line("job", interval(3.2, 0.4, 6), 7215, {"municipality": 0.3, "citizen": 0.7}, [1, 1 / 3])
    paid: dict[Payer, float] = {"municipality": -0.7 / 3, "state": -0.3 / 3, "citizen": 1 / 3}
    benefit = line("benefit", Uncertain(-3), 12550, paid, [1, 0.5], transfer=True, errs_with="job")
    given: dict[str, Any] = {
        "title": Text(da="Forventet", en="Expected"),
        "yardstick_unit": Text(da="uger i job", en="weeks in a job"),
        "cautions": DOUBTS,
        **changes,
    }
    return case(talks, job, benefit, **given)


def other(**changes: Any) -> Case:
    """A scenario with a smaller effect."""
    one = made(scenario="small", title=Text(da="Lille", en="Small"), **changes)
    talks, job, benefit = one.lines
    return replace(one, lines=(talks, replace(job, quantity=interval(1.6, 0.2, 3)), benefit))


def same(one: Any, another: Any) -> bool:
    """Whether two values are the same to the fifteen digits a workbook keeps."""
    if isinstance(one, float | np.ndarray):
        return bool(np.allclose(one, another, rtol=1e-13, atol=1e-15))
    if isinstance(one, Case | Line | Uncertain):
        return all(same(getattr(one, part.name), getattr(another, part.name)) for part in fields(one))
    if isinstance(one, tuple):
        return len(one) == len(another) and all(same(*pair) for pair in zip(one, another, strict=True))
    return one == another


def written(folder: Path, *made_cases: Case, **options: Any) -> Workbook:
    """The workbook of some cases, with its formulas."""
    write_sheet(folder / "case.xlsx", made_cases or (made(),), **options)
    return openpyxl.load_workbook(folder / "case.xlsx")


def texts(book: Workbook, tab: str) -> str:
    """All words of a sheet."""
    return "\n".join(str(one.value) for row in book[tab].iter_rows() for one in row if one.value is not None)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=cases())
@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_written_is_read_back(tmp_path: Path, lang: Lang, one: Case) -> None:
    write_sheet(tmp_path / "case.xlsx", [one], lang=lang)
    (back,) = read_sheet(tmp_path / "case.xlsx")
    assert same(one, back)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_scenarios_with_words_in_both_languages_are_read_back(tmp_path: Path, lang: Lang) -> None:
    both = (made(), other(participants=31.5, displaced=0.25, cautions=(), rate=0.02))
    write_sheet(tmp_path / "case.xlsx", both, lang=lang, synthetic=True, factors=Factors(1.28, 0.1))
    assert same(read_sheet(tmp_path / "case.xlsx"), both)


def test_a_price_with_two_amounts_stands_twice(tmp_path: Path) -> None:
    one = made()
    late = replace(one.lines[0], id="late", price=Uncertain(500.0))
    both = replace(one, lines=(*one.lines, late))
    book = written(tmp_path, both)
    assert [book["Priser"][f"A{row}"].value for row in (5, 8)] == ["talks-price", "talks-price (2)"]
    assert same(read_sheet(tmp_path / "case.xlsx"), (both,))


def test_a_later_scenario_follows_the_first_where_they_agree(tmp_path: Path) -> None:
    book = written(tmp_path, made(), other())
    assert book["Mængder"]["F8"].value == "=IF('Mængder'!$F$5=\"\",\"\",'Mængder'!$F$5)"
    assert book["Mængder"]["F9"].value == 1.6
    assert book["Mængder"]["J8"].value == book["Mængder"]["J5"].value == "='Priser'!$D$5"


def test_the_front_says_what_it_is_what_comes_out_and_what_to_doubt(tmp_path: Path) -> None:
    book = written(
        tmp_path, made(), other(cautions=()), programme=Text(da="Tidlig indsats", en="Early effort")
    )
    front = texts(book, "Forside")
    assert front.startswith("Tidlig indsats")
    for words in ("Prisniveau", "Deltagere", "Forventet", "Lille", "Hvad der kan siges"):
        assert words in front
    grave, doubt = (front.index(one) for one in ("Alvorligt: Intervallet", "Læs med forbehold: Årene efter"))
    assert grave < doubt
    assert "Årene efter er en antagelse. (Forventet)" in front
    assert "SYNTETISKE" not in front


def test_synthetic_data_are_called_so_on_every_sheet(tmp_path: Path) -> None:
    book = written(tmp_path, synthetic=True, lang="en", factors=Factors())
    assert all(str(tab["A3"].value).startswith("SYNTHETIC DATA") for tab in book)


def test_prices_show_where_they_are_from(tmp_path: Path) -> None:
    quoted = Quoted(
        id="talks-price",
        title=Text(da="Samtale", en="Talk"),
        flow="cost",
        unit=Text(da="kr.", en="DKK"),
        per="hour",
        amount=range_(412.5, 380, 450),
        stated=350.0,
        stated_per="hour",
        price_year=2019,
        year=2024,
        paid_by={"municipality": 1.0},
        taxed="none",
        sources=("https://example.org/takst", "L1120"),
        origin="book",
    )
    book = written(tmp_path, quotes=Quotes({"talks-price": quoted}, (), 2024))
    row = [one.value for one in book["Priser"][5]][:12]
    shown = ["kr. / time", 412.5, 380, 450, "mindst og størst", 350, "time", 2019, "prisbogen"]
    assert row == ["talks-price", "Samtale", *shown, "https://example.org/takst\nL1120"]


def test_society_stands_apart_and_only_where_its_factors_are_given(tmp_path: Path) -> None:
    assert "Samfund" not in written(tmp_path).sheetnames
    book = written(tmp_path, factors=Factors(1.28, 0.1))
    assert [book["Samfund"][name].value for name in ("B4", "B5")] == [1.28, 0.1]
    budget = (one for tab in book if tab.title != "Samfund" for row in tab.iter_rows() for one in row)
    formulas = [str(one.value) for one in budget if str(one.value).startswith("=")]
    assert not [one for one in formulas if "Samfund" in one or "nettoafgift" in one or "skatteforvr" in one]


def test_sheets_are_for_a_screen_and_for_a4(tmp_path: Path) -> None:
    book = written(tmp_path)
    for tab in book:
        assert (tab.page_setup.orientation, tab.page_setup.paperSize) == ("landscape", 9)
        fit = tab.sheet_properties.pageSetUpPr
        assert fit is not None
        assert fit.fitToPage
        assert tab.protection.sheet
        assert not tab.protection.password
    assert book["Mængder"].freeze_panes == "D5"
    assert book["Mængder"].print_title_rows == "$4:$4"
    assert not [name for name in zipfile.ZipFile(tmp_path / "case.xlsx").namelist() if "vba" in name.lower()]
    assert {"deltagere_1", "fortrængning_1", "diskontering_1"} <= set(book.defined_names)


def test_inputs_are_open_and_marked_with_more_than_colour_and_all_else_is_locked(tmp_path: Path) -> None:
    book = written(tmp_path, made(), other())
    for tab in book:
        for one in (one for row in tab.iter_rows() for one in row):
            marked = "▸" in one.number_format
            framed = one.border.left.style in ("thin", "dotted", "dashed", "hair")
            assert one.protection.locked is not (marked or framed), (tab.title, one.coordinate)
            if marked:
                assert not str(one.value).startswith("="), (tab.title, one.coordinate)


def edited(folder: Path, change: Callable[[Workbook], None], *made_cases: Case) -> Path:
    """A workbook that somebody has changed."""
    book = written(folder, *made_cases)
    change(book)
    book.save(folder / "edited.xlsx")
    return folder / "edited.xlsx"


def put(tab: str, name: str, value: object) -> Callable[[Workbook], None]:
    """Writes in a cell."""

    def change(book: Workbook) -> None:
        book[tab][name].value = value

    return change


def test_what_is_changed_in_the_sheet_is_what_is_read(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for tab, name, value in (
            ("Priser", "D6", 8000),
            ("Mængder", "F6", 4.5),
            ("Forudsætninger", "C5", 77),
            ("Diskontering", "D5", 0.05),
            ("Over tid", "E6", 0.9),
            ("Fordeling", "F10", 0.25),
        ):
            book[tab][name].value = value

    (back,) = read_sheet(edited(tmp_path, change))
    job = back.lines[1]
    assert (job.price.value, job.quantity, back.participants) == (8000, interval(4.5, 0.4, 6), 77)
    assert (job.weights[1], job.shares[0, 1]) == (0.9, 0.25)
    assert back.discount[1] == pytest.approx(1 / 1.05)


@pytest.mark.parametrize(
    ("change", "cell", "what", "remedy"),
    [
        (put("Priser", "D5", "ca. 400"), "sheet 'Priser', cell D5", "no number", "without unit"),
        (put("Priser", "D5", None), "sheet 'Priser', cell D5", "empty", "Write a number"),
        (put("Priser", "D5", 500), "sheet 'Priser', cell D5", "500 is not between 380 and 450", "along with"),
        (put("Priser", "F5", None), "sheet 'Priser', cell F5", "one end", "ikke brugt"),
        (put("Priser", "G5", "cirka"), "sheet 'Priser', cell G5", "none of the words", "'95 %-interval'"),
        (
            put("Priser", "A5", "other"),
            "sheet 'Mængder', cell M5",
            "no price 'talks-price'",
            "other, job-price",
        ),
        (put("Forudsætninger", "E5", 20), "sheet 'Forudsætninger', cell E5", "20 is out", "between 0 and 1"),
        (put("Forudsætninger", "C5", -1), "sheet 'Forudsætninger', cell C5", "-1 is out", "at least 0"),
        (put("Diskontering", "D5", "3,5 %"), "sheet 'Diskontering', cell D5", "no number", "alone"),
        (put("Over tid", "E6", None), "sheet 'Over tid', cell E6", "empty", "Write a number"),
        (
            put("Over tid", "B6", "jobb"),
            "sheet 'Mængder', cell B6",
            "no row on 'Over tid'",
            "Put the row back",
        ),
        (
            put("Fordeling", "D10", "Amt"),
            "sheet 'Mængder', cell B6",
            "no row for Kommune",
            "Put the row back",
        ),
        (
            put("Fordeling", "F15", -0.5),
            "sheet 'Fordeling', cell F15",
            "5 rows sum to",
            "sum to 0 in each year",
        ),
        (
            put("Mængder", "B6", "talks"),
            "sheet 'Mængder', cell A6",
            "the same as the one at A5",
            "Delete one",
        ),
        (put("Mængder", "O6", "måske"), "sheet 'Mængder', cell O6", "none of the words", "'ja', 'nej'"),
        (put("Mængder", "A6", "stor"), "sheet 'Mængder', cell A6", "no scenario 'stor'", "expected"),
        (
            put("Mængder", "F4", "Antal"),
            "sheet 'Mængder', cell F4",
            "heading is not 'Mængde'",
            "Put rows and",
        ),
        (put("Forbehold", "B5", "vigtigt"), "sheet 'Forbehold', cell B5", "none of the words", "'Alvorligt'"),
        (lambda book: book.remove(book["Priser"]), "edited.xlsx", "sheet 'Priser' is missing", "Put it back"),
        (lambda book: book["Mængder"].delete_rows(5, 9), "cell A5", "no line of 'expected'", "Put the rows"),
        (lambda book: book["Forudsætninger"].delete_rows(5), "cell A5", "no scenario", "Put the row"),
    ],
)
def test_a_broken_sheet_is_refused_with_the_cell_and_what_to_do(
    tmp_path: Path, change: Callable[[Workbook], None], cell: str, what: str, remedy: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        read_sheet(edited(tmp_path, change))
    said = [str(problem) for problem in refused.value.problems]
    assert [one for one in said if cell in one and what in one and remedy in one], said


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Priser"]["D5"].value = "?"
        book["Mængder"]["F6"].value = None
        book["Over tid"]["E6"].value = "x"

    with pytest.raises(InputRefused) as refused:
        read_sheet(edited(tmp_path, change))
    assert len(refused.value.problems) == 3


def test_a_sheet_nobody_has_computed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="formulas of the workbook have no values"):
        read_sheet(edited(tmp_path, put("Priser", "D6", 8000), made(), other()))


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    missing, words, strange = (tmp_path / name for name in ("no.xlsx", "words.xlsx", "strange.xlsx"))
    words.write_text("not a workbook")
    Workbook().save(strange)
    for path, what in (
        (missing, "no such file"),
        (words, "not an Excel"),
        (strange, "no sheet 'Forside' or 'Front'"),
    ):
        with pytest.raises(InputRefused, match=what):
            read_sheet(path)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ((), "needs a case"),
        ((case(),), "each case a line"),
        ((made(), made()), "different scenarios"),
        ((made(), replace(case(line("a", 1, 1, {}, [1, 1, 1])), scenario="b")), "same number of years"),
        ((made(discount=np.array([0.9, 0.8])),), "first year of 'expected' is discounted"),
        ((replace(made(), lines=(made().lines[0],) * 2),), "same id"),
    ],
)
def test_cases_that_cannot_stand_together_are_not_written(
    tmp_path: Path, wrong: tuple[Case, ...], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        write_sheet(tmp_path / "case.xlsx", wrong)
    assert not (tmp_path / "case.xlsx").exists()


def test_an_effect_whose_ends_are_not_used_is_assumed(tmp_path: Path) -> None:
    whole = made()
    known = replace(whole, lines=whole.lines[:2])
    (as_it_was,) = read_sheet(edited(tmp_path, lambda _: None, known))
    (unsure,) = read_sheet(edited(tmp_path, put("Mængder", "I6", "ikke brugt"), known))
    assert budget(as_it_was).verdict != "assumed"
    assert unsure.lines[1].quantity == Uncertain(3.2)
    assert budget(unsure).verdict == "assumed"
