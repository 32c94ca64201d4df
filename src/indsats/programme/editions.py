"""Published editions never change: what of one matters to answers, its digests, and what is not as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .base import Text
from .definition import Programme
from .fields import askings, points
from .measurement import AskedOf, Asking, Edition, Questionnaire, Score

_MOST_TOLD = 6
"""More differences than this are counted rather than told."""

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Broken:
    """An edition or questionnaire of a published version that is not kept: ``path`` leads to it in the new one."""

    path: tuple[Any, ...]
    what: str
    remedy: str
    is_error: bool = True


def edition_hash(asking: Asking) -> str:
    """The first 12 hexadecimal digits of SHA-256 over all that matters to answers to an edition."""
    return _digest(content(asking))


def rule_of(asking: Asking, score_id: str) -> str:
    """The first 12 hexadecimal digits of SHA-256 over all that determines a score, or ``class`` for the classes.

    Of a score these are its items (their options, who they are asked of and whether they ask at all), how they are
    combined, its bands, the ends and direction of the scale, the answers beside it and the points a form may lack;
    of the classes their rules in order, the items and the scale. Names and order of keys mean nothing. Raises
    KeyError for a score the edition does not have.
    """
    whole = content(asking)
    scale = {key: whole["scale"][key] for key in ("low", "high", "better")}
    made: dict[str, Any] = {"scale": scale, "beside": whole["beside"], "lacks_one_of": whole["lacks_one_of"]}
    names: Sequence[str] = list(asking.items)
    if score_id == "class":
        made["classes"] = whole["classes"]
    else:
        made["score"] = whole["scores"][score_id]
        names = made["score"]["items"]
    # An item of a score that does not exist is told by a check of its own.
    made["items"] = {name: _answered(asking, name) for name in names if name in asking.items}
    return _digest(made)


def content(asking: Asking) -> Content:
    """All of an edition that matters to answers, as plain values; what means the same is written the same.

    Names, notes, sources, what scores are compared with and how well they measure may be mended; the rest not.
    """
    return {
        "scale": {
            "low": asking.scale.low,
            "high": asking.scale.high,
            "better": asking.scale.better,
            "labels": _texts(asking.scale.labels),
        },
        "beside": {str(code): beside.means for code, beside in asking.beside.items()},
        "lacks_one_of": sorted(set(asking.lacks_one_of)),
        "items": {
            name: {
                **_answered(asking, name),
                "wording": _text(question.wording),
                "easy": _text(question.easy),
                "answers": _texts(question.answers),
            }
            for name, question in asking.items.items()
        },
        "scores": {name: _score(asking, score) for name, score in asking.scores.items()},
        "levels": {level.id: sorted(set(level.answers)) for level in asking.levels},
        "sides": sorted(asking.sides),
        "classes": [{"id": one.id, "when": one.when, "side": one.side} for one in asking.classes],
    }


def _answered(asking: Asking, item: str) -> dict[str, Any]:
    """What of an item decides which answers to it there can be."""
    question = asking.items[item]
    return {
        "options": points(asking, item),
        "asked_of": _asked_of(question.asked_of),
        "raters": sorted(set(question.raters)),
        "advice": question.advice,
    }


def _asked_of(asked: AskedOf | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {"questionnaire": asked.questionnaire, "item": asked.item, "answers": sorted(set(asked.answers))}


def _score(asking: Asking, score: Score) -> dict[str, Any]:
    items = sorted(score.items or asking.items)
    return {
        "items": items,
        "combine": score.combine,
        "times": float(score.times),
        "at_least": score.at_least or len(items),
        "bands": [
            {"id": band.id, "low": _number(band.low), "high": _number(band.high)} for band in score.bands
        ],
    }


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"da": text.da, "en": text.en}


def _texts(texts: Mapping[int, Text]) -> dict[str, Any]:
    return {str(answer): _text(text) for answer, text in texts.items()}


def _digest(made: Any) -> str:
    canonical = json.dumps(made, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def broken_editions(published: Sequence[Programme], new: Programme) -> Iterator[Broken]:
    """What of the editions of published versions a newer one has changed, left out or reads otherwise.

    An edition several versions have is compared with the newest of them, and told once.
    """
    told: set[tuple[str, str]] = set()
    for earlier in sorted(published, key=lambda one: one.version, reverse=True):
        version = earlier.version
        for name, before in earlier.questionnaires.items():
            now = new.questionnaires.get(name)
            if (name, "") not in told:
                yield from _whole(name, before, now, version)
            told.add((name, ""))
            for there in askings(earlier, name) if now is not None else ():
                if (name, there.edition) not in told and now is not None:
                    yield from _kept(there.edition, there.asking, now, ("questionnaires", name), version)
                    yield from _ends(there.edition, there.asking, now, ("questionnaires", name), version)
                told.add((name, there.edition))


def _whole(name: str, before: Questionnaire, now: Questionnaire | None, version: int) -> Iterator[Broken]:
    """Whether a questionnaire is still there and about the same."""
    if now is None:
        what = (
            f"the questionnaire '{name}' of version {version}, which is published, is not here: "
            "answers to it are then not read"
        )
        remedy = f"Put '{name}' back as it was, unless its answers are no longer wanted."
        yield Broken(("questionnaires",), what, remedy, is_error=False)
    elif now.about != before.about:
        what = (
            f"'{name}' is about a {now.about}, and about a {before.about} in version {version}, "
            "which is published"
        )
        remedy = f"Write 'about: {before.about}', or give the new questionnaire another name."
        yield Broken(("questionnaires", name, "about"), what, remedy)


def _kept(
    edition: str, was: Asking, now: Questionnaire, path: tuple[Any, ...], version: int
) -> Iterator[Broken]:
    """Whether one published edition stands in the new version as it was."""
    name = path[-1]
    current = edition == now.edition
    kept = now if current else now.earlier.get(edition)
    if kept is None:
        what = f"the edition '{edition}' of '{name}' is in version {version}, which is published, and is not here"
        remedy = f"Put it under 'earlier.{edition}' as it was, with 'until': the last day it was handed out."
        yield Broken(path, what, remedy)
        return
    # Those who hold the licence of an instrument fill in the wording it was published without.
    changes = list(_differences(content(was), content(kept), licensed=now.owner is not None))
    if not changes:
        return
    more = f"; and {len(changes) - _MOST_TOLD} more" if len(changes) > _MOST_TOLD else ""
    told = "; ".join(changes[:_MOST_TOLD]) + more
    what = f"the edition '{edition}' of '{name}' is not what it is in version {version}, which is published: {told}"
    remedy = f"Undo the change: write it as it is in version {version}."
    if current:
        remedy = f"Give it a new 'edition' and put the old one under 'earlier.{edition}' with 'until'."
    yield Broken(path if current else (*path, "earlier", edition), what, remedy)


def _ends(
    edition: str, was: Asking, now: Questionnaire, path: tuple[Any, ...], version: int
) -> Iterator[Broken]:
    """Answers that name no edition are told apart by ``until``: moving it reads some of them by other rules."""
    kept = now.earlier.get(edition)
    if isinstance(was, Edition) and kept is not None and kept.until != was.until:
        what = (
            f"the edition '{edition}' of '{path[-1]}' ran until {was.until} in version {version}, which is "
            "published: answers in between that name no edition are then read by the rules of another"
        )
        remedy = f"Write 'until: {was.until}', unless it was wrong."
        yield Broken((*path, "earlier", edition, "until"), what, remedy, is_error=False)


_PARTS = {"scores": "score", "levels": "level", "beside": "answer beside the scale"}


def _differences(was: Content, now: Content, *, licensed: bool) -> Iterator[str]:
    """What changed, part by part: ``the item 'home' lost the option 2``."""
    for key, value in was["scale"].items():
        yield from _changed("the scale", key, value, now["scale"][key])
    items = _items(was), _items(now)
    for name in items[0].keys() & items[1].keys():
        for key in ("wording", "easy"):
            if licensed and items[0][name][key] is None:
                items[1][name][key] = None
    yield from _named("item", *items)
    for part, called in _PARTS.items():
        yield from _named(called, was[part], now[part])
    for key, called in (("sides", "side"), ("lacks_one_of", "possibly lacking point")):
        yield from _sets("the edition", called, was[key], now[key])
    yield from _classes(was["classes"], now["classes"])


def _items(made: Content) -> dict[str, dict[str, Any]]:
    """The items, without the options of those that have the whole scale: where that changed it is told once."""
    whole = list(range(made["scale"]["low"], made["scale"]["high"] + 1))
    return {
        name: {**item, "options": [] if item["options"] == whole else item["options"]}
        for name, item in made["items"].items()
    }


def _named(called: str, was: Content, now: Content) -> Iterator[str]:
    for name in was:
        if name not in now:
            yield f"the {called} '{name}' is gone"
        elif isinstance(was[name], dict):
            for key in was[name]:
                yield from _changed(f"the {called} '{name}'", key, was[name][key], now[name][key])
        elif isinstance(was[name], list):
            yield from _sets(f"the {called} '{name}'", "answer", was[name], now[name])
        else:
            yield from _changed(f"the {called} '{name}'", "meaning", was[name], now[name])
    yield from (f"the {called} '{name}' is new" for name in now if name not in was)


_SETS = {"options": "option", "raters": "rater", "items": "item"}


def _changed(whose: str, key: str, was: Any, now: Any) -> Iterator[str]:
    if was == now:
        return
    if key == "options" and not (was and now):
        yield f"{whose} can be answered by {_row(now)}, not {_row(was)}"
    elif key in _SETS:
        yield from _sets(whose, _SETS[key], was, now)
    elif key in ("wording", "easy", "labels", "answers"):
        called = {"wording": "wording", "easy": "easy-read wording"}.get(key, "answer texts")
        yield (
            f"{whose} has other {called}" if key in ("labels", "answers") else f"{whose} has another {called}"
        )
    elif key in ("asked_of", "bands"):
        yield f"{whose} has another '{key}'" if key == "asked_of" else f"{whose} has other bands"
    else:
        yield f"{whose} has {key} {_plain(now)}, not {_plain(was)}"


def _sets(whose: str, called: str, was: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    """What left a set and what came to it."""
    for verb, one, other in (("lost", was, now), ("got", now, was)):
        some = [str(value) for value in one if value not in other]
        if some:
            yield f"{whose} {verb} the {called}{'s' if len(some) > 1 else ''} {', '.join(some)}"


def _classes(was: Sequence[Content], now: Sequence[Content]) -> Iterator[str]:
    before = {one["id"]: one for one in was}
    after = {one["id"]: one for one in now}
    yield from (f"the class '{name}' is gone" for name in before if name not in after)
    yield from (f"the class '{name}' is new" for name in after if name not in before)
    for name in before:
        if name in after:
            for key, called in (("when", "rule"), ("side", "side")):
                if before[name][key] != after[name][key]:
                    yield f"the class '{name}' has another {called}"
    shared = [name for name in before if name in after]
    if shared != [name for name in after if name in before]:
        yield "the classes stand in another order"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _row(options: Sequence[int]) -> str:
    return ", ".join(map(str, options)) or "the whole scale"
