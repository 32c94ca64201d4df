"""The ids of facts that a list brings in: made of what a fact says, and free to be used."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings

from ..models import Fact

MADE = re.compile(r"^[a-z_]+-[0-9a-f]{20}$")
"""An id made of what a fact says."""


def digest(*said: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, "\x1f".join(said).encode(), sha256).hexdigest()


def keyed(made: str) -> str:
    """An id made of what a fact says, so that nobody can find the person number in it by trying all of them."""
    kind, _, rest = made.rpartition("-")
    return f"{kind}-{digest(kind, rest)[:20]}"


def taken_ids(programme: str, ids: Sequence[str]) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """For ids that are taken: the one a withdrawn fact comes under anew, whose number the live ones are of, and those
    given in the list that belong to a withdrawn fact."""
    free: dict[str, str] = {}
    there: dict[str, str] = {}
    taken: set[str] = set()
    asked = {one: one for one in ids if one is not None}
    number = 1
    while asked:
        number += 1
        rows = Fact.objects.filter(programme=programme, fact__in=list(asked)).order_by("version")
        last = {
            row[0]: row[1:]
            for row in rows.values_list(
                "fact", "replaced_at", "person__number", "person__merged_into__number"
            )
        }
        following: dict[str, str] = {}
        for fact, (replaced, person, into) in last.items():
            base = asked[fact]
            if replaced is None:
                there[fact] = into or person
                free[base] = fact
            elif MADE.match(base):
                following[f"{base}-{number}"] = base
            else:
                taken.add(fact)
        for fact, base in asked.items():
            if fact not in last and fact != base:
                free[base] = fact
        asked = following
    return free, there, taken
