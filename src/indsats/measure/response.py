"""Who answered in each round, who was lost since the first, and what those who were lost looked like at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from indsats.figure import Figure
from indsats.programme import Questionnaire

from .change import baselines
from .distribution import ALL, UNKNOWN, By
from .respondents import asked_respondents, moved_between, who_answered
from .rounds import NOT_EXPECTED, expected_raters, rounds
from .waves import waves_after, waves_in_order, waves_in_period

if TYPE_CHECKING:
    from indsats.record import Facts

_SHARES = ("answered", "declined", "not_relevant", "open", "late", "missed")
_KEY = ["group", "wave", "rater"]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """What became of one round in one unit or site, for one rater (None: any of them may answer).

    ``expected`` counts those who are to answer: everybody but those whose round has not opened (``upcoming``) or who
    left before it was due (``ended``). ``answered``, ``declined``, ``not_relevant``, ``open`` (unanswered, still in
    time), ``late`` (unanswered, can still be given) and ``missed`` are shares of them and add up to one. ``on_time``
    is a share of those who answered. ``attrition`` is the share who did not answer among those who answered the
    first round of the clock, were expected in this one and have had their time for it; None in the first round.

    About sites those expected are the respondents invited. Where nobody was invited, or not by name, nobody knows how
    many could have answered: the shares then have no value. ``respondents`` counts those who answered, ``sites`` is
    the share of sites from which anybody did. ``stayed`` is the share of the round before's named respondents who
    answered this one too, ``left`` and ``new`` count the others of either round; None in the first, and before it
    opens. These five are None about persons.
    """

    group: str
    wave: str
    rater: str | None
    expected: Figure
    answered: Figure
    on_time: Figure
    declined: Figure
    not_relevant: Figure
    open: Figure
    late: Figure
    missed: Figure
    upcoming: Figure
    ended: Figure
    attrition: Figure | None = None
    respondents: Figure | None = None
    sites: Figure | None = None
    stayed: Figure | None = None
    left: Figure | None = None
    new: Figure | None = None


def response_rows(
    facts: Facts, questionnaire_id: str, until: date, by: By | None = "unit", name: str = ""
) -> tuple[ResponseRow, ...]:
    """Response by unit, by site or (``by=None``) together × wave × rater, as known on the day ``until``.

    Rows come by group, in the order of waves and raters. Enrolments count, not people: somebody enrolled twice is
    asked twice. Ids: ``response/<name>/<group>/<wave>/<rater>/<what>``, the rater ``any`` where there is no one
    rater. Raises KeyError for an unknown questionnaire.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    expected = _grouped(rounds(facts, questionnaire_id, until), by)
    if questionnaire.about == "site":
        return _of_sites(facts, questionnaire_id, expected, until, by, name)
    lost = _lost(expected, questionnaire, until)
    counted = {_key(row): row for row in _counted(expected).join(lost, on=_KEY, nulls_equal=True).to_dicts()}
    rows: list[ResponseRow] = []
    for key in _in_order(expected, questionnaire):
        stem, counts = _stem(name, *key), counted[key]
        attrition = None
        if key[1] not in _first_waves(questionnaire).values():
            excluded = {why: counts[f"out_{why}"] for why in ("ended", "open", "upcoming")}
            attrition = Figure.share(
                f"{stem}/attrition", counts["lost"], counts["base"], excluded=_some(excluded)
            )
        rows.append(ResponseRow(*key, **_figures(stem, counts), attrition=attrition))
    return tuple(rows)


