"""Cases of rule."""

CAUGHT = {
    "rule": ([("treated: treat == 1", "treated: treat")], "treat\n", "gives a number", "Compare", "error"),
    "rule-never": (
        [("where: pay >= 0", "where: pay >= 0 and pay < 0")],
        "pay >= 0 and",
        "can never hold",
        "exclude each other",
        "error",
    ),
    "rule-always": (
        [
            (
                "keep: occurred_to is missing or occurred_to >= occurred_from",
                "keep: occurred_to is missing or occurred_to is not missing",
            )
        ],
        "occurred_to",
        "holds for everything",
        "write 'true'",
        "warning",
    ),
    "coded-value": (
        [('outcome == "held"', 'outcome == "hold"')],
        '"hold"',
        "never takes the value 'hold'",
        "'held'",
        "error",
    ),
}
