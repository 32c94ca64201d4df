"""The blocks of money show what the room of money says, in two languages, and nothing that would tell of few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casebook import EFFORT_EVERYWHERE, Casebook, item, period, programme, text
from indsats import library
from indsats.economy import (
    Case,
    acceptability,
    accounts_by,
    budget,
    cash_flow,
    draws,
    own_gain,
    per_participant,
    price_book,
    society,
    tornado,
)
from indsats.figure import Figure
from indsats.programme import (
    Block,
    CaseBlock,
    CostsBlock,
    OwnGainBlock,
    PricesBlock,
    Programme,
    ScenariosBlock,
    SocietyBlock,
    Text,
    load,
)
from indsats.report import Cell, Document, Paragraph, ProtectedFigure, Table, chart_svg, protect, render_html
from indsats.run import Material, document_of, gather
from indsats.simulate import simulate
from pricebook import price

YEAR = period("2016-01-01", "2016-12-31")
TITLE = Text(da="Penge", en="Money")
OWN_GAIN = {"block": "own_gain", "title": text("Own"), "benefit": "aid", "wage": "pay", "hours": [5, 10]}
BLOCKS: dict[str, Block] = {
    "prices": PricesBlock(block="prices", title=TITLE),
    "costs": CostsBlock(block="costs", title=TITLE, by="site"),
    "case": CaseBlock(block="business_case", title=TITLE, scenario="found"),
    "scenarios": ScenariosBlock(block="scenarios", title=TITLE),
    "society": SocietyBlock(block="society", title=TITLE),
    "own_gain": OwnGainBlock(block="own_gain", title=TITLE, benefit="aid", wage="pay", hours=[5, 10]),
}


def effect(**rest: Any) -> dict[str, Any]:
    return {"how": "entered", "value": 2, "low": 1, "high": 3, "source": "L1", **rest}


def economy(**changes: Any) -> dict[str, Any]:
    """Talks of 400 kr. an hour, a start of 30,000, weeks off benefit and in a job; ``talk`` is an uncertain price."""
    told = {"price_year": 2016}
    return {
        **told,
        "horizon": 3,
        "prices": {
            "talk": price(amount=400, low=300, high=500, **told),
            "begin": price(per="once", amount=30_000, **told),
            "aid": price("transfer", "month", book="kontanthjaelp-30"),
            "pay": price("earnings", amount=150, **told),
        },
        "activities": {
            "talks": item(
                "Talks",
                price="talk",
                dose={"how": "count", "what": [{"kind": "meeting"}], "each": 1.5},
                usual={"quantity": 1, "source": "L1"},
            ),
            "begin": item("Begin", price="begin", phase="start_up", dose={"how": "fixed"}),
        },
        "overheads": {"management": item("Management", share=0.2)},
        "consequences": {
            "off": item("Off", unit=text("weeks off"), price="aid", each=-1, effects=[effect()]),
            "work": item(
                "Work", unit=text("weeks"), price="pay", moves_with="off", worked=True, effects=[effect()]
            ),
        },
        "scenarios": {
            "found": item("Found", about=text("as found"), lasts="P1Y"),
            "longer": item("Longer", about=text("for longer"), lasts="P3Y", displaced=0.25),
            "cautious": item("Cautious", about=text("the low end"), lasts="P1Y", effect="cautious"),
        },
        **changes,
    }


def defined(**changes: Any) -> Programme:
    report = item("R", sections=[{"title": text("s"), "blocks": [OWN_GAIN]}])
    return programme(units=EFFORT_EVERYWHERE, economy=economy(**changes), reports={"half-year": report})


def book(definition: Programme, people: int = 30, elsewhere: int = 12) -> Casebook:
    """So many people at ``north`` with four talks each, and some in the ``city`` with two; data for a year."""
    case = Casebook(definition).data_until(YEAR.last)
    for number in range(people + elsewhere):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        north = number < people
        case.enrol("2016-01-01", site="north" if north else "city", **who)
        for meeting in range(4 if north else 2):
            case.meet(date(2016, 1, 11) + timedelta(days=40 * meeting), **who)
    return case


def material(case: Casebook) -> Material:
    return Material(case.programme, case.facts(), None, YEAR)


@pytest.fixture(scope="module")
def made() -> Material:
    return material(book(defined()))


def shown(about: Material, block: str) -> Document:
    return protect(document_of(about, BLOCKS[block]))


def table(document: Document, name: str) -> Table:
    return document.table(name)


def cell(found: Table, row: int | str, column: str) -> Cell:
    """A cell of the row of a number, or whose heading begins so in English."""
    if isinstance(row, str):
        row = next(at for at, one in enumerate(found.rows) if english(one[0]).startswith(row))
    return found.rows[row][found.column(column)]


def english(of: Cell) -> str:
    return of.en if isinstance(of, Text) else str(of)


def value(of: Cell) -> float | None:
    assert isinstance(of, ProtectedFigure)
    assert not of.hidden
    return of.value


def engine(about: Material, scenario: str) -> Case:
    return about.pricing.case(scenario)


def test_prices_stand_with_who_pays_and_where_they_are_from(made: Material) -> None:
    found = table(shown(made, "prices"), "prices")
    assert [english(row[0]) for row in found.rows] == ["Price"] * 4
    rate, _ = price_book().rate("kontanthjaelp-30", 2016)
    assert [cell(found, row, "amount") for row in range(4)] == [400, 30_000, rate.amount, 150]
    assert english(cell(found, 0, "paid_by")) == "Municipality"
    assert "ladder" in english(cell(found, 2, "paid_by"))
    assert "Employers" in english(cell(found, 3, "paid_by"))
    assert cell(found, 0, "source") == "L1"
    assert cell(found, 2, "source") == "; ".join(rate.source)


def test_a_participant_costs_what_the_room_says(made: Material) -> None:
    """42 people: 30 with 4 talks, 12 with 2, of 1.5 hours: 144 / 42 × 1.5 hours of 400. 30,000 / 42 to begin."""
    found = table(shown(made, "costs"), "costs")
    hours = 144 / 42 * 1.5
    talks, begin = hours * 400, 30_000 / 42
    assert value(cell(found, "Talks", "dose")) == pytest.approx(hours)
    assert value(cell(found, "Talks", "cost")) == pytest.approx(talks)
    assert value(cell(found, "Talks", "usual")) == pytest.approx(400)
    assert value(cell(found, "Management", "cost")) == pytest.approx(0.2 * talks)
    assert value(cell(found, "Begin", "cost")) == pytest.approx(begin)
    assert value(cell(found, "Total", "extra")) == pytest.approx(1.2 * (talks - 400) + begin)
    assert made.facts is not None
    engines = per_participant(made.facts, made.pricing.quotes)
    assert value(cell(found, "Total", "extra")) == pytest.approx(engines["extra"].sum())
    assert found.rows[found.total_row or 0][0] == cell(found, "Total", "activity")


@pytest.mark.parametrize(("name", "by"), [("costs-places", "site"), ("costs-months", "month")])
def test_what_was_spent_stands_by_place_and_month(made: Material, name: str, by: Any) -> None:
    found = table(shown(made, "costs"), name)
    assert made.facts is not None
    engines = accounts_by(made.facts, made.pricing.quotes, [by], YEAR).drop_nulls(by)
    assert len(found.rows) == engines.height
    for at, row in enumerate(engines.iter_rows(named=True)):
        for column in ("months", "start_up", "running", "amount", "a_month"):
            assert value(cell(found, at, column)) == pytest.approx(row[column])


def test_the_cash_flow_and_the_result_are_the_engines(made: Material) -> None:
    document, case = shown(made, "case"), engine(made, "found")
    flow, found = table(document, "case-found-flow"), budget(case)
    money = cash_flow(case)
    for year in range(1, case.years + 1):
        at = money.filter(year=year)
        for payer in ("municipality", "region", "state", "citizen"):
            amount = at.filter(payer=payer)["amount"].sum()
            assert value(cell(flow, year - 1, payer)) == pytest.approx(amount)
        assert value(cell(flow, year - 1, "cumulative")) == pytest.approx(found.cumulative[year - 1])
        public = sum(
            value(cell(flow, year - 1, payer)) or 0.0 for payer in ("municipality", "region", "state")
        )
        assert value(cell(flow, year - 1, "public")) == pytest.approx(public)
    result = table(document, "case-found-result")
    for row, expected in {
        "Participants": 42,
        "Extra cost per participant": found.cost,
        "Gain per participant": found.gain,
        "Net result per participant": found.net,
        "Of which municipality": found.by_payer["municipality"],
        "Of which state": found.by_payer["state"],
        "Net result for all": 42 * found.net,
        "The citizen's own gain": found.citizen,
        "Effect in a year that is counted on": 2,
        "Effect in a year that is needed": found.break_even,
        "Extra cost per unit": found.per_unit,
    }.items():
        assert value(cell(result, row, "value")) == pytest.approx(expected), row


def test_scenarios_stand_beside_each_other(made: Material) -> None:
    found = table(shown(made, "scenarios"), "scenarios")
    assert [english(row[0]) for row in found.rows] == ["Found", "Longer", "Cautious"]
    for at, name in enumerate(("found", "longer", "cautious")):
        result = budget(engine(made, name))
        for column, expected in {
            "cost": result.cost,
            "gain": result.gain,
            "net": result.net,
            "municipality": result.by_payer["municipality"],
            "citizen": result.citizen,
            "payback": result.payback,
            "times": result.times,
        }.items():
            assert value(cell(found, at, column)) == (
                None if expected is None else pytest.approx(expected)
            ), column


def test_what_the_result_hangs_on_how_sure_it_is_and_what_it_is_worth(made: Material) -> None:
    document, case = shown(made, "scenarios"), engine(made, "found")
    found, engines = table(document, "tornado"), tornado(case)
    assert [value(row[found.column("at_low")]) for row in found.rows] == pytest.approx(
        engines["net_low"].to_list()
    )
    assert [value(row[found.column("at_high")]) for row in found.rows] == pytest.approx(
        engines["net_high"].to_list()
    )
    assert english(found.rows[0][0]).startswith(
        {"effect": "Effect: ", "price": "Price: ", "quantity": "Dose: "}[engines["kind"][0]]
    )
    sure, fan = draws(case), table(document, "fan")
    for name in ("p2-5", "p10", "p25", "p75", "p90", "p97-5"):
        expected = sure.fan()[name.replace("-", ".")].to_list()
        assert [value(row[fan.column(name)]) for row in fan.rows] == pytest.approx(expected)
    assert [value(row[fan.column("median")]) for row in fan.rows] == pytest.approx(
        sure.fan()["p50"].to_list()
    )
    worth, curve = table(document, "acceptability"), acceptability(case, sure)
    assert [row[0] for row in worth.rows] == pytest.approx(curve["value"].to_list())
    assert [value(row[1]) for row in worth.rows] == pytest.approx(curve["chance"].to_list())
    said = [
        block.text.en
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    ]
    assert any(f"{round(100 * sure.chance())}%" in sentence for sentence in said)


def test_society_stands_apart_in_its_perspectives(made: Material) -> None:
    block = SocietyBlock(block="society", title=TITLE, scenario="longer")
    document = protect(document_of(made, block))
    found, case = table(document, "society-longer"), engine(made, "longer")
    expected = society(case, price_book().factors_in(2016))
    told = [value(row[1]) for row in found.rows]
    perspectives = ("taxpayers", "participants", "others", "indirect")
    assert told == pytest.approx(
        [*(expected.benefits[one] for one in perspectives), -expected.cost, expected.net]
    )
    assert sum(one or 0.0 for one in told[:-1]) == pytest.approx(told[-1])
    assert any("25%" in note.en for note in found.notes), "what displaces others is told"


def test_a_citizens_own_gain_is_that_of_the_room(made: Material) -> None:
    found, shipped = table(shown(made, "own_gain"), "own-gain"), price_book()
    exempt, rule = shipped.exempt_an_hour("kontanthjaelp-30", 2016), shipped.exemption("kontanthjaelp-30")
    assert exempt is not None
    assert rule is not None
    for at, hours in enumerate((5, 10)):
        expected = own_gain(
            shipped.taxes_in(2016),
            wage_an_hour=150,
            hours_a_week=hours,
            benefit_a_month=shipped.rate("kontanthjaelp-30", 2016)[0].amount,
            exempt_an_hour=exempt[0].amount,
            exempt_hours_a_month=rule.hours_a_month,
        )
        assert cell(found, at, "pay") == pytest.approx(expected.pay)
        assert cell(found, at, "left") == pytest.approx(expected.gain)
        assert cell(found, at, "kept") == pytest.approx(expected.kept)


def texts(document: Document) -> Iterator[Text]:
    """Every text a reader meets."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Table):
                yield from (block.title, *(column.title for column in block.columns), *block.notes)
                yield from (one for row in block.rows for one in row if isinstance(one, Text))
            else:
                yield from (block.title, block.alt)


