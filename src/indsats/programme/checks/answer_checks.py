"""Checks of what can be answered: codes beside the scale, options, points a form lacks, and who is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..definition import Programme
from ..fields import AskedHere, askings, items_asked, points
from ..measurement import AskedOf, Asking, Question
from .casework_checks import circles
from .finding import Finding, check_named
from .references import unknown

Path = tuple[Any, ...]


@check_named("beside-code")
def codes_beside_lie_off_the_scale(programme: Programme) -> Iterator[Finding]:
    """An answer that is no point on the scale is not written as one."""
    for here in askings(programme):
        low, high = here.asking.scale.low, here.asking.scale.high
        for code, beside in here.asking.beside.items():
            if low <= code <= high:
                what = f"{code} is a point on the scale from {low} to {high}, and is to mean '{beside.means}'"
                remedy = f"Give it a number below {low} or above {high}."
                yield Finding((*here.path, "beside", code), what, remedy, at_key=True)


@check_named("beside-twice")
def codes_beside_can_be_told_apart(programme: Programme) -> Iterator[Finding]:
    """Two answers beside the scale that mean the same have titles of their own."""
    for here in askings(programme):
        first: dict[tuple[str, str, str], int] = {}
        for code, beside in here.asking.beside.items():
            told = (beside.means, beside.title.da, beside.title.en)
            if first.setdefault(told, code) != code:
                what = f"{code} says and means the same as {first[told]}"
                remedy = "Keep one, or give them different titles."
                yield Finding((*here.path, "beside", code), what, remedy, at_key=True)


@check_named("item-options")
def options_are_points_to_choose_between(programme: Programme) -> Iterator[Finding]:
    """An item's options are points on the scale, two or more, each once, and not all of them."""
    for path, here, question in items_asked(programme):
        scale, at = here.asking.scale, (*path, "options")
        for number, option in enumerate(question.options):
            if not scale.low <= option <= scale.high:
                what = f"the option {option} is not on the scale from {scale.low} to {scale.high}"
                yield Finding((*at, number), what, "Remove it, or widen the scale.")
            elif option in question.options[:number]:
                what = f"the option {option} stands twice"
                yield Finding((*at, number), what, "Keep one.")
        chosen = set(question.options)
        if len(chosen) == 1:
            what = "one option leaves nothing to choose"
            yield Finding(at, what, "Name at least two, or leave 'options' out for the whole scale.")
        elif chosen == set(range(scale.low, scale.high + 1)):
            what = f"the options are the whole scale from {scale.low} to {scale.high}"
            yield Finding(at, what, "Leave 'options' out.", "warning", at_key=True)


@check_named("lacks-one-of")
def points_a_form_may_lack_could_have_been_there(programme: Programme) -> Iterator[Finding]:
    """A point the form may have lacked is on the scale, named once, and one some item could have been answered by."""
    for here in askings(programme):
        scale, at = here.asking.scale, (*here.path, "lacks_one_of")
        offered = {point for item in here.asking.items for point in points(here.asking, item)}
        for number, point in enumerate(here.asking.lacks_one_of):
            if not scale.low <= point <= scale.high:
                what = f"{point} is not on the scale from {scale.low} to {scale.high}"
                yield Finding((*at, number), what, "Name points of the scale.")
            elif point in here.asking.lacks_one_of[:number]:
                yield Finding((*at, number), f"{point} stands twice", "Keep one.")
            elif point not in offered:
                what = f"no item has the option {point}, so it is known to be lacking"
                yield Finding((*at, number), what, "Remove it here, or from the items' 'options'.")


@check_named("asked-of")
def filters_name_answers_that_can_be(programme: Programme) -> Iterator[Finding]:
    """Whom an item is for is told by an item that exists, about the same, with answers it can have, by one who
    answers both."""
    for path, here, question in items_asked(programme):
        if question.asked_of is not None:
            yield from _filter(programme, (*path, "asked_of"), here, question, question.asked_of)


def _filter(
    programme: Programme, path: Path, here: AskedHere, question: Question, asked_of: AskedOf
) -> Iterator[Finding]:
    named = asked_of.questionnaire
    yield from unknown((*path, "questionnaire"), named, programme.questionnaires, "questionnaire")
    if named is not None and named not in programme.questionnaires:
        return
    other = programme.questionnaires[named] if named is not None else here.questionnaire
    if other.about != here.questionnaire.about:
        what = f"'{named}' is about a {other.about}, and '{here.name}' about a {here.questionnaire.about}"
        yield Finding((*path, "questionnaire"), what, "Name a questionnaire about the same.")
        return
    named_items = here.asking.items if named in (None, here.name) else other.all_items
    yield from unknown((*path, "item"), asked_of.item, named_items, "item")
    if asked_of.item not in named_items:
        return
    every: list[Asking] = [here.asking] if named in (None, here.name) else list(other.editions.values())
    known = {answer for asking in every for answer in _answers(asking, asked_of.item)}
    for number, answer in enumerate(asked_of.answers):
        if answer not in known:
            what = f"nobody can answer {answer} to '{asked_of.item}'"
            remedy = f"It can be answered {', '.join(map(str, sorted(known)))}."
            yield Finding((*path, "answers", number), what, remedy)
    if known <= set(asked_of.answers):
        what = f"everybody who answers '{asked_of.item}' is asked"
        yield Finding((*path, "answers"), what, "Name some of its answers.", "warning", at_key=True)
    asks = set(question.raters or here.questionnaire.raters)
    if asks.isdisjoint(named_items[asked_of.item].raters or other.raters):
        what = f"nobody answers both this item and '{asked_of.item}', so it is never asked"
        yield Finding((*path, "item"), what, "Let them have a rater in common.")


def _answers(asking: Asking, item: str) -> list[int]:
    return [*points(asking, item), *asking.beside] if item in asking.items else []


@check_named("asked-of-circle")
def filters_do_not_run_in_a_circle(programme: Programme) -> Iterator[Finding]:
    """No item is asked of those who answered it, directly or through others."""
    following: dict[str, Sequence[str]] = {}
    places: dict[str, Path] = {}
    for path, here, question in items_asked(programme):
        if question.asked_of is not None:
            one = f"{here.table}.{path[-1]}"
            other = question.asked_of.questionnaire
            # What another questionnaire says is taken from what it asks now.
            table = here.table if other in (None, here.name) else f"questionnaire:{other}"
            following[one] = [f"{table}.{question.asked_of.item}"]
            places[one] = (*path, "asked_of")
    for chain in circles(following):
        around = " → ".join(one.partition(":")[2].partition(".")[2] for one in [*chain, chain[0]])
        what = f"who is asked runs in a circle, so nobody is: {around}"
        yield Finding(places[chain[-1]], what, "Let one of the items be asked of everybody.")
