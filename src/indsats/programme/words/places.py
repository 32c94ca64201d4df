"""Where something stands in a definition, told by titles: ``Krav › »Samtale i tide« › frist``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from indsats.language import Lang, day

from ..base import Text
from ..steering import Target, TheoryLink
from .keys import KEYS
from .phrases import pick, quoted


def place_in_words(part: Any, path: Sequence[Any], lang: Lang = "da") -> str:
    """The path through a definition (or a part of one) in words, as far as it leads."""
    words: list[str] = []
    above = [part]
    for step in path:
        part = _below(part, step)
        above.append(part)
        title = getattr(part, "title", None)
        if isinstance(title, Text):
            words.append(quoted(title.in_(lang), lang))
        elif isinstance(part, Target):
            words.append(_target(above[0], part, lang))
        elif isinstance(part, TheoryLink):
            ends = [_title(_below(above[-3], "nodes"), name, lang) for name in (part.cause, part.effect)]
            words.append(" → ".join(ends))
        elif isinstance(above[-2], dict):
            # A name given in the definition, whatever it may be called, or an answer by its number.
            words.append(str(step) if isinstance(step, int) else quoted(str(step), lang))
        elif isinstance(step, int):
            words.append(pick(lang, f"nr. {step + 1}", f"no. {step + 1}"))
        else:
            words.append(KEYS[step].in_(lang) if step in KEYS else quoted(str(step), lang))
    whole = " › ".join(words)
    return whole[:1].upper() + whole[1:]


def _target(root: Any, target: Target, lang: Lang) -> str:
    """A target has no title: it is known by its indicator, its place and its period."""
    indicator = _title(_below(root, "indicators"), target.indicator, lang)
    if target.site is not None:
        site = _title(_below(root, "sites"), target.site, lang)
        told = pick(lang, f"{indicator} på {site}", f"{indicator} at {site}")
    elif target.unit is not None:
        unit = _title(_below(root, "units"), target.unit, lang)
        told = pick(lang, f"{indicator} i {unit}", f"{indicator} in {unit}")
    else:
        told = pick(lang, f"{indicator} i hele programmet", f"{indicator} in the whole programme")
    during = target.period or target.valid
    if during is not None:
        told += f" ({day(during.first, lang)} – {day(during.last, lang)})"
    return told


def _title(parts: Any, name: str, lang: Lang) -> str:
    title = getattr(_below(parts, name), "title", None)
    return quoted(title.in_(lang) if isinstance(title, Text) else name, lang)


def _below(part: Any, step: Any) -> Any:
    if isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if step in (info.alias, name):
                return getattr(part, name)
        return None
    if isinstance(part, dict):
        return part.get(step)
    if isinstance(part, list) and isinstance(step, int) and step < len(part):
        return part[step]
    return None
