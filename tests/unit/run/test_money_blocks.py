"""The blocks of money show what the room of money says, in two languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indsats import library
from indsats.economy import (
    VERDICTS,
    VERDICTS_SHORT,
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
from indsats.language import number
from indsats.programme import (
    CaseBlock,
    CostsBlock,
    ScenariosBlock,
    SocietyBlock,
    load,
)
from indsats.report import Passage, chart_svg, protect, render_html
from indsats.report.passages import passage_prose
from indsats.run import Material, document_of, gather
from indsats.simulate import simulate
from moneybook import (
    BLOCKS,
    TITLE,
    YEAR,
    book,
    cell,
    defined,
    engine,
    english,
    figures,
    material,
    shown,
    table,
    texts,
    value,
)


@pytest.fixture(scope="module")
def made() -> Material:
    return material(book(defined()))


def test_prices_stand_with_who_pays_and_where_they_are_from(made: Material) -> None:
    found = table(shown(made, "prices"), "prices")
    assert [english(row[0]) for row in found.rows] == ["Price"] * 4
    rate, _ = price_book().rate("kontanthjaelp-30", 2016)
    told = [english(cell(found, row, "amount")) for row in range(4)]
    assert told == ["400", "30,000", number(rate.amount, "en"), "150"]
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
    engines = per_participant(made.facts, made.pricing.quotes, least=5)
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


@pytest.mark.parametrize("name", ["case", "scenarios"])
def test_what_may_be_said_stands_in_words(made: Material, name: str) -> None:
    short, long = (words[budget(engine(made, "found")).verdict].en for words in (VERDICTS_SHORT, VERDICTS))
    said = [one.en for one in texts(shown(made, name))]
    assert short in said
    assert (f"- {long}" in said) == (name == "case")


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
    [said] = [block for block in document.blocks() if isinstance(block, Passage)]
    read = str(passage_prose(said, document, "en"))
    assert f"In {round(100 * sure.chance())}% of the outcomes" in read.replace("\u00a0", " ")


def test_society_stands_apart_in_its_perspectives(made: Material) -> None:
    block = SocietyBlock(block="society", title=TITLE, scenario="longer")
    document = protect(document_of(made, block))
    found, case = table(document, "society-longer"), engine(made, "longer")
    expected = society(case, price_book().factors_in(price_book().rules_year))
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
