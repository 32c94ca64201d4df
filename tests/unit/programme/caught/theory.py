"""Cases of theory."""

LAST_LINK = "      - {cause: trust, effect: work, source: L14}\n"

CAUGHT = {
    "theory-levels": (
        [("cause: trust, effect: work", "cause: work, effect: trust")],
        "{cause: work",
        "'work' (result) is said to lead to 'trust' (step)",
        "Turn the link round",
        "warning",
    ),
    "theory-through": (
        [("through: [heard]", "through: [work]")],
        "work]",
        "goes through 'work', which is no mechanism",
        "link of its own",
        "warning",
    ),
    "theory-group": (
        [("en: Change}\n    group: young", "en: Change}\n    group: yung")],
        "yung",
        "no group 'yung'",
        "'young'",
        "error",
    ),
    "theory-unused": (
        [("          - {block: theory, title: {da: Teori, en: Theory}, theory: change}\n", "")],
        "change",
        "stands in no report",
        "'theory' block",
        "warning",
    ),
    "theory-node": ([("cause: talk, effect", "cause: tolk, effect")], "tolk", "no node", "'talk'", "error"),
    "theory-evidence": (
        [("evidence: [no-shows]", "evidence: [no-show]")],
        "no-show]",
        "no indicator",
        "'no-shows'",
        "error",
    ),
    "theory-link-once": (
        [(LAST_LINK, LAST_LINK + LAST_LINK)],
        "{cause: trust",
        "drawn twice",
        "Keep one",
        "error",
    ),
    "theory-lonely-node": ([(LAST_LINK, "")], "work", "no link leads", "Link it", "warning"),
    "theory-cycle": (
        [(LAST_LINK, LAST_LINK + "      - {cause: work, effect: talk, source: L14}\n")],
        "{cause: work",
        "circle: talk → trust → work → talk",
        "backwards",
        "error",
    ),
}
