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
    "target-site": (
        [
            (
                "comparator: others, source: L13",
                "comparator: others, source: L13}\n  - {indicator: held, site: nroth, value: 3, source: L13",
            )
        ],
        "nroth",
        "no site",
        "'north'",
        "error",
    ),
    "target-part": (
        [(HELD, HELD + "  - {indicator: held, share_of: hole, source: L13}\n")],
        "hole",
        "no target with the id",
        "add 'hole'",
        "error",
    ),
    "target-id": (
        [
            ("{indicator: no-shows, unit", "{id: one, indicator: no-shows, unit"),
            ("{indicator: held, unit", "{id: one, indicator: held, unit"),
        ],
        "one",
        "called 'one' too",
        "different ids",
        "error",
    ),
    "target-band": ([("value: 0.2,", "value: 0,")], "0,", "nothing is near", "band: 0", "warning"),
    "target-set-late": (
        [("value: 0.2,", "value: 0.2, valid: 2016-01-01/2016-12-31, set_on: 2016-03-01,")],
        "2016-03-01",
        "after the time it holds for began",
        "why the target came late",
        "warning",
    ),
}
