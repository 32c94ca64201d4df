"""Checks of editions: they follow one another, have ids of their own, and can be compared where they say so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..definition import Programme
from ..measurement import Asking, Edition, Questionnaire
from .finding import Finding, check_named
from .score_checks import possible_scores


@check_named("edition-name")
def the_current_edition_is_none_of_the_earlier(programme: Programme) -> Iterator[Finding]:
    """What is asked now has another id than the editions before it."""
    for name, asked in programme.questionnaires.items():
        if asked.edition in asked.earlier:
            what = f"'{asked.edition}' is an earlier edition, and what is asked now is called the same"
            if "edition" not in asked.model_fields_set:
                what += " when 'edition' is left out"
            yield Finding(
                ("questionnaires", name, "edition"), what, "Give what is asked now a new 'edition'."
            )


@check_named("edition-until")
def editions_end_one_after_the_other(programme: Programme) -> Iterator[Finding]:
    """Earlier editions stand oldest first: each was handed out until a later day than the one before it."""
    for name, asked in programme.questionnaires.items():
        for (before, one), (edition, other) in pairwise(asked.earlier.items()):
            if other.until <= one.until:
                what = f"'{edition}' ran until {other.until}, and '{before}' before it until {one.until}"
                remedy = "Write the editions oldest first, each until a later day."
                yield Finding(("questionnaires", name, "earlier", edition, "until"), what, remedy)


@check_named("edition-comparable")
def comparable_editions_can_be_compared(programme: Programme) -> Iterator[Finding]:
    """An edition whose scores may be compared with later ones has scores they have, and they run alike."""
    for name, asked in programme.questionnaires.items():
        editions = list(asked.earlier.items())
        for number, (edition, earlier) in enumerate(editions):
            if not earlier.comparable:
                continue
            path = ("questionnaires", name, "earlier", edition, "comparable")
            for later, asking in _later(asked, editions[number + 1 :]):
                shared = [score for score in earlier.scores if score in asking.scores]
                if not shared:
                    what = (
                        f"the edition '{edition}' has no score that '{later}' has, so nothing can be compared"
                    )
                    yield Finding(
                        path, what, "Give scores that mean the same one id, or remove 'comparable'."
                    )
                    break
                apart = next((score for score in shared if _run(earlier, score) != _run(asking, score)), None)
                if apart is not None:
                    what = (
                        f"'{apart}' runs {_told(earlier, apart)} in '{edition}' "
                        f"and {_told(asking, apart)} in '{later}'"
                    )
                    yield Finding(path, what, "Check that they may be compared.", "warning")
                    break


def _later(asked: Questionnaire, rest: list[tuple[str, Edition]]) -> list[tuple[str, Asking]]:
    return [*rest, (asked.edition, asked)]


def _run(asking: Asking, score: str) -> tuple[float, float, str] | None:
    values = possible_scores(asking, asking.scores[score])
    return (values[0], values[-1], asking.scale.better) if values else None


def _told(asking: Asking, score: str) -> str:
    run = _run(asking, score)
    return f"from {run[0]:g} to {run[1]:g} ({run[2]} is better)" if run else "nowhere"