@pytest.mark.parametrize("name", BLOCKS)
def test_all_is_said_in_both_languages_and_drawn_in_both(made: Material, name: str) -> None:
    document = shown(made, name)
    said = list(texts(document))
    assert said
    for one in said:
        assert one.da.strip()
        assert one.en.strip()
    # Sentences differ; names, years and numbers may be the same.
    assert all(one.da != one.en for one in said if len(one.en.split()) > 4)
    assert all(" the " not in f" {one.da} " and " og " not in f" {one.en} " for one in said)
    for chart in document.charts():
        source = document.table(chart.table_id)
        ids = [column.id for column in source.columns]
        named = [
            end for told in chart.encodings.values() for end in ([told] if isinstance(told, str) else told)
        ]
        assert set(named) <= set(ids)
        for lang in ("da", "en"):
            drawn = chart_svg(chart, source, lang)
            assert drawn is not None
            assert drawn.startswith("<svg")
            assert "NaN" not in drawn
    kinds = {chart.kind for chart in document.charts()}
    assert kinds == {
        "case": {"cash"},
        "scenarios": {"tornado", "fan", "acceptability"},
        "society": {"perspectives"},
    }.get(name, set())
    assert "Penge" in render_html(document, "da")
    assert "Money" in render_html(document, "en")


