"""Change from a baseline to a later measurement: who has both, how far they moved, and why others have neither."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Questionnaire, Score

from .answered import INCOMPLETE, answers, rater_place
from .editions import ANOTHER_EDITION, comparable
from .reliability import smallest_detectable_change
from .rounds import given_by
from .scores import score
from .transitions import NOT_MEASURED_AGAIN
from .waves import BEFORE_ENROLMENT, moved

if TYPE_CHECKING:
    from indsats.record import Facts

NOT_MEASURED = "not_measured"
TOO_LATE = "too_late"
DECLINED = "declined"
ANOTHER_RATER = "another_rater"

_ENROLLED = ("enrolment", "person", "unit", "site", "service", "start")
_FIRST = ("value", "band", "day", "rater", "edition", "answer")
_LAST = ("last_value", "last_band", "last_day", "last_rater", "last_edition")
EPS = 1e-9
"""What sums of decimals may be off by."""


def baselines(
    facts: Facts,
    questionnaire_id: str,
    score_id: str,
    *,
    until: date | None = None,
    rater: str | None = None,
) -> pl.DataFrame:
    """One row per enrolment, ordered by it: the first measurement that counts as its start, or why there is none.

    Columns: ``enrolment``, ``person``, ``unit``, ``site``, ``service``, ``start``, ``value``, ``band``, ``day``,
    ``rater``, ``edition``, ``answer`` (the fact's id) and ``reason``. With ``until`` nothing dated later is used; with
    ``rater`` only that rater's answers are.

    The baseline is the first answer with a value from ``baseline.before`` before to ``baseline.within`` after the
    enrolment began, both days included; without a ``baseline`` in the definition the first whenever it came. On one
    day a complete set goes before an incomplete one, then the rater who stands first, then the lowest id. An answer
    is of the enrolment it names: somebody enrolled twice has two baselines.

    ``reason``, the first that holds: ``incomplete``, answered in time but without a value; ``declined`` by the end
    of that time; ``too_late`` and ``before_enrolment``, answered only then; ``not_measured``. A questionnaire about
    sites has no enrolments and gives no rows. Raises KeyError for an unknown questionnaire or score.
    """
    measured = _measured(facts, questionnaire_id, score_id, until, rater)
    return _baselines(facts, questionnaire_id, measured, until, rater)


def changes(
    facts: Facts,
    questionnaire_id: str,
    score_id: str,
    *,
    until: date,
    wave: str | None = None,
    rater: str | None = None,
) -> pl.DataFrame:
    """``baselines`` with the follow-up of each enrolment, as known on the day ``until``.

    Columns added: ``last_value``, ``last_band``, ``last_day``, ``last_rater``, ``last_edition``, ``change`` (last −
    first), ``gain`` (the change, positive where it is for the better; null on a scale without a better end) and
    ``verdict`` (better | same | worse: whether the gain is more than error of measurement; null without a
    ``threshold``). A change exactly at the threshold is ``same``.

    The follow-up is the newest answer with a value on a later day by the baseline's rater, or with ``wave`` the one
    that counts in that round. Reasons beside those of ``baselines``: ``not_measured_again``; ``another_rater``,
    measured again only by others; ``another_edition``, whose scores may not be compared. The last two show the
    follow-up, but neither change nor verdict. Raises KeyError for an unknown questionnaire, score or wave.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    measured = _measured(facts, questionnaire_id, score_id, until, rater)
    both = first_and_last(facts, questionnaire_id, measured, until=until, wave=wave, rater=rater)
    sign = {"higher": 1.0, "lower": -1.0}.get(questionnaire.scale.better)
    gain = pl.col("change") * pl.lit(sign, dtype=pl.Float64)
    return both.with_columns(gain=gain).with_columns(
        verdict=_verdict(threshold(questionnaire, score_id, both))
    )


def first_and_last(
    facts: Facts,
    questionnaire_id: str,
    measured: pl.DataFrame,
    *,
    until: date,
    wave: str | None = None,
    rater: str | None = None,
) -> pl.DataFrame:
    """``changes`` of whatever ``value`` the rows of ``measured`` carry, without ``gain`` and ``verdict``.

    ``measured`` comes from ``measured_rows`` with the same ``until`` and ``rater``. Raises KeyError for an unknown
    wave.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    start = _baselines(facts, questionnaire_id, measured, until, rater)
    again = measured.drop_nulls("value")
    if wave is not None:
        _ = questionnaire.waves[wave]
        of_wave = given_by(facts, questionnaire_id, until).filter(
            pl.col("counts") & (pl.col("round") == wave)
        )
        again = again.join(of_wave.select("id"), on="id", how="semi")
    both = start.join(_follow_up(again, start), on="enrolment", how="left", maintain_order="left")
    same_rater = pl.col("last_rater").eq_missing(pl.col("rater"))
    reason = (
        pl.when(pl.col("reason").is_not_null())
        .then("reason")
        .when(pl.col("last_value").is_null())
        .then(pl.lit(NOT_MEASURED_AGAIN))
        .when(~same_rater)
        .then(pl.lit(ANOTHER_RATER))
        .when(~comparable(questionnaire, "edition", "last_edition"))
        .then(pl.lit(ANOTHER_EDITION))
    )
    return both.with_columns(reason=reason).with_columns(
        change=pl.when(pl.col("reason").is_null()).then(pl.col("last_value") - pl.col("value"))
    )


def measured_rows(
    valued: pl.DataFrame, questionnaire: Questionnaire, until: date | None = None, rater: str | None = None
) -> pl.DataFrame:
    """What a first and a last are chosen from: rows of ``answers`` with ``value`` and ``band`` that name an enrolment.

    Columns: ``id``, ``enrolment``, ``rater``, ``edition``, ``value``, ``band``, ``complete``, ``day`` and ``place``,
    where the rater stands among those of the questionnaire.
    """
    rows = valued.drop_nulls("enrolment")
    if until is not None:
        rows = rows.filter(pl.col("occurred_from") <= until)
    if rater is not None:
        rows = rows.filter(pl.col("rater") == rater)
    return rows.select(
        *("id", "enrolment", "rater", "edition", "value", "band", "complete"),
        day="occurred_from",
        place=rater_place(questionnaire),
    )


def threshold(
    questionnaire: Questionnaire, score_id: str, measured: pl.DataFrame | float | None = None
) -> float | None:
    """The least change of one person that is more than error of measurement: ``1.96·√2·sd·√(1 − reliability)``.

    Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59:12–19. ``sd`` is the one the
    reliability was found with; where the definition names none it is that of the baseline: ``measured`` is it, or
    a table of ``baselines`` or ``changes`` whose ``value`` it is taken of. None where the score has no reliability,
    or there is no spread to measure. What people would call a change (``smallest_change``) is another thing, and is
    told beside this one. Raises KeyError for a score that no edition has.
    """
    asked = score_of(questionnaire, score_id)
    if asked.reliability is None:
        return None
    spread = asked.reliability.sd
    if spread is None:
        own = measured["value"].std() if isinstance(measured, pl.DataFrame) else measured
        spread = float(own) if isinstance(own, float | int) else None
    if spread is None or not spread > 0:
        return None
    return smallest_detectable_change(spread, asked.reliability.value)


def score_of(questionnaire: Questionnaire, score_id: str) -> Score:
    """The score as the newest edition that has it defines it; KeyError where none has."""
    for asking in reversed(list(questionnaire.editions.values())):
        if score_id in asking.scores:
            return asking.scores[score_id]
    raise KeyError(score_id)


def _measured(
    facts: Facts, questionnaire_id: str, score_id: str, until: date | None, rater: str | None
) -> pl.DataFrame:
    """Scored answers about enrolments; none for a questionnaire about sites."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    scored = score(answers(facts, questionnaire_id), questionnaire, score_id)
    return measured_rows(scored, questionnaire, until, rater)


def _baselines(
    facts: Facts, questionnaire_id: str, measured: pl.DataFrame, until: date | None, rater: str | None
) -> pl.DataFrame:
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    enrolled = facts.enrolments().select(_ENROLLED).sort("enrolment")
    if until is not None:
        enrolled = enrolled.filter(pl.col("start") <= until)
    if questionnaire.about == "site":
        enrolled = enrolled.clear()
    window = questionnaire.baseline
    spans = enrolled.select(
        "enrolment", opens=pl.lit(None, dtype=pl.Date), closes=pl.lit(None, dtype=pl.Date)
    )
    if window is not None:
        spans = spans.with_columns(
            moved(facts, enrolled, "start", window.before, back=True).alias("opens"),
            moved(facts, enrolled, "start", window.within).alias("closes"),
        )
    rows = measured.join(spans, on="enrolment").with_columns(
        early=(pl.col("day") < pl.col("opens")).fill_null(value=False),
        late=(pl.col("day") > pl.col("closes")).fill_null(value=False),
    )
    inside = rows.filter(~pl.col("early") & ~pl.col("late"))
    first = (
        inside.drop_nulls("value")
        .sort("day", pl.col("complete").not_(), "place", "id")
        .unique("enrolment", keep="first", maintain_order=True)
        .select("enrolment", *_FIRST[:-1], answer="id")
    )
    came = [
        inside.select("enrolment", why=pl.lit(INCOMPLETE), order=pl.lit(0)),
        _declined(facts, questionnaire_id, spans, until, rater).select(
            "enrolment", why=pl.lit(DECLINED), order=pl.lit(1)
        ),
        rows.filter("late").select("enrolment", why=pl.lit(TOO_LATE), order=pl.lit(2)),
        rows.filter("early").select("enrolment", why=pl.lit(BEFORE_ENROLMENT), order=pl.lit(3)),
    ]
    why = pl.concat(came).sort("order").unique("enrolment", keep="first", maintain_order=True)
    reason = pl.when(pl.col("value").is_null()).then(pl.col("why").fill_null(NOT_MEASURED))
    return (
        enrolled.join(first, on="enrolment", how="left", maintain_order="left")
        .join(why.select("enrolment", "why"), on="enrolment", how="left", maintain_order="left")
        .select(*_ENROLLED, *_FIRST, reason=reason)
    )


def _declined(
    facts: Facts, questionnaire_id: str, spans: pl.DataFrame, until: date | None, rater: str | None
) -> pl.DataFrame:
    """The enrolments that said no before their time to be measured at the start was over."""
    steps = facts.table("questionnaire_asked").filter(
        (pl.col("questionnaire") == questionnaire_id) & (pl.col("step") == "declined")
    )
    if until is not None:
        steps = steps.filter(pl.col("occurred_from") <= until)
    if rater is not None:
        steps = steps.filter((pl.col("rater") == rater).fill_null(value=True))
    in_time = (pl.col("occurred_from") <= pl.col("closes")).fill_null(value=True)
    return steps.select("enrolment", "occurred_from").join(spans, on="enrolment").filter(in_time)


def _follow_up(again: pl.DataFrame, start: pl.DataFrame) -> pl.DataFrame:
    """By enrolment the newest of ``again`` after its baseline: one by the baseline's rater before any other's."""
    later = again.join(
        start.drop_nulls("day").select("enrolment", first_day="day", first_rater="rater"), on="enrolment"
    ).filter(pl.col("day") > pl.col("first_day"))
    other = pl.col("rater").ne_missing(pl.col("first_rater"))
    newest = later.sort(
        *(other, "day", pl.col("complete").not_(), "place", "id"),
        descending=[False, True, False, False, False],
    ).unique("enrolment", keep="first", maintain_order=True)
    return newest.select(
        "enrolment",
        **dict(zip(_LAST, ("value", "band", "day", "rater", "edition"), strict=True)),
    )


def _verdict(limit: float | None) -> pl.Expr:
    if limit is None:
        return pl.lit(None, dtype=pl.String)
    # A change at the threshold to the last digit of its sums is not beyond it.
    beyond = limit * (1 + EPS)
    return (
        pl.when(pl.col("gain") > beyond)
        .then(pl.lit("better"))
        .when(pl.col("gain") < -beyond)
        .then(pl.lit("worse"))
        .when(pl.col("gain").is_not_null())
        .then(pl.lit("same"))
    )
