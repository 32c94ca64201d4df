"""A writer's words: kept when the numbers are made anew, marked, and told of when what they were about has moved on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.problem import InputRefused
from indsats.programme import Period, Text
from indsats.report import (
    Document,
    Findings,
    Order,
    Passage,
    Section,
    Sentence,
    Told,
    make,
    protect,
    put,
    read_writing,
    read_writings,
    with_writing,
    writing_text,
)


def both(da: str, en: str) -> Text:
    return Text(da=da, en=en)


def report(
    citizens: int = 1249, *, met: bool = True, said: str = "Tallet er {{citizens}} i {{ ref: t }}."
) -> Document:
    number = Told(Figure.count("indicator/citizens/ub/2016-05-01..2016-09-30", citizens))
    reached = Told(Figure.share("indicator/timely/ub/2016-05-01..2016-09-30", 810, 1000))
    verdict = both("Målet er nået med {{realised}}.", "The target is met with {{realised}}.")
    if not met:
        verdict = both("Målet er ikke nået med {{realised}}.", "The target is not met with {{realised}}.")
    return Document(
        title=both("Opfølgning", "Follow-up"),
        programme="outreach",
        version=1,
        period=Period(first="2016-05-01", last="2016-09-30"),  # type: ignore[arg-type]
        sections=(
            Section(
                both("Løsning", "Solution"),
                (
                    Passage("solution-1", both(said, "The number is {{citizens}}."), {"citizens": number}),
                    Passage("solution-2", both("Sagen er {{case}}.", "The case is {{case}}.")),
                    Findings("findings-talks", (Sentence(verdict, {"realised": reached}),)),
                ),
            ),
        ),
        threshold=5,
        synthetic=True,
        words={"case": both("**[mangler]**", "**[missing]**"), "ref:t": both("tabel 1", "table 1")},
        fields={"case": both("Sagsnummer", "Case number")},
    )


def file_of(document: Document, folder: Path, lang: str = "da") -> Path:
    path = folder / f"text.{lang}.md"
    path.write_text(writing_text(protect(document), lang), "utf-8")  # type: ignore[arg-type]
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def words(document: Document, passage: str, lang: str = "da") -> str:
    [found] = [one for one in document.blocks() if isinstance(one, Passage) and one.id == passage]
    return found.text.in_(lang)  # type: ignore[arg-type]


def test_a_file_that_nobody_changed_changes_nothing(tmp_path: Path) -> None:
    safe = protect(report())
    written = read_writing(file_of(report(), tmp_path))
    assert set(written.passages) == {"solution-1", "solution-2", "findings-talks"}
    assert with_writing(safe, {"da": written}) == (safe, ())


def test_numbers_stand_beside_their_names_and_follow_without_counting_as_a_change(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    assert "Tallet er {{citizens = 1.249}} i {{ref: t = tabel 1}}." in path.read_text("utf-8")
    newer = protect(report(1424))
    assert with_writing(newer, {"da": read_writing(path)}) == (newer, ())
    assert "{{citizens = 1.424}}" in writing_text(newer, "da", read_writing(path))


def test_a_changed_text_is_kept_and_marked_and_its_numbers_still_follow(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Tallet er {{citizens = 1.249}}", "I alt er {{citizens = 1.249}} borgere talt")
    found, outdated = with_writing(protect(report(1424)), {"da": read_writing(path)})
    assert words(found, "solution-1").startswith("I alt er {{citizens}} borgere talt")
    [passage] = [one for one in found.blocks() if isinstance(one, Passage) and one.id == "solution-1"]
    assert passage.edited == {"da"}
    assert passage.text.en == "The number is {{citizens}}."
    # the writer is told once that the number moved, and that only one language was changed
    assert [one.why for one in outdated] == ["moved"]
    assert "I alt er {{citizens = 1.424}} borgere" in writing_text(
        protect(report(1424)), "da", read_writing(path)
    )


def test_it_is_told_when_what_the_writer_changed_would_be_said_differently_now(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Målet er nået", "Det glæder os, at målet er nået")
    moved = protect(report(met=False))
    found, [outdated] = with_writing(moved, {"da": read_writing(path)})
    assert "glæder os" in words(found, "findings-talks")
    assert (outdated.passage, outdated.lang, outdated.why) == ("findings-talks", "da", "moved")
    text = writing_text(moved, "da", read_writing(path))
    assert "glæder os" in text
    assert "ikke nået" in text
    again = tmp_path / "again.md"
    again.write_text(text, "utf-8")
    # told once: what the rule would say stays in the file, and the words as they were left
    assert with_writing(moved, {"da": read_writing(again)}) == (found, ())


def test_a_number_the_writer_kept_and_the_report_has_no_more_leaves_a_visible_gap(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Tallet er {{citizens = 1.249}}", "I alt {{citizens = 1.249}} og {{others = 12}}")
    found, [outdated] = with_writing(protect(report()), {"da": read_writing(path)})
    assert outdated.passage == "solution-1"
    assert "tallet findes ikke længere" in words(found, "solution-1")
    assert "12" not in words(found, "solution-1")


def test_a_slot_never_comes_to_mean_another_number(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Målet er nået", "Fint: målet er nået")
    [section] = report().sections
    [*first, talks] = section.blocks
    assert isinstance(talks, Findings)
    other = Told(Figure.share("indicator/other/ub/2016-05-01..2016-09-30", 300, 1000))
    before = Sentence(both("Andet er {{realised}}.", "Another is {{realised}}."), {"realised": other})
    more = replace(section, blocks=(*first, replace(talks, sentences=(before, *talks.sentences))))
    found, _ = with_writing(protect(replace(report(), sections=(more,))), {"da": read_writing(path)})
    put(make(replace(report(), sections=(more,)), writings={"da": read_writing(path)}), tmp_path)
    assert "Fint: målet er nået med 81,0" in (tmp_path / "report.html").read_text("utf-8")
    assert "Andet" not in words(found, "findings-talks")


def test_an_emptied_text_is_taken_out_and_stays_out(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Sagen er {{case = **[mangler]**}}.", "")
    found, _ = with_writing(protect(report()), {"da": read_writing(path)})
    assert words(found, "solution-2").strip() == ""
    text = writing_text(protect(report()), "da", read_writing(path))
    (tmp_path / "again.md").write_text(text, "utf-8")
    assert read_writing(tmp_path / "again.md").passages["solution-2"].text == ""


def test_fields_are_put_in_where_the_report_names_them(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "\ncase: # Sagsnummer\n", '\ncase: "2016-0391364"\n')
    found, _ = with_writing(protect(report()), {"da": read_writing(path)})
    assert found.words["case"] == both("2016-0391364", "**[missing]**")
    assert 'case: "2016-0391364" # Sagsnummer' in writing_text(protect(report()), "da", read_writing(path))


def test_nothing_a_writer_wrote_is_lost_when_its_place_is_gone(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Sagen er", "Vores egen linje om")
    shorter = protect(report())
    [section] = shorter.sections
    shorter = replace(shorter, sections=(replace(section, blocks=(section.blocks[0],)),))
    _, [outdated] = with_writing(shorter, {"da": read_writing(path)})
    assert (outdated.passage, outdated.why) == ("solution-2", "gone")
    (tmp_path / "again.md").write_text(writing_text(shorter, "da", read_writing(path)), "utf-8")
    found, outdated_now = with_writing(protect(report()), {"da": read_writing(tmp_path / "again.md")})
    assert "Vores egen linje" in words(found, "solution-2")
    assert outdated_now == ()


def test_the_writers_files_lie_beside_the_report_and_are_read_from_there(tmp_path: Path) -> None:
    put(make(report(), Order(both=True)), tmp_path)
    change(tmp_path / "text.da.md", "Tallet er", "Vi tæller")
    made = make(report(1300), Order(both=True), writings=read_writings(tmp_path))
    put(made, tmp_path)
    assert "Vi tæller 1.300 i tabel\u00a01" in (tmp_path / "report.html").read_text("utf-8")
    assert "The number is 1,300." in (tmp_path / "report.en.html").read_text("utf-8")


def test_a_person_number_is_refused_by_line_and_not_repeated(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Sagen er", "Borgeren 010190-1234 er")
    with pytest.raises(InputRefused) as refused:
        read_writing(path)
    [problem] = refused.value.problems
    line = path.read_text("utf-8").split("\n").index("Borgeren 010190-1234 er {{case = **[mangler]**}}.") + 1
    assert (problem.file, problem.line) == (str(path), line)
    assert "0101" not in str(problem)


@pytest.mark.parametrize(
    "number",
    [
        "0101901234",
        "010190 - 1234",
        "010190–1234",
        "01\u00a001\u00a090\u00a01234",
        "01-01-90-1234",
        "730190-1234",
    ],
)
def test_however_a_person_number_is_written_it_is_refused(tmp_path: Path, number: str) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Sagen er", f"Borgeren {number} er")
    with pytest.raises(InputRefused, match="person number"):
        read_writing(path)


def test_a_case_number_a_telephone_number_and_a_year_are_no_person_numbers(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "Sagen er", "Sag 2016-0391364, telefon 33 66 33 66, i 2015-2016, 1.249.000 kr. er")
    assert "2016-0391364" in read_writing(path).passages["solution-2"].text


def test_words_above_the_first_mark_are_refused_by_line(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    change(path, "<!-- # Løsning -->", "Min egen indledning\n\n<!-- # Løsning -->")
    with pytest.raises(InputRefused) as refused:
        read_writing(path)
    [problem] = refused.value.problems
    assert problem.line == path.read_text("utf-8").split("\n").index("Min egen indledning") + 1


def test_the_text_of_another_report_is_refused(tmp_path: Path) -> None:
    path = file_of(replace(report(), report="monthly"), tmp_path)
    with pytest.raises(InputRefused, match="monthly"):
        with_writing(protect(replace(report(), report="yearly")), {"da": read_writing(path)})


def test_it_is_told_when_only_one_language_was_changed(tmp_path: Path) -> None:
    path = file_of(report(), tmp_path)
    english = read_writing(file_of(report(), tmp_path, "en"))
    change(path, "Tallet er", "Vi tæller")
    _, [outdated] = with_writing(protect(report()), {"da": read_writing(path), "en": english})
    assert (outdated.lang, outdated.why) == ("da", "alone")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("\ncase: # Sagsnummer\n", "\ncase: a: b: c\n", "fields"),
        ("\ncase: # Sagsnummer\n", "\n- case\n", "no fields"),
        ("<!-- text solution-2", "<!-- text solution-1", "twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, old: str, new: str, what: str) -> None:
    path = file_of(report(), tmp_path)
    change(path, old, new)
    with pytest.raises(InputRefused) as refused:
        read_writing(path)
    [problem] = refused.value.problems
    assert what in problem.what
    assert problem.line is not None
    assert problem.remedy


def test_only_protected_documents_are_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="protect"):
        with_writing(report(), {})


plain = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="{}<>-"), max_size=60)


@settings(deadline=None, max_examples=60)
@given(plain, plain)
def test_whatever_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, before: str, added: str
) -> None:
    folder = tmp_path_factory.mktemp("writing")
    path = file_of(report(), folder)
    change(path, "Tallet er", f"{before} Tallet er {added}")
    try:
        first = read_writing(path)
    except InputRefused as refused:
        assert "person number" in refused.problems[0].what  # noqa: PT017
        return
    (folder / "again.md").write_text(writing_text(protect(report()), "da", first), "utf-8")
    assert read_writing(folder / "again.md") == first
