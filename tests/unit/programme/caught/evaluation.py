"""Cases of evaluation."""

OUTCOME = """\
      - {id: work, title: {da: Job, en: Job}, kind: state, state: working,
        within_weeks: 52, at_least_weeks: 2, source: L17}
"""
SECOND_TABLE = """\
tables:
  other:
    title: {da: Andet, en: Other}
    source: L16
    package: somewhere
    file: other.dta
    licence: MIT
    columns: {pay: {title: {da: Løn, en: Pay}, type: text}}
"""

CAUGHT = {
    "evaluation-arms": (
        [("population: age >= 18", 'population: unit == "centre"')],
        'unit == "outreach"',
        "nobody in the population can be treated",
        "exclude",
        "error",
    ),
    "state-codes": ([('"130-139"', '"139-130"')], '"139-130"', "runs backwards", "130-139", "error"),
    "state": (
        [("index: {state: benefit", "index: {state: benefits")],
        "benefits",
        "no state",
        "'benefit'",
        "error",
    ),
    "state-unused": (
        [("kind: state, state: working", "kind: state, state: benefit")],
        "working",
        "no evaluation uses",
        "remove",
        "warning",
    ),
    "table": ([("table: trial, where", "table: trail, where")], "trail", "no table", "'trial'", "error"),
    "table-columns": (
        [
            ("tables:\n", SECOND_TABLE),
            ("[{table: trial, where: pay >= 0}]", "[{table: trial}, {table: other}]"),
        ],
        "other}",
        "'pay' is text in 'other' and number in 'trial'",
        "one type",
        "error",
    ),
    "outcome-source": (
        [("rows: [{table: trial, where: pay >= 0}]", "index: {state: benefit}")],
        "column,",
        "no columns to take",
        "kind: state",
        "error",
    ),
    "outcome-weeks": (
        [("at_least_weeks: 2", "at_least_weeks: 53")],
        "53",
        "cannot fall within 52",
        "Lower",
        "error",
    ),
    "history-source": (
        [
            (
                "    derive: {",
                "    history: [{id: h, title: {da: Før, en: Before}, state: benefit, weeks: 1}]\n    derive: {",
            )
        ],
        "history",
        "made from a register",
        "index",
        "error",
    ),
    "evaluation-ids": (
        [(OUTCOME, OUTCOME + OUTCOME)],
        "work,",
        "'work' is given twice",
        "another id",
        "error",
    ),
    "derive-name": (
        [("derive: {schooling2: schooling * schooling}", "derive: {pay: schooling, schooling2: pay}")],
        "pay: schooling,",
        "already have",
        "another name",
        "error",
    ),
    "covariate": (
        [("exact: [sex]", "exact: [gender]")],
        "gender",
        "no field 'gender'",
        "Known here",
        "error",
    ),
    "covariate-date": (
        [("covariates: [{field: age,", "covariates: [{field: birth_date,")],
        "birth_date",
        "is a date",
        "'age'",
        "error",
    ),
    "design": (
        [("design: regression", "design: matched")],
        "matched\n",
        "'matching' is missing",
        "Add",
        "error",
    ),
    "time-to": ([("time_to: work", "time_to: wrok")], "wrok", "no outcome", "'work'", "error"),
    "estimate-needs": (
        [("kind: regression, title: {da: Fuld", "kind: cox, title: {da: Fuld")],
        "cox, title",
        "'time_to' is missing",
        "waited for",
        "error",
    ),
    "main-estimate": (
        [("    design: regression\n", "    design: regression\n    main: matched\n")],
        "matched\n",
        "no estimate 'matched'",
        "'full'",
        "error",
    ),
    "sensitivity-needs": (
        [
            (
                "    design: regression\n",
                "    design: regression\n    sensitivity: [{check: hidden-bias, source: L18}]\n",
            )
        ],
        "hidden-bias",
        "nobody is paired",
        "Add 'matching'",
        "error",
    ),
}