def figures(document: Document) -> list[Figure]:
    return [one for found in document.tables() for one in found.figures()]


@pytest.mark.parametrize("name", ["costs", "case", "scenarios", "society", "own_gain"])
def test_a_missing_price_is_a_sentence_and_no_number(name: str) -> None:
    prices = economy()["prices"]
    lacking = {**prices, "pay": item("Løn uden tal", flow="earnings", per="hour")}
    document = shown(material(book(defined(prices=lacking))), name)
    assert not document.tables()
    [said] = [block for section in document.sections for block in section.blocks]
    assert isinstance(said, Paragraph)
    assert "Løn uden tal" in said.text.en
    assert "prices.csv" in said.text.da
    assert "prices.csv" in said.text.en


def test_a_missing_price_stands_among_the_prices_as_one_to_give() -> None:
    prices = economy()["prices"]
    lacking = {**prices, "pay": item("Løn uden tal", flow="earnings", per="hour")}
    found = table(shown(material(book(defined(prices=lacking))), "prices"), "prices")
    assert cell(found, "Løn uden tal", "amount") is None
    assert "given by the user" in english(cell(found, "Løn uden tal", "source"))


@pytest.mark.parametrize("name", ["case", "scenarios", "society"])
def test_an_effect_that_nothing_tells_is_a_sentence_and_no_number(name: str) -> None:
    """The effect is to be estimated in a register, and there is none."""
    evaluation = item(
        "Trial",
        ask=text("ask"),
        design="randomised",
        index={"state": "benefit"},
        treated="age > 40",
        outcomes=[item("Weeks", id="weeks", kind="weeks", state="benefit", to_week=52)],
        covariates=[{"field": "age", "title": text("Age")}],
    )
    estimated = [{"how": "estimated", "evaluation": "trial", "outcome": "weeks"}]
    consequences = {"off": {**economy()["consequences"]["off"], "effects": estimated}}
    asked = programme(
        units=EFFORT_EVERYWHERE,
        economy=economy(consequences=consequences),
        evaluations={"trial": evaluation},
        states={"benefit": item("Benefit", codes=["730-739"])},
    )
    document = shown(material(book(asked)), name)
    assert not document.tables()
    assert [one.en for one in texts(document)] == [
        "The case cannot be made: the effect cannot be estimated in these data, or rests on too few people to be "
        "shown: Off."
    ]


