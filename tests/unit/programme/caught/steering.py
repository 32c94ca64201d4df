"""Cases of steering."""

HELD = "  - {indicator: held, unit: outreach, comparator: others, source: L13}\n"

CAUGHT = {
    "target-indicator": (
        [("indicator: held, unit", "indicator: hold, unit")],
        "hold",
        "no indicator",
        "'held'",
        "error",
    ),
    "target-unit": (
        [("indicator: held, unit: outreach", "indicator: held, unit: out")],
        "out,",
        "no unit",
        "Known here",
        "error",
    ),
    "target-level": ([("value: 0.2", "value: 20")], "20", "not a share", "Write 20 % as 0.2", "error"),
    "target-direction": (
        [("    better: lower", "    better: neither")],
        "no-shows",
        "neither higher",
        "remove the target",
        "error",
    ),
    "target-comparator": (
        [("  centre: {title: {da: Centralt, en: Centre}, in_effort: false, source: L2}\n", "")],
        "others",
        "there are none",
        "fixed 'value'",
        "error",
    ),
    "target-once": ([(HELD, HELD + HELD)], "held", "already has a target", "Keep one", "error"),
}
