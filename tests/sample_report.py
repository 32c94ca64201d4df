"""A report written by hand with every kind of block: what the tests of pages, charts and files look at."""

from __future__ import annotations

from datetime import UTC, date, datetime

from indsats.figure import Figure
from indsats.programme import Period, Text
from indsats.report import (
    Basis,
    Cell,
    Chart,
    Column,
    Document,
    Findings,
    Form,
    Light,
    Paragraph,
    Passage,
    Section,
    Sentence,
    Table,
    Told,
)

REGISTRATIONS = Text(
    da="Registreringer i programmet, egne beregninger",
    en="Registrations in the programme, own calculations",
)


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
        source=REGISTRATIONS,
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
        source=REGISTRATIONS,
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


def intro() -> Passage:
    """Words with figures of every kind: shown, hidden, set; a day at the start of a line; a note mark."""
    return Passage(
        "start-1",
        both(
            "Rapporten handler om perioden {{first}} til {{last}}. Enheden holdt **{{samtaler}} samtaler**, og "
            "{{rettidighed}} af dem var \"rettidige\" mod et mål på {{maal}}.\n"
            "1. januar 2017 var {{timer}} borgere begyndt i ordinære timer*). {{ref: maal}} viser alle mål, og "
            "*alle* tal er opgjort efter [vejledningen](https://example.dk/vejledning).",
            "The report is about the period {{first}} to {{last}}. The unit held **{{samtaler}} talks**, and "
            "{{rettidighed}} of them were \"in time\" against a target of {{maal}}.\n"
            "On 1 January 2017 {{timer}} citizens had begun ordinary hours*). {{ref: maal}} shows all targets, and "
            "*all* numbers follow [the guide](https://example.dk/vejledning).",
        ),
        {
            "samtaler": Told(Figure.count("indicator/samtaler/ub", 1437)),
            "rettidighed": Told(
                Figure.share(
                    "indicator/rettidighed/ub", 841, 978,
                    excluded={"not_yet_due": 31, "exited_before_due": 12}, low=0.836, high=0.881, method="Wilson",
                ),
                decimals=0,
            ),
            "maal": Told(Figure("target/rettidighed/ub", 0.85, "share"), decimals=0, about_people=False),
            "timer": Told(Figure.share("indicator/timer/ub", 3, 40), "numerator"),
        },
    )  # fmt: skip


def proposals() -> Passage:
    """A list in a list, as a committee is asked to decide, with words a writer gives and words a writer changed."""
    return Passage(
        "indstilling-1",
        both(
            "{{indstiller}} indstiller, at udvalget\n\n"
            "1. tager status til efterretning,\n"
            "2. godkender, at indsatsen fortsætter\n"
            "   - i ungeenheden og\n"
            "   - på Amager - dog kun med halvdelen af pladserne,\n"
            "3. drøfter § 12 og de 26-52 uger.",
            "{{indstiller}} proposes that the committee\n\n"
            "1. takes note of the status,\n"
            "2. agrees that the programme goes on\n"
            "   - in the youth unit and\n"
            "   - in Amager - with half of the places only,\n"
            "3. discusses § 12 and the 26-52 weeks.",
        ),
        edited=frozenset({"da", "en"}),
    )


def findings() -> Findings:
    """Two sentences that may be told, and one chosen from a number that may not."""
    talks = Told(Figure.count("indicator/samtaler/ub", 1437))
    return Findings(
        "findings-maal",
        (
            Sentence(
                both("Målet om rettidige samtaler er indfriet.", "The target of talks in time is met."),
                of=("indicator/rettidighed/ub",),
            ),
            Sentence(
                both("Der er holdt {{samtaler}} samtaler.", "{{samtaler}} talks were held."),
                {"samtaler": talks},
            ),
            Sentence(
                both("Målet om ordinære timer er ikke indfriet.", "The target of ordinary hours is not met."),
                of=("indicator/timer/ub",),
            ),
        ),
    )


def sample(threshold: int = 5, form: Form = "report") -> Document:
    """The report of the tests, or the item or letter; Nørrebro and a small office are invented, like every number."""
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
        report="status",
        form=form,
        about="noerrebro" if form == "letter" else "",
        words={
            "first": both("1. juli 2016", "1 July 2016"),
            "last": both("31. december 2016", "31 December 2016"),
            "site": both("Nørrebro", "Nørrebro"),
            "ref:maal": both("tabel 1", "table 1"),
            "sagsnummer": both("2016-0123456", "2016-0123456"),
            "indstiller": both("Forvaltningen", "The administration"),
            "underskriver": both("**[Underskriver mangler]**", "**[Signed by is missing]**"),
        },
        fields={
            "sagsnummer": both("Sagsnummer", "Case number"),
            "indstiller": both("Indstiller", "Recommends"),
            "underskriver": both("Underskriver", "Signs"),
        },
        head=((both("Sagsnummer", "Case number"), "sagsnummer"), (both("Underskriver", "Signed by"), "underskriver")),
        basis=Basis(
            "9f2c61d0b7a84e15c3d2f6a1908b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b",
            date(2016, 12, 31),
            datetime(2017, 1, 15, 7, 10, tzinfo=UTC),
            "0.1.0",
            {"facts": "41b7e0c2" * 8, "register": "c8a90f3d" * 8},
        ),
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
                    intro(),
                    targets(),
                    findings(),
                    Chart("maal-figur", both("Realiseret mod mål", "Realised against target"), "maal-ub", "targets",
                          {"label": "indicator", "target": "target", "realised": "realised"},
                          both("Rettidighed er over målet, planer er længst fra.", "Timeliness is above the target, "
                               "plans are furthest away.")),
                ),
            ),
            Section(both("Indstilling", "Recommendation"), (proposals(),), level=2),
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
                (Passage("virkning-1", both("Tallene er *foreløbige*.", "The numbers are *preliminary*.")),),
            ),
            Section(both("Virkning på selvforsørgelse", "Effect on self-support"), (estimates(),), level=2),
            Section(
                both("Tid på ydelse og sammenlignelighed", "Time on benefit and comparability"),
                (
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
                level=2,
            ),
        ),
    )  # fmt: skip
