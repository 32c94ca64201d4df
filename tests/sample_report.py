"""A report written by hand with every kind of block: what the tests of pages, charts and files look at."""

from __future__ import annotations

from datetime import UTC, datetime

from indsats.figure import Figure
from indsats.programme import Period, Text
from indsats.report import Cell, Chart, Column, Document, Light, Paragraph, Section, Table


def both(da: str, en: str) -> Text:
    return Text(da=da, en=en)


def targets() -> Table:
    def row(
        name: Text, key: str, got: tuple[float, float], aim: float, status: str, **rest: object
    ) -> tuple[Cell, ...]:
        figure = Figure.share(f"indicator/{key}/ub", *got, **rest)
        return name, Figure(f"target/{key}/ub", aim, "share"), figure, Light(status, figure.id)  # type: ignore[arg-type]

    held = Figure.count("indicator/samtaler/ub", 1437)
    return Table(
        "maal-ub",
        both("Mål og status, ungeenheden", "Targets and status, the youth unit"),
        (
            Column("indicator", both("Indikator", "Indicator")),
            Column("target", both("Mål", "Target"), "share", about_people=False),
            Column("realised", both("Realiseret", "Realised"), "share"),
            Column("status", both("Status", "Status")),
        ),
        (
            row(both("Rettidige samtaler", "Talks held in time"), "rettidighed", (841, 978), 0.85, "met",
                excluded={"not_yet_due": 31, "exited_before_due": 12}, low=0.836, high=0.881, method="Wilson"),
            row(both("Udeblivelser", "No-shows"), "udeblivelser", (173, 1200), 0.13, "near",
                excluded={"unknown_outcome": 3}),
            row(both("Plan lavet med borgeren", "Plan made with the citizen"), "plan", (61, 102), 0.80, "not_met"),
            row(both("Ordinære timer inden 26 uger", "Ordinary hours within 26 weeks"), "timer", (3, 40), 0.25,
                "not_met"),
            (both("I arbejde inden 52 uger", "In work within 52 weeks"), Figure("target/job/ub", 0.3, "share"),
             Figure("indicator/job/ub", None, "share", 0, 0), Light("not_measurable", "indicator/job/ub")),
            (both("Samtaler holdt", "Talks held"), Figure("target/samtaler/ub", 1500, "count"), held,
             Light("near", held.id)),
        ),
        notes=(both("Målene gælder andet halvår.", "The targets hold for the second half of the year."),),
    )  # fmt: skip


CLASSES = ("A", "B", "C", "D", "E", "F", "G")


def classes() -> Table:
    counts = {
        "Nørrebro": (14, 31, 22, 48, 39, 18, 25),
        "Amager": (9, 26, 17, 41, 44, 21, 30),
        "Vesterbro": (2, 12, 7, 23, 19, 8, 11),
        "Bispebjerg": (1, 0, 1, 2, 0, 0, 0),
    }
    total = tuple(sum(column) for column in zip(*counts.values(), strict=True))
    rows = []
    for key, numbers in [*counts.items(), ("all", total)]:
        name = both("I alt", "All") if key == "all" else key
        shares = [
            Figure.share(f"class/{key}/{one}", number, sum(numbers))
            for one, number in zip(CLASSES, numbers, strict=True)
        ]
        rows.append((name, Figure.count(f"class/{key}/n", sum(numbers)), *shares))
    return Table(
        "klasser",
        both(
            "Borgere efter udviklingsgruppe, første måling",
            "Citizens by development group, first measurement",
        ),
        (
            Column("unit", both("Enhed", "Unit")),
            Column("n", both("Målte", "Measured"), "count"),
            *(Column(one.lower(), both(one, one), "share", decimals=0) for one in CLASSES),
        ),
        tuple(rows),
        total_row=-1,
    )


def curve() -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key, group, drop in (
        ("indsats", both("Indsats", "Programme"), 0.021),
        ("sammenligning", both("Sammenligning", "Comparison"), 0.013),
    ):
        for week in range(0, 53, 4):
            left = (1 - drop) ** week
            figure = Figure(
                f"km/{key}/{week}", left, "share", denominator=round(400 * left),
                low=max(0, left - 0.0009 * week), high=min(1, left + 0.0009 * week),
            )  # fmt: skip
            rows.append((f"{key} {week}", group, week, figure))
    return Table(
        "kurve",
        both("Andel endnu på ydelse, efter uger", "Share still on benefit, by weeks"),
        (
            Column("point", both("Punkt", "Point")),
            Column("group", both("Gruppe", "Group")),
            Column("week", both("Uge", "Week"), "weeks"),
            Column("left", both("Endnu på ydelse", "Still on benefit"), "share"),
        ),
        tuple(rows),
    )


