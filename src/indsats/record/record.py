"""The record of a programme: every version of every fact, and views of it as known at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme

from . import tables, versions
from .kinds import KINDS
from .visited import latest, one_group


@dataclass(frozen=True)
class Record:
    """All versions of all facts ever recorded, with the persons and sites they are about.

    ``facts`` maps a kind to its table (columns as ``tables.schema``); ``persons`` is empty where the persons'
    characteristics are not kept. ``synthetic`` marks data that were simulated. Nothing here is changed in
    place: ``add``, ``correct`` and ``withdraw`` return a new record or raise ``InputRefused``.
    """

    programme: Programme
    facts: Mapping[str, pl.DataFrame]
    persons: pl.DataFrame
    sites: pl.DataFrame
    synthetic: bool = False

    def table(self, kind: str) -> pl.DataFrame:
        """Every version of the facts of a kind; an empty table with the right columns when there are none."""
        if kind not in KINDS:
            raise KeyError(f"'{kind}' is no kind of fact; the kinds are {', '.join(KINDS)}")
        found = self.facts.get(kind)
        return tables.empty(kind, self.programme) if found is None else found

    def as_of(self, known: datetime | None = None) -> Facts:
        """What was known at ``known`` (a time with its zone); everything known now when left out.

        A fact is in view when it had been recorded by then and had not been replaced or withdrawn by then.
        Raises ValueError for a time without a zone, because it could mean two different moments.
        """
        if known is not None and known.tzinfo is None:
            raise ValueError("as_of needs a time with its zone, such as datetime(2016, 10, 1, tzinfo=UTC)")
        view = {kind: versions.as_of(table, known) for kind, table in self.facts.items()}
        return Facts(
            self.programme, view, self.persons, self.sites, self.synthetic, known, versions=self.facts
        )

    def until(self, known: datetime) -> Record:
        """The record as it stood at ``known`` (a time with its zone): all versions there were, and none since.

        Persons and sites have no versions and are as they are now. Raises ValueError for a time without a zone.
        """
        if known.tzinfo is None:
            raise ValueError("until needs a time with its zone, such as datetime(2016, 10, 1, tzinfo=UTC)")
        return replace(self, facts={kind: versions.until(table, known) for kind, table in self.facts.items()})

    def add(
        self,
        kind: str,
        rows: pl.DataFrame | Sequence[Mapping[str, Any]],
        *,
        recorded_at: datetime,
        recorded_by: str,
        source: str,
    ) -> Record:
        """A record with new facts of one kind, all or none.

        ``rows`` need the payload columns and ``person``, ``enrolment``, ``site``, ``occurred_from`` and
        ``occurred_to`` where the kind has use for them; ``answers`` of a questionnaire may be a dict. Without
        an ``id`` one is made of the content, so the same fact is refused the second time.
        """
        from .adding import added

        return added(self, kind, rows, recorded_at=recorded_at, recorded_by=recorded_by, source=source)

    def correct(
        self,
        fact_id: str,
        changes: Mapping[str, Any],
        *,
        recorded_at: datetime,
        recorded_by: str,
        source: str,
        version: int | None = None,
    ) -> Record:
        """A record in which the fact has a new version with ``changes``; the old one stays, closed.

        ``version`` is the version the corrector saw: when another correction came first, this one is refused.
        Refused too: an unknown or withdrawn fact, and a time that is not after the version it replaces.
        """
        from .adding import corrected

        return corrected(
            self,
            fact_id,
            changes,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            source=source,
            version=version,
        )

    def withdraw(
        self,
        fact_id: str,
        *,
        recorded_at: datetime,
        recorded_by: str,
        source: str,
        version: int | None = None,
    ) -> Record:
        """A record in which a fact that was never true is closed; who withdrew it, when and why is kept.

        The withdrawal is a last version that is never in view (``recorded_at == replaced_at``).
        """
        from .adding import withdrawn

        return withdrawn(
            self, fact_id, recorded_at=recorded_at, recorded_by=recorded_by, source=source, version=version
        )

    def under(self, programme: Programme) -> Record:
        """The same facts under another version of the same programme's definition; else ValueError."""
        if programme.programme != self.programme.programme:
            raise ValueError(
                f"a record of '{self.programme.programme}' cannot go under '{programme.programme}'"
            )
        facts = {kind: tables.fitted(table, kind, programme) for kind, table in self.facts.items()}
        return replace(self, programme=programme, facts=facts)

    def with_facts(self, facts: Mapping[str, pl.DataFrame]) -> Record:
        """The same record with other fact tables, already checked."""
        return replace(self, facts=facts)