@pytest.mark.parametrize("name", ["costs", "case", "scenarios", "society"])
def test_where_few_take_part_no_amount_and_no_verdict_is_told(name: str) -> None:
    document = shown(material(book(defined(), people=3, elsewhere=1)), name)
    assert not figures(document)
    assert not document.charts()
    [said] = texts(document)
    assert said.en == "There are fewer than 5 participants, so amounts about them are not shown."


def test_where_few_are_said_to_take_part_every_amount_is_hidden() -> None:
    """Without facts the number is the definition's; the boundary every number passes treats it the same."""
    talks = item("Talks", price="talk", dose={"how": "participants", "each": 2})
    asked = defined(participants=4, activities={"talks": talks})
    document = protect(document_of(Material(asked, None, None, None), BLOCKS["scenarios"]))
    assert figures(document)
    assert all(isinstance(one, ProtectedFigure) and one.hidden for one in figures(document))


def hidden(found: Table, column: str) -> list[bool]:
    cells = [row[found.column(column)] for row in found.rows]
    return [isinstance(one, ProtectedFigure) and one.hidden for one in cells]


def test_a_place_of_few_cannot_be_found_from_the_other_places() -> None:
    """Months add up to the whole; the whole less the only other place would be the three people in the city."""
    document = shown(material(book(defined(), people=20, elsewhere=3)), "costs")
    places = table(document, "costs-places")
    assert all(all(hidden(places, column)) for column in ("months", "running", "amount", "a_month"))
    assert not any(hidden(table(document, "costs-months"), "amount"))


