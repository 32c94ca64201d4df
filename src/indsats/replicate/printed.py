"""What publications print, as data: the figure, its place, what it is made from and what is expected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from indsats.library import published_path
from indsats.problem import InputRefused, Problem
from indsats.programme import Text

Found = Literal["equal", "equal_within_rounding", "differs", "attainable"]
"""What a comparison can find; see ``compare``."""


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
    """The whole numbers out of ``of`` whose percentage is the printed one."""

    recipe: Literal["attainable"]
    of: int = Field(gt=0)


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
    part: Literal["estimate", "se", "n_treated", "n_untreated"]


Make = Annotated[
    Sum
    | Product
    | Restated
    | Share
    | MonthlyPercent
    | Reached
    | Proportions
    | Table
    | Attainable
    | Patterns
    | EffectPart,
    Field(discriminator="recipe"),
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Places = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]


class PrintedFigure(_Part):
    """A printed figure that can be recomputed. ``decimals`` are those printed (−2: rounded to hundreds)."""

    id: str
    what: Text
    line: Places
    printed: float | str
    decimals: int | None = None
    make: Make
    inputs: Places
    """Where the numbers in ``make`` are printed, or the tables they come from."""
    expect: Found = "equal"
    basis: Literal["printed", "derived"] = "printed"
    """``derived``: the document prints the rule, and the figure follows from it by counting."""
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
    """All figures of one document."""

    document: str
    programme: str
    figures: list[PrintedFigure]
    not_recomputable: list[PrintedOnly] = []

    @model_validator(mode="after")
    def _ids_once(self) -> Publication:
        ids = [entry.id for entry in [*self.figures, *self.not_recomputable]]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"ids given twice: {', '.join(twice)}")
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
