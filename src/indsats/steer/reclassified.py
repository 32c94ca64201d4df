"""Whether the level of one class of people moved because people moved, or because they were moved between classes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import polars as pl

from indsats.figure import Figure
from indsats.programme import Period

from . import reasons
from .indicators import per_enrolment
from .intervals import Z95

if TYPE_CHECKING:
    from indsats.record import Facts

Verdict = Literal["few", "unclear", "reclassified", "partly", "hidden", "opposite", "real"]
Who = Literal["stayed", "moved_in", "new", "moved_out", "gone"]
WHO: Final[tuple[Who, ...]] = ("stayed", "moved_in", "new", "moved_out", "gone")
MOSTLY: Final = 0.5
"""Of a reported change: when less than this is left with classes held still, it is mostly reclassification."""
REAL: Final = 0.8
"""And when at least this is left, it is not."""


@dataclass(frozen=True, slots=True)
class Levels:
    """A level in the earlier and in the later period, and the change (``points`` for shares) with its interval."""

    before: Figure
    after: Figure
    change: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the people: how many, their level in each period, and what they add to the reported change.

    ``before`` is none for those who came, ``after`` for those who left. ``added`` is none where nobody stayed: then
    there is nobody to hold the others against.
    """

    who: Who
    number: Figure
    before: Figure | None
    after: Figure | None
    added: Figure | None


@dataclass(frozen=True, slots=True)
class Reclassified:
    """The level of one class as reported, with classes held still, and of everybody; ``in_class``: the class's share.

    ``moved_in`` and ``moved_out`` count, in each period, those reported in the class although they began in another,
    and those who began in it and are reported in another.
    """

    reported: Levels
    still: Levels
    everybody: Levels
    in_class: Levels
    moved_in: tuple[Figure, Figure]
    moved_out: tuple[Figure, Figure]
    parts: tuple[Part, ...]
    verdict: Verdict


def reclassified(facts: Facts, indicator_id: str, event: str, value: str, period: Period) -> Reclassified:
    """The check for one class of ``event`` in ``period`` against the period as long before it.

    Levels are means over the effort's enrolments (``per_enrolment``). Raises KeyError for an unknown indicator.
    """
    earlier = period_before(period)
    mine = pl.col("unit").is_in(facts.programme.effort_units)
    return compare_classes(
        per_enrolment(facts, indicator_id, earlier).filter(mine),
        per_enrolment(facts, indicator_id, period).filter(mine),
        class_days(facts, event),
        value,
        earlier,
        period,
        least=facts.programme.disclosure_threshold,
        stem=f"{indicator_id}/{event}.{value}/{period.first}..{period.last}",
    )


