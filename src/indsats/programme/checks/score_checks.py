"""Checks of scores: their items, bands, what they are compared with and how well they measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import Programme
from ..fields import askings, points
from ..measurement import Asking, Score
from .finding import Finding, check_named
from .references import unknown


@check_named("score-items")
def scores_are_made_of_items(programme: Programme) -> Iterator[Finding]:
    """A score's items exist and stand once, and no more answers are needed than it has items."""
    for path, asked, score in _scores(programme):
        for number, item in enumerate(score.items):
            yield from unknown((*path, "items", number), item, asked.items, "item")
            if item in score.items[:number]:
                what = f"the item '{item}' stands twice in the score"
                yield Finding((*path, "items", number), what, "Keep one.")
        count = len(score.items or asked.items)
        if score.at_least is not None and score.at_least > count:
            what = f"{score.at_least} answers are needed, and the score has {count} items"
            yield Finding((*path, "at_least"), what, f"Write {count} or fewer.")


@check_named("score-bands")
def bands_divide_the_score(programme: Programme) -> Iterator[Finding]:
    """Every value a score can take lies in one band, and bands stand from low to high."""
    for path, asked, score in _scores(programme):
        at = (*path, "bands")
        seen: set[str] = set()
        for number, band in enumerate(score.bands):
            if band.id in seen:
                yield Finding((*at, number, "id"), f"two bands are called '{band.id}'", "Rename one.")
            seen.add(band.id)
            if band.low is not None and band.high is not None and band.high < band.low:
                what = f"the band ends ({band.high:g}) below its start ({band.low:g})"
                yield Finding((*at, number, "high"), what, "Write the lower bound as 'low'.")
        starts = [-float("inf") if band.low is None else band.low for band in score.bands]
        for number in range(1, len(starts)):
            if starts[number] < starts[number - 1]:
                what = f"the band '{score.bands[number].id}' begins below the band before it"
                yield Finding((*at, number), what, "Write the bands from low to high.", "warning")
        values = possible_scores(asked, score)
        if score.bands and values:
            yield from _held(at, score, values)


def _held(at: tuple[Any, ...], score: Score, values: list[float]) -> Iterator[Finding]:
    """Values in two bands, in none, and bands without a value."""
    held = [
        [
            number
            for number, band in enumerate(score.bands)
            if (band.low is None or band.low <= value) and (band.high is None or value <= band.high)
        ]
        for value in values
    ]
    twice = next((place for place, bands in enumerate(held) if len(bands) > 1), None)
    if twice is not None:
        one, other = (score.bands[number].id for number in held[twice][:2])
        what = f"{values[twice]:g} lies both in '{one}' and in '{other}'"
        yield Finding((*at, held[twice][1]), what, "Both ends of a band are included: let them not meet.")
    never = next((place for place, bands in enumerate(held) if not bands), None)
    if never is not None:
        what = f"the score can be {values[never]:g}, which no band holds"
        yield Finding(at, what, "Widen a band, or add one.", "warning", at_key=True)
    for number, band in enumerate(score.bands):
        if all(number not in bands for bands in held):
            what = f"no score falls in the band '{band.id}': scores run from {values[0]:g} to {values[-1]:g}"
            yield Finding((*at, number), what, "Correct its bounds, or remove it.", "warning")


@check_named("score-reference")
def references_are_possible_scores(programme: Programme) -> Iterator[Finding]:
    """What a score is compared with lies within what the score can be."""
    for path, asked, score in _scores(programme):
        values = possible_scores(asked, score)
        for number, reference in enumerate(score.references if values else ()):
            if not values[0] <= reference.value <= values[-1]:
                what = (
                    f"{reference.value:g} is no possible score: they run from {values[0]:g} to {values[-1]:g}"
                )
                yield Finding((*path, "references", number, "value"), what, "Check the scale and 'times'.")


@check_named("score-precision")
def what_is_said_of_precision_can_be(programme: Programme) -> Iterator[Finding]:
    """The least change people notice, and the spread reliability was found in, fit within what the score can be."""
    for path, asked, score in _scores(programme):
        values = possible_scores(asked, score)
        if not values:
            continue
        width = values[-1] - values[0]
        said = [((*path, "smallest_change"), score.smallest_change, "no change is as large as")]
        if score.reliability is not None:
            spread = score.reliability.sd
            said.append(((*path, "reliability", "sd"), spread, "people cannot lie as far apart as"))
        for at, value, words in said:
            if value is not None and value > width:
                what = f"{words} {value:g}: scores run from {values[0]:g} to {values[-1]:g}"
                yield Finding(at, what, "Check the scale and 'times'.")


@check_named("score-name")
def no_score_is_called_as_the_classes_are(programme: Programme) -> Iterator[Finding]:
    """No score is called ``class``, which is what the classes are called where scores are listed."""
    for path, _, _ in _scores(programme):
        if path[-1] == "class":
            what = "'class' is what the classes of a questionnaire are called among its scores"
            yield Finding(path, what, "Give the score another name.", at_key=True)


def _scores(programme: Programme) -> Iterator[tuple[tuple[Any, ...], Asking, Score]]:
    for here in askings(programme):
        for key, score in here.asking.scores.items():
            yield (*here.path, "scores", key), here.asking, score


def possible_scores(asked: Asking, score: Score) -> list[float]:
    """Every value the score can take, from low to high; none where it can have no value at all."""
    items = [item for item in score.items or asked.items if item in asked.items]
    count = len(score.items or asked.items)
    if count == 0 or (score.at_least or 0) > count or len(items) < count:
        return []
    # Bit b of totals[n] is set when n answers can add up to b above n times the lowest point of the scale.
    totals = [1] + [0] * count
    for item in items:
        above = [point - asked.scale.low for point in points(asked, item)]
        for answered in range(count, 0, -1):
            for step in above:
                totals[answered] |= totals[answered - 1] << step
    found: set[float] = set()
    for answered in range(score.at_least or count, count + 1):
        sums = totals[answered]
        for above_low in range(sums.bit_length()):
            if sums >> above_low & 1:
                mean = (above_low + answered * asked.scale.low) / answered
                found.add(round((mean if score.combine == "mean" else mean * count) * score.times, 9))
    return sorted(found)