def test_places_of_enough_are_shown() -> None:
    document = shown(material(book(defined(), people=20, elsewhere=5)), "costs")
    assert not any(hidden(table(document, "costs-places"), "amount"))


def test_what_is_spent_where_few_come_is_theirs_though_nobody_is_enrolled_there() -> None:
    """Two from the north have a talk in the city, where nobody is enrolled."""
    case = book(defined(), people=20, elsewhere=0)
    for number in range(2):
        case.meet("2016-06-01", person=f"p{number}", enrolment=f"e{number}", site="city")
    places = table(shown(material(case), "costs"), "costs-places")
    assert len(places.rows) == 2
    assert all(hidden(places, "amount"))


def test_a_month_of_few_and_the_next_smallest_are_hidden() -> None:
    """20 people from July on, and three already in June: less them June would be what the others leave."""
    case = Casebook(defined()).data_until(YEAR.last)
    for number in range(20):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2016-06-01" if number < 3 else "2016-07-01", **who).meet("2016-07-11", **who)
        if number == 19:
            case.leave("2016-12-01", **who)  # the first day without
    months = table(shown(material(case), "costs"), "costs-months")
    told = dict(zip([english(row[0]) for row in months.rows], hidden(months, "amount"), strict=True))
    assert told == {
        "June 2016": True,
        "July 2016": False,
        "August 2016": False,
        "September 2016": False,
        "October 2016": False,
        "November 2016": False,
        "December 2016": True,
    }


def test_sites_that_only_compare_do_not_make_a_place_larger() -> None:
    """The centre is no part of the effort: its twenty people do not hide that three take part."""
    asked = programme(economy=economy())
    document = shown(material(book(asked, people=3, elsewhere=20)), "costs")
    assert not figures(document)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Material:
    definition = load(library.definition_path("social-stoette-i-job"))
    return gather(definition, data=simulate(definition, 300, 5, tmp_path_factory.mktemp("money") / "data"))


def test_a_simulated_programme_has_a_case_of_the_effect_its_data_tell(simulated: Material) -> None:
    scenarios = simulated.programme.economy.scenarios
    name = next(name for name, one in scenarios.items() if one.effect == "expected")
    block = CaseBlock(block="business_case", title=TITLE, scenario=name)
    document = protect(document_of(simulated, block))
    result = next(found for found in document.tables() if found.id.endswith("-result"))
    case = engine(simulated, name)
    assert value(cell(result, "Net result per participant", "value")) == pytest.approx(budget(case).net)
    effects = simulated.pricing.effects
    assert effects
    first = next(iter(simulated.programme.economy.consequences))
    share = scenarios[name].effect_share
    expected = effects[first, 1].value * (1.0 if share is None else share)
    assert value(cell(result, "Effect in a year that is counted on", "value")) == pytest.approx(expected)


def test_without_a_register_the_simulated_case_is_a_sentence_and_its_costs_are_told(
    simulated: Material,
) -> None:
    without = replace(simulated, register=None)
    document = protect(document_of(without, ScenariosBlock(block="scenarios", title=TITLE)))
    assert not document.tables()
    block = CostsBlock(block="costs", title=TITLE, by="site")
    assert figures(protect(document_of(without, block)))


def test_a_case_of_effects_of_few_is_no_way_round_disclosure_control(tmp_path: Path) -> None:
    """Of 68 participants fewer than five reach a job: what the evaluation hides, the money does not tell."""
    definition = load(library.definition_path("fremskudt-indsats"))
    about = gather(definition, data=simulate(definition, 300, 5, tmp_path / "data"))
    document = protect(document_of(about, ScenariosBlock(block="scenarios", title=TITLE)))
    assert not document.tables()
    assert about.pricing.not_found
