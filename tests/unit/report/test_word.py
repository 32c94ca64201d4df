"""The Word file of a report: every cell found again, what screen readers need, and the sender's own template."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang
from indsats.programme import Text
from indsats.report import (
    Chart,
    Column,
    Form,
    Paragraph,
    Passage,
    Section,
    Table,
    cell_text,
)
from indsats.report.formats import interval_text
from indsats.report.html import block_numbers
from indsats.report.texts import say
from indsats.report.word import render_word
from indsats.report.word.table import Grid, Part, TextCell, fit
from indsats.report.word.xml import clean
from sample_report import sample
from word_reading import (
    cells,
    codes,
    made,
    media,
    one_block,
    paragraphs,
    protected,
    read,
    text_of,
    wide_table,
)

SOFFICE = shutil.which("soffice")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cell_is_found_again(lang: Lang) -> None:
    """Heads, names, numbers, intervals and hidden numbers stand in the file's tables, in order."""
    found = cells(read(made(lang=lang)))
    for table, rows in zip(protected().tables(), found, strict=False):
        assert rows[0] == [column.title.in_(lang) for column in table.columns]
        assert len(rows) == len(table.rows) + 1
        for row, shown in zip(table.rows, rows[1:], strict=True):
            for cell, column, words in zip(row, table.columns, shown, strict=True):
                interval = interval_text(cell, column, lang) if isinstance(cell, Figure) else ""
                assert words == "\n".join(part for part in (cell_text(cell, column, lang), interval) if part)
    assert len(found) > len(protected().tables()), "the basis of the numbers stands at the end"


def test_headings_make_an_outline_and_the_contents() -> None:
    file = read(made())
    headings = [
        (int(str(one.style.name)[-1]), one.text)
        for one in file.paragraphs
        if str(one.style.name).startswith("Heading")
    ]
    asked = [(one.level, one.title.da) for one in protected().sections if one.title]
    assert headings[: len(asked)] == asked
    assert [text.split(".")[0] for _, text in headings[len(asked) :]] == ["Bilag 1", "Bilag 2", "Bilag 3"]
    contents = next(iter(file.element.body.iter(qn("w:sdt"))))
    entries = [re.sub(r"^[\d.]+\u2002", "", text_of(one)) for one in list(contents.iter(qn("w:p")))[1:]]
    assert entries == [text for _, text in headings], "filled in before Word works it out"
    names = [one.get(qn("w:name")) for one in file.element.body.iter(qn("w:bookmarkStart"))]
    anchors = [
        one.get(qn("w:anchor"))
        for one in file.element.body.iter(qn("w:hyperlink"))
        if one.get(qn("w:anchor"))
    ]
    assert len(anchors) > len(headings)
    assert set(anchors) <= set(names), "every link inside the file leads somewhere"
    assert len(set(names)) == len(names)
    assert 'TOC \\o "1-3" \\h \\z \\u' in codes(file)
    assert file.settings.element.find(qn("w:updateFields")) is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_that_may_show_nothing_says_so(lang: Lang) -> None:
    def same(text: str) -> Text:
        return Text(da=text, en=text)

    few = (Figure.share(f"indicator/{index}", 2, 9) for index in range(2))
    heads = (Column("a", same("Navn")), Column("b", same("Andel"), "share"))
    table = Table("faa", same("Få"), heads, tuple((f"Række {one.id}", one) for one in few))
    drawn = Chart(
        "faa-figur", same("Tegning"), "faa", "bars", {"label": "a", "value": "b"}, same("Den er høj.")
    )
    content = render_word(one_block(table, drawn), lang)
    told = paragraphs(read(content))
    caption = next(index for index, text in enumerate(told) if text.endswith(". Tegning"))
    assert told[caption + 1] == say("chart-empty", lang)
    assert not any(b"<svg" in one for one in media(content))


@pytest.mark.parametrize(("lang", "table", "chart"), [("da", "Tabel", "Figur"), ("en", "Table", "Figure")])
def test_captions_are_counted_by_word(lang: Lang, table: str, chart: str) -> None:
    file = read(made(lang=lang))
    captions = [text_of(one._p) for one in file.paragraphs if one.style.name == "Caption"]
    numbers = block_numbers(protected(), lang)
    for block in (*protected().tables(), *protected().charts()):
        assert f"{numbers[block.id]}. {block.title.in_(lang)}" in captions
    asked = codes(file)
    assert asked.count(f"SEQ {table} \\* ARABIC") == len(protected().tables())
    assert asked.count(f"SEQ {chart} \\* ARABIC") == len(protected().charts())