def leavers(facts: Facts, questionnaire_id: str, score_id: str, wave: str, until: date) -> pl.DataFrame:
    """Those who were measured at the start and had their time to answer ``wave``: did they (``stayed``)?

    One row per enrolment with a baseline that was expected in the wave, once the wave had closed for it by
    ``until``; with ``by: each`` it is the baseline's rater who was to answer. Columns: those of ``baselines`` but
    ``reason``, ``stayed`` (Boolean), ``age`` in whole years when the enrolment began, and what else the table of
    persons has. Whether those who stayed differ from the others is for ``evaluate`` to test. Raises KeyError for an
    unknown questionnaire, score or wave.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    _ = questionnaire.waves[wave]
    start = baselines(facts, questionnaire_id, score_id, until=until).filter(pl.col("reason").is_null())
    expected = rounds(facts, questionnaire_id, until).filter(
        (pl.col("wave") == wave) & ~pl.col("status").is_in(NOT_EXPECTED) & (pl.col("closes") < until)
    )
    keys = ["enrolment"] if expected_raters(questionnaire) == (None,) else ["enrolment", "rater"]
    stayed = expected.select(*keys, stayed=pl.col("status") == "answered")
    return _with_persons(facts, start.drop("reason").join(stayed, on=keys, maintain_order="left"))


def _with_persons(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    persons = facts.persons.unique("person", keep="first", maintain_order=True)
    known = [name for name in persons.columns if name not in rows.columns]
    rows = rows.join(persons.select("person", *known), on="person", how="left", maintain_order="left")
    if "birth_date" not in known:
        return rows.with_columns(age=pl.lit(None, dtype=pl.Int64))
    born, start = pl.col("birth_date").dt, pl.col("start").dt
    had = (start.month() > born.month()) | ((start.month() == born.month()) & (start.day() >= born.day()))
    age = (start.year() - born.year()).cast(pl.Int64) - (~had).cast(pl.Int64)
    return rows.with_columns(age=age).drop("birth_date")


def _of_sites(
    facts: Facts, questionnaire_id: str, expected: pl.DataFrame, until: date, by: By | None, name: str
) -> tuple[ResponseRow, ...]:
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    asked = _grouped(asked_respondents(facts, questionnaire_id, until), by)
    counted = {_key(row): row for row in _counted(asked).to_dicts()}
    there = who_answered(facts, questionnaire_id, until)
    came = _grouped(there, by)
    between = _grouped(moved_between(there, questionnaire), by)
    rows: list[ResponseRow] = []
    for group, wave, rater in _in_order(expected, questionnaire):

        def here(
            table: pl.DataFrame, group: str = group, wave: str = wave, rater: str | None = rater
        ) -> pl.DataFrame:
            return table.filter(
                (pl.col("group") == group)
                & (pl.col("wave") == wave)
                & pl.col("rater").eq_missing(pl.lit(rater))
            )

        stem, sites, answered = _stem(name, group, wave, rater), here(expected), here(came)
        due = sites.filter(~pl.col("status").is_in(NOT_EXPECTED))
        counts = counted.get((group, wave, rater))
        uninvited = answered.filter(~pl.col("invited")).height
        figures = _figures(stem, counts, uninvited) if counts else _unknown(stem, answered, due.is_empty())
        moves: dict[str, Figure] = {}
        if wave not in _first_waves(questionnaire).values() and not due.is_empty():
            moves = _moves(stem, here(between))
        rows.append(
            ResponseRow(
                *(group, wave, rater),
                **figures,
                **moves,
                respondents=Figure.count(f"{stem}/respondents", answered.height),
                sites=Figure.share(
                    f"{stem}/sites",
                    due.filter(pl.col("status") == "answered").height,
                    due.height,
                    excluded=_some({"upcoming": sites.height - due.height}),
                    of="places",
                ),
            )
        )
    return tuple(rows)


def _moves(stem: str, between: pl.DataFrame) -> dict[str, Figure]:
    before, now = pl.col("before"), pl.col("now")
    both, left, new = (between.filter(how).height for how in (before & now, before & ~now, now & ~before))
    excluded = _some({"unnamed": int(between.select((~before & ~now).sum()).item())})
    return {
        "stayed": Figure.share(f"{stem}/stayed", both, both + left, excluded=excluded),
        "left": Figure.count(f"{stem}/left", left, excluded=excluded),
        "new": Figure.count(f"{stem}/new", new, excluded=excluded),
    }


def _grouped(rows: pl.DataFrame, by: By | None) -> pl.DataFrame:
    return rows.with_columns(group=pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN))


def _first_waves(questionnaire: Questionnaire) -> dict[str, str]:
    """The first wave of each clock."""
    clocks = {"after": waves_after(questionnaire), "period": waves_in_period(questionnaire)}
    return {clock: next(iter(waves)) for clock, waves in clocks.items() if waves}


def _in_order(rows: pl.DataFrame, questionnaire: Questionnaire) -> list[tuple[str, str, str | None]]:
    """The groups, waves and raters that have a round, by group and then as the definition has them."""
    waves, raters = list(waves_in_order(questionnaire)), list(expected_raters(questionnaire))
    keys = rows.select(_KEY).unique().rows()
    return sorted(keys, key=lambda key: (key[0], waves.index(key[1]), raters.index(key[2])))


def _key(row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return row["group"], row["wave"], row["rater"]


def _stem(name: str, group: str, wave: str, rater: str | None) -> str:
    return f"response/{name}/{group}/{wave}/{rater or 'any'}"


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    """How many rounds of each group, wave and rater are in each state, and how many were answered on time."""
    states = (*_SHARES, *NOT_EXPECTED)
    return rows.group_by(_KEY).agg(
        *((pl.col("status") == ("due" if state == "open" else state)).sum().alias(state) for state in states),
        (pl.col("timing") == "on_time").sum().alias("on_time"),
    )


def _lost(rows: pl.DataFrame, questionnaire: Questionnaire, until: date) -> pl.DataFrame:
    """By group, wave and rater: of those who answered the clock's first round, how many had their time for this
    one (``base``), and did not answer (``lost``); why others are not counted (``out_<reason>``)."""
    after = list(waves_after(questionnaire))
    clock = pl.when(pl.col("wave").is_in(after)).then(pl.lit("after")).otherwise(pl.lit("period"))
    rows = rows.with_columns(clock=clock)
    first = pl.col("wave").is_in(list(_first_waves(questionnaire).values()))
    began = rows.filter(first & (pl.col("status") == "answered")).select(
        "enrolment", "rater", "clock", began=pl.lit(value=True)
    )
    status = pl.col("status")
    over = ~status.is_in(NOT_EXPECTED) & (pl.col("closes") < until)
    why = pl.when(status.is_in(NOT_EXPECTED)).then(status).when(~over).then(pl.lit("open"))
    followed = rows.join(
        began, on=["enrolment", "rater", "clock"], how="left", nulls_equal=True
    ).with_columns(began=pl.col("began").fill_null(value=False), why=why)
    return followed.group_by(_KEY).agg(
        base=(pl.col("began") & over).sum(),
        lost=(pl.col("began") & over & (status != "answered")).sum(),
        **{
            f"out_{name}": (pl.col("began") & (pl.col("why") == name).fill_null(value=False)).sum()
            for name in ("ended", "open", "upcoming")
        },
    )


def _figures(stem: str, counts: Mapping[str, Any], uninvited: int = 0) -> dict[str, Figure]:
    expected = sum(counts[state] for state in _SHARES)
    excluded = _some({**{state: counts[state] for state in NOT_EXPECTED}, "uninvited": uninvited})
    return {
        "expected": Figure.count(f"{stem}/expected", expected, excluded=excluded),
        **{
            state: Figure.share(f"{stem}/{state}", counts[state], expected, excluded=excluded)
            for state in _SHARES
        },
        "on_time": Figure.share(f"{stem}/on_time", counts["on_time"], counts["answered"]),
        **{state: Figure.count(f"{stem}/{state}", counts[state]) for state in NOT_EXPECTED},
    }


def _unknown(stem: str, answered: pl.DataFrame, ahead: bool) -> dict[str, Figure]:
    """The figures of a round to which nobody was invited by name: who came is known, and when, but not of how many."""
    number, on_time = answered.height, answered.filter(pl.col("timing") == "on_time").height
    came = {"answered": number}
    return {
        "expected": Figure(f"{stem}/expected", None, "count"),
        **{
            state: Figure(f"{stem}/{state}", None, "share", None if ahead else came.get(state))
            for state in _SHARES
        },
        "on_time": Figure.share(f"{stem}/on_time", on_time, number),
        **{state: Figure(f"{stem}/{state}", None, "count") for state in NOT_EXPECTED},
    }


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {reason: number for reason, number in counts.items() if number}
