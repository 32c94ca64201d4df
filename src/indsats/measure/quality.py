"""How well a questionnaire measures the people it is used on: one row per score, and one per pair of raters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from indsats.figure import Figure
from indsats.programme import Asking, Questionnaire, Score

from .agreement import RaterGap, rater_gap, test_retest
from .answered import answers, once_each
from .omega import mcdonald_omega
from .reliability import (
    CEILING,
    FEW,
    FLOOR,
    cronbach_alpha,
    floor_and_ceiling,
    smallest_detectable_change,
)
from .rounds import assigned_waves
from .scores import score
from .waves import who_of

if TYPE_CHECKING:
    from indsats.record import Facts

Made = TypeVar("Made")

FEW_ITEMS = "few_items"
"""The score has too few items for what is to be computed."""
FEW_ANSWERS = "few_answers"
"""Fewer than three have answered every item, or no more than there are items to fit a factor to."""
NO_VARIATION = "no_variation"
"""Everybody answers an item alike."""
NOT_TWICE = "not_twice"
"""Fewer than three were measured twice within ``RETEST``."""
NO_RELIABILITY = "no_reliability"
"""The score has no reliability to tell a change from noise by."""
NOT_COMPUTED = "not_computed"
"""The answers do not allow it for another reason, such as one item that follows from the others."""

RETEST = (5, 35)
"""Days between two answers by the same rater for them to count as a test and a retest: long enough to forget what
was answered, short enough for little to have happened (Streiner, Norman & Cairney 2015, ch. 8: two to fourteen days
is usual; a month is the outside)."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """What is known of one score of one edition.

    ``people`` counts those whose first answer has every item of the score. ``alpha`` (Cronbach) with Feldt's interval
    and ``omega`` (McDonald) are of that answer; ``floor`` and ``ceiling`` the shares at the ends of the score.
    ``retest`` is ICC(2,1) of two answers by the same rater ``RETEST`` days apart. ``detectable`` is the smallest change
    of one person beyond noise, 1.96·√2·sd·√(1 − r), with r the instrument's own reliability where the definition
    gives one and else alpha; ``smallest_change`` what the definition says people would call a change. A figure that
    cannot be made has no value; ``warnings`` tells why, or what to beware of, each as ``<figure>: <code>`` with a code
    of this module, ``reliability``, ``omega`` or ``agreement``.
    """

    score: str
    edition: str
    people: Figure
    alpha: Figure
    omega: Figure
    floor: Figure
    ceiling: Figure
    retest: Figure
    detectable: Figure
    smallest_change: float | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RaterRow:
    """What two raters say of the same people in the same round, by a score or an item.

    ``gap`` is the second's mean less the first's with its t interval, ``agreement`` ICC(2,1), ``kappa`` quadratically
    weighted (items alone), ``same`` the share rated exactly alike.
    """

    of: str
    first: str
    second: str
    people: Figure
    gap: Figure
    agreement: Figure
    kappa: Figure
    same: Figure


def quality(facts: Facts, questionnaire_id: str, until: date, name: str = "") -> tuple[QualityRow, ...]:
    """One row per score and edition that was answered by ``until``, newest edition first.

    Each enrolment, or respondent of a site, counts once, with the first answer that has every item of the score.
    Ids: ``quality/<name>/<score>/<edition>/…``. Raises KeyError for an unknown questionnaire.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    answered = answers(facts, questionnaire_id).filter(pl.col("occurred_from") <= until)
    rows: list[QualityRow] = []
    for edition, asking in reversed(list(questionnaire.editions.items())):
        mine = answered.filter(pl.col("edition") == edition)
        for key, asked in asking.scores.items() if mine.height else ():
            stem = f"quality/{name or questionnaire_id}/{key}/{edition}"
            rows.append(_of_score(mine, questionnaire, asking, key, asked, edition, stem))
    return tuple(rows)


