"""Checks of sense catch more than their first case, and leave alone what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme.loader import read
from tiny_definition import FILES, change, write

MOOD = '      - {id: C, title: {da: C, en: C}, when: "true", side: poor, source: L11}\n'
HELD = "  - {indicator: held, unit: outreach, comparator: others, source: L13}\n"
EXITS = "  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason]"
TIME = "    time_to: work\n"
MATCHING = "    matching: {on: propensity, exact: [sex], source: L17}\n"
COX = "{id: a, kind: cox, title: {da: a, en: a}, source: L1}"
TWICE = "{check: leave-one-out, source: L1}, {check: leave-one-out, by: site, source: L1}"
WEEKS = "        within_weeks: 52, at_least_weeks: 2, source: L17}\n"
STATUS = "      - {id: later, title: {da: S, en: L}, kind: status, state: working, week: 4, source: L17}\n"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("for: [requirement_answered.reason]", "for: [exit.reason]", "reasons for a 'no' are named"),
        (EXITS, EXITS.replace("exit.reason", "meeting.outcome"), "same in every programme"),
        (EXITS, EXITS.replace("exit.reason", "enrolled.case_opened"), "holds a bool"),
        (EXITS, EXITS.replace("exit.reason", "exit.unit"), "own units, sites and services"),
        ('among: outcome in ["held", "no_show"]', 'among: outcome in ["held", "noshow"]', "value 'noshow'"),
        ('treated: unit == "outreach"', 'treated: unit == "outreech"', "value 'outreech'"),
        ('"answers_in(3, 3) == 2"', "home >= 1", "'B' can never be given: earlier classes take all"),
        (
            "indicator: no-shows, unit: outreach, value: 0.2",
            "indicator: held, unit: centre, value: -2",
            "negative",
        ),
        (
            "    time_to: work\n",
            f"{TIME}    estimates: [{COX.replace('cox', 'regression, adjust: [agee]')}]\n",
            "'agee'",
        ),
        ("design: matched", "design: regression", "there are no 'estimates'"),
        ("design: matched", "design: difference-in-differences", "no estimate takes one"),
        ("{id: full, kind", "{id: matched, kind", "already means another estimate"),
        ("{id: full, kind", "{id: full, outcomes: [pai], kind", "no outcome 'pai'"),
        ("    time_to: work\n", "    time_to: work\n    cluster: village\n", "no field 'village'"),
        (
            "    time_to: work\n",
            f"{TIME}    estimates: [{COX.replace('cox', 'cox, split: [8, 4]')}]\n",
            "the weeks do not rise",
        ),
        (
            "    time_to: work\n",
            "    time_to: work\n    sensitivity: [{check: wild-bootstrap, source: L1}]\n",
            "tries a regression or 'did' with a 'cluster'",
        ),
        (
            "    time_to: work\n",
            "    time_to: work\n    sensitivity: [{check: negative-controls, outcomes: [wrk], source: L1}]\n",
            "no outcome 'wrk'",
        ),
        (
            "    time_to: work\n",
            "    time_to: work\n    sensitivity: [{check: placebo, start: 2014-01-01, source: L1}]\n",
            "there is none",
        ),
        (TIME, f"{TIME}    main: a\n    estimates: [{COX}]\n", "'a' is of 'kind: cox'"),
        (
            TIME,
            f"{TIME}    main: a\n    estimates: [{COX.replace('cox', 'restricted-mean, horizon: 9')}]\n",
            "the main estimate must be a difference",
        ),
        (MATCHING, f"    multiplicity: holm\n    estimates: [{COX}]\n", "main estimate must be a difference"),
        (
            MATCHING,
            f"    sensitivity: [{{check: e-value, source: L1}}]\n    estimates: [{COX}]\n",
            "the main estimate must be a difference",
        ),
        (
            WEEKS,
            f"{WEEKS}{STATUS}    main: a\n"
            "    estimates: [{id: a, kind: regression, outcomes: [later], title: {da: a, en: a}, source: L1}]\n",
            "the main estimate 'a' is not for 'work', the first outcome",
        ),
        (
            MATCHING,
            MATCHING.replace("source", "ratio: 2, source")
            + "    sensitivity: [{check: hidden-bias, source: L1}]\n",
            "nobody is paired one to one",
        ),
        (
            TIME,
            f"{TIME}    sensitivity: [{{check: negative-controls, outcomes: [work], source: L1}}]\n",
            "all outcomes are negative controls",
        ),
        (TIME, f"{TIME}    sensitivity: [{TWICE}]\n", "'leave-one-out' is asked for twice"),
        (
            TIME,
            f"{TIME}    sensitivity: [{{check: subgroups, fields: [sex, age], source: L1}},"
            " {check: subgroups, fields: [age, sex], source: L1}]\n",
            "'subgroups' is asked for twice",
        ),
        ("    treated: treat == 1\n", "    treated: treat == 1\n    time_to: pay\n", "has no waiting time"),
        ("kind: column, column: pay", "kind: column, column: pya", "no column 'pya'"),
        (
            "derive: {schooling2: schooling * schooling}",
            "derive: {schooling2: schooling > 1}",
            "gives true or false",
        ),
        ("exits: {work: [job]}", "exits: {work: [job], else: [job]}", "already belongs to 'work'"),
        ("exits: {work: [job]}", "exits: {work: [job], else: [move]}", "has no title"),
        (MOOD, MOOD.replace(", side: poor", ""), "has no side, so transitions"),
        ("exit_titles: {work:", "exit_titles: {wrok: {da: x, en: x}, work:", "no exit 'wrok'"),
        ('includes(participants, "mentor")', 'includes(participants, "mentr")', "never includes 'mentr'"),
        ("role: caseworker, setting", "role: casewrker, setting", "no role 'casewrker'"),
        ("roles: [lead], source", "roles: [leed], source", "no role 'leed'"),
        ("combines: [caseworker]", "combines: [caseworkr]", "no role 'caseworkr'"),
        ("combines: [caseworker]", "combines: [lead]", "in a circle: lead → lead"),
        ("role: caseworker, setting: load", "role: caseworker", "gives no number"),
        ("role: caseworker, setting: load", "role: caseworker, setting: laod", "no setting 'laod'"),
        ("every: gap", "every: gpa", "no setting 'gpa'"),
        ("value: 3, unit", "value: 0, unit", "no length in the setting 'gap'"),
        ("value: 3, unit", "value: 0.0, unit", "below what a site may choose (1)"),
        ("    override: true, low: 1", "    low: 1", "no site may choose"),
        ("lasts: P1Y", "lasts: P0D", "'lasts' has no length"),
        ("before: P2Y", "before: P0M", "'before' has no length"),
        ("in: {title: {da: Med, en: In}, share: 0.6, source: L21},\n", "", "one arm"),
        ("share: 0.6", "share: 1.0", "make 1.4"),
        (
            "    gone: {title: {da: Væk, en: Gone}, source: L8}}}",
            "    away: {title: {da: V, en: G}, source: L8}}}",
            "the reason 'away' is no exclusion",
        ),
        ("groups: [young, grown]", "groups: [young, grown, young]", "stands twice"),
        ("{id: summer", "{id: spring", "two windows are called 'spring'"),
        ("2016-06-01/2016-08-31", "2015-06-01/2015-08-31", "lies before 'spring'"),
        (
            "groups: [young], prefer: [earliest_start]",
            "groups: [young], yields: [young], prefer: [earliest_start]",
            "is the last window",
        ),
        ("continuity: [opening, search]", "continuity: [opening, serch]", "no phase 'serch'"),
        ("follows: [opening]", "follows: [openin]", "no phase 'openin'"),
        ("talks, phase: opening, source: L24", "talks, phase: openin, source: L24", "no phase 'openin'"),
        (
            "    phase: search, source: L29}\n  board",
            "    phase: serch, source: L29}\n  board",
            "no phase 'serch'",
        ),
        ("en: Requirements}, phase: opening", "en: Requirements}, phase: openin", "no phase 'openin'"),
        ("ends: [{kind: placement}], repeats: true", "repeats: true", "runs anew each time it starts"),
        ('where: value == "go"', 'where: value == "gone"', "never takes the value 'gone'"),
        ('where: value != "stop"', 'where: \'value in ["go", "halt"]\'', "never has the value 'halt'"),
        ("en: Seek}, phase: search", "en: Seek}, phase: serch", "no phase 'serch'"),
        ("en: Often?}, phase: search, source", "en: Often?}, source", "the requirement is in no phase"),
        ("where: 'includes(participants, \"mentor\")'", "where: outcome == 'held'", "so it is always met"),
        (
            "must: occurred_to >= occurred_from",
            "must: site == 'city' or site != 'city'",
            "never refuse anything",
        ),
        ("must: occurred_to >= occurred_from", "must: occurred_to >= occurred_from or 1 > 2", "adds nothing"),
        (
            '{event: board, where: value != "stop"}',
            '{event: board, where: event != "board"}',
            "can never hold",
        ),
        ("population: age >= 18", 'population: unit == "outreach"', "everybody in the population is treated"),
        ('among: outcome in ["held", "no_show"]', 'among: outcome == "no_show"', "always 100 %"),
        ("answers: [4, 5], source: L29", "answers: [1, 2, 3, 4, 5], source: L29", "always 100 %"),
        ("answers: [4, 5], source: L29", "answers: [4, 6], source: L29", "6 is not on the scale from 1 to 5"),
        ("item: home, level: high-mood", "item: hoem, level: high-mood", "no item 'hoem'"),
        ("item: home, level: high-mood", "item: home, level: hihg-mood", "no level 'hihg-mood'"),
        ("score: sum, wave: before", "score: sum, wave: befor", "no wave 'befor'"),
        (
            "of: requirements, by: measured, phase: search",
            "of: requirements, by: measured, phase: search, element: contact",
            "no requirement has phase 'search' and element 'contact'",
        ),
        (
            "measures: timeliness, cadence: talk",
            "measures: timeliness, service: tals, cadence: talk",
            "no service 'tals'",
        ),
        (
            "answers: [2, 3], source: L27",
            "answers: [1, 2, 3], source: L27",
            "already belongs to the level 'low-mood'",
        ),
        ("{id: high-mood", "{id: low-mood", "two levels are called 'low-mood'"),
        ("at_least: 2, source", "at_least: 3, source", "3 answers are needed"),
        ("high: 3, source: L27", "high: 2, source: L27", "can be 3, which no band holds"),
        ("low: 4, source: L27}]", "low: 4, high: 3.5, source: L27}]", "ends (3.5) below its start (4)"),
        ("en: Low}, high: 3, source", "en: Low}, low: 5, source", "begins below the band before it"),
        (
            "high: 3, source: L27}",
            "high: 3, source: L27}, {id: none, title: {da: N, en: N}, low: 3.2, high: 3.8, source: L27}",
            "no score falls in the band 'none'",
        ),
        ("{id: fine,", "{id: bad,", "two bands are called 'bad'"),
        ("after: P6M, source: L27", "source: L27", "nothing says when the wave 'later' is"),
        (
            "after: P6M, source: L27",
            "after: P6M, period: 2017-01-01/2017-02-01, source: L27",
            "a period or at a time",
        ),
        (
            "    about: site\n",
            "    about: site\n    waves: {one: {title: {da: E, en: O}, after: P6M, source: L28}}\n",
            "cannot count from enrolment",
        ),
        ("part_of: ours", "part_of: ours-too", "part of itself"),
        (
            "type: bool, source: L25",
            "type: bool, source: L25}, unit: {title: {da: E, en: U}, type: text, source: L25",
            "already have a field 'unit'",
        ),
        (
            "kind: agreement, type: deal, source: L25",
            "kind: plan, type: deal, source: L25",
            "'plan' have no type",
        ),
        ("low: 250,\n      high: 350", "low: 350,\n      high: 250", "lies below 'low'"),
        ("low: 250,\n      high: 350", "high: 250", "'high' (250) lies below 'amount' (300)"),
        (", effect_share: 0.5, lasts: P2Y", "", "changes nothing"),
        (
            "en: Score}, questionnaire: mood}",
            "en: Score}, questionnaire: fidelity}",
            "neither scores nor levels",
        ),
        (
            "indicator: held, unit: outreach, comparator: others",
            "indicator: mean-mood, unit: centre, value: 7",
            "the target 7 is no possible score",
        ),
        (
            "indicator: held, unit: outreach, comparator: others",
            "indicator: touched, unit: centre, value: 40",
            "Write 40 % as 0.4",
        ),
        (
            "cause: talk, effect: trust, through",
            "cause: work, effect: talk, through",
            "is said to lead to 'talk'",
        ),
        ("source: L30}\n  scenarios", "source: L60-61}\n  scenarios", "beyond the document"),
        ("type: choice, source: L25, choices", "type: text, source: L25, choices", "type 'choice'"),
        ("starts: [{kind: enrolled}], ends", "ends", "'starts' is missing"),
        ("starts: [{kind: enrolled}], ends", "starts: [], ends", "starts is empty"),
        ("of: [{event: board}]}}", "of: [{event: board, kind: meeting}]}}", "does not go with kind"),
        (
            "not_applicable_when: [{kind: pause}]",
            "not_applicable_when: [{where: reason is missing}]",
            "a happening has",
        ),
    ],
)
def test_checks_look_further(old: str, new: str, what: str, tmp_path: Path) -> None:
    change(write(tmp_path), old, new)
    problems = read(tmp_path).problems
    assert [problem for problem in problems if what in f"{problem.what} {problem.remedy}"], problems


def test_targets_of_different_periods_do_not_compete(tmp_path: Path) -> None:
    spring = HELD.replace("source", "period: 2016-01-01/2016-06-30, source")
    autumn = HELD.replace("source", "period: 2016-07-01/2016-12-31, source")
    change(write(tmp_path), HELD, HELD + spring + autumn)
    assert read(tmp_path).problems == ()


def test_a_derived_column_may_use_those_above_it_only(tmp_path: Path) -> None:
    change(
        write(tmp_path),
        "{schooling2: schooling * schooling}",
        "{schooling4: schooling2 * 2, schooling2: pay}",
    )
    assert [problem.what for problem in read(tmp_path).errors] == ["there is no field 'schooling2' here"]


LEFT_ALONE = [
    # a phase is left only by the exit, and nothing follows it
    ("ends: [{kind: placement}], repeats: true,", ""),
    # a site's own name may be the same in both languages, however long
    (
        "north: {title: {da: Nord, en: North}",
        "north: {title: {da: Hovedgaden i det nordlige, en: Hovedgaden i det nordlige}",
    ),
    # a setting a site may not change may be there to be told
    (
        "  load: {title",
        "  told: {title: {da: a, en: b}, value: 1, unit: {da: c, en: d}, source: L19}\n  load: {title",
    ),
    # an event kept for the case's own story
    ("events:\n", "events:\n  lost: {title: {da: Tabt, en: Lost}, record_only: true, source: L24}\n"),
    # a group visitation finds, and no rule tells
    ("groups:\n", "groups:\n  other: {title: {da: Andre, en: Others}, source: L5}\n"),
    # without shares a draw may give anything
    ("share: 0.6, source", "source"),
    # the last wave may lie between two others counted otherwise
    ("after: P6M, source: L27", "period: 2016-03-01/2016-04-30, source: L27"),
    # two questions split from one point
    (
        "part_of: ours, source: L28}",
        "part_of: p7, source: L28}\n      ours-3: {title: {da: T, en: T}, part_of: p7, source: L28}",
    ),
    # a rule that cannot be proven either way
    ("must: occurred_to >= occurred_from", 'must: occurred_to >= occurred_from or type == "x"'),
    # any number may be aimed at where a change is concerned
    ("indicator: held, unit: outreach, comparator: others", "indicator: growth, unit: outreach, value: -0.2"),
    # one kind of check may be asked for twice, by different things
    (TIME, f"{TIME}    sensitivity: [{TWICE.replace('by: site', 'by: sex')}]\n"),
    # hazards beside a main estimate that is a difference
    (TIME, f"{TIME}    multiplicity: holm\n    estimates: [{COX}]\n"),
    # a main estimate for the first outcome that is no negative control, and for no other
    (
        WEEKS,
        f"{WEEKS}{STATUS}    main: a\n"
        "    sensitivity: [{check: negative-controls, outcomes: [later], source: L1}]\n"
        "    estimates: [{id: a, kind: regression, outcomes: [work], title: {da: a, en: a}, source: L1}]\n",
    ),
    # the document's length is not given
    ("lines: 60, source: L1}", "source: L9999}"),
]


@pytest.mark.parametrize(("old", "new"), LEFT_ALONE)
def test_what_is_right_is_left_alone(old: str, new: str, tmp_path: Path) -> None:
    change(write(tmp_path), old, new)
    assert list(map(str, read(tmp_path).problems)) == []


OTHER = "services:\n  other: {title: {da: Andet, en: Other}, about: {da: b, en: b}, source: L6}\n"

_PROGRAMME = FILES["programme.yaml"]
DRAWS = _PROGRAMME[_PROGRAMME.index("draws:\n") : _PROGRAMME.index("exclusions:\n")]

TOGETHER: list[tuple[list[tuple[str, str]], str]] = [
    (
        [
            (", measured: {how: every, cadence: talk}", ""),
            ("by: measured, phase: search", "by: measured, requirement: early"),
        ],
        "none of its requirements is measured",
    ),
    (
        [
            ("services:\n", OTHER),
            ("measures: timeliness, cadence", "measures: timeliness, service: other, cadence"),
        ],
        "the cadence 'talk' is for the service 'talks' only",
    ),
    (
        [
            ("services:\n", OTHER),
            (
                "better: neither, measures: stock,\n    phase: search",
                "better: neither, measures: stock,\n    service: other, phase: opening",
            ),
        ],
        "the phase 'opening' is for the service 'talks' only",
    ),
    (
        [
            ("services:\n", OTHER),
            ("service: talks, entry: true", "service: other, entry: true"),
            ("en: Early?}, element: contact", "en: Early?}, element: contact, phase: opening"),
        ],
        "nothing ever falls due",
    ),
    (
        [
            (
                'skipped_by: [{kind: agreement, where: type == "deal"}]',
                "skipped_by: [{event: board, where: value != 'stop'}]",
            )
        ],
        "what starts the phase 'search' also skips it",
    ),
    (
        [("exclusions:\n", "exclusions:\n  more: {title: {da: Mere, en: More}, source: L21}\n")],
        "the exclusion 'more' is not in the code list",
    ),
    ([(DRAWS, ""), ("for: [excluded.reason]", "for: [drawn.arm]")], "there are no draws"),
]


@pytest.mark.parametrize(("edits", "what"), TOGETHER)
def test_checks_see_what_two_places_say_together(
    edits: list[tuple[str, str]], what: str, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    for old, new in edits:
        change(folder, old, new)
    problems = read(folder).problems
    assert [one for one in problems if what in one.what], "\n".join(map(str, problems))


def test_a_code_of_an_earlier_version_may_still_be_met(tmp_path: Path) -> None:
    change(
        write(tmp_path),
        '{kind: agreement, where: type == "deal"}',
        "{kind: agreement, where: type != 'deal'}",
    )
    assert "the rule can never hold" in str(read(tmp_path).problems)
    change(tmp_path, "version: 1\n", "version: 2\n")
    assert "the rule can never hold" not in str(read(tmp_path).problems)


def test_sites_may_stand_in_the_data_folder(tmp_path: Path) -> None:
    folder = write(tmp_path)
    change(folder, 'among: outcome in ["held", "no_show"]', 'among: site not in ["north", "city"]')
    assert [str(one) for one in read(folder).problems] == []
