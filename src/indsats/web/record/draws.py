"""A draw among the candidates of a programme: who can be drawn, what it would give, and the facts it becomes."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Q

from indsats.problem import InputRefused, Problem
from indsats.programme import Draw, Programme, parse_rule, rule_fields, with_rule
from indsats.record import PERSONS

from .. import clock
from ..models import Batch, Case, Fact, Person, as_one
from ..programmes import programme as definition
from ..rights import Reader, scope
from .batches import current, write
from .drawing import draw, seed_of
from .plans import Plan
from .reading import record_of

BAND = 10
"""So many years wide are the strata of a draw made within ages."""
_COMPARED = ("sex", "origin", "civil_status", "education")
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Pool:
    """Who a draw is made among: their cases, and for each what they are drawn within.

    ``left_out`` counts the candidates of the group who are not among them, by reason: one of the programme's
    exclusions, or ``drawn`` for those who have been.
    """

    cases: list[Case] = field(default_factory=list)
    strata: dict[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, int]:
        """The person numbers drawn among, with their keys."""
        return {case.person.number: case.person_id for case in self.cases}


def pool(reader: Reader, programme: str, name: str, site: str | None = None) -> Pool:
    """Who can be drawn by the draw ``name`` at a site, or at all the reader draws at: candidates in its group who have
    not been left out and not been drawn. KeyError for a draw the programme does not have."""
    of = definition(programme)
    the_draw = of.draws[name]
    cases = scope(reader, Case, "draw", "batch").filter(
        programme=programme, state="candidate", person__merged_into=None
    )
    if site:
        cases = cases.filter(site=site)
    found = list(cases.select_related("person").order_by("person"))
    table = _table(found)
    found = [case for case in found if case.person_id in _in_group(of, the_draw, found, table)]
    out = _left_out(of, name, found, table)
    kept = [case for case in found if case.person_id not in out]
    bands = {row["key"]: row for row in table.rows(named=True)}
    strata = {
        case.person_id: (
            case.site or "",
            *(_band(bands[case.person_id][one.field]) for one in the_draw.strata),
        )
        for case in kept
    }
    return Pool(kept, strata, dict(Counter(out.values())))


def _table(cases: Sequence[Case]) -> pl.DataFrame:
    """What is known of the persons: key, number, their fields, age today."""
    names = [name for name in PERSONS if name != "person"]
    rows = [
        (case.person_id, case.person.number, *(getattr(case.person, one) for one in names)) for case in cases
    ]
    table = pl.DataFrame(rows, schema={"key": pl.Int64(), **PERSONS}, orient="row")
    today = clock.today()
    ages = [_age(born, today) for born in table["birth_date"]]
    return table.with_columns(age=pl.Series(ages, dtype=pl.Float64))


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _band(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        value = float(value.year)
    if isinstance(value, float):
        low = int(value // BAND) * BAND
        return f"{low}-{low + BAND - 1}"
    return str(value)


def _holds(of: Programme, rule: str, table: pl.DataFrame) -> set[int]:
    """The keys of those a rule over a person's fields holds for; it is counted to today."""
    parsed = parse_rule(rule, rule_fields(of, "person"), expect="bool")
    dated = table.with_columns(__day=pl.lit(clock.today()))
    held = with_rule(dated, "__held", parsed, as_of="__day" if parsed.needs_as_of else None)
    return set(held.filter(pl.col("__held"))["key"])


def _in_group(of: Programme, the_draw: Draw, cases: Sequence[Case], table: pl.DataFrame) -> set[int]:
    """Who is in the group drawn from: by visitation, and by the group's own rule where nobody has been visited yet."""
    if the_draw.group is None:
        return {case.person_id for case in cases}
    rule = of.groups[the_draw.group].when
    by_rule = _holds(of, rule, table) if rule else set()
    return {
        case.person_id
        for case in cases
        if case.group == the_draw.group or (case.group is None and case.person_id in by_rule)
    }


def _left_out(of: Programme, name: str, cases: Sequence[Case], table: pl.DataFrame) -> dict[int, str]:
    """The reason each of those who cannot be drawn is left out for."""
    keys = [case.person_id for case in cases]
    whose = Q(person__in=as_one(keys))
    facts = Fact.objects.filter(
        whose, programme=of.programme, replaced_at=None, kind__in=("excluded", "drawn")
    )
    today, found = clock.today(), dict[int, str]()
    for reason, rule in ((key, one.when) for key, one in of.exclusions.items() if one.when):
        found |= dict.fromkeys(_holds(of, str(rule), table) & set(keys), reason)
    for fact in facts.select_related("person").order_by("pk"):
        if fact.person is None:
            continue
        key = fact.person.merged_into_id or fact.person.pk
        if fact.kind == "excluded" and (fact.occurred_to is None or fact.occurred_to >= today):
            found[key] = fact.payload["reason"]
        if fact.kind == "drawn" and fact.payload["draw"] == name:
            found[key] = "drawn"
    return found


def shares_of(the_draw: Draw) -> dict[str, float] | None:
    """The share of each arm where the definition knows them all; else how many each gets must be said."""
    known = {arm: one.share for arm, one in the_draw.arms.items() if one.share is not None}
    return known if len(known) == len(the_draw.arms) else None