def period_before(period: Period) -> Period:
    """As many whole months, or else as many days, right before the period."""
    last = period.first - timedelta(days=1)
    if period.first.day == 1 and (period.last + timedelta(days=1)).day == 1:
        after = period.last + timedelta(days=1)
        months = (after.year - period.first.year) * 12 + after.month - period.first.month
        start = period.first.year * 12 + period.first.month - 1 - months
        return Period(first=date(start // 12, start % 12 + 1, 1), last=last)
    return Period(first=last - (period.last - period.first), last=last)


def class_days(facts: Facts, event: str) -> pl.DataFrame:
    """When enrolments were classed: enrolment, day, value; the last of several on a day counts."""
    rows = facts.table("event").filter(
        (pl.col("event") == event) & pl.col("value").is_not_null() & pl.col("enrolment").is_not_null()
    )
    ordered = rows.sort("occurred_from", "recorded_at", "id")
    return ordered.select("enrolment", "value", day="occurred_from").unique(
        ["enrolment", "day"], keep="last", maintain_order=True
    )


def compare_classes(
    before: pl.DataFrame,
    after: pl.DataFrame,
    classes: pl.DataFrame,
    value: str,
    earlier: Period,
    period: Period,
    *,
    least: int = 0,
    stem: str = "reclassified",
) -> Reclassified:
    """As ``reclassified``, from tables: ``before`` and ``after`` (enrolment, person, value) and ``class_days``.

    As reported, an enrolment is of the class it stood in on the last day of each period. Held still, it is of the
    class it stood in on the first day of the earlier one, or was first given later. Who has no class is left out
    (``unclassed``). Intervals of changes count each person once: the sum of what a person adds to both levels, as a
    linearised ratio.

    The reported change is taken apart exactly, with A those in the class later, B those earlier and S those in both:
    what S changed, plus for each part of A outside S its share of A times its level less that of S later, minus for
    each part of B outside S its share of B times its level less that of S earlier (Melitz & Polanec 2015, RAND Journal
    of Economics 46:362-375). Those outside were moved (``moved_in``, ``moved_out``: they are counted in the other
    period, in another class) or came and went (``new``, with those first classed in between, and ``gone``).

    The verdict: ``few`` when fewer than ``least`` are in the class in a period; ``unclear`` when neither the reported
    change nor that with classes held still can be told from 0; ``hidden`` when only the latter can; ``opposite`` when
    held still it goes surely the other way; ``reclassified`` when less than half of it is left; ``real`` when four
    fifths are; else ``partly``.
    """
    people = _side_by_side(before, after, classes, value, earlier, period)
    whole = set(people["y0"].drop_nulls().unique()) | set(people["y1"].drop_nulls().unique()) <= {0.0, 1.0}
    made = _Made(people, f"{{}}/{stem}", share=whole)
    in0, in1 = pl.col("in0"), pl.col("in1")
    reported = made.levels("reported", in0, in1)
    outside = [
        (made.count(f"{what}.{t}", rule), made.count(f"{what}.{t}", rule).id)
        for t in (0, 1)
        for what, rule in (
            ("moved-in", pl.col(f"in{t}") & ~pl.col("still") & pl.col(f"y{t}").is_not_null()),
            ("moved-out", ~pl.col(f"in{t}") & pl.col("still") & pl.col(f"y{t}").is_not_null()),
        )
    ]
    ids = tuple(key for _, key in outside)
    still = made.levels("still", pl.col("still"), pl.col("still"), made_from=ids)
    classed = pl.col("still").is_not_null()
    everybody = made.levels("everybody", classed, classed)
    in_class = _Made(
        people.with_columns(
            y0=pl.when(pl.col("y0").is_not_null()).then(in0.cast(pl.Float64)),
            y1=pl.when(pl.col("y1").is_not_null()).then(in1.cast(pl.Float64)),
        ),
        f"{{}}/{stem}",
        share=True,
    ).levels("in-class", classed, classed)
    figures = [figure for figure, _ in outside]
    return Reclassified(
        reported,
        still,
        everybody,
        in_class,
        (figures[0], figures[2]),
        (figures[1], figures[3]),
        _parts(made, reported),
        verdict(reported, still, least),
    )


def verdict(reported: Levels, still: Levels, least: int) -> Verdict:
    """What the two changes say together; the rules stand in ``compare_classes``."""
    people = [reported.before.denominator or 0, reported.after.denominator or 0]
    change, kept = reported.change.value, still.change.value
    if change is None or kept is None or min(people) < max(least, 1):
        return "few"
    if not _sure(reported.change):
        return "hidden" if _sure(still.change) else "unclear"
    left = kept / change
    if left < 0 and _sure(still.change):
        return "opposite"
    return "reclassified" if left < MOSTLY else "real" if left >= REAL else "partly"


def _sure(change: Figure) -> bool:
    if change.low is None or change.high is None:
        return bool(change.value)
    return change.low > 0 or change.high < 0


def _side_by_side(
    before: pl.DataFrame,
    after: pl.DataFrame,
    classes: pl.DataFrame,
    value: str,
    earlier: Period,
    period: Period,
) -> pl.DataFrame:
    """A row per enrolment with a value in either period: enrolment, person, y0, y1, in0, in1, still.

    ``in0`` and ``in1`` say whether it was in the class when each period ended, ``still`` whether it began in it;
    null for those never classed by then, who are no part of the class.
    """
    measured = [
        frame.filter(pl.col("value").is_not_null()).select("enrolment", "person", pl.col("value").alias(name))
        for frame, name in ((before, "y0"), (after, "y1"))
    ]
    people = measured[0].join(measured[1], on=["enrolment", "person"], how="full", coalesce=True)
    for name, day in (("in0", earlier.last), ("in1", period.last)):
        people = people.join(_class_on(classes, day, value, name), on="enrolment", how="left")
    first = classes.sort("day").group_by("enrolment", maintain_order=True).first()
    first = first.filter(pl.col("day") <= period.last)
    start = _class_on(classes, earlier.first, value, "at_start")
    return (
        people.join(start, on="enrolment", how="left")
        .join(first.select("enrolment", first=pl.col("value") == value), on="enrolment", how="left")
        .with_columns(still=pl.coalesce("at_start", "first"))
        .drop("at_start", "first")
        .sort("enrolment")
    )


def _class_on(classes: pl.DataFrame, day: date, value: str, name: str) -> pl.DataFrame:
    newest = (
        classes.filter(pl.col("day") <= day).sort("day").group_by("enrolment", maintain_order=True).last()
    )
    return newest.select("enrolment", (pl.col("value") == value).alias(name))


@dataclass(frozen=True, slots=True)
class _Made:
    """Figures over the rows of ``people``; ``stem`` has a place for what they are, ``share``: values are 0 and 1."""

    people: pl.DataFrame
    stem: str
    share: bool

    def count(self, what: str, rule: pl.Expr) -> Figure:
        number = self.people.filter(rule.fill_null(value=False)).height
        return Figure.count(self.stem.format(f"class-{what}"), number)

    def level(self, what: str, time: int, rule: pl.Expr, made_from: tuple[str, ...] = ()) -> Figure:
        """The mean value in a period of those for whom ``rule`` holds; those without a class are left out."""
        rows = self.people.filter(pl.col(f"y{time}").is_not_null())
        unclassed = rows.select(rule.is_null().sum()).item()
        values = rows.filter(rule.fill_null(value=False))[f"y{time}"]
        return Figure(
            self.stem.format(f"class-{what}.{time}"),
            _mean(values),
            "share" if self.share else "mean",
            float(values.sum()),
            float(len(values)),
            {reasons.UNCLASSED: unclassed} if unclassed else {},
            made_from=made_from,
        )

    def levels(self, what: str, before: pl.Expr, after: pl.Expr, made_from: tuple[str, ...] = ()) -> Levels:
        one, other = self.level(what, 0, before, made_from), self.level(what, 1, after, made_from)
        name, unit = self.stem.format(f"class-{what}.change"), "points" if self.share else "mean"
        if one.value is None or other.value is None:
            return Levels(one, other, Figure(name, None, unit, made_from=(one.id, other.id)))
        adds = self.people.select(
            "person",
            adds=_adds(1, after, other.value, other.denominator or 1)
            - _adds(0, before, one.value, one.denominator or 1),
        )
        by_person = adds.group_by("person").agg(pl.col("adds").sum())["adds"].to_numpy()
        error = float(np.sqrt(np.square(by_person).sum()))
        value = other.value - one.value
        change = Figure(
            name, value, unit, low=value - Z95 * error, high=value + Z95 * error, made_from=(one.id, other.id)
        )
        return Levels(one, other, change)


def _adds(time: int, rule: pl.Expr, level: float, number: float) -> pl.Expr:
    """What a row adds to the error of the level."""
    y = pl.col(f"y{time}")
    return pl.when(rule & y.is_not_null()).then((y - level) / number).otherwise(0.0)


def _mean(values: pl.Series) -> float | None:
    return float(values.sum()) / len(values) if len(values) else None


def _parts(made: _Made, reported: Levels) -> tuple[Part, ...]:
    measured0, measured1 = pl.col("y0").is_not_null(), pl.col("y1").is_not_null()
    earlier = (pl.col("in0") & measured0).fill_null(value=False)
    later = (pl.col("in1") & measured1).fill_null(value=False)
    was_other = (~pl.col("in0") & measured0).fill_null(value=False)
    rules: dict[Who, pl.Expr] = {
        "stayed": earlier & later,
        "moved_in": later & was_other,
        "new": later & ~earlier & ~was_other,
        "moved_out": earlier & ~later & measured1,
        "gone": earlier & ~measured1,
    }
    found: list[Part] = []
    stayed0, stayed1 = (made.level("stayed", time, rules["stayed"]) for time in (0, 1))
    for who, rule in rules.items():
        number = made.count(f"number.{who}", rule)
        before = made.level(who, 0, rule) if who in ("stayed", "moved_out", "gone") else None
        after = made.level(who, 1, rule) if who in ("stayed", "moved_in", "new") else None
        added: float | None = None
        if stayed0.value is not None and stayed1.value is not None:
            added = stayed1.value - stayed0.value
            if who in ("moved_in", "new"):
                added = _outside(after, reported.after, stayed1)
            elif who != "stayed":
                added = -_outside(before, reported.before, stayed0)
        made_from = tuple(
            one.id for one in (before, after, reported.before, reported.after, stayed0, stayed1) if one
        )
        name, unit = made.stem.format(f"class-added.{who}"), "points" if made.share else "mean"
        found.append(Part(who, number, before, after, Figure(name, added, unit, made_from=made_from)))
    return tuple(found)


def _outside(part: Figure | None, whole: Figure, stayed: Figure) -> float:
    """The share of the whole that a part is, times its level less that of those who stayed."""
    if part is None or part.value is None or stayed.value is None or not whole.denominator:
        return 0.0
    return (part.denominator or 0.0) / whole.denominator * (part.value - stayed.value)