def _of_score(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    asking: Asking,
    key: str,
    asked: Score,
    edition: str,
    stem: str,
) -> QualityRow:
    items = asked.items or list(asking.items)
    scored = score(answered, questionnaire, key)
    whole = scored.filter(pl.col("scored_items") == len(items))
    first = once_each(whole, questionnaire, "first", "incomplete").filter(pl.col("reason").is_null())
    people = Figure.count(f"{stem}/people", first.height)
    tell = _Teller(stem, people, first, items)
    alpha = tell.made("alpha", lambda: cronbach_alpha(first, items))
    omega = tell.made("omega", lambda: mcdonald_omega(first, items))
    low, high = _range(asking, asked, items)
    ends = tell.made("ends", lambda: floor_and_ceiling(first["value"], low, high))
    pairs = _retests(scored, questionnaire)
    retest = None
    if pairs.height < 3:
        tell.warn("retest", NOT_TWICE)
    else:
        retest = tell.made("retest", lambda: test_retest(pairs["value"], pairs["again"]))
    own, sd = asked.reliability, _sd(first)
    coefficient = own.value if own is not None else None if alpha is None else alpha.value
    spread = own.sd if own is not None and own.sd is not None else sd
    detectable = None
    if coefficient is not None and spread is not None and 0 <= coefficient < 1:
        detectable = smallest_detectable_change(spread, coefficient)
    else:
        tell.warn("detectable", NO_RELIABILITY)
    return QualityRow(
        score=key,
        edition=edition,
        people=people,
        alpha=tell.number("alpha", alpha, lambda one: (one.value, one.low, one.high), "Cronbach, Feldt"),
        omega=tell.number("omega", omega, lambda one: (one.value, None, None), "McDonald, one factor, ML"),
        floor=tell.share("floor", ends.floor.count if ends else 0, first.height if ends else 0),
        ceiling=tell.share("ceiling", ends.ceiling.count if ends else 0, first.height if ends else 0),
        retest=Figure(
            f"{stem}/retest",
            None if retest is None else retest.agreement.value,
            "number",
            None,
            float(pairs.height),
            low=None if retest is None else retest.agreement.low,
            high=None if retest is None else retest.agreement.high,
            method="ICC(2,1)",
        ),
        detectable=Figure(f"{stem}/detectable", detectable, "number", made_from=(people.id,)),
        smallest_change=asked.smallest_change,
        warnings=tuple(tell.warnings),
    )


class _Teller:
    """Makes figures of one score, and keeps why one could not be made."""

    def __init__(self, stem: str, people: Figure, answered: pl.DataFrame, items: Sequence[str]) -> None:
        self.stem, self.people = stem, people
        self.answered, self.items = answered, items
        self.warnings: list[str] = []

    def warn(self, what: str, code: str) -> None:
        if f"{what}: {code}" not in self.warnings:
            self.warnings.append(f"{what}: {code}")

    def made(self, what: str, make: Callable[[], Made]) -> Made | None:
        try:
            found = make()
        except ValueError:
            self.warn(what, self._cause(what))
            return None
        for code in getattr(found, "warnings", ()):
            # the ends of a score are two figures, each with a code of its own name, and few of both
            self.warn({FLOOR: "floor", CEILING: "ceiling", FEW: "people"}.get(code, what), code)
        return found

    def _cause(self, what: str) -> str:
        """Why ``what`` could not be made, found in the answers: the reasons errors give are not for readers."""
        least = {"alpha": 2, "omega": 3}.get(what, 1)
        if len(self.items) < least:
            return FEW_ITEMS
        number = self.answered.height
        if number < 3 or (what == "omega" and number <= len(self.items)):
            return FEW_ANSWERS
        if any(self.answered[item].n_unique() < 2 for item in self.items):
            return NO_VARIATION
        return NOT_COMPUTED

    def number(
        self,
        part: str,
        found: Made | None,
        read: Callable[[Made], tuple[float, float | None, float | None]],
        method: str,
    ) -> Figure:
        value, low, high = (None, None, None) if found is None else read(found)
        name = f"{self.stem}/{part}"
        return Figure(name, value, "number", low=low, high=high, method=method, made_from=(self.people.id,))

    def share(self, part: str, count: int, number: int) -> Figure:
        return Figure.share(f"{self.stem}/{part}", count, number)


def _range(asking: Asking, asked: Score, items: Sequence[str]) -> tuple[float, float]:
    """The lowest and highest the score can be with every item answered, by the points each item can have."""
    scale = asking.scale
    points = [asking.items[item].options or [scale.low, scale.high] for item in items]
    low, high = (float(sum(end(one) for one in points)) for end in (min, max))
    share = asked.times if asked.combine == "sum" else asked.times / len(items)
    low, high = sorted((low * share, high * share))
    return low, high


def _sd(rows: pl.DataFrame) -> float | None:
    spread = rows["value"].std()
    return float(spread) if isinstance(spread, float) else None


