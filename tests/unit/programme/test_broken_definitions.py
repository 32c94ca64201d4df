"""A definition that is broken in one place is refused with that place, what is wrong there and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.problem import InputRefused, Problem
from indsats.programme import check, load
from tiny_definition import FILES, change, write

# old text, new text, where in the new line the finding points, words of the finding, words of the remedy
BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    "unknown key": (
        "    better: lower",
        "    beter: lower",
        "beter",
        "'beter' is not known",
        "Did you mean 'better'?",
    ),
    "unknown key at the top": ("summary:", "sumary:", "sumary", "'sumary' is not known", "'summary'"),
    "unknown key in a tagged part": (
        "cadence: talk, source: L12}",
        "cadense: talk, cadence: talk, source: L12}",
        "cadense",
        "'cadense' is not known in indicators › in-time",
        "'cadence'",
    ),
    "missing key": ("kind: meeting, source: L12}", "source: L12}", "held:", "'kind' is missing", "Add 'kind"),
    "missing language": (
        "summary: {da: En lille indsats, en: A tiny programme}",
        "summary: {da: En lille indsats}",
        "summary:",
        "'en' is missing in summary",
        "Danish and English",
    ),
    "missing source": (
        "level: step, evidence: [no-shows], source: L14",
        "level: step",
        "trust:",
        "'source' is",
        "L911",
    ),
    "unknown value": (
        "design: matched",
        "design: macthed",
        "macthed",
        "not known",
        "Did you mean 'matched'?",
    ),
    "unknown direction": ("    better: lower", "    better: lowest", "lowest", "not known", "'lower'"),
    "unknown tag": (
        "    measures: share",
        "    measures: shares",
        "title",
        "unknown measures 'shares'",
        "'share'",
    ),
    "missing tag": ("    measures: share\n", "", "title", "lacks 'measures'", "'count'"),
    "misspelt tag": (
        "    measures: share\n",
        "    mesures: share\n",
        "title",
        "lacks 'measures'",
        "by 'mesures'",
    ),
    "comma in a text": (
        "title: {da: Lille, en: Tiny}",
        "title: {da: Lille, nej, en: Tiny}",
        "nej",
        "a comma has ended the text",
        "quotation marks",
    ),
    "number for text": (
        "publisher: Nobody",
        "publisher: 12",
        "12",
        "read as a number",
        'quotation marks: "12"',
    ),
    "truth for text": ('when: "true"', "when: true", "true", "read as true or false", '"true"'),
    "text for number": (
        "within_weeks: 52",
        "within_weeks: soon",
        "soon",
        "not a whole number",
        "whole number",
    ),
    "text for a mapping": (
        "summary: {da: En lille indsats, en: A tiny programme}",
        "summary: x",
        "x",
        "two lang",
        "da:",
    ),
    "text for a list": (
        "evidence: [no-shows]",
        "evidence: no-shows",
        "no-shows",
        "not a list",
        "square brackets",
    ),
    "list for a mapping": (
        "index: {state: benefit, window: 2014-01-01/2014-12-31}",
        "index: []",
        "[]",
        "mapping",
        "'state'",
    ),
    "bad name": ("  young: {title", "  Young: {title", "Young", "'Young' cannot be a name", "small letter"),
    "bad source": ("source: L5}", "source: page 5}", "page 5", "where it comes from", "L911"),
    "bad register code": ('codes: ["130-139"]', "codes: [13]", "13", "read as a number", '"13"'),
    "bad register range": ('codes: ["130-139"]', 'codes: ["13x"]', '"13x"', "not a register code", "730-739"),
    "bad duration": ("every: P6M", "every: 6 months", "6 months", "not a duration", "P3M"),
    "bad period": (
        "window: 2014-01-01/2014-12-31",
        "window: 2014-01-01",
        "2014-01-01",
        "not a period",
        "2016-05-01/",
    ),
    "period backwards": ("2014-01-01/2014-12-31", "2015-01-01/2014-12-31", "2015", "ends", "earlier first"),
    "decision without a note": ("source: L5}", "source: decision}", "{title", "needs a 'note'", "Add 'note"),
    "two levels of a target": (
        "comparator: others,",
        "comparator: others, value: 3,",
        "{ind",
        "has one of",
        "Keep one",
    ),
    "no weeks": ("within_weeks: 52", "within_weeks: 0", "0,", "outside its bounds", "above 0"),
    "empty text": (
        "title: {da: Lille, en: Tiny}",
        "title: {da: '', en: Tiny}",
        "''",
        "empty",
        "Write something",
    ),
    "empty list": ("raters: [caseworker]", "raters: []", "[]", "empty", "at least 1"),
    "key twice in a file": (
        "summary:",
        "version: 1\nsummary:",
        "version",
        "'version' is given twice",
        "Keep one",
    ),
    "key in two files": (
        "states:\n",
        "programme: x\nstates:\n",
        "programme",
        "also stands in programme.yaml",
        "one file",
    ),
    "tab": ("  young: {title", "\tyoung: {title", "\t", "tab", "spaces"),
    "colon in a text": (
        "summary: {da: En lille",
        "summary: a: {da: En lille",
        ": {",
        "a colon stands",
        "quotation",
    ),
    "quotation mark not closed": ("document: paper", "document: 'paper", "'paper", "not closed", "Close"),
    "unknown YAML tag": ("document: paper", "document: !env paper", "!env", "YAML tag", "Remove the tag"),
    "day that does not exist": (
        "document: paper",
        "document: 2014-02-30",
        "2014",
        "no such day",
        "calendar",
    ),
    "number as a key": (
        "    better: lower",
        "    better: lower\n    12: x",
        "12",
        "key '12' is not known",
        "Known here",
    ),
    "text that begins with a sign": (
        "publisher: Nobody",
        "publisher: @me",
        "@me",
        "cannot begin with @",
        "quotation marks",
    ),
    "key without a colon": ("document: paper", "document", "document", "a key has no colon", "space after"),
    "line too far in": (
        "document: paper",
        "  document: paper",
        "document",
        "does not fit the lines above",
        "indented",
    ),
    "unknown alias": ("document: paper", "document: *paper", "*paper", "alias", "&"),
    "reference with a slip": (
        "unit: centre, source: L3",
        "unit: center, source: L3",
        "center",
        "no unit 'center'",
        "'centre'",
    ),
    "field with a slip": (
        "when: age < 30 and",
        "when: aeg < 30 and",
        "aeg",
        "no field 'aeg'",
        "Did you mean 'age'?",
    ),
    "later in a rule": (
        "when: age < 30 and sex !=",
        "when: age < 30 and sexx !=",
        "sexx",
        "no field 'sexx'",
        "'sex'",
    ),
    "in a quoted rule": ('"answers_in(3, 3) == 2"', '"answers_in(3, 3) = 2"', "= 2", "sign =", "Write =="),
    "in a rule with doubled quotes": (
        "when: home >= 2,",
        "when: 'home >= 2 or ''x'' == wrok',",
        "wrok",
        "no field 'wrok'",
        "'work'",
    ),
    "rule of another type": (
        "treated: treat == 1",
        "treated: treat + 1",
        "treat +",
        "gives a number",
        "Compare",
    ),
}


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in check(folder) if problem.severity == "error"]


def test_the_whole_definition_has_no_problem(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert check(folder) == []
    programme = load(folder)
    assert programme.programme == "tiny"
    assert list(programme.questionnaires["mood"].items) == ["home", "work"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named(name: str, tmp_path: Path) -> None:
    old, new, at, what, remedy = BROKEN[name]
    file, _, _ = change(write(tmp_path), old, new)
    lines = file.read_text("utf-8").split("\n")
    # A misspelt key is also a missing one: the finding that names the slip is the one looked for.
    found = errors(tmp_path)
    assert len(found) <= 2, "one slip gives at most two findings"
    problem = only([problem for problem in found if what in problem.what])
    assert problem.file == str(file)
    assert problem.line is not None
    assert problem.column is not None
    assert lines[problem.line - 1][problem.column - 1 :].startswith(at), str(problem)
    assert remedy in problem.remedy


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path)
    change(folder, "unit: centre, source: L3", "unit: center, source: L3")
    change(folder, "better: lower", "better: neither")
    change(folder, "time_to: work", "time_to: wrok")
    with pytest.raises(InputRefused) as refused:
        load(folder)
    assert [Path(problem.file).name for problem in refused.value.problems] == [
        "evaluation.yaml",
        "programme.yaml",
        "steering.yaml",
    ]


def test_a_slip_in_a_key_says_so_where_the_key_is_missing(tmp_path: Path) -> None:
    change(write(tmp_path), "summary:", "sumary:")
    assert any("Is 'sumary' a slip for 'summary'?" in problem.remedy for problem in errors(tmp_path))


def test_checking_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path)
    change(folder, "document: paper", "document: *paper")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")}
    check(folder)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")} == before


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    problem = only(check(tmp_path / "nowhere"))
    assert "does not exist" in problem.what
    with pytest.raises(InputRefused):
        load(tmp_path / "nowhere")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "no *.yaml file" in only(check(tmp_path)).what


def test_files_with_another_ending_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "programme.yml").write_text("programme: x\n", "utf-8")
    assert "not *.yml" in only(check(tmp_path)).remedy


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    assert "not a folder" in only(check(write(tmp_path) / "programme.yaml")).what


def test_an_empty_definition(tmp_path: Path) -> None:
    (tmp_path / "programme.yaml").write_text("# nothing yet\n", "utf-8")
    assert "empty" in only(check(tmp_path)).what


def test_a_list_where_keys_belong(tmp_path: Path) -> None:
    (write(tmp_path) / "extra.yaml").write_text("- one\n- two\n", "utf-8")
    problem = only(errors(tmp_path))
    assert (Path(problem.file).name, problem.line) == ("extra.yaml", 1)
    assert "keys" in problem.what


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    file = write(tmp_path) / "programme.yaml"
    file.write_bytes(FILES["programme.yaml"].encode("latin-1"))
    problem = only(errors(tmp_path))
    text = FILES["programme.yaml"]
    before = text[: next(place for place, sign in enumerate(text) if not sign.isascii())]
    line = before.count("\n") + 1
    assert (problem.file, problem.line, problem.column) == (str(file), line, len(before.split("\n")[-1]) + 1)
    assert "UTF-8" in problem.what


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = write(tmp_path) / "programme.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert check(tmp_path) == []


def test_an_alias_within_itself(tmp_path: Path) -> None:
    change(write(tmp_path), "raters: [caseworker]", "raters: &us [*us]")
    assert "refers to a value that holds it" in only(errors(tmp_path)).what


def test_aliases_cannot_swell_a_definition_without_end(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (tmp_path / "programme.yaml").write_text("\n".join(rows) + "\n", "utf-8")
    assert "aliases" in only(errors(tmp_path)).what


def test_merged_keys_are_taken_over_and_own_keys_win(tmp_path: Path) -> None:
    change(
        write(tmp_path),
        "  - {indicator: held, unit: outreach, comparator: others, source: L13}",
        "  - &others {indicator: held, unit: outreach, comparator: others, source: L13}\n"
        "  - {<<: *others, unit: centre}",
    )
    first, second = load(tmp_path).targets[1:]
    assert (first.unit, second.unit) == ("outreach", "centre")
    assert second.comparator == "others"


def test_a_rule_over_several_lines_points_at_its_line(tmp_path: Path) -> None:
    file, line, _ = change(
        write(tmp_path),
        '    where: outcome == "no_show"',
        '    where: |\n      outcome == "no_show"\n      and worker == wrong',
    )
    problem = only(errors(tmp_path))
    assert (problem.file, problem.line, problem.column) == (str(file), line + 2, None)


def test_versions_are_chosen_by_number(tmp_path: Path) -> None:
    write(tmp_path / "v1")
    change(write(tmp_path / "v10"), "version: 1\n", "version: 10\n")
    assert load(tmp_path).version == 10
    assert load(tmp_path, version=1).version == 1
    assert load(tmp_path / "v1").version == 1
    with pytest.raises(InputRefused, match=r"no version 2.*1, 10"):
        load(tmp_path, version=2)


def test_the_folder_and_the_definition_agree_on_the_version(tmp_path: Path) -> None:
    file, line, _ = change(write(tmp_path / "v2"), "version: 1\n", "version: 1 # first\n")
    problem = only(check(tmp_path))
    assert (problem.file, problem.line) == (str(file), line)
    assert "v2" in problem.what
