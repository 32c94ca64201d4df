"""Cases of consequences."""

CAUGHT = {
    "effect-source": (
        [("outcome: work}]}", "outcome: wrk}]}")],
        "wrk",
        "no outcome 'wrk'",
        "'work'",
        "error",
    ),
    "effect-years": (
        [("year: 2, value", "year: 3, value")],
        "effects",
        "not for year 2",
        "entered as 0",
        "error",
    ),
    "effect-unit": (
        [("counted_in: years", "counted_in: weeks")],
        "work}",
        "the outcome 'work' is no number of 'weeks'",
        "'counted_in: years'",
        "error",
    ),
    "effect-window": (
        [
            (
                "        within_weeks: 52, at_least_weeks: 2, source: L17}\n",
                "        within_weeks: 52, at_least_weeks: 2, source: L17}\n      - {id: some, title: {da: U, en: W}, "
                "kind: weeks, state: working, to_week: 26, source: L17}\n",
            ),
            ("counted_in: years, each", "counted_in: weeks, each"),
            ("outcome: work}]}", "outcome: some}]}"),
        ],
        "some}",
        "weeks 1-26, and the effect is told of year 1",
        "weeks 1-52",
        "warning",
    ),
    "consequence": (
        [("moves_with: less", "moves_with: more")],
        "more",
        "move with itself",
        "Remove",
        "error",
    ),
    "economy-block": (
        [("scenario: half}", "scenario: hafl}")],
        "hafl}",
        "no scenario 'hafl'",
        "'half'",
        "error",
    ),
}
