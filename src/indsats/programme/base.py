"""What every part of a definition is built of: identifiers, two-language texts, sources, durations, rules."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from indsats.language import Lang

_ID = re.compile(r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$")
Id = Annotated[str, StringConstraints(pattern=_ID.pattern)]
"""A name in a definition: lower-case ASCII letters, digits, underscores and inner hyphens."""

RuleText = Annotated[str, StringConstraints(min_length=1)]
"""A rule expression as written; parsed and checked against known fields when the definition is loaded."""


class Part(BaseModel):
    """Base of all parts: unknown keys are refused, values cannot be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Text(Part):
    """A text in Danish and English, whole in both."""

    da: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def in_(self, lang: Lang) -> str:
        """The text in one language."""
        return self.da if lang == "da" else self.en


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Source = Annotated[
    str, StringConstraints(pattern=r"^(decision|(\S+ )?L\d+(-L?\d+)?|https?://\S+|doi:\S+|published: .+)$")
]
"""Where an item comes from: ``L911`` or ``L911-923`` in the programme's document, ``other_document L12``,
``published: Author (year), place`` or ``decision`` where the document is silent and ``note`` says why."""

Sources = Annotated[
    list[Source],
    Field(min_length=1),
    BeforeValidator(_as_list, json_schema_input_type=Source | Annotated[list[Source], Field(min_length=1)]),
]


class Item(Part):
    """A part that has to say where it comes from."""

    source: Sources
    note: Text | None = None

    @model_validator(mode="after")
    def _a_decision_says_why(self) -> Item:
        if "decision" in self.source and self.note is None:
            raise ValueError("a decision needs a 'note' in da and en that says what was decided and why")
        return self


_DURATION = re.compile(r"^P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?$")


class Duration(Part):
    """A calendar duration, written ``P3M``, ``P26W``, ``P14D`` or ``P1Y`` (ISO 8601), or the id of a setting.

    A setting of the programme (``every: talk-interval``) is a length each site may change for itself; until
    it is resolved (``Programme.length``) ``months`` and ``days`` are zero.
    """

    months: int = 0
    days: int = 0
    setting: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if _ID.match(value):
            return {"setting": value}
        found = _DURATION.match(value)
        if found is None or value == "P":
            raise ValueError(
                f"'{value}' is not a duration; write for example P3M, P26W or P14D, or the id of a setting"
            )
        part = {key: int(text or 0) for key, text in found.groupdict().items()}
        return {"months": part["Y"] * 12 + part["M"], "days": part["W"] * 7 + part["D"]}

    def after(self, start: date) -> date:
        """The date this long after ``start``; months end at their last day (31 Jan + P1M = 28/29 Feb)."""
        index = start.year * 12 + start.month - 1 + self.months
        year, month0 = divmod(index, 12)
        following = date(year + (month0 == 11), (month0 + 1) % 12 + 1, 1)
        last = (following - timedelta(days=1)).day
        return date(year, month0 + 1, min(start.day, last)) + timedelta(days=self.days)

    @property
    def polars_offset(self) -> str:
        """The same duration for Polars' ``offset_by``."""
        return f"{self.months}mo{self.days}d"


class Period(Part):
    """Both days included, written ``2016-05-01/2016-09-30``."""

    first: date
    last: date

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        ends = value.split("/")
        if len(ends) != 2:
            raise ValueError(f"'{value}' is not a period; write it as 2016-05-01/2016-09-30")
        return {"first": ends[0].strip(), "last": ends[1].strip()}

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.last < self.first:
            raise ValueError(f"the period ends ({self.last}) before it begins ({self.first})")
        return self

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"


FieldType = Literal["number", "text", "bool", "date"]
"""The types a rule knows."""