def test_tables_and_pictures_say_what_they_are() -> None:
    """Repeated heading rows, rows that stay whole, words for those who do not see, ids that occur once."""
    file = read(made())
    for table in file.element.body.iter(qn("w:tbl")):
        rows = list(table.iter(qn("w:tr")))
        assert rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        properties = table.find(qn("w:tblPr"))
        assert properties.find(qn("w:tblLook")).get(qn("w:firstColumn")) == "1"
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
    pictures = list(file.element.body.iter(qn("wp:docPr")))
    assert [one.get("title") for one in pictures] == [chart.title.da for chart in protected().charts()]
    for picture_, chart in zip(pictures, protected().charts(), strict=True):
        assert chart.alt.da in picture_.get("descr")
    ids = [one.get("id") for one in pictures]
    assert len(set(ids)) == len(ids)
    marks = [one.get(qn("w:id")) for one in file.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(marks)) == len(marks)
    assert all(blob.startswith(b"\x89PNG") for blob in media(made()))


def test_running_text_keeps_its_weight_links_lists_and_mark() -> None:
    file = read(made())
    bold = [
        text_of(one)
        for one in file.element.body.iter(qn("w:r"))
        if one.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None
    ]
    assert "1.437 samtaler" in bold
    italic = [
        text_of(one)
        for one in file.element.body.iter(qn("w:r"))
        if one.find(f"{qn('w:rPr')}/{qn('w:i')}") is not None
    ]
    assert "foreløbige" in italic
    assert "[redigeret af afsender]" in italic, "said in words, not by the bar alone"
    links = {one.rId: one._target for one in file.part.rels.values() if one.is_external}
    assert list(links.values()) == ["https://example.dk/vejledning"]
    points = [one for one in file.paragraphs if one._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None]
    assert "tager status til efterretning," in [one.text for one in points]
    assert "i ungeenheden og" in [one.text for one in points]
    barred = [one.text for one in file.paragraphs if one._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is not None]
    assert "drøfter § 12 og de 26–52 uger." in [text.replace("\u00a0", " ") for text in barred]
    assert "Kilde: Registreringer i programmet, egne beregninger" in paragraphs(file)
    assert any(text.startswith("Anm.: ") for text in paragraphs(file))


@pytest.mark.parametrize(("lang", "code"), [("da", "da-DK"), ("en", "en-GB")])
def test_the_file_says_its_language_title_and_basis(lang: Lang, code: str) -> None:
    content = made(lang=lang)
    file = read(content)
    languages = {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))}
    assert languages == {code}
    core = file.core_properties
    assert (core.title, core.language, core.author) == (protected().title.in_(lang), code, "")
    assert core.subject == (
        "Fremskudt beskæftigelsesindsats" if lang == "da" else "Outreach employment programme"
    )
    assert core.created.replace(tzinfo=None) == datetime(2017, 1, 15, 7, 10)  # noqa: DTZ001  the format has no zone
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        custom = packed.read("docProps/custom.xml").decode()
    basis = protected().basis
    assert basis is not None
    for told in (
        basis.definition,
        "2016-12-31",
        "2017-01-15T07:10:00+00:00",
        "IndsatsCode",
        *basis.inputs.values(),
    ):
        assert told in custom


@pytest.mark.parametrize("form", ["report", "case", "letter"])
def test_same_input_same_bytes_and_no_macro(form: Form) -> None:
    content = made(form)
    assert content == render_word(protected(form), "da")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("vba" in name.lower() for name in packed.namelist())


def test_text_before_the_first_heading_begins_a_page() -> None:
    document = replace(protected("case"), form="report")
    untitled = Section(None, (Paragraph(Text(da="Resumé", en="Summary")),))
    file = read(render_word(replace(document, sections=(untitled, *document.sections))))
    [first] = [one._p for one in file.paragraphs if one.text == "Resumé"]
    assert first.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None


def test_items_and_letters_have_neither_title_page_nor_contents() -> None:
    for form in ("case", "letter"):
        file = read(made(form))
        assert not any("TOC" in code for code in codes(file))
        assert not any("pageBreakBefore" in one.tag for one in file.element.body.iter())
        assert "Sagsnummer\t2016-0123456" in paragraphs(file)
        assert not any(text.startswith("Bilag") for text in paragraphs(file))
    letter = paragraphs(read(made("letter")))
    assert letter[:3] == ["Fremskudt beskæftigelsesindsats", "Nørrebro", "15. januar 2017"]