def _retests(scored: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """One pair each: the first two answers by the same rater ``RETEST`` days apart, as ``value`` and ``again``.

    Of an enrolment that several raters answered twice about, the pair that came first.
    """
    who = [who_of(questionnaire), "rater", *(["respondent"] if questionnaire.about == "site" else [])]
    ordered = (
        scored.drop_nulls(["value", *who])
        .sort("occurred_from", "id")
        .select(
            *who,
            "value",
            again=pl.col("value").shift(-1).over(who),
            apart=(pl.col("occurred_from").shift(-1).over(who) - pl.col("occurred_from")).dt.total_days(),
        )
    )
    near = ordered.filter(pl.col("apart").is_between(*RETEST))
    once = who if questionnaire.about == "site" else [who_of(questionnaire)]
    return near.unique(once, keep="first", maintain_order=True)


def rater_rows(facts: Facts, questionnaire_id: str, until: date, name: str = "") -> tuple[RaterRow, ...]:
    """One row per pair of raters who answered about the same people in the same round, for each score and item both
    answer; nothing where no two did. Only the current edition is used.
    Ids: ``raters/<name>/<first>-<second>/<score or item>/…``.

    An enrolment counts once, with the first round both answered. Questionnaires without rounds pair answers of the
    same day. Raises KeyError for an unknown questionnaire.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    if questionnaire.about == "site" or len(questionnaire.raters) < 2:
        return ()
    newest = pl.col("edition") == questionnaire.edition
    counted = assigned_waves(facts, questionnaire_id).filter(
        newest & (pl.col("occurred_from") <= until) & pl.col("enrolment").is_not_null()
    )
    if questionnaire.waves:
        counted = counted.filter("counts").with_columns(__round="round")
    else:
        counted = counted.with_columns(__round=pl.col("occurred_from").cast(pl.String))
    return tuple(_of_raters(counted, questionnaire, name or questionnaire_id))


def _of_raters(counted: pl.DataFrame, questionnaire: Questionnaire, name: str) -> Iterator[RaterRow]:
    rated: dict[str, pl.DataFrame] = {key: score(counted, questionnaire, key) for key in questionnaire.scores}
    for item, question in questionnaire.items.items():
        if not question.advice:
            rated.setdefault(item, counted.with_columns(value=pl.col(item).cast(pl.Float64)))
    scale = questionnaire.scale
    points = [float(point) for point in range(scale.low, scale.high + 1)]
    for first, second in combinations(questionnaire.raters, 2):
        for key, rows in rated.items():
            pairs = _pairs(rows, first, second)
            stem = f"raters/{name}/{first}-{second}/{key}"
            with suppress(ValueError):  # too few, or all say the same: there is nothing to tell apart
                found = rater_gap(
                    pairs["value"], pairs["value_2"], points=None if key in questionnaire.scores else points
                )
                yield _rater_row(stem, key, first, second, found)


def _pairs(rows: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """``value`` by the first rater and ``value_2`` by the second, of each enrolment's first round with both."""
    valued = rows.drop_nulls(["value", "__round"]).sort("occurred_from", "id")
    valued = valued.unique(["enrolment", "__round", "rater"], keep="first", maintain_order=True)
    one, two = (
        valued.filter(pl.col("rater") == rater).select("enrolment", "__round", "occurred_from", "value")
        for rater in (first, second)
    )
    both = one.join(two, on=["enrolment", "__round"], suffix="_2", maintain_order="left")
    return both.unique("enrolment", keep="first", maintain_order=True)


def _rater_row(stem: str, key: str, first: str, second: str, found: RaterGap) -> RaterRow:
    told, kappa = found.agreement, found.quadratic
    people = Figure.count(f"{stem}/people", told.n)

    def number(
        part: str,
        value: float | None,
        low: float | None,
        high: float | None,
        method: str,
        p: float | None = None,
    ) -> Figure:
        name = f"{stem}/{part}"
        return Figure(name, value, "number", low=low, high=high, p=p, method=method, made_from=(people.id,))

    kappas = (None, None, None) if kappa is None else (kappa.value, kappa.low, kappa.high)
    agreement = told.agreement
    return RaterRow(
        of=key,
        first=first,
        second=second,
        people=people,
        gap=number("gap", told.gap, told.low, told.high, "paired t", told.p),
        agreement=number("agreement", agreement.value, agreement.low, agreement.high, "ICC(2,1)"),
        kappa=number("kappa", *kappas, "Cohen's kappa, quadratic weights"),
        same=Figure.share(f"{stem}/same", found.same.count, told.n),
    )
