"""Cases of edition."""

FIRST = """    edition: second
    earlier:
      first:
        until: 2014-12-31
        source: L10
        scale: {low: 1, high: 5}
        items: {home: {title: {da: Hjem, en: Home}, source: L10}, work: {title: {da: Job, en: Job}, source: L10}}
        scores: {sum: {title: {da: Sum, en: Sum}, combine: sum, source: L27}}
"""
MOOD = "    source: L10\n    scale: {low: 1, high: 3}\n"
OLD = """      oldest:
        {until: 2015-06-30, source: L10, scale: {low: 0, high: 1}, items: {home: {title: {da: H, en: H}, source: L10}}}
"""

CAUGHT = {
    "edition-name": (
        [(MOOD, MOOD + FIRST.replace("second", "first"))],
        "first",
        "'first' is an earlier edition, and what is asked now is called the same",
        "a new 'edition'",
        "error",
    ),
    "edition-until": (
        [(MOOD, MOOD + FIRST.replace("    earlier:\n", "    earlier:\n" + OLD))],
        "2014-12-31",
        "'first' ran until 2014-12-31, and 'oldest' before it until 2015-06-30",
        "oldest first",
        "error",
    ),
    "edition-comparable": (
        [
            (
                MOOD,
                MOOD
                + FIRST.replace("until:", "comparable: true\n        until:").replace("{sum:", "{other:"),
            )
        ],
        "true",
        "the edition 'first' has no score that 'second' has",
        "one id",
        "error",
    ),
}
