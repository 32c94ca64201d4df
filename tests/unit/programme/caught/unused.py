"""Cases of unused."""

CAUGHT = {
    "setting-unused": (
        [("every: gap", "every: P3M")],
        "gap",
        "nothing reads it",
        "'override'",
        "warning",
    ),
    "event-unused": (
        [("events:\n", "events:\n  lost: {title: {da: Tabt, en: Lost}, source: L24}\n")],
        "lost",
        "nothing counts or waits for the event 'lost'",
        "record_only",
        "warning",
    ),
    "group-unused": (
        [
            (
                "groups:\n  young",
                "groups:\n  old: {title: {da: Gamle, en: Old}, when: age > 60, source: L5}\n  young",
            )
        ],
        "old",
        "for the group 'old'",
        "remove it",
        "warning",
    ),
    "code-list-unused": (
        [
            (
                "codes:\n",
                "codes:\n  none: {title: {da: Tom, en: None}, for: [pause.reason], source: L8, values: {}}\n",
            )
        ],
        "{}}",
        "has no values",
        "remove the list",
        "error",
    ),
    "wave-unused": (
        [(", level: high-mood, wave: later", ", level: high-mood")],
        "later",
        "none shows 'later'",
        "Add an indicator",
        "warning",
    ),
}
