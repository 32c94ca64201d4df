"""What publications print, as data: the figure, its place, what it is made from and what is expected."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from indsats.library import published_path
from indsats.problem import InputRefused, Problem
from indsats.programme import Id, PackagedTable, Period, Sources, Text

from .designs import DESIGN_OF, Design, DesignPart
from .measured import BandOf, InClass, LevelPercent, Moved, OfSites, ScoreEnd
from .priced import Perspectives, Priced
from .steered import Case, Steered

Found = Literal["equal", "equal_within_rounding", "differs", "attainable"]
"""What ``compare`` can find."""

Basis = Literal["printed", "derived", "rebuilt"]
"""From other printed figures, from a printed rule by counting, or from answers or people made up so as to give the
figure: the last shows that the product counts them as the document did, and no more."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sum(_Part):
    """The parts added; a part to subtract is negative."""

    recipe: Literal["sum"]
    parts: list[float] = Field(min_length=1)


class Product(_Part):
    """The factors multiplied."""

    recipe: Literal["product"]
    factors: list[float] = Field(min_length=1)


class Restated(_Part):
    """The same figure printed elsewhere, often with more decimals."""

    recipe: Literal["restated"]
    value: float


class Mean(_Part):
    """The mean of the values, each counting as much as its weight; alike without weights."""

    recipe: Literal["mean"]
    values: list[float] = Field(min_length=1)
    weights: list[float] | None = None

    @model_validator(mode="after")
    def _a_weight_each(self) -> Mean:
        if self.weights is not None and len(self.weights) != len(self.values):
            raise ValueError("'weights' needs one number for each of 'values'")
        return self


class Change(_Part):
    """Change in per cent: 1 to 3 is 200, and a hazard ratio is read as the change from 1 to it."""

    recipe: Literal["change"]
    before: float
    after: float


class Share(_Part):
    """Numerator over denominator, each the sum of its numbers; ``percent`` times 100."""

    recipe: Literal["share", "percent"]
    numerator: list[float] = Field(min_length=1)
    denominator: list[float] = Field(min_length=1)


class MonthlyPercent(_Part):
    """Events per person and month in per cent."""

    recipe: Literal["monthly_percent"]
    count: float
    months: float
    persons: float


class Reached(_Part):
    """Whether a target is reached, ``met`` or ``not_met``; a document with two statuses knows no ``near``."""

    recipe: Literal["target"]
    value: float
    target: float
    better: Literal["higher", "lower"]


class Proportions(_Part):
    """The p of two proportions ``[count, of]``, or ``[per cent, of]`` with ``percent``, against a level."""

    recipe: Literal["proportions"]
    first: tuple[float, int]
    second: tuple[float, int]
    percent: bool = False
    claim: Literal["below", "above"]


class Table(_Part):
    """The p of a χ² test of a table of counts, against a level."""

    recipe: Literal["table"]
    rows: list[list[int]] = Field(min_length=2)
    claim: Literal["below", "above"]


class Attainable(_Part):
    """The whole number out of ``of`` whose percentage is the printed one.

    With ``highest`` the printed figure is a mean instead: of ``of`` whole answers from 1 to ``highest``, and
    the number is what they add up to.
    """

    recipe: Literal["attainable"]
    of: int = Field(gt=0)
    highest: int | None = Field(default=None, gt=1)


def _as_ratio(value: Any) -> Any:
    return {"numerator": [value]} if isinstance(value, int | float) else value


class Ratio(_Part):
    """A number to compare, written plainly or as the sum of its numerator over that of its denominator."""

    numerator: list[float] = Field(min_length=1)
    denominator: list[float] = Field(default=[1.0], min_length=1)


class Direction(_Part):
    """How the first number stands to the second: ``higher``, ``lower`` or ``same``."""

    recipe: Literal["direction"]
    first: Annotated[Ratio, BeforeValidator(_as_ratio)]
    second: Annotated[Ratio, BeforeValidator(_as_ratio)]


class Rank(_Part):
    """The place of a value among others, 1 for the first; equal values share the best place."""

    recipe: Literal["rank"]
    value: float
    others: list[float] = Field(min_length=1)
    first: Literal["highest", "lowest"]


class Beyond(_Part):
    """How many values lie above, or below, a limit; a value at the limit does not count.

    ``limit`` is one number for all, or a list with one for each value.
    """

    recipe: Literal["beyond"]
    values: list[float] = Field(min_length=1)
    limit: float | list[float]
    side: Literal["above", "below"]

    @model_validator(mode="after")
    def _a_limit_each(self) -> Beyond:
        if isinstance(self.limit, list) and len(self.limit) != len(self.values):
            raise ValueError("'limit' needs one number, or one for each of 'values'")
        return self


class Listed(_Part):
    """How many different things a document lists, where it also says how many they are."""

    recipe: Literal["listed"]
    items: list[str] = Field(min_length=1)


class Length(_Part):
    """How long a period is: the calendar months it touches, or its days over seven."""

    recipe: Literal["length"]
    period: Period
    unit: Literal["months", "weeks"]


class Significance(_Part):
    """What a printed p says at a level: ``significant`` or ``not_significant``."""

    recipe: Literal["significance"]
    p: float = Field(ge=0, le=1)
    level: float = Field(gt=0, lt=1)


Estimated = tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0, lt=1)]]
"""A printed hazard ratio and its two-sided p."""