@dataclass(frozen=True)
class Facts:
    """One view of the record: at most one version of each fact, as known at ``known`` (now when None).

    ``through`` is the day the data reach to, and ``begins`` the day they begin, where these are not to follow from the
    facts themselves: a part of a record has been followed as long as the whole.
    """

    programme: Programme
    facts: Mapping[str, pl.DataFrame]
    persons: pl.DataFrame
    sites: pl.DataFrame
    synthetic: bool
    known: datetime | None
    through: date | None = None
    begins: date | None = None
    versions: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    """Every version of the facts in view and not; only ``first_recorded`` reads them."""
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of_persons(self, persons: Sequence[str]) -> Facts:
        """The facts about some persons, and those about no person, followed as long as all of them."""
        # One after another where they are few: a set of texts is slow to look up in.
        mine = pl.any_horizontal(pl.lit(value=False), *(pl.col("person") == one for one in persons))
        if len(persons) > 8:
            mine = pl.col("person").is_in(list(persons))
        facts = {
            kind: table.filter(mine) if KINDS[kind].needs_person else table
            for kind, table in self.facts.items()
        }
        known = self.persons.filter(mine)
        return replace(self, facts=facts, persons=known, through=self.last_day, begins=self.first_day)

    def table(self, kind: str) -> pl.DataFrame:
        """The facts of a kind with their common and payload columns, ``unit`` and ``service``.

        A fact that names no site takes its enrolment's; ``unit`` is that of the site. ``service`` is that of
        the enrolment.
        """
        if kind not in KINDS:
            raise KeyError(f"'{kind}' is no kind of fact; the kinds are {', '.join(KINDS)}")
        if kind not in self._made:
            self._made[kind] = self._table(kind)
        return self._made[kind]

    def _recorded(self, kind: str) -> pl.DataFrame:
        found = self.facts.get(kind)
        return tables.empty(kind, self.programme) if found is None else found

    def _table(self, kind: str) -> pl.DataFrame:
        return placed(self._recorded(kind), kind, self._recorded("enrolled"), self.sites)

    def first_recorded(self, kind: str) -> pl.DataFrame:
        """When each fact of a kind in view was first recorded, before any correction: id, first_recorded_at."""
        seen = self._recorded(kind)
        every = self.versions.get(kind, seen).select("id", "recorded_at")
        first = every.group_by("id").agg(first_recorded_at=pl.col("recorded_at").min())
        return seen.select("id").join(first, on="id", how="left", maintain_order="left")

    def enrolments(self) -> pl.DataFrame:
        """One row per enrolment: enrolment, person, service, site, unit, start, end, exit_reason.

        ``start`` is the first day; ``end`` the day of the exit, null while the enrolment is open.
        """
        if "enrolments" not in self._made:
            exits = (
                self._recorded("exit")
                .sort("occurred_from", "id")
                .unique("enrolment", keep="first", maintain_order=True)
                .select("enrolment", end="occurred_from", exit_reason="reason")
            )
            self._made["enrolments"] = (
                self.table("enrolled")
                .select("enrolment", "person", "service", "site", "unit", start="occurred_from")
                .join(exits, on="enrolment", how="left", maintain_order="left")
            )
        return self._made["enrolments"]

    def groups(self) -> pl.DataFrame:
        """One row per person: person, group, window, occurred_from, occurred_to, and the rest of the fact.

        The programme's rule says which of several visitations counts (``one_group``); persons without one in
        its windows are left out. Without a rule it is the latest, and ``window`` is null.
        """
        if "groups" not in self._made:
            records, rule = self.table("visitation"), self.programme.visitation
            self._made["groups"] = latest(records) if rule is None else one_group(records, rule)
        return self._made["groups"]

    def assigned_roles(self) -> pl.DataFrame:
        """The facts of ``assigned`` with a row for each role that was taken on.

        ``role`` is the role held and ``assigned_as`` the one the worker was assigned; they differ where a role
        combines others.
        """
        table = self.table("assigned")
        held = [(name, role) for name in self.programme.roles for role in _roles_held(self.programme, name)]
        roles = pl.DataFrame(held, schema={"role": pl.String, "_held": pl.String}, orient="row")
        return (
            table.join(roles, on="role", how="left", maintain_order="left_right")
            .with_columns(role=pl.coalesce("_held", "role"), assigned_as=pl.col("role"))
            .drop("_held")
        )

    def meetings(self) -> pl.DataFrame:
        """The facts of ``meeting``; among ``participants`` are also the roles that a combined role holds."""
        table = self.table("meeting")
        names = pl.format(";{};", "participants")
        for name, role in self.programme.roles.items():
            if role.combines:
                held = ";".join(_roles_held(self.programme, name))
                there = names.str.contains(f";{name};", literal=True)
                table = table.with_columns(
                    pl.when(there)
                    .then(pl.format("{};{}", "participants", pl.lit(held)))
                    .otherwise("participants")
                    .alias("participants")
                )
        return table

    def settings(self) -> pl.DataFrame:
        """What sites have chosen: site, setting, value, occurred_from, sorted by all but the value.

        Each value holds from its day until the next one of the same site and setting; before the first the
        programme's own value holds.
        """
        if "settings" not in self._made:
            chosen = self._recorded("site_setting").select("site", "setting", "value", "occurred_from")
            self._made["settings"] = chosen.sort("site", "setting", "occurred_from")
        return self._made["settings"]

    def site_values(self, setting: str) -> pl.DataFrame:
        """What sites have chosen for one setting: site, from, value, sorted by site and day.

        Raises KeyError for a setting the programme does not have.
        """
        if setting not in self.programme.settings:
            raise KeyError(
                f"there is no setting '{setting}'; the settings are {', '.join(self.programme.settings)}"
            )
        chosen = self.settings().filter(pl.col("setting") == setting)
        return chosen.select("site", pl.col("occurred_from").alias("from"), "value")

    @cached_property
    def first_day(self) -> date:
        """The day of the first enrolment in view, or of the first open visit: where the data begin.

        What else is older, such as hours worked the year before, is the past of those enrolled then: it does not say
        that the effort had begun. Without any of these it is the first day of a fact. ``begins`` goes before this.
        Raises InputRefused when there are no facts.
        """
        if self.begins is not None:
            return self.begins
        first = {
            kind: day
            for kind, table in self.facts.items()
            if KINDS[kind].follows and isinstance(day := table["occurred_from"].min(), date)
        }
        begun = [day for kind, day in first.items() if kind in ("enrolled", "walk_in")]
        return min(begun or first.values(), default=self.last_day)

    @cached_property
    def last_day(self) -> date:
        """The last day on which any fact in view occurred: where the data end.

        Days that lay ahead when they were recorded, such as appointments and planned ends, do not count. Nor does
        the day of recording: a correction made years later, or an old extract imported today, would otherwise
        make everybody look followed until then; nor do explanations of the figures. ``through`` goes before all
        this. Raises InputRefused when there are no facts.
        """
        if self.through is not None:
            return self.through
        last: date | None = None
        recorded = tables.local_day(pl.col("recorded_at"))
        for kind, table in self.facts.items():
            if not KINDS[kind].follows:
                continue
            for name in ("occurred_from", "occurred_to"):
                # Only what is later than the last one found can move it: of the rest nothing need be worked out.
                later = table if last is None else table.filter(pl.col(name) > last)
                found = later.select(pl.col(name).filter(pl.col(name) <= recorded).max()).item()
                last = last if found is None else found
        if last is None:
            raise InputRefused(
                [
                    Problem(
                        "the record has no facts"
                        + (f" known by {self.known:%Y-%m-%d %H:%M}" if self.known else ""),
                        "Add fact files to the data folder, or ask what was known at a later time.",
                    )
                ]
            )
        return last


