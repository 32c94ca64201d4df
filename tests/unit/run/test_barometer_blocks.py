"""The barometer in a report: a page from simulated data, and nothing hidden that a sum or a word gives away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from casebook import Casebook, item, period, programme, text
from indsats.figure import Figure
from indsats.language import Lang
from indsats.library import definition_path
from indsats.programme import BarometerBlock, Period, Programme, Text, load
from indsats.record import Facts, read_record
from indsats.report import (
    Chart,
    Document,
    ProtectedFigure,
    Reading,
    Section,
    Table,
    chart_svg,
    protect,
    write,
)
from indsats.run import Material, compose, last_whole_period
from indsats.run.barometer import barometer_blocks
from indsats.run.sums import groups
from indsats.simulate import simulate

TITLE = Text(da="Barometer", en="Barometer")
JANUARY = period("2016-01-01", "2016-01-31")
Part = tuple[str, str]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    definition = load(definition_path("udvikling-i-fleksjob"))
    folder = simulate(definition, 700, 5, tmp_path_factory.mktemp("barometer") / "data")
    return read_record(folder, definition).as_of()


def document(facts: Facts, over: Period, *blocks: BarometerBlock, threshold: int | None = None) -> Document:
    made = tuple(block for asked in blocks for block in barometer_blocks(facts, asked, over))
    section = Section(TITLE, made)
    return Document(
        title=TITLE,
        programme=facts.programme.programme,
        version=1,
        period=over,
        sections=(section,),
        threshold=facts.programme.disclosure_threshold if threshold is None else threshold,
        synthetic=True,
        groups=tuple(groups(facts.programme, facts, [section])),
    )


def block(**rest: Any) -> BarometerBlock:
    return BarometerBlock.model_validate({"block": "barometer", "title": TITLE, **rest})


def cell(table: Table, row: int, column: str) -> Any:
    return table.rows[row][table.column(column)]


def hidden(figure: Any) -> bool:
    return isinstance(figure, ProtectedFigure) and figure.hidden


def column_sums(made: Document) -> Iterator[list[Part]]:
    """What a reader adds up: every place to the total, the same items answered and dated."""
    for table in made.tables():
        if table.total_row is None or not table.id.startswith("barometer"):
            continue
        places = [at for at in range(len(table.rows)) if at != table.total_row]
        for column in ("participants", "answered", "said", "measured", "not-answered", "not-due"):
            for part in ("numerator", "denominator"):
                yield [(cell(table, at, column).id, part) for at in (table.total_row, *places)]
        for at in range(len(table.rows)):
            yield [(cell(table, at, column).id, "denominator") for column in ("said", "measured")]


def found_out(true: Document, shown: Document) -> list[Part]:
    """Small counts a reader knows, or finds by one subtraction after the other."""
    numbers = {figure.id: figure for table in true.tables() for figure in table.figures()}
    known = {
        (figure.id, part)
        for table in shown.tables()
        for figure in table.figures()
        if not hidden(figure)
        for part in ("numerator", "denominator")
    }
    sums = [
        [one for one in line if getattr(numbers[one[0]], one[1]) is not None] for line in column_sums(true)
    ]
    while more := {next(iter(left)) for one in sums if len(left := set(one) - known) == 1}:
        known |= more
    return [
        (name, "numerator")
        for name, figure in numbers.items()
        if figure.unit in ("count", "share")
        and 0 < (figure.numerator or 0) < true.threshold
        and (name, "numerator") in known
    ]


@pytest.mark.parametrize("by", ["site", "unit"])
@pytest.mark.parametrize("of", ["participants", "requirements"])
def test_in_simulated_data_nothing_small_can_be_worked_out(
    simulated: Facts, by: Literal["site", "unit"], of: str
) -> None:
    over = last_whole_period(simulated.programme, simulated.last_day)
    for phase in (None, next(iter(simulated.programme.phases))):
        true = document(simulated, over, block(by=by, of=of, phase=phase))
        assert found_out(true, protect(true)) == []


def test_a_page_is_written_with_the_barometer_in_both_languages(simulated: Facts, tmp_path: Path) -> None:
    report = simulated.programme.reports[next(iter(simulated.programme.reports))]
    section = report.sections[0].model_copy(update={"blocks": [block(), block(by="unit", of="participants")]})
    rules: Programme = simulated.programme.model_copy(
        update={"reports": {"one": report.model_copy(update={"sections": [section]})}}
    )
    over = last_whole_period(simulated.programme, simulated.last_day)
    words: dict[Lang, tuple[str, ...]] = {
        "da": ("Svar over datoer", "Forfaldne uden svar", "Niveauet for alle"),
        "en": ("Answers above dates", "Due without an answer", "The level of all"),
    }
    for lang, said in words.items():
        write(compose(Material(rules, simulated, None, over)), tmp_path / lang, lang)
        page = "".join(page.read_text("utf-8") for page in (tmp_path / lang).rglob("*.html"))
        assert all(one in page for one in said)
    made = protect(compose(Material(rules, simulated, None, over)))
    for chart in made.charts():
        assert isinstance(chart, Chart)
        assert chart_svg(chart, made.table(chart.table_id), "da")


def asked_of(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), **rest)


def definition(places: list[str], **rest: Any) -> Programme:
    return programme(
        **{
            "disclosure_threshold": 5,
            "sites": {
                **{name: item(name, unit="outreach") for name in places},
                "city": item("City", unit="centre"),
            },
            "events": {"met": item("Met")},
            "requirements": {
                "talked": asked_of(
                    due="P10D", measured={"how": "within", "what": [{"event": "met"}], "within": "P10D"}
                )
            },
            **rest,
        }
    )


def facts_of(levels: dict[str, tuple[int, int, int]], **rest: Any) -> Facts:
    """At each site so many who answered yes, and whom the dates show, of so many."""
    case = Casebook(definition([site for site in levels if site != "city"], **rest))
    for site, (yes, dated, people) in levels.items():
        for one in range(people):
            who = {"person": f"{site}-{one}", "enrolment": f"e-{site}-{one}"}
            case.enrol("2016-01-04", site=site, **who)
            answer = "yes" if one < yes else "no"
            case.fact("requirement_answered", "2016-01-08", requirement="talked", answer=answer, **who)
            if one < dated:
                case.fact("event", "2016-01-06", event="met", **who)
    return case.data_until("2016-12-31").facts()


LARGE = {"a": (30, 20, 40), "b": (32, 20, 40), "c": (10, 9, 60), "d": (29, 18, 40)}


def signals(made: Document) -> dict[str, str | None]:
    table = made.table("barometer-site-funnel")
    told: dict[str, str | None] = {}
    for row in table.rows:
        word, place = row[table.column("signal")], row[0]
        assert isinstance(place, Text)
        told[place.en] = word.en if isinstance(word, Text) else None
    return told


def test_places_far_from_the_others_are_named_in_words() -> None:
    made = document(facts_of(LARGE), JANUARY, block())
    assert signals(made)["c"] == "clearly below the others"
    assert isinstance(cell(made.table("barometer-site-funnel"), 2, "signal"), Reading)
    assert signals(protect(made))["c"] == "clearly below the others"


def test_words_go_when_their_figure_is_hidden() -> None:
    few = document(facts_of({**LARGE, "c": (2, 2, 60)}), JANUARY, block())
    assert signals(few)["c"] == "clearly below the others"
    shown = protect(few)
    assert signals(shown)["c"] is None
    at = [row[0].en for row in shown.table("barometer-site-funnel").rows if isinstance(row[0], Text)].index(
        "c"
    )
    for column in ("level", "low-95", "high-998"):
        assert hidden(cell(shown.table("barometer-site-funnel"), at, column))


def test_the_gap_goes_when_either_side_is_hidden() -> None:
    shown = protect(document(facts_of({**LARGE, "a": (30, 2, 40)}), JANUARY, block()))
    row = shown.table("barometer-site").rows[0]
    table = shown.table("barometer-site")
    assert hidden(row[table.column("measured")])
    assert hidden(row[table.column("gap")])


def test_one_hidden_place_takes_another_or_the_total_with_it() -> None:
    true = document(facts_of({**LARGE, "c": (2, 2, 60)}), JANUARY, block())
    assert found_out(true, protect(true)) == []
    assert len([row for row in protect(true).table("barometer-site").rows if hidden(row[2])]) > 1


def test_a_place_stands_beside_all_others_and_the_whole() -> None:
    made = document(facts_of(LARGE), JANUARY, block(trend=False))
    table = made.table("barometer-site")
    others = [cell(table, at, "others") for at in range(5)]
    assert [round(one.value or 0, 4) for one in others[:4] if isinstance(one, Figure)] == [
        round(yes / people, 4) for yes, people in ((71, 140), (69, 140), (91, 120), (72, 140))
    ]
    assert others[4] is None


def test_the_level_of_all_others_goes_with_the_place_it_is_without() -> None:
    shown = protect(document(facts_of({**LARGE, "c": (2, 2, 60)}), JANUARY, block(trend=False)))
    table = shown.table("barometer-site")
    few = [at for at in range(4) if hidden(cell(table, at, "answered"))]
    assert 2 in few
    assert all(hidden(cell(table, at, "others")) for at in few)


def reasons(given: dict[str | None, int]) -> Facts:
    """Forty who had the talk, and so many who did not, for each reason."""
    codes = item("Why", values={name: item(name) for name in ("ill", "busy")}) | {
        "for": ["requirement_answered.reason"]
    }
    asked = asked_of(due="P10D", if_no=["ill", "busy"])
    case = Casebook(definition(["a"], codes={"why": codes}, requirements={"talked": asked}))
    for one in range(40):
        who = {"person": f"p-{one}", "enrolment": f"e-{one}"}
        case.enrol("2016-01-04", site="a", **who)
        case.fact("requirement_answered", "2016-01-08", requirement="talked", answer="yes", **who)
    for reason, people in given.items():
        for one in range(people):
            who = {"person": f"{reason}-{one}", "enrolment": f"e-{reason}-{one}"}
            case.enrol("2016-01-04", site="a", **who)
            answer = {"requirement": "talked", "answer": "no", "reason": reason}
            case.fact("requirement_answered", "2016-01-08", **answer, **who)
    return case.data_until("2016-12-31").facts()


def told_reasons(made: Document) -> dict[str, Any]:
    table = made.table("barometer-site-reasons")
    return {row[1].en: row[2] for row in table.rows if isinstance(row[1], Text)}


def test_what_was_not_met_is_told_with_its_reasons() -> None:
    made = told_reasons(document(reasons({"ill": 12, "busy": 9, None: 7}), JANUARY, block(trend=False)))
    assert {name: one.value for name, one in made.items()} == {
        "All reasons": 28, "ill": 12, "busy": 9, "no reason given": 7,
    }  # fmt: skip


def test_a_rare_reason_is_hidden_and_so_is_what_would_give_it_away() -> None:
    made = told_reasons(
        protect(document(reasons({"ill": 12, "busy": 2, None: 7}), JANUARY, block(trend=False)))
    )
    assert hidden(made["busy"])
    assert [name for name, one in made.items() if hidden(one)] != ["busy"]


def test_nobody_who_said_no_gives_no_table_of_reasons() -> None:
    made = document(reasons({}), JANUARY, block(trend=False))
    assert [table.id for table in made.tables()] == ["barometer-site"]


def test_fewer_than_three_places_have_no_funnel() -> None:
    made = document(facts_of({"a": (30, 20, 40), "b": (32, 20, 40)}), JANUARY, block(trend=False))
    assert [table.id for table in made.tables()] == ["barometer-site", "barometer-site-reasons"]


def test_places_of_the_comparison_have_no_row_and_the_last_row_is_the_total() -> None:
    made = document(facts_of({**LARGE, "city": (1, 1, 50)}, units={
        "outreach": item("O"), "centre": item("C", in_effort=False)}), JANUARY, block())  # fmt: skip
    table = made.table("barometer-site")
    assert len(table.rows) == 5
    assert table.total_row == 4
    total = cell(table, 4, "answered")
    assert isinstance(total, Figure)
    assert (total.numerator, total.denominator) == (101, 180)


def test_units_in_one_table_and_sites_in_another_add_up_to_each_other() -> None:
    """A unit hidden where units are told is not what is left of the effort where sites are."""
    facts = facts_of(
        LARGE,
        units={
            "outreach": item("O"), "second": item("S"), "centre": item("C", in_effort=False)
        },
        sites={
            "a": item("a", unit="outreach"), "b": item("b", unit="outreach"), "c": item("c", unit="second"),
            "d": item("d", unit="second"), "city": item("City", unit="centre"),
        },
    )  # fmt: skip
    made = document(facts, JANUARY, block(trend=False), block(by="unit", trend=False))
    lines = {(group.total, group.parts) for group in made.groups}
    stem = "fulfilment/requirements/answered/all/{}/2016-01-01..2016-01-31"
    assert (stem.format("effort"), (stem.format("outreach"), stem.format("second"))) in lines
    beside = "barometer/not-answered/all/{}/2016-01-01..2016-01-31"
    assert (beside.format("outreach"), (beside.format("site.a"), beside.format("site.b"))) in lines


def test_what_is_not_yet_due_cannot_be_put_together_from_its_column_and_what_fulfilment_leaves_out() -> None:
    """Three at one place are few. The column hides another place with them, the shares a third for another reason:
    read together they must still leave two places unknown."""
    levels = {"a": (20, 40, 3), "b": (2, 30, 9), "c": (18, 35, 12), "d": (25, 60, 6)}
    case = Casebook(definition(list(levels)))
    for site, (yes, due, later) in levels.items():
        for one in range(due + later):
            who = {"person": f"{site}-{one}", "enrolment": f"e-{site}-{one}"}
            case.enrol("2016-01-04" if one < due else "2016-01-28", site=site, **who)
            if one < due:
                answer = "yes" if one < yes else "no"
                case.fact("requirement_answered", "2016-01-08", requirement="talked", answer=answer, **who)
    true = document(case.data_until("2016-12-31").facts(), JANUARY, block())
    made = protect(true).table("barometer-site")
    assert [cell(true.table("barometer-site"), at, "not-due").value for at in range(5)] == [3, 9, 12, 6, 30]
    unknown = [
        at
        for at in range(5)
        if hidden(cell(made, at, "not-due"))
        and (hidden(cell(made, at, "answered")) or "not_yet_due" not in cell(made, at, "answered").excluded)
    ]
    assert 0 in unknown
    assert len(unknown) > 1
