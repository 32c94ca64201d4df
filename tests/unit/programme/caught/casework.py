"""Cases of casework."""

CAUGHT = {
    "role": ([("payer: lead", "payer: leed")], "leed", "no role 'leed'", "'lead'", "error"),
    "role-circle": (
        [("continuity: [opening, search]", "continuity: [opening, search], combines: [lead]")],
        "[caseworker]",
        "in a circle: caseworker → lead → caseworker",
        "Remove 'caseworker'",
        "error",
    ),
    "organisation": (
        [("organisation: joint", "organisation: joined")],
        "joined",
        "no organisation 'joined'",
        "'joint'",
        "error",
    ),
    "caseload-says": (
        [("role: caseworker, setting: load", "role: caseworker, setting: load, most: 35")],
        "35",
        "both as 'most' and by a setting",
        "Keep the setting",
        "error",
    ),
    "caseload-setting": (
        [("setting: load", "setting: gap")],
        "gap",
        "'gap' is a length in months",
        "measures: number",
        "error",
    ),
    "duration-setting": (
        [("every: gap", "every: load")],
        "load",
        "'load' is a plain number",
        "measures: days",
        "error",
    ),
    "setting-bounds": (
        [("high: 6", "high: 2")],
        "3",
        "the value 3 lies above what a site may choose (2)",
        "the bound",
        "error",
    ),
    "element": (
        [("en: Early?}, element: contact", "en: Early?}, element: kontakt")],
        "kontakt",
        "no element 'kontakt'",
        "'contact'",
        "error",
    ),
    "element-unused": (
        [("en: Early?}, element: contact", "en: Early?}"), ("source: L10, element: contact", "source: L10")],
        "contact",
        "about the element 'contact'",
        "remove it",
        "warning",
    ),
    "form-type": (
        [("kind: agreement, type: deal", "kind: agreement, type: del")],
        "del",
        "no type of agreement 'del'",
        "'deal'",
        "error",
    ),
    "form-field": (
        [("    signed: {title", "    counterpart: {title")],
        "counterpart",
        "already have a field 'counterpart'",
        "another name",
        "error",
    ),
    "form-twice": (
        [
            (
                "forms:\n",
                "forms:\n  copy: {title: {da: Kopi, en: Copy}, kind: agreement, type: deal, source: L25, fields: {\n"
                "    signed: {title: {da: Under, en: Signed}, type: bool, source: L25}}}\n",
            )
        ],
        "signed: {title: {da: Underskrevet",
        "'signed' already stands in the form 'copy' for the same agreements of type 'deal'",
        "Keep one",
        "warning",
    ),
}