def preview(
    reader: Reader,
    programme: str,
    name: str,
    shares: Mapping[str, float] | None = None,
    site: str | None = None,
) -> Batch:
    """A batch that says in ``told`` what the draw gives; nothing else is written.

    ``shares`` are the parts, or the numbers, of the arms; the definition's where it has them. ``told`` has ``draw``,
    ``seed``, ``shares``, ``people`` (arm by key), ``counts`` (of arms), ``left_out`` and ``balance`` (field, value,
    counts by arm; the mean age as field ``age``). Raises ``InputRefused`` when there is nobody to draw among, and when
    the shares are not those of the arms.
    """
    of = definition(programme)
    known = shares_of(of.draws[name])
    given = known or dict(shares or {})
    if set(given) != set(of.draws[name].arms) or min(given.values()) <= 0:
        raise InputRefused(
            [_own("shares", "it is not said how many each arm gets", "Write a number above 0 for each.")]
        )
    among = pool(reader, programme, name, site)
    if not among.cases:
        raise InputRefused([_own("nobody", "there is nobody to draw among", "Bring in candidates first.")])
    asked = {"draw": name, "shares": given, "site": site}
    seed = seed_of(programme, name, among.numbers, settings.SECRET_KEY)
    return Batch.objects.create(
        user=reader.user,
        programme=programme,
        site=site,
        kind="drawn",
        name=f"{name} {seed}"[:200],
        content=json.dumps(asked).encode(),
        told=_drawn(among, asked, seed),
        made=clock.now(),
    )


def _drawn(among: Pool, asked: Mapping[str, Any], seed: str) -> dict[str, Any]:
    strata = {number: among.strata[key] for number, key in among.numbers.items()}
    arms = draw(strata, asked["shares"], seed)
    people = {str(key): arms[number] for number, key in among.numbers.items()}
    return {
        **asked,
        "seed": seed,
        "people": people,
        "counts": dict(Counter(people.values())),
        "left_out": among.left_out,
        "balance": balance(among, people, sorted(asked["shares"])),
        "problems": [],
    }


def balance(among: Pool, people: Mapping[str, str], arms: Sequence[str]) -> list[dict[str, Any]]:
    """How alike the arms are: for each field and value how many of each arm, and the mean age of each."""
    table = _table(among.cases)
    by_arm = table.with_columns(arm=pl.Series([people[str(key)] for key in table["key"]], dtype=pl.String))
    rows: list[dict[str, Any]] = []
    for name in _COMPARED:
        values = by_arm[name].unique().sort(nulls_last=True).to_list()
        if values == [None]:
            continue
        for value in values:
            here = by_arm.filter(pl.col(name).eq_missing(pl.lit(value, dtype=pl.String)))["arm"].to_list()
            rows.append({"field": name, "value": value, "arms": {arm: here.count(arm) for arm in arms}})
    means = {arm: by_arm.filter(pl.col("arm") == arm)["age"].mean() for arm in arms}
    return [{"field": "age", "value": None, "arms": means}, *rows]


def accept(reader: Reader, batch: Batch) -> Batch:
    """Write what was drawn as facts, all or none; the seed is kept in their ``source`` and in the batch.

    Raises ``InputRefused`` when those who can be drawn are others than when it was shown, because the draw would then
    be another, and when the batch was decided on before.
    """
    of = definition(batch.programme)
    for _ in range(_TRIES):
        batch = current(batch)
        asked, seed = batch.told, batch.told["seed"]
        among = pool(reader, batch.programme, asked["draw"], asked["site"])
        if {str(key) for key in among.numbers.values()} != set(asked["people"]):
            raise InputRefused(
                [
                    _own(
                        "changed",
                        "those who can be drawn have changed since the draw was shown",
                        "Draw anew.",
                    )
                ]
            )
        plan = _plan(reader, of, among, asked["draw"], asked["people"], f"draw {asked['draw']}, seed {seed}")
        done = write(batch, plan)
        if done is not None:
            return done
    raise InputRefused([_own("busy", "others are writing about the same persons", "Try again in a moment.")])


def _plan(
    reader: Reader, of: Programme, among: Pool, name: str, people: Mapping[str, str], source: str
) -> Plan:
    record = record_of(of.programme, sorted(among.numbers.values()), ("drawn", "enrolled", "exit"))
    known = {one.number: one for one in Person.objects.filter(pk__in=among.numbers.values())}
    rows = [
        {
            "person": case.person.number,
            "site": case.site,
            "occurred_from": clock.today(),
            "draw": name,
            "arm": people[str(case.person_id)],
            "id": f"drawn-{secrets.token_hex(10)}",
        }
        for case in among.cases
    ]
    grown = record.add("drawn", rows, recorded_at=clock.now(), recorded_by=reader.name, source=source)
    new = {row["id"] for row in rows}
    facts = [row for row in grown.table("drawn").rows(named=True) if row["id"] in new]
    return Plan(of.programme, "drawn", len(facts), rows=facts, known=known)


def _own(key: str, what: str, remedy: str) -> Problem:
    """A problem with the key of its words in ``field``."""
    return Problem(what, remedy, field=f"draw.{key}")
