"""The commands of money: prices, cost, case, scenarios, society, gain, and the spreadsheet out and in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from indsats.problem import InputRefused, Problem

from .arguments import Language, load, moment, must_be_one, out, period_of, progress_bars
from .steer import Definition, show_document

if TYPE_CHECKING:
    from indsats.programme import Block, Programme
    from indsats.run import Material

app = typer.Typer(
    help="Money: prices, costs, business cases, scenarios, society, a citizen's own gain, and spreadsheets.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


class By(StrEnum):
    """What stands side by side."""

    unit = "unit"
    site = "site"


Data = Annotated[
    Path | None, typer.Option("--data", help="Data folder to read, where doses and effects are in data.")
]
Prices = Annotated[
    Path | None,
    typer.Option("--prices", help="Your own prices, .csv or .xlsx; those in the data folder when left out."),
]
Over = Annotated[
    str | None,
    typer.Option("--period", help="Period, 2016-01-01/2016-06-30; the last whole one when left out."),
]
Known = Annotated[
    str | None, typer.Option("--as-of", help="Use only what was recorded by then, such as 2016-06-30.")
]
Which = Annotated[str | None, typer.Option("--scenario", help="One scenario; the first when left out.")]
Lang = Annotated[Language, typer.Option(help="Language of what is told.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@app.command("prices")
def prices_command(
    definition: Definition,
    data: Data = None,
    prices: Prices = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell each price that is used, its source and who pays, and those you have to give."""
    from indsats.programme import PricesBlock, Text

    programme = load(definition)
    block = PricesBlock(block="prices", title=Text(da="Priser", en="Prices"))
    _print(_material(programme, data, prices, needs_facts=False), block, lang, as_json, told_anyway=True)


@app.command("cost")
def cost_command(
    definition: Definition,
    data: Annotated[Path, typer.Option("--data", help="Data folder to read.")],
    prices: Prices = None,
    by: Annotated[By, typer.Option("--by", help="Units or sites.")] = By.unit,
    period: Over = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell what the effort costs: per participant and activity, by place, and month by month."""
    from indsats.programme import CostsBlock, Text

    title = Text(da="Hvad indsatsen koster", en="What the effort costs")
    block = CostsBlock(block="costs", title=title, by=by.value)
    _print(_material(load(definition), data, prices, period, as_of), block, lang, as_json)


@app.command("case")
def case_command(
    definition: Definition,
    data: Data = None,
    scenario: Which = None,
    prices: Prices = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell the budget-economic case of a scenario: cash flow by payer and year, net result, break-even, doubts."""
    from indsats.programme import CaseBlock, Text

    programme = _with_scenarios(definition, scenario)
    block = CaseBlock(
        block="business_case", title=Text(da="Budgetøkonomi", en="Budget economics"), scenario=scenario
    )
    _print(_material(programme, data, prices, None, as_of), block, lang, as_json)


@app.command("scenarios")
def scenarios_command(
    definition: Definition,
    data: Data = None,
    prices: Prices = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell all scenarios side by side, what the result hangs on, and how sure it is."""
    from indsats.programme import ScenariosBlock, Text

    programme = _with_scenarios(definition, None)
    block = ScenariosBlock(block="scenarios", title=Text(da="Scenarier", en="Scenarios"))
    _print(_material(programme, data, prices, None, as_of), block, lang, as_json)


@app.command("society")
def society_command(
    definition: Definition,
    data: Data = None,
    scenario: Which = None,
    prices: Prices = None,
    as_of: Known = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell the socio-economic result of a scenario in four perspectives, apart from the budget-economic one."""
    from indsats.programme import SocietyBlock, Text

    programme = _with_scenarios(definition, scenario)
    title = Text(da="Samfundsøkonomi", en="Socio-economics")
    block = SocietyBlock(block="society", title=title, scenario=scenario)
    _print(_material(programme, data, prices, None, as_of), block, lang, as_json)


@app.command("gain")
def gain_command(
    definition: Definition,
    benefit: Annotated[str, typer.Option("--benefit", help="The price of the benefit in the definition.")],
    wage: Annotated[str, typer.Option("--wage", help="The price of the pay in the definition.")],
    hours: Annotated[
        list[float] | None, typer.Option("--hours", help="Hours a week; one or several.", min=0, max=168)
    ] = None,
    prices: Prices = None,
    lang: Lang = Language.da,
    as_json: AsJson = False,
) -> None:
    """Tell what a citizen has left of the pay for ordinary hours beside a benefit."""
    from indsats.programme import OwnGainBlock, Text

    programme = load(definition)
    for name, option in ((benefit, "--benefit"), (wage, "--wage")):
        must_be_one(name, programme.economy.prices, "price", option)
    title = Text(da="Borgerens egen gevinst", en="The citizen's own gain")
    block = OwnGainBlock(block="own_gain", title=title, benefit=benefit, wage=wage)
    if hours:
        block = block.model_copy(update={"hours": hours})
    _print(_material(programme, None, prices, needs_facts=False), block, lang, as_json, told_anyway=True)


@app.command("sheet")
def sheet_command(
    definition: Definition,
    to: Annotated[Path, typer.Option("--out", help="Workbook to write, .xlsx.")],
    data: Data = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="One scenario; all when left out.")
    ] = None,
    prices: Prices = None,
    as_of: Known = None,
    lang: Lang = Language.da,
) -> None:
    """Write the scenarios, or one, as a workbook whose formulas calculate them; 'read-sheet' reads it when edited."""
    from indsats import economy

    programme = _with_scenarios(definition, scenario)
    if to.suffix != ".xlsx":
        raise typer.BadParameter(f"'{to.name}' must end in .xlsx")
    material = _material(programme, data, prices, None, as_of)
    pricing = material.pricing
    if pricing.few or pricing.few_had:
        of = " take part" if pricing.few else f" had something of {' and '.join(pricing.few_had)}"
        what = f"fewer than {programme.disclosure_threshold}{of}, so a workbook would tell of single people"
        raise InputRefused([Problem(what, "Use data about more people", file=str(data))])
    cases = [pricing.case(name) for name in ([scenario] if scenario else programme.economy.scenarios)]
    economy.write_sheet(
        to,
        cases,
        pricing.quotes,
        lang.value,
        synthetic=material.facts.synthetic if material.facts else False,
        factors=economy.price_book().factors_in(economy.rules_year(programme, economy.price_book())),
        programme=programme.title,
    )
    told = "; ".join(case.title.in_(lang.value) for case in cases)
    out.print(f"[green]✓[/] {escape(told)} in {escape(str(to))}")


