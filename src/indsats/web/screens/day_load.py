"""How many cases the reader has, weighted, beside the most they may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from indsats.language import Lang
from indsats.programme import Programme

from ..caseloads import WEIGHTS, ceiling_of, now_responsible
from ..models import Responsible
from ..rights import Reader
from ..words import say


@dataclass(frozen=True, slots=True)
class Mine:
    """The reader's cases in a role. ``state``: "missed" above the ceiling, "near" close to it, else ""."""

    title: str
    cases: int
    weighted: float
    ceiling: float | None
    state: str

    def words(self, lang: Lang) -> str:
        """How many they are, in words."""
        said = say("day.load.cases", lang, n=self.cases)
        if self.ceiling is None:
            if self.weighted == self.cases:
                return said
            return f"{said} · {say('day.load.weighted', lang, weighted=self.weighted)}"
        said += " · " + say("day.load.of", lang, weighted=self.weighted, ceiling=self.ceiling)
        return f"{said} · {say('day.load.over', lang)}" if self.state == "missed" else said


def loads_of(reader: Reader, programmes: Mapping[str, Programme], lang: Lang) -> list[Mine]:
    """The reader's own cases by programme and role, the largest first. One query, and one for each programme whose
    ceiling the sites choose."""
    held = Responsible.objects.filter(now_responsible(), worker=reader.name, case__state__in=WEIGHTS)
    rows = (
        held.order_by()
        .values_list("case__programme", "role", "case__state")
        .annotate(n=Count("case", distinct=True))
    )
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for programme, role, state, n in rows:
        if programme in programmes:
            counted.setdefault((programme, role), {})[state] = n
    found = [_mine(reader, programmes[name], role, by, lang) for (name, role), by in counted.items()]
    return sorted(found, key=lambda one: (-one.weighted, one.title))


def _mine(reader: Reader, of: Programme, role: str, by: Mapping[str, int], lang: Lang) -> Mine:
    weighted = sum(WEIGHTS[state] * n for state, n in by.items())
    members = [
        one for one in reader.memberships if one.programme == of.programme and one.function in (None, role)
    ]
    ceiling = ceiling_of(of, role, members)
    state = (
        ""
        if ceiling is None
        else "missed"
        if weighted > ceiling
        else "near"
        if weighted >= 0.9 * ceiling
        else ""
    )
    title = of.roles[role].title.in_(lang) if role in of.roles else role
    return Mine(title, sum(by.values()), weighted, ceiling, state)
