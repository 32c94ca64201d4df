"""The text of a report: what it is read as, and where its mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.programme import Heading, Insert, Prose, explain, load, parse_template, slots
from indsats.programme.loader import read
from tiny_definition import change, write

TEXT = """\
# One

A paragraph
over two lines.
{{ table: some }}
- a point

- another

## Two ##

{{ findings: some }}
"""


def test_headings_paragraphs_and_inserts_in_order() -> None:
    assert parse_template(TEXT) == (
        Heading(1, "One", 0),
        Prose("A paragraph\nover two lines.", 7),
        Insert("table", "some", 35),
        Prose("- a point\n- another", 53),
        Heading(2, "Two", 75),
        Insert("findings", "some", 86),
    )


def test_a_slot_is_a_number_or_the_name_of_a_table() -> None:
    said = "On {{ last }}, see {{ref: some}} and {{ no slot }}."
    assert list(slots(said)) == [(False, "last", 3), (True, "some", 19)]


@settings(deadline=None)
@given(st.text(alphabet="ab# {}:\n-*1.æ", max_size=80))
def test_nothing_that_is_written_is_lost(text: str) -> None:
    """Every word stands in one element, in order, and each element tells where it began."""
    elements = parse_template(text)
    for element in elements:
        begin = text[element.offset :].lstrip()
        if isinstance(element, Prose):
            assert begin.startswith(element.text.split("\n")[0].strip())
        elif isinstance(element, Heading):
            assert begin.startswith("#" * element.level)
        else:
            assert begin.startswith("{{")
    assert [one.offset for one in elements] == sorted(one.offset for one in elements)
    prose = "".join(one.text for one in elements if isinstance(one, Prose))
    plain = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "{{"))]
    assert all(word in prose for line in plain for word in line.split())


@pytest.mark.parametrize(
    ("old", "new", "what", "line", "column"),
    [
        ("{{ north }} møder", "{{ noth }} møder", "no number or field 'noth'", 3, 16),
        ("{{ ref: some }} viser", "{{ ref: north }} viser", "no block 'north'", 3, 35),
        ("{{ north }} møder", "{{ north } møder", "'{{' begins something", 3, 1),
        ("Her er de.\n\n{{ table: some }}", "Her er de.\n\n{{ tabel: some }}", "put in by 'tabel'", 11, 1),
        ("# Sagen\n", "# Sagen {{ north }}\n", "put in in a heading", 1, 9),
        ("## The numbers\n", "## The numbers, see {{ ref: some }} ##\n", "put in in a heading", 7, 21),
        (
            "Here they are.\n\n{{ table: some }}\n",
            "Here they are.\n",
            "'table: some' of the Danish text",
            9,
            None,
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    old: str, new: str, what: str, line: int, column: int | None, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    file, _, _ = change(folder, old, new)
    [problem] = [one for one in read(folder).problems if what in one.what]
    assert (Path(problem.file).name, problem.line) == (file.name, line)
    assert column is None or problem.column == column
    assert problem.severity == "error"


@pytest.mark.parametrize(
    ("written", "called", "line", "column"),
    [
        ("> Her er de.", "a quote", 9, 1),
        ("Først.\n```\nHer er de.\n```", "a block of code", 10, 1),
        ("Her `er` de.", "code", 9, 5),
        ("| A | B |\n|---|---|\n| Her | er |", "a table", 10, 1),
        ("A | B\n--- | ---\nHer | er", "a table", 10, 1),
        ("Her ![er de](billede.png).", "a picture", 9, 5),
        ("Først.\n\n#### Her er de", "a fourth heading level", 11, 1),
        ("Her er de\n===", "a rule", 10, 1),
        ("Her<br>er de.", "HTML", 9, 4),
    ],
)
def test_markdown_that_is_not_set_is_told_where_it_stands(
    written: str, called: str, line: int, column: int, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    change(folder, "Her er de.\n", f"{written}\n")
    [problem] = read(folder).problems
    assert problem.what.startswith(f"{called} is printed as it is written")
    assert (Path(problem.file).name, problem.line, problem.column) == ("brief.da.md", line, column)
    assert problem.severity == "warning"


def test_markdown_that_is_set_is_not_told(tmp_path: Path) -> None:
    folder = write(tmp_path)
    set_ = "1. *Her* er de: a < b, 3 > 2, A | B.\n   - **en** [side](https://example.org)\n\n#1 og !"
    change(folder, "Her er de.\n", f"{set_}\n")
    assert read(folder).problems == ()


def test_a_text_in_one_language_only_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "brief.en.md").unlink()
    [problem] = [one for one in read(folder).problems if "no text in English" in one.what]
    assert "brief.en.md" in problem.remedy


def test_a_text_that_no_report_uses_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for lang in ("da", "en"):
        (folder / f"spare.{lang}.md").write_text("# One\n", "utf-8")
    [problem] = read(folder).problems
    assert (problem.what, problem.severity) == ("no report is written with 'spare'", "warning")


def test_a_number_that_stands_nowhere_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path)
    change(folder, "{{ north }} møder", "mange møder")
    change(folder, "{{ north }} meetings", "many meetings")
    [problem] = read(folder).problems
    assert problem.what == "'north' stands nowhere in the template 'brief'"


def test_the_definition_printed_back_tells_it_in_the_order_of_the_text(tmp_path: Path) -> None:
    page = explain(load(write(tmp_path)), "en")
    _, _, page = page.partition("### Brief")
    assert page.strip().split("\n")[:9] == [
        "Covers 6 months. Laid out as an item of an agenda.",
        "",
        "- **The case**",
        "  - What the numbers of Some say, in sentences chosen by rule.",
        "  - **The numbers**",
        "    - Some: “Held” by site.",
        "- Numbers in the text: “Held” at the site “North”.",
        "- Filled in by the writer: Case number.",
        "",
    ]
