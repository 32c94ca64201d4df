"""Definition parts that say what things cost, what an effect is worth to whom, and which futures are priced."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from .base import Duration, Id, Item, Part, Period, Text
from .flow import Happening, Happenings

Payer = Literal["municipality", "region", "state", "citizen", "others"]
"""Whose money it is; ``others`` are employers, funds, victims of crime and everybody else."""

PAYERS: tuple[Payer, ...] = ("municipality", "region", "state", "citizen", "others")
"""The payers, in the order they are shown."""

PUBLIC: tuple[Payer, ...] = ("municipality", "region", "state")
"""The payers whose sum is the public purse."""

Per = Literal["once", "year", "month", "week", "hour", "participant", "meeting", "placement", "course"]

Flow = Literal["cost", "benefit", "grant", "transfer", "earnings"]
"""What a price is the price of: resources spent; a gain; money given to the effort; income from a public benefit,
which the public pays and the citizen taxes; pay for work, which the citizen taxes."""


def _whole(shares: dict[Payer, float]) -> dict[Payer, float]:
    if any(share < 0 for share in shares.values()):
        raise ValueError("no payer's share can be negative")
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise ValueError(f"the payers' shares sum to {sum(shares.values()):g}; they must sum to 1")
    return shares


Shares = Annotated[dict[Payer, float], Field(min_length=1), AfterValidator(_whole)]
"""How much of an amount is each payer's; the shares sum to one."""


class Price(Item):
    """What something costs or is worth; ``amount`` is left out where the user has to give it.

    In ``unit`` (kroner unless said) per ``per``. ``low`` and ``high`` are the printed range, read as the smallest
    and largest it may be. ``paid_by`` says whose money it is, the municipality's when left out; ``ladder`` divides it
    between municipality and state by how long the citizen has been on benefit. With ``book`` the amount, and who
    pays, are those of that item of the price book.
    """

    title: Text
    flow: Flow
    amount: float | None = Field(default=None, ge=0)
    unit: Text = Text(da="kr.", en="DKK")
    per: Per
    payer: Id | None = None
    """The role that pays or receives."""
    paid_by: Shares | Literal["ladder"] | None = None
    price_year: int | None = Field(default=None, ge=1980, le=2100)
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)
    valid: Period | None = None
    book: Id | None = None
    """An item of the price book."""

    @model_validator(mode="after")
    def _one_amount(self) -> Price:
        if self.book is not None and self.amount is not None:
            raise ValueError("an amount is either given here or found in the price 'book', not both")
        return self


class CountDose(Part):
    """Facts counted; each is ``each`` units of the price, such as 1.5 hours a meeting."""

    how: Literal["count"]
    what: Happenings
    each: float = Field(default=1, gt=0)


class TimeDose(Part):
    """How long facts ran, or without ``what`` the enrolments, in the price's unit of time, times ``each``.

    A job broker with 40 cases, priced by the year, is ``each: 0.025``.
    """

    how: Literal["time"]
    what: list[Happening] = []
    each: float = Field(default=1, gt=0)


class HoursDose(Part):
    """Hours of facts that tell hours a week, while they ran, times ``each``."""

    how: Literal["hours"]
    what: Happenings
    each: float = Field(default=1, gt=0)


class ParticipantDose(Part):
    """People enrolled, times ``each``."""

    how: Literal["participants"]
    each: float = Field(default=1, gt=0)


class FixedDose(Part):
    """Not by people: rent, administration, training. ``each`` units once, or in every unit of time of the price.

    It is shared out by the time people were enrolled, among those of ``units``, or everybody.
    """

    how: Literal["fixed"]
    each: float = Field(default=1, gt=0)
    units: list[Id] = []


Dosed = Annotated[CountDose | TimeDose | HoursDose | ParticipantDose | FixedDose, Field(discriminator="how")]


class Usual(Item):
    """What a participant would have had without the effort, in units of the price."""

    quantity: float = Field(ge=0)


class Activity(Item):
    """Something the effort spends: how much was recorded of it, and its price."""

    title: Text
    price: Id
    phase: Literal["start_up", "running"] = "running"
    service: Id | None = None
    """Only enrolments in this service."""
    dose: Dosed
    usual: Usual | None = None


