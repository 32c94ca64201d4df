"""Printed figures of measurement: what each is rebuilt from, as answers the product then scores and counts itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from indsats.programme import Id, Part


class ScoreEnd(Part):
    """The lowest or highest score that answers to a questionnaire can give; of the current edition when left out."""

    recipe: Literal["score_end"]
    programme: str
    questionnaire: Id
    score: Id
    edition: Id | None = None
    end: Literal["lowest", "highest"]


class BandOf(Part):
    """The band of a score a printed mean lies in."""

    recipe: Literal["band"]
    programme: str
    questionnaire: Id
    score: Id
    edition: Id | None = None
    value: float


class LevelPercent(Part):
    """The share at one level of an item, of ``of`` persons whose answers give every printed per cent at once.

    The counts are not printed, so they are sought: whole numbers that add up to ``of`` and round to ``percents``
    (per cent by level). There is no value when there are none. Half of a level's persons give its lowest answer.
    """

    recipe: Literal["level_percent"]
    programme: str
    questionnaire: Id
    item: Id
    of: int = Field(gt=0)
    percents: dict[Id, float] = Field(min_length=2)
    level: Id

    @model_validator(mode="after")
    def _of_a_printed_level(self) -> LevelPercent:
        if self.level not in self.percents:
            raise ValueError(f"'percents' has no '{self.level}'")
        return self


class Answering(Part):
    """So many sites (``count``), in each of which the respondents gave these ``answers`` to the item."""

    count: int = Field(gt=0)
    answers: list[int] = Field(min_length=1)


class OfSites(Part):
    """What sites' answers to an item amount to: the mean of the sites' means, or how many sites lie in ``bands``.

    A site's band is that of the mean of its respondents, by the bands of the score ``bands_of``.
    """

    recipe: Literal["sites"]
    programme: str
    questionnaire: Id
    item: Id
    sites: list[Answering] = Field(min_length=1)
    bands_of: Id | None = None
    bands: list[Id] = []

    @model_validator(mode="after")
    def _bands_of_a_score(self) -> OfSites:
        if bool(self.bands) != (self.bands_of is not None):
            raise ValueError("'bands' and 'bands_of' belong together")
        return self


class InClass(Part):
    """How many, or how many per cent, are in a class when so many persons (``counts``) answered as each class does.

    Persons with answer patterns of each class are put in a record and counted from it.
    """

    recipe: Literal["class"]
    programme: str
    questionnaire: Id
    year: int
    counts: dict[str, int] = Field(min_length=1)
    class_: str = Field(alias="class")
    part: Literal["count", "percent"]

    @model_validator(mode="after")
    def _of_a_counted_class(self) -> InClass:
        if self.class_ not in self.counts:
            raise ValueError(f"'counts' has no '{self.class_}'")
        return self


class Moved(Part):
    """How many, or how many per cent, of those measured on a side in January were at ``end`` when the year ended.

    ``ends`` is a row of the printed table: persons by where they ended, a side or one of the exits the programme's
    report names; ``others`` are the rest, every second of them gone for another reason and every second not measured
    again. They are put in a record as measurements and exits, and followed from it.
    """

    recipe: Literal["moved"]
    programme: str
    questionnaire: Id
    year: int
    start: Id
    ends: dict[Id, int] = Field(min_length=1)
    end: Id
    part: Literal["count", "percent"]

    @model_validator(mode="after")
    def _to_a_printed_end(self) -> Moved:
        if self.end not in self.ends:
            raise ValueError(f"'ends' has no '{self.end}'")
        return self


__all__ = ["Answering", "BandOf", "InClass", "LevelPercent", "Moved", "OfSites", "ScoreEnd"]
