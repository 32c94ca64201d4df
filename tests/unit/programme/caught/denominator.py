"""Cases of denominator."""

_HELD = "measures: count, kind: meeting, source: L12}"

CAUGHT = {
    "kind-recorded": (
        [
            ("unit: {da: sager, en: cases}, override: true,", "unit: {da: sager, en: cases},"),
            ("    override: true, low: 1, high: 6, source: L19}", "    low: 1, high: 6, source: L19}"),
            (_HELD, "measures: count, kind: site_setting, source: L12}"),
        ],
        "site_setting",
        "no settings a site may choose",
        "count something else",
        "error",
    ),
    "indicator-field": (
        [(_HELD, "measures: mean, kind: hours, field: hours_per_wek, source: L12}")],
        "hours_per_wek",
        "'hours' has no field 'hours_per_wek'",
        "'hours_per_week'",
        "error",
    ),
    "indicator-group": (
        [
            ("groups: [young, grown], prefer", "groups: [young], prefer"),
            ("      yields: [grown], source: L22}", "      source: L22}"),
            (_HELD, "measures: count, kind: meeting, group: grown, source: L12}"),
        ],
        "grown",
        "no window of the visitation leads to the group 'grown'",
        "Name the group in a window",
        "error",
    ),
    "indicator-role": (
        [(_HELD, "measures: caseload, role: casworker, source: L12}")],
        "casworker",
        "there is no role 'casworker'",
        "'caseworker'",
        "error",
    ),
    "indicator-step": (
        [
            (
                _HELD,
                "measures: missing, step: talkd, source: L12,\n"
                "    steps: {talked: {title: {da: Talt, en: Talked}, what: [{kind: meeting}]}}}",
            )
        ],
        "talkd",
        "there is no step 'talkd'",
        "'talked'",
        "error",
    ),
    "indicator-service": (
        [(_HELD, "measures: count, kind: meeting, service: talks, where: service is missing, source: L12}")],
        "service is missing",
        "never holds for enrolments in 'talks'",
        "same service",
        "error",
    ),
}
