"""The two languages of screens, reports and definitions, and how each writes numbers and dates."""

from __future__ import annotations

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
