"""Made-up money in protected tables, and charts of them: what tests of the charts of the economy share."""

from __future__ import annotations

from collections.abc import Sequence

from indsats.figure import Figure
from indsats.programme import Text
from indsats.report import Cell, Chart, Column, ProtectedFigure, Table

FEW = "hidden"
Amount = float | None | str
"""A number, none, or ``FEW`` for one that may not be shown."""


def both(da: str, en: str) -> Text:
    return Text(da=da, en=en)


def money(key: str, value: Amount, low: float | None = None, high: float | None = None) -> Figure:
    if isinstance(value, str):
        return ProtectedFigure(key, None, "amount", hidden=True)
    return ProtectedFigure(key, value, "amount", None, 214, low=low, high=high)


def _column(key: str, da: str, en: str) -> Column:
    return Column(key, both(da, en), "amount")


YEARS_BY_PAYER: tuple[tuple[Amount, ...], ...] = (
    (-61200.0, -4100.0, -9800.0),
    (18400.0, 2600.0, 9100.0),
    (21900.0, 2300.0, 12700.0),
    (17300.0, 1900.0, 11800.0),
    (12800.0, 1500.0, 10400.0),
)
SO_FAR: tuple[Amount, ...] = (-75100.0, -46100.0, -11500.0, 16200.0, 37800.0)


def cash_table(
    parts: Sequence[Sequence[Amount]] = YEARS_BY_PAYER, so_far: Sequence[Amount] = SO_FAR
) -> Table:
    rows = [
        (
            year,
            *(money(f"part/{year}/{at}", value) for at, value in enumerate(values)),
            money(f"net/{year}", net),
        )
        for year, (values, net) in enumerate(zip(parts, so_far, strict=True), start=1)
    ]
    columns = (
        Column("year", both("År efter start", "Year since start")),
        _column("municipality", "Kommune", "Municipality"),
        _column("region", "Region", "Region"),
        _column("state", "Stat", "State"),
        _column("net", "Netto i alt indtil da (nutidsværdi)", "Net so far (present value)"),
    )
    return Table("t", both("Penge", "Money"), columns, tuple(rows))


CASH = Chart(
    "c",
    both("Betalinger efter år", "Payments by year"),
    "t",
    "cash",
    {"label": "year", "parts": ("municipality", "region", "state"), "net": "net"},
    both("Udgifter det første år, gevinster derefter.", "Costs in the first year, gains thereafter."),
    y_title=both("Pr. deltager, 2026-priser", "Per participant, 2026 prices"),
)

_Input = tuple[Text, Text | str | Figure, Text | str | Figure, Amount, Amount]
INPUTS: tuple[_Input, ...] = (
    (
        both("Beskæftigelse efter et år, procentpoint", "Employment after a year, percentage points"),
        ProtectedFigure("i/0/low", 0.021, "points", None, 214),
        ProtectedFigure("i/0/high", 0.118, "points", None, 214),
        -21400.0,
        92300.0,
    ),
    (both("Hvor længe virkningen varer", "How long the effect lasts"), both("1 år", "1 year"), both("5 år", "5 years"),
     -8100.0, 61800.0),
    (both("Løn til mentorer og jobformidlere pr. måned", "Pay of mentors and job brokers a month"),
     both("46.000 kr.", "DKK 46,000"), both("38.000 kr.", "DKK 38,000"), 27100.0, 47900.0),
    (both("Diskonteringsrente", "Discount rate"), both("4,5 %", "4.5%"), both("2,5 %", "2.5%"), 34100.0, 41700.0),
)  # fmt: skip


def tornado_table(inputs: Sequence[_Input] = INPUTS, expected: Amount = 37800.0) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, low, high, money(f"at/{at}/low", at_low), money(f"at/{at}/high", at_high), money("expected", expected))
        for at, (name, low, high, at_low, at_high) in enumerate(inputs)
    ]  # fmt: skip
    columns = (
        Column("input", both("Antagelse", "Assumption")),
        Column("low", both("Lav", "Low")),
        Column("high", both("Høj", "High")),
        _column("at_low", "Netto ved lav", "Net at low"),
        _column("at_high", "Netto ved høj", "Net at high"),
        _column("expected", "Netto pr. deltager", "Net per participant"),
    )
    return Table("t", both("Følsomhed", "Sensitivity"), columns, tuple(rows))


