"""Cases of references."""

EXITS = "  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason]"

CAUGHT = {
    "unit-of-site": (
        [("unit: centre, source: L3", "unit: center, source: L3")],
        "center",
        "no unit",
        "'centre'",
        "error",
    ),
    "unit-without-site": (
        [("unit: centre, source: L3", "unit: outreach, source: L3")],
        "centre",
        "has no site",
        "Give it",
        "warning",
    ),
    "group-of-service": (
        [("group: young, source: L6", "group: yong, source: L6")],
        "yong",
        "no group 'yong'",
        "'young'",
        "error",
    ),
    "kind": (
        [("[{kind: meeting}, {kind: contact_attempt}]", "[{kind: meting}, {kind: contact_attempt}]")],
        "meting",
        "no kind of fact",
        "'meeting'",
        "error",
    ),
    "service": (
        [("service: talks, entry", "service: talk, entry")],
        "talk,",
        "no service 'talk'",
        "'talks'",
        "error",
    ),
    "cadence": (
        [("cadence: talk, source: L12", "cadence: tolk, source: L12")],
        "tolk",
        "no cadence",
        "'talk'",
        "error",
    ),
    "rater": (
        [("raters: [caseworker]", "raters: [caseworkr]")],
        "caseworkr",
        "no role",
        "'caseworker'",
        "error",
    ),
    "reasons-for-no": ([("if_no: [ill]", "if_no: [il]")], "il]", "no reason", "'ill'", "error"),
    "code-list-field": (
        [(EXITS, EXITS.replace("exit.reason", "exit.raeson"))],
        "exit.raeson",
        "no field",
        "'exit.reason'",
        "error",
    ),
    "code-list-once": (
        [("for: [requirement_answered.reason]", "for: [requirement_answered.reason, exit.reason]")],
        "exit.reason]",
        "already takes",
        "one list",
        "error",
    ),
    "document": ([("document: paper\n", "document: papir\n")], "papir", "no document", "'paper'", "error"),
}
