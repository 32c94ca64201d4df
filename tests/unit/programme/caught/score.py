"""Cases of score."""

CAUGHT = {
    "score-items": (
        [("items: [home, work], combine", "items: [home, wrok], combine")],
        "wrok",
        "no item 'wrok'",
        "'work'",
        "error",
    ),
    "score-bands": (
        [("low: 4, source: L27", "low: 3, source: L27")],
        "{id: fine",
        "3 lies both in 'bad' and in 'fine'",
        "not meet",
        "error",
    ),
    "score-reference": (
        [("value: 4.5", "value: 45")],
        "45",
        "45 is no possible score: they run from 2 to 6",
        "the scale",
        "error",
    ),
    "score-precision": (
        [("at_least: 2, source: L27,", "at_least: 2, smallest_change: 4.5, source: L27,")],
        "4.5",
        "no change is as large as 4.5: scores run from 2 to 6",
        "the scale",
        "error",
    ),
    "score-name": (
        [("      sum: {title: {da: Sum", "      class: {title: {da: Sum"), ("score: sum,", "score: class,")],
        "class",
        "'class' is what the classes",
        "another name",
        "error",
    ),
}