class Overhead(Item):
    """Management, rooms and the like, as a share of what the activities in ``of`` cost (all that are not fixed)."""

    title: Text
    share: float = Field(ge=0)
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)
    of: list[Id] = []


class EstimatedEffect(Part):
    """The effect on an outcome in year number ``year``, as an evaluation here estimates it.

    ``estimate`` is the method; the evaluation's main one when left out.
    """

    how: Literal["estimated"]
    year: int = Field(default=1, ge=1)
    evaluation: Id
    outcome: Id
    estimate: Id | None = None


class EnteredEffect(Item):
    """An effect per participant in year number ``year`` from elsewhere, with its 95 % interval where there is one."""

    how: Literal["entered"]
    year: int = Field(default=1, ge=1)
    value: float
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _inside(self) -> EnteredEffect:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has both 'low' and 'high'")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("'low', 'value' and 'high' must be in that order")
        return self


YearEffect = Annotated[EstimatedEffect | EnteredEffect, Field(discriminator="how")]


class Consequence(Item):
    """What the effect is worth: so much more or less of something in a year, and its price.

    ``counted_in`` is what the effect is counted in: weeks of a year; hours a week; years of people (0.1 is one in ten
    people for a year); or units that are no time, as the price has them. One of them is ``each`` of what the price is
    for: a week more in a job is minus one week of benefit, however long the benefit's own unit of time is. Years after
    the last one that was followed have its effect, as far as the scenario lets it last.
    """

    title: Text
    unit: Text
    """What the effect is counted in: "weeks in a job per participant"."""
    price: Id
    effects: list[YearEffect] = Field(min_length=1)
    counted_in: Literal["weeks", "hours_a_week", "years", "units"] = "weeks"
    each: float = 1
    worked: bool = False
    """Whether it is work: a scenario with fewer hours counts less of it."""
    moves_with: Id | None = None
    """The consequence whose chance error it shares; otherwise errors are taken as independent."""


class Scenario(Item):
    """A future that is priced: how much of the estimated effect is counted on, and for how long.

    ``effect: cautious`` takes the end of the interval that is worth least to the public purse, ``hopeful`` the other.
    The effect is whole for as long as it ``lasts``, all years when left out, and then goes evenly to nothing while it
    ``fades``.
    """

    title: Text
    about: Text
    effect: Literal["cautious", "expected", "hopeful"] = "expected"
    effect_share: float | None = Field(default=None, ge=0)
    lasts: Duration | None = None
    fades: Duration | None = None
    hours_share: float = Field(default=1, ge=0)
    """How much of the work it is counted to be."""
    cost_share: float = Field(default=1, ge=0)
    """How much of the cost is counted, such as 1.1 where costs tend to be told too low."""
    displaced: float = Field(default=0, ge=0, le=1)
    """The part of the effect by which others lose what participants gain; it counts for society only."""


class Ladder(Part):
    """The states of weekly registers that count on the reimbursement ladder, and those that lead off it."""

    benefit: Id
    self_support: Id


class Economy(Part):
    """The prices, activities, consequences and scenarios of a programme."""

    price_year: int | None = Field(default=None, ge=1980, le=2100)
    """The price level results are told in; the newest year of the prices when left out."""
    rules_year: int | None = Field(default=None, ge=1980, le=2100)
    """The year whose discount rate, net tax factor and tax distortion are used; the newest there are when left out."""
    horizon: int = Field(default=5, ge=1, le=50)
    """How many years are counted."""
    participants: int | None = Field(default=None, gt=0)
    """How many people it is about, where there are no facts to count them in."""
    weeks_on_benefit: float = Field(default=53, ge=0)
    """How long people have been on benefit when they begin, for the reimbursement ladder: over a year unless said."""
    ladder: Ladder | None = None
    """Where there are registers the ladder is counted in them week by week, instead of from ``weeks_on_benefit``."""
    main: Id | None = None
    """The consequence that break-even and cost per unit are told in; the first when left out."""
    prices: dict[Id, Price] = {}
    activities: dict[Id, Activity] = {}
    overheads: dict[Id, Overhead] = {}
    consequences: dict[Id, Consequence] = {}
    scenarios: dict[Id, Scenario] = {}

    @property
    def yardstick(self) -> str | None:
        """The consequence that results are told in, if there is any."""
        return self.main or next(iter(self.consequences), None)
