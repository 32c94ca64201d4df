"""The fonts of printed documents: where their files are, which characters they hold, and how wide words run in them."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro

SANS, SERIF = "Source Sans Pro", "Source Serif Pro"
FOLDERS: tuple[str, str] = (font_source_sans_pro.font_directory, font_source_serif_pro.font_directory)
"""The folders of their files."""
_ALIKE = {"✕": "×", "✖": "×", "✗": "×", "●": "•", "○": "◦", "◇": "◊", "\t": " ", "\r": " "}
"""Signs that the fonts lack, and what looks the same."""
_UNSEEN = ("\n", "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0f")
"""Characters that are never drawn: breaks, joiners and the like."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: the width of each character it holds, in parts of the type size."""

    widths: Mapping[int, float]

    def width(self, text: str, size: float) -> float:
        """How wide a line of text is in points, at ``size`` points."""
        return size * sum(self.widths.get(ord(one), 1.0) for one in text if one not in _UNSEEN)


def printable(text: str) -> str:
    """The text with what the fonts do not hold put otherwise: a sign that looks alike, or its number, ``[U+1F600]``.

    A missing character would be an empty box on paper and silence to a screen reader, and is refused by PDF/UA.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_printable, unicodedata.normalize("NFC", text)))


@cache
def _printable(one: str) -> str:
    if one in _UNSEEN or any(ord(one) in face.widths for face in (sans(), serif())):
        return one
    return _ALIKE.get(one) or f"[U+{ord(one):04X}]"


@cache
def sans() -> Face:
    """The face of tables, semibold: what fits in it fits in the lighter ones."""
    return _face(Path(FOLDERS[0]) / "SourceSansPro-Semibold.ttf")


@cache
def serif() -> Face:
    """The face of running text."""
    return _face(Path(FOLDERS[1]) / "SourceSerifPro-Regular.ttf")


def _face(path: Path) -> Face:
    """Reads a TrueType file: its ``cmap`` (formats 4 and 12) and ``hmtx`` tables, as OpenType 1.9 lays them out."""
    raw = path.read_bytes()
    (count,) = struct.unpack_from(">H", raw, 4)
    entries = (struct.unpack_from(">4sLLL", raw, 12 + 16 * index) for index in range(count))
    starts = {tag: start for tag, _, start, _ in entries}
    (em,) = struct.unpack_from(">H", raw, starts[b"head"] + 18)
    (full,) = struct.unpack_from(">H", raw, starts[b"hhea"] + 34)
    advances = struct.unpack_from(">" + "Hh" * full, raw, starts[b"hmtx"])[::2]
    glyphs = _glyphs(raw, starts[b"cmap"])
    return Face({code: advances[min(glyph, full - 1)] / em for code, glyph in glyphs.items() if glyph})


def _glyphs(raw: bytes, start: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">H", raw, start + 2)
    found: dict[int, int] = {}
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", raw, start + 4 + 8 * index)
        at = start + offset
        (form,) = struct.unpack_from(">H", raw, at)
        if form == 12:
            (groups,) = struct.unpack_from(">L", raw, at + 12)
            for group in range(groups):
                first, last, glyph = struct.unpack_from(">LLL", raw, at + 16 + 12 * group)
                found |= {first + step: glyph + step for step in range(last - first + 1)}
        elif form == 4:
            found |= _segments(raw, at)
    return found


def _segments(raw: bytes, at: int) -> dict[int, int]:
    (twice,) = struct.unpack_from(">H", raw, at + 6)
    size = twice // 2
    ends = struct.unpack_from(f">{size}H", raw, at + 14)
    begins = struct.unpack_from(f">{size}H", raw, at + 16 + twice)
    deltas = struct.unpack_from(f">{size}H", raw, at + 16 + 2 * twice)
    ranges_at = at + 16 + 3 * twice
    ranges = struct.unpack_from(f">{size}H", raw, ranges_at)
    found: dict[int, int] = {}
    for index in range(size):
        for code in range(begins[index], min(ends[index], 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                place = ranges_at + 2 * index + ranges[index] + 2 * (code - begins[index])
                (glyph,) = struct.unpack_from(">H", raw, place)
                if not glyph:
                    continue
            found[code] = (glyph + deltas[index]) & 0xFFFF
    return found
