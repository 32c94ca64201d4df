"""Cases of flow."""

CAUGHT = {
    "phase": (
        [("en: Swift?}, phase: opening", "en: Swift?}, phase: openning")],
        "openning",
        "no phase 'openning'",
        "'opening'",
        "error",
    ),
    "phase-circle": (
        [("entry: true", "follows: [search]")],
        "[search]",
        "a circle that nobody enters: opening → search → opening",
        "entry: true",
        "warning",
    ),
    "phase-unreachable": (
        [("follows: [opening]", "follows: []")],
        "search",
        "the phase 'search' is neither",
        "'follows'",
        "warning",
    ),
    "phase-endless": (
        [("ends: [{event: board}]", "ends: []")],
        "opening",
        "is followed by another, and nothing but the exit ends it",
        "'ends'",
        "warning",
    ),
    "phase-skipped": (
        [('skipped_by: [{kind: agreement, where: type == "deal"}]', "skipped_by: [{event: board}]")],
        "{event: board, where",
        "what starts the phase 'search' also skips it",
        "by 'where'",
        "error",
    ),
    "event": (
        [("of: [{event: board}]", "of: [{event: boards}]")],
        "boards",
        "no event 'boards'",
        "'board'",
        "error",
    ),
    "happening-of-site": (
        [("not_applicable_when: [{kind: pause}]", "not_applicable_when: [{kind: site_setting}]")],
        "site_setting",
        "is about a site",
        "about persons",
        "error",
    ),
    "duration-zero": ([("every: P21D", "every: P0D")], "P0D", "'every' has no length", "P14D", "error"),
    "cadence-clock": (
        [
            (
                "services:\n",
                "services:\n  other: {title: {da: a, en: a}, about: {da: b, en: b}, source: L6}\n",
            ),
            ("en: Seek}, phase: search", "en: Seek}, service: other, phase: opening"),
        ],
        "other",
        "the clock never starts: the phase 'opening' is for enrolments in 'talks' only",
        "phase of 'other'",
        "error",
    ),
    "requirement-cadence": (
        [("en: Often?}, phase: search", "en: Often?}, phase: opening")],
        "seek}",
        "falls due in the phase 'search', and the requirement is in 'opening'",
        "the same phase",
        "warning",
    ),
    "requirement-applies": (
        [("not_applicable_when: [{kind: pause}]", "not_applicable_when: [{kind: enrolled}]")],
        "{kind: enrolled}]",
        "the requirement never applies: each run begins with this",
        "Narrow it",
        "error",
    ),
    "requirement-each": (
        [("where: 'includes(participants, \"mentor\")'", 'where: outcome == "planned"')],
        'outcome == "planned"',
        "so it is never met",
        "exclude each other",
        "error",
    ),
}
