"""What a renewal takes over from the agreement or placement it renews, and what it leaves to be said anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indsats.language import Lang
from indsats.programme import Programme
from indsats.record import payload_fields

from ..models import Fact
from ..words import say
from .forms_reading import shown_values

_TOLD = ("text", "number", "choice")
"""Fields of the programme's form that are taken over: what was agreed, in words, numbers and choices. Answers by yes or
no and days are about the moment they were given in, and are left empty."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """A fact that is being renewed, and what stands in the form at first."""

    of: Fact
    values: Mapping[str, Sequence[str]]
    hints: Mapping[str, str]

    def hint(self, name: str, said: Sequence[str]) -> str:
        """Where what stands in a field is from; empty once something else stands there."""
        there = list(self.values.get(name, ()))
        return self.hints.get(name, "") if there and list(said) == there else ""


def carried(of: Fact, programme: Programme, today: date, lang: Lang) -> Renewed:
    """What the form of a renewal starts with: what was agreed, from the day after the old end, for as long."""
    own = {one.name for one in payload_fields(of.kind)}
    own |= {name for name, one in programme.details(of.kind).items() if one.type in _TOLD}
    values = {name: said for name, said in shown_values(of, lang).items() if name in own}
    hints = dict.fromkeys(values, say("follow_up.renew.as_before", lang))
    goes_on = of.occurred_to is not None and of.occurred_to >= today
    first = of.occurred_to + timedelta(days=1) if of.occurred_to is not None and goes_on else today
    values["occurred_from"] = [first.isoformat()]
    hints["occurred_from"] = say("follow_up.renew.from" if goes_on else "follow_up.renew.today", lang)
    if of.occurred_to is not None:
        values["occurred_to"] = [(first + (of.occurred_to - of.occurred_from)).isoformat()]
        hints["occurred_to"] = say("follow_up.renew.to", lang)
    return Renewed(of, values, hints)
