"""The page a definition is explained on: headings and points of Markdown, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indsats.language import Lang

from .definition import Programme
from .words import pick, quoted


class Page:
    """Lines of Markdown about a programme. A heading without anything under it is left out."""

    def __init__(self, programme: Programme, lang: Lang) -> None:
        self.programme = programme
        self.lang: Lang = lang
        self._lines: list[str] = []
        self._waiting: list[tuple[int, str]] = []

    def say(self, da: str, en: str) -> str:
        """The one of two texts that is in the page's language."""
        return pick(self.lang, da, en)

    def heading(self, level: int, da: str, en: str) -> None:
        """A heading, written when something follows it; it ends those of its own level and below."""
        self._waiting = [(above, text) for above, text in self._waiting if above < level]
        self._waiting.append((level, self.say(da, en)))

    def paragraph(self, text: str) -> None:
        """A paragraph of its own."""
        self._write("")
        self._write(text)

    def point(self, text: str, depth: int = 0) -> None:
        """One point of a list; ``depth`` counts how far in it stands."""
        if self._waiting or not self._lines or not self._lines[-1].lstrip().startswith("- "):
            self._write("")
        self._write(f"{'  ' * depth}- {text}")

    def _write(self, line: str) -> None:
        if not line:
            self._waiting_headings()
            if self._lines and self._lines[-1]:
                self._lines.append("")
            return
        self._waiting_headings()
        self._lines.append(line)

    def _waiting_headings(self) -> None:
        for level, text in self._waiting:
            if self._lines:
                self._lines.append("")
            self._lines.append(f"{'#' * level} {text}")
        self._waiting = []

    def title(self, parts: Mapping[str, Any], name: str | None) -> str:
        """The title of a part of the programme, in quotation marks; its id where there is no such part."""
        found = parts.get(name or "")
        return quoted(found.title.in_(self.lang) if found is not None else name or "", self.lang)

    def sentence(self, text: str) -> str:
        """The text with a capital letter at its start and a full stop at its end."""
        whole = text[:1].upper() + text[1:]
        return whole if whole.endswith((".", "!", "?", ":")) else f"{whole}."

    @property
    def text(self) -> str:
        """The whole page."""
        lines = [line for at, line in enumerate(self._lines) if line or (at and self._lines[at - 1])]
        return "\n".join(lines).strip() + "\n"
