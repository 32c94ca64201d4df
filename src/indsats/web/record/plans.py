"""What bringing in a list would do to the database, found out without writing anything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.record import PERSONS, PeopleList, Record, Recorded, read_list, take_in

from .. import clock
from ..derive.project import case_key
from ..models import Case, Fact, Person, Site
from ..programmes import programme as definition
from ..rights import Reader, rights, scope
from .fact_ids import MADE, digest, keyed, taken_ids
from .known import born_on, known_persons, without_facts
from .likeness import Known, like
from .numbers import birth_of, sex_of, written
from .reading import record_of

MOST = 5000
"""The most rows of a list that is brought in on a screen."""
BESIDE: Mapping[str, pl.DataType] = {"name": pl.String(), "protected": pl.Boolean()}
"""What the server keeps of a person beside what the record does."""
_OF_PERSON = (*(name for name in PERSONS if name != "person"), *BESIDE)
_ROW = "_row"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do. With ``problems`` it would do nothing.

    ``rows`` are new facts as the record has them; ``known`` is the person behind each number that is in the database,
    and ``owners`` whose an enrolment is, where somebody was merged into that person. ``made`` are the new persons;
    ``filled`` what is written about known ones, by key. ``new`` counts those the reader does not have beforehand,
    ``already`` the facts that are there; ``likely`` are rows of the list with the keys of persons who may be the same.
    """

    programme: str
    holds: str
    size: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, Person] = field(default_factory=dict)
    owners: dict[str, Person] = field(default_factory=dict)
    made: list[Person] = field(default_factory=list)
    filled: dict[int, dict[str, Any]] = field(default_factory=dict)
    new: int = 0
    already: int = 0
    likely: list[tuple[int, int]] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


def plan_list(
    reader: Reader,
    programme: str,
    name: str,
    content: bytes,
    holds: str | None = None,
    site: str | None = None,
) -> Plan:
    """What the file ``name`` with ``content`` would do, brought in by ``reader``.

    ``holds`` is a kind of fact about persons or ``persons``; the file's name says it when it is left out. ``site`` is
    where the rows are from that name neither a site nor an enrolment.
    """
    of = definition(programme)
    try:
        found = _read(of, name, content, holds or None)
    except InputRefused as refused:
        return Plan(programme, holds or "", 0, problems=refused.problems)
    size = found.people.height
    if size > MOST:
        return Plan(programme, found.holds, size, problems=(_too_many(size, found.file),))
    return _Making(reader, of, found, site).plan()


def safe_name(name: str) -> str:
    """A file's own name, but for the folders it lay in and what could be a person number."""
    return re.sub(r"[^\w.-]", "-", re.sub(r"\d{6,}(-?\d{4})?", "x", Path(name).name))[-200:] or "list"


