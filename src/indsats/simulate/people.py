"""Invented persons: numbers that cannot exist, characteristics, and what these do to chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import Programme, parse_rule, rule_fields, with_rule

from .calendar import day
from .profile import Profile
from .streams import choose, stream

IMPOSSIBLE_MONTH = 20
"""Added to the month of birth in a person number. Months 21 to 32 are in no calendar and in no series that is
issued (replacement numbers change the day, not the month), so no number made here can be anybody's."""

_CHARACTERISTICS: dict[str, tuple[tuple[str, float, float], ...]] = {
    # value, share, effect on the log chance of placement and of leaving the benefit
    "origin": (("danish", 0.46, 0.0), ("immigrant", 0.44, -0.40), ("descendant", 0.10, -0.10)),
    "civil_status": (("single", 0.48, 0.0), ("married", 0.30, 0.10), ("divorced", 0.22, -0.10)),
    "education": (
        ("primary", 0.52, -0.30),
        ("upper_secondary", 0.12, 0.0),
        ("vocational", 0.24, 0.20),
        ("higher", 0.12, 0.35),
    ),
}
_SEXES = ("woman", "man")
_ROUNDS = 12
_FEWEST_INSIDE = 0.6
"""The share of persons who shall be of an age for the programme."""


@dataclass(frozen=True, slots=True)
class People:
    """Persons in an order of no meaning. All arrays have one entry per person.

    ``chance`` is the centred log multiplier of good outcomes that the observed characteristics give,
    ``unseen`` the part nobody sees (it also shapes the history before the index, so history tells of it).
    """

    number: np.ndarray
    birth: np.ndarray
    """Day number of birth."""
    woman: np.ndarray
    values: dict[str, np.ndarray]
    """Characteristic to its values as text, ``sex`` included."""
    scores: dict[str, np.ndarray]
    """Field to its centred contribution to ``chance``; what residence is drawn from."""
    unseen: np.ndarray

    @property
    def chance(self) -> np.ndarray:
        """The sum of the observed contributions."""
        return np.sum(list(self.scores.values()), axis=0)

    def age(self, days: np.ndarray | int) -> np.ndarray:
        """Age in years with decimals on a day."""
        return (np.asarray(days) - self.birth) / 365.25

    def table(self, area: np.ndarray | list[str | None]) -> pl.DataFrame:
        """The persons as a data folder tells them, in the order of the arrays."""
        return pl.DataFrame(
            {
                "person": self.number,
                "birth_date": pl.Series(self.birth.astype(np.int32)).cast(pl.Date),
                **{name: self.values[name] for name in ("sex", "origin", "civil_status", "education")},
                "area": pl.Series(area, dtype=pl.String),
            }
        )


def invent_people(programme: Programme, profile: Profile, n: int, seed: int) -> People:
    """``n`` persons of 18 to 64 years at the first day, most of them 30 or more unless the programme is for others."""
    rng = stream(seed, "people")
    years = np.where(rng.random(n) < 0.88, rng.triangular(30, 38, 64, n), rng.uniform(18, 30, n))
    years = _of_the_right_age(programme, profile, years, stream(seed, "ages"))
    birth = day(profile.first_day) - np.floor(years * 365.25).astype(np.int64) - 1
    woman = rng.random(n) < 0.5
    values = {"sex": np.array(_sexes(programme))[np.where(woman, 0, 1)]}
    scores = {"sex": np.where(woman, -0.10, 0.10), "age": -0.022 * (years - years.mean())}
    for field in _CHARACTERISTICS:
        levels, weights, effects = _levels(programme, field)
        drawn = choose(rng, weights, n)
        values[field] = np.array(levels)[drawn]
        scores[field] = effects[drawn] - effects[drawn].mean()
    return People(
        number=person_numbers(birth, woman, rng),
        birth=birth,
        woman=woman,
        values=values,
        scores=scores,
        unseen=rng.normal(0.0, 0.4, n),
    )


def _of_the_right_age(
    programme: Programme, profile: Profile, years: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """``years`` with most of those outside every target group drawn anew, where few are inside by their age."""
    texts = [programme.groups[key].when for service in (profile.main_service, *profile.tracks)
             if (key := programme.services[service].group) in programme.groups]  # fmt: skip
    rules = [parse_rule(text, rule_fields(programme, "person")) for text in texts if text is not None]
    if not rules or any(rule.fields != {"age"} for rule in rules) or len(rules) < len(texts):
        return years
    for _ in range(_ROUNDS):
        table = pl.DataFrame({"age": np.floor(years)})
        inside = np.any([with_rule(table, "hit", rule)["hit"].to_numpy() for rule in rules], axis=0)
        if inside.mean() >= _FEWEST_INSIDE:
            break
        years = np.where(~inside & (rng.random(len(years)) < 0.6), rng.uniform(18, 64, len(years)), years)
    return years


def _levels(programme: Programme, field: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Values, shares and effects of a characteristic, from the definition's code list if it has one."""
    codes = programme.codes_for(f"person.{field}")
    if codes is None:
        table = _CHARACTERISTICS[field]
        return (
            [row[0] for row in table],
            np.array([row[1] for row in table]),
            np.array([row[2] for row in table]),
        )
    levels = list(codes.values)
    return levels, 0.7 ** np.arange(len(levels)), np.linspace(-0.3, 0.3, len(levels))


def _sexes(programme: Programme) -> tuple[str, ...]:
    codes = programme.codes_for("person.sex")
    return _SEXES if codes is None or len(codes.values) < 2 else tuple(codes.values)[:2]


def person_numbers(birth: np.ndarray, woman: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Numbers ``DDMMYY-XXXX`` with 20 added to the month; unique, last digit even for women.

    ``birth`` in day numbers (1937 to 1999), ``woman`` boolean. The running number of 0000 to 3999 belongs to
    the 1900s; it holds 2,000 persons of a sex on a day, so a generation has room for 80 million. Raises
    ValueError when one day has more.
    """
    n = len(birth)
    cell = birth * 2 + woman
    order = np.argsort(cell, kind="stable")
    sorted_cell = cell[order]
    starts = np.concatenate([[True], sorted_cell[1:] != sorted_cell[:-1]])
    rank = np.arange(n) - np.maximum.accumulate(np.where(starts, np.arange(n), 0))
    if n and rank.max() >= 2000:
        raise ValueError("more than 2,000 persons of one sex were born on one day; spread the births")
    offset = np.zeros(n, dtype=np.int64)
    offset[starts] = rng.integers(0, 2000, int(starts.sum()))
    offset = offset[np.maximum.accumulate(np.where(starts, np.arange(n), 0))]
    running = np.empty(n, dtype=np.int64)
    # 1237 shares no factor with 2000: every step lands on a number not yet used in the cell.
    running[order] = (offset + rank * 1237) % 2000 * 2 + np.where(woman[order], 0, 1)
    dates = birth.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    parts = {
        "d": (dates - months.astype("datetime64[D]")).astype(int) + 1,
        "m": months.astype(int) % 12 + 1 + IMPOSSIBLE_MONTH,
        "y": (months.astype(int) // 12 + 1970) % 100,
        "r": running,
    }
    text = pl.DataFrame(parts).select(
        pl.concat_str(
            *(pl.col(name).cast(pl.String).str.zfill(2) for name in "dmy"),
            pl.lit("-"),
            pl.col("r").cast(pl.String).str.zfill(4),
        )
    )
    return text.to_series().to_numpy()
