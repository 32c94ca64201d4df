"""What a report is composed from: a definition, its facts and registers, and what else was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from indsats.economy import GivenPrice
from indsats.programme import Period, Programme
from indsats.record import Facts, Record
from indsats.register import Register, Store
from indsats.steer import Frozen

from .plans import Plan
from .pricing import Pricing


@dataclass(frozen=True)
class Material:
    """What a report is composed from; ``facts`` and ``register`` are None for packaged data.

    ``hours`` are the monthly paid hours beside the register (``person``, ``month``, ``hours``). ``plans`` says of
    evaluations whether they were planned before outcomes were read. ``record`` is what ``facts`` are a view of, and
    ``last`` the report before, where its files are at hand. ``given`` are the user's own prices. ``about`` is the site
    or the person of a report about one. ``inputs`` are hashes of what was read, by name.
    """

    programme: Programme
    facts: Facts | None
    register: Register | Store | None
    period: Period | None
    hours: pl.DataFrame | None = None
    plans: Mapping[str, Plan] = field(default_factory=dict)
    record: Record | None = None
    last: Frozen | None = None
    given: Mapping[str, GivenPrice] = field(default_factory=dict)
    about: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pricing(self) -> Pricing:
        """What blocks about money are made from."""
        return Pricing(self.programme, self.facts, self.register, self.hours, self.given)