def _read(of: Programme, name: str, content: bytes, holds: str | None) -> PeopleList:
    """The list in a file of its own name, but for what could be a person number in it."""
    safe = safe_name(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        parquet = path.suffix.lower() == ".parquet"
        try:
            # some kilobytes of Parquet can hold more rows than fit in memory: they are counted before they are read
            n = pl.scan_parquet(path).select(pl.len()).collect().item() if parquet else 0
            if n > MOST:
                raise InputRefused([_too_many(n, safe)])
            return read_list(
                path, of, holds, BESIDE, written, optional=("enrolment",) if _begins(holds, safe) else ()
            )
        except pl.exceptions.PolarsError:
            if not parquet:
                raise
            said = Problem("it is not a Parquet file of a list", "Save it as CSV UTF-8 or .xlsx.", file=safe)
            raise InputRefused([said]) from None


def _too_many(n: int, file: str) -> Problem:
    what = f"the list has {n} rows, and {MOST} is the most that is brought in at a time"
    return Problem(what, f"Divide it into lists of {MOST} rows at the most.", file=file, field="rows")


def _begins(holds: str | None, name: str) -> bool:
    return holds == "enrolled" if holds else name.lower().startswith("enrolled")


class _Making:
    """The steps from the cells of a list to a plan; they share what was read from the database."""

    def __init__(self, reader: Reader, of: Programme, found: PeopleList, site: str | None) -> None:
        self.reader, self.of, self.list = reader, of, found
        self.problems: list[Problem] = list(found.problems)
        self.known = known_persons(found.people["person"].drop_nulls().to_list())
        self.people = self._under_own_numbers(found.people)
        self.facts = self._placed(
            self._under_own_numbers(found.facts) if found.facts.width > 1 else found.facts, site
        )
        keys = [one.pk for one in self.known.values()]
        self.visible = set(scope(reader, Person).filter(pk__in=keys).values_list("pk", flat=True))
        with_cases = Case.objects.filter(person__in=keys).values_list("person", flat=True)
        self.hidden = set(with_cases) - self.visible
        self.bare = without_facts(self.known.values())

    @property
    def holds_facts(self) -> bool:
        return self.list.holds != "persons"

    def plan(self) -> Plan:
        """The whole of it."""
        already = self._without_those_there() if self.holds_facts else 0
        persons = self._one_row_each()
        self._reach()
        rows = self._checked(persons)
        new, filled = self._master(persons)
        unseen = sum(one.pk not in self.visible for one in self.known.values())
        return Plan(
            self.of.programme,
            self.list.holds,
            self.people.height,
            rows=rows,
            known=self.known,
            owners=self._owners(),
            made=new,
            filled=filled,
            new=len(new) + unseen,
            already=already,
            likely=self._likely(persons),
            problems=_each_place_once(self.problems),
        )

    def _under_own_numbers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Known persons under the number the database has, whatever way the list writes it."""
        own = {number: one.number for number, one in self.known.items() if number != one.number}
        return frame.with_columns(pl.col("person").replace(own)) if own else frame

    def _placed(self, facts: pl.DataFrame, site: str | None) -> pl.DataFrame:
        """Facts with keyed ids, an enrolment made where one begins, and the site where they are from."""
        if not self.holds_facts:
            return facts
        ids = [keyed(one) if MADE.match(one) else one for one in facts["id"]]
        facts = facts.with_columns(id=pl.Series(ids, dtype=pl.String))
        if self.list.holds == "enrolled":
            made = pl.Series([f"e-{digest(one, 'enrolment')[:12]}" for one in ids], dtype=pl.String)
            facts = facts.with_columns(enrolment=pl.coalesce("enrolment", made))
        loose = pl.col("site").is_null()
        if self.list.holds != "enrolled":
            loose &= pl.col("enrolment").is_null()
        return facts.with_columns(site=pl.when(loose).then(pl.lit(site)).otherwise("site"))

    def _without_those_there(self) -> int:
        """Leave out the facts that are in the record; gives how many. One withdrawn before comes under a new id."""
        free, there, taken = taken_ids(self.of.programme, self.facts["id"].to_list())
        rows = self.facts.with_columns(id=pl.col("id").replace(free)) if free else self.facts
        of = dict(zip(rows["id"], rows["person"], strict=True))
        own = {one for one, person in there.items() if person == of.get(one)}
        strange = (set(there) - own) | taken
        self._say(
            rows.filter(pl.col("id").is_in(list(strange))),
            "id",
            "the id belongs to another fact",
            "Give the fact an id of its own, or leave the id out.",
        )
        self.facts = rows.filter(~pl.col("id").is_in([*own, *strange]))
        return len(rows.filter(pl.col("id").is_in(list(own))))

    def _one_row_each(self) -> pl.DataFrame:
        """One row per person with what the list says of them; rows that contradict one another are problems."""
        people = _told_by_number(self.people.filter(pl.col("person").is_not_null()), self.of)
        if not self.holds_facts:
            nobody = self.people.filter(pl.col("person").is_null())
            self._say(nobody, "person", "'person' is not filled in", "Fill it in on every row.")
            return people
        for name in _OF_PERSON:
            if name in people.columns:
                several = people.filter(pl.col(name).drop_nulls().n_unique().over("person") > 1)
                self._say(
                    several,
                    name,
                    "the rows about one person do not say the same",
                    "Write the same on all rows about the person, or on one only.",
                )
        each = [pl.col(name).drop_nulls().first() for name in people.columns if name != "person"]
        return people.group_by("person", maintain_order=True).agg(each)

    def _say(self, rows: pl.DataFrame, column: str | None, what: str, remedy: str) -> None:
        self.problems += [
            Problem(what, remedy, file=self.list.file, row=row, field=column) for row in rows[_ROW]
        ]

    def _reach(self) -> None:
        """Rows about places where the reader brings nothing in."""
        if not self.holds_facts:
            return
        mine, everywhere = _sites(self.reader, self.of.programme)
        known = {*mine, *Site.objects.filter(programme=self.of.programme).values_list("key", flat=True)}
        elsewhere = pl.col("site").is_in(list(known - mine))
        self._say(
            self.facts.filter(elsewhere),
            "site",
            "you bring in nothing for the site",
            "Choose a site of yours.",
        )
        self._reach_of_enrolments(mine)
        if everywhere:
            return
        loose = self.facts.filter(pl.col("site").is_null() & pl.col("enrolment").is_null())
        strange = [number for number, one in self.known.items() if one.pk in self.visible]
        self._say(
            loose.filter(~pl.col("person").is_in(strange)),
            "site",
            "'site' is not filled in",
            "Write the site, or choose one for the whole list.",
        )

    def _reach_of_enrolments(self, mine: set[str]) -> None:
        """Rows about enrolments that are somebody else's, or where the reader brings nothing in."""
        named = self.facts["enrolment"].drop_nulls().unique().to_list()
        keys = {case_key(self.of.programme, one): one for one in named}
        cases = Case.objects.filter(pk__in=keys).values_list("pk", "site", "person")
        there = {keys[key]: (site, person) for key, site, person in cases}
        if self.list.holds == "enrolled":
            rows = self.facts.select("enrolment", "person").iter_rows()
            of = {one: self.known[who].pk if who in self.known else None for one, who in rows}
            # of the same person, the record's own rules judge
            wrong = [one for one, (_, person) in there.items() if of[one] != person]
            what, remedy = "the enrolment is in use", "Leave the enrolment out: the server makes one."
        else:
            wrong = [one for one, (site, _) in there.items() if site is not None and site not in mine]
            what, remedy = "there is no such enrolment", "Check how its id is written."
        self._say(self.facts.filter(pl.col("enrolment").is_in(wrong)), "enrolment", what, remedy)

    def _checked(self, persons: pl.DataFrame) -> list[dict[str, Any]]:
        """The new facts as the record has them, and every problem its rules find."""
        if not persons.height and not self.facts.height:
            return []
        hidden = {one.number for one in self.known.values() if one.pk not in self.visible}
        keys = sorted({one.pk for one in self.known.values()})
        record = self._without_withdrawn(record_of(self.of.programme, keys, self._kinds()))
        if hidden:
            seen = _only(record, pl.col("person").is_null() | ~pl.col("person").is_in(list(hidden)))
            _, found = self._taken(seen, persons)
            self.problems += found
            if found:
                return []
        grown, found = self._taken(record, persons)
        about = dict(self.people.select(_ROW, "person").iter_rows())
        # what is known of somebody the reader may not see is not told by what is refused
        self.problems += [_untold(one) if about.get(one.row or 0) in hidden else one for one in found]
        if grown is None or not self.holds_facts:
            return []
        new = set(self.facts["id"])
        return [row for row in grown.table(self.list.holds).rows(named=True) if row["id"] in new]

    def _taken(self, record: Record, persons: pl.DataFrame) -> tuple[Record | None, list[Problem]]:
        given = [self.list.given_people(persons)]
        if self.holds_facts and self.facts.height:
            given.append(self.list.given(self.facts))
        at = Recorded(clock.now(), self.reader.name, self.list.file)
        try:
            return take_in(record, given, at), []
        except InputRefused as refused:
            return None, list(refused.problems)

    def _kinds(self) -> tuple[str, ...]:
        return (self.list.holds, "enrolled", "exit") if self.holds_facts else ("enrolled",)

    def _without_withdrawn(self, record: Record) -> Record:
        """The record without what was withdrawn, and without persons nobody has facts about: the list says who they
        are."""
        bare = [one.number for one in self.known.values() if one.pk in self.bare]
        facts = {}
        for kind, table in record.facts.items():
            last = pl.col("replaced_at").sort_by("version").last().over("id")
            facts[kind] = table.filter(last.is_null())
        persons = record.persons.filter(~pl.col("person").is_in(bare))
        return replace(record, facts=facts, persons=persons)

    def _master(self, persons: pl.DataFrame) -> tuple[list[Person], dict[int, dict[str, Any]]]:
        """The persons to be made, and what is filled in about known ones."""
        by_number = {one.number: one for one in self.known.values()}
        made, filled = [], {}
        for row in persons.rows(named=True):
            said = {name: row[name] for name in _OF_PERSON if row.get(name) is not None}
            one = by_number.get(row["person"])
            if one is None:
                made.append(Person(number=row["person"], **said))
                continue
            if one.pk in self.hidden:
                continue  # not to be known of: neither written about, nor told by a number
            open_ = {
                name: value
                for name, value in said.items()
                if value != getattr(one, name) and (one.pk in self.bare or not getattr(one, name))
            }
            if open_:
                filled[one.pk] = open_
        return made, filled

    def _owners(self) -> dict[str, Person]:
        keys = {one.pk for one in self.known.values()}
        theirs = Fact.objects.filter(
            programme=self.of.programme,
            kind="enrolled",
            person__merged_into__in=keys,
            enrolment__isnull=False,
        )
        return {str(one.enrolment): one.person for one in theirs.select_related("person") if one.person}

    def _likely(self, persons: pl.DataFrame) -> list[tuple[int, int]]:
        """Rows of the list about new persons, with the key of each person the reader sees who may be the same."""
        if "name" not in persons.columns:
            return []
        here = {one.number for one in self.known.values()}
        new = [
            Known(-row[_ROW], row["person"], row["name"], row.get("birth_date"), row.get("sex"))
            for row in persons.rows(named=True)
            if row["person"] not in here and row["name"]
        ]
        others = born_on(self.reader, {one.born for one in new if one.born})
        return [
            (-pair.one.key, pair.other.key) for one in new for pair in like(one, others.get(one.born, ()))
        ]


def _sites(reader: Reader, programme: str) -> tuple[set[str], bool]:
    """The sites the reader brings lists in for, and whether that is all there are."""
    held = [(one, right) for one, right in rights(reader, "import", "batch") if one.programme == programme]
    keys = scope(reader, Site, "import", "batch").filter(programme=programme).values_list("key", flat=True)
    return set(keys), any(one.site is None or right.scope == "programme" for one, right in held)


def _only(record: Record, keep: pl.Expr) -> Record:
    facts = {kind: table.filter(keep) for kind, table in record.facts.items()}
    return replace(record, facts=facts, persons=record.persons.filter(keep))


def _each_place_once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Problems by row, and of each cell the first: what could not be read is not missing as well."""
    first: dict[tuple[int | None, str], Problem] = {}
    for place, one in enumerate(problems):
        first.setdefault((one.row, one.field or f"\x1f{place}"), one)
    return tuple(sorted(first.values(), key=lambda problem: problem.row or 0))


def _untold(problem: Problem) -> Problem:
    return Problem(
        "the row cannot be brought in here",
        "Ask whoever leads the programme to look at it.",
        file=problem.file,
        row=problem.row,
    )


def _told_by_number(people: pl.DataFrame, of: Programme) -> pl.DataFrame:
    """Day of birth and sex from the number where the list leaves them open."""
    codes = of.codes_for("person.sex")
    numbers = people["person"].to_list()
    births = pl.Series([birth_of(one) for one in numbers], dtype=pl.Date)
    sexes = [sex_of(one) for one in numbers]
    sexes = [one if codes is None or one in codes.values else None for one in sexes]
    sex = pl.Series(sexes, dtype=pl.String)
    return people.with_columns(
        birth_date=pl.coalesce("birth_date", births) if "birth_date" in people.columns else births,
        sex=pl.coalesce("sex", sex) if "sex" in people.columns else sex,
    )