@app.command("read-sheet")
def read_sheet_command(
    sheet: Annotated[Path, typer.Argument(help="A workbook that 'sheet' wrote, edited or not.")],
    lang: Lang = Language.da,
) -> None:
    """Calculate the case in a workbook anew from its inputs, and tell the net result of each public purse."""
    from indsats import economy
    from indsats.run import case_words as words

    for case in economy.read_sheet(sheet):
        found, tongue = economy.budget(case), lang.value
        table = Table("", words.PRESENT_VALUE.in_(tongue), title=escape(case.title.in_(tongue)))
        rows = [(words.COST_EXTRA, found.cost), (words.GAIN, found.gain), (words.NET, found.net)]
        rows += [(words.net_of(payer), value) for payer, value in found.by_payer.items()]
        for title, value in rows:
            table.add_row(escape(title.in_(tongue)), _kroner(value, lang))
        out.print(table)
        out.print(escape(economy.VERDICTS[found.verdict].in_(tongue)))


def _kroner(value: float, lang: Language) -> str:
    from indsats.language import number

    return number(value, lang.value, 0)


def _with_scenarios(definition: str, scenario: str | None) -> Programme:
    """The programme, which has to have scenarios, and the one that is named."""
    programme = load(definition)
    if not programme.economy.scenarios:
        raise InputRefused(
            [
                Problem(
                    f"'{programme.programme}' has no scenario to price",
                    "Write one under 'economy: scenarios' in the definition",
                    file="economy.yaml",
                )
            ]
        )
    must_be_one(scenario, programme.economy.scenarios, "scenario", "--scenario")
    return programme


def _material(
    programme: Programme,
    data: Path | None,
    prices: Path | None,
    period: str | None = None,
    as_of: str | None = None,
    *,
    needs_facts: bool = True,
) -> Material:
    """What is computed from; without ``needs_facts`` the data folder is looked in for prices alone."""
    from indsats import economy, run

    if not needs_facts:
        found = prices or (economy.find_prices(data) if data is not None else None)
        return run.gather(programme, data=None, prices=found)
    with progress_bars() as progress:
        return run.gather(
            programme,
            data=data,
            known=moment(as_of),
            period=period_of(period),
            prices=prices,
            progress=progress,
        )


def _print(
    material: Material, block: Block, lang: Language, as_json: bool, *, told_anyway: bool = False
) -> None:
    """Compose the block as a report of its own, protect it and print it.

    A missing price is refused, unless it is ``told_anyway``.
    """
    from indsats import economy, run
    from indsats.report import protect, results_json

    if not told_anyway:
        economy.refuse_missing(material.pricing.quotes, material.programme)
    document = protect(run.document_of(material, block))
    if as_json:
        print(results_json(document), end="")  # noqa: T201
    else:
        show_document(document, lang.value)
