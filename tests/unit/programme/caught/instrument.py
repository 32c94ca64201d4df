"""Cases of instrument."""

CAUGHT = {
    "scale-label": (
        [("labels: {1: {da: Slet ikke", "labels: {0: {da: Slet ikke")],
        "0",
        "0 is named, and the scale runs from 1 to 5",
        "widen",
        "error",
    ),
    "item-rater": (
        [('raters: ["caseworker"]', "raters: [mentor]")],
        "mentor",
        "no rater of the questionnaire 'mentor'",
        "'caseworker'",
        "error",
    ),
    "item-part": (
        [("part_of: ours", "part_of: point-7")],
        "point-7",
        "'ours-too' is the only part of 'point-7'",
        "Name an item",
        "warning",
    ),
    "item-wording": (
        [("purpose: fidelity", "owner: Somebody"), ("part_of: ours", "wording: {da: Sig, en: Say}")],
        "wording",
        "belongs to Somebody",
        "the licence",
        "warning",
    ),
    "questionnaire-about": (
        [("    about: site", "    about: site\n    cadence: asking")],
        "asking",
        "cannot recur with an enrolment",
        "about: person",
        "error",
    ),
    "questionnaire-renewal": (
        [('questionnaire == "mood"', 'questionnaire == "fidelity"')],
        "asking",
        "answers to 'mood' do not renew",
        'questionnaire == "mood"',
        "error",
    ),
    "wave": (
        [("after: P6M, source: L27", "period: 2016-02-29/2016-03-31, source: L27")],
        "2016-02-29/2016-03-31",
        "overlaps 'before'",
        "after the other",
        "error",
    ),
    "level": (
        [("answers: [2, 3], source: L27", "answers: [2, 4], source: L27")],
        "4",
        "4 is not on the scale from 1 to 3",
        "widen",
        "error",
    ),
}
