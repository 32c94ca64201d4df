"""Cases of indicator."""

CAUGHT = {
    "indicator-questionnaire": (
        [("score: sum, wave", "score: smu, wave")],
        "smu",
        "no score 'smu'",
        "'sum'",
        "error",
    ),
    "indicator-answers": (
        [(", answers: [4, 5], source: L29", ", source: L29")],
        "ours:",
        "of 'answers' or of a 'level'",
        "one of them",
        "error",
    ),
    "indicator-requirement": (
        [("by: measured, phase: search", "by: measured, requirement: swyft")],
        "swyft",
        "no requirement 'swyft'",
        "'swift'",
        "error",
    ),
    "indicator-denominator": (
        [(", open_days_per_week: 4", "")],
        "open_day",
        "no site tells its open days",
        "open_days_per_week",
        "error",
    ),
    "share-rules": (
        [('among: outcome in ["held", "no_show"]', 'among: outcome == "held"')],
        'outcome == "no_show"',
        "the share is always 0",
        "exclude each other",
        "error",
    ),
}
