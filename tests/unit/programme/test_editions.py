"""What was published stays: editions answers were given to cannot be changed, and scores tell by which rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.programme import Asking, check, load, publish, rule_fields, rule_of
from indsats.programme.editions import edition_hash
from indsats.programme.loader import read
from tiny_definition import change, write
from tiny_editions import KEPT, RATERS, SCALE, SUM, WORK

DAY = date(2016, 5, 2)


def two(folder: Path, *edits: tuple[str, str]) -> Path:
    """A published version 1 and a second version with changes; the folder of both."""
    publish(write(folder / "v1"), DAY)
    change(write(folder / "v2"), "version: 1\n", "version: 2\n")
    for old, new in edits:
        change(folder / "v2", old, new)
    return folder


def said(folder: Path) -> list[str]:
    return [problem.what for problem in check(folder) if "version 1" in problem.what]


CHANGES: list[tuple[str, str, str]] = [
    (
        WORK,
        WORK + "      more: {title: {da: Mere, en: More}, source: L10}\n",
        "the item 'more' is new",
    ),
    (
        WORK,
        WORK.replace("source", "options: [1, 3], source"),
        "the item 'work' can be answered by 1, 3, not the whole scale",
    ),
    (
        WORK,
        WORK.replace("source", "wording: {da: Ja?, en: Yes?}, source"),
        "the item 'work' has another wording",
    ),
    (
        WORK,
        WORK.replace("source", "raters: [caseworker], source"),
        "the item 'work' got the rater caseworker",
    ),
    (
        WORK,
        WORK.replace("source", "asked_of: {item: home, answers: [1]}, source"),
        "the item 'work' has another 'asked_of'",
    ),
    (WORK, WORK.replace("source", "advice: true, source"), "the item 'work' has advice true, not false"),
    ("answers: {1: {da: Dårligt", "answers: {1: {da: Skidt", "the item 'home' has other answer texts"),
    (SUM, SUM.replace("at_least: 2", "at_least: 1"), "the score 'sum' has at_least 1, not 2"),
    (SUM, SUM.replace("sum", "mean"), "the score 'sum' has combine mean, not sum"),
    ("high: 3, source: L27}", "high: 2, source: L27}", "the score 'sum' has other bands"),
    ("answers: [2, 3], source: L27", "answers: [3], source: L27", "the level 'high-mood' lost the answer 2"),
    ("when: home >= 2", "when: home >= 3", "the class 'B' has another rule"),
    (SCALE, SCALE.replace("high: 3", "high: 4"), "the scale has high 4, not 3"),
    (SCALE, SCALE.replace("high: 3", "high: 3, better: lower"), "the scale has better lower, not higher"),
    (
        SCALE,
        SCALE.replace(
            "    items", "    beside: {9: {title: {da: V, en: V}, means: declined, source: L1}}\n    items"
        ),
        "the answer beside the scale '9' is new",
    ),
    (
        SCALE,
        SCALE.replace("    items", "    lacks_one_of: [2, 3]\n    items"),
        "the edition got the possibly lacking points 2, 3",
    ),
]


@pytest.mark.parametrize(("old", "new", "what"), CHANGES, ids=[case[2] for case in CHANGES])
def test_a_published_edition_is_not_changed(old: str, new: str, what: str, tmp_path: Path) -> None:
    folder = two(tmp_path, (old, new))
    [problem] = [one for one in check(folder) if "version 1" in one.what]
    assert "the edition 'first' of 'mood' is not what it is in version 1, which is published" in problem.what
    assert what in problem.what
    file = folder / "v2" / "casework.yaml"
    assert (problem.severity, problem.file) == ("error", str(file))
    assert file.read_text("utf-8").split("\n")[(problem.line or 0) - 1] == "  mood:"
    assert "new 'edition' and put the old one under 'earlier.first' with 'until'" in problem.remedy
    with pytest.raises(InputRefused):
        publish(folder, DAY)


def test_only_publishing_and_checking_refuse_it(tmp_path: Path) -> None:
    folder = two(tmp_path, (SUM, SUM.replace("at_least: 2", "at_least: 1")))
    with pytest.raises(InputRefused, match="which is published"):
        publish(folder, DAY)
    load(folder)  # what is not yet published may still be tried


def test_a_change_of_the_scale_is_told_once(tmp_path: Path) -> None:
    [what] = said(two(tmp_path, (SCALE, SCALE.replace("high: 3", "high: 4"))))
    assert what.endswith("published: the scale has high 4, not 3")


def test_names_notes_and_sources_may_be_mended(tmp_path: Path) -> None:
    folder = two(
        tmp_path,
        (WORK, "      work: {title: {da: Job, en: Job}, note: {da: a, en: b}, source: [L10, decision]}\n"),
        ("value: 4.5", "value: 4.6"),
        ("title: {da: Høj, en: High}, low: 4", "title: {da: God, en: Good}, low: 4.0"),
        (SUM, SUM.replace("source", "reliability: {value: 0.8, source: L1}, smallest_change: 1, source")),
    )
    assert said(folder) == []
    publish(folder, DAY)


def test_a_new_edition_beside_the_old_one_is_how_it_changes(tmp_path: Path) -> None:
    folder = two(
        tmp_path,
        (WORK, WORK + "      more: {title: {da: Mere, en: More}, source: L10}\n"),
        (RATERS, KEPT + RATERS),
    )
    assert [str(problem) for problem in check(folder) if problem.severity == "error"] == []
    publish(folder, DAY)
    asked = load(folder).questionnaires["mood"]
    assert list(asked.editions) == ["first", "second"]
    assert edition_hash(asked.earlier["first"]) == edition_hash(load(folder, 1).questionnaires["mood"])


def test_an_earlier_edition_is_not_changed_either(tmp_path: Path) -> None:
    folder = two(tmp_path, (RATERS, KEPT.replace("at_least: 2", "at_least: 1") + RATERS))
    [problem] = [one for one in check(folder) if "version 1" in one.what]
    lines = (folder / "v2" / "casework.yaml").read_text("utf-8").split("\n")
    assert lines[(problem.line or 0) - 1] == "      first:"
    assert "the score 'sum' has at_least 1, not 2" in problem.what
    assert "as it is in version 1" in problem.remedy


def test_an_edition_is_not_left_out(tmp_path: Path) -> None:
    folder = two(tmp_path, (RATERS, "    edition: second\n" + RATERS))
    [problem] = [one for one in check(folder) if "version 1" in one.what]
    assert (
        "the edition 'first' of 'mood' is in version 1, which is published, and is not here" in problem.what
    )
    assert "earlier.first" in problem.remedy
    assert problem.severity == "error"


def test_a_questionnaire_may_go_and_it_is_said(tmp_path: Path) -> None:
    folder = two(
        tmp_path, ("  fidelity:\n", "  faith:\n"), ("questionnaire: fidelity,", "questionnaire: faith,")
    )
    [problem] = [one for one in check(folder) if "version 1" in one.what]
    assert "answers to it are then not read" in problem.what
    assert problem.severity == "warning"
    publish(folder, DAY)


def test_what_it_is_about_stays(tmp_path: Path) -> None:
    folder = two(
        tmp_path, ("    about: site\n", ""), ("raters: [lead]", "raters: [lead]\n    cadence: asking")
    )
    assert any("'fidelity' is about a person, and about a site in version 1" in one for one in said(folder))


def test_moving_the_last_day_of_an_edition_is_told(tmp_path: Path) -> None:
    for number in (1, 2):
        change(write(tmp_path / f"v{number}"), RATERS, KEPT + RATERS)
    change(tmp_path / "v2", "version: 1\n", "version: 2\n")
    change(tmp_path / "v2", "until: 2016-12-31", "until: 2016-11-30")
    publish(tmp_path / "v1", DAY)
    [problem] = [one for one in check(tmp_path) if "version 1" in one.what]
    assert "ran until 2016-12-31 in version 1" in problem.what
    assert problem.severity == "warning"


def test_the_newest_of_several_published_versions_is_told(tmp_path: Path) -> None:
    two(tmp_path)
    publish(tmp_path, DAY)
    change(write(tmp_path / "v3"), "version: 1\n", "version: 3\n")
    change(tmp_path / "v3", SUM, SUM.replace("at_least: 2", "at_least: 1"))
    told = [one.what for one in check(tmp_path) if "which is published" in one.what]
    assert len(told) == 1
    assert "version 2" in told[0]


def test_a_version_that_is_not_published_may_be_changed(tmp_path: Path) -> None:
    write(tmp_path / "v1")
    change(write(tmp_path / "v2"), "version: 1\n", "version: 2\n")
    change(tmp_path / "v2", SUM, SUM.replace("at_least: 2", "at_least: 1"))
    assert said(tmp_path) == []


def test_nothing_is_published_on_a_version_that_was_changed(tmp_path: Path) -> None:
    folder = two(tmp_path)
    change(folder / "v1", "value: 0.2", "value: 0.3")
    with pytest.raises(InputRefused, match="was published and has changed since"):
        publish(folder, DAY)


def test_wording_may_be_filled_in_by_those_who_hold_the_licence(tmp_path: Path) -> None:
    owned = ("    purpose: fidelity\n", "    purpose: fidelity\n    owner: Somebody\n")
    title = "ours: {title: {da: Vores, en: Ours}, source"
    for number in (1, 2):
        change(write(tmp_path / f"v{number}"), *owned)
    change(tmp_path / "v2", "version: 1\n", "version: 2\n")
    change(tmp_path / "v2", title, title.replace("source", "wording: {da: Sig, en: Say}, source"))
    publish(tmp_path / "v1", DAY)
    assert said(tmp_path) == []


# ---- rules of scores


def _asking(folder: Path, *edits: tuple[str, str]) -> Asking:
    write(folder)
    for old, new in edits:
        change(folder, old, new)
    programme = read(folder).programme
    assert programme is not None
    return programme.questionnaires["mood"]


@pytest.mark.parametrize(
    ("old", "new", "score", "classes"),
    [
        (SUM, SUM.replace("at_least: 2", "at_least: 1"), True, False),
        (SUM, SUM.replace("combine: sum", "times: 2, combine: sum"), True, False),
        ("items: [home, work], combine", "items: [home], combine", True, False),
        ("high: 3, source: L27}", "high: 2, source: L27}", True, False),
        ("{low: 1, high: 3}", "{low: 1, high: 3, better: lower}", True, True),
        (WORK, WORK.replace("source", "options: [1, 2], source"), True, True),
        ("when: home >= 2", "when: home >= 3", False, True),
        ("title: {da: Sum, en: Sum}", "title: {da: Alt, en: All}", False, False),
        ("items: [home, work], combine", "combine", False, False),
        ("items: [home, work], combine", "items: [work, home], combine", False, False),
        (SUM, SUM.replace("at_least: 2, ", ""), False, False),
        (WORK, WORK.replace("source", "options: [3, 2, 1], source"), False, False),
        ("value: 4.5", "value: 4", False, False),
    ],
)
def test_a_rule_is_known_by_what_determines_the_number(
    old: str, new: str, score: bool, classes: bool, tmp_path: Path
) -> None:
    was, now = _asking(tmp_path / "a"), _asking(tmp_path / "b", (old, new))
    assert (rule_of(was, "sum") != rule_of(now, "sum")) is score
    assert (rule_of(was, "class") != rule_of(now, "class")) is classes


SUM_RULE = "06f0a47d094c"
"""Scores that are stored carry it: it must not change with the code."""


def test_a_rule_is_twelve_digits_and_the_same_tomorrow(tmp_path: Path) -> None:
    assert rule_of(_asking(tmp_path), "sum") == SUM_RULE
    with pytest.raises(KeyError):
        rule_of(_asking(tmp_path), "nothing")


# ---- earlier editions are checked as the current one is


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        ("when: home >= 2", "when: hme >= 2", "hme", "no field 'hme'"),
        ("items: [home, work], combine", "items: [home, wrok], combine", "wrok", "no item 'wrok'"),
        ("answers: [2, 3]", "answers: [2, 4]", "4]", "4 is not on the scale from 1 to 3"),
        ("side: poor", "side: por", "por", "no side 'por'"),
        ("{1: {da: Dårligt", "{7: {da: Dårligt", "7:", "7 is not on the scale"),
        ('"answers_in(3, 3) == 2"', '"answers_in(3, 3) == 3"', '"answers', "'A' can never be given"),
        ('raters: ["caseworker"]', "raters: [mentor]", "mentor", "no rater of the questionnaire 'mentor'"),
        ("element: contact", "element: contct", "contct", "no element 'contct'"),
    ],
)
def test_earlier_editions_are_checked(old: str, new: str, at: str, what: str, tmp_path: Path) -> None:
    assert KEPT.count(old) == 1
    change(write(tmp_path), RATERS, KEPT.replace(old, new) + RATERS)
    problems = [one for one in read(tmp_path).problems if what in one.what]
    assert problems, read(tmp_path).problems
    start = (tmp_path / "casework.yaml").read_text("utf-8").split("    earlier:\n")[0].count("\n")
    assert {(one.line or 0) > start for one in problems} == {True}
    text = (tmp_path / "casework.yaml").read_text("utf-8").split("\n")[(problems[0].line or 0) - 1]
    assert text[(problems[0].column or 1) - 1 :].startswith(at)


def test_an_earlier_edition_has_its_own_items(tmp_path: Path) -> None:
    edited = KEPT.replace("      work:", "      trade:").replace("[home, work]", "[home, trade]")
    edited = edited.replace("when: home >= 2", "when: trade >= 2")
    change(write(tmp_path), RATERS, edited + RATERS)
    assert [str(one) for one in read(tmp_path).problems] == []
    programme = load(tmp_path)
    assert set(rule_fields(programme, "questionnaire:mood@first")) == {"home", "trade"}
    assert set(rule_fields(programme, "questionnaire:mood")) == {"home", "work"}
