"""Small pieces sentences are built of: rows of words, quotation marks, numbers and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indsats.language import Lang, number

from ..base import Duration
from ..definition import Programme


def pick(lang: Lang, da: str, en: str) -> str:
    """The one of two sentences that is in ``lang``."""
    return da if lang == "da" else en


def row(words: Sequence[str], lang: Lang, last: str = "and") -> str:
    """``a``, ``a og b``, ``a, b og c``; ``last`` is ``and`` or ``or``."""
    joint = {"and": pick(lang, "og", "and"), "or": pick(lang, "eller", "or")}[last]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


_NAMES = re.compile("»[^«]*«|“[^”]*”")


def clauses(parts: Sequence[str], lang: Lang, last: str = "and") -> str:
    """Whole clauses in a row, with a comma before the joining word where one of them holds more than one thing."""
    joint = {"and": pick(lang, "og", "and"), "or": pick(lang, "eller", "or")}[last]
    several = (" og ", " eller ", " and ", " or ", " nor ", ",")
    bare = [_NAMES.sub("", part) for part in parts]
    comma = "," if any(word in part for part in bare for word in several) else ""
    if len(parts) < 2:
        return "".join(parts)
    between = f", {joint} " if comma else ", "
    return f"{between.join(parts[:-1])}{comma} {joint} {parts[-1]}"


def quoted(words: str, lang: Lang) -> str:
    """A name the programme has given, in quotation marks."""
    return f"»{words}«" if lang == "da" else f"“{words}”"


def plain_number(value: float, lang: Lang) -> str:
    """A number with the decimals it has, four at most: ``0,5``, ``12``, ``1.234``."""
    for decimals in range(5):
        if round(value, decimals) == value:
            return number(value, lang, decimals)
    return number(value, lang, 4)


_UNITS = {
    "da": {
        "day": ("dag", "dage"),
        "week": ("uge", "uger"),
        "month": ("måned", "måneder"),
        "year": ("år", "år"),
    },
    "en": {
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
        "year": ("year", "years"),
    },
}


def amounts(duration: Duration) -> list[tuple[int, str]]:
    """A length as whole numbers of units: years or months, weeks or days."""
    found: list[tuple[int, str]] = []
    if duration.months:
        whole = duration.months % 12 == 0
        found.append((duration.months // 12, "year") if whole else (duration.months, "month"))
    if duration.days or not found:
        weeks = duration.days % 7 == 0 and duration.days > 0
        found.append((duration.days // 7, "week") if weeks else (duration.days, "day"))
    return found


def _amount(count: int, unit: str, lang: Lang) -> str:
    return f"{count} {_UNITS[lang][unit][abs(count) != 1]}"


def length(duration: Duration, lang: Lang) -> str:
    """``3 måneder``, ``14 dage`` as ``2 uger``, ``1 år og 2 uger``."""
    return row([_amount(count, unit, lang) for count, unit in amounts(duration)], lang)


def duration_in_words(programme: Programme, duration: Duration, lang: Lang = "da") -> str:
    """A duration as it is read: ``3 måneder``; one that comes from a setting says so, and whether a site may
    change it."""
    if duration.setting is None or duration.setting not in programme.settings:
        return duration.setting or length(duration, lang)
    return length(programme.length(duration), lang) + setting_remark(programme, duration, lang)


def setting_remark(programme: Programme, duration: Duration, lang: Lang) -> str:
    """`` (et sted kan vælge selv)`` for a length a site may change, else nothing."""
    setting = programme.settings.get(duration.setting or "")
    if setting is None or not setting.override:
        return ""
    return pick(lang, " (et sted kan vælge selv)", " (a site may choose its own)")


def every_in_words(programme: Programme, duration: Duration, lang: Lang = "da") -> str:
    """How often: ``hver 3. måned``, ``hvert år``, ``every 6 weeks``."""
    if duration.setting is not None and duration.setting not in programme.settings:
        return duration.setting
    parts = amounts(programme.length(duration))
    remark = setting_remark(programme, duration, lang)
    if len(parts) > 1:
        return (
            pick(lang, "hver gang der er gået ", "every ") + length(programme.length(duration), lang) + remark
        )
    count, unit = parts[0]
    one, many = _UNITS[lang][unit]
    if lang == "en":
        return (f"every {one}" if count == 1 else f"every {count} {many}") + remark
    each = "hvert" if unit == "year" else "hver"
    return (f"{each} {one}" if count == 1 else f"{each} {count}. {one}") + remark