def _roles_held(programme: Programme, role: str) -> list[str]:
    """A role and all the roles it combines, and those they combine, each once."""
    held = [role]
    for one in held:
        combined = programme.roles[one].combines if one in programme.roles else []
        held += [other for other in combined if other not in held]
    return held


def placed(facts: pl.DataFrame, kind: str, enrolled: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Facts with ``unit`` and ``service``, and the enrolment's site where the fact has none."""
    # The few columns that say where are looked up apart: the rest, many and wide, is not copied for it.
    named = [name for name in ("enrolment", "site", "unit", "service") if name in facts.columns]
    rows, units = facts.lazy().select(named), sites.lazy().select("site", _at="unit")
    if not KINDS[kind].has_service:
        home = enrolled.lazy().select("enrolment", "service", _home="site").unique("enrolment")
        rows = (
            rows.join(home, on="enrolment", how="left", maintain_order="left")
            .with_columns(site=pl.coalesce("site", "_home"))
            .drop("_home")
        )
    rows = rows.join(units, on="site", how="left", maintain_order="left")
    if "unit" in KINDS[kind].model_fields:  # a fact about a whole unit names it
        rows = rows.with_columns(unit=pl.coalesce("unit", "_at")).drop("_at")
    else:
        rows = rows.rename({"_at": "unit"})
    return facts.with_columns(rows.select(pl.exclude("enrolment")).collect())


def empty_record(
    programme: Programme,
    persons: pl.DataFrame | None = None,
    sites: pl.DataFrame | None = None,
    *,
    synthetic: bool = False,
) -> Record:
    """A record without facts; sites are those of the definition unless given.

    ``persons`` and ``sites`` may lack optional columns; they are filled with nulls.
    """
    return Record(
        programme,
        {},
        _fitted(persons, tables.PERSONS),
        tables.definition_sites(programme) if sites is None else _fitted(sites, tables.SITES),
        synthetic,
    )


def _fitted(given: pl.DataFrame | None, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    if given is None:
        return pl.DataFrame(schema=dict(schema))
    return given.select(
        (pl.col(name) if name in given.columns else pl.lit(None)).cast(type_).alias(name)
        for name, type_ in schema.items()
    )
