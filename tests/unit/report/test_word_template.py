"""The sender's own Word template: what of it is kept and filled in, and which are refused."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm

from indsats.problem import InputRefused
from indsats.programme import Text
from indsats.report import (
    Paragraph,
)
from indsats.report.word import render_word
from word_reading import (
    cells,
    media,
    one_block,
    paragraphs,
    protected,
    read,
    text_of,
    wide_table,
)


def picture() -> bytes:
    """A red square as PNG, the crest of no municipality."""

    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = b"".join(b"\x00" + b"\xc0\x10\x20" * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def municipal(folder: Path, *, slot: bool = True, name: str = "skabelon.docx") -> Path:
    """A template as a municipality has one: logo and title in the header, own styles, a front page, a last line."""
    file = docx.Document()
    header = file.sections[0].header.paragraphs[0]
    header.add_run().add_picture(io.BytesIO(picture()), width=Cm(1))
    for part in (" Kommunen – {", "{ ti", "tle }", "} – {{programme}}"):  # Word parts words as it pleases
        header.add_run(part)
    file.sections[0].footer.paragraphs[0].text = "Rådhuset, sag {{ sagsnummer }}"
    file.styles["Heading 1"].font.name = "Verdana"
    file.styles["Title"].font.name = "Verdana"
    file.styles.add_style("Kilde", 1).font.name = "Verdana"
    file.add_paragraph("{{ title }}", style="Title")
    box = file.add_table(1, 1)
    box.cell(0, 0).text = "Periode: {{ period }}"
    if slot:
        file.add_paragraph("{{ report }}")
        file.add_paragraph("Med venlig hilsen")
    path = folder / name
    file.save(str(path))
    return path


def test_a_template_keeps_its_logo_header_styles_and_words(tmp_path: Path) -> None:
    template = municipal(tmp_path)
    content = render_word(protected(), "da", template)
    assert content == render_word(protected(), "da", template)
    file = read(content)
    assert picture() in list(media(content))
    title = protected().title.da
    header = text_of(file.sections[0].header._element)
    assert header == f" Kommunen – {title} – Fremskudt beskæftigelsesindsats"
    footer = [one.text for one in file.sections[0].footer.paragraphs]
    assert footer == ["Rådhuset, sag 2016-0123456", "▲ Syntetiske data"]
    texts = paragraphs(file)
    assert texts[0] == title
    assert texts.count(title) == 1, "the template's front page is enough"
    assert "Periode: 1. juli 2016 – 31. december 2016" in texts
    assert texts[-1] == "Med venlig hilsen"
    assert not any("{{" in text for text in texts)
    assert file.styles["Heading 1"].font.name == "Verdana"
    sources = [one for one in file.paragraphs if one.text.startswith("Kilde: ")]
    assert {one.style.name for one in sources} == {"Kilde"}
    found = cells(file)[1:]  # the first is the template's own
    assert [rows[0] for rows in found[: len(protected().tables())]] == [
        [column.title.da for column in table.columns] for table in protected().tables()
    ]


def test_a_template_without_a_place_gives_its_pages_only(tmp_path: Path) -> None:
    file = read(render_word(protected(), "da", municipal(tmp_path, slot=False)))
    texts = paragraphs(file)
    assert "Med venlig hilsen" not in texts
    assert protected().title.da in texts
    assert "Kommunen" in text_of(file.sections[0].header._element)


def test_a_wide_table_leaves_the_pages_of_a_template_as_they_were(tmp_path: Path) -> None:
    """A front page and a last page in sections of their own; the report between them turns one page and back."""
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "Forside"
    file.add_paragraph("Rapport fra kommunen")
    for text in ("{{ report }}", "Bagside"):
        section = file.add_section()
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = text.strip("{ }")
        if text == "Bagside":
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        file.add_paragraph(text)
    file.sections[1].header.paragraphs[0].text = "Indhold"
    path = tmp_path / "tre.docx"
    file.save(str(path))
    after = Paragraph(Text(da="Efter", en="After"))
    made_ = read(render_word(one_block(wide_table(10), after, title="Først"), "da", path))
    upright, turned = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert [section.orientation for section in made_.sections] == [upright, upright, turned, upright, turned]
    headers = [section.header.paragraphs[0].text for section in made_.sections]
    assert headers == ["Forside", "Indhold", "Indhold", "Indhold", "Bagside"]
    texts = [text for text in paragraphs(made_) if text]
    assert texts[0] == "Rapport fra kommunen"
    assert texts[-1] == "Bagside"
    assert texts.index("Først") < texts.index("Efter")


def test_styles_are_found_by_their_danish_names(tmp_path: Path) -> None:
    path = municipal(tmp_path)
    file = docx.Document(str(path))
    for style in file.styles.element.findall(qn("w:style")):
        name = style.find(qn("w:name"))
        danish = {
            "heading 1": "Overskrift 1",
            "caption": "Billedtekst",
            "List Bullet": "Opstilling - punkttegn",
        }
        name.set(qn("w:val"), danish.get(name.get(qn("w:val")), name.get(qn("w:val"))))
    file.save(str(path))
    styled = {one.text: one.style.name for one in read(render_word(protected(), "da", path)).paragraphs}
    assert styled["Borgernes udvikling"] == "Overskrift 1"
    assert styled["Der er holdt 1.437 samtaler."] == "Opstilling - punkttegn"
    assert "Billedtekst" in styled.values()


def test_a_dotx_is_read_and_becomes_a_document(tmp_path: Path) -> None:
    source = municipal(tmp_path).read_bytes()
    path = tmp_path / "skabelon.dotx"
    path.write_bytes(changed(source, "[Content_Types].xml", b"document.main+xml", b"template.main+xml"))
    with zipfile.ZipFile(io.BytesIO(render_word(protected(), "da", path))) as packed:
        assert b"document.main+xml" in packed.read("[Content_Types].xml")


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.namelist():
            part = source.read(entry)
            copy.writestr(entry, part.replace(old, new) if entry == name else part)
    return target.getvalue()


def _macro(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("word/vbaProject.bin", b"macro")
    return target.getvalue()


def _outside(content: bytes) -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = (
        b'<Relationship Id="rId99" Type="%b" Target="https://example.dk/logo.png" TargetMode="External"/>'
        % kind
    )
    return changed(content, "word/_rels/document.xml.rels", b"</Relationships>", link + b"</Relationships>")


@pytest.mark.parametrize(
    ("broken", "what", "remedy"),
    [
        (lambda content: content[: len(content) // 2], "be read", r"save it as 'Word document \(.docx\)'"),
        (lambda _: b"no Word file", "not a Word document", "save it as"),
        (lambda _: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old format", "Save it as .docx"),
        (lambda _: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password", "without a password"),
        (_macro, "macros", "Save it as .docx"),
        (_outside, "from elsewhere", "into the file itself"),
        (lambda c: changed(c, "word/document.xml", b"<w:body>", b"<w:body><w:p>"), "be read", "Open it in Word"),
        (lambda c: changed(c, "word/document.xml", b"Periode", b"{{ sagsnr }}"), "a place for 'sagsnr'", "sagsnummer"),
        (lambda c: changed(c, "word/document.xml", b"Periode", b"{{ report }}"), "a paragraph of its own", "outside"),
        (lambda c: changed(c, "word/footer1.xml", b"R\xc3\xa5dhuset", b"{{ report }}"), "place for 'report'", "title"),
    ],
)  # fmt: skip
def test_templates_that_cannot_be_used_are_refused(
    tmp_path: Path, broken: Any, what: str, remedy: str
) -> None:
    path = municipal(tmp_path)
    path.write_bytes(broken(path.read_bytes()))
    with pytest.raises(InputRefused, match=what) as refused:
        render_word(protected(), "da", path)
    assert re.search(remedy, str(refused.value))
    assert path.name in str(refused.value)


def test_a_missing_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="cannot be read"):
        render_word(protected(), "da", tmp_path / "ingen.docx")


def test_where_a_template_was_made_from_is_left_behind(tmp_path: Path) -> None:
    """A path on the sender's network drive is nothing to tell the readers."""
    path = municipal(tmp_path)
    file = docx.Document(str(path))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    settings_part: Any = file.part._settings_part
    key = settings_part.relate_to("file:///S:/skabeloner/kommune.dotx", kind, is_external=True)
    attached: Any = parse_xml(
        '<w:attachedTemplate xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{key}"/>'
    )
    file.settings.element.insert(1, attached)
    file.save(str(path))
    with zipfile.ZipFile(io.BytesIO(render_word(protected(), "da", path))) as packed:
        assert not any(b"kommune.dotx" in packed.read(name) for name in packed.namelist())
        assert b"attachedTemplate" not in packed.read("word/settings.xml")