class Pooled(_Part):
    """Several estimates of one hazard ratio made into one, or the p of that one.

    Each ``[ratio, p]`` gives its standard error on the log scale; its square, turned over, is the weight.
    """

    recipe: Literal["pooled"]
    estimates: list[Estimated] = Field(min_length=2)
    part: Literal["ratio", "p"]

    @model_validator(mode="after")
    def _an_error_each(self) -> Pooled:
        if any(ratio == 1 for ratio, _ in self.estimates):
            raise ValueError("a ratio of exactly 1 does not tell its standard error, whatever its p")
        return self


class Hazard(_Part):
    """Percentage points more that a hazard ratio brings, when ``share`` per cent have had the event without it.

    Under proportional hazards the share left is the share left without it, to the power of the ratio.
    """

    recipe: Literal["hazard"]
    share: float = Field(gt=0, lt=100)
    ratio: float = Field(gt=0)


class Visit(_Part):
    """One record of visitation; ``end`` is left out while it is open."""

    group: str
    start: date
    end: date | None = None


class Visited(_Part):
    """The one group a person's records of visitation become, or ``none``."""

    recipe: Literal["visitation"]
    programme: str
    records: list[Visit] = Field(min_length=1)


class Patterns(_Part):
    """How many of all possible answer patterns fall in a class of a questionnaire."""

    recipe: Literal["patterns"]
    programme: str
    questionnaire: str
    class_: Annotated[str, Field(alias="class")]


class EffectPart(_Part):
    """One number of an effect estimated on packaged data: a plain difference, or a named regression."""

    recipe: Literal["effect"]
    programme: str
    evaluation: str
    outcome: str
    regression: str | None = None
    part: Literal["estimate", "se", "n_treated", "n_control"]


Make = Annotated[
    Sum
    | Product
    | Restated
    | Mean
    | Change
    | Share
    | MonthlyPercent
    | Reached
    | Proportions
    | Table
    | Attainable
    | Direction
    | Rank
    | Beyond
    | Listed
    | Length
    | Significance
    | Pooled
    | Hazard
    | Visited
    | Patterns
    | EffectPart
    | ScoreEnd
    | BandOf
    | LevelPercent
    | OfSites
    | InClass
    | Moved
    | Steered
    | DesignPart
    | Priced
    | Perspectives,
    Field(discriminator="recipe"),
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Places = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]


class PrintedFigure(_Part):
    """A printed figure that can be recomputed. ``decimals`` are those printed (−2: rounded to hundreds).

    ``exact`` is for what was counted and not rounded: one more or less is then a difference.
    """

    id: str
    what: Text
    line: Places
    printed: float | str
    decimals: int | None = None
    exact: bool = False
    make: Make
    inputs: Places
    """Where the numbers in ``make`` are printed, or the tables they come from."""
    expect: Found = "equal"
    basis: Basis = "printed"
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> PrintedFigure:
        if self.expect != "equal" and self.reason is None:
            raise ValueError("a figure that does not come out equal needs a 'reason' in da and en")
        if isinstance(self.printed, float) and self.decimals is None:
            raise ValueError("a printed number needs 'decimals'")
        return self


class PrintedOnly(_Part):
    """A printed figure that cannot be recomputed, and why."""

    id: str
    what: Text
    line: Places
    printed: str
    reason: Text


class Publication(_Part):
    """All figures of one document.

    It belongs to a programme, whose documents tell of it, or has ``source``, ``tables`` and ``designs`` itself.
    """

    document: str
    programme: str | None = None
    source: Sources | None = None
    tables: dict[Id, PackagedTable] = {}
    designs: dict[Id, Annotated[Design, Field(discriminator="kind")]] = {}
    cases: dict[Id, Case] = {}
    figures: list[PrintedFigure]
    not_recomputable: list[PrintedOnly] = []

    @model_validator(mode="after")
    def _ids_once(self) -> Publication:
        ids = [entry.id for entry in [*self.figures, *self.not_recomputable]]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"ids given twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _says_where_it_is_from(self) -> Publication:
        if self.programme is None and self.source is None:
            raise ValueError("a publication of no programme needs a 'source'")
        return self

    @model_validator(mode="after")
    def _designs_are_there(self) -> Publication:
        for name, design in self.designs.items():
            if design.table not in self.tables:
                raise ValueError(f"the design '{name}' names no table there is: '{design.table}'")
        for figure in self.figures:
            make = figure.make
            if isinstance(make, DesignPart) and not isinstance(
                self.designs.get(make.of), DESIGN_OF[type(make)]
            ):
                raise ValueError(f"the figure '{figure.id}' is of no design there is: '{make.of}'")
            if isinstance(make, Steered) and make.of not in self.cases:
                raise ValueError(f"the figure '{figure.id}' is of no case there is: '{make.of}'")
        return self


def read_publication(key: str) -> Publication:
    """The printed figures kept under ``key``. Raises ``InputRefused`` with every fault of the file."""
    path = published_path(key)
    try:
        return Publication.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except YAMLError as error:
        raise InputRefused([Problem(f"the file is not YAML ({error})", "Correct it", str(path))]) from None
    except ValidationError as error:
        problems = [
            Problem(fault["msg"], "Correct the entry", str(path), field=" › ".join(map(str, fault["loc"])))
            for fault in error.errors()
        ]
        raise InputRefused(problems) from None
