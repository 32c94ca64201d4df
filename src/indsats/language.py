"""The two languages of screens, reports and definitions, and how each writes numbers and dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from datetime import time as clock
from typing import Literal
from zoneinfo import ZoneInfo

Lang = Literal["da", "en"]
LANGUAGES: tuple[Lang, ...] = ("da", "en")
ZONE = ZoneInfo("Europe/Copenhagen")
"""What a day and an hour mean to a reader; times are kept in UTC."""
NO_VALUE = "–"


def number(value: float | None, lang: Lang, decimals: int = 0) -> str:
    """``1234.5`` as ``1.234,5`` (da) or ``1,234.5`` (en); a dash for no value; a true minus sign."""
    if value is None:
        return NO_VALUE
    text = f"{value:,.{decimals}f}"
    if text.lstrip("-0,.") == "":
        text = text.lstrip("-")
    if lang == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "\u2212")


def percent(value: float | None, lang: Lang, decimals: int = 1) -> str:
    """A share between 0 and 1 as ``12,6 %`` (da) or ``12.6%`` (en)."""
    if value is None:
        return NO_VALUE
    return number(value * 100, lang, decimals) + ("\u00a0%" if lang == "da" else "%")


def p_value(value: float | None, lang: Lang) -> str:
    """A p-value with three decimals, ``< 0,001`` below that."""
    if value is None:
        return NO_VALUE
    if value < 0.001:
        return "<\u00a0" + number(0.001, lang, 3)
    return number(value, lang, 3)


def day(value: date, lang: Lang) -> str:
    """``3. maj 2016`` (da) or ``3 May 2016`` (en)."""
    return f"{value.day}{'.' if lang == 'da' else ''} {month_name(value.month, lang)} {value.year}"


def month_name(month: int, lang: Lang) -> str:
    """The month's name, as written inside a sentence."""
    names = {
        "da": "januar februar marts april maj juni juli august september oktober november december",
        "en": "January February March April May June July August September October November December",
    }
    return names[lang].split()[month - 1]


def local(time: datetime) -> datetime:
    """A time as a Danish clock shows it; one without a zone is UTC, as times are kept."""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(ZONE)


def end_of(day: date) -> datetime:
    """The last moment of a Danish day, in UTC: two hours later, in summer, the next one has begun there."""
    return datetime.combine(day, clock.max, ZONE).astimezone(UTC)


_MONTHS = "|".join(month_name(month, lang) for lang in LANGUAGES for month in range(1, 13))
_UNITS = (
    r"(?:pct\.|procent|percent|kr\.|mio\.|mia\.|timer|uger|dage|måneder|år|borgere|hours|weeks|days|months|years|"
    rf"citizens|{_MONTHS})"
)
"""What a number before it is kept together with."""
_BEFORE = r"(?:kl\.|nr\.|§§?|stk\.|ca\.|s\.|L|[Tt]abel|[Ff]igur|[Tt]able|[Ff]igure|[Bb]ilag|[Aa]ppendix)"
"""What is kept together with a number after it."""
_RANGE = re.compile(r"\S*://\S*|(?<![\d-])(\d+)-([1-9]\d*)(?![\d-])")
"""An address, which is left alone, or two numbers with a hyphen between them."""


def typeset(text: str, lang: Lang) -> str:
    """Running text as a printer sets it: »quotation marks«, dashes, and spaces that do not break over lines.

    Danish quotation marks point outwards and English ones are curled. A hyphen between spaces becomes a dash, one
    between numbers a short dash; addresses, dates like ``2016-07-01`` and case numbers like ``2016-0123456`` keep
    theirs. A number keeps its unit, its month, its ``§`` and its ``kl.`` on the line. No sign is added or taken away:
    the text is as long as before.
    """
    opening, closing = ("»", "«") if lang == "da" else ("“", "”")
    text = re.sub(r'(^|[\s(\[/–-])"(?=\S)', rf"\1{opening}", text)
    text = text.replace('"', closing)
    text = re.sub(r"(?<=\s)-(?=\s)", "–", text)
    text = _RANGE.sub(_range, text)
    text = re.sub(rf"(?<=\d) (?={_UNITS}(?:\W|$))", "\u00a0", text)
    text = re.sub(rf"(?<!\w)({_BEFORE}) (?=[\dIVX])", "\\1\u00a0", text)
    text = re.sub(r"(?<=mi[oa]\.) (?=kr\.)", "\u00a0", text)
    return re.sub(rf"(?<=\d)\. (?=(?:{_MONTHS})\b)", ".\u00a0", text)


def _range(found: re.Match[str]) -> str:
    """A short dash between two numbers of about the same length: a long one after a short is a number of its own."""
    first, last = found.groups()
    if first is None or len(last) > len(first) + 1:
        return found.group()
    return f"{first}–{last}"


def inside(title: str) -> str:
    """A title inside a sentence: a small first letter, but not that of ``CTI``."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
