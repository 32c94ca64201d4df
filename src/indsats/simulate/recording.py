"""From what happened to what was registered: ids, times, late registrations, corrections, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import KIND_FIELDS, Programme
from indsats.record import KINDS, schema

from .calendar import day
from .ledger import Ledger
from .people import People
from .profile import Profile
from .streams import stream
from .wording import values_of

LATE = 31
"""Days after which a registration counts as late."""

_SECONDS = 86_400
_WITHDRAWN_KINDS = ("meeting", "walk_in", "placement", "plan")
_FIXED_FIELDS = frozenset(
    {
        *("requirement", "questionnaire", "event", "value", "role", "group", "legal_basis", "draw", "arm"),
        *("rater", "respondent", "wave", "edition", "step", "setting", "participants"),
    }
)
"""Fields that say what a fact is about, or that depend on others; a slip of the pen is elsewhere."""

_ONLY_SWAPPED = {"answer": ("yes", "no")}
"""Values a slip may take where not every one goes with every fact."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Facts of a kind and how many of them were registered late, corrected, ended later, or withdrawn again."""

    facts: int
    late: int
    corrected: int
    ended: int
    withdrawn: int


def registered(
    programme: Programme, profile: Profile, ledger: Ledger, people: People
) -> tuple[dict[str, pl.DataFrame], dict[str, Counts]]:
    """Fact tables with all versions, columns as in the record, by kind; and what was planted in each.

    What happened is the last version of each fact. Nothing is registered after the profile's last day, when
    the data were taken out: a registration that would be later counts as made on that day.
    """
    tables: dict[str, pl.DataFrame] = {}
    counts: dict[str, Counts] = {}
    for kind in sorted(ledger.frames):
        facts = ledger.table(kind)
        if facts is None or facts.is_empty():
            continue
        tables[kind], counts[kind] = _table(programme, profile, ledger, people, kind, facts)
    return tables, counts


