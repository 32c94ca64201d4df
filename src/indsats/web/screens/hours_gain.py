"""The form that asks what a citizen has left of ordinary hours beside a benefit; nothing of it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from indsats.economy import PriceBook, price_book
from indsats.language import Lang, number
from indsats.problem import InputRefused
from indsats.programme import Programme

from ..parts import Shown, shown
from ..words import say
from .case_words import plain_number
from .hours_answer import Answer, Asked, Wage, answer_of, priced_wage

HOURS, WAGE, BENEFIT, AMOUNT = "timer", "timeloen", "ydelse", "beloeb"
"""The fields of the form, as they stand in the address."""

_BOUNDS: Mapping[str, tuple[float, float]] = {HOURS: (0.25, 168), WAGE: (1, 2000), AMOUNT: (0, 100_000)}
"""The smallest and the largest that is no slip of the pen: a week has 168 hours."""
_PLAIN = re.compile(r"^[0-9]{1,9}([.,][0-9]{1,2})?$")
_GROUPED: Mapping[str, re.Pattern[str]] = {
    ".": re.compile(r"^[0-9]{1,3}(\.[0-9]{3}){1,2},[0-9]{1,2}$"),
    ",": re.compile(r"^[0-9]{1,3}(,[0-9]{3}){1,2}\.[0-9]{1,2}$"),
}
"""Numbers with a sign between thousands that can be read in one way only, by that sign."""


@dataclass(frozen=True, slots=True)
class Gain:
    """The form as it stands, and the answer where it says enough; ``unknown`` says in words why there can be none."""

    fields: tuple[Shown, ...]
    answer: Answer | None = None
    unknown: str = ""


def gain_of(
    programme: Programme, hours_now: float | None, sent: Mapping[str, str], year: int, lang: Lang
) -> Gain:
    """The form with what was ``sent``, and what is left of the pay by the rates of ``year``.

    ``hours_now`` are the citizen's ordinary hours a week, if any are known. The form starts with them, with a pay the
    programme has priced, and with the programme's benefit.
    """
    book, wage = price_book(), priced_wage(programme, year)
    benefits = {
        key: book.items[key].title.in_(lang) for rule in book.exemptions.values() for key in rule.benefits
    }
    values = {
        HOURS: sent.get(HOURS, _in_field(hours_now or None, lang)),
        WAGE: sent.get(WAGE, _in_field(wage and wage.amount, lang)),
        BENEFIT: sent.get(BENEFIT, _benefit_of(programme, book)),
        AMOUNT: sent.get(AMOUNT, ""),
    }
    if not any(name in sent for name in values):
        return Gain(tuple(_fields(values, {}, benefits, hours_now, wage, lang)))
    numbers = {name: number_in(values[name]) for name in _BOUNDS}
    wrong = {name: said for name in values if (said := _wrong(name, values[name], numbers, benefits, lang))}
    fields = tuple(_fields(values, wrong, benefits, hours_now, wage, lang))
    if wrong:
        return Gain(fields)
    asked = Asked(numbers[HOURS] or 0.0, numbers[WAGE] or 0.0, values[BENEFIT], numbers[AMOUNT])
    try:
        return Gain(fields, answer_of(asked, hours_now or None, wage, year, lang))
    except InputRefused:
        return Gain(fields, unknown=say("hours.gain.no_rates", lang, year=str(year)))


def number_in(text: str) -> float | None:
    """A number as either language writes it; None for none, and for 12.000, which is twelve to some."""
    said = re.sub(r"\s|kr\.?\s*$", "", text.strip().lower())
    if _PLAIN.match(said):
        return float(said.replace(",", "."))
    for sign, pattern in _GROUPED.items():
        if pattern.match(said):
            return float(said.replace(sign, "").replace(",", "."))
    return None


def _benefit_of(programme: Programme, book: PriceBook) -> str:
    """The first benefit the programme has priced for which it is known what may be earned beside it."""
    named = (one.book for one in programme.economy.prices.values())
    return next((key for key in named if key and book.exemption(key)), "")


def _wrong(
    name: str, text: str, numbers: Mapping[str, float | None], benefits: Mapping[str, str], lang: Lang
) -> str:
    """What is wrong with a field, in words; empty for nothing."""
    if name == BENEFIT:
        return "" if text in benefits else say("hours.gain.choose", lang)
    if not text.strip():
        return "" if name == AMOUNT else say(f"hours.gain.{name}.missing", lang)
    value = numbers[name]
    if value is None:
        return say("hours.gain.no_number", lang)
    least, most = _BOUNDS[name]
    if not least <= value <= most:
        return say("hours.gain.beyond", lang, least=plain_number(least, lang), most=number(most, lang))
    return ""


def _fields(
    values: Mapping[str, str],
    wrong: Mapping[str, str],
    benefits: Mapping[str, str],
    hours_now: float | None,
    wage: Wage | None,
    lang: Lang,
) -> Iterator[Shown]:
    hints = {
        HOURS: say("hours.gain.timer.hint", lang) if hours_now else "",
        WAGE: say("hours.gain.timeloen.hint", lang, title=wage.title.in_(lang)) if wage else "",
        AMOUNT: say("hours.gain.beloeb.hint", lang),
    }
    for name in values:
        about = {
            "name": name,
            "label": say(f"hours.gain.{name}", lang),
            "value": values[name],
            "error": wrong.get(name),
        }
        if name == BENEFIT:
            yield shown({**about, "kind": "select", "options": list(benefits.items())})
        else:
            suffix = say("hours.gain.hours" if name == HOURS else "hours.gain.kroner", lang)
            yield shown(
                {
                    **about,
                    "kind": "number",
                    "hint": hints[name],
                    "required": name != AMOUNT,
                    "width": "short",
                    "suffix": suffix,
                }
            )


def _in_field(value: float | None, lang: Lang) -> str:
    """A number in a field: without signs between thousands, which cannot be read back for sure."""
    if value is None:
        return ""
    return plain_number(value, lang) if value < 1000 else f"{value:.0f}"
