"""Tags and filters of every template: words, days and numbers in the reader's language, icons, panels, fields.

The language is the one the request activated, so a filter needs no argument for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from indsats import language
from indsats.language import NO_VALUE, Lang
from indsats.programme import Text

from .. import words
from ..parts import STATES, Shown, Wrong, shown, wrongs

register = template.Library()

_DAYS = {
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def lang_now() -> Lang:
    """The language of the request being answered."""
    return "en" if (get_language() or "da").startswith("en") else "da"


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: object) -> str:
    """``{% say "day.title" n=3 %}``: the words of a key, in the context's ``lang`` where it names one."""
    return words.say(key, context.get("lang") or lang_now(), **values)


@register.filter
def in_lang(text: Text | str | None, lang: str | None = None) -> str:
    """A text of the definition in the reader's language, or in ``lang``."""
    if not isinstance(text, Text):
        return "" if text is None else str(text)
    return text.in_(cast("Lang", lang) if lang in language.LANGUAGES else lang_now())


register.filter("inside", language.inside)


@register.filter
def day(value: date | None) -> str:
    """``22. november 2026``; a dash for none."""
    return NO_VALUE if value is None else language.day(_date(value), lang_now())


@register.filter
def short_day(value: date | None) -> str:
    """``22.11.`` or ``22 Nov``: where the year goes without saying."""
    if value is None:
        return NO_VALUE
    on = _date(value)
    return (
        f"{on.day}.{on.month}."
        if lang_now() == "da"
        else f"{on.day} {language.month_name(on.month, 'en')[:3]}"
    )


@register.filter
def dated(value: date | None) -> str:
    """``22.11.2026`` or ``22 Nov 2026``: short, with its year."""
    if value is None:
        return NO_VALUE
    return f"{short_day(value)}{'' if lang_now() == 'da' else ' '}{_date(value).year}"


@register.filter
def weekday(value: date | None) -> str:
    """``søndag 22. november, uge 47``: a day one stands in."""
    if value is None:
        return NO_VALUE
    on, lang = _date(value), lang_now()
    month = language.month_name(on.month, lang)
    said = f"{on.day}. {month}, uge" if lang == "da" else f"{on.day} {month}, week"
    return f"{_DAYS[lang][on.weekday()]} {said} {on.isocalendar().week}"


@register.filter
def moment(value: datetime | None) -> str:
    """``22.11.2026 kl. 07.10`` or ``22 Nov 2026 07:10``, as a Danish clock shows it."""
    if value is None:
        return NO_VALUE
    here = language.local(value)
    return f"{dated(here)} kl. {here:%H.%M}" if lang_now() == "da" else f"{dated(here)} {here:%H:%M}"


@register.filter
def figure(value: float | None, decimals: int = 0) -> str:
    """A number with its thousands parted and ``decimals``: ``1.234,5``; a dash for none."""
    return language.number(value, lang_now(), decimals)


@register.filter
def share(value: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as ``13 %``; a dash for none."""
    return language.percent(value, lang_now(), decimals)


@register.filter
def age(born: date | None, on: date) -> str:
    """Whole years from ``born`` to ``on``; a dash where the birth date is not known."""
    if born is None:
        return NO_VALUE
    return str(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def _date(value: date) -> date:
    return language.local(value).date() if isinstance(value, datetime) else value


@register.simple_tag
def icon(name: str, small: bool = False) -> SafeString:
    """``{% icon "search" %}``: a picture that says nothing to a screen reader; words stand beside it."""
    made = format_html(
        '<svg class="icon-svg{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon-small" if small else "",
        static("dkfds/icons.svg"),
        name,
    )
    return cast("SafeString", made)


@register.simple_tag
def status(name: str, text: object = "") -> SafeString:
    """``{% status "soon" "frist 1.12." %}``: a state as sign and words, ``look.state.<name>`` without any.

    Raises KeyError, with the states there are, for another.
    """
    if name not in STATES:
        raise KeyError(f"no state '{name}'; there are {', '.join(STATES)}")
    look = STATES[name]
    made = format_html(
        '<span class="state {}"><span class="sign" aria-hidden="true">{}</span> <span>{}</span></span>',
        look.tone,
        look.sign,
        words.said(text, lang_now()) or words.say(f"look.state.{name}", lang_now()),
    )
    return cast("SafeString", made)


@register.filter
def as_field(given: BoundField | Shown | dict[str, Any]) -> Shown:
    """A field ready for ``components/field.html``."""
    return shown(given)


@register.filter
def as_errors(given: Any) -> list[Wrong]:
    """The lines of ``components/errors.html``: of a form, of fields, or of single errors."""
    return wrongs(given)


@register.filter
def at(items: Sequence[Any], place: int) -> Any:
    """The item at a place of a list, from 0; None beyond its end."""
    return items[place] if 0 <= place < len(items) else None


@register.filter
def per_cent_of(part: float | None, whole: float | None) -> int:
    """A whole number from 0 to 100 for drawing: ``part`` of ``whole``, no more than all of it."""
    return 0 if not part or not whole else max(0, min(100, round(100 * part / whole)))


@register.simple_block_tag(takes_context=True)  # pyright: ignore[reportAttributeAccessIssue] - newer than the types
def panel(context: Context, content: str, title: str = "", **said: Any) -> SafeString:
    """``{% panel title="Krav" %} … {% endpanel %}``: ``components/panel.html`` around what stands between."""
    made = get_template("components/panel.html").render(
        {**said, "title": title, "content": content, "lang": context.get("lang")}
    )
    return mark_safe(made)  # noqa: S308 - a template of ours
