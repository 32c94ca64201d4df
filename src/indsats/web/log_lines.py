"""How the server writes its log: where something went wrong and what kind of error it was, and nothing about people."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

_NUMBERS = re.compile(r"\d{6}[\s-]?\d{4}|\d{6,}")
_LINKS = re.compile(r"(/link/)[^/\s]+")
"""What the address of a citizen's link ends with."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainLines(logging.Formatter):
    """Lines without long numbers; of an error its kind and the lines of code it came through.

    What an error says is left out: the database puts the values it refuses into it, and a value may be a person.
    """

    def __init__(self) -> None:
        """Time, level, logger and message."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line; longer numbers in it are struck out."""
        return masked(super().format(record))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name logging calls
        """The kinds of the error and of those it came from, with where in the code each was raised."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            for frame in traceback.extract_tb(error.__traceback__):
                lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def masked(said: str) -> str:
    """A text with every number that may be a person's, and every citizen's link, struck out."""
    return _NUMBERS.sub("…", _LINKS.sub(r"\1…", said))
