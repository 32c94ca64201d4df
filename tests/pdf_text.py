"""The words of a tagged PDF as a screen reader meets them: tag by tag, in the order of the tags."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from typing import Any

import pikepdf

_CODES = re.compile(rb"<([0-9A-Fa-f]+)>")


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """Each structure element with its tag and all words in it, without spaces: lines may end between them."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        words: dict[tuple[Any, int], str] = {}
        for page in file.pages:
            words |= {(page.obj.objgen, key): text for key, text in _marked(page).items()}
        found: list[tuple[str, str]] = []
        _walk(file.Root.StructTreeRoot, None, words, found)
        return found


def cells(pdf: bytes) -> list[list[list[str]]]:
    """Tables, rows and the words of cells, without spaces."""
    tables: list[list[list[str]]] = []
    for kind, text in spoken(pdf):
        if kind == "Table":
            tables.append([])
        elif kind == "TR":
            tables[-1].append([])
        elif kind in ("TH", "TD"):
            tables[-1][-1].append(text)
    return tables


def pages(pdf: bytes) -> list[str]:
    """All words of each page without spaces, headers and footers too."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [bare("".join(_marked(page).values())) for page in file.pages]


def bare(text: str) -> str:
    """A text as ``spoken`` gives it."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)


def _walk(node: Any, page: Any, words: dict[tuple[Any, int], str], found: list[tuple[str, str]]) -> str:
    page = node.get("/Pg", page)
    below = node.get("/K")
    place = len(found)
    kind = str(node.S)[1:] if "/S" in node else ""
    if kind:
        found.append((kind, ""))
    text = ""
    for one in list(below) if isinstance(below, pikepdf.Array) else [] if below is None else [below]:
        if isinstance(one, int):
            text += words.get((page.objgen, one), "")
        elif one.get("/Type") == "/MCR":
            text += words.get((one.get("/Pg", page).objgen, int(one.MCID)), "")
        elif "/S" in one:
            text += _walk(one, page, words, found)
    if kind:
        found[place] = (kind, bare(text))
    return text


def _marked(page: pikepdf.Page) -> dict[int, str]:
    """The words of each piece of marked content on a page; those of headers and footers under -1."""
    fonts = {name: _codes(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
    found: dict[int, str] = defaultdict(str)
    inside: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "BDC":
            given = operands[1] if isinstance(operands[1], pikepdf.Dictionary) else {}
            inside.append(int(given["/MCID"]) if "/MCID" in given else None)
        elif name == "BMC":
            inside.append(None)
        elif name == "EMC":
            inside.pop()
        elif name == "Tf":
            font = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            pieces = operands[0] if name == "TJ" else operands
            raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            text = "".join(font[int.from_bytes(raw[at : at + 2], "big")] for at in range(0, len(raw), 2))
            found[next((one for one in reversed(inside) if one is not None), -1)] += text
    return found


def _codes(font: Any) -> dict[int, str]:
    """What each code of a font reads as: its ``ToUnicode`` map, with single codes and ranges."""
    found: dict[int, str] = {}
    told = font.ToUnicode.read_bytes()
    for kind, body in re.findall(rb"begin(bfchar|bfrange)(.*?)end\1", told, re.DOTALL):
        codes = [bytes.fromhex(code.decode()) for code in _CODES.findall(body)]
        step = 2 if kind == b"bfchar" else 3
        for at in range(0, len(codes), step):
            first, last = int.from_bytes(codes[at], "big"), int.from_bytes(codes[at + step - 2], "big")
            start = codes[at + step - 1].decode("utf-16-be")
            for code in range(first, last + 1):
                found[code] = start[:-1] + chr(ord(start[-1]) + code - first)
    return found
