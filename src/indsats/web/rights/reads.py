"""The log of reads: every person shown is noted, and every search."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

from .. import clock
from ..models import Access, Case, Person, Search
from .scope import Reader

LISTS = frozenset(
    {"assignment", "cases", "control", "day", "duplicates", "figure", "intake", "search", "visits"}
)
"""Pages that show many; with one row they are a list still."""

_DIGITS = re.compile(r"\d(?:[\W_]*\d){9,}|\d[\d -]{4,}\d")
"""Ten digits with whatever but letters between them, and fewer that stand together."""


def read(reader: Reader, what: str, cases: Iterable[Case]) -> None:
    """Note that the reader was shown these cases on the screen, list or export ``what``; one query however many."""
    at, cases = clock.now(), list(cases)
    broken = {(one.person_id, one.programme): one for one in reader.glasses}
    for case in cases if broken else ():
        if (case.person_id, case.programme) in broken:
            reader.shown(broken[case.person_id, case.programme])
    Access.objects.bulk_create(
        Access(
            at=at,
            user=reader.user,
            person_id=case.person_id,
            case=case.public,
            what=what,
            glass=broken.get((case.person_id, case.programme)),
            alone=len(cases) == 1 and what.partition(":")[0] not in LISTS,
        )
        for case in cases
    )


def read_persons(reader: Reader, what: str, persons: Iterable[Person]) -> None:
    """Note that the reader was shown these persons, where no case of theirs was."""
    at, persons = clock.now(), list(persons)
    Access.objects.bulk_create(
        Access(
            at=at,
            user=reader.user,
            person=one,
            what=what,
            alone=len(persons) == 1 and what.partition(":")[0] not in LISTS,
        )
        for one in persons
    )


def searched(reader: Reader, words: str, hits: int, shielded: int = 0) -> None:
    """Note a search; a person number in it is kept as a keyed digest. ``shielded``: hits that are protected persons."""
    said = without_numbers(words)[:120]
    Search.objects.create(at=clock.now(), user=reader.user, words=said, hits=hits, shielded=shielded)


def digest(number: str) -> str:
    """What stands for a number in the log: the same number gives the same, and nobody can read it back."""
    only = re.sub(r"\D", "", number)
    return "nr. " + hmac.new(settings.SECRET_KEY.encode(), only.encode(), sha256).hexdigest()[:12]


def without_numbers(words: str) -> str:
    """The words of a search with a digest in place of every number that may be a person's."""
    return _DIGITS.sub(lambda found: digest(found.group()), words)