def test_synthetic_data_are_named_on_every_page() -> None:
    file = read(made())
    footers = [text_of(section.footer._element) for section in file.sections]
    assert all(say("synthetic", "da") in text for text in footers)
    assert any(say("synthetic-about", "da") in text for text in paragraphs(file)), (
        "the title page has no footer"
    )
    assert "side 1 af 1" in footers[0]
    honest = read(render_word(replace(protected(), synthetic=False)))
    assert not any(say("synthetic", "da") in text for text in paragraphs(honest))


def test_wide_tables_turn_the_page_and_stay_inside_it() -> None:
    before, after = Paragraph(Text(da="Før", en="Before")), Paragraph(Text(da="Efter", en="After"))
    file = read(render_word(one_block(before, wide_table(8), after)))
    kinds = [section.orientation for section in file.sections]
    assert kinds == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    side = file.sections[1]
    widths = [int(one.get(qn("w:w"))) for one in next(iter(file.element.body.iter(qn("w:tblGrid"))))]
    assert sum(widths) * 635 <= side.page_width - side.left_margin - side.right_margin
    alone = read(render_word(one_block(wide_table(8))))
    assert WD_ORIENT.LANDSCAPE in [section.orientation for section in alone.sections]


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), min_size=1, max_size=30)


@given(st.lists(words, min_size=1, max_size=14), st.integers(5000, 12000))
@settings(deadline=None, max_examples=60)
def test_columns_share_the_page_exactly(heads: list[str], room: int) -> None:
    row = tuple(TextCell((Part(head[::-1]),)) for head in heads)
    grid = Grid(tuple(heads), (row,), (False,) * len(heads), "t", "a")
    fitted = fit(grid, room, room * 3 // 2)
    assert sum(fitted.widths) == (room * 3 // 2 if fitted.landscape else room)
    assert all(width > 0 for width in fitted.widths)


HOSTILE = (
    '<w:p>&amp; "\x00\x0b\x1f" ]]> \ud83d\ude00'.encode("utf-16", "surrogatepass").decode("utf-16")
    + "\ufffe  {{x}}"
)


def test_hostile_words_come_out_as_written() -> None:
    table = Table(
        "t", Text(da=HOSTILE, en=HOSTILE), (Column("a", Text(da=HOSTILE, en=HOSTILE)),), ((HOSTILE,),)
    )
    passage = Passage("p-1", Text(da="[<b>](javascript:alert(1)) & <w:t>", en="x"))
    document = replace(one_block(table, Paragraph(Text(da=HOSTILE, en=HOSTILE)), passage, title=HOSTILE))
    file = read(render_word(replace(document, title=Text(da=HOSTILE, en=HOSTILE))))
    assert cells(file)[0] == [[clean(HOSTILE)], [clean(HOSTILE)]]
    assert any("😀" in text for text in paragraphs(file))
    assert any("& <w:t>" in text for text in paragraphs(file))
    assert not [one for one in file.part.rels.values() if one.is_external]


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_words_can_stand_in_the_file(text: str) -> None:
    element: Any = OxmlElement("w:t")
    element.text = clean(text)
    assert clean(clean(text)) == clean(text)


def test_an_unprotected_document_is_refused() -> None:
    with pytest.raises(ValueError, match="protect the document"):
        render_word(sample())


# --- another program


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_loses_nothing(tmp_path: Path) -> None:
    """Opened there and saved again: cells, headings, captions, alternative texts; and a PDF comes out."""
    (tmp_path / "rapport.docx").write_bytes(made())
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    for kind, folder in (("docx:MS Word 2007 XML", "again"), ("pdf", "pdf")):
        asked = [str(SOFFICE), home, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / folder)]
        subprocess.run(  # noqa: S603
            [*asked, str(tmp_path / "rapport.docx")], check=True, capture_output=True, timeout=180
        )
    assert (tmp_path / "pdf" / "rapport.pdf").read_bytes().startswith(b"%PDF")
    before, after = read(made()), docx.Document(str(tmp_path / "again" / "rapport.docx"))
    assert cells(after) == cells(before)
    assert heads(after) == heads(before)
    described = [
        [one.get("descr") for one in file.element.body.iter(qn("wp:docPr"))] for file in (before, after)
    ]
    assert described[0] == described[1]
    captions = [
        [text for text in paragraphs(file) if re.match(r"(Tabel|Figur) \d+\. ", text)]
        for file in (before, after)
    ]
    assert captions[0] == captions[1]


def heads(file: WordFile) -> list[str]:
    return [one.text for one in file.paragraphs if str(one.style.name).startswith("Heading")]
