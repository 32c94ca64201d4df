"""Cases of report."""

CAUGHT = {
    "indicator-unused": (
        [("indicators: [no-shows, held, in-time]", "indicators: [no-shows, held]")],
        "in-time",
        "no report",
        "remove",
        "warning",
    ),
    "report-indicator": (
        [("indicators: [no-shows]}", "indicators: [noshows]}")],
        "noshows",
        "no indicator",
        "'no-shows'",
        "error",
    ),
    "report-unit": (
        [("en: Aims}, unit: outreach", "en: Aims}, unit: outreache")],
        "outreache",
        "no unit",
        "'outreach'",
        "error",
    ),
    "report-target": (
        [("indicators: [no-shows]}", "indicators: [no-shows, in-time]}")],
        "in-time]}",
        "no target in the unit",
        "Add one",
        "warning",
    ),
    "report-questionnaire": (
        [
            (
                "classes, title: {da: Klasser, en: Classes}, questionnaire: mood",
                "classes, title: {da: Klasser, en: Classes}, questionnaire: moods",
            )
        ],
        "moods",
        "no questionnaire",
        "'mood'",
        "error",
    ),
    "report-exits": (
        [("exits: {work: [job]}", "exits: {work: [jobs]}")],
        "jobs",
        "no exit reason",
        "'job'",
        "error",
    ),
    "report-evaluation": (
        [("evaluation: earnings", "evaluation: earning")],
        "earning}",
        "no evaluation",
        "'earnings'",
        "error",
    ),
    "evaluation-unused": (
        [("          - {block: evaluation, evaluation: earnings}\n", "")],
        "earnings",
        "no report",
        "evaluation' block",
        "warning",
    ),
    "report-theory": (
        [("theory: change}", "theory: chance}")],
        "chance",
        "no theory 'chance'",
        "'change'",
        "error",
    ),
    "report-by-unit": (
        [("units:\n", "x-units:\n")],
        "{block: requirements",
        "requirements are shown by unit",
        "by: site",
        "error",
    ),
    "report-requirements": (
        [("en: Requirements}, phase: opening}", "en: Requirements}, phase: search, element: contact}")],
        "{block: requirements",
        "no requirement has phase 'search' and element 'contact'",
        "remove the block",
        "error",
    ),
    "report-foretells": (
        [
            (
                "{block: phases, title: {da: Faser, en: Phases}}",
                "{block: validity, title: {da: V, en: V}, questionnaire: mood, scores: [summ], within: P1Y,\n"
                "              what: [{kind: placement}]}",
            )
        ],
        "summ",
        "no score 'summ'",
        "'sum'",
        "error",
    ),
    "report-due": (
        [
            ("{block: phases, title: {da: Faser, en: Phases}}", "{block: due, title: {da: D, en: D}}"),
            ("    cadence: asking\n", ""),
            (", period: 2016-01-01/2016-02-29, source: L27", ", source: L27"),
            (", after: P6M, source: L27", ", source: L27"),
        ],
        "{block: due",
        "nothing falls due",
        "'cadence'",
        "error",
    ),
    "report-since": (
        [
            (
                "{block: phases, title: {da: Faser, en: Phases}}",
                "{block: since, title: {da: S, en: S}, indicators: [no-shows], months: 1, known_after: P2M}",
            )
        ],
        "P2M",
        "later than 1 months after its end",
        "P14D",
        "error",
    ),
    "report-since-trend": (
        [
            (
                "{block: phases, title: {da: Faser, en: Phases}}",
                "{block: trend, title: {da: T, en: T}, indicators: [no-shows], months: 12}\n"
                "          - {block: since, title: {da: S, en: S}, indicators: [no-shows], months: 1}",
            )
        ],
        "no-shows",
        "a trend of the report shows last month of 'no-shows'",
        "a report of its own",
        "error",
    ),
}