TORNADO = Chart(
    "c",
    both("Hvad resultatet afhænger mest af", "What the result hangs on most"),
    "t",
    "tornado",
    {
        "label": "input",
        "low": "low",
        "high": "high",
        "at_low": "at_low",
        "at_high": "at_high",
        "centre": "expected",
    },
    both("Virkningen på beskæftigelsen betyder mest.", "The effect on employment matters most."),
)

EDGES = ("low50", "low80", "low95", "high50", "high80", "high95")


def fan_table(medians: Sequence[Amount] = SO_FAR) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for year, median in enumerate(medians, start=1):
        spread = 3000 + 5200 * year
        ends = (-0.674, -1.282, -1.96, 0.674, 1.282, 1.96)
        told = [median if median is None or isinstance(median, str) else median + spread * z for z in ends]
        rows.append(
            (
                year,
                money(f"median/{year}", median),
                *(money(f"{name}/{year}", end) for name, end in zip(EDGES, told, strict=True)),
            )
        )
    columns = (
        Column("year", both("År efter start", "Year since start")),
        _column("median", "Median", "Median"),
        *(_column(name, name, name) for name in EDGES),
    )
    return Table("t", both("Udfald", "Outcomes"), columns, tuple(rows))


FAN = Chart(
    "c",
    both("Hvor sikkert er resultatet?", "How sure is the result?"),
    "t",
    "fan",
    {"label": "year", "value": "median", "low": EDGES[:3], "high": EDGES[3:]},
    both("Medianen er over nul fra fjerde år.", "The median is above zero from the fourth year."),
    y_title=both("Netto i alt pr. deltager, nutidsværdi", "Net so far per participant, present value"),
)

CHANCES: tuple[Amount, ...] = (0.31, 0.44, 0.58, 0.69, 0.78, 0.84, 0.885, 0.92, 0.94)


def acceptability_table(chances: Sequence[Amount] = CHANCES, other: Sequence[Amount] | None = None) -> Table:
    def share(key: str, value: Amount) -> Figure:
        if isinstance(value, str):
            return ProtectedFigure(key, None, "share", hidden=True)
        return ProtectedFigure(key, value, "share")

    rows: list[tuple[Cell, ...]] = [
        (
            at * 50000,
            share(f"chance/{at}", value),
            *([share(f"other/{at}", other[at])] if other is not None else []),
        )
        for at, value in enumerate(chances)
    ]
    columns = [
        Column(
            "worth",
            both("Hvad et ekstra år i arbejde er værd", "What an extra year in work is worth"),
            "amount",
        ),
        Column(
            "chance",
            both("Sandsynlighed for, at det kan betale sig", "Chance that it pays"),
            "share",
            decimals=0,
        ),
    ]
    if other is not None:
        columns.append(
            Column(
                "other", both("Kun kommunens kasse", "The municipality's purse alone"), "share", decimals=0
            )
        )
    return Table("t", both("Betalingsvilje", "Willingness to pay"), tuple(columns), tuple(rows))


ACCEPTABILITY = Chart(
    "c",
    both("Hvor sandsynligt er det, at det kan betale sig?", "How likely is it to pay?"),
    "t",
    "acceptability",
    {"worth": "worth", "chance": "chance"},
    both("Sandsynligheden stiger fra 31 til 94 %.", "The chance rises from 31 to 94%."),
)

VIEWS: tuple[tuple[Text, Amount], ...] = (
    (both("Skatteyderne", "Taxpayers"), 61400.0),
    (both("Deltagerne", "Participants"), 28900.0),
    (both("Andre", "Others"), 0.0),
    (both("Indirekte virkninger", "Indirect effects"), -6200.0),
    (both("Indsatsens omkostning", "Cost of the effort"), -75100.0),
    (both("Netto for samfundet", "Net for society"), 9000.0),
)


def perspectives_table(
    views: Sequence[tuple[Text, Amount]] = VIEWS, net: tuple[float, float] | None = (-31000.0, 52000.0)
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for at, (name, value) in enumerate(views):
        ends = net if net and at == len(views) - 1 else (None, None)
        rows.append((name, money(f"view/{at}", value, *ends)))
    columns = (
        Column("view", both("Hvem", "Who")),
        _column("value", "Nutidsværdi pr. deltager", "Present value per participant"),
    )
    return Table("t", both("Samfundet", "Society"), columns, tuple(rows), total_row=-1)


PERSPECTIVES = Chart(
    "c",
    both("Hvem vinder, og hvem betaler?", "Who gains, and who pays?"),
    "t",
    "perspectives",
    {"label": "view", "value": "value"},
    both("Skatteyderne får mest, og indsatsen koster mest.", "Taxpayers gain most; the effort costs most."),
)