def balance() -> Table:
    smd = [
        (both("Alder", "Age"), 0.31, 0.04),
        (both("Kvinde", "Woman"), -0.12, -0.02),
        (both("Uger på kontanthjælp året før", "Weeks on cash benefit the year before"), 0.42, 0.07),
        (both("Uddannelse ud over grundskole", "Education beyond basic school"), -0.22, -0.11),
        (both("Sygedage", "Sick days"), 0.09, 0.01),
    ]
    return Table(
        "balance",
        both(
            "Forskel mellem grupperne før og efter parring", "Difference between the groups before and after"
        ),
        (
            Column("covariate", both("Oplysning", "Covariate")),
            Column("before", both("Før parring", "Before matching"), "number", decimals=2),
            Column("after", both("Efter parring", "After matching"), "number", decimals=2),
        ),
        tuple(smd),
    )


def estimates() -> Table:
    return Table(
        "effekt",
        both("Virkning på selvforsørgelse inden 52 uger", "Effect on self-support within 52 weeks"),
        (
            Column("method", both("Metode", "Method")),
            Column("treated", both("Indsats", "Programme"), "share"),
            Column("untreated", both("Sammenligning", "Comparison"), "share"),
            Column("effect", both("Forskel", "Difference"), "share", about_people=False),
            Column("p", both("p-værdi", "p-value"), "p"),
        ),
        (
            (both("Andele før parring", "Shares before matching"), Figure.share("e/t", 212, 400),
             Figure.share("e/u", 1630, 4210), Figure("e/raw", 0.1428, "share", low=0.091, high=0.194), 0.00002),
            (both("Parret på sandsynlighed", "Matched on propensity"), Figure.share("m/t", 205, 388),
             Figure.share("m/u", 171, 388), Figure("e/psm", -0.0182, "share", low=-0.061, high=0.0246), 0.412),
        ),
    )  # fmt: skip


def sample(threshold: int = 5) -> Document:
    """The report of the tests; Nørrebro and a small office are invented, like every number."""
    return Document(
        title=both("Statusrapport for den fremskudte indsats", "Status report on the outreach programme"),
        subtitle=both("Andet halvår 2016", "Second half of 2016"),
        programme="fremskudt-indsats",
        programme_title=both("Fremskudt beskæftigelsesindsats", "Outreach employment programme"),
        version=1,
        period=Period(first="2016-07-01", last="2016-12-31"),  # type: ignore[arg-type]
        known=datetime(2017, 1, 15, 7, 10, tzinfo=UTC),
        synthetic=True,
        threshold=threshold,
        sources=(
            both("Registreringer i programmet, 1.204 forløb", "Registrations in the programme, 1,204 enrolments"),
            both("Ugeregister over offentlige ydelser", "Weekly register of public benefits"),
        ),
        notes=(both("Procenter er afrundet og summer ikke altid til 100.", "Percentages are rounded."),),
        sections=(
            Section(
                both("Mål og status", "Targets and status"),
                (
                    Paragraph(
                        both(
                            "Rapporten viser, hvor langt enhederne er nået i halvåret.\n\n"
                            "Et mål er tæt på, når det er nået på nær en tiendedel.",
                            "The report shows how far the units came in the half-year.\n\n"
                            "A target is near when it is missed by a tenth at most.",
                        )
                    ),
                    targets(),
                    Chart("maal-figur", both("Realiseret mod mål", "Realised against target"), "maal-ub", "targets",
                          {"label": "indicator", "target": "target", "realised": "realised"},
                          both("Rettidighed er over målet, planer er længst fra.", "Timeliness is above the target, "
                               "plans are furthest away.")),
                ),
            ),
            Section(
                both("Borgernes udvikling", "The citizens' development"),
                (
                    classes(),
                    Chart("klasser-figur", both("Fordeling på udviklingsgrupper", "Distribution over groups"),
                          "klasser", "stacked", {"label": "unit", "parts": tuple(c.lower() for c in CLASSES)},
                          both("D og E er de største grupper i alle enheder.", "D and E are the largest groups.")),
                    Chart("maalte-figur", both("Målte borgere", "Citizens measured"), "klasser", "bars",
                          {"label": "unit", "value": "n"}, both("Søjler for hver enhed.", "A bar for each unit.")),
                ),
            ),
            Section(
                both("Virkning", "Effect"),
                (
                    estimates(),
                    Chart("kurve-figur", both("Tid på ydelse", "Time on benefit"), "kurve", "survival",
                          {"time": "week", "survival": "left", "group": "group"},
                          both("Indsatsgruppen forlader ydelsen hurtigere.", "The programme group leaves faster."),
                          x_title=both("Uger efter start", "Weeks after start")),
                    curve(),
                    Chart("balance-figur", both("Balance før og efter parring", "Balance before and after matching"),
                          "balance", "love", {"label": "covariate", "before": "before", "after": "after"},
                          both("Efter parring er kun uddannelse uden for 0,1.", "After matching only education is "
                               "outside 0.1."), x_title=both("Standardiseret forskel", "Standardised difference")),
                    balance(),
                ),
            ),
        ),
    )  # fmt: skip
