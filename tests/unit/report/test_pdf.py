"""The printed report: tagged as PDF/UA-1 asks, whole, in order, and the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Text
from indsats.report import (
    Chart,
    Column,
    Document,
    Form,
    Paragraph,
    Passage,
    Section,
    Table,
    block_numbers,
    cell_text,
    protect,
)
from indsats.report.formats import interval_text
from indsats.report.pdf import render_pdf
from indsats.report.pdf_tables import LANDSCAPE, PORTRAIT, Cell, Grid, laid_out, parted
from indsats.report.texts import say
from indsats.report.typeface import FOLDERS, printable, sans, serif
from pdf_checks import elements, faults
from pdf_text import bare, cells, pages, spoken
from sample_report import sample

HOSTILE = (
    "#let x = 1; #panic()",
    "$ a + b $",
    "back\\slash \\u{41}",
    "\"quoted\" 'once'",
    "*stars* _under_ `code`",
    "[brackets] <label> @ref // comment /* more */",
    "= not a heading",
    "- not a point",
    "{{slot}} {%tag%} &amp; <b>",
)


@pytest.fixture(scope="module")
def document() -> Document:
    return protect(sample())


@pytest.fixture(scope="module", params=["da", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


@pytest.fixture(scope="module")
def pdf(document: Document, lang: Lang) -> bytes:
    return render_pdf(document, lang)


def same(text: str) -> Text:
    return Text(da=text, en=text)


def short(*blocks: Any, form: Form = "report", title: str = "Kort") -> Document:
    return replace(
        sample(),
        title=same(title),
        form=form,
        sections=(Section(same("Afsnit"), blocks),),
        head=(),
        fields=(),
    )


def names(values: list[str], title: str = "Tabel") -> Table:
    rows = tuple((value, f"{value} 2") for value in values)
    return Table("navne", same(title), (Column("a", same("Navn")), Column("b", same("Andet"))), rows)


def test_only_protected_documents_are_printed() -> None:
    with pytest.raises(ValueError, match="protect"):
        render_pdf(sample())


def test_the_report_passes_the_checks_of_pdf_ua(pdf: bytes) -> None:
    assert faults(pdf) == []


@pytest.mark.parametrize("form", ["case", "letter"])
def test_other_forms_pass_them_too_and_have_no_contents(form: Form) -> None:
    head = ((same("Sagsnummer"), "sagsnummer"),)
    told = {"sagsnummer": same("2016-0123456"), "site": same("Ungeenheden")}
    document = replace(short(names(["Et"]), form=form), head=head, words=told, personal=True)
    made = render_pdf(protect(document))
    assert faults(made) == []
    kinds = [kind for kind, _ in spoken(made)]
    assert "TOC" not in kinds
    words = pages(made)[0]
    assert "2016-0123456" in words
    assert ("Ungeenheden" in words) == (form == "letter")
    assert words.count(bare(say("personal", "da"))) == 2  # where it begins, and at the foot of the page


def test_every_cell_of_every_table_is_there(document: Document, lang: Lang, pdf: bytes) -> None:
    printed = cells(pdf)
    assert len(document.tables()) <= len(printed)
    for table, found in zip(document.tables(), printed, strict=False):
        assert found[0] == [bare(column.title.in_(lang)) for column in table.columns]
        for row, words in zip(table.rows, found[1:], strict=True):
            wanted: list[str] = []
            for column, cell in zip(table.columns, row, strict=True):
                more = interval_text(cell, column, lang) if isinstance(cell, Figure) else ""
                wanted.append(bare(printable(cell_text(cell, column, lang) + more)))
            assert words == wanted


def test_it_is_read_in_the_order_it_was_written(document: Document, lang: Lang, pdf: bytes) -> None:
    read = spoken(pdf)
    heads = [text.lstrip("0123456789.") for kind, text in read if kind in ("H1", "H2", "H3")]
    wanted = [bare(section.title.in_(lang)) for section in document.sections if section.title]
    start = heads.index(wanted[0])
    assert heads[0] == bare(say("contents", lang))
    assert heads[start : start + len(wanted)] == wanted
    numbers = block_numbers(document, lang)
    captions = [text for kind, text in read if kind == "Caption"]
    blocks = [block for block in document.blocks() if hasattr(block, "id") and block.id in numbers]  # type: ignore[union-attr]
    assert captions == [bare(f"{numbers[one.id]}. {one.title.in_(lang)}") for one in blocks]  # type: ignore[union-attr]


def test_charts_tell_what_they_show_and_every_page_is_labelled(
    document: Document, lang: Lang, pdf: bytes
) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        told = [str(one.Alt) for kind, one, _ in elements(file) if kind == "Figure"]
        assert str(file.Root.Lang).startswith(lang)
        assert file.docinfo.Title == document.title.in_(lang)
        assert "/Author" not in file.docinfo
    for chart, text in zip(document.charts(), told, strict=True):
        assert chart.title.in_(lang) in text
        assert chart.alt.in_(lang) in text
    assert all(bare(say("synthetic", lang)) in page for page in pages(pdf))


def test_a_chart_that_may_show_nothing_says_so_to_everybody(lang: Lang) -> None:
    few = (Figure.share(f"indicator/{index}", 2, 9) for index in range(2))
    heads = (Column("a", same("Navn")), Column("b", same("Andel"), "share"))
    table = Table("faa", same("Få"), heads, tuple((f"Række {one.id}", one) for one in few))
    drawn = Chart(
        "faa-figur", same("Tegning"), "faa", "bars", {"label": "a", "value": "b"}, same("Den er høj.")
    )
    made = render_pdf(protect(short(table, drawn)), lang)
    assert faults(made) == []
    empty = say("chart-empty", lang)
    assert bare(empty) in "".join(pages(made))
    with pikepdf.open(io.BytesIO(made)) as file:
        assert [str(one.Alt) for kind, one, _ in elements(file) if kind == "Figure"] == [f"Tegning. {empty}"]


def test_data_of_real_persons_are_not_called_synthetic() -> None:
    made = render_pdf(protect(replace(short(names(["Et"])), synthetic=False)))
    assert faults(made) == []
    assert bare(say("synthetic", "da")) not in "".join(pages(made))


def test_source_and_note_lines_stand_under_the_table(document: Document, lang: Lang, pdf: bytes) -> None:
    words = "".join(pages(pdf))
    for table in document.tables():
        for note in table.notes:
            assert bare(f"{say('note', lang)}: {note.in_(lang)}") in words
        if table.source:
            assert bare(f"{say('source', lang)}: {table.source.in_(lang)}") in words


def test_row_headings_are_marked(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        rows = [one for kind, one, parent in elements(file) if kind == "TR" and parent == "TBody"]
        assert rows
        for row in rows:
            assert [str(cell.S) for cell in row.K] == ["/TH"] + ["/TD"] * (len(row.K) - 1)
            assert any(one.get("/Scope") == "/Row" for one in row.K[0].A)


def test_the_same_bytes_each_time(document: Document) -> None:
    small = replace(document, sections=document.sections[:1])
    assert render_pdf(small, "da") == render_pdf(small, "da")
    assert render_pdf(small, "da") != render_pdf(small, "en")


def test_edited_words_are_marked_in_the_language_they_were_edited_in() -> None:
    passage = Passage("p", same("Ordene er **nye**."), edited=frozenset({"da"}))
    document = protect(short(passage))
    assert bare(say("edited", "da")) in "".join(text for _, text in spoken(render_pdf(document, "da")))
    assert bare(say("edited", "en")) not in "".join(text for _, text in spoken(render_pdf(document, "en")))


def test_links_lead_where_they_say_and_nowhere_else() -> None:
    table = names(["https://www.dst.dk/da/kilde; egne tal"])
    text = "Se [vejledningen](https://example.org/a) og [andet](javascript:alert(1))."
    made = render_pdf(protect(short(Passage("p", same(text)), table)))
    with pikepdf.open(io.BytesIO(made)) as file:
        links = [str(one.A.URI) for page in file.pages for one in page.get("/Annots", ()) if "/A" in one]
    assert links == ["https://example.org/a", *["https://www.dst.dk/da/kilde"] * 2]
    assert cells(made)[0][1][0] == "dst.dk;egnetal"


def test_lists_are_lists() -> None:
    text = "1. et\n2. to\n   - under to\n   - mere\n3. tre"
    kinds = [kind for kind, _ in spoken(render_pdf(protect(short(Passage("p", same(text))))))]
    assert kinds.count("L") >= 2
    assert kinds.count("LI") == 5


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_code(text: str) -> None:
    document = short(Paragraph(same(text)), names([text], title=text), title=text)
    made = render_pdf(protect(replace(document, subtitle=same(text), notes=(same(text),))))
    assert faults(made) == []
    assert cells(made)[0][1][0] == bare(text)
    assert ("P", bare(" ".join(text.split()))) in spoken(made)


def test_a_sign_the_fonts_lack_is_told_by_its_number() -> None:
    made = render_pdf(protect(short(names(["smil 😀", "kryds ✕", "klokke \x07", "linje\nto"]))))
    assert faults(made) == []
    assert [row[0] for row in cells(made)[0][1:]] == ["smil[U+1F600]", "kryds×", "klokke[U+0007]", "linjeto"]


@settings(deadline=None, max_examples=15)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=30))
def test_any_text_can_be_printed(texts: list[str]) -> None:
    made = render_pdf(protect(short(names(texts), Paragraph(same(texts[0] or "-")))))
    assert [row[0] for row in cells(made)[0][1:]] == [bare(printable(text)) for text in texts]


def test_a_long_table_is_one_table() -> None:
    made = render_pdf(protect(short(names([f"Række {index}" for index in range(600)]))))
    table = cells(made)[0]
    assert len(table) == 601
    assert table[-1] == ["Række599", "Række5992"]
    assert len(pages(made)) > 10
    assert faults(made) == []


# What runs off a page

words = st.text("abcdefghij ", max_size=40)


@settings(deadline=None)
@given(
    st.integers(1, 40).flatmap(
        lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=2, max_size=5)
    )
)
def test_columns_fit_the_page_and_hold_their_longest_word(rows: list[list[str]]) -> None:
    head, *body = rows
    cut = tuple(tuple(Cell(parted(text)) for text in row) for row in body)
    grid = Grid(tuple(parted(text) for text in head), cut, (False,) * len(head))
    made = laid_out(grid)
    widths = [column["width"] for column in made["columns"]]
    room = LANDSCAPE if made["wide"] else PORTRAIT
    assert sum(widths) + made["gap"] * (len(widths) - 1) <= room + 0.1 * len(widths)
    for index, width in enumerate(widths):
        texts = [made["columns"][index]["text"], *(row["cells"][index]["text"] for row in made["rows"])]
        pieces = [piece for text in texts for piece in text.replace("\u200b", " ").split()]
        assert all(sans().width(piece, made["size"]) <= width for piece in pieces)


def test_a_cell_higher_than_a_page_runs_over_to_the_next() -> None:
    long = " ".join(f"ord{index}" for index in range(2000))
    made = render_pdf(protect(short(names([long]))))
    assert cells(made)[0][1][0] == bare(long)
    assert len(pages(made)) > 4
    assert "ord1999" in "".join(pages(made))


def test_wide_tables_turn_the_page() -> None:
    few, many = (Grid(("Overskrift",) * n, ((Cell("1.234,5 %"),) * n,), (True,) * n) for n in (4, 14))
    assert laid_out(few)["wide"] == ""
    assert laid_out(many)["wide"] == "a4"


@pytest.mark.parametrize(
    ("face", "file"), [(sans, "SourceSansPro-Semibold.ttf"), (serif, "SourceSerifPro-Regular.ttf")]
)
def test_widths_and_characters_are_those_of_the_font(face: Callable[[], Any], file: str) -> None:
    font = TTFont(f"{FOLDERS[face is serif]}/{file}")
    widths, em = font["hmtx"], font["head"].unitsPerEm  # type: ignore[attr-defined]
    assert face().widths == {code: widths[name][0] / em for code, name in font.getBestCmap().items()}  # type: ignore[index]


# The checks themselves: a good file broken each way is found out


def tagged(file: pikepdf.Pdf, kind: str) -> Any:
    return next(one for found, one, _ in elements(file) if found == kind)


def font(file: pikepdf.Pdf, kind: str) -> Any:
    fonts = [
        one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
    ]
    return next(one for one in fonts if (one.get("/Subtype") == "/Type0") == (kind == "/Type0"))


def linked(file: pikepdf.Pdf) -> Any:
    return next(page for page in file.pages if "/Annots" in page.obj)


def _stray(file: pikepdf.Pdf, stroke: bytes) -> None:
    file.pages[-1].contents_add(file.make_stream(stroke))


def _drop(owner: Any, key: str) -> None:
    del owner[key]


def _without_claim(file: pikepdf.Pdf) -> None:
    told = file.Root.Metadata.read_bytes()
    file.Root.Metadata = file.make_stream(
        told.replace(b"pdfuaid:part", b"pdfuaid:none").replace(b"dc:title", b"dc:none")
    )


def _set(owner: Any, key: str, value: Any) -> None:
    owner[key] = value


BREAKS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "not marked as tagged": lambda file: _set(file.Root.MarkInfo, "/Marked", False),
    "has suspects": lambda file: _set(file.Root.MarkInfo, "/Suspects", True),
    "has no language": lambda file: _drop(file.Root, "/Lang"),
    "DisplayDocTitle": lambda file: _set(file.Root.ViewerPreferences, "/DisplayDocTitle", False),
    "pdfuaid:part": _without_claim,
    "dc:title": _without_claim,
    "no XMP metadata": lambda file: _drop(file.Root, "/Metadata"),
    "no bookmarks": lambda file: _drop(file.Root, "/Outlines"),
    "no tags": lambda file: _drop(file.Root, "/StructTreeRoot"),
    "nor mapped": lambda file: _drop(file.Root.StructTreeRoot, "/RoleMap"),
    "a TR stands in": lambda file: _set(tagged(file, "TBody"), "/S", pikepdf.Name.Div),
    "no alternative text": lambda file: _drop(tagged(file, "Figure"), "/Alt"),
    "follows level": lambda file: _set(tagged(file, "H1"), "/S", pikepdf.Name.H3),
    "rows of 3 and 4 cells": lambda file: _drop(tagged(file, "TR").K, 0),  # type: ignore[arg-type]
    "does not say what it heads": lambda file: _drop(tagged(file, "TH"), "/A"),
    "names a heading": lambda file: _set(
        tagged(file, "TD"), "/A", pikepdf.Dictionary(O=pikepdf.Name.Table, Headers=[pikepdf.String("nobody")])
    ),
    "neither tagged nor an artifact": lambda file: _stray(file, b"0 0 9 9 re f"),
    "belongs to no tag": lambda file: _stray(file, b"/P <</MCID 9999>> BDC 0 0 9 9 re f EMC"),
    "Tabs": lambda file: _drop(linked(file).obj, "/Tabs"),
    "where it leads": lambda file: _drop(linked(file).Annots[0], "/Contents"),
    "not inside a Link": lambda file: _drop(linked(file).Annots[0], "/StructParent"),
    "no ToUnicode": lambda file: _drop(font(file, "/Type0"), "/ToUnicode"),
    "is not embedded": lambda file: _drop(font(file, "other"), "/FontDescriptor"),
}


@pytest.fixture(scope="module")
def good(document: Document) -> bytes:
    return render_pdf(replace(document, sections=document.sections[:1]), "da")


@pytest.mark.parametrize("told", BREAKS)
def test_a_broken_file_is_found_out(good: bytes, told: str) -> None:
    with pikepdf.open(io.BytesIO(good)) as file:
        BREAKS[told](file)
        broken = io.BytesIO()
        file.save(broken)
    assert any(told in fault for fault in faults(broken.getvalue()))
