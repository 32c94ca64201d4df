"""Single parts of a definition told in both languages, for reports that explain how numbers are made."""

from __future__ import annotations

from collections.abc import Callable

from indsats.language import LANGUAGES

from .base import Item, Text
from .definition import Programme
from .estimates import Estimate, Sensitivity
from .evaluation import Evaluation, History, Outcome
from .explain_effects import design_told, who_told
from .explain_estimates import check_told, estimate_told, matching_told
from .explain_page import Page
from .explain_registers import clock, history_told, looked_at
from .explain_steering import indicator_told
from .steering import Indicator


def _both(programme: Programme, tell: Callable[[Page], str]) -> Text:
    """Both languages of a sentence, with a capital letter and a full stop."""

    def told(page: Page) -> str:
        return page.sentence(tell(page))

    return Text.model_validate({lang: told(Page(programme, lang)) for lang in LANGUAGES})


def who_in_words(programme: Programme, evaluation: str) -> list[Text]:
    """What the comparison rests on, when the clock starts, who is in and who is treated: a sentence each."""
    asked = programme.evaluations[evaluation]
    index = asked.index
    said = [_both(programme, lambda page: design_told(page, asked))]
    if index is not None:
        said.append(_both(programme, lambda page: clock(page, index)))
    da, en = (list(who_told(Page(programme, lang), evaluation, asked)) for lang in LANGUAGES)
    return said + [Text(da=one, en=other) for one, other in zip(da, en, strict=True)]


def outcome_in_words(programme: Programme, outcome: Outcome) -> Text:
    """What of the data an outcome looks at."""
    return _both(programme, lambda page: looked_at(page, outcome))


def history_in_words(programme: Programme, made: History) -> Text:
    """What of a person's past a covariate counts."""
    return _both(programme, lambda page: history_told(page, made))


def matching_in_words(programme: Programme, evaluation: Evaluation) -> Text:
    """How twins are found; ValueError where nobody is paired."""
    if evaluation.matching is None:
        raise ValueError(f"the evaluation '{evaluation.title.en}' pairs nobody")
    return _both(programme, lambda page: matching_told(page, evaluation))


def estimate_in_words(programme: Programme, evaluation: Evaluation, estimate: Estimate) -> Text:
    """What an estimator does."""
    return _both(programme, lambda page: estimate_told(page, evaluation, estimate))


def check_in_words(programme: Programme, evaluation: Evaluation, check: Sensitivity) -> Text:
    """What a check of sensitivity shows."""
    return _both(programme, lambda page: check_told(page, evaluation, check))


def indicator_in_words(programme: Programme, indicator: Indicator) -> Text:
    """The exact definition of an indicator, and whom it is confined to."""
    return _both(programme, lambda page: indicator_told(page, indicator))


def source_in_words(item: Item) -> Text:
    """Where a part of a definition is from: lines of its document, what is published, or that it was decided."""
    lines = ", ".join(_line(one) for one in item.source if one.startswith("L"))
    others = [
        one.removeprefix("published: ")
        for one in item.source
        if not one.startswith("L") and one != "decision"
    ]

    def told(line: str, decided: str) -> str:
        parts = [f"{line} {lines}"] if lines else []
        return "; ".join([*parts, *others, *([decided] if "decision" in item.source else [])])

    several = "," in lines or "\u2013" in lines
    return Text(da=told("linje", "valgt"), en=told("lines" if several else "line", "decided"))


def _line(source: str) -> str:
    """``L42-94`` as ``42–94``."""
    return source.replace("L", "").replace("-", "\u2013")
