"""The checks of PDF/UA-1 that a machine can make (the Matterhorn protocol 1.1 tells which), on the file itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

_GROUPS = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6"
)
_INSIDE = "L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot"
_RARE = "Ruby RB RT RP Warichu WT WP Figure Formula Form"
STANDARD = frozenset(f"{_GROUPS} {_INSIDE} {_RARE}".split())
"""The structure types of PDF 1.7 (ISO 32000-1, 14.8.4)."""
_PARENTS = {
    "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"}, "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"},
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"},
}  # fmt: skip
_PAINTS = frozenset(
    ("Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "EI", "INLINE IMAGE")
)


def faults(pdf: bytes) -> list[str]:
    """What keeps a file from being PDF/UA-1, in words; nothing when all checks hold."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return list(_faults(file))


def elements(file: pikepdf.Pdf) -> Iterator[tuple[str, Any, str]]:
    """The structure elements in reading order: type (after the role map), element, type of the parent."""
    roles = file.Root.StructTreeRoot.get("/RoleMap", {})

    def walk(node: Any, parent: str) -> Iterator[tuple[str, Any, str]]:
        for one in children(node):
            kind = str(one.S)[1:]
            while kind not in STANDARD and f"/{kind}" in roles:
                kind = str(roles[f"/{kind}"])[1:]
            yield kind, one, parent
            yield from walk(one, kind)

    yield from walk(file.Root.StructTreeRoot, "")


def children(node: Any) -> list[Any]:
    """The structure elements right below one."""
    below = node.get("/K")
    each = list(below) if isinstance(below, pikepdf.Array) else [below]
    return [one for one in each if isinstance(one, pikepdf.Dictionary) and "/S" in one]


def _faults(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "the file is not marked as tagged (MarkInfo/Marked)"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "the file has suspects (MarkInfo/Suspects)"
    if not str(root.get("/Lang", "")):
        yield "the file has no language (Lang)"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "the title is not shown as the window's (DisplayDocTitle)"
    yield from _metadata(root)
    if "/Outlines" not in root or "/First" not in root.Outlines:
        yield "there are no bookmarks"
    if "/StructTreeRoot" not in root:
        yield "there are no tags (StructTreeRoot)"
        return
    tree = list(elements(file))
    yield from _structure(tree)
    yield from _headings(tree)
    for kind, element, _ in tree:
        if kind == "Table":
            yield from _table(element)
    parents = _numbered(root.StructTreeRoot.get("/ParentTree"))
    for number, page in enumerate(file.pages, start=1):
        yield from (f"page {number}: {fault}" for fault in _page(page, parents))
    yield from _fonts(file)


def _metadata(root: Any) -> Iterator[str]:
    if "/Metadata" not in root:
        yield "there are no XMP metadata"
        return
    told = root.Metadata.read_bytes().decode()
    if "<pdfuaid:part>1</pdfuaid:part>" not in told:
        yield "the metadata do not claim PDF/UA-1 (pdfuaid:part)"
    if "<dc:title>" not in told:
        yield "the metadata have no title (dc:title)"


def _structure(tree: list[tuple[str, Any, str]]) -> Iterator[str]:
    for kind, element, parent in tree:
        if kind not in STANDARD:
            yield f"the tag '{kind}' is neither standard nor mapped to one"
        if kind in _PARENTS and parent not in _PARENTS[kind]:
            yield f"a {kind} stands in a {parent or 'document root'}"
        if kind in ("Figure", "Formula") and not str(element.get("/Alt", "")).strip():
            yield f"a {kind} has no alternative text"


def _headings(tree: list[tuple[str, Any, str]]) -> Iterator[str]:
    level = 0
    for kind, _, _ in tree:
        if kind[0] == "H" and kind[1:].isdigit():
            if int(kind[1:]) > level + 1:
                yield f"the heading {kind} follows level {level}"
            level = int(kind[1:])


def _table(table: Any) -> Iterator[str]:
    rows: list[Any] = []
    for one in children(table):
        rows += [one] if one.S == "/TR" else [row for row in children(one) if row.S == "/TR"]
    widths = {sum(int(_attribute(cell, "/ColSpan", 1)) for cell in children(row)) for row in rows}
    if len(widths) > 1:
        yield f"a table has rows of {' and '.join(map(str, sorted(widths)))} cells"
    cells = [cell for row in rows for cell in children(row)]
    heads = [cell for cell in cells if cell.S == "/TH"]
    if not heads:
        yield "a table has no headings (TH)"
    if any(_attribute(cell, "/Scope", None) is None for cell in heads):
        yield "a heading of a table does not say what it heads (Scope)"
    known = {str(cell.get("/ID", "")) for cell in heads}
    for cell in cells:
        if any(str(name) not in known for name in _attribute(cell, "/Headers", ())):
            yield "a cell names a heading that its table does not have (Headers)"


def _attribute(element: Any, name: str, default: Any) -> Any:
    given = element.get("/A")
    each = [] if given is None else list(given) if isinstance(given, pikepdf.Array) else [given]
    return next((one[name] for one in each if one.get("/O") == "/Table" and name in one), default)


def _numbered(tree: Any) -> dict[int, Any]:
    """A number tree, flat."""
    if tree is None:
        return {}
    flat = list(tree.get("/Nums", ()))
    found = {int(flat[index]): flat[index + 1] for index in range(0, len(flat), 2)}
    for kid in tree.get("/Kids", ()):
        found |= _numbered(kid)
    return found


def _page(page: pikepdf.Page, parents: dict[int, Any]) -> Iterator[str]:
    key = page.obj.get("/StructParents")
    owners = list(parents.get(int(key), ())) if key is not None else []
    inside: list[str | int] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            marked = (
                operands[1].get("/MCID")
                if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary)
                else None
            )
            inside.append(str(operands[0]) if marked is None else int(marked))
        elif name == "EMC":
            inside.pop()
        elif name in _PAINTS:
            numbers = [one for one in inside if isinstance(one, int)]
            if not numbers and "/Artifact" not in inside:
                yield f"content is neither tagged nor an artifact ({name})"
                return
            if any(one >= len(owners) or owners[one] is None for one in numbers):
                yield "marked content belongs to no tag"
                return
    annotations = list(page.obj.get("/Annots", ()))
    if annotations and page.obj.get("/Tabs") != "/S":
        yield "the tabulator does not follow the tags (Tabs)"
    for one in annotations:
        if one.get("/Subtype") != "/Link":
            continue
        if not str(one.get("/Contents", "")).strip():
            yield "a link does not say where it leads (Contents)"
        owner = parents.get(int(one.get("/StructParent", -1)))
        if owner is None or owner.get("/S") != "/Link":
            yield "a link is not inside a Link tag"


def _fonts(file: pikepdf.Pdf) -> Iterator[str]:
    for one in file.objects:
        if not isinstance(one, pikepdf.Dictionary) or one.get("/Type") != "/Font":
            continue
        if one.get("/Subtype") in ("/Type0", "/TrueType", "/Type1") and "/ToUnicode" not in one:
            yield f"the font {one.get('/BaseFont')} has no ToUnicode"
        if one.get("/Subtype") == "/Type0":
            continue
        described = one.get("/FontDescriptor")
        embedded = described is not None and any(
            name in described for name in ("/FontFile", "/FontFile2", "/FontFile3")
        )
        if one.get("/Subtype") != "/Type3" and not embedded:
            yield f"the font {one.get('/BaseFont')} is not embedded"