def _table(
    programme: Programme, profile: Profile, ledger: Ledger, people: People, kind: str, facts: pl.DataFrame
) -> tuple[pl.DataFrame, Counts]:
    rng = stream(ledger.seed, f"registration {kind}")
    facts = facts.sort("occurred_from", "person", *(name for name in facts.columns if name not in _FIRST),
                       nulls_last=True, maintain_order=True)  # fmt: skip
    n = facts.height
    extras = np.empty(0, dtype=np.int64)
    if kind in _WITHDRAWN_KINDS:
        extras = np.sort(rng.choice(n, round(n * profile.withdrawn_share), replace=False))
    facts = pl.concat([facts, facts[extras]])
    never = np.arange(len(facts)) >= n
    end = (day(profile.last_day) + 1) * _SECONDS - 9 * 3600  # the last registration is made at 15:00 UTC
    occurred = facts["occurred_from"].to_numpy()
    late = rng.random(len(facts)) < profile.late_share
    lag = np.where(late, rng.integers(LATE, 201, len(facts)), rng.geometric(0.45, len(facts)) - 1)
    clock = rng.integers(8 * 3600, 14 * 3600, len(facts))
    recorded = np.minimum((occurred + lag) * _SECONDS + clock, end - 3600)
    second = recorded + rng.integers(1, 40, len(facts)) * _SECONDS + rng.integers(0, 3600, len(facts))
    wrong, field = _slip(programme, kind, facts, rng)
    slips = (rng.random(len(facts)) < profile.corrected_share) & ~never & (second < end)
    # An end that nobody knew yet is added when it has come, as a new version of the fact.
    until = facts["occurred_to"].to_numpy()
    ahead = np.zeros(len(facts), dtype=bool)
    if not KINDS[kind].ends_ahead:
        ahead = (until >= recorded // _SECONDS) & ~never
    ends_at = (until + 1) * _SECONDS + clock
    unknown = ahead & (ends_at >= end)
    facts = facts.with_columns(
        occurred_to=pl.when(pl.Series(unknown)).then(-1).otherwise(pl.col("occurred_to"))
    )
    ended = ahead & ~unknown
    slips &= ~ahead
    second = np.where(ended, ends_at, np.where(never, np.minimum(second, end), second))
    base = _named(programme, ledger, people, kind, facts)
    first_version = pl.when(pl.Series(slips)).then(wrong).otherwise(facts[field]) if field else None
    one = base.with_columns(
        version=pl.lit(1, pl.Int64),
        recorded_at=_time(recorded),
        replaced_at=pl.when(pl.Series(slips | never | ended)).then(_time(second)),
        occurred_to=pl.when(~pl.Series(ended)).then(pl.col("occurred_to")),
    )
    if first_version is not None:
        one = one.with_columns(first_version.alias(field))
    two = base.with_columns(
        version=pl.lit(2, pl.Int64),
        recorded_at=_time(second),
        replaced_at=pl.when(pl.Series(never)).then(_time(second)),
    ).filter(pl.Series(slips | never | ended))
    both = pl.concat([one, two]).select(
        pl.col(name).cast(type_) for name, type_ in schema(kind, programme).items()
    )
    really_late = (recorded // _SECONDS - occurred >= LATE) & ~never
    counts = Counts(n, int(really_late.sum()), int(slips.sum()), int(ended.sum()), int(never.sum()))
    return both.sort("id", "version"), counts


_FIRST = ("occurred_from", "person")


def _slip(
    programme: Programme, kind: str, facts: pl.DataFrame, rng: np.random.Generator
) -> tuple[pl.Series, str]:
    """A field and, for each fact, a wrong value it may first have been given; "" when there is none."""
    for field, type_ in KIND_FIELDS[kind].items():
        if type_ != "text" or field in _FIXED_FIELDS or facts[field].null_count():
            continue
        if field == "type" and programme.details(kind):
            continue  # the type decides which form there is
        values = [*_ONLY_SWAPPED.get(field, values_of(programme, kind, field))]
        if len(values) < 2 or len(facts) == 0:
            continue
        rank = {value: number for number, value in enumerate(values)}
        right = np.array([rank.get(value, -1) for value in facts[field]])
        other = (right + rng.integers(1, len(values), len(right))) % len(values)
        slipped = np.where(right >= 0, np.array(values, dtype=object)[other], facts[field].to_numpy())
        return pl.Series(field, slipped, dtype=pl.String), field
    return pl.Series("none", []), ""


def _named(
    programme: Programme, ledger: Ledger, people: People, kind: str, facts: pl.DataFrame
) -> pl.DataFrame:
    """Indices replaced by ids, days by dates; the columns that do not depend on the version."""
    enrolment, person = facts["enrolment"].to_numpy(), facts["person"].to_numpy()
    ends = pl.when(pl.col("occurred_to") >= 0).then(pl.col("occurred_to"))
    names = pl.Series("enrolment", enrolment, dtype=pl.Int64)
    result = facts.with_columns(
        id=pl.format(f"{kind}-{{}}", pl.int_range(1, facts.height + 1).cast(pl.String).str.zfill(7)),
        kind=pl.lit(kind),
        programme=pl.lit(programme.programme),
        programme_version=pl.lit(programme.version, pl.Int64),
        person=pl.when(pl.Series(person) >= 0).then(pl.Series(people.number[person], dtype=pl.String)),
        enrolment=pl.when(names >= 0).then(pl.format("e-{}", (names + 1).cast(pl.String).str.zfill(6))),
        site=pl.Series(ledger.places.names_of(facts["site"].to_numpy()), dtype=pl.String),
        occurred_from=pl.col("occurred_from").cast(pl.Int32).cast(pl.Date),
        occurred_to=ends.cast(pl.Int32).cast(pl.Date),
        recorded_by=pl.col("worker_by"),
        source=pl.lit("case-system"),
    ).drop("worker_by")
    if kind == "enrolled":
        service = np.array(ledger.services, dtype=object)[ledger.cases.service[enrolment]]
        result = result.with_columns(service=pl.Series(list(service), dtype=pl.String))
    wanted = schema(kind, programme)
    return result.with_columns(
        pl.lit(None, type_).alias(name) for name, type_ in wanted.items() if name not in result.columns
    ).select(wanted.keys())


def _time(seconds: np.ndarray) -> pl.Series:
    return pl.Series(seconds * 1_000_000, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
