"""Cases of entry."""

CAUGHT = {
    "draw-group": (
        [("en: At random}, group: young", "en: At random}, group: yonug")],
        "yonug",
        "no group 'yonug'",
        "'young'",
        "error",
    ),
    "draw-strata": (
        [("strata: [{field: sex", "strata: [{field: sexx")],
        "sexx",
        "no field of a person 'sexx'",
        "'sex'",
        "error",
    ),
    "draw-shares": (
        [("share: 0.6", "share: 0.7")],
        "arms",
        "make 1.1, not 1",
        "leave out",
        "error",
    ),
    "exclusion-reasons": (
        [("exclusions:\n  gone", "exclusions:\n  went")],
        "went",
        "'went' is not in the code list",
        "Add it there",
        "error",
    ),
    "visitation-groups": (
        [("groups: [young, grown]", "groups: [young, grwn]")],
        "grwn",
        "no group 'grwn'",
        "'grown'",
        "error",
    ),
    "visitation-windows": (
        [("2016-06-01/2016-08-31", "2016-05-31/2016-08-31")],
        "2016-05-31/2016-08-31",
        "'summer' overlaps 'spring'",
        "the day after",
        "error",
    ),
    "visitation-yields": (
        [("groups: [young, grown], prefer", "groups: [young], prefer")],
        "grown]",
        "'grown' gives way in 'spring', where it does not count",
        "remove it",
        "error",
    ),
}
