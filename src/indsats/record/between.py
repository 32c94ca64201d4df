"""Checks between facts: known persons, sites and enrolments, no overlap, the entry rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from indsats.problem import Problem
from indsats.programme import EntryRule, Programme, parse_rule, rule_fields, with_rule

from . import tables
from .answered_between import answered_differently, year_too_early
from .findings import FILE, ROW, Check, choose, problems, run
from .kinds import ASKED_ABOUT, ROUND_ABOUT
from .record import Record, placed


def check_between(
    joined: Mapping[str, pl.DataFrame], batch: Mapping[str, pl.DataFrame], record: Record
) -> list[Problem]:
    """Problems of the new facts in ``batch`` against the versions in view once they are in.

    ``joined`` has, for the kinds of the batch, old and new facts; kinds outside it are taken from ``record``.
    When enrolments change, the facts already recorded about them are checked again.
    """
    live = {kind: frame.filter(pl.col("replaced_at").is_null()) for kind, frame in joined.items()}
    new = {kind: frame.filter(pl.col(ROW).is_not_null()) for kind, frame in live.items()}
    enrolled = _live("enrolled", live, record)
    exits = _live("exit", live, record)
    pointing = (
        {kind: _live(kind, live, record) for kind in {**record.facts, **live}} if "enrolled" in batch else new
    )
    found: list[Problem] = []
    for kind, frame in new.items():
        found += _known_person(frame, record) + _known_site(frame, record)
        found += _entry_rules(frame, kind, enrolled, record)
        if kind in ROUND_ABOUT:
            found += year_too_early(frame, enrolled, record.programme)
        if kind in ASKED_ABOUT:
            found += answered_differently(live[kind], record.programme)
    for kind, frame in pointing.items():
        if kind != "enrolled":
            found += _known_enrolment(frame, enrolled)
    if "enrolled" in batch or "exit" in batch:
        found += _spans(enrolled, exits)
    if "site_setting" in new:
        found += _chosen_twice(live["site_setting"])
    return found


def _live(kind: str, live: Mapping[str, pl.DataFrame], record: Record) -> pl.DataFrame:
    if kind in live:
        return live[kind]
    return (
        record.table(kind)
        .filter(pl.col("replaced_at").is_null())
        .with_columns(pl.lit(None, dtype=pl.String).alias(FILE), pl.lit(None, dtype=pl.Int64).alias(ROW))
    )


def _known_person(frame: pl.DataFrame, record: Record) -> list[Problem]:
    if record.persons.is_empty():
        return []
    strangers = frame.filter(pl.col("person").is_not_null()).join(
        record.persons.select("person"), on="person", how="anti", maintain_order="left"
    )
    check = Check(
        "person",
        pl.lit(True),
        "the person is not in the table of persons",
        "Add the person to the file 'persons', or check how the person is written there.",
    )
    return list(problems(strangers, check))


def _known_site(frame: pl.DataFrame, record: Record) -> list[Problem]:
    sites = record.sites["site"].to_list()
    return run(
        frame,
        [
            Check(
                "site",
                pl.col("site").is_not_null() & ~pl.col("site").is_in(sites),
                "the site is not known",
                lambda site: choose(site, sites, "site"),
            )
        ],
    )


def _known_enrolment(frame: pl.DataFrame, enrolled: pl.DataFrame) -> list[Problem]:
    pointing = frame.filter(pl.col("enrolment").is_not_null()).select(
        "id", "kind", "enrolment", "person", FILE, ROW
    )
    if pointing.is_empty():
        return []
    of = enrolled.select("enrolment", _of="person", _there=True).unique("enrolment")
    both = pointing.join(of, on="enrolment", how="left", maintain_order="left")
    return run(
        both,
        [
            Check(
                "enrolment",
                pl.col("_there").is_null() & pl.col(ROW).is_not_null(),
                "there is no such enrolment",
                "Add it to the file 'enrolled', or check how its id is written there.",
            ),
            Check(
                "enrolment",
                pl.col("_there").is_null() & pl.col(ROW).is_null(),
                "facts already recorded point to an enrolment that would no longer be there",
                "Correct or withdraw those facts first.",
            ),
            Check(
                "person",
                pl.col("_of") != pl.col("person"),
                "the enrolment belongs to another person",
                "Check the person and the enrolment of the row.",
            ),
        ],
    )


def _spans(enrolled: pl.DataFrame, exits: pl.DataFrame) -> list[Problem]:
    """Enrolments begun twice or overlapping, exits given twice or before the start."""
    twice = [
        (enrolled, "the enrolment begins on more than one row", "Give each enrolment an id of its own."),
        (exits, "the enrolment ends on more than one row", "Keep one exit for each enrolment."),
    ]
    found: list[Problem] = []
    for frame, what, remedy in twice:
        repeated = frame.sort(pl.col(ROW).is_not_null(), maintain_order=True).filter(
            ~pl.col("enrolment").is_first_distinct() & pl.col("enrolment").is_not_null()
        )
        found += problems(repeated, Check("enrolment", pl.lit(True), what, remedy))

    starts = enrolled.unique("enrolment", keep="first", maintain_order=True)
    starts = starts.select("enrolment", _start="occurred_from")
    ended = exits.select("enrolment", "occurred_from", FILE, ROW).join(starts, on="enrolment", how="inner")
    found += run(
        ended,
        [
            Check(
                "occurred_from",
                pl.col("occurred_from") < pl.col("_start"),
                "the exit lies before the enrolment began",
                "Check the two dates; an exit can fall on the day of the start at the earliest.",
            )
        ],
    )
    ends = exits.group_by("enrolment").agg(_end=pl.col("occurred_from").min())
    forever = pl.lit(date(9999, 12, 31))
    spans = (
        enrolled.filter(pl.col("enrolment").is_first_distinct() & pl.col("person").is_not_null())
        .join(ends, on="enrolment", how="left", maintain_order="left")
        .with_columns(pl.col("_end").fill_null(forever), pl.col("service").fill_null(""))
        .sort("person", "service", "occurred_from", pl.col(ROW).is_not_null(), maintain_order=True)
        .with_columns(_until=pl.col("_end").cum_max().shift(1).over("person", "service"))
    )
    found += run(
        spans,
        [
            Check(
                "enrolment",
                pl.col("occurred_from") < pl.col("_until"),
                "the person is already enrolled in the same service at that time",
                "Record the exit of the earlier enrolment first, or leave this one out if it is the same.",
            )
        ],
    )
    return found


def _chosen_twice(chosen: pl.DataFrame) -> list[Problem]:
    """Two values of a setting from the same day at a site: nobody can tell which holds."""
    repeated = chosen.sort(pl.col(ROW).is_not_null(), maintain_order=True).filter(
        ~pl.struct("site", "setting", "occurred_from").is_first_distinct()
    )
    check = Check(
        "occurred_from",
        pl.lit(True),
        "the site has already chosen a value of the setting from that day",
        "Correct that fact instead, or check the day.",
    )
    return list(problems(repeated, check))


def _entry_rules(frame: pl.DataFrame, kind: str, enrolled: pl.DataFrame, record: Record) -> list[Problem]:
    """What the programme demands of a fact; a rule that cannot be decided refuses nothing."""
    programme = record.programme
    rules = [rule for rule in programme.entry_rules.values() if rule.kind == kind]
    judged = frame.filter(pl.col("programme_version") == programme.version)
    if not rules or judged.is_empty():
        return []
    view = placed(judged, kind, enrolled, record.sites)
    return [problem for rule in rules for problem in _broken(view, kind, rule, programme)]


def _broken(view: pl.DataFrame, kind: str, rule: EntryRule, programme: Programme) -> list[Problem]:
    parsed = parse_rule(rule.must, rule_fields(programme, kind), expect="bool")
    # time since a date is counted to the day each fact was recorded
    view = view.with_columns(_day=tables.local_day(pl.col("recorded_at")))
    held = with_rule(view, "_held", parsed, as_of="_day" if parsed.needs_as_of else None)
    named = [name for name in sorted(parsed.fields) if name in view.columns]
    shown = pl.concat_str(
        [pl.format(name + ": {}", pl.col(name).cast(pl.String).fill_null("–")) for name in named]
        or [pl.lit("")],
        separator=", ",
    )
    broken = held.filter(pl.col("_held") == False).with_columns(_shown=shown)  # noqa: E712 (null is not False)
    field = named[0] if len(named) == 1 else None
    check = Check(field, pl.lit(True), rule.say.en, f"The programme demands: {rule.must}.", shown="_shown")
    return list(problems(broken, check))
