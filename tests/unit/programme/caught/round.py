"""Cases of round."""

CAUGHT = {
    "measurement-setting": (
        [("    cadence: asking", "    cadence: asking\n    window: {early: P7D, late: gap}")],
        "gap",
        "'window' is the same at all sites, and 'gap' is a setting",
        "P14D",
        "error",
    ),
    "baseline": (
        [("    about: site", "    about: site\n    baseline: {within: P1M, source: L28}")],
        "baseline",
        "a site is not enrolled",
        "Remove it",
        "error",
    ),
    "reminders": (
        [("    cadence: asking", "    cadence: asking\n    reminders: [P14D, P1M, P4W]")],
        "P4W",
        "no later than the one before it",
        "the first to the last",
        "error",
    ),
}
