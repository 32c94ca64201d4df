"""Cases of window."""

CAUGHT = {
    "target-window": (
        [
            ("document: paper\n", "document: paper\nfirst_day: 2016-01-01\n"),
            (
                "{indicator: no-shows, unit: outreach, value: 0.2, source: L13}",
                "{indicator: kept, unit: outreach, value: 0.2, period: 2016-01-01/2016-06-30, source: L13}",
            ),
        ],
        "2016-01-01/2016-06-30",
        "has been followed 26 weeks before 2016-07-01",
        "Shorten the window",
        "warning",
    ),
}
