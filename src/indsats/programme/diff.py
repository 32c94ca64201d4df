"""Tells in words what changed between two versions of a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from indsats.language import LANGUAGES, Lang, day

from .base import Duration, Period, Text
from .definition import Programme
from .fields import rule_places
from .flow import Happening
from .measurement import Asking, Questionnaire
from .words import (
    duration_in_words,
    happening_in_words,
    pick,
    place_in_words,
    plain_number,
    quoted,
    row,
    rule_in_words,
)
from .words.changes import LONG, from_to, where_they_differ
from .words.literals import LITERALS

Path = tuple[Any, ...]

_NOT_ASKED = ("source", "note")
"""Keys that say where something comes from, not what an edition asks."""


@dataclass(frozen=True)
class Change:
    """One difference: its ``path`` (in the new version, of something removed in the old), where that is in words
    (``place``) and ``what`` happened to it, both in Danish and English."""

    path: Path
    place: Text
    what: Text

    def in_(self, lang: Lang) -> str:
        """Place and change as one line in one language."""
        return f"{self.place.in_(lang)}: {self.what.in_(lang)}"


def diff(old: Programme, new: Programme) -> list[Change]:
    """Every difference between two definitions, in the order of the definition's parts; none when they say the same.

    The order of keys, and of lists where order means nothing, is left out of account. Rules and lengths of time
    are told in words, long texts shortened to where they differ.
    """
    return list(_Differ(old, new).between(old, new, ()))


_TITLED: Mapping[str, tuple[str, ...]] = {
    "phase": ("phases",),
    "follows": ("phases",),
    "continuity": ("phases",),
    "element": ("elements", "services"),
    "cadence": ("cadences",),
    "service": ("services",),
    "group": ("groups",),
    "groups": ("groups",),
    "yields": ("groups",),
    "unit": ("units",),
    "organisation": ("organisations",),
    "indicator": ("indicators",),
    "indicators": ("indicators",),
    "evidence": ("indicators",),
    "questionnaire": ("questionnaires",),
    "requirement": ("requirements",),
    "role": ("roles",),
    "roles": ("roles",),
    "payer": ("roles",),
    "combines": ("roles",),
    "raters": ("roles",),
    "state": ("states",),
    "table": ("tables",),
    "theory": ("theories",),
    "evaluation": ("evaluations",),
    "setting": ("settings",),
    "event": ("events",),
    "price": ("economy.prices",),
    "benefit": ("economy.prices",),
    "wage": ("economy.prices",),
    "moves_with": ("economy.consequences",),
    "main": ("economy.consequences",),
    "scenario": ("economy.scenarios",),
}
"""Keys whose values name other parts, and where those stand."""

_MATCHED_BY: tuple[tuple[str, ...], ...] = (
    ("id",),
    ("indicator", "unit", "period"),
    ("cause", "effect"),
    ("field",),
    ("title",),
)
"""What makes two parts of a list the same one, the first that fits."""

_IN_ORDER = ("id",)
"""Lists matched by these stand in an order that means something."""


def edition_changes(programme: Programme, name: str, edition: str) -> list[tuple[Text, Text]]:
    """What changed in a questionnaire from the edition before ``edition``: where in it, and what happened.

    The points a form lacked are left out: they say what was printed. None for the first edition.
    Raises KeyError for an edition that does not exist."""
    editions = list(programme.questionnaires[name].editions)
    number = editions.index(edition) if edition in editions else -1
    if number < 0:
        raise KeyError(edition)
    if number == 0:
        return []
    at = ("questionnaires", name)
    before = (*at, "earlier", editions[number - 1])
    path = at if number == len(editions) - 1 else (*at, "earlier", edition)
    # A copy, so that what one says is told apart from what the other says.
    differ = _Differ(programme.model_copy(), programme)
    asked = programme.questionnaires[name].editions
    old, new = asked[editions[number - 1]], asked[edition]
    found: list[tuple[Text, Text]] = []
    for one in differ.askings(old, new, path, before):
        # Something removed is told by its path in the older edition.
        gone = one.path[: len(before)] == before
        if one.path[-1] == "lacks_one_of":
            continue
        whole, above = (old, before) if gone else (new, path)
        below = one.path[len(above) :]
        found.append((differ.each(_place(whole, below)), one.what))
    return found


def _place(whole: Asking, below: Path) -> Callable[[Lang], str]:
    return lambda lang: place_in_words(whole, below, lang)


class _Differ:
    def __init__(self, old: Programme, new: Programme) -> None:
        self.old, self.new = old, new
        self.tables = {
            "old": {place.path: place.table for place in rule_places(old)},
            "new": {place.path: place.table for place in rule_places(new)},
        }

    def between(self, old: Any, new: Any, path: Path, before: Path | None = None) -> Iterator[Change]:
        """What changed from ``old`` to ``new``; ``before`` is the path in the old version where it differs."""
        before = path if before is None else before
        if old == new:
            return
        if isinstance(old, Text) and isinstance(new, Text):
            yield self.text(old, new, path)
        elif isinstance(old, Duration | Period | Happening) or isinstance(new, Duration | Period | Happening):
            yield self.changed(old, new, path, before)
        elif isinstance(old, Questionnaire) and isinstance(new, Questionnaire):
            yield from self.questionnaires(old, new, path, before)
        elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
            yield from self.models(old, new, path, before)
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self.dicts(old, new, path, before)
        elif isinstance(old, list) and isinstance(new, list):
            yield from self.lists(old, new, path, before)
        elif old is None and isinstance(new, BaseModel):
            yield self.said(path, "tilføjet", "added")
        elif new is None and isinstance(old, BaseModel):
            yield self.said(before, "fjernet", "removed", gone=True)
        else:
            yield self.changed(old, new, path, before)

    def models(self, old: BaseModel, new: BaseModel, path: Path, before: Path) -> Iterator[Change]:
        # A part can become one of another type (a count a share): keys one of them lacks are told as none.
        names = dict.fromkeys([*type(new).model_fields, *type(old).model_fields])
        for name in names:
            info = type(new).model_fields.get(name) or type(old).model_fields[name]
            key = info.alias or name
            yield from self.between(
                getattr(old, name, None), getattr(new, name, None), (*path, key), (*before, key)
            )

    def questionnaires(
        self, old: Questionnaire, new: Questionnaire, path: Path, before: Path
    ) -> Iterator[Change]:
        """What is asked now against what was, and each earlier edition against the same one, wherever it stood."""
        for name in type(new).model_fields:
            if name == "earlier":
                yield from self.editions(old, new, path, before)
            else:
                yield from self.between(
                    getattr(old, name), getattr(new, name), (*path, name), (*before, name)
                )

    def editions(self, old: Questionnaire, new: Questionnaire, path: Path, before: Path) -> Iterator[Change]:
        for name, edition in new.earlier.items():
            at = (*path, "earlier", name)
            if name in old.earlier:
                yield from self.between(old.earlier[name], edition, at, (*before, "earlier", name))
            elif name == old.edition and name != new.edition:
                yield self.kept(edition.until, at)
                yield from self.askings(old, edition, at, before)
            else:
                yield self.said(at, "tilføjet", "added")
        for name, edition in old.earlier.items():
            at = (*before, "earlier", name)
            if name == new.edition and name != old.edition:
                yield self.said(at, "besvares igen", "answered again", gone=True)
                yield from self.askings(edition, new, path, at)
            elif name not in new.earlier:
                yield self.said(at, "fjernet", "removed", gone=True)

    def kept(self, until: date, path: Path) -> Change:
        da, en = (day(until, lang) for lang in LANGUAGES)
        return self.said(
            path, f"afløst; gælder svar til og med {da}", f"replaced; holds for answers up to {en}"
        )

    def askings(self, old: Asking, new: Asking, path: Path, before: Path) -> Iterator[Change]:
        """What changed from one edition to another, in what they ask only."""
        for name in Asking.model_fields:
            changes = self.between(getattr(old, name), getattr(new, name), (*path, name), (*before, name))
            yield from (one for one in changes if not set(one.path[len(path) :]) & set(_NOT_ASKED))

    def dicts(self, old: dict[Any, Any], new: dict[Any, Any], path: Path, before: Path) -> Iterator[Change]:
        removed = [key for key in old if key not in new]
        added = [key for key in new if key not in old]
        for key in list(removed):
            # The same part under another name: everything else about it is unchanged.
            again = next((name for name in added if new[name] == old[key]), None)
            if again is not None:
                removed.remove(key)
                added.remove(again)
                yield self.said(
                    (*path, again),
                    f"har fået nyt id: før {key}, nu {again}",
                    f"has a new id: {key} is now {again}",
                )
        for key in new:
            if key in added:
                yield self.said((*path, key), "tilføjet", "added")
            elif key in old:
                yield from self.between(old[key], new[key], (*path, key), (*before, key))
        for key in removed:
            yield self.said((*before, key), "fjernet", "removed", gone=True)

    def lists(self, old: list[Any], new: list[Any], path: Path, before: Path) -> Iterator[Change]:
        if not any(isinstance(one, BaseModel) for one in [*old, *new]):
            yield self.values(old, new, path)
            return
        by = next((keys for keys in _MATCHED_BY if _tells_apart(old, keys) and _tells_apart(new, keys)), None)
        if by is None:
            yield from self.by_place(old, new, path, before)
            return
        places = {_key(one, by): number for number, one in enumerate(old)}
        for number, one in enumerate(new):
            was = places.get(_key(one, by))
            if was is None:
                yield self.said((*path, number), "tilføjet", "added")
            else:
                yield from self.between(old[was], one, (*path, number), (*before, was))
        kept = {_key(one, by) for one in new}
        for number, one in enumerate(old):
            if _key(one, by) not in kept:
                yield self.said((*before, number), "fjernet", "removed", gone=True)
        order = [places[_key(one, by)] for one in new if _key(one, by) in places]
        if by == _IN_ORDER and order != sorted(order):
            yield self.said(path, "rækkefølgen er ændret", "the order has changed")

    def by_place(self, old: list[Any], new: list[Any], path: Path, before: Path) -> Iterator[Change]:
        """Parts without a name of their own: what is on both sides stays, the rest is paired as it stands."""
        left = [number for number, one in enumerate(old) if one not in new]
        came = [number for number, one in enumerate(new) if one not in old]
        for was, now in zip(left, came, strict=False):
            yield from self.between(old[was], new[now], (*path, now), (*before, was))
        for now in came[len(left) :]:
            yield self.about(new[now], "tilføjet", "added", (*path, now))
        for was in left[len(came) :]:
            yield self.about(old[was], "fjernet", "removed", (*before, was), gone=True)

    def about(self, part: Any, da: str, en: str, path: Path, gone: bool = False) -> Change:
        """Something without a title is told by what it says."""
        if isinstance(part, Happening):
            told = self.each(lambda lang: happening_in_words(self.old if gone else self.new, part, lang))
            return self.said(path, f"{da}: {told.da}", f"{en}: {told.en}", gone=gone)
        return self.said(path, da, en, gone=gone)

    def values(self, old: list[Any], new: list[Any], path: Path) -> Change:
        """A list of plain values: what came, what went, or that the order changed."""
        came = [one for one in new if one not in old]
        went = [one for one in old if one not in new]

        def told(lang: Lang) -> str:
            parts = []
            if came:
                names = row([self.value(one, path, path, lang, self.new) for one in came], lang)
                parts.append(pick(lang, f"tilføjet {names}", f"added {names}"))
            if went:
                names = row([self.value(one, path, path, lang, self.old) for one in went], lang)
                parts.append(pick(lang, f"fjernet {names}", f"removed {names}"))
            return "; ".join(parts) or pick(lang, "rækkefølgen er ændret", "the order has changed")

        return self.change(path, self.each(told))

    def text(self, old: Text, new: Text, path: Path) -> Change:
        def told(lang: Lang) -> str:
            one, other = old.in_(lang), new.in_(lang)
            if one == other:
                return pick(lang, "den engelske tekst er ændret", "the Danish text has changed")
            one, other = where_they_differ(one, other)
            return from_to(quoted(one, lang), quoted(other, lang), lang)

        return self.change(path, self.each(told))

    def changed(self, old: Any, new: Any, path: Path, before: Path) -> Change:
        def told(lang: Lang) -> str:
            one = self.value(old, path, before, lang, self.old)
            other = self.value(new, path, before, lang, self.new)
            if one == other:
                # Told alike, such as a rule that names a code by its new id: only the text as written differs.
                one, other = _as_written(old), _as_written(new)
            if len(one) > LONG and len(other) > LONG:
                one, other = where_they_differ(one, other)
            if old is None:
                return pick(lang, f"sat til {other}", f"set to {other}")
            if new is None:
                return pick(lang, f"fjernet (var {one})", f"removed (was {one})")
            return from_to(one, other, lang)

        return self.change(path, self.each(told))

    def value(self, value: Any, path: Path, before: Path, lang: Lang, programme: Programme) -> str:
        """A plain value as a reader knows it: rules in words, ids by their titles, dates and numbers written out."""
        is_new = programme is self.new
        table = self.tables["new" if is_new else "old"].get(path if is_new else before)
        if isinstance(value, str) and table is not None:
            return f"({rule_in_words(programme, table, value, lang)})"
        if isinstance(value, Duration):
            return duration_in_words(programme, value, lang)
        if isinstance(value, Period):
            return f"{day(value.first, lang)} – {day(value.last, lang)}"
        if isinstance(value, Happening):
            return happening_in_words(programme, value, lang)
        if isinstance(value, bool):
            return pick(lang, "ja" if value else "nej", "yes" if value else "no")
        if isinstance(value, date):
            return day(value, lang)
        if isinstance(value, int | float):
            return plain_number(value, lang) if path[-1] not in ("year", "price_year") else str(value)
        if value is None or value in ([], {}):
            return pick(lang, "intet", "nothing")
        if isinstance(value, str):
            return self.name(value, path, lang, programme)
        return pick(lang, "noget andet", "something else")

    def name(self, value: str, path: Path, lang: Lang, programme: Programme) -> str:
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        for part in _TITLED.get(key, ()):
            found = attrgetter(part)(programme).get(value)
            if found is not None:
                return quoted(found.title.in_(lang), lang)
        if key == "edition":
            return quoted(value, lang)  # a name without a title, such as "first"
        return LITERALS[value].in_(lang) if value in LITERALS else quoted(value, lang)

    def said(self, path: Path, da: str, en: str, *, gone: bool = False) -> Change:
        return self.change(path, Text(da=da, en=en), gone=gone)

    def change(self, path: Path, what: Text, *, gone: bool = False) -> Change:
        programme = self.old if gone else self.new
        return Change(path, self.each(lambda lang: place_in_words(programme, path, lang)), what)

    def each(self, told: Callable[[Lang], str]) -> Text:
        da, en = (told(lang) for lang in LANGUAGES)
        return Text(da=da, en=en)


def _as_written(value: Any) -> str:
    return f"{value.kind} {value.rule}" if isinstance(value, Happening) else str(value)


def _tells_apart(parts: Sequence[Any], keys: tuple[str, ...]) -> bool:
    """Whether every part has these keys and no two the same values of them."""
    found = [_key(one, keys) for one in parts]
    return None not in found and len(set(found)) == len(found)


def _key(part: Any, keys: tuple[str, ...]) -> str | None:
    fields = type(part).model_fields if isinstance(part, BaseModel) else {}
    return repr([getattr(part, key) for key in keys]) if set(keys) <= set(fields) else None
