"""What a definition says of rounds, answers beside the scale, filters and editions is checked and told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.language import Lang
from indsats.programme import Programme, diff, explain, facts_in_words, load
from indsats.programme.checks.score_checks import possible_scores
from indsats.programme.loader import read
from indsats.programme.reports import Block
from tiny_definition import change, write
from tiny_editions import KEPT, RATERS, SUM, WORK

BESIDE = "    beside: {9: {title: {da: Ved det ikke, en: Cannot say}, means: dont_know, source: L10}}\n"
ROUNDS = (
    "    window: {early: P7D, late: P14D}\n    reminders: [P7D, P21D]\n"
    "    baseline: {within: P1M, before: P14D, source: L10}\n"
)
PHASES = "{block: phases, title: {da: Faser, en: Phases}}"
HOME = "{title: {da: Hjem, en: Home}, source: L10, element"
NEW = (
    "      work: {title: {da: Job, en: Job}, options: [1, 3], asked_of: {item: home, answers: [1, 9]}, "
    "easy: {da: 'Har du job?', en: 'Do you work?'}, source: L10}\n"
)


def block(text: str) -> tuple[str, str]:
    return PHASES, f"{{block: {text}, title: {{da: B, en: B}}}}"


def whole(folder: Path) -> Path:
    """The tiny definition with one of each; no two of them disagree."""
    write(folder)
    change(folder, "    waves:\n      before", "    by: each\n    waves:\n      before")
    change(folder, WORK, NEW)
    change(folder, SUM, "reliability: {value: 0.8, sd: 1.5, source: L1}, smallest_change: 1, " + SUM)
    change(folder, RATERS, KEPT + BESIDE + ROUNDS + RATERS.replace("[caseworker]", "[caseworker, mentor]"))
    change(
        folder,
        PHASES,
        PHASES
        + "".join(
            f"\n          - {{block: {text}, title: {{da: B, en: B}}}}"
            for text in (
                "profile, questionnaire: mood",
                "change, questionnaire: mood",
                "response, questionnaires: [mood], by: site",
                "quality, questionnaire: mood",
                "due",
                "validity, questionnaire: mood, items: [work], within: P1Y, what: [{kind: placement}]",
            )
        ),
    )
    return folder


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return load(whole(tmp_path_factory.mktemp("whole")))


def test_a_definition_with_all_of_it_has_no_problem(tmp_path: Path) -> None:
    # The class A asks for 3 twice and B for 2 or more at home: both can still be had.
    assert [str(problem) for problem in read(whole(tmp_path)).problems] == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (WORK, WORK.replace("source", "options: [2], source"), "one option leaves nothing to choose"),
        (WORK, WORK.replace("source", "options: [3, 1, 2], source"), "the options are the whole scale"),
        (WORK, WORK.replace("source", "options: [1, 1, 3], source"), "the option 1 stands twice"),
        (
            WORK,
            WORK.replace("source", "options: [1, 3], answers: {2: {da: a, en: b}}, source"),
            "the answer 2 has a text, and is no option of 'work'",
        ),
        (
            WORK,
            WORK.replace("source", "asked_of: {item: hme, answers: [1]}, source"),
            "there is no item 'hme'",
        ),
        (
            WORK,
            WORK.replace("source", "asked_of: {questionnaire: moods, item: home, answers: [1]}, source"),
            "there is no questionnaire 'moods'",
        ),
        (
            WORK,
            WORK.replace("source", "asked_of: {questionnaire: fidelity, item: ours, answers: [1]}, source"),
            "'fidelity' is about a site, and 'mood' about a person",
        ),
        (
            WORK,
            WORK.replace("source", "asked_of: {item: home, answers: [1, 2, 3]}, source"),
            "everybody who answers 'home' is asked",
        ),
        (
            WORK,
            WORK.replace("source", "asked_of: {item: work, answers: [1]}, source"),
            "runs in a circle, so nobody is: work → work",
        ),
        ("    raters: [lead]\n", "    raters: [lead]\n    reminders: [P7D]\n", "so nobody is reminded"),
        (SUM, "reliability: {value: 0.8, sd: 9, source: L1}, " + SUM, "people cannot lie as far apart as 9"),
        (SUM, "reliability: {value: 1, source: L1}, " + SUM, "outside its bounds"),
        (*block("change, questionnaire: fidelity"), "'fidelity' is about a site"),
        (*block("change, questionnaire: moods"), "there is no questionnaire 'moods'"),
        (*block("quality, questionnaire: fidelity"), "has neither scores nor raters who could agree"),
        (*block("response, questionnaires: [mood, fidelity]"), "nothing says when 'fidelity'"),
        (*block("response, questionnaires: [mood, moods]"), "there is no questionnaire 'moods'"),
        (
            *block("validity, questionnaire: mood, items: [hme], within: P1Y, what: [{kind: exit}]"),
            "there is no item 'hme'",
        ),
        (
            *block("validity, questionnaire: mood, items: [home], within: P0D, what: [{kind: exit}]"),
            "'within' has no length",
        ),
        (
            *block("validity, questionnaire: mood, items: [home], within: P1Y, what: [{event: bord}]"),
            "there is no event 'bord'",
        ),
        (
            *block(
                "validity, questionnaire: mood, items: [home], within: P1Y, what: [{kind: hours, where: tpe == 'x'}]"
            ),
            "no field 'tpe'",
        ),
        (*block("validity, questionnaire: mood, within: P1Y, what: [{kind: exit}]"), "name the scores"),
    ],
)
def test_checks_of_measurement(old: str, new: str, what: str, tmp_path: Path) -> None:
    file, line, _ = change(write(tmp_path), old, new)
    found = [problem for problem in read(tmp_path).problems if what in problem.what]
    assert len(found) == 1, read(tmp_path).problems
    assert found[0].file == str(file)
    assert line <= (found[0].line or 0) <= line + new.count("\n")


def test_nobody_who_answers_both_is_a_filter_for_nobody(tmp_path: Path) -> None:
    write(tmp_path)
    change(tmp_path, RATERS, RATERS.replace("[caseworker]", "[caseworker, mentor]"))
    change(
        tmp_path,
        WORK,
        WORK.replace("source", "raters: [mentor], asked_of: {item: home, answers: [1]}, source"),
    )
    assert "nobody answers both this item and 'home'" in str(read(tmp_path).problems)


def test_transitions_from_class_to_class_need_no_sides(tmp_path: Path) -> None:
    sides = [
        ('== 2", side: good', '== 2"'),
        ("home >= 2, side: good", "home >= 2"),
        ('"true", side: poor', '"true"'),
    ]
    write(tmp_path)
    for old, new in sides:
        change(tmp_path, old, new)
    assert "has no side, so transitions would lose people" in str(read(tmp_path).problems)
    change(tmp_path, "block: transitions\n", "block: transitions\n            level: class\n")
    assert "transitions would lose" not in str(read(tmp_path).problems)


def test_comparable_scores_that_run_otherwise_are_pointed_out(tmp_path: Path) -> None:
    kept = KEPT.replace("        until", "        comparable: true\n        until")
    change(write(tmp_path), RATERS, kept.replace("combine: sum", "times: 2, combine: sum") + RATERS)
    [problem] = [one for one in read(tmp_path).problems if "'sum' runs from" in one.what]
    assert "from 4 to 12 (higher is better) in 'first' and from 2 to 6" in problem.what
    assert problem.severity == "warning"


def test_scores_follow_the_options_of_their_items(programme: Programme) -> None:
    asked = programme.questionnaires["mood"]
    assert possible_scores(asked, asked.scores["sum"]) == [2, 3, 4, 5, 6]
    few = asked.model_copy(
        update={
            "items": {
                "home": asked.items["work"],
                "work": asked.items["work"],
            }
        }
    )
    assert possible_scores(few, few.scores["sum"]) == [2, 4, 6]
    one = few.scores["sum"].model_copy(update={"at_least": 1, "combine": "mean"})
    assert possible_scores(few, one) == [1, 2, 3]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("da", "Det besvares af »Sagsbehandler« og »Mentor« hver for sig."),
        ("en", "It is answered by “Caseworker” and “Mentor” each for themselves."),
        ("da", "- Et svar er i tide tidligst 1 uge før fristen og senest 2 uger efter."),
        ("en", "- An answer is in time from 1 week before it is due to 2 weeks after."),
        ("da", "- Startmålingen er den første måling fra 2 uger før indskrivningen til 1 måned efter."),
        ("en", "- The baseline is the first measurement from 2 weeks before enrolment to 1 month after."),
        ("da", "- Der påmindes 1 uge og 3 uger efter fristen."),
        ("en", "- Reminders come 1 week and 3 weeks after it was due."),
        ("da", "- Kan også besvares: 9 = Ved det ikke (ved ikke)."),
        ("en", "- Can also be answered: 9 = Cannot say (don't know)."),
        (
            "da",
            "  - Job (besvares med 1 eller 3, kun til dem, der har svaret 1 eller 9 (Ved det ikke) til »Hjem«)",
        ),
        ("en", "  - Job (answered by 1 or 3, only of those who answered 1 or 9 (Cannot say) to “Home”)"),
        ("da", "    - Letlæst: »Har du job?«"),
        ("da", "Pålidelighed 0,8 (spredning 1,5). Den mindste ændring, der mærkes, er 1."),
        ("en", "Reliability 0.8 (standard deviation 1.5). The smallest change people notice is 1."),
        (
            "da",
            "  - **first**: brugt til og med 31. december 2016. Scorer sammenlignes ikke med senere udgavers.",
        ),
        (
            "en",
            "  - **first**: in use up to 31 December 2016. Scores are not compared with later editions'.",
        ),
        ("da", "    - Spørgsmål › »Job« › svar, der kan vælges: tilføjet 1 og 3."),
        ("en", "    - Items › “Job” › answers that can be chosen: added 1 and 3."),
        ("da", "    - Svar uden for skalaen › »Ved det ikke«: tilføjet."),
        ("da", "  - B: Hvert spørgsmål i »Humør« ved startmålingen og nu."),
        ("en", "  - B: How many answered each round of “Mood”, by site."),
        ("da", "  - B: Om »Job« i »Humør« varsler en placering inden for 1 år."),
        ("en", "  - B: Whether “Job” of “Mood” foretells a placement within 1 year."),
        ("en", "  - B: Measurements that are due, late or missed, by site."),
    ],
)
def test_it_is_told(lang: Lang, sentence: str, programme: Programme) -> None:
    assert sentence in explain(programme, lang)


def test_every_block_of_a_report_is_told(programme: Programme) -> None:
    blocks: list[Block] = [
        block for report in programme.reports.values() for part in report.sections for block in part.blocks
    ]
    for lang in ("da", "en"):
        _, _, page = explain(programme, lang).partition(
            "Hvad rapporterne" if lang == "da" else "What reports"
        )
        told = page.partition("\n## ")[0]
        of_sections, _, _ = told.partition("### Kort" if lang == "da" else "### Brief")
        assert of_sections.count("\n  - ") == len(blocks)


def test_what_was_done_about_a_round_is_told(programme: Programme) -> None:
    rule = 'step == "reminded" and questionnaire == "mood"'
    told = facts_in_words(programme, "questionnaire_asked", rule, "da")
    assert told == "skemahenvendelser, hvor skridt er påmindet og spørgeskema er »Humør«"
    assert facts_in_words(programme, "site_asked", 'step == "declined"', "en") == (
        "approaches to sites where step is declined"
    )


def _read(folder: Path) -> Programme:
    found = read(folder).programme
    assert found is not None
    return found


def test_a_new_edition_is_told_as_one(tmp_path: Path) -> None:
    old = write(tmp_path / "a")
    new = write(tmp_path / "b")
    change(new, WORK, WORK.replace("source", "options: [1, 3], source"))
    change(new, RATERS, KEPT + RATERS)
    place = "Spørgeskemaer › »Humør«"
    assert [one.in_("da") for one in diff(_read(old), _read(new))] == [
        f"{place} › spørgsmål › »Arbejde« › svar, der kan vælges: tilføjet 1 og 3",
        f"{place} › udgave: ændret fra »first« til »second«",
        f"{place} › tidligere udgaver › »first«: afløst; gælder svar til og med 31. december 2016",
    ]
    assert [one.in_("en") for one in diff(_read(new), _read(old))][-1] == (
        "Questionnaires › “Mood” › earlier editions › “first”: answered again"
    )


def test_an_edition_that_was_not_kept_as_it_was_is_told_where_it_differs(tmp_path: Path) -> None:
    old, new = write(tmp_path / "a"), write(tmp_path / "b")
    change(new, RATERS, KEPT.replace("at_least: 2", "at_least: 1") + RATERS)
    told = [one.in_("en") for one in diff(_read(old), _read(new))]
    assert (
        "Questionnaires › “Mood” › earlier editions › “first” › scores › “Sum” › least number of answers: "
        "changed from 2 to 1"
    ) in told
